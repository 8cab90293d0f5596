#include "tests/support/crash_vfs.h"

#include "tests/support/crash_node.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define FILES_MAX 32

struct kept_file {
    char name[CRASH_NAME_SIZE];
    uint8_t *data;
    size_t len;
};

struct crash_vfs {
    sqlite3_vfs base;
    struct crash_disk disk;
    uint64_t random;
    struct crash_medium medium;
    struct crash_node nodes[FILES_MAX];
    struct kept_file kept[FILES_MAX]; /* the image */
    int kept_len;
    uint64_t steps, cut_at, fail_at;
    enum crash_fault fault;
    bool fault_stays, has_failed, is_dead;
    int last_error;
    struct crash_figures figures;
};

struct crash_file {
    sqlite3_file base;
    struct crash_vfs *vfs;
    struct crash_node *node;
    bool is_temporary; /* goes with its handle */
    bool psow;
};

/* --- nodes -------------------------------------------------------------------------- */

static struct crash_node *find(struct crash_vfs *vfs, const char *name)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (vfs->nodes[i].is_used && vfs->nodes[i].is_linked &&
            strcmp(vfs->nodes[i].name, name) == 0)
            return &vfs->nodes[i];
    return NULL;
}

static struct crash_node *node_new(struct crash_vfs *vfs, const char *name)
{
    assert(strlen(name) < CRASH_NAME_SIZE);
    for (int i = 0; i < FILES_MAX; i++) {
        struct crash_node *node = &vfs->nodes[i];
        if (node->is_used)
            continue;
        *node = (struct crash_node){
            .is_used = true, .is_linked = true, .medium = &vfs->medium};
        memcpy(node->name, name, strlen(name) + 1);
        return node;
    }
    assert(!"more files than FILES_MAX");
    return NULL;
}

/* --- the power ------------------------------------------------------------------------
 */

/* True: this step fails with the code given. The step of a cut is in flight. */
static bool step_fails(struct crash_vfs *vfs, int io_code, int *rc)
{
    if (vfs->is_dead) {
        *rc = SQLITE_IOERR;
        return true;
    }
    vfs->steps++;
    if (vfs->steps == vfs->cut_at)
        vfs->is_dead = true;
    bool fails =
        vfs->fault != CRASH_NONE &&
        (vfs->steps == vfs->fail_at || (vfs->fault_stays && vfs->steps > vfs->fail_at));
    if (!fails)
        return false;
    vfs->has_failed = true;
    vfs->last_error = vfs->fault == CRASH_EIO ? EIO : ENOSPC;
    *rc = vfs->fault == CRASH_EIO ? io_code : SQLITE_FULL;
    return true;
}

void crash_vfs_reboot(struct crash_vfs *vfs)
{
    vfs->figures.cuts++;
    for (int i = 0; i < FILES_MAX; i++) {
        struct crash_node *node = &vfs->nodes[i];
        if (!node->is_used)
            continue;
        assert(node->open_len == 0);
        if (node->is_linked != node->is_linked_hard)
            node->is_linked = crash_random(&vfs->random) % 2 == 0;
        crash_node_decide(node);
        node->wants_dir_sync = false;
    }
    /* Of two files of one name the second cannot be there unless the first is gone. */
    for (int i = 0; i < FILES_MAX; i++)
        for (int k = 0; k < FILES_MAX; k++) {
            struct crash_node *old = &vfs->nodes[i], *new = &vfs->nodes[k];
            if (i != k && old->is_used && new->is_used && old->is_linked_hard &&
                !new->is_linked_hard &&new->is_linked &&strcmp(old->name, new->name) == 0)
                old->is_linked = false;
        }
    for (int i = 0; i < FILES_MAX; i++) {
        vfs->nodes[i].is_linked_hard = vfs->nodes[i].is_linked;
        crash_node_drop_unlinked(&vfs->nodes[i]);
    }
    crash_medium_rot(&vfs->medium);
    for (int i = 0; i < FILES_MAX; i++)
        if (vfs->nodes[i].is_used)
            crash_node_awake(&vfs->nodes[i]);
    vfs->is_dead = false;
    vfs->cut_at = 0;
    vfs->fault = CRASH_NONE;
}

