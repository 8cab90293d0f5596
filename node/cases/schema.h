/*
 * schema: one table of op kinds and their fields. Checks, merging, rights, disclosure,
 * labels and docs/SCHEMA.md derive from it; adding a field is one line in
 * schema_charter.c, schema_case.c or schema_escalation.c.
 *
 *   kind    what an op says; belongs to one kind of scope
 *   field   name, type, limit, merge rule, disclosure class, labels
 */
#ifndef FENGQIAO_CASES_SCHEMA_H
#define FENGQIAO_CASES_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node/cases/disclosure.h"
#include "node/cases/effect.h"
#include "node/cases/role.h"
#include "proto/op.h"
#include "proto/scope_kind.h"

enum schema_type {
    TYPE_TEXT,     /* str, 1 to max bytes */
    TYPE_WORD,     /* str, one of `words` */
    TYPE_UINT,     /* uint, at most max */
    TYPE_FLAG,     /* bool */
    TYPE_ID,       /* bin 32 */
    TYPE_KEY,      /* bin 32, Ed25519 public key */
    TYPE_DH_KEY,   /* bin 32, X25519 public key */
    TYPE_SALT,     /* bin 16 */
    TYPE_BYTES,    /* bin, 1 to max bytes */
    TYPE_IDS,      /* array of at most max bin 32, strictly ascending */
    TYPE_TEXTS,    /* array of at most max str */
    TYPE_PARTIES,  /* array of at most max [alias, role] */
    TYPE_CONSENTS, /* array of at most max [party, [field…], manner] */
    TYPE_SITES,    /* array of 1 to max [site id, classes], sites strictly ascending */
    TYPE_TRIAGE,   /* map {beyond, danger, decision, reason, solvable} */
    TYPE_DIGESTS,  /* array of 1 to max bin 32, in their order */
    TYPE_SECRET,   /* bin 32 that stands in no view */
    TYPE_DATE,     /* str, a day: "2026-11-30" (date.h) */
    TYPE_CLAUSES,  /* array of 1 to max [number, text]: a text by clauses */
    TYPE_CITES,    /* array of at most max [op, number]: a clause of one version */
    TYPE_NAMES,    /* array of 1 to max short str, none twice */
    TYPE_ROLES,    /* array of 1 to max [role, who], no role twice */
    TYPE_STEPS,    /* array of 1 to max [role, text, days] */
};

/* What a scope of the kind case is about: its founding op says so, and the other kinds
 * belong into one of them. */
enum schema_matter {
    MATTER_CASE,
    MATTER_RULES,     /* a text of the village's own, in versions */
    MATTER_CHECKLIST, /* places and topics to be looked at */
    MATTER_ROUND,     /* one round over them */
    MATTER_CARD,      /* what is to be done when something happens, in versions */
    MATTER_MEETING,   /* what a weekly meeting decided */
    MATTERS,
};

enum merge_rule {
    MERGE_FACT,     /* said once, by the op that carries it */
    MERGE_REGISTER, /* a write replaces those in its past; concurrent ones all stay */
    MERGE_SET,      /* union */
    MERGE_JOURNAL,  /* append */
    MERGE_STATE,    /* moves the state of the scope */
};

struct schema_field {
    const char *name;
    enum schema_type type;
    uint32_t max; /* bytes of a text or bin, elements of an array, highest uint */
    bool is_required;
    enum merge_rule merge;
    uint32_t disclosure; /* one of enum disclosure_class */
    const char *words;   /* TYPE_WORD: the words, separated by single spaces */
    const char *zh_cn, *en;
};

struct schema_kind {
    const char *name;
    enum scope_kind scope;
    bool is_founding;
    enum schema_matter of; /* in a scope of the kind case */
    bool is_in_cases;      /* of an escalation, and may stand in a case as well */
    bool keeps_open;       /* beats a concurrent close */
    bool is_never_empty;   /* has at least one of its fields, none of which is required */
    bool needs_opened;     /* an `opened` of the same site has to lie in its past */
    bool outlives_recall;  /* no recall takes its effect */
    uint32_t roles_own;    /* who may write it: members of the founder's site … */
    uint32_t roles_holder; /* … and of the other sites that hold the scope */
    const char *state;     /* what it moves an escalation to, or NULL (of cases:
                              lifecycle.h) */
    uint32_t state_rank;   /* a higher rank of the same site wins, then the later op */
    const char *zh_cn, *en;
    const struct schema_field *fields;
    uint32_t fields_len;
};

/* The whole table by number, in the order of docs/SCHEMA.md; NULL behind the last. */
const struct schema_kind *schema_kind_at(size_t number);
/* The kind of that name, or NULL. */
const struct schema_kind *schema_kind(struct bytes name);
/* The field of that name, or NULL. */
const struct schema_field *schema_field(const struct schema_kind *kind,
                                        struct bytes name);
/* `cover` belongs into cases and escalations alike; every other kind into one. */
bool schema_belongs(const struct schema_kind *kind, enum scope_kind scope);
/* Does it belong into a scope of that kind that this op has founded? */
bool schema_fits_founding(const struct schema_kind *kind,
                          const struct schema_kind *founding);
/* The kind of scope that this founding op opens; 0 where it is no founding kind. */
enum scope_kind schema_founds(const struct op *op);

const char *schema_type_text(enum schema_type type);
const char *schema_merge_text(enum merge_rule merge);
const char *schema_scope_text(enum scope_kind kind);

/* Does this canonical value fit the field? */
bool schema_value_fits(const struct schema_field *field, struct bytes value);

/*
 * Is the op one that this version understands: EFFECT_YES, NEWER, UNKNOWN_KIND,
 * BAD_FIELD, MISSING_FIELD or WITHHELD. Looks at the op alone, not at rights. A withheld
 * field is fine unless its class is FACT. In an escalation the value of a field that only
 * some holders see never decides: a bad one there reads as withheld.
 */
enum effect schema_check_op(const struct op *op);

/* The value of a field as far as this copy shows it and it fits; false: reads as
 * withheld. */
bool schema_value(const struct op *op, const char *name, struct bytes *value);
/* The same of a list: a reader at its first element. */
bool schema_list(const struct op *op, const char *name, struct pack_reader *reader,
                 uint32_t *count);
/* Elements of lists. Of a list that fits (schema_list) none is ever false. */
bool schema_next_id(struct pack_reader *reader, struct id *id);
bool schema_next_site(struct pack_reader *reader, struct id *site, uint64_t *classes);
bool schema_next_party(struct pack_reader *reader, struct bytes *party,
                       struct bytes *role);
bool schema_next_clause(struct pack_reader *reader, struct bytes *number,
                        struct bytes *text);
bool schema_next_name(struct pack_reader *reader, struct bytes *name);
bool schema_next_role(struct pack_reader *reader, struct bytes *role, struct bytes *who);
bool schema_next_step(struct pack_reader *reader, struct bytes *role, struct bytes *text,
                      uint64_t *days);
bool schema_next_cite(struct pack_reader *reader, struct id *op, struct bytes *number);
/* fields: the bytes of the list. */
bool schema_next_consent(struct pack_reader *reader, struct bytes *party,
                         struct bytes *fields, struct bytes *manner);

#endif
