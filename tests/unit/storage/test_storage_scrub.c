/* What was erased is in no byte of the file, gaps between cells included: after the
 * commit, wherever the power goes in it, and once there is room where there was none. */
#include <stdio.h>
#include <string.h>

#include "storage/statement.h"
#include "storage/store_scrub.h"
#include "storage/store_search.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* --- postings of many scopes, so that pages are split and grow together --- */

#define SCOPES 40
#define TOKENS 60 /* of each, that nobody else has; and as many that all have */

struct many {
    uint32_t scope, given;
    char token[32];
};

static bool next_of_many(void *context, struct store_posting *posting)
{
    struct many *many = context;
    if (many->given == 2 * TOKENS)
        return false;
    /* What all have comes first; what is its own is spread over the index. */
    if (many->given < TOKENS)
        (void)snprintf(many->token, sizeof(many->token), "common%03u", many->given);
    else
        (void)snprintf(many->token, sizeof(many->token), "q%03usecret%02u",
                       many->given - TOKENS, many->scope);
    many->given++;
    posting->token = bytes_str(many->token);
    posting->places = bytes_str("0");
    return true;
}

static uint32_t count_in(const char *name, const char *text)
{
    size_t len, text_len = strlen(text);
    const uint8_t *bytes = crash_vfs_file(sample_disk(), name, &len);
    uint32_t count = 0;
    for (size_t i = 0; bytes != NULL && i + text_len <= len; i++)
        count += memcmp(bytes + i, text, text_len) == 0;
    return count;
}

static bool next_of_none(void *context, struct store_posting *posting)
{
    return false;
}

static void add_scopes(struct store *store)
{
    for (uint32_t i = 1; i <= SCOPES; i++) {
        struct id id = sample_id((uint8_t)i);
        struct many many = {.scope = i};
        struct sample_op sample;
        sample_begin(store);
        sample_op(&sample, &id, 1, "x");
        assert_int_equal(store_op_add(store, &sample.op, buf_bytes(&sample.bytes),
                                      SCOPE_CASE, TREE_PRIVATE),
                         STATUS_OK);
        sample_op_deinit(&sample);
        assert_int_equal(store_search_put(store, &id, next_of_many, &many), STATUS_OK);
        sample_commit(store);
    }
    assert_true(
        count_in(SAMPLE_FILE, "secret07") + count_in(SAMPLE_FILE "-wal", "secret07") > 0);
}

static enum status erase(struct store *store, uint32_t scope)
{
    struct id id = sample_id((uint8_t)scope);
    enum status status = store_begin(store);
    if (status == STATUS_OK)
        status = store_search_put(store, &id, next_of_none, NULL);
    if (status != STATUS_OK) {
        store_roll_back(store);
        return status;
    }
    store_scrub(store);
    return store_commit(store);
}

static bool is_left(uint32_t scope)
{
    char secret[16];
    (void)snprintf(secret, sizeof(secret), "secret%02u", scope);
    return count_in(SAMPLE_FILE, secret) + count_in(SAMPLE_FILE "-wal", secret) > 0;
}

/* As far as the tables tell. */
static bool is_erased(struct store *store, uint32_t scope)
{
    char token[32];
    struct buf places = {0};
    (void)snprintf(token, sizeof(token), "q000secret%02u", scope);
    enum status status = store_search_places(store, scope, bytes_str(token), &places);
    buf_deinit(&places);
    return status == STATUS_NOT_FOUND;
}

/* --- */

static void what_was_erased_is_in_no_byte(void **state)
{
    struct store *store = *state;
    bool would_stay = false;
    add_scopes(store);
    for (uint32_t i = 1; i <= SCOPES; i++) {
        assert_int_equal(erase(store, i), STATUS_OK);
        assert_false(is_left(i));
    }

    /* The test itself can see: without it some would stay. */
    sample_tear_down(state);
    assert_int_equal(sample_set_up(state), 0);
    store = *state;
    add_scopes(store);
    for (uint32_t i = 1; i <= SCOPES; i++) {
        struct id id = sample_id((uint8_t)i);
        sample_begin(store);
        assert_int_equal(store_search_put(store, &id, next_of_none, NULL), STATUS_OK);
        sample_commit(store);
        would_stay |= is_left(i);
    }
    assert_true(would_stay);
}

static struct store *open_image(void)
{
    struct err err = {0};
    struct store *store;
    crash_vfs_set_back(sample_disk());
    assert_int_equal(store_open(&store, SAMPLE_FILE, SAMPLE_VFS, false, &err), STATUS_OK);
    return store;
}

