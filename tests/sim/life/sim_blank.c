#include "tests/sim/life/sim_blank.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "storage/store.h"

static const char *const names[] = {"node.db", "node.db-mark"};

#define FILES_LEN (sizeof(names) / sizeof(names[0]))

/* Kept until the process ends, for all histories. */
static struct buf files[FILES_LEN];

static void make(void)
{
    struct crash_vfs *disk = crash_vfs_new("sim-blank", (struct crash_disk){0});
    struct store *store;
    assert(disk != NULL);
    enum status status = store_open(&store, names[0], "sim-blank", true, NULL);
    assert(status == STATUS_OK);
    (void)status;
    store_close(store);
    for (size_t i = 0; i < FILES_LEN; i++) {
        size_t len;
        const uint8_t *data = crash_vfs_file(disk, names[i], &len);
        assert(data != NULL);
        buf_add(&files[i], data, len);
        assert(buf_status(&files[i]) == STATUS_OK);
    }
    crash_vfs_free(disk);
}

void sim_blank_put(struct crash_vfs *disk)
{
    if (files[0].len == 0)
        make();
    for (size_t i = 0; i < FILES_LEN; i++)
        crash_vfs_put(disk, names[i], files[i].data, files[i].len);
}
