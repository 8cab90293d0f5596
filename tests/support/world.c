#include "tests/support/world.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"

#define CONNS_MAX 64
#define CLIENT 7
#define QUEUE_MAX 4096

struct world_event {
    struct event event;
    struct buf bytes;
};

struct world_node {
    struct world *world;
    char file[512], address[64];
    struct core_config config;
    struct rng_keyed *dice;
    struct core *core;
    struct id site;
    bool offline;
    uint64_t next_accept;
    struct world_event queue[QUEUE_MAX];
    uint32_t queue_len;
    struct buf reply;
    bool has_reply;
    struct buf sent;
};

/* The two ends of a connection. */
struct link {
    struct world_node *a, *b;
    uint64_t conn_a, conn_b;
    bool is_open;
};

struct world {
    char directory[256];
    uint64_t seed, now_ms, wall;
    struct world_node *nodes[WORLD_NODES_MAX];
    int nodes_len;
    struct link links[CONNS_MAX];
};

struct world *world_new(const char *directory, uint64_t seed)
{
    struct world *world = calloc(1, sizeof(*world));
    assert(world != NULL);
    (void)snprintf(world->directory, sizeof(world->directory), "%s", directory);
    world->seed = seed;
    world->now_ms = 1000;
    world->wall = 1790000000;
    return world;
}

static void push(struct world_node *node, enum event_type type, uint64_t conn,
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

static void cut(struct link *link)
{
    link->is_open = false;
    push(link->a, EVENT_CONN_CLOSED, link->conn_a, (struct bytes){0}, NULL);
    push(link->b, EVENT_CONN_CLOSED, link->conn_b, (struct bytes){0}, NULL);
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
        *link = (struct link){node, to, action->conn, to->next_accept, true};
        push(to, EVENT_CONN_ACCEPTED, link->conn_b, (struct bytes){0}, NULL);
        push(node, EVENT_CONN_CONNECTED, link->conn_a, (struct bytes){0}, NULL);
        return;
    }
    push(node, EVENT_CONN_CLOSED, action->conn, (struct bytes){0}, NULL);
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
            push(link->a == node ? link->b : link->a, EVENT_CONN_BYTES,
                 link->a == node ? link->conn_b : link->conn_a, buf_bytes(&action->bytes),
                 NULL);
        break;
    case ACTION_CLOSE:
        if (link != NULL)
            cut(link);
        else
            push(node, EVENT_CONN_CLOSED, action->conn, (struct bytes){0}, NULL);
        break;
    case ACTION_REPLY:
        buf_clear(&node->reply);
        buf_add(&node->reply, action->bytes.data, action->bytes.len);
        node->has_reply = true;
        break;
    case ACTION_JOB:
        job_run(action->job);
        push(node, EVENT_JOB_DONE, 0, (struct bytes){0}, action->job);
        action->job = NULL;
        break;
    case ACTION_TRACE:
        if (getenv("WORLD_TRACE") != NULL)
            (void)fprintf(stderr, "%s %llu %s\n", node->address,
                          (unsigned long long)world->now_ms, action->text);
        break;
    case ACTION_STOP:
        (void)fprintf(stderr, "%s stopped\n", node->address);
        abort();
    }
    action_deinit(action);
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
    enum status status = core_begin(node->core);
    assert(status == STATUS_OK);
    for (uint32_t i = 0; i < len; i++) {
        struct event event = taken[i].event;
        event.now_ms = world->now_ms;
        event.wall = world->wall;
        event.quality = WALL_NTP;
        event.bytes = buf_bytes(&taken[i].bytes);
        core_step(node->core, &event);
        buf_deinit(&taken[i].bytes);
    }
    free(taken);
    status = core_commit(node->core);
    (void)status; /* a failure shows as ACTION_STOP */
    struct action action;
    while (core_next_action(node->core, &action))
        perform(world, node, &action);
}

static bool turn_all(struct world *world)
{
    bool any = false;
    for (int i = 0; i < world->nodes_len; i++) {
        if (world->nodes[i]->queue_len == 0)
            continue;
        any = true;
        turn(world, world->nodes[i]);
    }
    return any;
}

