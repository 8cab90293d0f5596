/*
 * Happy path: a stranger connects, gets an even number and CONN_ACCEPTED, some of them
 * between two turns and the next ones after that turn; each read is one CONN_BYTES, at
 * most one per turn, and reading goes on after that turn; each ACTION_SEND is one write,
 * and when none is left CONN_DRAINED; ACTION_CLOSE lets the writes finish, shuts down,
 * closes; CONN_CLOSED.
 *
 * Failure modes: all slots taken, or half of the files that the process may open
 * (accepted and closed, one line a minute); no descriptor left all the same (libuv
 * accepts with its spare one and closes, and nobody hears of it); the listener fails (one
 * line a minute); the peer closes or resets (closed; what was not written is dropped); a
 * peer that does not take our bytes (reading stops above TCP_UNSENT_MAX; after
 * ACTION_CLOSE it has TCP_CLOSE_DEADLINE_MS); no memory for a write (closed), or at the
 * door (the daemon ends).
 */
#include "node/io/tcp.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/io/clock.h"
#include "node/io/process.h"
#include "node/io/tcp_conn.h"

#define BACKLOG 128
#define KEEPALIVE_S 60

struct tcp_write {
    uv_write_t request;
    struct tcp_conn *conn;
    struct buf bytes;
};

void tcp_init(struct tcp *tcp, uv_loop_t *uv, struct event_queue *queue)
{
    memset(tcp, 0, sizeof(*tcp));
    tcp->uv = uv;
    tcp->queue = queue;
    tcp->next_number = 2;
    tcp->accepted_max = process_files_max() / 2;
    if (tcp->accepted_max > SESSIONS_MAX)
        tcp->accepted_max = SESSIONS_MAX;
}

/* ---- one connection's life ---- */

struct tcp_conn *tcp_conn_new(struct tcp *tcp, uint64_t number)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        if (tcp->conns[i] != NULL)
            continue;
        struct tcp_conn *conn = calloc(1, sizeof(*conn));
        if (conn == NULL)
            return NULL;
        conn->tcp = tcp;
        conn->number = number;
        (void)uv_timer_init(tcp->uv, &conn->deadline); /* never fails on Linux */
        conn->deadline.data = conn;
        conn->pending = 1;
        tcp->conns[i] = conn;
        return conn;
    }
    return NULL;
}

void tcp_conn_make_stream(struct tcp_conn *conn)
{
    assert(!conn->has_stream);

    (void)uv_tcp_init(conn->tcp->uv, &conn->stream); /* opens nothing yet: no failure */
    conn->stream.data = conn;
    conn->has_stream = true;
    conn->pending++;
}

void tcp_conn_release(struct tcp_conn *conn)
{
    assert(conn->pending > 0);

    if (--conn->pending > 0)
        return;
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (conn->tcp->conns[i] == conn)
            conn->tcp->conns[i] = NULL;
    uv_freeaddrinfo(conn->found);
    buf_deinit(&conn->early);
    free(conn);
}

static void tcp_on_closed(uv_handle_t *handle)
{
    tcp_conn_release(handle->data);
}

void tcp_conn_close(struct tcp_conn *conn)
{
    if (conn->state == TCP_CLOSED)
        return;
    conn->state = TCP_CLOSED;
    conn->is_reading = false;
    if (conn->number != 0)
        event_queue_add(conn->tcp->queue, EVENT_CONN_CLOSED, conn->number, 0);
    if (conn->is_looking_up)
        (void)uv_cancel((uv_req_t *)&conn->lookup); /* BUSY: it calls back by itself */
    /* A dial between two addresses has its stream closing already (tcp_dial.c). */
    if (conn->has_stream && !uv_is_closing((uv_handle_t *)&conn->stream))
        uv_close((uv_handle_t *)&conn->stream, tcp_on_closed);
    uv_close((uv_handle_t *)&conn->deadline, tcp_on_closed);
}

/* ---- reading ---- */

static void tcp_on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
    struct tcp_conn *conn = handle->data;
    *room = uv_buf_init(conn->tcp->room, sizeof(conn->tcp->room));
}

static void tcp_on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
    struct tcp_conn *conn = stream->data;
    if (got == 0)
        return;
    if (got < 0) {
        tcp_conn_close(conn);
        return;
    }
    (void)uv_read_stop(stream); /* always 0; tcp_resume goes on after the turn */
    conn->is_reading = false;
    event_queue_add_bytes(conn->tcp->queue, EVENT_CONN_BYTES, conn->number, 0,
                          bytes_of(room->base, (size_t)got));
}

static void tcp_conn_read(struct tcp_conn *conn)
{
    if (conn->state != TCP_OPEN || conn->is_reading ||
        uv_stream_get_write_queue_size((uv_stream_t *)&conn->stream) > TCP_UNSENT_MAX)
        return;
    if (uv_read_start((uv_stream_t *)&conn->stream, tcp_on_room, tcp_on_read) == 0)
        conn->is_reading = true;
    else
        tcp_conn_close(conn);
}

