/* show, open, accept, advise, return, decide, onward, permit: what was sent. */
#include "cli/answer.h"
#include "cli/names.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "cli/view_print.h"
#include "node/cases/view.h"

/* Which sites have it on their disk, and since when. */
static void print_handed_over(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"handed over to site", "at"};
    struct bytes one;
    struct table table;
    struct bytes names = {0}, name;
    struct answer_list rows = answer_list(result, "handed_over");
    if (rows.left == 0)
        return;
    (void)answer_field(result, "names", &names); /* without it ids are shown */
    table_init(&table, titles, 2);
    while (answer_next(&rows, &one)) {
        struct id site;
        if (view_map_id(one, "site", &site) && names_site(names, &site, &name))
            table_text(&table, name);
        else
            table_id(&table, answer_bin(one, "site"));
        table_time(&table, answer_uint(one, "wall"));
    }
    fputc('\n', out);
    table_print(&table, out, "");
    table_deinit(&table);
}

static enum exit_code run_show(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    struct bytes view;
    struct bytes names = {0};
    struct bytes id;
    request_text(&request, "escalation", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "escalation.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    if (answer_field(result, "escalation", &id))
        outline_field(cli->out, "escalation", id);
    (void)answer_field(result, "names", &names); /* without it ids are shown */
    if (answer_field(result, "view", &view))
        view_print(cli->out, view, names);
    print_handed_over(cli->out, result);
    return EXIT_DONE;
}

static enum exit_code step(struct cli *cli, const char *method, const char *words)
{
    struct request request = {0};
    request_text(&request, "escalation", cli->options->words[0]);
    return reply_step(cli, method, &request, words);
}

static enum exit_code run_open(struct cli *cli)
{
    return step(cli, "escalation.open", "Opened; the village will see that.");
}

static enum exit_code run_accept(struct cli *cli)
{
    return step(cli, "escalation.accept", "Accepted.");
}

static enum exit_code run_permit(struct cli *cli)
{
    return step(cli, "escalation.permit", "Permitted: it may go onward.");
}

static enum exit_code step_with_text(struct cli *cli, const char *method,
                                     const char *words)
{
    struct request request = {0};
    struct buf owned = {0};
    struct bytes text;
    enum exit_code code = ask_input(cli, cli->options->words[1], &owned, &text);
    if (code == EXIT_DONE) {
        request_text(&request, "escalation", cli->options->words[0]);
        request_bytes_text(&request, "text", text);
        code = reply_step(cli, method, &request, words);
    }
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_advise(struct cli *cli)
{
    return step_with_text(cli, "escalation.advise", "The advice goes to the village.");
}

static enum exit_code run_return(struct cli *cli)
{
    return step_with_text(cli, "escalation.return", "Returned to the village.");
}

static enum exit_code run_decide(struct cli *cli)
{
    return step_with_text(cli, "escalation.decide", "The decision goes to the village.");
}

static enum exit_code run_onward(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "escalation", cli->options->words[0]);
    request_text(&request, "reason", options_value(cli->options, "reason"));
    return reply_step(cli, "escalation.onward", &request, "Sent onward.");
}

const struct verb cmd_inbox_verbs[] = {
    {
        .name = "show",
        .arguments = "ESCALATION",
        .help =
            "Everything about one escalation, the context first.\n"
            "ESCALATION is its id or the first 8 digits or more of it, here and below.",
        .example = "show 3f2a91c0",
        .words_min = 1,
        .words_max = 1,
        .run = run_show,
    },
    {
        .name = "open",
        .arguments = "ESCALATION",
        .help = "Open an escalation; the village sees that it was opened.",
        .example = "open 3f2a91c0",
        .words_min = 1,
        .words_max = 1,
        .run = run_open,
    },
    {
        .name = "accept",
        .arguments = "ESCALATION",
        .help = "Take the matter over.",
        .example = "accept 3f2a91c0",
        .words_min = 1,
        .words_max = 1,
        .run = run_accept,
    },
    {
        .name = "advise",
        .arguments = "ESCALATION TEXT",
        .help = "Answer with advice, which the village may decline.",
        .example = "advise 3f2a91c0 \"先请司法所现场查看\"",
        .words_min = 2,
        .words_max = 2,
        .run = run_advise,
    },
    {
        .name = "return",
        .arguments = "ESCALATION TEXT",
        .help = "Give the matter back, with a sentence why.",
        .example = "return 3f2a91c0 \"请补充两次调解的经过\"",
        .words_min = 2,
        .words_max = 2,
        .run = run_return,
    },
    {
        .name = "decide",
        .arguments = "ESCALATION TEXT",
        .help = "Decide the matter.",
        .example = "decide 3f2a91c0 \"由镇里出资清淤\"",
        .words_min = 2,
        .words_max = 2,
        .run = run_decide,
    },
    {
        .name = "onward",
        .arguments = "ESCALATION --reason R",
        .help = "Send the matter one tier further up, if the village permits it.",
        .example = "onward 3f2a91c0 --reason 需要县里协调",
        .words_min = 1,
        .words_max = 1,
        .run = run_onward,
        .options = {{.name = "reason", .value = "R", .is_required = true}},
    },
    {
        .name = "permit",
        .arguments = "ESCALATION",
        .help = "The village permits that the matter goes onward.",
        .example = "permit 3f2a91c0",
        .words_min = 1,
        .words_max = 1,
        .run = run_permit,
    },
    {.name = NULL},
};
