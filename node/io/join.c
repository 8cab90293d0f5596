/*
 * Happy path: check the code; make the directory, the node's key, the store; stretch the
 * code in this short-lived process; dial the machine that invites, talk with it until the
 * store is founded (newcomer.h), say goodbye; print the site and the two words to
 * compare. Where nobody said where that machine is, its beacon does.
 *
 * Failure modes: a code that is none, an address that is none (64); the directory holds
 * something (73, nothing is touched); nobody answers there, or is heard (69); the other
 * machine ends it (77: the code is wrong, used or too old) or says what does not hold
 * (65); a disk that fails (74). Whatever was made is removed.
 */
#include "node/io/join.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "crypto/wrap.h"
#include "node/core/newcomer.h"
#include "node/io/address.h"
#include "node/io/clock.h"
#include "node/io/exit_code.h"
#include "node/io/log.h"
#include "node/io/new_dir.h"
#include "node/io/node_key.h"
#include "node/io/owned_node.h"
#include "node/io/printout.h"
#include "node/io/seek.h"
#include "proto/pairing_link.h"
#include "proto/words.h"

#define STEP_TIMEOUT_MS 20000 /* of a connection, of each answer */
#define PARTING_READS 16

/* In secret memory. */
struct join_secrets {
    struct node_key node;
    char code[WORDS_CODE_SIZE];
    uint8_t psk[32];
    char found[SEEK_ADDRESS_SIZE];
    const char *at; /* the argument, what a link says, or found */
    struct core_config config;
    struct newcomer_site site;
};

/* ---- the connection ---- */

static enum status unreachable(const char *at, struct err *err)
{
    return err_set(
        err, STATUS_UNREACHABLE,
        "nobody answers at %.128s; does the other node run, and with --listen?", at);
}

static bool wait_for(int fd, short events)
{
    struct pollfd waiting = {.fd = fd, .events = events};
    int rc;
    do
        rc = poll(&waiting, 1, STEP_TIMEOUT_MS);
    while (rc < 0 && errno == EINTR);
    return rc > 0;
}

static bool connect_to(int fd, const struct addrinfo *to)
{
    int failure = 0;
    socklen_t len = sizeof(failure);
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0)
        return true;
    return errno == EINPROGRESS && wait_for(fd, POLLOUT) &&
           getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) == 0 && failure == 0;
}

static enum status dial(const char *at, int *fd, struct err *err)
{
    struct address address;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    *fd = -1;
    if (!address_parse(&address, at))
        return err_set(err, STATUS_INVALID, "--at is HOST:PORT");
    if (getaddrinfo(address.host, address.port, &hints, &list) != 0)
        return unreachable(at, err);
    for (const struct addrinfo *to = list; to != NULL && *fd < 0; to = to->ai_next) {
        *fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                     to->ai_protocol);
        if (*fd >= 0 && !connect_to(*fd, to)) {
            (void)close(*fd); /* nothing was written */
            *fd = -1;
        }
    }
    freeaddrinfo(list);
    return *fd < 0 ? unreachable(at, err) : STATUS_OK;
}

/* False: the other end is gone. */
static bool send_all(int fd, struct buf *out)
{
    size_t at = 0;
    while (at < out->len) {
        ssize_t sent = send(fd, out->data + at, out->len - at, MSG_NOSIGNAL);
        if (sent >= 0)
            at += (size_t)sent;
        else if (errno != EINTR && (errno != EAGAIN || !wait_for(fd, POLLOUT)))
            return false;
    }
    buf_clear(out);
    return true;
}

/* 0: the other end is gone. */
static size_t receive(int fd, uint8_t *room, size_t size)
{
    for (;;) {
        ssize_t len = recv(fd, room, size, 0);
        if (len >= 0)
            return (size_t)len;
        if (errno != EINTR && (errno != EAGAIN || !wait_for(fd, POLLIN)))
            return 0;
    }
}

static enum status ended(struct err *err)
{
    return err_set(err, STATUS_DENIED,
                   "the other machine ended it: the code is wrong, used, older than 10 "
                   "minutes or not for another machine of a site; ask for a new one "
                   "(fengqiao node invite)");
}

static enum status talk(struct newcomer *newcomer, int fd, struct err *err)
{
    uint8_t room[4096];
    struct buf out = {0};
    size_t len = 0;
    enum status status = STATUS_MORE;
    while (status == STATUS_MORE) {
        enum wall_quality quality;
        uint64_t wall = clock_wall(&quality);
        status = newcomer_take(newcomer, bytes_of(room, len), wall, quality, &out, err);
        bool is_sent = send_all(fd, &out);
        if (status == STATUS_OK && !is_sent)
            log_warn("the other machine did not hear that it was done; it goes on all "
                     "the same");
        if (status != STATUS_MORE)
            break;
        len = is_sent ? receive(fd, room, sizeof(room)) : 0;
        if (len == 0)
            status = ended(err);
    }
    buf_deinit(&out);
    return status;
}

/* It reads the last word before the connection goes; who says more than that waits for
 * nobody. */
static void part(int fd)
{
    uint8_t room[256];
    (void)shutdown(fd, SHUT_WR); /* either way we close */
    for (int i = 0; i < PARTING_READS && receive(fd, room, sizeof(room)) > 0; i++)
        ;
    (void)close(fd); /* everything was sent */
}

/* ---- telling ---- */

/* Names were checked by the charter: they are UTF-8. */
static void tell_json(const char *id, const struct newcomer_site *site)
{
    printf("{\"site\":\"%s\",\"name\":", id);
    printout_json(site->name);
    printf(",\"words\":\"%s\",\"lacks\":%u}\n", site->words, (unsigned)site->lacks);
}

