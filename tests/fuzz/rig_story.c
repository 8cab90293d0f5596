#include "rig_story.h"

#include <sqlite3.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/world.h"

#define SEED 42
#define VFS "fuzz"
#define CANARY_OWN "金丝雀-镇里的私事"
#define CANARY_FENGYUAN "金丝雀-枫源村的事"

static struct rig_secret secrets[RIG_SECRETS_MAX];
static size_t secrets_len;

const struct rig_secret *rig_secrets(size_t *len)
{
    *len = secrets_len;
    return secrets;
}

static void keep_secret(struct bytes bytes, unsigned from)
{
    HOLDS(secrets_len < RIG_SECRETS_MAX && bytes.len >= 8);
    secrets[secrets_len++] = (struct rig_secret){bytes, from};
}

const struct buf *rig_unlock_request(void)
{
    static struct buf request;
    if (request.len > 0)
        return &request;
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, "unlock");
    pack_map(&request, 1);
    pack_str(&request, "pin");
    pack_str(&request, "246810");
    return &request;
}

/* --- told by true nodes --- */

struct told {
    struct world *world;
    struct world_node *nodes[RIG_SITES];
};

#define SAY(told, site, out, ...)                                                        \
    HOLDS(world_say((told)->world, (told)->nodes[site], out, __VA_ARGS__, NULL) ==       \
          STATUS_OK)

static void text_of(struct bytes map, const char *name, char *text, size_t size)
{
    struct bytes value;
    HOLDS(view_map_text(map, name, &value));
    (void)snprintf(text, size, "%.*s", (int)value.len, (const char *)value.data);
}

static void pair_with(struct told *told, enum rig_site parent, const char *address,
                      enum rig_site child)
{
    struct buf out = {0};
    char code[128];
    SAY(told, parent, &out, "peer.invite", NULL);
    text_of(buf_bytes(&out), "code", code, sizeof(code));
    SAY(told, child, &out, "peer.join", "code", code, "at", address);
    buf_deinit(&out);
    world_run(told->world, 5000);
}

static struct id new_case(struct told *told, enum rig_site site, const char *title,
                          char number[32])
{
    struct buf out = {0};
    struct id scope;
    SAY(told, site, &out, "case.new", "category", "邻里", "title", title, "narrative",
        title, "context", "去年修过一次沟。");
    text_of(buf_bytes(&out), "number", number, 32);
    HOLDS(view_map_id(buf_bytes(&out), "scope", &scope));
    buf_deinit(&out);
    return scope;
}

static struct id escalate(struct told *told, enum rig_site site, const char *title)
{
    struct buf out = {0};
    char number[32];
    struct id id;
    (void)new_case(told, site, title, number);
    SAY(told, site, &out, "case.triage", "case", number, "decision", "escalate", "beyond",
        "true", "reason", "涉及两村的水渠");
    SAY(told, site, &out, "escalate.release", "case", number, "fields",
        "[title,context,category]", "reason", "超出村里权限", "no_parties", "渠是村里的",
        "onward", "yes");
    HOLDS(view_map_id(buf_bytes(&out), "escalation", &id));
    buf_deinit(&out);
    world_run(told->world, 5000);
    return id;
}

static void tell(struct told *told, struct rig *rig)
{
    static const struct {
        const char *tier, *name, *address;
    } sites[RIG_SITES] = {
        [RIG_TOWNSHIP] = {"township", "青河镇", "township:1"},
        [RIG_COUNTY] = {"county", "示例县", "county:1"},
        [RIG_XIKOU] = {"village", "溪口村", "xikou:1"},
        [RIG_FENGYUAN] = {"village", "枫源村", "fengyuan:1"},
        [RIG_OUTSIDE] = {"village", "外村", "outside:1"},
    };
    char number[32];
    told->world = world_new("/fuzz", SEED);
    world_use_vfs(told->world, VFS);
    for (int i = 0; i < RIG_SITES; i++)
        told->nodes[i] =
            world_found(told->world, sites[i].tier, sites[i].name, sites[i].address);
    pair_with(told, RIG_COUNTY, "county:1", RIG_TOWNSHIP);
    pair_with(told, RIG_TOWNSHIP, "township:1", RIG_FENGYUAN);
    pair_with(told, RIG_TOWNSHIP, "township:1", RIG_XIKOU);
    rig->scopes[RIG_OWN_CASE] = new_case(told, RIG_TOWNSHIP, CANARY_OWN, number);
    rig->scopes[RIG_FROM_FENGYUAN] = escalate(told, RIG_FENGYUAN, CANARY_FENGYUAN);
    rig->scopes[RIG_FROM_XIKOU] = escalate(told, RIG_XIKOU, "溪口的水沟");
    world_set_offline(told->world, told->nodes[RIG_TOWNSHIP], true);
    rig->scopes[RIG_NOT_SENT_YET] = escalate(told, RIG_XIKOU, "后来的事");
}

