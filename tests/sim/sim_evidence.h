/*
 * sim_evidence: an evidence file that a node of the sample county wrote, taken part by
 * part, and read as docs/PROTOCOL.md §10 has it, each proof checked by itself.
 */
#ifndef FENGQIAO_TESTS_SIM_EVIDENCE_H
#define FENGQIAO_TESTS_SIM_EVIDENCE_H

#include "proto/seal.h"
#include "tests/sim/sim_county.h"

#define SIM_EVIDENCE_SCOPES 64
#define SIM_EVIDENCE_RECORDS 512

struct sim_evidence_scope {
    struct id id;
    bool is_charter;
    uint64_t records, included;
};

struct sim_evidence {
    struct buf bytes;
    uint32_t parts;
    /* What stands in it: */
    char about[16];
    struct id named; /* scope or site */
    uint32_t logs, checkpoints, cosignatures;
    uint64_t seals; /* of the last log */
    char origin[SEAL_ORIGIN_SIZE];
    uint32_t opened[2];    /* private, shared */
    uint64_t opened_seals; /* the seals of the last log of which something is opened */
    struct sim_evidence_scope scopes[SIM_EVIDENCE_SCOPES];
    uint32_t scopes_len;
    uint64_t records, included, shown; /* shown: fields with their values */
    struct {
        struct id id;
        uint64_t seal; /* in which it is; UINT64_MAX: in none */
    } each[SIM_EVIDENCE_RECORDS];
};

/* Takes the whole file, asserting that it goes well; between (may be NULL) is called
 * between two parts. Arguments as for world_say: a size too, where parts are wanted. */
typedef void sim_evidence_fn(void *context);
void sim_evidence_take(struct sim_county *f, struct world_node *node,
                       struct sim_evidence *file, sim_evidence_fn *between, void *context,
                       ...);
/* One part, whatever the answer: next is its cursor, empty at the end. */
enum status sim_evidence_part(struct sim_county *f, struct world_node *node,
                              struct bytes after, struct buf *bytes, struct buf *next,
                              ...);
/* Reads what was taken, of that node, and asserts what holds of every file. */
void sim_evidence_read(struct sim_evidence *file, struct world_node *node);
void sim_evidence_free(struct sim_evidence *file);

/* Does it stand there, as bytes? */
bool sim_evidence_holds(const struct sim_evidence *file, struct bytes sought);
const struct sim_evidence_scope *sim_evidence_scope(const struct sim_evidence *file,
                                                    const struct id *id);

#endif
