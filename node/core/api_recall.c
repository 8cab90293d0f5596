/* Recalls of records that went up: asking for one, and who has answered. */
#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/far.h"
#include "node/core/refold.h"
#include "storage/store_listings.h"

#define REASON_MAX 4096

/* --- that one, or those of a case --- */

struct recalling {
    struct core *core;
    struct id_list live; /* the records of a case that are not recalled */
    enum status status;
};

static bool collect_live(void *context, struct bytes element)
{
    struct recalling *recalling = context;
    struct id scope;
    struct buf view = {0};
    bool is_recalled = true;
    if (!view_id(element, &scope)) /* never: the fold wrote it */
        return true;
    /* What this turn has done to the record counts, a recall among it. */
    recalling->status = refold_if_touched(recalling->core, &scope);
    if (recalling->status == STATUS_OK)
        recalling->status = api_view(recalling->core, &scope, &view);
    if (recalling->status == STATUS_OK) {
        (void)view_map_flag(buf_bytes(&view), "recalled", &is_recalled); /* each says */
        if (!is_recalled)
            id_list_push(&recalling->live, &scope);
    }
    /* After a loss of the disk a case may know of a record that is gone. */
    if (recalling->status == STATUS_NOT_FOUND)
        recalling->status = STATUS_OK;
    buf_deinit(&view);
    return recalling->status == STATUS_OK;
}

static enum status find_those_of(struct recalling *recalling, const struct caller *caller,
                                 const struct args *args, struct err *err)
{
    struct id scope;
    struct buf view = {0};
    struct core *core = recalling->core;
    /* Who reads records and no cases learns here of none. */
    enum status status = far_may_read(core, caller, READS_CASES, err);
    if (status == STATUS_OK)
        status = api_find_case(core, args, &scope, err);
    if (status != STATUS_OK)
        return status;
    status = refold_if_touched(core, &scope);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status == STATUS_OK) {
        view_map_each(buf_bytes(&view), "sent", collect_live, recalling);
        status = recalling->live.failed ? STATUS_NO_MEMORY : recalling->status;
    }
    buf_deinit(&view);
    status = core_check(core, status);
    if (status == STATUS_OK && recalling->live.len == 0)
        return err_set(err, STATUS_INVALID,
                       "nothing of this case is with others: it never went up, or all of "
                       "it was recalled");
    return status;
}

static enum status find_that(struct recalling *recalling, const struct args *args,
                             struct err *err)
{
    struct id scope;
    enum status status = api_find_escalation(recalling->core, args, &scope, err);
    if (status != STATUS_OK)
        return status;
    id_list_push(&recalling->live, &scope); /* of another site's the fold says no */
    return core_check(recalling->core,
                      recalling->live.failed ? STATUS_NO_MEMORY : STATUS_OK);
}

enum status api_escalation_recall(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    struct recalling recalling = {.core = core};
    struct bytes raw, reason;
    struct id op;
    bool has_case = args_raw(args, "case", &raw);
    if (has_case == args_raw(args, "escalation", &raw))
        return err_set(err, STATUS_INVALID,
                       "what is recalled is a case's, or an escalation: say which");
    enum status status = args_text(args, "reason", REASON_MAX, &reason, err);
    if (status == STATUS_OK)
        status = has_case ? find_those_of(&recalling, caller, args, err)
                          : find_that(&recalling, args, err);
    /* All of them in this turn. Who may recall one of a case may recall each: what is
     * refused is refused of the first, before anything is written. */
    for (uint32_t i = 0; status == STATUS_OK && i < recalling.live.len; i++) {
        struct draft draft;
        draft_init(&draft, "recall", &recalling.live.ids[i]);
        draft_text(&draft, "reason", reason);
        status = author_write(core, &draft, caller->signer.pair, &op, err);
        draft_deinit(&draft);
    }
    if (status == STATUS_OK) {
        pack_map(result, 2);
        pack_str(result, "op");
        pack_bin(result, op.bytes, ID_SIZE);
        pack_str(result, "recalled");
        pack_array(result, recalling.live.len);
        for (uint32_t i = 0; i < recalling.live.len; i++)
            pack_bin(result, recalling.live.ids[i].bytes, ID_SIZE);
    }
    id_list_deinit(&recalling.live);
    return status;
}

/* --- who has answered --- */

struct answers {
    struct core *core;
    struct bytes view;
    struct buf answered, missing;
    uint32_t answered_len, missing_len;
    struct id site;                /* of which nodes are looked for */
    const struct charter *charter; /* its own */
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
    /* One that was given other keys since has answered under those before. */
    answers->is_found =
        is_receipt(entry, &node) &&
        charter_is_same_machine(answers->charter, answers->node, node.bytes);
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
    answers->charter = charters_of_site(answers->core, &answers->site);
    size_t len = 0;
    const struct charter_node *nodes =
        answers->charter == NULL ? NULL : charter_nodes(answers->charter, &len);
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