/* ---- writing ---- */

static void tcp_on_written(uv_write_t *request, int rc)
{
    struct tcp_write *write = request->data;
    struct tcp_conn *conn = write->conn;
    buf_deinit(&write->bytes);
    free(write);
    conn->writes--;
    if (rc != 0) {
        tcp_conn_close(conn);
        return;
    }
    /* The turn that this event brings also reads on, where too much was unsent. */
    if (conn->state == TCP_OPEN && conn->writes == 0)
        event_queue_add(conn->tcp->queue, EVENT_CONN_DRAINED, conn->number, 0);
}

/* Takes the bytes. */
static void tcp_conn_write(struct tcp_conn *conn, struct buf *bytes)
{
    struct tcp_write *write = calloc(1, sizeof(*write));
    if (write == NULL)
        goto close_conn;
    write->conn = conn;
    write->request.data = write;
    if (!conn->has_written) {
        /* Where these two fail, we are slower to notice a dead peer, nothing else. */
        (void)uv_tcp_nodelay(&conn->stream, 1);
        (void)uv_tcp_keepalive(&conn->stream, 1, KEEPALIVE_S);
        conn->has_written = true;
    }
    uv_buf_t out = uv_buf_init((char *)bytes->data, (unsigned)bytes->len);
    if (uv_write(&write->request, (uv_stream_t *)&conn->stream, &out, 1, tcp_on_written))
        goto free_write;
    write->bytes = *bytes;
    *bytes = (struct buf){0};
    conn->writes++;
    return;
free_write:
    free(write);
close_conn:
    buf_deinit(bytes);
    *bytes = (struct buf){0};
    tcp_conn_close(conn);
}

/* ---- what a turn changes ---- */

void tcp_conn_open(struct tcp_conn *conn)
{
    conn->state = TCP_OPEN;
    if (conn->early.len > 0)
        tcp_conn_write(conn, &conn->early);
    tcp_conn_read(conn);
}

/* ---- listening ---- */

static bool tcp_is_full(const struct tcp *tcp)
{
    size_t accepted = 0;
    for (int i = 0; i < SESSIONS_MAX; i++)
        accepted += tcp->conns[i] != NULL && tcp->conns[i]->number % 2 == 0;
    return accepted >= tcp->accepted_max;
}

static void tcp_accept(struct tcp *tcp)
{
    struct tcp_conn *conn = tcp_is_full(tcp) ? NULL : tcp_conn_new(tcp, tcp->next_number);
    bool is_full = conn == NULL;
    if (is_full) {
        /* Outside the slots, only to be closed: tcp_conn_release finds none to free. */
        conn = calloc(1, sizeof(*conn));
        if (conn == NULL) {
            event_queue_fail(tcp->queue);
            return;
        }
        conn->tcp = tcp;
        (void)uv_timer_init(tcp->uv, &conn->deadline); /* never fails on Linux */
        conn->deadline.data = conn;
        conn->pending = 1;
        if (log_gate_opens(&tcp->full_gate, clock_monotonic_ms()))
            log_warn("connections full max=%zu", tcp->accepted_max);
    }
    tcp_conn_make_stream(conn);
    int rc = uv_accept((uv_stream_t *)&tcp->listener, (uv_stream_t *)&conn->stream);
    if (rc != 0 || is_full) {
        conn->number = 0; /* nobody has heard of it */
        tcp_conn_close(conn);
        return;
    }
    tcp->next_number += 2;
    tcp->accepts++; /* and the event brings the turn that begins to count anew */
    event_queue_add(tcp->queue, EVENT_CONN_ACCEPTED, conn->number, 0);
    tcp_conn_open(conn);
}

static void tcp_on_connection(uv_stream_t *listener, int rc)
{
    struct tcp *tcp = listener->data;
    if (rc != 0) {
        if (log_gate_opens(&tcp->accept_gate, clock_monotonic_ms()))
            log_warn("accept failed reason=%s", uv_err_name(rc));
        return;
    }
    if (tcp->accepts < TCP_ACCEPTS_PER_TURN)
        tcp_accept(tcp);
    else
        tcp->has_knocked = true;
}

void tcp_resume(struct tcp *tcp)
{
    tcp->accepts = 0;
    if (tcp->has_knocked && !tcp->is_closing) {
        tcp->has_knocked = false;
        tcp_accept(tcp);
    }
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (tcp->conns[i] != NULL)
            tcp_conn_read(tcp->conns[i]);
}

static enum status listen_refused(struct err *err, const char *text, int rc)
{
    enum status status = rc == UV_EADDRINUSE || rc == UV_EACCES || rc == UV_EADDRNOTAVAIL
                             ? STATUS_BUSY
                             : STATUS_IO;
    return err_set(err, status, "cannot listen on %s: %s", text, uv_strerror(rc));
}

