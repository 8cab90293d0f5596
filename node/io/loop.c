/*
 * Happy path: callbacks add events to the queue, whose idle handle keeps libuv from
 * sleeping; the check handle runs after them: core_begin, core_step for each,
 * core_commit, perform the actions, read on, arm the timer for core_deadline. Whatever
 * an action completes is an event of the next turn.
 *
 * Failure modes: core_begin or core_commit fails (only TRACE and STOP are performed, exit
 * 74; nobody was told anything); an event is lost for want of memory (exit 71, likewise);
 * SIGTERM or SIGINT between two turns (one more turn says goodbye to the peers, who have
 * LOOP_FAREWELL_MS to take it; exit 0; a second signal does not wait). A name that is
 * being looked up when the end comes is waited for.
 */
#include "node/io/loop.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "node/io/clock.h"
#include "node/io/log.h"
#include "node/io/owned_node.h"

#define LOOP_FAREWELL_MS 1000

static void loop_stop(struct loop *loop, int exit_code)
{
    if (loop->is_stopping)
        return;
    loop->is_stopping = true;
    loop->exit_code = exit_code;
    uv_stop(&loop->uv);
}

/* ---- performing ---- */

/* Where it fails the store has them still, and the next start tries again. */
static void loop_keep_keys(struct loop *loop)
{
    struct err err = {0};
    enum status status = owned_node_keep_keys(loop->core, loop->dir_fd, &err);
    if (status == STATUS_OK)
        log_info("node key renewed");
    else
        log_error(
            "%s; the new key is safe in the store, and is written at the next start",
            err_text(&err, status));
}

static void loop_perform(struct loop *loop, struct action *action)
{
    switch (action->type) {
    case ACTION_DIAL:
        tcp_dial(&loop->tcp, action->conn, action->text);
        break;
    case ACTION_SEND:
        tcp_take(&loop->tcp, action->conn, &action->bytes);
        break;
    case ACTION_CLOSE:
        tcp_end(&loop->tcp, action->conn);
        break;
    case ACTION_REPLY:
        if (action->client >= PAGE_CLIENT_FIRST)
            page_answer(loop->page, action->client, buf_bytes(&action->bytes),
                        clock_monotonic_ms());
        else
            control_take(&loop->control, action->client, &action->bytes);
        break;
    case ACTION_JOB:
        if (job_needs_child(action->job))
            key_children_take(&loop->children, action->job);
        else
            pool_take(&loop->pool, action->job);
        action->job = NULL;
        break;
    case ACTION_BEACON:
        beacon_udp_send(&loop->beacon, buf_bytes(&action->bytes));
        break;
    case ACTION_BACKUP:
        backing_up_start(&loop->backing_up);
        break;
    case ACTION_KEYS:
        loop_keep_keys(loop);
        break;
    case ACTION_TRACE:
        log_info("%s", action->text);
        break;
    case ACTION_STOP:
        loop_stop(loop, EX_IOERR);
        break;
    }
}

static void loop_perform_all(struct loop *loop, bool is_committed)
{
    struct action action = {0};
    while (core_next_action(loop->core, &action)) {
        assert(is_committed || action.type == ACTION_TRACE || action.type == ACTION_STOP);
        loop_perform(loop, &action);
        action_deinit(&action);
        action = (struct action){0};
    }
}

/* ---- what the page asks for ---- */

static void loop_on_web_request(void *context, uint64_t visit,
                                const struct page_request *request)
{
    struct loop *loop = context;
    page_visit(loop->page, visit, request, clock_monotonic_ms());
}

static void page_on_client_open(void *context, uint64_t client)
{
    struct loop *loop = context;
    event_queue_add_far(&loop->queue, client);
}

static void page_on_client_request(void *context, uint64_t client, struct bytes request)
{
    struct loop *loop = context;
    event_queue_add_bytes(&loop->queue, EVENT_CLIENT_REQUEST, 0, client, request);
}

static void page_on_client_close(void *context, uint64_t client)
{
    struct loop *loop = context;
    event_queue_add(&loop->queue, EVENT_CLIENT_CLOSED, 0, client);
}

static void page_on_respond(void *context, uint64_t visit, struct page_response *response)
{
    struct loop *loop = context;
    web_respond(&loop->web, visit, response);
}

static struct page *loop_new_page(struct loop *loop, const char *names)
{
    const struct page_config config = {
        .io = {loop, page_on_client_open, page_on_client_request, page_on_client_close,
               page_on_respond},
        .rng = rng_system(),
        .names = names,
    };
    return page_new(&config);
}

