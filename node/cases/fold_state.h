/*
 * fold_state: the inside of a fold, for fold*.c, case_fold.c, escalation_*.c and
 * view_write.c alone. Lives for one call of fold_scope.
 *
 *   named    a site that some op of an escalation names; its number in order of id
 *   grant    a named site with the classes it was given, and whether it opened the record
 *   past     what an escalation's ops beneath one op, and it, have granted and opened
 *   unrevoked  the pass that judges as if no key had ever been revoked (fold.h: held)
 *   opening  a value that an `open` op brought for a withheld field
 *   said     what a site says for itself: a register for each site
 *   sum      what the ops with effect add up to, ready to be written as the view
 */
#ifndef FENGQIAO_CASES_FOLD_STATE_H
#define FENGQIAO_CASES_FOLD_STATE_H

#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/cases/graph.h"
#include "node/cases/lifecycle.h"
#include "node/cases/schema.h"

/* How far a case has come, and how far it has come leaving every close out. */
struct case_state {
    enum lifecycle_state state, open;
};

/* One op, same number as its graph node. */
struct fold_op {
    const struct schema_kind *kind;    /* NULL: unknown */
    const struct lifecycle_step *step; /* NULL: none that a case would refuse */
    struct case_state reached;         /* by it, where it moves the case */
    struct charter *charter;           /* of the author; NULL: not known */
    enum effect form;                  /* of schema_check_op */
    enum effect effect;
    uint32_t roles, roles_unrevoked;
    bool is_frozen, is_revoked;
    bool is_covered; /* a cover with effect stands by it */
};

/* A grant: the number of the named site, above 8 bits for GRANT_OPENED and the classes.
 * The founder's own is none. */
#define GRANT_OPENED 0x80u
#define GRANT_SITE_SHIFT 8
#define GRANTS_MAX (HOLDERS_MAX - 1)
struct fold_past {
    uint32_t grants[GRANTS_MAX]; /* ascending, one a site */
    uint32_t grants_len;
    bool is_permitted; /* the founder's site lets it go onward */
    bool is_recalled;
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
    bool is_open; /* waits to be settled: its party said something else beside it */
};

struct fold_said {
    const struct id *site;
    uint32_t node;
};

struct fold_sum {
    const char *state;
    struct fold_register registers[FOLD_REGISTERS_MAX]; /* ascending by name */
    uint32_t registers_len;
    struct fold_write *writes;
    uint32_t writes_len;
    struct fold_consent *consents; /* that count, by party, the latest first */
    uint32_t consents_len;
    bool has_consent_conflict, has_triage_conflict;
    uint32_t *triages; /* nodes that no later triage has seen, ascending */
    uint32_t triages_len;
    uint32_t triage;  /* the last of them, or GRAPH_NONE */
    uint32_t request; /* node or GRAPH_NONE */
    uint32_t keeper;  /* node or GRAPH_NONE */
    bool is_permitted;
    /* By site, of each the shown one first. */
    struct fold_said *grades, *joints;
    uint32_t grades_len, joints_len;
    bool is_unserved; /* all who were asked have declined */
};

struct fold {
    const struct fold_input *input;
    struct op_source source;
    enum scope_kind kind;
    struct graph graph;
    struct fold_op *ops;
    const struct id *site; /* the founder's, or NULL */
    bool may_lapse;        /* an op has less right than when it was written */
    bool is_unrevoked;     /* of the pass under way */
    bool is_recalled;      /* a recall has effect; known after the first pass */
    bool *before_recall;   /* by node: a recall with effect has seen it */

    struct fold_past *pasts; /* by node; of an escalation alone */
    struct id *named;        /* ascending */
    bool *spoke;             /* by number: its own op rests upon a grant to it */
    uint32_t named_len;
    struct fold_opening *openings;
    uint32_t openings_len;
    bool *seeds, *marks;                     /* for graph_mark_before */
    struct fold_holder holders[HOLDERS_MAX]; /* ascending by site */
    uint32_t holders_len;
    struct id *held; /* ascending */
    uint32_t held_len;
    const char *holder_states[HOLDERS_MAX]; /* same order; set by the sum */

    struct fold_sum sum;
};

/* Good until OP_SOURCE_HELD more were asked for. */
const struct op *fold_op(const struct fold *fold, uint32_t node);
/* The site of an op's author, or NULL. */
const struct id *fold_site(const struct fold *fold, uint32_t node);
bool fold_is_kind(const struct fold *fold, uint32_t node, const char *kind);
/* The value of a field as far as this copy shows it, openings included; of an op with
 * effect. */
bool fold_value(const struct fold *fold, uint32_t node, const char *name,
                struct bytes *value);
bool fold_value_of(const struct fold *fold, uint32_t node, const struct op_field *field,
                   struct bytes *value);
/* Do both show the same value of a field, or neither any? */
bool fold_is_same(const struct fold *fold, uint32_t a, uint32_t b, const char *name);
bool fold_is_holder(const struct fold *fold, const struct id *site);
/* fold_named.c: the op beneath this one, with effect, that a field names; GRAPH_NONE:
 * there is none. False: the field is not shown, and nothing can be asked. */
