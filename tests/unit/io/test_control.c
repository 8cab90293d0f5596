/* The control socket with real clients: requests in pieces, in haste, too long or cut
 * off; a crowd; a name that is taken; a system and a memory that refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "node/io/control.h"
#include "node/io/control_socket.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/io_house.h"

static struct {
    char dir[32];
    int dir_fd;
    uv_loop_t uv;
    struct event_queue queue;
    struct control control;
    struct io_seen seen;
    int clients[CONTROL_CLIENTS_MAX + 2];
} house;

static int open_house(void **state)
{
    struct err err = {0};
    (void)state;
    memset(&house, 0, sizeof(house));
    for (int i = 0; i < CONTROL_CLIENTS_MAX + 2; i++)
        house.clients[i] = -1;
    (void)snprintf(house.dir, sizeof(house.dir), "/tmp/fengqiao-control-XXXXXX");
    assert_non_null(mkdtemp(house.dir));
    house.dir_fd = open(house.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(house.dir_fd >= 0);
    assert_int_equal(uv_loop_init(&house.uv), 0);
    event_queue_init(&house.queue, &house.uv);
    control_init(&house.control, &house.uv, &house.queue, house.dir_fd);
    assert_int_equal(control_listen(&house.control, &err), STATUS_OK);
    return 0;
}

static size_t count_of(enum event_type type, uint64_t client)
{
    io_house_gather(&house.queue, &house.seen);
    return io_house_count(&house.seen, type, 0, client);
}

static int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    control_close(&house.control);
    control_close(&house.control); /* a second time is nothing */
    event_queue_close(&house.queue);
    assert_int_equal(uv_run(&house.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&house.uv), 0);
    for (int i = 0; i < CONTROL_CLIENTS_MAX + 2; i++)
        if (house.clients[i] >= 0)
            (void)close(house.clients[i]);
    io_house_gather(&house.queue, &house.seen);
    for (size_t i = 0; i < house.seen.len; i++) /* whoever came leaves once */
        if (house.seen.events[i].type == EVENT_CLIENT_OPENED)
            assert_int_equal(count_of(EVENT_CLIENT_CLOSED, house.seen.events[i].client),
                             1);
    io_house_forget(&house.seen);
    event_queue_deinit(&house.queue);
    assert_int_not_equal(faccessat(house.dir_fd, CONTROL_NAME, F_OK, 0), 0);
    (void)close(house.dir_fd);
    assert_int_equal(rmdir(house.dir), 0);
    return 0;
}

static struct {
    enum event_type type;
    uint64_t client;
    size_t count;
} wanted;

static bool is_seen(void *context)
{
    (void)context;
    return count_of(wanted.type, wanted.client) >= wanted.count;
}

static void expect_count(enum event_type type, uint64_t client, size_t count)
{
    wanted.type = type;
    wanted.client = client;
    wanted.count = count;
    if (!io_house_turn_until(&house.uv, is_seen, NULL))
        fail_msg("event %d of %d was seen %zu times", (int)type, (int)client,
                 count_of(type, client));
}

static void expect(enum event_type type, uint64_t client)
{
    expect_count(type, client, 1);
}

static int knock(int number)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    (void)snprintf(to.sun_path, sizeof(to.sun_path), "%s/" CONTROL_NAME, house.dir);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    house.clients[number] = fd;
    return fd;
}

static void leave(int number)
{
    (void)close(house.clients[number]);
    house.clients[number] = -1;
}

/* One request: its length and its bytes, all of them the same letter. */
static struct buf request_of(size_t len, char letter)
{
    struct buf request = {0};
    buf_add_u32(&request, (uint32_t)len);
    assert_non_null(buf_reserve(&request, len));
    memset(request.data + 4, letter, len);
    request.len += len;
    return request;
}

