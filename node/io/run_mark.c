/*
 * Happy path: set at the start of a run, cleared at its end. Failure modes: the disk is
 * full or broken when it is set (the node does not run); it cannot be removed (the next
 * start finds it, and the log missing, and warns for nothing).
 */
#include "node/io/run_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/io/owned_node.h"

static bool is_there(int dir_fd, const char *name)
{
    struct stat found;
    return fstatat(dir_fd, name, &found, AT_SYMLINK_NOFOLLOW) == 0;
}

bool run_mark_misses_log(int dir_fd)
{
    return is_there(dir_fd, RUN_MARK_NAME) && is_there(dir_fd, STORE_NAME) &&
           !is_there(dir_fd, STORE_NAME "-wal");
}

enum status run_mark_set(int dir_fd, struct err *err)
{
    int fd =
        openat(dir_fd, RUN_MARK_NAME, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool is_set = fd >= 0 && fsync(dir_fd) == 0;
    int reason = errno;
    if (fd >= 0)
        (void)close(fd); /* it is empty */
    if (is_set)
        return STATUS_OK;
    return err_set(err, reason == ENOSPC || reason == EDQUOT ? STATUS_FULL : STATUS_IO,
                   RUN_MARK_NAME " cannot be made: %s", strerror(reason));
}

void run_mark_clear(int dir_fd)
{
    if (!is_there(dir_fd, STORE_NAME "-wal"))
        (void)unlinkat(dir_fd, RUN_MARK_NAME, 0); /* may not be there */
}
