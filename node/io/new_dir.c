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

enum status new_dir_make(const char *dir, int *dir_fd, bool *is_made, struct err *err)
{
    *dir_fd = -1;
    *is_made = mkdir(dir, 0700) == 0;
    if (!*is_made && errno != EEXIST)
        return err_set(err, STATUS_EXISTS, "%s cannot be made: %s", dir, strerror(errno));
    if (!*is_made && !dir_is_empty(dir))
        return err_set(err, STATUS_EXISTS,
                       "%s is not an empty directory; a node begins in an empty one",
                       dir);
    *dir_fd = owned_node_dir(dir, err);
    if (*dir_fd < 0)
        return STATUS_IO;
    if (fchmod(*dir_fd, 0700) != 0)
        return err_set(err, STATUS_IO, "%s: %s", dir, strerror(errno));
    return STATUS_OK;
}

void new_dir_unmake(const char *dir, int dir_fd, bool is_made)
{
    for (size_t i = 0; i < sizeof(made_files) / sizeof(made_files[0]); i++)
        if (dir_fd >= 0)
            (void)unlinkat(dir_fd, made_files[i], 0); /* most are not there */
    if (is_made && rmdir(dir) != 0)
        log_warn("what was made in the directory could not be removed");
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

enum status new_dir_sync(const char *dir, int dir_fd, struct err *err)
{
    if (fsync(dir_fd) != 0)
        return err_set(err, STATUS_IO, "%s: %s", dir, strerror(errno));
    return sync_parent(dir_fd, err);
}
