/* What is kept for those who come over the network: devices, answers that are given
 * again, drafts of forms, wrong PINs. */
#include <string.h>

#include "proto/limits.h"
#include "storage/store_devices.h"
#include "storage/store_form_drafts.h"
#include "storage/store_onces.h"
#include "storage/store_pin_tries.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
#define ROWS_MAX 8

/* --- devices --- */

struct rows {
    int64_t numbers[ROWS_MAX];
    int len;
    enum status answer;
};

static enum status collect(void *context, const struct store_device *device)
{
    struct rows *rows = context;
    assert_true(rows->len < ROWS_MAX);
    rows->numbers[rows->len++] = device->number;
    return rows->answer;
}

static int64_t sign_in(struct store *store, uint8_t token, uint8_t person)
{
    int64_t number = 0;
    struct store_device device = {.digest = sample_id(token),
                                  .person = sample_id(person),
                                  .label = bytes_str("手机"),
                                  .since = 5};
    assert_int_equal(store_device_add(store, &device, &number), STATUS_OK);
    return number;
}

static enum status assert_whole(void *context, const struct store_device *device)
{
    struct id digest = sample_id(1), person = sample_id(9);
    assert_int_equal(device->number, *(int64_t *)context);
    assert_id(&device->digest, &digest);
    assert_id(&device->person, &person);
    assert_true(bytes_equal_str(device->label, "手机"));
    assert_int_equal(device->since, 5);
    assert_int_equal(device->seen, 77);
    return STATUS_OK;
}

static void a_device_is_found_by_its_token_after_a_power_cut(void **state)
{
    struct store *store = *state;
    struct id digest = sample_id(1), other = sample_id(2);
    sample_begin(store);
    int64_t number = sign_in(store, 1, 9);
    assert_int_equal(store_device_seen(store, number, 77), STATUS_OK);
    sample_commit(store);

    store = sample_reopen(state, true);

    assert_int_equal(store_device_find(store, &digest, assert_whole, &number), STATUS_OK);
    assert_int_equal(store_device_get(store, number, assert_whole, &number), STATUS_OK);
    assert_int_equal(store_device_find(store, &other, assert_whole, &number),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_device_get(store, number + 1, assert_whole, &number),
                     STATUS_NOT_FOUND);
}

static void a_device_that_was_revoked_leaves_its_number_to_nobody(void **state)
{
    struct store *store = *state;
    struct rows rows = {.answer = STATUS_OK}, one = {.answer = STATUS_DENIED};
    struct id person = sample_id(9);
    sample_begin(store);
    int64_t first = sign_in(store, 1, 9), second = sign_in(store, 2, 8);
    int64_t third = sign_in(store, 3, 9);
    assert_int_equal(store_devices(store, collect, &rows), STATUS_OK);
    assert_int_equal(rows.len, 3);
    assert_int_equal(rows.numbers[0], first);
    assert_int_equal(store_devices(store, collect, &one), STATUS_DENIED);
    assert_int_equal(one.len, 1);

    assert_int_equal(store_device_remove(store, third), STATUS_OK);

    assert_int_equal(store_device_remove(store, third), STATUS_NOT_FOUND);
    assert_true(sign_in(store, 3, 9) > third);
    assert_int_equal(store_devices_remove_of(store, &person), STATUS_OK);
    rows.len = 0;
    assert_int_equal(store_devices(store, collect, &rows), STATUS_OK);
    assert_int_equal(rows.len, 1);
    assert_int_equal(rows.numbers[0], second);
    sample_commit(store);
}

/* --- answers that are given again --- */

static struct id once_number(uint32_t number)
{
    struct id id = sample_id(7);
    memcpy(id.bytes, &number, sizeof(number));
    return id;
}

static void the_last_answers_are_kept_and_the_older_ones_go(void **state)
{
    struct store *store = *state;
    struct id asked = sample_id(3), got;
    struct buf answer = {0};
    struct id first = once_number(0), second = once_number(1);
    sample_begin(store);
    for (uint32_t i = 0; i < ONCES_MAX; i++) {
        struct id once = once_number(i);
        assert_int_equal(
            store_once_add(store, &once, &asked, i == 0 ? bytes_str("") : bytes_str("x")),
            STATUS_OK);
    }
    assert_int_equal(store_once_get(store, &first, &got, &answer), STATUS_OK);
    assert_int_equal(answer.len, 0);
    assert_id(&got, &asked);
    struct id last = once_number(ONCES_MAX);

    assert_int_equal(store_once_add(store, &last, &asked, bytes_str("the last")),
                     STATUS_OK);

    assert_int_equal(store_once_get(store, &first, &got, &answer), STATUS_NOT_FOUND);
    assert_int_equal(store_once_get(store, &second, &got, &answer), STATUS_OK);
    buf_clear(&answer);
    assert_int_equal(store_once_get(store, &last, &got, &answer), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&answer), "the last"));
    assert_int_equal(store_once_add(store, &last, &asked, bytes_str("x")), STATUS_EXISTS);
    sample_commit(store);
    buf_deinit(&answer);
}

/* --- drafts of forms --- */

struct drafts {
    const char *forms[ROWS_MAX];
    const char *fields;
    uint64_t wall;
    int len;
    enum status answer;
};