/* A scope of which something would stay in the image that is kept. */
static uint32_t scope_that_would_stay(void)
{
    for (uint32_t i = 1; i <= SCOPES; i++) {
        struct id id = sample_id((uint8_t)i);
        struct store *store = open_image();
        sample_begin(store);
        assert_int_equal(store_search_put(store, &id, next_of_none, NULL), STATUS_OK);
        sample_commit(store);
        store_close(store);
        if (is_left(i))
            return i;
    }
    fail_msg("nothing would stay");
    return 0;
}

static void wherever_the_power_goes_an_opening_goes_on_with_it(void **state)
{
    uint32_t erased_by_cut = 0;
    add_scopes(*state);
    store_close(*state);
    crash_vfs_keep(sample_disk());
    uint32_t scope = scope_that_would_stay();
    for (uint64_t steps = 0;; steps += 1 + steps / 16) {
        struct store *store = open_image();
        crash_vfs_cut_after(sample_disk(), steps);
        enum status status = erase(store, scope);
        bool was_cut = crash_vfs_is_dead(sample_disk());
        *state = store;
        store = sample_reopen(state, true);
        if (status != STATUS_OK)
            assert_true(was_cut);
        if (is_erased(store, scope)) {
            erased_by_cut += was_cut;
            if (is_left(scope))
                fail_msg("after a cut in step %d it is still there", (int)steps);
        }
        assert_false(store_scrub_waits(store));
        if (!was_cut)
            break;
        store_close(store);
    }
    assert_true(erased_by_cut > 3);
}

static void without_room_it_waits_and_is_done_when_there_is_some(void **state)
{
    uint32_t waited = 0;
    add_scopes(*state);
    store_close(*state);
    crash_vfs_keep(sample_disk());
    uint32_t scope = scope_that_would_stay();
    bool has_failed = true;
    for (uint64_t steps = 0; has_failed; steps += 1 + steps / 16) {
        struct store *store = open_image();
        crash_vfs_fail_after(sample_disk(), steps, CRASH_ENOSPC, false);
        enum status status = erase(store, scope);
        has_failed = crash_vfs_has_failed(sample_disk());
        crash_vfs_fail_after(sample_disk(), UINT64_MAX / 2, CRASH_NONE, false);
        assert_true(status == STATUS_OK || status == STATUS_FULL);
        waited += status == STATUS_OK && store_scrub_waits(store);
        if (status == STATUS_OK && !store_scrub_waits(store))
            assert_false(is_left(scope));
        *state = store;
        store = sample_reopen(state, false);
        assert_false(store_scrub_waits(store));
        if (is_erased(store, scope))
            assert_false(is_left(scope));
        store_close(store);
    }
    assert_true(waited > 0);
    *state = NULL;
}

static void it_is_tried_again_after_some_commits(void **state)
{
    struct buf note = {0};
    uint32_t commits = 0;
    add_scopes(*state);
    store_close(*state);
    crash_vfs_keep(sample_disk());
    uint32_t scope = scope_that_would_stay();
    struct store *store = NULL;
    for (uint64_t steps = 0; store == NULL; steps++) {
        store = open_image();
        crash_vfs_fail_after(sample_disk(), steps, CRASH_ENOSPC, false);
        enum status status = erase(store, scope);
        assert_true(crash_vfs_has_failed(sample_disk()));
        crash_vfs_fail_after(sample_disk(), UINT64_MAX / 2, CRASH_NONE, false);
        if (status == STATUS_OK && store_scrub_waits(store))
            break;
        store_close(store);
        store = NULL;
    }
    *state = store;
    assert_int_equal(store_meta_get(store, "unwritten", &note), STATUS_OK);
    while (store_scrub_waits(store) && commits <= SCRUB_AGAIN) {
        sample_begin(store);
        sample_commit(store);
        commits++;
    }
    assert_int_equal(commits, SCRUB_AGAIN);
    assert_int_equal(store_meta_get(store, "unwritten", &note), STATUS_NOT_FOUND);
    assert_false(is_left(scope));
    buf_deinit(&note);
}

static void remove_later(struct store *store, uint32_t scope)
{
    struct id id = sample_id((uint8_t)scope);
    sample_begin(store);
    assert_int_equal(store_search_put(store, &id, next_of_none, NULL), STATUS_OK);
    store_scrub_later(store);
    sample_commit(store);
}

