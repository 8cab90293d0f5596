/* paste add, list, show, get, case, drop: what somebody pasted in. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/case_options.h"
#include "cli/given_file.h"
#include "cli/number.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "proto/limits.h"

/* ---- add ---- */

static bool is_picture(struct bytes file)
{
    return !utf8_is_valid(file);
}

/* Without the mark of UTF-8 before it and the line breaks behind it. */
static struct bytes text_of(struct bytes file)
{
    if (file.len >= 3 && memcmp(file.data, "\xef\xbb\xbf", 3) == 0)
        file = bytes_of(file.data + 3, file.len - 3);
    while (file.len > 0 &&
           (file.data[file.len - 1] == '\n' || file.data[file.len - 1] == '\r'))
        file.len--;
    return file;
}

/* A file is a text where it is UTF-8, else a picture, which the node looks at. */
static enum exit_code add_file(struct cli *cli, const char *path, struct request *request)
{
    struct buf file = {0};
    enum exit_code code = given_file_read(cli, path, ATTACHMENT_SIZE_MAX, &file);
    bool has_text = options_has(cli->options, "text");
    if (code == EXIT_DONE && text_of(buf_bytes(&file)).len == 0)
        code = cli_usage(cli, "there is nothing in that file");
    else if (code == EXIT_DONE && !is_picture(buf_bytes(&file)) && has_text)
        code = cli_usage(cli, "one text at a time; the file is a text, too");
    else if (code == EXIT_DONE && !is_picture(buf_bytes(&file)))
        request_bytes_text(request, "text", text_of(buf_bytes(&file)));
    else if (code == EXIT_DONE) {
        request_begin(request, "photo");
        pack_bin(&request->values, file.data, file.len);
        request_end(request);
    }
    buf_deinit(&file);
    return code;
}

static enum exit_code run_add(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *path = options_value(options, "file");
    struct request request = {0};
    struct bytes result;
    enum exit_code code = EXIT_DONE;
    if (options->words_len > 0 && strcmp(options->words[0], "-") != 0)
        return cli_usage(cli, "a text is given by --text, a file by --file; \"-\" is "
                              "standard input");
    if (options->words_len > 0 && path != NULL)
        return cli_usage(cli, "standard input or a --file, one of them");
    if (options->words_len > 0)
        path = "-";
    if (path == NULL && !options_has(options, "text"))
        return cli_usage(cli, "what is to be kept? --text T, --file F, or \"-\"");
    request_text(&request, "text", options_value(options, "text"));
    if (path != NULL)
        code = add_file(cli, path, &request);
    if (code == EXIT_DONE)
        code = ask(cli, ASK_PERSON, "paste.add", &request, &result);
    request_deinit(&request);
    if (code != EXIT_DONE)
        return code;
    if (options->is_json)
        return ask_print_json(cli, result);
    fputs(answer_is_true(result, "known")
              ? "It is there already. Its number:\n"
              : "Kept here for 7 days of running time, and then gone unless it becomes a "
                "case. Its number:\n",
          cli->err);
    fprintf(cli->out, "%" PRIu64 "\n", answer_uint(result, "paste"));
    return EXIT_DONE;
}

/* ---- list, show ---- */

#define BEGINNING_MAX 60

/* Its first words, as many bytes as fit, on one line. */
static struct bytes beginning(struct bytes text)
{
    size_t len = text.len < BEGINNING_MAX ? text.len : BEGINNING_MAX;
    for (size_t i = 0; i < len; i++)
        if (text.data[i] == '\n' || text.data[i] == '\r')
            len = i;
    while (len > 0 && len < text.len && (text.data[len] & 0xc0) == 0x80)
        len--;
    return bytes_of(text.data, len);
}

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"paste", "days left", "",    "since",
                                         "by",    "photo",     "text"};
    struct bytes result, row;
    struct table table;
    enum exit_code code = ask(cli, ASK_ANYBODY, "paste.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    table_init(&table, titles, 7);
    struct answer_list rows = answer_list(result, "pastes");
    while (answer_next(&rows, &row)) {
        table_uint(&table, answer_uint(row, "paste"));
        table_uint(&table, answer_uint(row, "days_left"));
        table_mark(&table, answer_is_true(row, "ending"), "soon gone");
        table_time(&table, answer_uint(row, "wall"));
        table_text(&table, answer_text(row, "by"));
        table_text(&table, answer_text(row, "type"));
        table_text(&table, beginning(answer_text(row, "text")));
    }
    table_print(&table, cli->out, "Nothing was pasted in.");
    table_deinit(&table);
    return EXIT_DONE;
}

/* False: it is no number. */
static bool add_number(struct cli *cli, struct request *request)
{
    uint64_t number;
    if (!number_read(cli->options->words[0], &number))
        return false;
    request_uint(request, "paste", number);
    return true;
}

static enum exit_code no_number(struct cli *cli)
{
    return cli_usage(cli, "'%s' is no number of a paste (paste list)",
                     cli->options->words[0]);
}

