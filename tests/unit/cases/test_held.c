/* Who may hold an escalation never narrows (escalation_held.c): a grant that lost its
 * effect leaves the site that had the record among those that reconcile it. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 53);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static bool is_held(const struct fold_result *result, const struct id *site)
{
    for (uint32_t i = 0; i < result->held_len; i++)
        if (id_equal(&result->held[i], site))
            return true;
    return false;
}

static bool is_holder(const struct fold_result *result, const struct id *site)
{
    for (uint32_t i = 0; i < result->holders_len; i++)
        if (id_equal(&result->holders[i].site, site))
            return true;
    return false;
}

/* What this log says of one site: does it hold, and has its grant an effect? */
static void assert_site(struct town *town, const struct log *log, const struct id *site,
                        bool held, bool with_effect)
{
    struct fold_result result;
    town_fold(town, log, &result);
    assert_int_equal(is_held(&result, site), held);
    assert_int_equal(is_holder(&result, site), with_effect);
    assert_int_equal(view_map_count(buf_bytes(&result.view), "held"), result.held_len);
    for (uint32_t i = 1; i < result.held_len; i++)
        assert_true(id_compare(&result.held[i - 1], &result.held[i]) < 0);
    fold_result_deinit(&result);
}

static const struct op *receive(struct town *town, struct log *log, int site)
{
    return town_say(town, log, site, "received", NULL, NULL, &town->sites[site].node);
}

/* The record is with the township, which sends it onward to the county. */
static const struct op *go_onward(struct town *town, struct log *log,
                                  const struct story_person *by)
{
    town_escalate(town, log, "yes", &town->sites[VILLAGE].steward);
    receive(town, log, TOWNSHIP);
    town_say(town, log, TOWNSHIP, "opened", NULL, NULL, by);
    return town_onward(town, log, TOWNSHIP, COUNTY, CLASS_RECORD, by);
}

static void revoke(struct town *town, int site, const struct story_person *who)
{
    site_revoke(town, site, &town->sites[site].recovery, who, NULL, 0);
    site_refresh(town, site);
}

static void a_site_that_has_it_stays_when_the_onward_loses_its_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *onward = go_onward(town, &log, &town->sites[TOWNSHIP].desk);
    receive(town, &log, COUNTY);
    assert_site(town, &log, town_site(town, COUNTY), true, true);

    revoke(town, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    assert_int_equal(town_effect(town, &log, onward), EFFECT_REVOKED);
    assert_site(town, &log, town_site(town, COUNTY), true, false);
    assert_site(town, &log, town_site(town, TOWNSHIP), true, true);
}

static void a_site_that_has_it_stays_when_the_founding_op_loses_its_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    go_onward(town, &log, &town->sites[TOWNSHIP].desk);
    receive(town, &log, COUNTY);

    revoke(town, VILLAGE, &town->sites[VILLAGE].steward);

    town_assert_state(town, &log, "refused");
    assert_site(town, &log, town_site(town, VILLAGE), true, true);
    assert_site(town, &log, town_site(town, TOWNSHIP), true, false);
    assert_site(town, &log, town_site(town, COUNTY), true, false);
}

static void an_op_without_effect_says_as_well_that_its_site_has_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    go_onward(town, &log, &town->sites[TOWNSHIP].desk);
    revoke(town, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    const struct op *received = receive(town, &log, COUNTY);

    assert_int_equal(town_effect(town, &log, received), EFFECT_NO_HOLDER);
    assert_site(town, &log, town_site(town, COUNTY), true, false);
}

static void a_grant_without_effect_brings_nothing_to_a_site_that_has_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    go_onward(town, &log, &town->sites[TOWNSHIP].desk);
    assert_site(town, &log, town_site(town, COUNTY), true, true);

    revoke(town, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    assert_site(town, &log, town_site(town, COUNTY), false, false);
}

static void who_was_appointed_by_a_revoked_steward_was_right_as_well(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct story_person second = story_person(town->story, 900);
    struct story_person clerk = story_person(town->story, 901);
    site_appoint(town, TOWNSHIP, &town->sites[TOWNSHIP].steward, &second, "steward");
    site_appoint(town, TOWNSHIP, &second, &clerk, "desk");
    site_refresh(town, TOWNSHIP);
    const struct op *onward = go_onward(town, &log, &clerk);
    receive(town, &log, COUNTY);

    revoke(town, TOWNSHIP, &second);

    assert_int_equal(town_effect(town, &log, onward), EFFECT_NO_RIGHT);
    assert_site(town, &log, town_site(town, COUNTY), true, false);
}

