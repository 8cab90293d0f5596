/* retention: how long cases are kept, what will be erased, and a steward's words. */
#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/reply.h"
#include "cli/table.h"

/* --- list --- */

static struct bytes category_words(struct bytes category)
{
    if (bytes_equal_str(category, "*"))
        return bytes_str("(all others)");
    return bytes_equal_str(category, "minor") ? bytes_str("(minors)") : category;
}

static void print_rules(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"category", "years after closing",
                                         "of which identities"};
    struct bytes rule;
    struct table table;
    table_init(&table, titles, 3);
    struct answer_list rows = answer_list(result, "rules");
    while (answer_next(&rows, &rule)) {
        table_text(&table, category_words(answer_text(rule, "category")));
        table_uint(&table, answer_uint(rule, "years"));
        table_uint(&table, answer_uint(rule, "identity_years"));
    }
    table_print(&table, out, "There are no rules.");
    table_deinit(&table);
}

static void print_notices(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"case", "will be erased", "in days of running"};
    struct bytes notice;
    struct table table;
    table_init(&table, titles, 3);
    struct answer_list rows = answer_list(result, "notices");
    while (answer_next(&rows, &notice)) {
        table_text(&table, answer_text(notice, "number"));
        table_text(&table, answer_text(notice, "what"));
        table_uint(&table, answer_uint(notice, "days_left"));
    }
    table_print(&table, out, "Nothing is about to be erased.");
    table_deinit(&table);
}

static enum exit_code run_list(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_ANYBODY, "retention.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    print_rules(cli->out, result);
    fputc('\n', cli->out);
    print_notices(cli->out, result);
    fputc('\n', cli->out);
    outline_text(cli->out, "clock", answer_text(result, "clock"));
    return EXIT_DONE;
}

/* --- set --- */

/* False: no number of years. */
static bool add_years(const struct options *options, const char *option,
                      struct request *request, const char *name)
{
    uint64_t years;
    if (!options_number(options, option, &years))
        return false;
    if (options_has(options, option))
        request_uint(request, name, years);
    return true;
}

static enum exit_code reply_done(struct cli *cli, const char *method,
                                 struct request *request, const char *words)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_PERSON, method, request, &result);
    if (code == EXIT_DONE && cli->options->is_json)
        return ask_print_json(cli, result);
    if (code == EXIT_DONE)
        fprintf(cli->out, "%s\n", words);
    return code;
}

static enum exit_code run_set(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    request_text(&request, "category", options->words[0]);
    if (add_years(options, "years", &request, "years") &&
        add_years(options, "identity-years", &request, "identity_years"))
        return reply_done(cli, "retention.set", &request, "The rule is set.");
    request_deinit(&request);
    return cli_usage(cli, "--years and --identity-years are whole numbers");
}

/* --- keep, trust-clock --- */

static enum exit_code run_keep(struct cli *cli)
{
    const struct options *options = cli->options;
    bool ends = options_has(options, "end");
    struct request request = {0};
    request_text(&request, "case", options->words[0]);
    request_text(&request, "reason", options_value(options, "reason"));
    if (ends)
        request_bool(&request, "end", true);
    return reply_step(cli, "retention.keep", &request,
                      ends ? "The rule holds again." : "It is kept, whatever the rule.");
}

static enum exit_code run_trust_clock(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "today", options_value(cli->options, "today"));
    return reply_done(cli, "retention.trust_clock", &request,
                      "The clock counts as right until it jumps.");
}

const struct verb cmd_retention_verbs[] = {
    {
        .name = "retention list",
        .arguments = "",
        .help = "For how long closed cases are kept, and what is about to be erased.\n"
                "It also says whether the clock is trusted. Nothing is erased by time "
                "alone: a notice stands\nfor 30 days of running first. What went up of a "
                "case is erased here with it; who received it\nkeeps it until it is "
                "recalled.",
        .example = "retention list",
        .run = run_list,
    },
    {
        .name = "retention set",
        .arguments = "CATEGORY --years N [--identity-years N]",
        .help = "Keep closed cases of a category for N years; what is sealed of parties "
                "not longer.\nA CATEGORY of \"*\" stands for all that have no rule of "
                "their own, \"minor\" for cases of minors.",
        .example = "retention set 邻里 --years 5 --identity-years 1",
        .words_min = 1,
        .words_max = 1,
        .run = run_set,
        .options = {{.name = "years", .value = "N", .is_required = true},
                    {.name = "identity-years", .value = "N"}},
    },
    {
        .name = "retention keep",
        .arguments = "NUMBER --reason R [--end]",
        .help = "A steward keeps a case beyond its time; --end: no longer.",
        .example = "retention keep 2026-0001 --reason 法院调卷",
        .words_min = 1,
        .words_max = 1,
        .run = run_keep,
        .options = {{.name = "reason", .value = "R", .is_required = true},
                    {.name = "end"}},
    },
    {
        .name = "retention trust-clock",
        .arguments = "--today DATE",
        .help = "Where no network sets the clock: a steward says that it is right, and "
                "what day it is.",
        .example = "retention trust-clock --today 2026-11-30",
        .run = run_trust_clock,
        .options = {{.name = "today", .value = "DATE", .is_required = true}},
    },
    {.name = NULL},
};
