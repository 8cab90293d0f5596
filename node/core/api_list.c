/* Lists of cases and of what came in: filtered by the index, a page at a time, in the
 * order in which they were founded here, the newest first. That order never changes, so
 * that somebody who reads page after page while others write sees each row once. */
#include <stdio.h>
#include <string.h>

#include "crypto/key.h"
#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "proto/limits.h"
#include "storage/store_listings.h"

#define WORD_MAX 120

struct page {
    struct core *core;
    struct store_filter filter;
    struct id site, after, author; /* what the filter borrows */
    struct buf rows;
    uint64_t len, max;
    struct id last;
    bool has_more;
    bool (*is_wanted)(struct bytes view); /* what no index knows; NULL: each is */
    void (*pack)(struct core *core, const struct store_scope *scope, struct buf *out);
};

/* --- a page --- */

static enum status add_row(void *context, const struct store_scope *scope)
{
    struct page *page = context;
    if (page->is_wanted != NULL && !page->is_wanted(scope->view))
        return STATUS_OK;
    if (page->len == page->max) {
        page->has_more = true;
        return STATUS_OK;
    }
    page->last = scope->id;
    page->len++;
    page->pack(page->core, scope, &page->rows);
    return buf_status(&page->rows);
}

static void read_limit(const struct args *args, struct page *page)
{
    page->max = args_number(args, "limit", LIST_PAGE_MAX);
    if (page->max == 0 || page->max > LIST_PAGE_MAX)
        page->max = LIST_PAGE_MAX;
    page->filter.limit = page->max + 1; /* one more says that there is more */
}

static enum status read_filter(const struct caller *caller, const struct args *args,
                               struct page *page, struct err *err)
{
    struct store_filter *filter = &page->filter;
    read_limit(args, page);
    filter->no_minors = args_flag(args, "export");
    filter->since = args_number(args, "since", 0);
    filter->until = args_number(args, "until", 0);
    if (filter->until != 0 && filter->until < filter->since)
        return err_set(err, STATUS_INVALID, "since is later than until: nothing can be");
    enum status status = filter->no_minors ? api_check_export(caller, err) : STATUS_OK;
    if (status == STATUS_OK)
        status = args_text_optional(args, "state", 32, &filter->state, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "category", WORD_MAX, &filter->category, err);
    return status;
}

/* The rows stand in page->rows; status says how it went, and result has the answer. */
static enum status answer_page(struct page *page, const char *name, struct buf *result)
{
    enum status status = store_listings(page->core->store, &page->filter, add_row, page);
    pack_map(result, 2);
    pack_str(result, name);
    pack_array(result, (uint32_t)page->len);
    buf_append(result, &page->rows);
    pack_str(result, "next");
    if (page->has_more)
        pack_bin(result, page->last.bytes, ID_SIZE);
    else
        pack_nil(result);
    return core_check(page->core, status);
}

static void pack_register(struct buf *out, const char *key, struct bytes view,
                          const char *name)
{
    struct bytes text = {0};
    (void)view_text(view, name, &text); /* empty where there is none, or withheld */
    pack_str(out, key);
    pack_str_bytes(out, text);
}

/* --- cases --- */

/* When the founding op claims it was written: the first entry of the journal. */
static bool first_wall(void *context, struct bytes element)
{
    (void)view_map_uint(element, "wall", context);
    return false;
}

static void pack_case(struct core *core, const struct store_scope *scope, struct buf *out)
{
    uint64_t opened = 0;
    view_map_each(scope->view, "journal", first_wall, &opened);
    pack_map(out, 8);
    pack_register(out, "category", scope->view, "category");
    pack_str(out, "conflicts");
    pack_uint(out, view_conflicts(scope->view));
    pack_str(out, "escalations");
    pack_uint(out, view_map_count(scope->view, "sent"));
    api_pack_number(out, scope->view);
    pack_str(out, "opened");
    pack_uint(out, opened);
    pack_str(out, "scope");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "state");
    pack_str_bytes(out, view_state(scope->view));
    pack_register(out, "title", scope->view, "title");
}

static enum status read_mine(const struct caller *caller, const struct args *args,
                             struct page *page, struct err *err)
{
    if (!args_flag(args, "mine"))
        return STATUS_OK;
    if (caller->signer.pair == NULL)
        return err_set(err, STATUS_DENIED, "whose are yours? unlock with a PIN first");
    memcpy(page->author.bytes, caller->signer.key, sizeof(page->author.bytes));
    page->filter.author = &page->author;
    return STATUS_OK;
}

enum status api_case_list(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct page page = {.core = core, .pack = pack_case};
    struct bytes raw;
    page.filter.kind = SCOPE_CASE;
    page.filter.has_conflict = args_flag(args, "conflicts");
    page.filter.is_sent = args_flag(args, "escalated");
    enum status status = read_filter(caller, args, &page, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "party", WORD_MAX, &page.filter.party, err);
    if (status == STATUS_OK)
        status = read_mine(caller, args, &page, err);
    if (status == STATUS_OK && args_raw(args, "after", &raw)) {
        page.filter.after = &page.after;
        status = api_find_case_in(core, args, "after", &page.after, err);
    }
    if (status != STATUS_OK)
        return status;
    status = answer_page(&page, "cases", result);
    buf_deinit(&page.rows);
    return status;
}