/* As the system takes it. */
static void say_all(int fd, const struct buf *bytes)
{
    for (size_t at = 0; at < bytes->len;) {
        ssize_t sent = send(fd, bytes->data + at, bytes->len - at, MSG_NOSIGNAL);
        if (sent > 0)
            at += (size_t)sent;
        else
            assert_int_equal(errno, EAGAIN);
        (void)uv_run(&house.uv, UV_RUN_NOWAIT);
    }
}

static void answer(uint64_t client, size_t len)
{
    struct buf bytes = {0};
    assert_non_null(buf_reserve(&bytes, len));
    memset(bytes.data, 'a', len);
    bytes.len = len;
    control_take(&house.control, client, &bytes);
    assert_null(bytes.data);
}

static struct bytes last_request(void)
{
    struct bytes bytes = {0};
    for (size_t i = 0; i < house.seen.len; i++)
        if (house.seen.events[i].type == EVENT_CLIENT_REQUEST)
            bytes = house.seen.events[i].bytes;
    return bytes;
}

static bool is_over(void *context)
{
    struct buf rest = {0};
    bool has_ended = !io_house_hear(*(int *)context, &rest);
    buf_deinit(&rest);
    return has_ended;
}

static void expect_over(int fd)
{
    assert_true(io_house_turn_until(&house.uv, is_over, &fd));
}

/* ---- requests ---- */

static void a_request_in_single_bytes_is_one(void **state)
{
    struct buf request = request_of(5, 'q');
    struct buf heard = {0};
    (void)state;
    int fd = knock(0);
    expect(EVENT_CLIENT_OPENED, 1);
    for (size_t i = 0; i < request.len; i++) {
        assert_int_equal(count_of(EVENT_CLIENT_REQUEST, 1), 0);
        io_house_say(fd, request.data + i, 1);
        io_house_turn(&house.uv);
    }
    expect(EVENT_CLIENT_REQUEST, 1);
    assert_int_equal(last_request().len, 5);
    assert_memory_equal(last_request().data, "qqqqq", 5);

    answer(1, 3);
    io_house_turn(&house.uv);
    assert_true(io_house_hear(fd, &heard));
    assert_int_equal(heard.len, 7);
    assert_memory_equal(heard.data, "\0\0\0\003aaa", 7);
    buf_deinit(&heard);
    buf_deinit(&request);
    leave(0);
    expect(EVENT_CLIENT_CLOSED, 1);
}

static void requests_in_haste_are_handed_over_one_by_one(void **state)
{
    (void)state;
    int fd = knock(0);
    for (char letter = 'a'; letter < 'd'; letter++) {
        struct buf request = request_of(100, letter);
        say_all(fd, &request);
        buf_deinit(&request);
    }
    for (size_t i = 0; i < 3; i++) {
        expect_count(EVENT_CLIENT_REQUEST, 1, i + 1);
        io_house_turn(&house.uv);
        assert_int_equal(count_of(EVENT_CLIENT_REQUEST, 1), i + 1);
        assert_int_equal(last_request().data[99], 'a' + i);
        answer(1, 1);
    }
}

static void a_large_request_waits_for_the_answer_to_the_one_before(void **state)
{
    struct buf first = request_of(10, '1'), second = request_of(60000, '2');
    (void)state;
    int fd = knock(0);
    say_all(fd, &first);
    expect(EVENT_CLIENT_REQUEST, 1);
    say_all(fd, &second);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CLIENT_REQUEST, 1), 1);

    answer(1, 1);
    expect_count(EVENT_CLIENT_REQUEST, 1, 2);
    assert_int_equal(last_request().len, 60000);
    assert_int_equal(last_request().data[59999], '2');
    answer(1, 1);
    buf_deinit(&first);
    buf_deinit(&second);
}

