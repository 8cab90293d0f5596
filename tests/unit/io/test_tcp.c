/* Connections to other nodes over a real loopback: peers that reset, do not read, knock
 * in crowds or are not there, and a system that refuses. Deadlines are libuv's own, a
 * thousand times shorter (the linker's --wrap). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node/io/tcp.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/io_house.h"

#define PEERS_MAX 40
#define HASTE 1000

static uint64_t deadline_ms; /* the last that was armed */
static bool hastens;

int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again)
{
    if (fail_call("uv_timer_start"))
        return -fail_call_error();
    deadline_ms = ms;
    return __real_uv_timer_start(timer, fn, hastens ? ms / HASTE : ms, again);
}

/* A resolver that knows two addresses of "two.example", the first of which nobody has,
 * and does not know "no.example". */
static char two[2][8]; /* ports */

static void on_known(uv_getaddrinfo_t *lookup, int rc, struct addrinfo *found);
static uv_getaddrinfo_cb known_then;

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
    numeric.ai_flags = AI_NUMERICHOST;
    known_then = fn;
    if (fail_call("uv_getaddrinfo"))
        return -fail_call_error();
    if (strcmp(host, "two.example") == 0)
        return __real_uv_getaddrinfo(uv, lookup, fn == NULL ? NULL : on_known,
                                     "127.0.0.1", two[0], &numeric);
    return __real_uv_getaddrinfo(uv, lookup, fn, host, port, &numeric);
}

static void on_known(uv_getaddrinfo_t *lookup, int rc, struct addrinfo *found)
{
    const struct addrinfo hints = {
        .ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    if (rc == 0)
        assert_int_equal(getaddrinfo("127.0.0.1", two[1], &hints, &found->ai_next), 0);
    known_then(lookup, rc, found);
}

static struct {
    uv_loop_t uv;
    struct event_queue queue;
    struct tcp tcp;
    char where[ADDRESS_TEXT_SIZE];
    int port;
    int peers[PEERS_MAX];
    struct io_seen seen;
} house;

static int open_house(void **state)
{
    struct err err = {0};
    (void)state;
    memset(&house, 0, sizeof(house));
    hastens = false;
    for (int i = 0; i < PEERS_MAX; i++)
        house.peers[i] = -1;
    assert_int_equal(uv_loop_init(&house.uv), 0);
    event_queue_init(&house.queue, &house.uv);
    tcp_init(&house.tcp, &house.uv, &house.queue);
    assert_int_equal(tcp_listen(&house.tcp, "127.0.0.1:0", house.where, &err), STATUS_OK);
    house.port = io_house_port(house.where);
    return 0;
}

static size_t count_of(enum event_type type, uint64_t conn)
{
    io_house_gather(&house.queue, &house.seen);
    return io_house_count(&house.seen, type, conn, 0);
}

static int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    tcp_close(&house.tcp);
    event_queue_close(&house.queue);
    assert_int_equal(uv_run(&house.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&house.uv), 0);
    assert_true(tcp_is_empty(&house.tcp));
    for (int i = 0; i < PEERS_MAX; i++)
        if (house.peers[i] >= 0)
            (void)close(house.peers[i]);
    io_house_gather(&house.queue, &house.seen);
    /* Whoever was heard of ends once, in whatever way. */
    for (size_t i = 0; i < house.seen.len; i++) {
        const struct event *event = &house.seen.events[i];
        if (event->type == EVENT_CONN_ACCEPTED || event->type == EVENT_CONN_CONNECTED)
            assert_int_equal(count_of(EVENT_CONN_CLOSED, event->conn), 1);
    }
    io_house_forget(&house.seen);
    event_queue_deinit(&house.queue);
    return 0;
}

static struct {
    enum event_type type;
    uint64_t conn;
    size_t count;
} wanted;

static bool is_seen(void *context)
{
    (void)context;
    return count_of(wanted.type, wanted.conn) >= wanted.count;
}

