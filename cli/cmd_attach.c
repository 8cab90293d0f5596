/* attach add, list, get, remove: the files of a case. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/given_file.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "proto/limits.h"

#define NAME_BYTES_MAX 240

/* ---- add ---- */

static void print_added(struct cli *cli, const char *name, struct bytes result)
{
    struct bytes op = answer_bin(result, "op");
    struct bytes type = answer_text(result, "type");
    char hex[13];
    printable_print(cli->err, bytes_str(name));
    fputs(" is attached", cli->err);
    if (bytes_equal_str(type, "application/pdf"))
        fputs(" as it is; a PDF may tell who made it", cli->err);
    else if (!bytes_equal_str(type, "text/plain"))
        fputs(", without place, time and camera", cli->err);
    fputs(".\n", cli->err);
    hex_encode(hex, op.data, op.len < 6 ? op.len : 6);
    fprintf(cli->out, "%s\n", hex);
}

static enum exit_code run_add(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *path = options->words[1];
    const char *name = options_value(options, "name");
    struct request request = {0};
    struct buf file = {0};
    struct bytes result;
    if (name == NULL && strcmp(path, "-") == 0)
        return cli_usage(cli, "a file from standard input needs a --name");
    if (name == NULL)
        name = given_file_name(path);
    if (strlen(name) > NAME_BYTES_MAX)
        return cli_usage(cli,
                         "that name is longer than 240 bytes; give a shorter --name");
    enum exit_code code = given_file_read(cli, path, ATTACHMENT_SIZE_MAX, &file);
    if (code == EXIT_DONE) {
        request_begin(&request, "bytes");
        pack_bin(&request.values, file.data, file.len);
        request_end(&request);
        request_text(&request, "case", options->words[0]);
        request_text(&request, "name", name);
        code = ask(cli, ASK_PERSON, "attach.add", &request, &result);
    }
    buf_deinit(&file);
    if (code != EXIT_DONE)
        return code;
    if (options->is_json)
        return ask_print_json(cli, result);
    print_added(cli, name, result);
    return EXIT_DONE;
}

/* ---- list ---- */

/* Of a file that went up: how much of it has come. */
static const char *here(struct bytes row, char *out, size_t size)
{
    uint64_t came = answer_uint(row, "here"), lacking = answer_uint(row, "lacking");
    if (lacking == 0)
        return "whole";
    (void)snprintf(out, size, "still coming: %" PRIu64 " of %" PRIu64 " pieces", came,
                   came + lacking);
    return out;
}

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"file",  "since", "type",
                                         "bytes", "name",  "here"};
    struct request request = {0};
    struct bytes result, row;
    char state[64];
    request_text(&request, "case", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "attach.list", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct table table;
    table_init(&table, titles, 6);
    struct answer_list rows = answer_list(result, "files");
    while (answer_next(&rows, &row)) {
        table_id(&table, answer_bin(row, "op"));
        table_time(&table, answer_uint(row, "wall"));
        table_text(&table, answer_text(row, "type"));
        table_uint(&table, answer_uint(row, "size"));
        table_text(&table, answer_text(row, "name"));
        table_words(&table, here(row, state, sizeof(state)));
    }
    table_print(&table, cli->out, "No file is attached.");
    table_deinit(&table);
    return EXIT_DONE;
}

/* ---- get ---- */

static enum exit_code run_get(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *out = options_value(options, "out");
    struct request request = {0};
    struct bytes result;
    enum exit_code code = reply_file_check(cli, out, "a file");
    if (code != EXIT_DONE)
        return code;
    request_text(&request, "case", options->words[0]);
    request_text(&request, "file", options->words[1]);
    code = ask(cli, ASK_ANYBODY, "attach.get", &request, &result);
    return code == EXIT_DONE ? reply_file(cli, out, result) : code;
}

/* ---- remove ---- */

static enum exit_code run_remove(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "case", cli->options->words[0]);
    request_text(&request, "file", cli->options->words[1]);
    request_text(&request, "reason", options_value(cli->options, "reason"));
    return reply_step(cli, "attach.remove", &request, "Taken away for good.");
}

const struct verb cmd_attach_verbs[] = {
    {
        .name = "attach add",
        .arguments = "NUMBER FILE [--name N]",
        .help =
            "Keep a file with a case: a JPEG or PNG picture, a PDF, a text; at most 3 "
            "MiB; \"-\" is standard input.\nPictures lose where, when and with what they "
            "were taken. Files stay\nhere until a release names them. Prints the file's "
            "id.",
        .example = "attach add 2026-0001 ditch.jpg",
        .words_min = 2,
        .words_max = 2,
        .run = run_add,
        .options = {{.name = "name", .value = "N"}},
    },
    {
        .name = "attach list",
        .arguments = "NUMBER",
        .help =
            "The files of a case, with their ids; or those that went up with a record, "
            "NUMBER: its first 8 digits\nor more, and how much of them has come.",
        .example = "attach list 2026-0001",
        .words_min = 1,
        .words_max = 1,
        .run = run_list,
    },
    {
        .name = "attach get",
        .arguments = "NUMBER ID --out FILE",
        .help = "Write a file of a case or of a record (NUMBER as in attach list); ID: "
                "its first six digits or more.\nThe file is "
                "there whole or not at all; \"-\" is standard output.",
        .example = "attach get 2026-0001 3f2a91c07b11 --out ditch.jpg",
        .words_min = 2,
        .words_max = 2,
        .run = run_get,
        .options = {{.name = "out", .value = "FILE", .is_required = true}},
    },
    {
        .name = "attach remove",
        .arguments = "NUMBER ID --reason R",
        .help =
            "Take a file away from a case. Its contents and its name are gone for good; "
            "that there was one,\nof which type and size, and who took it away and why, "
            "stay on record. What went up with a\nrecord stays with those who hold it, "
            "until that is called back (recall).",
        .example = "attach remove 2026-0001 3f2a91c07b11 --reason 拍到了旁人",
        .words_min = 2,
        .words_max = 2,
        .run = run_remove,
        .options = {{.name = "reason", .value = "R", .is_required = true}},
    },
    {.name = NULL},
};
