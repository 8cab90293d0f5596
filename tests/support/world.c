#include "tests/support/world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "node/core/admit.h"
#include "node/core/derived.h"
#include "node/core/session.h"
#include "tests/support/pin_memo.h"
#include "tests/support/world_inside.h"

/* Whose turn it is: session_send does not say who calls. */
static struct world_node *turning;

struct world *world_new(const char *directory, uint64_t seed)
{
    struct world *world = calloc(1, sizeof(*world));
    assert(world != NULL);
    (void)snprintf(world->directory, sizeof(world->directory), "%s", directory);
    world->seed = seed;
    world->now_ms = 1000;
    world->wall = 1790000000;
    world->quality = WALL_NTP;
    return world;
}

void world_push(struct world_node *node, enum event_type type, uint64_t conn,
                struct bytes bytes, struct job *job)
{
    assert(node->queue_len < QUEUE_MAX);
    struct world_event *slot = &node->queue[node->queue_len++];
    *slot = (struct world_event){
        .event = {.type = type, .conn = conn, .client = CLIENT, .job = job}};
    buf_add(&slot->bytes, bytes.data, bytes.len);
}

static struct link *find_link(struct world *world, struct world_node *node, uint64_t conn)
{
    for (int i = 0; i < CONNS_MAX; i++) {
        struct link *link = &world->links[i];
        if (link->is_open && ((link->a == node && link->conn_a == conn) ||
                              (link->b == node && link->conn_b == conn)))
            return link;
    }
    return NULL;
}

static void notice(struct world_node *node, const char *line)
{
    buf_add(&node->noticed, line, strlen(line));
}

void world_cut(struct link *link)
{
    link->is_open = false;
    if (link->a != NULL) {
        notice(link->a, "closed\n");
        world_push(link->a, EVENT_CONN_CLOSED, link->conn_a, (struct bytes){0}, NULL);
    }
    world_push(link->b, EVENT_CONN_CLOSED, link->conn_b, (struct bytes){0}, NULL);
}

static void dial(struct world *world, struct world_node *node,
                 const struct action *action)
{
    struct world_node *to = NULL;
    for (int i = 0; i < world->nodes_len; i++)
        if (strcmp(world->nodes[i]->address, action->text) == 0)
            to = world->nodes[i];
    for (int i = 0; to != NULL && !to->offline && !node->offline && i < CONNS_MAX; i++) {
        struct link *link = &world->links[i];
        if (link->is_open)
            continue;
        to->next_accept += 2;
        *link = (struct link){node, to, action->conn, to->next_accept, true, 0};
        notice(node, "up\n");
        world_push(to, EVENT_CONN_ACCEPTED, link->conn_b, (struct bytes){0}, NULL);
        world_push(node, EVENT_CONN_CONNECTED, link->conn_a, (struct bytes){0}, NULL);
        return;
    }
    world_push(node, EVENT_CONN_CLOSED, action->conn, (struct bytes){0}, NULL);
}

void world_cut_after(struct world *world, uint64_t bytes)
{
    world->cut_at = world->carried + bytes;
    world->was_cut = false;
}

bool world_was_cut(const struct world *world)
{
    return world->was_cut;
}

uint64_t world_carried(const struct world *world)
{
    return world->carried;
}

/* From one end of a link to the other, whole or up to where it breaks. */
void world_carry(struct world *world, struct link *link, struct world_node *node,
                 struct bytes bytes)
{
    uint64_t left = world->cut_at - world->carried;
    bool is_cut = world->cut_at > 0 && !world->was_cut && left < bytes.len;
    if (is_cut)
        bytes.len = (size_t)left;
    world->carried += bytes.len;
    struct world_node *to = link->a == node ? link->b : link->a;
    buf_add(&to->heard, bytes.data, bytes.len);
    if (bytes.len > 0)
        world_push(to, EVENT_CONN_BYTES, link->a == node ? link->conn_b : link->conn_a,
                   bytes, NULL);
    if (!is_cut)
        return;
    world->was_cut = true;
    world_cut(link);
}

