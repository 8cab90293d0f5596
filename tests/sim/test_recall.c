/* A record that went up is called back: what is left of it, and where. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants these before it. */
#include <setjmp.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/view.h"
#include "tests/sim/card.h"
#include "tests/sim/sim_county.h"

#define CANARY "CANARY-RECALLED"

static void text_of(struct bytes map, const char *name, char *out, size_t size)
{
    struct bytes text;
    assert_true(view_map_text(map, name, &text));
    (void)snprintf(out, size, "%.*s", (int)text.len, (const char *)text.data);
}

/* A case full of canaries goes up; its record, in hex too. */
static struct id release(struct sim_county *f, char hex[static 65])
{
    struct buf out = {0};
    struct id record;
    char number[32];
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title",
            CANARY " title", "narrative", CANARY " narrative", "context",
            CANARY " context", "parties", "[" CANARY "=甲方]");
    text_of(buf_bytes(&out), "number", number, sizeof(number));
    SIM_SAY(f, f->fengyuan, &out, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", CANARY " triage");
    SIM_SAY(f, f->fengyuan, &out, "case.consent", "case", number, "party", CANARY,
            "fields", "[title,context,parties]", "manner", "oral", "witness", "王某");
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number, "fields",
            "[title,context,parties]", "reason", CANARY " reason", "onward", "yes");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    hex_encode(hex, record.bytes, ID_SIZE);
    buf_deinit(&out);
    return record;
}

/* The township opens it, says something of its own, and sends it onward. */
static void answer(struct sim_county *f, const char *hex)
{
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text",
            "先测量水位");
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
            "请县里看");
}

static void recall(struct sim_county *f, const char *hex)
{
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "当事人撤回同意");
}

/* Does that text stand anywhere in a file of that machine? */
static bool is_on_disk(const struct sim_county *f, enum card card, const char *text)
{
    static const char *const ends[] = {"", "-wal"};
    bool is_found = false;
    for (int i = 0; i < 2; i++) {
        char name[SCRATCH_SIZE + 64], chunk[4096];
        struct buf bytes = {0};
        (void)snprintf(name, sizeof(name), "%s/node-%d.db%s", f->directory, (int)card,
                       ends[i]);
        FILE *file = fopen(name, "rb");
        assert_non_null(file);
        for (size_t got; (got = fread(chunk, 1, sizeof(chunk), file)) > 0;)
            buf_add(&bytes, chunk, got);
        assert_int_equal(fclose(file), 0);
        is_found |= memmem(bytes.data, bytes.len, text, strlen(text)) != NULL;
        buf_deinit(&bytes);
    }
    return is_found;
}

/* --- how many machines have answered, and how many not, as a node sees it --- */

static void assert_answers(struct sim_county *f, struct world_node *node,
                           uint32_t answered, uint32_t missing)
{
    struct buf out = {0};
    struct bytes recalls, one;
    uint32_t len;
    SIM_SAY(f, node, &out, "recall.list");
    assert_true(view_map_get(buf_bytes(&out), "recalls", &recalls));
    struct pack_reader reader = pack_reader_of(recalls);
    assert_int_equal(pack_read_array(&reader, &len, NULL), STATUS_OK);
    assert_int_equal(len, 1);
    assert_int_equal(pack_value(&reader, 1, &one, NULL), STATUS_OK);
    assert_int_equal(view_map_count(one, "answered"), answered);
    assert_int_equal(view_map_count(one, "missing"), missing);
    assert_true(view_map_has_text(one, "reason", "当事人撤回同意"));
    buf_deinit(&out);
}

/* --- the tests --- */

