#include "node/cases/charter.h"

#include <string.h>

#include "node/cases/charter_state.h"
#include "proto/pack.h"

static void write_name(struct buf *out, const char *name)
{
    pack_str(out, "name");
    pack_str(out, name);
}

static void write_bin(struct buf *out, const char *name, const void *data)
{
    pack_str(out, name);
    pack_bin(out, data, 32);
}

static void write_links(const struct charter *charter, struct buf *out)
{
    pack_str(out, "links");
    pack_array(out, charter->links_len);
    for (uint32_t i = 0; i < charter->links_len; i++) {
        const struct charter_link *link = &charter->links[i];
        pack_map(out, 3);
        pack_str(out, "as");
        pack_str(out, link->is_parent ? "parent" : "child");
        write_bin(out, "op", link->op.bytes);
        write_bin(out, "site", link->site.bytes);
    }
}

static void write_nodes(const struct charter *charter, struct buf *out)
{
    pack_str(out, "nodes");
    pack_array(out, charter->nodes_len);
    for (uint32_t i = 0; i < charter->nodes_len; i++) {
        const struct charter_node *node = &charter->nodes[i];
        pack_map(out, 4);
        write_bin(out, "key", node->key);
        write_name(out, node->name);
        write_bin(out, "noise-key", node->noise_key);
        pack_str(out, "revoked");
        pack_bool(out, node->is_revoked);
    }
}

static void write_persons(const struct charter *charter, struct buf *out)
{
    pack_str(out, "persons");
    pack_array(out, charter->persons_len);
    for (uint32_t i = 0; i < charter->persons_len; i++) {
        const struct charter_person *person = &charter->persons[i];
        pack_map(out, 4);
        write_bin(out, "key", person->key);
        write_name(out, person->name);
        pack_str(out, "revoked");
        pack_bool(out, person->is_revoked);
        pack_str(out, "roles");
        role_pack(person->roles, out);
    }
}

static void write_refused(const struct charter *charter, struct buf *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < charter->graph.len; i++)
        count += charter->ops[i].effect != EFFECT_YES;
    pack_str(out, "refused");
    pack_array(out, count);
    for (uint32_t i = 0; i < charter->graph.len; i++) {
        const struct charter_op *op = &charter->ops[i];
        if (op->effect == EFFECT_YES)
            continue;
        pack_map(out, 4);
        write_bin(out, "author", op->author);
        pack_str(out, "kind");
        pack_str(out, op->kind_name);
        write_bin(out, "op", charter->graph.nodes[i].id.bytes);
        pack_str(out, "reason");
        pack_str(out, effect_name(op->effect));
    }
}

void charter_view(const struct charter *charter, struct buf *out)
{
    pack_map(out, 9);
    pack_str(out, "heads");
    pack_array(out, charter->heads_len);
    for (uint32_t i = 0; i < charter->heads_len; i++)
        pack_bin(out, charter->heads[i].bytes, ID_SIZE);
    pack_str(out, "kind");
    pack_str(out, "charter");
    write_links(charter, out);
    write_name(out, charter->name);
    write_nodes(charter, out);
    write_persons(charter, out);
    write_refused(charter, out);
    write_bin(out, "site", charter_site(charter)->bytes);
    pack_str(out, "tier");
    pack_uint(out, (uint64_t)charter->tier);
}
