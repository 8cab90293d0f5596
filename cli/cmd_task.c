/* case task, case task-done, task list: who does what, and until when. */
#include "cli/due_print.h"
#include "cli/options.h"
#include "cli/reply.h"

static enum exit_code run_task(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct buf owned = {0};
    struct bytes text;
    enum exit_code code = ask_input(cli, options->words[1], &owned, &text);
    if (code == EXIT_DONE) {
        request_text(&request, "case", options->words[0]);
        request_bytes_text(&request, "text", text);
        request_text(&request, "owner", options_value(options, "owner"));
        request_text(&request, "due", options_value(options, "due"));
        code = reply_step(cli, "case.task", &request, "The task is noted.");
    }
    request_deinit(&request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_done(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    request_text(&request, "case", options->words[0]);
    request_text(&request, "task", options->words[1]);
    request_text(&request, "remark", options_value(options, "remark"));
    return reply_step(cli, "case.task_done", &request, "The task is done.");
}

static enum exit_code run_list(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result;
    uint64_t limit;
    if (!options_positive(options, "limit", &limit))
        return cli_usage(cli, "--limit is a number of rows, 1 or more");
    request_text(&request, "case", options_value(options, "case"));
    request_bool(&request, "overdue", options_has(options, "overdue"));
    request_bool(&request, "all", options_has(options, "all"));
    if (limit > 0)
        request_uint(&request, "limit", limit);
    enum exit_code code = ask(cli, ASK_ANYBODY, "task.list", &request, &result);
    if (code != EXIT_DONE)
        return code;
    if (options->is_json)
        return ask_print_json(cli, result);
    due_print(cli->out, result,
              options_has(options, "overdue") ? "No task is overdue." : "No tasks.");
    return EXIT_DONE;
}

const struct verb cmd_task_verbs[] = {
    {
        .name = "case task",
        .arguments = "NUMBER TEXT --owner WHO --due YYYY-MM-DD",
        .help = "Give a task in a case to somebody, until a day.\n"
                "A TEXT of \"-\" is read from standard input.",
        .example = "case task 2026-0001 量一量沟有多宽 --owner 李调解 --due 2026-12-01",
        .words_min = 2,
        .words_max = 2,
        .run = run_task,
        .options = {{.name = "owner", .value = "WHO", .is_required = true},
                    {.name = "due", .value = "YYYY-MM-DD", .is_required = true}},
    },
    {
        .name = "case task-done",
        .arguments = "NUMBER TASK [--remark R]",
        .help = "A task is done. TASK: its first 8 digits or more, as task list has "
                "them.",
        .example = "case task-done 2026-0001 3f9a01c2 --remark 两尺宽",
        .words_min = 2,
        .words_max = 2,
        .run = run_done,
        .options = {{.name = "remark", .value = "R"}},
    },
    {
        .name = "task list",
        .arguments = "[--overdue] [--all] [--case NUMBER] [--limit N]",
        .help = "Tasks of the cases that are open, the earliest day first.\n"
                "--all: those that are done, too, and those of closed cases.",
        .example = "task list --overdue",
        .run = run_list,
        .options = {{.name = "overdue"},
                    {.name = "all"},
                    {.name = "case", .value = "NUMBER"},
                    {.name = "limit", .value = "N"}},
    },
    {.name = NULL},
};
