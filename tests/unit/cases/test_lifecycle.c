/* How a case comes to its end: each move of the table, and what comes of steps that saw
 * nothing of each other. Prints docs/LIFECYCLE.md. */
#include "town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/lifecycle.h"
#include "node/cases/schema.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 77);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* --- steps --- */

/* A step, and its texts and flags (a NULL text) in pairs. */
struct taken {
    const char *name, *kind;
    const char *fields[9];
};

static const struct taken taken[] = {
    {"triage",
     "triage",
     {"solvable", NULL, "danger", NULL, "beyond", NULL, "decision", "keep"}},
    {"handle", "handle", {"owner", "李调解"}},
    {"sent", "sent", {NULL}},
    {"settle", "settle", {"outcome", "agreement", "text", "各清一段"}},
    {"follow-up", "follow-up", {"result", "kept", "text", "都满意"}},
    {"close by word",
     "close",
     {"oral", NULL, "outcome", "agreement", "follow-up", "当面点头"}},
    {"close", "close", {"text", "归档"}},
    {"reopen", "reopen", {"reason", "沟又堵上了"}},
    {"task", "task", {"text", "量沟", "owner", "李调解", "due", "2026-12-01"}},
    {"request", "request", {"onward", "ask", "reason", "涉及两村"}},
};
#define TAKEN (sizeof(taken) / sizeof(taken[0]))

static const struct taken *taken_named(const char *name)
{
    for (size_t i = 0; i < TAKEN; i++)
        if (strcmp(taken[i].name, name) == 0)
            return &taken[i];
    fail_msg("there is no step %s", name);
    return NULL;
}

static void put_fields(struct town *town, struct op *op, const struct taken *step)
{
    struct story *story = town->story;
    for (size_t i = 0; step->fields[i] != NULL; i += 2)
        story_put(op, step->fields[i],
                  step->fields[i + 1] == NULL ? story_flag(story, true)
                                              : story_text(story, step->fields[i + 1]));
    if (strcmp(step->kind, "triage") == 0)
        story_put(op, "reason", story_text(story, "两家愿意谈"));
    if (strcmp(step->kind, "request") == 0)
        story_put(op, "fields", story_texts(story, "title context"));
    if (strcmp(step->kind, "sent") == 0) {
        story_put(op, "escalation",
                  story_bin(story, town_site(town, VILLAGE)->bytes, 32));
        story_put(op, "salt", story_bin(story, town_site(town, VILLAGE)->bytes, 32));
    }
}

/* After these two, or after one of them where the other is NULL. */
static const struct op *take_after(struct town *town, struct log *log, const char *name,
                                   const struct op *one, const struct op *other)
{
    const struct taken *step = taken_named(name);
    struct op *op = log_begin_after(town, VILLAGE, step->kind, one);
    if (other != NULL)
        story_after(op, other);
    put_fields(town, op, step);
    return log_seal(town, log, op, &town->sites[VILLAGE].steward);
}

static const struct op *take(struct town *town, struct log *log, const char *name)
{
    return take_after(town, log, name, log->ops[log->len - 1], NULL);
}

/* Steps parted by commas, one after the other; the last of them. */
static const struct op *go(struct town *town, struct log *log, const char *names)
{
    const struct op *last = log->ops[log->len - 1];
    for (const char *at = names; *at != '\0'; at += strspn(at, ",")) {
        char name[24];
        size_t len = strcspn(at, ",");
        (void)snprintf(name, sizeof(name), "%.*s", (int)len, at);
        last = take_after(town, log, name, last, NULL);
        at += len;
    }
    return last;
}

static const char *const ways[LIFECYCLE_STATES] = {
    [LIFECYCLE_REGISTERED] = "",
    [LIFECYCLE_TRIAGED] = "triage",
    [LIFECYCLE_HANDLING] = "triage,handle",
    [LIFECYCLE_ESCALATED] = "triage,sent",
    [LIFECYCLE_SETTLED] = "triage,settle",
    [LIFECYCLE_FOLLOWED_UP] = "triage,settle,follow-up",
    [LIFECYCLE_CLOSED] = "triage,settle,follow-up,close",
};

#define TO_THE_END "triage,handle,settle,follow-up,close"

/* --- the table --- */