static void who_was_never_right_brings_nobody_in(void **state)
{
    struct town *town = *state;
    static const struct {
        const char *terms;
        bool by_mediator;
        uint32_t classes;
        enum effect effect;
    } rows[] = {
        {"yes", true, CLASS_RECORD, EFFECT_NO_RIGHT},
        {"ask", false, CLASS_RECORD, EFFECT_NOT_PERMITTED},
        {"no", false, CLASS_RECORD, EFFECT_NOT_PERMITTED},
    };
    /* Somebody has to be revoked, or nothing is looked at twice. */
    struct log logs[3] = {{{0}, 0}};
    for (size_t i = 0; i < 3; i++) {
        struct site *township = &town->sites[TOWNSHIP];
        town_escalate(town, &logs[i], rows[i].terms, &town->sites[VILLAGE].steward);
        town_say(town, &logs[i], TOWNSHIP, "opened", NULL, NULL, &township->desk);
        const struct op *op =
            town_onward(town, &logs[i], TOWNSHIP, COUNTY, rows[i].classes,
                        rows[i].by_mediator ? &township->mediator : &township->desk);
        assert_int_equal(town_effect(town, &logs[i], op), rows[i].effect);
        receive(town, &logs[i], COUNTY);
    }
    revoke(town, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    for (size_t i = 0; i < 3; i++)
        assert_site(town, &logs[i], town_site(town, COUNTY), false, false);
}

static void a_stranger_speaks_for_no_site(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct story_person stranger = story_person(town->story, 902);
    go_onward(town, &log, &town->sites[TOWNSHIP].desk);
    const struct op *op = town_say(town, &log, COUNTY, "received", NULL, NULL, &stranger);
    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_RIGHT);

    revoke(town, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    assert_site(town, &log, town_site(town, COUNTY), false, false);
}

static void a_cover_gives_the_grant_its_effect_back(void **state)
{
    struct town *town = *state;
    struct story *story = town->story;
    struct log log = {0};
    const struct op *onward = go_onward(town, &log, &town->sites[TOWNSHIP].desk);
    const struct op *received = receive(town, &log, COUNTY);
    revoke(town, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    struct op *op = log_begin(town, &log, TOWNSHIP, "cover");
    story_put(op, "key", story_bin(story, town->sites[TOWNSHIP].desk.key, 32));
    story_put(op, "heads", story_ids(story, &received, 1));
    log_seal(town, &log, op, &town->sites[TOWNSHIP].steward);

    assert_int_equal(town_effect(town, &log, onward), EFFECT_YES);
    assert_site(town, &log, town_site(town, COUNTY), true, true);
}

/* Adds what is held now, and looks whether what was held before is still there. */
static void assert_grown(struct town *town, const struct log *log, struct id *held,
                         uint32_t *held_len)
{
    struct fold_result result;
    town_fold(town, log, &result);
    for (uint32_t i = 0; i < *held_len; i++)
        assert_true(is_held(&result, &held[i]));
    assert_true(result.held_len <= SITES);
    memcpy(held, result.held, result.held_len * sizeof(*held));
    *held_len = result.held_len;
    fold_result_deinit(&result);
}

static void what_is_held_only_grows(void **state)
{
    struct town *town = *state;
    struct log log = {0}, part = {0};
    struct id held[SITES];
    uint32_t held_len = 0;
    go_onward(town, &log, &town->sites[TOWNSHIP].desk);
    receive(town, &log, COUNTY);
    town_say(town, &log, COUNTY, "opened", NULL, NULL, &town->sites[COUNTY].desk);
    town_say(town, &log, COUNTY, "advise", "text", "先修沟", &town->sites[COUNTY].desk);

    for (size_t i = 0; i < log.len; i++) {
        log_add(&part, log.ops[i]);
        assert_grown(town, &part, held, &held_len);
    }
    revoke(town, TOWNSHIP, &town->sites[TOWNSHIP].desk);
    assert_grown(town, &part, held, &held_len);
    revoke(town, VILLAGE, &town->sites[VILLAGE].steward);
    assert_grown(town, &part, held, &held_len);
    revoke(town, COUNTY, &town->sites[COUNTY].node);
    revoke(town, COUNTY, &town->sites[COUNTY].steward);
    assert_grown(town, &part, held, &held_len);

    assert_int_equal(held_len, 3);
}

static void who_has_it_stays_when_others_take_the_last_place(void **state)
{
    enum { OTHERS = 60 };
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    const struct op *opened =
        town_say(town, &log, TOWNSHIP, "opened", NULL, NULL, &town->sites[TOWNSHIP].desk);
    const struct op *onward = town_onward(town, &log, TOWNSHIP, COUNTY, CLASS_RECORD,
                                          &town->sites[TOWNSHIP].desk);
    receive(town, &log, COUNTY);
    assert_site(town, &log, town_site(town, COUNTY), true, true);

    for (uint8_t i = 0; i < OTHERS; i++) { /* concurrent with the county's */
        struct id site = {{0, i, 1}};      /* below the county's */
        struct op *op = log_begin_after(town, TOWNSHIP, "onward", opened);
        story_put(op, "site", story_bin(town->story, site.bytes, ID_SIZE));
        story_put(op, "classes", story_uint(town->story, CLASS_RECORD));
        story_put(op, "reason", story_text(town->story, "理由"));
        log_seal(town, &log, op, &town->sites[TOWNSHIP].desk);
    }

    assert_int_equal(town_effect(town, &log, onward), EFFECT_FULL);
    assert_site(town, &log, town_site(town, COUNTY), true, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_site_that_has_it_stays_when_the_onward_loses_its_effect),
        TEST(a_site_that_has_it_stays_when_the_founding_op_loses_its_effect),
        TEST(an_op_without_effect_says_as_well_that_its_site_has_it),
        TEST(a_grant_without_effect_brings_nothing_to_a_site_that_has_nothing),
        TEST(who_was_appointed_by_a_revoked_steward_was_right_as_well),
        TEST(who_was_never_right_brings_nobody_in),
        TEST(a_stranger_speaks_for_no_site),
        TEST(a_cover_gives_the_grant_its_effect_back),
        TEST(what_is_held_only_grows),
        TEST(who_has_it_stays_when_others_take_the_last_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
