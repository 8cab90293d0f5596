/* A machine that joins a site, with its newcomer on one end and a node on the other. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "node/core/newcomer.h"
#include "tests/support/pin_memo.h"
#include "tests/support/world_inside.h"

static void stretch(uint8_t psk[static 32], const char *code)
{
    struct job *job = job_new(JOB_STRETCH);
    assert(job != NULL);
    job->pin_len = (uint32_t)strlen(code);
    memcpy(job->pin, code, job->pin_len);
    pin_memo_run(job);
    assert(job->result == WRAP_OK);
    memcpy(psk, job->seed, 32);
    job_free(job);
}

static struct link *call(struct world *world, struct world_node *node,
                         struct world_node *host)
{
    for (int i = 0; i < CONNS_MAX; i++) {
        struct link *link = &world->links[i];
        if (link->is_open)
            continue;
        host->next_accept += 2;
        *link = (struct link){node, host, 1, host->next_accept, true, 0};
        world_push(host, EVENT_CONN_ACCEPTED, link->conn_b, (struct bytes){0}, NULL);
        return link;
    }
    abort();
}

/* What came to it stands in its queue, for it has no core yet. */
static enum status take_queue(struct world_node *node, struct newcomer *newcomer,
                              struct buf *out)
{
    enum status status = STATUS_MORE;
    for (uint32_t i = 0; i < node->queue_len; i++) {
        struct world_event *event = &node->queue[i];
        if (status == STATUS_MORE && event->event.type == EVENT_CONN_CLOSED)
            status = STATUS_CLOSED;
        if (status == STATUS_MORE && event->event.type == EVENT_CONN_BYTES)
            status = newcomer_take(newcomer, buf_bytes(&event->bytes), node->world->wall,
                                   node->world->quality, out, NULL);
        buf_deinit(&event->bytes);
    }
    node->queue_len = 0;
    return status;
}

static void drop_queue(struct world_node *node)
{
    for (uint32_t i = 0; i < node->queue_len; i++)
        buf_deinit(&node->queue[i].bytes);
    node->queue_len = 0;
}

static enum status talk(struct world *world, struct world_node *node,
                        struct world_node *host, struct newcomer *newcomer)
{
    struct link *link = call(world, node, host);
    struct buf out = {0};
    enum status status = newcomer_take(newcomer, (struct bytes){0}, world->wall,
                                       world->quality, &out, NULL);
    while (status == STATUS_MORE || out.len > 0) {
        if (out.len > 0 && link->is_open)
            world_carry(world, link, node, buf_bytes(&out));
        bool was_silent = out.len == 0;
        buf_clear(&out);
        world_run(world, 0);
        if (status != STATUS_MORE)
            continue;
        if (was_silent && node->queue_len == 0)
            status = STATUS_CLOSED; /* nobody says anything any more */
        else
            status = take_queue(node, newcomer, &out);
    }
    buf_deinit(&out);
    if (link->is_open)
        world_cut(link);
    drop_queue(node);
    return status;
}

enum status world_try_join(struct world *world, struct world_node *host, const char *code,
                           const char *name, const char *address, struct world_node **out)
{
    struct world_node *node = world_make_node(world, address);
    struct newcomer *newcomer = NULL;
    uint8_t psk[32];
    *out = node;
    stretch(psk, code);
    const struct newcomer_wish wish = {
        .name = name, .address = host->address, .psk = psk};
    enum status status = newcomer_open(&newcomer, &node->config, &wish, NULL);
    if (status == STATUS_OK)
        status = talk(world, node, host, newcomer);
    if (status == STATUS_OK) {
        node->site = newcomer_site(newcomer)->site;
        memcpy(node->words, newcomer_site(newcomer)->words, sizeof(node->words));
        memcpy(node->steward_seed, host->steward_seed, sizeof(node->steward_seed));
        memcpy(node->recovery_seed, host->recovery_seed, sizeof(node->recovery_seed));
        status = core_open(&node->core, &node->config, NULL);
        world_push(node, EVENT_CLIENT_OPENED, 0, (struct bytes){0}, NULL);
    }
    newcomer_close(newcomer);
    world_run(world, 0);
    return status;
}

const char *world_words(const struct world_node *node)
{
    return node->words;
}

struct world_node *world_join(struct world *world, struct world_node *host,
                              const char *name, const char *address)
{
    struct world_node *node = NULL;
    struct buf out = {0};
    struct bytes code;
    char text[128];
    enum status status = world_say(world, host, &out, "node.invite", NULL, NULL);
    assert(status == STATUS_OK);
    bool has_code = view_map_text(buf_bytes(&out), "code", &code);
    assert(has_code);
    (void)has_code;
    (void)snprintf(text, sizeof(text), "%.*s", (int)code.len, (const char *)code.data);
    status = world_try_join(world, host, text, name, address, &node);
    assert(status == STATUS_OK);
    world_run(world, 5000);
    status = world_unlock(world, node, "", "246810");
    assert(status == STATUS_OK);
    buf_deinit(&out);
    return node;
}
