/* Files that anybody may have written, opened in a child without rights, which is this
 * program itself. Whatever a file is, its job comes back once and says what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/age_writer.h"
#include "crypto/key.h"
#include "node/io/key_request.h"
#include "node/io/process.h"
#include "proto/limits.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/child_house.h"

#define PAYLOAD 200000

/* ---- the child's side ---- */

static void say(const void *data, size_t len)
{
    if (!process_write_all(STDOUT_FILENO, data, len))
        _exit(EX_IOERR);
}

/* An answer of that verdict which promises so many bytes. */
static void promise(enum age_verdict opened, uint32_t len)
{
    struct key_answer answer = {.opened = (uint8_t)opened};
    for (int i = 0; i < 4; i++)
        answer.bytes_len[i] = (uint8_t)(len >> (24 - 8 * i));
    say(&answer, sizeof(answer));
}

/* A request whose file breaks off. */
static void cut_input(void)
{
    struct key_request request;
    struct job job = {.type = JOB_OPEN};
    int fds[2];
    buf_add(&job.wire, "ten bytes.", 10);
    key_request_write(&request, &job);
    if (pipe(fds) != 0 || !process_write_all(fds[1], &request, sizeof(request)) ||
        !process_write_all(fds[1], "ten", 3) || dup2(fds[0], STDIN_FILENO) < 0)
        _exit(EX_IOERR);
    (void)close(fds[1]);
}

static int be_child(void)
{
    const char *plan = getenv(CHILD_PLAN);
    if (strcmp(plan, "forgets") == 0) {
        fail_memory_after(0, false);
        fail_memory_in();
    }
    if (strcmp(plan, "chokes") == 0) /* behind the head of its answer */
        fail_call_after("write", 1, EPIPE);
    if (strcmp(plan, "runs free") == 0) /* no kernel of ours */
        fail_call_after("prctl", 1, EINVAL);
    if (strcmp(plan, "is cut off") == 0)
        cut_input();
    static const char *const true_ones[] = {"works", "forgets", "chokes", "runs free",
                                            "is cut off"};
    for (size_t i = 0; i < sizeof(true_ones) / sizeof(true_ones[0]); i++)
        if (strcmp(plan, true_ones[i]) == 0)
            key_child_main(true);
    if (strcmp(plan, "dies") == 0)
        return raise(SIGSYS);
    if (strcmp(plan, "cannot") == 0)
        return EX_OSERR;
    if (strcmp(plan, "sleeps") == 0) {
        for (;;)
            (void)pause();
    }
    if (strcmp(plan, "mumbles") == 0) {
        promise(AGE_WHOLE, 10);
        say("less", 4);
    } else if (strcmp(plan, "babbles") == 0) {
        promise(AGE_WHOLE, 4);
        say("more", 5);
    } else if (strcmp(plan, "boasts") == 0) {
        promise(AGE_WHOLE, BUNDLE_PAYLOAD_MAX + 1);
        say("more", 4);
    } else if (strcmp(plan, "hints") == 0) { /* what did not open whole has no bytes */
        promise(AGE_BAD_PAYLOAD, 4);
        say("part", 4);
    } else if (strcmp(plan, "dithers") == 0) {
        promise(AGE_MORE, 0);
    } else if (strcmp(plan, "lies") == 0) {
        promise(AGE_NO_MEMORY + 1, 0);
    } else if (strcmp(plan, "falls") == 0) { /* behind a whole answer */
        promise(AGE_WHOLE, 4);
        say("said", 4);
        return raise(SIGKILL);
    }
    return EX_OK;
}

/* ---- files ---- */

static uint8_t secret[KEY_SIZE], recipient[KEY_SIZE];
static uint8_t payload[BUNDLE_PAYLOAD_MAX + 1];

