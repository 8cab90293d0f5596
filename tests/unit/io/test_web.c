/* The page's sockets: browsers that are slow, large, many, cut off or gone. The time is
 * the test's own (the linker's --wrap): deadlines pass when it says so. */
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
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "node/io/clock.h"
#include "node/io/web.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/io_house.h"

#define BROWSERS_MAX 16
#define TURNS_MAX 400

static uint64_t now_ms = 1000000;

uint64_t __wrap_clock_monotonic_ms(void);
uint64_t __wrap_clock_monotonic_ms(void)
{
    return now_ms;
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fail_memory_fails() ? NULL : __real_strdup(text);
}

struct browser {
    int fd;
    bool has_ended;
    struct buf heard;
};

static struct {
    uv_loop_t uv;
    struct web web;
    int port;
    struct browser browsers[BROWSERS_MAX];
    unsigned asked;       /* how many requests were handed on */
    uint64_t visit;       /* the last one */
    size_t body_len;      /* its body */
    char line[512];       /* its words */
    bool answers_at_once; /* with `answer` */
    struct page_response answer;
} house;

static void on_request(void *context, uint64_t visit, const struct page_request *request)
{
    (void)context;
    house.asked++;
    house.visit = visit;
    house.body_len = request->body.len;
    (void)snprintf(house.line, sizeof(house.line), "%d %.*s?%.*s %.*s %.*s",
                   (int)request->method, (int)request->path.len,
                   (const char *)request->path.data, (int)request->query.len,
                   (const char *)request->query.data, (int)request->host.len,
                   (const char *)request->host.data, (int)request->local.len,
                   (const char *)request->local.data);
    if (house.answers_at_once)
        web_respond(&house.web, visit, &house.answer);
}

static void answer_with(struct page_response *answer, const char *text, size_t len)
{
    *answer = (struct page_response){.code = 200, .type = "text/plain", .policy = ""};
    buf_add(&answer->body, text, len);
}

static int open_house(void **state)
{
    char where[ADDRESS_TEXT_SIZE];
    struct err err = {0};
    (void)state;
    memset(&house, 0, sizeof(house));
    for (int i = 0; i < BROWSERS_MAX; i++)
        house.browsers[i].fd = -1;
    assert_int_equal(uv_loop_init(&house.uv), 0);
    web_init(&house.web, &house.uv, on_request, NULL);
    assert_int_equal(web_listen(&house.web, "127.0.0.1:0", NULL, where, &err), STATUS_OK);
    house.port = io_house_port(where);
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    web_close(&house.web);
    web_close(&house.web); /* a second time is nothing */
    assert_int_equal(uv_run(&house.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&house.uv), 0);
    assert_null(house.web.conns);
    assert_int_equal(house.web.bodies, 0);
    for (int i = 0; i < WEB_CONNECTIONS_MAX; i++)
        assert_null(house.web.visits[i]);
    for (int i = 0; i < BROWSERS_MAX; i++) {
        if (house.browsers[i].fd >= 0)
            (void)close(house.browsers[i].fd);
        buf_deinit(&house.browsers[i].heard);
    }
    buf_deinit(&house.answer.body);
    return 0;
}

/* ---- what the tests wait for ---- */

static struct browser *knock(int number)
{
    struct browser *browser = &house.browsers[number];
    browser->fd = io_house_knock(house.port, 0);
    return browser;
}

static void say(struct browser *browser, const char *text)
{
    io_house_say(browser->fd, text, strlen(text));
}

static unsigned asked_wanted;

static bool is_asked(void *context)
{
    (void)context;
    return house.asked >= asked_wanted;
}

static bool has_ended(void *context)
{
    struct browser *browser = context;
    web_resume(&house.web);
    browser->has_ended =
        browser->has_ended || !io_house_hear(browser->fd, &browser->heard);
    return browser->has_ended;
}

static const char *heard_wanted;

static bool has_heard(void *context)
{
    struct browser *browser = context;
    web_resume(&house.web);
    browser->has_ended =
        browser->has_ended || !io_house_hear(browser->fd, &browser->heard);
    return browser->heard.len > 0 && memmem(browser->heard.data, browser->heard.len,
                                            heard_wanted, strlen(heard_wanted)) != NULL;
}

