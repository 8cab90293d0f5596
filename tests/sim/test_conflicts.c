/* What was written in two ways at once, as by two machines of a village: shown, settled,
 * taken back; and it stops what would leave until somebody has settled it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_aside.h"

#define CASE "case", "2026-0001"
#define PARTIES "[张某=甲方,李某=乙方]"

struct scene {
    struct sim_county *f;
    struct id scope;
};

static struct scene new_case(struct sim_county *f, const char *parties)
{
    struct scene scene = {.f = f};
    struct buf out = {0};
#define MATTER                                                                           \
    "category", "邻里", "title", "水沟", "narrative", "两家争执。", "context",           \
        "去年修过。"
    if (parties == NULL)
        SIM_SAY(f, f->fengyuan, &out, "case.new", MATTER);
    else
        SIM_SAY(f, f->fengyuan, &out, "case.new", MATTER, "parties", parties);
    assert_true(view_map_id(buf_bytes(&out), "scope", &scene.scope));
    buf_deinit(&out);
    return scene;
}

/* It knew the founding op alone. */
static struct id admit(const struct scene *scene, struct draft *draft)
{
    return sim_aside(scene->f, &scene->scope, draft, &scene->scope, false);
}

/* And this copy of what it wrote shows no value. */
static struct id admit_without(const struct scene *scene, struct draft *draft)
{
    return sim_aside(scene->f, &scene->scope, draft, &scene->scope, true);
}

static struct id write_aside(const struct scene *scene, const char *field,
                             const char *text)
{
    struct draft draft;
    draft_init(&draft, "set", &scene->scope);
    draft_text(&draft, field, bytes_str(text));
    return admit(scene, &draft);
}

static void triage_aside(const struct scene *scene, const char *decision)
{
    struct draft draft;
    draft_init(&draft, "triage", &scene->scope);
    draft_flag(&draft, "beyond", true);
    draft_flag(&draft, "danger", false);
    draft_text(&draft, "decision", bytes_str(decision));
    draft_text(&draft, "reason", bytes_str("另一台机器"));
    draft_flag(&draft, "solvable", false);
    (void)admit(scene, &draft);
}

static void consent_aside_after(const struct scene *scene, const char *party,
                                const struct id *parent)
{
    struct draft draft;
    struct buf fields = {0};
    pack_array(&fields, 1);
    pack_str(&fields, "context");
    draft_init(&draft, "consent", &scene->scope);
    draft_raw(&draft, "fields", buf_bytes(&fields));
    draft_flag(&draft, "given", false);
    draft_text(&draft, "manner", bytes_str("oral"));
    draft_text(&draft, "party", bytes_str(party));
    draft_text(&draft, "witness", bytes_str("赵某"));
    (void)sim_aside(scene->f, &scene->scope, &draft, parent, false);
    buf_deinit(&fields);
}

static void consent_aside(const struct scene *scene, const char *party)
{
    consent_aside_after(scene, party, &scene->scope);
}

#define SAY(...) SIM_SAY(scene.f, scene.f->fengyuan, &out, __VA_ARGS__)
#define ANSWERS(expected, ...)                                                           \
    assert_int_equal(                                                                    \
        world_say(scene.f->world, scene.f->fengyuan, NULL, __VA_ARGS__, NULL), expected)

struct said {
    char text[512];
    struct id ops[8];
    uint32_t len;
    const char *field, *party; /* NULL: of all */
};

static bool add_value(void *context, struct bytes element)
{
    struct said *said = context;
    struct bytes value = {0}, text;
    uint64_t wall;
    assert_true(view_map_get(element, "value", &value));
    assert_true(view_map_id(element, "op", &said->ops[said->len++]));
    assert_true(view_map_uint(element, "wall", &wall));
    struct pack_reader reader = pack_reader_of(value);
    if (pack_read_str(&reader, &text, NULL) != STATUS_OK &&
        !view_map_text(value, "decision", &text) && !view_map_text(value, "party", &text))
        fail();
    (void)strncat(said->text, (const char *)text.data, text.len);
    (void)strncat(said->text, "|", 2);
    return true;
}

