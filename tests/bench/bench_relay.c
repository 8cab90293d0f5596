/* Stands between two nodes and counts: passes the bytes of each TCP connection on, and at
 * SIGUSR1 says how many went each way since the last time, and in how many milliseconds
 * from the first to the last.
 * usage: bench_relay HOST PORT, where both are numbers; prints the address it listens on
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t bytes[2]; /* up: from who dialed; down */
static double first_ms, last_ms;

struct door {
    int listener;
    struct sockaddr_in target;
};

/* One direction of a connection. */
struct way {
    int from, to;
    int number;
};

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec time;
    must(clock_gettime(CLOCK_MONOTONIC, &time) == 0, "clock");
    return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1e6;
}

static void note(int number, size_t len)
{
    double now = now_ms();
    (void)pthread_mutex_lock(&lock); /* cannot fail */
    if (bytes[0] + bytes[1] == 0)
        first_ms = now;
    last_ms = now;
    bytes[number] += len;
    (void)pthread_mutex_unlock(&lock); /* the same */
}

static void say(void)
{
    (void)pthread_mutex_lock(&lock); /* the same */
    printf("{\"up\":%" PRIu64 ",\"down\":%" PRIu64 ",\"ms\":%.1f}\n", bytes[0], bytes[1],
           bytes[0] + bytes[1] == 0 ? 0 : last_ms - first_ms);
    bytes[0] = bytes[1] = 0;
    (void)pthread_mutex_unlock(&lock); /* the same */
    (void)fflush(stdout);              /* whoever reads it would miss it */
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

/* Until either end goes. */
static void *carry(void *context)
{
    struct way way = *(struct way *)context;
    static _Thread_local char data[65536];
    free(context);
    for (;;) {
        ssize_t n = read(way.from, data, sizeof(data));
        if (n <= 0)
            break;
        note(way.number, (size_t)n);
        if (!write_all(way.to, data, (size_t)n))
            break;
    }
    /* The other direction ends by it, and only then are both closed: never twice. */
    (void)shutdown(way.from, SHUT_RDWR);
    (void)shutdown(way.to, SHUT_RDWR);
    return NULL;
}

static void start(int from, int to, int number)
{
    pthread_t thread;
    struct way *way = malloc(sizeof(*way));
    must(way != NULL, "memory");
    *way = (struct way){from, to, number};
    must(pthread_create(&thread, NULL, carry, way) == 0, "thread");
    must(pthread_detach(thread) == 0, "thread");
}

static void *accept_all(void *context)
{
    const struct door *door = context;
    int one = 1;
    for (;;) {
        int from = accept(door->listener, NULL, NULL);
        must(from >= 0, "accept");
        int to = socket(AF_INET, SOCK_STREAM, 0);
        must(to >= 0, "socket");
        if (connect(to, (const struct sockaddr *)&door->target, sizeof(door->target)) !=
            0) {
            (void)close(to);
            (void)close(from);
            continue;
        }
        (void)setsockopt(from, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        (void)setsockopt(to, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        start(from, to, 0);
        start(to, from, 1);
    }
    return NULL;
}

int main(int argc, char *argv[])
{
    struct door *door = calloc(1, sizeof(*door));
    struct sockaddr_in own = {.sin_family = AF_INET};
    socklen_t own_len = sizeof(own);
    sigset_t signals;
    int number;
    must(door != NULL, "memory");
    door->target.sin_family = AF_INET;
    if (argc != 3 || inet_pton(AF_INET, argv[1], &door->target.sin_addr) != 1) {
        fprintf(stderr, "usage: bench_relay HOST PORT\n");
        return 2;
    }
    door->target.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    door->listener = socket(AF_INET, SOCK_STREAM, 0);
    must(door->listener >= 0, "socket");
    must(bind(door->listener, (const struct sockaddr *)&own, sizeof(own)) == 0, "bind");
    must(listen(door->listener, 16) == 0, "listen");
    must(getsockname(door->listener, (struct sockaddr *)&own, &own_len) == 0, "name");
    printf("listening 127.0.0.1:%u\n", (unsigned)ntohs(own.sin_port));
    (void)fflush(stdout); /* whoever reads it would wait */
    (void)signal(SIGPIPE, SIG_IGN);
    must(sigemptyset(&signals) == 0 && sigaddset(&signals, SIGUSR1) == 0 &&
             pthread_sigmask(SIG_BLOCK, &signals, NULL) == 0,
         "signals");
    pthread_t thread;
    must(pthread_create(&thread, NULL, accept_all, door) == 0, "thread");
    while (sigwait(&signals, &number) == 0)
        say();
    return 1;
}
