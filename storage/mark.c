#include "storage/mark.h"

#include <stdio.h>
#include <string.h>

/* A slot: magic ‖ stand ‖ digest of both. */
#define MAGIC "FQMARK\0\1"
#define MAGIC_SIZE 8
#define SLOT_SIZE (MAGIC_SIZE + MARK_STAND_SIZE + DIGEST_SIZE)
#define SLOT_DISTANCE 4096 /* what a cut may harm together */
#define SLOTS_LEN 2
#define FULL_PATH_SIZE 4096

static uint8_t *put_u64(uint8_t *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (56 - 8 * i));
    return out + 8;
}

static const uint8_t *take_u64(const uint8_t *in, uint64_t *value)
{
    *value = 0;
    for (int i = 0; i < 8; i++)
        *value = *value << 8 | in[i];
    return in + 8;
}

void mark_stand_next(struct mark_stand *stand, const uint64_t ops[static 3],
                     const uint8_t op[static DIGEST_SIZE])
{
    struct digest digest;
    stand->commits++;
    digest_init(&digest, "fengqiao/1/commit");
    digest_add(&digest, stand->chain, DIGEST_SIZE);
    digest_add_u64(&digest, stand->commits);
    for (int i = 0; i < 3; i++) {
        stand->ops[i] = ops[i];
        digest_add_u64(&digest, ops[i]);
    }
    digest_add(&digest, op, DIGEST_SIZE);
    digest_final(&digest, stand->chain);
}

void mark_stand_encode(const struct mark_stand *stand,
                       uint8_t out[static MARK_STAND_SIZE])
{
    out = put_u64(out, stand->commits);
    for (int i = 0; i < 3; i++)
        out = put_u64(out, stand->ops[i]);
    memcpy(out, stand->chain, DIGEST_SIZE);
}

static void stand_take(struct mark_stand *stand, const uint8_t in[static MARK_STAND_SIZE])
{
    in = take_u64(in, &stand->commits);
    for (int i = 0; i < 3; i++)
        in = take_u64(in, &stand->ops[i]);
    memcpy(stand->chain, in, DIGEST_SIZE);
}

bool mark_stand_decode(struct mark_stand *stand, struct bytes bytes)
{
    if (bytes.len != MARK_STAND_SIZE)
        return false;
    stand_take(stand, bytes.data);
    return true;
}

/* A VFS wants full paths. The type WAL: made with the rights of the database, and the
 * first sync is the folder's too. */
int mark_open(struct mark *mark, const char *database, const char *vfs_name)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name);
    if (vfs == NULL)
        return SQLITE_CANTOPEN;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
    int rc = SQLITE_NOMEM;
    size_t room = (size_t)vfs->mxPathname + sizeof(MARK_SUFFIX);
    mark->name = sqlite3_malloc64(room);
    mark->file = sqlite3_malloc64((sqlite3_uint64)vfs->szOsFile);
    if (mark->name == NULL || mark->file == NULL)
        goto free_both;
    rc = vfs->xFullPathname(vfs, database, vfs->mxPathname, mark->name);
    if ((rc & 0xff) != SQLITE_OK)
        goto free_both;
    memcpy(mark->name + strlen(mark->name), MARK_SUFFIX, sizeof(MARK_SUFFIX));
    mark->file->pMethods = NULL;
    rc = vfs->xOpen(vfs, mark->name, mark->file, flags, &flags);
    if (rc == SQLITE_OK)
        return SQLITE_OK;
    if (mark->file->pMethods != NULL)
        (void)mark->file->pMethods->xClose(mark->file); /* it was never used */
free_both:
    sqlite3_free(mark->file);
    sqlite3_free(mark->name);
    *mark = (struct mark){0};
    return rc;
}

void mark_close(struct mark *mark)
{
    if (mark->file == NULL)
        return;
    (void)mark->file->pMethods->xClose(mark->file); /* all of it was synced */
    sqlite3_free(mark->file);
    sqlite3_free(mark->name);
    *mark = (struct mark){0};
}

static void slot_digest(uint8_t out[static DIGEST_SIZE], const uint8_t *slot)
{
    digest_of(out, "fengqiao/1/mark", slot, MAGIC_SIZE + MARK_STAND_SIZE);
}

static bool slot_read(const struct mark *mark, int slot, struct mark_stand *stand)
{
    uint8_t bytes[SLOT_SIZE], digest[DIGEST_SIZE];
    int rc = mark->file->pMethods->xRead(mark->file, bytes, SLOT_SIZE,
                                         (sqlite3_int64)slot * SLOT_DISTANCE);
    slot_digest(digest, bytes);
    if (rc != SQLITE_OK || memcmp(bytes, MAGIC, MAGIC_SIZE) != 0 ||
        memcmp(digest, bytes + SLOT_SIZE - DIGEST_SIZE, DIGEST_SIZE) != 0)
        return false;
    stand_take(stand, bytes + MAGIC_SIZE);
    return true;
}

static int slot_write(const struct mark *mark, int slot, const struct mark_stand *stand)
{
    uint8_t bytes[SLOT_SIZE];
    memcpy(bytes, MAGIC, MAGIC_SIZE);
    mark_stand_encode(stand, bytes + MAGIC_SIZE);
    slot_digest(bytes + MAGIC_SIZE + MARK_STAND_SIZE, bytes);
    return mark->file->pMethods->xWrite(mark->file, bytes, SLOT_SIZE,
                                        (sqlite3_int64)slot * SLOT_DISTANCE);
}

static int sync_file(const struct mark *mark)
{
    return mark->file->pMethods->xSync(mark->file,
                                       SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

bool mark_read(const struct mark *mark, struct mark_stand *stand, bool *is_damaged)
{
    bool is_there = false, are_whole[SLOTS_LEN];
    for (int i = 0; i < SLOTS_LEN; i++) {
        struct mark_stand one;
        are_whole[i] = slot_read(mark, i, &one);
        if (!are_whole[i] || (is_there && one.commits <= stand->commits))
            continue;
        *stand = one;
        is_there = true;
    }
    /* Where both said the same, a cut may have come while that was written again. */
    *is_damaged = !is_there || !are_whole[(stand->commits + 1) % SLOTS_LEN];
    return is_there;
}

int mark_write(const struct mark *mark, const struct mark_stand *stand)
{
    int rc = slot_write(mark, (int)(stand->commits % SLOTS_LEN), stand);
    return rc == SQLITE_OK ? sync_file(mark) : rc;
}

int mark_reset(const struct mark *mark, const struct mark_stand *stand)
{
    int rc = SQLITE_OK;
    for (int i = 0; rc == SQLITE_OK && i < SLOTS_LEN; i++)
        rc = slot_write(mark, i, stand);
    return rc == SQLITE_OK ? sync_file(mark) : rc;
}
