#include "cli/verdict.h"

#include <inttypes.h>

#include "cli/printable.h"
#include "cli/shortage.h"
#include "cli/table.h"
#include "cli/verdict_parts.h"
#include "crypto/key.h"
#include "node/cases/charter.h"
#include "node/cases/schema.h"
#include "proto/json.h"

static void print_sites(FILE *out, const struct evidence *evidence)
{
    static const char *const titles[] = {"site", "tier", "led to by links"};
    struct table table;
    table_init(&table, titles, 3);
    for (uint32_t i = 0; i < evidence->charters_len; i++) {
        const struct evidence_scope *scope = &evidence->scopes[i];
        if (!scope->charter)
            continue;
        const char *tier = charter_tier_text(charter_tier(scope->charter));
        table_words(&table, charter_name(scope->charter));
        table_words(&table, tier ? tier : "-");
        table_words(&table, scope->is_reached ? "yes" : "NO");
    }
    table_print(&table, out, "No site in this file.");
    table_deinit(&table);
}

/* Two auditors, or an auditor and a site, compare these: nothing in a file tells that the
 * newest records of a scope were left out (docs/THREATS.md). */
static void print_scopes(FILE *out, const struct evidence *evidence)
{
    static const char *const titles[] = {"what is here", "records", "heads",
                                         "digest of the heads"};
    struct table table;
    table_init(&table, titles, 4);
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        const struct evidence_scope *scope = &evidence->scopes[i];
        table_words(&table, scope->charter ? charter_name(scope->charter)
                                           : schema_scope_text(scope->kind));
        table_uint(&table, scope->len);
        table_uint(&table, scope->heads_len);
        table_hex(&table, bytes_of(scope->digest.bytes, ID_SIZE));
    }
    table_print(&table, out, "No scope in this file.");
    table_deinit(&table);
    if (evidence->scopes_untold > 0)
        fprintf(out, "… and %" PRIu64 " more scopes.\n", evidence->scopes_untold);
    fputs("Whether newer records were left out no file can tell: compare the digests "
          "with\nanother copy of these scopes.\n",
          out);
}

static void print_checks(FILE *out, const struct evidence *evidence)
{
    static const char *const titles[] = {"check", "holds", "fails"};
    struct table table;
    table_init(&table, titles, 3);
    for (int check = 0; check < EVIDENCE_CHECKS; check++) {
        table_words(&table, evidence_check_name((enum evidence_check)check));
        table_uint(&table, evidence->passed[check]);
        table_uint(&table, evidence->failed[check]);
    }
    table_print(&table, out, "");
    table_deinit(&table);
}

static void print_failure(FILE *out, const struct evidence *evidence,
                          const struct evidence_failure *failure)
{
    fprintf(out, "FAILS  %s: ", evidence_check_text(failure->check));
    printable_print(out, bytes_str(failure->reason));
    fprintf(out, "\n       at byte %" PRIu64, failure->offset);
    if (failure->has_op) {
        char id[2 * ID_SIZE + 1];
        hex_encode(id, failure->op.bytes, ID_SIZE);
        fprintf(out, ", record %s%s", id, failure->kind[0] ? ", kind " : "");
        printable_print(out, bytes_str(failure->kind));
    }
    fputc('\n', out);
    if (!failure->has_author)
        return;
    char key[KEY_TEXT_SIZE];
    const char *name = evidence_name_of(evidence, failure->author);
    key_to_text(key, "fqk1", failure->author);
    fprintf(out, "       signer %s (", key);
    printable_print(out, bytes_str(name ? name : "in no charter of this file"));
    fputs(")\n", out);
}

/* In a file about a site there are many: which one? */
static void print_which(FILE *out, const struct evidence *evidence,
                        const struct evidence_scope *scope)
{
    char id[2 * ID_SIZE + 1];
    if (evidence->head.about != EVIDENCE_SITE && evidence->head.about != EVIDENCE_PERIOD)
        return;
    hex_encode(id, scope->id.bytes, ID_SIZE);
    fprintf(out, "%.12s: ", id);
}

