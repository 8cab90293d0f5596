/*
 * Happy path: a client connects (CLIENT_OPENED), sends length and request, the request is
 * CLIENT_REQUEST, the answer comes back by ACTION_REPLY and is written; then the next
 * request of that client is handed over. It leaves (CLIENT_CLOSED).
 *
 * Failure modes: no slot (accepted and closed); a length of 0 or above
 * CONTROL_MESSAGE_MAX, a client that ends in the middle, no memory: the client is closed
 * and hears nothing. One request at a time is with the core, so that a client which never
 * reads holds one answer and one more request at most. Requests may hold PINs: what was
 * read is wiped.
 */
#include "node/io/control.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/io/clock.h"
#include "node/io/control_socket.h"

#define BACKLOG 128
#define LENGTH_SIZE 4
#define ROOM_MIN 4096

struct control_client {
    struct control *control;
    uint64_t number; /* 0: turned away at the door */
    uv_pipe_t pipe;
    bool is_closing, is_reading, is_asking; /* asking: its answer is not here yet */
    uint8_t *in;                            /* what was read and not yet handed over */
    size_t in_len, in_size;
};

struct control_write {
    uv_write_t request;
    struct control_client *client;
    uint8_t length[LENGTH_SIZE];
    struct buf bytes;
};

void control_init(struct control *control, uv_loop_t *uv, struct event_queue *queue,
                  int dir_fd)
{
    memset(control, 0, sizeof(*control));
    control->uv = uv;
    control->queue = queue;
    control->dir_fd = dir_fd;
    control->next_number = 1;
}

/* ---- one client's life ---- */

static void control_on_closed(uv_handle_t *handle)
{
    struct control_client *client = handle->data;
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
        if (client->control->clients[i] == client)
            client->control->clients[i] = NULL;
    secret_wipe(client->in, client->in_size);
    free(client->in);
    free(client);
}

static void control_client_close(struct control_client *client)
{
    if (client->is_closing)
        return;
    client->is_closing = true;
    if (client->number != 0)
        event_queue_add(client->control->queue, EVENT_CLIENT_CLOSED, 0, client->number);
    uv_close((uv_handle_t *)&client->pipe, control_on_closed);
}

/* ---- requests ---- */

/* Gives the buffer exactly size bytes, which hold what was read; the old one is wiped. */
static bool control_resize(struct control_client *client, size_t size)
{
    assert(size >= client->in_len);

    if (client->in != NULL && size == client->in_size)
        return true;
    uint8_t *in = malloc(size);
    if (in == NULL)
        return false;
    if (client->in != NULL) {
        memcpy(in, client->in, client->in_len);
        secret_wipe(client->in, client->in_size);
        free(client->in);
    }
    client->in = in;
    client->in_size = size;
    return true;
}

static uint32_t read_length(const uint8_t *in)
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

static void control_hand_over(struct control_client *client, size_t len)
{
    event_queue_add_bytes(client->control->queue, EVENT_CLIENT_REQUEST, 0, client->number,
                          bytes_of(client->in + LENGTH_SIZE, len));
    client->is_asking = true;
    size_t rest = client->in_len - LENGTH_SIZE - len;
    memmove(client->in, client->in + LENGTH_SIZE + len, rest);
    secret_wipe(client->in + rest, client->in_len - rest);
    client->in_len = rest;
    if (rest <= ROOM_MIN)
        (void)control_resize(client, ROOM_MIN); /* else it stays large */
}

/* Hands the next request over where one is complete and none is being answered. False:
 * this client must go. */
static bool control_parse(struct control_client *client)
{
    while (client->in_len >= LENGTH_SIZE) {
        size_t len = read_length(client->in);
        if (len == 0 || len > CONTROL_MESSAGE_MAX)
            return false;
        size_t whole = LENGTH_SIZE + len;
        if (whole > client->in_size && !control_resize(client, whole))
            return false;
        if (client->is_asking || client->in_len < whole)
            return true;
        control_hand_over(client, len);
    }
    return true;
}

static void control_on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
    struct control_client *client = handle->data;
    *room = uv_buf_init((char *)client->in + client->in_len,
                        (unsigned)(client->in_size - client->in_len));
}

static void control_read(struct control_client *client);

static void control_on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
    struct control_client *client = stream->data;
    if (got < 0) {
        control_client_close(client);
        return;
    }
    client->in_len += (size_t)got;
    if (!control_parse(client))
        control_client_close(client);
    else
        control_read(client);
}

/* Reads while there is room; a full buffer waits for its answer. */
static void control_read(struct control_client *client)
{
    bool has_room = client->in_len < client->in_size;
    if (has_room == client->is_reading)
        return;
    client->is_reading = has_room;
    if (!has_room)
        (void)uv_read_stop((uv_stream_t *)&client->pipe); /* always 0 */
    else if (uv_read_start((uv_stream_t *)&client->pipe, control_on_room,
                           control_on_read) != 0)
        control_client_close(client);
}

