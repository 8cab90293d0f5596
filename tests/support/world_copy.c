/* The files of a node, new ones in their place, and a copy of them. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

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

void world_set_keys(struct world_node *node, const uint8_t seed[static 32],
                    const uint8_t noise_secret[static 32])
{
    memcpy(node->config.node_seed, seed, 32);
    memcpy(node->config.noise_secret, noise_secret, 32);
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    FILE *in = fopen(from, "rb"), *out = in == NULL ? NULL : fopen(to, "wb");
    size_t len;
    if (in == NULL)
        return; /* that part of a store is not there */
    assert(out != NULL);
    while ((len = fread(bytes, 1, sizeof(bytes), in)) > 0)
        assert(fwrite(bytes, 1, len, out) == len);
    (void)fclose(in);
    (void)fclose(out);
}

struct world_node *world_copy(struct world *world, struct world_node *node,
                              const char *address)
{
    static const char *const suffixes[] = {"", "-wal", MARK_SUFFIX};
    char from[600], to[600];
    assert(node->vfs == NULL);
    struct world_node *copy = world_make_node(world, address);
    store_close(copy->config.store);
    copy->config.store = NULL;
    world_delete_files(copy);
    world_power_off(world, node);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)snprintf(from, sizeof(from), "%s%s", node->file, suffixes[i]);
        (void)snprintf(to, sizeof(to), "%s%s", copy->file, suffixes[i]);
        copy_file(from, to);
    }
    world_set_keys(copy, node->config.node_seed, node->config.noise_secret);
    copy->site = node->site;
    enum status status = world_power_on(world, node);
    if (status == STATUS_OK)
        status = world_unlock(world, node, "", "246810");
    assert(status == STATUS_OK);
    return copy;
}