static void tell_person(const struct daemon_args *args, const char *id,
                        const struct newcomer_site *site)
{
    printf("site      %s\nname      ", id);
    printout_text(site->name);
    printf("\nwords     %s\n"
           "The other machine shows the same two words (fengqiao site), or somebody "
           "stands in between:\nthen revoke this machine there.\n"
           "run it with: fengqiaod run --dir %s\nIt gets the whole of the site as "
           "soon as it reaches the other machine.\n",
           site->words, args->dir);
    if (site->lacks > 0)
        printf("It waits to be let in: %u more steward%s of the site approve%s it there "
               "(fengqiao quorum show,\nquorum approve). Run it all the same: it asks "
               "again by itself, and has nothing of the site until then.\n",
               (unsigned)site->lacks, site->lacks == 1 ? "" : "s",
               site->lacks == 1 ? "s" : "");
}

static enum status tell(const struct daemon_args *args, const struct newcomer_site *site,
                        struct err *err)
{
    char text[KEY_TEXT_SIZE];
    key_to_text(text, "fqs1", site->site.bytes);
    if (args->is_json)
        tell_json(text, site);
    else
        tell_person(args, text, site);
    if (!printout_end())
        return err_set(err, STATUS_IO, "the two words could not be shown: %s",
                       strerror(errno));
    return STATUS_OK;
}

/* ---- the mode ---- */

static enum status read_words(struct join_secrets *secrets, const char *words,
                              struct err *err)
{
    int position;
    if (words_normalise(secrets->code, words, &position))
        return STATUS_OK;
    if (position == WORDS_CODE_LEN)
        return err_set(err, STATUS_INVALID, "a code has six words");
    return err_set(err, STATUS_INVALID, "word %d of the code is misspelt", position + 1);
}

/* Six words, or the link of a QR code, which may say where, too. */
static enum status read_code(struct join_secrets *secrets, const struct daemon_args *args,
                             struct err *err)
{
    char code[PAIRING_LINK_CODE_SIZE];
    const char *link_at = NULL;
    secrets->at = args->at;
    if (!pairing_link_is(args->code))
        return read_words(secrets, args->code, err);
    if (!pairing_link_read(args->code, PAIRING_LINK_MACHINE, code, &link_at))
        return err_set(
            err, STATUS_INVALID,
            "that link does not invite another machine of a site; take that of "
            "fengqiao node invite --qr");
    enum status status = read_words(secrets, code, err);
    secret_wipe(code, sizeof(code));
    if (secrets->at == NULL)
        secrets->at = link_at;
    return status;
}

static enum status join_site(const struct daemon_args *args, struct join_secrets *secrets,
                             int fd, struct err *err)
{
    struct newcomer *newcomer = NULL;
    const struct newcomer_wish wish = {
        .name = args->name,
        .network = args->network,
        .address = secrets->at,
        .psk = secrets->psk,
    };
    enum status status = newcomer_open(&newcomer, &secrets->config, &wish, err);
    if (status == STATUS_OK)
        status = talk(newcomer, fd, err);
    if (status == STATUS_OK)
        secrets->site = *newcomer_site(newcomer);
    newcomer_close(newcomer);
    return status;
}

static enum status make_node(const struct daemon_args *args, struct join_secrets *secrets,
                             const struct new_dir *dir, struct err *err)
{
    struct rng rng = rng_system();
    struct core_config *config = &secrets->config;
    int fd = -1;
    enum status status = node_key_create(&secrets->node, dir->fd, &rng, err);
    if (status != STATUS_OK)
        return status;
    if (!wrap_stretch(secrets->psk, secrets->code, strlen(secrets->code)))
        return err_set(err, STATUS_NO_MEMORY, "the code needs %u MiB",
                       WRAP_MEMORY_BYTES >> 20);
    if (secrets->at == NULL) {
        log_info("seeking who made that code on this network");
        status = seek_code(secrets->psk, secrets->found, err);
        secrets->at = secrets->found;
    }
    if (status == STATUS_OK)
        status = dial(secrets->at, &fd, err);
    if (status != STATUS_OK)
        return status;
    *config = (struct core_config){.rng = rng};
    memcpy(config->node_seed, secrets->node.seed, sizeof(config->node_seed));
    memcpy(config->noise_secret, secrets->node.noise_secret,
           sizeof(config->noise_secret));
    status = owned_node_store(&config->store, dir->path, true, err);
    if (status == STATUS_OK) {
        status = join_site(args, secrets, fd, err);
        store_close(config->store);
    }
    part(fd);
    if (status == STATUS_OK)
        status = new_dir_sync(dir, err);
    return status == STATUS_OK ? tell(args, &secrets->site, err) : status;
}

int join_main(const struct daemon_args *args)
{
    struct err err = {0};
    struct new_dir dir;
    enum status status = STATUS_NO_MEMORY;
    struct join_secrets *secrets = secret_new(sizeof(*secrets));
    if (secrets == NULL)
        goto tell_error;
    status = read_code(secrets, args, &err);
    if (status != STATUS_OK)
        goto free_secrets;
    status = new_dir_make(&dir, args->dir, &err);
    if (status == STATUS_OK)
        status = make_node(args, secrets, &dir, &err);
    new_dir_end(&dir, status == STATUS_OK);
free_secrets:
    secret_free(secrets);
tell_error:
    return exit_code_told(status, &err);
}
