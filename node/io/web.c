/*
 * Happy path: libmicrohttpd's epoll descriptor becomes readable, or its timer ends; it
 * runs, and calls web_on_call for a request: at its head, with each piece of its body,
 * and when it is whole. Then the request is handed on and the connection sleeps
 * (MHD_suspend_connection) until web_respond; web_resume lets the library send. When it
 * has, web_on_done frees the visit.
 *
 * Failure modes: too many connections, or from one address (the library does not accept,
 * or closes); a head that is too large (431, by the library); a body above what
 * its path may bring (413) or too many at once (503); a browser that is too slow (its
 * socket is shut down at the deadline of what it is at); one that leaves (its visit is
 * forgotten, what it asked for is done all the same); no memory (the connection is
 * closed).
 */
#include "node/io/web.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "crypto/secret.h"
#include "node/io/clock.h"

#define BACKLOG 128
#define SWEEP_MS 1000
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct web_conn {
    struct web_conn *next;
    struct web *web;
    int fd;
    uint64_t deadline_ms; /* UINT64_MAX: it waits for us */
};

struct web_visit {
    struct web *web;
    uint64_t number; /* 0: not handed on yet */
    struct MHD_Connection *connection;
    char *target; /* path and query, as they came */
    struct buf body;
    size_t body_max;
    bool has_head, is_refused, is_handed, is_asleep, is_answered;
    struct page_response response;
    bool is_stream;
    uint64_t end_ms, beat_ms; /* of a stream */
    struct buf unsent;        /* the same */
};

/* ---- deadlines ---- */

static struct web_conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static void expect(struct MHD_Connection *connection, uint64_t within_ms)
{
    struct web_conn *conn = conn_of(connection);
    if (conn != NULL)
        conn->deadline_ms =
            within_ms == UINT64_MAX ? within_ms : clock_monotonic_ms() + within_ms;
}

static void web_on_connection(void *context, struct MHD_Connection *connection,
                              void **own, enum MHD_ConnectionNotificationCode code)
{
    struct web *web = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        struct web_conn **at = &web->conns;
        while (*at != NULL && *at != *own)
            at = &(*at)->next;
        if (*at != NULL)
            *at = (*at)->next;
        free(*own);
        *own = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct web_conn *conn = calloc(1, sizeof(*conn));
    if (conn == NULL || info == NULL) { /* it has no deadline but the library's */
        free(conn);
        return;
    }
    conn->web = web;
    conn->fd = info->connect_fd;
    conn->deadline_ms = clock_monotonic_ms() + WEB_REQUEST_DEADLINE_MS;
    conn->next = web->conns;
    web->conns = conn;
    *own = conn;
}

static void wake(struct web_visit *visit)
{
    if (!visit->is_asleep)
        return;
    visit->is_asleep = false;
    MHD_resume_connection(visit->connection);
}

static void say_to_streams(struct web *web, uint64_t now_ms)
{
    static const char changed[] = "data: changed\n\n", beat[] = ":\n\n";
    for (int i = 0; i < WEB_CONNECTIONS_MAX; i++) {
        struct web_visit *visit = web->visits[i];
        if (visit == NULL || !visit->is_stream)
            continue;
        bool is_due = now_ms >= visit->beat_ms || now_ms >= visit->end_ms;
        if (visit->unsent.len == 0 && web->is_changed)
            buf_add(&visit->unsent, changed, sizeof(changed) - 1);
        else if (visit->unsent.len == 0 && is_due)
            buf_add(&visit->unsent, beat, sizeof(beat) - 1);
        if (visit->unsent.len == 0)
            continue;
        visit->beat_ms = now_ms + WEB_BEAT_MS;
        wake(visit);
    }
    web->is_changed = false;
}

/* The library sees a socket that was shut down as a browser that left. */
static void sweep(struct web *web)
{
    uint64_t now_ms = clock_monotonic_ms();
    if (now_ms >= web->said_ms + SWEEP_MS) {
        web->said_ms = now_ms;
        say_to_streams(web, now_ms);
    }
    for (struct web_conn *conn = web->conns; conn != NULL; conn = conn->next) {
        if (now_ms < conn->deadline_ms)
            continue;
        conn->deadline_ms = UINT64_MAX;
        (void)shutdown(conn->fd, SHUT_RDWR); /* it may be closed already */
    }
}

/* ---- visits ---- */

static void *web_on_target(void *context, const char *target,
                           struct MHD_Connection *connection)
{
    struct web *web = context;
    struct web_visit *visit = calloc(1, sizeof(*visit));
    if (visit == NULL)
        return NULL;
    visit->web = web;
    visit->connection = connection;
    visit->target = strdup(target);
    expect(connection, WEB_REQUEST_DEADLINE_MS);
    return visit;
}

