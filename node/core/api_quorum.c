/* How many stewards an act takes, and what waits for them. */
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/proposal.h"

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

/* ---- what waits ---- */

static void pack_name_of(struct core *core, const uint8_t key[static 32], struct buf *out)
{
    struct id id;
    memcpy(id.bytes, key, sizeof(id.bytes));
    api_pack_name(core, &id, out);
}

static void pack_words(struct core *core, const struct charter_proposal *proposal,
                       struct buf *out)
{
    pack_str(out, "by");
    pack_array(out, proposal->words_len);
    for (uint32_t i = 0; i < proposal->words_len; i++)
        pack_name_of(core, proposal->words[i], out);
}

static void pack_proposal(struct core *core, const struct charter_proposal *proposal,
                          struct buf *out)
{
    static const uint8_t none[32] = {0};
    bool has_key = memcmp(proposal->key, none, sizeof(none)) != 0;
    pack_map(out, 8);
    pack_words(core, proposal, out);
    pack_str(out, "key"); /* none: of a quorum */
    pack_bin(out, proposal->key, has_key ? sizeof(proposal->key) : 0);
    pack_str(out, "kind");
    pack_str(out, proposal->kind);
    pack_str(out, "name");
    pack_str(out, proposal->name);
    pack_number(out, "need", proposal->need);
    pack_number(out, "number", proposal->number);
    pack_str(out, "op");
    pack_bin(out, proposal->op.bytes, ID_SIZE);
    pack_str(out, "proposed_by");
    pack_name_of(core, proposal->author, out);
}

static uint32_t stewards_of(const struct charter *charter)
{
    size_t len;
    uint32_t count = 0;
    const struct charter_person *persons = charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        count += !persons[i].is_revoked && (persons[i].roles & ROLE_STEWARD) != 0;
    return count;
}

enum status api_quorum_show(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct charter *own;
    struct charter_proposal proposal;
    struct buf list = {0};
    uint32_t at = 0, len = 0;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    for (; charter_next_proposal(own, &at, &proposal); len++)
        pack_proposal(core, &proposal, &list);
    pack_map(result, 3);
    pack_number(result, "quorum", charter_quorum(own));
    pack_number(result, "stewards", stewards_of(own));
    pack_str(result, "waiting");
    pack_array(result, len);
    buf_append(result, &list);
    status = buf_status(&list);
    buf_deinit(&list);
    return core_check(core, status);
}

/* ---- saying something ---- */

enum status api_write_proposal(struct core *core, struct caller *caller,
                               struct draft *draft, const struct id *about,
                               struct buf *result, struct err *err)
{
    struct id op;
    uint32_t lacks = 0;
    enum status status = author_write(core, draft, caller->signer.pair, &op, err);
    draft_deinit(draft);
    if (status == STATUS_OK)
        status = proposal_lacks(core, about == NULL ? &op : about, &lacks);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_number(result, "lacks", lacks);
    pack_str(result, "op");
    pack_bin(result, op.bytes, ID_SIZE);
    return STATUS_OK;
}

enum status api_quorum_set(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct charter *own;
    struct draft draft;
    uint64_t number = args_number(args, "number", 0);
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    if (number == 0 || number > QUORUM_MAX)
        return err_set(err, STATUS_INVALID, "the number of stewards is 1 to %d",
                       QUORUM_MAX);
    if (number > stewards_of(own))
        return err_set(err, STATUS_INVALID,
                       "this site has fewer stewards than that; add one first");
    if (number == charter_quorum(own))
        return err_set(err, STATUS_EXISTS, "it takes so many stewards already");
    draft_init(&draft, "quorum", &core->site);
    draft_uint(&draft, "number", number);
    return api_write_proposal(core, caller, &draft, NULL, result, err);
}

static enum status say(struct core *core, struct caller *caller, const struct args *args,
                       const char *kind, struct buf *result, struct err *err)
{
    struct bytes digits;
    struct charter_proposal proposal;
    struct draft draft;
    enum status status = args_text(args, "op", 80, &digits, err);
    if (status == STATUS_OK)
        status = proposal_find(core, digits, &proposal, err);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = 0; kind[0] == 'a' && i < proposal.words_len; i++)
        if (memcmp(proposal.words[i], caller->signer.key, KEY_SIZE) == 0)
            return err_set(err, STATUS_EXISTS,
                           "you stand by it already; it waits for other stewards");
    draft_init(&draft, kind, &core->site);
    draft_bin(&draft, "op", proposal.op.bytes, ID_SIZE);
    return api_write_proposal(core, caller, &draft, &proposal.op, result, err);
}

enum status api_quorum_approve(struct core *core, struct caller *caller,
                               const struct args *args, struct buf *result,
                               struct err *err)
{
    return say(core, caller, args, "approve", result, err);
}

enum status api_quorum_withdraw(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    return say(core, caller, args, "withdraw", result, err);
}
