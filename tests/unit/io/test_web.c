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
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/io_house.h"
#include "tests/unit/io/web_house.h"

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fail_memory_fails() ? NULL : __real_strdup(text);
}

/* ---- requests ---- */

static void a_request_is_handed_on_whole_and_once(void **state)
{
    char expected[256];
    (void)state;
    struct browser *browser = web_house_knock(0);

    web_house_say(browser, "POST /cases?page=2 HTTP/1.1\r\nHost: pi.local\r\n");
    io_house_turn(&web_house.uv);
    assert_int_equal(web_house.asked, 0);
    web_house_say(browser, "Content-Length: 10\r\n\r\n12345");
    io_house_turn(&web_house.uv);
    assert_int_equal(web_house.asked, 0);
    web_house_say(browser, "67890");
    web_house_expect_asked(1);

    (void)snprintf(expected, sizeof(expected), "%d /cases?page=2 pi.local 127.0.0.1:%d",
                   PAGE_POST, web_house.port);
    assert_string_equal(web_house.line, expected);
    assert_int_equal(web_house.body_len, 10);
    web_house_expect_open(browser);
    assert_int_equal(web_house.asked, 1);
}

static void what_is_answered_is_sent_with_what_keeps_browsers_in_check(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    struct page_response answer;
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(1);

    web_house_answer_with(&answer, "水沟", 6);
    (void)snprintf(answer.cookie, sizeof(answer.cookie), "s=1; HttpOnly");
    answer.is_lasting = false;
    web_respond(&web_house.web, web_house.visit, &answer);

    web_house_expect_heard(browser, "\r\n\r\n水沟");
    web_house_expect_heard(browser, "Cache-Control: no-store\r\n");
    web_house_expect_heard(browser, "X-Frame-Options: DENY\r\n");
    web_house_expect_heard(browser, "X-Content-Type-Options: nosniff\r\n");
    web_house_expect_heard(browser,
                           "Set-Cookie: s=1; HttpOnly\r\n"); /* no TLS: no Secure */

    web_house_say(browser, "GET /style HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(2);
    web_house_answer_with(&answer, "lasts", 5);
    answer.is_lasting = true;
    web_respond(&web_house.web, web_house.visit, &answer);
    web_house_expect_heard(browser, "Cache-Control: max-age=86400\r\n");
}

static void one_connection_carries_many_requests(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house.answers_at_once = true;
    web_house_answer_with(&web_house.answer, "first", 5);
    web_house_say(browser, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(browser, "first");
    web_house_answer_with(&web_house.answer, "second", 6);
    web_house_say(browser, "HEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(2);
    web_house_answer_with(&web_house.answer, "third", 5);
    web_house_say(browser, "PUT /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(browser, "third");

    assert_null(memmem(browser->heard.data, browser->heard.len, "second", 6));
    assert_memory_equal(web_house.line, "2 /3", 4); /* PAGE_OTHER */
}

static void the_second_answer_to_a_visit_and_one_to_nobody_are_dropped(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    struct page_response answer;
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(1);

    web_house_answer_with(&answer, "one", 3);
    web_respond(&web_house.web, web_house.visit, &answer);
    web_house_answer_with(&answer, "two", 3);
    web_respond(&web_house.web, web_house.visit, &answer);
    web_house_answer_with(&answer, "lost", 4);
    web_respond(&web_house.web, web_house.visit + 17, &answer);

    web_house_expect_heard(browser, "\r\n\r\none");
    assert_null(memmem(browser->heard.data, browser->heard.len, "two", 3));
}

/* ---- limits ---- */

static void W3_a_head_above_its_room_is_refused(void **state)
{
    char filler[1024];
    (void)state;
    struct browser *browser = web_house_knock(0);
    memset(filler, 'x', sizeof(filler));
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\nX-Long: ");
    for (int i = 0; i < 2 * WEB_CONNECTION_MEMORY / (int)sizeof(filler); i++)
        io_house_say(browser->fd, filler, sizeof(filler));

    web_house_expect_heard(browser, "HTTP/1.1 431 ");
    web_house_expect_ended(browser);
    assert_int_equal(web_house.asked, 0);
}

static void W3_a_body_that_is_announced_too_large_is_refused_at_its_head(void **state)
{
    char head[128];
    (void)state;
    struct browser *browser = web_house_knock(0);
    (void)snprintf(head, sizeof(head),
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %u\r\n\r\n",
                   PAGE_BODY_MAX + 1);
    web_house_say(browser, head);

    web_house_expect_heard(browser, "HTTP/1.1 413 ");
    web_house_expect_heard(browser, "that is too large\n");
    web_house_expect_ended(browser);
    assert_int_equal(web_house.asked, 0);
}

/* Where several files are handed in at once, as many as they may have. */
static void W3_a_path_has_a_limit_of_its_own(void **state)
{
    char head[128];
    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        struct browser *browser = web_house_knock((int)over);
        (void)snprintf(head, sizeof(head),
                       "POST /courier/read?x=y HTTP/1.1\r\nHost: a\r\n"
                       "Content-Length: %u\r\n\r\n",
                       PAGE_BODY_LARGEST + over);
        web_house_say(browser, head);
        if (over > 0)
            web_house_expect_heard(browser, "HTTP/1.1 413 ");
        else
            web_house_expect_open(browser);
    }
    assert_int_equal(web_house.asked, 0);
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
        (void)uv_run(&web_house.uv, UV_RUN_NOWAIT);
        if (web_house_has_ended(browser))
            return;
    }
}

static void W3_chunks_without_end_are_cut_off(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house_say(browser,
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "7fffffff\r\n");

    send_body(browser, PAGE_BODY_MAX + 65536);

    web_house_expect_ended(browser);
    assert_int_equal(web_house.asked, 0);
}

static bool are_read(void *context)
{
    web_resume(&web_house.web);
    return web_house.web.bodies >= *(size_t *)context;
}

static void bodies_of_all_together_have_a_limit(void **state)
{
    char head[128];
    size_t most = WEB_BODIES_MAX / PAGE_BODY_MAX;
    (void)state;
    (void)snprintf(head, sizeof(head),
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %u\r\n\r\n",
                   PAGE_BODY_MAX);
    for (size_t i = 0; i < most; i++) { /* each but for its last byte */
        struct browser *browser = web_house_knock((int)i);
        web_house_say(browser, head);
        send_body(browser, PAGE_BODY_MAX - 1);
        assert_false(browser->has_ended);
    }
    size_t whole = most * (PAGE_BODY_MAX - 1);
    assert_true(io_house_turn_until(&web_house.uv, are_read, &whole));
    struct browser *late = web_house_knock((int)most);
    web_house_say(late, head);
    send_body(late, 65536);

    web_house_expect_ended(late);
    /* When one of them is done there is room again. */
    send_body(&web_house.browsers[0], 1);
    web_house_expect_asked(1);
    assert_int_equal(web_house.body_len, PAGE_BODY_MAX);
    struct browser *again = web_house_knock((int)most + 1);
    web_house_say(again, head);
    send_body(again, 65536);
    web_house_expect_open(again);
}

static void one_address_has_so_many_connections(void **state)
{
    (void)state;
    for (int i = 0; i <= WEB_CONNECTIONS_PER_ADDRESS_MAX; i++)
        (void)web_house_knock(i);

    web_house_expect_ended(&web_house.browsers[WEB_CONNECTIONS_PER_ADDRESS_MAX]);
    for (int i = 0; i < WEB_CONNECTIONS_PER_ADDRESS_MAX; i++)
        assert_false(web_house_has_ended(&web_house.browsers[i]));
}

/* ---- deadlines ---- */

static void a_browser_that_says_nothing_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);

    web_house_expect_deadline(browser, WEB_REQUEST_DEADLINE_MS);
}

