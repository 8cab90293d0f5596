/* What a charter takes in and what it refuses, op by op: founding, nodes, links,
 * revocations, and what this version does not understand. */
#include "town.h"

#include <string.h>

#include "node/cases/role.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 12);
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

static enum effect effect_of(struct town *town, const struct op *op)
{
    return charter_effect(village(town)->charter, &op->id);
}

static const struct op *newest(struct town *town)
{
    const struct log *log = &village(town)->log;
    return log->ops[log->len - 1];
}

static const struct op *seal(struct town *town, struct op *op,
                             const struct story_person *by)
{
    story_seal(town->story, op, by);
    log_add(&village(town)->log, op);
    site_refresh(town, VILLAGE);
    return op;
}

/* former: whose place it takes, or NULL. */
static const struct op *add_node_for(struct town *town, const struct story_person *node,
                                     const char *name, const struct story_person *former)
{
    struct op *op = story_begin(town->story, "node");
    story_after(op, newest(town));
    if (former != NULL)
        story_put(op, "replaces", story_bin(town->story, former->key, 32));
    story_put(op, "key", story_bin(town->story, node->key, 32));
    story_put(op, "noise-key", story_bin(town->story, node->seed, 32));
    story_put(op, "name", story_text(town->story, name));
    return seal(town, op, &village(town)->steward);
}

static const struct op *add_node(struct town *town, const struct story_person *node,
                                 const char *name)
{
    return add_node_for(town, node, name, NULL);
}

static const struct op *link_with(struct town *town, const struct id *site,
                                  const char *as, const struct story_person *by)
{
    struct op *op = story_begin(town->story, "link");
    story_after(op, newest(town));
    story_put(op, "site", story_bin(town->story, site->bytes, ID_SIZE));
    story_put(op, "as", story_text(town->story, as));
    return seal(town, op, by);
}

/* --- founding --- */

/* The village's founding op again, but for one field; the charter is the caller's. */
static struct charter *found_with(struct town *town, const char *name, struct bytes value,
                                  const struct op **out)
{
    struct op *op = story_begin(town->story, "found");
    const struct op *old = village(town)->log.ops[0];
    struct charter *charter;
    memcpy(op->fields, old->fields, sizeof(op->fields));
    op->fields_len = old->fields_len;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            op->fields[i].value = value;
    story_seal(town->story, op, &village(town)->steward);
    struct op *appoint = story_begin(town->story, "person");
    story_after(appoint, op);
    story_put(appoint, "key", story_bin(town->story, village(town)->desk.key, 32));
    story_put(appoint, "name", story_text(town->story, "张某"));
    story_put(appoint, "role", story_text(town->story, "desk"));
    story_seal(town->story, appoint, &village(town)->steward);
    struct op *revoke = story_begin(town->story, "revoke");
    story_after(revoke, appoint);
    story_put(revoke, "key", story_bin(town->story, village(town)->desk.key, 32));
    story_put(revoke, "covers", story_ids(town->story, NULL, 0));
    story_seal(town->story, revoke, &village(town)->steward);
    const struct op *list[] = {op, appoint, revoke};
    assert_int_equal(charter_new(list, 3, &charter), STATUS_OK);
    assert_int_equal(charter_effect(charter, &appoint->id),
                     charter_is_sound(charter) ? EFFECT_YES : EFFECT_NOT_FOUNDED);
    *out = op;
    return charter;
}

static void a_founding_with_an_unsound_key_or_tier_gives_nobody_a_right(void **state)
{
    static const uint8_t zeros[32];
    struct town *town = *state;
    const struct {
        const char *name;
        struct bytes value;
    } rows[] = {
        {"tier", story_uint(town->story, 0)},
        {"steward-key", story_bin(town->story, zeros, 32)},
        {"node-key", story_bin(town->story, zeros, 32)},
        {"recovery-key", story_bin(town->story, zeros, 32)},
        {"recovery-key", story_bin(town->story, village(town)->steward.key, 32)},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct op *op;
        struct charter *charter = found_with(town, rows[i].name, rows[i].value, &op);
        const uint8_t *key = village(town)->steward.key;

        assert_int_equal(charter_effect(charter, &op->id), EFFECT_BAD_FIELD);

        assert_false(charter_is_sound(charter));
        assert_false(charter_right(charter, &op->id, 1, key).is_known);
        assert_int_equal(charter_roles_now(charter, key), 0);
        charter_free(charter);
    }
}