/* --- an image ------------------------------------------------------------------------
 */

static void forget_kept(struct crash_vfs *vfs)
{
    for (int i = 0; i < vfs->kept_len; i++)
        free(vfs->kept[i].data);
    vfs->kept_len = 0;
}

void crash_vfs_keep(struct crash_vfs *vfs)
{
    forget_kept(vfs);
    for (int i = 0; i < FILES_MAX; i++) {
        const struct crash_node *node = &vfs->nodes[i];
        if (!node->is_used || !node->is_linked_hard)
            continue;
        assert(node->open_len == 0);
        struct kept_file *kept = &vfs->kept[vfs->kept_len++];
        memcpy(kept->name, node->name, sizeof(kept->name));
        kept->len = node->durable.len;
        kept->data = malloc(kept->len + 1);
        assert(kept->data != NULL);
        if (kept->len > 0)
            memcpy(kept->data, node->durable.data, kept->len);
    }
}

bool crash_vfs_has_kept(const struct crash_vfs *vfs)
{
    return vfs->kept_len > 0;
}

static void hold(struct crash_vfs *vfs, const struct kept_file *files, int len)
{
    for (int i = 0; i < FILES_MAX; i++) {
        assert(vfs->nodes[i].open_len == 0);
        if (vfs->nodes[i].is_used)
            crash_node_free(&vfs->nodes[i]);
    }
    for (int i = 0; i < len; i++) {
        struct crash_node *node = node_new(vfs, files[i].name);
        node->is_linked_hard = true;
        crash_node_write(node, 0, files[i].data, files[i].len);
        crash_node_sync(node);
    }
}

void crash_vfs_set_back(struct crash_vfs *vfs)
{
    hold(vfs, vfs->kept, vfs->kept_len);
}

void crash_vfs_swap(struct crash_vfs *vfs)
{
    struct kept_file image[FILES_MAX];
    int len = vfs->kept_len;
    memcpy(image, vfs->kept, sizeof(image));
    vfs->kept_len = 0;
    crash_vfs_keep(vfs);
    hold(vfs, image, len);
    for (int i = 0; i < len; i++)
        free(image[i].data);
}

static void directory_sync(struct crash_vfs *vfs)
{
    for (int i = 0; i < FILES_MAX; i++) {
        vfs->nodes[i].is_linked_hard = vfs->nodes[i].is_linked;
        crash_node_drop_unlinked(&vfs->nodes[i]);
    }
}

static bool disk_lies(struct crash_vfs *vfs)
{
    if (crash_random(&vfs->random) % 100 >= vfs->disk.lying_percent)
        return false;
    vfs->figures.lies++;
    return true;
}

/* --- files ----------------------------------------------------------------------------
 */

