/*
 * bundle list, write, read, show: what waits for whom, and carrying it on a stick.
 *
 * The node gives a bundle file by file and never sees the stick; each file counts when it
 * was read back from it. Where one stick is full the next --stick goes on.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/reply.h"
#include "cli/shortage.h"
#include "cli/stick.h"
#include "cli/table.h"
#include "proto/json.h"
#include "proto/limits.h"

/* ---- list ---- */

static void add_waits(struct table *table, struct bytes row)
{
    uint64_t on_way = 0;
    struct bytes made;
    struct answer_list rows = answer_list(row, "made");
    while (answer_next(&rows, &made))
        on_way += answer_is_true(made, "written");
    table_text(table, answer_text(row, "name"));
    table_uint(table, answer_uint(row, "ops"));
    table_uint(table, answer_uint(row, "records"));
    table_uint(table, answer_uint(row, "files"));
    table_time(table, answer_uint(row, "since"));
    table_uint(table, on_way);
    table_time(table, answer_uint(row, "acked_wall"));
}

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"for",   "entries",   "records",   "files",
                                         "since", "on sticks", "read there"};
    struct bytes result, row;
    enum exit_code code = ask(cli, ASK_ANYBODY, "bundle.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct table table;
    table_init(&table, titles, 7);
    struct answer_list rows = answer_list(result, "sites");
    while (answer_next(&rows, &row))
        add_waits(&table, row);
    table_print(&table, cli->out, "This site is paired with nobody yet.");
    table_deinit(&table);
    return EXIT_DONE;
}

/* ---- write ---- */

struct writing {
    struct cli *cli;
    uint32_t stick;   /* which --stick comes next */
    struct buf names; /* of the files of this bundle, as JSON texts with commas */
    uint32_t files;
    uint64_t ops, pieces, number;
    char last[STICK_NAME_SIZE];
};

/* Onto the first stick that has room, from the last one used on. */
static enum exit_code write_file(struct writing *writing, struct bytes file)
{
    struct cli *cli = writing->cli;
    struct err err = {0};
    for (;;) {
        const char *folder = options_nth(cli->options, "stick", writing->stick);
        enum status status =
            stick_write(folder, STICK_BUNDLES, file, writing->last, &err);
        if (status == STATUS_OK)
            break;
        if (status != STATUS_FULL ||
            options_nth(cli->options, "stick", writing->stick + 1) == NULL)
            return cli_refuse(cli, status, &err);
        writing->stick++;
    }
    if (writing->files++ > 0)
        buf_add_u8(&writing->names, ',');
    json_add_text(&writing->names, bytes_str(writing->last));
    return EXIT_DONE;
}

static void print_written(struct writing *writing, struct bytes name)
{
    struct cli *cli = writing->cli;
    if (cli->options->is_json) {
        struct buf site = {0};
        json_add_text(&site, name);
        if (buf_status(&site) == STATUS_OK && buf_status(&writing->names) == STATUS_OK)
            fprintf(cli->out,
                    "{\"files\":[%.*s],\"number\":%" PRIu64 ",\"ops\":%" PRIu64
                    ",\"pieces\":%" PRIu64 ",\"site\":%.*s}\n",
                    (int)writing->names.len, (const char *)writing->names.data,
                    writing->number, writing->ops, writing->pieces, (int)site.len,
                    (const char *)site.data);
        else
            shortage_note();
        buf_deinit(&site);
        return;
    }
    printable_print(cli->out, name);
    fprintf(cli->out,
            ": bundle %" PRIu64 " is written and was read back, %" PRIu32 " file%s",
            writing->number, writing->files, writing->files == 1 ? "" : "s");
    if (writing->ops + writing->pieces == 0)
        fputs(". Nothing waited; it says what is here and what was read.\n", cli->out);
    else
        fprintf(cli->out, ", %" PRIu64 " entries, %" PRIu64 " pieces of files.\n",
                writing->ops, writing->pieces);
}

