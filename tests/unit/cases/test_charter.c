#include "town.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/role.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 11);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static struct site *village(struct town *town)
{
    return &town->sites[VILLAGE];
}

static uint32_t roles_at(struct town *town, const struct op *head,
                         const struct story_person *who)
{
    return charter_roles(village(town)->charter, &head->id, 1, who->key);
}

static enum effect effect_of(struct town *town, const struct op *op)
{
    return charter_effect(village(town)->charter, &op->id);
}

/* A charter op after a chosen one instead of the last. */
static const struct op *appoint_after(struct town *town, const struct op *parent,
                                      const struct story_person *by,
                                      const struct story_person *who, const char *role)
{
    struct log *log = &village(town)->log;
    size_t len = log->len;
    log->ops[log->len++] = parent;
    const struct op *op = site_appoint(town, VILLAGE, by, who, role);
    log->ops[len] = op;
    log->len = len + 1;
    return op;
}

static const struct op *revoke_after(struct town *town, const struct op *parent,
                                     const struct story_person *by,
                                     const struct story_person *who, bool covers)
{
    struct log *log = &village(town)->log;
    size_t len = log->len;
    log->ops[log->len++] = parent;
    const struct op *op = site_revoke(town, VILLAGE, by, who, &parent, covers);
    log->ops[len] = op;
    log->len = len + 1;
    return op;
}

static void founding_names_site_steward_node_and_recovery(void **state)
{
    struct town *town = *state;
    struct charter *charter = village(town)->charter;

    assert_true(charter_is_sound(charter));
    assert_int_equal(charter_tier(charter), TIER_VILLAGE);
    assert_string_equal(charter_name(charter), "枫桥");
    assert_int_equal(charter_roles_now(charter, village(town)->steward.key),
                     ROLE_STEWARD);
    assert_int_equal(charter_roles_now(charter, village(town)->node.key), ROLE_NODE);
    assert_int_equal(charter_roles_now(charter, village(town)->recovery.key),
                     ROLE_RECOVERY);
    assert_int_equal(charter_roles_now(charter, town->sites[COUNTY].steward.key), 0);
}

static void founding_by_somebody_else_gives_nobody_a_right(void **state)
{
    struct town *town = *state;
    struct op *op = story_begin(town->story, "found");
    const struct op *old = village(town)->log.ops[0];
    for (uint32_t i = 0; i < old->fields_len; i++) {
        char *name = test_malloc(OP_NAME_MAX + 1);
        memcpy(name, old->fields[i].name.data, old->fields[i].name.len);
        name[old->fields[i].name.len] = '\0';
        story_put(op, name, old->fields[i].value);
    }
    story_seal(town->story, op, &village(town)->mediator);
    struct charter *charter;
    const struct op *list[] = {op};

    assert_int_equal(charter_new(list, 1, &charter), STATUS_OK);

    assert_false(charter_is_sound(charter));
    assert_int_equal(charter_roles_now(charter, village(town)->steward.key), 0);
    charter_free(charter);
    for (uint32_t i = 0; i < op->fields_len; i++)
        test_free((void *)(uintptr_t)op->fields[i].name.data);
}

static void rights_are_judged_beneath_the_heads_named(void **state)
{
    struct town *town = *state;
    const struct log *log = &village(town)->log;
    const struct story_person *mediator = &village(town)->mediator;

    assert_int_equal(roles_at(town, log->ops[0], mediator), 0);
    assert_int_equal(roles_at(town, log->ops[1], mediator), ROLE_MEDIATOR);
    struct charter_right right = charter_right(
        village(town)->charter, town_site(town, COUNTY), 1, village(town)->steward.key);
    assert_false(right.is_known);
    assert_int_equal(right.roles, 0);
}

static void a_mediator_may_appoint_nobody(void **state)
{
    struct town *town = *state;
    struct story_person friend = story_person(town->story, 99);

    const struct op *op =
        site_appoint(town, VILLAGE, &village(town)->mediator, &friend, "steward");
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, op), EFFECT_NO_RIGHT);
    assert_int_equal(charter_roles_now(village(town)->charter, friend.key), 0);
}