static void hold_or_run(struct world_node *node, struct job *job)
{
    if (node->holds) {
        assert(node->held_len < HELD_MAX);
        node->held[node->held_len++] = job;
        return;
    }
    pin_memo_run(job);
    world_push(node, EVENT_JOB_DONE, 0, (struct bytes){0}, job);
}

void world_hold_jobs(struct world_node *node)
{
    node->holds = true;
}

void world_return_jobs(struct world_node *node, enum wrap_result result)
{
    node->holds = false;
    for (uint32_t i = 0; i < node->held_len; i++) {
        struct job *job = node->held[i];
        if (result == WRAP_OK || job->type == JOB_VERIFY) {
            pin_memo_run(job);
        } else {
            job->result = result;
            job->opened = AGE_NO_MEMORY;
        }
        world_push(node, EVENT_JOB_DONE, 0, (struct bytes){0}, job);
    }
    node->held_len = 0;
}

void world_return_job(struct world_node *node)
{
    assert(node->held_len > 0);
    struct job *job = node->held[0];
    node->held_len--;
    memmove(&node->held[0], &node->held[1], node->held_len * sizeof(node->held[0]));
    pin_memo_run(job);
    world_push(node, EVENT_JOB_DONE, 0, (struct bytes){0}, job);
}

void world_event(struct world_node *node, enum event_type type, uint64_t number,
                 struct bytes bytes)
{
    world_push(node, type, number, bytes, NULL);
    node->queue[node->queue_len - 1].event.client = number;
}

void world_open_far(struct world_node *node, uint64_t client)
{
    world_event(node, EVENT_CLIENT_OPENED, client, (struct bytes){0});
    node->queue[node->queue_len - 1].event.is_far = true;
}

bool world_answered(struct world_node *node, uint64_t client, struct buf *out)
{
    if (node->answered != client)
        return false;
    node->answered = 0;
    buf_clear(out);
    buf_add(out, node->answer.data, node->answer.len);
    return true;
}

static void perform(struct world *world, struct world_node *node, struct action *action)
{
    struct link *link = find_link(world, node, action->conn);
    switch (action->type) {
    case ACTION_DIAL:
        dial(world, node, action);
        break;
    case ACTION_SEND:
        buf_add(&node->sent, action->bytes.data, action->bytes.len);
        if (link != NULL)
            link->answered += action->bytes.len;
        if (link != NULL && link->b == node && link->a != NULL) {
            char line[32];
            (void)snprintf(line, sizeof(line), "got %zu\n", action->bytes.len);
            notice(link->a, line);
        }
        if (link != NULL && (link->a != NULL || link->b != node))
            world_carry(world, link, node, buf_bytes(&action->bytes));
        break;
    case ACTION_CLOSE:
        if (link != NULL)
            world_cut(link);
        else
            world_push(node, EVENT_CONN_CLOSED, action->conn, (struct bytes){0}, NULL);
        break;
    case ACTION_REPLY:
        if (action->client != CLIENT) {
            buf_clear(&node->answer);
            buf_add(&node->answer, action->bytes.data, action->bytes.len);
            node->answered = action->client;
            break;
        }
        buf_clear(&node->reply);
        buf_add(&node->reply, action->bytes.data, action->bytes.len);
        node->has_reply = true;
        break;
    case ACTION_JOB:
        hold_or_run(node, action->job);
        action->job = NULL;
        break;
    case ACTION_BEACON:
        world_spread(node, buf_bytes(&action->bytes));
        break;
    case ACTION_BACKUP:
        node->backups++;
        break;
    case ACTION_KEYS:
        if (!node->keeps_no_keys)
            core_machine_keys(node->core, node->config.node_seed,
                              node->config.noise_secret);
        break;
    case ACTION_TRACE:
        buf_add(&node->log, action->text, strlen(action->text));
        buf_add_u8(&node->log, '\n');
        if (getenv("WORLD_TRACE") != NULL)
            (void)fprintf(stderr, "%s %llu %s\n", node->address,
                          (unsigned long long)world->now_ms, action->text);
        break;
    case ACTION_STOP:
        node->has_stopped = true;
        if (node->may_stop)
            break;
        (void)fprintf(stderr, "%s stopped\n", node->address);
        abort();
    }
    action_deinit(action);
}