static void a_length_that_cannot_be_ends_the_client(void **state)
{
    static const uint8_t none[4] = {0};
    uint8_t much[4];
    (void)state;
    for (int i = 0; i < 4; i++)
        much[i] = (uint8_t)((CONTROL_MESSAGE_MAX + 1u) >> (24 - 8 * i));
    io_house_say(knock(0), none, 4);
    expect(EVENT_CLIENT_CLOSED, 1);
    io_house_say(knock(1), much, 4);
    expect(EVENT_CLIENT_CLOSED, 2);

    /* The same behind a request that is with the core. */
    struct buf request = request_of(5, 'q');
    int fd = knock(2);
    say_all(fd, &request);
    io_house_say(fd, none, 4);
    expect(EVENT_CLIENT_REQUEST, 3);
    answer(3, 1);
    expect(EVENT_CLIENT_CLOSED, 3);
    buf_deinit(&request);
    assert_int_equal(count_of(EVENT_CLIENT_REQUEST, 1), 0);
}

static void who_leaves_in_the_middle_is_gone_and_his_answer_dropped(void **state)
{
    struct buf request = request_of(50, 'q');
    (void)state;
    int fd = knock(0);
    request.len = 30;
    say_all(fd, &request);
    leave(0);
    expect(EVENT_CLIENT_CLOSED, 1);
    assert_int_equal(count_of(EVENT_CLIENT_REQUEST, 1), 0);

    request.len = 54;
    say_all(knock(1), &request);
    expect(EVENT_CLIENT_REQUEST, 2);
    leave(1);
    expect(EVENT_CLIENT_CLOSED, 2);
    answer(2, 10);
    answer(77, 10); /* nobody ever had that number */
    buf_deinit(&request);
}

static void who_does_not_take_his_answer_ends_with_it(void **state)
{
    struct buf request = request_of(5, 'q');
    (void)state;
    say_all(knock(0), &request);
    expect(EVENT_CLIENT_REQUEST, 1);
    answer(1, 3u << 20); /* more than the system keeps */
    io_house_turn(&house.uv);
    leave(0);
    expect(EVENT_CLIENT_CLOSED, 1);
    buf_deinit(&request);
}

static void an_answer_that_is_too_long_ends_the_client(void **state)
{
    struct buf request = request_of(5, 'q');
    (void)state;
    int fd = knock(0);
    say_all(fd, &request);
    expect(EVENT_CLIENT_REQUEST, 1);
    answer(1, CONTROL_MESSAGE_MAX + 1u);
    expect(EVENT_CLIENT_CLOSED, 1);
    expect_over(fd);
    buf_deinit(&request);
}

static void who_is_being_closed_gets_no_answer(void **state)
{
    struct buf request = request_of(5, 'q'), bytes = {0};
    (void)state;
    say_all(knock(0), &request);
    expect(EVENT_CLIENT_REQUEST, 1);
    say_all(knock(1), &request);
    expect(EVENT_CLIENT_REQUEST, 2);
    answer(2, 1);
    for (int i = 0; i < 2; i++) { /* the second comes before it is gone */
        assert_non_null(buf_reserve(&bytes, CONTROL_MESSAGE_MAX + 1u));
        bytes.len = CONTROL_MESSAGE_MAX + 1u;
        control_take(&house.control, 1, &bytes);
        assert_int_equal(bytes.len, 0);
    }
    expect(EVENT_CLIENT_CLOSED, 1);
    buf_deinit(&request);
}

static void what_cannot_be_a_request_behind_one_that_waits_ends_the_client(void **state)
{
    static const uint8_t none[4];
    struct buf requests = request_of(5, 'q'), next = request_of(5, 'r');
    (void)state;
    buf_append(&requests, &next);
    buf_add(&requests, none, sizeof(none));
    int fd = knock(0);
    say_all(fd, &requests);
    expect(EVENT_CLIENT_REQUEST, 1);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CLIENT_CLOSED, 1), 0);
    answer(1, 1);
    expect_count(EVENT_CLIENT_REQUEST, 1, 2);
    expect(EVENT_CLIENT_CLOSED, 1);
    buf_deinit(&requests);
    buf_deinit(&next);
}

