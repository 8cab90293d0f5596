#include "tests/sim/life/watch_turn.h"

#include <string.h>

#include "node/core/state.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/watch_canary.h"

#define HEAP_MAX (16 * 1024 * 1024)
#define ACTIONS_MAX 512
#define LEFT_MAX 4096 /* answers that a power cut kept from a client are freed later */

/* --- ops that wait: the linker gives us the store's doors ----------------------------
 */

enum status __real_store_op_add(struct store *store, const struct op *op,
                                struct bytes bytes, enum scope_kind kind,
                                enum ledger_tree tree);
enum status __real_store_op_promote(struct store *store, const struct id *id,
                                    enum scope_kind kind, enum ledger_tree tree);
enum status __wrap_store_op_add(struct store *store, const struct op *op,
                                struct bytes bytes, enum scope_kind kind,
                                enum ledger_tree tree);
enum status __wrap_store_op_promote(struct store *store, const struct id *id,
                                    enum scope_kind kind, enum ledger_tree tree);

/* Whatever comes of the turn: a number whose answer was lost, or that was taken back, is
 * this host's as well. */
static void note_number(struct sim_host *host, const struct op *op)
{
    struct bytes number;
    if (!op_text(op, "number", &number))
        return;
    sim_heap_leave(); /* what is written down here is not this node's memory */
    watch_canary_number(host, number);
    sim_heap_enter(&host->heap);
}

enum status __wrap_store_op_add(struct store *store, const struct op *op,
                                struct bytes bytes, enum scope_kind kind,
                                enum ledger_tree tree)
{
    struct sim_host *host = sim_host_turning();
    if (host != NULL && tree == TREE_PRIVATE)
        note_number(host, op);
    enum status status = __real_store_op_add(store, op, bytes, kind, tree);
    if (host != NULL && tree == TREE_WAITING && status == STATUS_OK) {
        sim_ever(host->sim, EVER_OP_WAITED);
        host->dies_after_turn |= host->dies_when_waiting;
    }
    return status;
}

enum status __wrap_store_op_promote(struct store *store, const struct id *id,
                                    enum scope_kind kind, enum ledger_tree tree)
{
    enum status status = __real_store_op_promote(store, id, kind, tree);
    const struct sim_host *host = sim_host_turning();
    if (host != NULL && status == STATUS_OK)
        sim_ever(host->sim, EVER_OP_PROMOTED);
    return status;
}

/* --- "handed over" is a fact: the other one has it ------------------------------------
 */

enum status __real_store_delivery_put(struct store *store, const struct id *op,
                                      const struct id *site, uint64_t wall);
enum status __wrap_store_delivery_put(struct store *store, const struct id *op,
                                      const struct id *site, uint64_t wall);

/* Each machine of that site that can be asked; one that has it is enough. */
static bool lacks(const struct sim *sim, const struct id *op, const struct id *site)
{
    struct store_place place;
    uint32_t asked = 0;
    for (int i = 0; i < sim->hosts_len; i++) {
        const struct sim_host *other = sim->hosts[i];
        if (!id_equal(&other->site, site))
            continue;
        if (!other->is_on || other->is_flawed || other->is_set_back ||
            sim_liar_is(other) ||
            store_op_find(other->config.store, op, &place) != STATUS_NOT_FOUND)
            return false;
        asked++;
    }
    return asked > 0;
}

enum status __wrap_store_delivery_put(struct store *store, const struct id *op,
                                      const struct id *site, uint64_t wall)
{
    struct sim_host *host = sim_host_turning();
    /* What a liar says of its messages on their way, the honest node behind it believes.
     */
    if (host == NULL || host->is_flawed || sim_liar_is(host))
        return __real_store_delivery_put(store, op, site, wall);
    sim_heap_leave(); /* what others keep is not this node's memory */
    if (lacks(host->sim, op, site))
        sim_fail(host->sim, "I2", "%s calls handed over what its neighbour has not saved",
                 host->address);
    sim_heap_enter(&host->heap);
    return __real_store_delivery_put(store, op, site, wall);
}

/* --- what the turn was about ----------------------------------------------------------
 */

static bool is_asked(const struct sim_host *host, const char *method)
{
    for (int i = 0; i < SIM_ERRANDS_MAX; i++)
        if (host->errands[i].number != 0 && strcmp(host->errands[i].method, method) == 0)
            return true;
    return false;
}

void watch_turn_end(struct sim_host *host, enum status status)
{
    struct sim *sim = host->sim;
    const struct sim_heap *heap = &host->heap;
    if (heap->bytes > HEAP_MAX)
        sim_fail(sim, "I8", "%s has %lld bytes", host->address, (long long)heap->bytes);
    if (host->core->actions_len > ACTIONS_MAX)
        sim_fail(sim, "I8", "%s wants %u things in one turn", host->address,
                 host->core->actions_len);
    if (heap->has_failed && status == STATUS_OK) {
        sim_ever(sim, EVER_HEAP_TYPED);
        host->heap_fails = heap->stays;
    }
    if (heap->has_failed && is_asked(host, "escalate.release"))
        sim_ever(sim, EVER_HEAP_IN_RELEASE);
}

/* What is with the pool is not back yet. What watchers ask of a node's core counts here
 * as well, mostly with the sign of what it gives back. */
void watch_turn_closed(struct sim_host *host)
{
    if (host->jobs_out == 0 && host->heap.own > LEFT_MAX)
        sim_fail(host->sim, "I8", "%s ends and keeps %lld bytes", host->address,
                 (long long)host->heap.own);
}

void watch_turn_stop(struct sim_host *host, enum status status, bool disk_failed)
{
    struct sim *sim = host->sim;
    const struct sim_heap *heap = &host->heap;
    if (!disk_failed && !heap->has_failed) {
        sim_fail(sim, "I14", "%s stops without a reason: %s", host->address,
                 status_name(status));
        return;
    }
    if (heap->has_failed)
        sim_ever(sim, heap->stays ? EVER_HEAP_GONE : EVER_HEAP_STOPPED);
    if (disk_failed && status == STATUS_FULL) {
        host->was_full = true;
        sim_ever(sim, EVER_DISK_FULL);
    } else if (disk_failed) {
        sim_ever(sim, EVER_DISK_EIO);
    }
}

void watch_turn_cut(struct sim_host *host)
{
    struct sim *sim = host->sim;
    sim_ever(sim, EVER_CUT_IN_TURN);
    if (is_asked(host, "escalate.release"))
        sim_ever(sim, EVER_CUT_IN_RELEASE);
    if (host->takes_in)
        sim_ever(sim, EVER_CUT_IN_INTAKE);
}

void watch_turn_trace(struct sim_host *host, const char *line)
{
    static const struct {
        const char *words;
        enum sim_situation situation;
    } table[] = {
        {" end=replaced", EVER_SESSION_REPLACED},
        {" end=deadline", EVER_SESSION_DEADLINE},
        {"why=deadline", EVER_SESSION_DEADLINE},
        {" unequal ", EVER_ROUND_UNEQUAL},
        {" end=INVALID", EVER_LIAR_ENDED},
        {"purged ops=", EVER_PURGED},
        {"alarm kind=derived", EVER_FLAW_MENDED},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strstr(line, table[i].words) != NULL)
            sim_ever(host->sim, table[i].situation);
    if (strstr(line, " apart=") != NULL && strstr(line, " apart=0") == NULL)
        sim_ever(host->sim, EVER_SET_APART);
}
