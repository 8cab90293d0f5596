/*
 * evidence_ledger: what an evidence file says of ledgers (docs/LEDGER.md): seal logs, who
 * cosigned them, how far the trees were when they were sealed, and which records stand in
 * them. A part of evidence.
 *
 *   opening   a value `opened` of the file: the size and root of one tree under one seal
 *   earlier   a record that claims to be older than a seal which does not hold it
 */
#ifndef FENGQIAO_CLI_EVIDENCE_LEDGER_H
#define FENGQIAO_CLI_EVIDENCE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/merkle.h"
#include "crypto/sign.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/op.h"
#include "proto/seal.h"

struct evidence;
struct evidence_scope;

/* Whoever cosigned a log, and how far. */
struct evidence_witness {
    uint8_t key[KEY_SIZE];
    uint64_t size, time;               /* of the newest checkpoint; seconds since 1970 */
    bool holds;                        /* the root of that is the log's */
    bool is_other;                     /* a machine of another site of the file, */
    const struct evidence_scope *site; /* this one; NULL: in none */
};

struct evidence_log {
    char origin[SEAL_ORIGIN_SIZE];
    uint8_t key[KEY_SIZE];
    uint64_t offset;
    uint64_t said, seals;               /* as it says; that came */
    bool has_failed;                    /* something of it did */
    char former[SEAL_ORIGIN_SIZE];      /* the log that it goes on from, or empty */
    struct evidence_witness *witnesses; /* owned; one a key when the file is read */
    uint32_t witnesses_len, witnesses_capacity;
    uint64_t unknown;                  /* signatures of whoever has no such name */
    uint64_t cosigned;                 /* seals that an other site's machine cosigned */
    const struct evidence_scope *site; /* whose machine it is; NULL: nobody's */
};

struct evidence_earlier {
    struct id op;
    uint8_t author[KEY_SIZE];
    uint32_t log;
    uint64_t seal;         /* the newest of it that does not hold it, from 1 on */
    uint64_t wall, sealed; /* seconds since 1970, both claimed */
};

#define EVIDENCE_TREES 2 /* 0 private, 1 shared */

struct evidence_reading_log; /* evidence_log.c */

/* A zeroed struct is empty. */
struct evidence_ledger {
    struct evidence_log *logs;
    uint32_t logs_len, logs_capacity;
    struct evidence_opening *openings; /* all values `opened`, in their order */
    uint32_t openings_len, openings_capacity;
    uint32_t *places[EVIDENCE_TREES]; /* numbers of those of a tree that hold */
    uint32_t places_len[EVIDENCE_TREES], places_capacity[EVIDENCE_TREES];
    struct evidence_reading_log *reading;
    uint64_t included; /* records that stand in a tree, as far as was judged */
    /* When the file is read: included under a seal that an other site cosigned, or under
     * one that nobody did; and records that say nothing of a tree. */
    uint64_t cosigned, not_cosigned, not_sealed;
    struct evidence_earlier *earlier; /* those that are told */
    uint32_t earlier_len, earlier_capacity;
    uint64_t earlier_untold;
};

/* Takes a C2SP tlog-proof of each record that stands in a tree. */
struct evidence_proofs {
    enum status (*take)(void *context, const struct id *op, struct bytes proof,
                        struct err *err);
    void *context;
};

/* The 16 hex digits of a log, which tell it from others of that machine. */
const char *evidence_log_life(const struct evidence_log *log);
/* The site whose machine has that key, or had it; NULL: none that is rightly founded. */
const struct evidence_scope *evidence_site_of(const struct evidence *evidence,
                                              const uint8_t key[static KEY_SIZE]);

#endif