/* What came behind a large request is kept where it is. */
static void a_buffer_that_cannot_shrink_stays_large(void **state)
{
    struct buf large = request_of(60000, '1'), small = request_of(10, '2');
    (void)state;
    int fd = knock(0);
    expect(EVENT_CLIENT_OPENED, 1);
    fail_memory_after(3, false); /* room for it, its bytes, its event; the least again */
    fail_memory_in();
    say_all(fd, &large);
    io_house_turn(&house.uv);
    (void)fail_memory_out();
    assert_true(fail_memory_stop());
    expect(EVENT_CLIENT_REQUEST, 1);
    for (int i = 0; i < 1000; i++)
        say_all(fd, &small);
    answer(1, 1);
    for (size_t i = 0; i < 1000; i++) {
        expect_count(EVENT_CLIENT_REQUEST, 1, i + 2);
        answer(1, 1);
    }
    assert_int_equal(count_of(EVENT_CLIENT_CLOSED, 1), 0);
    buf_deinit(&large);
    buf_deinit(&small);
}

static void a_crowd_is_turned_away_and_let_in_again(void **state)
{
    (void)state;
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
        (void)knock(i);
    expect(EVENT_CLIENT_OPENED, CONTROL_CLIENTS_MAX);
    expect_over(knock(CONTROL_CLIENTS_MAX));
    assert_int_equal(count_of(EVENT_CLIENT_OPENED, CONTROL_CLIENTS_MAX + 1), 0);

    leave(0);
    expect(EVENT_CLIENT_CLOSED, 1);
    io_house_turn(&house.uv);
    (void)knock(CONTROL_CLIENTS_MAX + 1);
    expect(EVENT_CLIENT_OPENED, CONTROL_CLIENTS_MAX + 1);
}

/* ---- the file ---- */

static enum status bind_again(struct err *err)
{
    struct stat made;
    int fd = -1;
    enum status status = control_socket_bind(house.dir_fd, CONTROL_NAME, &fd, &made, err);
    if (status == STATUS_OK) {
        struct stat found;
        assert_int_equal(fstatat(house.dir_fd, CONTROL_NAME, &found, 0), 0);
        assert_int_equal(found.st_mode & 07777, 0600);
        assert_true(found.st_ino == made.st_ino);
        (void)close(fd); /* nobody answers there any more */
    } else
        assert_int_equal(fd, -1);
    return status;
}

static void a_socket_is_removed_only_where_nobody_answers(void **state)
{
    struct err err = {0};
    char path[64];
    (void)state;
    assert_int_equal(bind_again(&err), STATUS_BUSY);
    assert_non_null(strstr(err.text, "another process answers"));
    control_close(&house.control);

    assert_int_equal(bind_again(&err), STATUS_OK); /* there was none */
    fail_call_after("connect", 0, EACCES);         /* who knows */
    assert_int_equal(bind_again(&err), STATUS_BUSY);
    assert_string_equal(fail_call_stop(), "connect");
    assert_int_equal(bind_again(&err), STATUS_OK); /* that one is stale */
    assert_int_equal(unlinkat(house.dir_fd, CONTROL_NAME, 0), 0);

    (void)snprintf(path, sizeof(path), "%s/" CONTROL_NAME, house.dir);
    assert_int_equal(symlink("elsewhere", path), 0);
    assert_int_equal(bind_again(&err), STATUS_EXISTS);
    assert_non_null(strstr(err.text, "is no socket"));
    assert_int_equal(unlinkat(house.dir_fd, CONTROL_NAME, 0), 0);
    assert_int_equal(mkdirat(house.dir_fd, CONTROL_NAME, 0700), 0);
    assert_int_equal(bind_again(&err), STATUS_EXISTS);
    assert_int_equal(unlinkat(house.dir_fd, CONTROL_NAME, AT_REMOVEDIR), 0);
}

