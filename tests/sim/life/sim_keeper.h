/*
 * sim_keeper: a site that keeps backups in a folder, loses its machine, and restores a
 * new one from the newest of them or from an older one. The folder is what is left. What
 * is asked of it: watch_restore.
 */
#ifndef FENGQIAO_TESTS_SIM_KEEPER_H
#define FENGQIAO_TESTS_SIM_KEEPER_H

#include "node/core/state.h"
#include "tests/sim/life/sim_state.h"

#define SIM_BACKUP_FILES_MAX 64
#define SIM_BACKUPS_MAX 32

/* One that is whole: it ends with that file of the folder. */
struct sim_backup {
    uint32_t files_len;
    struct id_list told; /* ops that people were told are saved, when it was asked for */
};

struct sim_folder {
    int host; /* whose it is */
    struct buf files[SIM_BACKUP_FILES_MAX];
    uint32_t files_len;
    struct sim_backup backups[SIM_BACKUPS_MAX];
    uint32_t len;
    uint32_t chosen; /* the backup that the new machine is made of */
    /* The one that is being written: since which boot of the machine, and what it has. */
    bool is_being_written, goes_on;
    uint64_t boots;
    struct id_list told;
    /* watch_restore's own: numbers of cases that went with a machine. */
    char numbers[SIM_CASES_MAX][2 * ID_SIZE + 1];
    uint32_t numbers_len;
};

/* That host keeps a folder from now on. */
void sim_keeper_keep(struct sim *sim, int host);
/* A deed: somebody writes the next backup into the folder. */
void sim_keeper_write(struct sim_host *host, struct sim_errand *errand);
/* Its machine is gone, with its disk. False: there is no backup, and it stays. */
bool sim_keeper_lose(struct sim_host *host, uint64_t key);
/* The new machine, before its first start: its disk holds what the backup has. */
void sim_keeper_restore(struct sim_host *host);
void sim_keeper_free(struct sim *sim);

#endif
