#include "tests/sim/life/sim_conflict.h"

#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_second.h"

/* Its parts that hang on one another are asked for in one turn, so that nothing comes in
 * between. */
enum conflict_step { WRITE, SEE, SETTLE, SEE_SETTLED, SHOW, UNDO };

/* How it is settled. */
enum conflict_way { BOTH, WORDS, NUMBER, WAYS };

/* What goes up with a case stands twofold as well, and does not go up then. */
static const char *field_of(const struct sim_host *host, const struct sim_errand *errand)
{
    bool is_chosen = host->cases[errand->which].is_meant_up &&
                     sim_choose(host->sim, "conflict-field", errand->key, 3) > 0;
    return is_chosen ? "title" : "wish";
}

static const char *text_of(struct sim_host *host, const struct sim_errand *errand,
                           char out[static SIM_TEXT_SIZE], const char *machine)
{
    if (strcmp(field_of(host, errand), "wish") == 0)
        return sim_deeds_text(host, out, machine, errand->key);
    return sim_deeds_chosen(host, out, machine, errand->key);
}

static void ask_next(struct sim_host *host, struct sim_errand *before, uint32_t step,
                     struct bytes shown);

static bool match_field(void *context, struct bytes conflict)
{
    const char **wanted = context;
    if (view_map_has_text(conflict, "field", *wanted))
        *wanted = NULL;
    return *wanted != NULL;
}

static bool stands_twofold(const struct sim_host *host, const struct sim_errand *errand,
                           struct bytes result)
{
    const char *wanted = field_of(host, errand);
    view_map_each(result, "conflicts", match_field, &wanted);
    return wanted == NULL;
}

/* Which of two values comes first is decided by ids, and with them by all that is
 * private: nothing that depends on it may go up in the life of a twin. */
static bool is_order_public(const struct sim_host *host, const struct sim_errand *errand)
{
    return host->sim->options.is_twin && host->cases[errand->which].is_meant_up;
}

static enum conflict_way way_of(const struct sim_host *host,
                                const struct sim_errand *errand)
{
    if (is_order_public(host, errand))
        return WORDS;
    return (enum conflict_way)sim_choose(host->sim, "conflict-way", errand->key, WAYS);
}

/* --- by number ----------------------------------------------------------------------
 */

/* What stands side by side, as it was shown. */
struct sides {
    const char *field;
    struct id ops[STANDING_MAX];
    struct bytes texts[STANDING_MAX];
    uint32_t len;
};

static bool take_side(void *context, struct bytes value)
{
    struct sides *sides = context;
    struct bytes raw;
    if (!view_map_id(value, "op", &sides->ops[sides->len]) ||
        !view_map_get(value, "value", &raw))
        return false;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_str(&reader, &sides->texts[sides->len], NULL) == STATUS_OK)
        sides->len++;
    return sides->len < STANDING_MAX;
}

static bool take_sides(void *context, struct bytes conflict)
{
    struct sides *sides = context;
    if (!view_map_has_text(conflict, "field", sides->field))
        return true;
    view_map_each(conflict, "values", take_side, sides);
    return false;
}

/* The text that is to be shown, where hex has room. */
static void expect(struct sim_errand *errand, struct bytes text)
{
    uint8_t digest[DIGEST_SIZE];
    digest_of(digest, "sim/conflict", text.data, text.len);
    hex_encode(errand->hex, digest, sizeof(digest));
}

/* Of what somebody saw one is chosen, as the client does it. */
static void ask_by_number(struct sim_host *host, struct sim_errand *errand,
                          struct bytes shown)
{
    const struct sim_case *c = &host->cases[errand->which];
    struct sides sides = {.field = field_of(host, errand)};
    struct buf map = {0};
    view_map_each(shown, "conflicts", take_sides, &sides);
    if (sides.len == 0)
        return; /* which was said above */
    uint32_t chosen =
        (uint32_t)sim_choose(host->sim, "conflict-number", errand->key, sides.len);
    char number[12];
    (void)snprintf(number, sizeof(number), "%u", chosen + 1);
    expect(errand, sides.texts[chosen]);
    pack_map(&map, 4);
    pack_str(&map, "case");
    pack_str(&map, c->number);
    pack_str(&map, "choose");
    pack_str(&map, number);
    pack_str(&map, "field");
    pack_str(&map, sides.field);
    pack_str(&map, "seen");
    pack_array(&map, sides.len);
    for (uint32_t i = 0; i < sides.len; i++)
        pack_bin(&map, sides.ops[i].bytes, ID_SIZE);
    sim_people_ask_packed(host, errand, "conflict.settle", buf_bytes(&map));
    buf_deinit(&map);
}

/* Does the field say what it was settled as? hex is empty where that was composed. */
static bool says_that(const struct sim_host *host, const struct sim_errand *errand,
                      struct bytes result)
{
    struct sim_errand shown = {0};
    struct bytes view, text;
    if (errand->hex[0] == '\0')
        return true;
    if (!view_map_get(result, "view", &view) ||
        !view_text(view, field_of(host, errand), &text))
        return false;
    expect(&shown, text);
    return strcmp(shown.hex, errand->hex) == 0;
}

