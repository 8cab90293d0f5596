/* case new, list, show: writing a matter down and finding it again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/csv.h"
#include "cli/outline.h"
#include "cli/party.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "cli/view_print.h"
#include "node/cases/minor.h"

static enum exit_code add_parties(struct cli *cli, struct request *request)
{
    struct party_list parties = {0};
    const char *text;
    bool is_minor = options_has(cli->options, "minor");
    for (uint32_t n = 0; (text = options_nth(cli->options, "party", n)); n++) {
        if (is_minor && !party_add_role(&parties, text))
            return cli_usage(cli,
                             "with --minor a --party is a role: " MINOR_ROLES
                             "; a second one is parent-2; at most %d of them",
                             PARTIES_MAX);
        if (!is_minor && !party_add(&parties, text))
            return cli_usage(cli,
                             "--party is an alias and a role, as 张某:applicant; at "
                             "most %d of them",
                             PARTIES_MAX);
    }
    party_request(&parties, request);
    if (is_minor)
        request_bool(request, "minor", true);
    return EXIT_DONE;
}

static enum exit_code run_new(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result;
    struct bytes narrative;
    struct buf owned = {0};
    enum exit_code code =
        ask_input(cli, options_value(options, "narrative"), &owned, &narrative);
    if (code != EXIT_DONE)
        goto free_owned;
    request_text(&request, "category", options_value(options, "category"));
    request_text(&request, "title", options_value(options, "title"));
    request_bytes_text(&request, "narrative", narrative);
    request_text(&request, "context", options_value(options, "context"));
    request_text(&request, "place", options_value(options, "place"));
    request_text(&request, "wish", options_value(options, "wish"));
    request_text(&request, "found_by", options_value(options, "found-by"));
    code = add_parties(cli, &request);
    if (code == EXIT_DONE)
        code = ask(cli, ASK_PERSON, "case.new", &request, &result);
    if (code != EXIT_DONE)
        goto free_owned;
    if (options->is_json) {
        code = ask_print_json(cli, result);
    } else {
        fputs("Saved. Its number:\n", cli->out);
        printable_print(cli->out, answer_text(result, "number"));
        fputc('\n', cli->out);
    }
free_owned:
    request_deinit(&request);
    buf_deinit(&owned);
    return code;
}

/* A flag of the API may come as a number (how many) or as a list. */
static uint64_t count_of(struct bytes map, const char *name)
{
    struct pack_reader reader;
    uint32_t count = answer_list(map, name, &reader);
    return count > 0 ? count : answer_uint(map, name);
}

static void print_cases(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"number", "state", "opened",   "category",
                                         "title",  "sent",  "conflicts"};
    struct pack_reader reader;
    struct bytes one;
    struct table table;
    table_init(&table, titles, 7);
    uint32_t left = answer_list(result, "cases", &reader);
    for (; left > 0 && answer_next(&reader, &one); left--) {
        table_text(&table, answer_text(one, "number"));
        table_text(&table, answer_text(one, "state"));
        table_time(&table, answer_uint(one, "opened"));
        table_text(&table, answer_text(one, "category"));
        table_text(&table, answer_text(one, "title"));
        table_uint(&table, count_of(one, "escalations"));
        table_uint(&table, count_of(one, "conflicts"));
    }
    table_print(&table, out, "No cases.");
    table_deinit(&table);
}

static void print_cases_csv(FILE *out, struct bytes result)
{
    struct pack_reader reader;
    struct bytes one;
    uint32_t left = answer_list(result, "cases", &reader);
    fputs("number,state,opened,category,title\r\n", out);
    for (; left > 0 && answer_next(&reader, &one); left--) {
        char opened[24];
        time_text(opened, answer_uint(one, "opened"));
        csv_write(out, answer_text(one, "number"), CSV_FIRST);
        csv_write(out, answer_text(one, "state"), CSV_INNER);
        csv_write(out, bytes_str(opened), CSV_INNER);
        csv_write(out, answer_text(one, "category"), CSV_INNER);
        csv_write(out, answer_text(one, "title"), CSV_LAST);
    }
}