static void a_head_that_comes_too_slowly_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house_say(browser, "GET / HTTP/1.1\r\nHo");
    web_house_expect_open(browser);
    web_house_now_ms += WEB_REQUEST_DEADLINE_MS - 1;
    web_house_say(browser, "st: a\r\n"); /* a word more buys no time */
    web_house_expect_open(browser);
    web_house_now_ms += 1;

    web_house_expect_ended(browser);
    assert_int_equal(web_house.asked, 0);
}

static void a_body_that_comes_too_slowly_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house_say(browser, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n1");
    web_house_expect_open(browser);
    web_house_now_ms += WEB_BODY_DEADLINE_MS - 1;
    web_house_say(browser, "2"); /* the same */
    web_house_expect_open(browser);
    web_house_now_ms += 1;

    web_house_expect_ended(browser);
    assert_int_equal(web_house.asked, 0);
}

static void a_browser_that_does_not_take_its_answer_is_shut_out(void **state)
{
    (void)state;
    struct browser *browser = &web_house.browsers[0];
    struct page_response answer = {.code = 200, .type = "text/plain", .policy = ""};
    size_t len = 32u * 1024 * 1024; /* more than the system keeps for both of us */
    browser->fd = io_house_knock(web_house.port, 4096);
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(1);
    assert_non_null(buf_reserve(&answer.body, len));
    memset(answer.body.data, 'x', len);
    answer.body.len = len;
    web_respond(&web_house.web, web_house.visit, &answer);
    web_resume(&web_house.web);
    io_house_turn(&web_house.uv);

    web_house_now_ms += WEB_ANSWER_DEADLINE_MS - 1;
    web_resume(&web_house.web);
    io_house_turn(&web_house.uv);
    assert_non_null(web_house.web.conns);
    web_house_now_ms += 1;
    web_house_expect_ended(browser);

    assert_true(browser->heard.len < len);
    assert_null(web_house.web.conns);
}