void world_run(struct world *world, uint64_t ms)
{
    uint64_t end = world->now_ms + ms;
    for (int guard = 0; guard < 100000; guard++) {
        if (turn_all(world))
            continue;
        uint64_t next = UINT64_MAX;
        for (int i = 0; i < world->nodes_len; i++) {
            uint64_t deadline = core_deadline(world->nodes[i]->core);
            if (deadline < next)
                next = deadline;
        }
        if (next > end) {
            world->now_ms = end;
            return;
        }
        uint64_t now = next > world->now_ms ? next : world->now_ms + 1;
        world->wall += now / 1000 - world->now_ms / 1000;
        world->now_ms = now;
        for (int i = 0; i < world->nodes_len; i++)
            push(world->nodes[i], EVENT_TICK, 0, (struct bytes){0}, NULL);
    }
    (void)fprintf(stderr, "the world does not come to rest\n");
    abort();
}

static void start(struct world_node *node)
{
    struct err err = {0};
    enum status status = store_open(&node->config.store, node->file, NULL, true, &err);
    if (status != STATUS_OK)
        (void)fprintf(stderr, "%s\n", err.text);
    assert(status == STATUS_OK);
}

struct world_node *world_found(struct world *world, const char *tier, const char *name,
                               const char *address)
{
    assert(world->nodes_len < WORLD_NODES_MAX);
    struct world_node *node = calloc(1, sizeof(*node));
    assert(node != NULL);
    int number = world->nodes_len++;
    world->nodes[number] = node;
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
    start(node);
    uint8_t seed[32], recovery_seed[32], recovery[32], wrapped[WRAP_SIZE], random[40];
    rng_fill(&node->config.rng, "steward", NULL, seed, 32);
    rng_fill(&node->config.rng, "recovery", NULL, recovery_seed, 32);
    rng_fill(&node->config.rng, "wrap", NULL, random, 40);
    key_sign_public(recovery, recovery_seed);
    enum wrap_result sealed = wrap_seal(wrapped, seed, "246810", 6, random);
    assert(sealed == WRAP_OK);
    (void)sealed;
    struct core_founding founding = {
        .tier = tier,
        .name = name,
        .steward = "陈某",
        .steward_seed = seed,
        .steward_wrapped = wrapped,
        .recovery_key = recovery,
        .wall = world->wall,
        .quality = WALL_NTP,
    };
    struct err err = {0};
    enum status status = core_found(&node->config, &founding, &node->site, &err);
    if (status != STATUS_OK)
        (void)fprintf(stderr, "found: %s\n", err_text(&err, status));
    assert(status == STATUS_OK);
    status = core_open(&node->core, &node->config, &err);
    assert(status == STATUS_OK);
    push(node, EVENT_CLIENT_OPENED, 0, (struct bytes){0}, NULL);
    status = world_unlock(world, node, "", "246810");
    assert(status == STATUS_OK);
    return node;
}

void world_restart(struct world *world, struct world_node *node)
{
    for (int i = 0; i < CONNS_MAX; i++)
        if (world->links[i].is_open &&
            (world->links[i].a == node || world->links[i].b == node))
            cut(&world->links[i]);
    for (uint32_t i = 0; i < node->queue_len; i++) {
        job_free(node->queue[i].event.job);
        buf_deinit(&node->queue[i].bytes);
    }
    node->queue_len = 0;
    core_close(node->core);
    store_close(node->config.store);
    start(node);
    enum status status = core_open(&node->core, &node->config, NULL);
    assert(status == STATUS_OK);
    push(node, EVENT_CLIENT_OPENED, 0, (struct bytes){0}, NULL);
    status = world_unlock(world, node, "", "246810");
    assert(status == STATUS_OK);
    (void)status;
}

void world_set_offline(struct world *world, struct world_node *node, bool offline)
{
    node->offline = offline;
    for (int i = 0; offline && i < CONNS_MAX; i++)
        if (world->links[i].is_open &&
            (world->links[i].a == node || world->links[i].b == node))
            cut(&world->links[i]);
}

