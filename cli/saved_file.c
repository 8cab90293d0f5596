/*
 * Happy path: mkstemp beside the target, write, fsync, rename, fsync of the
 * directory. Failure modes: before the rename the part goes and the old file stays; after
 * it the new file stands whole, and only its name may be lost by a power cut.
 */
#include "cli/saved_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"

static enum status not_written(const char *path, struct err *err)
{
    int reason = errno;
    bool is_full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
    return err_set(err, is_full ? STATUS_FULL : STATUS_IO, "NOT written: %s: %s", path,
                   strerror(reason));
}

static bool write_all(int fd, struct bytes data)
{
    while (data.len > 0) {
        ssize_t written = write(fd, data.data, data.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        data.data += written;
        data.len -= (size_t)written;
    }
    return true;
}

static bool directory_sync(const char *path)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) + 1 : 0;
    memcpy(directory, path, len);
    memcpy(directory + len, ".", 2);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    /* Some file systems of sticks cannot sync a directory and say so. */
    bool is_done = fsync(fd) == 0 || errno == EINVAL;
    (void)close(fd); /* it was only synced */
    return is_done;
}

/* mkstemp, and no moment in which a signal would leave the part behind. */
static int open_part(char *part)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);                        /* cannot fail */
    (void)sigprocmask(SIG_SETMASK, &all, &before); /* the same */
    int fd = mkstemp(part);
    int reason = errno;
    if (fd >= 0)
        interrupt_guard_file(part);
    (void)sigprocmask(SIG_SETMASK, &before, NULL); /* the same */
    errno = reason;
    return fd;
}

enum status saved_file_add(const char *path, const char *part, struct bytes data,
                           struct err *err)
{
    int fd = open(part, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0)
        return not_written(path, err);
    bool is_whole = write_all(fd, data);
    enum status status = is_whole ? STATUS_OK : not_written(path, err);
    if (close(fd) != 0 && status == STATUS_OK) /* the first failure is the one to tell */
        status = not_written(path, err);
    return status;
}

struct data_part {
    struct bytes data;
    const char *path;
};

static enum status write_data(void *context, const char *part, struct err *err)
{
    const struct data_part *file = context;
    return saved_file_add(file->path, part, file->data, err);
}

/* What stands in the part is on the disk before it gets its name. */
static enum status part_place(const char *part, const char *path, struct err *err)
{
    int fd = open(part, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return not_written(path, err);
    enum status status = fsync(fd) == 0 ? STATUS_OK : not_written(path, err);
    (void)close(fd); /* it was only read */
    if (status == STATUS_OK && rename(part, path) != 0)
        status = not_written(path, err);
    return status;
}

enum status saved_file_make(const char *path, saved_file_fn *fn, void *context,
                            struct err *err)
{
    char part[PATH_MAX];
    struct stat there;
    if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return err_set(err, STATUS_EXISTS, "NOT written: %s is not a plain file", path);
    if ((size_t)snprintf(part, sizeof(part), "%s.part-XXXXXX", path) >= sizeof(part))
        return err_set(err, STATUS_IO, "NOT written: the name of the file is too long");
    int fd = open_part(part);
    if (fd < 0)
        return not_written(path, err);
    (void)close(fd); /* nothing was written to it */
    enum status status = fn(context, part, err);
    if (status == STATUS_OK)
        status = part_place(part, path, err);
    if (status != STATUS_OK)
        (void)unlink(part); /* the first failure is the one to tell */
    interrupt_release_file();
    if (status == STATUS_OK && !directory_sync(path))
        return err_set(err, STATUS_IO,
                       "%s is written, but the directory could not be "
                       "synced: %s",
                       path, strerror(errno));
    return status;
}

enum status saved_file_write(const char *path, struct bytes data, struct err *err)
{
    struct data_part file = {data, path};
    return saved_file_make(path, write_data, &file, err);
}