static bool add_conflict(void *context, struct bytes element)
{
    struct said *said = context;
    struct bytes field;
    assert_true(view_map_text(element, "field", &field));
    if ((said->field != NULL && !bytes_equal_str(field, said->field)) ||
        (said->party != NULL && !view_map_has_text(element, "party", said->party)))
        return true;
    (void)strncat(said->text, (const char *)field.data, field.len);
    (void)strncat(said->text, ":", 2);
    view_map_each(element, "values", add_value, said);
    return true;
}

/* What is in conflict in that field, as "title:甲|乙|". */
static struct said show_of(struct scene scene, const char *field, const char *party)
{
    struct said said = {.field = field, .party = party};
    struct buf out = {0};
    SAY("conflict.show", CASE);
    view_map_each(buf_bytes(&out), "conflicts", add_conflict, &said);
    buf_deinit(&out);
    return said;
}

static struct said show(struct scene scene)
{
    return show_of(scene, NULL, NULL);
}

/* As a map of raw bytes: a list of ids is no text. */
static enum status settle_seen(struct scene scene, const char *field, const char *party,
                               const char *number, const struct said *seen)
{
    struct buf map = {0}, out = {0};
    pack_map(&map, 4 + (party != NULL));
    pack_str(&map, "case");
    pack_str(&map, "2026-0001");
    pack_str(&map, "choose");
    pack_str(&map, number);
    pack_str(&map, "field");
    pack_str(&map, field);
    if (party != NULL) {
        pack_str(&map, "party");
        pack_str(&map, party);
    }
    pack_str(&map, "seen");
    pack_array(&map, seen->len);
    for (uint32_t i = 0; i < seen->len; i++)
        pack_bin(&map, seen->ops[i].bytes, ID_SIZE);
    enum status status = world_call(scene.f->world, scene.f->fengyuan, "conflict.settle",
                                    buf_bytes(&map), &out);
    buf_deinit(&map);
    buf_deinit(&out);
    return status;
}

/* Who has just looked says a number. */
static enum status settle(struct scene scene, const char *field, const char *party,
                          const char *number)
{
    struct said said = show_of(scene, field, party);
    return settle_seen(scene, field, party, number, &said);
}

static void assert_field(struct scene scene, const char *field, const char *expected)
{
    struct buf out = {0};
    struct bytes view, text;
    SAY("case.show", CASE);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    assert_true(view_text(view, field, &text));
    if (!bytes_equal_str(text, expected))
        fail_msg("%.*s and not %s", (int)text.len, (const char *)text.data, expected);
    buf_deinit(&out);
}

/* 甲 by this machine and 乙 by another one, whose time is the same. */
static struct scene title_in_conflict(struct sim_county *f, struct said *said)
{
    struct scene scene = new_case(f, NULL);
    ANSWERS(STATUS_OK, "case.set", CASE, "field", "title", "value", "甲");
    (void)write_aside(&scene, "title", "乙");
    *said = show(scene);
    assert_true(strcmp(said->text, "title:甲|乙|") == 0 ||
                strcmp(said->text, "title:乙|甲|") == 0);
    return scene;
}

static bool is_first(const struct said *said)
{
    return strncmp(said->text, "title:甲", strlen("title:甲")) == 0;
}

