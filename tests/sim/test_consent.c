/* What the parties of a case allow to leave, and that this and nothing else leaves. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants these before it. */
#include <setjmp.h>
#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

#define FIELDS "[title,context,parties,place]"

/* A case of three parties, each of whom may be asked; its number. */
static void new_case(struct sim_county *f, char number[static 32])
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "CANARY-NARRATIVE", "context", "去年修过。", "place", "村东头",
            "parties", "[张某=甲方,李某=乙方,小王=丙方]");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    SIM_SAY(f, f->fengyuan, &out, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "涉及两村");
    buf_deinit(&out);
}

/* All three consent, each in a manner of his own and to more than is asked for. */
static void consent_all(struct sim_county *f, const char *number)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "张某",
            "fields", "[title,context,parties,place,wish]", "manner", "oral", "witness",
            "CANARY-WITNESS");
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "李某",
            "fields", FIELDS, "manner", "signed", "paper", "CANARY-PAPER");
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "小王",
            "fields", FIELDS, "manner", "guardian", "guardian", "CANARY-GUARDIAN");
}

static void assert_says(const struct buf *out, const char *part)
{
    struct pack_reader reader = pack_reader_of(buf_bytes(out));
    struct bytes text = {0};
    assert_int_equal(pack_read_str(&reader, &text, NULL), STATUS_OK);
    if (memmem(text.data, text.len, part, strlen(part)) == NULL)
        fail_msg("'%.*s' does not say '%s'", (int)text.len, (const char *)text.data,
                 part);
}

static void a_consent_without_its_proof_is_refused_in_words(void **state)
{
    static const struct {
        const char *name, *value, *answer;
        enum status status;
    } rows[] = {
        {"manner", "oral", "needs a witness", STATUS_DENIED},
        {"manner", "signed", "the paper's number", STATUS_DENIED},
        {"manner", "guardian", "a guardian who that is", STATUS_DENIED},
        {"manner", "loud", "another type", STATUS_INVALID},
        {"witness", "王某", "oral, signed or guardian", STATUS_INVALID},
    };
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_clear(&out);
        assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.consent", "case",
                                   number, "party", "张某", "fields", "[title]",
                                   rows[i].name, rows[i].value, NULL),
                         rows[i].status);
        assert_says(&out, rows[i].answer);
    }
    buf_deinit(&out);
}

static void nobody_consents_to_what_never_leaves_or_to_nothing(void **state)
{
    static const char *const fields[] = {"[number]", "[title,mood]", "title", NULL};
    struct sim_county *f = *state;
    char number[32];
    new_case(f, number);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.consent", "case",
                                   number, "party", "张某", "manner", "oral", "witness",
                                   "王某", fields[i] == NULL ? NULL : "fields", fields[i],
                                   NULL),
                         STATUS_INVALID);
}

static void for_a_minor_the_guardian_is_not_named(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes text;
    char number[32];
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "未成年人", "title", "争执",
            "narrative", "课间争执", "context", "初次", "parties", "[child=child]",
            "minor", "true");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, sizeof(number), "%.*s", (int)text.len,
                   (const char *)text.data);

    buf_clear(&out);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.consent", "case",
                               number, "party", "child", "fields", "[title]", "manner",
                               "guardian", "guardian", "张某之母", NULL),
                     STATUS_INVALID);
    assert_says(&out, "what he or she is to the child");
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "child",
            "fields", "[title]", "manner", "guardian", "guardian", "母亲");
    buf_deinit(&out);
}

/* One man's yes is not another's. */
static void two_parties_of_one_alias_are_refused_in_words(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.new", "category",
                               "邻里", "title", "水沟", "narrative", "经过", "parties",
                               "[王某=甲方,王某=乙方]", NULL),
                     STATUS_INVALID);
    assert_says(&out, "no two have one alias");
    new_case(f, number);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "agreement.new", "case",
                               number, "terms", "各退一步", "parties",
                               "[张某=甲方,张某=甲方]", NULL),
                     STATUS_INVALID);
    assert_says(&out, "no two have one alias");
    buf_deinit(&out);
}

static void who_is_no_party_neither_consents_nor_refuses(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.consent", "case",
                               number, "party", "赵某", "refused", "true", NULL),
                     STATUS_INVALID);
    assert_says(&out, "no party of this case");
    buf_deinit(&out);
}

