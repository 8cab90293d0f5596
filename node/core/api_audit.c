/* audit, audit.note: is all that is here as it should be? A page at a time,
 * so that a large node does not hold up a turn; where the next one begins the answer
 * says, and nothing is remembered. */
#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/audit_list.h"
#include "node/core/audit_scope.h"
#include "node/core/audit_seal.h"
#include "node/core/author.h"
#include "node/core/state.h"
#include "proto/date.h"

#define PAGE_SCOPES 64
#define PAGE_OPS 1000 /* after so many ops a page ends with the scope that it is at */
#define PAGE_SEALS 64
#define CURSOR_MAX 40
#define NUMBER_MAX INT32_MAX /* of scopes and seals, far beyond what a store holds */

/* --- where a page begins --- */

enum stage { STAGE_SCOPES, STAGE_SEALS, STAGE_DUE, STAGES };

static const char *const stages[STAGES] = {"scope", "seal", "due"};

struct cursor {
    enum stage stage;
    uint64_t number; /* the last scope that was looked at; the first seal that was not */
};

static bool parse_cursor(struct bytes text, struct cursor *cursor)
{
    for (int i = 0; i < STAGES; i++) {
        size_t len = strlen(stages[i]);
        if (text.len <= len + 1 || memcmp(text.data, stages[i], len) != 0 ||
            text.data[len] != ' ')
            continue;
        *cursor = (struct cursor){.stage = (enum stage)i};
        for (size_t at = len + 1; at < text.len; at++) {
            if (text.data[at] < '0' || text.data[at] > '9' || cursor->number > NUMBER_MAX)
                return false;
            cursor->number = 10 * cursor->number + (text.data[at] - '0');
        }
        return cursor->number <= NUMBER_MAX;
    }
    return false;
}

static enum status read_cursor(const struct args *args, struct cursor *cursor,
                               struct err *err)
{
    struct bytes text;
    *cursor = (struct cursor){.stage = STAGE_SCOPES};
    enum status status = args_text_optional(args, "after", CURSOR_MAX, &text, err);
    if (status != STATUS_OK || text.len == 0 || parse_cursor(text, cursor))
        return status;
    return err_set(err, STATUS_INVALID,
                   "after is what the page before gave as next; leave it out to begin");
}

static void pack_cursor(struct buf *out, const struct cursor *cursor, bool has_more)
{
    char text[CURSOR_MAX];
    pack_str(out, "next");
    if (!has_more) {
        pack_nil(out);
        return;
    }
    (void)snprintf(text, sizeof(text), "%s %llu", stages[cursor->stage],
                   (unsigned long long)cursor->number); /* fits */
    pack_str(out, text);
}

/* --- a page --- */

struct page {
    struct core *core;
    struct caller *caller;
    struct cursor cursor;
    struct audit_list list;
    uint64_t scopes, ops, seals; /* looked at in this page */
    bool is_clock_trusted;
};

static enum status look_at_scopes(struct page *page)
{
    struct core *core = page->core;
    int64_t number = (int64_t)page->cursor.number;
    struct id scope;
    enum scope_kind kind;
    while (page->scopes < PAGE_SCOPES && page->ops < PAGE_OPS) {
        uint64_t ops_len = 0;
        enum status status = store_scope_next(core->store, &number, &scope, &kind);
        if (status == STATUS_NOT_FOUND) {
            page->cursor = (struct cursor){.stage = STAGE_SEALS};
            return STATUS_OK;
        }
        if (status == STATUS_OK)
            status = audit_scope_look(core, &scope, kind, &page->list, &ops_len);
        if (status != STATUS_OK)
            return status;
        page->cursor.number = (uint64_t)number;
        page->scopes++;
        page->ops += ops_len;
    }
    return STATUS_OK;
}

static enum status look_at_seals(struct page *page)
{
    uint64_t len, from = page->cursor.number;
    enum status status = audit_seal_look(page->core, from, PAGE_SEALS, &page->list, &len);
    if (status != STATUS_OK)
        return status;
    uint64_t left = len > from ? len - from : 0;
    page->seals = left < PAGE_SEALS ? left : PAGE_SEALS;
    if (left > PAGE_SEALS)
        page->cursor.number += PAGE_SEALS;
    else
        page->cursor = (struct cursor){.stage = STAGE_DUE};
    return STATUS_OK;
}

/* --- what is overdue, as the list of what is due has it --- */

