/*
 * Happy path: nothing has the name, bind, mode 0600. Failure modes: a socket left behind
 * by a power cut (nobody answers: removed), one at which somebody answers (BUSY; the
 * store's lock has said so before, unless the directory is shared between machines), a
 * file or a link of that name (EXISTS, never removed).
 *
 * The path in a socket's address holds 107 bytes, so the directory is named by its
 * descriptor.
 */
#include "node/io/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un socket_address(int dir_fd, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s",
                   dir_fd, name);
    return address;
}

static bool somebody_answers(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return true; /* unknown, and then nothing is removed */
    int rc = connect(fd, (const struct sockaddr *)address, sizeof(*address));
    bool is_refused = rc != 0 && errno == ECONNREFUSED;
    (void)close(fd); /* nothing was written to it */
    return !is_refused;
}

static enum status remove_stale(int dir_fd, const char *name,
                                const struct sockaddr_un *address, struct err *err)
{
    struct stat found;
    if (fstatat(dir_fd, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? STATUS_OK
                               : err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
    if (!S_ISSOCK(found.st_mode))
        return err_set(err, STATUS_EXISTS,
                       "%s in the node's directory is no socket; move it away", name);
    if (somebody_answers(address))
        return err_set(err, STATUS_BUSY, "another process answers at %s", name);
    if (unlinkat(dir_fd, name, 0) != 0 && errno != ENOENT)
        return err_set(err, STATUS_IO, "%s cannot be removed: %s", name, strerror(errno));
    return STATUS_OK;
}

enum status control_socket_bind(int dir_fd, const char *name, int *fd, struct stat *made,
                                struct err *err)
{
    struct sockaddr_un address = socket_address(dir_fd, name);
    enum status status = remove_stale(dir_fd, name, &address, err);
    if (status != STATUS_OK)
        return status;
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return err_set(err, STATUS_IO, "no socket can be made: %s", strerror(errno));
    /* The umask of 077 keeps others out until the mode is exact. */
    if (bind(*fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        fchmodat(dir_fd, name, 0600, 0) != 0 ||
        fstatat(dir_fd, name, made, AT_SYMLINK_NOFOLLOW) != 0) {
        status = err_set(err, STATUS_IO, "%s cannot be made: %s", name, strerror(errno));
        (void)close(*fd); /* nothing was written to it */
        *fd = -1;
    }
    return status;
}

void control_socket_remove(int dir_fd, const char *name, const struct stat *made)
{
    struct stat found;
    if (fstatat(dir_fd, name, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
        found.st_dev == made->st_dev && found.st_ino == made->st_ino)
        (void)unlinkat(dir_fd, name, 0); /* the next start removes a stale one */
}
