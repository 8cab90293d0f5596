/*
 * crash_node: a file of the crashing disk: what the process sees of it, what a power cut
 * would leave, and the changes between the two. For crash_vfs.c alone.
 */
#ifndef FENGQIAO_TESTS_CRASH_NODE_H
#define FENGQIAO_TESTS_CRASH_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/crash_medium.h"

#define CRASH_NAME_SIZE 64

struct crash_change { /* a write, or a truncation where data is NULL */
    struct crash_change *next;
    int64_t offset; /* of a truncation: the new length */
    size_t len;
    uint8_t *data; /* behind the struct */
};

struct crash_image {
    uint8_t *data;
    size_t len, capacity;
};

struct crash_node {
    bool is_used;
    char name[CRASH_NAME_SIZE];
    bool is_linked;      /* as the process sees it */
    bool is_linked_hard; /* as a cut would leave it */
    bool wants_dir_sync; /* a new journal or WAL: its first sync is the directory's too */
    unsigned open_len;
    struct crash_image live, durable;
    struct crash_change *first, *last;
    struct crash_medium *medium;  /* borrowed */
    struct crash_sector *sectors; /* of the durable image, as far as it was written */
    size_t sectors_len;
};

/* What the process does; not durable before crash_node_sync. */
void crash_node_write(struct crash_node *node, size_t offset, const void *data,
                      size_t len);
void crash_node_truncate(struct crash_node *node, size_t len);
void crash_node_sync(struct crash_node *node);
/* A cut: each change since the last sync is applied, dropped, torn or trashed. */
void crash_node_decide(struct crash_node *node);
/* The process sees what is durable, once all nodes have decided. */
void crash_node_awake(struct crash_node *node);
/* Frees a node that nobody sees and no directory names. */
void crash_node_drop_unlinked(struct crash_node *node);
void crash_node_free(struct crash_node *node);

#endif
