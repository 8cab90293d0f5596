/*
 * store_confirmed: what machines of peers have said that they hold, by their Noise keys,
 * and the alarms about those that hold less after all.
 */
#ifndef FENGQIAO_STORAGE_STORE_CONFIRMED_H
#define FENGQIAO_STORAGE_STORE_CONFIRMED_H

#include "storage/store.h"

/* The machine holds every op, in the graph here so far, of all scopes that we share with
 * its site. Every op in the graph must be folded. own: our site, whose charter every pair
 * shares: its place says how far all was confirmed before, and only what came since is
 * looked at; of a machine of our own site, all of it. */
enum status store_confirmed_put(struct store *store, const uint8_t node[static 32],
                                const struct id *site, const struct id *own) MUST_USE;
/* The same for one scope; nothing where it is not shared. */
enum status store_confirmed_put_scope(struct store *store, const uint8_t node[static 32],
                                      const struct id *site,
                                      const struct id *scope) MUST_USE;
/* Below which position of its ledger tree the machine holds all ops of the scope; 0:
 * none. */
enum status store_confirmed_get(struct store *store, const uint8_t node[static 32],
                                const struct id *scope, uint64_t *place) MUST_USE;
/* How many scopes of that kind it has confirmed anything of. */
enum status store_confirmed_count(struct store *store, const uint8_t node[static 32],
                                  enum scope_kind kind, uint64_t *count) MUST_USE;
/* Begins anew with that machine. */
enum status store_confirmed_forget(struct store *store,
                                   const uint8_t node[static 32]) MUST_USE;

enum store_alarm_kind {
    ALARM_ROLLBACK = 1, /* it lacks what it had */
    ALARM_IMPOSSIBLE,   /* it claims what cannot be */
    ALARM_COPY,         /* two copies of it run */
    ALARM_TOLD,         /* it says that two copies of this machine run */
    ALARM_DOUBLED,      /* it wrote two bundles of one number */
    ALARM_FORKED,       /* its seal log showed two histories */
    ALARM_SET_BACK,     /* it showed fewer seals than before */
    ALARM_KINDS,
};
struct store_alarm {
    struct id site;
    uint8_t node[32];
    enum store_alarm_kind kind;
    uint64_t wall;  /* of the last time */
    uint64_t times; /* since a steward cleared it */
    uint64_t ops;   /* ROLLBACK: that were missing, all times together */
};
/* Once more: adds the ops. times is not read. */
enum status store_alarm_raise(struct store *store,
                              const struct store_alarm *alarm) MUST_USE;
typedef enum status store_alarm_fn(void *context, const struct store_alarm *alarm);
enum status store_alarms(struct store *store, const struct id *site, store_alarm_fn *fn,
                         void *context) MUST_USE;
enum status store_alarms_clear(struct store *store, const struct id *site) MUST_USE;

#endif
