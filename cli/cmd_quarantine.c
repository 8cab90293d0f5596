/* quarantine list, show, retry, drop: what peers brought that may not enter. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/number.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/reply.h"
#include "cli/shortage.h"
#include "cli/table.h"
#include "cli/yes.h"
#include "proto/op.h"

#define HEAD_MAX 256 /* bytes that show writes in hex */
#define HEAD_COLUMNS 32

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"number", "since", "from", "bytes", "op", "why"};
    struct bytes result;
    struct bytes row;
    enum exit_code code = ask(cli, ASK_ANYBODY, "quarantine.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct table table;
    table_init(&table, titles, 6);
    struct answer_list rows = answer_list(result, "rows");
    while (answer_next(&rows, &row)) {
        table_uint(&table, answer_uint(row, "number"));
        table_time(&table, answer_uint(row, "wall"));
        table_text(&table, answer_text(row, "site_name"));
        table_uint(&table, answer_uint(row, "size"));
        table_id(&table, answer_bin(row, "op"));
        table_text(&table, answer_text(row, "reason"));
    }
    table_print(&table, cli->out, "Nothing is set apart.");
    table_deinit(&table);
    return EXIT_DONE;
}

static enum exit_code not_a_number(struct cli *cli)
{
    return cli_usage(cli, "N is a number, as fengqiao quarantine list shows it");
}

/* ---- show ---- */

static void print_hex(FILE *out, struct bytes bytes)
{
    size_t shown = bytes.len < HEAD_MAX ? bytes.len : HEAD_MAX;
    for (size_t at = 0; at < shown; at += HEAD_COLUMNS) {
        char hex[2 * HEAD_COLUMNS + 1];
        size_t len = shown - at < HEAD_COLUMNS ? shown - at : HEAD_COLUMNS;
        hex_encode(hex, bytes.data + at, len);
        fprintf(out, "%s\n", hex);
    }
    if (shown < bytes.len)
        fprintf(out, "and %zu bytes more; all of them with --json\n", bytes.len - shown);
}

/* Names and texts are the sender's: outline escapes both. */
static void print_op(FILE *out, const struct op *op)
{
    char label[OP_NAME_MAX + 1];
    outline_text(out, "kind", op->kind);
    reply_key(out, "signed by", bytes_of(op->author, ID_SIZE));
    char when[24];
    time_text(when, op->wall);
    outline_text(out, "its clock", bytes_str(when));
    for (uint32_t i = 0; i < op->fields_len; i++) {
        const struct op_field *field = &op->fields[i];
        (void)snprintf(label, sizeof(label), "%.*s", (int)field->name.len,
                       (const char *)field->name.data);
        if (field->is_shown)
            outline_field(out, label, field->value);
        else
            outline_text(out, label, bytes_str("(withheld)"));
    }
}

static void print_row(FILE *out, struct bytes row)
{
    char number[24];
    char when[24];
    struct bytes bytes = answer_bin(row, "bytes");
    struct bytes id;
    (void)snprintf(number, sizeof(number), "%" PRIu64, answer_uint(row, "number"));
    time_text(when, answer_uint(row, "wall"));
    outline_text(out, "number", bytes_str(number));
    outline_text(out, "since", bytes_str(when));
    outline_text(out, "from", answer_text(row, "site_name"));
    reply_site(out, "site", answer_bin(row, "site"));
    outline_text(out, "why", answer_text(row, "reason"));
    if (answer_field(row, "op", &id) && answer_bin(row, "op").len > 0)
        outline_field(out, "op", id);
    struct op *op = malloc(sizeof(*op));
    if (!op) {
        shortage_note();
    } else if (op_decode_bytes(op, bytes, NULL) == STATUS_OK) {
        fputs("\nIt claims to be:\n", out);
        print_op(out, op);
    } else {
        fputs("\nIt is no record that this version can read.\n", out);
    }
    free(op);
    fprintf(out, "\nIts %zu bytes:\n", bytes.len);
    print_hex(out, bytes);
}

