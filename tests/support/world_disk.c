#include <stdio.h>

#include <sqlite3.h>

#include "storage/mark.h"
#include "tests/support/world_inside.h"

void world_delete_files(const struct world_node *node)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal", MARK_SUFFIX};
    sqlite3_vfs *vfs = sqlite3_vfs_find(node->vfs);
    char name[600];
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", node->file, suffixes[i]);
        (void)vfs->xDelete(vfs, name, 0); /* most are not there */
    }
}

enum status world_new_disk(struct world *world, struct world_node *node,
                           struct store **store)
{
    world_power_off(world, node);
    world_delete_files(node);
    return store_open(store, node->file, node->vfs, true, NULL);
}