static enum status loop_open_identity(struct loop *loop, const char *text,
                                      const char *names, struct err *err)
{
    struct address address;
    enum wall_quality quality;
    uint64_t wall = clock_wall(&quality);
    bool is_address = address_parse(&address, text); /* else web_listen says so */
    enum status status =
        web_identity_open(&loop->identity, loop->dir_fd, is_address ? address.host : NULL,
                          names, wall, err);
    if (status == STATUS_OK)
        log_info("page certificate=%s sha256=%s", WEB_CA_NAME,
                 loop->identity.fingerprint);
    return status;
}

enum status loop_open_page(struct loop *loop, const char *text, const char *names,
                           bool has_tls, char where[static ADDRESS_TEXT_SIZE],
                           struct err *err)
{
    loop->page = loop_new_page(loop, names);
    if (loop->page == NULL)
        return STATUS_NO_MEMORY;
    if (has_tls) {
        enum status status = loop_open_identity(loop, text, names, err);
        if (status != STATUS_OK)
            return status;
    }
    return web_listen(&loop->web, text, has_tls ? &loop->identity : NULL, where, err);
}

/* ---- who else is on this network ---- */

static void loop_on_beacon(void *context, const char *host, struct bytes datagram)
{
    struct loop *loop = context;
    event_queue_add_beacon(&loop->queue, host, datagram);
}

enum status loop_open_beacon(struct loop *loop, const char *listening, struct err *err)
{
    struct address address = {.port = "0"};
    if (listening != NULL)
        (void)address_parse(&address, listening); /* else beacon_udp_open says so */
    enum status status = beacon_udp_open(&loop->beacon, listening, err);
    if (status == STATUS_OK)
        core_find_others(loop->core, (uint16_t)strtoul(address.port, NULL, 10));
    return status;
}

/* ---- the turn ---- */

static void loop_on_deadline(uv_timer_t *deadline)
{
    struct loop *loop = deadline->data;
    event_queue_add(&loop->queue, EVENT_TICK, 0, 0);
}

static void loop_arm(struct loop *loop, uint64_t now_ms)
{
    uint64_t deadline_ms = core_deadline(loop->core);
    if (loop->page != NULL && page_deadline(loop->page) < deadline_ms)
        deadline_ms = page_deadline(loop->page);
    if (deadline_ms == UINT64_MAX) {
        (void)uv_timer_stop(&loop->deadline); /* always 0 */
        return;
    }
    uint64_t wait_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
    uv_update_time(&loop->uv);
    /* Has a callback and is not closing: always 0. */
    (void)uv_timer_start(&loop->deadline, loop_on_deadline, wait_ms, 0);
}

static enum status loop_step_all(struct loop *loop, struct event *events, size_t len,
                                 uint64_t now_ms)
{
    enum wall_quality quality;
    uint64_t wall = clock_wall(&quality);
    enum status status = core_begin(loop->core);
    for (size_t i = 0; i < len; i++) {
        events[i].now_ms = now_ms;
        events[i].wall = wall;
        events[i].quality = quality;
        if (status == STATUS_OK)
            core_step(loop->core, &events[i]); /* has the job from here on */
        else
            job_free(events[i].job);
        event_queue_wipe(&events[i]);
    }
    return status == STATUS_OK ? core_commit(loop->core) : status;
}

static void loop_on_turn(uv_check_t *turn)
{
    struct loop *loop = turn->data;
    if (loop->queue.failed && !loop->is_stopping) {
        log_error("no memory is left");
        loop_stop(loop, EX_OSERR);
    }
    if (loop->is_stopping || loop->queue.len == 0)
        return;

    size_t len;
    struct event *events = event_queue_take(&loop->queue, &len);
    uint64_t now_ms = clock_monotonic_ms();
    enum status status = loop_step_all(loop, events, len, now_ms);
    free(events);
    loop_perform_all(loop, status == STATUS_OK);
    if (loop->page != NULL)
        page_tick(loop->page, now_ms);
    if (core_changes(loop->core) != loop->changes_seen) {
        loop->changes_seen = core_changes(loop->core);
        web_changed(&loop->web);
    }
    web_resume(&loop->web);
    if (status != STATUS_OK) {
        log_error("the store failed status=%s", status_name(status));
        loop_stop(loop, EX_IOERR);
        return;
    }
    if (loop->is_ending && tcp_is_empty(&loop->tcp)) {
        loop_stop(loop, EX_OK);
        return;
    }
    tcp_resume(&loop->tcp);
    loop_arm(loop, now_ms);
}