/* The linker gives the session's messages to us first (--wrap). */
void __wrap_session_send(struct session *session, const struct buf *message);
void __real_session_send(struct session *session, const struct buf *message);

void __wrap_session_send(struct session *session, const struct buf *message)
{
    struct buf other = {0};
    if (turning != NULL && turning->mutate != NULL)
        turning->mutate(turning->mutate_context, buf_bytes(message), &other);
    __real_session_send(session, other.len > 0 ? &other : message);
    for (uint32_t i = 1; other.len > 0 && i < turning->repeats; i++)
        __real_session_send(session, &other);
    buf_deinit(&other);
}

void world_set_repeats(struct world_node *node, uint32_t times)
{
    node->repeats = times;
}

void world_set_mutator(struct world_node *node, world_mutator *mutate, void *context)
{
    node->mutate = mutate;
    node->mutate_context = context;
}

static void perform_all(struct world *world, struct world_node *node)
{
    struct action action;
    while (core_next_action(node->core, &action))
        perform(world, node, &action);
}

/* One turn of one node: all that is queued. */
static void turn(struct world *world, struct world_node *node)
{
    struct world_event *events = node->queue;
    uint32_t len = node->queue_len;
    struct world_event *taken = malloc((len + 1) * sizeof(*taken));
    assert(taken != NULL);
    memcpy(taken, events, len * sizeof(*taken));
    node->queue_len = 0;
    turning = node;
    enum status status = core_begin(node->core);
    assert(status == STATUS_OK || node->may_stop);
    node->has_stopped = status != STATUS_OK;
    for (uint32_t i = 0; i < len && node->has_stopped; i++) {
        job_free(taken[i].event.job);
        buf_deinit(&taken[i].bytes);
    }
    for (uint32_t i = 0; i < len && !node->has_stopped; i++) {
        struct event event = taken[i].event;
        event.now_ms = world->now_ms;
        event.wall = world->wall;
        event.quality = world->quality;
        event.bytes = buf_bytes(&taken[i].bytes);
        core_step(node->core, &event);
        buf_deinit(&taken[i].bytes);
    }
    free(taken);
    if (!node->has_stopped)
        status = core_commit(node->core); /* a failure shows as ACTION_STOP */
    turning = NULL;
    perform_all(world, node);
    /* Who was told something was told the truth. */
    assert((status != STATUS_OK) == node->has_stopped);
}

bool world_step(struct world *world)
{
    bool any = false;
    for (int i = 0; i < world->nodes_len; i++) {
        if (world->nodes[i]->queue_len == 0 || world->nodes[i]->core == NULL ||
            world->nodes[i]->has_stopped)
            continue;
        any = true;
        turn(world, world->nodes[i]);
    }
    return any;
}

void world_set_wall(struct world *world, uint64_t wall, enum wall_quality quality)
{
    world->wall = wall;
    world->quality = quality;
}

void world_tick(struct world *world, uint64_t ms)
{
    uint64_t now = world->now_ms + ms;
    world->wall += now / 1000 - world->now_ms / 1000;
    world->now_ms = now;
    for (int i = 0; i < world->nodes_len; i++)
        if (world->nodes[i]->core != NULL && !world->nodes[i]->has_stopped)
            world_push(world->nodes[i], EVENT_TICK, 0, (struct bytes){0}, NULL);
}

void world_set_clock(struct world *world, uint64_t wall, enum wall_quality quality)
{
    world->wall = wall;
    world->quality = quality;
}

void world_run(struct world *world, uint64_t ms)
{
    uint64_t end = world->now_ms + ms;
    for (int guard = 0; guard < 100000; guard++) {
        if (world_step(world))
            continue;
        uint64_t next = UINT64_MAX;
        for (int i = 0; i < world->nodes_len; i++) {
            if (world->nodes[i]->core == NULL || world->nodes[i]->has_stopped)
                continue;
            uint64_t deadline = core_deadline(world->nodes[i]->core);
            if (deadline < next)
                next = deadline;
        }
        if (next > end) {
            world->now_ms = end;
            return;
        }
        world_tick(world, next > world->now_ms ? next - world->now_ms : 1);
    }
    (void)fprintf(stderr, "the world does not come to rest\n");
    abort();
}

