/* The slots of a stick and of a backup's folder: their names, a folder without a free
 * one, and one that does not become free. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "cli/stick.h"
#include "tests/support/fail_call.h"
#include "tests/support/scratch.h"

static void expect_names(enum stick_series series, const char *head, size_t digits)
{
    char name[STICK_NAME_SIZE], before[STICK_NAME_SIZE] = "";
    for (unsigned slot = 1; slot <= stick_slots(series); slot++) {
        stick_name(name, series, slot);
        assert_memory_equal(name, head, strlen(head));
        assert_int_equal(strspn(name + strlen(head), "0123456789"), digits);
        assert_string_equal(name + strlen(head) + digits, ".age");
        assert_true(strcmp(before, name) < 0);
        memcpy(before, name, sizeof(before));
    }
}

static void U1_a_name_is_made_of_a_number_alone(void **state)
{
    (void)state;
    expect_names(STICK_BUNDLES, "fengqiao-", 3);
    expect_names(STICK_BACKUP, "fengqiao-backup-", 4);
}

/* Each file has its own name in it. */
static void put_all(const char *folder, enum stick_series series)
{
    char name[STICK_NAME_SIZE], path[SCRATCH_SIZE + STICK_NAME_SIZE + 1];
    for (unsigned slot = 1; slot <= stick_slots(series); slot++) {
        stick_name(name, series, slot);
        (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(name, file) >= 0);
        assert_int_equal(fclose(file), 0);
    }
}

static void expect_full(enum stick_series series, const char *words)
{
    char folder[SCRATCH_SIZE], name[STICK_NAME_SIZE];
    struct err err = {0};
    assert_true(scratch_make(folder));
    put_all(folder, series);
    assert_int_equal(stick_write(folder, series, bytes_str("one more"), name, &err),
                     STATUS_FULL);
    assert_memory_equal(err.text, "NOT written: ", 13);
    assert_non_null(strstr(err.text, words));
    for (unsigned slot = 1; slot <= stick_slots(series); slot++) {
        struct buf file = {0};
        stick_name(name, series, slot);
        assert_int_equal(stick_read(folder, series, slot, &file, &err), STATUS_OK);
        assert_true(bytes_equal_str(buf_bytes(&file), name));
        buf_deinit(&file);
    }
    scratch_remove(folder);
}

static void U4_when_all_slots_are_taken_it_says_so_and_replaces_none(void **state)
{
    (void)state;
    expect_full(STICK_BUNDLES, "holds 999 files");
    expect_full(STICK_BACKUP, "holds 9999 files");
}

/* What was to go is there still, or its going is not sure: in both cases that is said. */
static void U4_a_removal_that_is_refused_is_said(void **state)
{
    static const struct {
        const char *call;
        int error;
        const char *words;
        bool stays;
    } rows[] = {{"read", EIO, "put it in again", true},
                {"unlinkat", EROFS, "it can only be read", true},
                {"fsync", EIO, "put it in again", false}};
    const struct bytes file = bytes_str("what a bundle has");
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char folder[SCRATCH_SIZE], name[STICK_NAME_SIZE];
        char path[SCRATCH_SIZE + STICK_NAME_SIZE + 1];
        struct err err = {0};
        assert_true(scratch_make(folder));
        assert_int_equal(stick_write(folder, STICK_BUNDLES, file, name, &err), STATUS_OK);
        fail_call_after(rows[i].call, 0, rows[i].error);
        assert_int_equal(stick_remove(folder, STICK_BUNDLES, 1, file, &err), STATUS_IO);
        assert_string_equal(fail_call_stop(), rows[i].call);
        assert_memory_equal(err.text, "not removed: ", 13);
        assert_non_null(strstr(err.text, rows[i].words));
        (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
        assert_true((access(path, F_OK) == 0) == rows[i].stays);
        scratch_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(U1_a_name_is_made_of_a_number_alone),
        cmocka_unit_test(U4_when_all_slots_are_taken_it_says_so_and_replaces_none),
        cmocka_unit_test(U4_a_removal_that_is_refused_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
