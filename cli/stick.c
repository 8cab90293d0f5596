/*
 * Happy path of writing: lock the folder, a part under a fixed name beside the slots,
 * write, sync, read back past the cache, rename into a free slot, sync the folder, read
 * back once more by its name.
 * Failure modes: before the rename the part goes; after it the slot is emptied again. A
 * power cut leaves a part, which the next one replaces, or a whole file. A stick that
 * keeps less than it says, or loses what it took, is found by reading.
 * Reading trusts nothing that lies on a stick: a link, a pipe or a device under a slot's
 * name is not opened, and no memory is taken before the size is known.
 */
#include "cli/stick.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "proto/limits.h"

#define PART_NAME ".fengqiao-new.tmp"
#define PIECE 16384 /* that is read at a time */
#define NOT_WRITTEN "NOT written"
#define NOT_READ "not read"
#define NOT_REMOVED "not removed"

struct stick {
    const char *dir;
    const char *failure; /* how a refusal begins */
    struct err *err;
    int fd;
    enum stick_series series;
};

/* ---- what to say ---- */

static const struct advice {
    int error;
    enum status status;
    const char *text;
} advices[] = {
    {ENOSPC, STATUS_FULL, "it is full: take files away, or use another stick"},
    {EDQUOT, STATUS_FULL, "it is full: take files away, or use another stick"},
    {EFBIG, STATUS_FULL, "it is full: take files away, or use another stick"},
    {EROFS, STATUS_IO, "it can only be read: look for a switch on the stick"},
    {EACCES, STATUS_IO, "this account may not: ask who looks after the machine"},
    {EPERM, STATUS_IO, "this account may not: ask who looks after the machine"},
    {EIO, STATUS_IO, "it does not answer: put it in again, or use another stick"},
    {ENODEV, STATUS_IO, "it does not answer: put it in again, or use another stick"},
    {ENXIO, STATUS_IO, "it does not answer: put it in again, or use another stick"},
    {ENOTCONN, STATUS_IO, "it does not answer: put it in again, or use another stick"},
    {ESTALE, STATUS_IO, "it does not answer: put it in again, or use another stick"},
    {ENOENT, STATUS_IO, "it is not there: put the stick in, or name its folder"},
    {ENOTDIR, STATUS_IO, "it is no folder: name the folder of the stick"},
};

static enum status failed(const struct stick *stick, int error)
{
    for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
        if (advices[i].error == error)
            return err_set(stick->err, advices[i].status, "%s: %.160s: %s",
                           stick->failure, stick->dir, advices[i].text);
    return err_set(stick->err, STATUS_IO, "%s: %.160s: %s", stick->failure, stick->dir,
                   strerror(error));
}

/* The folder itself: no other file of it will do better. */
static enum status gone(const struct stick *stick, int error)
{
    (void)failed(stick, error); /* says why */
    if (stick->err != NULL)
        stick->err->status = STATUS_CLOSED;
    return STATUS_CLOSED;
}

static enum status refuse(const struct stick *stick, enum status status, const char *name,
                          const char *reason)
{
    return err_set(stick->err, status, "%s: %.160s/%s %s", stick->failure, stick->dir,
                   name, reason);
}

/* ---- the folder ---- */