static void I7_no_byte_of_what_was_recalled_is_left_with_whoever_held_it(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct id record = release(f, hex);
    world_run(f->world, 5000);
    answer(f, hex);
    world_run(f->world, 5000);
    assert_true(is_on_disk(f, CARD_TOWNSHIP, CANARY));
    assert_true(is_on_disk(f, CARD_COUNTY, CANARY));

    recall(f, hex);
    world_run(f->world, 5000);

    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));
    assert_false(is_on_disk(f, CARD_COUNTY, CANARY));
    assert_true(is_on_disk(f, CARD_FENGYUAN, CANARY)); /* the case is its own */
    assert_true(is_on_disk(f, CARD_TOWNSHIP, "先测量水位"));
    sim_assert_state(f, f->fengyuan, &record, "recalled");
    sim_assert_state(f, f->township, &record, "recalled");
    sim_assert_state(f, f->county, &record, "recalled");
    assert_answers(f, f->fengyuan, 2, 0);
    assert_answers(f, f->county, 2, 0);
}

static void report(void *context, const char *finding)
{
    (void)context;
    fail_msg("%s", finding);
}

static void what_is_left_of_it_verifies_and_folds_as_before(void **state)
{
    struct sim_county *f = *state;
    struct buf before = {0}, after = {0};
    char hex[65];
    (void)release(f, hex);
    world_run(f->world, 5000);
    answer(f, hex);
    world_run(f->world, 5000);
    recall(f, hex);
    world_run(f->world, 5000);

    assert_int_equal(store_check(world_store(f->township), report, NULL), STATUS_OK);
    assert_int_equal(store_dump(world_store(f->township), &before), STATUS_OK);
    assert_int_equal(world_rebuild(f->township), STATUS_OK);
    assert_int_equal(store_dump(world_store(f->township), &after), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    buf_deinit(&before);
    buf_deinit(&after);
}

static void a_recall_beats_the_answer_that_crosses_it(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id advice;
    char hex[65];
    struct id record = release(f, hex);
    world_run(f->world, 5000);
    world_set_offline(f->world, f->fengyuan, true);
    recall(f, hex);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, &out, "escalation.advise", "escalation", hex, "text", "请等");
    assert_true(view_map_id(buf_bytes(&out), "op", &advice));
    assert_answers(f, f->fengyuan, 0, 1);
    assert_true(is_on_disk(f, CARD_TOWNSHIP, CANARY));

    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 600000);

    assert_string_equal(sim_refused(f->township, &record, &advice), "recalled");
    assert_string_equal(sim_refused(f->fengyuan, &record, &advice), "recalled");
    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));
    assert_answers(f, f->fengyuan, 1, 0);
    assert_int_equal(world_say(f->world, f->township, NULL, "escalation.decide",
                               "escalation", hex, "text", "还是要办", NULL),
                     STATUS_DENIED);
    buf_deinit(&out);
}

static void nothing_of_it_is_given_out_again(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    world_power_off(f->world, f->township);
    card_keep(f, CARD_TOWNSHIP, "before");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    world_run(f->world, 60000);
    struct id record = release(f, hex);
    world_run(f->world, 60000);
    recall(f, hex);
    world_run(f->world, 60000);
    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));
    world_power_off(f->world, f->township);
    card_restore(f, CARD_TOWNSHIP, "before");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    sim_assert_state(f, f->township, &record, "unknown");

    world_run(f->world, 600000);

    sim_assert_state(f, f->township, &record, "recalled");
    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));
}

static void a_recall_comes_where_no_more_is_taken_from_its_site(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct id record = release(f, hex);
    world_run(f->world, 5000);
    SIM_SAY(f, f->township, NULL, "peer.quota", "site", "枫源村", "ops", "1");

    recall(f, hex);
    world_run(f->world, 60000);

    sim_assert_state(f, f->township, &record, "recalled");
    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));
}

static void O4_only_the_founders_steward_recalls_and_says_why(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    struct id record = release(f, hex);
    world_run(f->world, 5000);
    assert_int_equal(world_say(f->world, f->township, NULL, "escalation.recall",
                               "escalation", hex, "reason", "不想办", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalation.recall",
                               "escalation", hex, NULL),
                     STATUS_INVALID);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalation.recall",
                               "escalation", hex, "reason", "不想办", NULL),
                     STATUS_DENIED);
    sim_assert_state(f, f->fengyuan, &record, "received");
}