static bool add(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

static struct buf seal(size_t len)
{
    struct buf file = {0};
    struct rng rng = rng_system();
    struct age_writer *writer = malloc(sizeof(*writer));
    assert_non_null(writer);
    assert_int_equal(age_writer_begin(writer, (const uint8_t(*)[KEY_SIZE])recipient, 1,
                                      &rng, NULL, add, &file),
                     AGE_MORE);
    assert_int_equal(age_writer_put(writer, payload, len), AGE_MORE);
    assert_int_equal(age_writer_end(writer), AGE_WHOLE);
    age_writer_wipe(writer);
    free(writer);
    assert_int_equal(buf_status(&file), STATUS_OK);
    return file;
}

/* Takes the file. */
static struct job *open_job(struct buf file)
{
    struct job *job = job_new(JOB_OPEN);
    assert_non_null(job);
    memcpy(job->seed, secret, sizeof(job->seed));
    job->wire = file;
    return job;
}

static size_t jobs;

static void expect_opened(struct buf file, const char *plan, enum age_verdict opened,
                          size_t len)
{
    child_house_take(open_job(file), plan);
    child_house_expect(++jobs);
    const struct job *job = child_house_last();
    if (job->opened != opened)
        fail_msg("%s: %d and not %d", plan, (int)job->opened, (int)opened);
    assert_int_equal(job->bytes.len, len);
    assert_memory_equal(job->seed, secret, sizeof(secret));
    if (len > 0)
        assert_memory_equal(job->bytes.data, payload, len);
}

static int open_house(void **state)
{
    jobs = 0;
    return child_house_open(state);
}

static void a_file_for_us_comes_back_with_what_it_holds(void **state)
{
    (void)state;
    expect_opened(seal(PAYLOAD), "works", AGE_WHOLE, PAYLOAD);
    assert_int_equal(child_house.deadline_ms, KEY_CHILD_DEADLINE_MS);
    expect_opened(seal(0), "works", AGE_WHOLE, 0);
    expect_opened(seal(BUNDLE_PAYLOAD_MAX), "works", AGE_WHOLE, BUNDLE_PAYLOAD_MAX);
}

static void more_than_a_bundle_holds_is_stopped(void **state)
{
    (void)state;
    expect_opened(seal(BUNDLE_PAYLOAD_MAX + 1), "works", AGE_STOPPED, 0);
}

static void what_is_wrong_with_a_file_is_said_and_no_part_of_it_comes(void **state)
{
    struct buf file = seal(PAYLOAD);
    (void)state;
    file.data[file.len - 1] ^= 1;
    expect_opened(file, "works", AGE_BAD_PAYLOAD, 0);
    file = seal(PAYLOAD);
    file.len -= AGE_CHUNK_SIZE; /* a chunk is cut */
    expect_opened(file, "works", AGE_BAD_PAYLOAD, 0);
    file = seal(PAYLOAD);
    buf_add_u8(&file, 0);
    expect_opened(file, "works", AGE_BAD_PAYLOAD, 0);
    file = seal(PAYLOAD);
    file.data[0] ^= 1;
    expect_opened(file, "works", AGE_BAD_HEADER, 0);
    file = seal(PAYLOAD);
    for (uint8_t *mac = file.data;; mac++) /* its second character */
        if (memcmp(mac, "\n--- ", 5) == 0) {
            mac[6] = mac[6] == 'A' ? 'B' : 'A';
            break;
        }
    expect_opened(file, "works", AGE_BAD_MAC, 0);
    expect_opened((struct buf){0}, "works", AGE_BAD_HEADER, 0);
}

static void a_file_for_somebody_else_stays_closed(void **state)
{
    (void)state;
    recipient[0] ^= 1;
    struct buf file = seal(PAYLOAD);
    recipient[0] ^= 1;
    expect_opened(file, "works", AGE_NO_MATCH, 0);
}

static void garbage_is_a_bad_header(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 8; round++) {
        struct buf file = {0};
        uint32_t x = 2463534242u + round;
        if (round % 2 == 1)
            buf_add(&file, AGE_INTRO "-> ", strlen(AGE_INTRO) + 3);
        for (uint32_t i = 0; i < 100000; i++) {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            buf_add_u8(&file, (uint8_t)x);
        }
        expect_opened(file, "works", AGE_BAD_HEADER, 0);
    }
    struct buf lines = {0}; /* as many stanzas as there is room for, and more */
    buf_add(&lines, AGE_INTRO, strlen(AGE_INTRO));
    while (lines.len < BUNDLE_FILE_MAX - 5)
        buf_add(&lines, "-> a\n\n", 6);
    lines.len = BUNDLE_FILE_MAX;
    expect_opened(lines, "works", AGE_BAD_HEADER, 0);
}

