#include "tests/sim/sim_no_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/state.h"
#include "tests/support/crash_node.h"
#include "tests/support/fail_memory.h"

/* Memory fails in the turns of this node alone: its store tells which. */
static struct store *failing;

/* A turn that goes well has done what it says: it is the one in which memory fails, or
 * that hears of it from its job, that stops. */
static uint64_t failures_before; /* of this turn */
static bool has_job_failed;

static bool is_failing_node(const struct core *core)
{
    /* `struct core` belongs to node/core; its first member is the store. */
    return failing != NULL && *(struct store *const *)(const void *)core == failing;
}

enum status __wrap_core_begin(struct core *core);
enum status __wrap_core_commit(struct core *core);
enum status __real_core_begin(struct core *core);
enum status __real_core_commit(struct core *core);

enum status __wrap_core_begin(struct core *core)
{
    if (is_failing_node(core)) {
        failures_before = fail_memory_count();
        fail_memory_in();
    }
    return __real_core_begin(core);
}

enum status __wrap_core_commit(struct core *core)
{
    enum status status = __real_core_commit(core);
    bool is_late = fail_memory_out() && status == STATUS_NO_MEMORY && !has_job_failed &&
                   fail_memory_count() == failures_before;
    if (is_late)
        fail_msg("a turn stops the node for memory that failed in an earlier one, which "
                 "went well");
    return status;
}

/* The dice and the disk are a test's tools, which do not bear it. */
#define TOOL(name, parameters, arguments)                                                \
    void __wrap_##name parameters;                                                       \
    void __real_##name parameters;                                                       \
    void __wrap_##name parameters                                                        \
    {                                                                                    \
        bool was_in = fail_memory_out();                                                 \
        __real_##name arguments;                                                         \
        if (was_in)                                                                      \
            fail_memory_in();                                                            \
    }

TOOL(rng_fill,
     (const struct rng *rng, const char *purpose, const uint8_t *scope, uint8_t *out,
      size_t len),
     (rng, purpose, scope, out, len))
TOOL(crash_node_write,
     (struct crash_node * node, size_t offset, const void *data, size_t len),
     (node, offset, data, len))
TOOL(crash_node_truncate, (struct crash_node * node, size_t len), (node, len))
TOOL(crash_node_sync, (struct crash_node * node), (node))

/* The list of actions grows where it happens to be full, and so everywhere. */
struct action *__wrap_core_act(struct core *core, enum action_type type);
struct action *__real_core_act(struct core *core, enum action_type type);

struct action *__wrap_core_act(struct core *core, enum action_type type)
{
    if (!fail_memory_at_this_place())
        return __real_core_act(core, type);
    (void)core_check(core, STATUS_NO_MEMORY);
    return NULL;
}

/* A job belongs to the node whose action it is. */
static bool is_job_of_failing;

bool __wrap_core_next_action(struct core *core, struct action *action);
bool __real_core_next_action(struct core *core, struct action *action);
void __wrap_job_run(struct job *job);
void __real_job_run(struct job *job);

bool __wrap_core_next_action(struct core *core, struct action *action)
{
    is_job_of_failing = is_failing_node(core);
    return __real_core_next_action(core, action);
}

void __wrap_job_run(struct job *job)
{
    uint64_t before = fail_memory_count();
    if (is_job_of_failing)
        fail_memory_in();
    __real_job_run(job);
    if (is_job_of_failing)
        (void)fail_memory_out(); /* it counted */
    has_job_failed |= fail_memory_count() != before;
}

void no_memory_after(struct world_node *node, uint64_t allocations, bool for_good)
{
    failing = world_store(node);
    has_job_failed = false;
    fail_memory_after(allocations, for_good);
}

void no_memory_at_new_place(struct world_node *node)
{
    failing = world_store(node);
    has_job_failed = false;
    fail_memory_at_new_place();
}

bool no_memory_stop(void)
{
    failing = NULL;
    return fail_memory_stop();
}

const struct sim_fault sim_no_memory = {no_memory_at_new_place, no_memory_stop,
                                        .is_borne = true, .least = 10};
