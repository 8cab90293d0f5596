/*
 * store_sample: a store in memory (on crash_vfs) and ops that decode, for the tests of
 * storage.
 */
#ifndef FENGQIAO_TESTS_STORE_SAMPLE_H
#define FENGQIAO_TESTS_STORE_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "storage/store.h"
#include "tests/support/crash_vfs.h"

#define SAMPLE_VFS "sample"
#define SAMPLE_FILE "store.db"

struct sample_op {
    struct op op; /* id, scope, time and wall, as store_op_add wants it */
    struct buf bytes;
    struct buf erased; /* the same op with everything withheld */
};

/* cmocka's set_up and tear_down: *state is the struct store, open and without a
 * transaction. */
int sample_set_up(void **state);
int sample_tear_down(void **state);
struct crash_vfs *sample_disk(void);
/* It works. */
struct store *sample_open(bool create);
/* Closes, cuts the power where has_cut, opens again. */
struct store *sample_reopen(void **state, bool has_cut);

/* 32 times the same byte. */
struct id sample_id(uint8_t byte);
/* A sealed op with a text; the caller deinits. scope NULL: it founds one, at time 1. */
void sample_op(struct sample_op *sample, const struct id *scope, uint64_t time,
               const char *text);
void sample_op_deinit(struct sample_op *sample);
/* Adds it, and asserts that it worked. A transaction must be open. */
void sample_add(struct store *store, const struct sample_op *sample,
                enum ledger_tree tree);
void sample_begin(struct store *store);
void sample_commit(struct store *store);

/* A list that collects ids from a callback. */
#define SAMPLE_IDS_MAX 64
struct sample_ids {
    struct id ids[SAMPLE_IDS_MAX];
    uint32_t len;
};
enum status sample_collect(void *context, const struct id *id);
enum status sample_collect_op(void *context, const struct store_op *op);
enum status sample_collect_scope(void *context, const struct store_scope *scope);
void assert_id(const struct id *got, const struct id *wanted);
/* Appends each sentence to a struct buf. */
void sample_report(void *context, const char *text);

#endif