/* A correct node writes none into a case, and there it calls nothing back. */
static void a_recall_in_a_case_is_kept_and_has_no_effect(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, bytes = {0};
    struct id scope;
    struct draft draft;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title",
            CANARY " title", "narrative", "两家争执。");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    draft_init(&draft, "recall", NULL);
    draft_text(&draft, "reason", bytes_str("撤回"));
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = &scope,
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);

    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);

    assert_true(is_on_disk(f, CARD_FENGYUAN, CANARY " title"));
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_non_null(memmem(out.data, out.len, CANARY, strlen(CANARY)));
    draft_deinit(&draft);
    buf_deinit(&bytes);
    buf_deinit(&out);
}

/* --- by the case --- */

/* A case that may go up; its number. */
static void new_case(struct sim_county *f, const char *title, char number[static 32],
                     char scope_hex[static 65])
{
    struct buf out = {0};
    struct id scope;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", title,
            "narrative", "经过", "context", CANARY " context", "parties",
            "[" CANARY "=甲方]");
    text_of(buf_bytes(&out), "number", number, 32);
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    hex_encode(scope_hex, scope.bytes, ID_SIZE);
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "涉及两村");
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", CANARY,
            "fields", "[title,context,parties]", "manner", "oral", "witness", "王某");
    buf_deinit(&out);
}

static struct id release_it(struct sim_county *f, const char *number, const char *fields)
{
    struct buf out = {0};
    struct id record;
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number, "fields", fields,
            "reason", "请镇里看");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    buf_deinit(&out);
    return record;
}

/* How many records were recalled by that word of a case. */
static uint32_t recall_case(struct sim_county *f, const char *word)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "escalation.recall", "case", word, "reason",
            "当事人撤回同意");
    uint32_t len = view_map_count(buf_bytes(&out), "recalled");
    struct id op;
    assert_true(view_map_id(buf_bytes(&out), "op", &op));
    buf_deinit(&out);
    return len;
}

static enum status recall_case_refused(struct sim_county *f, const char *word)
{
    return world_say(f->world, f->fengyuan, NULL, "escalation.recall", "case", word,
                     "reason", "不想办", NULL);
}

static void a_case_takes_back_whatever_of_it_is_with_others(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65], other_number[32], other_hex[65];
    new_case(f, "排水沟", number, hex);
    new_case(f, "宅基地", other_number, other_hex);
    struct id first = release_it(f, number, "[title,context]");
    struct id second = release_it(f, number, "[title,context,parties]");
    struct id other = release_it(f, other_number, "[title,context]");
    world_run(f->world, 5000);
    sim_assert_state(f, f->township, &first, "received");
    sim_assert_state(f, f->township, &second, "received");

    assert_int_equal(recall_case(f, number), 2);
    world_run(f->world, 5000);

    sim_assert_state(f, f->fengyuan, &first, "recalled");
    sim_assert_state(f, f->fengyuan, &second, "recalled");
    sim_assert_state(f, f->township, &first, "recalled");
    sim_assert_state(f, f->township, &second, "recalled");
    sim_assert_state(f, f->township, &other, "received");
    assert_false(is_on_disk(f, CARD_TOWNSHIP, "排水沟"));
    assert_true(is_on_disk(f, CARD_TOWNSHIP, "宅基地"));
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalation.recall", "case",
                               number, "reason", "再次", NULL),
                     STATUS_INVALID);
}

static void what_was_recalled_before_is_not_recalled_again(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65], first_hex[65];
    new_case(f, "排水沟", number, hex);
    struct id first = release_it(f, number, "[title,context]");
    struct id second = release_it(f, number, "[title,context,parties]");
    hex_encode(first_hex, first.bytes, ID_SIZE);
    recall(f, first_hex);

    assert_int_equal(recall_case(f, hex), 1); /* by the id of the case, too */

    sim_assert_state(f, f->fengyuan, &first, "recalled");
    sim_assert_state(f, f->fengyuan, &second, "recalled");
    assert_int_equal(recall_case_refused(f, hex), STATUS_INVALID);
    release_it(f, number, "[title,context]"); /* sharing again is a new escalation */
    hex[8] = '\0';
    assert_int_equal(recall_case(f, hex), 1);
}

