/* How a case goes up: preview, request, release. What leaves is decided once, in
 * node/cases/escalation, and what is previewed is what is signed. */
#include <assert.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/cases/escalation.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/refold.h"
#include "node/core/released.h"

#define FIELDS_MAX 16
#define REASON_MAX 6000

/* What is asked for, from the arguments or, where these are silent, from the request that
 * stands in the case. */
struct wanted {
    struct id scope;
    struct buf view;
    struct bytes fields[FIELDS_MAX];
    size_t fields_len;
    struct bytes reason, onward, no_parties, danger;
    struct released released;
};

static void deinit_wanted(struct wanted *wanted)
{
    buf_deinit(&wanted->view);
    released_deinit(&wanted->released);
}

static bool request_field(void *context, struct bytes element)
{
    struct wanted *wanted = context;
    struct pack_reader reader = pack_reader_of(element);
    struct bytes *field = &wanted->fields[wanted->fields_len];
    if (pack_read_str(&reader, field, NULL) != STATUS_OK) /* never: schema.c, texts */
        return false;
    return ++wanted->fields_len < FIELDS_MAX;
}

static enum status read_files(struct core *core, const struct args *args,
                              struct wanted *wanted, struct err *err)
{
    struct bytes texts[RELEASED_FILES_MAX];
    size_t len;
    enum status status = api_texts(args, "files", texts, RELEASED_FILES_MAX, &len, err);
    for (size_t i = 0; status == STATUS_OK && i < len; i++)
        status = released_add(core, &wanted->scope, texts[i], &wanted->released, err);
    return status;
}

struct request_files {
    struct core *core;
    struct wanted *wanted;
    struct err *err;
    enum status status;
};

static bool request_file(void *context, struct bytes element)
{
    struct request_files *files = context;
    struct id op;
    if (!view_id(element, &op)) /* never: schema.c, ids */
        return false;
    files->status = released_add_op(files->core, &files->wanted->scope, &op,
                                    &files->wanted->released, files->err);
    return files->status == STATUS_OK;
}

/* What was said beside it stands: nobody who chooses less sends more. Who chooses fields
 * chooses the files with them. */
static enum status add_requested(struct core *core, struct wanted *wanted,
                                 struct err *err)
{
    struct bytes request = {0}, reason;
    struct request_files files = {.core = core, .wanted = wanted, .err = err};
    (void)view_map_get(buf_bytes(&wanted->view), "request", &request); /* nil: nobody */
    if (!view_map_text(request, "reason", &reason))
        return err_set(err, STATUS_INVALID,
                       "say which fields leave and why (nobody has requested it yet)");
    if (wanted->reason.len == 0)
        wanted->reason = reason;
    if (wanted->onward.len == 0)
        (void)view_map_text(request, "onward", &wanted->onward); /* there it always is */
    if (wanted->no_parties.len == 0)
        (void)view_map_text(request, "no-parties", &wanted->no_parties); /* or nobody's */
    if (wanted->fields_len > 0)
        return STATUS_OK;
    view_map_each(request, "fields", request_field, wanted);
    view_map_each(request, "files", request_file, &files);
    return files.status;
}

static enum status read_wanted(struct core *core, const struct args *args,
                               struct wanted *wanted, struct err *err)
{
    *wanted = (struct wanted){0};
    enum status status = api_find_case(core, args, &wanted->scope, err);
    /* Ops of this turn are not folded yet. */
    if (status == STATUS_OK)
        status = core_check(core, refold_scope(core, &wanted->scope));
    if (status == STATUS_OK)
        status = api_view(core, &wanted->scope, &wanted->view);
    if (status == STATUS_OK)
        status = api_texts(args, "fields", wanted->fields, FIELDS_MAX,
                           &wanted->fields_len, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "reason", REASON_MAX, &wanted->reason, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "onward", 8, &wanted->onward, err);
    if (status == STATUS_OK)
        status =
            args_text_optional(args, "no_parties", REASON_MAX, &wanted->no_parties, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "danger", REASON_MAX, &wanted->danger, err);
    if (status == STATUS_OK)
        status = read_files(core, args, wanted, err);
    if (status != STATUS_OK)
        return status;
    if (wanted->reason.len == 0)
        wanted->reason = wanted->danger; /* reason enough */
    if (wanted->fields_len > 0 && wanted->reason.len > 0)
        return STATUS_OK;
    if (wanted->released.len > 0)
        return err_set(err, STATUS_INVALID,
                       "whoever names files names the fields and the reason too");
    return add_requested(core, wanted, err);
}

