/*
 * evidence: an evidence file (docs/PROTOCOL.md §10) and what checking it against one
 * trusted site found. Needs no node; asks no clock. The file is read once, from its
 * beginning to its end, and one section of it is held at a time: how much memory it takes
 * does not hang on how long the file is.
 *
 *   record    one op of the file
 *   section   the records of one scope
 *   sound     a record's bytes, id, signature, order and time hold
 *   judged    sound, and so is everything it builds on: rights can be told from it
 *   check     one question asked of many records; it has passed or failed for each
 *   told      named one by one in the verdict; beyond limits.h what fails is counted
 */
#ifndef FENGQIAO_CLI_EVIDENCE_H
#define FENGQIAO_CLI_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/evidence_ledger.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/op.h"
#include "proto/scope_kind.h"

#define EVIDENCE_VERSION 2
#define EVIDENCE_NETWORK_MAX 64
#define EVIDENCE_NONE UINT32_MAX
/* Distinct authors that are remembered, to name who signed what is damaged. */
#define EVIDENCE_KEYS_MAX 256
/* Of records that fail, and of reasons, so much is kept to the end. */
#define EVIDENCE_KEPT_MAX ((size_t)4 * 1024 * 1024)

/* name in JSON, words for people */
#define EVIDENCE_CHECK_LIST(X)                                                           \
    X(FORM, "form", "the file and its records can be read")                              \
    X(ID, "id", "each record has the id of its bytes")                                   \
    X(SIGNATURE, "signature", "each record is signed by its author")                     \
    X(SECTION, "section", "each scope stands in one section, whole and in its place")    \
    X(ORDER, "order", "what a record builds on stands before it, once")                  \
    X(TIME, "time", "each logical time follows from the records before")                 \
    X(SCOPE, "scope", "each record belongs to its section, and that into this file")     \
    X(END, "end", "the file is complete")                                                \
    X(CHARTER, "charter", "each site is rightly founded")                                \
    X(CHAIN, "chain", "links signed by both sides lead to the trusted site")             \
    X(EFFECT, "effect", "each author had the right to say what is said")                 \
    X(LOG, "log", "each seal log is whole and signed by a machine of its site")          \
    X(COSIGNED, "cosignature", "each cosignature is that of its witness")                \
    X(OPENED, "opened", "what is opened is what was sealed, and never shrinks")          \
    X(INCLUDED, "included", "each proof finds its record in the ledger")

enum evidence_check {
#define EVIDENCE_CHECK_ENUM(name, word, text) CHECK_##name,
    EVIDENCE_CHECK_LIST(EVIDENCE_CHECK_ENUM)
#undef EVIDENCE_CHECK_ENUM
        EVIDENCE_CHECKS
};

/* What the file is about, as its head says. */
enum evidence_about {
    EVIDENCE_ESCALATION,
    EVIDENCE_CASE,
    EVIDENCE_SITE,
    EVIDENCE_PERIOD
};

struct evidence_head {
    char network_name[EVIDENCE_NETWORK_MAX + 1];
    struct id network;
    enum evidence_about about;
    struct id named;   /* the scope or the site */
    uint64_t from, to; /* of a period: seconds since 1970 */
};

/* What the reader has to know of an escalation, beyond whether it holds. */
struct evidence_exception {
    bool is_danger;    /* sent because of danger to life, consents not waited for */
    bool is_confirmed; /* … and a steward stands by it */
    char *reason;      /* owned; NULL where it is withheld, or is not kept */
    bool is_recalled;
    uint32_t purged; /* machines that say that they erased it since */
};

struct charter;

/* A scope that was judged. */
struct evidence_scope {
    struct id id;
    uint8_t author[32]; /* of the founding record, */
    uint64_t offset;    /* which stands there */
    enum scope_kind kind;
    uint32_t len;            /* its judged records */
    uint32_t heads_len;      /* those among them that no other builds on */
    struct id *heads;        /* owned, ascending; NULL where they are more than told */
    struct id digest;        /* of the heads, as two nodes compare it */
    struct charter *charter; /* owned; NULL where it is none or cannot be folded */
    bool is_reached;         /* by links from the trusted site */
    struct evidence_exception exception;
};

struct evidence_failure {
    enum evidence_check check;
    uint64_t offset;
    struct buf bytes; /* the op bytes, as far as they are there, until it is named */
    bool has_op, has_author;
    struct id op;
    uint8_t author[32];
    char kind[OP_NAME_MAX + 1]; /* empty where unknown */
    char *reason;               /* owned, a sentence */
};

struct evidence;
struct evidence_index;
struct evidence_section;

/* Looks at each case and record that was judged, while its ops are held (evidence_audit).
 */
struct evidence_looker {
    void (*look)(void *context, struct evidence *evidence,
                 struct evidence_section *section, const struct evidence_scope *scope);
    void *context;
};

/* A zeroed struct is empty. */
struct evidence {
    struct evidence_head head;
    bool has_head, has_end; /* they are read */
    uint32_t keys_len;
    uint8_t keys[EVIDENCE_KEYS_MAX][32]; /* see evidence_learn_key */
    uint64_t records;                    /* read, whatever they are */
    /* Those that are told, the charters first: charters_len of them. */
    struct evidence_scope *scopes;
    uint32_t scopes_len, scopes_capacity, charters_len;
    uint64_t scopes_untold;
    uint32_t charters_ops;                 /* records in them */
    struct evidence_index *charters_index; /* evidence_chain.c */
    struct evidence_failure *failures;     /* those that are told */
    uint32_t failures_len, failures_capacity;
    uint64_t passed[EVIDENCE_CHECKS], failed[EVIDENCE_CHECKS];
    uint64_t not_judged;     /* records that rest on one that fails */
    uint64_t without_effect; /* records of charters, and recalled ones; no failure */
    bool is_named_here;      /* what the head names has a section */
    bool has_charter,
        has_other; /* the last section of a charter, and of another scope: */
    struct id last_charter, last_other;
    struct evidence_ledger ledger;
    const struct evidence_looker *looker; /* borrowed; NULL: nobody looks */
    const struct evidence_proofs *proofs; /* borrowed; NULL: nobody asks for them */
    enum status proofs_status;            /* of whoever takes them; sticky, */
    struct err *proofs_err;               /* and said here */
    uint32_t tries;                       /* evidence_signer.c */
    size_t kept;                          /* bytes, of EVIDENCE_KEPT_MAX */
    bool failed_memory;                   /* sticky; the verdict cannot be told */
};

struct progress;

/* Reads the stream to its end and asks every check of everything in it, signatures on all
 * processors. progress may be NULL. IO, NO_MEMORY, or what whoever takes proofs says:
 * there is no verdict. */
enum status evidence_check_stream(struct evidence *evidence, FILE *file,
                                  const struct id *trust, struct progress *progress,
                                  struct err *err) MUST_USE;
bool evidence_holds(const struct evidence *evidence);
/* How many have failed, told or not. */
uint64_t evidence_failed(const struct evidence *evidence);
void evidence_deinit(struct evidence *evidence);

const char *evidence_about_text(enum evidence_about about);
const char *evidence_check_name(enum evidence_check check);
const char *evidence_check_text(enum evidence_check check);
/* The name of a key in the charters of the file, or NULL. */
const char *evidence_name_of(const struct evidence *evidence,
                             const uint8_t key[static 32]);

#endif