static void each_move_is_the_one_of_the_table(void **state)
{
    struct town *town = *state;
    for (int from = 0; from < LIFECYCLE_STATES; from++) {
        for (size_t i = 0; i < TAKEN; i++) {
            struct log log = {0};
            town_case(town, &log);
            go(town, &log, ways[from]);
            town_assert_state(town, &log, lifecycle_state_text(from));

            const struct op *op = take(town, &log, taken[i].name);

            const struct lifecycle_move *move = &lifecycle_step(op)->from[from];
            bool is_refused = move->refusal != EFFECT_YES;
            assert_int_equal(town_effect(town, &log, op), move->refusal);
            town_assert_state(
                town, &log,
                lifecycle_state_text(is_refused ? (enum lifecycle_state)from : move->to));
        }
    }
}

static void the_steps_of_the_table_are_these(void **state)
{
    size_t len;
    const struct lifecycle_step *steps = lifecycle_steps(&len);
    (void)state;
    assert_int_equal(len, TAKEN);
    for (size_t i = 0; i < len; i++) {
        assert_string_equal(steps[i].kind, taken[i].kind);
        const struct schema_kind *kind = schema_kind(bytes_str(steps[i].kind));
        assert_int_equal(kind->scope, SCOPE_CASE);
        assert_int_equal(kind->keeps_open, strcmp(steps[i].kind, "close") != 0);
        for (int from = 0; from < LIFECYCLE_STATES; from++)
            if (!steps[i].moves && steps[i].from[from].refusal == EFFECT_YES)
                assert_int_equal(steps[i].from[from].to, from);
    }
}

static void steps_are_joined_in_any_order(void **state)
{
    (void)state;
    for (int a = 0; a < LIFECYCLE_STATES; a++)
        for (int b = 0; b < LIFECYCLE_STATES; b++)
            for (int c = 0; c < LIFECYCLE_STATES; c++) {
                assert_int_equal(lifecycle_join(a, b), lifecycle_join(b, a));
                assert_int_equal(lifecycle_join(a, lifecycle_join(b, c)),
                                 lifecycle_join(lifecycle_join(a, b), c));
            }
    assert_int_equal(lifecycle_join(LIFECYCLE_CLOSED, LIFECYCLE_HANDLING),
                     LIFECYCLE_HANDLING);
    assert_int_equal(lifecycle_join(LIFECYCLE_SETTLED, LIFECYCLE_FOLLOWED_UP),
                     LIFECYCLE_SETTLED);
    assert_int_equal(lifecycle_join(LIFECYCLE_ESCALATED, LIFECYCLE_TRIAGED),
                     LIFECYCLE_ESCALATED);
}

/* --- the end of a case --- */

static void nothing_closes_without_an_outcome_and_a_follow_up(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    go(town, &log, "triage,handle");
    const struct op *without_outcome = take(town, &log, "close");
    take(town, &log, "settle");
    const struct op *without_follow_up = take(town, &log, "close");
    take(town, &log, "follow-up");

    const struct op *close = take(town, &log, "close");

    assert_int_equal(town_effect(town, &log, without_outcome), EFFECT_NOT_SETTLED);
    assert_int_equal(town_effect(town, &log, without_follow_up), EFFECT_NOT_FOLLOWED_UP);
    assert_int_equal(town_effect(town, &log, close), EFFECT_YES);
    town_assert_state(town, &log, "closed");
}

static void the_outcome_has_to_lie_in_the_past_of_the_close(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *triage = take(town, &log, "triage");
    go(town, &log, "settle,follow-up");

    const struct op *close = take_after(town, &log, "close", triage, NULL);

    assert_int_equal(town_effect(town, &log, close), EFFECT_NOT_SETTLED);
    town_assert_state(town, &log, "followed-up");
}

static void an_agreement_by_word_of_mouth_closes_in_one_step(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);

    take(town, &log, "close by word");

    town_assert_state(town, &log, "closed");
}

static void half_a_step_by_word_of_mouth_is_none(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "close");
    story_put(op, "oral", story_flag(town->story, true));
    story_put(op, "outcome", story_text(town->story, "agreement"));

    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NOT_SETTLED);
}

static void what_is_erased_of_a_close_does_not_open_the_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *close = take(town, &log, "close by word");

    log.ops[log.len - 1] = story_withhold(town->story, close, 0);

    town_assert_state(town, &log, "closed");
}

static void a_closed_case_can_be_followed_up_and_stays_closed(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    go(town, &log, TO_THE_END);

    const struct op *later = take(town, &log, "follow-up");

    assert_int_equal(town_effect(town, &log, later), EFFECT_YES);
    town_assert_state(town, &log, "closed");
}

