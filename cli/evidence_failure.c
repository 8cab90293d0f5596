/* What fails is counted, and the first ones are told one by one. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"

/* Its bytes are kept where only the rest of the file may tell who signed it; where they
 * have no room, what was read so far has to do. */
static void name(struct evidence *evidence, struct evidence_failure *failure,
                 struct bytes bytes)
{
    if (bytes.len == 0 ||
        (failure->has_author && evidence_knows_key(evidence, failure->author)))
        return;
    if (evidence_may_keep(evidence, bytes.len))
        buf_add(&failure->bytes, bytes.data, bytes.len);
    else
        evidence_name_signer(evidence, failure, bytes);
    if (buf_status(&failure->bytes) != STATUS_OK)
        evidence->failed_memory = true;
}

__attribute__((format(printf, 4, 0))) static void
add_failure(struct evidence *evidence, enum evidence_check check,
            const struct evidence_culprit *culprit, const char *format, va_list arguments)
{
    evidence->failed[check]++;
    if (evidence->failures_len == EVIDENCE_FAILURES_TOLD)
        return;
    void *items = evidence->failures;
    char *reason;
    if (vasprintf(&reason, format, arguments) < 0) {
        evidence->failed_memory = true;
        return;
    }
    if (!evidence_grow(&items, sizeof(*evidence->failures), evidence->failures_len,
                       &evidence->failures_capacity)) {
        free(reason);
        evidence->failed_memory = true;
        return;
    }
    evidence->failures = items;
    struct evidence_failure *failure = &evidence->failures[evidence->failures_len++];
    *failure = (struct evidence_failure){
        .check = check, .offset = culprit->offset, .reason = reason};
    if (culprit->op) {
        failure->has_op = true;
        failure->op = *culprit->op;
    }
    if (culprit->author) {
        failure->has_author = true;
        memcpy(failure->author, culprit->author, sizeof(failure->author));
    }
    assert(culprit->kind.len < sizeof(failure->kind)); /* of an op that was decoded */
    if (culprit->kind.len > 0)
        memcpy(failure->kind, culprit->kind.data, culprit->kind.len);
    name(evidence, failure, culprit->bytes);
}

void evidence_fail(struct evidence *evidence, enum evidence_check check,
                   const struct evidence_culprit *culprit, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_failure(evidence, check, culprit, format, arguments);
    va_end(arguments);
}

void evidence_fail_record(struct evidence *evidence, enum evidence_check check,
                          struct evidence_section *section, uint32_t number,
                          const char *format, ...)
{
    const struct op *op = evidence_section_op(section, number);
    struct evidence_culprit culprit = {.op = &op->id,
                                       .author = op->author,
                                       .kind = op->kind,
                                       .offset = section->records[number].offset};
    va_list arguments;
    va_start(arguments, format);
    add_failure(evidence, check, &culprit, format, arguments);
    va_end(arguments);
}

void evidence_fail_section(struct evidence *evidence, struct evidence_section *section,
                           const char *format, ...)
{
    struct evidence_culprit culprit = {.op = &section->scope, .offset = section->offset};
    va_list arguments;
    va_start(arguments, format);
    add_failure(evidence, CHECK_SECTION, &culprit, format, arguments);
    va_end(arguments);
    section->has_failed = true;
}

void evidence_fail_log(struct evidence *evidence, enum evidence_check check,
                       struct evidence_log *log, uint64_t offset, const char *format, ...)
{
    char reason[512];
    struct evidence_culprit culprit = {.author = log->key, .offset = offset};
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    evidence_fail(evidence, check, &culprit, "log %s: %s", evidence_log_life(log),
                  reason);
    log->has_failed = log->has_failed || check == CHECK_LOG;
}

void evidence_fail_site(struct evidence *evidence, enum evidence_check check,
                        const struct evidence_scope *scope, const char *reason)
{
    struct evidence_culprit culprit = {.op = &scope->id,
                                       .author = scope->author,
                                       .kind = bytes_str("found"),
                                       .offset = scope->offset};
    evidence_fail(evidence, check, &culprit, "%s", reason);
}
