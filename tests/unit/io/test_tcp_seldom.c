/* What is seldom between two nodes: all places taken, few files, an end in the midst of a
 * dial, two words at once, a read of nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <netdb.h>
#include <sys/resource.h>
#include <unistd.h>

#include "node/io/tcp.h"
#include "node/io/tcp_conn.h"
#include "proto/limits.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/io_house.h"

static struct {
    uv_loop_t uv;
    struct event_queue queue;
    struct tcp tcp;
    char where[ADDRESS_TEXT_SIZE];
    struct io_seen seen;
    int peer;
    uv_check_t turn;
} f;

static int set_up(void **state)
{
    memset(&f, 0, sizeof(f));
    f.peer = -1;
    assert_int_equal(uv_loop_init(&f.uv), 0);
    event_queue_init(&f.queue, &f.uv);
    tcp_init(&f.tcp, &f.uv, &f.queue);
    assert_int_equal(tcp_listen(&f.tcp, "127.0.0.1:0", f.where, NULL), STATUS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)fail_call_stop();
    tcp_close(&f.tcp);
    event_queue_close(&f.queue);
    assert_int_equal(uv_run(&f.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&f.uv), 0);
    if (f.peer >= 0)
        (void)close(f.peer);
    io_house_forget(&f.seen);
    event_queue_deinit(&f.queue);
    return 0;
}

static size_t count_of(enum event_type type, uint64_t conn)
{
    io_house_gather(&f.queue, &f.seen);
    return io_house_count(&f.seen, type, conn, 0);
}

static bool has_come(void *context)
{
    return count_of(EVENT_CONN_ACCEPTED, 2) == 1;
}

static void let_one_in(void)
{
    f.peer = io_house_knock(io_house_port(f.where), 0);
    assert_true(io_house_turn_until(&f.uv, has_come, NULL));
}

static void of_few_files_half_are_for_those_who_come(void **state)
{
    struct rlimit before, few;
    static struct tcp other;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    tcp_init(&other, &f.uv, &f.queue);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(other.accepted_max, 32);
}

static void where_all_places_are_taken_nobody_is_dialed(void **state)
{
    static struct tcp_conn somebody;
    for (int i = 0; i < SESSIONS_MAX; i++)
        f.tcp.conns[i] = &somebody;
    assert_null(tcp_conn_new(&f.tcp, 1));
    /* Nor is it told where there is no memory to turn somebody away. */
    somebody.number = 2;
    f.peer = io_house_knock(io_house_port(f.where), 0);
    fail_memory_after(0, false);
    fail_memory_in();
    io_house_turn(&f.uv);
    assert_true(fail_memory_stop());
    assert_true(f.queue.failed);
    memset(f.tcp.conns, 0, sizeof(f.tcp.conns));
}

static void two_words_at_once_drain_together(void **state)
{
    struct buf first = {0}, second = {0};
    let_one_in();
    buf_add(&first, "one", 3);
    buf_add(&second, "two", 3);
    tcp_take(&f.tcp, 2, &first);
    fail_call_after("uv_try_write", 0, EAGAIN);
    tcp_take(&f.tcp, 2, &second);
    io_house_turn(&f.uv);
    assert_true(count_of(EVENT_CONN_DRAINED, 2) >= 1);
}

static void a_read_of_nothing_is_nothing(void **state)
{
    let_one_in();
    uv_stream_t *stream = (uv_stream_t *)&f.tcp.conns[0]->stream;
    stream->read_cb(stream, 0, NULL);
    io_house_turn(&f.uv);
    assert_int_equal(count_of(EVENT_CONN_BYTES, 2), 0);
    assert_int_equal(count_of(EVENT_CONN_CLOSED, 2), 0);
}

static void why_nobody_can_listen_there_is_said(void **state)
{
    static const struct {
        int error;
        enum status status;
    } rows[] = {{EADDRINUSE, STATUS_BUSY},
                {EACCES, STATUS_BUSY},
                {EADDRNOTAVAIL, STATUS_BUSY},
                {ENOBUFS, STATUS_IO}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};
        assert_int_equal(tear_down(state), 0);
        memset(&f, 0, sizeof(f));
        f.peer = -1;
        assert_int_equal(uv_loop_init(&f.uv), 0);
        event_queue_init(&f.queue, &f.uv);
        tcp_init(&f.tcp, &f.uv, &f.queue);
        fail_call_after("uv_listen", 0, rows[i].error);
        assert_int_equal(tcp_listen(&f.tcp, "127.0.0.1:0", f.where, &err),
                         rows[i].status);
        assert_string_equal(fail_call_stop(), "uv_listen");
        assert_non_null(strstr(err.text, "cannot listen on 127.0.0.1:0"));
    }
}

/* ---- an end between two addresses, in the turn that hears of the first ---- */

int __real_uv_getaddrinfo(uv_loop_t *uv, uv_getaddrinfo_t *lookup, uv_getaddrinfo_cb fn,
                          const char *host, const char *port,
                          const struct addrinfo *hints);
int __wrap_uv_getaddrinfo(uv_loop_t *uv, uv_getaddrinfo_t *lookup, uv_getaddrinfo_cb fn,
                          const char *host, const char *port,
                          const struct addrinfo *hints);
int __wrap_uv_getaddrinfo(uv_loop_t *uv, uv_getaddrinfo_t *lookup, uv_getaddrinfo_cb fn,
                          const char *host, const char *port,
                          const struct addrinfo *hints)
{
    struct addrinfo numeric = *hints;
    numeric.ai_flags |= AI_NUMERICHOST;
    return __real_uv_getaddrinfo(uv, lookup, fn, "127.0.0.1", "1", &numeric);
}

static void end_in_between(uv_check_t *turn)
{
    struct tcp_conn *conn = f.tcp.conns[0];
    if (conn != NULL && conn->has_stream && uv_is_closing((uv_handle_t *)&conn->stream))
        tcp_end(&f.tcp, 1);
}

static bool is_closed(void *context)
{
    return count_of(EVENT_CONN_CLOSED, 1) == 1;
}

static void a_dial_that_ends_between_two_addresses_ends_once(void **state)
{
    assert_int_equal(uv_check_init(&f.uv, &f.turn), 0);
    assert_int_equal(uv_check_start(&f.turn, end_in_between), 0);
    tcp_dial(&f.tcp, 1, "nobody.example:1");
    assert_true(io_house_turn_until(&f.uv, is_closed, NULL));
    io_house_turn(&f.uv);
    assert_int_equal(count_of(EVENT_CONN_CLOSED, 1), 1);
    assert_null(f.tcp.conns[0]);
    uv_close((uv_handle_t *)&f.turn, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(of_few_files_half_are_for_those_who_come),
        TEST(where_all_places_are_taken_nobody_is_dialed),
        TEST(two_words_at_once_drain_together),
        TEST(a_read_of_nothing_is_nothing),
        TEST(why_nobody_can_listen_there_is_said),
        TEST(a_dial_that_ends_between_two_addresses_ends_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