/* --- what is left of it --- */

/* The first draws of a node's dice, as world_found makes them. */
static void keys_of(struct told *told, int number, struct rig_keys *keys)
{
    struct world_node *node = told->nodes[number];
    struct rng_keyed *keyed = rng_keyed_new(SEED, (uint64_t)number);
    HOLDS(keyed != NULL);
    struct rng rng = rng_keyed_rng(keyed);
    uint8_t noise_key[32], expected[32];
    keys->site = *world_site(node);
    rng_fill(&rng, "node-seed", NULL, keys->node_seed, 32);
    rng_fill(&rng, "noise-secret", NULL, keys->noise_secret, 32);
    memcpy(keys->steward_seed, world_steward_seed(node), 32);
    memcpy(keys->recovery_seed, world_recovery_seed(node), 32);
    world_noise_key(node, expected);
    key_dh_public(noise_key, keys->noise_secret);
    HOLDS(memcmp(noise_key, expected, 32) == 0);
    rng_keyed_free(keyed);
}

struct collecting {
    struct rig *rig;
    enum rig_site of;
};

static enum status collect(void *context, const struct store_op *row)
{
    struct collecting *collecting = context;
    struct rig *rig = collecting->rig;
    struct op op;
    for (uint32_t i = 0; i < rig->ops_len; i++)
        if (id_equal(&rig->ops[i].id, &row->id))
            return STATUS_OK;
    HOLDS(op_decode_bytes(&op, row->bytes, NULL) == STATUS_OK);
    /* Cases of others are nobody's business, not even the fuzzer's. */
    bool is_case = row->tree == TREE_PRIVATE;
    if (is_case && collecting->of != RIG_TOWNSHIP)
        return STATUS_OK;
    HOLDS(rig->ops_len < RIG_OPS_MAX);
    struct rig_op *taken = &rig->ops[rig->ops_len++];
    *taken = (struct rig_op){.id = row->id, .scope = row->scope, .of = collecting->of};
    taken->is_here = collecting->of == RIG_TOWNSHIP;
    buf_add(&taken->bytes, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

static void name_secrets(struct rig *rig)
{
    const unsigned all = RIG_READER_XIKOU | RIG_READER_COUNTY | RIG_READER_NOBODY;
    keep_secret(bytes_str(CANARY_OWN), all);
    keep_secret(bytes_str(CANARY_FENGYUAN), all);
    for (uint32_t i = 0; i < rig->ops_len; i++) {
        const struct rig_op *op = &rig->ops[i];
        if (op->is_here && (id_equal(&op->scope, &rig->scopes[RIG_OWN_CASE]) ||
                            id_equal(&op->scope, &rig->scopes[RIG_FROM_FENGYUAN])))
            keep_secret(bytes_of(op->id.bytes, ID_SIZE), all);
        else if (op->is_here && id_equal(&op->scope, &rig->scopes[RIG_FROM_XIKOU]))
            keep_secret(bytes_of(op->id.bytes, ID_SIZE), RIG_READER_NOBODY);
    }
}

void rig_story(struct rig *rig)
{
    static struct told told;
    /* One thread and no statistics: that takes less time. */
    HOLDS(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) == SQLITE_OK);
    HOLDS(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK);
    struct crash_vfs *vfs = crash_vfs_new(VFS, (struct crash_disk){.seed = 1});
    HOLDS(vfs != NULL);
    tell(&told, rig);
    rig->network = *world_network(told.nodes[RIG_TOWNSHIP]);
    for (int i = 0; i < RIG_SITES; i++) {
        struct collecting collecting = {rig, (enum rig_site)i};
        keys_of(&told, i, &rig->keys[i]);
        HOLDS(store_ops_all(world_store(told.nodes[i]), 1, collect, &collecting) ==
              STATUS_OK);
    }
    name_secrets(rig);
    memcpy(rig->config.node_seed, rig->keys[RIG_TOWNSHIP].node_seed, 32);
    memcpy(rig->config.noise_secret, rig->keys[RIG_TOWNSHIP].noise_secret, 32);
    world_free(told.world);
    struct err err = {0};
    enum status status =
        store_open(&rig->config.store, "/fuzz/node-0.db", VFS, false, &err);
    HOLDS(status == STATUS_OK);
    rig->store = rig->config.store;
}
