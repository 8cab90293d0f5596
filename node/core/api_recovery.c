/* The recovery key: which one is in force, naming another one, and signing with it. */
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/proposal.h"

enum status api_recovery_show(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct charter *own;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "key");
    pack_bin(result, charter_recovery_key(own), KEY_SIZE);
    pack_str(result, "overruled");
    pack_uint(result, charter_overruled(own));
    return STATUS_OK;
}

enum status api_recovery_name(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct bytes text;
    struct draft draft;
    uint8_t key[KEY_SIZE];
    char copy[KEY_TEXT_SIZE] = "";
    enum status status = args_text(args, "key", KEY_TEXT_SIZE - 1, &text, err);
    if (status != STATUS_OK)
        return status;
    memcpy(copy, text.data, text.len);
    if (!key_from_text(key, "fqk1", copy))
        return err_set(err, STATUS_INVALID,
                       "a new recovery key is named by the line that begins with fqk1, "
                       "as fengqiaod new-sheet shows it; the other one stays on paper");
    draft_init(&draft, "recovery", &core->site);
    draft_bin(&draft, "key", key, sizeof(key));
    return api_write_proposal(core, caller, &draft, NULL, result, err);
}

/* From now on the caller signs with the recovery key. The paper is not read to a phone:
 * what comes over the network may have been heard. */
enum status api_recovery_unlock(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    struct charter *own;
    struct bytes raw, seed;
    if (caller->is_far)
        return err_set(err, STATUS_DENIED,
                       "the recovery key is used on the node itself, nowhere else");
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    (void)args_raw(args, "seed", &raw); /* args_check saw to it */
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &seed, NULL) != STATUS_OK || seed.len != KEY_SEED_SIZE)
        return err_set(err, STATUS_INVALID, "a recovery key has %d bytes", KEY_SEED_SIZE);
    signer_wipe(&caller->signer);
    struct sign_pair *pair = secret_new(sizeof(*pair));
    if (pair == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    sign_pair_init(pair, seed.data);
    if (memcmp(sign_pair_key(pair), charter_recovery_key(own), KEY_SIZE) != 0) {
        secret_wipe(pair, sizeof(*pair));
        secret_free(pair);
        return err_set(err, STATUS_DENIED,
                       "this is not the recovery key of this site, or it was replaced; "
                       "take the newest sheet");
    }
    caller->signer.pair = pair;
    memcpy(caller->signer.key, sign_pair_key(pair), KEY_SIZE);
    pack_map(result, 1);
    pack_str(result, "key");
    pack_bin(result, caller->signer.key, KEY_SIZE);
    return STATUS_OK;
}