static void a_connection_at_rest_is_closed_and_one_that_waits_for_us_is_not(void **state)
{
    (void)state;
    struct browser *waiting = web_house_knock(0);
    struct browser *resting = web_house_knock(1);
    struct page_response answer;
    web_house_say(waiting, "GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(1);
    uint64_t visit = web_house.visit;
    web_house_say(resting, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(2);
    web_house_answer_with(&answer, "soon", 4);
    web_respond(&web_house.web, web_house.visit, &answer);
    web_house_expect_heard(resting, "soon");

    web_house_expect_deadline(resting, WEB_REQUEST_DEADLINE_MS);
    web_house_now_ms += WEB_BODY_DEADLINE_MS;
    web_house_expect_open(waiting);
    web_house_answer_with(&answer, "at last", 7);
    web_respond(&web_house.web, visit, &answer);
    web_house_expect_heard(waiting, "at last");
}

/* ---- streams ---- */

static void a_stream_tells_of_changes_beats_and_ends(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house.answers_at_once = true;
    web_house.answer = (struct page_response){
        .code = 200, .type = "text/event-stream", .policy = "", .is_stream = true};
    web_house_say(browser, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(browser, "retry: 5000\n\n");
    uint64_t began_ms = web_house_now_ms;
    web_house_now_ms += 1000; /* nothing to say */
    web_house_expect_open(browser);
    assert_null(memmem(browser->heard.data, browser->heard.len, "changed", 7));

    web_changed(&web_house.web);
    web_house_now_ms += 1000;
    web_house_expect_heard(browser, "data: changed\n\n");
    web_house_now_ms += WEB_BEAT_MS;
    web_house_expect_heard(browser, "\n:\n\n");
    web_house_now_ms = began_ms + WEB_STREAM_MS - 1;
    web_house_expect_open(browser);
    assert_null(memmem(browser->heard.data, browser->heard.len, "\r\n0\r\n\r\n", 7));
    web_house_now_ms += 1001;
    web_house_expect_heard(browser, "\r\n0\r\n\r\n"); /* the last chunk: it asks anew */
    web_house_expect_deadline(browser, WEB_REQUEST_DEADLINE_MS);
}

static void a_stream_that_is_not_read_is_told_once(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house.answers_at_once = true;
    web_house.answer = (struct page_response){
        .code = 200, .type = "text/event-stream", .policy = "", .is_stream = true};
    web_house_say(browser, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(browser, "retry: 5000\n\n");

    for (int i = 0; i < 3; i++) {
        web_changed(&web_house.web);
        web_house_now_ms += 1000;
        (void)uv_run(&web_house.uv, UV_RUN_NOWAIT);
    }
    for (int i = 0; i < 100; i++) { /* the library has no turn in between */
        web_changed(&web_house.web);
        web_changed(&web_house.web);
    }
    web_house_now_ms += 1000;
    web_house_expect_heard(browser, "data: changed\n\n");
    io_house_turn(&web_house.uv);
    (void)web_house_has_ended(browser);

    const uint8_t *first = memmem(browser->heard.data, browser->heard.len, "changed", 7);
    size_t rest = browser->heard.len - (size_t)(first + 7 - browser->heard.data);
    assert_null(memmem(first + 7, rest, "changed", 7));
}

/* ---- who leaves ---- */

static void a_browser_that_leaves_is_forgotten_and_its_answer_dropped(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    struct page_response answer;
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(1);
    (void)close(browser->fd);
    browser->fd = -1;
    io_house_turn(&web_house.uv);

    web_house_answer_with(&answer, "too late", 8);
    web_respond(&web_house.web, web_house.visit, &answer);
    web_resume(&web_house.web);
    for (int i = 0; i < 200 && web_house.web.conns != NULL; i++) {
        web_resume(&web_house.web);
        io_house_turn(&web_house.uv);
    }

    assert_null(web_house.web.conns);
    assert_int_equal(buf_status(&answer.body), STATUS_OK);
    assert_null(answer.body.data);
}

static void a_browser_that_leaves_in_the_middle_of_its_body_is_forgotten(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house_say(browser, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n");
    send_body(browser, 20000);
    web_house_expect_open(browser);
    assert_true(web_house.web.bodies > 0);
    (void)close(browser->fd);
    browser->fd = -1;
    for (int i = 0; i < 200 && web_house.web.conns != NULL; i++)
        io_house_turn(&web_house.uv);

    assert_null(web_house.web.conns);
    assert_int_equal(web_house.web.bodies, 0);
    assert_int_equal(web_house.asked, 0);
}

static void at_the_end_of_the_node_everybody_is_let_go(void **state)
{
    (void)state;
    struct browser *waiting = web_house_knock(0);
    struct browser *listening = web_house_knock(1);
    (void)web_house_knock(2); /* says nothing */
    web_house_say(waiting, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_asked(1);
    web_house.answers_at_once = true;
    web_house.answer = (struct page_response){
        .code = 200, .type = "text/event-stream", .policy = "", .is_stream = true};
    web_house_say(listening, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(listening, "retry: 5000\n\n");

    web_close(&web_house.web);
    web_resume(&web_house.web); /* nothing is left to do */

    assert_false(io_house_hear(waiting->fd, &waiting->heard));
    assert_int_equal(waiting->heard.len, 0);
    assert_null(web_house.web.conns);
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
    web_init(&other, &web_house.uv, web_house_on_request, NULL);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        struct err err = {0};
        assert_int_equal(web_listen(&other, none[i], NULL, where, &err), STATUS_INVALID);
        assert_non_null(strstr(err.text, "--web needs an address"));
    }
    struct err err = {0};
    (void)snprintf(taken, sizeof(taken), "127.0.0.1:%d", web_house.port);
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
        web_init(&other, &web_house.uv, web_house_on_request, NULL);
        fail_call_after(rows[i].call, 0, rows[i].error);
        assert_int_equal(web_listen(&other, "[::1]:0", NULL, where, &err),
                         rows[i].status);
        assert_string_equal(fail_call_stop(), rows[i].call);
        assert_memory_equal(err.text, "[::1]:0: ", 9);
        web_close(&other);
    }
}

/* ---- what a library or the memory refuses ---- */

static void an_answer_that_cannot_be_made_closes_its_connection_alone(void **state)
{
    static const char *const calls[] = {"MHD_create_response_from_buffer",
                                        "MHD_create_response_from_callback"};
    (void)state;
    web_house.answers_at_once = true;
    for (int i = 0; i < 2; i++) {
        struct browser *browser = web_house_knock(i);
        web_house_answer_with(&web_house.answer, "lost", i == 0 ? 4 : 0);
        web_house.answer.is_stream = i == 1;
        fail_call_after(calls[i], 0, ENOMEM);
        web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        web_house_expect_ended(browser);
        assert_string_equal(fail_call_stop(), calls[i]);
        buf_deinit(&web_house.answer.body); /* a stream's has room and no bytes */
    }
    struct browser *other = web_house_knock(2);
    web_house_answer_with(&web_house.answer, "all is well", 11);
    web_house_say(other, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(other, "all is well");
}

/* The library always knows its connections; where it did not, they would have no deadline
 * but its own, and no address. */
static void a_connection_that_the_library_does_not_know_is_served(void **state)
{
    (void)state;
    struct browser *browser = &web_house.browsers[0];
    fail_call_for_good("MHD_get_connection_info", 0, EBADF);
    browser->fd = io_house_knock(web_house.port, 0);
    web_house_answer_with(&web_house.answer, "all is well", 11);
    web_house.answers_at_once = true;
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(browser, "all is well");

    assert_non_null(fail_call_stop());
    assert_string_equal(web_house.line, "0 /? a ");
    assert_null(web_house.web.conns);
}

static void a_connection_whose_end_the_system_does_not_know_is_served(void **state)
{
    (void)state;
    struct browser *browser = web_house_knock(0);
    web_house_answer_with(&web_house.answer, "all is well", 11);
    web_house.answers_at_once = true;
    fail_call_after("getsockname", 0, ENOBUFS);
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(browser, "all is well");
    assert_string_equal(fail_call_stop(), "getsockname");
}

/* It is served, with the library's own deadline. */
static void without_memory_for_a_deadline_a_browser_is_served(void **state)
{
    (void)state;
    struct browser *browser = &web_house.browsers[0];
    web_house_answer_with(&web_house.answer, "all is well", 11);
    web_house.answers_at_once = true;
    browser->fd = io_house_knock(web_house.port, 0);
    fail_memory_after(0, false);
    fail_memory_in();
    io_house_turn(&web_house.uv);
    assert_true(fail_memory_stop());
    assert_null(web_house.web.conns);
    web_house_say(browser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    web_house_expect_heard(browser, "all is well");
}

static void a_certificate_that_is_none_makes_no_page(void **state)
{
    char key[] = "no key", chain[] = "no certificate";
    struct web_identity identity = {.key = key, .chain = chain};
    char where[ADDRESS_TEXT_SIZE];
    struct web web;
    struct err err = {0};
    (void)state;
    web_init(&web, &web_house.uv, web_house_on_request, NULL);
    assert_int_equal(web_listen(&web, "127.0.0.1:0", &identity, where, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "no web server can be started"));
    web_close(&web);
}

static bool has_heard_all(struct browser *browser)
{
    return !web_house_has_ended(browser) && browser->heard.len > 0 &&
           memmem(browser->heard.data, browser->heard.len, "all is well", 11) != NULL;
}

static void without_memory_a_request_is_answered_or_cut_off(void **state)
{
    (void)state;
    bool has_failed = true;
    unsigned cut = 0;
    web_house.answers_at_once = true;
    for (uint64_t at = 0; has_failed; at++) {
        struct browser *browser = web_house_knock((int)at);
        buf_deinit(&web_house.answer.body);
        web_house_answer_with(&web_house.answer, "all is well", 11);
        web_house_say(browser,
                      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        fail_memory_after(at, false);
        for (int i = 0; i < 200 && !has_heard_all(browser) && !browser->has_ended; i++) {
            fail_memory_in();
            io_house_turn(&web_house.uv);
            (void)fail_memory_out();
        }
        has_failed = fail_memory_stop();
        assert_int_equal(web_house.web.bodies, 0);
        cut += browser->has_ended;
        if (!browser->has_ended)
            assert_true(has_heard_all(browser));
        assert_true(at + 1 < BROWSERS_MAX);
    }
    assert_true(cut > 0);
}

#define A_TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, web_house_open, web_house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_request_is_handed_on_whole_and_once),
        A_TEST(what_is_answered_is_sent_with_what_keeps_browsers_in_check),
        A_TEST(one_connection_carries_many_requests),
        A_TEST(the_second_answer_to_a_visit_and_one_to_nobody_are_dropped),
        A_TEST(W3_a_head_above_its_room_is_refused),
        A_TEST(W3_a_body_that_is_announced_too_large_is_refused_at_its_head),
        A_TEST(W3_a_path_has_a_limit_of_its_own),
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
        A_TEST(an_answer_that_cannot_be_made_closes_its_connection_alone),
        A_TEST(a_connection_that_the_library_does_not_know_is_served),
        A_TEST(a_connection_whose_end_the_system_does_not_know_is_served),
        A_TEST(without_memory_for_a_deadline_a_browser_is_served),
        A_TEST(a_certificate_that_is_none_makes_no_page),
        A_TEST(without_memory_a_request_is_answered_or_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