static void one_key_may_be_the_stewards_and_the_nodes(void **state)
{
    struct town *town = *state;
    const struct op *op;
    const uint8_t *key = village(town)->steward.key;
    struct charter *charter =
        found_with(town, "node-key", story_bin(town->story, key, 32), &op);

    assert_int_equal(charter_roles(charter, &op->id, 1, key), ROLE_STEWARD | ROLE_NODE);

    charter_free(charter);
}

/* --- persons and nodes --- */

static void a_steward_adds_a_node_and_names_it_again(void **state)
{
    struct town *town = *state;
    struct story_person node = story_person(town->story, 95);
    struct buf view = {0};
    size_t len;
    add_node(town, &node, "老机器");
    add_node(town, &node, "新机器");

    const struct charter_node *nodes = charter_nodes(village(town)->charter, &len);

    assert_int_equal(len, 2);
    assert_memory_equal(nodes[1].key, node.key, 32);
    assert_memory_equal(nodes[1].noise_key, node.seed, 32);
    assert_string_equal(nodes[1].name, "新机器");
    assert_int_equal(charter_roles_now(village(town)->charter, node.key), ROLE_NODE);
    assert_true(charter_has_machine(village(town)->charter, node.seed));
    assert_false(charter_has_machine(village(town)->charter, node.key));
    charter_view(village(town)->charter, &view);
    assert_int_equal(view_map_count(buf_bytes(&view), "nodes"), 2);
    buf_deinit(&view);
}

/* Keys that replace each other, said in a circle, end nowhere but are followed no longer
 * than there are machines. */
static void a_machine_is_followed_from_key_to_key_and_round_no_circle(void **state)
{
    struct town *town = *state;
    struct story_person one = story_person(town->story, 70);
    struct story_person two = story_person(town->story, 71);
    struct story_person three = story_person(town->story, 72);
    add_node_for(town, &one, "山上", NULL);
    add_node_for(town, &two, "山上", &one);
    add_node_for(town, &three, "山上", &two);
    const struct charter *charter = village(town)->charter;
    assert_true(charter_is_same_machine(charter, three.key, one.key));
    assert_false(charter_is_same_machine(charter, one.key, three.key));

    const struct op *circle = add_node_for(town, &one, "山上", &three);
    charter = village(town)->charter;
    assert_int_equal(effect_of(town, circle), EFFECT_YES);
    assert_true(charter_is_same_machine(charter, one.key, two.key));
    assert_false(charter_is_same_machine(charter, one.key, village(town)->desk.key));
}

static void who_is_appointed_twice_has_the_role_once(void **state)
{
    struct town *town = *state;
    struct site *own = village(town);
    size_t before, after;
    (void)charter_persons(own->charter, &before);
    site_appoint(town, VILLAGE, &own->steward, &own->mediator, "mediator");
    site_appoint(town, VILLAGE, &own->steward, &own->mediator, "desk");
    site_refresh(town, VILLAGE);

    (void)charter_persons(own->charter, &after);

    assert_int_equal(charter_roles_now(own->charter, own->mediator.key),
                     ROLE_MEDIATOR | ROLE_DESK);
    assert_int_equal(before, after);
}

static void rights_are_the_same_under_one_head_and_under_all(void **state)
{
    struct town *town = *state;
    struct site *own = village(town);
    struct log *log = &own->log;
    const struct op *fork = newest(town);
    struct story_person one = story_person(town->story, 96);
    struct story_person other = story_person(town->story, 97);
    const struct op *left = site_appoint(town, VILLAGE, &own->steward, &one, "desk");
    log->ops[log->len++] = fork;
    const struct op *right = site_appoint(town, VILLAGE, &own->steward, &other, "desk");
    log->ops[log->len - 2] = right;
    log->len--;
    site_refresh(town, VILLAGE);

    assert_int_equal(charter_roles(own->charter, &left->id, 1, one.key), ROLE_DESK);
    assert_int_equal(charter_roles(own->charter, &left->id, 1, other.key), 0);
    assert_int_equal(charter_roles_now(own->charter, other.key), ROLE_DESK);
    assert_int_equal(charter_roles(own->charter, NULL, 0, other.key), 0);
}

/* --- links --- */

static void nobody_links_a_site_with_itself(void **state)
{
    struct town *town = *state;
    const struct op *op =
        link_with(town, town_site(town, VILLAGE), "parent", &village(town)->steward);

    assert_int_equal(effect_of(town, op), EFFECT_BAD_FIELD);
    assert_null(charter_parent(village(town)->charter));
}

static void a_mediators_link_is_none(void **state)
{
    struct town *town = *state;
    size_t len;
    const struct op *op =
        link_with(town, town_site(town, TOWNSHIP), "parent", &village(town)->mediator);

    (void)charter_links(village(town)->charter, &len);

    assert_int_equal(effect_of(town, op), EFFECT_NO_RIGHT);
    assert_int_equal(len, 0);
    assert_null(charter_link(village(town)->charter, town_site(town, TOWNSHIP)));
}

