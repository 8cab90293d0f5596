#include "cli/file_audit.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/evidence_audit.h"
#include "cli/findings.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "crypto/key.h"
#include "node/cases/charter.h"
#include "node/cases/schema.h"
#include "proto/pack.h"

/* --- as the node's answer has it (docs/API.md, audit) --- */

static void pack_text(struct buf *out, const char *name, const char *text)
{
    pack_str(out, name);
    pack_str(out, text ? text : "");
}

static void pack_key(struct buf *out, const char *name, const uint8_t *key)
{
    pack_str(out, name);
    pack_bin(out, key, ID_SIZE);
}

static const char *site_name(const struct evidence *evidence, const struct id *site)
{
    for (uint32_t i = 0; i < evidence->charters_len; i++)
        if (evidence->scopes[i].charter && id_equal(&evidence->scopes[i].id, site))
            return charter_name(evidence->scopes[i].charter);
    return NULL;
}

static void pack_found(struct buf *out, const struct evidence *evidence,
                       const struct evidence_found *found)
{
    pack_map(out, found->has_machine ? 12 : 9);
    pack_key(out, "author", found->author);
    pack_text(out, "author_name", evidence_name_of(evidence, found->author));
    pack_text(out, "field", found->field);
    pack_text(out, "kind", schema_scope_text(found->kind));
    if (found->has_machine)
        pack_key(out, "machine", found->machine);
    pack_key(out, "op", found->op.bytes);
    pack_str(out, "open");
    pack_bool(out, audit_word_is_open(found->word));
    pack_text(out, "says", audit_word_says(found->word));
    pack_key(out, "scope", found->scope.bytes);
    if (found->has_machine) {
        pack_key(out, "site", found->site.bytes);
        pack_text(out, "site_name", site_name(evidence, &found->site));
    }
    pack_text(out, "word", audit_word_text(found->word));
}

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static void pack_audit(struct buf *out, const struct evidence *evidence,
                       const struct evidence_audit *audit)
{
    pack_map(out, 6);
    pack_number(out, "failing", audit->failing);
    pack_str(out, "findings");
    pack_array(out, audit->found_len);
    for (uint32_t i = 0; i < audit->found_len; i++)
        pack_found(out, evidence, &audit->found[i]);
    pack_str(out, "holds");
    pack_bool(out, evidence_holds(evidence));
    pack_number(out, "left_out", audit->untold);
    pack_str(out, "looked");
    pack_map(out, 2);
    pack_number(out, "records", evidence->records);
    pack_number(out, "scopes", audit->scopes);
    pack_str(out, "passed_over");
    pack_map(out, 2);
    pack_number(out, "too_large", audit->too_large);
    pack_number(out, "without_record", audit->without_record);
}

/* --- for people --- */

static void print_audit(FILE *out, const struct evidence *evidence,
                        const struct evidence_audit *audit, struct bytes answer)
{
    findings_print(out, answer, "Nothing was found.");
    if (audit->untold > 0)
        fprintf(out, "… and %" PRIu64 " more findings.\n", audit->untold);
    if (audit->too_large > 0)
        fprintf(out,
                "Not looked at, since they have more than %d records: %" PRIu64
                " cases and escalations.\n",
                EVIDENCE_AUDIT_OPS_MAX, audit->too_large);
    if (audit->without_record > 0)
        fprintf(out,
                "Releases whose escalation is not in the file, so that their consents "
                "could not be compared: %" PRIu64 ".\n",
                audit->without_record);
    fprintf(out, "Cases and escalations looked at: %" PRIu64 ". ", audit->scopes);
    if (audit->failing > 0)
        fprintf(out, "Findings that fail: %" PRIu64 ".\n", audit->failing);
    else
        fputs("Nothing fails.\n", out);
    if (evidence_holds(evidence))
        fprintf(out, "The file HOLDS: %" PRIu64 " records checked.\n", evidence->records);
    else
        fprintf(out,
                "The file DOES NOT HOLD: failures: %" PRIu64 ". fengqiao verify names "
                "them; what rests on them was not looked at.\n",
                evidence_failed(evidence));
}

static enum exit_code tell(struct cli *cli, const struct evidence *evidence,
                           const struct evidence_audit *audit)
{
    struct buf answer = {0};
    enum exit_code code = EXIT_DONE;
    pack_audit(&answer, evidence, audit);
    if (buf_status(&answer) != STATUS_OK)
        code = cli_refuse(cli, STATUS_NO_MEMORY, &(struct err){.text = ""});
    else if (cli->options->is_json)
        code = ask_print_json(cli, buf_bytes(&answer));
    else
        print_audit(cli->out, evidence, audit, buf_bytes(&answer));
    buf_deinit(&answer);
    if (code == EXIT_DONE && (audit->failing > 0 || !evidence_holds(evidence)))
        code = EXIT_UNVERIFIED;
    return code;
}

static enum exit_code look(struct cli *cli, FILE *file, const struct id *trust)
{
    struct evidence evidence = {.records = 0};
    struct evidence_audit audit = {.scopes = 0};
    struct err err = {0};
    struct progress progress;
    progress_init(&progress, cli->err, "records looked at");
    enum status status = evidence_audit(&audit, &evidence, file, trust, &progress, &err);
    progress_clear(&progress);
    enum exit_code code = status == STATUS_OK ? tell(cli, &evidence, &audit)
                                              : cli_refuse(cli, status, &err);
    evidence_audit_deinit(&audit);
    evidence_deinit(&evidence);
    return code;
}

enum exit_code file_audit(struct cli *cli)
{
    const char *name = options_value(cli->options, "file");
    const char *trusted = options_value(cli->options, "trust");
    struct err err = {0};
    struct id trust;
    if (!trusted || !key_from_text(trust.bytes, "fqs1", trusted))
        return cli_usage(cli, "--file needs --trust with the id of a site: fqs1..., or "
                              "64 hex digits");
    enum exit_code code = cli_try_library(cli);
    if (code != EXIT_DONE)
        return code;
    FILE *file = fopen(name, "re");
    if (!file)
        return cli_refuse(cli, err_set(&err, STATUS_IO, "%s: %s", name, strerror(errno)),
                          &err);
    code = look(cli, file, &trust);
    (void)fclose(file); /* it was only read */
    return code;
}
