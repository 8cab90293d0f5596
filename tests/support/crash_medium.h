/*
 * crash_medium: the flash behind the files of a crashing disk: where each sector stands,
 * when it was written last, which bits rot, and what a card does that has less room than
 * it says. What the process reads comes from the cache until the power goes; then it sees
 * what the medium made of it. For crash_vfs.c and crash_node.c alone.
 */
#ifndef FENGQIAO_TESTS_CRASH_MEDIUM_H
#define FENGQIAO_TESTS_CRASH_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/crash_vfs.h"

struct crash_node;

#define CRASH_PLACES_MAX 65536

struct crash_sector {
    uint64_t written; /* when, in writes of the medium */
    uint32_t place;   /* + 1; 0: never written */
};

struct crash_medium {
    struct crash_disk disk;
    uint64_t *random; /* borrowed */
    struct crash_figures *figures;
    struct crash_node *nodes; /* all files, borrowed */
    size_t nodes_len;
    uint64_t writes;
    bool taken[CRASH_PLACES_MAX];
};

/* These bytes of the node's durable image were written. */
void crash_medium_wrote(struct crash_medium *medium, struct crash_node *node,
                        size_t offset, size_t len);
/* The durable image became shorter, or the file is gone (len 0): gives back the rest. */
void crash_medium_cut(struct crash_medium *medium, struct crash_node *node, size_t len);
/* Time passes without power: bits of cold sectors flip. */
void crash_medium_rot(struct crash_medium *medium);

#endif
