/* rules add, list, show: the village rules, in versions. */
#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "proto/limits.h"

/* The next line, without what ends it; false at the end. */
static bool next_line(struct bytes *text, struct bytes *line)
{
    if (text->len == 0)
        return false;
    *line = *text;
    size_t len = 0;
    while (len < text->len && text->data[len] != '\n')
        len++;
    line->len = len > 0 && text->data[len - 1] == '\r' ? len - 1 : len;
    len += len < text->len;
    text->data += len;
    text->len -= len;
    return true;
}

/* "第一条 邻里……": what stands before the first blank is the number. */
static bool parse_clause(struct bytes line, struct bytes *number, struct bytes *text)
{
    struct bytes left = line;
    uint32_t character;
    *number = line;
    for (*text = left; utf8_next(&left, &character); *text = left) {
        if (character != ' ' && character != '\t' && character != 0x3000)
            continue;
        number->len = line.len - text->len;
        *text = left;
        return number->len > 0 && text->len > 0;
    }
    return false;
}

/* Counts the clauses; false: *number is the line that is none. */
static bool pack_clauses(struct bytes file, struct request *request, uint32_t *number)
{
    struct buf clauses = {0};
    struct bytes line, name, text;
    uint32_t len = 0;
    bool is_good = true;
    for (*number = 1; is_good && next_line(&file, &line); ++*number) {
        if (line.len == 0)
            continue;
        is_good = parse_clause(line, &name, &text);
        if (!is_good)
            break;
        len++;
        pack_array(&clauses, 2);
        pack_str_bytes(&clauses, name);
        pack_str_bytes(&clauses, text);
    }
    request_begin(request, "clauses");
    pack_array(&request->values, len);
    buf_append(&request->values, &clauses);
    request_end(request);
    buf_deinit(&clauses);
    return is_good && len > 0;
}

static enum exit_code run_add(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct buf owned = {0};
    struct bytes clauses;
    uint32_t number;
    enum exit_code code = ask_input(cli, options->words[0], &owned, &clauses);
    if (code == EXIT_DONE && !pack_clauses(clauses, &request, &number))
        code = cli_usage(cli,
                         "line %u is no clause: a number, a blank, and a text, as "
                         "\"第一条 邻里和睦\"",
                         number);
    if (code == EXIT_DONE) {
        request_text(&request, "title", options_value(options, "title"));
        request_text(&request, "version", options_value(options, "edition"));
        request_text(&request, "from", options_value(options, "from"));
        code = reply_step(cli, "rules.add", &request, "The rules are kept.");
    }
    request_deinit(&request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"title", "version", "in force from", "versions"};
    struct bytes result, one;
    struct table table;
    enum exit_code code = ask(cli, ASK_ANYBODY, "rules.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    table_init(&table, titles, 4);
    struct answer_list rows = answer_list(result, "rules");
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "title"));
        table_text(&table, answer_text(one, "version"));
        table_text(&table, answer_text(one, "from"));
        table_uint(&table, answer_uint(one, "versions"));
    }
    table_print(&table, cli->out, "There are no village rules here.");
    table_deinit(&table);
    return EXIT_DONE;
}

static void print_clause(FILE *out, struct bytes clause)
{
    struct bytes raw, text;
    struct answer_list rows = answer_elements(clause);
    while (answer_next(&rows, &raw))
        if (answer_as_text(raw, &text)) {
            printable_print(out, text);
            fputs(rows.left > 0 ? "  " : "\n", out);
        }
}

static void print_version(FILE *out, struct bytes version)
{
    struct bytes clause;
    fputc('\n', out);
    outline_text(out, "version", answer_text(version, "version"));
    if (answer_text(version, "from").len > 0)
        outline_text(out, "in force from", answer_text(version, "from"));
    struct answer_list rows = answer_list(version, "clauses");
    while (answer_next(&rows, &clause))
        print_clause(out, clause);
}

static enum exit_code run_show(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result, version;
    if (options->words_len > 0)
        request_text(&request, "title", options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "rules.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    outline_text(cli->out, "title", answer_text(result, "title"));
    struct answer_list rows = answer_list(result, "versions");
    while (answer_next(&rows, &version))
        print_version(cli->out, version);
    return EXIT_DONE;
}

const struct verb cmd_rules_verbs[] = {
    {
        .name = "rules add",
        .arguments = "CLAUSES --edition E [--title T] [--from DAY]",
        .help = "Keep a version of the village rules; a steward does.\n"
                "CLAUSES has one clause a line, its number first: 第一条 邻里和睦; \"-\" "
                "is standard input. A title\nthat is not there yet begins rules of their "
                "own.",
        .example = "rules add - --title 村规民约 --edition 2026 --from 2026-12-01",
        .words_min = 1,
        .words_max = 1,
        .run = run_add,
        .options = {{.name = "edition", .value = "E", .is_required = true},
                    {.name = "title", .value = "T"},
                    {.name = "from", .value = "DAY"}},
    },
    {
        .name = "rules list",
        .arguments = "",
        .help = "The village rules and their newest version.",
        .example = "rules list",
        .run = run_list,
    },
    {
        .name = "rules show",
        .arguments = "[TITLE]",
        .help = "All versions of the village rules, the newest last.",
        .example = "rules show 村规民约",
        .words_max = 1,
        .run = run_show,
    },
    {.name = NULL},
};