bool fold_named(struct fold *fold, uint32_t node, const char *field, uint32_t *named);
/* Of the ops of its kind that have effect and name the same thing in that field, is it
 * the first in the order of the fold? Not beneath alone: of two that stand beside each
 * other, everybody takes the same. */
bool fold_is_first(const struct fold *fold, uint32_t node, const char *field);
void fold_add_holder(struct fold *fold, const struct id *site, uint32_t classes);

/* fold_cover.c: marks what the covers with effect stand by; false: nothing new. */
bool fold_cover_more(struct fold *fold);

/* case_rule.c: what the schema table cannot say about an op of a case. */
enum effect case_judge(struct fold *fold, uint32_t node);
/* The last `keep` in the past of a node that holds and that no other one has answered;
 * GRAPH_NONE: of all that there are. GRAPH_NONE where there is none. */
uint32_t case_keeper(struct fold *fold, uint32_t node);
/* Does the founding op, of a case or an escalation, say that it is about a minor? */
bool fold_is_minor(const struct fold *fold);

/* fold_register.c: of the seeded ops those stay seeded that no other of them has seen;
 * the register of that name, of whose field the seeded ops are the writes. */
void fold_keep_latest(struct fold *fold);
void fold_sum_register(struct fold *fold, const char *name, const char *field);
/* agreement.c: does it bind anybody? */
enum effect agreement_judge(const struct fold *fold, uint32_t node);

/* round_rule.c: may it be said of this round? */
enum effect round_judge(struct fold *fold, uint32_t node);
/* card_rule.c: the same of a plan card; its registers, part of the sum. */
enum effect card_judge(struct fold *fold, uint32_t node);
void card_sum(struct fold *fold);

/* meeting_rule.c: the same of a meeting. */
enum effect meeting_judge(struct fold *fold, uint32_t node);

/* case_fold.c */
enum status case_sum(struct fold *fold);

/* case_state.c: may a case that has come so far take this step; and how far it had come
 * beneath a node, or with GRAPH_NONE has come in all. */
enum effect case_step(struct fold *fold, uint32_t node);
struct case_state case_state_before(struct fold *fold, uint32_t node);

/* case_task.c: does it finish a task that there is? */
enum effect case_task(struct fold *fold, uint32_t node);

/* recall_fold.c: true where a recall has effect, so that all has to be judged once more;
 * does one beat this op, which would have effect without it? */
bool recall_settle(struct fold *fold);
bool recall_beats(const struct fold *fold, uint32_t node);

/* danger_fold.c: releases on account of danger to life. said: by the founding op. */
bool danger_is_said(const struct fold *fold);
bool danger_is_confirmed(const struct fold *fold);
enum effect danger_judge_founding(const struct fold *fold);
enum effect danger_judge_confirm(const struct fold *fold);
enum effect danger_judge_sent(struct fold *fold, uint32_t node);

/* attached.c: files that go with a record; may the founding op name any, and is it one
 * that this op brings, as the first of all? */
enum effect attached_judge_founding(const struct fold *fold);
enum effect attached_judge(const struct fold *fold, uint32_t node);

/* consent_fold.c: rule and sum of consents. */
enum effect consent_judge(const struct fold *fold, uint32_t node);
void consent_sum(struct fold *fold);

/* escalation_held.c: which sites may hold an escalation for good. begin before any pass,
 * note after each op of the unrevoked one, end after the last pass: fills held. */
enum status escalation_held_begin(struct fold *fold);
void escalation_held_note(struct fold *fold, uint32_t node);
enum status escalation_held_end(struct fold *fold);
/* The number of a named site, named_len where nothing names it. */
uint32_t escalation_number(const struct fold *fold, const struct id *site);

/* escalation_fold.c: what the schema table cannot say about an op, and the sum. begin
 * comes before anything is asked about the op, end after its effect is known. */
void escalation_begin(struct fold *fold, uint32_t node);
bool escalation_holds(const struct fold *fold, uint32_t node);
bool escalation_has_opened(const struct fold *fold, uint32_t node);
/* The grant to that named site at or beneath an op, or NULL. */
const uint32_t *escalation_grant(const struct fold *fold, uint32_t node, uint32_t number);
enum effect escalation_judge(struct fold *fold, uint32_t node);
void escalation_end(struct fold *fold, uint32_t node);
enum status escalation_sum(struct fold *fold);

/* Does it name one more site that may hold the scope? */
bool escalation_names_site(const struct fold *fold, uint32_t node);

/* escalation_talk.c: what an op says about another, or about the record. */
enum effect escalation_talk_judge(struct fold *fold, uint32_t node);

/* escalation_said.c: grades and progress, part of the sum. */
enum status escalation_said(struct fold *fold);
/* The word of a department's progress. */
struct bytes escalation_progress(const struct fold *fold, uint32_t node);

/* view_write.c */
void view_write(const struct fold *fold, const struct id *heads, uint32_t heads_len,
                struct buf *out);

#endif