static void a_case_without_parties_goes_up_only_with_a_word_why(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes text;
    char number[32];
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "公共", "title", "路灯",
            "narrative", "坏了三个月", "context", "报修过一次。");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, sizeof(number), "%.*s", (int)text.len,
                   (const char *)text.data);
    SIM_SAY(f, f->fengyuan, &out, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "电在镇里");
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "escalate.release", "case",
                               number, "fields", "[context]", "reason", "超出权限", NULL),
                     STATUS_DENIED);
    assert_says(&out, "the case names no parties");

    SIM_SAY(f, f->fengyuan, &out, "escalate.request", "case", number, "fields",
            "[context]", "reason", "超出权限", "no_parties", "路灯是公家的");
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number);
    buf_deinit(&out);
}

static bool plans_field(struct bytes preview, const char *name)
{
    struct bytes fields, value;
    assert_true(view_map_get(preview, "fields", &fields));
    return view_map_get(fields, name, &value);
}

/* Whatever of a request is said anew stands; the rest is as it was requested. */
static void who_releases_chooses_less_than_was_requested(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes extra;
    char number[32];
    new_case(f, number);
    consent_all(f, number);
    SIM_SAY(f, f->fengyuan, NULL, "escalate.request", "case", number, "fields", FIELDS,
            "reason", "超出权限", "onward", "yes");

    SIM_SAY(f, f->fengyuan, &out, "escalate.preview", "case", number, "fields",
            "[context]", "onward", "no");
    assert_true(plans_field(buf_bytes(&out), "context"));
    assert_false(plans_field(buf_bytes(&out), "parties"));
    assert_true(view_map_get(buf_bytes(&out), "extra", &extra));
    assert_true(view_map_has_text(extra, "onward", "no"));
    assert_true(view_map_has_text(extra, "reason", "超出权限"));

    buf_clear(&out);
    SIM_SAY(f, f->fengyuan, &out, "escalate.preview", "case", number, "reason", "另一个");
    assert_true(plans_field(buf_bytes(&out), "parties"));
    assert_true(view_map_get(buf_bytes(&out), "extra", &extra));
    assert_true(view_map_has_text(extra, "onward", "yes"));
    assert_true(view_map_has_text(extra, "reason", "另一个"));
    buf_deinit(&out);
}

/* The word why nobody is asked can be said anew, too. */
static void why_there_is_nobody_to_ask_can_be_said_by_whoever_releases(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes text, extra;
    char number[32];
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "公共", "title", "路灯",
            "narrative", "坏了三个月", "context", "报修过一次。");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, sizeof(number), "%.*s", (int)text.len,
                   (const char *)text.data);
    SIM_SAY(f, f->fengyuan, &out, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "电在镇里");
    SIM_SAY(f, f->fengyuan, &out, "escalate.request", "case", number, "fields",
            "[context]", "reason", "超出权限", "no_parties", "路灯是公家的");

    buf_clear(&out);
    SIM_SAY(f, f->fengyuan, &out, "escalate.preview", "case", number, "no_parties",
            "无人住在旁边");
    assert_true(view_map_get(buf_bytes(&out), "extra", &extra));
    assert_true(view_map_has_text(extra, "no-parties", "无人住在旁边"));
    buf_deinit(&out);
}

/* --- what leaves is what was shown --- */