static struct web_visit *find(struct web *web, uint64_t number)
{
    for (int i = 0; i < WEB_CONNECTIONS_MAX; i++)
        if (web->visits[i] != NULL && web->visits[i]->number == number)
            return web->visits[i];
    return NULL;
}

static void drop_body(struct web_visit *visit)
{
    visit->web->bodies -= visit->body.len;
    buf_wipe(&visit->body); /* PINs */
}

static void web_on_done(void *context, struct MHD_Connection *connection, void **own,
                        enum MHD_RequestTerminationCode code)
{
    struct web_visit *visit = *own;
    struct web *web = context;
    if (visit == NULL)
        return;
    for (int i = 0; i < WEB_CONNECTIONS_MAX; i++)
        if (web->visits[i] == visit)
            web->visits[i] = NULL;
    drop_body(visit);
    buf_wipe(&visit->response.body); /* it may be what a seal hid */
    buf_deinit(&visit->unsent);
    free(visit->target);
    free(visit);
    *own = NULL;
    expect(connection, WEB_REQUEST_DEADLINE_MS);
}

/* ---- answers ---- */

static void header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0] != '\0')
        (void)MHD_add_response_header(response, name, value); /* else it goes without */
}

/* A stream sleeps while there is nothing to say. */
static ssize_t web_on_stream(void *own, uint64_t at, char *out, size_t max)
{
    struct web_visit *visit = own;
    size_t len = visit->unsent.len < max ? visit->unsent.len : max;
    if (visit->web->is_closing) /* never: who ends the library asks nobody any more */
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (clock_monotonic_ms() >= visit->end_ms)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (len == 0) {
        visit->is_asleep = true;
        MHD_suspend_connection(visit->connection);
        return 0;
    }
    memcpy(out, visit->unsent.data, len);
    buf_drop(&visit->unsent, len);
    return (ssize_t)len;
}

static struct MHD_Response *stream_of(struct web_visit *visit)
{
    static const char first[] = "retry: 5000\n\n";
    uint64_t now_ms = clock_monotonic_ms();
    visit->is_stream = true;
    visit->end_ms = now_ms + WEB_STREAM_MS;
    visit->beat_ms = now_ms + WEB_BEAT_MS;
    buf_add(&visit->unsent, first, sizeof(first) - 1);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 512, web_on_stream, visit,
                                             NULL);
}

