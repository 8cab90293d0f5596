/*
 * escalation: what may leave a case, decided from its folded view. The plan is the
 * preview and the op alike: the list of fields that it gives is exactly what `escalate`
 * carries, but for `origin`, and for `files`, which are sealed at the release.
 */
#ifndef FENGQIAO_CASES_ESCALATION_H
#define FENGQIAO_CASES_ESCALATION_H

#include <stddef.h>
#include <stdint.h>

#include "node/cases/disclosure.h"
#include "proto/err.h"
#include "proto/op.h"

/* A file of the case that was chosen. What its consents name is the op that attached it,
 * not its name: another file of that name is another matter. */
struct escalation_file {
    struct id op; /* stays in the case */
    struct bytes name;
};

/* What is asked for; everything borrowed until escalation_plan returns. */
struct escalation_ask {
    struct bytes view;          /* of the case, as folded now */
    const struct bytes *fields; /* chosen: "title", "narrative", "context", "category",
                                   "parties", "place", "wish", "found-by" */
    size_t fields_len;
    const struct escalation_file *files; /* at most RELEASED_FILES_MAX */
    size_t files_len;
    struct bytes reason;
    struct bytes no_parties; /* why nobody was asked; of a case without parties alone */
    struct bytes danger; /* to life, why nobody could wait: consents are not waited for
                            then; empty mostly */
    struct bytes onward; /* "ask", "yes", "no"; empty = "ask" */
    struct id site;      /* where it goes: the parent */
    uint32_t classes;    /* what that site may be shown; 0 = CLASS_ALL */
};

struct escalation_field {
    char name[OP_NAME_MAX + 1];
    struct bytes value; /* canonical, in the plan's own memory */
};

struct escalation_plan {
    struct escalation_field fields[OP_FIELDS_MAX]; /* ascending by name */
    uint32_t fields_len;
    struct buf memory;
};

/* Fills out, the caller's to escalation_plan_deinit after OK. DENIED: no triage that says
 * escalate, a consent is missing, the case is closed. CONFLICT: a chosen field waits for
 * a decision. INVALID: a field is not known, empty, or the context is not chosen. err
 * says which verb to run. */
enum status escalation_plan(const struct escalation_ask *ask, struct escalation_plan *out,
                            struct err *err) MUST_USE;
void escalation_plan_deinit(struct escalation_plan *plan);

/* H("fengqiao/1/origin", salt, case scope id, heads in ascending order);
 * heads may come in any order. */
void escalation_origin(struct id *out, const uint8_t salt[static 32],
                       const struct id *scope, const struct id *heads, size_t len);

/* Does every party consent to these fields, as the case stands now? DENIED with a
 * sentence that says who does not, and to what. Names that cannot be chosen are passed
 * over. */
enum status escalation_check_consents(struct bytes view, const struct bytes *fields,
                                      size_t len, struct err *err) MUST_USE;

/* The word by which a consent names a file: "file:" and the op that attached it, in hex.
 */
#define CONSENT_FILE_SIZE (5 + 2 * ID_SIZE + 1)
void escalation_file_word(char out[static CONSENT_FILE_SIZE], const struct id *op);
/* In a no: every file. In what went up: those that went with it. */
#define CONSENT_FILES "files"

/* Is this name one of the fields that can be chosen? */
bool escalation_can_choose(struct bytes name);
/* All of them, ascending. */
const char *const *escalation_choices(size_t *len);

#endif
