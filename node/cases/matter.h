/*
 * matter: what a scope of the kind case is about. Only some are cases of anybody; the
 * others are papers of the site's own, which stay with it as cases do.
 */
#ifndef FENGQIAO_CASES_MATTER_H
#define FENGQIAO_CASES_MATTER_H

#include "node/cases/schema.h"

/* By the view of a scope, folded with or without effect. Of an escalation and of bytes
 * that are no view: MATTER_CASE. */
enum schema_matter matter_of(struct bytes view);
/* "case", "rules", "checklist" … */
const char *matter_text(enum schema_matter matter);

#endif
