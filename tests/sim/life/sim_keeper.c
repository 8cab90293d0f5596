#include "tests/sim/life/sim_keeper.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "node/core/restore.h"
#include "proto/pack_map.h"
#include "tests/sim/life/sim_blank.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_bundle.h"
#include "tests/sim/life/watch_restore.h"

#define CUT_STEPS 300 /* of the disk, that a restore takes about */

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

void sim_keeper_keep(struct sim *sim, int host)
{
    sim->folder = calloc(1, sizeof(*sim->folder));
    assert(sim->folder != NULL);
    sim->folder->host = host;
}

/* What people were told so far. */
static void note_told(const struct sim_host *host, struct id_list *told)
{
    id_list_clear(told);
    for (uint32_t i = 0; i < host->told_len; i++)
        id_list_push(told, &host->told[i]);
    assert(!told->failed);
}

static void empty(struct sim_folder *folder)
{
    for (uint32_t i = 0; i < folder->files_len; i++)
        buf_deinit(&folder->files[i]);
    for (uint32_t i = 0; i < folder->len; i++)
        id_list_deinit(&folder->backups[i].told);
    folder->files_len = folder->len = 0;
}

/* --- writing --- */

static void close_client(struct sim_host *host)
{
    host->sim->folder->is_being_written = false;
    sim_host_tell(host, EVENT_CLIENT_CLOSED, SIM_CLIENT_BACKUP, (struct bytes){0}, NULL);
}

/* NULL: nobody has a hand free, and the backup is broken off. */
static struct sim_errand *go_on(struct sim_host *host, sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL)
        close_client(host);
    else
        *errand = (struct sim_errand){.client = SIM_CLIENT_BACKUP, .done = done};
    return errand;
}

static void ask_with(struct sim_host *host, struct sim_errand *errand, const char *method,
                     const char *name, struct bytes bytes)
{
    struct buf map = {0};
    pack_map(&map, bytes.len > 0 ? 1 : 0);
    if (bytes.len > 0) {
        pack_str(&map, name);
        pack_bin(&map, bytes.data, bytes.len);
    }
    sim_people_ask_packed(host, errand, method, buf_bytes(&map));
    buf_deinit(&map);
}

static bool bin_of(struct bytes result, const char *name, struct bytes *out)
{
    struct bytes raw;
    if (!pack_map_find(result, name, 0, &raw))
        return false;
    struct pack_reader reader = pack_reader_of(raw);
    return pack_read_bin(&reader, out, NULL) == STATUS_OK;
}

static void on_done(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    (void)errand;
    (void)result;
    close_client(host);
    if (!is_ok(status))
        watch_restore_refused(host, "backup.done", status);
}

/* From its last file on it is whole, whether or not the node hears of it. */
static void note_whole(struct sim_host *host)
{
    struct sim_folder *folder = host->sim->folder;
    if (folder->len == SIM_BACKUPS_MAX)
        return;
    folder->backups[folder->len++] =
        (struct sim_backup){.files_len = folder->files_len, .told = folder->told};
    folder->told = (struct id_list){0};
    sim_ever(host->sim, folder->goes_on ? EVER_BACKUP_MORE : EVER_BACKUP_WRITTEN);
}

static void on_part(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result);

static void begin(struct sim_host *host, struct bytes mark)
{
    struct sim_errand *errand = go_on(host, on_part);
    struct sim_folder *folder = host->sim->folder;
    if (errand == NULL)
        return;
    errand->step = mark.len > 0;
    folder->goes_on = mark.len > 0;
    note_told(host, &folder->told);
    ask_with(host, errand, "backup.write", "after", mark);
}

static void on_part(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct sim_folder *folder = host->sim->folder;
    struct bytes file;
    bool is_last = false;
    if (host->is_restored && errand->step != 0 && bytes_equal_str(status, "INVALID")) {
        /* It was restored from an older one: as the sentence says, an empty folder. */
        sim_ever(host->sim, EVER_BACKUP_ANEW);
        empty(folder);
        begin(host, (struct bytes){0});
        return;
    }
    if (!is_ok(status) || !bin_of(result, "file", &file) ||
        !view_map_flag(result, "last", &is_last) ||
        folder->files_len == SIM_BACKUP_FILES_MAX) {
        watch_restore_refused(host, "backup.write", status);
        close_client(host);
        return;
    }
    buf_add(&folder->files[folder->files_len++], file.data, file.len);
    watch_restore_file(host, file);
    if (is_last)
        note_whole(host);
    struct sim_errand *next = go_on(host, is_last ? on_done : on_part);
    if (next != NULL)
        sim_people_ask(host, next, is_last ? "backup.done" : "backup.next", NULL);
}

static void on_marked(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result);

/* From the last file of the folder back to one that ends a backup, as the client does. */
static void find_mark(struct sim_host *host, struct sim_errand *errand, uint32_t files)
{
    struct sim_folder *folder = host->sim->folder;
    if (files == 0) {
        begin(host, (struct bytes){0});
        return;
    }
    *errand = (struct sim_errand){
        .client = SIM_CLIENT_BACKUP, .done = on_marked, .which = files};
    ask_with(host, errand, "backup.mark", "file", buf_bytes(&folder->files[files - 1]));
}