static void a_case_that_never_went_up_has_nothing_to_recall(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65], record_hex[65];
    new_case(f, "排水沟", number, hex);
    assert_int_equal(recall_case_refused(f, number), STATUS_INVALID);
    assert_int_equal(recall_case_refused(f, "2026-0999"), STATUS_NOT_FOUND);

    /* One of both, and not both. */
    struct id record = release_it(f, number, "[title,context]");
    hex_encode(record_hex, record.bytes, ID_SIZE);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalation.recall", "case",
                               number, "escalation", record_hex, "reason", "两样", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalation.recall", "reason",
                               "都没有", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "escalation.recall", "case", number, NULL),
        STATUS_INVALID);
    sim_assert_state(f, f->fengyuan, &record, "received");
}

static void O4_a_mediator_recalls_nothing_of_a_case(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65];
    new_case(f, "排水沟", number, hex);
    struct id first = release_it(f, number, "[title,context]");
    struct id second = release_it(f, number, "[title,context,parties]");
    world_run(f->world, 5000);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);

    assert_int_equal(recall_case_refused(f, number), STATUS_DENIED);

    sim_assert_state(f, f->fengyuan, &first, "received");
    sim_assert_state(f, f->fengyuan, &second, "received");
}

/* --- danger to life --- */

static void new_danger(struct sim_county *f, const char *danger, char number[static 32])
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "家庭", "title", "持刀威胁",
            "narrative", "经过", "context", "此前两次报警", "parties",
            "[张某=甲方,李某=乙方]");
    text_of(buf_bytes(&out), "number", number, 32);
    SIM_SAY(f, f->fengyuan, &out, "case.triage", "case", number, "decision", "escalate",
            danger, "true", "reason", "有人持刀");
    buf_deinit(&out);
}

static uint32_t unconfirmed(struct sim_county *f)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "status");
    uint32_t len = view_map_count(buf_bytes(&out), "unconfirmed");
    buf_deinit(&out);
    return len;
}

/* What the township reads of the exception. */
static void assert_danger(struct sim_county *f, const char *hex, bool confirmed)
{
    struct buf out = {0};
    struct bytes view, danger;
    bool is_confirmed;
    SIM_SAY(f, f->township, &out, "escalation.show", "escalation", hex);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    assert_true(view_map_get(view, "danger", &danger));
    assert_true(view_map_has_text(danger, "reason", "持刀,人在屋里"));
    assert_true(view_map_flag(danger, "confirmed", &is_confirmed));
    assert_int_equal(is_confirmed, confirmed);
    buf_deinit(&out);
}

static void send_in_danger(struct sim_county *f, const char *number, char hex[static 65])
{
    struct buf out = {0};
    struct id record;
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number, "fields",
            "[title,context,parties]", "danger", "持刀,人在屋里");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    buf_deinit(&out);
}

static void a_mediator_sends_in_danger_and_a_steward_stands_by_it(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65];
    new_danger(f, "danger", number);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalate.release", "case",
                               number, "fields", "[title,context]", "reason", "急", NULL),
                     STATUS_DENIED);

    send_in_danger(f, number, hex);

    assert_danger(f, hex, false);
    assert_int_equal(unconfirmed(f), 1);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "escalate.confirm", "case", number, NULL),
        STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "escalate.confirm", "case", number, "text", "属实");
    world_run(f->world, 5000);
    assert_danger(f, hex, true);
    assert_int_equal(unconfirmed(f), 0);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "escalate.confirm", "case", number, NULL),
        STATUS_INVALID);
}

static void what_was_sent_in_danger_is_confirmed_by_its_record_too(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65];
    new_danger(f, "danger", number);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    send_in_danger(f, number, hex);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);

    /* Not both, not neither, and not at the site that got it. */
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalate.confirm", "case",
                               number, "escalation", hex, NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalate.confirm", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->township, NULL, "escalate.confirm",
                               "escalation", hex, NULL),
                     STATUS_DENIED);
    assert_danger(f, hex, false);
    SIM_SAY(f, f->fengyuan, NULL, "escalate.confirm", "escalation", hex, "text", "属实");
    assert_danger(f, hex, true);
    assert_int_equal(unconfirmed(f), 0);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalate.confirm",
                               "escalation", hex, NULL),
                     STATUS_INVALID);
}