static void loop_on_farewell(uv_timer_t *farewell)
{
    loop_stop(farewell->data, EX_OK);
}

static void loop_on_signal(uv_signal_t *signal, int number)
{
    struct loop *loop = signal->data;
    if (loop->is_ending) {
        loop_stop(loop, EX_OK);
        return;
    }
    log_info("stopping signal=%d", number);
    loop->is_ending = true;
    tcp_stop_listening(&loop->tcp);
    event_queue_add(&loop->queue, EVENT_END, 0, 0);
    /* Has a callback and is not closing: always 0. */
    (void)uv_timer_start(&loop->farewell, loop_on_farewell, LOOP_FAREWELL_MS, 0);
}

/* ---- opening and closing ---- */

static int loop_watch(struct loop *loop, uv_signal_t *signal, int number)
{
    int rc = uv_signal_init(&loop->uv, signal);
    if (rc != 0)
        return rc;
    signal->data = loop; /* from here on it must be closed */
    return uv_signal_start(signal, loop_on_signal, number);
}

enum status loop_open(struct loop *loop, struct core *core, int dir_fd, struct err *err)
{
    memset(loop, 0, sizeof(*loop));
    loop->core = core;
    loop->dir_fd = dir_fd;
    int rc = uv_loop_init(&loop->uv);
    if (rc != 0)
        return err_set(err, STATUS_IO, "no event loop: %s", uv_strerror(rc));
    (void)uv_check_init(&loop->uv, &loop->turn);     /* these three */
    (void)uv_timer_init(&loop->uv, &loop->deadline); /* cannot fail */
    (void)uv_timer_init(&loop->uv, &loop->farewell);
    loop->turn.data = loop->deadline.data = loop->farewell.data = loop;
    event_queue_init(&loop->queue, &loop->uv);
    tcp_init(&loop->tcp, &loop->uv, &loop->queue);
    beacon_udp_init(&loop->beacon, &loop->uv, loop_on_beacon, loop);
    control_init(&loop->control, &loop->uv, &loop->queue, dir_fd);
    web_init(&loop->web, &loop->uv, loop_on_web_request, loop);
    pool_init(&loop->pool, &loop->uv, &loop->queue);
    key_children_init(&loop->children, &loop->uv, &loop->queue);
    backing_up_init(&loop->backing_up, &loop->uv, &loop->queue);

    rc = loop_watch(loop, &loop->terminate, SIGTERM);
    if (rc == 0)
        rc = loop_watch(loop, &loop->interrupt, SIGINT);
    if (rc == 0)
        rc = uv_check_start(&loop->turn, loop_on_turn);
    if (rc == 0)
        return STATUS_OK;
    loop_close(loop);
    return err_set(err, STATUS_IO, "no event loop: %s", uv_strerror(rc));
}

int loop_run(struct loop *loop)
{
    /* The first turn lets the core look at the clock and say what it waits for. */
    event_queue_add(&loop->queue, EVENT_TICK, 0, 0);
    while (!loop->is_stopping)
        (void)uv_run(&loop->uv, UV_RUN_DEFAULT); /* ends by uv_stop alone */
    return loop->exit_code;
}

void loop_close(struct loop *loop)
{
    loop->is_stopping = true;
    tcp_close(&loop->tcp);
    beacon_udp_close(&loop->beacon);
    control_close(&loop->control);
    web_close(&loop->web);
    web_identity_close(&loop->identity);
    page_free(loop->page);
    loop->page = NULL;
    pool_cancel(&loop->pool);
    key_children_close(&loop->children);
    backing_up_close(&loop->backing_up);
    uv_close((uv_handle_t *)&loop->turn, NULL);
    uv_close((uv_handle_t *)&loop->deadline, NULL);
    uv_close((uv_handle_t *)&loop->farewell, NULL);
    event_queue_close(&loop->queue);
    if (loop->terminate.data != NULL)
        uv_close((uv_handle_t *)&loop->terminate, NULL);
    if (loop->interrupt.data != NULL)
        uv_close((uv_handle_t *)&loop->interrupt, NULL);
    /* A child that was killed still has its exit and its output to close. */
    int rc = uv_run(&loop->uv, UV_RUN_DEFAULT);
    assert(rc == 0);
    rc = uv_loop_close(&loop->uv);
    assert(rc == 0);
    (void)rc;
    event_queue_deinit(&loop->queue);
}
