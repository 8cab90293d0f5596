/*
 * import: cases from a table (CSV). The whole table is read and looked at by the node
 * before the first case is taken; then IMPORT_ROWS_MAX rows at a time, each time all or
 * none. Whoever is interrupted takes the same table again: what is there is known.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/import_table.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/reply.h"

/* Problems that are said one by one; of the others how many there are. */
#define PROBLEMS_SHOWN_MAX 100

struct import {
    struct cli *cli;
    struct import_table table;
    struct progress progress;
    uint64_t taken, known, problems;
    struct buf said; /* the problems, for --json */
};

static void say_problem(struct import *import, const struct import_part *part,
                        struct bytes problem)
{
    uint64_t row = answer_uint(problem, "row");
    uint64_t line = row < part->len ? part->lines[row] : 0;
    struct bytes field = answer_text(problem, "field");
    struct bytes sentence = answer_text(problem, "problem");
    if (import->problems++ >= PROBLEMS_SHOWN_MAX)
        return;
    pack_map(&import->said, 3);
    pack_str(&import->said, "field");
    pack_str_bytes(&import->said, field);
    pack_str(&import->said, "line");
    pack_uint(&import->said, line);
    pack_str(&import->said, "problem");
    pack_str_bytes(&import->said, sentence);
    progress_clear(&import->progress);
    fprintf(import->cli->err, "line %" PRIu64 ": ", line);
    printable_print(import->cli->err, sentence);
    fputc('\n', import->cli->err);
}

static enum exit_code ask_part(struct import *import, const struct import_part *part,
                               bool is_check)
{
    struct request request = {0};
    struct bytes result, problem;
    if (is_check)
        request_bool(&request, "check", true);
    request_begin(&request, "rows");
    pack_array(&request.values, part->len);
    buf_append(&request.values, &part->rows);
    request_end(&request);
    enum exit_code code = ask(import->cli, ASK_PERSON, "case.import", &request, &result);
    if (code != EXIT_DONE)
        return code;
    struct answer_list problems = answer_list(result, "problems");
    while (answer_next(&problems, &problem))
        say_problem(import, part, problem);
    import->taken += answer_uint(result, "taken");
    import->known += answer_uint(result, "known");
    progress_show(&import->progress, import->taken + import->known);
    return EXIT_DONE;
}

static enum exit_code ask_parts(struct import *import, bool is_check)
{
    enum exit_code code = EXIT_DONE;
    import->taken = import->known = 0;
    progress_init(&import->progress, import->cli->err,
                  is_check ? "lines looked at" : "cases taken");
    for (size_t i = 0; code == EXIT_DONE && i < import->table.parts_len; i++)
        code = ask_part(import, &import->table.parts[i], is_check);
    progress_clear(&import->progress);
    return code;
}

static enum exit_code say_json(struct import *import)
{
    struct buf out = {0};
    uint64_t shown =
        import->problems < PROBLEMS_SHOWN_MAX ? import->problems : PROBLEMS_SHOWN_MAX;
    pack_map(&out, 4);
    pack_str(&out, "known");
    pack_uint(&out, import->known);
    pack_str(&out, "problems");
    pack_array(&out, (uint32_t)shown);
    buf_append(&out, &import->said);
    pack_str(&out, "taken");
    pack_uint(&out, import->taken);
    pack_str(&out, "wrong");
    pack_uint(&out, import->problems);
    enum exit_code code = buf_status(&out) == STATUS_OK
                              ? ask_print_json(import->cli, buf_bytes(&out))
                              : cli_refuse(import->cli, STATUS_NO_MEMORY, NULL);
    buf_deinit(&out);
    return code;
}

static enum exit_code say_result(struct import *import, bool is_dry)
{
    FILE *out = import->cli->out;
    enum exit_code code = EXIT_DONE;
    if (import->problems > 0) {
        import->taken = 0;
        fprintf(import->cli->err,
                "fengqiao: %" PRIu64 " things are wrong; nothing was taken. Mend the "
                "lines and take the table again\n",
                import->problems);
    }
    if (import->cli->options->is_json)
        code = say_json(import);
    else if (import->problems == 0 && is_dry)
        fprintf(out, "%" PRIu64 " cases would be taken, %" PRIu64 " are here already.\n",
                import->taken, import->known);
    else if (import->problems == 0)
        fprintf(out, "%" PRIu64 " cases taken, %" PRIu64 " were here already.\n",
                import->taken, import->known);
    return import->problems > 0 ? EXIT_FAILED : code;
}

static enum exit_code take(struct import *import)
{
    bool is_dry = options_has(import->cli->options, "dry-run");
    enum exit_code code = ask_parts(import, true);
    if (code != EXIT_DONE)
        return code;
    if (!is_dry && import->problems == 0) {
        code = ask_parts(import, false);
        if (code != EXIT_DONE && import->taken > 0)
            fprintf(import->cli->err,
                    "fengqiao: %" PRIu64 " cases were taken before that; take the same "
                    "table again, and only the others are added\n",
                    import->taken);
    }
    return code == EXIT_DONE ? say_result(import, is_dry) : code;
}

static enum exit_code run_import(struct cli *cli)
{
    const char *name = cli->options->words[0];
    struct import import = {.cli = cli};
    struct err err = {0};
    uint64_t limit;
    if (!options_positive(cli->options, "limit", &limit))
        return cli_usage(cli, "--limit is a number of rows, 1 or more");
    bool is_stream = strcmp(name, "-") == 0;
    FILE *file = is_stream ? stdin : fopen(name, "re");
    if (!file)
        return cli_refuse(cli, err_set(&err, STATUS_IO, "%s: %s", name, strerror(errno)),
                          &err);
    enum status status =
        import_table_read(&import.table, file, options_value(cli->options, "village"),
                          limit > 0 ? limit : UINT64_MAX, &err);
    if (!is_stream)
        (void)fclose(file); /* it was only read */
    enum exit_code code =
        status == STATUS_OK ? take(&import) : cli_refuse(cli, status, &err);
    import_table_deinit(&import.table);
    buf_deinit(&import.said);
    return code;
}

const struct verb cmd_import_verbs[] = {
    {
        .name = "import",
        .arguments = "FILE.csv [--dry-run] [--village V] [--limit N]",
        .help =
            "Take cases from a table (CSV, UTF-8, with a line of titles).\n"
            "Columns: category, title, narrative; if there: village, context, party1, "
            "role1, party2, role2,\nfound_by, place, wish. Others are passed over. Every "
            "line is looked at before the first is taken:\nwhere one is wrong, all that "
            "is "
            "wrong is said and nothing is taken. --dry-run stops there. Up to\n1000 "
            "lines "
            "are taken together or not at all; of a longer table, where it is "
            "interrupted, "
            "take it\nagain: a line that is here already makes no second case. \"-\" is "
            "standard input.",
        .example = "import cases.csv --village 石桥村 --dry-run",
        .words_min = 1,
        .words_max = 1,
        .run = run_import,
        .options = {{.name = "dry-run"},
                    {.name = "village", .value = "V"},
                    {.name = "limit", .value = "N"}},
    },
    {.name = NULL},
};