static enum status plan(struct core *core, const struct wanted *wanted,
                        struct escalation_plan *out, struct id *parent, struct err *err)
{
    struct charter *charter = charters_of_site(core, &core->site);
    if (charter == NULL) /* never: the case was folded with it */
        return core_check(core, STATUS_CORRUPT);
    const struct id *up = charter_parent(charter);
    if (up == NULL)
        return err_set(err, STATUS_INVALID,
                       "this site has no parent yet; run: fengqiao peer join CODE --at "
                       "HOST:PORT");
    *parent = *up;
    struct escalation_file files[RELEASED_FILES_MAX];
    released_ask(&wanted->released, files);
    struct escalation_ask ask = {
        .view = buf_bytes(&wanted->view),
        .fields = wanted->fields,
        .fields_len = wanted->fields_len,
        .files = files,
        .files_len = wanted->released.len,
        .reason = wanted->reason,
        .no_parties = wanted->no_parties,
        .danger = wanted->danger,
        .onward = wanted->onward,
        .site = *up,
    };
    enum status status = released_check_room(core, &wanted->released, err);
    return status == STATUS_OK ? escalation_plan(&ask, out, err) : status;
}

static bool is_record(const char *name)
{
    return strncmp(name, "case.", 5) == 0;
}

static void pack_record(struct buf *out, const struct escalation_plan *planned)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < planned->fields_len; i++)
        count += is_record(planned->fields[i].name);
    pack_map(out, count);
    for (uint32_t i = 0; i < planned->fields_len; i++) {
        const struct escalation_field *field = &planned->fields[i];
        if (!is_record(field->name))
            continue;
        pack_str(out, field->name + 5);
        buf_add(out, field->value.data, field->value.len);
    }
}

/* What the plan does not hold, since it is drawn at the release. */
static const struct {
    const char *name, *text;
} drawn[] = {
    {"files", "a digest of 32 bytes of each of the files, sealed under a key of its own"},
    {"origin", "a sealed reference of 32 bytes, which only this site can open"},
};
#define DRAWN_LEN (sizeof(drawn) / sizeof(drawn[0]))

static void pack_extra(struct buf *out, const struct escalation_plan *planned,
                       bool has_files)
{
    size_t next = has_files ? 0 : 1;
    uint32_t count = (uint32_t)(DRAWN_LEN - next);
    for (uint32_t i = 0; i < planned->fields_len; i++)
        count += !is_record(planned->fields[i].name);
    pack_map(out, count);
    for (uint32_t i = 0; i < planned->fields_len; i++) {
        const struct escalation_field *field = &planned->fields[i];
        if (is_record(field->name))
            continue;
        for (; next < DRAWN_LEN && strcmp(field->name, drawn[next].name) > 0; next++) {
            pack_str(out, drawn[next].name);
            pack_str(out, drawn[next].text);
        }
        pack_str(out, field->name);
        buf_add(out, field->value.data, field->value.len);
    }
    assert(next == DRAWN_LEN); /* "reason" comes behind them */
}

static void pack_files(struct buf *out, const struct released *released)
{
    pack_array(out, released->len);
    for (uint32_t i = 0; i < released->len; i++) {
        pack_map(out, 3);
        pack_str(out, "name");
        pack_str_bytes(out, released->files[i].name);
        pack_str(out, "size");
        pack_uint(out, released->files[i].size);
        pack_str(out, "type");
        pack_str_bytes(out, released->files[i].type);
    }
}

enum status api_escalate_preview(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    struct wanted wanted;
    struct escalation_plan planned = {0};
    struct id parent;
    enum status status = read_wanted(core, args, &wanted, err);
    if (status == STATUS_OK)
        status = plan(core, &wanted, &planned, &parent, err);
    if (status == STATUS_OK) {
        struct charter *charter = charters_of_site(core, &parent);
        pack_map(result, 5);
        pack_str(result, "extra");
        pack_extra(result, &planned, wanted.released.len > 0);
        pack_str(result, "fields");
        pack_record(result, &planned);
        pack_str(result, "files");
        pack_files(result, &wanted.released);
        pack_str(result, "to");
        pack_bin(result, parent.bytes, ID_SIZE);
        pack_str(result, "to_name");
        pack_str(result, charter == NULL ? "" : charter_name(charter));
        escalation_plan_deinit(&planned);
    }
    deinit_wanted(&wanted);
    return status;
}

static void draft_files(struct draft *draft, const struct released *released)
{
    struct id ops[RELEASED_FILES_MAX];
    if (released->len == 0)
        return;
    for (uint32_t i = 0; i < released->len; i++) {
        uint32_t at = i; /* ascending, and each is another one */
        for (; at > 0 && id_compare(&ops[at - 1], &released->files[i].op) > 0; at--)
            ops[at] = ops[at - 1];
        ops[at] = released->files[i].op;
    }
    draft_ids(draft, "files", ops, released->len);
}

