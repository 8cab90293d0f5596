/*
 * fold: what a scope says, the same on every node whatever the order of arrival. A pure
 * function of the scope's ops and of the charters as known. Rules: docs/PROTOCOL.md §6,
 * §7.
 */
#ifndef FENGQIAO_CASES_FOLD_H
#define FENGQIAO_CASES_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node/cases/effect.h"
#include "node/cases/op_source.h"
#include "proto/limits.h"
#include "proto/op.h"
#include "proto/scope_kind.h"

struct charter;

struct fold_input {
    const struct op *const *ops; /* any order, none that waits; borrowed; or op_at */
    size_t len;
    /* The charter that has this op (a head named by an authority), or NULL. Good until
     * fold_scope returns. Charters keep marks, hence not const. */
    struct charter *(*charter_of)(void *context, const struct id *head);
    void *context;
    /* Where ops is NULL: op i (op_source.h). */
    const struct op *(*op_at)(void *context, size_t i);
    bool is_effects_only; /* no sum and no view are asked for, nor how far each site has
                             come */
};

/* A site that holds the scope with effect, and the classes (disclosure.h) it may be
 * shown. */
struct fold_holder {
    struct id site;
    uint32_t classes;
};

struct fold_effect {
    struct id op;
    enum effect effect;
};

struct fold_result {
    enum scope_kind kind; /* 0: the founding op is of a kind this version does not know */
    struct id site;       /* the founder's; zero where its charter is not known */
    struct id *heads;     /* ascending */
    uint32_t heads_len;
    struct fold_holder
        holders[HOLDERS_MAX]; /* ascending by site, the founder's included */
    uint32_t holders_len;
    /* Every site that may hold the scope, those above included: what is reconciled with
     * whom. Of the others the grant has no effect (any more): they are shown facts alone.
     * More ops, of this scope or of a charter, only add to it: see escalation_held.c. */
    struct id *held; /* ascending */
    uint32_t held_len;
    bool is_recalled;            /* an escalation: a recall has effect */
    struct fold_effect *effects; /* in order of (time, id) */
    uint32_t effects_len;
    struct buf view; /* canonical; read it with view.h */
};

/* Fills out, which is the caller's to fold_result_deinit after OK. Statuses of
 * graph_init. */
enum status fold_scope(const struct fold_input *input, struct fold_result *out) MUST_USE;
/* Frees; accepts a zeroed struct. */
void fold_result_deinit(struct fold_result *result);
/* The effect of one op of the result; NO_AUTHORITY where it is not in it. */
enum effect fold_effect_of(const struct fold_result *result, const struct id *op);

#endif
