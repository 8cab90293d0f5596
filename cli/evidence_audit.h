/*
 * evidence_audit: what an audit finds (node/cases/audit.h) in the cases and records of an
 * evidence file, for whoever has nothing but the file. That each record is who it says,
 * and had the right, is the verdict (evidence.h); this is what those who had it did: went
 * up without a consent, answered unopened, did not erase.
 *
 * The file is read twice where it has cases, since a case is compared with the records
 * that went up of it, wherever these stand.
 */
#ifndef FENGQIAO_CLI_EVIDENCE_AUDIT_H
#define FENGQIAO_CLI_EVIDENCE_AUDIT_H

#include "cli/evidence.h"
#include "node/cases/audit.h"

/* Scopes with more ops are passed over, and counted. */
#define EVIDENCE_AUDIT_OPS_MAX 4096
#define EVIDENCE_AUDIT_TOLD 10000 /* findings; beyond that they are counted */
/* So many bytes of founding ops of records are kept for the cases they came of; a case
 * whose record is not kept is looked at without it, and counted. */
#define EVIDENCE_AUDIT_RECORDS_MAX ((size_t)16 * 1024 * 1024)

struct evidence_found {
    enum audit_word word;
    enum scope_kind kind;
    struct id scope, op;
    uint8_t author[32];
    char field[OP_NAME_MAX + 1]; /* empty: none in particular */
    bool has_machine;            /* NO_RECEIPT: */
    struct id site;
    uint8_t machine[32];
};

struct evidence_audit_state;

/* A zeroed struct is empty. */
struct evidence_audit {
    struct evidence_found *found; /* those that are told */
    uint32_t found_len, found_capacity;
    uint64_t untold, failing; /* of all, those that are not open */
    uint64_t scopes;          /* looked at */
    uint64_t too_large;       /* not looked at */
    uint64_t without_record;  /* of a case: went up as a record that is not in the file */
    struct evidence_audit_state *state; /* evidence_audit.c */
    bool failed_memory;
};

/* Reads the file from where it stands, and again from there; fills evidence, too.
 * UNSUPPORTED: it has cases, and cannot be read twice. Else as evidence_check_stream. */
enum status evidence_audit(struct evidence_audit *audit, struct evidence *evidence,
                           FILE *file, const struct id *trust, struct progress *progress,
                           struct err *err) MUST_USE;
void evidence_audit_deinit(struct evidence_audit *audit);

#endif
