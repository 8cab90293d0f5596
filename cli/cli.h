/*
 * cli: the program `fengqiao` but for main(): a table of verbs, each with its arguments,
 * its help and its handler, and what the handlers share.
 *
 *   verb      one or two words that name what to do: "status", "case new"
 *   word      an argument of a verb that is not an option
 *   handler   runs a verb and gives the exit code
 */
#ifndef FENGQIAO_CLI_CLI_H
#define FENGQIAO_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/client.h"
#include "proto/err.h"
#include "proto/status.h"

/* Documented in fengqiao(1). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_UNVERIFIED = 3,
    EXIT_CONFLICT = 4,
    EXIT_UNREACHABLE = 5,
    EXIT_DENIED = 6,
};

struct options;

/* What a handler is handed. */
struct cli {
    FILE *out; /* borrowed: the answer, nothing else */
    FILE *err; /* borrowed: refusals, prompts, progress */
    const struct options *options;
    struct client client; /* opened by the first ask() */
    bool is_unlocked;
};

#define VERB_OPTIONS_MAX 12

struct verb_option {
    const char *name;  /* without the dashes */
    const char *value; /* what stands for the value in the usage line; NULL: a flag */
    bool is_required;
    bool may_repeat;
};

struct verb {
    const char *name;
    const char *arguments; /* of the usage line */
    const char *help;      /* a sentence or two */
    const char *example;   /* one command line without the program's name */
    uint32_t words_min, words_max;
    enum exit_code (*run)(struct cli *cli);
    struct verb_option options[VERB_OPTIONS_MAX];
};

/* A group of verbs; the last has no name. */
extern const struct verb cmd_node_verbs[];
extern const struct verb cmd_peer_verbs[];
extern const struct verb cmd_attach_verbs[];
extern const struct verb cmd_paste_verbs[];
extern const struct verb cmd_backup_verbs[];
extern const struct verb cmd_bundle_verbs[];
extern const struct verb cmd_quarantine_verbs[];
extern const struct verb cmd_seal_verbs[];
extern const struct verb cmd_audit_verbs[];
extern const struct verb cmd_person_verbs[];
extern const struct verb cmd_quorum_verbs[];
extern const struct verb cmd_device_verbs[];
extern const struct verb cmd_list_verbs[];
extern const struct verb cmd_case_verbs[];
extern const struct verb cmd_case_step_verbs[];
extern const struct verb cmd_lifecycle_verbs[];
extern const struct verb cmd_task_verbs[];
extern const struct verb cmd_due_verbs[];
extern const struct verb cmd_consent_verbs[];
extern const struct verb cmd_danger_verbs[];
extern const struct verb cmd_recall_verbs[];
extern const struct verb cmd_conflict_verbs[];
extern const struct verb cmd_identity_verbs[];
extern const struct verb cmd_escalate_verbs[];
extern const struct verb cmd_inbox_verbs[];
extern const struct verb cmd_agreement_verbs[];
extern const struct verb cmd_print_verbs[];
extern const struct verb cmd_card_verbs[];
extern const struct verb cmd_meeting_verbs[];
extern const struct verb cmd_round_verbs[];
extern const struct verb cmd_round_list_verbs[];
extern const struct verb cmd_rules_verbs[];
extern const struct verb cmd_search_verbs[];
extern const struct verb cmd_talk_verbs[];
extern const struct verb cmd_outbox_verbs[];
extern const struct verb cmd_policy_verbs[];
extern const struct verb cmd_retention_verbs[];
extern const struct verb cmd_evidence_verbs[];
extern const struct verb cmd_verify_verbs[];
extern const struct verb cmd_import_verbs[];

/* All groups, NULL at the end. */
extern const struct verb *const cli_groups[];

/* The whole program: parses, runs the verb, gives the exit code. out and err are
 * borrowed and flushed. */
int cli_run(int argc, const char *const argv[], FILE *out, FILE *err);

/* Says "fengqiao: <sentence>" on err and gives the exit code of the status. */
enum exit_code cli_refuse(struct cli *cli, enum status status, const struct err *err);
/* The same with a sentence of its own and EXIT_USAGE. */
enum exit_code cli_usage(struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Before something is verified here: does the cryptographic library judge the known cases
 * by our rule (crypto/sign.h)? Where not, that is said. */
enum exit_code cli_try_library(struct cli *cli);

enum exit_code exit_code_of(enum status status);

#endif
