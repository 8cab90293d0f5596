/*
 * Happy path: connect, then for each request write length ‖ [number, method, arguments],
 * read length ‖ [number, status, result]. Failure modes: no socket or nobody behind it
 * (said with the way to start a node), a node that ends in the middle (CLOSED), an answer
 * that is too long, out of turn or not canonical (INVALID; nothing of it is shown).
 */
#include "cli/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/limits.h"
#include "proto/pack.h"

#define SOCKET_NAME "control.sock"

/* A socket's path holds 107 bytes; a longer one is reached through its directory. */
static int socket_connect(int fd, const char *dir)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = sizeof(address.sun_path);
    if (strlen(dir) + sizeof("/" SOCKET_NAME) <= size) {
        (void)snprintf(address.sun_path, size, "%s/" SOCKET_NAME, dir);
        return connect(fd, (struct sockaddr *)&address, sizeof(address));
    }
    int dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0)
        return -1;
    (void)snprintf(address.sun_path, size, "/proc/self/fd/%d/" SOCKET_NAME, dir_fd);
    int rc = connect(fd, (struct sockaddr *)&address, sizeof(address));
    int reason = errno;
    (void)close(dir_fd); /* nothing was written through it */
    errno = reason;
    return rc;
}

enum status client_open(struct client *client, const char *dir, struct err *err)
{
    *client = (struct client){0};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set(err, STATUS_IO, "no socket can be made: %s", strerror(errno));
    if (socket_connect(fd, dir) == 0) {
        client->fd = fd;
        client->is_open = true;
        return STATUS_OK;
    }
    int reason = errno;
    (void)close(fd); /* nothing was written to it */
    if (reason == EACCES || reason == EPERM)
        return err_set(err, STATUS_IO,
                       "%s/" SOCKET_NAME " belongs to another user; run this as the "
                       "user of the node",
                       dir);
    if (reason == ENOENT || reason == ECONNREFUSED || reason == ENOTDIR)
        return err_set(err, STATUS_IO,
                       "no node answers at %s/" SOCKET_NAME
                       "; start it with: fengqiaod run --dir %s",
                       dir, dir);
    return err_set(err, STATUS_IO, "%s/" SOCKET_NAME ": %s", dir, strerror(reason));
}

void client_close(struct client *client)
{
    if (client->is_open)
        (void)close(client->fd); /* answers were read, nothing is pending */
    buf_wipe(&client->in);
    *client = (struct client){0};
}

static enum status closed(struct err *err)
{
    return err_set(err, STATUS_CLOSED,
                   "the node ended the connection; whether the last request was done "
                   "shows in its list");
}

static enum status send_all(int fd, const uint8_t *data, size_t len, struct err *err)
{
    while (len > 0) {
        ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
            return closed(err);
        if (sent < 0)
            return err_set(err, STATUS_IO, "writing to the node failed: %s",
                           strerror(errno));
        data += sent;
        len -= (size_t)sent;
    }
    return STATUS_OK;
}

static enum status receive_all(int fd, uint8_t *data, size_t len, struct err *err)
{
    while (len > 0) {
        ssize_t got = recv(fd, data, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            return closed(err);
        if (got < 0)
            return err_set(err, STATUS_IO, "reading from the node failed: %s",
                           strerror(errno));
        data += got;
        len -= (size_t)got;
    }
    return STATUS_OK;
}

enum status client_send(struct client *client, const char *method, struct bytes arguments,
                        struct err *err)
{
    struct buf out = {0};
    /* Room for all at once: arguments may hold a PIN, and a buffer that grows leaves
     * copies behind. */
    (void)buf_reserve(&out, arguments.len + strlen(method) + 64);
    buf_add_u32(&out, 0);
    pack_array(&out, 3);
    pack_uint(&out, client->sent + 1);
    pack_str(&out, method);
    buf_add(&out, arguments.data, arguments.len);
    enum status status = buf_status(&out);
    if (status != STATUS_OK)
        goto wipe_out;
    if (out.len - 4 > CONTROL_MESSAGE_MAX) {
        status = err_set(err, STATUS_TOO_LARGE, "the request is longer than %u bytes",
                         CONTROL_MESSAGE_MAX);
        goto wipe_out;
    }
    uint32_t len = (uint32_t)(out.len - 4);
    for (int i = 0; i < 4; i++)
        out.data[i] = (uint8_t)(len >> (24 - 8 * i));
    status = send_all(client->fd, out.data, out.len, err);
    if (status == STATUS_OK)
        client->sent++;
wipe_out:
    buf_wipe(&out);
    return status;
}

static enum status parse_answer(struct client *client, struct client_answer *answer,
                                struct err *err)
{
    struct bytes message = buf_bytes(&client->in);
    enum status status = pack_check(message, err);
    if (status != STATUS_OK)
        return status;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t count;
    uint64_t number;
    struct bytes name;
    if (pack_read_array(&reader, &count, err) != STATUS_OK || count != 3 ||
        pack_read_uint(&reader, &number, err) != STATUS_OK ||
        pack_read_str(&reader, &name, err) != STATUS_OK ||
        pack_value(&reader, 1, &answer->result, err) != STATUS_OK)
        return STATUS_INVALID;
    if (number != client->received + 1)
        return STATUS_INVALID;
    char text[24];
    if (name.len >= sizeof(text))
        return STATUS_INVALID;
    memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    answer->status = status_from_name(text);
    return STATUS_OK;
}

enum status client_receive(struct client *client, struct client_answer *answer,
                           struct err *err)
{
    uint8_t head[4];
    enum status status = receive_all(client->fd, head, sizeof(head), err);
    if (status != STATUS_OK)
        return status;
    uint32_t len = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 |
                   (uint32_t)head[2] << 8 | head[3];
    if (len > CONTROL_MESSAGE_MAX)
        return err_set(err, STATUS_TOO_LARGE, "the node's answer is longer than %u bytes",
                       CONTROL_MESSAGE_MAX);
    buf_clear(&client->in);
    uint8_t *room = buf_reserve(&client->in, len);
    if (!room)
        return STATUS_NO_MEMORY;
    status = receive_all(client->fd, room, len, err);
    if (status != STATUS_OK)
        return status;
    client->in.len = len;
    status = parse_answer(client, answer, NULL);
    if (status != STATUS_OK)
        return err_set(err, STATUS_INVALID,
                       "the node's answer is not well formed; are node and client of one "
                       "version?");
    client->received++;
    return STATUS_OK;
}