static enum status stick_open(struct stick *stick)
{
    stick->fd = open(stick->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return stick->fd >= 0 ? STATUS_OK : gone(stick, errno);
}

/* For whoever changes something there: the part has one name, and two clients would write
 * on each other's. A folder that knows no locks has to do without. */
static enum status stick_open_alone(struct stick *stick)
{
    enum status status = stick_open(stick);
    if (status != STATUS_OK)
        return status;
    if (flock(stick->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return STATUS_OK;
    (void)close(stick->fd); /* it was only opened */
    return err_set(stick->err, STATUS_BUSY,
                   "%s: another program writes on %.160s: try again when it is done",
                   stick->failure, stick->dir);
}

static bool stick_sync(const struct stick *stick)
{
    /* Some file systems of sticks cannot sync a folder and say so. */
    return fsync(stick->fd) == 0 || errno == EINVAL;
}

unsigned stick_slots(enum stick_series series)
{
    return series == STICK_BACKUP ? BACKUP_SLOTS_MAX : BUNDLE_SLOTS_MAX;
}

void stick_name(char name[static STICK_NAME_SIZE], enum stick_series series,
                unsigned slot)
{
    assert(slot >= 1);
    assert(slot <= stick_slots(series));
    (void)snprintf(name, STICK_NAME_SIZE,
                   series == STICK_BACKUP ? "fengqiao-backup-%04u.age"
                                          : "fengqiao-%03u.age",
                   slot % 10000); /* fits */
}

/* ---- bytes of a file ---- */

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

/* Up to len bytes; fewer only at the end of the file. Negative: errno says why. */
static ssize_t read_up_to(int fd, uint8_t *out, size_t len)
{
    size_t at = 0;
    while (at < len) {
        ssize_t got = read(fd, out + at, len - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        at += (size_t)got;
    }
    return (ssize_t)at;
}

/* Does the file hold these bytes and no more? */
static enum status read_same(const struct stick *stick, int fd, struct bytes expected,
                             bool *is_same)
{
    uint8_t piece[PIECE];
    *is_same = false;
    for (;;) {
        ssize_t got = read_up_to(fd, piece, sizeof(piece));
        if (got < 0)
            return failed(stick, errno);
        size_t len = (size_t)got;
        if (len > expected.len || memcmp(piece, expected.data, len) != 0)
            return STATUS_OK;
        expected = bytes_of(expected.data + len, expected.len - len);
        if (len < sizeof(piece))
            break;
    }
    *is_same = expected.len == 0;
    return STATUS_OK;
}

/* ---- writing ---- */

static enum status read_back(const struct stick *stick, const char *name,
                             struct bytes file)
{
    int fd = openat(stick->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return failed(stick, errno);
    /* Else the machine would answer from its own memory. Where that is not dropped, this
     * proves less. */
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    bool is_same;
    enum status status = read_same(stick, fd, file, &is_same);
    (void)close(fd); /* it was only read */
    if (status == STATUS_OK && !is_same)
        return err_set(stick->err, STATUS_CORRUPT,
                       "%s: %.160s does not give back what it was given: it is broken, "
                       "or holds less than it says. Use another stick",
                       stick->failure, stick->dir);
    return status;
}

/* One of a power cut gives way, whatever it is but a folder. */
static enum status write_part(const struct stick *stick, struct bytes file)
{
    if (unlinkat(stick->fd, PART_NAME, 0) != 0 && errno != ENOENT)
        return failed(stick, errno);
    int fd = openat(stick->fd, PART_NAME,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(stick, errno);
    bool is_written = write_all(fd, file) && fsync(fd) == 0;
    enum status status = is_written ? STATUS_OK : failed(stick, errno);
    if (close(fd) != 0 && status == STATUS_OK) /* the first failure is the one to tell */
        status = failed(stick, errno);
    return status == STATUS_OK ? read_back(stick, PART_NAME, file) : status;
}

static bool is_unknown_call(int error)
{
    return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
}

static bool slot_is_free(const struct stick *stick, const char *name)
{
    struct stat there;
    if (fstatat(stick->fd, name, &there, AT_SYMLINK_NOFOLLOW) == 0)
        errno = EEXIST;
    return errno == ENOENT;
}

/* False: errno is EEXIST where something stands there, or says why not. The last way,
 * for file systems that know neither of the others, is safe by the lock alone. */
static bool rename_part(const struct stick *stick, const char *name)
{
    if (renameat2(stick->fd, PART_NAME, stick->fd, name, RENAME_NOREPLACE) == 0)
        return true;
    if (!is_unknown_call(errno))
        return false;
    if (linkat(stick->fd, PART_NAME, stick->fd, name, 0) == 0) {
        if (unlinkat(stick->fd, PART_NAME, 0) == 0)
            return true;
        int error = errno;
        (void)unlinkat(stick->fd, name, 0); /* a file of two names is never read */
        errno = error;
        return false;
    }
    if (!is_unknown_call(errno) || !slot_is_free(stick, name))
        return false;
    return renameat(stick->fd, PART_NAME, stick->fd, name) == 0;
}

/* The files of a backup are read in their order: nothing comes into a gap. */
static unsigned first_slot(const struct stick *stick)
{
    char name[STICK_NAME_SIZE];
    unsigned slot = stick->series == STICK_BACKUP ? BACKUP_SLOTS_MAX : 0;
    for (; slot > 0; slot--) {
        stick_name(name, stick->series, slot);
        if (!slot_is_free(stick, name))
            break;
    }
    return slot + 1;
}

static enum status place_part(const struct stick *stick,
                              char name[static STICK_NAME_SIZE])
{
    for (unsigned slot = first_slot(stick); slot <= stick_slots(stick->series); slot++) {
        stick_name(name, stick->series, slot);
        if (slot_is_free(stick, name) && rename_part(stick, name))
            return STATUS_OK;
        if (errno != EEXIST)
            return failed(stick, errno);
    }
    return err_set(
        stick->err, STATUS_FULL,
        "%s: %.160s holds %u files already: take away those that were read, or use an "
        "empty folder",
        stick->failure, stick->dir, stick_slots(stick->series));
}

/* It has its name; will it keep it? Else the slot is emptied. */
static enum status settle(const struct stick *stick, const char *name, struct bytes file)
{
    enum status status =
        stick_sync(stick) ? read_back(stick, name, file) : failed(stick, errno);
    if (status == STATUS_OK)
        return STATUS_OK;
    if (unlinkat(stick->fd, name, 0) != 0 && errno != ENOENT)
        return refuse(stick, status, name,
                      "is not what it should be and cannot be removed: use another "
                      "stick, and not that file");
    (void)fsync(stick->fd); /* the first failure is the one to tell */
    return status;
}

enum status stick_write(const char *dir, enum stick_series series, struct bytes file,
                        char name[static STICK_NAME_SIZE], struct err *err)
{
    struct stick stick = {
        .dir = dir, .series = series, .failure = NOT_WRITTEN, .err = err};
    char part[PATH_MAX];
    if (file.len == 0 || file.len > BUNDLE_FILE_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       NOT_WRITTEN ": a bundle has 1 to %u bytes, this one %zu",
                       BUNDLE_FILE_MAX, file.len);
    if ((size_t)snprintf(part, sizeof(part), "%s/" PART_NAME, dir) >= sizeof(part))
        return gone(&stick, ENAMETOOLONG);
    enum status status = stick_open_alone(&stick);
    if (status != STATUS_OK)
        return status;
    interrupt_guard_file(part); /* that name is ours, be it there or not */
    status = write_part(&stick, file);
    if (status == STATUS_OK)
        status = place_part(&stick, name);
    if (status != STATUS_OK)
        (void)unlinkat(stick.fd, PART_NAME, 0); /* the next one replaces it */
    interrupt_release_file();
    if (status == STATUS_OK)
        status = settle(&stick, name, file);
    (void)close(stick.fd); /* nothing was written to it */
    return status;
}

/* ---- reading ---- */

static enum status check_plain(const struct stick *stick, const char *name,
                               const struct stat *file)
{
    if (!S_ISREG(file->st_mode))
        return refuse(stick, STATUS_INVALID, name, "is no plain file");
    if (file->st_nlink != 1)
        return refuse(stick, STATUS_INVALID, name, "has another name besides");
    if (file->st_size <= 0)
        return refuse(stick, STATUS_INVALID, name, "is empty");
    if (file->st_size > (off_t)BUNDLE_FILE_MAX)
        return refuse(stick, STATUS_TOO_LARGE, name, "is larger than any bundle");
    return STATUS_OK;
}

static enum status missing(const struct stick *stick, const char *name, int error)
{
    if (error == ENOENT)
        return refuse(stick, STATUS_NOT_FOUND, name, "is not there");
    if (error == ELOOP)
        return refuse(stick, STATUS_INVALID, name, "is no plain file");
    return failed(stick, error);
}

/* Looked at before it is opened, for opening a device may do something, and after, for it
 * may have been another by then. */
static enum status open_plain(const struct stick *stick, const char *name, int *fd,
                              struct stat *file)
{
    if (fstatat(stick->fd, name, file, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? missing(stick, name, errno) : gone(stick, errno);
    enum status status = check_plain(stick, name, file);
    if (status != STATUS_OK)
        return status;
    *fd = openat(stick->fd, name,
                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (*fd < 0)
        return missing(stick, name, errno);
    status =
        fstat(*fd, file) == 0 ? check_plain(stick, name, file) : failed(stick, errno);
    if (status != STATUS_OK)
        (void)close(*fd); /* it was only opened */
    return status;
}

/* One byte more than it should have shows that it grew. */
static enum status read_whole(const struct stick *stick, const char *name, int fd,
                              size_t size, struct buf *file)
{
    uint8_t *room = buf_reserve(file, size + 1);
    if (room == NULL)
        return STATUS_NO_MEMORY;
    ssize_t got = read_up_to(fd, room, size + 1);
    if (got < 0)
        return failed(stick, errno);
    if ((size_t)got != size)
        return refuse(stick, STATUS_INVALID, name, "changed while it was read");
    file->len += size;
    return STATUS_OK;
}

enum status stick_read(const char *dir, enum stick_series series, unsigned slot,
                       struct buf *file, struct err *err)
{
    struct stick stick = {.dir = dir, .series = series, .failure = NOT_READ, .err = err};
    struct stat about;
    char name[STICK_NAME_SIZE];
    int fd;
    stick_name(name, series, slot);
    enum status status = stick_open(&stick);
    if (status != STATUS_OK)
        return status;
    status = open_plain(&stick, name, &fd, &about);
    if (status == STATUS_OK) {
        status = read_whole(&stick, name, fd, (size_t)about.st_size, file);
        (void)close(fd); /* it was only read */
    }
    (void)close(stick.fd); /* the same */
    return status;
}

/* ---- removing ---- */

/* Between the look and the removal only the lock stands. */
static enum status remove_same(const struct stick *stick, const char *name,
                               struct bytes expected)
{
    struct stat about;
    int fd;
    enum status status = open_plain(stick, name, &fd, &about);
    if (status != STATUS_OK)
        return status;
    bool is_same;
    status = read_same(stick, fd, expected, &is_same);
    (void)close(fd); /* it was only read */
    if (status != STATUS_OK)
        return status;
    if (!is_same)
        return refuse(stick, STATUS_EXISTS, name, "holds something else by now");
    bool is_removed = unlinkat(stick->fd, name, 0) == 0 && stick_sync(stick);
    return is_removed ? STATUS_OK : failed(stick, errno);
}

enum status stick_remove(const char *dir, enum stick_series series, unsigned slot,
                         struct bytes expected, struct err *err)
{
    struct stick stick = {
        .dir = dir, .series = series, .failure = NOT_REMOVED, .err = err};
    char name[STICK_NAME_SIZE];
    stick_name(name, series, slot);
    enum status status = stick_open_alone(&stick);
    if (status != STATUS_OK)
        return status;
    status = remove_same(&stick, name, expected);
    (void)close(stick.fd); /* nothing was written to it */
    return status;
}