static int file_close(sqlite3_file *base)
{
    struct crash_file *file = (struct crash_file *)base;
    file->node->open_len--;
    if (file->is_temporary)
        file->node->is_linked = file->node->is_linked_hard = false;
    crash_node_drop_unlinked(file->node);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *out, int len, sqlite3_int64 offset)
{
    struct crash_file *file = (struct crash_file *)base;
    if (file->vfs->is_dead)
        return SQLITE_IOERR_READ;
    const struct crash_image *live = &file->node->live;
    size_t at = (size_t)offset, wanted = (size_t)len;
    size_t there = at < live->len ? live->len - at : 0;
    if (there > wanted)
        there = wanted;
    if (there > 0)
        memcpy(out, live->data + at, there);
    if (there == wanted)
        return SQLITE_OK;
    memset((uint8_t *)out + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int len, sqlite3_int64 offset)
{
    struct crash_file *file = (struct crash_file *)base;
    int rc;
    if (step_fails(file->vfs, SQLITE_IOERR_WRITE, &rc))
        return rc;
    file->vfs->figures.writes++;
    crash_node_write(file->node, (size_t)offset, data, (size_t)len);
    return file->vfs->is_dead ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 len)
{
    struct crash_file *file = (struct crash_file *)base;
    int rc;
    if (step_fails(file->vfs, SQLITE_IOERR_TRUNCATE, &rc))
        return rc;
    crash_node_truncate(file->node, (size_t)len);
    return file->vfs->is_dead ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    struct crash_file *file = (struct crash_file *)base;
    struct crash_node *node = file->node;
    int rc;
    if (step_fails(file->vfs, SQLITE_IOERR_FSYNC, &rc))
        return rc;
    if (file->vfs->is_dead)
        return SQLITE_IOERR_FSYNC;
    file->vfs->figures.syncs++;
    if (disk_lies(file->vfs))
        return SQLITE_OK;
    crash_node_sync(node);
    if (node->wants_dir_sync) {
        node->wants_dir_sync = false;
        directory_sync(file->vfs);
    }
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *len)
{
    struct crash_file *file = (struct crash_file *)base;
    *len = (sqlite3_int64)file->node->live.len;
    return file->vfs->is_dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
    (void)base;
    (void)level;
    return SQLITE_OK; /* one connection */
}

static int file_check_lock(sqlite3_file *base, int *is_reserved)
{
    (void)base;
    *is_reserved = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int what, void *argument)
{
    (void)base;
    (void)what;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *base)
{
    (void)base;
    return CRASH_SECTOR;
}

static int file_characteristics(sqlite3_file *base)
{
    struct crash_file *file = (struct crash_file *)base;
    return file->psow || file->vfs->disk.boasts ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_characteristics,
};

/* --- the VFS --------------------------------------------------------------------------
 */

static int vfs_open(sqlite3_vfs *base, const char *name, sqlite3_file *out, int flags,
                    int *flags_out)
{
    struct crash_vfs *vfs = (struct crash_vfs *)base;
    struct crash_file *file = (struct crash_file *)out;
    *file = (struct crash_file){.vfs = vfs, .is_temporary = name == NULL};
    if (vfs->is_dead)
        return SQLITE_CANTOPEN;
    struct crash_node *node = name == NULL ? NULL : find(vfs, name);
    if (node == NULL) {
        int rc;
        if (name != NULL && (flags & SQLITE_OPEN_CREATE) == 0) {
            vfs->last_error = ENOENT;
            return SQLITE_CANTOPEN;
        }
        if (step_fails(vfs, SQLITE_CANTOPEN, &rc))
            return SQLITE_CANTOPEN;
        node = node_new(vfs, name == NULL ? "" : name);
        int journals =
            SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
        node->wants_dir_sync = (flags & journals) != 0;
    }
    file->node = node;
    node->open_len++;
    file->psow = (flags & SQLITE_OPEN_URI) == 0 || name == NULL ||
                 sqlite3_uri_boolean(name, "psow", 1) != 0;
    file->base.pMethods = &file_methods;
    if (flags_out != NULL)
        *flags_out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *base, const char *name, int sync)
{
    struct crash_vfs *vfs = (struct crash_vfs *)base;
    int rc;
    struct crash_node *node = find(vfs, name);
    if (node == NULL)
        return SQLITE_IOERR_DELETE_NOENT;
    if (step_fails(vfs, SQLITE_IOERR_DELETE, &rc))
        return rc;
    node->is_linked = false;
    if (vfs->is_dead)
        return SQLITE_IOERR_DELETE;
    if (sync && !disk_lies(vfs))
        directory_sync(vfs);
    else
        crash_node_drop_unlinked(node);
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *base, const char *name, int flags, int *result)
{
    (void)flags;
    struct crash_vfs *vfs = (struct crash_vfs *)base;
    *result = find(vfs, name) != NULL;
    return vfs->is_dead ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *base, const char *name, int size, char *out)
{
    (void)base;
    if (strlen(name) >= (size_t)size)
        return SQLITE_CANTOPEN;
    memcpy(out, name, strlen(name) + 1);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *base, int len, char *out)
{
    struct crash_vfs *vfs = (struct crash_vfs *)base;
    for (int i = 0; i < len; i++)
        out[i] = (char)crash_random(&vfs->random);
    return len;
}

static int vfs_sleep(sqlite3_vfs *base, int microseconds)
{
    (void)base;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *base, double *days)
{
    (void)base;
    *days = 2461000.5;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *base, int len, char *out)
{
    (void)len;
    (void)out;
    return ((struct crash_vfs *)base)->last_error;
}

struct crash_vfs *crash_vfs_new(const char *name, struct crash_disk disk)
{
    struct crash_vfs *vfs = calloc(1, sizeof(*vfs));
    if (vfs == NULL)
        return NULL;
    vfs->disk = disk;
    vfs->random = disk.seed;
    /* SQLite's own dice (salts of the WAL) are the process's; the seed decides them too.
     */
    (void)sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(disk.seed | 1), NULL);
    sqlite3_randomness(0, NULL);
    vfs->medium = (struct crash_medium){.disk = disk,
                                        .random = &vfs->random,
                                        .figures = &vfs->figures,
                                        .nodes = vfs->nodes,
                                        .nodes_len = FILES_MAX};
    vfs->base = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct crash_file),
        .mxPathname = CRASH_NAME_SIZE - 16,
        .zName = name,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_last_error,
    };
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK) {
        free(vfs);
        return NULL;
    }
    return vfs;
}

