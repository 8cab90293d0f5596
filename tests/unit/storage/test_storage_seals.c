/* Seal logs in the store: our own, and those for which we are a witness. */
#include <string.h>

#include "storage/store_seals.h"
#include "storage/store_witness.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

static const uint8_t machine[KEY_SIZE] = {5, 5}, other_machine[KEY_SIZE] = {5, 6};

static void origin_of(char out[static SEAL_ORIGIN_SIZE], const uint8_t *key, uint8_t life)
{
    uint8_t bytes[SEAL_LIFE_SIZE] = {life};
    seal_origin(out, key, bytes);
}

/* --- our own --- */

static struct store_seal a_seal(uint64_t place)
{
    return (struct store_seal){.place = place,
                               .leaf = bytes_str("leaf"),
                               .secret = {(uint8_t)place, 9},
                               .private_size = 10 * place,
                               .shared_size = 7 * place};
}

struct seals {
    struct store_seal seals[8];
    uint32_t len;
};

static enum status collect_seal(void *context, const struct store_seal *seal)
{
    struct seals *list = context;
    assert_true(bytes_equal_str(seal->leaf, "leaf"));
    list->seals[list->len++] = *seal;
    return list->len == 3 ? STATUS_FULL : STATUS_OK;
}

static void a_log_grows_until_another_life_begins(void **state)
{
    struct store *store = *state;
    char origin[SEAL_ORIGIN_SIZE], got[SEAL_ORIGIN_SIZE];
    struct seals list = {.len = 0};
    uint64_t len;
    int64_t log;
    assert_int_equal(store_seal_log_last(store, &log, got), STATUS_NOT_FOUND);
    sample_begin(store);
    for (uint8_t life = 0; life < 2; life++) {
        origin_of(origin, machine, life);
        assert_int_equal(store_seal_log_begin(store, origin, &log), STATUS_OK);
        assert_int_equal(log, life);
        for (uint64_t place = 0; place < 2u + life; place++) {
            struct store_seal seal = a_seal(place);
            assert_int_equal(store_seal_add(store, log, &seal), STATUS_OK);
            assert_int_equal(store_seal_add(store, log, &seal), STATUS_EXISTS);
        }
    }
    sample_commit(store);

    store = sample_reopen(state, true);

    assert_int_equal(store_seal_log_last(store, &log, got), STATUS_OK);
    assert_int_equal(log, 1);
    assert_string_equal(got, origin);
    origin_of(origin, machine, 0);
    assert_int_equal(store_seal_log_get(store, 0, got), STATUS_OK);
    assert_string_equal(got, origin);
    assert_int_equal(store_seal_log_get(store, 2, got), STATUS_NOT_FOUND);
    assert_int_equal(store_seals_len(store, 0, &len), STATUS_OK);
    assert_int_equal(len, 2);
    assert_int_equal(store_seals(store, 0, collect_seal, &list), STATUS_OK);
    assert_int_equal(list.len, 2);
    assert_int_equal(list.seals[1].place, 1);
    assert_int_equal(list.seals[1].private_size, 10);
    assert_int_equal(list.seals[1].shared_size, 7);
    assert_int_equal(list.seals[1].secret[0], 1);
    list.len = 0;
    assert_int_equal(store_seals(store, 1, collect_seal, &list), STATUS_FULL);
}

static void no_two_logs_have_one_name(void **state)
{
    struct store *store = *state;
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    origin_of(origin, machine, 0);
    sample_begin(store);
    assert_int_equal(store_seal_log_begin(store, origin, &log), STATUS_OK);
    assert_int_equal(store_seal_log_begin(store, origin, &log), STATUS_EXISTS);
    store_roll_back(store);
}

static enum status read_cosigned(void *context, struct bytes witness, uint64_t size,
                                 struct bytes note)
{
    struct buf *text = context;
    buf_add(text, witness.data, witness.len);
    buf_add_u8(text, (uint8_t)('0' + size));
    buf_add(text, note.data, note.len);
    return text->len > 30 ? STATUS_FULL : STATUS_OK;
}

static void of_each_witness_the_newest_cosignature_is_kept(void **state)
{
    struct store *store = *state;
    char origin[SEAL_ORIGIN_SIZE];
    struct buf text = {0};
    uint64_t size;
    int64_t log;
    origin_of(origin, machine, 0);
    sample_begin(store);
    assert_int_equal(store_seal_log_begin(store, origin, &log), STATUS_OK);
    assert_int_equal(store_cosigned_get(store, log, "b", &size), STATUS_OK);
    assert_int_equal(size, 0);
    assert_int_equal(store_cosigned_put(store, log, "b", 1, bytes_str("one")), STATUS_OK);
    assert_int_equal(store_cosigned_put(store, log, "b", 2, bytes_str("two")), STATUS_OK);
    assert_int_equal(store_cosigned_put(store, log, "a", 3, bytes_str("six")), STATUS_OK);
    sample_commit(store);

    assert_int_equal(store_cosigned_get(store, log, "b", &size), STATUS_OK);
    assert_int_equal(size, 2);
    assert_int_equal(store_cosigned(store, log, read_cosigned, &text), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&text), "a3sixb2two"));
    for (int i = 0; i < 3; i++)
        buf_add(&text, "many bytes", 10);
    assert_int_equal(store_cosigned(store, log, read_cosigned, &text), STATUS_FULL);
    buf_deinit(&text);
}