static void expect_count(enum event_type type, uint64_t conn, size_t count)
{
    wanted.type = type;
    wanted.conn = conn;
    wanted.count = count;
    if (!io_house_turn_until(&house.uv, is_seen, NULL))
        fail_msg("event %d of %d was seen %zu times", (int)type, (int)conn,
                 count_of(type, conn));
}

static void expect(enum event_type type, uint64_t conn)
{
    expect_count(type, conn, 1);
}

static int knock(int number)
{
    house.peers[number] = io_house_knock(house.port, 4096);
    return house.peers[number];
}

static void leave(int number)
{
    (void)close(house.peers[number]);
    house.peers[number] = -1;
}

static struct buf text_of(const char *text)
{
    struct buf buf = {0};
    buf_add(&buf, text, strlen(text));
    return buf;
}

static void send_to(uint64_t conn, const char *text)
{
    struct buf bytes = text_of(text);
    tcp_take(&house.tcp, conn, &bytes);
    assert_null(bytes.data);
}

static struct heard {
    int fd;
    const char *text;
    struct buf buf;
} hearing;

static bool is_heard(void *context)
{
    (void)context;
    (void)io_house_hear(hearing.fd, &hearing.buf);
    return hearing.buf.len >= strlen(hearing.text);
}

static void expect_heard(int fd, const char *text)
{
    hearing = (struct heard){.fd = fd, .text = text};
    assert_true(io_house_turn_until(&house.uv, is_heard, NULL));
    assert_int_equal(hearing.buf.len, strlen(text));
    assert_memory_equal(hearing.buf.data, text, strlen(text));
    buf_deinit(&hearing.buf);
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

/* ---- accepted ---- */

static void what_a_stranger_says_is_one_event_a_turn(void **state)
{
    (void)state;
    int peer = knock(0);
    expect(EVENT_CONN_ACCEPTED, 2);
    io_house_say(peer, "hello", 5);
    expect(EVENT_CONN_BYTES, 2);
    io_house_say(peer, "again", 5);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CONN_BYTES, 2), 1);
    tcp_resume(&house.tcp);
    expect_count(EVENT_CONN_BYTES, 2, 2);

    send_to(2, "good day");
    expect_heard(peer, "good day");
    expect(EVENT_CONN_DRAINED, 2);
    leave(0);
    tcp_resume(&house.tcp);
    expect(EVENT_CONN_CLOSED, 2);
}

static void a_peer_that_resets_ends_once(void **state)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    (void)state;
    int peer = knock(0);
    expect(EVENT_CONN_ACCEPTED, 2);
    assert_int_equal(setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
                     0);
    leave(0);
    expect(EVENT_CONN_CLOSED, 2);

    send_to(2, "to nobody");
    tcp_end(&house.tcp, 2);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CONN_CLOSED, 2), 1);
    assert_int_equal(count_of(EVENT_CONN_DRAINED, 2), 0);
}

static void a_peer_that_resets_under_our_words_ends_once(void **state)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    struct buf large = {0};
    (void)state;
    int peer = knock(0);
    expect(EVENT_CONN_ACCEPTED, 2);
    assert_non_null(buf_reserve(&large, 16u << 20));
    memset(large.data, 'x', 16u << 20);
    large.len = 16u << 20;
    tcp_take(&house.tcp, 2, &large);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CONN_DRAINED, 2), 0);
    assert_int_equal(setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
                     0);
    leave(0);

    expect(EVENT_CONN_CLOSED, 2);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CONN_DRAINED, 2), 0);
}