static enum exit_code take_part(struct writing *writing, struct bytes result,
                                bool *is_last)
{
    struct bytes file;
    enum exit_code code = reply_contents(writing->cli, result, "file", &file);
    *is_last = answer_is_true(result, "last");
    writing->ops += answer_uint(result, "ops");
    writing->pieces += answer_uint(result, "pieces");
    writing->number = answer_uint(result, "number");
    return code == EXIT_DONE ? write_file(writing, file) : code;
}

static enum exit_code write_for(struct cli *cli, const char *site, uint32_t *stick)
{
    struct writing writing = {.cli = cli, .stick = *stick};
    struct progress progress;
    struct request request = {0};
    struct bytes result;
    bool is_last = false;
    request_text(&request, "site", site);
    progress_init(&progress, cli->err, "files written");
    enum exit_code code = ask(cli, ASK_ANYBODY, "bundle.write", &request, &result);
    while (code == EXIT_DONE) {
        code = take_part(&writing, result, &is_last);
        progress_show(&progress, writing.files);
        if (code != EXIT_DONE || is_last)
            break;
        code = ask(cli, ASK_ANYBODY, "bundle.next", NULL, &result);
    }
    progress_clear(&progress);
    if (code == EXIT_DONE)
        code = ask(cli, ASK_ANYBODY, "bundle.done", NULL, &result);
    if (code == EXIT_DONE)
        print_written(&writing, bytes_str(site));
    else if (writing.files > 0)
        fprintf(cli->err,
                "fengqiao: the bundle is not whole. %" PRIu32 " of its files are written "
                "and may be read; the\nrest goes with the next one, on a stick with more "
                "room or several (--stick A --stick B)\n",
                writing.files);
    *stick = writing.stick;
    buf_deinit(&writing.names);
    return code;
}

static void print_eject(struct cli *cli, uint32_t stick)
{
    if (cli->options->is_json)
        return;
    fputs("Before you pull a stick out: ", cli->out);
    for (uint32_t i = 0; i <= stick; i++) {
        fputs(i == 0 ? "umount " : "; umount ", cli->out);
        printable_print(cli->out, bytes_str(options_nth(cli->options, "stick", i)));
    }
    fputc('\n', cli->out);
}

/* Every neighbour, by its id: names may be alike. */
static enum exit_code write_for_all(struct cli *cli, uint32_t *stick)
{
    struct bytes result, row;
    struct buf rows = {0};
    enum exit_code code = ask(cli, ASK_ANYBODY, "bundle.list", NULL, &result);
    if (code != EXIT_DONE)
        return code;
    buf_add(&rows, result.data, result.len); /* the next answer takes its place */
    if (buf_status(&rows) != STATUS_OK)
        return cli_refuse(cli, STATUS_NO_MEMORY, NULL);
    struct answer_list sites = answer_list(buf_bytes(&rows), "sites");
    if (sites.left == 0)
        code = cli_usage(cli, "this site is paired with nobody yet");
    while (code == EXIT_DONE && answer_next(&sites, &row)) {
        char hex[2 * 32 + 1];
        struct bytes site = answer_bin(row, "site");
        if (site.len != 32)
            continue;
        hex_encode(hex, site.data, site.len);
        code = write_for(cli, hex, stick);
    }
    buf_deinit(&rows);
    return code;
}

static enum exit_code run_write(struct cli *cli)
{
    bool is_for_all = options_has(cli->options, "all");
    const char *site = options_nth(cli->options, "to", 0);
    uint32_t stick = 0;
    enum exit_code code = EXIT_DONE;
    if (is_for_all == (site != NULL))
        return cli_usage(cli, "say for whom: --to SITE, once or more, or --all");
    if (is_for_all)
        code = write_for_all(cli, &stick);
    for (uint32_t i = 0; code == EXIT_DONE && site != NULL; i++) {
        code = write_for(cli, site, &stick);
        site = options_nth(cli->options, "to", i + 1);
    }
    if (code == EXIT_DONE)
        print_eject(cli, stick);
    return code;
}

/* ---- read and show ---- */

struct reading {
    struct cli *cli;
    const char *folder;
    bool only_looks;
    struct table table;
    struct buf json;
    uint32_t found, taken, for_others, bad;
};

