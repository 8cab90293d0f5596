/* Identities of parties on whole nodes: who keeps, who reads, and where nothing of them
 * stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/envelope.h"
#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

#define NUMBER "11010519491231002X"
#define PHONE "138 0000 0000"
#define STEWARDS_PIN "246810"

static void new_case(struct sim_county *f, char number[static 32])
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过。", "parties",
            "[张某=申请人,李某=邻居]");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    buf_deinit(&out);
}

static void keep(struct sim_county *f, const char *number)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.identity", "case", number, "party", "张某",
            "id_number", NUMBER, "phone", PHONE);
}

static enum status read_as(struct sim_county *f, const char *number, const char *person,
                           const char *pin, struct buf *out)
{
    return world_say(f->world, f->fengyuan, out, "case.identity_show", "case", number,
                     "party", "张某", "person", person, "pin", pin, NULL);
}

static uint32_t looks(struct sim_county *f, const char *number)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", number);
    uint32_t seen = sim_count(buf_bytes(&out), "identity-shown");
    buf_deinit(&out);
    return seen;
}

static void a_steward_reads_it_with_his_pin_and_the_case_says_so(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    keep(f, number);
    assert_int_equal(looks(f, number), 0);

    assert_int_equal(read_as(f, number, "陈某", STEWARDS_PIN, &out), STATUS_OK);

    assert_true(view_map_has_text(buf_bytes(&out), "id_number", NUMBER));
    assert_true(view_map_has_text(buf_bytes(&out), "phone", PHONE));
    assert_int_equal(looks(f, number), 1);
    buf_deinit(&out);
}

static void nobody_else_reads_it_and_a_wrong_pin_neither(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    keep(f, number);

    assert_int_equal(read_as(f, number, "王某", "135791", &out), STATUS_DENIED);
    assert_int_equal(read_as(f, number, "陈某", "999999", &out), STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.identity_show", "case",
                               number, "party", "李某", "pin", STEWARDS_PIN, NULL),
                     STATUS_NOT_FOUND);

    assert_int_equal(looks(f, number), 0);
    buf_deinit(&out);
}

static void a_later_steward_reads_what_was_kept_since(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    keep(f, number);
    sim_add_person(f, f->fengyuan, "周某", "steward", NULL);

    assert_int_equal(read_as(f, number, "周某", "135791", &out), STATUS_DENIED);
    assert_int_equal(
        sim_count(buf_bytes(&out), "it was sealed before this steward was one"), 1);
    buf_clear(&out);
    keep(f, number);
    assert_int_equal(read_as(f, number, "周某", "135791", &out), STATUS_OK);
    assert_int_equal(read_as(f, number, "陈某", STEWARDS_PIN, &out), STATUS_OK);

    assert_int_equal(looks(f, number), 2);
    buf_deinit(&out);
}

static void a_mediator_keeps_what_he_cannot_read(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);

    keep(f, number);

    assert_int_equal(read_as(f, number, "陈某", STEWARDS_PIN, &out), STATUS_OK);
    buf_deinit(&out);
}

static void it_stands_in_no_answer_and_goes_nowhere(void **state)
{
    struct sim_county *f = *state;
    struct buf shown = {0}, previewed = {0};
    char number[32];
    new_case(f, number);
    keep(f, number);
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "涉及两村");
    for (int i = 0; i < 2; i++)
        SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party",
                i == 0 ? "张某" : "李某", "fields", "[context,parties]", "manner",
                "signed", "paper", "2026-7");

    SIM_SAY(f, f->fengyuan, &shown, "case.show", "case", number);
    SIM_SAY(f, f->fengyuan, &previewed, "escalate.preview", "case", number, "fields",
            "[context,parties]", "reason", "超出权限");
    SIM_SAY(f, f->fengyuan, NULL, "escalate.release", "case", number, "fields",
            "[context,parties]", "reason", "超出权限");
    world_run(f->world, 5000);

    struct bytes told[] = {buf_bytes(&shown), buf_bytes(&previewed),
                           world_log(f->fengyuan)};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sim_count(told[i], NUMBER), 0);
        assert_int_equal(sim_count(told[i], "age-encryption.org"), 0);
    }
    buf_deinit(&shown);
    buf_deinit(&previewed);
}

static void what_is_no_identity_or_of_nobody_here_is_refused(void **state)
{
    static const struct {
        const char *party, *argument, *value;
        enum status answer;
    } rows[] = {
        {"赵某", "phone", PHONE, STATUS_NOT_FOUND},
        {"张某", "phone", "call me", STATUS_INVALID},
        {"张某", "id_number", "110105194912310021", STATUS_INVALID},
        {"张某", "id_number", "一二三", STATUS_INVALID},
    };
    struct sim_county *f = *state;
    char number[32];
    new_case(f, number);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.identity", "case",
                                   number, "party", rows[i].party, rows[i].argument,
                                   rows[i].value, NULL),
                         rows[i].answer);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.identity", "case",
                               number, "party", "张某", NULL),
                     STATUS_INVALID);
}

static void of_a_minor_nothing_is_kept(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes text;
    char number[32];
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "未成年人", "title", "争执",
            "narrative", "两个孩子。", "parties", "[child=child]", "minor", "true");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, sizeof(number), "%.*s", (int)text.len,
                   (const char *)text.data);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.identity", "case",
                               number, "party", "child", "phone", PHONE, NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.new", "category",
                               "未成年人", "title", "争执", "narrative", "两个孩子。",
                               "parties", "[张小某=child]", "minor", "true", NULL),
                     STATUS_INVALID);
    buf_deinit(&out);
}

static void who_is_no_steward_any_more_reads_nothing_that_is_kept_since(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    sim_add_person(f, f->fengyuan, "周某", "steward", NULL);
    SIM_SAY(f, f->fengyuan, NULL, "person.revoke", "person", "周某");

    keep(f, number);

    assert_int_equal(read_as(f, number, "周某", "135791", &out), STATUS_NOT_FOUND);
    assert_int_equal(read_as(f, number, "陈某", STEWARDS_PIN, &out), STATUS_OK);
    buf_deinit(&out);
}

/* As many as an envelope takes are sealed to, the first of them. */
static void of_more_stewards_than_an_envelope_takes_the_first_read_it(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32], name[24];
    new_case(f, number);
    for (int i = 1; i <= ENVELOPE_RECIPIENTS_MAX; i++) {
        (void)snprintf(name, sizeof(name), "副手%d", i);
        sim_add_person(f, f->fengyuan, name, "steward", NULL);
    }

    keep(f, number);

    assert_int_equal(read_as(f, number, "副手1", "135791", &out), STATUS_OK);
    assert_int_equal(read_as(f, number, name, "135791", &out), STATUS_DENIED);
    buf_deinit(&out);
}