static void an_unsound_key_does_not_come_in(void **state)
{
    struct town *town = *state;
    struct story_person zero = {{0}, {0}};

    const struct op *op =
        site_appoint(town, VILLAGE, &village(town)->steward, &zero, "mediator");
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, op), EFFECT_BAD_FIELD);
}

static void a_revocation_ends_the_right_and_keeps_the_past(void **state)
{
    struct town *town = *state;
    const struct op *before = village(town)->log.ops[2];

    const struct op *op = site_revoke(town, VILLAGE, &village(town)->steward,
                                      &village(town)->mediator, NULL, 0);
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, op), EFFECT_YES);
    assert_true(charter_is_revoked(village(town)->charter, village(town)->mediator.key));
    assert_int_equal(roles_at(town, op, &village(town)->mediator), 0);
    assert_int_equal(roles_at(town, before, &village(town)->mediator), ROLE_MEDIATOR);
}

static void what_a_revoked_steward_wrote_falls_unless_covered(void **state)
{
    struct town *town = *state;
    struct story_person second = story_person(town->story, 50);
    struct story_person good = story_person(town->story, 51);
    struct story_person bad = story_person(town->story, 52);
    site_appoint(town, VILLAGE, &village(town)->steward, &second, "steward");
    const struct op *kept = site_appoint(town, VILLAGE, &second, &good, "mediator");
    const struct op *lost = site_appoint(town, VILLAGE, &second, &bad, "mediator");

    site_revoke(town, VILLAGE, &village(town)->recovery, &second, &kept, 1);
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, kept), EFFECT_YES);
    assert_int_equal(effect_of(town, lost), EFFECT_REVOKED);
    assert_int_equal(charter_roles_now(village(town)->charter, good.key), ROLE_MEDIATOR);
    assert_int_equal(charter_roles_now(village(town)->charter, bad.key), 0);
}

static void a_fallen_appointment_takes_its_own_acts_along(void **state)
{
    struct town *town = *state;
    struct story_person thief = story_person(town->story, 60);
    struct story_person helper = story_person(town->story, 61);
    const struct op *fork = village(town)->log.ops[2];
    site_revoke(town, VILLAGE, &village(town)->recovery, &village(town)->steward, &fork,
                1);

    const struct op *first =
        appoint_after(town, fork, &village(town)->steward, &thief, "steward");
    const struct op *second = appoint_after(town, first, &thief, &helper, "steward");
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, first), EFFECT_REVOKED);
    assert_int_equal(effect_of(town, second), EFFECT_NO_RIGHT);
}

static void mutual_revocations_both_hold(void **state)
{
    struct town *town = *state;
    struct story_person second = story_person(town->story, 70);
    const struct op *fork =
        site_appoint(town, VILLAGE, &village(town)->steward, &second, "steward");

    const struct op *one =
        revoke_after(town, fork, &village(town)->steward, &second, true);
    const struct op *other =
        revoke_after(town, fork, &second, &village(town)->steward, true);
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, one), EFFECT_YES);
    assert_int_equal(effect_of(town, other), EFFECT_YES);
    assert_true(charter_is_revoked(village(town)->charter, village(town)->steward.key));
    assert_true(charter_is_revoked(village(town)->charter, second.key));
    assert_int_equal(effect_of(town, fork), EFFECT_YES);
}

static void a_revocation_that_drops_its_authors_appointment_leaves_neither(void **state)
{
    struct town *town = *state;
    struct story_person second = story_person(town->story, 71);
    const struct op *fork =
        site_appoint(town, VILLAGE, &village(town)->steward, &second, "steward");

    revoke_after(town, fork, &village(town)->steward, &second, false);
    revoke_after(town, fork, &second, &village(town)->steward, false);
    site_refresh(town, VILLAGE);

    assert_int_equal(charter_roles_now(village(town)->charter, second.key), 0);
    struct charter *charter = village(town)->charter;
    assert_true(charter_is_revoked(charter, second.key) ||
                charter_is_revoked(charter, village(town)->steward.key));
}