static void who_does_not_read_is_not_read_and_ends_at_the_deadline(void **state)
{
    struct buf large = {0};
    (void)state;
    hastens = true;
    int peer = knock(0);
    expect(EVENT_CONN_ACCEPTED, 2);
    assert_non_null(buf_reserve(&large, 16u << 20));
    memset(large.data, 'x', 16u << 20);
    large.len = 16u << 20;
    tcp_take(&house.tcp, 2, &large);
    io_house_say(peer, "first", 5); /* this read was under way */
    expect(EVENT_CONN_BYTES, 2);
    io_house_say(peer, "second", 6);
    tcp_resume(&house.tcp);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CONN_BYTES, 2), 1);

    tcp_end(&house.tcp, 2);
    tcp_end(&house.tcp, 2); /* it is ending already */
    send_to(2, "too late");
    expect(EVENT_CONN_CLOSED, 2);

    assert_int_equal(deadline_ms, TCP_CLOSE_DEADLINE_MS);
}

static void an_end_lets_pass_what_was_said_before(void **state)
{
    (void)state;
    int peer = knock(0);
    expect(EVENT_CONN_ACCEPTED, 2);
    send_to(2, "farewell");
    tcp_end(&house.tcp, 2);
    expect_heard(peer, "farewell");
    expect(EVENT_CONN_CLOSED, 2);
}

static void whom_we_never_answered_is_closed_at_once(void **state)
{
    (void)state;
    int peer = knock(0);
    expect(EVENT_CONN_ACCEPTED, 2);
    tcp_end(&house.tcp, 2);
    assert_int_equal(count_of(EVENT_CONN_CLOSED, 2), 1);
    expect_over(peer);
}

static void H7_a_crowd_is_let_in_some_a_turn(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * TCP_ACCEPTS_PER_TURN + 1; i++)
        (void)knock(i);
    expect(EVENT_CONN_ACCEPTED, 2 * TCP_ACCEPTS_PER_TURN);
    io_house_turn(&house.uv);
    assert_int_equal(count_of(EVENT_CONN_ACCEPTED, 2 * TCP_ACCEPTS_PER_TURN + 2), 0);

    tcp_resume(&house.tcp);
    expect(EVENT_CONN_ACCEPTED, 4 * TCP_ACCEPTS_PER_TURN);
    tcp_resume(&house.tcp);
    expect(EVENT_CONN_ACCEPTED, 4 * TCP_ACCEPTS_PER_TURN + 2);
}

static void H7_a_full_house_turns_away_and_lets_in_again(void **state)
{
    (void)state;
    house.tcp.accepted_max = 2;
    (void)knock(0);
    (void)knock(1);
    expect(EVENT_CONN_ACCEPTED, 4);
    expect_over(knock(2));
    expect_over(knock(3)); /* and no second line in the log */
    assert_int_equal(count_of(EVENT_CONN_ACCEPTED, 6), 0);
    leave(0);
    tcp_resume(&house.tcp);
    expect(EVENT_CONN_CLOSED, 2);
    io_house_turn(&house.uv);

    (void)knock(4);
    expect(EVENT_CONN_ACCEPTED, 6);
}

static void at_the_end_nobody_is_let_in_and_all_are_closed(void **state)
{
    (void)state;
    for (int i = 0; i <= TCP_ACCEPTS_PER_TURN; i++) /* the last one waits at the door */
        (void)knock(i);
    expect(EVENT_CONN_ACCEPTED, 2 * TCP_ACCEPTS_PER_TURN);
    io_house_turn(&house.uv);
    assert_false(tcp_is_empty(&house.tcp));

    tcp_stop_listening(&house.tcp);
    tcp_resume(&house.tcp);
    tcp_dial(&house.tcp, 1, house.where);
    io_house_turn(&house.uv);

    assert_int_equal(count_of(EVENT_CONN_CLOSED, 1), 1);
    assert_int_equal(count_of(EVENT_CONN_ACCEPTED, 2 * TCP_ACCEPTS_PER_TURN + 2), 0);
}

/* ---- dialed ---- */