static void one_of_two_is_chosen_by_its_number_or_its_op(void **state)
{
    struct said said;
    struct scene scene = title_in_conflict(*state, &said);
    struct buf out = {0};
    char op[2 * ID_SIZE + 1];
    SAY("conflict.list", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 1);

    assert_int_equal(settle(scene, "title", NULL, is_first(&said) ? "2" : "1"),
                     STATUS_OK);

    assert_string_equal(show(scene).text, "");
    assert_field(scene, "title", "乙");
    SAY("conflict.list", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 0);
    (void)write_aside(&scene, "title", "丙");
    said = show(scene);
    hex_encode(op, said.ops[0].bytes, ID_SIZE);
    op[10] = '\0';
    for (char *at = op; *at != '\0'; at++) /* in either case */
        *at = (char)(*at >= 'a' ? *at - 'a' + 'A' : *at);
    SAY("conflict.settle", CASE, "field", "title", "choose", op);
    assert_field(scene, "title", "丙"); /* of the earlier time */
    buf_deinit(&out);
}

static void both_are_kept_with_who_wrote_which(void **state)
{
    struct said said;
    struct scene scene = title_in_conflict(*state, &said);
    ANSWERS(STATUS_OK, "case.set", CASE, "field", "narrative", "value", "沟");
    (void)write_aside(&scene, "narrative", "渠");

    ANSWERS(STATUS_OK, "conflict.settle", CASE, "field", "title", "both", "true");
    ANSWERS(STATUS_OK, "conflict.settle", CASE, "field", "narrative", "both", "true");

    assert_field(scene, "title",
                 is_first(&said) ? "甲（陈某）；乙（陈某）" : "乙（陈某）；甲（陈某）");
    assert_string_equal(show(scene).text, "");
    /* The other machine's has the lower time: it had not seen the first one's. */
    assert_field(scene, "narrative", "渠（陈某）\n沟（陈某）");
}

static void a_text_settles_and_is_taken_back_and_again(void **state)
{
    struct said said;
    struct scene scene = title_in_conflict(*state, &said);

    ANSWERS(STATUS_OK, "conflict.settle", CASE, "field", "title", "text", "丙");
    assert_field(scene, "title", "丙");
    ANSWERS(STATUS_OK, "conflict.undo", CASE, "field", "title");

    assert_field(scene, "title", is_first(&said) ? "乙" : "甲"); /* what was shown */
    assert_string_equal(show(scene).text, "");
    ANSWERS(STATUS_OK, "conflict.undo", CASE, "field", "title");
    assert_field(scene, "title", "丙");
}

static void triages_and_consents_are_chosen_whole(void **state)
{
    struct scene scene = new_case(*state, PARTIES);
    struct buf out = {0};
    ANSWERS(STATUS_OK, "case.triage", CASE, "decision", "keep", "reason", "能办");
    triage_aside(&scene, "escalate");
    ANSWERS(STATUS_OK, "case.consent", CASE, "party", "张某", "manner", "oral", "witness",
            "钱某", "fields", "[context]");
    consent_aside(&scene, "张某");
    struct said said = show(scene);
    assert_non_null(strstr(said.text, "consents:张某|张某|"));
    bool is_kept_first = strstr(said.text, "triage:keep") != NULL;

    ANSWERS(STATUS_INVALID, "conflict.settle", CASE, "field", "triage", "both", "true");
    ANSWERS(STATUS_INVALID, "conflict.settle", CASE, "field", "triage", "text", "甲");
    assert_int_equal(settle(scene, "triage", NULL, is_kept_first ? "2" : "1"), STATUS_OK);
    ANSWERS(STATUS_NOT_FOUND, "conflict.settle", CASE, "field", "consents", "party",
            "李某", "choose", "1");
    assert_int_equal(settle(scene, "consents", NULL, "1"), STATUS_OK);

    assert_string_equal(show(scene).text, "");
    SAY("case.show", CASE);
    struct bytes view, triage;
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    assert_true(view_map_get(view, "triage", &triage));
    assert_true(view_map_has_text(triage, "decision", "escalate"));
    assert_true(view_map_has_text(triage, "reason", "另一台机器"));
    buf_deinit(&out);
}

/* A yes, taken back here and, in other words, on another machine: only the two words that
 * nobody has seen both of are there to choose from. */
