/*
 * crash_vfs: an SQLite VFS in memory that loses power. Each file has a live image, which
 * the process sees, and a durable image, which a power cut leaves; between them stand the
 * writes and truncations that were not synced yet. Creation and deletion of files are
 * pending until the directory is synced.
 *
 * At a cut each pending write is applied, dropped, torn at 512 bytes, or trashed: then
 * one of the sectors it touches holds noise, bytes beside the write included. Pending
 * truncations, creations and deletions happened or did not. All by a seeded generator.
 * Worse disks ignore syncs, let cold sectors rot, or have less room than they say; what
 * they spoilt shows after the next cut, as a cache hides it until then. The modes
 * combine.
 *
 * There is no shared memory: WAL works only under exclusive locking.
 */
#ifndef FENGQIAO_TESTS_CRASH_VFS_H
#define FENGQIAO_TESTS_CRASH_VFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRASH_SECTOR 4096
#define CRASH_TEAR 512
#define CRASH_COLD_WRITES 48 /* of other sectors, since the sector was written */

struct crash_vfs;

struct crash_disk {
    uint64_t seed;
    unsigned lying_percent; /* of 100 syncs so many do nothing and say yes */
    bool boasts;            /* says that a write never harms bytes beside it; it does */
    bool powersafe;         /* a cut really harms no byte beside the write */
    unsigned rot_percent;   /* of 100 cuts so many find bits of a cold sector flipped */
    uint32_t capacity_sectors; /* that are really there; 0: enough */
    bool wraps; /* writes beyond them land on earlier sectors; else they vanish */
};

enum crash_fault { CRASH_NONE, CRASH_EIO, CRASH_ENOSPC };

struct crash_figures {
    uint64_t cuts, writes, syncs, lies;
    uint64_t applied, dropped, torn, trashed; /* pending writes at cuts */
    uint64_t rotten, misplaced; /* sectors: with flipped bits; beyond the capacity */
};
/* Adds b to a. */
void crash_figures_add(struct crash_figures *a, const struct crash_figures *b);

/* Registers a VFS of that name (borrowed until free). NULL when out of memory. */
struct crash_vfs *crash_vfs_new(const char *name, struct crash_disk disk);
/* All files must be closed. Accepts NULL. */
void crash_vfs_free(struct crash_vfs *vfs);

/* A step is a write, sync, truncation, creation or deletion. The power goes in the step
 * that comes after so many more; then every call fails until crash_vfs_reboot. */
void crash_vfs_cut_after(struct crash_vfs *vfs, uint64_t steps);
bool crash_vfs_is_dead(const struct crash_vfs *vfs);
/* Decides what the disk holds, and lets it live again. All files must be closed. */
void crash_vfs_reboot(struct crash_vfs *vfs);

/* Keeps an image of what the disk holds durably, in the place of an earlier one. All
 * files must be closed. */
void crash_vfs_keep(struct crash_vfs *vfs);
bool crash_vfs_has_kept(const struct crash_vfs *vfs);
/* The disk holds what it held when that image was made, and nothing else. All files must
 * be closed. */
void crash_vfs_set_back(struct crash_vfs *vfs);
/* The same, and the image is what the disk held. All files must be closed. */
void crash_vfs_swap(struct crash_vfs *vfs);

/* The step after so many more fails, and with for_good all later ones too. */
void crash_vfs_fail_after(struct crash_vfs *vfs, uint64_t steps, enum crash_fault fault,
                          bool for_good);
/* Did that step come? */
bool crash_vfs_has_failed(const struct crash_vfs *vfs);
uint64_t crash_vfs_steps(const struct crash_vfs *vfs);
struct crash_figures crash_vfs_figures(const struct crash_vfs *vfs);

/* The bytes of a live file, borrowed until the next call into SQLite; NULL: none. */
const uint8_t *crash_vfs_file(const struct crash_vfs *vfs, const char *name, size_t *len);

/* A new file of these bytes, durable; a disk that is worse than others has none. */
void crash_vfs_put(struct crash_vfs *vfs, const char *name, const uint8_t *data,
                   size_t len);

/* The generator of the disk, for tests that want one seed for everything. */
uint64_t crash_random(uint64_t *state);

#endif