static void print_exception(FILE *out, const struct evidence *evidence,
                            const struct evidence_scope *scope)
{
    const struct evidence_exception *exception = &scope->exception;
    if (exception->is_danger) {
        print_which(out, evidence, scope);
        fputs("SENT BECAUSE OF DANGER TO LIFE, without waiting for consents: ", out);
        printable_print(out,
                        bytes_str(exception->reason ? exception->reason : "(withheld)"));
        fprintf(out, "; %s.\n",
                exception->is_confirmed ? "a steward stands by it"
                                        : "NO steward has confirmed it");
    }
    if (exception->is_recalled) {
        print_which(out, evidence, scope);
        fprintf(out,
                "RECALLED by its founder; %" PRIu32
                " machines say that they have erased it.\n",
                exception->purged);
    }
}

/* What the file says that it is. */
static void print_about(FILE *out, const struct evidence *evidence)
{
    char id[2 * ID_SIZE + 1];
    if (!evidence->has_head)
        return;
    hex_encode(id, evidence->head.named.bytes, ID_SIZE);
    fprintf(out, "Evidence about the %s %s", evidence_about_text(evidence->head.about),
            id);
    if (evidence->head.about == EVIDENCE_PERIOD)
        fprintf(out, " from %" PRIu64 " to %" PRIu64, evidence->head.from,
                evidence->head.to);
    fputs(".\n\n", out);
}

static void print_failures(FILE *out, const struct evidence *evidence)
{
    for (uint32_t i = 0; i < evidence->failures_len; i++)
        print_failure(out, evidence, &evidence->failures[i]);
    if (evidence_failed(evidence) > evidence->failures_len)
        fprintf(out, "… and %" PRIu64 " more failures, which are counted alone.\n",
                evidence_failed(evidence) - evidence->failures_len);
}

void verdict_print(FILE *out, const struct evidence *evidence)
{
    print_about(out, evidence);
    print_sites(out, evidence);
    fputc('\n', out);
    print_scopes(out, evidence);
    fputc('\n', out);
    verdict_print_ledger(out, evidence);
    fputc('\n', out);
    print_checks(out, evidence);
    fputc('\n', out);
    print_failures(out, evidence);
    if (evidence->not_judged > 0)
        fprintf(out, "%" PRIu64 " records rest on one that fails and are not judged.\n",
                evidence->not_judged);
    if (evidence->without_effect > 0)
        fprintf(out,
                "%" PRIu64 " records have no effect, as their charters, or a recall, "
                "say themselves.\n",
                evidence->without_effect);
    for (uint32_t i = evidence->charters_len; i < evidence->scopes_len; i++)
        print_exception(out, evidence, &evidence->scopes[i]);
    fprintf(out, "%s: %" PRIu64 " records checked.\n",
            evidence_holds(evidence) ? "HOLDS" : "DOES NOT HOLD", evidence->records);
}

/* Frees it. */
static void print_json(FILE *out, struct buf *json)
{
    if (buf_status(json) == STATUS_OK)
        (void)fwrite(json->data, 1, json->len, out); /* cli_run looks at ferror */
    else
        shortage_note();
    buf_deinit(json);
}

void verdict_text_json(FILE *out, const char *text)
{
    struct buf json = {0};
    json_add_text(&json, bytes_str(text));
    print_json(out, &json);
}

static void print_failure_json(FILE *out, const struct evidence *evidence,
                               const struct evidence_failure *failure)
{
    char text[KEY_TEXT_SIZE > 2 * ID_SIZE + 1 ? KEY_TEXT_SIZE : 2 * ID_SIZE + 1] = "";
    fputs("{\"author\":", out);
    if (failure->has_author)
        key_to_text(text, "fqk1", failure->author);
    fprintf(out, failure->has_author ? "\"%s\"" : "null", text);
    fprintf(out, ",\"check\":\"%s\",\"kind\":", evidence_check_name(failure->check));
    verdict_text_json(out, failure->kind);
    const char *name =
        failure->has_author ? evidence_name_of(evidence, failure->author) : NULL;
    fputs(",\"name\":", out);
    verdict_text_json(out, name ? name : "");
    fprintf(out, ",\"offset\":%" PRIu64 ",\"op\":", failure->offset);
    if (failure->has_op)
        hex_encode(text, failure->op.bytes, ID_SIZE);
    fprintf(out, failure->has_op ? "\"%s\"" : "null", text);
    fputs(",\"reason\":", out);
    verdict_text_json(out, failure->reason);
    fputc('}', out);
}

