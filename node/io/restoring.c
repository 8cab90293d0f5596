/*
 * Happy path: find the key; make the directory and its store; open and take in file after
 * file; derive everything; keep the node's key; say what came.
 *
 * Failure modes: no key (64); the directory holds something (73, nothing is touched); the
 * folder or a file cannot be read (74); a file opens with another key, was changed, is
 * missing, or is not what the site signed (65, with its name). Whatever was made is
 * removed: a half restored node would be taken for a whole one.
 */
#include "node/io/restoring.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/restore.h"
#include "node/io/backup_folder.h"
#include "node/io/exit_code.h"
#include "node/io/log.h"
#include "node/io/new_dir.h"
#include "node/io/node_key.h"
#include "node/io/opening.h"
#include "node/io/own_socket.h"
#include "node/io/owned_node.h"
#include "node/io/printout.h"
#include "node/io/recovery_key.h"
#include "proto/limits.h"

#define SCRATCH_NAME "try-backup"

/* In secret memory. */
struct restore_secrets {
    uint8_t seed[32]; /* the recovery key's, or the machine's */
    uint8_t secret[KEY_SIZE];
    struct node_key node;
    struct restore restore;
    struct core_config config;
};

/* ---- the files ---- */

static enum status say_verdict(enum age_verdict verdict, unsigned slot, struct err *err)
{
    switch (verdict) {
    case AGE_WHOLE:
        return STATUS_OK;
    case AGE_NO_MATCH:
        return err_set(err, STATUS_DENIED,
                       "file %04u of the backup opens with another key", slot);
    case AGE_NO_MEMORY:
        return err_set(err, STATUS_NO_MEMORY,
                       "this machine lacks the memory to open a file of the backup, or a "
                       "kernel that can confine who reads it");
    default:
        return err_set(err, STATUS_CORRUPT,
                       "file %04u of the backup is damaged; take another copy", slot);
    }
}

/* What is wrong with a backup is no fault of the command line. */
static enum status as_data(enum status status)
{
    return status == STATUS_INVALID || status == STATUS_NOT_FOUND ? STATUS_CORRUPT
                                                                  : status;
}

/* *opens: with the key that was brought. */
static enum status take_file(struct restore_secrets *secrets, unsigned slot,
                             struct bytes file, bool *opens, struct err *err)
{
    struct buf payload = {0};
    struct bundle_header header;
    struct bytes messages;
    struct err why = {0};
    enum age_verdict verdict = opening_run(file, secrets->secret, &payload);
    enum status status = say_verdict(verdict, slot, err);
    *opens = verdict != AGE_NO_MATCH;
    if (status == STATUS_OK) {
        status = bundle_check(buf_bytes(&payload), &header, &messages, &why);
        if (status == STATUS_OK)
            status = restore_take(&secrets->restore, &header, messages, &why);
        if (status != STATUS_OK)
            status = err_set(err, as_data(status), "file %04u: %s", slot,
                             err_text(&why, status));
    }
    buf_wipe(&payload);
    return status;
}

/* In their order. Files of a backup that was broken off are followed by a whole one; one
 * that is missing is noticed by what comes behind it. Where the recovery key was replaced
 * and a whole backup was written behind the old ones, those in front open with the old
 * sheet and are passed over. */
static enum status take_all(struct restore_secrets *secrets, const char *folder,
                            struct err *err)
{
    unsigned found = 0;
    bool opens = true, has_opened = false;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, STATUS_IO, "%.128s: %s", folder, strerror(errno));
    enum status status = STATUS_OK;
    for (unsigned slot = 1; status == STATUS_OK && slot <= BACKUP_SLOTS_MAX; slot++) {
        struct buf file = {0};
        opens = true;
        status = backup_folder_read(fd, slot, &file, err);
        if (status == STATUS_NOT_FOUND) {
            status = STATUS_OK;
            continue;
        }
        if (status == STATUS_OK)
            status = take_file(secrets, slot, buf_bytes(&file), &opens, err);
        has_opened = has_opened || opens;
        if (!has_opened)
            status = STATUS_OK;
        found++;
        log_info("restore file=%u ops=%" PRIu64, slot, secrets->restore.ops);
        buf_deinit(&file);
    }
    (void)close(fd); /* a directory, only read */
    if (status == STATUS_OK && found > 0 && !has_opened)
        return STATUS_DENIED; /* err has the last one's sentence */
    return status == STATUS_OK && found == 0
               ? err_set(err, STATUS_NOT_FOUND, "there is no backup in %.128s", folder)
               : status;
}

static enum status restore_store(struct restore_secrets *secrets, const char *dir,
                                 const char *folder, struct err *err)
{
    struct store *store = NULL;
    enum status status = owned_node_store(&store, dir, true, err);
    if (status != STATUS_OK)
        return status;
    secrets->config = (struct core_config){.store = store, .rng = rng_system()};
    restore_init(&secrets->restore, store);
    key_dh_of_sign_seed(secrets->secret, secrets->seed);
    status = take_all(secrets, folder, err);
    if (status == STATUS_OK)
        status = as_data(restore_end(&secrets->restore, &secrets->config, err));
    store_close(store);
    return status;
}

