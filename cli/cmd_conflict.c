/* conflict list, show, settle, undo: what was written in two ways at once. */
#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/names.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/pages.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"

static void print_list(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"number", "in conflict", "title"};
    struct bytes row;
    struct table table;
    table_init(&table, titles, 3);
    struct answer_list rows = answer_list(result, "cases");
    while (answer_next(&rows, &row)) {
        table_text(&table, answer_text(row, "number"));
        table_field(&table, row, "fields");
        table_text(&table, answer_text(row, "title"));
    }
    table_print(&table, out, "Nothing was written in two ways at once.");
    table_deinit(&table);
}

static enum exit_code run_list(struct cli *cli)
{
    struct buf result = {0};
    enum exit_code code =
        pages_ask(cli, ASK_ANYBODY, "conflict.list", "cases", NULL, &result);
    if (code == EXIT_DONE && cli->options->is_json)
        code = ask_print_json(cli, buf_bytes(&result));
    else if (code == EXIT_DONE)
        print_list(cli->out, buf_bytes(&result));
    buf_deinit(&result);
    return code;
}

static void print_one(FILE *out, struct bytes names, struct bytes one, uint32_t number)
{
    char when[24], op[13] = "";
    struct bytes id = answer_bin(one, "op"), author = answer_bin(one, "author");
    struct bytes value = {0};
    time_text(when, answer_uint(one, "wall"));
    if (id.len == ID_SIZE)
        hex_encode(op, id.data, 6);
    fprintf(out, "  %u: ", number);
    if (author.len == ID_SIZE) {
        struct id key;
        memcpy(key.bytes, author.data, ID_SIZE);
        names_print_author(out, names, &key);
    }
    fprintf(out, ", %s, op %s\n     ", when, op);
    if (answer_field(one, "value", &value))
        outline_value(out, value, 5);
    fputc('\n', out);
}

static void print_conflict(FILE *out, struct bytes names, struct bytes conflict)
{
    struct bytes one, party = answer_text(conflict, "party");
    fputc('\n', out);
    printable_print(out, answer_text(conflict, "field"));
    if (party.len > 0) {
        fputs(" of ", out);
        printable_print(out, party);
    }
    fputs(", written in several ways at once:\n", out);
    struct answer_list rows = answer_list(conflict, "values");
    for (uint32_t i = 1; answer_next(&rows, &one); i++)
        print_one(out, names, one, i);
}

