#include "node/cases/matter.h"
#include "node/core/api.h"
#include "node/core/restored.h"
#include "node/core/author.h"
#include "node/core/digits.h"
#include "node/core/refold.h"
#include "node/core/shelf.h"

#define SHORT_ID_MIN 8

struct matches {
    struct id first;
    uint32_t len;
    enum scope_kind kind;
    const struct digits *digits; /* that its id begins with, or NULL */
};

static enum status match_id(void *context, const struct id *id)
{
    struct matches *matches = context;
    if (matches->len++ == 0)
        matches->first = *id;
    return STATUS_OK;
}

static enum status match_scope(void *context, const struct store_scope *scope)
{
    struct matches *matches = context;
    if (matches->digits != NULL && !digits_match(matches->digits, &scope->id))
        return STATUS_OK;
    if (scope->kind != matches->kind || matter_of(scope->view) != MATTER_CASE)
        return STATUS_OK;
    return match_id(matches, &scope->id);
}

static enum status find_by_id(struct core *core, struct bytes text, enum scope_kind kind,
                              struct matches *matches)
{
    struct digits digits;
    struct id id;
    if (!digits_read(&digits, text, SHORT_ID_MIN))
        return STATUS_OK;
    matches->kind = kind;
    if (digits_id(&digits, &id)) {
        enum status status = store_scope_get(core->store, &id, match_scope, matches);
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    matches->digits = &digits;
    enum status status = store_scopes_of_kind(core->store, kind, 0, match_scope, matches);
    matches->digits = NULL;
    return status;
}

static enum status one_match(const struct matches *matches, const char *what,
                             struct bytes text, struct id *scope, struct err *err)
{
    int shown = text.len > 70 ? 70 : (int)text.len;
    if (matches->len == 0)
        return err_set(err, STATUS_NOT_FOUND, "there is no %s %.*s here", what, shown,
                       (const char *)text.data);
    if (matches->len > 1)
        return err_set(err, STATUS_CONFLICT, "%.*s means %u records; say which by its id",
                       shown, (const char *)text.data, matches->len);
    *scope = matches->first;
    return STATUS_OK;
}

enum status api_find_case(struct core *core, const struct args *args, struct id *scope,
                          struct err *err)
{
    return api_find_case_in(core, args, "case", scope, err);
}

enum status api_find_case_in(struct core *core, const struct args *args,
                             const char *argument, struct id *scope, struct err *err)
{
    struct bytes text;
    struct matches matches = {0};
    enum status status = args_text(args, argument, 80, &text, err);
    if (status == STATUS_OK && !shelf_is_number(text))
        status = store_number_find(core->store, text, match_id, &matches);
    if (status == STATUS_OK && matches.len == 0)
        status = find_by_id(core, text, SCOPE_CASE, &matches);
    if (status != STATUS_OK)
        return core_check(core, status);
    return one_match(&matches, "case", text, scope, err);
}

enum status api_find_escalation(struct core *core, const struct args *args,
                                struct id *scope, struct err *err)
{
    return api_find_escalation_in(core, args, "escalation", scope, err);
}

static enum status read_founder(void *context, const struct store_scope *scope)
{
    *(struct id *)context = scope->site;
    return STATUS_OK;
}

/* A restore applies recalls before it shows anything that may have been recalled. */
static enum status check_shown(struct core *core, const struct id *scope, struct err *err)
{
    struct id founder = {{0}};
    bool withholds = false;
    enum status status =
        core_check(core, store_scope_get(core->store, scope, read_founder, &founder));
    if (status == STATUS_OK)
        status = restored_withholds(core, scope, &founder, NULL, &withholds);
    if (status != STATUS_OK || !withholds)
        return status;
    return err_set(err, STATUS_BUSY,
                   "this node was restored from a backup, and this record may have been "
                   "recalled since; it is shown when every site that shares it has "
                   "connected once, or answered by stick");
}

enum status api_find_escalation_in(struct core *core, const struct args *args,
                                   const char *argument, struct id *scope,
                                   struct err *err)
{
    struct bytes text;
    struct matches matches = {0};
    enum status status = args_text(args, argument, 80, &text, err);
    if (status == STATUS_OK)
        status = find_by_id(core, text, SCOPE_ESCALATION, &matches);
    if (status != STATUS_OK)
        return core_check(core, status);
    status = one_match(&matches, "escalation", text, scope, err);
    return status == STATUS_OK ? check_shown(core, scope, err) : status;
}

enum status api_texts(const struct args *args, const char *name, struct bytes *texts,
                      size_t max, size_t *len, struct err *err)
{
    struct bytes raw;
    *len = 0;
    if (!args_raw(args, name, &raw))
        return STATUS_OK;
    struct pack_reader reader = pack_reader_of(raw);
    uint32_t count;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK || count > max)
        return err_set(err, STATUS_INVALID, "%s is a list of at most %zu texts", name,
                       max);
    for (uint32_t i = 0; i < count; i++)
        if (pack_read_str(&reader, &texts[i], NULL) != STATUS_OK)
            return err_set(err, STATUS_INVALID, "%s is a list of texts", name);
    *len = count;
    return STATUS_OK;
}

static enum status pack_its_number(void *context, const struct store_scope *scope)
{
    pack_str_bytes(context, api_case_number(scope->view));
    return STATUS_OK;
}

enum status api_pack_number_of(struct core *core, const struct id *scope, struct buf *out)
{
    enum status status = STATUS_NOT_FOUND;
    pack_str(out, "number");
    if (scope != NULL)
        status = store_scope_get(core->store, scope, pack_its_number, out);
    if (status != STATUS_NOT_FOUND)
        return status;
    pack_nil(out);
    return STATUS_OK;
}

static enum status copy_view(void *context, const struct store_scope *scope)
{
    struct buf *view = context;
    buf_clear(view);
    buf_add(view, scope->view.data, scope->view.len);
    return buf_status(view);
}

enum status api_view(struct core *core, const struct id *scope, struct buf *view)
{
    return store_scope_get(core->store, scope, copy_view, view);
}

enum status api_write(struct core *core, struct caller *caller, struct draft *draft,
                      struct buf *result, struct err *err)
{
    struct id op;
    enum status status = author_write(core, draft, caller->signer.pair, &op, err);
    draft_deinit(draft);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 1);
    pack_str(result, "op");
    pack_bin(result, op.bytes, ID_SIZE);
    return STATUS_OK;
}
