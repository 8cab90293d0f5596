/*
 * evidence: an evidence file (docs/PROTOCOL.md §10) and what checking it against one
 * trusted site found. Needs no node; asks no clock.
 *
 *   record   one op of the file
 *   sound    its bytes, id, signature, order and time hold
 *   judged   sound, and so is everything it builds on: rights can be told from it
 *   check    one question asked of many records; it has passed or failed for each
 */
#ifndef FENGQIAO_CLI_EVIDENCE_H
#define FENGQIAO_CLI_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/op.h"
#include "proto/scope_kind.h"

#define EVIDENCE_SIZE_MAX (1024u * 1024 * 1024)
#define EVIDENCE_OPS_MAX (1u << 20)
#define EVIDENCE_NETWORK_MAX 64
#define EVIDENCE_NONE UINT32_MAX
/* Distinct authors that are remembered; the order of a further one is checked anew. */
#define EVIDENCE_KEYS_MAX 256

/* name in JSON, words for people */
#define EVIDENCE_CHECK_LIST(X)                                                           \
    X(FORM, "form", "the file and its records can be read")                              \
    X(ID, "id", "each record has the id of its bytes")                                   \
    X(SIGNATURE, "signature", "each record is signed by its author")                     \
    X(ORDER, "order", "what a record builds on stands before it, once")                  \
    X(TIME, "time", "each logical time follows from the records before")                 \
    X(SCOPE, "scope", "each record belongs to a charter or to this escalation")          \
    X(END, "end", "the file is complete")                                                \
    X(CHARTER, "charter", "each site is rightly founded")                                \
    X(CHAIN, "chain", "links signed by both sides lead to the trusted site")             \
    X(EFFECT, "effect", "each author had the right to say what is said")

enum evidence_check {
#define EVIDENCE_CHECK_ENUM(name, word, text) CHECK_##name,
    EVIDENCE_CHECK_LIST(EVIDENCE_CHECK_ENUM)
#undef EVIDENCE_CHECK_ENUM
        EVIDENCE_CHECKS
};

struct charter;

/* What is kept of a record. Its op is decoded anew from the file when it is needed, so
 * that a file of 10^5 records needs little more memory than its bytes. */
struct evidence_record {
    struct id id;    /* as recorded in the file */
    uint64_t offset; /* of the record in the file */
    uint64_t time;   /* logical; where it is judged */
    uint32_t scope;  /* index into scopes; EVIDENCE_NONE where it is not judged */
    bool is_judged;
    bool is_built_on; /* a judged record has it as a parent: it is no head */
};

struct evidence_scope {
    uint32_t founding; /* record */
    enum scope_kind kind;
    uint32_t first, len; /* its judged records: by_scope[first …] */
    struct id *heads;    /* owned: those among them that no other builds on */
    uint32_t heads_len;
    struct id digest;        /* of the heads, as two nodes compare it */
    enum status folded;      /* of a charter */
    struct charter *charter; /* owned; NULL where it is none or cannot be folded */
    bool is_reached;         /* by links from the trusted site */
};

struct evidence_failure {
    enum evidence_check check;
    uint64_t offset;
    struct bytes
        bytes; /* the op bytes, as far as they are there; borrowed from the file */
    bool has_op, has_author;
    struct id op;
    uint8_t author[32];
    char kind[OP_NAME_MAX + 1]; /* empty where unknown */
    char *reason;               /* owned, a sentence */
};

/* What the reader has to know of the escalation, beyond whether it holds. */
struct evidence_exception {
    bool is_danger;      /* sent because of danger to life, consents not waited for */
    bool is_confirmed;   /* … and a steward stands by it */
    struct bytes reason; /* borrowed from the bytes; empty where withheld */
    bool is_recalled;
    uint32_t purged; /* machines that say that they erased it since */
};

/* A zeroed struct is empty. */
struct evidence {
    struct buf bytes;
    char network_name[EVIDENCE_NETWORK_MAX + 1];
    struct id network, scope;
    bool has_head; /* the three above are read */
    uint32_t keys_len;
    uint8_t keys[EVIDENCE_KEYS_MAX][32]; /* see evidence_learn_key */
    struct evidence_record *records;
    uint32_t records_len, records_capacity;
    struct evidence_scope *scopes;
    uint32_t scopes_len, scopes_capacity;
    uint32_t
        *by_scope; /* records, those of one scope together, in the order of the file */
    struct evidence_failure *failures;
    uint32_t failures_len, failures_capacity;
    uint64_t passed[EVIDENCE_CHECKS], failed[EVIDENCE_CHECKS];
    uint64_t not_judged;     /* records that rest on one that fails */
    uint64_t without_effect; /* records of charters; no failure */
    struct evidence_exception exception;
    struct evidence_index *index; /* evidence_index.c */
    struct evidence_held *held;   /* evidence_entry.c; while it is checked */
    bool failed_memory;           /* sticky; the verdict cannot be told */
};

struct progress;

/* Reads the stream to its end, into memory: what is judged must not change under the
 * judge's eyes, and a stick may be pulled. TOO_LARGE, IO, NO_MEMORY. */
enum status evidence_load(struct evidence *evidence, FILE *file,
                          struct err *err) MUST_USE;
/* Asks every check of everything that was loaded, signatures on all processors. progress
 * may be NULL. NO_MEMORY. */
enum status evidence_check_all(struct evidence *evidence, const struct id *trust,
                               struct progress *progress) MUST_USE;
bool evidence_holds(const struct evidence *evidence);
void evidence_deinit(struct evidence *evidence);

const char *evidence_check_name(enum evidence_check check);
const char *evidence_check_text(enum evidence_check check);
/* The name of a key in the charters of the file, or NULL. */
const char *evidence_name_of(const struct evidence *evidence,
                             const uint8_t key[static 32]);

#endif
