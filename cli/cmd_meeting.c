/* agenda; meeting begin, item, done, list, show: the weekly meeting of a township. */
#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/reply.h"
#include "cli/table.h"

static void add_item(struct table *table, struct bytes item)
{
    struct bytes number = answer_text(item, "number");
    table_id(table, answer_bin(item, "item"));
    if (number.len > 0)
        table_text(table, number);
    else
        table_id(table, answer_bin(item, "about"));
    table_text(table, answer_text(item, "title"));
    table_text(table, answer_text(item, "text"));
    table_text(table, answer_text(item, "owner"));
    table_text(table, answer_text(item, "due"));
}

/* --- agenda --- */

static void print_records(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"record", "from",  "title",
                                         "why",    "until", "state"};
    struct bytes one;
    struct table table;
    table_init(&table, titles, 6);
    struct answer_list rows = answer_list(result, "records");
    while (answer_next(&rows, &one)) {
        table_id(&table, answer_bin(one, "escalation"));
        table_text(&table, answer_text(one, "from_name"));
        table_text(&table, answer_text(one, "title"));
        table_field(&table, one, "why");
        table_text(&table, answer_text(one, "due"));
        table_text(&table, answer_text(one, "state"));
    }
    table_print(&table, out, "No record has to be talked about.");
    table_deinit(&table);
}

static void print_open(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"open item", "about", "title", "what",
                                         "who",       "until", ""};
    struct bytes one, item;
    struct table table;
    table_init(&table, titles, 7);
    struct answer_list rows = answer_list(result, "open");
    while (answer_next(&rows, &one)) {
        if (!answer_field(one, "item", &item))
            continue;
        add_item(&table, item);
        table_mark(&table, answer_is_true(one, "overdue"), "overdue");
    }
    table_print(&table, out, "The last meetings left nothing open.");
    table_deinit(&table);
}