static void add_row(struct reading *reading, const char *name, struct bytes result)
{
    struct table *table = &reading->table;
    bool is_old = answer_is_true(result, "old");
    table_words(table, name);
    table_text(table, answer_text(result, "name"));
    table_uint(table, answer_uint(result, "number"));
    table_uint(table, answer_uint(result, "part") + 1);
    if (!reading->only_looks) {
        table_uint(table, answer_uint(result, "ops"));
        table_uint(table, answer_uint(result, "new"));
        table_uint(table, answer_uint(result, "refused"));
        table_uint(table, answer_uint(result, "pieces_new"));
    }
    table_words(table, is_old ? "a later one was read" : "");
}

static void add_json(struct reading *reading, const char *name, struct bytes result)
{
    struct buf *json = &reading->json;
    buf_add(json, json->len == 0 ? "" : ",", json->len == 0 ? 0 : 1);
    buf_add(json, "{\"file\":", 8);
    json_add_text(json, bytes_str(name));
    buf_add(json, ",\"read\":", 8);
    if (json_add(json, result) != STATUS_OK)
        shortage_note();
    buf_add(json, "}", 1);
}

/* A file that is no bundle, or was damaged, stops no other. */
static void say_bad(struct reading *reading, const char *name, struct bytes reason)
{
    reading->bad++;
    fprintf(reading->cli->err, "fengqiao: %s: ", name);
    printable_print_lines(reading->cli->err, reason, 10);
    fputc('\n', reading->cli->err);
}

static void clear_slot(struct reading *reading, unsigned slot, struct bytes file)
{
    char name[STICK_NAME_SIZE];
    struct err err = {0};
    enum status status = stick_remove(reading->folder, STICK_BUNDLES, slot, file, &err);
    if (status == STATUS_OK)
        return;
    stick_name(name, STICK_BUNDLES, slot);
    fprintf(reading->cli->err, "fengqiao: %s stays on the stick: ", name);
    printable_print(reading->cli->err, bytes_str(err_text(&err, status)));
    fputc('\n', reading->cli->err);
}

static enum exit_code take_slot(struct reading *reading, unsigned slot,
                                const struct buf *file)
{
    struct cli *cli = reading->cli;
    char name[STICK_NAME_SIZE];
    struct request request = {0};
    struct client_answer answer;
    stick_name(name, STICK_BUNDLES, slot);
    request_begin(&request, "file");
    pack_bin(&request.values, file->data, file->len);
    request_end(&request);
    if (reading->only_looks)
        request_bool(&request, "look", true);
    enum exit_code code = ask_answer(cli, ASK_ANYBODY, "bundle.read", &request, &answer);
    if (code != EXIT_DONE)
        return code;
    if (answer.status == STATUS_NOT_FOUND) {
        reading->for_others++;
        return EXIT_DONE;
    }
    if (answer.status != STATUS_OK) {
        say_bad(reading, name, ask_reason(&answer));
        return EXIT_DONE;
    }
    reading->taken++;
    if (cli->options->is_json)
        add_json(reading, name, answer.result);
    else
        add_row(reading, name, answer.result);
    if (options_has(cli->options, "clear"))
        clear_slot(reading, slot, buf_bytes(file));
    return EXIT_DONE;
}

static enum exit_code take_all(struct reading *reading)
{
    struct progress progress;
    enum exit_code code = EXIT_DONE;
    progress_init(&progress, reading->cli->err, "files read");
    for (unsigned slot = 1; code == EXIT_DONE && slot <= BUNDLE_SLOTS_MAX; slot++) {
        struct buf file = {0};
        struct err err = {0};
        char name[STICK_NAME_SIZE];
        enum status status =
            stick_read(reading->folder, STICK_BUNDLES, slot, &file, &err);
        if (status == STATUS_NOT_FOUND)
            continue;
        if (status == STATUS_CLOSED) { /* no other file will do better */
            if (reading->found == 0)
                code = cli_refuse(reading->cli, status, &err);
            else
                say_bad(reading, "not all", bytes_str(err_text(&err, status)));
            break;
        }
        stick_name(name, STICK_BUNDLES, slot);
        reading->found++;
        if (status == STATUS_OK)
            code = take_slot(reading, slot, &file);
        else
            say_bad(reading, name, bytes_str(err_text(&err, status)));
        progress_show(&progress, reading->found);
        buf_deinit(&file);
    }
    progress_clear(&progress);
    return code;
}

