/*
 * auditing: records with whatever they may lack, and what an audit finds in them; for
 * test_audit.c and test_audit_case.c.
 */
#ifndef FENGQIAO_TESTS_CASES_AUDITING_H
#define FENGQIAO_TESTS_CASES_AUDITING_H

#include "town.h"

#include "node/cases/audit.h"

#define FOUND_MAX 16

struct found {
    struct audit_finding findings[FOUND_MAX];
    size_t len;
    struct town *town;
    const struct op *record;
    bool is_blind; /* no charter is known */
};

/* record: the founding op of what the case sent, where it is here. */
struct found auditing_look(struct town *town, const struct log *log,
                           const struct op *record);
/* is_blind: where no charter is known. */
struct found auditing_look_with(struct town *town, const struct log *log,
                                const struct op *record, bool is_blind);
void auditing_sound(struct town *town, const struct log *log, const struct op *record);
/* One finding and no other one, about that op; field: which, or NULL. */
void auditing_finds(struct town *town, const struct log *log, const struct op *record,
                    enum audit_word word, const struct op *op, const char *field);

/* What a record says where it is sound; NULL or 0: leaves it out. */
struct saying {
    const char *decision;   /* of its triage */
    const char *fields;     /* that 李某 and 张某 consent to */
    const char *one_alone;  /* the only one who is asked */
    const char *no_parties; /* why nobody is */
    const char *danger_reason;
    bool is_danger, is_danger_in_triage;
    bool has_no_context, has_files, has_no_parties_field;
    const uint8_t *origin; /* 32 bytes */
};

/* What parties consent to, parties among it. */
extern const struct saying auditing_whole;

/* An escalation to the township that says so; by the village's steward. */
const struct op *auditing_escalate(struct town *town, struct log *log,
                                   const struct saying *saying,
                                   const struct story_person *by);
const struct op *auditing_by_steward(struct town *town, struct log *log,
                                     const struct saying *saying);
/* An op of a site's desk, with a text or without. */
const struct op *auditing_desk(struct town *town, struct log *log, int site,
                               const char *kind, const char *text);

#endif