/* A port that is ours, so that nobody else takes it, and at which nobody listens. */
static int dead_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    int slot = PEERS_MAX - 1;
    while (house.peers[slot] >= 0)
        slot--;
    house.peers[slot] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(house.peers[slot] >= 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(house.peers[slot], (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(house.peers[slot], (struct sockaddr *)&at, &len), 0);
    return ntohs(at.sin_port);
}

static void what_is_said_before_the_connection_arrives_first(void **state)
{
    (void)state;
    tcp_dial(&house.tcp, 1, house.where);
    send_to(1, "I am ");
    send_to(1, "a village");
    expect(EVENT_CONN_CONNECTED, 1);
    expect(EVENT_CONN_ACCEPTED, 2);
    assert_int_equal(deadline_ms, TCP_DIAL_DEADLINE_MS);
    expect(EVENT_CONN_BYTES, 2);

    for (size_t i = 0; i < house.seen.len; i++)
        if (house.seen.events[i].type == EVENT_CONN_BYTES)
            assert_memory_equal(house.seen.events[i].bytes.data, "I am a village", 14);
}

static void where_nobody_answers_the_dial_ends_once(void **state)
{
    static const char *const nowhere[] = {"", "no address", "127.0.0.1", "127.0.0.1:x",
                                          "::1:80"};
    char dead[ADDRESS_TEXT_SIZE];
    uint64_t number = 1;
    (void)state;
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++, number += 2) {
        tcp_dial(&house.tcp, number, nowhere[i]);
        expect(EVENT_CONN_CLOSED, number);
    }
    (void)snprintf(dead, sizeof(dead), "127.0.0.1:%d", dead_port());
    tcp_dial(&house.tcp, number, dead);
    expect(EVENT_CONN_CLOSED, number);
    io_house_turn(&house.uv);
    for (; number > 0 && number < 100; number -= 2)
        assert_int_equal(count_of(EVENT_CONN_CLOSED, number), 1);
}

static void a_name_is_tried_at_each_of_its_addresses(void **state)
{
    (void)state;
    (void)snprintf(two[0], sizeof(two[0]), "%d", dead_port());
    (void)snprintf(two[1], sizeof(two[1]), "%d", house.port);
    tcp_dial(&house.tcp, 1, "two.example:7700");
    expect(EVENT_CONN_CONNECTED, 1);
    (void)snprintf(two[1], sizeof(two[1]), "%d", dead_port());
    tcp_dial(&house.tcp, 3, "two.example:7700");
    expect(EVENT_CONN_CLOSED, 3);
    tcp_dial(&house.tcp, 5, "no.example:7700");
    expect(EVENT_CONN_CLOSED, 5);

    assert_int_equal(count_of(EVENT_CONN_CONNECTED, 3), 0);
    assert_int_equal(count_of(EVENT_CONN_CLOSED, 1), 0);
}

