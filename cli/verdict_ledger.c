/* What a check of evidence found of ledgers: whose seal logs stand in the file, who
 * cosigned them, and what that says of its records. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "cli/printable.h"
#include "cli/shortage.h"
#include "cli/table.h"
#include "cli/verdict_parts.h"
#include "crypto/key.h"
#include "node/cases/charter.h"
#include "proto/date.h"

/* A short form of a key, which is enough to find it in JSON. */
#define KEY_SHOWN 16

/* "山上, 枫源村"; the site's name alone of a machine that has none. */
static void add_machine(struct buf *text, const uint8_t key[static KEY_SIZE],
                        const struct evidence_scope *site)
{
    char shown[KEY_TEXT_SIZE];
    if (!site) {
        key_to_text(shown, "fqk1", key);
        buf_add(text, shown, KEY_SHOWN);
        buf_add(text, "… in no charter", strlen("… in no charter"));
        return;
    }
    const char *name = charter_node_of(site->charter, key)->name;
    if (name[0]) {
        buf_add(text, name, strlen(name));
        buf_add(text, ", ", 2);
    }
    name = charter_name(site->charter);
    buf_add(text, name, strlen(name));
}

static void table_machine(struct table *table, const uint8_t key[static KEY_SIZE],
                          const struct evidence_scope *site, const char *more)
{
    struct buf text = {0};
    add_machine(&text, key, site);
    buf_add(&text, more, strlen(more));
    if (buf_status(&text) != STATUS_OK)
        shortage_note();
    table_text(table, buf_bytes(&text));
    buf_deinit(&text);
}

static void add_log(struct table *table, const struct evidence_log *log)
{
    table_machine(table, log->key, log->site, "");
    table_words(table, evidence_log_life(log));
    table_uint(table, log->seals);
}

static void print_logs(FILE *out, const struct evidence *evidence)
{
    static const char *const titles[] = {"seals of", "log", "seals", "cosigned by",
                                         "up to seal"};
    const struct evidence_ledger *ledger = &evidence->ledger;
    struct table table;
    table_init(&table, titles, 5);
    for (uint32_t i = 0; i < ledger->logs_len; i++) {
        const struct evidence_log *log = &ledger->logs[i];
        for (uint32_t w = 0; w < log->witnesses_len; w++) {
            const struct evidence_witness *witness = &log->witnesses[w];
            add_log(&table, log);
            table_machine(&table, witness->key, witness->site,
                          witness->site && witness->site == log->site ? " (same site)"
                                                                      : "");
            table_uint(&table, witness->size);
        }
        if (log->witnesses_len > 0)
            continue;
        add_log(&table, log);
        table_words(&table, "nobody");
        table_words(&table, "-");
    }
    table_print(&table, out, "");
    table_deinit(&table);
}

static void print_unknown(FILE *out, const struct evidence_ledger *ledger)
{
    uint64_t unknown = 0;
    for (uint32_t i = 0; i < ledger->logs_len; i++)
        unknown += ledger->logs[i].unknown;
    if (unknown > 0)
        fprintf(out,
                "%" PRIu64 " signatures below checkpoints are of others, whose keys are "
                "not in this\nfile: they were not checked.\n",
                unknown);
}

static void date_of(char text[static DATE_TEXT_SIZE], uint64_t seconds)
{
    date_text(text, date_of_seconds(seconds, 0));
}

static void print_earlier(FILE *out, const struct evidence *evidence)
{
    const struct evidence_ledger *ledger = &evidence->ledger;
    char claimed[DATE_TEXT_SIZE], sealed[DATE_TEXT_SIZE], id[2 * ID_SIZE + 1];
    if (ledger->earlier_len > 0)
        fprintf(out,
                "%" PRIu32 " records claim an earlier day than the ledger shows. A wrong "
                "clock does that, or a record\nthat came late; so does one that was "
                "written later than it says:\n",
                ledger->earlier_len);
    for (uint32_t i = 0; i < ledger->earlier_len; i++) {
        const struct evidence_earlier *earlier = &ledger->earlier[i];
        const char *name = evidence_name_of(evidence, earlier->author);
        hex_encode(id, earlier->op.bytes, ID_SIZE);
        date_of(claimed, earlier->wall);
        date_of(sealed, earlier->sealed);
        fprintf(out, "  record %s by ", id);
        assert(name); /* of a member of the log's site */
        printable_print(out, bytes_str(name));
        fprintf(out,
                " claims %s;\n  seal %" PRIu64 " of log %s, of %s, does not have it.\n",
                claimed, earlier->seal, evidence_log_life(&ledger->logs[earlier->log]),
                sealed);
    }
    if (ledger->earlier_untold > 0)
        fprintf(out, "… and up to %" PRIu64 " more, which are counted alone.\n",
                ledger->earlier_untold);
}

