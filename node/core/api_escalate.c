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
};

static bool request_field(void *context, struct bytes element)
{
    struct wanted *wanted = context;
    struct pack_reader reader = pack_reader_of(element);
    struct bytes *field = &wanted->fields[wanted->fields_len];
    if (pack_read_str(&reader, field, NULL) != STATUS_OK) /* never: schema.c, texts */
        return false;
    return ++wanted->fields_len < FIELDS_MAX;
}

static enum status read_wanted(struct core *core, const struct args *args,
                               struct wanted *wanted, struct err *err)
{
    struct bytes request = {0};
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
    if (status != STATUS_OK)
        return status;
    if (wanted->reason.len == 0)
        wanted->reason = wanted->danger; /* reason enough */
    if (wanted->fields_len > 0 && wanted->reason.len > 0)
        return STATUS_OK;
    (void)view_map_get(buf_bytes(&wanted->view), "request", &request); /* nil: nobody */
    if (!view_map_text(request, "reason", &wanted->reason))
        return err_set(err, STATUS_INVALID,
                       "say which fields leave and why (nobody has requested it yet)");
    wanted->fields_len = 0;
    view_map_each(request, "fields", request_field, wanted);
    (void)view_map_text(request, "onward", &wanted->onward);         /* stays as it was */
    (void)view_map_text(request, "no-parties", &wanted->no_parties); /* the same */
    return STATUS_OK;
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
    struct escalation_ask ask = {
        .view = buf_bytes(&wanted->view),
        .fields = wanted->fields,
        .fields_len = wanted->fields_len,
        .reason = wanted->reason,
        .no_parties = wanted->no_parties,
        .danger = wanted->danger,
        .onward = wanted->onward,
        .site = *up,
    };
    return escalation_plan(&ask, out, err);
}

static bool is_record(const char *name)
{
    return strncmp(name, "case.", 5) == 0;
}

/* The one field that the plan does not hold: it is drawn at the release. */
static void pack_origin(struct buf *out)
{
    pack_str(out, "origin");
    pack_str(out, "a sealed reference of 32 bytes, which only this site can open");
}

static void pack_planned(struct buf *out, const struct escalation_plan *planned,
                         bool record)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < planned->fields_len; i++)
        count += is_record(planned->fields[i].name) == record;
    pack_map(out, record ? count : count + 1);
    bool named_origin = record;
    for (uint32_t i = 0; i < planned->fields_len; i++) {
        const struct escalation_field *field = &planned->fields[i];
        if (is_record(field->name) != record)
            continue;
        if (!named_origin && strcmp(field->name, "origin") > 0) {
            named_origin = true;
            pack_origin(out);
        }
        pack_str(out, record ? field->name + 5 : field->name);
        buf_add(out, field->value.data, field->value.len);
    }
    assert(named_origin); /* "reason" comes behind it */
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
        pack_map(result, 4);
        pack_str(result, "extra");
        pack_planned(result, &planned, false);
        pack_str(result, "fields");
        pack_planned(result, &planned, true);
        pack_str(result, "to");
        pack_bin(result, parent.bytes, ID_SIZE);
        pack_str(result, "to_name");
        pack_str(result, charter == NULL ? "" : charter_name(charter));
        escalation_plan_deinit(&planned);
    }
    buf_deinit(&wanted.view);
    return status;
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
        draft_text_optional(&draft, "no-parties", wanted.no_parties);
        draft_text(&draft, "onward",
                   wanted.onward.len > 0 ? wanted.onward : bytes_str("ask"));
        draft_text(&draft, "reason", wanted.reason);
        buf_deinit(&fields);
        escalation_plan_deinit(&planned);
        status = api_write(core, caller, &draft, result, err);
    }
    buf_deinit(&wanted.view);
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
                                    const struct wanted *wanted,
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
        status = author_write(core, &draft, caller->signer.pair, escalation, err);
    draft_deinit(&draft);
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
    buf_deinit(&wanted.view);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "escalation");
    pack_bin(result, escalation.bytes, ID_SIZE);
    pack_str(result, "op");
    pack_bin(result, escalation.bytes, ID_SIZE);
    return STATUS_OK;
}