static enum status keep_head(void *context, const struct id *head)
{
    *(struct id *)context = *head;
    return STATUS_OK;
}

/* The one steward was revoked by the recovery key, and there is no new one yet. */
static void where_nobody_could_read_it_nothing_is_kept(void **state)
{
    struct sim_county *f = *state;
    struct buf bytes = {0};
    struct draft draft;
    struct id head; /* beneath it stands what the steward did, and is covered */
    uint8_t key[KEY_SIZE];
    char number[32];
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    new_case(f, number);
    assert_int_equal(store_scope_heads(world_store(f->fengyuan), world_site(f->fengyuan),
                                       keep_head, &head),
                     STATUS_OK);
    key_sign_public(key, world_steward_seed(f->fengyuan));
    draft_init(&draft, "revoke", world_site(f->fengyuan));
    draft_ids(&draft, "covers", &head, 1);
    draft_bin(&draft, "key", key, sizeof(key));
    struct forgery forgery = {.seed = world_recovery_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = world_site(f->fengyuan),
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);

    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "case.identity", "case",
                               number, "party", "张某", "phone", PHONE, NULL),
                     STATUS_DENIED);

    draft_deinit(&draft);
    buf_deinit(&bytes);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_steward_reads_it_with_his_pin_and_the_case_says_so),
        TEST(nobody_else_reads_it_and_a_wrong_pin_neither),
        TEST(a_later_steward_reads_what_was_kept_since),
        TEST(a_mediator_keeps_what_he_cannot_read),
        TEST(it_stands_in_no_answer_and_goes_nowhere),
        TEST(what_is_no_identity_or_of_nobody_here_is_refused),
        TEST(of_a_minor_nothing_is_kept),
        TEST(who_is_no_steward_any_more_reads_nothing_that_is_kept_since),
        TEST(of_more_stewards_than_an_envelope_takes_the_first_read_it),
        TEST(where_nobody_could_read_it_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