static void the_recovery_key_is_never_revoked_and_reappoints(void **state)
{
    struct town *town = *state;
    struct story_person fresh = story_person(town->story, 80);

    const struct op *attack = site_revoke(town, VILLAGE, &village(town)->steward,
                                          &village(town)->recovery, NULL, 0);
    const struct op *rescue = site_revoke(town, VILLAGE, &village(town)->recovery,
                                          &village(town)->steward, &attack, 1);
    const struct op *appoint =
        site_appoint(town, VILLAGE, &village(town)->recovery, &fresh, "steward");
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, attack), EFFECT_NO_RIGHT);
    assert_int_equal(effect_of(town, rescue), EFFECT_YES);
    assert_int_equal(effect_of(town, appoint), EFFECT_YES);
    assert_int_equal(charter_roles_now(village(town)->charter, fresh.key), ROLE_STEWARD);
}

static void a_stolen_key_cannot_revoke_those_appointed_after_it(void **state)
{
    struct town *town = *state;
    struct story_person fresh = story_person(town->story, 81);
    const struct op *fork = village(town)->log.ops[2];
    site_revoke(town, VILLAGE, &village(town)->recovery, &village(town)->steward, &fork,
                1);
    const struct op *appoint =
        site_appoint(town, VILLAGE, &village(town)->recovery, &fresh, "steward");

    const struct op *old =
        revoke_after(town, fork, &village(town)->steward, &fresh, false);
    const struct op *late =
        revoke_after(town, appoint, &village(town)->steward, &fresh, false);
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, old), EFFECT_NO_RIGHT);
    assert_int_equal(effect_of(town, late), EFFECT_REVOKED);
    assert_int_equal(charter_roles_now(village(town)->charter, fresh.key), ROLE_STEWARD);
}

static void an_unknown_kind_by_a_steward_freezes_later_authority(void **state)
{
    struct town *town = *state;
    const struct op *before = village(town)->log.ops[2];
    struct op *op = story_begin(town->story, "senate");
    story_after(op, before);
    story_seal(town->story, op, &village(town)->steward);
    log_add(&village(town)->log, op);
    site_refresh(town, VILLAGE);

    struct charter_right now =
        charter_right(village(town)->charter, &op->id, 1, village(town)->steward.key);

    assert_true(now.is_frozen);
    assert_int_equal(now.roles, 0);
    assert_int_equal(roles_at(town, before, &village(town)->steward), ROLE_STEWARD);
}

static void an_unknown_kind_by_a_stranger_freezes_nothing(void **state)
{
    struct town *town = *state;
    struct op *op = story_begin(town->story, "senate");
    story_after(op, village(town)->log.ops[2]);
    story_seal(town->story, op, &village(town)->mediator);
    log_add(&village(town)->log, op);
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, op), EFFECT_NO_RIGHT);
    assert_int_equal(
        charter_roles_now(village(town)->charter, village(town)->steward.key),
        ROLE_STEWARD);
}

static const struct op *link_after(struct town *town, const struct op *parent,
                                   const struct id *site, const char *as)
{
    struct op *op = story_begin(town->story, "link");
    story_after(op, parent);
    story_put(op, "site", story_bin(town->story, site->bytes, ID_SIZE));
    story_put(op, "as", story_text(town->story, as));
    story_seal(town->story, op, &village(town)->steward);
    return op;
}

static void the_last_link_with_a_site_counts(void **state)
{
    struct town *town = *state;
    const char *const words[] = {"child", "parent"};
    assert_null(charter_parent(village(town)->charter));
    for (int i = 0; i < 2; i++) {
        struct log *log = &village(town)->log;
        log_add(log, link_after(town, log->ops[log->len - 1], town_site(town, TOWNSHIP),
                                words[i]));
    }
    site_refresh(town, VILLAGE);

    size_t len;
    (void)charter_links(village(town)->charter, &len);

    assert_int_equal(len, 1);
    assert_non_null(charter_parent(village(town)->charter));
    assert_true(
        id_equal(charter_parent(village(town)->charter), town_site(town, TOWNSHIP)));
}

