/*
 * sim_folder: backups of a node of the sample county, kept in a folder as the client
 * keeps them, and a place to restore them in, for the tests of this folder.
 */
#ifndef FENGQIAO_TESTS_SIM_FOLDER_H
#define FENGQIAO_TESTS_SIM_FOLDER_H

#include "node/core/backup_mark.h"
#include "node/core/restore.h"
#include "tests/sim/sim_stick.h"

#define FOLDER_CANARY "CANARY-IN-THE-CASE"
/* Something of each sort in Fengyuan, with the canary: cases and records, a file that
 * went up, a note, a paste, a person. */
void folder_fill(struct sim_county *f);

/* A file of two pieces in a case of its own there. */
struct folder_file {
    char number[32], hex[2 * ID_SIZE + 1];
};
struct folder_file folder_attach(struct sim_county *f, const char *tag);
void folder_take_away(struct sim_county *f, const struct folder_file *file);

struct folder {
    struct stick stick; /* its files */
    struct buf mark;    /* of the last backup in it */
};

/* What backup.write says, after the last backup of the folder. */
enum status folder_begin(struct sim_county *f, struct world_node *node,
                         const struct folder *folder, struct buf *out);
/* A file that backup.write or backup.next gave goes into it; was it the last? */
bool folder_keep(struct folder *folder, struct bytes answer);
/* One more backup into the folder. */
void folder_back_up(struct sim_county *f, struct world_node *node, struct folder *folder);
/* The same, where it may be refused. */
enum status folder_try_back_up(struct sim_county *f, struct world_node *node,
                               struct folder *folder);
/* The machine's disk died: what the folder has is all that is left; the node goes on
 * with the keys that the backup has. */
void folder_put_back(struct sim_county *f, struct world_node *node,
                     const struct folder *folder);
/* The same, opened with the key of that seed. */
void folder_put_back_of(struct sim_county *f, struct world_node *node,
                        const uint8_t *seed, const struct folder *folder);
void folder_deinit(struct folder *folder);

struct place {
    char directory[SCRATCH_SIZE], file[SCRATCH_SIZE + 16];
    struct store *store;
    struct restore restore;
    struct err err;
};

void place_make(struct place *place);
void place_free(struct place *place);
/* A file of a backup, opened with the key of that signing key: err says why not. */
enum status place_take(struct place *place, const uint8_t *seed, struct bytes file);
/* All files of a folder, each of which has to go well. */
void place_take_all(struct place *place, const uint8_t *seed,
                    const struct folder *folder);
/* restore_end. */
enum status place_end(struct place *place);
/* Its dump, its ledgers and its tables are those of that store. */
void place_assert_same(const struct place *place, struct store *a);
/* What it restores is what the node has. */
void folder_assert_restores(const struct folder *folder, struct world_node *node);

#endif
