/* case list, inbox: many records at a glance, on a terminal or for a spreadsheet. */
#include "cli/options.h"
#include "cli/pages.h"
#include "cli/sheet.h"

static const struct sheet_column case_columns[] = {
    {"number", "number", SHEET_TEXT},       {"state", "state", SHEET_TEXT},
    {"opened", "opened", SHEET_TIME},       {"category", "category", SHEET_TEXT},
    {"title", "title", SHEET_TEXT},         {"sent", "escalations", SHEET_UINT},
    {"conflicts", "conflicts", SHEET_UINT},
};

static const struct sheet_column inbox_columns[] = {
    {"escalation", "escalation", SHEET_ID},
    {"from", "from_name", SHEET_TEXT},
    {"received", "received", SHEET_TIME},
    {"state", "state", SHEET_TEXT},
    {"title", "title", SHEET_TEXT},
    {"reason", "reason", SHEET_TEXT},
    {"nobody serves it", "unserved", SHEET_FLAG},
};

#define COLUMNS(of) of##_columns, sizeof(of##_columns) / sizeof(of##_columns[0])

/* One of the forms in which a list may be wanted. */
static enum exit_code give(struct cli *cli, const struct sheet *sheet)
{
    const char *file = options_value(cli->options, "xlsx");
    struct err err = {0};
    if (file) {
        enum status status = sheet_xlsx(sheet, file, &err);
        return status == STATUS_OK ? EXIT_DONE : cli_refuse(cli, status, &err);
    }
    if (cli->options->is_json)
        return ask_print_json(cli, sheet->result);
    if (options_has(cli->options, "csv")) {
        enum status status = sheet_csv(sheet, cli->out);
        return status == STATUS_OK ? EXIT_DONE : cli_refuse(cli, status, &err);
    }
    sheet_print(sheet, cli->out);
    return EXIT_DONE;
}

/* What goes into a file of its own goes on from there: cases of minors do not. */
static void fill_export(const struct cli *cli, struct request *request)
{
    if (options_has(cli->options, "csv") || options_has(cli->options, "xlsx"))
        request_bool(request, "export", true);
}

static bool has_two_forms(const struct cli *cli)
{
    return cli->options->is_json + options_has(cli->options, "csv") +
               options_has(cli->options, "xlsx") >
           1;
}

static void fill_case_list(struct cli *cli, struct request *request)
{
    static const char *const flags[] = {"conflicts", "escalated", "mine"};
    request_text(request, "party", options_value(cli->options, "party"));
    fill_export(cli, request);
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (options_has(cli->options, flags[i]))
            request_bool(request, flags[i], true);
}

static enum exit_code run_case_list(struct cli *cli)
{
    struct buf result = {0};
    enum ask_who who = options_has(cli->options, "mine") ? ASK_PERSON : ASK_ANYBODY;
    if (has_two_forms(cli))
        return cli_usage(cli, "--json, --csv and --xlsx exclude each other");
    enum exit_code code =
        pages_ask(cli, who, "case.list", "cases", fill_case_list, &result);
    const struct sheet sheet = {COLUMNS(case), buf_bytes(&result), "cases", "No cases."};
    if (code == EXIT_DONE)
        code = give(cli, &sheet);
    buf_deinit(&result);
    return code;
}

static void fill_inbox(struct cli *cli, struct request *request)
{
    fill_export(cli, request);
    request_text(request, "from", options_value(cli->options, "from"));
    if (options_has(cli->options, "unserved"))
        request_bool(request, "unserved", true);
}

static enum exit_code run_inbox(struct cli *cli)
{
    struct buf result = {0};
    if (has_two_forms(cli))
        return cli_usage(cli, "--json, --csv and --xlsx exclude each other");
    enum exit_code code =
        pages_ask(cli, ASK_ANYBODY, "inbox", "escalations", fill_inbox, &result);
    const struct sheet sheet = {COLUMNS(inbox), buf_bytes(&result), "escalations",
                                "Nothing was sent here."};
    if (code == EXIT_DONE)
        code = give(cli, &sheet);
    buf_deinit(&result);
    return code;
}

const struct verb cmd_list_verbs[] = {
    {
        .name = "case list",
        .arguments = "[--state S] [--category C] [--since DAY] [--until DAY]\n"
                     "       [--party ALIAS] [--conflicts] [--escalated] [--mine]\n"
                     "       [--limit N] [--after CASE] [--csv | --xlsx FILE]",
        .help =
            "The cases of this village, newest first; each filter given narrows them.\n"
            "DAY is the day on which a case says that it was opened, as 2026-11-30. "
            "--mine: those that the\nperson of --as wrote down. --limit takes N rows; "
            "--after goes on behind the case it names, while\nothers write. --csv: for a "
            "spreadsheet (UTF-8 with a mark; a text that would run as a formula\nbegins "
            "with an apostrophe), without cases of minors; --xlsx: the same as a file of "
            "Excel.",
        .example = "case list --state registered --since 2026-01-01 --limit 20",
        .run = run_case_list,
        .options = {{.name = "state", .value = "S"},
                    {.name = "category", .value = "C"},
                    {.name = "since", .value = "DAY"},
                    {.name = "until", .value = "DAY"},
                    {.name = "limit", .value = "N"},
                    {.name = "after", .value = "RECORD"},
                    {.name = "csv"},
                    {.name = "xlsx", .value = "FILE"},
                    {.name = "party", .value = "ALIAS"},
                    {.name = "conflicts"},
                    {.name = "escalated"},
                    {.name = "mine"}},
    },
    {
        .name = "inbox",
        .arguments =
            "[--state S] [--category C] [--since DAY] [--until DAY] [--from SITE]\n"
            "       [--unserved] [--limit N] [--after ESCALATION] [--csv | --xlsx FILE]",
        .help =
            "What other sites sent here, the newest first; filters and pages as in "
            "case list.\nSITE is a name or an id. --unserved: those that nobody serves.",
        .example = "inbox --state opened --from 枫源村",
        .run = run_inbox,
        .options = {{.name = "state", .value = "S"},
                    {.name = "category", .value = "C"},
                    {.name = "since", .value = "DAY"},
                    {.name = "until", .value = "DAY"},
                    {.name = "limit", .value = "N"},
                    {.name = "after", .value = "RECORD"},
                    {.name = "csv"},
                    {.name = "xlsx", .value = "FILE"},
                    {.name = "from", .value = "SITE"},
                    {.name = "unserved"}},
    },
    {.name = NULL},
};
