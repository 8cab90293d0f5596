/* due, due list, set, reset: what waits until when, and how long it may. */
#include "cli/answer.h"
#include "cli/due_print.h"
#include "cli/options.h"
#include "cli/reply.h"
#include "cli/table.h"

static enum exit_code run_due(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result;
    uint64_t limit;
    if (!options_positive(options, "limit", &limit))
        return cli_usage(cli, "--limit is a number of rows, 1 or more");
    request_bool(&request, "overdue", options_has(options, "overdue"));
    if (limit > 0)
        request_uint(&request, "limit", limit);
    enum exit_code code = ask(cli, ASK_ANYBODY, "due", &request, &result);
    if (code != EXIT_DONE)
        return code;
    if (options->is_json)
        return ask_print_json(cli, result);
    due_print(cli->out, result,
              options_has(options, "overdue") ? "Nothing is overdue." : "Nothing waits.");
    return EXIT_DONE;
}

static enum exit_code print_rules(struct cli *cli, struct bytes result)
{
    static const char *const titles[] = {"wait", "category", "tier", "days", "set by"};
    struct bytes rule;
    struct table table;
    if (cli->options->is_json)
        return ask_print_json(cli, result);
    table_init(&table, titles, sizeof(titles) / sizeof(titles[0]));
    struct answer_list rows = answer_list(result, "rules");
    while (answer_next(&rows, &rule)) {
        struct bytes category = answer_text(rule, "category");
        struct bytes tier = answer_text(rule, "tier");
        table_text(&table, answer_text(rule, "wait"));
        table_text(&table, category.len > 0 ? category : bytes_str("every"));
        table_text(&table, tier.len > 0 ? tier : bytes_str("every"));
        table_uint(&table, answer_uint(rule, "days"));
        table_words(&table, answer_is_true(rule, "default") ? "default" : "this site");
    }
    table_print(&table, cli->out, "There are no rules.");
    table_deinit(&table);
    return EXIT_DONE;
}

static enum exit_code run_list(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_ANYBODY, "due.table", NULL, &result);
    return code == EXIT_DONE ? print_rules(cli, result) : code;
}

static enum exit_code change(struct cli *cli, const char *method, struct request *request)
{
    struct bytes result;
    request_text(request, "category", options_value(cli->options, "category"));
    request_text(request, "tier", options_value(cli->options, "tier"));
    enum exit_code code = ask(cli, ASK_PERSON, method, request, &result);
    return code == EXIT_DONE ? print_rules(cli, result) : code;
}

static enum exit_code run_set(struct cli *cli)
{
    struct request request = {0};
    uint64_t days;
    if (!options_number(cli->options, "days", &days))
        return cli_usage(cli, "--days is a number");
    request_text(&request, "wait", cli->options->words[0]);
    request_uint(&request, "days", days);
    return change(cli, "due.set", &request);
}

static enum exit_code run_reset(struct cli *cli)
{
    struct request request = {0};
    if (cli->options->words_len > 0)
        request_text(&request, "wait", cli->options->words[0]);
    return change(cli, "due.reset", &request);
}

#define WAITS "settle|follow-up|confirm|cooling-off|answer|release"
#define TIERS "village|township|county|department"

const struct verb cmd_due_verbs[] = {
    {
        .name = "due",
        .arguments = "[--overdue] [--limit N]",
        .help = "What waits until when, the earliest day first.\n"
                "Cases to be settled and followed up, agreements that the court can be "
                "asked to confirm,\ncooling-off times, tasks, records to be answered, "
                "requests to "
                "be released. "
                "Where no clock is trusted, each line says so,\nand nothing hangs on it.",
        .example = "due --overdue",
        .run = run_due,
        .options = {{.name = "overdue"}, {.name = "limit", .value = "N"}},
    },
    {
        .name = "due list",
        .arguments = "",
        .help = "How many days each wait may take: this site's rules, then what holds "
                "without them.",
        .example = "due list",
        .run = run_list,
    },
    {
        .name = "due set",
        .arguments = WAITS " --days N\n"
                           "       [--category C] [--tier " TIERS "]",
        .help = "A steward says how many days a wait may take (0: there is no such "
                "wait).\nThe rule of a category comes before the one of a tier, and both "
                "before the one for all.",
        .example = "due set cooling-off --days 30 --category 婚姻家庭",
        .words_min = 1,
        .words_max = 1,
        .run = run_set,
        .options = {{.name = "days", .value = "N", .is_required = true},
                    {.name = "category", .value = "C"},
                    {.name = "tier", .value = TIERS}},
    },
    {
        .name = "due reset",
        .arguments = "[" WAITS " [--category C] [--tier " TIERS "]]",
        .help = "Take back a rule of this site, or all of them.",
        .example = "due reset cooling-off --category 婚姻家庭",
        .words_max = 1,
        .run = run_reset,
        .options = {{.name = "category", .value = "C"}, {.name = "tier", .value = TIERS}},
    },
    {.name = NULL},
};
