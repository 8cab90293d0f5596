/*
 * modes_house: what the tests of the modes share: a folder with a PIN, a mode that is run
 * with its streams in files, and what is refused to it meanwhile.
 */
#ifndef FENGQIAO_TESTS_MODES_HOUSE_H
#define FENGQIAO_TESTS_MODES_HOUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "node/io/daemon_args.h"

#define TEXT_MAX 8192
#define CALLS_MAX 600

struct modes_house {
    char home[40], dir[64], pin[64]; /* dir: the node's, in home */
    char sheet[64];                  /* what init may write */
    char out[TEXT_MAX], err[TEXT_MAX];
    bool is_full;        /* standard output takes nothing */
    bool is_broken;      /* … has failed before */
    int signals;         /* how many come as soon as the node waits for them; 0: one, a
                            little later */
    const char *refuses; /* this call (NULL: any) … */
    uint64_t refuse_at;  /* … after so many more … */
    int refuse_error;    /* … with this errno; 0: none */
    bool refuses_on;     /* … and all later ones */
    bool forgets;        /* an allocation at a new place fails … */
    uint64_t forget_at;  /* … or, where this is not 0, the one after so many */
    const char *refused; /* what was refused in the last run */
    bool has_forgotten;
};

extern struct modes_house house;

int open_house(void **state);
int close_house(void **state);

/* The mode's exit code; what it said is in house. */
int run(int (*mode)(const struct daemon_args *args), const struct daemon_args *args);
/* The mode again and again, with each call refused in turn, or each allocation at a new
 * place, until nothing was; look is told each exit code. */
void refuse_each(int (*mode)(const struct daemon_args *args),
                 const struct daemon_args *args, int error, void (*look)(int rc));
void forget_each(int (*mode)(const struct daemon_args *args),
                 const struct daemon_args *args, void (*look)(int rc));
/* A village to be made in the folder. */
struct daemon_args init_args(void);
void make_node(void);
/* What a node leaves in its folder, and the folder. */
void remove_node(void);
/* There is no folder. */
void expect_no_node(void);

void expect_said(const char *text); /* on standard error */
void expect_told(const char *text);

#endif
