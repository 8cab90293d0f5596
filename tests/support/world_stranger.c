/* Connections without a node at their other end. */
#include <stdlib.h>

#include "tests/support/world_inside.h"

/* A connection without a node at its other end. */
static struct link *stranger(struct world *world, struct world_node *node,
                             struct bytes bytes)
{
    for (int i = 0; i < CONNS_MAX; i++) {
        struct link *link = &world->links[i];
        if (link->is_open)
            continue;
        node->next_accept += 2;
        *link = (struct link){NULL, node, 0, node->next_accept, true, 0};
        world_push(node, EVENT_CONN_ACCEPTED, link->conn_b, (struct bytes){0}, NULL);
        world_push(node, EVENT_CONN_BYTES, link->conn_b, bytes, NULL);
        world_run(world, 0);
        return link;
    }
    abort();
}

bool world_knock(struct world *world, struct world_node *node, struct bytes bytes)
{
    struct link *link = stranger(world, node, bytes);
    bool was_closed = !link->is_open && link->answered == 0;
    if (link->is_open)
        world_cut(link);
    world_run(world, 0);
    return was_closed;
}

void world_stay(struct world *world, struct world_node *node, struct bytes bytes)
{
    (void)stranger(world, node, bytes);
}

static bool is_stranger(const struct link *link, const struct world_node *node)
{
    return link->is_open && link->a == NULL && link->b == node;
}

uint32_t world_stayed(struct world *world, struct world_node *node, struct bytes bytes)
{
    uint32_t stayed = 0;
    for (int i = 0; i < CONNS_MAX; i++)
        if (is_stranger(&world->links[i], node))
            world_push(node, EVENT_CONN_BYTES, world->links[i].conn_b, bytes, NULL);
    world_run(world, 0);
    for (int i = 0; i < CONNS_MAX; i++)
        stayed += is_stranger(&world->links[i], node);
    return stayed;
}