static enum status tell(const struct daemon_args *args, const struct restore *restore,
                        struct err *err)
{
    char site[KEY_TEXT_SIZE];
    key_to_text(site, "fqs1", restore->site.bytes);
    uint64_t ops = restore->taken[TREE_PRIVATE] + restore->taken[TREE_SHARED];
    if (args->is_json)
        printf("{\"ops\":%" PRIu64 ",\"pieces\":%" PRIu64 ",\"site\":\"%s\","
               "\"wall\":%" PRIu64 "}\n",
               ops, restore->pieces, site, restore->mark.wall);
    else
        printf("site      %s\nrecords   %" PRIu64 ", each of them verified\npieces    "
               "%" PRIu64 " of files\n",
               site, ops, restore->pieces);
    return printout_end() ? STATUS_OK
                          : err_set(err, STATUS_IO, "the answer could not be written");
}

static void say_next(const struct daemon_args *args)
{
    if (args->is_json)
        return;
    printf("run it with: fengqiaod run --dir %s\n"
           "This machine is now the one that was backed up. If that one still runs, or "
           "may be in\nother hands: stop it, or give this one other keys, once it runs "
           "(fengqiao node renew).\n",
           args->dir);
    (void)fflush(stdout); /* the node is made */
}

/* ---- restore ---- */

static enum status make_node(const struct daemon_args *args,
                             struct restore_secrets *secrets, const struct new_dir *dir,
                             struct err *err)
{
    enum status status = restore_store(secrets, dir->path, args->from, err);
    if (status != STATUS_OK)
        return status;
    memcpy(secrets->node.seed, secrets->restore.node_seed, 32);
    memcpy(secrets->node.noise_secret, secrets->restore.noise_secret, 32);
    status = node_key_keep(&secrets->node, dir->fd, err);
    if (status == STATUS_OK)
        status = new_dir_sync(dir, err);
    return status == STATUS_OK ? tell(args, &secrets->restore, err) : status;
}

int restore_main(const struct daemon_args *args)
{
    struct err err = {0};
    struct new_dir dir;
    enum status status = STATUS_NO_MEMORY;
    struct restore_secrets *secrets = secret_new(sizeof(*secrets));
    if (secrets == NULL)
        goto tell_error;
    status = recovery_key_read(secrets->seed, args->recovery_file, &err);
    if (status != STATUS_OK)
        goto free_secrets;
    status = new_dir_make(&dir, args->dir, &err);
    if (status == STATUS_OK)
        status = make_node(args, secrets, &dir, &err);
    new_dir_end(&dir, status == STATUS_OK);
    if (status == STATUS_OK)
        say_next(args);
free_secrets:
    secret_free(secrets);
tell_error:
    return exit_code_told(status, &err);
}

/* ---- try-backup ---- */

/* The node compares it with what it holds, and keeps the day. Where it does not run, the
 * restore stands for itself. */
static enum status tell_node(const char *dir, const struct backup_mark *mark,
                             struct err *err)
{
    struct buf message = {0}, arguments = {0}, result = {0};
    char word[OWN_SOCKET_WORD_SIZE] = "";
    backup_mark_write(mark, &message);
    pack_map(&arguments, 1);
    pack_str(&arguments, "after");
    pack_bin(&arguments, message.data, message.len);
    enum status status =
        own_socket_ask(dir, "backup.verified", &arguments, &result, word);
    if (status == STATUS_NOT_FOUND) {
        log_info("try-backup node=stopped");
        status = STATUS_OK;
    } else if (status != STATUS_OK)
        status = err_set(err, STATUS_IO, "the node does not answer");
    else if (strcmp(word, status_name(STATUS_OK)) != 0)
        status = err_set(err, STATUS_UNVERIFIED,
                         "it can be restored, but it is not a backup of what this node "
                         "holds now (%s)",
                         word);
    buf_deinit(&message);
    buf_deinit(&arguments);
    buf_deinit(&result);
    return status;
}

static enum status try_in(const struct daemon_args *args, struct restore_secrets *secrets,
                          struct err *err)
{
    char scratch[4096];
    struct new_dir dir;
    if ((size_t)snprintf(scratch, sizeof(scratch), "%s/" SCRATCH_NAME, args->dir) >=
        sizeof(scratch))
        return err_set(err, STATUS_INVALID, "the directory's name is too long");
    enum status status = new_dir_make(&dir, scratch, err);
    if (status == STATUS_OK)
        status = restore_store(secrets, scratch, args->from, err);
    new_dir_end(&dir, false);
    return status;
}

int try_backup_main(const struct daemon_args *args)
{
    struct err err = {0};
    enum status status = STATUS_NO_MEMORY;
    struct restore_secrets *secrets = secret_new(sizeof(*secrets));
    if (secrets == NULL)
        goto tell_error;
    int dir_fd = owned_node_dir(args->dir, &err);
    status = dir_fd < 0 ? err.status : node_key_read(&secrets->node, dir_fd, &err);
    if (dir_fd >= 0)
        (void)close(dir_fd); /* a directory, only read */
    if (status == STATUS_OK) {
        memcpy(secrets->seed, secrets->node.seed, 32);
        status = try_in(args, secrets, &err);
    }
    if (status == STATUS_OK)
        status = tell_node(args->dir, &secrets->restore.mark, &err);
    if (status == STATUS_OK)
        status = tell(args, &secrets->restore, &err);
    secret_free(secrets);
tell_error:
    return exit_code_told(status, &err);
}
