/*
 * state: what the core remembers between turns, for the files of this folder alone. What
 * must survive is in the store; everything here can be lost at any moment.
 */
#ifndef FENGQIAO_NODE_CORE_STATE_H
#define FENGQIAO_NODE_CORE_STATE_H

#include "crypto/sign.h"
#include "node/core/check_words.h"
#include "node/core/core.h"
#include "node/core/daily_backup.h"
#include "node/core/device_code.h"
#include "node/core/dialing.h"
#include "node/core/discovery.h"
#include "node/core/doubt.h"
#include "node/core/instance.h"
#include "node/core/refusal.h"
#include "node/core/remembered.h"
#include "node/core/paste.h"
#include "node/core/patrol.h"
#include "node/core/pin_try.h"
#include "node/core/retention.h"
#include "node/core/seal_log.h"
#include "node/core/unpaired.h"
#include "proto/limits.h"

struct charter;
struct session;
struct caller;

#define ACTIONS_MIN 64 /* room from the beginning; TRACE and STOP always fit */

/* A growing list of ids. A failed allocation is sticky. */
struct id_list {
    struct id *ids;
    uint32_t len, capacity;
    bool failed;
};
void id_list_push(struct id_list *list, const struct id *id);
/* Sorts ascending and drops doubles; then id_list_has may be asked. */
void id_list_sort(struct id_list *list);
bool id_list_has(const struct id_list *sorted, const struct id *id);
void id_list_clear(struct id_list *list);
void id_list_deinit(struct id_list *list);

/* A person's unlocked key, on loan to a client connection or an invitation. */
struct signer {
    struct sign_pair *pair; /* secret_new(), or NULL: locked */
    uint8_t key[32];
};
void signer_wipe(struct signer *signer);
bool signer_copy(struct signer *to, const struct signer *from);

struct invite {
    bool is_open, is_ready; /* ready: the code is stretched */
    bool is_for_machine;    /* of our own site, and not for another site */
    uint8_t psk[32];
    uint64_t expires_ms;
    struct signer signer;
};

/* The keys of this machine before the last renewal (renewal.h). */
struct former_keys {
    bool is_set;
    struct sign_pair pair;
    uint8_t key[32];
    uint8_t noise_secret[32], noise_key[32];
    struct id_list told; /* sorted */
};

/* A head under which ops are signed; a run of ops has few, its author's and ours. */
#define HEADS_KNOWN 4
struct known_head {
    struct id id;
    struct charter *charter; /* NULL: none */
};

struct charter_slot {
    struct id site;
    struct charter *charter;
};

struct core {
    struct store *store;
    struct rng rng;
    struct id network;
    char network_name[64];
    struct id site; /* our own */
    struct sign_pair node_pair;
    uint8_t node_key[32];
    uint8_t noise_secret[32], noise_key[32];
    struct former_keys former;
    bool has_instance;               /* drawn with the first session */
    uint8_t instance[INSTANCE_SIZE]; /* this start of it */
    bool listens, is_ending;

    /* of this turn */
    uint64_t now_ms, wall;
    enum wall_quality quality;
    enum status store_status; /* the first failure of the turn */
    struct id_list touched;   /* scopes to fold before the commit */
    struct id_list changed;   /* scopes folded in this turn */
    struct id_list from_us;   /* records that another machine of ours told of */
    struct id_list regrouped; /* scopes whose holders changed in this turn */
    bool rights_changed, charters_changed, keys_changed;

    struct charter_slot *charters;
    uint32_t charters_len, charters_capacity;
    struct known_head heads[HEADS_KNOWN]; /* the last answers of charters_of_head */
    uint32_t heads_next;
    struct id last_here; /* an op of a charter that stands in the graph, so that a run of
                            ops under one authority asks once; first our founding op */

    struct session *sessions[SESSIONS_MAX];
    struct caller *callers[CALLERS_MAX];
    struct invite invites[INVITES_MAX];
    struct channel_replays *replays;
    struct refusal refusals[REFUSAL_REASONS_MAX];
    uint64_t next_conn;  /* for our dials; io's numbers are even, ours odd */
    uint64_t dial_at_ms; /* when to look next whom to dial */
    struct dial dials[DIALS_MAX];
    struct discovery discovery;
    struct knock knocks[KNOCKS_MAX];
    struct check_words check_words[CHECKED_PAIRINGS_MAX];
    uint32_t check_words_next;

    struct doubt doubt;
    struct patrol patrol;
    struct remembered remembered[REMEMBERED_METHODS];
    uint64_t changes;     /* core_changes */
    uint32_t ready_known; /* sessions that were ready when it last grew */

    struct retention retention;
    struct seal_clock seal_clock;
    struct paste_clock pastes;
    struct daily_clock daily;
    struct device_codes device_codes;
    struct pin_wait pin_waits[PIN_WAITS_MAX];

    struct action *actions;
    uint32_t actions_len, actions_taken, actions_capacity;
};

/* With keys, and without a site; NULL: no memory. */
struct core *core_new(const struct core_config *config);
/* This machine is itself by these keys. */
void core_take_keys(struct core *core, const uint8_t seed[static 32],
                    const uint8_t noise_secret[static 32]);
/* Appends a zeroed action of that type, or NULL when out of memory (which fails the
 * turn).
 */
struct action *core_act(struct core *core, enum action_type type);
void core_trace(struct core *core, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Remembers the first store failure of the turn and returns status. */
enum status core_check(struct core *core, enum status status);

#endif