static void a_child_that_fails_in_any_way_has_opened_nothing(void **state)
{
    static const char *const plans[] = {"dies",   "mumbles", "babbles",   "boasts",
                                        "hints",  "dithers", "lies",      "falls",
                                        "silent", "chokes",  "is cut off"};
    (void)state;
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
        expect_opened(seal(10), plans[i], AGE_STOPPED, 0);
}

static void a_child_that_takes_too_long_is_killed(void **state)
{
    (void)state;
    child_house.hastens = true;
    expect_opened(seal(10), "sleeps", AGE_STOPPED, 0);
}

/* Nothing is wrong with the file: one may try again. */
static void where_no_child_comes_to_be_it_is_the_machine(void **state)
{
    static const char *const calls[] = {"uv_spawn", "uv_read_start", "uv_write"};
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        fail_call_after(calls[i], 0, EAGAIN);
        expect_opened(seal(10), "sleeps", AGE_NO_MEMORY, 0);
        assert_string_equal(fail_call_stop(), calls[i]);
    }
    expect_opened(seal(10), "cannot", AGE_NO_MEMORY, 0);
    expect_opened(seal(10), "forgets", AGE_NO_MEMORY, 0);
    expect_opened(seal(10), "runs free", AGE_NO_MEMORY, 0);

    struct job *job = open_job(seal(10));
    fail_memory_after(0, false);
    fail_memory_in();
    child_house_take(job, "works");
    (void)fail_memory_out();
    assert_true(fail_memory_stop());
    child_house_expect(++jobs);
    assert_int_equal(child_house_last()->opened, AGE_NO_MEMORY);

    child_house_take(open_job(seal(PAYLOAD)), "works");
    fail_memory_after(0, false); /* the room for what it holds */
    fail_memory_in();
    child_house_expect(++jobs);
    (void)fail_memory_out();
    assert_true(fail_memory_stop());
    assert_int_equal(child_house_last()->opened, AGE_NO_MEMORY);
    assert_int_equal(child_house_last()->bytes.len, 0);
}

static void at_the_end_files_that_wait_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < KEY_CHILDREN_MAX + 1; i++)
        child_house_take(open_job(seal(10)), "sleeps");
    key_children_close(&child_house.children);
    child_house_expect(KEY_CHILDREN_MAX + 1);
    for (size_t i = 0; i < child_house.seen.len; i++)
        assert_int_not_equal(child_house.seen.events[i].job->opened, AGE_WHOLE);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, child_house_close)

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_file_for_us_comes_back_with_what_it_holds),
        A_TEST(more_than_a_bundle_holds_is_stopped),
        A_TEST(what_is_wrong_with_a_file_is_said_and_no_part_of_it_comes),
        A_TEST(a_file_for_somebody_else_stays_closed),
        A_TEST(garbage_is_a_bad_header),
        A_TEST(a_child_that_fails_in_any_way_has_opened_nothing),
        A_TEST(a_child_that_takes_too_long_is_killed),
        A_TEST(where_no_child_comes_to_be_it_is_the_machine),
        A_TEST(at_the_end_files_that_wait_come_back),
    };
    if (argc == 2 && strcmp(argv[1], BUNDLE_CHILD_WORD) == 0)
        return be_child();
    for (size_t i = 0; i < sizeof(payload); i++)
        payload[i] = (uint8_t)(i * 31 + i / 251);
    memset(secret, 0x42, sizeof(secret));
    key_dh_public(recipient, secret);
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