static void a_consent_that_was_taken_back_is_not_offered_again(void **state)
{
    struct scene scene = new_case(*state, PARTIES);
    struct buf out = {0};
    struct id yes;
    SAY("case.consent", CASE, "party", "张某", "manner", "oral", "witness", "钱某",
        "fields", "[title,context]");
    assert_true(view_map_id(buf_bytes(&out), "op", &yes));
    ANSWERS(STATUS_OK, "case.consent", CASE, "party", "张某", "refused", "true");
    consent_aside_after(&scene, "张某", &yes);

    struct said said = show(scene);

    assert_string_equal(said.text, "consents:张某|张某|");
    for (uint32_t i = 0; i < said.len; i++)
        assert_false(id_equal(&said.ops[i], &yes));
    buf_deinit(&out);
}

static void it_has_to_be_said_whose_consents(void **state)
{
    struct scene scene = new_case(*state, PARTIES);
    static const char *const parties[] = {"张某", "李某"};
    for (int i = 0; i < 2; i++) {
        ANSWERS(STATUS_OK, "case.consent", CASE, "party", parties[i], "manner", "oral",
                "witness", "钱某", "fields", "[context]");
        consent_aside(&scene, parties[i]);
    }

    ANSWERS(STATUS_INVALID, "conflict.settle", CASE, "field", "consents", "choose", "1");
    assert_int_equal(settle(scene, "consents", "李某", "2"), STATUS_OK);

    assert_string_equal(show(scene).text, "consents:张某|张某|");
}

static void nothing_in_conflict_leaves_until_it_is_settled(void **state)
{
    struct said said;
    struct scene scene = title_in_conflict(*state, &said);
#define PREVIEW(fields)                                                                  \
    "escalate.preview", CASE, "fields", fields, "reason", "超出权限", "no_parties", "无人"
    ANSWERS(STATUS_OK, "case.triage", CASE, "decision", "escalate", "reason", "两村");
    ANSWERS(STATUS_CONFLICT, PREVIEW("[title,context]"));
    ANSWERS(STATUS_OK, PREVIEW("[category,context]"));

    assert_int_equal(settle(scene, "title", NULL, "1"), STATUS_OK);

    ANSWERS(STATUS_OK, PREVIEW("[title,context]"));
    triage_aside(&scene, "keep");
    ANSWERS(STATUS_CONFLICT, PREVIEW("[title,context]"));
}

static void what_came_since_somebody_looked_is_not_settled_unseen(void **state)
{
    struct said said;
    struct scene scene = title_in_conflict(*state, &said);
    (void)write_aside(&scene, "title", "丁");

    assert_int_equal(settle_seen(scene, "title", NULL, "1", &said), STATUS_CONFLICT);

    said = show(scene);
    assert_int_equal(said.len, 3);
    assert_int_equal(settle_seen(scene, "title", NULL, "1", &said), STATUS_OK);
}

static void a_number_is_refused_from_who_has_not_looked_at_each(void **state)
{
    struct said said;
    struct scene scene = title_in_conflict(*state, &said);
    struct said doubled = said;
    doubled.ops[1] = doubled.ops[0];

    ANSWERS(STATUS_INVALID, "conflict.settle", CASE, "field", "title", "choose", "1");
    assert_int_equal(settle_seen(scene, "title", NULL, "1", &doubled), STATUS_CONFLICT);
    struct said more = said; /* where one has gone since, numbers count something else */
    more.ops[more.len++] = (struct id){{7}};
    assert_int_equal(settle_seen(scene, "title", NULL, "1", &more), STATUS_CONFLICT);

    assert_string_equal(show(scene).text, said.text);
    assert_int_equal(settle_seen(scene, "title", NULL, "1", &said), STATUS_OK);
}

/* Both machines wrote the same: nothing differs, and what was before can come back. */
static void what_two_wrote_alike_is_taken_back(void **state)
{
    struct scene scene = new_case(*state, NULL);
    ANSWERS(STATUS_OK, "case.set", CASE, "field", "title", "value", "甲");
    (void)write_aside(&scene, "title", "甲");
    assert_string_equal(show(scene).text, "");

    ANSWERS(STATUS_OK, "conflict.undo", CASE, "field", "title");

    assert_field(scene, "title", "水沟");
}