static void what_was_reopened_needs_an_outcome_and_a_follow_up_anew(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    go(town, &log, TO_THE_END ",reopen");
    town_assert_state(town, &log, "handling");

    const struct op *at_once = take(town, &log, "close");
    go(town, &log, "settle,follow-up,close");

    assert_int_equal(town_effect(town, &log, at_once), EFFECT_NOT_SETTLED);
    town_assert_state(town, &log, "closed");
}

static void a_reopen_that_did_not_see_the_close_has_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *before = go(town, &log, "triage,settle,follow-up");
    take(town, &log, "close");

    const struct op *reopen = take_after(town, &log, "reopen", before, NULL);

    assert_int_equal(town_effect(town, &log, reopen), EFFECT_NOT_CLOSED);
    town_assert_state(town, &log, "closed");
}

/* --- steps that saw nothing of each other --- */

static void whatever_keeps_a_case_open_beats_a_concurrent_close(void **state)
{
    static const struct {
        const char *step, *state;
    } rows[] = {
        {"triage", "triaged"},   {"handle", "handling"},       {"sent", "escalated"},
        {"settle", "settled"},   {"follow-up", "followed-up"}, {"request", "followed-up"},
        {"task", "followed-up"},
    };
    struct town *town = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct log log = {0};
        town_case(town, &log);
        const struct op *before = go(town, &log, "triage,settle,follow-up");
        take_after(town, &log, "close", before, NULL);
        town_assert_state(town, &log, "closed");

        take_after(town, &log, rows[i].step, before, NULL);

        town_assert_state(town, &log, rows[i].state);
    }
}

static void who_has_seen_what_kept_it_open_closes_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *before = go(town, &log, "triage,settle,follow-up");
    const struct op *close = take_after(town, &log, "close", before, NULL);
    const struct op *request = take_after(town, &log, "request", before, NULL);
    town_assert_state(town, &log, "followed-up");

    take_after(town, &log, "close", close, request);

    town_assert_state(town, &log, "closed");
}

/* What it saw was settled again behind it, by somebody else. */
static void a_step_that_came_of_one_that_was_not_seen_keeps_open_too(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *before = go(town, &log, "triage,settle,follow-up");
    take_after(town, &log, "close", before, NULL);
    const struct op *handle = take_after(town, &log, "handle", before, NULL);
    town_assert_state(town, &log, "handling");

    take_after(town, &log, "settle", handle, NULL);

    town_assert_state(town, &log, "settled");
}

static void two_closes_that_each_missed_something_close_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *before = go(town, &log, "triage,settle,follow-up");
    const struct op *one = take_after(town, &log, "follow-up", before, NULL);
    const struct op *other = take_after(town, &log, "follow-up", before, NULL);
    take_after(town, &log, "close", one, NULL);
    take_after(town, &log, "close", other, NULL);
    town_assert_state(town, &log, "followed-up");

    take_after(town, &log, "close", one, other);

    town_assert_state(town, &log, "closed");
}

static void a_step_without_effect_moves_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    go(town, &log, TO_THE_END);
    struct op *op = log_begin(town, &log, VILLAGE, "reopen");
    story_put(op, "reason", story_text(town->story, "再查"));

    log_seal(town, &log, op, &town->sites[VILLAGE].desk); /* has no right */

    town_assert_state(town, &log, "closed");
}

/* --- docs/LIFECYCLE.md --- */

static void add(struct buf *page, const char *text)
{
    buf_add(page, text, strlen(text));
}

static void print_name(struct buf *page, const struct lifecycle_step *step)
{
    add(page, step->kind);
    if (step->naming == NULL)
        return;
    add(page, " with");
    for (const char *const *name = step->naming; *name != NULL; name++) {
        add(page, " ");
        add(page, *name);
    }
}

/* Mermaid takes no hyphen in a name. */
static void print_state(struct buf *page, int state)
{
    for (const char *c = lifecycle_state_text(state); *c != '\0'; c++)
        buf_add(page, *c == '-' ? "_" : c, 1);
}

/* Moves from one state to another, the steps of both ends on one line. */
static void print_arrows(struct buf *page, int from, int to)
{
    size_t len;
    bool is_any = false;
    const struct lifecycle_step *steps = lifecycle_steps(&len);
    for (size_t i = 0; i < len; i++) {
        const struct lifecycle_move *move = &steps[i].from[from];
        if (!steps[i].moves || move->refusal != EFFECT_YES || (int)move->to != to)
            continue;
        if (!is_any) {
            add(page, "    ");
            print_state(page, from);
            add(page, " --> ");
            print_state(page, to);
        }
        add(page, is_any ? ", " : ": ");
        print_name(page, &steps[i]);
        is_any = true;
    }
    add(page, is_any ? "\n" : "");
}