static enum exit_code run_show(struct cli *cli)
{
    struct request request = {0};
    struct bytes result, conflict, names = {0};
    request_text(&request, "case", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "conflict.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    outline_text(cli->out, "number", answer_text(result, "number"));
    (void)answer_field(result, "names", &names); /* without it keys are shown */
    struct answer_list rows = answer_list(result, "conflicts");
    if (rows.left == 0)
        fputs("Nothing waits to be settled.\n", cli->out);
    else
        while (answer_next(&rows, &conflict))
            print_conflict(cli->out, names, conflict);
    return EXIT_DONE;
}

/* --- settling --- */

/* What the node answered of the field, and of that party where one is named. */
static bool find_conflict(struct bytes result, const struct options *options,
                          struct bytes *conflict)
{
    const char *party = options_value(options, "party");
    struct answer_list rows = answer_list(result, "conflicts");
    while (answer_next(&rows, conflict))
        if (bytes_equal_str(answer_text(*conflict, "field"), options->words[1]) &&
            (party == NULL || bytes_equal_str(answer_text(*conflict, "party"), party)))
            return true;
    return false;
}

/* A number of conflict show becomes the op that it means: numbers move when somebody
 * writes. */
static void read_choice(struct cli *cli, struct bytes names, uint32_t number,
                        struct bytes one, char op[static 2 * ID_SIZE + 1])
{
    const char *choice = options_value(cli->options, "choose");
    char counted[16];
    struct bytes id = answer_bin(one, "op");
    (void)snprintf(counted, sizeof(counted), "%" PRIu32, number);
    if (choice == NULL || strcmp(choice, counted) != 0 || id.len != ID_SIZE)
        return;
    hex_encode(op, id.data, ID_SIZE);
    if (!cli->options->is_json)
        print_one(cli->err, names, one, number);
}

/* What stands now goes with the decision (seen), so that nothing is decided unseen. */
static enum exit_code look(struct cli *cli, struct request *request,
                           char op[static 2 * ID_SIZE + 1])
{
    struct request show = {0};
    struct bytes result, conflict, one, names = {0};
    request_text(&show, "case", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_PERSON, "conflict.show", &show, &result);
    if (code != EXIT_DONE || !find_conflict(result, cli->options, &conflict))
        return code; /* what is not in conflict the node refuses */
    (void)answer_field(result, "names", &names); /* without it keys are shown */
    struct answer_list rows = answer_list(conflict, "values");
    request_begin(request, "seen");
    pack_array(&request->values, rows.left);
    for (uint32_t i = 1; answer_next(&rows, &one); i++) {
        struct bytes id = answer_bin(one, "op");
        pack_bin(&request->values, id.data, id.len);
        read_choice(cli, names, i, one, op);
    }
    request_end(request);
    return EXIT_DONE;
}

static enum exit_code run_settle(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *text = options_value(options, "text");
    struct request request = {0};
    struct buf owned = {0};
    struct bytes merged;
    char op[2 * ID_SIZE + 1] = "";
    if (options_has(options, "choose") + options_has(options, "both") + (text != NULL) !=
        1)
        return cli_usage(cli, "say one of: --choose N, --both, --text TEXT");
    enum exit_code code = look(cli, &request, op);
    request_text(&request, "case", options->words[0]);
    request_text(&request, "field", options->words[1]);
    request_text(&request, "choose",
                 op[0] != '\0' ? op : options_value(options, "choose"));
    request_text(&request, "party", options_value(options, "party"));
    if (options_has(options, "both"))
        request_bool(&request, "both", true);
    if (text && code == EXIT_DONE) {
        code = ask_input(cli, text, &owned, &merged);
        if (code == EXIT_DONE)
            request_bytes_text(&request, "text", merged);
    }
    if (code == EXIT_DONE)
        code = reply_step(cli, "conflict.settle", &request, "Settled.");
    request_deinit(&request);
    buf_deinit(&owned);
    return code;
}

static enum exit_code run_undo(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "case", cli->options->words[0]);
    request_text(&request, "field", cli->options->words[1]);
    return reply_step(cli, "conflict.undo", &request,
                      "It says again what it said before.");
}

const struct verb cmd_conflict_verbs[] = {
    {
        .name = "conflict list",
        .arguments = "[--limit N] [--after CASE]",
        .help = "The cases in which something was written in two ways at once, and waits "
                "for a person.",
        .example = "conflict list",
        .run = run_list,
        .options = {{.name = "limit", .value = "N"}, {.name = "after", .value = "CASE"}},
    },
    {
        .name = "conflict show",
        .arguments = "CASE",
        .help =
            "What differs, who wrote it, when, and in which op; numbered, the earlier "
            "first.",
        .example = "conflict show 2026-0001",
        .words_min = 1,
        .words_max = 1,
        .run = run_show,
    },
    {
        .name = "conflict settle",
        .arguments = "CASE FIELD (--choose N | --both | --text TEXT) [--party P]",
        .help =
            "Decide a conflict.\n"
            "--choose: one of them, by its number in conflict show or the beginning of "
            "its op's id. --both:\nall of them, one behind the other, with who wrote "
            "which. --text: what is right (\"-\": from standard\ninput). FIELD is also "
            "triage or consents, of which one is chosen; --party says whose consents.\n"
            "Nothing is lost: conflict undo takes it back.",
        .example = "conflict settle 2026-0001 title --choose 2",
        .words_min = 2,
        .words_max = 2,
        .run = run_settle,
        .options = {{.name = "choose", .value = "N"},
                    {.name = "both"},
                    {.name = "text", .value = "TEXT"},
                    {.name = "party", .value = "P"}},
    },
    {
        .name = "conflict undo",
        .arguments = "CASE FIELD",
        .help =
            "Write again what a field said before it was written last.\n"
            "It is a new entry: both stay in the journal, and a second undo takes the "
            "first one back.",
        .example = "conflict undo 2026-0001 title",
        .words_min = 2,
        .words_max = 2,
        .run = run_undo,
    },
    {.name = NULL},
};
