/* What the sites say to each other about a record that went up. */
#include <string.h>

#include "node/cases/charter.h"
#include "node/cases/disclosure.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"

#define TEXT_MAX 12000

struct handed {
    struct core *core;
    const struct id *scope;
    struct buf list;
    uint32_t len;
    enum status status;
};

static void pack_delivery(struct handed *handed, const struct id *site, uint64_t wall)
{
    handed->len++;
    pack_map(&handed->list, 2);
    pack_str(&handed->list, "site");
    pack_bin(&handed->list, site->bytes, ID_SIZE);
    pack_str(&handed->list, "wall");
    pack_uint(&handed->list, wall);
}

static bool pack_handed(void *context, struct bytes element)
{
    struct handed *handed = context;
    struct id site;
    uint64_t wall;
    if (!view_map_id(element, "site", &site)) /* never: the fold wrote it */
        return true;
    handed->status = store_delivery_get(handed->core->store, handed->scope, &site, &wall);
    if (handed->status == STATUS_OK)
        pack_delivery(handed, &site, wall);
    if (handed->status == STATUS_NOT_FOUND)
        handed->status = STATUS_OK;
    return handed->status == STATUS_OK;
}

enum status api_pack_handed(struct core *core, const struct id *scope, struct bytes view,
                            struct buf *result)
{
    struct handed handed = {.core = core, .scope = scope};
    view_map_each(view, "holders", pack_handed, &handed);
    pack_str(result, "handed_over");
    pack_array(result, handed.len);
    buf_append(result, &handed.list);
    buf_deinit(&handed.list);
    return core_check(core, handed.status);
}

enum status api_escalation_show(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    struct id scope;
    struct buf view = {0};
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 4);
    pack_str(result, "escalation");
    pack_bin(result, scope.bytes, ID_SIZE);
    status = api_pack_handed(core, &scope, buf_bytes(&view), result);
    pack_str(result, "names");
    if (status == STATUS_OK)
        status = api_pack_names(core, buf_bytes(&view), result);
    pack_str(result, "view");
    buf_append(result, &view);
    buf_deinit(&view);
    return status;
}

/* The steps that carry nothing, and those that carry a text. */
static enum status step(struct core *core, struct caller *caller, const struct args *args,
                        const char *kind, bool has_text, struct buf *result,
                        struct err *err)
{
    struct id scope;
    struct bytes text;
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status == STATUS_OK && has_text)
        status = args_text(args, "text", TEXT_MAX, &text, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, kind, &scope);
    if (has_text)
        draft_text(&draft, "text", text);
    return api_write(core, caller, &draft, result, err);
}

enum status api_escalation_open(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    return step(core, caller, args, "opened", false, result, err);
}

enum status api_escalation_accept(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    return step(core, caller, args, "accept", false, result, err);
}

enum status api_escalation_permit(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    return step(core, caller, args, "permit", false, result, err);
}

enum status api_escalation_advise(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    return step(core, caller, args, "advise", true, result, err);
}

enum status api_escalation_return(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    return step(core, caller, args, "return", true, result, err);
}

enum status api_escalation_decide(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    return step(core, caller, args, "decide", true, result, err);
}

struct own_classes {
    const struct core *core;
    uint64_t classes;
};

static bool find_own(void *context, struct bytes element)
{
    struct own_classes *own = context;
    if (!view_map_has_id(element, "site", &own->core->site))
        return true;
    (void)view_map_uint(element, "classes", &own->classes); /* stays 0 */
    return false;
}

uint32_t api_own_classes(const struct core *core, struct bytes view)
{
    struct own_classes own = {core, 0};
    view_map_each(view, "holders", find_own, &own);
    return (uint32_t)own.classes & CLASS_ALL;
}

enum status api_escalation_onward(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    struct id scope;
    struct bytes reason;
    struct buf view = {0};
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "reason", TEXT_MAX, &reason, err);
    struct charter *charter = charters_of_site(core, &core->site);
    const struct id *up = charter == NULL ? NULL : charter_parent(charter);
    if (status == STATUS_OK && up == NULL)
        status = err_set(err, STATUS_INVALID, "this site has no parent to send it to");
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status != STATUS_OK)
        return status;
    struct id to = *up;
    uint32_t classes = api_own_classes(core, buf_bytes(&view));
    buf_deinit(&view);
    struct draft draft;
    draft_init(&draft, "onward", &scope);
    draft_uint(&draft, "classes", classes);
    draft_text(&draft, "reason", reason);
    draft_bin(&draft, "site", to.bytes, ID_SIZE);
    struct id op;
    status = author_write(core, &draft, caller->signer.pair, &op, err);
    draft_deinit(&draft);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "op");
    pack_bin(result, op.bytes, ID_SIZE);
    pack_str(result, "to");
    pack_bin(result, to.bytes, ID_SIZE);
    return STATUS_OK;
}