static bool take_due(void *context, struct bytes item)
{
    struct page *page = context;
    struct id scope;
    struct bytes due, wait = {0};
    enum scope_kind kind = SCOPE_CASE;
    if (!view_map_id(item, "scope", &scope) || !view_map_text(item, "due", &due))
        return true;                          /* nobody knows the day */
    (void)view_map_text(item, "wait", &wait); /* each has one */
    page->list.status =
        core_check(page->core, store_scope_kind(page->core->store, &scope, &kind));
    const struct audit_row row = {
        .word = AUDIT_OVERDUE, .kind = kind, .scope = &scope, .field = wait, .due = due};
    audit_list_begin(&page->list); /* each is of another one */
    audit_list_add(&page->list, &row);
    return page->list.status == STATUS_OK;
}

static enum status look_at_due(struct page *page, struct err *err)
{
    struct buf asked = {0}, answer = {0};
    pack_map(&asked, 2);
    pack_str(&asked, "limit");
    pack_uint(&asked, DUE_ITEMS);
    pack_str(&asked, "overdue");
    pack_bool(&asked, true);
    const struct args args = {.map = buf_bytes(&asked), .names = ""};
    enum status status = buf_status(&asked);
    if (status == STATUS_OK)
        status = api_due(page->core, page->caller, &args, &answer, err);
    if (status == STATUS_OK) {
        struct bytes list = buf_bytes(&answer);
        (void)view_map_flag(list, "clock_trusted", &page->is_clock_trusted); /* it says */
        (void)view_map_uint(list, "left_out", &page->list.left_out); /* the same */
        if (page->is_clock_trusted)
            view_map_each(list, "items", take_due, page);
    }
    buf_deinit(&asked);
    buf_deinit(&answer);
    return status;
}

/* --- the answer --- */

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static enum status pack_page(struct page *page, bool is_last, struct buf *result)
{
    int64_t scopes = 0;
    enum status status = store_scope_last(page->core->store, &scopes);
    if (status != STATUS_OK) {
        buf_deinit(&page->list.rows);
        return core_check(page->core, status);
    }
    pack_map(result, 7);
    pack_str(result, "clock_trusted");
    if (is_last)
        pack_bool(result, page->is_clock_trusted);
    else
        pack_nil(result);
    status = audit_list_pack(&page->list, result);
    pack_str(result, "looked");
    pack_map(result, 3);
    pack_number(result, "ops", page->ops);
    pack_number(result, "scopes", page->scopes);
    pack_number(result, "seals", page->seals);
    pack_cursor(result, &page->cursor, !is_last);
    pack_number(result, "scopes_last", (uint64_t)scopes);
    return core_check(page->core, status);
}

enum status api_audit(struct core *core, struct caller *caller, const struct args *args,
                      struct buf *result, struct err *err)
{
    struct page page = {.core = core, .caller = caller, .list = {.core = core}};
    enum status status = read_cursor(args, &page.cursor, err);
    if (status != STATUS_OK)
        return status;
    enum stage stage = page.cursor.stage;
    if (stage == STAGE_SCOPES)
        status = core_check(core, look_at_scopes(&page));
    else if (stage == STAGE_SEALS)
        status = core_check(core, look_at_seals(&page));
    else
        status = look_at_due(&page, err);
    if (status == STATUS_OK)
        return pack_page(&page, stage == STAGE_DUE, result);
    buf_deinit(&page.list.rows);
    return status;
}

/* --- notes --- */

static enum status find_noted(struct core *core, const struct args *args, bool is_case,
                              struct id *scope, struct err *err)
{
    struct bytes raw;
    if (is_case == args_raw(args, "escalation", &raw))
        return err_set(err, STATUS_INVALID,
                       "an auditor notes something of a case, or of an escalation: say "
                       "which");
    return is_case ? api_find_case(core, args, scope, err)
                   : api_find_escalation(core, args, scope, err);
}

static enum status add_evidence(const struct args *args, struct draft *draft,
                                struct err *err)
{
    struct bytes raw;
    uint8_t digest[ID_SIZE];
    if (!args_raw(args, "evidence", &raw))
        return STATUS_OK;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_fixed(&reader, digest, sizeof(digest), NULL) != STATUS_OK)
        return err_set(err, STATUS_INVALID,
                       "evidence is the digest of the evidence file: 32 bytes");
    draft_bin(draft, "evidence", digest, sizeof(digest));
    return STATUS_OK;
}

enum status api_audit_note(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct draft draft;
    struct bytes raw;
    bool is_case = args_raw(args, "case", &raw);
    enum status status = find_noted(core, args, is_case, &scope, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, is_case ? "case-audited" : "audited", &scope);
    status = add_evidence(args, &draft, err);
    if (status == STATUS_OK)
        status = api_draft_text(args, "text", &draft, "text", err);
    if (status == STATUS_OK)
        status = api_draft_text(args, "verdict", &draft, "verdict", err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return core_check(core, status);
}