static enum MHD_Result send_response(struct web_visit *visit)
{
    struct page_response *from = &visit->response;
    struct MHD_Response *response =
        from->is_stream ? stream_of(visit)
                        : MHD_create_response_from_buffer(from->body.len, from->body.data,
                                                          MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    header(response, "Content-Type", from->type);
    header(response, "Content-Security-Policy", from->policy);
    header(response, "Cache-Control", from->is_lasting ? "max-age=86400" : "no-store");
    header(response, "X-Content-Type-Options", "nosniff");
    header(response, "X-Frame-Options", "DENY");
    /* Not no-referrer: browsers would send the Origin of our own forms as null. */
    header(response, "Referrer-Policy", "same-origin");
    /* Before we close it at rest, so that nobody asks on a connection that just ends. */
    header(response, "Keep-Alive", "timeout=15");
    header(response, "Location", from->location);
    if (visit->web->is_tls && from->cookie[0] != '\0')
        (void)strncat(from->cookie, "; Secure",
                      sizeof(from->cookie) - strlen(from->cookie) - 1);
    header(response, "Set-Cookie", from->cookie);
    header(response, "Content-Disposition", from->disposition);
    enum MHD_Result result =
        MHD_queue_response(visit->connection, (unsigned)from->code, response);
    MHD_destroy_response(response);
    secret_wipe(from->cookie, sizeof(from->cookie));
    expect(visit->connection, from->is_stream ? UINT64_MAX : WEB_ANSWER_DEADLINE_MS);
    return result;
}

/* Before the body is there: the connection is closed behind it. */
static enum MHD_Result refuse(struct web_visit *visit, int code, const char *text)
{
    visit->is_refused = true;
    visit->response = (struct page_response){.code = code,
                                             .type = "text/plain; charset=utf-8",
                                             .policy = "default-src 'none'"};
    buf_add(&visit->response.body, text, strlen(text));
    return send_response(visit);
}

void web_respond(struct web *web, uint64_t number, struct page_response *response)
{
    struct web_visit *visit = find(web, number);
    if (visit == NULL || visit->is_answered) {
        buf_wipe(&response->body); /* the same as in web_on_done */
        return;
    }
    visit->response = *response;
    visit->is_answered = true;
    *response = (struct page_response){0};
    wake(visit);
}

void web_changed(struct web *web)
{
    web->is_changed = true;
}

/* ---- requests ---- */

static struct bytes value_of(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return bytes_str(value == NULL ? "" : value);
}

static void write_local(struct MHD_Connection *connection, bool is_tls,
                        char text[static ADDRESS_TEXT_SIZE])
{
    struct sockaddr_storage local;
    socklen_t len = sizeof(local);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    text[0] = '\0';
    if (info == NULL ||
        getsockname(info->connect_fd, (struct sockaddr *)&local, &len) != 0)
        return;
    address_format(text, (struct sockaddr *)&local);
    char *port = strrchr(text, ':');
    assert(port != NULL);
    if (strcmp(port, is_tls ? ":443" : ":80") == 0) /* browsers leave it out */
        *port = '\0';
}

static bool give_number(struct web_visit *visit)
{
    struct web *web = visit->web;
    for (int i = 0; i < WEB_CONNECTIONS_MAX; i++) { /* never: see hand_on */
        if (web->visits[i] != NULL)
            continue;
        web->visits[i] = visit;
        visit->number = ++web->next_visit;
        return true;
    }
    return false;
}

/* Without its query. */
static struct bytes path_of(const struct web_visit *visit)
{
    return bytes_of(visit->target, strcspn(visit->target, "?"));
}

static enum MHD_Result hand_on(struct web_visit *visit, const char *method)
{
    char local[ADDRESS_TEXT_SIZE];
    struct MHD_Connection *connection = visit->connection;
    struct bytes path = path_of(visit);
    const char *query = visit->target + path.len;
    if (!give_number(visit)) /* never: a connection has one request at a time */
        return MHD_NO;
    visit->is_handed = true;
    write_local(connection, visit->web->is_tls, local);
    const struct page_request request = {
        .method = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                          strcmp(method, MHD_HTTP_METHOD_HEAD) == 0
                      ? PAGE_GET
                  : strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? PAGE_POST
                                                              : PAGE_OTHER,
        .path = path,
        .query = bytes_str(*query == '?' ? query + 1 : ""),
        .host = value_of(connection, MHD_HTTP_HEADER_HOST),
        .origin = value_of(connection, MHD_HTTP_HEADER_ORIGIN),
        .cookie = value_of(connection, MHD_HTTP_HEADER_COOKIE),
        .languages = value_of(connection, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
        .type = value_of(connection, MHD_HTTP_HEADER_CONTENT_TYPE),
        .body = buf_bytes(&visit->body),
        .authorization = value_of(connection, MHD_HTTP_HEADER_AUTHORIZATION),
        .once = value_of(connection, "Idempotency-Key"),
        .local = bytes_str(local),
        .is_tls = visit->web->is_tls,
    };
    visit->web->on_request(visit->web->context, visit->number, &request);
    drop_body(visit);
    if (visit->is_answered)
        return send_response(visit);
    expect(connection, UINT64_MAX);
    visit->is_asleep = true;
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static enum MHD_Result read_head(struct web_visit *visit)
{
    struct bytes len = value_of(visit->connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    visit->has_head = true;
    visit->body_max = page_body_max(path_of(visit));
    if (len.len > 0 && strtoull((const char *)len.data, NULL, 10) > visit->body_max)
        return refuse(visit, MHD_HTTP_CONTENT_TOO_LARGE, "that is too large\n");
    if (len.len > 0)
        expect(visit->connection, WEB_BODY_DEADLINE_MS);
    return MHD_YES;
}

static enum MHD_Result read_body(struct web_visit *visit, const char *data, size_t *len)
{
    struct web *web = visit->web;
    if (visit->is_refused) { /* never: the library drops what follows an answer */
        *len = 0;
        return MHD_YES;
    }
    if (visit->body.len + *len > visit->body_max || web->bodies + *len > WEB_BODIES_MAX)
        return MHD_NO; /* chunked, else its length had been refused; or too many */
    buf_add(&visit->body, data, *len);
    if (visit->body.failed)
        return MHD_NO;
    web->bodies += *len;
    *len = 0;
    return MHD_YES;
}

static enum MHD_Result web_on_call(void *context, struct MHD_Connection *connection,
                                   const char *url, const char *method,
                                   const char *version, const char *data, size_t *len,
                                   void **own)
{
    struct web_visit *visit = *own;
    if (visit == NULL || visit->target == NULL)
        return MHD_NO;
    if (!visit->has_head)
        return read_head(visit);
    if (*len > 0)
        return read_body(visit, data, len);
    if (visit->is_answered)
        return send_response(visit);
    if (visit->is_refused || visit->is_handed) /* never: it sleeps, or was answered */
        return MHD_YES;
    return hand_on(visit, method);
}

/* ---- the loop ---- */

static void web_on_timer(uv_timer_t *timer);

/* A timer of 0 ms would be due again before the loop has looked at anybody else, and the
 * library says 0 for as long as somebody is in the middle of a TLS handshake. */
static void arm(struct web *web)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;
    uint64_t wait = SWEEP_MS;
    bool has_wait = MHD_get_timeout(web->daemon, &wait_ms) == MHD_YES;
    if (has_wait && wait_ms < wait)
        wait = wait_ms + 1;
    if (!has_wait && web->conns == NULL)
        (void)uv_timer_stop(&web->timer); /* always 0 */
    else
        (void)uv_timer_start(&web->timer, web_on_timer, wait, 0); /* has a callback */
}

void web_resume(struct web *web)
{
    if (web->daemon == NULL)
        return;
    sweep(web);
    (void)MHD_run(web->daemon); /* a failure is one of epoll, and shows again */
    arm(web);
}

static void web_on_timer(uv_timer_t *timer)
{
    web_resume(timer->data);
}

static void web_on_ready(uv_poll_t *ready, int rc, int events)
{
    (void)rc;
    (void)events;
    web_resume(ready->data);
}

void web_init(struct web *web, uv_loop_t *uv, web_on_request *on_request, void *context)
{
    memset(web, 0, sizeof(*web));
    web->uv = uv;
    web->on_request = on_request;
    web->context = context;
}

static enum status open_socket(const char *text, int *out, struct err *err)
{
    struct address address;
    struct sockaddr_storage at;
    int yes = 1;
    if (!address_parse(&address, text) || !address_numeric(&address, &at))
        return err_set(err, STATUS_INVALID,
                       "--web needs an address and a port, such as 127.0.0.1:8080, not "
                       "%.80s",
                       text);
    int fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_set(err, STATUS_IO, "%s: %s", text, strerror(errno));
    socklen_t len = at.ss_family == AF_INET ? sizeof(struct sockaddr_in)
                                            : sizeof(struct sockaddr_in6);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)); /* a comfort */
    if (bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, BACKLOG) != 0) {
        int why = errno;
        (void)close(fd); /* nothing was written to it */
        return err_set(err,
                       why == EADDRINUSE || why == EACCES || why == EADDRNOTAVAIL
                           ? STATUS_BUSY
                           : STATUS_IO,
                       "%s: %s", text, strerror(why));
    }
    *out = fd;
    return STATUS_OK;
}