/* A county's charter. The first hundred sites are linked twice, and one is the parent. */
static void each_of_two_thousand_links_is_found(void **state)
{
    enum { SITES_LEN = 2000, TWICE = 100, PARENT = 1234 };
    struct town *town = *state;
    struct log *log = &village(town)->log;
    const struct op **ops = calloc(log->len + SITES_LEN + TWICE, sizeof(*ops));
    const struct op **last = calloc(SITES_LEN, sizeof(*last));
    struct id *sites = calloc(SITES_LEN, sizeof(*sites));
    assert_true(ops != NULL && last != NULL && sites != NULL);
    size_t len = log->len;
    memcpy(ops, log->ops, len * sizeof(*ops));
    for (uint32_t i = 0; i < SITES_LEN + TWICE; i++) {
        uint32_t at = i % SITES_LEN;
        for (int k = 0; i < SITES_LEN && k < ID_SIZE; k++)
            sites[at].bytes[k] = (uint8_t)story_dice(town->story, 256);
        ops[len] =
            link_after(town, ops[len - 1], &sites[at], at == PARENT ? "parent" : "child");
        last[at] = ops[len++];
    }
    struct charter *charter;

    assert_int_equal(charter_new(ops, len, &charter), STATUS_OK);

    size_t links_len;
    (void)charter_links(charter, &links_len);
    assert_int_equal(links_len, SITES_LEN);
    for (uint32_t i = 0; i < SITES_LEN; i++) {
        const struct charter_link *link = charter_link(charter, &sites[i]);
        assert_non_null(link);
        assert_true(id_equal(&link->op, &last[i]->id));
        assert_int_equal(link->is_parent, i == PARENT);
    }
    assert_true(id_equal(charter_parent(charter), &sites[PARENT]));
    assert_null(charter_link(charter, &last[0]->id));
    charter_free(charter);
    free(ops);
    free(last);
    free(sites);
}

static void the_order_of_arrival_changes_nothing(void **state)
{
    struct town *town = *state;
    struct log *log = &village(town)->log;
    struct story_person second = story_person(town->story, 90);
    const struct op *fork =
        site_appoint(town, VILLAGE, &village(town)->steward, &second, "steward");
    revoke_after(town, fork, &village(town)->steward, &second, true);
    revoke_after(town, fork, &second, &village(town)->steward, false);
    appoint_after(town, fork, &second, &village(town)->desk, "steward");
    struct buf wanted = {0};
    site_refresh(town, VILLAGE);
    charter_view(village(town)->charter, &wanted);
    assert_int_equal(pack_check(buf_bytes(&wanted), NULL), STATUS_OK);

    for (int round = 0; round < 100; round++) {
        for (size_t i = log->len; i > 1; i--) {
            size_t other = story_dice(town->story, (uint32_t)i);
            const struct op *swap = log->ops[i - 1];
            log->ops[i - 1] = log->ops[other];
            log->ops[other] = swap;
        }
        struct buf got = {0};
        site_refresh(town, VILLAGE);
        charter_view(village(town)->charter, &got);
        assert_true(bytes_equal(buf_bytes(&got), buf_bytes(&wanted)));
        buf_deinit(&got);
    }
    buf_deinit(&wanted);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(founding_names_site_steward_node_and_recovery),
        TEST(founding_by_somebody_else_gives_nobody_a_right),
        TEST(rights_are_judged_beneath_the_heads_named),
        TEST(a_mediator_may_appoint_nobody),
        TEST(an_unsound_key_does_not_come_in),
        TEST(a_revocation_ends_the_right_and_keeps_the_past),
        TEST(what_a_revoked_steward_wrote_falls_unless_covered),
        TEST(a_fallen_appointment_takes_its_own_acts_along),
        TEST(mutual_revocations_both_hold),
        TEST(a_revocation_that_drops_its_authors_appointment_leaves_neither),
        TEST(the_recovery_key_is_never_revoked_and_reappoints),
        TEST(a_stolen_key_cannot_revoke_those_appointed_after_it),
        TEST(an_unknown_kind_by_a_steward_freezes_later_authority),
        TEST(an_unknown_kind_by_a_stranger_freezes_nothing),
        TEST(the_last_link_with_a_site_counts),
        TEST(each_of_two_thousand_links_is_found),
        TEST(the_order_of_arrival_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
