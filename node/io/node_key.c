/*
 * Happy path: write node.key.new, fsync, rename, fsync the directory; later read 72
 * bytes. Failure modes: no file, a link or a device of that name, a mode that lets others
 * in, too short, too long, another format. Each is refused with a sentence that says what
 * to do, and nothing is touched: a key that is replaced silently is a node that is lost.
 * A renewal alone replaces it, with the keys that the store has committed before.
 */
#include "node/io/node_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/io/process.h"

#define MAGIC_SIZE 8

static const uint8_t magic[MAGIC_SIZE] = {'F', 'Q', 'N', 'O', 'D', 'E', 0, 1};

struct key_file {
    uint8_t magic[MAGIC_SIZE];
    struct node_key key;
};

_Static_assert(sizeof(struct key_file) == MAGIC_SIZE + 64, "bytes without padding");

static enum status io_refused(struct err *err, const char *what)
{
    return err_set(err, STATUS_IO, NODE_KEY_NAME " cannot be %s: %s", what,
                   strerror(errno));
}

static enum status write_file(const struct key_file *file, int dir_fd, struct err *err)
{
    int fd = openat(dir_fd, NODE_KEY_NEW_NAME,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return io_refused(err, "made");
    enum status status = STATUS_OK;
    if (fchmod(fd, 0600) != 0 || !process_write_all(fd, file, sizeof(*file)) ||
        fsync(fd) != 0)
        status = io_refused(err, "written");
    if (close(fd) != 0 && status == STATUS_OK)
        status = io_refused(err, "written");
    return status;
}

static enum status check_free(int dir_fd, struct err *err)
{
    struct stat found;
    if (fstatat(dir_fd, NODE_KEY_NAME, &found, AT_SYMLINK_NOFOLLOW) == 0)
        return err_set(err, STATUS_EXISTS, "there is a " NODE_KEY_NAME " already");
    return errno == ENOENT ? STATUS_OK : io_refused(err, "looked for");
}

static enum status put_in_place(const struct node_key *key, int dir_fd, struct err *err)
{
    struct key_file file;
    memcpy(file.magic, magic, sizeof(magic));
    file.key = *key;
    enum status status = write_file(&file, dir_fd, err);
    secret_wipe(&file, sizeof(file));
    if (status != STATUS_OK)
        goto remove_new;
    if (renameat(dir_fd, NODE_KEY_NEW_NAME, dir_fd, NODE_KEY_NAME) != 0) {
        status = io_refused(err, "put in place");
        goto remove_new;
    }
    return fsync(dir_fd) == 0 ? STATUS_OK : io_refused(err, "made durable");
remove_new:
    (void)unlinkat(dir_fd, NODE_KEY_NEW_NAME, 0); /* may not be there */
    return status;
}

enum status node_key_create(struct node_key *key, int dir_fd, const struct rng *rng,
                            struct err *err)
{
    enum status status = check_free(dir_fd, err);
    if (status != STATUS_OK)
        return status;
    rng_fill(rng, "node-seed", NULL, key->seed, sizeof(key->seed));
    rng_fill(rng, "node-noise", NULL, key->noise_secret, sizeof(key->noise_secret));
    return put_in_place(key, dir_fd, err);
}

enum status node_key_keep(const struct node_key *key, int dir_fd, struct err *err)
{
    enum status status = check_free(dir_fd, err);
    return status == STATUS_OK ? put_in_place(key, dir_fd, err) : status;
}

enum status node_key_replace(const struct node_key *key, int dir_fd, struct err *err)
{
    (void)unlinkat(dir_fd, NODE_KEY_NEW_NAME, 0); /* of a power cut, or not there */
    return put_in_place(key, dir_fd, err);
}

static enum status check_file(const struct stat *file, struct err *err)
{
    if (!S_ISREG(file->st_mode))
        return err_set(err, STATUS_CORRUPT, NODE_KEY_NAME " is not a regular file");
    if ((file->st_mode & 07177) != 0)
        return err_set(err, STATUS_DENIED,
                       NODE_KEY_NAME " has mode %04o, so that others may have read or "
                                     "replaced it; if you trust it, chmod 600 it",
                       (unsigned)(file->st_mode & 07777));
    if (file->st_size != sizeof(struct key_file))
        return err_set(err, STATUS_CORRUPT,
                       NODE_KEY_NAME
                       " has %lld bytes instead of %zu; bring it back from "
                       "a copy, or give this machine a new key from another "
                       "node of the site",
                       (long long)file->st_size, sizeof(struct key_file));
    return STATUS_OK;
}

enum status node_key_read(struct node_key *key, int dir_fd, struct err *err)
{
    struct key_file file = {0};
    struct stat found;
    /* Without O_NONBLOCK a pipe of that name would hold us here for ever. */
    int fd =
        openat(dir_fd, NODE_KEY_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return err_set(err, STATUS_NOT_FOUND,
                       NODE_KEY_NAME " is missing; without it this machine is not the "
                                     "node it was. Bring it back from a copy");
    if (fd < 0 && errno == ELOOP)
        return err_set(err, STATUS_CORRUPT, NODE_KEY_NAME " is a link, not a file");
    if (fd < 0)
        return io_refused(err, "opened");
    enum status status =
        fstat(fd, &found) == 0 ? check_file(&found, err) : io_refused(err, "looked at");
    if (status != STATUS_OK)
        goto close_file;
    if (!process_read_all(fd, &file, sizeof(file))) {
        status = err_set(err, STATUS_IO, NODE_KEY_NAME " cannot be read whole");
        goto close_file;
    }
    if (memcmp(file.magic, magic, sizeof(magic)) != 0) {
        status = err_set(err, STATUS_CORRUPT,
                         NODE_KEY_NAME " does not begin as a key file of this version");
        goto close_file;
    }
    *key = file.key;
close_file:
    secret_wipe(&file, sizeof(file));
    (void)close(fd); /* only read */
    return status;
}
