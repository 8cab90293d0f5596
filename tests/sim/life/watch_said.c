#include "tests/sim/life/watch_said.h"

#include <string.h>

#include "crypto/key.h"
#include "node/core/author.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"
#include "tests/sim/life/ops_message.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_liar.h"

/* The linker gives us what a node is about to write into a scope that is loaded. */
enum status __wrap_author_write_onto(struct core *core, const struct draft *draft,
                                     const struct sign_pair *pair, struct scope_ops *ops,
                                     struct id *id, struct err *err);
enum status __real_author_write_onto(struct core *core, const struct draft *draft,
                                     const struct sign_pair *pair, struct scope_ops *ops,
                                     struct id *id, struct err *err);

/* "received" is not said of what this key has said it of, whatever became of that word.
 */
static void look_for_before(const struct sim_host *host, const struct scope_ops *ops)
{
    for (size_t i = 0; i < ops->len; i++)
        if (op_is_kind(ops->ops[i], "received") &&
            memcmp(ops->ops[i]->author, host->core->node_key, KEY_SIZE) == 0)
            sim_fail(host->sim, "I11", "%s says again that it received a record",
                     host->address);
}

enum status __wrap_author_write_onto(struct core *core, const struct draft *draft,
                                     const struct sign_pair *pair, struct scope_ops *ops,
                                     struct id *id, struct err *err)
{
    const struct sim_host *host = sim_host_turning();
    if (host != NULL && !host->is_flawed && !sim_liar_is(host) &&
        strcmp(draft->kind, "received") == 0)
        look_for_before(host, ops);
    return __real_author_write_onto(core, draft, pair, ops, id, err);
}

static void look_at_scope(void *context, const struct op *op)
{
    struct sim_host *host = context;
    const struct id *scope = op->is_founding ? &op->id : &op->scope;
    if (!id_equal(scope, &host->site))
        sim_fail(host->sim, "I10", "%s sends more than its charter under a former key",
                 host->address);
}

void watch_said_message(struct sim_host *host, const struct session *session,
                        struct bytes message)
{
    if (session->is_former && !sim_liar_is(host) &&
        !ops_message_each(message, look_at_scope, host))
        sim_fail(host->sim, "API", "%s sends ops that nobody can read", host->address);
}