static enum exit_code run_show(struct cli *cli)
{
    uint64_t number;
    struct request request = {0};
    struct bytes result;
    if (!number_read(cli->options->words[0], &number) || number == 0)
        return not_a_number(cli);
    request_uint(&request, "number", number);
    enum exit_code code = ask(cli, ASK_ANYBODY, "quarantine.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    print_row(cli->out, result);
    return EXIT_DONE;
}

/* ---- one, or all ---- */

struct numbers {
    uint64_t *numbers;
    uint32_t len;
};

static enum exit_code collect(struct cli *cli, struct numbers *all)
{
    struct bytes result;
    struct bytes row;
    enum exit_code code = ask(cli, ASK_ANYBODY, "quarantine.list", NULL, &result);
    if (code != EXIT_DONE)
        return code;
    struct answer_list rows = answer_list(result, "rows");
    all->numbers = calloc(rows.left + 1u, sizeof(*all->numbers));
    if (!all->numbers)
        return cli_refuse(cli, STATUS_NO_MEMORY, NULL);
    while (answer_next(&rows, &row))
        all->numbers[all->len++] = answer_uint(row, "number");
    return EXIT_DONE;
}

/* N, or every number there is. */
static enum exit_code choose(struct cli *cli, struct numbers *chosen)
{
    if (strcmp(cli->options->words[0], "all") == 0)
        return collect(cli, chosen);
    chosen->numbers = calloc(1, sizeof(*chosen->numbers));
    if (!chosen->numbers)
        return cli_refuse(cli, STATUS_NO_MEMORY, NULL);
    if (!number_read(cli->options->words[0], &chosen->numbers[0]) ||
        chosen->numbers[0] == 0)
        return cli_usage(cli, "N is a number, as fengqiao quarantine list shows it, or "
                              "the word all");
    chosen->len = 1;
    return EXIT_DONE;
}

/* One number gives its own result; several give how many it was done to, and the code of
 * the first that was refused. */
static enum exit_code each(struct cli *cli, const char *method,
                           const struct numbers *chosen, const char *words)
{
    uint32_t done = 0;
    enum exit_code worst = EXIT_DONE;
    struct bytes result = {0};
    bool is_answered = true; /* else the next would end likewise */
    for (uint32_t i = 0; is_answered && i < chosen->len; i++) {
        struct request request = {0};
        struct client_answer answer;
        request_uint(&request, "number", chosen->numbers[i]);
        enum exit_code code = ask_answer(cli, ASK_PERSON, method, &request, &answer);
        is_answered = code == EXIT_DONE;
        if (is_answered && answer.status != STATUS_OK)
            code = ask_refused(cli, &answer);
        if (code == EXIT_DONE) {
            done++;
            result = answer.result;
        } else if (worst == EXIT_DONE) {
            worst = code;
        }
    }
    bool is_one = strcmp(cli->options->words[0], "all") != 0;
    if (is_one && (worst != EXIT_DONE || cli->options->is_json))
        return worst == EXIT_DONE ? ask_print_json(cli, result) : worst;
    if (cli->options->is_json)
        fprintf(cli->out, "{\"done\":%" PRIu32 ",\"of\":%" PRIu32 "}\n", done,
                chosen->len);
    else
        fprintf(cli->out, "%s: %" PRIu32 " of %" PRIu32 ".\n", words, done, chosen->len);
    return worst;
}

static enum exit_code run_retry(struct cli *cli)
{
    struct numbers chosen = {0};
    enum exit_code code = choose(cli, &chosen);
    if (code == EXIT_DONE)
        code = each(cli, "quarantine.retry", &chosen, "Let in");
    free(chosen.numbers);
    return code;
}

/* A person at a terminal hears what is lost before it is. */
static enum exit_code confirm(struct cli *cli, uint32_t count)
{
    if (!yes_is_asked(cli))
        return EXIT_DONE;
    fprintf(cli->err,
            "%" PRIu32 " set apart will be gone from this node, and nothing brings it "
            "back but the\nsite that sent it. fengqiao quarantine show N shows what it "
            "is.",
            count);
    return yes_ask(cli, "Drop it?", "nothing was dropped");
}

static enum exit_code run_drop(struct cli *cli)
{
    struct numbers chosen = {0};
    enum exit_code code = choose(cli, &chosen);
    if (code == EXIT_DONE && chosen.len > 0)
        code = confirm(cli, chosen.len);
    if (code == EXIT_DONE)
        code = each(cli, "quarantine.drop", &chosen, "Dropped for good");
    free(chosen.numbers);
    return code;
}

const struct verb cmd_quarantine_verbs[] = {
    {
        .name = "quarantine list",
        .arguments = "",
        .help =
            "What peers brought that may not enter: since when, from whom, how large, "
            "why.\nIt stops nothing else. The oldest of a site make room for its "
            "newest.",
        .example = "quarantine list",
        .run = run_list,
    },
    {
        .name = "quarantine show",
        .arguments = "N",
        .help = "One of them: what it claims to be, escaped, and its first bytes in hex.",
        .example = "quarantine show 3",
        .words_min = 1,
        .words_max = 1,
        .run = run_show,
    },
    {
        .name = "quarantine retry",
        .arguments = "N|all",
        .help =
            "A steward checks it once more, by the same rules as when it came.\nWhere "
            "it holds now (after an upgrade, or since what it needs is here) it "
            "enters and leaves\nthe quarantine; else it stays.",
        .example = "quarantine retry 3",
        .words_min = 1,
        .words_max = 1,
        .run = run_retry,
    },
    {
        .name = "quarantine drop",
        .arguments = "N|all [--yes]",
        .help =
            "A steward throws it away for good: there is no undo.\nOn a terminal this "
            "is confirmed first; --yes skips that. A site that still holds it may "
            "bring\nit again.",
        .example = "quarantine drop 3 --yes",
        .words_min = 1,
        .words_max = 1,
        .run = run_drop,
        .options = {{.name = "yes"}},
    },
    {.name = NULL},
};