static void another_ones_socket_is_left_alone_at_the_end(void **state)
{
    struct err err = {0};
    struct stat found;
    (void)state;
    assert_int_equal(unlinkat(house.dir_fd, CONTROL_NAME, 0), 0);
    assert_int_equal(bind_again(&err), STATUS_OK);

    control_close(&house.control);

    assert_int_equal(fstatat(house.dir_fd, CONTROL_NAME, &found, 0), 0);
    found.st_dev++; /* on another disk */
    control_socket_remove(house.dir_fd, CONTROL_NAME, &found);
    assert_int_equal(fstatat(house.dir_fd, CONTROL_NAME, &found, 0), 0);
    assert_int_equal(unlinkat(house.dir_fd, CONTROL_NAME, 0), 0);
}

/* ---- a system that refuses ---- */

static void a_socket_that_cannot_be_made_is_said(void **state)
{
    static const char *const calls[] = {"fstatat", "socket", "bind", "fchmodat",
                                        "unlinkat"};
    struct err err = {0};
    (void)state;
    control_close(&house.control);
    assert_int_equal(bind_again(&err), STATUS_OK); /* stale from here on */
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        fail_call_after(calls[i], 0, EIO);
        /* Without a socket of our own nobody can be asked: then nothing is removed. */
        enum status expected = i == 1 ? STATUS_BUSY : STATUS_IO;
        assert_int_equal(bind_again(&err), expected);
        assert_string_equal(fail_call_stop(), calls[i]);
    }
    fail_call_after("socket", 1, EMFILE);
    assert_int_equal(bind_again(&err), STATUS_IO);
    assert_non_null(strstr(err.text, "no socket can be made"));
    assert_string_equal(fail_call_stop(), "socket");
    fail_call_after("fstatat", 1, EIO); /* which one was made is not known */
    assert_int_equal(bind_again(&err), STATUS_IO);
    assert_string_equal(fail_call_stop(), "fstatat");
    fail_call_after("unlinkat", 0, ENOENT); /* somebody was faster */
    assert_int_equal(bind_again(&err), STATUS_IO);
    assert_string_equal(fail_call_stop(), "unlinkat");
    assert_int_equal(unlinkat(house.dir_fd, CONTROL_NAME, 0), 0);
}

static void a_listener_that_cannot_be_opened_is_said(void **state)
{
    static const char *const calls[] = {"uv_pipe_open", "uv_listen"};
    (void)state;
    control_close(&house.control);
    io_house_turn(&house.uv);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        struct err err = {0};
        control_init(&house.control, &house.uv, &house.queue, house.dir_fd);
        fail_call_after(calls[i], 0, EMFILE);
        assert_int_equal(control_listen(&house.control, &err), STATUS_IO);
        assert_string_equal(fail_call_stop(), calls[i]);
        assert_memory_equal(err.text, CONTROL_NAME ": ", 14);
        control_close(&house.control);
        io_house_turn(&house.uv);
    }
    struct err err = {0};
    int dir_fd = house.dir_fd;
    house.control.dir_fd = -1; /* a directory that is gone */
    control_init(&house.control, &house.uv, &house.queue, -1);
    assert_int_equal(control_listen(&house.control, &err), STATUS_IO);
    house.dir_fd = dir_fd;
}

/* What libuv says where accept(2) fails. */
static void a_listener_that_fails_lets_the_next_one_in(void **state)
{
    uv_stream_t *listener = (uv_stream_t *)&house.control.listener;
    (void)state;
    for (int i = 0; i < 2; i++) /* the second one makes no line */
        listener->connection_cb(listener, UV_EMFILE);
    assert_int_equal(count_of(EVENT_CLIENT_OPENED, 1), 0);
    (void)knock(0);
    expect(EVENT_CLIENT_OPENED, 1);
}

