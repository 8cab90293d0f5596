/* confirm: a steward stands by what a mediator released because of danger to life. */
#include "cli/options.h"
#include "cli/reply.h"

static enum exit_code run_confirm(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "case", cli->options->words[0]);
    request_text(&request, "text", options_value(cli->options, "text"));
    return reply_step(cli, "escalate.confirm", &request,
                      "Confirmed; everybody who holds the record sees that.");
}

const struct verb cmd_danger_verbs[] = {
    {
        .name = "confirm",
        .arguments = "CASE [--text T]",
        .help =
            "A steward stands by what was sent of a case because of danger to life.\n"
            "What is not confirmed is named by `fengqiao status' until then, or until "
            "it is recalled.",
        .example = "confirm 2026-0001",
        .words_min = 1,
        .words_max = 1,
        .run = run_confirm,
        .options = {{.name = "text", .value = "T"}},
    },
    {.name = NULL},
};
