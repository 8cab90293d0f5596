/*
 * evidence_parts: the inside of evidence, for evidence*.c alone.
 *
 *   entry    one value of the file's sequence: a record, or the end
 *   culprit  what a failure is about
 */
#ifndef FENGQIAO_CLI_EVIDENCE_PARTS_H
#define FENGQIAO_CLI_EVIDENCE_PARTS_H

#include "cli/evidence.h"
#include "node/cases/op_source.h"
#include "proto/pack.h"

struct progress;
struct fold_result;

/* evidence_read.c: head, records, end. */
void evidence_read_records(struct evidence *evidence, struct progress *progress);
/* evidence_chain.c: scopes, charters, links, effect. */
void evidence_check_scopes(struct evidence *evidence, const struct id *trust);
/* evidence_signer.c: the author and kind of records that failed, where their bytes no
 * longer tell it plainly. */
void evidence_name_signers(struct evidence *evidence);

/* --- evidence_entry.c --- */

struct evidence_entry {
    bool is_end;
    uint64_t count;  /* end */
    struct id id;    /* record */
    struct bytes op; /* record; borrowed from the file */
};

/* False, and the reader stays, where no record and no end stands there. */
bool evidence_read_entry(struct pack_reader *reader, struct evidence_entry *entry);
/* The next place from there on that reads as one; the end of the file without one. */
const uint8_t *evidence_next_entry(const struct pack_reader *reader, const uint8_t *from);

/* Room for the ops decoded last, one for each thread that asks; NULL without memory. */
struct evidence_held *evidence_held_new(void);
void evidence_held_free(struct evidence_held *held);
/* The op of a judged record, decoded anew; good until OP_SOURCE_HELD more were asked for.
 */
const struct op *evidence_op(const struct evidence *evidence, struct evidence_held *held,
                             uint32_t number);

/* --- evidence_index.c --- */

/* The record of that id, or EVIDENCE_NONE. */
uint32_t evidence_find(const struct evidence *evidence, const struct id *id);
/* The first record of an id stays. */
void evidence_remember(struct evidence *evidence, const struct id *id, uint32_t record);
void evidence_index_free(struct evidence_index *index);

/* --- evidence.c --- */

/* All may be empty. */
struct evidence_culprit {
    const struct id *op;
    const uint8_t *author;
    struct bytes kind;
    struct bytes bytes;
    uint64_t offset;
};
void evidence_fail(struct evidence *evidence, enum evidence_check check,
                   const struct evidence_culprit *culprit, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same about a judged record, by its number. */
void evidence_fail_record(struct evidence *evidence, enum evidence_check check,
                          uint32_t number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Keys of authors whose signature held; later, of the charters' members too. */
bool evidence_knows_key(const struct evidence *evidence, const uint8_t key[static 32]);
void evidence_learn_key(struct evidence *evidence, const uint8_t key[static 32]);

/* A new record at the end, zeroed; EVIDENCE_NONE without memory. */
uint32_t evidence_add_record(struct evidence *evidence);
uint32_t evidence_add_scope(struct evidence *evidence, uint32_t founding);
/* Room for one more of size bytes in a growing array; false without memory. */
bool evidence_grow(void **items, size_t size, uint32_t len, uint32_t *capacity);

/* evidence_exception.c: fills exception from the escalation, of which this is the fold.
 */
void evidence_note_exception(struct evidence *evidence,
                             const struct evidence_scope *scope,
                             const struct fold_result *result);

#endif