static enum status keep(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

/* The values of a map of the preview stand in the op, name by name, to the byte. */
static uint32_t assert_same_values(struct bytes preview, const char *part,
                                   const char *prefix, const struct op *op)
{
    struct bytes map, name, value;
    uint32_t count;
    assert_true(view_map_get(preview, part, &map));
    struct pack_reader reader = pack_reader_of(map);
    assert_int_equal(pack_read_map(&reader, &count, NULL), STATUS_OK);
    for (uint32_t i = 0; i < count; i++) {
        char full[OP_NAME_MAX + 1];
        assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
        assert_int_equal(pack_value(&reader, 1, &value, NULL), STATUS_OK);
        (void)snprintf(full, sizeof(full), "%s%.*s", prefix, (int)name.len,
                       (const char *)name.data);
        const struct op_field *field = op_field(op, full);
        assert_non_null(field);
        if (strcmp(full, "origin") != 0) /* drawn at the release */
            assert_true(bytes_equal(field->value, value));
    }
    return count;
}

static void assert_leaves_as_shown(struct sim_county *f, const char *number,
                                   const char *fields, struct buf *left)
{
    struct buf preview = {0}, out = {0}, copy = {0};
    struct id record;
    struct op *op = calloc(1, sizeof(*op));
    assert_non_null(op);
    SIM_SAY(f, f->fengyuan, &preview, "escalate.preview", "case", number, "fields",
            fields, "reason", "超出权限");
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number, "fields", fields,
            "reason", "超出权限");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    world_run(f->world, 5000);

    assert_int_equal(store_op_get(world_store(f->fengyuan), &record, keep, left),
                     STATUS_OK);
    assert_int_equal(store_op_get(world_store(f->township), &record, keep, &copy),
                     STATUS_OK);
    assert_true(bytes_equal(buf_bytes(left), buf_bytes(&copy)));
    assert_int_equal(op_decode_bytes(op, buf_bytes(left), NULL), STATUS_OK);
    uint32_t shown = assert_same_values(buf_bytes(&preview), "fields", "case.", op) +
                     assert_same_values(buf_bytes(&preview), "extra", "", op);
    assert_int_equal(op->fields_len, shown);
    free(op);
    buf_deinit(&preview);
    buf_deinit(&out);
    buf_deinit(&copy);
}

static void assert_lacks(const struct buf *bytes, const char *text)
{
    if (memmem(bytes->data, bytes->len, text, strlen(text)) != NULL)
        fail_msg("'%s' left", text);
}

static void what_leaves_is_what_the_preview_showed_to_the_byte(void **state)
{
    struct sim_county *f = *state;
    struct buf left = {0};
    char number[32];
    new_case(f, number);
    consent_all(f, number);

    assert_leaves_as_shown(f, number, FIELDS, &left);

    assert_non_null(memmem(left.data, left.len, "guardian", 8)); /* the manner */
    assert_lacks(&left, "CANARY");                               /* nobody chose it */
    buf_deinit(&left);
}

static void what_one_party_took_back_does_not_leave_any_more(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, left = {0};
    char number[32];
    new_case(f, number);
    consent_all(f, number);
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "李某",
            "fields", "[place]", "refused", "true");

    assert_int_equal(world_say(f->world, f->fengyuan, &out, "escalate.release", "case",
                               number, "fields", FIELDS, "reason", "超出权限", NULL),
                     STATUS_DENIED);

    assert_says(&out, "李某 took back the consent to 'place'");
    assert_leaves_as_shown(f, number, "[title,context,parties]", &left);
    assert_lacks(&left, "村东头");
    buf_deinit(&left);
    buf_deinit(&out);
}

static void who_takes_all_back_is_asked_anew(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, left = {0};
    char number[32];
    new_case(f, number);
    consent_all(f, number);
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "小王",
            "refused", "true");
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "escalate.preview", "case",
                               number, "fields", "[context]", "reason", "超出权限", NULL),
                     STATUS_DENIED);
    assert_says(&out, "小王 took back the consent to 'context'");

    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "小王",
            "fields", "[context]", "manner", "guardian", "guardian", "王某之母");

    assert_leaves_as_shown(f, number, "[context]", &left);
    buf_deinit(&left);
    buf_deinit(&out);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_consent_without_its_proof_is_refused_in_words),
        TEST(nobody_consents_to_what_never_leaves_or_to_nothing),
        TEST(for_a_minor_the_guardian_is_not_named),
        TEST(two_parties_of_one_alias_are_refused_in_words),
        TEST(who_is_no_party_neither_consents_nor_refuses),
        TEST(a_case_without_parties_goes_up_only_with_a_word_why),
        TEST(who_releases_chooses_less_than_was_requested),
        TEST(why_there_is_nobody_to_ask_can_be_said_by_whoever_releases),
        TEST(what_leaves_is_what_the_preview_showed_to_the_byte),
        TEST(what_one_party_took_back_does_not_leave_any_more),
        TEST(who_takes_all_back_is_asked_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