void world_free(struct world *world)
{
    for (int i = 0; i < world->nodes_len; i++) {
        struct world_node *node = world->nodes[i];
        for (uint32_t j = 0; j < node->queue_len; j++) {
            job_free(node->queue[j].event.job);
            buf_deinit(&node->queue[j].bytes);
        }
        core_close(node->core);
        store_close(node->config.store);
        rng_keyed_free(node->dice);
        buf_deinit(&node->reply);
        buf_deinit(&node->sent);
        free(node);
    }
    free(world);
}

const struct id *world_site(const struct world_node *node)
{
    return &node->site;
}

void world_noise_key(const struct world_node *node, uint8_t key[static 32])
{
    key_dh_public(key, node->config.noise_secret);
}

struct store *world_store(const struct world_node *node)
{
    return node->config.store;
}

enum status world_rebuild(struct world_node *node)
{
    return core_rebuild(node->core, NULL, NULL);
}

struct bytes world_sent(const struct world_node *node)
{
    return buf_bytes(&node->sent);
}

enum status world_call(struct world *world, struct world_node *node, const char *method,
                       struct bytes arguments, struct buf *out)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, method);
    buf_add(&request, arguments.data, arguments.len);
    node->has_reply = false;
    push(node, EVENT_CLIENT_REQUEST, 0, buf_bytes(&request), NULL);
    buf_deinit(&request);
    for (int i = 0; i < 200 && !node->has_reply; i++)
        world_run(world, i < 100 ? 1 : 1000);
    assert(node->has_reply);
    struct pack_reader reader = pack_reader_of(buf_bytes(&node->reply));
    uint32_t elements;
    uint64_t number;
    struct bytes name, result;
    bool whole = pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
                 pack_read_uint(&reader, &number, NULL) == STATUS_OK &&
                 pack_read_str(&reader, &name, NULL) == STATUS_OK &&
                 pack_value(&reader, 1, &result, NULL) == STATUS_OK;
    assert(whole);
    (void)whole;
    char text[32];
    (void)snprintf(text, sizeof(text), "%.*s", (int)name.len, (const char *)name.data);
    enum status status = status_from_name(text);
    if (status != STATUS_OK && getenv("WORLD_TRACE") != NULL)
        (void)fprintf(stderr, "%s %s: %s %.*s\n", node->address, method, text,
                      (int)result.len, (const char *)result.data);
    if (out != NULL) {
        buf_clear(out);
        buf_add(out, result.data, result.len);
    }
    return status;
}

static void pack_texts(struct buf *out, const char *list)
{
    uint32_t count = 1;
    for (const char *c = list; *c != '\0'; c++)
        count += *c == ',';
    pack_array(out, count);
    while (count-- > 0) {
        size_t len = strcspn(list, ",]");
        pack_str_bytes(out, bytes_of(list, len));
        list += len + 1;
    }
}

enum status world_say(struct world *world, struct world_node *node, struct buf *out,
                      const char *method, ...)
{
    const char *names[12], *values[12];
    uint32_t len = 0;
    va_list args;
    va_start(args, method);
    for (;;) {
        const char *name = va_arg(args, const char *);
        if (name == NULL)
            break;
        const char *value = va_arg(args, const char *);
        uint32_t at = len++;
        assert(len <= 12);
        for (; at > 0 && strcmp(names[at - 1], name) > 0; at--) {
            names[at] = names[at - 1];
            values[at] = values[at - 1];
        }
        names[at] = name;
        values[at] = value;
    }
    va_end(args);
    struct buf map = {0};
    pack_map(&map, len);
    for (uint32_t i = 0; i < len; i++) {
        pack_str(&map, names[i]);
        if (values[i][0] == '[')
            pack_texts(&map, values[i] + 1);
        else if (strcmp(values[i], "true") == 0)
            pack_bool(&map, true);
        else
            pack_str(&map, values[i]);
    }
    enum status status = world_call(world, node, method, buf_bytes(&map), out);
    buf_deinit(&map);
    return status;
}

enum status world_unlock(struct world *world, struct world_node *node, const char *person,
                         const char *pin)
{
    if (person[0] == '\0')
        return world_say(world, node, NULL, "unlock", "pin", pin, NULL);
    return world_say(world, node, NULL, "unlock", "person", person, "pin", pin, NULL);
}