static enum status start(struct world_node *node, bool create)
{
    struct err err = {0};
    enum status status =
        store_open(&node->config.store, node->file, node->vfs, create, &err);
    if (status != STATUS_OK) {
        node->config.store = NULL;
        if (!node->may_stop)
            (void)fprintf(stderr, "%s\n", err.text);
    }
    assert(status == STATUS_OK || node->may_stop);
    return status;
}

void world_back_up(struct world_node *node, uint64_t every_s)
{
    node->every_s = every_s;
    core_back_up(node->core, every_s);
}

uint32_t world_backups(const struct world_node *node)
{
    return node->backups;
}

void world_keep_no_keys(struct world_node *node, bool keeps_none)
{
    node->keeps_no_keys = keeps_none;
}

void world_use_vfs(struct world *world, const char *vfs)
{
    world->vfs = vfs;
}

struct world_node *world_make_node(struct world *world, const char *address)
{
    assert(world->nodes_len < WORLD_NODES_MAX);
    struct world_node *node = calloc(1, sizeof(*node));
    assert(node != NULL);
    int number = world->made++;
    world->nodes[world->nodes_len++] = node;
    node->world = world;
    (void)snprintf(node->file, sizeof(node->file), "%s/node-%d.db", world->directory,
                   number);
    (void)snprintf(node->address, sizeof(node->address), "%s", address);
    (void)remove(node->file);
    node->dice = rng_keyed_new(world->seed, (uint64_t)number);
    node->config.rng = rng_keyed_rng(node->dice);
    node->config.listens = true;
    rng_fill(&node->config.rng, "node-seed", NULL, node->config.node_seed, 32);
    rng_fill(&node->config.rng, "noise-secret", NULL, node->config.noise_secret, 32);
    node->vfs = world->vfs;
    network_id(&node->network, "fengqiao");
    (void)start(node, true);
    return node;
}

struct world_node *world_found(struct world *world, const char *tier, const char *name,
                               const char *address)
{
    struct world_node *node = world_make_node(world, address);
    uint8_t recovery[32], wrapped[WRAP_SIZE], random[40];
    uint8_t *seed = node->steward_seed;
    rng_fill(&node->config.rng, "steward", NULL, seed, 32);
    rng_fill(&node->config.rng, "recovery", NULL, node->recovery_seed, 32);
    rng_fill(&node->config.rng, "wrap", NULL, random, 40);
    key_sign_public(recovery, node->recovery_seed);
    struct job *wrap = job_new(JOB_WRAP);
    assert(wrap != NULL);
    memcpy(wrap->seed, seed, 32);
    memcpy(wrap->random, random, 40);
    memcpy(wrap->pin, "246810", 6);
    wrap->pin_len = 6;
    pin_memo_run(wrap);
    assert(wrap->result == WRAP_OK);
    memcpy(wrapped, wrap->wrapped, WRAP_SIZE);
    job_free(wrap);
    struct core_founding founding = {
        .tier = tier,
        .name = name,
        .steward = "陈某",
        .steward_seed = seed,
        .steward_wrapped = wrapped,
        .recovery_key = recovery,
        .wall = world->wall,
        .quality = world->quality,
    };
    struct err err = {0};
    enum status status = core_found(&node->config, &founding, &node->site, &err);
    if (status != STATUS_OK)
        (void)fprintf(stderr, "found: %s\n", err_text(&err, status));
    assert(status == STATUS_OK);
    status = core_open(&node->core, &node->config, &err);
    assert(status == STATUS_OK);
    world_push(node, EVENT_CLIENT_OPENED, 0, (struct bytes){0}, NULL);
    status = world_unlock(world, node, "", "246810");
    assert(status == STATUS_OK);
    return node;
}

static void drop_held(struct world_node *node)
{
    for (uint32_t i = 0; i < node->held_len; i++)
        job_free(node->held[i]);
    node->held_len = 0;
    node->holds = false;
}