static bool take_first(void *context, struct bytes element)
{
    *(struct bytes *)context = element;
    return false;
}

/* The first row of what the township is told. */
static struct bytes first_row(struct sim_county *f, const char *method, const char *rows,
                              struct buf *out)
{
    struct bytes row = {0};
    SIM_SAY(f, f->township, out, method, NULL, NULL);
    view_map_each(buf_bytes(out), rows, take_first, &row);
    assert_true(row.len > 0);
    return row;
}

static void what_was_sent_in_danger_comes_first_until_it_is_answered(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes row, why = {0};
    char number[32], hex[65];
    bool is_danger = false;
    (void)sim_escalate(f, f->fengyuan, "水渠"); /* before it, and due before it */
    new_danger(f, "danger", number);
    send_in_danger(f, number, hex);

    row = first_row(f, "agenda", "records", &out);
    assert_true(view_map_has_text(row, "title", "持刀威胁"));
    view_map_each(row, "why", take_first, &why);
    struct pack_reader reader = pack_reader_of(why);
    assert_int_equal(pack_read_str(&reader, &why, NULL), STATUS_OK);
    assert_true(bytes_equal_str(why, "danger"));
    row = first_row(f, "due", "items", &out);
    assert_true(view_map_has_text(row, "title", "持刀威胁"));
    assert_true(view_map_flag(row, "danger", &is_danger) && is_danger);
    row = first_row(f, "inbox", "escalations", &out);
    assert_true(view_map_flag(row, "danger", &is_danger) && is_danger);

    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.decide", "escalation", hex, "text",
            "已到场");
    row = first_row(f, "due", "items", &out);
    assert_true(view_map_has_text(row, "title", "水渠"));
    row = first_row(f, "agenda", "records", &out);
    assert_true(view_map_has_text(row, "title", "水渠"));
    buf_deinit(&out);
}

static void or_the_steward_recalls_what_the_mediator_sent(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65];
    new_danger(f, "danger", number);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    send_in_danger(f, number, hex);
    assert_true(is_on_disk(f, CARD_TOWNSHIP, "此前两次报警"));
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);

    recall(f, hex);
    world_run(f->world, 5000);

    assert_int_equal(unconfirmed(f), 0);
    assert_false(is_on_disk(f, CARD_TOWNSHIP, "此前两次报警"));
    assert_false(is_on_disk(f, CARD_TOWNSHIP, "人在屋里"));
}

static void without_a_triage_that_says_danger_there_is_no_exception(void **state)
{
    struct sim_county *f = *state;
    char number[32];
    new_danger(f, "beyond", number);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalate.release", "case",
                               number, "fields", "[title,context]", "danger", "急", NULL),
                     STATUS_DENIED);
}

/* How often the file was made: writing it anew counts as a change of its schema. */
static int64_t times_written(const struct sim_county *f, enum card card)
{
    char name[SCRATCH_SIZE + 64];
    sqlite3 *db;
    sqlite3_stmt *stmt;
    (void)snprintf(name, sizeof(name), "file:%s/node-%d.db?immutable=1", f->directory,
                   (int)card);
    assert_int_equal(
        sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA schema_version", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t times = sqlite3_column_int64(stmt, 0);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return times;
}

/* The village brings the township one more op of its record, with contents. */
static struct id bring_late(struct sim_county *f, const struct id *record,
                            const struct id *parents, uint64_t time)
{
    struct riders riders = {.once = true, .len = 1};
    struct draft draft;
    draft_init(&draft, "advise", record);
    draft_text(&draft, "text", bytes_str(CANARY " too late"));
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = record,
                              .of = f->fengyuan,
                              .parents = parents,
                              .parents_len = parents != NULL,
                              .time = time};
    struct id late = sim_forge(&forgery, &riders.ops);
    world_set_mutator(f->fengyuan, sim_ride, &riders);
    sim_add_person(f, f->fengyuan, time == 0 ? "赵某" : "钱某", "observer", NULL);
    world_run(f->world, 10000);
    world_set_mutator(f->fengyuan, NULL, NULL);
    assert_int_equal(riders.sent, 1);
    draft_deinit(&draft);
    buf_deinit(&riders.ops);
    return late;
}

