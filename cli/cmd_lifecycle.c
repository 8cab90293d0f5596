/* case handle, settle, follow-up, close, reopen: how a case comes to its end. */
#include "cli/options.h"
#include "cli/reply.h"

/* Asks with the arguments that the request has and one more, which may be "-". */
static enum exit_code step(struct cli *cli, const char *method, struct request *request,
                           const char *name, const char *words)
{
    const struct options *options = cli->options;
    struct buf owned = {0};
    struct bytes text;
    enum exit_code code = EXIT_DONE;
    request_text(request, "case", options->words[0]);
    if (options_has(options, name)) {
        code = ask_input(cli, options_value(options, name), &owned, &text);
        if (code == EXIT_DONE)
            request_bytes_text(request, name, text);
    }
    if (code == EXIT_DONE)
        code = reply_step(cli, method, request, words);
    request_deinit(request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_handle(struct cli *cli)
{
    struct request request = {0};
    return step(cli, "case.handle", &request, "owner", "It is in hand.");
}

static enum exit_code run_settle(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "outcome", options_value(cli->options, "outcome"));
    request_text(&request, "agreement", options_value(cli->options, "agreement"));
    if (options_has(cli->options, "oral"))
        request_bool(&request, "oral", true);
    return step(cli, "case.settle", &request, "text", "Settled.");
}

static enum exit_code run_follow_up(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "result", options_value(cli->options, "result"));
    request_text(&request, "again", options_value(cli->options, "again"));
    return step(cli, "case.follow_up", &request, "text", "Followed up.");
}

static enum exit_code run_close(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    bool is_oral = options_has(options, "oral");
    const char *outcome = options_value(options, "outcome");
    if (is_oral && outcome == NULL)
        outcome = "agreement";
    request_text(&request, "outcome", outcome);
    request_text(&request, "follow_up", options_value(options, "follow-up"));
    if (is_oral)
        request_bool(&request, "oral", true);
    return step(cli, "case.close", &request, "text", "Closed.");
}

static enum exit_code run_reopen(struct cli *cli)
{
    struct request request = {0};
    return step(cli, "case.reopen", &request, "reason", "It is open again.");
}

#define OUTCOMES "agreement|withdrawn|advised|referred|court|served|unsolved"
#define RESULTS "kept|partly|broken|unreached"

const struct verb cmd_lifecycle_verbs[] = {
    {
        .name = "case handle",
        .arguments = "NUMBER [--owner WHO]",
        .help = "Take a case in hand. Without --owner it is whoever signs.\n"
                "It has to be triaged.",
        .example = "case handle 2026-0001 --owner 李调解",
        .words_min = 1,
        .words_max = 1,
        .run = run_handle,
        .options = {{.name = "owner", .value = "WHO"}},
    },
    {
        .name = "case settle",
        .arguments = "NUMBER --outcome " OUTCOMES "\n"
                     "       --text T [--oral] [--agreement A]",
        .help = "Write down what came of a case. It stays open until somebody has "
                "followed it up.\n"
                "--oral: agreed by word of mouth. --agreement: the words of the "
                "agreement.",
        .example = "case settle 2026-0001 --outcome agreement --text 各清一段排水沟",
        .words_min = 1,
        .words_max = 1,
        .run = run_settle,
        .options = {{.name = "outcome", .value = OUTCOMES, .is_required = true},
                    {.name = "text", .value = "T", .is_required = true},
                    {.name = "oral"},
                    {.name = "agreement", .value = "A"}},
    },
    {
        .name = "case follow-up",
        .arguments = "NUMBER --result " RESULTS " --text T\n"
                     "       [--again YYYY-MM-DD]",
        .help = "Write down whether what was settled holds; --again: when to look "
                "again.\nA closed case can be followed up, too.",
        .example = "case follow-up 2026-0001 --result kept --text 沟已疏通，双方都满意",
        .words_min = 1,
        .words_max = 1,
        .run = run_follow_up,
        .options = {{.name = "result", .value = RESULTS, .is_required = true},
                    {.name = "text", .value = "T", .is_required = true},
                    {.name = "again", .value = "YYYY-MM-DD"}},
    },
    {
        .name = "case close",
        .arguments = "NUMBER [--text T]\n"
                     "       fengqiao case close NUMBER --oral --text T --follow-up F "
                     "[--outcome O]",
        .help = "Close a case that is settled and followed up.\n"
                "--oral: what was agreed by word of mouth closes in one step, with what "
                "was agreed (--text)\nand what both sides say to it (--follow-up).",
        .example = "case close 2026-0001 --oral --text 各清一段排水沟 "
                   "--follow-up 双方当面点头",
        .words_min = 1,
        .words_max = 1,
        .run = run_close,
        .options = {{.name = "text", .value = "T"},
                    {.name = "oral"},
                    {.name = "follow-up", .value = "F"},
                    {.name = "outcome", .value = OUTCOMES}},
    },
    {
        .name = "case reopen",
        .arguments = "NUMBER --reason R",
        .help = "Open a closed case again; its history stays.",
        .example = "case reopen 2026-0001 --reason 沟又被堵上了",
        .words_min = 1,
        .words_max = 1,
        .run = run_reopen,
        .options = {{.name = "reason", .value = "R", .is_required = true}},
    },
    {.name = NULL},
};
