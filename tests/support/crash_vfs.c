#include "tests/support/crash_vfs.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define FILES_MAX 16
#define NAME_MAX_LEN 64

struct change { /* a write, or a truncation where data is NULL */
    struct change *next;
    sqlite3_int64 offset; /* of a truncation: the new length */
    size_t len;
    uint8_t *data;
};

struct image {
    uint8_t *data;
    size_t len, capacity;
};

struct node {
    bool is_used;
    char name[NAME_MAX_LEN];
    bool is_linked;      /* as the process sees it */
    bool is_linked_hard; /* as a cut would leave it */
    bool wants_dir_sync; /* a new journal or WAL: its first sync is the directory's too */
    unsigned open_len;
    struct image live, durable;
    struct change *first, *last;
};

struct crash_vfs {
    sqlite3_vfs base;
    struct crash_disk disk;
    uint64_t random;
    struct node nodes[FILES_MAX];
    uint64_t steps, cut_at, fail_at;
    enum crash_fault fault;
    bool fault_stays, has_failed, is_dead;
    int last_error;
    struct crash_figures figures;
};

struct crash_file {
    sqlite3_file base;
    struct crash_vfs *vfs;
    struct node *node;
    bool is_temporary; /* goes with its handle */
    bool psow;
};

uint64_t crash_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* --- images ------------------------------------------------------------------------- */

static void image_size(struct image *image, size_t len)
{
    if (len > image->capacity) {
        size_t capacity = len + len / 2 + 4096;
        image->data = realloc(image->data, capacity);
        assert(image->data != NULL);
        image->capacity = capacity;
    }
    if (len > image->len)
        memset(image->data + image->len, 0, len - image->len);
    image->len = len;
}

static void image_write(struct image *image, size_t offset, const uint8_t *data,
                        size_t len)
{
    if (len == 0)
        return;
    if (offset + len > image->len)
        image_size(image, offset + len);
    memcpy(image->data + offset, data, len);
}

static void image_copy(struct image *to, const struct image *from)
{
    image_size(to, from->len);
    if (from->len > 0)
        memcpy(to->data, from->data, from->len);
}

static void image_free(struct image *image)
{
    free(image->data);
    *image = (struct image){0};
}

/* --- nodes -------------------------------------------------------------------------- */

static struct node *find(struct crash_vfs *vfs, const char *name)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (vfs->nodes[i].is_used && vfs->nodes[i].is_linked &&
            strcmp(vfs->nodes[i].name, name) == 0)
            return &vfs->nodes[i];
    return NULL;
}

static struct node *node_new(struct crash_vfs *vfs, const char *name)
{
    assert(strlen(name) < NAME_MAX_LEN);
    for (int i = 0; i < FILES_MAX; i++) {
        struct node *node = &vfs->nodes[i];
        if (node->is_used)
            continue;
        *node = (struct node){.is_used = true, .is_linked = true};
        memcpy(node->name, name, strlen(name) + 1);
        return node;
    }
    assert(!"more files than FILES_MAX");
    return NULL;
}

static void changes_forget(struct node *node)
{
    for (struct change *change = node->first, *next; change != NULL; change = next) {
        next = change->next;
        free(change->data);
        free(change);
    }
    node->first = node->last = NULL;
}

static void node_free(struct node *node)
{
    changes_forget(node);
    image_free(&node->live);
    image_free(&node->durable);
    *node = (struct node){0};
}

static void node_drop_unlinked(struct node *node)
{
    if (node->is_used && !node->is_linked && !node->is_linked_hard && node->open_len == 0)
        node_free(node);
}

static void change_add(struct node *node, sqlite3_int64 offset, const void *data,
                       size_t len)
{
    struct change *change = calloc(1, sizeof(*change));
    assert(change != NULL);
    change->offset = offset;
    change->len = len;
    if (data != NULL) {
        change->data = malloc(len > 0 ? len : 1);
        assert(change->data != NULL);
        memcpy(change->data, data, len);
    }
    if (node->last == NULL)
        node->first = change;
    else
        node->last->next = change;
    node->last = change;
}

