/* round list, show, suggest: what was looked at and what was not; what grew lately. */
#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/reply.h"
#include "cli/table.h"

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"round", "title",    "day",  "looked at",
                                         "of",    "findings", "cases"};
    struct request request = {0};
    struct bytes result, one;
    struct table table;
    uint64_t limit;
    if (!options_positive(cli->options, "limit", &limit))
        return cli_usage(cli, "--limit is a number of rows, 1 or more");
    if (limit > 0)
        request_uint(&request, "limit", limit);
    enum exit_code code = ask(cli, ASK_ANYBODY, "round.list", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    table_init(&table, titles, 7);
    struct answer_list rounds = answer_list(result, "rounds");
    while (answer_next(&rounds, &one)) {
        table_id(&table, answer_bin(one, "round"));
        table_text(&table, answer_text(one, "title"));
        table_text(&table, answer_text(one, "day"));
        table_uint(&table, answer_uint(one, "looked"));
        table_uint(&table, answer_uint(one, "spots"));
        table_uint(&table, answer_uint(one, "findings"));
        table_uint(&table, answer_uint(one, "cases"));
    }
    table_print(&table, cli->out, "No round was begun yet.");
    table_deinit(&table);
    return EXIT_DONE;
}

static void print_findings(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"finding", "place", "topic", "what was found",
                                         "case"};
    struct bytes one;
    struct table table;
    table_init(&table, titles, 5);
    struct answer_list rows = answer_list(result, "findings");
    while (answer_next(&rows, &one)) {
        table_id(&table, answer_bin(one, "op"));
        table_text(&table, answer_text(one, "place"));
        table_text(&table, answer_text(one, "topic"));
        table_text(&table, answer_text(one, "text"));
        table_text(&table, answer_text(one, "number"));
    }
    table_print(&table, out, "Nothing was found.");
    table_deinit(&table);
}

static void print_unseen(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"not looked at", "topic"};
    struct bytes one;
    struct table table;
    table_init(&table, titles, 2);
    struct answer_list rows = answer_list(result, "unseen");
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "place"));
        table_text(&table, answer_text(one, "topic"));
    }
    table_print(&table, out, "All was looked at.");
    table_deinit(&table);
}

static enum exit_code run_show(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result;
    if (options->words_len > 0)
        request_text(&request, "round", options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "round.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    outline_text(cli->out, "title", answer_text(result, "title"));
    outline_text(cli->out, "day", answer_text(result, "day"));
    fprintf(cli->out, "looked at %llu of %llu\n\n",
            (unsigned long long)answer_uint(result, "looked"),
            (unsigned long long)answer_uint(result, "spots"));
    print_findings(cli->out, result);
    fputc('\n', cli->out);
    print_unseen(cli->out, result);
    return EXIT_DONE;
}

static enum exit_code run_suggest(struct cli *cli)
{
    static const char *const titles[] = {"category", "lately", "before", ""};
    struct bytes result, one;
    struct table table;
    enum exit_code code = ask(cli, ASK_ANYBODY, "round.suggest", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    if (!answer_is_true(result, "clock_trusted")) {
        fputs("The clock is not trusted: nobody knows what came lately.\n", cli->out);
        return EXIT_DONE;
    }
    table_init(&table, titles, 4);
    struct answer_list rows = answer_list(result, "categories");
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "category"));
        table_uint(&table, answer_uint(one, "now"));
        table_uint(&table, answer_uint(one, "before"));
        table_mark(&table, answer_is_true(one, "grew"), "grew");
    }
    table_print(&table, cli->out, "No cases lately.");
    table_deinit(&table);
    return EXIT_DONE;
}

const struct verb cmd_round_list_verbs[] = {
    {
        .name = "round list",
        .arguments = "[--limit N]",
        .help = "The rounds, the newest first: how much was looked at, and what was "
                "found.",
        .example = "round list",
        .run = run_list,
        .options = {{.name = "limit", .value = "N"}},
    },
    {
        .name = "round show",
        .arguments = "[ROUND]",
        .help = "One round, or the newest: its findings, and what was not looked at.",
        .example = "round show 3f9a01c2",
        .words_max = 1,
        .run = run_show,
    },
    {
        .name = "round suggest",
        .arguments = "",
        .help = "Where to look next: how many cases of each category came in the last 90 "
                "days, and in the 90 before.\n"
                "Counts of this site's own cases, without those of minors.",
        .example = "round suggest",
        .run = run_suggest,
    },
    {.name = NULL},
};
