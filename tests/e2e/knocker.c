/*
 * knocker: many connections to a node that never say who they are: each sends a byte a
 * second of what could be the beginning of a handshake, and when it is closed another
 * takes its place. A program of the tests; bounded in connections and in time.
 *
 *   knocker HOST PORT CONNECTIONS SECONDS [garbage]
 *   → "made N closed N", then exit 0; 1 where not a single one could be made
 *
 * With `garbage` each sends a whole first message whose MAC does not hold, at once, and
 * the next one follows as fast as the line allows.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4000
#define TURN_MS 100
#define TURNS_PER_BYTE 10

static volatile sig_atomic_t is_ended; /* then the figures so far */

static void end(int number)
{
    (void)number;
    is_ended = 1;
}

static const uint8_t beginning[] = {'F', 'Q', 1, 1};

struct knocker {
    struct sockaddr_in to;
    bool is_garbage;
    struct pollfd fds[CONNECTIONS_MAX];
    size_t sent[CONNECTIONS_MAX];
    int len;
    unsigned long made, closed;
};

static int dial(struct knocker *knocker)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&knocker->to, sizeof(knocker->to)) != 0 &&
        errno != EINPROGRESS) {
        (void)close(fd);
        return -1;
    }
    knocker->made++;
    return fd;
}

/* The answer to us is always the end. */
static void look(struct knocker *knocker, int i)
{
    char answer[64];
    struct pollfd *at = &knocker->fds[i];
    if ((at->revents & (POLLIN | POLLERR | POLLHUP)) == 0 ||
        (recv(at->fd, answer, sizeof(answer), 0) < 0 && errno == EAGAIN))
        return;
    (void)close(at->fd);
    at->fd = -1;
    knocker->closed++;
}

static void knock(struct knocker *knocker, int i)
{
    struct pollfd *at = &knocker->fds[i];
    if (at->fd < 0) {
        at->fd = dial(knocker);
        at->events = POLLIN;
        knocker->sent[i] = 0;
        return;
    }
    uint8_t byte = knocker->sent[i] < sizeof(beginning) ? beginning[knocker->sent[i]] : 0;
    if (send(at->fd, &byte, 1, MSG_NOSIGNAL) == 1)
        knocker->sent[i]++;
}

static void throw_garbage(struct knocker *knocker, int i)
{
    static const uint8_t first[68] = {'F', 'Q', 1, 1};
    struct pollfd *at = &knocker->fds[i];
    if (at->fd < 0) {
        at->fd = dial(knocker);
        at->events = POLLIN;
        knocker->sent[i] = 0;
    }
    if (at->fd >= 0 && knocker->sent[i] == 0 &&
        send(at->fd, first, sizeof(first), MSG_NOSIGNAL) == sizeof(first))
        knocker->sent[i] = sizeof(first);
}

static void run(struct knocker *knocker, int seconds)
{
    struct timespec begin, now;
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int turn = 0;; turn++) {
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if (is_ended || now.tv_sec - begin.tv_sec >= seconds)
            return;
        /* A tenth of them each turn, so that each knocks once a second. */
        for (int i = turn % TURNS_PER_BYTE; i < knocker->len && !knocker->is_garbage;
             i += TURNS_PER_BYTE)
            knock(knocker, i);
        for (int i = 0; i < knocker->len && knocker->is_garbage; i++)
            throw_garbage(knocker, i);
        (void)poll(knocker->fds, (nfds_t)knocker->len, 0);
        for (int i = 0; i < knocker->len; i++)
            if (knocker->fds[i].fd >= 0)
                look(knocker, i);
        if (!knocker->is_garbage)
            (void)poll(NULL, 0, TURN_MS);
    }
}

int main(int argc, char *argv[])
{
    static struct knocker knocker;
    if (argc != 5 && argc != 6) {
        (void)fprintf(stderr, "usage: knocker HOST PORT CONNECTIONS SECONDS [garbage]\n");
        return 2;
    }
    knocker.to.sin_family = AF_INET;
    knocker.to.sin_port = htons((uint16_t)atoi(argv[2]));
    knocker.len = atoi(argv[3]);
    knocker.is_garbage = argc == 6 && strcmp(argv[5], "garbage") == 0;
    if (inet_pton(AF_INET, argv[1], &knocker.to.sin_addr) != 1 || knocker.len < 1 ||
        knocker.len > CONNECTIONS_MAX)
        return 2;
    for (int i = 0; i < knocker.len; i++)
        knocker.fds[i].fd = -1;
    (void)signal(SIGTERM, end);
    run(&knocker, atoi(argv[4]));
    printf("made %lu closed %lu\n", knocker.made, knocker.closed);
    return knocker.made > 0 ? 0 : 1;
}
