/*
 * wiretap: stands between a child node and its parent on loopback, with both nodes' own
 * keys, and records every message that passes. A tool of the tests: whoever owns both
 * data folders may read what they say to each other, and nobody else can do it this way.
 *
 * usage: wiretap CHILD-DIR PARENT-DIR PARENT-HOST:PORT RECORD [HOST:PORT]
 * Listens there, else where the system chooses, and prints "listening HOST:PORT". TERM:
 * ends every connection, says so in RECORD, exits 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "crypto/key.h"
#include "node/io/address.h"
#include "node/io/node_key.h"
#include "tests/e2e/wiretap/splice.h"

#define SPLICES_MAX 16
#define LOOK_MS 100 /* a signal that falls between the look at stopped and poll */

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    stopped = 1;
}

struct wiretap {
    int listener;
    struct sockaddr_storage to;
    struct splice_keys keys;
    struct transcript transcript;
    struct splice *splices[SPLICES_MAX];
    uint64_t next_number;
};

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "wiretap: %s: %s\n", what, why);
    exit(1);
}

static void read_key(const char *dir, uint8_t secret[static 32],
                     uint8_t public_key[static 32])
{
    struct node_key key;
    struct err err = {0};
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        fail(dir, strerror(errno));
    if (node_key_read(&key, fd, &err) != STATUS_OK)
        fail(dir, err.text);
    (void)close(fd); /* only read */
    memcpy(secret, key.noise_secret, 32);
    key_dh_public(public_key, secret);
    sodium_memzero(&key, sizeof(key));
}

static void parse(const char *text, struct sockaddr_storage *out)
{
    struct address address;
    if (!address_parse(&address, text) || !address_numeric(&address, out))
        fail(text, "no numeric HOST:PORT");
}

static socklen_t sockaddr_len(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET ? sizeof(struct sockaddr_in)
                                         : sizeof(struct sockaddr_in6);
}

static void listen_at(struct wiretap *wiretap, const char *where)
{
    struct sockaddr_storage here;
    parse(where, &here);
    socklen_t len = sockaddr_len(&here);
    int again = 1;
    wiretap->listener =
        socket(here.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (wiretap->listener < 0 ||
        setsockopt(wiretap->listener, SOL_SOCKET, SO_REUSEADDR, &again, sizeof(again)) !=
            0 ||
        bind(wiretap->listener, (struct sockaddr *)&here, len) != 0 ||
        listen(wiretap->listener, SPLICES_MAX) != 0 ||
        getsockname(wiretap->listener, (struct sockaddr *)&here, &len) != 0)
        fail(where, strerror(errno));
    char text[ADDRESS_TEXT_SIZE];
    address_format(text, (struct sockaddr *)&here);
    printf("listening %s\n", text);
    (void)fflush(stdout); /* whoever waits for the line sees that it does not come */
}

/* Loopback answers at once, so this may block. -1: the parent is not there. */
static int dial_parent(const struct wiretap *wiretap)
{
    int fd = socket(wiretap->to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&wiretap->to, sockaddr_len(&wiretap->to)) ==
            0 &&
        fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
        return fd;
    (void)close(fd); /* it never carried anything */
    return -1;
}

static void accept_child(struct wiretap *wiretap)
{
    int child = accept4(wiretap->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (child < 0)
        return;
    for (int i = 0; i < SPLICES_MAX; i++) {
        if (wiretap->splices[i] != NULL)
            continue;
        struct splice *splice = calloc(1, sizeof(*splice));
        int parent = splice == NULL ? -1 : dial_parent(wiretap);
        if (parent < 0) {
            free(splice);
            break;
        }
        splice_open(splice, ++wiretap->next_number, child, parent, &wiretap->keys,
                    &wiretap->transcript);
        wiretap->splices[i] = splice;
        return;
    }
    (void)close(child); /* as a parent that is not there */
}

static void end_splice(struct splice **splice)
{
    splice_close(*splice);
    free(*splice);
    *splice = NULL;
}

static struct pollfd wait_for(const struct splice *splice, const struct splice_end *end)
{
    short events = 0;
    if (splice_wants_read(splice, end))
        events |= POLLIN;
    if (splice_wants_write(end))
        events |= POLLOUT;
    /* Without a wish not even a hang-up: it would be reported for ever. */
    return (struct pollfd){.fd = events != 0 ? end->fd : -1, .events = events};
}

static void serve_end(struct splice *splice, struct splice_end *end, short events)
{
    if (!splice->is_over && (events & POLLOUT))
        splice_writable(splice, end);
    if (!splice->is_over && (events & (POLLIN | POLLHUP | POLLERR)))
        splice_readable(splice, end);
}

static void serve_once(struct wiretap *wiretap)
{
    struct pollfd polled[1 + 2 * SPLICES_MAX];
    polled[0] = (struct pollfd){.fd = wiretap->listener, .events = POLLIN};
    for (int i = 0; i < SPLICES_MAX; i++) {
        const struct splice *splice = wiretap->splices[i];
        struct pollfd none = {.fd = -1};
        polled[1 + 2 * i] = splice == NULL ? none : wait_for(splice, &splice->child);
        polled[2 + 2 * i] = splice == NULL ? none : wait_for(splice, &splice->parent);
    }
    if (poll(polled, 1 + 2 * SPLICES_MAX, LOOK_MS) <= 0)
        return;
    for (int i = 0; i < SPLICES_MAX; i++) {
        struct splice *splice = wiretap->splices[i];
        if (splice == NULL)
            continue;
        serve_end(splice, &splice->child, polled[1 + 2 * i].revents);
        serve_end(splice, &splice->parent, polled[2 + 2 * i].revents);
        if (splice->is_over)
            end_splice(&wiretap->splices[i]);
    }
    if (polled[0].revents & POLLIN)
        accept_child(wiretap);
}

int main(int argc, char **argv)
{
    static struct wiretap wiretap;
    if (argc != 5 && argc != 6) {
        fputs("usage: wiretap CHILD-DIR PARENT-DIR PARENT-HOST:PORT RECORD [HOST:PORT]\n",
              stderr);
        return 2;
    }
    if (sodium_init() < 0)
        fail("libsodium", "it does not start");
    parse(argv[3], &wiretap.to);
    network_id(&wiretap.keys.network, "fengqiao");
    wiretap.transcript.network = wiretap.keys.network;
    read_key(argv[1], wiretap.keys.child_secret, wiretap.keys.child_public);
    read_key(argv[2], wiretap.keys.parent_secret, wiretap.keys.parent_public);
    wiretap.transcript.file = fopen(argv[4], "we");
    if (wiretap.transcript.file == NULL)
        fail(argv[4], strerror(errno));
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL); /* both signals exist */
    (void)sigaction(SIGINT, &action, NULL);
    listen_at(&wiretap, argc == 6 ? argv[5] : "127.0.0.1:0");
    while (!stopped)
        serve_once(&wiretap);
    for (int i = 0; i < SPLICES_MAX; i++)
        if (wiretap.splices[i] != NULL)
            end_splice(&wiretap.splices[i]);
    (void)close(wiretap.listener); /* nothing hangs on it */
    if (fclose(wiretap.transcript.file) != 0)
        fail(argv[4], strerror(errno));
    sodium_memzero(&wiretap.keys, sizeof(wiretap.keys));
    return 0;
}
