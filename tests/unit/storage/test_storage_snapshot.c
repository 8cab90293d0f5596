/* Ops as they were when their tree had so many, a part at a time. */
#include "storage/store_snapshot.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
#define OPS 6

struct part {
    struct store_op last;
    struct sample_ids ids;
    uint32_t max;
};

/* No more than so many of a call. */
static enum status take_some(void *context, const struct store_op *row)
{
    struct part *part = context;
    if (part->ids.len == part->max)
        return STATUS_MORE;
    part->last = *row;
    return sample_collect(&part->ids, &row->id);
}

static void add_all(struct store *store, struct sample_op *samples,
                    const struct id *scope)
{
    static const uint64_t times[OPS] = {9, 2, 2, 5, 2, 7};
    sample_begin(store);
    for (int i = 0; i < OPS; i++) {
        sample_op(&samples[i], scope, times[i], "x");
        sample_add(store, &samples[i], i == 3 ? TREE_WAITING : TREE_SHARED);
    }
    sample_commit(store);
}

static void ops_come_in_parts_as_they_come_at_once(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1), none = {{0}};
    struct sample_op samples[OPS];
    struct sample_ids all = {.len = 0}, parts = {.len = 0};
    add_all(store, samples, &scope);
    assert_int_equal(store_ops_of_scope(store, &scope, sample_collect_op, &all),
                     STATUS_OK);

    struct part part = {.max = 1};
    part.last.id = none;
    while (store_snapshot_ops(store, &scope, 5, part.last.time, &part.last.id, take_some,
                              &part) == STATUS_MORE) {
        assert_int_equal(part.ids.len, 1);
        parts.ids[parts.len++] = part.ids.ids[0];
        part.ids.len = 0;
        assert_true(parts.len < OPS);
    }
    assert_int_equal(part.ids.len, 1);
    parts.ids[parts.len++] = part.ids.ids[0];

    assert_int_equal(parts.len, OPS - 1);
    assert_int_equal(all.len, OPS - 1);
    for (uint32_t i = 0; i < parts.len; i++)
        assert_id(&parts.ids[i], &all.ids[i]);
    for (int i = 0; i < OPS; i++)
        sample_op_deinit(&samples[i]);
}

struct places {
    uint64_t positions, wall;
    uint32_t len, max;
};

static enum status take_place(void *context, uint64_t position, uint64_t wall)
{
    struct places *places = context;
    places->positions |= UINT64_C(1) << position;
    places->wall = wall;
    return ++places->len == places->max ? STATUS_FULL : STATUS_OK;
}

/* What waited and found its place since is as new as what came since. */
static void what_came_since_is_not_there(void **state)
{
    struct store *store = *state;
    struct id scope = sample_id(1), none = {{0}};
    struct sample_op samples[OPS];
    struct part part = {.max = OPS};
    struct places places = {.max = OPS};
    add_all(store, samples, &scope);
    sample_begin(store);
    assert_int_equal(
        store_op_promote(store, &samples[3].op.id, SCOPE_ESCALATION, TREE_SHARED),
        STATUS_OK);
    sample_commit(store);

    assert_int_equal(store_snapshot_ops(store, &scope, 5, 0, &none, take_some, &part),
                     STATUS_OK);
    assert_int_equal(store_snapshot_places(store, &scope, 5, take_place, &places),
                     STATUS_OK);

    assert_int_equal(part.ids.len, 5);
    assert_int_equal(places.len, 5);
    assert_int_equal(places.positions, 0x1f);
    assert_int_equal(places.wall, samples[0].op.wall);
    for (uint32_t i = 0; i < part.ids.len; i++)
        assert_false(id_equal(&part.ids.ids[i], &samples[3].op.id));
    places = (struct places){.max = 2};
    assert_int_equal(store_snapshot_places(store, &scope, 5, take_place, &places),
                     STATUS_FULL);
    assert_int_equal(places.len, 2);
    for (int i = 0; i < OPS; i++)
        sample_op_deinit(&samples[i]);
}

static void fold(struct store *store, uint8_t byte, enum scope_kind kind)
{
    struct store_scope scope = {.id = sample_id(byte), .kind = kind, .ops_len = 1};
    struct sample_op sample;
    sample_begin(store);
    sample_op(&sample, &scope.id, 2, "x");
    assert_int_equal(store_op_add(store, &sample.op, buf_bytes(&sample.bytes), kind,
                                  kind == SCOPE_CASE ? TREE_PRIVATE : TREE_SHARED),
                     STATUS_OK);
    if (byte != 7)
        assert_int_equal(store_scope_put(store, &scope, NULL, 0, NULL, 0), STATUS_OK);
    sample_commit(store);
    sample_op_deinit(&sample);
}

static void folded_cases_and_records_come_by_id(void **state)
{
    struct store *store = *state;
    static const uint8_t ids[] = {9, 4, 6, 7, 2};
    struct id scope = {{0}}, expected;
    enum scope_kind kind;
    for (size_t i = 0; i < sizeof(ids); i++) /* 7 is never folded */
        fold(store, ids[i],
             ids[i] == 4   ? SCOPE_CHARTER
             : ids[i] == 6 ? SCOPE_CASE
                           : SCOPE_ESCALATION);

    static const uint8_t found[] = {2, 6, 9};
    for (size_t i = 0; i < sizeof(found); i++) {
        assert_int_equal(store_snapshot_next(store, &scope, &scope, &kind), STATUS_OK);
        expected = sample_id(found[i]);
        assert_id(&scope, &expected);
        assert_int_equal(kind, found[i] == 6 ? SCOPE_CASE : SCOPE_ESCALATION);
    }
    assert_int_equal(store_snapshot_next(store, &scope, &scope, &kind), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ops_come_in_parts_as_they_come_at_once),
        TEST(what_came_since_is_not_there),
        TEST(folded_cases_and_records_come_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