static void expect_asked(unsigned count)
{
    asked_wanted = count;
    if (!io_house_turn_until(&house.uv, is_asked, NULL))
        fail_msg("%u of %u requests were handed on", house.asked, count);
}

static void expect_heard(struct browser *browser, const char *text)
{
    heard_wanted = text;
    if (!io_house_turn_until(&house.uv, has_heard, browser))
        fail_msg("%s is not in: %.*s", text, (int)browser->heard.len,
                 (const char *)browser->heard.data);
}

static void expect_ended(struct browser *browser)
{
    assert_true(io_house_turn_until(&house.uv, has_ended, browser));
}

static void expect_open(struct browser *browser)
{
    for (int i = 0; i < 3; i++) {
        assert_false(has_ended(browser));
        io_house_turn(&house.uv);
    }
}

/* Whatever the browser is at: it has so long, and not a millisecond more. */
static void expect_deadline(struct browser *browser, uint64_t within_ms)
{
    expect_open(browser); /* what was under way is over now */
    now_ms += within_ms - 1;
    expect_open(browser);
    now_ms += 1;
    expect_ended(browser);
}

/* ---- requests ---- */

static void a_request_is_handed_on_whole_and_once(void **state)
{
    char expected[256];
    (void)state;
    struct browser *browser = knock(0);

    say(browser, "POST /cases?page=2 HTTP/1.1\r\nHost: pi.local\r\n");
    io_house_turn(&house.uv);
    assert_int_equal(house.asked, 0);
    say(browser, "Content-Length: 10\r\n\r\n12345");
    io_house_turn(&house.uv);
    assert_int_equal(house.asked, 0);
    say(browser, "67890");
    expect_asked(1);

    (void)snprintf(expected, sizeof(expected), "%d /cases?page=2 pi.local 127.0.0.1:%d",
                   PAGE_POST, house.port);
    assert_string_equal(house.line, expected);
    assert_int_equal(house.body_len, 10);
    expect_open(browser);
    assert_int_equal(house.asked, 1);
}

static void what_is_answered_is_sent_with_what_keeps_browsers_in_check(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    struct page_response answer;
    say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(1);

    answer_with(&answer, "水沟", 6);
    (void)snprintf(answer.cookie, sizeof(answer.cookie), "s=1; HttpOnly");
    web_respond(&house.web, house.visit, &answer);

    expect_heard(browser, "\r\n\r\n水沟");
    expect_heard(browser, "Cache-Control: no-store\r\n");
    expect_heard(browser, "X-Frame-Options: DENY\r\n");
    expect_heard(browser, "X-Content-Type-Options: nosniff\r\n");
    expect_heard(browser, "Set-Cookie: s=1; HttpOnly\r\n"); /* no TLS: no Secure */
}

