/*
 * sim_forge: ops that no node of a history would write, and how they come to a host: by
 * the receive path, as if a peer had brought them.
 */
#ifndef FENGQIAO_TESTS_SIM_FORGE_H
#define FENGQIAO_TESTS_SIM_FORGE_H

#include "tests/sim/life/sim_state.h"

/* A record that a host shares with its parent, or the county with a township. */
struct forge_record {
    struct id scope, founder;
    const struct sim_host *peer;
};

/* False: there is none. */
bool forge_record(struct sim_host *host, struct forge_record *record);
/* A fresh op of that kind on the heads of a scope, as the store has them. False: the
 * scope has none, or they cannot be read. */
bool forge_on_heads(struct sim_host *host, struct op *op, const char *kind,
                    const struct id *scope);
/* By the word of a site's charter, as the host knows it. */
bool forge_authority(struct sim_host *host, struct op *op, const struct id *site);
/* Brings a sealed op, inside a turn. from NULL: by our own hand. */
enum status forge_tell(struct sim_host *host, const struct op *op, const struct id *from);
/* Has that op effect in its scope, as the host folds it? */
bool forge_has_effect(struct sim_host *host, const struct id *scope, const struct id *op);

#endif
