/* Releases on account of danger to life: a steward stands by them, or recalls. */
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"

#define TEXT_MAX 12000

static bool is_unconfirmed(struct bytes view)
{
    struct bytes danger = {0};
    bool is_confirmed = true, is_recalled = true;
    (void)view_map_get(view, "danger", &danger);             /* each view has it */
    (void)view_map_flag(danger, "confirmed", &is_confirmed); /* nil: no danger */
    (void)view_map_flag(view, "recalled", &is_recalled);     /* each record says */
    return !is_confirmed && !is_recalled;
}

/* --- that one, or those of a case --- */

struct confirming {
    struct core *core;
    struct caller *caller;
    struct bytes text;
    struct err *err;
    struct buf *list;
    uint32_t len;
    struct id op; /* the last */
    enum status status;
};

static enum status confirm(struct confirming *confirming, const struct id *scope)
{
    struct draft draft;
    draft_init(&draft, "confirm", scope);
    draft_text_optional(&draft, "text", confirming->text);
    enum status status =
        author_write(confirming->core, &draft, confirming->caller->signer.pair,
                     &confirming->op, confirming->err);
    draft_deinit(&draft);
    return status;
}

static void confirm_record(struct confirming *confirming, const struct id *scope)
{
    struct buf view = {0};
    confirming->status = api_view(confirming->core, scope, &view);
    if (confirming->status == STATUS_NOT_FOUND)
        confirming->status = STATUS_OK; /* a disk lost it, and the case did not */
    else if (confirming->status == STATUS_OK && is_unconfirmed(buf_bytes(&view))) {
        confirming->status = confirm(confirming, scope);
        pack_bin(confirming->list, scope->bytes, ID_SIZE);
        confirming->len++;
    }
    buf_deinit(&view);
}

static bool confirm_one(void *context, struct bytes element)
{
    struct confirming *confirming = context;
    struct id scope;
    if (!view_id(element, &scope)) /* never: the fold wrote it */
        return true;
    confirm_record(confirming, &scope);
    return confirming->status == STATUS_OK;
}

static enum status confirm_those_of(struct confirming *confirming,
                                    const struct args *args)
{
    struct id scope;
    struct buf view = {0};
    enum status status = api_find_case(confirming->core, args, &scope, confirming->err);
    if (status == STATUS_OK)
        status = api_view(confirming->core, &scope, &view);
    if (status == STATUS_OK) {
        view_map_each(buf_bytes(&view), "sent", confirm_one, confirming);
        status = confirming->status;
    }
    buf_deinit(&view);
    return status;
}

static enum status confirm_that(struct confirming *confirming, const struct args *args)
{
    struct id scope;
    enum status status =
        api_find_escalation(confirming->core, args, &scope, confirming->err);
    if (status != STATUS_OK)
        return status;
    confirm_record(confirming, &scope); /* of another site's the fold says no */
    return confirming->status;
}

enum status api_escalate_confirm(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    struct buf list = {0};
    struct bytes raw;
    struct confirming confirming = {
        .core = core, .caller = caller, .err = err, .list = &list};
    bool has_case = args_raw(args, "case", &raw);
    if (has_case == args_raw(args, "escalation", &raw))
        return err_set(err, STATUS_INVALID,
                       "what is confirmed is a case's, or an escalation: say which");
    enum status status =
        args_text_optional(args, "text", TEXT_MAX, &confirming.text, err);
    if (status == STATUS_OK)
        status = has_case ? confirm_those_of(&confirming, args)
                          : confirm_that(&confirming, args);
    if (status == STATUS_OK && confirming.len == 0)
        status = err_set(err, STATUS_INVALID,
                         has_case ? "no release of this case waits for a steward's word"
                                  : "nothing of this escalation waits for a steward's "
                                    "word");
    if (status == STATUS_OK) {
        pack_map(result, 2);
        pack_str(result, "confirmed");
        pack_array(result, confirming.len);
        buf_append(result, &list);
        pack_str(result, "op");
        pack_bin(result, confirming.op.bytes, ID_SIZE);
    }
    buf_deinit(&list);
    return status;
}

/* --- those of the site --- */

struct unconfirmed {
    const struct core *core;
    struct buf list;
    uint32_t len;
};

static enum status add_unconfirmed(void *context, const struct store_scope *scope)
{
    struct unconfirmed *unconfirmed = context;
    if (!id_equal(&scope->site, &unconfirmed->core->site) || !is_unconfirmed(scope->view))
        return STATUS_OK;
    pack_bin(&unconfirmed->list, scope->id.bytes, ID_SIZE);
    unconfirmed->len++;
    return STATUS_OK;
}

enum status api_pack_unconfirmed(struct core *core, struct buf *result)
{
    struct unconfirmed unconfirmed = {.core = core};
    enum status status = store_scopes_of_kind(core->store, SCOPE_ESCALATION, 0,
                                              add_unconfirmed, &unconfirmed);
    pack_array(result, unconfirmed.len);
    buf_append(result, &unconfirmed.list);
    buf_deinit(&unconfirmed.list);
    return core_check(core, status);
}
