/*
 * import: cases from a table (CSV), one connection, one unlock. Requests are written
 * ahead of their answers, so that the node can save many cases in one go.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv.h"
#include "cli/options.h"
#include "cli/party.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/reply.h"
#include "proto/limits.h"

/* Requests without an answer yet. */
#define IMPORT_AHEAD_MAX 16

/* The columns that we read; others (number, opened, fate, closed, outcome) tell how a
 * matter went elsewhere and are passed over: here the case is new. */
enum import_column {
    COLUMN_VILLAGE,
    COLUMN_CATEGORY,
    COLUMN_TITLE,
    COLUMN_NARRATIVE,
    COLUMN_CONTEXT,
    COLUMN_PARTY1,
    COLUMN_ROLE1,
    COLUMN_PARTY2,
    COLUMN_ROLE2,
    COLUMN_FOUND_BY,
    COLUMN_PLACE,
    COLUMN_WISH,
    COLUMNS,
};

static const char *const column_names[COLUMNS] = {
    "village", "category", "title", "narrative", "context", "party1",
    "role1",   "party2",   "role2", "found_by",  "place",   "wish",
};

struct import {
    struct cli *cli;
    struct csv csv;
    uint32_t columns[COLUMNS]; /* CSV_FIELDS_MAX: not in this table */
    const char *village;       /* NULL: all */
    uint64_t limit;
    uint64_t taken, refused, asked;
    uint64_t lines[IMPORT_AHEAD_MAX]; /* of the requests without an answer */
    struct progress progress;
    enum exit_code code; /* of the first refusal */
    bool is_stopped;
};

static struct bytes import_cell(const struct import *import, enum import_column column)
{
    return csv_field(&import->csv, import->columns[column]);
}

static enum status read_header(struct import *import, struct err *err)
{
    enum status status = csv_next(&import->csv, err);
    if (status == STATUS_NOT_FOUND)
        return err_set(err, STATUS_INVALID, "the table is empty");
    if (status != STATUS_OK)
        return status;
    for (int column = 0; column < COLUMNS; column++) {
        import->columns[column] = CSV_FIELDS_MAX;
        for (uint32_t i = 0; i < import->csv.fields_len; i++) {
            if (bytes_equal_str(csv_field(&import->csv, i), column_names[column]))
                import->columns[column] = i;
        }
    }
    const enum import_column needed[] = {COLUMN_CATEGORY, COLUMN_TITLE, COLUMN_NARRATIVE};
    for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
        if (import->columns[needed[i]] == CSV_FIELDS_MAX)
            return err_set(err, STATUS_INVALID, "line 1: there is no column \"%s\"",
                           column_names[needed[i]]);
    }
    if (import->village && import->columns[COLUMN_VILLAGE] == CSV_FIELDS_MAX)
        return err_set(err, STATUS_INVALID, "line 1: there is no column \"village\"");
    return STATUS_OK;
}

static void add_cell(const struct import *import, struct request *request,
                     const char *name, enum import_column column)
{
    struct bytes text = import_cell(import, column);
    if (text.len > 0)
        request_bytes_text(request, name, text);
}

static void add_party(const struct import *import, struct party_list *parties,
                      enum import_column alias, enum import_column role)
{
    struct bytes text = import_cell(import, role);
    /* An empty cell means that there is no such party. */
    (void)party_add_parts(parties, import_cell(import, alias),
                          text.len > 0 ? text : bytes_str("party"));
}

static enum status send_case(struct import *import, struct err *err)
{
    struct request request = {0};
    struct party_list parties = {0};
    struct buf arguments = {0};
    add_cell(import, &request, "category", COLUMN_CATEGORY);
    add_cell(import, &request, "title", COLUMN_TITLE);
    add_cell(import, &request, "narrative", COLUMN_NARRATIVE);
    add_cell(import, &request, "context", COLUMN_CONTEXT);
    add_cell(import, &request, "found_by", COLUMN_FOUND_BY);
    add_cell(import, &request, "place", COLUMN_PLACE);
    add_cell(import, &request, "wish", COLUMN_WISH);
    add_party(import, &parties, COLUMN_PARTY1, COLUMN_ROLE1);
    add_party(import, &parties, COLUMN_PARTY2, COLUMN_ROLE2);
    party_request(&parties, &request);
    enum status status = request_pack(&request, &arguments);
    if (status == STATUS_OK)
        status =
            client_send(&import->cli->client, "case.new", buf_bytes(&arguments), err);
    if (status == STATUS_OK)
        import->lines[import->asked++ % IMPORT_AHEAD_MAX] = import->csv.line;
    request_deinit(&request);
    buf_deinit(&arguments);
    return status;
}

/* Does this refusal concern the line, or everything that would follow? */
static bool is_about_line(enum status status)
{
    return status == STATUS_INVALID || status == STATUS_TOO_LARGE ||
           status == STATUS_EXISTS || status == STATUS_NOT_FOUND;
}

