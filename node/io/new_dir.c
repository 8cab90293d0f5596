#include "node/io/new_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/io/log.h"
#include "node/io/node_key.h"
#include "node/io/owned_node.h"
#include "storage/mark.h"

static const char *const made_files[] = {
    NODE_KEY_NAME,          NODE_KEY_NEW_NAME, STORE_NAME,
    STORE_NAME "-wal",      STORE_NAME "-shm", STORE_NAME "-journal",
    STORE_NAME MARK_SUFFIX,
};

static bool dir_is_empty(const char *dir)
{
    DIR *listing = opendir(dir);
    if (listing == NULL)
        return false;
    const struct dirent *entry;
    bool is_empty = true;
    while ((entry = readdir(listing)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            is_empty = false;
    (void)closedir(listing); /* only read */
    return is_empty;
}

enum status new_dir_make(struct new_dir *dir, const char *path, struct err *err)
{
    bool is_made = mkdir(path, 0700) == 0;
    *dir = (struct new_dir){.path = path, .fd = -1, .is_made = is_made};
    if (!is_made && errno != EEXIST)
        return err_set(err, STATUS_EXISTS, "%s cannot be made: %s", path,
                       strerror(errno));
    if (!is_made && !dir_is_empty(path))
        return err_set(err, STATUS_EXISTS,
                       "%s is not an empty directory; a node begins in an empty one",
                       path);
    dir->fd = owned_node_dir(path, err);
    if (dir->fd < 0)
        return STATUS_IO;
    if (fchmod(dir->fd, 0700) != 0)
        return err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
    return STATUS_OK;
}

/* The entry of D in the directory above it. */
static enum status sync_parent(int dir_fd, struct err *err)
{
    int parent = openat(dir_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0 && errno == EACCES)
        return STATUS_OK; /* somebody else made D, and it is durable by now */
    bool is_durable = parent >= 0 && fsync(parent) == 0;
    if (parent >= 0)
        (void)close(parent); /* a directory, only read */
    return is_durable
               ? STATUS_OK
               : err_set(err, STATUS_IO, "the new directory cannot be made durable");
}

enum status new_dir_sync(const struct new_dir *dir, struct err *err)
{
    if (fsync(dir->fd) != 0)
        return err_set(err, STATUS_IO, "%s: %s", dir->path, strerror(errno));
    return sync_parent(dir->fd, err);
}

static void remove_files(int dir_fd)
{
    for (size_t i = 0; i < sizeof(made_files) / sizeof(made_files[0]); i++)
        (void)unlinkat(dir_fd, made_files[i], 0); /* most are not there */
}

void new_dir_end(struct new_dir *dir, bool is_kept)
{
    if (!is_kept && dir->fd >= 0)
        remove_files(dir->fd);
    if (!is_kept && dir->is_made && rmdir(dir->path) != 0)
        log_warn("what was made in the directory could not be removed");
    if (dir->fd >= 0)
        (void)close(dir->fd); /* a directory, only read */
    *dir = (struct new_dir){.fd = -1};
}
