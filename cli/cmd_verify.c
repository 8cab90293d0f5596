/* verify: an evidence file against one trusted site, without a node. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/evidence.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/saved_file.h"
#include "cli/verdict.h"
#include "crypto/key.h"

/* ---- proofs ---- */

struct proofs {
    const char *folder; /* NULL: not asked for */
    uint64_t written;
};

static enum status take_proof(void *context, const struct id *op, struct bytes proof,
                              struct err *err)
{
    struct proofs *proofs = context;
    char name[2 * ID_SIZE + 1], path[4096];
    hex_encode(name, op->bytes, ID_SIZE);
    size_t len =
        (size_t)snprintf(path, sizeof(path), "%s/%s.tlog-proof", proofs->folder, name);
    if (len >= sizeof(path))
        return err_set(err, STATUS_TOO_LARGE, "the name of the folder is too long");
    proofs->written++;
    return saved_file_write(path, proof, err);
}

static enum status make_folder(const char *folder, struct err *err)
{
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return STATUS_OK;
    return err_set(err, STATUS_IO, "%s: %s", folder, strerror(errno));
}

/* ---- the verb ---- */

static enum exit_code verify(struct cli *cli, FILE *file, const struct id *trust)
{
    struct proofs proofs = {.folder = options_value(cli->options, "proofs")};
    struct evidence_proofs taker = {take_proof, &proofs};
    struct err err = {0};
    struct progress progress;
    struct evidence evidence = {.proofs = proofs.folder ? &taker : NULL};
    progress_init(&progress, cli->err, "records checked");
    enum status status = proofs.folder ? make_folder(proofs.folder, &err) : STATUS_OK;
    if (status == STATUS_OK)
        status = evidence_check_stream(&evidence, file, trust, &progress, &err);
    progress_clear(&progress);
    enum exit_code code = EXIT_FAILED;
    if (status != STATUS_OK) {
        code = cli_refuse(cli, status, &err);
        goto deinit_evidence;
    }
    if (cli->options->is_json)
        verdict_print_json(cli->out, &evidence);
    else
        verdict_print(cli->out, &evidence);
    if (proofs.folder)
        fprintf(cli->err, "%" PRIu64 " proofs written to %s.\n", proofs.written,
                proofs.folder);
    code = evidence_holds(&evidence) ? EXIT_DONE : EXIT_UNVERIFIED;
deinit_evidence:
    evidence_deinit(&evidence);
    return code;
}

static enum exit_code run_verify(struct cli *cli)
{
    const char *name = cli->options->words[0];
    struct err err = {0};
    struct id trust;
    if (!key_from_text(trust.bytes, "fqs1", options_value(cli->options, "trust")))
        return cli_usage(cli, "--trust is the id of a site: fqs1..., or 64 hex digits; "
                              "a letter may be mistyped");
    enum exit_code code = cli_try_library(cli);
    if (code != EXIT_DONE)
        return code;
    bool is_stream = strcmp(name, "-") == 0;
    FILE *file = is_stream ? stdin : fopen(name, "re");
    if (!file)
        return cli_refuse(cli, err_set(&err, STATUS_IO, "%s: %s", name, strerror(errno)),
                          &err);
    code = verify(cli, file, &trust);
    if (!is_stream)
        (void)fclose(file); /* it was only read */
    return code;
}

const struct verb cmd_verify_verbs[] = {
    {
        .name = "verify",
        .arguments = "FILE --trust SITE [--proofs FOLDER]",
        .help =
            "Check an evidence file against one trusted site, without a node.\n"
            "SITE is the id that `fengqiao site` shows there, fqs1..., or 64 hex "
            "digits. Exit code 0: all\nholds. 3: something does not; each record that "
            "fails is named with its signer. \"-\" is standard input.\n"
            "With --proofs each record that stands under a seal gets a file "
            "ID.tlog-proof in FOLDER, which\nother people's tools check (C2SP "
            "tlog-proof).",
        .example = "verify case.evidence --trust fqs1...",
        .words_min = 1,
        .words_max = 1,
        .run = run_verify,
        .options = {{.name = "trust", .value = "SITE", .is_required = true},
                    {.name = "proofs", .value = "FOLDER"}},
    },
    {.name = NULL},
};