static enum exit_code run_agenda(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    uint64_t limit;
    if (!options_positive(cli->options, "limit", &limit))
        return cli_usage(cli, "--limit is a number of rows, 1 or more");
    if (limit > 0)
        request_uint(&request, "limit", limit);
    enum exit_code code = ask(cli, ASK_ANYBODY, "agenda", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    print_records(cli->out, result);
    if (answer_uint(result, "left_out") > 0)
        fprintf(cli->out, "… and %llu more (--limit)\n",
                (unsigned long long)answer_uint(result, "left_out"));
    if (!answer_is_true(result, "clock_trusted"))
        fputs("The clock is not trusted: nobody knows what is overdue.\n", cli->out);
    fputc('\n', cli->out);
    print_open(cli->out, result);
    return EXIT_DONE;
}

/* --- a meeting --- */

static enum exit_code run_begin(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    request_text(&request, "day", options->words[0]);
    request_text(&request, "text", options_value(options, "text"));
    return reply_step(cli, "meeting.begin", &request, "The meeting is begun.");
}

static enum exit_code run_item(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct buf owned = {0};
    struct bytes text;
    if (options_has(options, "case") == options_has(options, "escalation"))
        return cli_usage(cli, "an item is about --case NUMBER or --escalation ID");
    enum exit_code code = ask_input(cli, options->words[0], &owned, &text);
    if (code == EXIT_DONE) {
        request_bytes_text(&request, "text", text);
        request_text(&request, "owner", options_value(options, "owner"));
        request_text(&request, "due", options_value(options, "due"));
        request_text(&request, "case", options_value(options, "case"));
        request_text(&request, "escalation", options_value(options, "escalation"));
        request_text(&request, "meeting", options_value(options, "meeting"));
        request_bool(&request, "as_task", options_has(options, "as-task"));
        code = reply_step(cli, "meeting.item", &request, "The item is kept.");
    }
    request_deinit(&request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_done(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "item", cli->options->words[0]);
    request_text(&request, "text", options_value(cli->options, "remark"));
    return reply_step(cli, "meeting.done", &request, "The item is done.");
}

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"meeting", "day", "items", "open"};
    struct request request = {0};
    struct bytes result, one;
    struct table table;
    uint64_t limit;
    if (!options_positive(cli->options, "limit", &limit))
        return cli_usage(cli, "--limit is a number of rows, 1 or more");
    if (limit > 0)
        request_uint(&request, "limit", limit);
    enum exit_code code = ask(cli, ASK_ANYBODY, "meeting.list", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    table_init(&table, titles, 4);
    struct answer_list meetings = answer_list(result, "meetings");
    while (answer_next(&meetings, &one)) {
        table_id(&table, answer_bin(one, "meeting"));
        table_text(&table, answer_text(one, "day"));
        table_uint(&table, answer_uint(one, "items"));
        table_uint(&table, answer_uint(one, "open"));
    }
    table_print(&table, cli->out, "There was no meeting yet.");
    table_deinit(&table);
    return EXIT_DONE;
}

static enum exit_code run_show(struct cli *cli)
{
    static const char *const titles[] = {"item", "about", "title", "what",
                                         "who",  "until", ""};
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result, one, item;
    struct table table;
    if (options->words_len > 0)
        request_text(&request, "meeting", options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "meeting.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    outline_text(cli->out, "day", answer_text(result, "day"));
    outline_text(cli->out, "minutes", answer_text(result, "text"));
    table_init(&table, titles, 7);
    struct answer_list rows = answer_list(result, "items");
    while (answer_next(&rows, &one)) {
        if (!answer_field(one, "item", &item))
            continue;
        add_item(&table, item);
        table_mark(&table, answer_is_true(one, "done"), "done");
    }
    table_print(&table, cli->out, "It has no items.");
    table_deinit(&table);
    return EXIT_DONE;
}

const struct verb cmd_meeting_verbs[] = {
    {
        .name = "agenda",
        .arguments = "[--limit N]",
        .help = "What the weekly meeting has to talk about: records of others that are "
                "joint, overdue, sent on, that\nnobody serves, or that wait; and what "
                "the last meetings left open.",
        .example = "agenda",
        .run = run_agenda,
        .options = {{.name = "limit", .value = "N"}},
    },
    {
        .name = "meeting begin",
        .arguments = "YYYY-MM-DD [--text T]",
        .help = "Keep that a meeting is held on that day, and its minutes.",
        .example = "meeting begin 2026-11-27 --text 水利站、司法所到会",
        .words_min = 1,
        .words_max = 1,
        .run = run_begin,
        .options = {{.name = "text", .value = "T"}},
    },
    {
        .name = "meeting item",
        .arguments = "TEXT --owner WHO --due YYYY-MM-DD (--case NUMBER | --escalation ID "
                     "[--as-task]) [--meeting MEETING]",
        .help = "What was decided about a case or a record: who does what until when. A "
                "TEXT of \"-\" is read from\nstandard input. --as-task: a task in the "
                "record too, which its other holders see.\n"
                "MEETING: its first 8 digits or more; without it the newest.",
        .example =
            "meeting item 现场查看水渠 --owner 水利站 --due 2026-12-04 --escalation "
            "3f9a01c2 --as-task",
        .words_min = 1,
        .words_max = 1,
        .run = run_item,
        .options = {{.name = "owner", .value = "WHO", .is_required = true},
                    {.name = "due", .value = "YYYY-MM-DD", .is_required = true},
                    {.name = "case", .value = "NUMBER"},
                    {.name = "escalation", .value = "ID"},
                    {.name = "as-task"},
                    {.name = "meeting", .value = "MEETING"}},
    },
    {
        .name = "meeting done",
        .arguments = "ITEM [--remark R]",
        .help = "An item is done. ITEM: its first 8 digits or more, as agenda has them.",
        .example = "meeting done 3f9a01c2 --remark 已查看",
        .words_min = 1,
        .words_max = 1,
        .run = run_done,
        .options = {{.name = "remark", .value = "R"}},
    },
    {
        .name = "meeting list",
        .arguments = "[--limit N]",
        .help = "The meetings, the newest first, and how many of their items are open.",
        .example = "meeting list",
        .run = run_list,
        .options = {{.name = "limit", .value = "N"}},
    },
    {
        .name = "meeting show",
        .arguments = "[MEETING]",
        .help = "One meeting, or the newest, with its items.",
        .example = "meeting show 3f9a01c2",
        .words_max = 1,
        .run = run_show,
    },
    {.name = NULL},
};
