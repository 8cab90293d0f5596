#include "tests/sim/stories/acts.h"

#include <stdlib.h>

#include "proto/pack.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_wire.h"
#include "tests/sim/stories/minutes.h"

void act_break(struct said *said)
{
    sim_wire_break(said->stage->sim, said->host->index,
                   strtoull(said->caught[1], NULL, 10));
}

static void block_all(const struct said *said, uint64_t until_ms)
{
    struct sim *sim = said->stage->sim;
    for (int i = 0; i < sim->hosts_len; i++) {
        sim->blocked_until_ms[i][said->host->index] = until_ms;
        sim->blocked_until_ms[said->host->index][i] = until_ms;
    }
}

void act_cut_off(struct said *said)
{
    block_all(said, UINT64_MAX);
}

void act_connect(struct said *said)
{
    block_all(said, 0);
}

void act_slow(struct said *said)
{
    said->host->slow_until_ms = UINT64_MAX;
}

void act_quick(struct said *said)
{
    said->host->slow_until_ms = 0;
}

void act_lie(struct said *said)
{
    if (said->stage->sim->liar == NULL)
        sim_liar_begin(said->host);
}

/* --- what went over it --------------------------------------------------------------
 */

static uint32_t ops_in(struct bytes message)
{
    struct pack_reader reader = pack_reader_of(message);
    struct bytes name, dictionary;
    uint32_t elements, len = 0;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "ops") ||
        pack_value(&reader, 0, &dictionary, NULL) != STATUS_OK ||
        pack_read_array(&reader, &len, NULL) != STATUS_OK)
        return 0;
    return len;
}

void act_count(struct said *said)
{
    const struct sim_seen *seen = &said->stage->sim->seen;
    uint32_t ops = 0, messages = 0;
    for (uint64_t i = said->stage->sights_from; i < seen->len; i++) {
        const struct sight *sight = &seen->sights[i];
        if (sight->host != said->host->index || sight->kind != SIGHT_MESSAGE)
            continue;
        uint32_t more = ops_in(sim_seen_bytes(seen, sight));
        ops += more;
        messages += more > 0;
    }
    minutes_add(said->stage, "%u ops in %u messages", ops, messages);
    said->stage->sights_from = seen->len;
}
