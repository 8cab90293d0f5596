/*
 * visit: one request on its way through the page, for the files of this folder alone.
 */
#ifndef FENGQIAO_PAGE_VISIT_H
#define FENGQIAO_PAGE_VISIT_H

#include "node/page/call.h"
#include "node/page/guard.h"
#include "node/page/page.h"
#include "node/web/texts.h"

#define ANSWERS_MAX 10
#define PATH_MAX_LEN 255

struct screen;
struct deed;

enum visit_phase {
    VISIT_WAITING, /* for the visit before it of the same device */
    VISIT_ENTERING,
    VISIT_DOING,
    VISIT_CLEARING, /* what was done needs no draft any more */
    VISIT_SHOWING,
};

struct visit {
    uint64_t number;
    enum visit_phase phase;
    enum language language;
    bool is_large;                /* the elder view */
    bool is_resumed;              /* a draft stands in the form */
    bool is_claim;                /* a device that asks to be let in */
    bool is_json, is_post;        /* of a program: json_face.h */
    char once[2 * ONCE_SIZE + 1]; /* the same, where it says one */
    char path[PATH_MAX_LEN + 1];
    struct bytes stars[2];       /* in path */
    char page[PATH_MAX_LEN + 1]; /* of the screen: its form's draft goes by it */
    char home[160];              /* invitation_home */
    bool home_is_local;
    uint8_t token[TOKEN_SIZE];
    struct form form;
    struct buf body;             /* what the form borrows from */
    const struct screen *screen; /* to be shown, at once or where the deed fails */
    const struct deed *deed;
    int code;                 /* of the page: 200, or why the deed failed */
    char to[512];             /* where the browser goes when all is done */
    char error[512];          /* a sentence, empty: none */
    char said[64];            /* key of what was done, empty: none */
    struct buf looked;        /* the answer of a deed that only looks; it may be secret */
    uint32_t series_at;       /* which of its files is being handed on */
    uint32_t asked, answered; /* requests of this phase */
    struct buf answers[ANSWERS_MAX];
    struct visit *next; /* of the same device, waiting */
};

/* A visit of that request, with what is read from its heads alone; NULL: no memory. */
struct visit *visit_new(uint64_t number, const struct page_request *request);
/* What the screen's call of that name gave; empty where it failed, or there is none. */
struct bytes visit_answer(const struct visit *visit, const char *as);
/* Wipes. Accepts NULL. */
void visit_free(struct visit *visit);

#endif
