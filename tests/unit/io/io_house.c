#include "tests/unit/io/io_house.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node/core/job.h"

#define TURNS_MAX 20000
#define TURNS_FEW 5

void io_house_gather(struct event_queue *queue, struct io_seen *seen)
{
    size_t len;
    struct event *events = event_queue_take(queue, &len);
    if (len > 0) {
        seen->events = realloc(seen->events, (seen->len + len) * sizeof(*events));
        assert(seen->events != NULL);
        memcpy(seen->events + seen->len, events, len * sizeof(*events));
        seen->len += len;
    }
    free(events);
}

size_t io_house_count(const struct io_seen *seen, enum event_type type, uint64_t conn,
                      uint64_t client)
{
    size_t count = 0;
    for (size_t i = 0; i < seen->len; i++)
        count += seen->events[i].type == type && seen->events[i].conn == conn &&
                 seen->events[i].client == client;
    return count;
}

void io_house_forget(struct io_seen *seen)
{
    for (size_t i = 0; i < seen->len; i++) {
        event_queue_wipe(&seen->events[i]);
        job_free(seen->events[i].job);
    }
    free(seen->events);
    *seen = (struct io_seen){0};
}

/* A turn, and a moment for the kernel where the loop had nothing to do. */
static void turn(uv_loop_t *uv)
{
    (void)uv_run(uv, UV_RUN_NOWAIT); /* whether more is to come is no matter */
    (void)poll(NULL, 0, 1);
}

bool io_house_turn_until(uv_loop_t *uv, bool (*is_so)(void *context), void *context)
{
    for (int i = 0; i < TURNS_MAX; i++) {
        if (is_so(context))
            return true;
        turn(uv);
    }
    return false;
}

void io_house_turn(uv_loop_t *uv)
{
    for (int i = 0; i < TURNS_FEW; i++)
        turn(uv);
}

int io_house_knock(int port, int room)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(fd >= 0);
    if (room > 0)
        assert(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)) == 0);
    assert(inet_pton(AF_INET, "127.0.0.1", &to.sin_addr) == 1);
    assert(connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0);
    assert(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
    return fd;
}

int io_house_port(const char *where)
{
    return atoi(strrchr(where, ':') + 1);
}

void io_house_say(int fd, const void *data, size_t len)
{
    ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);
    assert(sent == (ssize_t)len);
}

bool io_house_hear(int fd, struct buf *heard)
{
    char room[65536];
    for (;;) {
        ssize_t got = recv(fd, room, sizeof(room), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (got <= 0)
            return false;
        buf_add(heard, room, (size_t)got);
    }
}
