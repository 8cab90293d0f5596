/* case note, set, triage: what is written while a case is open. */
#include <string.h>

#include "cli/options.h"
#include "cli/reply.h"

static enum exit_code step_with_text(struct cli *cli, const char *method,
                                     struct request *request, const char *name,
                                     const char *argument, const char *words)
{
    struct buf owned = {0};
    struct bytes text;
    enum exit_code code = ask_input(cli, argument, &owned, &text);
    if (code == EXIT_DONE) {
        request_bytes_text(request, name, text);
        code = reply_step(cli, method, request, words);
    }
    request_deinit(request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_note(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "case", cli->options->words[0]);
    return step_with_text(cli, "case.note", &request, "text", cli->options->words[1],
                          "Noted.");
}

static enum exit_code run_set(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "case", cli->options->words[0]);
    request_text(&request, "field", cli->options->words[1]);
    return step_with_text(cli, "case.set", &request, "value", cli->options->words[2],
                          "Written.");
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static enum exit_code run_triage(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *decision = options_value(options, "decision");
    struct request request = {0};
    if (!is_one_of(decision, "keep", "escalate", "refer"))
        return cli_usage(cli, "--decision is keep, escalate or refer");
    request_text(&request, "case", options->words[0]);
    request_bool(&request, "solvable", options_has(options, "solvable"));
    request_bool(&request, "danger", options_has(options, "danger"));
    request_bool(&request, "beyond", options_has(options, "beyond"));
    request_text(&request, "decision", decision);
    return step_with_text(cli, "case.triage", &request, "reason",
                          options_value(options, "reason"), "Triaged.");
}

const struct verb cmd_case_step_verbs[] = {
    {
        .name = "case note",
        .arguments = "NUMBER TEXT",
        .help = "Add what happened. A TEXT of \"-\" is read from standard input.",
        .example = "case note 2026-0001 \"今天去现场看了排水沟\"",
        .words_min = 2,
        .words_max = 2,
        .run = run_note,
    },
    {
        .name = "case set",
        .arguments = "NUMBER FIELD VALUE",
        .help = "Write a field anew; this also decides a conflict in it.\n"
                "Fields: title, narrative, context, category, place, wish ...",
        .example = "case set 2026-0001 place 村东头",
        .words_min = 3,
        .words_max = 3,
        .run = run_set,
    },
    {
        .name = "case triage",
        .arguments = "NUMBER --decision keep|escalate|refer --reason R [--solvable] "
                     "[--danger] [--beyond]",
        .help = "Decide before anything travels: keep, escalate or refer.\n"
                "--solvable: we can solve it here. --danger: somebody is in danger. "
                "--beyond: it is above our\ncompetence.",
        .example = "case triage 2026-0001 --decision keep --solvable --reason 双方愿意谈",
        .words_min = 1,
        .words_max = 1,
        .run = run_triage,
        .options = {{.name = "decision",
                     .value = "keep|escalate|refer",
                     .is_required = true},
                    {.name = "reason", .value = "R", .is_required = true},
                    {.name = "solvable"},
                    {.name = "danger"},
                    {.name = "beyond"}},
    },
    {.name = NULL},
};
