/*
 * policy: who may write what and who may see what, in plain words of two languages. Made
 * from what enforces it: the roles of the schema table, which the fold judges by, and
 * disclosure_mask, which cuts what goes out.
 *
 *   line   a topic ("write", "see"), what it is about (a kind, or a class of fields of a
 *          kind of scope), and one sentence in each language
 */
#ifndef FENGQIAO_CASES_POLICY_H
#define FENGQIAO_CASES_POLICY_H

#include "node/cases/schema.h"

struct policy_line {
    const char *topic, *about;
    struct buf zh_cn, en;
};

/* Who may write an op of that kind. Fills line, which the caller frees with
 * policy_line_deinit; buf_status of its texts says NO_MEMORY. */
void policy_of_kind(const struct schema_kind *kind, struct policy_line *line);

/* Whom a field is shown to. */
enum policy_sight {
    POLICY_OWN,      /* the site that wrote it, alone */
    POLICY_EVERYONE, /* every site that holds the record */
    POLICY_RECORD,   /* sites that were given this class, and so on */
    POLICY_CONTEXT,
    POLICY_PARTIES,
    POLICY_CONSENT,
    POLICY_TALK,
    POLICY_ALL, /* sites that were given all classes */
    POLICY_SIGHTS,
};
enum policy_sight policy_sight_of(const struct schema_kind *kind,
                                  const struct schema_field *field);
/* Which fields in scopes of that kind are shown so; false: there are none, and line is
 * empty. */
bool policy_of_sight(enum scope_kind scope, enum policy_sight sight,
                     struct policy_line *line);

/* Which fields in scopes of that kind an observer sees (observed.h), topic "see", about
 * "observer"; false: none. */
bool policy_of_observer(enum scope_kind scope, struct policy_line *line);

void policy_line_deinit(struct policy_line *line);

#endif
