/*
 * browser: a device in front of the page of a node, without HTTP: its requests go to the
 * page, what the page asks of the core goes to a node of the world, and what comes back
 * is kept. The page, the templates and the core are those of the daemon.
 */
#ifndef FENGQIAO_TESTS_BROWSER_H
#define FENGQIAO_TESTS_BROWSER_H

#include "node/page/page.h"
#include "tests/sim/sim_county.h"

#define BROWSER_HOST "192.168.1.5:8080"
#define BROWSER_COOKIE_MAX 256
#define BROWSER_ASKED_MAX 32

/* One page of a node, with whoever comes to it. */
struct browser_door {
    struct sim_county *f;
    struct world_node *node;
    struct page *page;
    uint64_t visits, now_ms, opened, closed;
    struct {
        uint64_t client;
        struct buf request;
    } asked[BROWSER_ASKED_MAX]; /* of the core, not answered yet */
    uint32_t asked_len;
    struct browser *browsers; /* who waits for something, by their visits */
    void (*enter)(void); /* called as the page begins to work, and as it ends; NULL */
    bool (*leave)(void);
};

struct browser {
    struct browser_door *door;
    struct browser *next;
    char cookie[BROWSER_COOKIE_MAX]; /* "session=…; lang=en" */
    struct page_request request;     /* of the next one: what a test changes in it */
    uint64_t visit;                  /* not over yet; 0: none */
    /* What came last: */
    int code;
    char location[512], set_cookie[192], disposition[96];
    struct buf body; /* with a NUL behind it */
};

void browser_door_open(struct browser_door *door, struct sim_county *f,
                       struct world_node *node);
void browser_door_close(struct browser_door *door);

/* Nobody is signed in. */
void browser_open(struct browser *browser, struct browser_door *door);
void browser_close(struct browser *browser);
/* Signs in as that person, by an invitation of the steward. */
void browser_sign_in(struct browser *browser, const char *person);

/* The code of the answer; 0: none yet. target: a path, perhaps with a query. */
int browser_get(struct browser *browser, const char *target);
/* fields: "a=1&b=2" already escaped; mark and back are those of the page that was shown
 * last where it has them. */
int browser_post(struct browser *browser, const char *path, const char *fields);
/* The same with nothing but the fields. */
int browser_post_bare(struct browser *browser, const char *path, const char *fields);
/* A form with files, beside the mark and the page that it stands on. */
struct browser_file {
    const char *name;
    struct bytes bytes;
};
int browser_post_files(struct browser *browser, const char *path,
                       const struct browser_file *files, size_t files_len);
/* A call of the API for programs; the body is JSON. */
int browser_json(struct browser *browser, const char *method, const char *body);
/* Carries on what waits for a job that has ended. */
void browser_go_on(struct browser_door *door);

/* Is it in the body of what came last? */
bool browser_sees(const struct browser *browser, const char *part);
/* The value of the first input of that name in it; "" where there is none. */
void browser_value(const struct browser *browser, const char *name, char out[static 128]);

#endif