void world_power_off(struct world *world, struct world_node *node)
{
    for (int i = 0; i < CONNS_MAX; i++)
        if (world->links[i].is_open &&
            (world->links[i].a == node || world->links[i].b == node))
            world_cut(&world->links[i]);
    for (uint32_t i = 0; i < node->queue_len; i++) {
        job_free(node->queue[i].event.job);
        buf_deinit(&node->queue[i].bytes);
    }
    node->queue_len = 0;
    drop_held(node);
    core_close(node->core);
    store_close(node->config.store);
    node->core = NULL;
    node->config.store = NULL;
}

enum status world_power_on(struct world *world, struct world_node *node)
{
    (void)world;
    node->has_stopped = false;
    enum status status = start(node, false);
    if (status == STATUS_OK)
        status = core_open(&node->core, &node->config, NULL);
    if (status == STATUS_OK && node->every_s > 0)
        core_back_up(node->core, node->every_s);
    if (status == STATUS_OK && node->finds)
        core_find_others(node->core, node->beacon_port);
    if (status == STATUS_OK)
        world_push(node, EVENT_CLIENT_OPENED, 0, (struct bytes){0}, NULL);
    return status;
}

void world_restart(struct world *world, struct world_node *node)
{
    world_power_off(world, node);
    enum status status = world_power_on(world, node);
    assert(status == STATUS_OK);
    status = world_unlock(world, node, "", "246810");
    assert(status == STATUS_OK);
    (void)status;
}

void world_let_stop(struct world_node *node)
{
    node->may_stop = true;
}

bool world_has_stopped(const struct world_node *node)
{
    return node->has_stopped;
}

void world_set_offline(struct world *world, struct world_node *node, bool offline)
{
    node->offline = offline;
    for (int i = 0; offline && i < CONNS_MAX; i++)
        if (world->links[i].is_open &&
            (world->links[i].a == node || world->links[i].b == node))
            world_cut(&world->links[i]);
}

static void free_node(struct world_node *node)
{
    for (uint32_t j = 0; j < node->queue_len; j++) {
        job_free(node->queue[j].event.job);
        buf_deinit(&node->queue[j].bytes);
    }
    drop_held(node);
    core_close(node->core);
    store_close(node->config.store);
    rng_keyed_free(node->dice);
    buf_deinit(&node->reply);
    buf_deinit(&node->answer);
    buf_deinit(&node->sent);
    buf_deinit(&node->heard);
    buf_deinit(&node->noticed);
    buf_deinit(&node->log);
    buf_deinit(&node->beacons);
    free(node);
}

void world_free(struct world *world)
{
    for (int i = 0; i < world->nodes_len; i++)
        free_node(world->nodes[i]);
    free(world);
}

void world_scrap(struct world *world, struct world_node *node)
{
    assert(world->nodes_len > 0 && world->nodes[world->nodes_len - 1] == node);
    if (node->core != NULL)
        world_power_off(world, node);
    world->nodes_len--;
    store_close(node->config.store);
    node->config.store = NULL;
    world_delete_files(node);
    free_node(node);
}

static void count_scope(void *context, uint64_t done)
{
    uint64_t *seen = context;
    assert(done == ++*seen);
}

enum status world_rebuild(struct world_node *node)
{
    uint64_t seen = 0;
    return derived_rebuild(node->core, count_scope, &seen);
}

enum status world_admit(struct world *world, struct world_node *node, struct bytes bytes)
{
    struct op *op = calloc(1, sizeof(*op));
    assert(op != NULL);
    enum status status = op_decode_bytes(op, bytes, NULL);
    if (status == STATUS_OK)
        status = op_rebuild(op);
    if (status == STATUS_OK)
        status = core_begin(node->core);
    if (status == STATUS_OK) {
        status = admit_op(node->core, op, bytes, NULL, NULL);
        enum status committed = core_commit(node->core);
        assert(committed == STATUS_OK);
        (void)committed;
        perform_all(world, node);
    }
    free(op);
    return status;
}
