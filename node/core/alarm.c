#include "node/core/alarm.h"

#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/instance.h"
#include "node/core/state.h"

static const char *const kinds[ALARM_KINDS] = {
    [ALARM_ROLLBACK] = "rollback", [ALARM_IMPOSSIBLE] = "impossible",
    [ALARM_COPY] = "copy",         [ALARM_TOLD] = "told",
    [ALARM_DOUBLED] = "doubled",   [ALARM_FORKED] = "forked",
    [ALARM_SET_BACK] = "set-back",
};

enum status alarm_raise(struct core *core, const struct id *site,
                        const uint8_t machine[static 32], enum store_alarm_kind kind,
                        uint64_t ops)
{
    struct store_alarm alarm = {
        .site = *site, .kind = kind, .wall = core->wall, .ops = ops};
    memcpy(alarm.node, machine, sizeof(alarm.node));
    core_trace(core, "alarm kind=%s ops=%llu", kinds[kind], (unsigned long long)ops);
    return core_check(core, store_alarm_raise(core->store, &alarm));
}

/* --- told --- */

struct alarms {
    const struct charter *charter; /* of that site, or NULL */
    struct buf list;
    uint32_t len;
};

/* As its site calls the machine; empty for its first one, or where nobody knows it. */
static const char *machine_name(const struct charter *charter, const uint8_t *noise_key)
{
    size_t len = 0;
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (memcmp(nodes[i].noise_key, noise_key, 32) == 0)
            return nodes[i].name;
    return "";
}

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static enum status pack_alarm(void *context, const struct store_alarm *alarm)
{
    struct alarms *alarms = context;
    struct buf *out = &alarms->list;
    alarms->len++;
    pack_map(out, 6);
    pack_str(out, "kind");
    pack_str(out, kinds[alarm->kind]);
    pack_str(out, "machine");
    pack_str(out, machine_name(alarms->charter, alarm->node));
    pack_number(out, "missing", alarm->ops);
    pack_str(out, "node");
    pack_bin(out, alarm->node, sizeof(alarm->node));
    pack_number(out, "times", alarm->times);
    pack_number(out, "wall", alarm->wall);
    return STATUS_OK;
}

enum status alarm_pack(struct core *core, const struct id *site, struct buf *out)
{
    struct alarms alarms = {.charter = charters_of_site(core, site)};
    enum status status = store_alarms(core->store, site, pack_alarm, &alarms);
    pack_array(out, alarms.len);
    buf_append(out, &alarms.list);
    buf_deinit(&alarms.list);
    return core_check(core, status);
}

struct clearing {
    struct core *core;
    uint64_t len;
};

static enum status forget(void *context, const struct store_alarm *alarm)
{
    struct clearing *clearing = context;
    clearing->len++;
    return alarm->kind == ALARM_COPY ? instance_forget(clearing->core, alarm->node)
                                     : STATUS_OK;
}

enum status alarm_clear(struct core *core, const struct id *site, uint64_t *len)
{
    struct clearing clearing = {core, 0};
    enum status status = store_alarms(core->store, site, forget, &clearing);
    if (status == STATUS_OK)
        status = store_alarms_clear(core->store, site);
    *len = clearing.len;
    return core_check(core, status);
}
