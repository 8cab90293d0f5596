/*
 * sim_county: what tests of bad inputs start from: a county, a township and two villages,
 * paired, and one way to bring about what no correct node would write.
 *
 *   rider   an op that a hostile node adds to each message of ops that it sends
 */
#ifndef FENGQIAO_TESTS_SIM_COUNTY_H
#define FENGQIAO_TESTS_SIM_COUNTY_H

#include "node/core/author.h"
#include "tests/support/scratch.h"
#include "tests/support/world.h"

struct sim_county {
    struct world *world;
    struct world_node *county, *township, *fengyuan, *xikou;
    char directory[SCRATCH_SIZE];
};

/* For cmocka: setup makes a struct sim_county. */
int sim_county_set_up(void **state);
int sim_county_tear_down(void **state);
/* The same on a disk in memory, where what is tested is not the disk. */
int sim_county_set_up_in_memory(void **state);
int sim_county_tear_down_in_memory(void **state);
#define SIM_COUNTY_DISK "sim-county" /* the SQLite VFS of that */
/* Ends the world and removes its files. */
void sim_county_free(struct sim_county *f);

/* The file of a node, which is off, changed behind its back by SQL that changes a row at
 * least. number: of the order in which they were founded, from 0 on. */
void sim_spoil(struct sim_county *f, int number, const char *sql);

/* A call that has to go well; out as in world_say. */
#define SIM_SAY(f, node, out, ...)                                                       \
    assert_int_equal(world_say((f)->world, node, out, __VA_ARGS__, NULL), STATUS_OK)

/* A case of that village goes to the township: its escalation. */
struct id sim_escalate(struct sim_county *f, struct world_node *village,
                       const char *title);
/* "unknown" where the node has no such escalation. */
void sim_assert_state(struct sim_county *f, struct world_node *node, const struct id *id,
                      const char *expected);
uint64_t sim_status(struct sim_county *f, struct world_node *node, const char *member);
/* How often that line (or part of one) stands in the text. */
uint32_t sim_count(struct bytes text, const char *part);
/* In the database or WAL of a node: 0 county, 1 township, 2 fengyuan, 3 xikou. */
bool sim_disk_holds(const struct sim_county *f, int node, struct bytes sought);
/* Adds a person with the PIN 135791 to a node's charter; seed (may be NULL): that
 * person's key. Something to send, too. */
void sim_add_person(struct sim_county *f, struct world_node *node, const char *name,
                    const char *role, uint8_t *seed);
/* The reason that the view of a scope gives for having refused the op; NULL: it did not.
 * Borrowed from a buffer of its own until the next call. */
const char *sim_refused(struct world_node *node, const struct id *scope,
                        const struct id *op);

/* ---- what no correct node would write ---- */

struct forgery {
    const uint8_t *seed;        /* who signs */
    const char *kind;           /* ignored where draft is given */
    struct draft *draft;        /* kind and fields, or NULL: a kind without fields */
    const struct id *scope;     /* NULL: founds one */
    struct world_node *of;      /* whose charter's heads it names as authority */
    const struct id *authority; /* or this one head */
    const struct id *parents;   /* NULL: the heads of the scope at `of` */
    uint32_t parents_len;
    uint64_t time; /* 0: the right one */
    uint64_t wall;
};

/* Signs it and appends its bytes; the op's id. */
struct id sim_forge(const struct forgery *forgery, struct buf *bytes);

struct riders {
    struct buf ops; /* one after the other, each an op that stands alone */
    uint32_t len;
    uint32_t sent; /* how many went out */
    bool once;     /* in one message alone */
};
/* The mutator; context: struct riders. */
void sim_ride(void *context, struct bytes message, struct buf *out);

#endif
