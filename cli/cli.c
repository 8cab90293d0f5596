#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "cli/options.h"
#include "cli/printable.h"
#include "cli/shortage.h"
#include "crypto/sign.h"

const struct verb *const cli_groups[] = {
    cmd_node_verbs,
    cmd_peer_verbs,
    cmd_quarantine_verbs,
    cmd_person_verbs,
    cmd_quorum_verbs,
    cmd_device_verbs,
    cmd_list_verbs,
    cmd_case_verbs,
    cmd_case_step_verbs,
    cmd_consent_verbs,
    cmd_escalate_verbs,
    cmd_danger_verbs,
    cmd_inbox_verbs,
    cmd_talk_verbs,
    cmd_outbox_verbs,
    cmd_policy_verbs,
    cmd_recall_verbs,
    cmd_search_verbs,
    cmd_lifecycle_verbs,
    cmd_conflict_verbs,
    cmd_task_verbs,
    cmd_due_verbs,
    cmd_attach_verbs,
    cmd_agreement_verbs,
    cmd_rules_verbs,
    cmd_print_verbs,
    cmd_round_verbs,
    cmd_round_list_verbs,
    cmd_card_verbs,
    cmd_meeting_verbs,
    cmd_evidence_verbs,
    cmd_verify_verbs,
    cmd_import_verbs,
    cmd_identity_verbs,
    cmd_retention_verbs,
    cmd_paste_verbs,
    cmd_bundle_verbs,
    cmd_backup_verbs,
    cmd_seal_verbs,
    cmd_audit_verbs,
    NULL,
};

enum exit_code cli_try_library(struct cli *cli)
{
    const char *failed_case = NULL;
    struct err err = {0};
    if (sign_selftest(&failed_case))
        return EXIT_DONE;
    return cli_refuse(cli,
                      err_set(&err, STATUS_UNSUPPORTED,
                              "the cryptographic library decides otherwise in a known "
                              "case (%s); nothing was checked",
                              failed_case),
                      &err);
}

enum exit_code exit_code_of(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return EXIT_DONE;
    case STATUS_UNVERIFIED:
        return EXIT_UNVERIFIED;
    case STATUS_CONFLICT:
        return EXIT_CONFLICT;
    case STATUS_UNREACHABLE:
        return EXIT_UNREACHABLE;
    case STATUS_DENIED:
        return EXIT_DENIED;
    default:
        return EXIT_FAILED;
    }
}

enum exit_code cli_refuse(struct cli *cli, enum status status, const struct err *err)
{
    fputs("fengqiao: ", cli->err);
    printable_print(cli->err, bytes_str(err_text(err, status)));
    fputc('\n', cli->err);
    return exit_code_of(status);
}

enum exit_code cli_usage(struct cli *cli, const char *format, ...)
{
    va_list arguments;
    fputs("fengqiao: ", cli->err);
    va_start(arguments, format);
    (void)vfprintf(cli->err, format, arguments); /* err is the last word we have */
    va_end(arguments);
    fprintf(cli->err, "\nusage: fengqiao %s%s%s\n", cli->options->verb->name,
            *cli->options->verb->arguments ? " " : "", cli->options->verb->arguments);
    return EXIT_USAGE;
}

static enum exit_code run(struct cli *cli)
{
    const struct options *options = cli->options;
    if (options->wants_version)
        fputs("fengqiao " FENGQIAO_VERSION "\n", cli->out);
    else if (options->wants_help && options->verb)
        options_help(cli->out, options->verb);
    else if (options->wants_help)
        options_overview(cli->out, options->group);
    else
        return options->verb->run(cli);
    return EXIT_DONE;
}

int cli_run(int argc, const char *const argv[], FILE *out, FILE *err)
{
    struct options options;
    if (!options_parse(&options, argc, argv, err)) {
        (void)fflush(err); /* err is the last word we have */
        return EXIT_USAGE;
    }
    struct cli cli = {.out = out, .err = err, .options = &options};
    enum exit_code code = run(&cli);
    client_close(&cli.client);
    /* What was found to fail fails, shown or not. */
    if (shortage_was() && (code == EXIT_DONE || code == EXIT_UNVERIFIED)) {
        enum exit_code short_of = cli_refuse(&cli, STATUS_NO_MEMORY, NULL);
        code = code == EXIT_DONE ? short_of : code;
    }
    if (fflush(out) != 0 || ferror(out)) {
        fprintf(err, "fengqiao: the answer could not be written: %s%s\n", strerror(errno),
                code == EXIT_DONE ? "; what was asked for is done all the same" : "");
        if (code == EXIT_DONE)
            code = EXIT_FAILED;
    }
    (void)fflush(err); /* the same */
    return code;
}
