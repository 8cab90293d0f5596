/*
 * person_table: the persons of a site, for `site` and `person list`.
 */
#ifndef FENGQIAO_CLI_PERSON_TABLE_H
#define FENGQIAO_CLI_PERSON_TABLE_H

#include <stdio.h>

#include "proto/bytes.h"

/* result: a map with the list "persons". */
void person_table_print(FILE *out, struct bytes result);

#endif