static bool is_child(void *context, struct bytes element)
{
    struct bytes as;
    bool *is_one = context;
    *is_one = view_map_text(element, "as", &as) && bytes_equal_str(as, "child");
    return true;
}

static void a_view_tells_what_the_other_site_is(void **state)
{
    struct town *town = *state;
    struct buf view = {0};
    bool is_one = false;
    link_with(town, town_site(town, TOWNSHIP), "child", &village(town)->steward);
    charter_view(village(town)->charter, &view);
    view_map_each(buf_bytes(&view), "links", is_child, &is_one);
    assert_true(is_one);
    buf_deinit(&view);
}

static void of_two_parents_the_one_linked_last_counts(void **state)
{
    static const int order[] = {TOWNSHIP, COUNTY, TOWNSHIP};
    static const struct id highest = {{0xff, 0xff}};
    struct town *town = *state;
    struct buf view = {0};
    for (size_t i = 0; i < 3; i++) {
        const struct id *site = town_site(town, order[i]);
        link_with(town, site, "parent", &village(town)->steward);
        assert_true(id_equal(charter_parent(village(town)->charter), site));
    }
    charter_view(village(town)->charter, &view);
    assert_int_equal(view_map_count(buf_bytes(&view), "links"), 2);
    assert_null(charter_link(village(town)->charter, &highest));
    buf_deinit(&view);
}

/* --- revocations --- */

static void a_revocation_passes_over_heads_that_are_not_here(void **state)
{
    struct town *town = *state;
    struct site *own = village(town);
    struct story_person second = story_person(town->story, 98);
    struct story_person clerk = story_person(town->story, 99);
    site_appoint(town, VILLAGE, &own->steward, &second, "steward");
    const struct op *kept = site_appoint(town, VILLAGE, &second, &clerk, "desk");
    const struct op *covers[] = {town->sites[COUNTY].log.ops[0], kept};

    const struct op *op = site_revoke(town, VILLAGE, &own->steward, &second, covers, 2);
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, op), EFFECT_YES);
    assert_int_equal(effect_of(town, kept), EFFECT_YES);
}

static void a_revocation_with_bad_covers_revokes_nobody(void **state)
{
    struct town *town = *state;
    struct op *op = story_begin(town->story, "revoke");
    story_after(op, newest(town));
    story_put(op, "key", story_bin(town->story, village(town)->mediator.key, 32));
    story_put(op, "covers", story_text(town->story, "全部"));

    seal(town, op, &village(town)->steward);

    assert_int_equal(effect_of(town, op), EFFECT_BAD_FIELD);
    assert_false(charter_is_revoked(village(town)->charter, village(town)->mediator.key));
}

static void a_machine_that_was_revoked_is_none_of_the_sites(void **state)
{
    struct town *town = *state;
    struct story_person node = story_person(town->story, 95);
    add_node(town, &node, "老机器");
    site_revoke(town, VILLAGE, &village(town)->steward, &node, NULL, 0);
    site_refresh(town, VILLAGE);

    assert_false(charter_has_machine(village(town)->charter, node.seed));
}

static void who_is_revoked_twice_is_revoked(void **state)
{
    struct town *town = *state;
    struct site *own = village(town);
    site_revoke(town, VILLAGE, &own->steward, &own->mediator, NULL, 0);
    const struct op *again =
        site_revoke(town, VILLAGE, &own->recovery, &own->mediator, NULL, 0);
    site_refresh(town, VILLAGE);

    assert_true(charter_is_revoked(own->charter, own->mediator.key));
    assert_int_equal(charter_roles_now(own->charter, own->mediator.key), 0);
    assert_int_equal(effect_of(town, again), EFFECT_NO_RIGHT);
}

static void who_is_revoked_at_two_places_at_once_is_revoked(void **state)
{
    struct town *town = *state;
    struct site *own = village(town);
    const struct op *fork = newest(town);
    const struct op *one =
        site_revoke(town, VILLAGE, &own->steward, &own->mediator, NULL, 0);
    own->log.ops[own->log.len++] = fork;
    const struct op *other =
        site_revoke(town, VILLAGE, &own->recovery, &own->mediator, NULL, 0);
    own->log.ops[--own->log.len - 1] = other;
    const struct op *late =
        site_appoint(town, VILLAGE, &own->mediator, &own->desk, "auditor");
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, one), EFFECT_YES);
    assert_int_equal(effect_of(town, other), EFFECT_YES);
    assert_int_equal(charter_roles_now(own->charter, own->mediator.key), 0);
    assert_int_equal(effect_of(town, late), EFFECT_REVOKED);
}

