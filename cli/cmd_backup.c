/*
 * backup write, verify, status: everything that the site has, onto a stick or into a
 * folder, sealed for its recovery key. The newest backup in the folder says where the
 * next one goes on; whether it can be restored is tried with fengqiaod (try-backup).
 */
#include <inttypes.h>

#include "cli/answer.h"
#include "cli/daemon.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/reply.h"
#include "cli/stick.h"
#include "cli/table.h"
#include "proto/limits.h"

#define LOOK_BACK 64 /* files behind a backup that was broken off */

/* ---- where the last one ended ---- */

/* DONE, and mark stays empty: this file ends none. */
static enum exit_code ask_mark(struct cli *cli, const struct buf *file, struct buf *mark)
{
    struct request request = {0};
    struct client_answer answer;
    request_begin(&request, "file");
    pack_bin(&request.values, file->data, file->len);
    request_end(&request);
    enum exit_code code = ask_answer(cli, ASK_ANYBODY, "backup.mark", &request, &answer);
    if (code != EXIT_DONE || answer.status == STATUS_NOT_FOUND)
        return code;
    if (answer.status != STATUS_OK)
        return ask_refused(cli, &answer);
    struct bytes bytes = answer_bin(answer.result, "mark");
    buf_add(mark, bytes.data, bytes.len);
    return buf_status(mark) == STATUS_OK ? EXIT_DONE
                                         : cli_refuse(cli, STATUS_NO_MEMORY, NULL);
}

/* From the last file of the folder back to one that ends a backup. */
static enum exit_code find_mark(struct cli *cli, const char *folder, struct buf *mark)
{
    uint32_t seen = 0;
    for (unsigned slot = BACKUP_SLOTS_MAX; slot > 0 && seen < LOOK_BACK; slot--) {
        struct buf file = {0};
        struct err err = {0};
        enum status status = stick_read(folder, STICK_BACKUP, slot, &file, &err);
        if (status == STATUS_NOT_FOUND)
            continue;
        enum exit_code code = status == STATUS_OK ? ask_mark(cli, &file, mark)
                                                  : cli_refuse(cli, status, &err);
        buf_deinit(&file);
        seen++;
        if (code != EXIT_DONE || mark->len > 0)
            return code;
    }
    return EXIT_DONE;
}

/* ---- write ---- */

struct backing {
    struct cli *cli;
    const char *folder;
    uint32_t files;
    uint64_t ops, pieces;
};

static enum exit_code write_part(struct backing *backing, struct bytes result,
                                 bool *is_last)
{
    struct bytes file;
    struct err err = {0};
    char name[STICK_NAME_SIZE];
    enum exit_code code = reply_contents(backing->cli, result, "file", &file);
    *is_last = answer_is_true(result, "last");
    if (code != EXIT_DONE)
        return code;
    enum status status = stick_write(backing->folder, STICK_BACKUP, file, name, &err);
    if (status != STATUS_OK)
        return cli_refuse(backing->cli, status, &err);
    backing->files++;
    backing->ops += answer_uint(result, "ops");
    backing->pieces += answer_uint(result, "pieces");
    return EXIT_DONE;
}

static enum exit_code write_all(struct backing *backing, struct request *request)
{
    struct cli *cli = backing->cli;
    struct progress progress;
    struct bytes result;
    bool is_last = false;
    progress_init(&progress, cli->err, "files written");
    enum exit_code code = ask(cli, ASK_ANYBODY, "backup.write", request, &result);
    while (code == EXIT_DONE) {
        code = write_part(backing, result, &is_last);
        progress_show(&progress, backing->files);
        if (code != EXIT_DONE || is_last)
            break;
        code = ask(cli, ASK_ANYBODY, "backup.next", NULL, &result);
    }
    progress_clear(&progress);
    return code == EXIT_DONE ? ask(cli, ASK_ANYBODY, "backup.done", NULL, &result) : code;
}

static void print_backed(const struct backing *backing, bool is_more)
{
    struct cli *cli = backing->cli;
    if (cli->options->is_json) {
        fprintf(cli->out,
                "{\"files\":%" PRIu32 ",\"ops\":%" PRIu64 ",\"pieces\":%" PRIu64
                ",\"whole\":%s}\n",
                backing->files, backing->ops, backing->pieces,
                is_more ? "false" : "true");
        return;
    }
    fprintf(cli->out,
            "Backed up and read back: %s%" PRIu64 " entries, %" PRIu64
            " pieces of files, %" PRIu32 " file%s more.\n",
            is_more ? "what is new, " : "everything, ", backing->ops, backing->pieces,
            backing->files, backing->files == 1 ? "" : "s");
    if (options_has(cli->options, "verify"))
        return;
    fputs("Whether it can be restored: fengqiao backup verify --stick ", cli->out);
    printable_print(cli->out, bytes_str(backing->folder));
    fputc('\n', cli->out);
}

