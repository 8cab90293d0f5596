/* case new, show: writing a matter down and looking at it. */
#include "cli/answer.h"
#include "cli/case_options.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "cli/view_print.h"

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
    request_bytes_text(&request, "narrative", narrative);
    code = case_options_add(cli, &request);
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

/* What went up of it, and what became of that. */
static void print_records(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"sent up as", "state", "because of danger"};
    struct bytes one, danger;
    struct table table;
    struct answer_list rows = answer_list(result, "records");
    if (rows.left == 0)
        return;
    table_init(&table, titles, 3);
    while (answer_next(&rows, &one)) {
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
    request_text(&request, "case", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "case.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    outline_text(cli->out, "number", answer_text(result, "number"));
    (void)answer_field(result, "names", &names); /* without it ids are shown */
    if (answer_field(result, "view", &view))
        view_print(cli->out, view, names);
    print_records(cli->out, result);
    if (answer_list(result, "unserved").left > 0 &&
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
        .options = {CASE_OPTIONS,
                    {.name = "narrative", .value = "N", .is_required = true}},
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