static void print_reading(struct reading *reading)
{
    struct cli *cli = reading->cli;
    if (cli->options->is_json) {
        if (buf_status(&reading->json) != STATUS_OK)
            shortage_note();
        else
            fprintf(cli->out,
                    "{\"bad\":%" PRIu32 ",\"for_others\":%" PRIu32 ",\"found\":%" PRIu32
                    ",\"taken\":[%.*s]}\n",
                    reading->bad, reading->for_others, reading->found,
                    (int)reading->json.len, (const char *)reading->json.data);
        return;
    }
    table_print(&reading->table, cli->out,
                reading->found == 0 ? "There is no bundle in that folder."
                                    : "None of these files is for this machine.");
    if (reading->for_others > 0)
        fprintf(cli->out, "%" PRIu32 " more for other machines.\n", reading->for_others);
}

static enum exit_code read_stick(struct cli *cli, bool only_looks)
{
    static const char *const titles[] = {"file", "from",      "bundle", "part", "entries",
                                         "new",  "set apart", "pieces", ""};
    static const char *const few[] = {"file", "from", "bundle", "part", ""};
    struct reading reading = {.cli = cli,
                              .folder = options_value(cli->options, "stick"),
                              .only_looks = only_looks};
    table_init(&reading.table, only_looks ? few : titles, only_looks ? 5 : 9);
    enum exit_code code = take_all(&reading);
    if (code == EXIT_DONE)
        print_reading(&reading);
    table_deinit(&reading.table);
    buf_deinit(&reading.json);
    return code == EXIT_DONE && reading.bad > 0 ? EXIT_FAILED : code;
}

static enum exit_code run_read(struct cli *cli)
{
    return read_stick(cli, false);
}

static enum exit_code run_show(struct cli *cli)
{
    return read_stick(cli, true);
}

const struct verb cmd_bundle_verbs[] = {
    {
        .name = "bundle list",
        .arguments = "",
        .help = "What waits for each neighbour and is not known to be there: entries, "
                "records, files, since\nwhen; how many bundles are on sticks that it did "
                "not answer yet, and when we read that it had.",
        .example = "bundle list",
        .run = run_list,
    },
    {
        .name = "bundle write",
        .arguments = "--to SITE|--all --stick FOLDER",
        .help =
            "Write what waits for a neighbour onto a stick, sealed for its machines "
            "alone.\nNothing on the stick is replaced; what was written is read back. "
            "Where a stick is full the\nnext --stick goes on. A stick that is lost "
            "shows sizes only, and loses nothing: until the\nother side says that it "
            "has read a bundle, the next one carries the same.",
        .example = "bundle write --to 青河镇 --stick /media/stick",
        .run = run_write,
        .options = {{.name = "to", .value = "SITE", .may_repeat = true},
                    {.name = "all"},
                    {.name = "stick",
                     .value = "FOLDER",
                     .is_required = true,
                     .may_repeat = true}},
    },
    {
        .name = "bundle read",
        .arguments = "--stick FOLDER [--clear]",
        .help = "Take in what a stick holds for this machine: fengqiao-001.age to "
                "-999.age, no other file.\nTwice, late or in part does no harm. --clear "
                "removes from the stick what was taken.",
        .example = "bundle read --stick /media/stick",
        .run = run_read,
        .options = {{.name = "stick", .value = "FOLDER", .is_required = true},
                    {.name = "clear"}},
    },
    {
        .name = "bundle show",
        .arguments = "--stick FOLDER",
        .help = "Whose bundles a stick holds for this machine. Nothing is taken in.",
        .example = "bundle show --stick /media/stick",
        .run = run_show,
        .options = {{.name = "stick", .value = "FOLDER", .is_required = true}},
    },
    {.name = NULL},
};
