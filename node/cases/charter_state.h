/*
 * charter_state: the inside of a charter, for charter.c, charter_rule.c and
 * charter_view.c alone.
 */
#ifndef FENGQIAO_CASES_CHARTER_STATE_H
#define FENGQIAO_CASES_CHARTER_STATE_H

#include "node/cases/charter.h"
#include "node/cases/graph.h"

enum charter_kind {
    KIND_OTHER,
    KIND_FOUND,
    KIND_PERSON,
    KIND_NODE,
    KIND_LINK,
    KIND_REVOKE,
    KIND_QUORUM,
    KIND_APPROVE,
    KIND_WITHDRAW,
    KIND_RECOVERY,
    KINDS
};

/* One op, with what it says. Same number as its graph node. */
struct charter_op {
    enum charter_kind kind;
    enum effect form; /* of schema_check_op */
    enum effect effect;
    bool is_accepted; /* a revocation that was decided to hold: for good */
    bool was_right;   /* would have effect, had nobody ever been revoked or frozen */
    uint8_t author[32];
    uint8_t key[32], noise_key[32];
    uint8_t replaced[32]; /* NODE: the key that the new one replaces, or zeros */
    char name[PERSON_NAME_MAX + 1];
    uint32_t role;
    struct id site;
    bool is_parent;
    uint32_t covers, covers_len; /* nodes: covers[covers …] */
    uint32_t number;             /* QUORUM */
    uint32_t target;   /* APPROVE, WITHDRAW: a node that it may name, or GRAPH_NONE */
    uint32_t need;     /* distinct stewards that it takes, its author among them */
    bool by_recovery;  /* its author had the recovery key beneath it */
    bool is_in_force;  /* QUORUM, RECOVERY: it counts for what stands beside it */
    bool is_overruled; /* RECOVERY: by one that the recovery key itself named */
    char kind_name[OP_NAME_MAX + 1];
};

/* What an op says about a key: a role, or that it is revoked (role 0). */
struct charter_claim {
    uint8_t key[32];
    uint32_t node;
    uint32_t role;
};

/* That a steward approves another op. */
struct charter_word {
    uint32_t target, node;
};

/* Where a link with effect is found by its site: a county's charter has thousands. */
struct charter_place {
    struct id site;
    uint32_t node;
    uint32_t slot; /* of the first place of a site: 1 + index of the link */
};

struct charter {
    struct graph graph;
    struct charter_op *ops;
    uint32_t *covers;
    struct charter_claim *claims; /* in order of key, then node */
    uint32_t claims_len;
    uint32_t *strange; /* ops of an unknown kind or a newer version, ascending */
    uint32_t strange_len;
    bool may_lapse; /* somebody was revoked, something froze, or waits for stewards */
    struct charter_word *words; /* in order of target, then node */
    uint32_t words_len;
    uint32_t *quorums, *rotations; /* nodes of these kinds, ascending */
    uint32_t quorums_len, rotations_len;

    enum charter_tier tier;
    char name[SITE_NAME_MAX + 1];
    uint8_t recovery_key[32], recovery_now[32]; /* of the founding op; in force */

    struct id *heads;
    uint32_t heads_len;
    struct charter_person *persons;
    struct charter_node *nodes;
    struct charter_link *links;
    uint32_t persons_len, nodes_len, links_len;
    struct charter_place *places; /* in order of site, then node */
    uint32_t places_len;
    uint32_t *person_slots, *node_slots; /* by claim: 1 + index of the member, 0 none */
};

/* The past that a right is judged in: beneath ids; a whole charter where all is set. */
struct charter_past {
    bool all;
    bool unrevoked; /* as if nobody had ever been revoked or frozen */
    uint32_t node;  /* the parents of this node, or GRAPH_NONE: beneath ids */
    const struct id *ids;
    size_t ids_len;
    const struct charter_op *revoke; /* what it covers, or NULL */
};

/* Has this node more above it than it can be judged without? */
bool charter_is_in_past(struct charter *charter, const struct charter_past *past,
                        uint32_t node);

/* The first place of a site, or NULL. */
struct charter_place *charter_place_of(const struct charter *charter,
                                       const struct id *site);
/* Decides the effect of every op. */
void charter_judge(struct charter *charter);
/* The roles of a key by the ops with effect in that past. *revoked (may be NULL): a
 * revocation stands there. */
uint32_t charter_rights_in(struct charter *charter, const struct charter_past *past,
                           const uint8_t key[static 32], bool *revoked);
bool charter_is_frozen_in(struct charter *charter, const struct charter_past *past);
/* The claims about a key: *len of them from the result on. */
const struct charter_claim *charter_claims_of(const struct charter *charter,
                                              const uint8_t key[static 32],
                                              uint32_t *len);

/* charter_quorum: how many stewards an op takes, and whether they have said so. */

bool charter_takes_words(const struct charter_op *op);
/* How many stewards it takes in that past. */
uint32_t charter_quorum_in(struct charter *charter, const struct charter_past *past);
/* How many an op of a steward takes: what was in force beneath it, or the most of what
 * was set beside it. */
uint32_t charter_quorum_for(struct charter *charter, uint32_t node);
/* How many distinct stewards stand by it in that past, at most its need, which the
 * recovery key alone is. keys (may be NULL): theirs. */
uint32_t charter_words_in(struct charter *charter, const struct charter_past *past,
                          uint32_t node, uint8_t (*keys)[32]);
bool charter_is_granted_in(struct charter *charter, const struct charter_past *past,
                           uint32_t node);
/* The words about an op: *len of them from the result on. */
const struct charter_word *charter_words_of(const struct charter *charter, uint32_t node,
                                            uint32_t *len);
/* The effect of a quorum by the number of stewards beneath it, of a word by what it
 * names; YES for other kinds. */
enum effect charter_judge_quorum(struct charter *charter, uint32_t node);
/* After a word was judged to have effect: what follows for the op that it names. */
void charter_apply_word(struct charter *charter, uint32_t node);

/* charter_recovery: which recovery key is in force. */

const uint8_t *charter_recovery_in(struct charter *charter,
                                   const struct charter_past *past);
/* Did a rotation take the power from the recovery key that wrote it? */
bool charter_is_retired(struct charter *charter, uint32_t node);
/* The effect of a rotation of which its author has the right; YES for other kinds. */
enum effect charter_judge_recovery(struct charter *charter, uint32_t node);
/* A rotation comes into force: what it overrules. */
void charter_overrule(struct charter *charter, uint32_t node);

#endif