enum status api_escalate_request(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    struct wanted wanted;
    struct escalation_plan planned = {0};
    struct id parent;
    enum status status = read_wanted(core, args, &wanted, err);
    /* A request that could not be released is refused now, not in the steward's hands. */
    if (status == STATUS_OK)
        status = plan(core, &wanted, &planned, &parent, err);
    if (status == STATUS_OK) {
        struct draft draft;
        struct buf fields = {0};
        pack_array(&fields, (uint32_t)wanted.fields_len);
        for (size_t i = 0; i < wanted.fields_len; i++)
            pack_str_bytes(&fields, wanted.fields[i]);
        draft_init(&draft, "request", &wanted.scope);
        draft_raw(&draft, "fields", buf_bytes(&fields));
        draft.memory.failed = draft.memory.failed || fields.failed;
        draft_files(&draft, &wanted.released);
        draft_text_optional(&draft, "no-parties", wanted.no_parties);
        draft_text(&draft, "onward",
                   wanted.onward.len > 0 ? wanted.onward : bytes_str("ask"));
        draft_text(&draft, "reason", wanted.reason);
        buf_deinit(&fields);
        escalation_plan_deinit(&planned);
        status = api_write(core, caller, &draft, result, err);
    }
    deinit_wanted(&wanted);
    return status;
}

static enum status collect_head(void *context, const struct id *id)
{
    struct id_list *heads = context;
    id_list_push(heads, id);
    return heads->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* The case's own private record of what left: which escalation, and the salt that opens
 * its origin. */
static enum status write_sent(struct core *core, struct caller *caller,
                              const struct wanted *wanted, const struct id *escalation,
                              const uint8_t *salt, struct err *err)
{
    struct draft draft;
    draft_init(&draft, "sent", &wanted->scope);
    draft_text_optional(&draft, "danger", wanted->danger);
    draft_bin(&draft, "escalation", escalation->bytes, ID_SIZE);
    draft_bin(&draft, "salt", salt, 32);
    enum status status = author_write(core, &draft, caller->signer.pair, NULL, err);
    draft_deinit(&draft);
    return status;
}

static enum status write_escalation(struct core *core, struct caller *caller,
                                    struct wanted *wanted,
                                    const struct escalation_plan *planned,
                                    struct id *escalation, struct err *err)
{
    uint8_t salt[32];
    struct id origin;
    struct id_list heads = {0};
    struct draft draft;
    enum status status =
        store_scope_heads(core->store, &wanted->scope, collect_head, &heads);
    rng_fill(&core->rng, "origin", wanted->scope.bytes, salt, sizeof(salt));
    escalation_origin(&origin, salt, &wanted->scope, heads.ids, heads.len);
    id_list_deinit(&heads);
    draft_init(&draft, "escalate", NULL);
    for (uint32_t i = 0; i < planned->fields_len; i++)
        draft_raw(&draft, planned->fields[i].name, planned->fields[i].value);
    draft_bin(&draft, "origin", origin.bytes, ID_SIZE);
    if (core_check(core, status) == STATUS_OK)
        status = released_seal(core, &wanted->scope, &wanted->released, &draft, err);
    if (status == STATUS_OK)
        status = author_write(core, &draft, caller->signer.pair, escalation, err);
    draft_deinit(&draft);
    if (status == STATUS_OK)
        status = released_write(core, &wanted->scope, escalation, &wanted->released,
                                caller->signer.pair, err);
    if (status == STATUS_OK)
        status = write_sent(core, caller, wanted, escalation, salt, err);
    secret_wipe(salt, sizeof(salt));
    return status;
}

enum status api_escalate_release(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    struct charter *charter = charters_of_site(core, &core->site);
    struct bytes danger;
    if (charter == NULL || /* never: the site is founded */
        (!(charter_roles_now(charter, caller->signer.key) & ROLE_STEWARD) &&
         !args_raw(args, "danger", &danger)))
        return err_set(err, STATUS_DENIED,
                       "a steward releases; a mediator asks with: fengqiao escalate ... "
                       "--request; in danger to life she sends it herself, with --danger "
                       "and the reason");
    struct wanted wanted;
    struct escalation_plan planned = {0};
    struct id parent, escalation;
    enum status status = read_wanted(core, args, &wanted, err);
    if (status == STATUS_OK)
        status = plan(core, &wanted, &planned, &parent, err);
    if (status == STATUS_OK) {
        status = write_escalation(core, caller, &wanted, &planned, &escalation, err);
        escalation_plan_deinit(&planned);
    }
    deinit_wanted(&wanted);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "escalation");
    pack_bin(result, escalation.bytes, ID_SIZE);
    pack_str(result, "op");
    pack_bin(result, escalation.bytes, ID_SIZE);
    return STATUS_OK;
}
