/* What a test sees of a node from outside its turns. */
#include <stdio.h>

#include "crypto/key.h"
#include "tests/support/world_inside.h"

void world_move(struct world_node *node, const char *address)
{
    (void)snprintf(node->address, sizeof(node->address), "%s", address);
}

const char *world_address(const struct world_node *node)
{
    return node->address;
}

const struct id *world_site(const struct world_node *node)
{
    return &node->site;
}

void world_noise_key(const struct world_node *node, uint8_t key[static 32])
{
    key_dh_public(key, node->config.noise_secret);
}

const uint8_t *world_node_seed(const struct world_node *node)
{
    return node->config.node_seed;
}

const uint8_t *world_noise_secret(const struct world_node *node)
{
    return node->config.noise_secret;
}

struct store *world_store(const struct world_node *node)
{
    return node->config.store;
}

struct bytes world_sent(const struct world_node *node)
{
    return buf_bytes(&node->sent);
}

struct bytes world_heard(const struct world_node *node)
{
    return buf_bytes(&node->heard);
}

struct bytes world_noticed(const struct world_node *node)
{
    return buf_bytes(&node->noticed);
}

struct bytes world_log(const struct world_node *node)
{
    return buf_bytes(&node->log);
}

void world_forget_log(struct world_node *node)
{
    buf_clear(&node->log);
}

const uint8_t *world_recovery_seed(const struct world_node *node)
{
    return node->recovery_seed;
}

const uint8_t *world_steward_seed(const struct world_node *node)
{
    return node->steward_seed;
}

const struct id *world_network(const struct world_node *node)
{
    return &node->network;
}

struct rng *world_rng(struct world_node *node)
{
    return &node->config.rng;
}
