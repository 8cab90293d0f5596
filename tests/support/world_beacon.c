/* The network that the nodes of a world are on, as far as they find each other there. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/world_inside.h"

void world_find_others(struct world_node *node, bool listens)
{
    const char *colon = strrchr(node->address, ':');
    assert(colon != NULL);
    node->finds = true;
    node->beacon_port = listens ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
    core_find_others(node->core, node->beacon_port);
    world_push(node, EVENT_TICK, 0, (struct bytes){0}, NULL);
}

struct bytes world_beacons(const struct world_node *node)
{
    return buf_bytes(&node->beacons);
}

void world_hear(struct world_node *node, const char *host, struct bytes datagram)
{
    world_push(node, EVENT_BEACON, 0, datagram, NULL);
    struct event *event = &node->queue[node->queue_len - 1].event;
    (void)snprintf(event->host, sizeof(event->host), "%s", host);
}

void world_spread(struct world_node *node, struct bytes beacon)
{
    struct world *world = node->world;
    char host[EVENT_HOST_SIZE];
    (void)snprintf(host, sizeof(host), "%.*s",
                   (int)(strrchr(node->address, ':') - node->address), node->address);
    buf_add(&node->beacons, beacon.data, beacon.len);
    for (int i = 0; i < world->nodes_len && !node->offline; i++) {
        struct world_node *other = world->nodes[i];
        if (other->finds && !other->offline && other->core != NULL)
            world_hear(other, host, beacon); /* its own, too */
    }
}

void world_roam(struct world *world, struct world_node *node, const char *address)
{
    for (int i = 0; i < CONNS_MAX; i++) {
        struct link *link = &world->links[i];
        if (link->is_open && (link->a == node || link->b == node))
            world_cut(link);
    }
    world_move(node, address);
    if (node->finds)
        world_find_others(node, node->beacon_port != 0);
}
