/* escalate, release: what leaves the village, seen before it leaves. */
#include <string.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "cli/yes.h"

static void add_choice(const struct options *options, struct request *request)
{
    request_text(request, "case", options->words[0]);
    request_words(request, "fields", options_value(options, "fields"));
    request_words(request, "files", options_value(options, "files"));
    request_text(request, "reason", options_value(options, "reason"));
    request_text(request, "onward", options_value(options, "onward"));
    request_text(request, "no_parties", options_value(options, "no-parties"));
    request_text(request, "danger", options_value(options, "danger"));
}

static void print_fields(FILE *out, struct bytes map)
{
    struct pack_reader reader = pack_reader_of(map);
    uint32_t count;
    if (pack_read_map(&reader, &count, NULL) != STATUS_OK)
        return;
    for (uint32_t i = 0; i < count; i++) {
        struct bytes name;
        struct bytes value;
        char label[32];
        if (pack_read_str(&reader, &name, NULL) != STATUS_OK ||
            pack_value(&reader, 1, &value, NULL) != STATUS_OK)
            return;
        (void)snprintf(label, sizeof(label), "%.*s", (int)name.len,
                       (const char *)name.data);
        outline_field(out, label, value);
    }
}

static void print_files(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"name", "type", "bytes"};
    struct bytes row;
    struct table table;
    struct answer_list rows = answer_list(result, "files");
    if (rows.left == 0)
        return;
    fputs("\nThese files leave, whole:\n", out);
    table_init(&table, titles, 3);
    while (answer_next(&rows, &row)) {
        table_text(&table, answer_text(row, "name"));
        table_text(&table, answer_text(row, "type"));
        table_uint(&table, answer_uint(row, "size"));
    }
    table_print(&table, out, "");
    table_deinit(&table);
}

static void print_preview(FILE *out, struct bytes result)
{
    struct bytes map;
    struct bytes to = answer_bin(result, "to");
    outline_text(out, "to", answer_text(result, "to_name"));
    reply_site(out, "its site", to);
    fputs("\nThese fields leave:\n", out);
    if (answer_field(result, "fields", &map))
        print_fields(out, map);
    print_files(out, result);
    fputs("\nand with them, for the receiver to check:\n", out);
    if (answer_field(result, "extra", &map))
        print_fields(out, map);
    fputs("\nNothing else leaves.\n", out);
}

static enum exit_code preview(struct cli *cli, FILE *out)
{
    struct request request = {0};
    struct bytes result;
    add_choice(cli->options, &request);
    enum exit_code code = ask(cli, ASK_ANYBODY, "escalate.preview", &request, &result);
    if (code == EXIT_DONE)
        print_preview(out, result);
    return code;
}

static enum exit_code confirm(struct cli *cli)
{
    if (!yes_is_asked(cli))
        return EXIT_DONE;
    enum exit_code code = preview(cli, cli->err);
    return code == EXIT_DONE ? yes_ask(cli, "Send it?", "nothing was sent") : code;
}

static enum exit_code release(struct cli *cli, struct request *request)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_PERSON, "escalate.release", request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct bytes id = answer_bin(result, "escalation");
    char text[65] = "";
    if (id.len == 32)
        hex_encode(text, id.data, 32);
    fprintf(cli->out, "Released; it goes as soon as the parent is heard. Its id:\n%s\n",
            text);
    return EXIT_DONE;
}

static bool is_onward(const char *word)
{
    return !word || strcmp(word, "ask") == 0 || strcmp(word, "yes") == 0 ||
           strcmp(word, "no") == 0;
}

static enum exit_code run_escalate(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result;
    if (!is_onward(options_value(options, "onward")))
        return cli_usage(cli, "--onward is ask, yes or no");
    if (!options_value(options, "reason") && !options_value(options, "danger"))
        return cli_usage(cli, "--reason says why it is sent up");
    if (options_has(options, "danger") && options_has(options, "request"))
        return cli_usage(cli, "what is in danger does not wait: --danger and --request "
                              "exclude each other");
    if (options_has(options, "preview") && options_has(options, "request"))
        return cli_usage(cli, "--preview and --request exclude each other");
    if (options_has(options, "preview") && options->is_json) {
        add_choice(options, &request);
        enum exit_code code =
            ask(cli, ASK_ANYBODY, "escalate.preview", &request, &result);
        return code == EXIT_DONE ? ask_print_json(cli, result) : code;
    }
    if (options_has(options, "preview"))
        return preview(cli, cli->out);
    if (!options_has(options, "request")) {
        enum exit_code code = confirm(cli);
        if (code != EXIT_DONE)
            return code;
    }
    add_choice(options, &request);
    if (!options_has(options, "request"))
        return release(cli, &request);
    return reply_step(cli, "escalate.request", &request,
                      "Requested; a steward releases it with: fengqiao release CASE");
}

static enum exit_code run_release(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "case", cli->options->words[0]);
    return release(cli, &request);
}

const struct verb cmd_escalate_verbs[] = {
    {
        .name = "escalate",
        .arguments =
            "CASE --fields a,b,c [--files F,G] --reason R | --danger WHY\n"
            "       [--onward ask|yes|no] [--no-parties WHY] [--preview | --request] "
            "[--yes]",
        .help =
            "Send the chosen fields of a case up, or ask a steward to. --files: files of "
            "the case that go with it,\nby name or by the first six digits of their "
            "ids; no other file leaves.\n"
            "--preview shows exactly what would leave and sends nothing. --request "
            "leaves the release to a\nsteward. On a terminal the preview is shown and "
            "confirmed first; --yes skips that. --no-parties says\nwhy there is nobody "
            "to ask, where the case names no parties. --danger: somebody's life is in "
            "danger,\nand why; then a mediator sends it herself, without waiting for "
            "consents, and a steward confirms or\nrecalls it. The id of the escalation "
            "stands alone on the last line.",
        .example = "escalate 2026-0001 --fields title,narrative,context --reason "
                   "两次调解未成",
        .words_min = 1,
        .words_max = 1,
        .run = run_escalate,
        .options = {{.name = "fields", .value = "a,b,c", .is_required = true},
                    {.name = "files", .value = "F,G"},
                    {.name = "reason", .value = "R"},
                    {.name = "danger", .value = "WHY"},
                    {.name = "onward", .value = "ask|yes|no"},
                    {.name = "no-parties", .value = "WHY"},
                    {.name = "preview"},
                    {.name = "request"},
                    {.name = "yes"}},
    },
    {
        .name = "release",
        .arguments = "CASE",
        .help = "A steward sends what a mediator requested.",
        .example = "release 2026-0001",
        .words_min = 1,
        .words_max = 1,
        .run = run_release,
    },
    {.name = NULL},
};
