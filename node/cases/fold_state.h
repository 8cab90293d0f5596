/*
 * fold_state: the inside of a fold, for fold.c, case_fold.c, escalation_fold.c and
 * view_write.c alone. Lives for one call of fold_scope.
 *
 *   slot     the number of a site that was made a holder, the founder's not counted
 *   past     what an escalation's ops beneath one op, and it, have granted and opened
 *   opening  a value that an `open` op brought for a withheld field
 *   sum      what the ops with effect add up to, ready to be written as the view
 */
#ifndef FENGQIAO_CASES_FOLD_STATE_H
#define FENGQIAO_CASES_FOLD_STATE_H

#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/cases/graph.h"
#include "node/cases/schema.h"

/* One op, same number as its graph node. */
struct fold_op {
    const struct op *op;
    const struct schema_kind *kind; /* NULL: unknown */
    struct charter *charter;        /* of the author; NULL: not known */
    enum effect form;               /* of schema_check_op */
    enum effect effect;
    uint32_t roles;
    bool is_frozen, is_revoked;
    bool is_covered; /* a cover with effect stands by it */
};

#define FOLD_HOLDS 0x80 /* beside the class bits */
struct fold_past {
    uint8_t given[HOLDERS_MAX]; /* by slot: classes and FOLD_HOLDS, 0 no holder */
    uint16_t opened;            /* bit of a slot: its site opened the record */
    bool is_permitted;          /* the founder's site lets it go onward */
};

struct fold_opening {
    uint32_t node; /* whose field */
    struct bytes name, value;
};

/* A write that no later write has seen. */
struct fold_write {
    uint32_t node;
    bool is_shown;
    struct bytes value;
};

#define FOLD_REGISTERS_MAX 16
struct fold_register {
    const char *name;
    uint32_t first, len; /* in sum.writes, in order of (time, id): the last is shown */
    bool is_conflict;
};

struct fold_consent {
    struct bytes party; /* the text */
    uint32_t node;
};

struct fold_sum {
    const char *state;
    struct fold_register registers[FOLD_REGISTERS_MAX]; /* ascending by name */
    uint32_t registers_len;
    struct fold_write *writes;
    uint32_t writes_len;
    struct fold_consent *consents; /* by party, the shown one first */
    uint32_t consents_len;
    bool has_consent_conflict, has_triage_conflict;
    uint32_t triage;  /* node or GRAPH_NONE */
    uint32_t request; /* node or GRAPH_NONE */
    bool is_permitted;
};

struct fold {
    const struct fold_input *input;
    enum scope_kind kind;
    struct graph graph;
    struct fold_op *ops;
    const struct id *site; /* the founder's, or NULL */

    struct fold_past *pasts; /* by node */
    struct id slots[HOLDERS_MAX];
    struct fold_opening *openings;
    uint32_t slots_len, openings_len;
    bool *seeds, *marks;                     /* for graph_mark_before */
    struct fold_holder holders[HOLDERS_MAX]; /* ascending by site */
    uint32_t holders_len;
    const char *holder_states[HOLDERS_MAX]; /* same order; set by the sum */

    struct fold_sum sum;
};

/* The site of an op's author, or NULL. */
const struct id *fold_site(const struct fold *fold, uint32_t node);
bool fold_is_kind(const struct fold *fold, uint32_t node, const char *kind);
/* The value of a field as far as this copy shows it, openings included. */
bool fold_value(const struct fold *fold, uint32_t node, const char *name,
                struct bytes *value);
bool fold_value_of(const struct fold *fold, uint32_t node, const struct op_field *field,
                   struct bytes *value);
void fold_add_holder(struct fold *fold, const struct id *site, uint32_t classes);

/* fold_cover.c: marks what the covers with effect stand by; false: nothing new. */
bool fold_cover_more(struct fold *fold);

/* case_fold.c */
enum status case_sum(struct fold *fold);

/* escalation_fold.c: what the schema table cannot say about an op, and the sum. begin
 * comes before anything is asked about the op, end after its effect is known. */
void escalation_begin(struct fold *fold, uint32_t node);
bool escalation_holds(const struct fold *fold, uint32_t node);
bool escalation_has_opened(const struct fold *fold, uint32_t node);
enum effect escalation_judge(struct fold *fold, uint32_t node);
void escalation_end(struct fold *fold, uint32_t node);
enum status escalation_sum(struct fold *fold);

/* view_write.c */
void view_write(const struct fold *fold, const struct id *heads, uint32_t heads_len,
                struct buf *out);

#endif