void verdict_hex_json(FILE *out, const struct id *id)
{
    char text[2 * ID_SIZE + 1];
    hex_encode(text, id->bytes, ID_SIZE);
    fprintf(out, "\"%s\"", text);
}

static void print_danger_json(FILE *out, const struct evidence_exception *exception)
{
    if (!exception->is_danger) {
        fputs("\"danger\":null", out);
        return;
    }
    fprintf(out, "\"danger\":{\"confirmed\":%s,\"reason\":",
            exception->is_confirmed ? "true" : "false");
    verdict_text_json(out, exception->reason ? exception->reason : "");
    fputc('}', out);
}

static void print_heads_json(FILE *out, const struct evidence_scope *scope)
{
    if (!scope->heads) {
        fputs("null", out);
        return;
    }
    fputc('[', out);
    for (uint32_t i = 0; i < scope->heads_len; i++) {
        if (i > 0)
            fputc(',', out);
        verdict_hex_json(out, &scope->heads[i]);
    }
    fputc(']', out);
}

static void print_scope_json(FILE *out, const struct evidence_scope *scope)
{
    const struct evidence_exception *exception = &scope->exception;
    fputc('{', out);
    print_danger_json(out, exception);
    fputs(",\"digest\":", out);
    verdict_hex_json(out, &scope->digest);
    fputs(",\"heads\":", out);
    print_heads_json(out, scope);
    fprintf(out, ",\"heads_len\":%" PRIu32 ",\"kind\":", scope->heads_len);
    verdict_text_json(out, schema_scope_text(scope->kind));
    fprintf(out, ",\"ops\":%" PRIu32 ",\"purged\":%" PRIu32 ",\"recalled\":%s,\"scope\":",
            scope->len, exception->purged, exception->is_recalled ? "true" : "false");
    verdict_hex_json(out, &scope->id);
    fputc('}', out);
}

static void print_about_json(FILE *out, const struct evidence *evidence)
{
    const struct evidence_head *head = &evidence->head;
    if (!evidence->has_head) {
        fputs("\"about\":null", out);
        return;
    }
    fputs("\"about\":{", out);
    if (head->about == EVIDENCE_PERIOD)
        fprintf(out, "\"from\":%" PRIu64 ",", head->from);
    fputs("\"id\":", out);
    verdict_hex_json(out, &head->named);
    fprintf(out, ",\"kind\":\"%s\"", evidence_about_text(head->about));
    if (head->about == EVIDENCE_PERIOD)
        fprintf(out, ",\"to\":%" PRIu64, head->to);
    fputc('}', out);
}

static void print_checks_json(FILE *out, const struct evidence *evidence)
{
    fputs("\"checks\":{", out);
    for (int check = 0; check < EVIDENCE_CHECKS; check++)
        fprintf(out, "%s\"%s\":{\"failed\":%" PRIu64 ",\"passed\":%" PRIu64 "}",
                check > 0 ? "," : "", evidence_check_name((enum evidence_check)check),
                evidence->failed[check], evidence->passed[check]);
    fputc('}', out);
}

void verdict_print_json(FILE *out, const struct evidence *evidence)
{
    fputc('{', out);
    print_about_json(out, evidence);
    fputc(',', out);
    print_checks_json(out, evidence);
    fputc(',', out);
    verdict_earlier_json(out, evidence);
    fputs(",\"failures\":[", out);
    for (uint32_t i = 0; i < evidence->failures_len; i++) {
        if (i > 0)
            fputc(',', out);
        print_failure_json(out, evidence, &evidence->failures[i]);
    }
    fprintf(out, "],\"failures_untold\":%" PRIu64 ",",
            evidence_failed(evidence) - evidence->failures_len);
    verdict_logs_json(out, evidence);
    fprintf(out, ",\"not_judged\":%" PRIu64 ",\"ops\":%" PRIu64 ",\"scopes\":[",
            evidence->not_judged, evidence->records);
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        if (i > 0)
            fputc(',', out);
        print_scope_json(out, &evidence->scopes[i]);
    }
    fprintf(out, "],\"scopes_untold\":%" PRIu64 ",", evidence->scopes_untold);
    verdict_sealed_json(out, evidence);
    fprintf(out, ",\"verdict\":\"%s\"}\n", evidence_holds(evidence) ? "holds" : "fails");
}
