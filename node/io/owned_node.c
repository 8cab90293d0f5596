/*
 * Happy path: open the directory, read the key, open the store, open the core. Failure
 * modes: no directory or no store (66), a key file that is not sound (78, before the
 * store is touched), another owner (69), a damaged store (65), a newer one (78), no
 * memory (71), a disk that fails (74). A disk that lost what was saved is said, and the
 * node goes on with what there is.
 */
#include "node/io/owned_node.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/io/exit_code.h"
#include "node/io/log.h"

int owned_node_dir(const char *dir, struct err *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        return fd;
    if (errno == ENOENT)
        (void)err_set(err, STATUS_NOT_FOUND,
                      "%s does not exist; make a node with: fengqiaod init --dir %s", dir,
                      dir);
    else
        (void)err_set(err, errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_IO, "%s: %s", dir,
                      strerror(errno));
    return -1;
}

enum status owned_node_store(struct store **store, const char *dir, bool create,
                             struct err *err)
{
    char file[PATH_MAX];
    if ((size_t)snprintf(file, sizeof(file), "%s/" STORE_NAME, dir) >= sizeof(file))
        return err_set(err, STATUS_INVALID, "the name of the directory is too long");
    /* What SQLite puts into temporary files are cases: they stay on this disk. It asks
     * once, when the first database is opened. */
    if (setenv("SQLITE_TMPDIR", dir, 1) != 0)
        return err_set(err, STATUS_NO_MEMORY, "no memory is left to open %s", file);
    return store_open(store, file, NULL, create, err);
}

static void say_loss(const struct store_loss *loss)
{
    char text[LOSS_TEXT_SIZE];
    store_loss_text(loss, text);
    if (loss->kind != LOSS_NONE)
        log_error("%s", text);
}

static enum status open_core(struct owned_node *node, bool listens, struct err *err)
{
    struct core_config config = {
        .store = node->store,
        .rng = rng_system(),
        .listens = listens,
    };
    memcpy(config.node_seed, node->key->seed, sizeof(config.node_seed));
    memcpy(config.noise_secret, node->key->noise_secret, sizeof(config.noise_secret));
    enum status status = core_open(&node->core, &config, err);
    secret_wipe(&config, sizeof(config));
    return status;
}

enum status owned_node_keep_keys(const struct core *core, int dir_fd, struct err *err)
{
    struct node_key *key = secret_new(sizeof(*key));
    if (key == NULL)
        return err_set(err, STATUS_NO_MEMORY, "no memory for the node's key");
    core_machine_keys(core, key->seed, key->noise_secret);
    enum status status = node_key_replace(key, dir_fd, err);
    secret_free(key);
    return status;
}

/* The power went between the commit that gave this machine other keys and the file. */
static enum status file_keys(struct owned_node *node, struct err *err)
{
    struct node_key now;
    core_machine_keys(node->core, now.seed, now.noise_secret);
    bool is_filed = secret_equal(&now, node->key, sizeof(now));
    *node->key = now;
    secret_wipe(&now, sizeof(now));
    if (is_filed)
        return STATUS_OK;
    log_info("node key renewed");
    return owned_node_keep_keys(node->core, node->dir_fd, err);
}

int owned_node_open(struct owned_node *node, const char *dir, bool listens,
                    struct err *err)
{
    *node = (struct owned_node){.dir_fd = owned_node_dir(dir, err)};
    if (node->dir_fd < 0)
        return sysexit_of(err->status);
    int rc = EX_OSERR;
    node->key = secret_new(sizeof(*node->key));
    if (node->key == NULL) {
        (void)err_set(err, STATUS_NO_MEMORY, "no memory for the node's key");
        goto close_node;
    }
    /* The key comes first: where it is not sound, the data stays as it is. */
    enum status status = node_key_read(node->key, node->dir_fd, err);
    rc = EX_CONFIG;
    if (status != STATUS_OK)
        goto close_node;
    status = owned_node_store(&node->store, dir, false, err);
    if (status == STATUS_OK)
        say_loss(store_loss(node->store));
    if (status == STATUS_OK)
        status = open_core(node, listens, err);
    if (status == STATUS_OK)
        status = file_keys(node, err);
    rc = sysexit_of(status);
    if (status == STATUS_OK)
        return EX_OK;
close_node:
    owned_node_close(node);
    return rc;
}

void owned_node_close(struct owned_node *node)
{
    core_close(node->core);
    store_close(node->store);
    secret_free(node->key);
    if (node->dir_fd > 0)
        (void)close(node->dir_fd); /* a directory, only read */
    *node = (struct owned_node){0};
}
