/*
 * Happy path: a numeric host is connected to; a name is looked up in the pool and its
 * addresses are tried one after the other; the first that answers is CONN_CONNECTED.
 *
 * Failure modes: no address, an unknown name, nobody answers at any of them, or
 * TCP_DIAL_DEADLINE_MS has passed over all of it: CONN_CLOSED, once. A lookup cannot be
 * interrupted; where the deadline passes during one, the event comes at once and the
 * memory is freed when the resolver gives up.
 */
#include "node/io/tcp_conn.h"

#include <string.h>

static void tcp_dial_next(struct tcp_conn *conn);

static void tcp_dial_on_stream_closed(uv_handle_t *handle)
{
    struct tcp_conn *conn = handle->data;
    conn->has_stream = false;
    if (conn->state == TCP_STARTING)
        tcp_dial_next(conn);
    tcp_conn_release(conn);
}

static void tcp_dial_on_connected(uv_connect_t *connect, int rc)
{
    struct tcp_conn *conn = connect->data;
    if (conn->state != TCP_STARTING)
        return; /* cancelled by its close */
    if (rc != 0) {
        /* A socket that failed to connect cannot try again: a new one. */
        uv_close((uv_handle_t *)&conn->stream, tcp_dial_on_stream_closed);
        return;
    }
    (void)uv_timer_stop(&conn->deadline); /* always 0 */
    event_queue_add(conn->tcp->queue, EVENT_CONN_CONNECTED, conn->number, 0);
    tcp_conn_open(conn);
}

static void tcp_dial_to(struct tcp_conn *conn, const struct sockaddr *at)
{
    tcp_conn_make_stream(conn);
    conn->connect.data = conn;
    if (uv_tcp_connect(&conn->connect, &conn->stream, at, tcp_dial_on_connected) != 0)
        uv_close((uv_handle_t *)&conn->stream, tcp_dial_on_stream_closed);
}

static void tcp_dial_next(struct tcp_conn *conn)
{
    struct addrinfo *next = conn->next;
    if (next == NULL) {
        tcp_conn_close(conn);
        return;
    }
    conn->next = next->ai_next;
    tcp_dial_to(conn, next->ai_addr);
}

static void tcp_dial_on_found(uv_getaddrinfo_t *lookup, int rc, struct addrinfo *found)
{
    struct tcp_conn *conn = lookup->data;
    conn->is_looking_up = false;
    conn->found = found; /* NULL where it failed; freed with the connection */
    conn->next = found;
    if (conn->state == TCP_STARTING)
        tcp_dial_next(conn);
    tcp_conn_release(conn);
}

static void tcp_dial_on_deadline(uv_timer_t *deadline)
{
    tcp_conn_close(deadline->data);
}

void tcp_dial_begin(struct tcp_conn *conn, const char *text)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct sockaddr_storage at;
    if (!address_parse(&conn->address, text) ||
        uv_timer_start(&conn->deadline, tcp_dial_on_deadline, TCP_DIAL_DEADLINE_MS, 0)) {
        tcp_conn_close(conn);
        return;
    }
    if (address_numeric(&conn->address, &at)) {
        tcp_dial_to(conn, (struct sockaddr *)&at);
        return;
    }
    conn->lookup.data = conn;
    if (uv_getaddrinfo(conn->tcp->uv, &conn->lookup, tcp_dial_on_found,
                       conn->address.host, conn->address.port, &hints) != 0) {
        tcp_conn_close(conn);
        return;
    }
    conn->is_looking_up = true;
    conn->pending++;
}