/* Somebody is there and says nothing to our knock: his queue is full. */
static void a_dial_that_nobody_takes_ends_at_the_deadline(void **state)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    char there[ADDRESS_TEXT_SIZE];
    socklen_t len = sizeof(at);
    (void)state;
    hastens = true;
    house.peers[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(house.peers[0], (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(house.peers[0], 0), 0);
    assert_int_equal(getsockname(house.peers[0], (struct sockaddr *)&at, &len), 0);
    for (int i = 1; i < 4; i++) {
        house.peers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(house.peers[i], (struct sockaddr *)&at, sizeof(at));
    }
    (void)snprintf(there, sizeof(there), "127.0.0.1:%d", ntohs(at.sin_port));
    tcp_dial(&house.tcp, 1, there);
    send_to(1, "nobody hears it");

    expect(EVENT_CONN_CLOSED, 1);
    assert_int_equal(count_of(EVENT_CONN_CONNECTED, 1), 0);
}

static void a_dial_may_be_ended_at_any_moment(void **state)
{
    (void)state;
    (void)snprintf(two[0], sizeof(two[0]), "%d", dead_port());
    (void)snprintf(two[1], sizeof(two[1]), "%d", house.port);
    tcp_dial(&house.tcp, 1, "two.example:7700"); /* while the name is looked up */
    tcp_end(&house.tcp, 1);
    tcp_dial(&house.tcp, 3, house.where); /* while it connects */
    tcp_end(&house.tcp, 3);
    for (int turns = 0; turns < 4; turns++) { /* and in what comes after */
        uint64_t number = 5 + 2 * (uint64_t)turns;
        tcp_dial(&house.tcp, number, "two.example:7700");
        for (int i = 0; i < turns; i++)
            (void)uv_run(&house.uv, UV_RUN_ONCE);
        tcp_end(&house.tcp, number);
        expect(EVENT_CONN_CLOSED, number);
    }
    io_house_turn(&house.uv);

    assert_int_equal(count_of(EVENT_CONN_CLOSED, 1), 1);
    assert_int_equal(count_of(EVENT_CONN_CLOSED, 3), 1);
}

/* ---- a system that refuses ---- */

/* Another one, for as long as it takes. */
static enum status listen_at(const char *text, struct err *err)
{
    char where[ADDRESS_TEXT_SIZE];
    struct tcp other;
    tcp_init(&other, &house.uv, &house.queue);
    enum status status = tcp_listen(&other, text, where, err);
    tcp_close(&other);
    io_house_turn(&house.uv);
    return status;
}

static void an_address_where_nobody_can_listen_is_said(void **state)
{
    static const char *const calls[] = {"uv_tcp_bind", "uv_listen", "uv_tcp_getsockname",
                                        "uv_getaddrinfo"};
    const struct {
        const char *text;
        enum status status;
        const char *said;
    } rows[] = {{"nonsense", STATUS_INVALID, "HOST:PORT"},
                {"no.example:7700", STATUS_IO, "cannot listen on no.example"},
                {house.where, STATUS_BUSY, "in use"},
                {"192.0.2.77:0", STATUS_BUSY, "cannot listen on"}};
    struct err err = {0};
    (void)state;
    (void)snprintf(two[0], sizeof(two[0]), "0");
    (void)snprintf(two[1], sizeof(two[1]), "0");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(listen_at(rows[i].text, &err), rows[i].status);
        assert_non_null(strstr(err.text, rows[i].said));
    }
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        fail_call_after(calls[i], 0, EMFILE);
        assert_int_equal(listen_at("two.example:0", &err), STATUS_IO);
        assert_string_equal(fail_call_stop(), calls[i]);
        assert_non_null(strstr(err.text, "cannot listen on"));
    }
    assert_int_equal(listen_at("two.example:0", &err), STATUS_OK);
}

/* What libuv says where accept(2) fails. */
static void a_listener_that_fails_is_said_and_goes_on(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) /* the second one makes no line */
        house.tcp.listener.connection_cb((uv_stream_t *)&house.tcp.listener, UV_EMFILE);
    assert_int_equal(count_of(EVENT_CONN_ACCEPTED, 2), 0);
    (void)knock(0);
    expect(EVENT_CONN_ACCEPTED, 2);
}

static void EMFILE_at_the_door_loses_one_and_no_other(void **state)
{
    (void)state;
    fail_call_after("uv_accept", 0, EMFILE);
    (void)knock(0);
    io_house_turn(&house.uv);
    assert_string_equal(fail_call_stop(), "uv_accept");
    assert_int_equal(count_of(EVENT_CONN_ACCEPTED, 2), 0);

    (void)knock(1);
    expect(EVENT_CONN_ACCEPTED, 2);
    assert_false(house.queue.failed);
}

