/* checklist set, list; round begin, look, finding, as-case: what is looked at, and found.
 */
#include "cli/answer.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"

/* --- checklists --- */

static enum exit_code run_set(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    request_text(&request, "title", options->words[0]);
    request_words(&request, "places", options_value(options, "places"));
    request_words(&request, "topics", options_value(options, "topics"));
    return reply_step(cli, "checklist.set", &request, "The list is kept.");
}

static enum exit_code run_lists(struct cli *cli)
{
    static const char *const titles[] = {"title", "places", "topics", "versions"};
    struct bytes result, one;
    struct table table;
    enum exit_code code = ask(cli, ASK_ANYBODY, "checklist.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    table_init(&table, titles, 4);
    struct answer_list rows = answer_list(result, "lists");
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "title"));
        table_field(&table, one, "places");
        table_field(&table, one, "topics");
        table_uint(&table, answer_uint(one, "versions"));
    }
    table_print(&table, cli->out, "There are no checklists here.");
    table_deinit(&table);
    return EXIT_DONE;
}

/* --- a round --- */

static enum exit_code run_begin(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    if (options->words_len > 0)
        request_text(&request, "list", options->words[0]);
    request_text(&request, "day", options_value(options, "day"));
    return reply_step(cli, "round.begin", &request, "The round is begun.");
}

static void add_spot(const struct options *options, struct request *request)
{
    request_text(request, "place", options->words[0]);
    request_text(request, "topic", options->words[1]);
    request_text(request, "round", options_value(options, "round"));
}

static enum exit_code run_look(struct cli *cli)
{
    struct request request = {0};
    add_spot(cli->options, &request);
    return reply_step(cli, "round.look", &request, "Looked at, and well.");
}

/* The number of the case stands alone on the last line. */
static enum exit_code reply_case(struct cli *cli, const char *method,
                                 struct request *request)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_PERSON, method, request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fputs("The finding became a case. Its number:\n", cli->out);
    printable_print(cli->out, answer_text(result, "number"));
    fputc('\n', cli->out);
    return EXIT_DONE;
}

static enum exit_code run_finding(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct buf owned = {0};
    struct bytes text;
    bool is_case = options_has(options, "as-case");
    if (is_case != options_has(options, "category"))
        return cli_usage(cli, "a case has a category: --as-case --category C");
    enum exit_code code = ask_input(cli, options->words[2], &owned, &text);
    if (code == EXIT_DONE) {
        add_spot(options, &request);
        request_bytes_text(&request, "text", text);
        request_bool(&request, "as_case", is_case);
        request_text(&request, "category", options_value(options, "category"));
        request_text(&request, "title", options_value(options, "title"));
        code = is_case
                   ? reply_case(cli, "round.finding", &request)
                   : reply_step(cli, "round.finding", &request, "The finding is noted.");
    }
    request_deinit(&request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_case(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    request_text(&request, "finding", options->words[0]);
    request_text(&request, "round", options_value(options, "round"));
    request_text(&request, "category", options_value(options, "category"));
    request_text(&request, "title", options_value(options, "title"));
    return reply_case(cli, "round.case", &request);
}

const struct verb cmd_round_verbs[] = {
    {
        .name = "checklist set",
        .arguments = "TITLE --places P,… --topics T,…",
        .help = "Keep a list of places and topics for rounds, or a new version of it.\n"
                "Public places and topics, never households or persons.",
        .example = "checklist set 汛前排查 --places 桥头,学校,老戏台 --topics 排水,用电",
        .words_min = 1,
        .words_max = 1,
        .run = run_set,
        .options = {{.name = "places", .value = "P,…", .is_required = true},
                    {.name = "topics", .value = "T,…", .is_required = true}},
    },
    {
        .name = "checklist list",
        .arguments = "",
        .help = "The checklists, each in its newest version.",
        .example = "checklist list",
        .run = run_lists,
    },
    {
        .name = "round begin",
        .arguments = "[CHECKLIST] [--day YYYY-MM-DD]",
        .help = "Begin a round over the places and topics of a checklist, as it stands "
                "now.",
        .example = "round begin 汛前排查 --day 2026-05-02",
        .words_max = 1,
        .run = run_begin,
        .options = {{.name = "day", .value = "YYYY-MM-DD"}},
    },
    {
        .name = "round look",
        .arguments = "PLACE TOPIC [--round ROUND]",
        .help = "This was looked at, and all is well.\n"
                "ROUND: its first 8 digits or more, as round list has them; without it "
                "the newest.",
        .example = "round look 桥头 排水",
        .words_min = 2,
        .words_max = 2,
        .run = run_look,
        .options = {{.name = "round", .value = "ROUND"}},
    },
    {
        .name = "round finding",
        .arguments = "PLACE TOPIC TEXT [--round ROUND] [--as-case --category C [--title "
                     "T]]",
        .help = "This was looked at, and something was found. A TEXT of \"-\" is read "
                "from standard input.\n"
                "--as-case: it becomes a case at once, found by a round.",
        .example = "round finding 学校 用电 墙上的线露在外面 --as-case --category 安全",
        .words_min = 3,
        .words_max = 3,
        .run = run_finding,
        .options = {{.name = "round", .value = "ROUND"},
                    {.name = "as-case"},
                    {.name = "category", .value = "C"},
                    {.name = "title", .value = "T"}},
    },
    {
        .name = "round as-case",
        .arguments = "FINDING --category C [--title T] [--round ROUND]",
        .help = "A finding that was noted before becomes a case.\n"
                "FINDING: its first 8 digits or more, as round show has them.",
        .example = "round as-case 3f9a01c2 --category 安全",
        .words_min = 1,
        .words_max = 1,
        .run = run_case,
        .options = {{.name = "category", .value = "C", .is_required = true},
                    {.name = "title", .value = "T"},
                    {.name = "round", .value = "ROUND"}},
    },
    {.name = NULL},
};