/* One branch of a revoked steward is stood by, the other not, whichever comes first. */
static void each_branch_stands_or_falls_by_itself(void **state)
{
    struct town *town = *state;
    struct site *own = village(town);
    struct story_person second = story_person(town->story, 100);
    struct log *log = &own->log;
    const struct op *branches[8];
    const struct op *fork =
        site_appoint(town, VILLAGE, &own->steward, &second, "steward");
    size_t len = log->len;
    for (int i = 0; i < 8; i++) {
        struct story_person clerk = story_person(town->story, 101 + (uint64_t)i);
        log->ops[log->len++] = fork;
        branches[i] = site_appoint(town, VILLAGE, &second, &clerk, "desk");
        log->ops[--log->len - 1] = branches[i];
    }
    assert_int_equal(log->len, len + 8);
    const struct op *covers[] = {branches[1], branches[4], branches[6]};

    site_revoke(town, VILLAGE, &own->steward, &second, covers, 3);
    site_refresh(town, VILLAGE);

    for (int i = 0; i < 8; i++)
        assert_int_equal(effect_of(town, branches[i]),
                         i == 1 || i == 4 || i == 6 ? EFFECT_YES : EFFECT_REVOKED);
}

/* --- what is not understood --- */

static void M3_a_kind_of_another_scope_has_no_effect_in_a_charter(void **state)
{
    struct town *town = *state;
    struct op *op = story_begin(town->story, "note");
    story_after(op, newest(town));
    story_put(op, "text", story_text(town->story, "一"));

    seal(town, op, &village(town)->steward);

    assert_int_equal(effect_of(town, op), EFFECT_WRONG_SCOPE);
}

static void M3_a_newer_op_by_a_steward_freezes_what_comes_after(void **state)
{
    struct town *town = *state;
    struct site *own = village(town);
    struct op *op = story_begin(town->story, "person");
    story_after(op, newest(town));
    story_put(op, "key", story_bin(town->story, own->desk.key, 32));
    story_put(op, "name", story_text(town->story, "张某"));
    story_put(op, "role", story_text(town->story, "observer"));
    story_seal(town->story, op, &own->steward);
    op->version = OP_VERSION + 1;
    assert_int_equal(op_rebuild(op), STATUS_OK);
    log_add(&own->log, op);
    const struct op *after =
        site_appoint(town, VILLAGE, &own->steward, &own->desk, "auditor");
    site_refresh(town, VILLAGE);

    assert_int_equal(effect_of(town, op), EFFECT_NEWER);
    assert_int_equal(effect_of(town, after), EFFECT_FROZEN);
    assert_int_equal(charter_roles_now(own->charter, own->steward.key), 0);
}

static void what_is_not_in_the_charter_is_not_known(void **state)
{
    struct town *town = *state;
    struct charter *charter = village(town)->charter;
    assert_int_equal(charter_effect(charter, town_site(town, COUNTY)),
                     EFFECT_NO_AUTHORITY);
    assert_string_equal(charter_tier_text(TIER_DEPARTMENT), "department");
    assert_null(charter_tier_text(TIER_DEPARTMENT + 1));
    assert_null(charter_tier_text(0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_founding_with_an_unsound_key_or_tier_gives_nobody_a_right),
        TEST(one_key_may_be_the_stewards_and_the_nodes),
        TEST(a_steward_adds_a_node_and_names_it_again),
        TEST(a_machine_is_followed_from_key_to_key_and_round_no_circle),
        TEST(who_is_appointed_twice_has_the_role_once),
        TEST(rights_are_the_same_under_one_head_and_under_all),
        TEST(nobody_links_a_site_with_itself),
        TEST(a_mediators_link_is_none),
        TEST(a_view_tells_what_the_other_site_is),
        TEST(of_two_parents_the_one_linked_last_counts),
        TEST(a_revocation_passes_over_heads_that_are_not_here),
        TEST(a_revocation_with_bad_covers_revokes_nobody),
        TEST(a_machine_that_was_revoked_is_none_of_the_sites),
        TEST(who_is_revoked_twice_is_revoked),
        TEST(who_is_revoked_at_two_places_at_once_is_revoked),
        TEST(each_branch_stands_or_falls_by_itself),
        TEST(M3_a_kind_of_another_scope_has_no_effect_in_a_charter),
        TEST(M3_a_newer_op_by_a_steward_freezes_what_comes_after),
        TEST(what_is_not_in_the_charter_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