/* Restored for a trial by a program of its own, which tells the node what came of it. */
static enum exit_code verify(struct cli *cli)
{
    const char *words[] = {"try-backup",
                           "--dir",
                           cli->options->dir,
                           "--from",
                           options_value(cli->options, "stick"),
                           cli->options->is_json ? "--json" : NULL,
                           NULL};
    if (cli->options->dir == NULL || *cli->options->dir == '\0')
        return cli_usage(cli, "say where the node lives: --dir D, or set FENGQIAO_DIR");
    return daemon_run(cli, words);
}

/* The node does so by itself: a stick that is not in its place must not become a folder
 * on the card. */
static enum exit_code check_goes_on(struct cli *cli, const struct buf *mark)
{
    if (!options_has(cli->options, "go-on") || mark->len > 0)
        return EXIT_DONE;
    fputs("fengqiao: NOT written: ", cli->err);
    printable_print(cli->err, bytes_str(options_value(cli->options, "stick")));
    fputs(
        " holds no backup to go on with: put the stick in, or begin one there (fengqiao "
        "backup write)\n",
        cli->err);
    return EXIT_FAILED;
}

static enum exit_code run_write(struct cli *cli)
{
    struct backing backing = {.cli = cli, .folder = options_value(cli->options, "stick")};
    struct request request = {0};
    struct buf mark = {0};
    enum exit_code code = EXIT_DONE;
    if (!options_has(cli->options, "whole"))
        code = find_mark(cli, backing.folder, &mark);
    if (code == EXIT_DONE)
        code = check_goes_on(cli, &mark);
    if (code == EXIT_DONE && mark.len > 0) {
        request_begin(&request, "after");
        pack_bin(&request.values, mark.data, mark.len);
        request_end(&request);
    }
    if (code == EXIT_DONE)
        code = write_all(&backing, &request);
    if (code == EXIT_DONE)
        print_backed(&backing, mark.len > 0);
    else if (backing.files > 0)
        fputs("fengqiao: the backup is not whole; the one before it in that folder "
              "still is\n",
              cli->err);
    request_deinit(&request);
    buf_deinit(&mark);
    return code == EXIT_DONE && options_has(cli->options, "verify") ? verify(cli) : code;
}

/* ---- status ---- */

static void print_daily(struct cli *cli, struct bytes result)
{
    char when[24];
    if (!answer_is_true(result, "daily"))
        return;
    time_text(when, answer_uint(result, "daily_wall"));
    fprintf(cli->out, "by itself:     %s, ", when);
    if (answer_text(result, "daily_failed").len == 0)
        fputs("and tried\n", cli->out);
    else {
        fputs("it failed: ", cli->out);
        printable_print(cli->out, answer_text(result, "daily_failed"));
        fputc('\n', cli->out);
    }
}

static enum exit_code run_status(struct cli *cli)
{
    struct bytes result;
    char written[24], verified[24];
    enum exit_code code = ask(cli, ASK_ANYBODY, "backup.status", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    time_text(written, answer_uint(result, "written_wall"));
    time_text(verified, answer_uint(result, "verified_wall"));
    if (answer_uint(result, "written_wall") == 0)
        fputs(
            "There is no backup of this site. If this machine is lost, so is what is in "
            "no escalation:\nfengqiao backup write --stick FOLDER\n",
            cli->out);
    else
        fprintf(cli->out,
                "last backup:   %s, %" PRIu64 " entries; %" PRIu64
                " since\nlast restored: %s, to try it\n",
                written, answer_uint(result, "ops"), answer_uint(result, "behind"),
                verified);
    print_daily(cli, result);
    return EXIT_DONE;
}

const struct verb cmd_backup_verbs[] = {
    {
        .name = "backup write",
        .arguments = "--stick FOLDER [--whole | --go-on] [--verify]",
        .help =
            "Write everything that the site has, its cases too, into a folder.\n"
            "It is sealed for the recovery key and this machine. Where the folder has a "
            "backup, what is new is\nadded; --whole begins anew, and --go-on refuses a "
            "folder without one. --verify "
            "restores it for a trial.\nThe recovery sheet "
            "restores it (fengqiaod restore), and a stock age opens\nits files.",
        .example = "backup write --stick /media/backup",
        .run = run_write,
        .options = {{.name = "stick", .value = "FOLDER", .is_required = true},
                    {.name = "whole"},
                    {.name = "go-on"},
                    {.name = "verify"}},
    },
    {
        .name = "backup verify",
        .arguments = "--stick FOLDER",
        .help = "Restore a backup for a trial, next to the node, and throw that away.\n"
                "The node compares it with what it holds and keeps the day (backup "
                "status). It is fengqiaod try-backup.",
        .example = "backup verify --stick /media/backup",
        .run = verify,
        .options = {{.name = "stick", .value = "FOLDER", .is_required = true}},
    },
    {
        .name = "backup status",
        .arguments = "",
        .help = "When the last backup was written, and how much was said since.\n"
                "And when one was last restored to try it (fengqiaod try-backup).",
        .example = "backup status",
        .run = run_status,
    },
    {.name = NULL},
};
