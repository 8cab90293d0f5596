/* round.list, show, suggest: what was looked at, what was not, and what grew lately. */
#include "node/cases/due.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/round_view.h"
#include "node/core/shelf.h"
#include "node/core/state.h"
#include "storage/store_listings.h"

#define DAY_S 86400u

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static void pack_text(struct buf *out, const char *name, struct bytes text)
{
    pack_str(out, name);
    pack_str_bytes(out, text);
}

/* As it stands in the map; nil where it does not, or was erased. */
static void pack_named(struct buf *out, const char *name, struct bytes map,
                       const char *field)
{
    struct bytes raw;
    pack_str(out, name);
    if (view_map_get(map, field, &raw))
        buf_add(out, raw.data, raw.len);
    else
        pack_nil(out);
}

/* --- all of them --- */

struct rounds {
    struct buf rows;
    uint32_t len;
};

static enum status add_round(void *context, const struct store_scope *scope)
{
    struct rounds *rounds = context;
    struct buf *out = &rounds->rows;
    struct round_view round;
    struct bytes fields = {0};
    round_view_read(&round, scope->view);
    (void)shelf_fields(scope->view, &fields); /* none: a round without effect */
    rounds->len++;
    pack_map(out, 7);
    pack_number(out, "cases", round.cases);
    pack_named(out, "day", fields, "day");
    pack_number(out, "findings", round.findings);
    pack_number(out, "looked", round_view_looked(&round));
    pack_str(out, "round");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_number(out, "spots", round_view_spots(&round));
    pack_text(out, "title", shelf_title(scope->view));
    return buf_status(out);
}

enum status api_round_list(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct rounds rounds = {.len = 0};
    uint64_t limit = args_number(args, "limit", ROUNDS_SHOWN_MAX);
    if (limit == 0 || limit > ROUNDS_SHOWN_MAX)
        limit = ROUNDS_SHOWN_MAX;
    enum status status =
        shelf_newest(core, MATTER_ROUND, (uint32_t)limit, add_round, &rounds);
    pack_map(result, 1);
    pack_str(result, "rounds");
    pack_array(result, rounds.len);
    buf_append(result, &rounds.rows);
    buf_deinit(&rounds.rows);
    return core_check(core, status);
}

/* --- one --- */

struct shown {
    struct core *core;
    struct bytes view;
    struct buf rows;
    uint32_t len;
    enum status status;
};

/* The case that a finding became. */
struct became {
    struct id finding, scope;
    bool is_case;
};

static bool match_case(void *context, struct bytes entry)
{
    struct became *became = context;
    struct bytes fields = {0};
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    if (view_map_has_text(entry, "kind", "finding-case") &&
        view_map_has_id(fields, "finding", &became->finding))
        became->is_case = view_map_id(fields, "case", &became->scope);
    return !became->is_case;
}

/* nil where it became none. */
static void pack_case(struct shown *shown, const struct became *became)
{
    struct buf *out = &shown->rows;
    pack_str(out, "case");
    if (became->is_case)
        pack_bin(out, became->scope.bytes, ID_SIZE);
    else
        pack_nil(out);
    shown->status =
        api_pack_number_of(shown->core, became->is_case ? &became->scope : NULL, out);
}

static bool add_finding(void *context, struct bytes entry)
{
    struct shown *shown = context;
    struct buf *out = &shown->rows;
    struct became became = {.is_case = false};
    struct bytes fields = {0};
    if (!view_map_has_text(entry, "kind", "finding"))
        return true;
    (void)view_map_id(entry, "op", &became.finding); /* each entry has it */
    (void)view_map_get(entry, "fields", &fields);    /* the same */
    view_map_each(shown->view, "journal", match_case, &became);
    shown->len++;
    pack_map(out, 7);
    pack_case(shown, &became);
    pack_named(out, "op", entry, "op");
    pack_named(out, "place", fields, "place");
    pack_named(out, "text", fields, "text");
    pack_named(out, "topic", fields, "topic");
    pack_named(out, "wall", entry, "wall");
    return shown->status == STATUS_OK;
}

static void pack_unseen(const struct round_view *round, struct buf *out)
{
    pack_str(out, "unseen");
    pack_array(out, round_view_spots(round) - round_view_looked(round));
    for (uint32_t i = 0; i < round->places_len; i++)
        for (uint32_t j = 0; j < round->topics_len; j++) {
            if (round->marks[i][j] != ROUND_UNSEEN)
                continue;
            pack_map(out, 2);
            pack_text(out, "place", round->places[i]);
            pack_text(out, "topic", round->topics[j]);
        }
}

static void pack_round(const struct shown *shown, const struct id *scope,
                       struct buf *result)
{
    struct round_view round;
    struct bytes fields = {0};
    round_view_read(&round, shown->view);
    (void)shelf_fields(shown->view, &fields); /* none: a round without effect */
    pack_map(result, 9);
    pack_number(result, "cases", round.cases);
    pack_named(result, "day", fields, "day");
    pack_str(result, "findings");
    pack_array(result, shown->len);
    buf_add(result, shown->rows.data, shown->rows.len);
    pack_named(result, "list", fields, "list");
    pack_number(result, "looked", round_view_looked(&round));
    pack_str(result, "round");
    pack_bin(result, scope->bytes, ID_SIZE);
    pack_number(result, "spots", round_view_spots(&round));
    pack_text(result, "title", shelf_title(shown->view));
    pack_unseen(&round, result);
}

enum status api_round_show(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct buf view = {0};
    struct shown shown = {.core = core};
    enum status status = shelf_find(core, MATTER_ROUND, args, "round", &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status == STATUS_OK) {
        shown.view = buf_bytes(&view);
        view_map_each(shown.view, "journal", add_finding, &shown);
        pack_round(&shown, &scope, result);
        status = shown.status == STATUS_OK ? buf_status(&shown.rows) : shown.status;
    }
    buf_deinit(&shown.rows);
    buf_deinit(&view);
    return core_check(core, status);
}

/* --- what grew --- */

static enum status add_growth(void *context, const struct store_growth *growth)
{
    struct rounds *rows = context;
    struct buf *out = &rows->rows;
    rows->len++;
    pack_map(out, 4);
    pack_number(out, "before", growth->early);
    pack_text(out, "category", growth->category);
    pack_str(out, "grew");
    pack_bool(out, growth->late > growth->early);
    pack_number(out, "now", growth->late);
    return buf_status(out);
}

/* Counts of this site's own cases, and of nobody in particular: those of minors are not
 * counted. Where the clock is not trusted, nobody knows what "lately" is. */
enum status api_round_suggest(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct rounds rows = {.len = 0};
    bool is_trusted = due_is_trusted(core->wall, core->quality);
    enum status status = STATUS_OK;
    if (is_trusted)
        status = store_listings_grown(
            core->store, SCOPE_CASE, core->wall - 2 * SUGGEST_DAYS * DAY_S,
            core->wall - SUGGEST_DAYS * DAY_S, SUGGEST_CASES_MAX, SUGGEST_CATEGORIES_MAX,
            add_growth, &rows);
    pack_map(result, 3);
    pack_str(result, "categories");
    pack_array(result, rows.len);
    buf_append(result, &rows.rows);
    pack_str(result, "clock_trusted");
    pack_bool(result, is_trusted);
    pack_number(result, "days", SUGGEST_DAYS);
    buf_deinit(&rows.rows);
    return core_check(core, status);
}
