/*
 * due_list: what has to be done until some day, of many cases, in order of the days.
 */
#ifndef FENGQIAO_NODE_CORE_DUE_LIST_H
#define FENGQIAO_NODE_CORE_DUE_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "node/core/earliest.h"
#include "proto/op.h"

struct core;

/* A zeroed list is empty, begin says which day is today. A failed allocation is sticky.
 */
struct due_list {
    bool is_trusted; /* the clock of this turn; else today is nothing */
    int64_t today;
    bool is_overdue_only;
    struct earliest items;
    bool failed; /* an allocation of who fills it */
};

/* One thing to be done; everything borrowed until due_list_add returns. */
struct due_item {
    const char *wait;    /* "settle", "task" … */
    struct bytes number; /* of the case; empty: of a record */
    struct bytes title;
    const struct id *scope;
    const struct id *op;      /* a task's, else NULL */
    struct bytes text, owner; /* a task's, else empty */
    bool has_due;             /* else nobody knows, for no clock was trusted then */
    int64_t due;
    bool is_done, is_cooling;
    bool is_danger; /* to life: before all others, whatever its day */
};

/* limit: rows of the answer, at most DUE_ITEMS_MAX. */
void due_list_begin(struct due_list *list, const struct core *core, uint64_t limit);
void due_list_deinit(struct due_list *list);
/* The day of a moment that an op claims; false: it claims none, or a strange one. */
bool due_list_day(uint64_t wall, int64_t *day);
/* Of one where only what is overdue is wanted, others are left out; but what nobody can
 * tell stays. */
void due_list_add(struct due_list *list, const struct due_item *item);
/* Appends {clock_trusted, items, left_out, today}: the earliest first, at most as many as
 * are asked for and as an answer has room for. NO_MEMORY. */
enum status due_list_pack(struct due_list *list, struct buf *out) MUST_USE;

#endif