static void one_connection_carries_many_requests(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    house.answers_at_once = true;
    answer_with(&house.answer, "first", 5);
    say(browser, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_heard(browser, "first");
    answer_with(&house.answer, "second", 6);
    say(browser, "HEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(2);
    answer_with(&house.answer, "third", 5);
    say(browser, "PUT /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_heard(browser, "third");

    assert_null(memmem(browser->heard.data, browser->heard.len, "second", 6));
    assert_memory_equal(house.line, "2 /3", 4); /* PAGE_OTHER */
}

static void the_second_answer_to_a_visit_and_one_to_nobody_are_dropped(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    struct page_response answer;
    say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(1);

    answer_with(&answer, "one", 3);
    web_respond(&house.web, house.visit, &answer);
    answer_with(&answer, "two", 3);
    web_respond(&house.web, house.visit, &answer);
    answer_with(&answer, "lost", 4);
    web_respond(&house.web, house.visit + 17, &answer);

    expect_heard(browser, "\r\n\r\none");
    assert_null(memmem(browser->heard.data, browser->heard.len, "two", 3));
}

/* ---- limits ---- */

static void W3_a_head_above_its_room_is_refused(void **state)
{
    char filler[1024];
    (void)state;
    struct browser *browser = knock(0);
    memset(filler, 'x', sizeof(filler));
    say(browser, "GET / HTTP/1.1\r\nHost: a\r\nX-Long: ");
    for (int i = 0; i < 2 * WEB_CONNECTION_MEMORY / (int)sizeof(filler); i++)
        io_house_say(browser->fd, filler, sizeof(filler));

    expect_heard(browser, "HTTP/1.1 431 ");
    expect_ended(browser);
    assert_int_equal(house.asked, 0);
}

static void W3_a_body_that_is_announced_too_large_is_refused_at_its_head(void **state)
{
    char head[128];
    (void)state;
    struct browser *browser = knock(0);
    (void)snprintf(head, sizeof(head),
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %u\r\n\r\n",
                   WEB_BODY_MAX + 1);
    say(browser, head);

    expect_heard(browser, "HTTP/1.1 413 ");
    expect_heard(browser, "that is too large\n");
    expect_ended(browser);
    assert_int_equal(house.asked, 0);
}

/* Sends so many bytes of a body, as the system takes them. */
static void send_body(struct browser *browser, size_t len)
{
    static char piece[65536];
    while (len > 0) {
        size_t size = len < sizeof(piece) ? len : sizeof(piece);
        ssize_t sent = send(browser->fd, piece, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            len -= (size_t)sent;
        (void)uv_run(&house.uv, UV_RUN_NOWAIT);
        if (has_ended(browser))
            return;
    }
}

static void W3_chunks_without_end_are_cut_off(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    say(browser, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "7fffffff\r\n");

    send_body(browser, WEB_BODY_MAX + 65536);

    expect_ended(browser);
    assert_int_equal(house.asked, 0);
}

static bool are_read(void *context)
{
    web_resume(&house.web);
    return house.web.bodies >= *(size_t *)context;
}

static void bodies_of_all_together_have_a_limit(void **state)
{
    char head[128];
    size_t most = WEB_BODIES_MAX / WEB_BODY_MAX;
    (void)state;
    (void)snprintf(head, sizeof(head),
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %u\r\n\r\n",
                   WEB_BODY_MAX);
    for (size_t i = 0; i < most; i++) { /* each but for its last byte */
        struct browser *browser = knock((int)i);
        say(browser, head);
        send_body(browser, WEB_BODY_MAX - 1);
        assert_false(browser->has_ended);
    }
    size_t whole = most * (WEB_BODY_MAX - 1);
    assert_true(io_house_turn_until(&house.uv, are_read, &whole));
    struct browser *late = knock((int)most);
    say(late, head);
    send_body(late, 65536);

    expect_ended(late);
    /* When one of them is done there is room again. */
    send_body(&house.browsers[0], 1);
    expect_asked(1);
    assert_int_equal(house.body_len, WEB_BODY_MAX);
    struct browser *again = knock((int)most + 1);
    say(again, head);
    send_body(again, 65536);
    expect_open(again);
}

static void one_address_has_so_many_connections(void **state)
{
    (void)state;
    for (int i = 0; i <= WEB_CONNECTIONS_PER_ADDRESS_MAX; i++)
        (void)knock(i);

    expect_ended(&house.browsers[WEB_CONNECTIONS_PER_ADDRESS_MAX]);
    for (int i = 0; i < WEB_CONNECTIONS_PER_ADDRESS_MAX; i++)
        assert_false(has_ended(&house.browsers[i]));
}

/* ---- deadlines ---- */

static void a_browser_that_says_nothing_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = knock(0);

    expect_deadline(browser, WEB_REQUEST_DEADLINE_MS);
}

static void a_head_that_comes_too_slowly_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    say(browser, "GET / HTTP/1.1\r\nHo");
    expect_open(browser);
    now_ms += WEB_REQUEST_DEADLINE_MS - 1;
    say(browser, "st: a\r\n"); /* a word more buys no time */
    expect_open(browser);
    now_ms += 1;

    expect_ended(browser);
    assert_int_equal(house.asked, 0);
}

static void a_body_that_comes_too_slowly_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    say(browser, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n1");
    expect_open(browser);
    now_ms += WEB_BODY_DEADLINE_MS - 1;
    say(browser, "2"); /* the same */
    expect_open(browser);
    now_ms += 1;

    expect_ended(browser);
    assert_int_equal(house.asked, 0);
}

static void a_browser_that_does_not_take_its_answer_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = &house.browsers[0];
    struct page_response answer = {.code = 200, .type = "text/plain", .policy = ""};
    size_t len = 32u * 1024 * 1024; /* more than the system keeps for both of us */
    browser->fd = io_house_knock(house.port, 4096);
    say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(1);
    assert_non_null(buf_reserve(&answer.body, len));
    memset(answer.body.data, 'x', len);
    answer.body.len = len;
    web_respond(&house.web, house.visit, &answer);
    web_resume(&house.web);
    io_house_turn(&house.uv);

    now_ms += WEB_ANSWER_DEADLINE_MS - 1;
    web_resume(&house.web);
    io_house_turn(&house.uv);
    assert_non_null(house.web.conns);
    now_ms += 1;
    expect_ended(browser);

    assert_true(browser->heard.len < len);
    assert_null(house.web.conns);
}

static void a_connection_at_rest_is_closed_and_one_that_waits_for_us_is_not(void **state)
{
    (void)state;
    struct browser *waiting = knock(0);
    struct browser *resting = knock(1);
    struct page_response answer;
    say(waiting, "GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(1);
    uint64_t visit = house.visit;
    say(resting, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(2);
    answer_with(&answer, "soon", 4);
    web_respond(&house.web, house.visit, &answer);
    expect_heard(resting, "soon");

    expect_deadline(resting, WEB_REQUEST_DEADLINE_MS);
    now_ms += WEB_BODY_DEADLINE_MS;
    expect_open(waiting);
    answer_with(&answer, "at last", 7);
    web_respond(&house.web, visit, &answer);
    expect_heard(waiting, "at last");
}

/* ---- streams ---- */

static void a_stream_tells_of_changes_beats_and_ends(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    house.answers_at_once = true;
    house.answer = (struct page_response){
        .code = 200, .type = "text/event-stream", .policy = "", .is_stream = true};
    say(browser, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_heard(browser, "retry: 5000\n\n");
    uint64_t began_ms = now_ms;
    assert_null(memmem(browser->heard.data, browser->heard.len, "changed", 7));

    web_changed(&house.web);
    now_ms += 1000;
    expect_heard(browser, "data: changed\n\n");
    now_ms += WEB_BEAT_MS;
    expect_heard(browser, "\n:\n\n");
    now_ms = began_ms + WEB_STREAM_MS - 1;
    expect_open(browser);
    assert_null(memmem(browser->heard.data, browser->heard.len, "\r\n0\r\n\r\n", 7));
    now_ms += 1001;
    expect_heard(browser, "\r\n0\r\n\r\n"); /* the last chunk: it asks anew */
    expect_deadline(browser, WEB_REQUEST_DEADLINE_MS);
}

static void a_stream_that_is_not_read_is_told_once(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    house.answers_at_once = true;
    house.answer = (struct page_response){
        .code = 200, .type = "text/event-stream", .policy = "", .is_stream = true};
    say(browser, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_heard(browser, "retry: 5000\n\n");

    for (int i = 0; i < 100; i++) { /* the library has no turn in between */
        web_changed(&house.web);
        web_changed(&house.web);
    }
    now_ms += 1000;
    expect_heard(browser, "data: changed\n\n");
    io_house_turn(&house.uv);
    (void)has_ended(browser);

    const uint8_t *first = memmem(browser->heard.data, browser->heard.len, "changed", 7);
    size_t rest = browser->heard.len - (size_t)(first + 7 - browser->heard.data);
    assert_null(memmem(first + 7, rest, "changed", 7));
}

/* ---- who leaves ---- */

static void a_browser_that_leaves_is_forgotten_and_its_answer_dropped(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    struct page_response answer;
    say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(1);
    (void)close(browser->fd);
    browser->fd = -1;
    io_house_turn(&house.uv);

    answer_with(&answer, "too late", 8);
    web_respond(&house.web, house.visit, &answer);
    web_resume(&house.web);
    for (int i = 0; i < 200 && house.web.conns != NULL; i++) {
        web_resume(&house.web);
        io_house_turn(&house.uv);
    }

    assert_null(house.web.conns);
    assert_int_equal(buf_status(&answer.body), STATUS_OK);
    assert_null(answer.body.data);
}

static void a_browser_that_leaves_in_the_middle_of_its_body_is_forgotten(void **state)
{
    (void)state;
    struct browser *browser = knock(0);
    say(browser, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n");
    send_body(browser, 20000);
    expect_open(browser);
    assert_true(house.web.bodies > 0);
    (void)close(browser->fd);
    browser->fd = -1;
    for (int i = 0; i < 200 && house.web.conns != NULL; i++)
        io_house_turn(&house.uv);

    assert_null(house.web.conns);
    assert_int_equal(house.web.bodies, 0);
    assert_int_equal(house.asked, 0);
}

static void at_the_end_of_the_node_everybody_is_let_go(void **state)
{
    (void)state;
    struct browser *waiting = knock(0);
    struct browser *listening = knock(1);
    (void)knock(2); /* says nothing */
    say(waiting, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_asked(1);
    house.answers_at_once = true;
    house.answer = (struct page_response){
        .code = 200, .type = "text/event-stream", .policy = "", .is_stream = true};
    say(listening, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_heard(listening, "retry: 5000\n\n");

    web_close(&house.web);
    web_resume(&house.web); /* nothing is left to do */

    assert_false(io_house_hear(waiting->fd, &waiting->heard));
    assert_int_equal(waiting->heard.len, 0);
    assert_null(house.web.conns);
}

/* ---- where it cannot be ---- */

static void an_address_that_is_none_or_taken_is_said(void **state)
{
    static const char *const none[] = {
        "",          "8080",    "localhost:8080", "127.0.0.1:99999", "127.0.0.1:x",
        "127.0.0.1", "1.2.3:80"};
    char where[ADDRESS_TEXT_SIZE], taken[ADDRESS_TEXT_SIZE];
    struct web other;
    (void)state;
    web_init(&other, &house.uv, on_request, NULL);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        struct err err = {0};
        assert_int_equal(web_listen(&other, none[i], NULL, where, &err), STATUS_INVALID);
        assert_non_null(strstr(err.text, "--web needs an address"));
    }
    struct err err = {0};
    (void)snprintf(taken, sizeof(taken), "127.0.0.1:%d", house.port);
    assert_int_equal(web_listen(&other, taken, NULL, where, &err), STATUS_BUSY);
    assert_non_null(strstr(err.text, "in use"));
    /* An address of documentation: no machine has it. */
    assert_int_equal(web_listen(&other, "192.0.2.77:0", NULL, where, &err), STATUS_BUSY);
    web_close(&other); /* it never listened */
    web_resume(&other);
}

static void what_the_system_refuses_to_open_is_said(void **state)
{
    static const struct {
        const char *call;
        int error;
        enum status status;
    } rows[] = {{"socket", EMFILE, STATUS_IO},
                {"bind", EACCES, STATUS_BUSY},
                {"bind", ENOMEM, STATUS_IO},
                {"listen", EADDRINUSE, STATUS_BUSY},
                {"MHD_get_daemon_info", EMFILE, STATUS_IO},
                {"uv_poll_init", EMFILE, STATUS_IO}};
    char where[ADDRESS_TEXT_SIZE];
    struct web other;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};
        web_init(&other, &house.uv, on_request, NULL);
        fail_call_after(rows[i].call, 0, rows[i].error);
        assert_int_equal(web_listen(&other, "[::1]:0", NULL, where, &err),
                         rows[i].status);
        assert_string_equal(fail_call_stop(), rows[i].call);
        assert_memory_equal(err.text, "[::1]:0: ", 9);
        web_close(&other);
    }
}

/* ---- under TLS ---- */

struct tls {
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;
};

static char identity_dir[32];
static int identity_fd;
static struct web_identity identity;

/* The house once more, with an authority of its own. */
static int open_tls_house(void **state)
{
    char where[ADDRESS_TEXT_SIZE];
    struct err err = {0};
    (void)open_house(state);
    web_close(&house.web); /* without TLS */
    io_house_turn(&house.uv);
    (void)snprintf(identity_dir, sizeof(identity_dir), "/tmp/fengqiao-web-XXXXXX");
    assert_non_null(mkdtemp(identity_dir));
    identity_fd = open(identity_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(
        web_identity_open(&identity, identity_fd, "127.0.0.1", "pi.local:8443", 0, &err),
        STATUS_OK);
    web_init(&house.web, &house.uv, on_request, NULL);
    assert_int_equal(web_listen(&house.web, "127.0.0.1:0", &identity, where, &err),
                     STATUS_OK);
    house.port = io_house_port(where);
    house.answers_at_once = true;
    answer_with(&house.answer, "all is well", 11);
    (void)snprintf(house.answer.cookie, sizeof(house.answer.cookie), "s=1; HttpOnly");
    return 0;
}

static int close_tls_house(void **state)
{
    (void)close_house(state);
    web_identity_close(&identity);
    assert_int_equal(unlinkat(identity_fd, WEB_CA_NAME, 0), 0);
    assert_int_equal(unlinkat(identity_fd, WEB_CA_KEY_NAME, 0), 0);
    (void)close(identity_fd);
    assert_int_equal(rmdir(identity_dir), 0);
    return 0;
}

/* A browser that trusts the authority and looks for that name. */
static void tls_init(struct tls *tls, const struct browser *browser, const char *name)
{
    gnutls_datum_t trusted = {(unsigned char *)identity.authority,
                              (unsigned)strlen(identity.authority)};
    assert_int_equal(gnutls_certificate_allocate_credentials(&tls->credentials), 0);
    assert_int_equal(gnutls_certificate_set_x509_trust_mem(tls->credentials, &trusted,
                                                           GNUTLS_X509_FMT_PEM),
                     1);
    assert_int_equal(gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK), 0);
    assert_int_equal(gnutls_set_default_priority(tls->session), 0);
    assert_int_equal(
        gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials),
        0);
    gnutls_session_set_verify_cert(tls->session, name, 0);
    gnutls_transport_set_int(tls->session, browser->fd);
}

static void tls_deinit(struct tls *tls)
{
    gnutls_deinit(tls->session);
    gnutls_certificate_free_credentials(tls->credentials);
}

static int tls_shake_hands(struct tls *tls)
{
    int rc = GNUTLS_E_AGAIN;
    for (int i = 0; i < TURNS_MAX && rc == GNUTLS_E_AGAIN; i++) {
        rc = gnutls_handshake(tls->session);
        io_house_turn(&house.uv);
    }
    return rc;
}

static void tls_ask(struct tls *tls, struct browser *browser)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: pi.local\r\n\r\n";
    char room[4096];
    ssize_t got = GNUTLS_E_AGAIN;
    assert_int_equal(gnutls_record_send(tls->session, request, sizeof(request) - 1),
                     sizeof(request) - 1);
    for (int i = 0; i < TURNS_MAX && got == GNUTLS_E_AGAIN; i++) {
        io_house_turn(&house.uv);
        got = gnutls_record_recv(tls->session, room, sizeof(room));
    }
    assert_true(got > 0);
    buf_add(&browser->heard, room, (size_t)got);
    buf_add_u8(&browser->heard, 0);
}

static void under_tls_cookies_are_secure_and_the_name_is_proven(void **state)
{
    struct tls tls;
    (void)state;
    tls_init(&tls, knock(0), "evil.example");
    assert_int_equal(tls_shake_hands(&tls), GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR);
    tls_deinit(&tls);
    assert_int_equal(house.asked, 0);

    struct browser *browser = knock(1);
    tls_init(&tls, browser, "pi.local");
    assert_int_equal(tls_shake_hands(&tls), 0);
    tls_ask(&tls, browser);
    tls_deinit(&tls);

    assert_int_equal(house.asked, 1);
    assert_non_null(strstr((const char *)browser->heard.data,
                           "\r\nSet-Cookie: s=1; HttpOnly; Secure\r\n"));
}

/* The library wants to run again at once for as long as that takes. */
static void H7_who_stops_in_a_handshake_holds_nobody_up(void **state)
{
    struct tls first, second;
    (void)state;
    struct browser *silent = knock(0), *other = knock(1);
    tls_init(&first, silent, "pi.local");
    assert_int_equal(gnutls_handshake(first.session), GNUTLS_E_AGAIN); /* one word */
    io_house_turn(&house.uv);

    tls_init(&second, other, "pi.local");
    assert_int_equal(tls_shake_hands(&second), 0);
    tls_ask(&second, other);
    tls_deinit(&second);
    now_ms += WEB_REQUEST_DEADLINE_MS;
    expect_ended(silent);
    tls_deinit(&first);
}

/* ---- what a library or the memory refuses ---- */

static void an_answer_that_cannot_be_made_closes_its_connection_alone(void **state)
{
    static const char *const calls[] = {"MHD_create_response_from_buffer",
                                        "MHD_create_response_from_callback"};
    (void)state;
    house.answers_at_once = true;
    for (int i = 0; i < 2; i++) {
        struct browser *browser = knock(i);
        answer_with(&house.answer, "lost", i == 0 ? 4 : 0);
        house.answer.is_stream = i == 1;
        fail_call_after(calls[i], 0, ENOMEM);
        say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        expect_ended(browser);
        assert_string_equal(fail_call_stop(), calls[i]);
        buf_deinit(&house.answer.body); /* a stream's has room and no bytes */
    }
    struct browser *other = knock(2);
    answer_with(&house.answer, "all is well", 11);
    say(other, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_heard(other, "all is well");
}

/* The library always knows its connections; where it did not, they would have no deadline
 * but its own, and no address. */
static void a_connection_that_the_library_does_not_know_is_served(void **state)
{
    (void)state;
    struct browser *browser = &house.browsers[0];
    fail_call_for_good("MHD_get_connection_info", 0, EBADF);
    browser->fd = io_house_knock(house.port, 0);
    answer_with(&house.answer, "all is well", 11);
    house.answers_at_once = true;
    say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_heard(browser, "all is well");

    assert_non_null(fail_call_stop());
    assert_string_equal(house.line, "0 /? a ");
    assert_null(house.web.conns);
}

static void without_memory_a_request_is_answered_or_cut_off(void **state)
{
    (void)state;
    bool has_failed = true;
    unsigned cut = 0;
    house.answers_at_once = true;
    for (uint64_t at = 0; has_failed; at++) {
        struct browser *browser = knock((int)at);
        buf_deinit(&house.answer.body);
        answer_with(&house.answer, "all is well", 11);
        say(browser, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        fail_memory_after(at, false);
        heard_wanted = "all is well";
        for (int i = 0; i < 200 && !has_heard(browser) && !browser->has_ended; i++) {
            fail_memory_in();
            io_house_turn(&house.uv);
            (void)fail_memory_out();
        }
        has_failed = fail_memory_stop();
        assert_int_equal(house.web.bodies, 0);
        cut += browser->has_ended;
        if (!browser->has_ended)
            assert_true(has_heard(browser));
        assert_true(at + 1 < BROWSERS_MAX);
    }
    assert_true(cut > 0);
}

#define A_TLS_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, open_tls_house, close_tls_house)
#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_request_is_handed_on_whole_and_once),
        A_TEST(what_is_answered_is_sent_with_what_keeps_browsers_in_check),
        A_TEST(one_connection_carries_many_requests),
        A_TEST(the_second_answer_to_a_visit_and_one_to_nobody_are_dropped),
        A_TEST(W3_a_head_above_its_room_is_refused),
        A_TEST(W3_a_body_that_is_announced_too_large_is_refused_at_its_head),
        A_TEST(W3_chunks_without_end_are_cut_off),
        A_TEST(bodies_of_all_together_have_a_limit),
        A_TEST(one_address_has_so_many_connections),
        A_TEST(a_browser_that_says_nothing_is_shut_out),
        A_TEST(a_head_that_comes_too_slowly_is_shut_out),
        A_TEST(a_body_that_comes_too_slowly_is_shut_out),
        A_TEST(a_browser_that_does_not_take_its_answer_is_shut_out),
        A_TEST(a_connection_at_rest_is_closed_and_one_that_waits_for_us_is_not),
        A_TEST(a_stream_tells_of_changes_beats_and_ends),
        A_TEST(a_stream_that_is_not_read_is_told_once),
        A_TEST(a_browser_that_leaves_is_forgotten_and_its_answer_dropped),
        A_TEST(a_browser_that_leaves_in_the_middle_of_its_body_is_forgotten),
        A_TEST(at_the_end_of_the_node_everybody_is_let_go),
        A_TEST(an_address_that_is_none_or_taken_is_said),
        A_TEST(what_the_system_refuses_to_open_is_said),
        A_TLS_TEST(under_tls_cookies_are_secure_and_the_name_is_proven),
        A_TLS_TEST(H7_who_stops_in_a_handshake_holds_nobody_up),
        A_TEST(an_answer_that_cannot_be_made_closes_its_connection_alone),
        A_TEST(a_connection_that_the_library_does_not_know_is_served),
        A_TEST(without_memory_a_request_is_answered_or_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