static int find_address(struct tcp *tcp, const struct address *address,
                        struct sockaddr_storage *out)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    uv_getaddrinfo_t lookup;
    if (address_numeric(address, out))
        return 0;
    /* Without a callback it answers here and now; the node has not begun yet. */
    int rc = uv_getaddrinfo(tcp->uv, &lookup, NULL, address->host, address->port, &hints);
    if (rc != 0)
        return rc;
    memcpy(out, lookup.addrinfo->ai_addr, lookup.addrinfo->ai_addrlen);
    uv_freeaddrinfo(lookup.addrinfo);
    return 0;
}

enum status tcp_listen(struct tcp *tcp, const char *text,
                       char where[static ADDRESS_TEXT_SIZE], struct err *err)
{
    struct address address;
    struct sockaddr_storage at;
    if (!address_parse(&address, text))
        return err_set(err, STATUS_INVALID,
                       "%s is no address; write it as HOST:PORT, such as 0.0.0.0:7700",
                       text);
    int rc = find_address(tcp, &address, &at);
    if (rc != 0)
        return listen_refused(err, text, rc);

    (void)uv_tcp_init(tcp->uv, &tcp->listener); /* opens nothing yet: no failure */
    tcp->listener.data = tcp;
    tcp->is_listening = true;
    rc = uv_tcp_bind(&tcp->listener, (struct sockaddr *)&at, 0);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&tcp->listener, BACKLOG, tcp_on_connection);
    int len = sizeof(at);
    if (rc == 0)
        rc = uv_tcp_getsockname(&tcp->listener, (struct sockaddr *)&at, &len);
    if (rc != 0)
        return listen_refused(err, text, rc);
    address_format(where, (struct sockaddr *)&at);
    return STATUS_OK;
}

/* ---- actions ---- */

static struct tcp_conn *tcp_find(struct tcp *tcp, uint64_t number)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct tcp_conn *conn = tcp->conns[i];
        if (conn != NULL && conn->number == number && conn->state != TCP_CLOSED)
            return conn;
    }
    return NULL;
}

void tcp_dial(struct tcp *tcp, uint64_t number, const char *text)
{
    assert(number % 2 == 1);

    struct tcp_conn *conn = tcp->is_closing ? NULL : tcp_conn_new(tcp, number);
    if (conn == NULL) {
        event_queue_add(tcp->queue, EVENT_CONN_CLOSED, number, 0);
        return;
    }
    tcp_dial_begin(conn, text);
}

static void tcp_on_shutdown(uv_shutdown_t *shutdown, int rc)
{
    tcp_conn_close(shutdown->data);
}

static void tcp_on_close_deadline(uv_timer_t *deadline)
{
    tcp_conn_close(deadline->data);
}

void tcp_end(struct tcp *tcp, uint64_t number)
{
    struct tcp_conn *conn = tcp_find(tcp, number);
    if (conn == NULL || conn->state == TCP_ENDING)
        return;
    if (conn->state == TCP_STARTING || !conn->has_written) {
        tcp_conn_close(conn);
        return;
    }
    conn->state = TCP_ENDING;
    (void)uv_read_stop((uv_stream_t *)&conn->stream); /* always 0 */
    conn->is_reading = false;
    conn->shutdown.data = conn;
    /* libuv shuts down after the writes that are queued. */
    if (uv_shutdown(&conn->shutdown, (uv_stream_t *)&conn->stream, tcp_on_shutdown) !=
            0 ||
        uv_timer_start(&conn->deadline, tcp_on_close_deadline, TCP_CLOSE_DEADLINE_MS, 0))
        tcp_conn_close(conn);
}

void tcp_take(struct tcp *tcp, uint64_t number, struct buf *bytes)
{
    struct tcp_conn *conn = tcp_find(tcp, number);
    if (conn != NULL && conn->state == TCP_OPEN) {
        tcp_conn_write(conn, bytes);
        return;
    }
    if (conn != NULL && conn->state == TCP_STARTING) {
        buf_add(&conn->early, bytes->data, bytes->len);
        if (buf_status(&conn->early) != STATUS_OK)
            tcp_conn_close(conn);
    }
    buf_deinit(bytes);
    *bytes = (struct buf){0};
}

void tcp_stop_listening(struct tcp *tcp)
{
    tcp->is_closing = true;
    if (tcp->is_listening && !uv_is_closing((uv_handle_t *)&tcp->listener))
        uv_close((uv_handle_t *)&tcp->listener, NULL);
}

bool tcp_is_empty(const struct tcp *tcp)
{
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (tcp->conns[i] != NULL)
            return false;
    return true;
}

void tcp_close(struct tcp *tcp)
{
    tcp_stop_listening(tcp);
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (tcp->conns[i] != NULL)
            tcp_conn_close(tcp->conns[i]);
}