static enum exit_code run_list(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    if (cli->options->is_json && options_has(cli->options, "csv"))
        return cli_usage(cli, "--json and --csv exclude each other");
    request_text(&request, "state", options_value(cli->options, "state"));
    enum exit_code code = ask(cli, ASK_ANYBODY, "case.list", &request, &result);
    if (code != EXIT_DONE)
        return code;
    if (cli->options->is_json)
        return ask_print_json(cli, result);
    if (options_has(cli->options, "csv"))
        print_cases_csv(cli->out, result);
    else
        print_cases(cli->out, result);
    return EXIT_DONE;
}

/* What went up of it, and what became of that. */
static void print_records(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"sent up as", "state", "because of danger"};
    struct pack_reader reader;
    struct bytes one, danger;
    struct table table;
    uint32_t left = answer_list(result, "records", &reader);
    if (left == 0)
        return;
    table_init(&table, titles, 3);
    for (; left > 0 && answer_next(&reader, &one); left--) {
        table_hex(&table, answer_bin(one, "escalation"));
        table_text(&table, answer_text(one, "state"));
        bool is_danger =
            answer_field(one, "danger", &danger) && answer_text(danger, "reason").len > 0;
        table_words(&table, !is_danger ? ""
                            : answer_is_true(danger, "confirmed")
                                ? "yes, a steward stands by it"
                                : "yes, NOT confirmed: fengqiao confirm");
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
    struct bytes unserved;
    struct pack_reader reader;
    request_text(&request, "case", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "case.show", &request, &result);
    if (code != EXIT_DONE || cli->options->is_json)
        return code == EXIT_DONE ? ask_print_json(cli, result) : code;
    outline_text(cli->out, "number", answer_text(result, "number"));
    (void)answer_field(result, "names", &names); /* without it ids are shown */
    if (answer_field(result, "view", &view))
        view_print(cli->out, view, names);
    print_records(cli->out, result);
    if (answer_list(result, "unserved", &reader) > 0 &&
        answer_field(result, "unserved", &unserved))
        outline_field(cli->out, "服务缺位", unserved);
    return EXIT_DONE;
}

const struct verb cmd_case_verbs[] = {
    {
        .name = "case new",
        .arguments =
            "--category C --title T --narrative N [--context X] [--place P] "
            "[--wish W]\n       [--found-by F] [--party ALIAS:ROLE]... [--minor]",
        .help = "Write down a matter.\n"
                "Parties are aliases. --minor: it is about a minor; a party is then "
                "a role alone (--party child\n--party parent), names are written "
                "nowhere, and it stays out of search and export.\nA narrative of \"-\" "
                "is read from standard input. "
                "The number of the case\nstands alone on the last line.",
        .example = "case new --category 邻里 --title 排水沟 --narrative 雨水流进院子 "
                   "--party 张某:applicant",
        .run = run_new,
        .options = {{.name = "category", .value = "C", .is_required = true},
                    {.name = "title", .value = "T", .is_required = true},
                    {.name = "narrative", .value = "N", .is_required = true},
                    {.name = "context", .value = "X"},
                    {.name = "place", .value = "P"},
                    {.name = "wish", .value = "W"},
                    {.name = "found-by", .value = "F"},
                    {.name = "party", .value = "ALIAS:ROLE", .may_repeat = true},
                    {.name = "minor"}},
    },
    {
        .name = "case list",
        .arguments = "[--state S] [--csv]",
        .help = "The cases of this village, newest first.\n"
                "States: registered, triaged, handling, escalated, settled, followed-up, "
                "closed.",
        .example = "case list --state registered",
        .run = run_list,
        .options = {{.name = "state", .value = "S"}, {.name = "csv"}},
    },
    {
        .name = "case show",
        .arguments = "NUMBER",
        .help = "Everything about one case, the context first.",
        .example = "case show 2026-0001",
        .words_min = 1,
        .words_max = 1,
        .run = run_show,
    },
    {.name = NULL},
};