static void a_client_that_cannot_be_served_is_closed(void **state)
{
    struct buf request = request_of(5, 'q');
    (void)state;
    fail_call_after("uv_accept", 0, EMFILE);
    expect_over(knock(0));
    assert_string_equal(fail_call_stop(), "uv_accept");
    assert_int_equal(count_of(EVENT_CLIENT_OPENED, 1), 0);

    fail_call_after("uv_read_start", 0, ENOTCONN);
    expect_over(knock(1));
    assert_string_equal(fail_call_stop(), "uv_read_start");
    expect(EVENT_CLIENT_CLOSED, 1);

    int fd = knock(2);
    say_all(fd, &request);
    expect(EVENT_CLIENT_REQUEST, 2);
    fail_call_after("uv_write", 0, EPIPE);
    answer(2, 5);
    assert_string_equal(fail_call_stop(), "uv_write");
    expect(EVENT_CLIENT_CLOSED, 2);
    expect_over(fd);
    buf_deinit(&request);
}

static void without_memory_for_a_client_the_daemon_ends(void **state)
{
    (void)state;
    for (uint64_t at = 0; at < 2; at++) {
        (void)knock(0);
        fail_memory_after(at, false);
        fail_memory_in();
        io_house_turn(&house.uv);
        assert_true(fail_memory_stop());
        assert_true(house.queue.failed);
        assert_int_equal(count_of(EVENT_CLIENT_OPENED, 1), 0);
        assert_int_equal(close_house(state), 0);
        assert_int_equal(open_house(state), 0);
    }
}

/* Each allocation fails once: the client ends, or the daemon does. */
static void without_memory_no_client_is_left_in_the_dark(void **state)
{
    struct buf request = request_of(9000, 'q');
    (void)state;
    bool has_failed = true;
    uint64_t number = 0;
    for (uint64_t at = 0; has_failed; at++) {
        uint64_t before = house.control.next_number;
        int fd = knock(0);
        say_all(fd, &request); /* waits in the system */
        fail_memory_after(at, false);
        fail_memory_in();
        io_house_turn(&house.uv);
        struct buf bytes = {0};
        buf_add(&bytes, "a", 1);
        control_take(&house.control, before, &bytes);
        io_house_turn(&house.uv);
        (void)fail_memory_out();
        has_failed = fail_memory_stop();
        leave(0);
        io_house_turn(&house.uv);
        number = house.control.next_number - 1;
        if (!house.queue.failed)
            assert_int_equal(count_of(EVENT_CLIENT_CLOSED, number), 1);
        house.queue.failed = false;
        assert_true(at < 100);
    }
    assert_int_equal(count_of(EVENT_CLIENT_REQUEST, number), 1);
    /* What was lost with the queue is lost for the whole daemon, which ends. */
    io_house_forget(&house.seen);
    buf_deinit(&request);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_request_in_single_bytes_is_one),
        A_TEST(requests_in_haste_are_handed_over_one_by_one),
        A_TEST(a_large_request_waits_for_the_answer_to_the_one_before),
        A_TEST(a_length_that_cannot_be_ends_the_client),
        A_TEST(who_leaves_in_the_middle_is_gone_and_his_answer_dropped),
        A_TEST(who_does_not_take_his_answer_ends_with_it),
        A_TEST(an_answer_that_is_too_long_ends_the_client),
        A_TEST(who_is_being_closed_gets_no_answer),
        A_TEST(what_cannot_be_a_request_behind_one_that_waits_ends_the_client),
        A_TEST(a_buffer_that_cannot_shrink_stays_large),
        A_TEST(a_crowd_is_turned_away_and_let_in_again),
        A_TEST(a_socket_is_removed_only_where_nobody_answers),
        A_TEST(another_ones_socket_is_left_alone_at_the_end),
        A_TEST(a_socket_that_cannot_be_made_is_said),
        A_TEST(a_listener_that_cannot_be_opened_is_said),
        A_TEST(a_listener_that_fails_lets_the_next_one_in),
        A_TEST(a_client_that_cannot_be_served_is_closed),
        A_TEST(without_memory_for_a_client_the_daemon_ends),
        A_TEST(without_memory_no_client_is_left_in_the_dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