/* --- step by step -------------------------------------------------------------------
 */

/* The ways in which it is settled; one is to leave it to somebody else. */
static bool is_left(const struct sim_host *host, const struct sim_errand *errand)
{
    return sim_choose(host->sim, "conflict-left", errand->key, 3) == 0;
}

/* Was it asked for in the turn in which it was settled? */
static bool is_behind(const struct sim_host *host, const struct sim_errand *errand)
{
    return errand->number == host->settled_number + (errand->step - SETTLE);
}

/* Whoever has asked already comes before what is asked now, and may settle it. In the
 * life of a twin that may be private work, on which nothing in a case that goes up may
 * hang: there it is written whoever has asked, and what comes of it is not judged. */
static bool is_undisturbed(const struct sim_host *host, const struct sim_errand *errand)
{
    return host->inbox_len == 0 || is_order_public(host, errand);
}

static void on_step(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct sim *sim = host->sim;
    char text[SIM_TEXT_SIZE];
    if (!bytes_equal_str(status, "OK"))
        return; /* somebody settled it first, or the node failed */
    switch (errand->step) {
    case WRITE:
        if (is_undisturbed(host, errand) &&
            sim_second_write(host, &host->cases[errand->which].scope,
                             field_of(host, errand),
                             text_of(host, errand, text, "second"), errand->key))
            ask_next(host, errand, SEE, (struct bytes){0});
        break;
    case SEE:
        if (stands_twofold(host, errand, result))
            sim_ever(sim, EVER_CONFLICT);
        else if (!is_order_public(host, errand))
            sim_fail(sim, "API", "%s hides what was written at once", host->address);
        if (is_left(host, errand))
            break;
        ask_next(host, errand, SETTLE, result);
        ask_next(host, errand, SEE_SETTLED, result);
        ask_next(host, errand, SHOW, result);
        if (!is_order_public(host, errand) &&
            sim_choose(sim, "conflict-undo", errand->key, 2) == 0)
            ask_next(host, errand, UNDO, result);
        break;
    case SETTLE:
        host->settled_number = errand->number;
        sim_ever(sim, EVER_CONFLICT_SETTLED);
        if (way_of(host, errand) == NUMBER)
            sim_ever(sim, EVER_CONFLICT_NUMBER);
        break;
    case SEE_SETTLED:
        if (is_behind(host, errand) && stands_twofold(host, errand, result))
            sim_fail(sim, "API", "%s shows twofold what was settled", host->address);
        break;
    case SHOW:
        if (is_behind(host, errand) && !says_that(host, errand, result))
            sim_fail(sim, "API", "%s does not show what it was settled as",
                     host->address);
        break;
    default:
        if (is_behind(host, errand))
            sim_ever(sim, EVER_CONFLICT_UNDONE);
        break;
    }
}

/* shown: what the errand before saw. */
static void ask(struct sim_host *host, struct sim_errand *errand, struct bytes shown)
{
    const char *number = host->cases[errand->which].number;
    const char *field = field_of(host, errand);
    enum conflict_way way = way_of(host, errand);
    char text[SIM_TEXT_SIZE];
    if (errand->step == WRITE)
        sim_people_ask(host, errand, "case.set", "case", number, "field", field, "value",
                       text_of(host, errand, text, "first"), NULL);
    else if (errand->step == SETTLE && way == NUMBER)
        ask_by_number(host, errand, shown);
    else if (errand->step == SETTLE && way == BOTH)
        sim_people_ask(host, errand, "conflict.settle", "both", "true", "case", number,
                       "field", field, NULL);
    else if (errand->step == SETTLE) {
        (void)text_of(host, errand, text, "settled");
        expect(errand, bytes_str(text));
        sim_people_ask(host, errand, "conflict.settle", "case", number, "field", field,
                       "text", text, NULL);
    } else if (errand->step == SHOW)
        sim_people_ask(host, errand, "case.show", "case", number, NULL);
    else if (errand->step == UNDO)
        sim_people_ask(host, errand, "conflict.undo", "case", number, "field", field,
                       NULL);
    else
        sim_people_ask(host, errand, "conflict.show", "case", number, NULL);
}

/* What is expected of the field is known to all that follow. */
static void ask_next(struct sim_host *host, struct sim_errand *before, uint32_t step,
                     struct bytes shown)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL)
        return;
    *errand = (struct sim_errand){
        .done = on_step, .key = before->key, .which = before->which, .step = step};
    memcpy(errand->hex, before->hex, sizeof(errand->hex));
    ask(host, errand, shown);
    memcpy(before->hex, errand->hex, sizeof(before->hex));
}

/* On a disk that loses the case the second machine would write into nothing. */
void sim_conflict(struct sim_host *host, struct sim_errand *errand,
                  const struct sim_case *c)
{
    if (host->is_flawed || host->is_set_back)
        return;
    errand->done = on_step;
    errand->which = (uint32_t)(c - host->cases);
    errand->step = WRITE;
    ask(host, errand, (struct bytes){0});
}
