/* What a peer's machine said that it holds: how far, and what a later agreement looks at.
 */
#include <stdlib.h>

#include "storage/store_confirmed.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

enum { OWN = 0x10, FIRST, SECOND, CHARTER, CASE, OTHER = 0xa0, MACHINE = 0xc0 };

/* One op more of that scope, folded. Ids are numbers. */
static void write(struct store *store, uint8_t scope, enum scope_kind kind, uint64_t len)
{
    static uint8_t number;
    struct op *op = calloc(1, sizeof(*op));
    assert_non_null(op);
    op->id = sample_id(++number);
    op->scope = sample_id(scope);
    op->time = len;
    assert_int_equal(store_op_add(store, op, bytes_str("bytes"), kind,
                                  kind == SCOPE_CASE ? TREE_PRIVATE : TREE_SHARED),
                     STATUS_OK);
    free(op);
    struct store_scope row = {.id = sample_id(scope),
                              .kind = kind,
                              .digest = sample_id(number),
                              .view = bytes_str("view"),
                              .ops_len = len};
    assert_int_equal(store_scope_put(store, &row, NULL, 0, NULL, 0), STATUS_OK);
}

static void share(struct store *store, uint8_t scope)
{
    struct id other = sample_id(OTHER), id = sample_id(scope);
    assert_int_equal(store_pair_put(store, &other, &id), STATUS_OK);
}

static void confirm(struct store *store)
{
    struct id machine = sample_id(MACHINE), other = sample_id(OTHER),
              own = sample_id(OWN);
    assert_int_equal(store_confirmed_put(store, machine.bytes, &other, &own), STATUS_OK);
}

static uint64_t place_of(struct store *store, uint8_t scope)
{
    struct id machine = sample_id(MACHINE), id = sample_id(scope);
    uint64_t place;
    assert_int_equal(store_confirmed_get(store, machine.bytes, &id, &place), STATUS_OK);
    return place;
}

/* Our charter and two records, which both hold: three ops. */
static void agree_first(struct store *store)
{
    struct id other = sample_id(OTHER);
    sample_begin(store);
    assert_int_equal(store_pair_add(store, &other), STATUS_OK);
    write(store, OWN, SCOPE_CHARTER, 1);
    write(store, FIRST, SCOPE_ESCALATION, 1);
    write(store, SECOND, SCOPE_ESCALATION, 1);
    share(store, OWN);
    share(store, FIRST);
    share(store, SECOND);
    confirm(store);
}

static void the_first_agreement_confirms_all_that_is_shared(void **state)
{
    struct store *store = *state;
    agree_first(store);

    assert_int_equal(place_of(store, OWN), 3);
    assert_int_equal(place_of(store, FIRST), 3);
    assert_int_equal(place_of(store, SECOND), 3);
    assert_int_equal(place_of(store, CHARTER), 0);
    sample_commit(store);
}

static void a_later_one_confirms_what_came_since_and_no_more(void **state)
{
    struct store *store = *state;
    agree_first(store);
    write(store, SECOND, SCOPE_ESCALATION, 2);
    confirm(store);

    assert_int_equal(place_of(store, FIRST), 3);
    assert_int_equal(place_of(store, SECOND), 4);
    assert_int_equal(place_of(store, OWN), 4);

    confirm(store); /* nothing new */
    assert_int_equal(place_of(store, SECOND), 4);
    sample_commit(store);
}

/* It was here when all was confirmed, and was nobody else's. */
static void a_charter_that_comes_to_be_shared_is_confirmed_without_a_new_op(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    write(store, CHARTER, SCOPE_CHARTER, 1);
    sample_commit(store);
    agree_first(store);
    assert_int_equal(place_of(store, CHARTER), 0);

    share(store, CHARTER);
    confirm(store);

    assert_int_equal(place_of(store, CHARTER), 4);
    sample_commit(store);
}

static void a_machine_that_is_forgotten_is_looked_at_from_the_beginning(void **state)
{
    struct store *store = *state;
    struct id machine = sample_id(MACHINE);
    agree_first(store);
    assert_int_equal(store_confirmed_forget(store, machine.bytes), STATUS_OK);
    assert_int_equal(place_of(store, FIRST), 0);

    confirm(store);

    assert_int_equal(place_of(store, FIRST), 3);
    sample_commit(store);
}

static enum status note_kinds(void *context, const struct store_alarm *alarm)
{
    *(int *)context += 1 << alarm->kind;
    return STATUS_OK;
}

static void each_alarm_is_told_as_what_it_is(void **state)
{
    struct store *store = *state;
    struct store_alarm alarm = {.site = sample_id(OTHER), .ops = 1};
    int kinds = 0;
    sample_begin(store);
    for (int kind = ALARM_ROLLBACK; kind < ALARM_KINDS; kind++) {
        alarm.kind = (enum store_alarm_kind)kind;
        assert_int_equal(store_alarm_raise(store, &alarm), STATUS_OK);
    }
    sample_commit(store);
    assert_int_equal(store_alarms(store, &alarm.site, note_kinds, &kinds), STATUS_OK);
    assert_int_equal(kinds, (1 << ALARM_KINDS) - (1 << ALARM_ROLLBACK));
}

static uint64_t count_of(struct store *store, enum scope_kind kind)
{
    struct id machine = sample_id(MACHINE);
    uint64_t count = UINT64_MAX;
    assert_int_equal(store_confirmed_count(store, machine.bytes, kind, &count),
                     STATUS_OK);
    return count;
}

/* Each ledger tree counts its own positions. */
static void a_machine_of_our_own_holds_cases_by_their_own_tree(void **state)
{
    struct store *store = *state;
    struct id machine = sample_id(MACHINE), own = sample_id(OWN), scope = sample_id(CASE);
    sample_begin(store);
    assert_int_equal(store_pair_add(store, &own), STATUS_OK);
    write(store, OWN, SCOPE_CHARTER, 1);
    write(store, FIRST, SCOPE_ESCALATION, 1);
    write(store, CASE, SCOPE_CASE, 1);
    assert_int_equal(store_pair_put(store, &own, &own), STATUS_OK);
    assert_int_equal(store_pair_put(store, &own, &scope), STATUS_OK);
    assert_int_equal(store_confirmed_put(store, machine.bytes, &own, &own), STATUS_OK);
    assert_int_equal(place_of(store, OWN), 2);
    assert_int_equal(place_of(store, CASE), 1);
    assert_int_equal(count_of(store, SCOPE_CASE), 1);
    assert_int_equal(count_of(store, SCOPE_ESCALATION), 0);

    /* It came since, in the tree that the second agreement would not look at. */
    write(store, CASE, SCOPE_CASE, 2);
    assert_int_equal(store_confirmed_put(store, machine.bytes, &own, &own), STATUS_OK);
    assert_int_equal(place_of(store, CASE), 2);
    write(store, CASE, SCOPE_CASE, 3);
    assert_int_equal(store_confirmed_put_scope(store, machine.bytes, &own, &scope),
                     STATUS_OK);
    assert_int_equal(place_of(store, CASE), 3);
    sample_commit(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_agreement_confirms_all_that_is_shared),
        TEST(a_later_one_confirms_what_came_since_and_no_more),
        TEST(a_charter_that_comes_to_be_shared_is_confirmed_without_a_new_op),
        TEST(a_machine_that_is_forgotten_is_looked_at_from_the_beginning),
        TEST(a_machine_of_our_own_holds_cases_by_their_own_tree),
        TEST(each_alarm_is_told_as_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