static enum status receive_case(struct import *import, struct err *err)
{
    struct client_answer answer;
    enum status status = client_receive(&import->cli->client, &answer, err);
    if (status != STATUS_OK)
        return status;
    uint64_t line = import->lines[(import->taken + import->refused) % IMPORT_AHEAD_MAX];
    if (answer.status == STATUS_OK) {
        import->taken++;
        progress_show(&import->progress, import->taken);
        return STATUS_OK;
    }
    import->refused++;
    if (import->code == EXIT_DONE)
        import->code = exit_code_of(answer.status);
    import->is_stopped = import->is_stopped || !is_about_line(answer.status);
    progress_clear(&import->progress);
    fprintf(import->cli->err, "line %" PRIu64 ": refused: ", line);
    printable_print(import->cli->err, ask_reason(&answer));
    fputc('\n', import->cli->err);
    return STATUS_OK;
}

static uint64_t waiting(const struct import *import)
{
    return import->asked - import->taken - import->refused;
}

static bool is_wanted(const struct import *import)
{
    return !import->village ||
           bytes_equal_str(import_cell(import, COLUMN_VILLAGE), import->village);
}

static enum status read_rows(struct import *import, struct err *err)
{
    while (import->asked < import->limit && !import->is_stopped) {
        enum status status = csv_next(&import->csv, err);
        if (status == STATUS_NOT_FOUND)
            return STATUS_OK;
        if (status != STATUS_OK)
            return status;
        if (!is_wanted(import))
            continue;
        if (waiting(import) == IMPORT_AHEAD_MAX)
            status = receive_case(import, err);
        if (status == STATUS_OK && !import->is_stopped)
            status = send_case(import, err);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum exit_code say_result(struct import *import)
{
    progress_clear(&import->progress);
    if (import->cli->options->is_json)
        fprintf(import->cli->out, "{\"refused\":%" PRIu64 ",\"taken\":%" PRIu64 "}\n",
                import->refused, import->taken);
    else
        fprintf(import->cli->out, "%" PRIu64 " cases taken, %" PRIu64 " refused.\n",
                import->taken, import->refused);
    return import->code;
}

static enum exit_code import_rows(struct import *import)
{
    struct err err = {0};
    enum exit_code code = EXIT_DONE;
    enum status status = read_header(import, &err);
    if (status != STATUS_OK)
        return cli_refuse(import->cli, status, &err);
    code = ask_ready(import->cli, ASK_PERSON);
    if (code != EXIT_DONE)
        return code;
    progress_init(&import->progress, import->cli->err, "cases taken");
    status = read_rows(import, &err);
    if (status != STATUS_OK) {
        progress_clear(&import->progress);
        code = cli_refuse(import->cli, status, &err);
    }
    /* What was asked has answers to come, unless the connection itself is gone. */
    while (waiting(import) > 0 && import->cli->client.is_open &&
           receive_case(import, NULL) == STATUS_OK)
        continue;
    if (waiting(import) > 0)
        fprintf(import->cli->err,
                "fengqiao: %" PRIu64 " cases, from line %" PRIu64
                " on, have no answer: look with fengqiao case list\n",
                waiting(import),
                import->lines[(import->taken + import->refused) % IMPORT_AHEAD_MAX]);
    enum exit_code refused = say_result(import);
    return code != EXIT_DONE ? code : waiting(import) > 0 ? EXIT_FAILED : refused;
}

static bool parse_limit(const char *text, uint64_t *limit)
{
    char *end;
    errno = 0;
    *limit = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && text[0] >= '0' && text[0] <= '9';
}

static enum exit_code run_import(struct cli *cli)
{
    const char *name = cli->options->words[0];
    const char *limit = options_value(cli->options, "limit");
    struct import import = {
        .cli = cli,
        .village = options_value(cli->options, "village"),
        .limit = UINT64_MAX,
    };
    struct err err = {0};
    if (limit && !parse_limit(limit, &import.limit))
        return cli_usage(cli, "--limit is a number");
    bool is_stream = strcmp(name, "-") == 0;
    FILE *file = is_stream ? stdin : fopen(name, "re");
    if (!file)
        return cli_refuse(cli, err_set(&err, STATUS_IO, "%s: %s", name, strerror(errno)),
                          &err);
    csv_init(&import.csv, file);
    enum exit_code code = import_rows(&import);
    csv_deinit(&import.csv);
    if (!is_stream)
        (void)fclose(file); /* it was only read */
    return code;
}

const struct verb cmd_import_verbs[] = {
    {
        .name = "import",
        .arguments = "FILE.csv [--village V] [--limit N]",
        .help =
            "Take cases from a table (CSV, UTF-8, with a line of titles).\n"
            "Columns: category, title, narrative; if there: village, context, party1, "
            "role1, party2, role2,\nfound_by, place, wish. Others are passed over. A "
            "line that is refused is named, the rest goes on.\n\"-\" is standard input.",
        .example = "import cases.csv --village 石桥村 --limit 50",
        .words_min = 1,
        .words_max = 1,
        .run = run_import,
        .options = {{.name = "village", .value = "V"}, {.name = "limit", .value = "N"}},
    },
    {.name = NULL},
};