static void on_marked(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct bytes mark = {0};
    if (is_ok(status) && bin_of(result, "mark", &mark)) {
        begin(host, mark);
        return;
    }
    struct sim_errand *next =
        bytes_equal_str(status, "NOT_FOUND") ? go_on(host, NULL) : NULL;
    if (next != NULL) {
        find_mark(host, next, errand->which - 1);
        return;
    }
    watch_restore_refused(host, "backup.mark", status);
    close_client(host);
}

void sim_keeper_write(struct sim_host *host, struct sim_errand *errand)
{
    struct sim_folder *folder = host->sim->folder;
    if (folder == NULL || folder->host != host->index ||
        (folder->is_being_written && folder->boots == host->boots))
        return;
    if (folder->is_being_written)
        sim_ever(host->sim, EVER_BACKUP_CUT);
    folder->is_being_written = true;
    folder->boots = host->boots;
    sim_host_tell(host, EVENT_CLIENT_OPENED, SIM_CLIENT_BACKUP, (struct bytes){0}, NULL);
    find_mark(host, errand, folder->files_len);
}

/* --- a new machine --- */

static void new_disk(struct sim_host *host)
{
    struct crash_disk disk = {
        .seed = sim_dice(host->sim, "disk", (uint64_t)host->index, host->boots)};
    crash_vfs_free(host->disk);
    host->disk = crash_vfs_new(host->vfs, disk);
    assert(host->disk != NULL);
    host->disk_fails = false;
    sim_blank_put(host->disk);
}

bool sim_keeper_lose(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    struct sim_folder *folder = sim->folder;
    if (folder == NULL || folder->host != host->index || folder->len == 0 ||
        host->is_lost)
        return false;
    folder->chosen = sim_choose(sim, "older", key, 3) == 0
                         ? folder->len - 1
                         : (uint32_t)sim_choose(sim, "backup", key, folder->len);
    watch_restore_lost(host);
    if (host->is_on)
        sim_host_cut(host);
    sim_trace(sim, host, "its machine is lost; of %u backups it takes number %u",
              folder->len, folder->chosen + 1);
    host->is_lost = true;
    return true;
}

static enum status take_file(const struct sim_host *host, struct restore *restore,
                             const struct buf *file, struct err *err)
{
    struct bundle_header header;
    struct bytes messages;
    struct buf payload = watch_bundle_open(host->recovery_seed, buf_bytes(file));
    enum status status = bundle_check(buf_bytes(&payload), &header, &messages, err);
    if (status == STATUS_OK)
        status = restore_take(restore, &header, messages, err);
    buf_wipe(&payload);
    return status;
}

/* As fengqiaod restore does it. */
static enum status take_all(struct sim_host *host, struct err *err)
{
    const struct sim_folder *folder = host->sim->folder;
    const struct sim_backup *backup = &folder->backups[folder->chosen];
    struct core_config config = {.rng = host->config.rng, .listens = true};
    struct restore restore;
    enum status status = store_open(&config.store, "node.db", host->vfs, true, err);
    if (status != STATUS_OK)
        return status;
    restore_init(&restore, config.store);
    for (uint32_t i = 0; status == STATUS_OK && i < backup->files_len; i++)
        status = take_file(host, &restore, &folder->files[i], err);
    if (status == STATUS_OK)
        status = restore_end(&restore, &config, err);
    if (status == STATUS_OK)
        watch_restore_made(host, &config);
    restore_wipe(&restore);
    store_close(config.store);
    return status;
}

void sim_keeper_restore(struct sim_host *host)
{
    struct sim *sim = host->sim;
    const struct sim_folder *folder = sim->folder;
    struct err err = {0};
    new_disk(host);
    /* In a twin's lives that takes more steps or fewer. */
    if (!sim->options.is_twin && sim_dice(sim, "restore-cut", host->boots, 0) % 4 == 0)
        crash_vfs_cut_after(host->disk,
                            sim_dice(sim, "restore-cut", host->boots, 1) % CUT_STEPS);
    enum status status = take_all(host, &err);
    if (crash_vfs_is_dead(host->disk)) {
        /* Half a node is none: it begins anew. */
        sim_ever(sim, EVER_RESTORE_CUT);
        new_disk(host);
        status = take_all(host, &err);
    }
    crash_vfs_cut_after(host->disk, UINT64_MAX - UINT32_MAX);
    if (status != STATUS_OK) {
        sim_fail(sim, "I2", "%s cannot be restored: %s", host->address,
                 err_text(&err, status));
        return;
    }
    sim_ever(sim,
             folder->chosen + 1 == folder->len ? EVER_RESTORED : EVER_RESTORED_OLDER);
    host->is_lost = false;
    host->is_restored = host->is_set_back = host->forgets = true;
}

void sim_keeper_free(struct sim *sim)
{
    if (sim->folder == NULL)
        return;
    empty(sim->folder);
    id_list_deinit(&sim->folder->told);
    free(sim->folder);
    sim->folder = NULL;
}
