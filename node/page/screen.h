/*
 * screen: the table of what can be looked at: which path, which calls of the API, which
 * template.
 */
#ifndef FENGQIAO_PAGE_SCREEN_H
#define FENGQIAO_PAGE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/bytes.h"

#define SCREEN_CALLS_MAX 9

struct visit;
struct pairs;

struct screen_call {
    const char *as;        /* under which name the template finds the answer */
    const char *method;    /* of docs/API.md */
    const char *arguments; /* call.h */
    bool is_optional;      /* where it fails the screen is shown without it, and with the
                              sentence under its name and "-why" */
};

/* What a screen is instead of a template: bytes of an answer as they are. */
/* STREAM: no bytes, but word of each change. */
enum screen_raw { RAW_NO, RAW_PAPERS, RAW_FILE, RAW_STREAM };

struct screen {
    const char *path;     /* "/case/+": a plus stands for what is between slashes */
    const char *template; /* of node/web/page */
    const char *events;   /* the one for an observer, who sees no contents; NULL: none */
    const char *title;    /* key of its text */
    const char *section;  /* what is marked in the menu */
    const char *choices;  /* choices.h; NULL: none */
    bool has_draft;       /* its form is kept while it is being filled in */
    enum screen_raw raw;
    const char *timeline; /* as: whose view has a journal; NULL: none */
    /* Puts what the answers say into the form that the template needs; NULL: nothing. */
    enum status (*prepare)(const struct visit *visit, struct pairs *values);
    struct screen_call calls[SCREEN_CALLS_MAX];
};

/* stars: what the pluses of the path stand for. NULL: no such screen. */
const struct screen *screen_find(struct bytes path, struct bytes stars[2]);
/* The whole table, for those who look through it; NULL behind the last. */
const struct screen *screen_at(size_t number);

/* Does the path fit the pattern? */
bool screen_path_fits(const char *pattern, struct bytes path, struct bytes stars[2]);

#endif