static void change_apply(struct node *node, const struct change *change)
{
    if (change->data == NULL)
        image_size(&node->durable, (size_t)change->offset);
    else
        image_write(&node->durable, (size_t)change->offset, change->data, change->len);
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

static void tear(struct crash_vfs *vfs, struct node *node, const struct change *change)
{
    size_t at = (size_t)change->offset, end = at + change->len;
    bool is_prefix = crash_random(&vfs->random) % 2 == 0;
    uint64_t keep = 1 + crash_random(&vfs->random) % (change->len / CRASH_TEAR + 1);
    for (uint64_t i = 0; at < end; i++) {
        size_t next = (at / CRASH_TEAR + 1) * CRASH_TEAR;
        if (next > end)
            next = end;
        bool applied = is_prefix ? i < keep : crash_random(&vfs->random) % 2 == 0;
        if (applied)
            image_write(&node->durable, at, change->data + (at - (size_t)change->offset),
                        next - at);
        at = next;
    }
}

static void trash(struct crash_vfs *vfs, struct node *node, const struct change *change)
{
    change_apply(node, change);
    if (change->len == 0)
        return;
    size_t first = (size_t)change->offset / CRASH_SECTOR;
    size_t last = ((size_t)change->offset + change->len - 1) / CRASH_SECTOR;
    size_t sector = first + crash_random(&vfs->random) % (last - first + 1);
    for (size_t i = sector * CRASH_SECTOR; i < (sector + 1) * CRASH_SECTOR; i++)
        if (i < node->durable.len)
            node->durable.data[i] = (uint8_t)crash_random(&vfs->random);
}

static void decide(struct crash_vfs *vfs, struct node *node)
{
    /* A cut is often kind to everything or to nothing; mixtures are one case of three. */
    uint64_t mood = crash_random(&vfs->random) % 3;
    for (const struct change *change = node->first; change != NULL;
         change = change->next) {
        uint64_t fate = mood < 2 ? mood : crash_random(&vfs->random) % 4;
        if (mood < 2 && crash_random(&vfs->random) % 16 == 0)
            fate = crash_random(&vfs->random) % 4;
        if (change->data == NULL && fate > 1)
            fate %= 2;
        if (fate == 0) {
            change_apply(node, change);
            vfs->figures.applied++;
        } else if (fate == 1) {
            vfs->figures.dropped++;
        } else if (fate == 2) {
            tear(vfs, node, change);
            vfs->figures.torn++;
        } else {
            trash(vfs, node, change);
            vfs->figures.trashed++;
        }
    }
    changes_forget(node);
    image_copy(&node->live, &node->durable);
}

void crash_vfs_reboot(struct crash_vfs *vfs)
{
    vfs->figures.cuts++;
    for (int i = 0; i < FILES_MAX; i++) {
        struct node *node = &vfs->nodes[i];
        if (!node->is_used)
            continue;
        assert(node->open_len == 0);
        if (node->is_linked != node->is_linked_hard)
            node->is_linked = crash_random(&vfs->random) % 2 == 0;
        decide(vfs, node);
        node->wants_dir_sync = false;
    }
    /* Of two files of one name the second cannot be there unless the first is gone. */
    for (int i = 0; i < FILES_MAX; i++)
        for (int k = 0; k < FILES_MAX; k++) {
            struct node *old = &vfs->nodes[i], *new = &vfs->nodes[k];
            if (i != k && old->is_used && new->is_used && old->is_linked_hard &&
                !new->is_linked_hard &&new->is_linked &&strcmp(old->name, new->name) == 0)
                old->is_linked = false;
        }
    for (int i = 0; i < FILES_MAX; i++) {
        vfs->nodes[i].is_linked_hard = vfs->nodes[i].is_linked;
        node_drop_unlinked(&vfs->nodes[i]);
    }
    vfs->is_dead = false;
    vfs->cut_at = 0;
    vfs->fault = CRASH_NONE;
}

static void directory_sync(struct crash_vfs *vfs)
{
    for (int i = 0; i < FILES_MAX; i++) {
        vfs->nodes[i].is_linked_hard = vfs->nodes[i].is_linked;
        node_drop_unlinked(&vfs->nodes[i]);
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
    node_drop_unlinked(file->node);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *out, int len, sqlite3_int64 offset)
{
    struct crash_file *file = (struct crash_file *)base;
    if (file->vfs->is_dead)
        return SQLITE_IOERR_READ;
    const struct image *live = &file->node->live;
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
    change_add(file->node, offset, data, (size_t)len);
    image_write(&file->node->live, (size_t)offset, data, (size_t)len);
    return file->vfs->is_dead ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 len)
{
    struct crash_file *file = (struct crash_file *)base;
    int rc;
    if (step_fails(file->vfs, SQLITE_IOERR_TRUNCATE, &rc))
        return rc;
    change_add(file->node, len, NULL, 0);
    image_size(&file->node->live, (size_t)len);
    return file->vfs->is_dead ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    struct crash_file *file = (struct crash_file *)base;
    struct node *node = file->node;
    int rc;
    if (step_fails(file->vfs, SQLITE_IOERR_FSYNC, &rc))
        return rc;
    if (file->vfs->is_dead)
        return SQLITE_IOERR_FSYNC;
    file->vfs->figures.syncs++;
    if (disk_lies(file->vfs))
        return SQLITE_OK;
    for (const struct change *change = node->first; change != NULL; change = change->next)
        change_apply(node, change);
    changes_forget(node);
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
    struct node *node = name == NULL ? NULL : find(vfs, name);
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
    struct node *node = find(vfs, name);
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
        node_drop_unlinked(node);
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
    vfs->base = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct crash_file),
        .mxPathname = NAME_MAX_LEN - 16,
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
    for (int i = 0; i < FILES_MAX; i++) {
        assert(vfs->nodes[i].open_len == 0);
        node_free(&vfs->nodes[i]);
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

const uint8_t *crash_vfs_file(const struct crash_vfs *vfs, const char *name, size_t *len)
{
    for (int i = 0; i < FILES_MAX; i++) {
        const struct node *node = &vfs->nodes[i];
        if (node->is_used && node->is_linked && strcmp(node->name, name) == 0) {
            *len = node->live.len;
            return node->live.data;
        }
    }
    return NULL;
}
