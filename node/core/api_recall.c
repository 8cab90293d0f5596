/* Recalls of records that went up: asking for one, and who has answered. */
#include <string.h>

#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "storage/store_listings.h"

#define REASON_MAX 4096

enum status api_escalation_recall(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    struct id scope;
    struct bytes reason;
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "reason", REASON_MAX, &reason, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "recall", &scope);
    draft_text(&draft, "reason", reason);
    return api_write(core, caller, &draft, result, err);
}

/* --- who has answered --- */

struct answers {
    struct core *core;
    struct bytes view;
    struct buf answered, missing;
    uint32_t answered_len, missing_len;
    struct id site; /* of which nodes are looked for */
    const uint8_t *node;
    bool is_found;
};

static void pack_site(struct core *core, struct buf *out, const struct id *site)
{
    struct charter *charter = charters_of_site(core, site);
    pack_str(out, "site");
    pack_bin(out, site->bytes, ID_SIZE);
    pack_str(out, "site_name");
    pack_str(out, charter == NULL ? "" : charter_name(charter));
}

static bool is_receipt(struct bytes entry, struct id *node)
{
    (void)view_map_id(entry, "author", node); /* each entry has one */
    return view_map_has_text(entry, "kind", "purged");
}

static bool add_answer(void *context, struct bytes entry)
{
    struct answers *answers = context;
    struct bytes fields = {0}, backups = {0};
    struct id node = {{0}}, site = {{0}};
    uint64_t wall = 0;
    if (!is_receipt(entry, &node))
        return true;
    (void)view_map_id(entry, "site", &site);          /* it had a right, beneath one */
    (void)view_map_get(entry, "fields", &fields);     /* each entry has them */
    (void)view_map_text(fields, "backups", &backups); /* it may say nothing */
    (void)view_map_uint(entry, "wall", &wall);        /* unknown: 0 */
    struct buf *out = &answers->answered;
    answers->answered_len++;
    pack_map(out, 5);
    pack_str(out, "backups");
    pack_str_bytes(out, backups);
    pack_str(out, "node");
    pack_bin(out, node.bytes, ID_SIZE);
    pack_site(answers->core, out, &site);
    pack_str(out, "wall");
    pack_uint(out, wall);
    return true;
}

static bool find_answer(void *context, struct bytes entry)
{
    struct answers *answers = context;
    struct id node = {{0}};
    answers->is_found =
        is_receipt(entry, &node) && memcmp(node.bytes, answers->node, ID_SIZE) == 0;
    return !answers->is_found;
}

static void add_missing(struct answers *answers, const uint8_t *node)
{
    answers->node = node;
    answers->is_found = false;
    view_map_each(answers->view, "journal", find_answer, answers);
    if (answers->is_found)
        return;
    answers->missing_len++;
    pack_map(&answers->missing, 3);
    pack_str(&answers->missing, "node");
    pack_bin(&answers->missing, node, ID_SIZE);
    pack_site(answers->core, &answers->missing, &answers->site);
}

/* Every machine of every site that may hold it, but the founder's. */
static bool look_at_site(void *context, struct bytes element)
{
    struct answers *answers = context;
    if (!view_id(element, &answers->site) || /* never: the fold wrote it */
        view_map_has_id(answers->view, "site", &answers->site))
        return true;
    struct charter *charter = charters_of_site(answers->core, &answers->site);
    size_t len = 0;
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (!nodes[i].is_revoked)
            add_missing(answers, nodes[i].key);
    return true;
}

struct recalls {
    struct core *core;
    struct buf list;
    uint32_t len;
};

static bool find_reason(void *context, struct bytes entry)
{
    struct bytes fields = {0};
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    if (!view_map_has_text(entry, "kind", "recall"))
        return true;
    (void)view_map_text(fields, "reason", context); /* each recall has one */
    return false;
}

static enum status list_one(void *context, const struct store_scope *scope)
{
    struct recalls *recalls = context;
    struct answers answers = {.core = recalls->core, .view = scope->view};
    struct bytes reason = {0}, title = {0};
    view_map_each(scope->view, "journal", add_answer, &answers);
    view_map_each(scope->view, "held", look_at_site, &answers);
    view_map_each(scope->view, "journal", find_reason, &reason);
    (void)view_text(scope->view, "title", &title); /* elsewhere it is gone */
    struct buf *out = &recalls->list;
    recalls->len++;
    pack_map(out, 7);
    pack_str(out, "answered");
    pack_array(out, answers.answered_len);
    buf_append(out, &answers.answered);
    pack_str(out, "escalation");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "missing");
    pack_array(out, answers.missing_len);
    buf_append(out, &answers.missing);
    pack_str(out, "reason");
    pack_str_bytes(out, reason);
    pack_site(recalls->core, out, &scope->site);
    pack_str(out, "title");
    pack_str_bytes(out, title);
    buf_deinit(&answers.answered);
    buf_deinit(&answers.missing);
    return buf_status(out);
}

enum status api_recall_list(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct recalls recalls = {.core = core};
    const struct store_filter filter = {
        .kind = SCOPE_ESCALATION, .state = bytes_str("recalled"), .limit = UINT64_MAX};
    enum status status = store_listings(core->store, &filter, list_one, &recalls);
    pack_map(result, 1);
    pack_str(result, "recalls");
    pack_array(result, recalls.len);
    buf_append(result, &recalls.list);
    buf_deinit(&recalls.list);
    return core_check(core, status);
}