enum status web_listen(struct web *web, const char *text,
                       const struct web_identity *identity,
                       char where[static ADDRESS_TEXT_SIZE], struct err *err)
{
    struct sockaddr_storage local = {0};
    socklen_t len = sizeof(local);
    int fd = -1;
    enum status status = open_socket(text, &fd, err);
    if (status != STATUS_OK)
        return status;
    (void)getsockname(fd, (struct sockaddr *)&local, &len); /* it was just bound */
    address_format(where, (struct sockaddr *)&local);
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, identity == NULL ? NULL : identity->key},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, identity == NULL ? NULL : identity->chain},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    web->is_tls = identity != NULL;
    web->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (web->is_tls ? MHD_USE_TLS : 0), 0,
        NULL, NULL, web_on_call, web, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS_PER_ADDRESS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)WEB_CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(WEB_BODY_DEADLINE_MS / 1000),
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, web_on_target, web,
        MHD_OPTION_NOTIFY_COMPLETED, web_on_done, web, MHD_OPTION_NOTIFY_CONNECTION,
        web_on_connection, web, MHD_OPTION_ARRAY, web->is_tls ? tls : tls + 3,
        MHD_OPTION_END);
    if (web->daemon == NULL) {
        (void)close(fd); /* the same */
        return err_set(err, STATUS_IO, "%s: no web server can be started", text);
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    int rc = info == NULL ? UV_EBADF : uv_poll_init(web->uv, &web->ready, info->epoll_fd);
    if (rc != 0) {
        MHD_stop_daemon(web->daemon);
        web->daemon = NULL;
        return err_set(err, STATUS_IO, "%s: %s", text, uv_strerror(rc));
    }
    (void)uv_timer_init(web->uv, &web->timer); /* cannot fail */
    web->ready.data = web->timer.data = web;
    web->has_handles = true;
    (void)uv_poll_start(&web->ready, UV_READABLE,
                        web_on_ready); /* a descriptor of ours */
    return STATUS_OK;
}

void web_close(struct web *web)
{
    if (web->is_closing || !web->has_handles)
        return;
    web->is_closing = true;
    uv_close((uv_handle_t *)&web->ready, NULL);
    uv_close((uv_handle_t *)&web->timer, NULL);
    for (int i = 0; i < WEB_CONNECTIONS_MAX; i++)
        if (web->visits[i] != NULL)
            wake(web->visits[i]);
    MHD_stop_daemon(web->daemon);
    web->daemon = NULL;
}