static void print_graph(struct buf *page)
{
    add(page, "\n```mermaid\nstateDiagram-v2\n    [*] --> registered: case-new\n");
    for (int from = 0; from < LIFECYCLE_STATES; from++)
        for (int to = 0; to < LIFECYCLE_STATES; to++)
            if (from != to)
                print_arrows(page, from, to);
    add(page, "```\n");
}

static void print_table(struct buf *page)
{
    size_t len;
    const struct lifecycle_step *steps = lifecycle_steps(&len);
    add(page, "\n| step |");
    for (int from = 0; from < LIFECYCLE_STATES; from++) {
        add(page, " ");
        add(page, lifecycle_state_text(from));
        add(page, " ");
        add(page, lifecycle_state_zh(from));
        add(page, " |");
    }
    add(page, " keeps open |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < len; i++) {
        add(page, "| ");
        print_name(page, &steps[i]);
        for (int from = 0; from < LIFECYCLE_STATES; from++) {
            const struct lifecycle_move *move = &steps[i].from[from];
            bool is_refused = move->refusal != EFFECT_YES;
            add(page, is_refused ? " | *" : " | ");
            add(page, is_refused              ? effect_name(move->refusal)
                      : (int)move->to == from ? "stays"
                                              : lifecycle_state_text(move->to));
            add(page, is_refused ? "*" : "");
        }
        add(page,
            schema_kind(bytes_str(steps[i].kind))->keeps_open ? " | yes |\n" : " | |\n");
    }
}

static void print_page(struct buf *page)
{
    add(page,
        "# The way of a case\n\nPrinted from `node/cases/lifecycle.c` by "
        "`test_cases_lifecycle --print`; a test fails where this\npage differs. A step "
        "in a state leads to the state named, or has no effect, for the reason "
        "in\n*italics* (docs/SCHEMA.md). Steps that are not named here move nothing and "
        "are taken in any state.\n\nA step is judged by what lies in its past. Of steps "
        "that saw nothing of each other the one counts\nthat leaves more to be done; of "
        "open states that is the one further on. A close counts only where\nit has seen "
        "everything that keeps the case open.\n");
    print_graph(page);
    print_table(page);
}

static void the_printed_page_is_the_table(void **state)
{
    struct buf page = {0}, file = {0};
    (void)state;
    print_page(&page);
    assert_int_equal(buf_status(&page), STATUS_OK);
    FILE *stream = fopen(LIFECYCLE_PAGE, "rb");
    assert_non_null(stream);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof(chunk), stream)) > 0;)
        buf_add(&file, chunk, got);
    assert_int_equal(fclose(stream), 0);

    if (!bytes_equal(buf_bytes(&page), buf_bytes(&file)))
        fail_msg("docs/LIFECYCLE.md differs: test_cases_lifecycle --print > "
                 "docs/LIFECYCLE.md");
    buf_deinit(&page);
    buf_deinit(&file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--print") == 0) {
        struct buf page = {0};
        print_page(&page);
        size_t written = fwrite(page.data, 1, page.len, stdout);
        bool is_whole = !page.failed && written == page.len;
        buf_deinit(&page);
        return is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_printed_page_is_the_table),
        cmocka_unit_test(the_steps_of_the_table_are_these),
        cmocka_unit_test(steps_are_joined_in_any_order),
        TEST(each_move_is_the_one_of_the_table),
        TEST(nothing_closes_without_an_outcome_and_a_follow_up),
        TEST(the_outcome_has_to_lie_in_the_past_of_the_close),
        TEST(an_agreement_by_word_of_mouth_closes_in_one_step),
        TEST(half_a_step_by_word_of_mouth_is_none),
        TEST(what_is_erased_of_a_close_does_not_open_the_case),
        TEST(a_closed_case_can_be_followed_up_and_stays_closed),
        TEST(what_was_reopened_needs_an_outcome_and_a_follow_up_anew),
        TEST(a_reopen_that_did_not_see_the_close_has_no_effect),
        TEST(whatever_keeps_a_case_open_beats_a_concurrent_close),
        TEST(who_has_seen_what_kept_it_open_closes_it),
        TEST(a_step_that_came_of_one_that_was_not_seen_keeps_open_too),
        TEST(two_closes_that_each_missed_something_close_nothing),
        TEST(a_step_without_effect_moves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