/* ---- answers ---- */

static void control_on_written(uv_write_t *request, int rc)
{
    struct control_write *write = request->data;
    if (rc != 0)
        control_client_close(write->client);
    buf_wipe(&write->bytes);
    free(write);
}

static struct control_client *control_find(struct control *control, uint64_t number)
{
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        struct control_client *client = control->clients[i];
        if (client != NULL && client->number == number && !client->is_closing)
            return client;
    }
    return NULL;
}

void control_take(struct control *control, uint64_t number, struct buf *bytes)
{
    struct control_client *client = control_find(control, number);
    struct control_write *write = NULL;
    if (client == NULL)
        goto drop;
    write = calloc(1, sizeof(*write));
    if (write == NULL || bytes->len > CONTROL_MESSAGE_MAX) {
        control_client_close(client);
        goto drop;
    }
    write->client = client;
    write->request.data = write;
    for (int i = 0; i < LENGTH_SIZE; i++)
        write->length[i] = (uint8_t)(bytes->len >> (24 - 8 * i));
    uv_buf_t out[2] = {uv_buf_init((char *)write->length, LENGTH_SIZE),
                       uv_buf_init((char *)bytes->data, (unsigned)bytes->len)};
    if (uv_write(&write->request, (uv_stream_t *)&client->pipe, out, 2,
                 control_on_written) != 0) {
        control_client_close(client);
        goto drop;
    }
    write->bytes = *bytes;
    *bytes = (struct buf){0};
    client->is_asking = false;
    if (!control_parse(client))
        control_client_close(client);
    else
        control_read(client);
    return;
drop:
    free(write);
    buf_wipe(bytes);
}

/* ---- listening ---- */

static struct control_client *control_client_new(struct control *control)
{
    struct control_client *client = calloc(1, sizeof(*client));
    if (client == NULL || !control_resize(client, ROOM_MIN)) {
        free(client);
        return NULL;
    }
    client->control = control;
    (void)uv_pipe_init(control->uv, &client->pipe, 0); /* never fails on Linux */
    client->pipe.data = client;
    return client;
}

static void control_on_connection(uv_stream_t *listener, int rc)
{
    struct control *control = listener->data;
    int slot = 0;
    while (slot < CONTROL_CLIENTS_MAX && control->clients[slot] != NULL)
        slot++;
    bool is_full = slot == CONTROL_CLIENTS_MAX;
    if ((rc != 0 || is_full) && log_gate_opens(&control->full_gate, clock_monotonic_ms()))
        log_warn("control refused reason=%s", rc != 0 ? uv_err_name(rc) : "full");
    if (rc != 0)
        return;
    struct control_client *client = control_client_new(control);
    if (client == NULL) {
        event_queue_fail(control->queue);
        return;
    }
    rc = uv_accept(listener, (uv_stream_t *)&client->pipe);
    if (rc != 0 || is_full) {
        control_client_close(client);
        return;
    }
    client->number = control->next_number++;
    control->clients[slot] = client;
    event_queue_add(control->queue, EVENT_CLIENT_OPENED, 0, client->number);
    control_read(client);
}

enum status control_listen(struct control *control, struct err *err)
{
    int fd = -1;
    struct stat made;
    enum status status =
        control_socket_bind(control->dir_fd, CONTROL_NAME, &fd, &made, err);
    if (status != STATUS_OK)
        return status;
    control->device = made.st_dev;
    control->inode = made.st_ino;
    (void)uv_pipe_init(control->uv, &control->listener, 0); /* never fails on Linux */
    control->listener.data = control;
    control->is_listening = true;
    int rc = uv_pipe_open(&control->listener, fd);
    if (rc != 0) {
        (void)close(fd); /* nothing was written to it */
        return err_set(err, STATUS_IO, CONTROL_NAME ": %s", uv_strerror(rc));
    }
    rc = uv_listen((uv_stream_t *)&control->listener, BACKLOG, control_on_connection);
    if (rc != 0)
        return err_set(err, STATUS_IO, CONTROL_NAME ": %s", uv_strerror(rc));
    return STATUS_OK;
}

void control_close(struct control *control)
{
    if (control->is_closing)
        return;
    control->is_closing = true;
    if (control->is_listening) {
        struct stat made = {.st_dev = control->device, .st_ino = control->inode};
        control_socket_remove(control->dir_fd, CONTROL_NAME, &made);
        uv_close((uv_handle_t *)&control->listener, NULL);
    }
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
        if (control->clients[i] != NULL)
            control_client_close(control->clients[i]);
}