static enum exit_code run_show(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    char since[24], days[48];
    if (!add_number(cli, &request))
        return no_number(cli);
    enum exit_code code = ask(cli, ASK_ANYBODY, "paste.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    time_text(since, answer_uint(result, "wall"));
    (void)snprintf(days, sizeof(days), "%" PRIu64 " days of running time%s",
                   answer_uint(result, "days_left"),
                   answer_is_true(result, "ending") ? ", soon gone" : "");
    outline_text(cli->out, "by", answer_text(result, "by"));
    outline_text(cli->out, "since", bytes_str(since));
    outline_text(cli->out, "left", bytes_str(days));
    if (answer_text(result, "type").len > 0)
        outline_text(cli->out, "photo", answer_text(result, "type"));
    if (answer_text(result, "text").len > 0)
        outline_text(cli->out, "text", answer_text(result, "text"));
    return EXIT_DONE;
}

/* ---- get ---- */

static enum exit_code run_get(struct cli *cli)
{
    const char *out = options_value(cli->options, "out");
    struct request request = {0};
    struct bytes result;
    enum exit_code code = reply_file_check(cli, out, "a photo");
    if (code != EXIT_DONE)
        return code;
    if (!add_number(cli, &request))
        return no_number(cli);
    code = ask(cli, ASK_ANYBODY, "paste.get", &request, &result);
    return code == EXIT_DONE ? reply_file(cli, out, result) : code;
}

/* ---- case, drop ---- */

static enum exit_code run_case(struct cli *cli)
{
    const char *text = options_value(cli->options, "narrative");
    struct request request = {0};
    struct buf owned = {0};
    struct bytes result, narrative, file;
    enum exit_code code = EXIT_DONE;
    if (!add_number(cli, &request))
        return no_number(cli);
    if (text != NULL)
        code = ask_input(cli, text, &owned, &narrative);
    if (code == EXIT_DONE && text != NULL)
        request_bytes_text(&request, "narrative", narrative);
    if (code == EXIT_DONE)
        code = case_options_add(cli, &request);
    if (code == EXIT_DONE)
        code = ask(cli, ASK_PERSON, "paste.case", &request, &result);
    request_deinit(&request);
    buf_deinit(&owned);
    if (code != EXIT_DONE)
        return code;
    if (cli->options->is_json)
        return ask_print_json(cli, result);
    file = answer_bin(result, "file");
    fputs(file.len > 0
              ? "It is a case now, and the photo is attached to it. Its number:\n"
              : "It is a case now. Its number:\n",
          cli->err);
    printable_print(cli->out, answer_text(result, "number"));
    fputc('\n', cli->out);
    return EXIT_DONE;
}

static enum exit_code run_drop(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    if (!add_number(cli, &request))
        return no_number(cli);
    enum exit_code code = ask(cli, ASK_PERSON, "paste.drop", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fputs("Dropped, and gone for good.\n", cli->out);
    return EXIT_DONE;
}

const struct verb cmd_paste_verbs[] = {
    {
        .name = "paste add",
        .arguments = "[--text T] [--file F | -]",
        .help =
            "Keep what somebody sent, until it is clear what it is: a text, a JPEG or "
            "PNG "
            "picture, or both;\n\"-\" is standard input. It stays on this machine and "
            "is nobody's case yet. After 7 days of\nrunning time it is gone for good. "
            "Pictures lose where, when and with what they were taken.\nPrints its "
            "number.",
        .example = "paste add --file screenshot.png",
        .words_max = 1,
        .run = run_add,
        .options = {{.name = "text", .value = "T"}, {.name = "file", .value = "F"}},
    },
    {
        .name = "paste list",
        .arguments = "",
        .help = "What was pasted in, and how many days of running time it has left.",
        .example = "paste list",
        .run = run_list,
    },
    {
        .name = "paste show",
        .arguments = "N",
        .help = "All of one, by its number in paste list.",
        .example = "paste show 3",
        .words_min = 1,
        .words_max = 1,
        .run = run_show,
    },
    {
        .name = "paste get",
        .arguments = "N --out FILE",
        .help = "Write its photo to a file.\nThe file is there whole or not at all; "
                "\"-\" is standard output.",
        .example = "paste get 3 --out photo.jpg",
        .words_min = 1,
        .words_max = 1,
        .run = run_get,
        .options = {{.name = "out", .value = "FILE", .is_required = true}},
    },
    {
        .name = "paste case",
        .arguments =
            "N --category C --title T [--narrative N] [--context X] [--place P]\n"
            "       [--wish W] [--found-by F] [--party ALIAS:ROLE]... [--minor]",
        .help =
            "Make a case of it.\nIts text is the narrative, unless --narrative says it "
            "in other words; its photo is attached.\nThen it is no paste any more. "
            "The other options are those of case new. The number of the\ncase stands "
            "alone on the last line.",
        .example = "paste case 3 --category 邻里 --title 排水沟 --party 张某:applicant",
        .words_min = 1,
        .words_max = 1,
        .run = run_case,
        .options = {CASE_OPTIONS, {.name = "narrative", .value = "N"}},
    },
    {
        .name = "paste drop",
        .arguments = "N",
        .help = "Take one away. Nothing of it stays.",
        .example = "paste drop 3",
        .words_min = 1,
        .words_max = 1,
        .run = run_drop,
    },
    {.name = NULL},
};