static struct id recalled_record(struct sim_county *f)
{
    char hex[65];
    struct id record = release(f, hex);
    world_run(f->world, 5000);
    recall(f, hex);
    world_run(f->world, 5000);
    return record;
}

/* Or whoever recalled once could let every holder write its file as often as he likes. */
static void what_comes_into_a_recalled_record_is_never_written(void **state)
{
    struct sim_county *f = *state;
    struct store_place place;
    int64_t before = times_written(f, CARD_TOWNSHIP);
    struct id record = recalled_record(f);
    int64_t after = times_written(f, CARD_TOWNSHIP);
    assert_true(after > before);

    struct id late = bring_late(f, &record, NULL, 0);

    assert_int_equal(store_op_find(world_store(f->township), &late, &place), STATUS_OK);
    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));
    assert_int_equal(times_written(f, CARD_TOWNSHIP), after);
}

static void nor_where_it_waits_or_would_be_set_apart(void **state)
{
    struct sim_county *f = *state;
    const struct id unknown = {{9}};
    struct store_place place;
    struct id record = recalled_record(f);

    struct id waits = bring_late(f, &record, &unknown, 99);
    assert_int_equal(store_op_find(world_store(f->township), &waits, &place), STATUS_OK);
    assert_true(place.waits);
    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));

    struct id wrong = bring_late(f, &record, NULL, 77);
    assert_int_equal(store_op_find(world_store(f->township), &wrong, &place),
                     STATUS_NOT_FOUND);
    assert_int_equal(sim_status(f, f->township, "quarantined"), 0);
    assert_false(is_on_disk(f, CARD_TOWNSHIP, CANARY));
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)

/* Its receipt is under the key that it had. */
static void a_machine_that_was_given_other_keys_has_answered(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    (void)release(f, hex);
    world_run(f->world, 5000);
    recall(f, hex);
    world_run(f->world, 5000);
    assert_answers(f, f->fengyuan, 1, 0);

    SIM_SAY(f, f->township, NULL, "node.renew");
    world_run(f->world, 120000);

    assert_answers(f, f->fengyuan, 1, 0);
    assert_answers(f, f->township, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_machine_that_was_given_other_keys_has_answered),
        TEST(I7_no_byte_of_what_was_recalled_is_left_with_whoever_held_it),
        TEST(what_is_left_of_it_verifies_and_folds_as_before),
        TEST(a_recall_beats_the_answer_that_crosses_it),
        TEST(nothing_of_it_is_given_out_again),
        TEST(a_recall_comes_where_no_more_is_taken_from_its_site),
        TEST(what_comes_into_a_recalled_record_is_never_written),
        TEST(nor_where_it_waits_or_would_be_set_apart),
        TEST(O4_only_the_founders_steward_recalls_and_says_why),
        TEST(a_recall_in_a_case_is_kept_and_has_no_effect),
        TEST(a_case_takes_back_whatever_of_it_is_with_others),
        TEST(what_was_recalled_before_is_not_recalled_again),
        TEST(a_case_that_never_went_up_has_nothing_to_recall),
        TEST(O4_a_mediator_recalls_nothing_of_a_case),
        TEST(a_mediator_sends_in_danger_and_a_steward_stands_by_it),
        TEST(what_was_sent_in_danger_is_confirmed_by_its_record_too),
        TEST(what_was_sent_in_danger_comes_first_until_it_is_answered),
        TEST(or_the_steward_recalls_what_the_mediator_sent),
        TEST(without_a_triage_that_says_danger_there_is_no_exception),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
