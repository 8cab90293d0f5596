/*
 * deed: the table of what can be done: which path a form is sent to, which method of the
 * API does it, and where the browser goes then.
 */
#ifndef FENGQIAO_PAGE_DEED_H
#define FENGQIAO_PAGE_DEED_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/bytes.h"

struct export;

struct deed {
    const char *path;      /* as of a screen */
    const char *method;    /* of docs/API.md; NULL: to unlock is all */
    const char *arguments; /* call.h */
    bool is_on_page;       /* its form stands on the page that `back` of the form names;
                              else on the page of its own path */
    bool keeps_draft;      /* else the draft of that page goes when it is done */
    bool is_look;          /* it only looks: its page is shown with the answer */
    bool is_series;        /* done once for each file of the form (series.h), and it only
                              looks */
    const char *file;      /* what the browser saves the bytes of the answer as, or the
                              list (parting.h); NULL: nothing */
    const struct export *export; /* asked for until all rows are there; NULL: none */
    const char *next; /* where to go then: "/case/+", "/case/{number}": of the answer,
                         "/card?title=[title]": a field of the form */
    const char *said; /* key of what is said then; NULL: nothing */
};

const struct deed *deed_find(struct bytes path, struct bytes stars[2]);
/* The whole table; NULL behind the last. */
const struct deed *deed_at(size_t number);

#endif
