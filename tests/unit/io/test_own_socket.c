/* One question to the node of a directory: what it answers, or that it does not. */
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
#include <unistd.h>

#include "node/io/own_socket.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/answering.h"

#define CALLS_MAX 50

static char dir[] = "/tmp/fengqiao-own-XXXXXX";
static struct buf result;
static char word[OWN_SOCKET_WORD_SIZE];

static int make_dir(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof(dir), "/tmp/fengqiao-own-XXXXXX");
    return mkdtemp(dir) == NULL;
}

static int remove_dir(void **state)
{
    (void)state;
    buf_deinit(&result);
    return rmdir(dir);
}

static enum status ask(const char *where)
{
    struct buf arguments = {0};
    pack_map(&arguments, 0);
    buf_deinit(&result);
    enum status status = own_socket_ask(where, "site", &arguments, &result, word);
    buf_deinit(&arguments);
    return status;
}

static void answer_map(void)
{
    struct buf map = {0};
    pack_map(&map, 1);
    pack_str(&map, "name");
    pack_str(&map, "枫源村");
    answering_with(dir, status_name(STATUS_OK), buf_bytes(&map));
    buf_deinit(&map);
}

static void an_answer_is_a_word_and_a_value(void **state)
{
    struct bytes name;
    uint32_t len;
    (void)state;
    answer_map();

    assert_int_equal(ask(dir), STATUS_OK);

    assert_string_equal(word, status_name(STATUS_OK));
    struct pack_reader reader = pack_reader_of(buf_bytes(&result));
    assert_int_equal(pack_read_map(&reader, &len, NULL), STATUS_OK);
    assert_int_equal(len, 1);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    assert_int_equal(name.len, 4);
    answering_end();
}

static void where_no_node_runs_it_is_said(void **state)
{
    char long_name[200];
    (void)state;
    assert_int_equal(ask(dir), STATUS_NOT_FOUND);
    assert_int_equal(ask("/tmp/nowhere/at-all"), STATUS_NOT_FOUND);
    memset(long_name, '/', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0'; /* the root, at length */
    assert_int_equal(ask(long_name), STATUS_NOT_FOUND);
}

static void expect_no_answer(struct bytes frame)
{
    answering_begin(dir, frame);
    assert_int_equal(ask(dir), STATUS_IO);
    answering_end();
}

static void what_is_no_answer_is_none(void **state)
{
    static const char *const bodies[] = {
        "",                       /* nothing */
        "\xc1",                   /* nothing of MessagePack's */
        "\x01",                   /* no array */
        "\x92\x01\xa2ok",         /* of two */
        "\x94\x01\xa2ok\x80\x80", /* of four */
        "\x93\xa1n\xa2ok\x80",    /* whose number is none */
        "\x93\x01\x02\x80",       /* whose word is none */
        "\x93\x01\xbf"
        "0123456789012345678901234567890"
        "\x80", /* fits by a hair */
        "\x93\x01\xd9\x20"
        "01234567890123456789012345678901"
        "\x80", /* does not */
    };
    (void)state;
    expect_no_answer(bytes_str(""));
    expect_no_answer(bytes_str("\x01\x01"));
    expect_no_answer(bytes_of("\x00\x00\x00\x05\x93", 5)); /* it breaks off */
    struct buf large = {0};
    buf_add_u32(&large, CONTROL_MESSAGE_MAX + 1);
    expect_no_answer(buf_bytes(&large));
    buf_deinit(&large);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct buf frame = {0};
        struct bytes body = bytes_str(bodies[i]);
        buf_add_u32(&frame, (uint32_t)body.len);
        buf_add(&frame, body.data, body.len);
        answering_begin(dir, buf_bytes(&frame));
        bool fits = i == 7;
        assert_int_equal(ask(dir), fits ? STATUS_OK : STATUS_IO);
        answering_end();
        buf_deinit(&frame);
    }
}

static void a_question_that_is_refused_anywhere_has_no_answer(void **state)
{
    const char *refused = "";
    (void)state;
    answer_map();
    for (uint64_t at = 0; refused != NULL; at++) {
        assert_true(at < CALLS_MAX);
        fail_call_after(NULL, at, EIO);
        enum status status = ask(dir);
        refused = fail_call_stop();
        bool is_mute = refused != NULL && strcmp(refused, "close") != 0;
        bool is_deaf = is_mute && (strcmp(refused, "socket") == 0 ||
                                   strcmp(refused, "connect") == 0);
        assert_int_equal(status, is_deaf   ? STATUS_NOT_FOUND
                                 : is_mute ? STATUS_IO
                                           : STATUS_OK);
    }
    answering_end();
}

static void a_question_without_memory_has_no_answer(void **state)
{
    bool has_failed = true;
    (void)state;
    answer_map();
    for (uint64_t at = 0; has_failed; at++) {
        struct buf arguments = {0};
        assert_true(at < CALLS_MAX);
        pack_map(&arguments, 0);
        buf_deinit(&result);
        fail_memory_after(at, false);
        fail_memory_in();
        enum status status = own_socket_ask(dir, "site", &arguments, &result, word);
        has_failed = fail_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_IO : STATUS_OK);
        buf_deinit(&arguments);
    }
    answering_end();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_a_word_and_a_value),
        TEST(where_no_node_runs_it_is_said),
        TEST(what_is_no_answer_is_none),
        TEST(a_question_that_is_refused_anywhere_has_no_answer),
        TEST(a_question_without_memory_has_no_answer),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
