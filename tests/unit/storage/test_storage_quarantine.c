/* What is set apart: kept once, numbered for good, bounded for each site. */
#include <stdlib.h>
#include <string.h>

#include "proto/limits.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* Row number `number` of a site, of that many bytes. */
static void set_apart(struct store *store, uint8_t site, uint32_t number, size_t size)
{
    struct store_quarantine row = {
        .op = sample_id(7), .site = sample_id(site), .wall = 5};
    uint8_t *bytes = calloc(1, size);
    assert_non_null(bytes);
    memcpy(row.digest.bytes, &number, sizeof(number));
    row.digest.bytes[31] = site;
    row.reason = bytes_str("its signature does not hold");
    row.bytes = bytes_of(bytes, size);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    free(bytes);
}

struct rows {
    uint32_t of_site[256];
    uint32_t len, first, last;
    int64_t number;
};

static enum status collect(void *context, const struct store_quarantine *row)
{
    struct rows *rows = context;
    memcpy(&rows->last, row->digest.bytes, sizeof(rows->last));
    if (rows->len++ == 0)
        rows->first = rows->last;
    rows->of_site[row->digest.bytes[31]]++;
    assert_true(row->number > rows->number);
    rows->number = row->number;
    assert_true(bytes_equal_str(row->reason, "its signature does not hold"));
    return STATUS_OK;
}

static struct rows list(struct store *store)
{
    struct rows rows = {0};
    assert_int_equal(store_quarantine_list(store, collect, &rows), STATUS_OK);
    return rows;
}

static void the_same_bytes_twice_are_one_row(void **state)
{
    struct store *store = *state;
    struct id op = sample_id(7), other = sample_id(8);
    bool has;
    sample_begin(store);
    set_apart(store, 1, 1, 10);
    set_apart(store, 1, 1, 10);
    sample_commit(store);

    assert_int_equal(list(store).len, 1);
    assert_int_equal(store_quarantine_has(store, &op, &has), STATUS_OK);
    assert_true(has);
    assert_int_equal(store_quarantine_has(store, &other, &has), STATUS_OK);
    assert_false(has);
}

static void a_site_that_brings_too_many_loses_its_own_oldest(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    set_apart(store, 2, 0, 10);

    for (uint32_t i = 0; i < QUARANTINE_SITE_MAX + 10; i++)
        set_apart(store, 1, i, 10);

    sample_commit(store);
    struct rows rows = list(store);
    assert_int_equal(rows.of_site[1], QUARANTINE_SITE_MAX);
    assert_int_equal(rows.of_site[2], 1);
    assert_int_equal(rows.last, QUARANTINE_SITE_MAX + 9);
}

static void a_site_that_brings_too_many_bytes_loses_its_own_oldest(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(1);
    uint64_t count, bytes;
    sample_begin(store);
    set_apart(store, 2, 0, OP_SIZE_MAX);

    for (uint32_t i = 0; i < QUARANTINE_SITE_BYTES_MAX / OP_SIZE_MAX + 3; i++)
        set_apart(store, 1, i, OP_SIZE_MAX);

    sample_commit(store);
    assert_int_equal(store_quarantine_count(store, &site, &count, &bytes), STATUS_OK);
    assert_int_equal(bytes, QUARANTINE_SITE_BYTES_MAX);
    assert_int_equal(count, QUARANTINE_SITE_BYTES_MAX / OP_SIZE_MAX);
    assert_int_equal(list(store).of_site[2], 1);
}

static void many_sites_together_push_out_the_one_that_has_most(void **state)
{
    struct store *store = *state;
    uint32_t sites = QUARANTINE_MAX / QUARANTINE_SITE_MAX;
    uint64_t count;
    sample_begin(store);
    set_apart(store, 200, 0, 10);
    set_apart(store, 200, 1, 10);

    for (uint32_t i = 0; i < QUARANTINE_SITE_MAX; i++)
        for (uint8_t site = 1; site <= sites; site++)
            set_apart(store, site, i, 10);

    sample_commit(store);
    struct rows rows = list(store);
    assert_int_equal(rows.len, QUARANTINE_MAX);
    assert_int_equal(rows.of_site[200], 2);
    assert_int_equal(store_quarantine_count_all(store, &count), STATUS_OK);
    assert_int_equal(count, QUARANTINE_MAX);
}

static enum status same_size(void *context, const struct store_quarantine *row)
{
    assert_int_equal(row->bytes.len, *(size_t *)context);
    return STATUS_OK;
}

static void a_number_names_one_row_and_is_never_given_again(void **state)
{
    struct store *store = *state;
    size_t size = 20;
    sample_begin(store);
    set_apart(store, 1, 0, 10);
    set_apart(store, 1, 1, size);

    assert_int_equal(store_quarantine_get(store, 2, same_size, &size), STATUS_OK);
    assert_int_equal(store_quarantine_get(store, 3, same_size, &size), STATUS_NOT_FOUND);
    assert_int_equal(store_quarantine_remove(store, 2), STATUS_OK);
    assert_int_equal(store_quarantine_remove(store, 2), STATUS_NOT_FOUND);
    set_apart(store, 1, 2, 30);
    sample_commit(store);

    assert_int_equal(store_quarantine_get(store, 2, same_size, &size), STATUS_NOT_FOUND);
    assert_int_equal(list(store).number, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_bytes_twice_are_one_row),
        TEST(a_site_that_brings_too_many_loses_its_own_oldest),
        TEST(a_site_that_brings_too_many_bytes_loses_its_own_oldest),
        TEST(many_sites_together_push_out_the_one_that_has_most),
        TEST(a_number_names_one_row_and_is_never_given_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
