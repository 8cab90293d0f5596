/* What is kept of a party beside the alias: sealed to the stewards, opened by one of them
 * with his PIN, each time anew. */
#include <string.h>

#include "crypto/envelope.h"
#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/cases/identity.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/people.h"
#include "node/core/shown.h"

#define NUMBER_MAX 64 /* more than is right, so that the check can say what is wrong */
#define ANSWER_ROOM 256

/* --- keeping --- */

struct party_search {
    struct bytes party;
    bool is_found;
};

static bool match_party(void *context, struct bytes element)
{
    struct party_search *search = context;
    struct pack_reader reader = pack_reader_of(element);
    struct bytes alias, role;
    if (!schema_next_party(&reader, &alias, &role)) /* never: the fold wrote it */
        return false;
    search->is_found = bytes_equal(alias, search->party);
    return !search->is_found;
}

static enum status check_party(struct core *core, const struct id *scope,
                               struct bytes party, struct err *err)
{
    struct buf view = {0};
    struct party_search search = {.party = party};
    enum status status = api_view(core, scope, &view);
    if (status != STATUS_OK)
        return status;
    bool is_minor = view_is_minor(buf_bytes(&view));
    view_map_each(buf_bytes(&view), "parties", match_party, &search);
    buf_deinit(&view);
    if (is_minor)
        return err_set(err, STATUS_DENIED,
                       "it is about a minor: no identity is kept of anybody in it");
    if (!search.is_found)
        return err_set(err, STATUS_NOT_FOUND,
                       "the case has no party of that alias; see: fengqiao case show");
    return STATUS_OK;
}

/* The reading key of each steward of now, as many as an envelope takes. */
static enum status list_recipients(struct core *core, uint8_t (*keys)[KEY_SIZE],
                                   size_t *len, struct err *err)
{
    struct charter *charter;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    size_t persons_len;
    const struct charter_person *persons = charter_persons(charter, &persons_len);
    *len = 0;
    for (size_t i = 0; i < persons_len && *len < ENVELOPE_RECIPIENTS_MAX; i++) {
        if (!(persons[i].roles & ROLE_STEWARD) || persons[i].is_revoked)
            continue;
        if (!key_dh_of_sign_key(keys[*len], persons[i].key)) /* never: it is sound */
            continue;
        ++*len;
    }
    if (*len == 0)
        return err_set(err, STATUS_DENIED, "this site has no steward who could read it");
    return STATUS_OK;
}

static enum status add_sealed(struct core *core, struct draft *draft,
                              const struct identity *identity, struct err *err)
{
    uint8_t keys[ENVELOPE_RECIPIENTS_MAX][KEY_SIZE], sealed[ENVELOPE_MAX], padding;
    char text[IDENTITY_TEXT_MAX];
    size_t keys_len;
    enum status status = list_recipients(core, keys, &keys_len, err);
    if (status != STATUS_OK)
        return status;
    rng_fill(&core->rng, "identity", draft->scope->bytes, &padding, 1);
    size_t text_len = identity_write(text, identity, padding);
    bool is_sealed = envelope_seal(sealed, (const uint8_t(*)[KEY_SIZE])keys, keys_len,
                                   text, text_len, &core->rng, draft->scope->bytes);
    secret_wipe(text, sizeof(text));
    if (!is_sealed) /* never: a sound key is of no small order */
        return err_set(err, STATUS_DENIED, "nothing can be sealed to that steward's key");
    draft_bin(draft, "sealed", sealed, ENVELOPE_SIZE(keys_len, text_len));
    return STATUS_OK;
}

enum status api_case_identity(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct id scope;
    struct bytes party;
    struct identity identity;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "party", sizeof(caller->party) - 1, &party, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "id_number", NUMBER_MAX, &identity.number, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "phone", NUMBER_MAX, &identity.phone, err);
    if (status == STATUS_OK)
        status = check_party(core, &scope, party, err);
    if (status == STATUS_OK)
        status = identity_check(&identity, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "identity", &scope);
    draft_text(&draft, "party", party);
    status = add_sealed(core, &draft, &identity, err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return status;
}

/* --- showing --- */

/* The latest that is kept of a party. */
struct kept_search {
    struct bytes party;
    bool is_found;
    struct id op;
};

static bool match_kept(void *context, struct bytes element)
{
    struct kept_search *search = context;
    struct bytes party = {0};
    (void)view_map_text(element, "party", &party); /* it goes with what is sealed */
    if (bytes_equal(party, search->party))
        search->is_found = view_map_id(element, "op", &search->op);
    return true;
}

