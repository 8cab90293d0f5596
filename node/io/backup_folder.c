#include "node/io/backup_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/io/process.h"
#include "proto/limits.h"

#define NAME_SIZE 32

static enum status read_plain(int fd, const char *name, struct buf *file, struct err *err)
{
    struct stat about;
    uint8_t more;
    if (fstat(fd, &about) != 0)
        return err_set(err, STATUS_IO, "%s: %s", name, strerror(errno));
    if (!S_ISREG(about.st_mode) || about.st_nlink != 1 || about.st_size < 1 ||
        about.st_size > BUNDLE_FILE_MAX)
        return err_set(err, STATUS_INVALID, "%s is no file of a backup", name);
    size_t len = (size_t)about.st_size;
    uint8_t *room = buf_reserve(file, len);
    if (room == NULL)
        return STATUS_NO_MEMORY;
    if (!process_read_all(fd, room, len) || read(fd, &more, 1) != 0)
        return err_set(err, STATUS_IO, "%s cannot be read whole", name);
    file->len += len;
    return STATUS_OK;
}

enum status backup_folder_read(int folder_fd, unsigned slot, struct buf *file,
                               struct err *err)
{
    char name[NAME_SIZE];
    (void)snprintf(name, sizeof(name), "fengqiao-backup-%04u.age", slot); /* fits */
    int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return STATUS_NOT_FOUND;
    if (fd < 0)
        return err_set(err, errno == ELOOP ? STATUS_INVALID : STATUS_IO, "%s: %s", name,
                       errno == ELOOP ? "it is a link" : strerror(errno));
    enum status status = read_plain(fd, name, file, err);
    (void)close(fd); /* only read */
    return status;
}