void verdict_print_ledger(FILE *out, const struct evidence *evidence)
{
    const struct evidence_ledger *ledger = &evidence->ledger;
    if (ledger->logs_len == 0) {
        fputs("No seals in this file: when a record was there, nothing shows.\n", out);
        return;
    }
    print_logs(out, evidence);
    fprintf(out,
            "Sealed, and cosigned by another site: %" PRIu64
            " records, which stood there at that time.\n"
            "Sealed, and cosigned by no other site yet: %" PRIu64 " records.\n"
            "Not sealed, as far as the file shows: %" PRIu64 " records.\n",
            ledger->cosigned, ledger->not_cosigned, ledger->not_sealed);
    print_unknown(out, ledger);
    print_earlier(out, evidence);
}

/* ---- JSON ---- */

static void key_json(FILE *out, const uint8_t key[static KEY_SIZE])
{
    char text[KEY_TEXT_SIZE];
    key_to_text(text, "fqk1", key);
    fprintf(out, "\"%s\"", text);
}

static void site_json(FILE *out, const struct evidence_scope *site)
{
    if (site)
        verdict_hex_json(out, &site->id);
    else
        fputs("null", out);
}

void verdict_earlier_json(FILE *out, const struct evidence *evidence)
{
    const struct evidence_ledger *ledger = &evidence->ledger;
    fputs("\"earlier\":[", out);
    for (uint32_t i = 0; i < ledger->earlier_len; i++) {
        const struct evidence_earlier *earlier = &ledger->earlier[i];
        fputs(i > 0 ? ",{\"author\":" : "{\"author\":", out);
        key_json(out, earlier->author);
        fprintf(out, ",\"claims\":%" PRIu64 ",\"log\":\"%s\",\"op\":", earlier->wall,
                ledger->logs[earlier->log].origin);
        verdict_hex_json(out, &earlier->op);
        fprintf(out, ",\"seal\":%" PRIu64 ",\"sealed\":%" PRIu64 "}", earlier->seal,
                earlier->sealed);
    }
    fprintf(out, "],\"earlier_untold\":%" PRIu64, ledger->earlier_untold);
}

static void witness_json(FILE *out, const struct evidence_witness *witness)
{
    fputs("{\"key\":", out);
    key_json(out, witness->key);
    fprintf(out, ",\"other_site\":%s,\"seals\":%" PRIu64 ",\"site\":",
            witness->is_other ? "true" : "false", witness->size);
    site_json(out, witness->site);
    fprintf(out, ",\"time\":%" PRIu64 "}", witness->time);
}

static void log_json(FILE *out, const struct evidence_log *log)
{
    fprintf(out, "{\"cosigned\":%" PRIu64 ",\"key\":", log->cosigned);
    key_json(out, log->key);
    fprintf(out, ",\"origin\":\"%s\",\"seals\":%" PRIu64 ",\"site\":", log->origin,
            log->seals);
    site_json(out, log->site);
    fprintf(out, ",\"unknown\":%" PRIu64 ",\"witnesses\":[", log->unknown);
    for (uint32_t i = 0; i < log->witnesses_len; i++) {
        if (i > 0)
            fputc(',', out);
        witness_json(out, &log->witnesses[i]);
    }
    fputs("]}", out);
}

void verdict_logs_json(FILE *out, const struct evidence *evidence)
{
    fputs("\"logs\":[", out);
    for (uint32_t i = 0; i < evidence->ledger.logs_len; i++) {
        if (i > 0)
            fputc(',', out);
        log_json(out, &evidence->ledger.logs[i]);
    }
    fputc(']', out);
}

void verdict_sealed_json(FILE *out, const struct evidence *evidence)
{
    const struct evidence_ledger *ledger = &evidence->ledger;
    fprintf(out,
            "\"sealed\":{\"cosigned\":%" PRIu64 ",\"not_cosigned\":%" PRIu64
            ",\"not_sealed\":%" PRIu64 "}",
            ledger->cosigned, ledger->not_cosigned, ledger->not_sealed);
}
