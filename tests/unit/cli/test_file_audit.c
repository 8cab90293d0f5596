/* The verb on a file: what it finds, what does not hold, and what a disk or a memory that
 * ends leaves of it. What is found of which fault: sim.audit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "cli/cli.h"
#include "crypto/key.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/cli/evidence_maker.h"
#include "tests/unit/cli/run_cli.h"

static struct {
    char file[64], trust[KEY_TEXT_SIZE];
    struct buf bytes;
} house;

static int open_house(void **state)
{
    (void)state;
    (void)snprintf(house.file, sizeof(house.file), "/tmp/fengqiao-audit-XXXXXX");
    int fd = mkstemp(house.file);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    (void)unlink(house.file);
    buf_deinit(&house.bytes);
    return 0;
}

static void make_file(const struct maker_wish *wish, const char *about)
{
    struct maker *maker = maker_new(wish);
    struct maker_file_wish file = MAKER_WHOLE;
    file.about = about;
    if (strcmp(about, "site") == 0)
        file.head = MAKER_FOUND_VILLAGE;
    maker_file(maker, &file, &house.bytes, NULL);
    key_to_text(house.trust, "fqs1", maker_op(maker, MAKER_FOUND_TOWNSHIP)->id.bytes);
    maker_free(maker);
    FILE *out = fopen(house.file, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(house.bytes.data, 1, house.bytes.len, out), house.bytes.len);
    assert_int_equal(fclose(out), 0);
}

static struct run_cli audit(void)
{
    return run_cli((const char *const[]){"audit", "--file", house.file, "--trust",
                                         house.trust, NULL});
}

static void a_sound_file_has_no_findings(void **state)
{
    (void)state;
    make_file(&(struct maker_wish){.advices = 1}, "escalation");
    struct run_cli run = audit();
    assert_non_null(strstr(run.out, "Nothing was found."));
    assert_non_null(
        strstr(run.out, "Cases and escalations looked at: 1. Nothing fails."));
    assert_non_null(strstr(run.out, "The file HOLDS: 8 records checked."));
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
}

/* Danger to life, and a triage that says that nobody was in danger. */
static void a_finding_names_who_wrote_it_and_is_explained(void **state)
{
    (void)state;
    make_file(&(struct maker_wish){.is_in_danger = true}, "escalation");
    struct run_cli run = audit();
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_non_null(strstr(run.out, "FAILS  no-reason"));
    assert_non_null(strstr(run.out, "no-reason: it went up because of danger"));
    assert_non_null(strstr(run.out, "Findings that fail: 1."));
    assert_non_null(strstr(run.out, "The file HOLDS"));
    run_cli_deinit(&run);

    run = run_cli((const char *const[]){"audit", "--file", house.file, "--trust",
                                        house.trust, "--json", NULL});
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_non_null(strstr(run.out, "\"failing\":1"));
    assert_non_null(strstr(run.out, "\"holds\":true"));
    assert_non_null(strstr(run.out, "\"word\":\"no-reason\""));
    run_cli_deinit(&run);
}

static void who_has_not_erased_is_open_and_named(void **state)
{
    (void)state;
    make_file(&(struct maker_wish){.is_recalled = true}, "escalation");
    house.bytes.data[house.bytes.len - 1] ^= 1; /* the count at its end */
    FILE *out = fopen(house.file, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(house.bytes.data, 1, house.bytes.len, out), house.bytes.len);
    assert_int_equal(fclose(out), 0);
    struct run_cli run = audit();
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_non_null(strstr(run.out, "Nothing fails."));
    assert_non_null(strstr(run.out, "The file DOES NOT HOLD: failures: 1."));
    run_cli_deinit(&run);
}

static void a_case_is_compared_with_what_went_up_of_it(void **state)
{
    (void)state;
    make_file(&(struct maker_wish){.has_case = true}, "site");
    struct run_cli run = audit();
    assert_non_null(strstr(run.out, "Cases and escalations looked at: 2."));
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
}

/* It is read twice; a pipe can be read once. */
static void cases_from_a_pipe_are_refused(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    make_file(&(struct maker_wish){.has_case = true}, "site");
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], house.bytes.data, house.bytes.len), house.bytes.len);
    assert_int_equal(close(ends[1]), 0);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
    struct run_cli run = run_cli(
        (const char *const[]){"audit", "--file", path, "--trust", house.trust, NULL});
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "read twice; give it by its name"));
    run_cli_deinit(&run);
    assert_int_equal(close(ends[0]), 0);
}

static void C1_a_file_that_is_not_there_and_a_site_that_is_none_are_said(void **state)
{
    (void)state;
    make_file(&(struct maker_wish){.advices = 1}, "escalation");
    const struct {
        const char *arguments[6];
        int code;
        const char *said;
    } rows[] = {
        {{"audit", "--file", house.file, NULL}, EXIT_USAGE, "--file needs --trust"},
        {{"audit", "--file", house.file, "--trust", "fqs1x", NULL},
         EXIT_USAGE,
         "--file needs --trust"},
        {{"audit", "--file", "/proc/none", "--trust", house.trust, NULL},
         EXIT_FAILED,
         "/proc/none: No such file"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_cli(rows[i].arguments);
        assert_int_equal(run.code, rows[i].code);
        assert_non_null(strstr(run.err, rows[i].said));
        assert_int_equal(run.out_len, 0);
        run_cli_deinit(&run);
    }
}

/* All of it, or that something is missing; and never that nothing fails. */
static void assert_is_told(const struct run_cli *run, const struct run_cli *whole)
{
    assert_int_not_equal(run->code, EXIT_DONE);
    if (run->err_len == 0)
        assert_string_equal(run->out, whole->out);
    else
        assert_true(run->code == EXIT_FAILED || run->code == EXIT_UNVERIFIED);
}

/* Memory ends once on each way to an allocation, and each call fails. */
static void C2_without_memory_or_disk_there_is_no_word_on_a_file(void **state)
{
    (void)state;
    make_file(&(struct maker_wish){.is_in_danger = true, .has_case = true}, "site");
    struct run_cli whole = audit();
    assert_int_equal(whole.code, EXIT_UNVERIFIED);
    for (bool has_failed = true; has_failed;) {
        fail_memory_at_new_place();
        fail_memory_in();
        struct run_cli run = audit();
        (void)fail_memory_out();
        has_failed = fail_memory_stop();
        assert_is_told(&run, &whole);
        run_cli_deinit(&run);
    }
    const char *refused = "";
    for (uint64_t at = 0; refused != NULL; at++) {
        fail_call_after(NULL, at, EIO);
        struct run_cli run = audit();
        refused = fail_call_stop();
        assert_is_told(&run, &whole);
        run_cli_deinit(&run);
    }
    run_cli_deinit(&whole);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_sound_file_has_no_findings),
        A_TEST(a_finding_names_who_wrote_it_and_is_explained),
        A_TEST(who_has_not_erased_is_open_and_named),
        A_TEST(a_case_is_compared_with_what_went_up_of_it),
        A_TEST(cases_from_a_pipe_are_refused),
        A_TEST(C1_a_file_that_is_not_there_and_a_site_that_is_none_are_said),
        A_TEST(C2_without_memory_or_disk_there_is_no_word_on_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