/* Of one a copy came without the value. */
static void what_is_gone_from_this_copy_cannot_be_chosen(void **state)
{
    struct scene scene = new_case(*state, NULL);
    struct draft draft;
    ANSWERS(STATUS_OK, "case.set", CASE, "field", "wish", "value", "修好");
    draft_init(&draft, "set", &scene.scope);
    draft_text(&draft, "wish", bytes_str("乙"));
    struct id gone = admit_without(&scene, &draft);
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, gone.bytes, ID_SIZE);

    ANSWERS(STATUS_INVALID, "conflict.settle", CASE, "field", "wish", "choose", hex);

    ANSWERS(STATUS_OK, "conflict.settle", CASE, "field", "wish", "both", "true");
    assert_field(scene, "wish", "修好（陈某）");
}

static void what_cannot_be_settled_is_said(void **state)
{
    struct said said;
    struct scene scene = title_in_conflict(*state, &said);
    char longest[241], longer[301];
    memset(longest, 'x', 240);
    memset(longer, 'x', 300);
    longest[240] = longer[300] = '\0';
    char many[2 * STANDING_MAX + 2] = "["; /* one more than can stand side by side */
    for (int i = 0; i < STANDING_MAX; i++)
        (void)strncat(many, ",", 2);
#define SETTLE "conflict.settle", CASE, "field"
    ANSWERS(STATUS_NOT_FOUND, SETTLE, "narrative", "choose", "1");
    ANSWERS(STATUS_NOT_FOUND, SETTLE, "mood", "choose", "1");
    assert_int_equal(settle(scene, "title", NULL, "3"), STATUS_NOT_FOUND);
    assert_int_equal(settle(scene, "title", NULL, "0"), STATUS_NOT_FOUND);
    ANSWERS(STATUS_NOT_FOUND, SETTLE, "title", "choose", "deadbeef");
    ANSWERS(STATUS_INVALID, SETTLE, "title");
    ANSWERS(STATUS_INVALID, SETTLE, "title", "choose", "1", "both", "true");
    ANSWERS(STATUS_INVALID, SETTLE, "title", "choose", "[1]");
    ANSWERS(STATUS_INVALID, SETTLE, "title", "text", "[1]");
    ANSWERS(STATUS_INVALID, SETTLE, "title", "text", longer);
    ANSWERS(STATUS_INVALID, SETTLE, "title", "choose", "1", "seen", "甲");
    ANSWERS(STATUS_INVALID, SETTLE, "title", "choose", "1", "seen", "[甲]");
    ANSWERS(STATUS_INVALID, SETTLE, "title", "choose", "1", "seen", many);
    ANSWERS(STATUS_NOT_FOUND, SETTLE, "title", "choose", "+1");
    ANSWERS(STATUS_INVALID, SETTLE, "[1]");
    ANSWERS(STATUS_INVALID, SETTLE, "consents", "party", "[1]", "choose", "1");
    ANSWERS(STATUS_NOT_FOUND, SETTLE, "consents", "choose", "1");
    ANSWERS(STATUS_NOT_FOUND, "conflict.settle", "case", "2026-0009", "field", "title");
    ANSWERS(STATUS_NOT_FOUND, "conflict.show", "case", "2026-0009");
    ANSWERS(STATUS_NOT_FOUND, "conflict.list", "after", "2026-0009");
    ANSWERS(STATUS_CONFLICT, "conflict.undo", CASE, "field", "title");
    ANSWERS(STATUS_INVALID, "conflict.undo", CASE, "field", "narrative");
    ANSWERS(STATUS_NOT_FOUND, "conflict.undo", CASE, "field", "wish");
    ANSWERS(STATUS_INVALID, "conflict.undo", CASE, "field", "parties");
    ANSWERS(STATUS_INVALID, "conflict.undo", CASE);
    (void)write_aside(&scene, "title", longest);
    ANSWERS(STATUS_TOO_LARGE, SETTLE, "title", "both", "true");
    assert_int_equal(show(scene).len, 3);
}

