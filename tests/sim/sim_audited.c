#include "tests/sim/sim_audited.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/evidence_audit.h"
#include "node/cases/schema.h"
#include "tests/sim/sim_evidence.h"

#define LINES_MAX 64

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_of_node(const char *line)
{
    return strstr(line, " overdue ") != NULL || strstr(line, " not-covered ") != NULL ||
           strstr(line, " shared-wide ") != NULL || strstr(line, " seal-") != NULL;
}

void sim_audited_of_scopes(char *lines, char *out, size_t size)
{
    char *each[LINES_MAX], *rest = NULL;
    size_t len = 0, at = 0;
    for (char *line = strtok_r(lines, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        assert_true(len < LINES_MAX);
        if (!is_of_node(line))
            each[len++] = line;
    }
    qsort(each, len, sizeof(each[0]), compare_lines);
    out[0] = '\0';
    for (size_t i = 0; i < len; i++) {
        at += (size_t)snprintf(out + at, size - at, "%s\n", each[i]);
        assert_true(at < size);
    }
}

static void write_lines(const struct evidence_audit *audit, char *lines, size_t size)
{
    uint64_t failing = 0;
    size_t at = 0;
    lines[0] = '\0';
    for (uint32_t i = 0; i < audit->found_len; i++) {
        const struct evidence_found *found = &audit->found[i];
        bool is_open = audit_word_is_open(found->word);
        failing += !is_open;
        at += (size_t)snprintf(lines + at, size - at, "%s %s %s\n",
                               is_open ? "open" : "fails", audit_word_text(found->word),
                               schema_scope_text(found->kind));
        assert_true(at < size);
    }
    assert_int_equal(audit->failing, failing);
}

static void look(struct sim_evidence *file, const struct world_node *node,
                 struct evidence *evidence, struct evidence_audit *audit)
{
    struct err err = {0};
    FILE *stream = fmemopen(file->bytes.data, file->bytes.len, "r");
    assert_non_null(stream);
    assert_int_equal(
        evidence_audit(audit, evidence, stream, world_site(node), NULL, &err), STATUS_OK);
    assert_int_equal(fclose(stream), 0);
}

uint64_t sim_audited_without_record(struct sim_county *f, struct world_node *node,
                                    const char *number)
{
    struct sim_evidence file;
    struct evidence evidence = {0};
    struct evidence_audit audit = {0};
    sim_evidence_take(f, node, &file, NULL, NULL, "case", number, NULL);
    look(&file, node, &evidence, &audit);
    uint64_t without = audit.without_record;
    assert_int_equal(audit.found_len, 0);
    evidence_audit_deinit(&audit);
    evidence_deinit(&evidence);
    sim_evidence_free(&file);
    return without;
}

void sim_audited_file(struct sim_county *f, struct world_node *node, char *out,
                      size_t size)
{
    struct sim_evidence file;
    struct evidence evidence = {0};
    struct evidence_audit audit = {0};
    char lines[8192];
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
    sim_evidence_take(f, node, &file, NULL, NULL, "site", "true", "cases", "true", NULL);
    look(&file, node, &evidence, &audit);
    /* What was written without a right fails the check of effects, and no other. */
    assert_int_equal(evidence_failed(&evidence), evidence.failed[CHECK_EFFECT]);
    assert_int_equal(audit.too_large + audit.without_record + audit.untold, 0);
    assert_int_equal(audit.scopes, evidence.scopes_len - evidence.charters_len);
    write_lines(&audit, lines, sizeof(lines));
    sim_audited_of_scopes(lines, out, size);
    evidence_audit_deinit(&audit);
    evidence_deinit(&evidence);
    sim_evidence_free(&file);
}
