#include "tests/unit/io/web_house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "node/io/clock.h"
#include "tests/unit/io/io_house.h"

struct web_house web_house;
uint64_t web_house_now_ms = 1000000;

uint64_t __wrap_clock_monotonic_ms(void);
uint64_t __wrap_clock_monotonic_ms(void)
{
    return web_house_now_ms;
}

void web_house_on_request(void *context, uint64_t visit,
                          const struct page_request *request)
{
    (void)context;
    web_house.asked++;
    web_house.visit = visit;
    web_house.body_len = request->body.len;
    (void)snprintf(web_house.line, sizeof(web_house.line), "%d %.*s?%.*s %.*s %.*s",
                   (int)request->method, (int)request->path.len,
                   (const char *)request->path.data, (int)request->query.len,
                   (const char *)request->query.data, (int)request->host.len,
                   (const char *)request->host.data, (int)request->local.len,
                   (const char *)request->local.data);
    if (web_house.answers_at_once)
        web_respond(&web_house.web, visit, &web_house.answer);
}

void web_house_answer_with(struct page_response *answer, const char *text, size_t len)
{
    *answer = (struct page_response){.code = 200, .type = "text/plain", .policy = ""};
    buf_add(&answer->body, text, len);
}

int web_house_open(void **state)
{
    char where[ADDRESS_TEXT_SIZE];
    struct err err = {0};
    (void)state;
    memset(&web_house, 0, sizeof(web_house));
    for (int i = 0; i < BROWSERS_MAX; i++)
        web_house.browsers[i].fd = -1;
    assert_int_equal(uv_loop_init(&web_house.uv), 0);
    web_init(&web_house.web, &web_house.uv, web_house_on_request, NULL);
    assert_int_equal(web_listen(&web_house.web, "127.0.0.1:0", NULL, where, &err),
                     STATUS_OK);
    web_house.port = io_house_port(where);
    return 0;
}

int web_house_close(void **state)
{
    (void)state;
    web_close(&web_house.web);
    web_close(&web_house.web); /* a second time is nothing */
    assert_int_equal(uv_run(&web_house.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&web_house.uv), 0);
    assert_null(web_house.web.conns);
    assert_int_equal(web_house.web.bodies, 0);
    for (int i = 0; i < WEB_CONNECTIONS_MAX; i++)
        assert_null(web_house.web.visits[i]);
    for (int i = 0; i < BROWSERS_MAX; i++) {
        if (web_house.browsers[i].fd >= 0)
            (void)close(web_house.browsers[i].fd);
        buf_deinit(&web_house.browsers[i].heard);
    }
    buf_deinit(&web_house.answer.body);
    return 0;
}

/* ---- what the tests wait for ---- */

struct browser *web_house_knock(int number)
{
    struct browser *browser = &web_house.browsers[number];
    browser->fd = io_house_knock(web_house.port, 0);
    return browser;
}

void web_house_say(struct browser *browser, const char *text)
{
    io_house_say(browser->fd, text, strlen(text));
}

static unsigned asked_wanted;

static bool is_asked(void *context)
{
    (void)context;
    return web_house.asked >= asked_wanted;
}

bool web_house_has_ended(void *context)
{
    struct browser *browser = context;
    web_resume(&web_house.web);
    browser->has_ended =
        browser->has_ended || !io_house_hear(browser->fd, &browser->heard);
    return browser->has_ended;
}

static const char *heard_wanted;

static bool has_heard(void *context)
{
    struct browser *browser = context;
    web_resume(&web_house.web);
    browser->has_ended =
        browser->has_ended || !io_house_hear(browser->fd, &browser->heard);
    return browser->heard.len > 0 && memmem(browser->heard.data, browser->heard.len,
                                            heard_wanted, strlen(heard_wanted)) != NULL;
}

void web_house_expect_asked(unsigned count)
{
    asked_wanted = count;
    if (!io_house_turn_until(&web_house.uv, is_asked, NULL))
        fail_msg("%u of %u requests were handed on", web_house.asked, count);
}

void web_house_expect_heard(struct browser *browser, const char *text)
{
    heard_wanted = text;
    if (!io_house_turn_until(&web_house.uv, has_heard, browser))
        fail_msg("%s is not in: %.*s", text, (int)browser->heard.len,
                 (const char *)browser->heard.data);
}

void web_house_expect_ended(struct browser *browser)
{
    assert_true(io_house_turn_until(&web_house.uv, web_house_has_ended, browser));
}

void web_house_expect_open(struct browser *browser)
{
    for (int i = 0; i < 3; i++) {
        assert_false(web_house_has_ended(browser));
        io_house_turn(&web_house.uv);
    }
}

void web_house_expect_deadline(struct browser *browser, uint64_t within_ms)
{
    web_house_expect_open(browser); /* what was under way is over now */
    web_house_now_ms += within_ms - 1;
    web_house_expect_open(browser);
    web_house_now_ms += 1;
    web_house_expect_ended(browser);
}
