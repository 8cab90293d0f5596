#include "tests/sim/life/sim_second.h"

#include <assert.h>

#include "node/core/admit.h"
#include "node/core/state.h"
#include "tests/sim/life/sim_clock.h"
#include "tests/sim/life/sim_forge.h"
#include "tests/sim/life/sim_host.h"

#define SECOND_SEED 0x2edu

bool sim_second_write(struct sim_host *host, const struct id *scope, const char *field,
                      const char *text, uint64_t key)
{
    static struct op op;
    struct buf value = {0};
    struct rng_keyed *dice = rng_keyed_new(
        sim_dice(host->sim, "second", key, SECOND_SEED), (uint64_t)host->index);
    assert(dice != NULL);
    const struct rng rng = rng_keyed_rng(dice);
    pack_str(&value, text);
    op = (struct op){.kind = bytes_str("set"), .scope = *scope, .time = 2};
    op.wall = sim_clock_wall(host);
    bool is_written =
        host->aside.len == 0 && op_add_parent(&op, scope) == STATUS_OK &&
        forge_authority(host, &op, &host->site) &&
        op_add_field(&op, field, buf_bytes(&value)) == STATUS_OK &&
        op_seal(&op, &host->core->network, host->steward_seed, &rng) == STATUS_OK;
    if (is_written) {
        op_encode(&op, ~0u, &host->aside);
        assert(buf_status(&host->aside) == STATUS_OK);
        sim_host_tell(host, EVENT_TICK, 0, (struct bytes){0}, NULL);
    }
    buf_deinit(&value);
    rng_keyed_free(dice);
    return is_written;
}

void sim_second_bring(struct sim_host *host)
{
    static struct op op;
    struct bytes bytes = buf_bytes(&host->aside);
    if (bytes.len == 0)
        return;
    enum status status = op_decode_bytes(&op, bytes, NULL);
    if (status == STATUS_OK)
        status = op_rebuild(&op);
    if (status == STATUS_OK && host->aside_from != NULL)
        status = forge_tell(host, &op, &host->aside_from->site);
    else if (status == STATUS_OK)
        status = admit_op(host->core, &op, bytes, NULL, NULL);
    host->aside_from = NULL;
    if (core_check(host->core, status) != STATUS_OK &&
        host->core->store_status == STATUS_OK)
        sim_fail(host->sim, "API", "%s does not take what its second machine wrote: %s",
                 host->address, status_name(status));
}