static bool is_noted(struct store *store)
{
    struct buf note = {0};
    bool is_there = store_meta_get(store, "unwritten", &note) == STATUS_OK;
    buf_deinit(&note);
    return is_there;
}

/* It is no trouble that anybody has to hear of. */
static void what_may_wait_is_written_anew_with_the_next_erasure(void **state)
{
    struct store *store = *state;
    add_scopes(store);
    for (uint32_t i = 1; i < SCOPES; i++) {
        remove_later(store, i);
        assert_true(is_noted(store));
        assert_false(store_scrub_waits(store));
    }

    assert_int_equal(erase(store, SCOPES), STATUS_OK);

    assert_false(is_noted(store));
    for (uint32_t i = 1; i <= SCOPES; i++)
        assert_false(is_left(i));
}

static void what_may_wait_goes_at_once_with_what_may_not(void **state)
{
    struct store *store = *state;
    add_scopes(store);
    sample_begin(store);
    for (uint8_t i = 1; i <= SCOPES; i++) {
        struct id id = sample_id(i);
        assert_int_equal(store_search_put(store, &id, next_of_none, NULL), STATUS_OK);
        if (i == 1)
            store_scrub(store);
        else
            store_scrub_later(store);
    }
    sample_commit(store);

    assert_false(is_noted(store));
    for (uint32_t i = 1; i <= SCOPES; i++)
        assert_false(is_left(i));
}

/* As where a checkpoint was busy. */
static void a_log_that_was_not_emptied_is_with_the_next_commit(void **state)
{
    struct store *store = *state;
    size_t len;
    add_scopes(store);
    (void)crash_vfs_file(sample_disk(), SAMPLE_FILE "-wal", &len);
    assert_true(len > 0);
    store->must_scrub = true;

    sample_begin(store);
    sample_commit(store);

    (void)crash_vfs_file(sample_disk(), SAMPLE_FILE "-wal", &len);
    assert_int_equal(len, 0);
    assert_false(store->must_scrub);
}

static void what_may_wait_waits_for_some_commits_or_the_next_opening(void **state)
{
    struct store *store = *state;
    uint32_t commits = 0;
    add_scopes(store);
    remove_later(store, 1);
    for (; is_noted(store) && commits <= SCRUB_AGAIN; commits++) {
        sample_begin(store);
        sample_commit(store);
    }
    assert_int_equal(commits, SCRUB_AGAIN - 1);
    assert_false(is_left(1));

    remove_later(store, 2);
    assert_true(is_noted(store));
    store_close(store);
    crash_vfs_keep(sample_disk());
    *state = open_image();
    assert_false(is_noted(*state));
    assert_false(is_left(2));
}

/* A row that only an index still knows would be gone without a word. */
static void a_damaged_file_is_not_written_anew(void **state)
{
    struct store *store = *state;
    struct err err = {0};
    size_t len;
    static const char sought[] = "q010secret07";
    add_scopes(store);
    store_close(store);
    uint8_t *bytes =
        (uint8_t *)(uintptr_t)crash_vfs_file(sample_disk(), SAMPLE_FILE, &len);
    uint8_t *first = memmem(bytes, len, sought, sizeof(sought) - 1);
    assert_non_null(first);
    first[sizeof(sought) - 2] = '8';
    assert_int_equal(store_open(&store, SAMPLE_FILE, SAMPLE_VFS, false, &err), STATUS_OK);
    *state = store;
    assert_int_equal(erase(store, 20), STATUS_CORRUPT);

    /* It opens nevertheless, and says so when it is checked. */
    store = sample_reopen(state, false);
    struct buf said = {0};
    assert_true(store_scrub_waits(store));
    assert_int_equal(store_check(store, sample_report, &said), STATUS_CORRUPT);
    buf_deinit(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_erased_is_in_no_byte),
        TEST(wherever_the_power_goes_an_opening_goes_on_with_it),
        TEST(without_room_it_waits_and_is_done_when_there_is_some),
        TEST(it_is_tried_again_after_some_commits),
        TEST(what_may_wait_is_written_anew_with_the_next_erasure),
        TEST(what_may_wait_goes_at_once_with_what_may_not),
        TEST(a_log_that_was_not_emptied_is_with_the_next_commit),
        TEST(what_may_wait_waits_for_some_commits_or_the_next_opening),
        TEST(a_damaged_file_is_not_written_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
