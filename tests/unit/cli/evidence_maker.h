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
    bool is_side_by_side;       /* the advices; else one behind the other */
    bool has_case;              /* a case stands in the file too */
    bool is_in_danger;          /* sent because of danger to life */
    bool is_danger_denied;      /* the field is there, and says no */
    bool is_recalled;           /* and purged, in place of the second and third advice */
    const char *steward_name;   /* of the township; NULL: a plain one */
    uint32_t number;            /* of the escalation: each has another id */
    uint64_t quality;           /* of all clocks */
};

/* Ops are named by their numbers, sections by that of the op that founds their scope. */
struct maker_file_wish {
    uint32_t without, twice, last; /* ops to leave out, to repeat, to put behind the
                                      others of their section */
    uint32_t astray;               /* stands in the section below */
    uint32_t section_of_astray;
    uint32_t withheld; /* op shown with the fields of the mask alone */
    uint32_t mask;
    uint32_t unsaid;            /* section whose first line is left out, */
    uint32_t renamed;           /* names nothing that there is, */
    uint32_t miscounted;        /* says one record too many */
    uint32_t section_twice;     /* section that stands twice, one behind the other, */
    uint32_t section_last;      /* behind all others */
    bool is_reversed;           /* sections in descending order of their scopes */
    uint32_t head;              /* the op that the head names */
    const char *about;          /* "escalation", "case", "site" or "period" */
    const char *network;        /* NULL: the right one */
    const struct buf *logs;     /* what stands behind the head; NULL: nothing */
    const struct buf *included; /* behind the record of each op; NULL: nothing */
};
#define MAKER_WHOLE                                                                      \
    (struct maker_file_wish)                                                             \
    {                                                                                    \
        .without = MAKER_NONE, .twice = MAKER_NONE, .last = MAKER_NONE,                  \
        .astray = MAKER_NONE, .withheld = MAKER_NONE, .unsaid = MAKER_NONE,              \
        .renamed = MAKER_NONE, .miscounted = MAKER_NONE, .section_twice = MAKER_NONE,    \
        .section_last = MAKER_NONE, .head = MAKER_ESCALATE, .about = "escalation"        \
    }

/* Who signs. Keys are as good as their first byte here. A site has a steward, and behind
 * him its node and its recovery key. */
enum maker_signer {
    TOWNSHIP_STEWARD = 1,
    TOWNSHIP_NODE,
    TOWNSHIP_RECOVERY,
    VILLAGE_STEWARD,
    VILLAGE_NODE,
    VILLAGE_RECOVERY,
    STRANGER, /* and his node and recovery key, should he found a site */
    MEDIATOR = 10,
    SECOND_NODE,
    FRIEND,
};

/* One field of a further op: a text, or what is named in its place. */
struct maker_field {
    const char *name;
    const char *text;
    enum maker_signer key; /* the public key */
    const struct id *id;
};

#define MAKER_FIELDS_MAX 4

/* A further op. */
struct maker_say {
    const char *kind;
    enum maker_signer signer;
    uint32_t parent;    /* MAKER_NONE: it founds a scope */
    uint32_t beside;    /* another parent, or MAKER_NONE */
    uint32_t authority; /* MAKER_NONE: none */
    uint32_t scope;     /* the founding op that it names; MAKER_NONE: its parent's */
    struct maker_field fields[MAKER_FIELDS_MAX];
};

struct maker;

struct maker *maker_new(const struct maker_wish *wish);
void maker_free(struct maker *maker);
/* Further ops, MAKER_MORE_MAX at most, in the order of the file; they give its number. */
#define MAKER_MORE_MAX 12
uint32_t maker_add(struct maker *maker, const struct maker_say *say);
uint32_t maker_add_site(struct maker *maker, uint64_t tier, const char *name,
                        enum maker_signer first);
uint32_t maker_add_link(struct maker *maker, uint32_t parent, const struct id *site,
                        const char *as, enum maker_signer signer);
/* Another escalation, in danger as the wish says. */
uint32_t maker_add_escalation(struct maker *maker, const struct maker_wish *wish,
                              uint32_t authority, enum maker_signer signer);
uint32_t maker_ops_len(const struct maker *maker);
/* NULL where the op was not wished for. */
const struct op *maker_op(const struct maker *maker, uint32_t number);
/* Appends the file. spans (may be NULL): where each op's record stands. */
struct maker_span {
    uint64_t from, to;
};
void maker_file(const struct maker *maker, const struct maker_file_wish *wish,
                struct buf *out, struct maker_span *spans);
/* Its parts: the head; the section of one scope, whole; gives how many records it has. */
void maker_head(const struct maker *maker, const struct maker_file_wish *wish,
                struct buf *out);
uint64_t maker_section(const struct maker *maker, uint32_t founding, struct buf *out);
/* The same with what stands behind the record of each op. */
uint64_t maker_section_included(const struct maker *maker, uint32_t founding,
                                const struct buf *included, struct buf *out);
/* The same of the charters of township and village, in their order. */
uint64_t maker_charters(const struct maker *maker, struct buf *out);
void maker_end(uint64_t count, struct buf *out);

#endif
