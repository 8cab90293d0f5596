/*
 * schema_table: how the rows of the schema are written, for schema_charter.c,
 * schema_case.c, schema_escalation.c and schema.c alone.
 */
#ifndef FENGQIAO_CASES_SCHEMA_TABLE_H
#define FENGQIAO_CASES_SCHEMA_TABLE_H

#include "node/cases/schema.h"
#include "proto/limits.h"

#define LONG_TEXT 16384
#define REASON_MAX 4096
#define WORD_MAX 120
#define FIELDS_CHOSEN_MAX 16
#define PARTIES_MAX 64
#define COVERS_MAX 256
#define CITES_MAX 16
#define CLAUSES_MAX 128
#define SEALED_MAX 4096

#define ONWARD_WORDS "ask yes no"
#define MANNER_WORDS "oral signed guardian"
#define DECISION_WORDS "keep escalate refer"
#define ROLE_WORDS "steward mediator desk observer auditor judge authority"

#define VERDICT_WORDS "holds doubts fails"
#define ATTACHMENT_WORDS "image/jpeg image/png application/pdf text/plain"

#define WRITERS (ROLE_MEDIATOR | ROLE_STEWARD)
#define MINUTERS (WRITERS | ROLE_DESK)
#define ANSWERERS (ROLE_DESK | ROLE_STEWARD)

/* name, type, max, required, merge rule, class, words, labels */
#define FIELD(name, type, max, required, merge, class, words, zh, en)                    \
    {                                                                                    \
        name, TYPE_##type, max, required, MERGE_##merge, CLASS_##class, words, zh, en    \
    }
#define FIELDS(of)                                                                       \
    .fields = of##_fields, .fields_len = sizeof(of##_fields) / sizeof(of##_fields[0])
#define LABELS(zh, english) .zh_cn = zh, .en = english

extern const struct schema_kind schema_charter[], schema_case[], schema_paper[];
extern const struct schema_kind schema_escalation[];
extern const size_t schema_charter_len, schema_case_len, schema_paper_len;
extern const size_t schema_escalation_len;

#endif
