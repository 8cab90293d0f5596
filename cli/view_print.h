/*
 * view_print: a case or an escalation in plain words. The context stands above the state:
 * what happened before is read before what is to be decided.
 */
#ifndef FENGQIAO_CLI_VIEW_PRINT_H
#define FENGQIAO_CLI_VIEW_PRINT_H

#include <stdio.h>

#include "proto/bytes.h"

/* view: as fold_scope writes it (node/cases/view.h); names: of its sites and authors
 * (cli/names.h), or empty. */
void view_print(FILE *out, struct bytes view, struct bytes names);

#endif