void crash_vfs_free(struct crash_vfs *vfs)
{
    if (vfs == NULL)
        return;
    (void)sqlite3_vfs_unregister(&vfs->base); /* cannot fail once registered */
    forget_kept(vfs);
    for (int i = 0; i < FILES_MAX; i++) {
        assert(vfs->nodes[i].open_len == 0);
        crash_node_free(&vfs->nodes[i]);
    }
    free(vfs);
}

void crash_vfs_cut_after(struct crash_vfs *vfs, uint64_t steps)
{
    vfs->cut_at = vfs->steps + steps + 1;
}

bool crash_vfs_is_dead(const struct crash_vfs *vfs)
{
    return vfs->is_dead;
}

void crash_vfs_fail_after(struct crash_vfs *vfs, uint64_t steps, enum crash_fault fault,
                          bool for_good)
{
    vfs->fail_at = vfs->steps + steps + 1;
    vfs->fault = fault;
    vfs->fault_stays = for_good;
    vfs->has_failed = false;
}

bool crash_vfs_has_failed(const struct crash_vfs *vfs)
{
    return vfs->has_failed;
}

uint64_t crash_vfs_steps(const struct crash_vfs *vfs)
{
    return vfs->steps;
}

struct crash_figures crash_vfs_figures(const struct crash_vfs *vfs)
{
    return vfs->figures;
}

void crash_figures_add(struct crash_figures *a, const struct crash_figures *b)
{
    a->cuts += b->cuts;
    a->writes += b->writes;
    a->syncs += b->syncs;
    a->lies += b->lies;
    a->applied += b->applied;
    a->dropped += b->dropped;
    a->torn += b->torn;
    a->trashed += b->trashed;
    a->rotten += b->rotten;
    a->misplaced += b->misplaced;
}

const uint8_t *crash_vfs_file(const struct crash_vfs *vfs, const char *name, size_t *len)
{
    for (int i = 0; i < FILES_MAX; i++) {
        const struct crash_node *node = &vfs->nodes[i];
        if (node->is_used && node->is_linked && strcmp(node->name, name) == 0) {
            *len = node->live.len;
            return node->live.data;
        }
    }
    return NULL;
}

void crash_vfs_put(struct crash_vfs *vfs, const char *name, const uint8_t *data,
                   size_t len)
{
    assert(find(vfs, name) == NULL);

    struct crash_node *node = node_new(vfs, name);
    crash_node_write(node, 0, data, len);
    crash_node_sync(node);
    node->is_linked_hard = true;
}
