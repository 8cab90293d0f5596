#include "node/core/charters.h"

#include <stdlib.h>

#include "node/core/scope_ops.h"
#include "node/core/state.h"

static struct charter *load(struct core *core, const struct id *site)
{
    struct scope_ops ops;
    struct charter *charter = NULL;
    enum scope_kind kind;
    enum status status = store_scope_kind(core->store, site, &kind);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        (void)core_check(core, status); /* or it would read as no site */
    if (status != STATUS_OK || kind != SCOPE_CHARTER)
        return NULL;
    if (core_check(core, scope_ops_load(&ops, core->store, site)) != STATUS_OK)
        return NULL;
    if (core_check(core, charter_new(ops.ops, ops.len, &charter)) != STATUS_OK)
        charter = NULL;
    scope_ops_deinit(&ops);
    return charter;
}

static bool keep(struct core *core, const struct id *site, struct charter *charter)
{
    if (core->charters_len == core->charters_capacity) {
        uint32_t capacity = core->charters_capacity + 16;
        struct charter_slot *slots = realloc(core->charters, capacity * sizeof(*slots));
        if (slots == NULL)
            return false;
        core->charters = slots;
        core->charters_capacity = capacity;
    }
    core->charters[core->charters_len++] = (struct charter_slot){*site, charter};
    return true;
}

struct charter *charters_of_site(struct core *core, const struct id *site)
{
    for (uint32_t i = 0; i < core->charters_len; i++)
        if (id_equal(&core->charters[i].site, site))
            return core->charters[i].charter;
    struct charter *charter = load(core, site);
    if (charter == NULL)
        return NULL;
    if (!keep(core, site, charter)) {
        (void)core_check(core, STATUS_NO_MEMORY);
        charter_free(charter);
        return NULL;
    }
    return charter;
}

enum status charters_own(struct core *core, struct charter **charter)
{
    *charter = charters_of_site(core, &core->site);
    if (*charter != NULL)
        return STATUS_OK;
    (void)core_check(core, STATUS_CORRUPT); /* unless something failed before */
    return core->store_status;
}

struct charter *charters_of_head(void *context, const struct id *head)
{
    struct core *core = context;
    for (int i = 0; i < HEADS_KNOWN; i++)
        if (core->heads[i].charter != NULL && id_equal(&core->heads[i].id, head))
            return core->heads[i].charter;
    struct store_place place;
    enum status status = store_op_find(core->store, head, &place);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        (void)core_check(core, status); /* or it would read as no authority */
    if (status != STATUS_OK || place.waits)
        return NULL;
    struct known_head *known = &core->heads[core->heads_next];
    core->heads_next = (core->heads_next + 1) % HEADS_KNOWN;
    *known = (struct known_head){*head, charters_of_site(core, &place.scope)};
    return known->charter;
}

struct charter *charters_of_op(struct core *core, const struct op *op)
{
    struct charter *charter = NULL;
    for (uint32_t i = 0; charter == NULL && i < op->authority_len; i++)
        charter = charters_of_head(core, &op->authority[i]);
    return charter;
}

bool charters_is_own(struct core *core, const struct op *op)
{
    struct charter *charter = charters_of_op(core, op);
    return charter != NULL && id_equal(charter_site(charter), &core->site);
}

static void forget_heads(struct core *core)
{
    for (int i = 0; i < HEADS_KNOWN; i++)
        core->heads[i].charter = NULL;
}

void charters_forget(struct core *core, const struct id *site)
{
    forget_heads(core);
    for (uint32_t i = 0; i < core->charters_len; i++) {
        if (!id_equal(&core->charters[i].site, site))
            continue;
        charter_free(core->charters[i].charter);
        core->charters[i] = core->charters[--core->charters_len];
        return;
    }
}

void charters_deinit(struct core *core)
{
    for (uint32_t i = 0; i < core->charters_len; i++)
        charter_free(core->charters[i].charter);
    free(core->charters);
    core->charters = NULL;
    core->charters_len = core->charters_capacity = 0;
    forget_heads(core);
}
