/*
 * evidence_maker: a township, a village and one escalation, signed for the test, and the
 * evidence file about it, whole or with a defect.
 */
#ifndef FENGQIAO_TESTS_EVIDENCE_MAKER_H
#define FENGQIAO_TESTS_EVIDENCE_MAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/op.h"

#define MAKER_NONE UINT32_MAX

/* The ops in the order of the file. */
enum maker_op {
    MAKER_FOUND_TOWNSHIP,
    MAKER_FOUND_VILLAGE,
    MAKER_LINK_TOWNSHIP, /* the village is our child */
    MAKER_LINK_VILLAGE,  /* the township is our parent */
    MAKER_ESCALATE,
    MAKER_RECEIVED,
    MAKER_OPENED,
    MAKER_ADVISE, /* and more of these, where asked for */
};

struct maker_wish {
    uint32_t advices;           /* how many; 0 means one */
    bool is_half_linked;        /* the township's half is left out */
    bool is_advice_of_stranger; /* signed by a key of no charter */
    bool has_wrong_time;        /* of the advice */
    bool has_case;              /* a case stands in the file too */
    bool is_in_danger;          /* sent because of danger to life */
    bool is_recalled;           /* and purged, in place of the second and third advice */
    const char *steward_name;   /* of the township; NULL: a plain one */
};

struct maker_file_wish {
    uint32_t without, twice, last; /* ops to leave out, to repeat, to put at the end */
    uint32_t withheld;             /* op shown with the fields of the mask alone */
    uint32_t mask;
    const char *network; /* NULL: the right one */
};
#define MAKER_WHOLE                                                                      \
    (struct maker_file_wish)                                                             \
    {                                                                                    \
        .without = MAKER_NONE, .twice = MAKER_NONE, .last = MAKER_NONE,                  \
        .withheld = MAKER_NONE                                                           \
    }

struct maker;

struct maker *maker_new(const struct maker_wish *wish);
void maker_free(struct maker *maker);
uint32_t maker_ops_len(const struct maker *maker);
/* NULL where the op was not wished for. */
const struct op *maker_op(const struct maker *maker, uint32_t number);
/* Appends the file. offsets (may be NULL): where each op's record begins. */
void maker_file(const struct maker *maker, const struct maker_file_wish *wish,
                struct buf *out, uint64_t *offsets);

#endif