/* --- cases in conflict --- */

static void pack_in_conflict(struct core *core, const struct store_scope *scope,
                             struct buf *out)
{
    struct bytes fields = {0};
    pack_map(out, 4);
    pack_str(out, "fields");
    (void)view_map_get(scope->view, "conflicts", &fields); /* each view has them */
    buf_add(out, fields.data, fields.len);
    api_pack_number(out, scope->view);
    pack_str(out, "scope");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_register(out, "title", scope->view, "title");
}

enum status api_conflict_list(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct page page = {.core = core, .pack = pack_in_conflict};
    struct bytes raw;
    enum status status = STATUS_OK;
    page.filter.kind = SCOPE_CASE;
    page.filter.has_conflict = true;
    read_limit(args, &page);
    if (args_raw(args, "after", &raw)) {
        page.filter.after = &page.after;
        status = api_find_case_in(core, args, "after", &page.after, err);
    }
    if (status != STATUS_OK)
        return status;
    status = answer_page(&page, "cases", result);
    buf_deinit(&page.rows);
    return status;
}

/* --- what came in --- */

struct receipt {
    const struct core *core;
    uint64_t wall;
};

/* When our own node said that it received the record. */
static bool find_receipt(void *context, struct bytes element)
{
    struct receipt *receipt = context;
    if (!view_map_has_text(element, "kind", "received") ||
        !view_map_has_id(element, "site", &receipt->core->site))
        return true;
    (void)view_map_uint(element, "wall", &receipt->wall); /* stays 0 */
    return false;
}

static void pack_escalation(struct core *core, const struct store_scope *scope,
                            struct buf *out)
{
    struct charter *from = charters_of_site(core, &scope->site);
    struct bytes reason = {0};
    (void)view_map_text(scope->view, "reason", &reason); /* empty where withheld */
    struct receipt receipt = {core, 0};
    view_map_each(scope->view, "journal", find_receipt, &receipt);
    pack_map(out, 10);
    pack_register(out, "category", scope->view, "category");
    pack_str(out, "danger");
    pack_bool(out, view_is_in_danger(scope->view));
    pack_str(out, "escalation");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "from");
    pack_bin(out, scope->site.bytes, ID_SIZE);
    pack_str(out, "from_name");
    pack_str(out, from == NULL ? "" : charter_name(from));
    pack_str(out, "reason");
    pack_str_bytes(out, reason);
    pack_str(out, "received");
    pack_uint(out, receipt.wall);
    pack_str(out, "state");
    pack_str_bytes(out, view_state(scope->view));
    pack_register(out, "title", scope->view, "title");
    pack_str(out, "unserved");
    pack_bool(out, view_is_unserved(scope->view));
}

/* Whom an argument names: by id in either form, or by the name in a charter known here.
 */
struct founder {
    struct bytes name;
    struct id site;
    uint32_t len;
};

static enum status match_name(void *context, const struct store_scope *charter)
{
    struct founder *founder = context;
    struct bytes name = {0};
    (void)view_map_text(charter->view, "name", &name); /* none: it is not sound */
    if (!bytes_equal(name, founder->name))
        return STATUS_OK;
    founder->site = charter->id;
    founder->len++;
    return STATUS_OK;
}

enum status api_find_site(struct core *core, const struct args *args,
                          const char *argument, struct id *site, struct err *err)
{
    struct founder founder = {.len = 0};
    char text[SITE_NAME_MAX + 1];
    enum status status = args_text(args, argument, SITE_NAME_MAX, &founder.name, err);
    if (status != STATUS_OK)
        return status;
    (void)snprintf(text, sizeof(text), "%.*s", (int)founder.name.len,
                   (const char *)founder.name.data);
    if (key_from_text(site->bytes, "fqs1", text)) /* in either form */
        return STATUS_OK;
    status = store_scopes_of_kind(core->store, SCOPE_CHARTER, 0, match_name, &founder);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (founder.len == 0)
        return err_set(err, STATUS_NOT_FOUND, "no site of that name is known here");
    if (founder.len > 1)
        return err_set(err, STATUS_CONFLICT,
                       "%u sites have that name; say which by its id", founder.len);
    *site = founder.site;
    return STATUS_OK;
}

enum status api_inbox(struct core *core, struct caller *caller, const struct args *args,
                      struct buf *result, struct err *err)
{
    struct page page = {.core = core, .pack = pack_escalation};
    struct bytes raw;
    page.filter.kind = SCOPE_ESCALATION;
    page.filter.not_site = &core->site;
    enum status status = read_filter(caller, args, &page, err);
    if (args_flag(args, "unserved")) { /* each of them waits for somebody to serve it */
        page.filter.is_to_do = true;
        page.filter.limit = UINT64_MAX;
        page.is_wanted = view_is_unserved;
    }
    if (status == STATUS_OK && args_raw(args, "from", &raw)) {
        page.filter.site = &page.site;
        status = api_find_site(core, args, "from", &page.site, err);
    }
    if (status == STATUS_OK && args_raw(args, "after", &raw)) {
        page.filter.after = &page.after;
        status = api_find_escalation_in(core, args, "after", &page.after, err);
    }
    if (status != STATUS_OK)
        return status;
    status = answer_page(&page, "escalations", result);
    buf_deinit(&page.rows);
    return status;
}