static void a_connection_that_cannot_be_read_or_written_is_closed(void **state)
{
    static const char *const calls[] = {"uv_write", "uv_shutdown", "uv_timer_start"};
    (void)state;
    uint64_t number = 2;
    fail_call_after("uv_read_start", 0, ENOTCONN);
    (void)knock(0);
    expect(EVENT_CONN_CLOSED, number);
    assert_string_equal(fail_call_stop(), "uv_read_start");
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        number += 2;
        (void)knock((int)i + 1);
        expect(EVENT_CONN_ACCEPTED, number);
        fail_call_after(calls[i], 0, ENOTCONN);
        send_to(number, "words");
        tcp_end(&house.tcp, number);
        assert_string_equal(fail_call_stop(), calls[i]);
        expect(EVENT_CONN_CLOSED, number);
    }
}

static void a_dial_that_the_system_refuses_ends_once(void **state)
{
    static const char *const calls[] = {"uv_timer_start", "uv_tcp_connect",
                                        "uv_getaddrinfo"};
    (void)state;
    (void)snprintf(two[0], sizeof(two[0]), "%d", house.port);
    (void)snprintf(two[1], sizeof(two[1]), "%d", house.port);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        uint64_t number = 1 + 2 * i;
        fail_call_for_good(calls[i], 0, EMFILE);
        tcp_dial(&house.tcp, number, "two.example:7700");
        expect(EVENT_CONN_CLOSED, number);
        assert_string_equal(fail_call_stop(), calls[i]);
        io_house_turn(&house.uv);
        assert_int_equal(count_of(EVENT_CONN_CLOSED, number), 1);
    }
}

/* Each allocation fails once: the connection ends, or the daemon does; nobody is left
 * whose end was never told. */
static void without_memory_nobody_is_left_in_the_dark(void **state)
{
    (void)state;
    bool has_failed = true;
    for (uint64_t at = 0; has_failed; at++) {
        fail_memory_after(at, false);
        fail_memory_in();
        (void)fail_memory_out();
        (void)knock(0);
        tcp_dial(&house.tcp, 1001 + 2 * at, house.where);
        fail_memory_in();
        send_to(1001 + 2 * at, "early");
        io_house_turn(&house.uv);
        (void)fail_memory_out();
        has_failed = fail_memory_stop();
        tcp_end(&house.tcp, 1001 + 2 * at);
        leave(0);
        tcp_resume(&house.tcp);
        io_house_turn(&house.uv);
        if (!house.queue.failed)
            assert_int_equal(count_of(EVENT_CONN_CLOSED, 1001 + 2 * at), 1);
        house.queue.failed = false;
        assert_true(at < 100);
    }
    /* What was lost with the queue is lost for the whole daemon, which ends. */
    io_house_forget(&house.seen);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(what_a_stranger_says_is_one_event_a_turn),
        A_TEST(a_peer_that_resets_ends_once),
        A_TEST(a_peer_that_resets_under_our_words_ends_once),
        A_TEST(who_does_not_read_is_not_read_and_ends_at_the_deadline),
        A_TEST(an_end_lets_pass_what_was_said_before),
        A_TEST(whom_we_never_answered_is_closed_at_once),
        A_TEST(H7_a_crowd_is_let_in_some_a_turn),
        A_TEST(H7_a_full_house_turns_away_and_lets_in_again),
        A_TEST(at_the_end_nobody_is_let_in_and_all_are_closed),
        A_TEST(what_is_said_before_the_connection_arrives_first),
        A_TEST(where_nobody_answers_the_dial_ends_once),
        A_TEST(a_name_is_tried_at_each_of_its_addresses),
        A_TEST(a_dial_that_nobody_takes_ends_at_the_deadline),
        A_TEST(a_dial_may_be_ended_at_any_moment),
        A_TEST(an_address_where_nobody_can_listen_is_said),
        A_TEST(a_listener_that_fails_is_said_and_goes_on),
        A_TEST(EMFILE_at_the_door_loses_one_and_no_other),
        A_TEST(a_connection_that_cannot_be_read_or_written_is_closed),
        A_TEST(a_dial_that_the_system_refuses_ends_once),
        A_TEST(without_memory_nobody_is_left_in_the_dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
