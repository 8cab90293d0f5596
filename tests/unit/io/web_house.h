/*
 * web_house: a loop with the page's sockets in it, browsers that knock there, and a time
 * of the test's own (the linker's --wrap of clock_monotonic_ms).
 */
#ifndef FENGQIAO_TESTS_WEB_HOUSE_H
#define FENGQIAO_TESTS_WEB_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "node/io/web.h"
#include "proto/bytes.h"

#define BROWSERS_MAX 16

struct browser {
    int fd;
    bool has_ended;
    struct buf heard;
};

struct web_house {
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
};

extern struct web_house web_house;
extern uint64_t web_house_now_ms;

/* Of cmocka; the page listens at a port of the loopback, without TLS. */
int web_house_open(void **state);
/* Nothing may be left: no connection, no visit, no byte of a body. */
int web_house_close(void **state);
/* What the page is handed. */
void web_house_on_request(void *context, uint64_t visit,
                          const struct page_request *request);
/* 200, and a text. */
void web_house_answer_with(struct page_response *answer, const char *text, size_t len);

/* The browser of that number connects. */
struct browser *web_house_knock(int number);
void web_house_say(struct browser *browser, const char *text);
/* One turn; has it been closed? */
bool web_house_has_ended(void *browser);

/* Turns until so many requests were handed on; that text was heard; it was closed. */
void web_house_expect_asked(unsigned count);
void web_house_expect_heard(struct browser *browser, const char *text);
void web_house_expect_ended(struct browser *browser);
/* A few turns, and it is still open. */
void web_house_expect_open(struct browser *browser);
/* Whatever the browser is at: it has so long, and not a millisecond more. */
void web_house_expect_deadline(struct browser *browser, uint64_t within_ms);

#endif