/* --- others' --- */

struct witnessed {
    struct store_witnessed logs[4];
    uint32_t len;
};

static enum status collect_log(void *context, const struct store_witnessed *log)
{
    struct witnessed *list = context;
    assert_true(bytes_equal_str(log->note, "note"));
    list->logs[list->len++] = *log;
    return STATUS_OK;
}

static enum status stop(void *context, const struct store_witnessed *log)
{
    (void)context;
    (void)log;
    return STATUS_FULL;
}

static void put(struct store *store, const uint8_t *key, uint8_t life, uint64_t size)
{
    struct store_witnessed log = {.head.size = size,
                                  .head.root = {{(uint8_t)size}},
                                  .site = sample_id(3),
                                  .note = bytes_str("note"),
                                  .wall = 100 + size};
    origin_of(log.head.origin, key, life);
    memcpy(log.machine, key, KEY_SIZE);
    assert_int_equal(store_witnessed_put(store, &log), STATUS_OK);
}

static void a_log_is_seen_as_far_as_it_came_last(void **state)
{
    struct store *store = *state;
    struct witnessed list = {.len = 0};
    struct id site = sample_id(3);
    char origin[SEAL_ORIGIN_SIZE];
    origin_of(origin, machine, 0);
    assert_int_equal(store_witnessed_get(store, origin, collect_log, &list),
                     STATUS_NOT_FOUND);
    sample_begin(store);
    put(store, machine, 0, 4);
    put(store, machine, 0, 6);
    put(store, other_machine, 0, 2);
    sample_commit(store);

    assert_int_equal(store_witnessed_get(store, origin, collect_log, &list), STATUS_OK);
    assert_string_equal(list.logs[0].head.origin, origin);
    assert_int_equal(list.logs[0].head.size, 6);
    assert_int_equal(list.logs[0].head.root.bytes[0], 6);
    assert_id(&list.logs[0].site, &site);
    assert_memory_equal(list.logs[0].machine, machine, KEY_SIZE);
    assert_int_equal(list.logs[0].wall, 106);
    assert_false(list.logs[0].is_closed);
    assert_int_equal(store_witnessed(store, collect_log, &list), STATUS_OK);
    assert_int_equal(list.len, 3);
    assert_int_equal(store_witnessed(store, stop, NULL), STATUS_FULL);
}

static void a_log_that_another_goes_on_from_is_open_no_more(void **state)
{
    struct store *store = *state;
    struct witnessed list = {.len = 0};
    char first[SEAL_ORIGIN_SIZE], second[SEAL_ORIGIN_SIZE];
    origin_of(first, machine, 0);
    origin_of(second, machine, 1);
    sample_begin(store);
    put(store, machine, 0, 4);
    put(store, machine, 1, 1);
    assert_int_equal(store_witnessed_open(store, machine, collect_log, &list), STATUS_OK);
    assert_int_equal(list.len, 2);
    list.len = 0;

    assert_int_equal(store_witnessed_close(store, first, second), STATUS_OK);

    assert_int_equal(store_witnessed_open(store, machine, collect_log, &list), STATUS_OK);
    assert_int_equal(list.len, 1);
    assert_string_equal(list.logs[0].head.origin, second);
    put(store, machine, 0, 5); /* what is closed stays so */
    assert_int_equal(store_witnessed_get(store, first, collect_log, &list), STATUS_OK);
    assert_true(list.logs[1].is_closed);
    assert_string_equal(list.logs[1].successor, second);
    sample_commit(store);
}

static enum status read_proof(void *context, int64_t number, struct bytes origin,
                              uint64_t wall, struct bytes file)
{
    struct buf *text = context;
    char wanted[SEAL_ORIGIN_SIZE];
    origin_of(wanted, machine, 0);
    assert_true(number > 0);
    assert_true(wall == 7);
    assert_true(bytes_equal_str(origin, wanted));
    buf_add(text, file.data, file.len);
    return text->len < 40 ? STATUS_OK : STATUS_FULL;
}

static void a_proof_is_kept_once_and_of_one_log_a_few(void **state)
{
    struct store *store = *state;
    struct buf text = {0};
    char origin[SEAL_ORIGIN_SIZE], file[] = "a0";
    origin_of(origin, machine, 0);
    sample_begin(store);
    for (int i = 0; i < 2 * (SEAL_PROOFS_KEPT + 2); i++) {
        file[1] = (char)('0' + i / 2);
        assert_int_equal(store_seal_proof_add(store, origin, 7, bytes_str(file)),
                         STATUS_OK);
    }
    sample_commit(store);

    assert_int_equal(store_seal_proofs(store, read_proof, &text), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&text), "a0a1a2a3"));
    for (int i = 0; i < 4; i++)
        buf_add(&text, "many bytes", 10);
    assert_int_equal(store_seal_proofs(store, read_proof, &text), STATUS_FULL);
    buf_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_log_grows_until_another_life_begins),
        TEST(no_two_logs_have_one_name),
        TEST(of_each_witness_the_newest_cosignature_is_kept),
        TEST(a_log_is_seen_as_far_as_it_came_last),
        TEST(a_log_that_another_goes_on_from_is_open_no_more),
        TEST(a_proof_is_kept_once_and_of_one_log_a_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