static void a_triage_of_which_words_are_gone_is_not_said_again(void **state)
{
    struct scene scene = new_case(*state, NULL);
    struct draft draft;
    char hex[2 * ID_SIZE + 1];
    ANSWERS(STATUS_OK, "case.triage", CASE, "decision", "keep", "reason", "能办");
    draft_init(&draft, "triage", &scene.scope);
    draft_flag(&draft, "beyond", true);
    draft_flag(&draft, "danger", false);
    draft_text(&draft, "decision", bytes_str("escalate"));
    draft_text(&draft, "reason", bytes_str("另一台机器"));
    draft_flag(&draft, "solvable", false);
    struct id gone = admit_without(&scene, &draft);
    hex_encode(hex, gone.bytes, ID_SIZE);

    ANSWERS(STATUS_INVALID, "conflict.settle", CASE, "field", "triage", "choose", hex);
}

/* What stood before the last write came without its value. */
static void what_is_gone_from_this_copy_is_not_brought_back(void **state)
{
    struct scene scene = new_case(*state, NULL);
    struct draft draft;
    draft_init(&draft, "set", &scene.scope);
    draft_text(&draft, "wish", bytes_str("乙"));
    (void)admit_without(&scene, &draft);
    ANSWERS(STATUS_OK, "case.set", CASE, "field", "wish", "value", "修好");

    ANSWERS(STATUS_INVALID, "conflict.undo", CASE, "field", "wish");

    assert_field(scene, "wish", "修好");
}

/* Two people at two screens, the second of whom says what she began with. */
static void who_began_with_something_else_is_told(void **state)
{
    struct sim_county *f = *state;
    struct scene scene = new_case(f, NULL);
    struct buf out = {0};
    struct id op;
    char was[2 * ID_SIZE + 1];
    hex_encode(was, scene.scope.bytes, ID_SIZE); /* the founding op said it */
#define SET(expected, field, value, began)                                               \
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.set", CASE, "field",   \
                               field, "value", value, "was", began, NULL),               \
                     expected)
    SET(STATUS_OK, "title", "水渠", was);
    assert_true(view_map_id(buf_bytes(&out), "op", &op));
    SET(STATUS_CONFLICT, "title", "田埂", was);
    hex_encode(was, op.bytes, ID_SIZE);
    SET(STATUS_OK, "title", "田埂", was);

    SET(STATUS_CONFLICT, "place", "村东", was); /* which nobody has said */
    SET(STATUS_OK, "place", "村东", "");
    SET(STATUS_CONFLICT, "place", "村西", "");
    SET(STATUS_TOO_LARGE, "place", "村西",
        "00000000000000000000000000000000000000000000000000000000000000000");
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(one_of_two_is_chosen_by_its_number_or_its_op),
        ONE(both_are_kept_with_who_wrote_which),
        ONE(a_text_settles_and_is_taken_back_and_again),
        ONE(triages_and_consents_are_chosen_whole),
        ONE(a_consent_that_was_taken_back_is_not_offered_again),
        ONE(it_has_to_be_said_whose_consents),
        ONE(nothing_in_conflict_leaves_until_it_is_settled),
        ONE(what_came_since_somebody_looked_is_not_settled_unseen),
        ONE(a_number_is_refused_from_who_has_not_looked_at_each),
        ONE(what_two_wrote_alike_is_taken_back),
        ONE(what_is_gone_from_this_copy_cannot_be_chosen),
        ONE(what_cannot_be_settled_is_said),
        ONE(a_triage_of_which_words_are_gone_is_not_said_again),
        ONE(what_is_gone_from_this_copy_is_not_brought_back),
        ONE(who_began_with_something_else_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