static enum status compare(void *context, const struct store_form_draft *draft)
{
    struct drafts *drafts = context;
    assert_true(drafts->len < ROWS_MAX);
    assert_true(bytes_equal_str(draft->form, drafts->forms[drafts->len++]));
    if (drafts->fields != NULL)
        assert_true(bytes_equal_str(draft->fields, drafts->fields));
    assert_int_equal(draft->wall, drafts->wall);
    return drafts->answer;
}

static void put(struct store *store, uint8_t person, const char *form, const char *fields)
{
    struct id id = sample_id(person);
    struct store_form_draft draft = {
        .form = bytes_str(form), .fields = bytes_str(fields), .wall = 5};
    assert_int_equal(store_form_draft_put(store, &id, &draft), STATUS_OK);
}

static void a_draft_takes_the_place_of_the_one_before(void **state)
{
    struct store *store = *state;
    struct id person = sample_id(9);
    struct drafts one = {.forms = {"case/new"}, .fields = "later", .wall = 5};
    struct drafts all = {.forms = {"case/new", "note"}, .wall = 5};
    struct drafts stopped = {.forms = {"case/new"}, .wall = 5, .answer = STATUS_DENIED};
    sample_begin(store);
    put(store, 9, "note", "text");
    put(store, 9, "case/new", "sooner");
    put(store, 8, "case/new", "another one's");

    put(store, 9, "case/new", "later");

    sample_commit(store);
    store = sample_reopen(state, true);
    assert_int_equal(
        store_form_draft_get(store, &person, bytes_str("case/new"), compare, &one),
        STATUS_OK);
    assert_int_equal(store_form_drafts(store, &person, compare, &all), STATUS_OK);
    assert_int_equal(all.len, 2);
    assert_int_equal(store_form_drafts(store, &person, compare, &stopped), STATUS_DENIED);
    assert_int_equal(
        store_form_draft_get(store, &person, bytes_str("other"), compare, &one),
        STATUS_NOT_FOUND);
}

static bool disk_holds(const char *text)
{
    static const char *const names[] = {SAMPLE_FILE, SAMPLE_FILE "-wal"};
    bool holds = false;
    for (int i = 0; i < 2; i++) {
        size_t len;
        const uint8_t *bytes = crash_vfs_file(sample_disk(), names[i], &len);
        holds |= bytes != NULL && memmem(bytes, len, text, strlen(text)) != NULL;
    }
    return holds;
}

static void a_draft_that_is_gone_is_in_no_byte_of_the_file(void **state)
{
    struct store *store = *state;
    struct id person = sample_id(9), other = sample_id(8), nobody = sample_id(7);
    char text[9000];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "CANARY-DRAFT "[i % 13];
    text[sizeof(text) - 1] = '\0';
    sample_begin(store);
    put(store, 9, "case/new", text);
    put(store, 8, "case/new", "CANARY-OTHER");
    sample_commit(store);
    sample_begin(store);
    put(store, 9, "case/new", "CANARY-AGAIN");
    sample_commit(store);
    assert_true(disk_holds("CANARY-AGAIN"));
    assert_true(disk_holds("CANARY-OTHER"));

    sample_begin(store);
    assert_int_equal(store_form_draft_remove(store, &person, bytes_str("case/new")),
                     STATUS_OK);
    sample_commit(store);

    assert_false(disk_holds("CANARY-AGAIN"));
    assert_false(disk_holds("CANARY-DRAFT"));
    sample_begin(store);
    assert_int_equal(store_form_draft_remove(store, &person, bytes_str("case/new")),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_form_drafts_remove_of(store, &nobody), STATUS_OK);
    assert_int_equal(store_form_drafts_remove_of(store, &other), STATUS_OK);
    sample_commit(store);
    assert_false(disk_holds("CANARY-"));
}

/* --- wrong PINs --- */

static void tries_are_counted_for_each_person_and_over_a_power_cut(void **state)
{
    struct store *store = *state;
    struct id person = sample_id(9), other = sample_id(8);
    uint64_t count = 7;
    assert_int_equal(store_pin_tries_get(store, &person, &count), STATUS_OK);
    assert_int_equal(count, 0);
    sample_begin(store);
    assert_int_equal(store_pin_tries_put(store, &person, 3), STATUS_OK);
    assert_int_equal(store_pin_tries_put(store, &person, 4), STATUS_OK);
    assert_int_equal(store_pin_tries_put(store, &other, 1), STATUS_OK);
    sample_commit(store);
    store = sample_reopen(state, true);
    assert_int_equal(store_pin_tries_get(store, &person, &count), STATUS_OK);
    assert_int_equal(count, 4);

    sample_begin(store);
    assert_int_equal(store_pin_tries_put(store, &person, 0), STATUS_OK);
    assert_int_equal(store_pin_tries_put(store, &person, 0), STATUS_OK);
    sample_commit(store);

    assert_int_equal(store_pin_tries_get(store, &person, &count), STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(store_pin_tries_get(store, &other, &count), STATUS_OK);
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_device_is_found_by_its_token_after_a_power_cut),
        TEST(a_device_that_was_revoked_leaves_its_number_to_nobody),
        TEST(the_last_answers_are_kept_and_the_older_ones_go),
        TEST(a_draft_takes_the_place_of_the_one_before),
        TEST(a_draft_that_is_gone_is_in_no_byte_of_the_file),
        TEST(tries_are_counted_for_each_person_and_over_a_power_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