static enum status find_kept(struct core *core, const struct id *scope,
                             struct bytes party, struct id *op, struct err *err)
{
    struct buf view = {0};
    struct kept_search search = {.party = party};
    enum status status = api_view(core, scope, &view);
    if (status != STATUS_OK)
        return status;
    view_map_each(buf_bytes(&view), "identities", match_kept, &search);
    buf_deinit(&view);
    *op = search.op;
    return search.is_found
               ? STATUS_OK
               : err_set(err, STATUS_NOT_FOUND,
                         "no identity of that party is kept here, or not any more");
}

enum status api_case_identity_show(struct core *core, struct caller *caller,
                                   const struct args *args, struct buf *result,
                                   struct err *err)
{
    struct id scope, op;
    struct bytes party, who, pin;
    const struct charter_person *person;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "party", sizeof(caller->party) - 1, &party, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "person", 120, &who, err);
    if (status == STATUS_OK)
        status = args_text(args, "pin", WRAP_PIN_MAX, &pin, err);
    if (status == STATUS_OK)
        status = people_find_own(core, caller, who, &person, err);
    if (status == STATUS_OK && !(person->roles & ROLE_STEWARD))
        status = err_set(err, STATUS_DENIED, "only a steward reads what is sealed");
    if (status == STATUS_OK)
        status = find_kept(core, &scope, party, &op, err);
    if (status != STATUS_OK)
        return status;
    caller->shown_in = scope;
    memcpy(caller->party, party.data, party.len);
    caller->party[party.len] = '\0';
    return people_unwrap(core, caller, person->key, pin, CALLER_SHOWING, err);
}

struct opening {
    const uint8_t *secret;
    uint8_t text[ENVELOPE_TEXT_MAX];
    size_t text_len;
    bool is_open;
};

static enum status open_kept(void *context, const struct store_op *row)
{
    struct opening *opening = context;
    struct op op;
    struct bytes sealed;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    const struct op_field *field = op_field(&op, "sealed");
    if (field == NULL || !field->is_shown) /* never: the view tells of no such one */
        return STATUS_OK;
    struct pack_reader reader = pack_reader_of(field->value);
    if (pack_read_bin(&reader, &sealed, NULL) != STATUS_OK) /* never: it fitted */
        return STATUS_OK;
    opening->is_open = envelope_open(opening->text, &opening->text_len, sealed.data,
                                     sealed.len, opening->secret);
    return STATUS_OK;
}

static void pack_identity(struct buf *result, const struct opening *opening)
{
    struct identity identity;
    identity_read(&identity, bytes_of(opening->text, opening->text_len));
    (void)buf_reserve(result, ANSWER_ROOM); /* growing would leave a copy behind */
    pack_map(result, 2);
    pack_str(result, "id_number");
    pack_str_bytes(result, identity.number);
    pack_str(result, "phone");
    pack_str_bytes(result, identity.phone);
}

static enum status note_shown(struct core *core, struct caller *caller,
                              const uint8_t *seed, struct err *err)
{
    struct draft draft;
    struct sign_pair pair;
    draft_init(&draft, "identity-shown", &caller->shown_in);
    draft_text(&draft, "party", bytes_str(caller->party));
    sign_pair_init(&pair, seed);
    enum status status = author_write(core, &draft, &pair, NULL, err);
    secret_wipe(&pair, sizeof(pair));
    draft_deinit(&draft);
    return status;
}

enum status shown_unwrapped(struct core *core, struct caller *caller, struct job *job,
                            struct buf *result, struct err *err)
{
    struct id op;
    uint8_t secret[KEY_SIZE];
    enum status status = people_wrap_status(job->result, err);
    if (status == STATUS_OK)
        status = find_kept(core, &caller->shown_in, bytes_str(caller->party), &op, err);
    if (status != STATUS_OK)
        return status;
    key_dh_of_sign_seed(secret, job->seed);
    struct opening opening = {.secret = secret};
    status = core_check(core, store_op_get(core->store, &op, open_kept, &opening));
    if (status == STATUS_OK && !opening.is_open)
        status = err_set(err, STATUS_DENIED,
                         "it was sealed before this steward was one, or not by this "
                         "node; an earlier steward may be able to read it");
    if (status == STATUS_OK)
        status = note_shown(core, caller, job->seed, err);
    if (status == STATUS_OK)
        pack_identity(result, &opening);
    secret_wipe(&opening, sizeof(opening));
    secret_wipe(secret, sizeof(secret));
    return status;
}
