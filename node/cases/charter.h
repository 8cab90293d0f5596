/*
 * charter: who a site is and who may sign for it, folded from the ops of its charter
 * scope. Rules: docs/PROTOCOL.md §7. Copies what it needs; borrows nothing after
 * charter_new. Asked from one thread at a time.
 *
 *   heads     of the charter, as an op's authority names them: rights are judged beneath
 *   revoked   a key that a revocation with effect names, anywhere in the charter as known
 *   frozen    beneath these heads stands an op of a newer version by somebody who may
 *             write here: this version cannot judge any more
 */
#ifndef FENGQIAO_CASES_CHARTER_H
#define FENGQIAO_CASES_CHARTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node/cases/effect.h"
#include "node/cases/op_source.h"
#include "node/cases/role.h"
#include "proto/limits.h"
#include "proto/op.h"

enum charter_tier { TIER_VILLAGE = 1, TIER_TOWNSHIP, TIER_COUNTY, TIER_DEPARTMENT };

/* As the charter stands now, all its ops known: one entry a key. */
struct charter_person {
    uint8_t key[32];
    char name[PERSON_NAME_MAX + 1];
    uint32_t roles; /* before a revocation */
    bool is_revoked;
    struct id op; /* that named the key first */
};
struct charter_node {
    uint8_t key[32], noise_key[32];
    uint8_t replaced[32]; /* the signing key that this machine had before, or zeros */
    char name[PERSON_NAME_MAX + 1]; /* empty for the founding op's node */
    bool is_revoked;
    struct id op;
};
/* What another site is to this one; the last word for each site. */
struct charter_link {
    struct id site;
    bool is_parent; /* else our child */
    struct id op;
};

/* What waits until more stewards have approved it. */
struct charter_proposal {
    struct id op;
    char kind[OP_NAME_MAX + 1]; /* person (a steward), node, quorum, recovery */
    uint8_t author[32];
    uint8_t key[32], noise_key[32]; /* that it names; of a node both */
    char name[PERSON_NAME_MAX + 1]; /* of the person or node, else empty */
    uint32_t number;                /* of a quorum */
    uint32_t need, words_len;       /* stewards that it takes, and that stand by it: */
    uint8_t words[QUORUM_MAX][32];  /* their keys */
};

struct charter;

/* Folds ops (any order, all of one charter scope, no parent missing). OK also where the
 * founding op has no effect (charter_is_sound is false then). Statuses of graph_init. */
enum status charter_new(const struct op *const *ops, size_t len,
                        struct charter **out) MUST_USE;
enum status charter_new_from(const struct op_source *source,
                             struct charter **out) MUST_USE;
void charter_free(struct charter *charter);

/* Has the founding op effect? Where not, nobody has a right. */
bool charter_is_sound(const struct charter *charter);
const struct id *charter_site(const struct charter *charter);
enum charter_tier charter_tier(const struct charter *charter);
/* "village", "township", "county", "department"; NULL for another number. */
const char *charter_tier_text(uint64_t tier);
const char *charter_name(const struct charter *charter);

const struct charter_person *charter_persons(const struct charter *charter, size_t *len);
const struct charter_node *charter_nodes(const struct charter *charter, size_t *len);
/* Is the machine with that key for connections one of the site's, and not revoked? */
bool charter_has_machine(const struct charter *charter,
                         const uint8_t noise_key[static 32]);
/* The node of that signing key, or NULL. */
const struct charter_node *charter_node_of(const struct charter *charter,
                                           const uint8_t key[static 32]);
/* Is former the key, or one that the machine of the key had before? */
bool charter_is_same_machine(const struct charter *charter, const uint8_t key[static 32],
                             const uint8_t former[static 32]);
/* In order of site. */
const struct charter_link *charter_links(const struct charter *charter, size_t *len);
/* The link with that site, or NULL. */
const struct charter_link *charter_link(const struct charter *charter,
                                        const struct id *site);
/* The parent named last, or NULL. */
const struct id *charter_parent(const struct charter *charter);
/* The one in force: of the founding op, or named since; 32 bytes, they live as long as
 * the charter. */
const uint8_t *charter_recovery_key(const struct charter *charter);
bool charter_has_rotated(const struct charter *charter);
/* How many were named beside another one that holds. */
uint32_t charter_overruled(const struct charter *charter);
/* How many stewards it takes now to add a steward or a node, or to change that number or
 * the recovery key; 1 where nothing else was set. */
uint32_t charter_quorum(struct charter *charter);
/* The next op, from number *at on (0 at first), that waits for more stewards; false: none
 * is left. */
bool charter_next_proposal(struct charter *charter, uint32_t *at,
                           struct charter_proposal *out);
/* Current heads, ascending. */
const struct id *charter_heads(const struct charter *charter, size_t *len);

bool charter_has(const struct charter *charter, const struct id *op);
/* The effect of one of its ops; NO_AUTHORITY where it is not one of them. */
enum effect charter_effect(const struct charter *charter, const struct id *op);

struct charter_right {
    uint32_t roles; /* of enum role; 0 where the heads are unknown or frozen */
    /* The same as if nobody had ever been revoked or frozen: no later op of the charter
     * changes it, and it has every role that `roles` has. */
    uint32_t roles_unrevoked;
    bool is_known; /* every head is in this charter */
    bool is_frozen;
};
/* What the key may do, judged beneath these heads (an op's authority). A revocation
 * elsewhere in the charter does not show here: ask charter_is_revoked too. */
struct charter_right charter_right(struct charter *charter, const struct id *heads,
                                   size_t len, const uint8_t key[static 32]);
/* The roles alone. */
uint32_t charter_roles(struct charter *charter, const struct id *heads, size_t len,
                       const uint8_t key[static 32]);
/* What the key may do now: its roles beneath the current heads, 0 where revoked. */
uint32_t charter_roles_now(struct charter *charter, const uint8_t key[static 32]);
bool charter_is_revoked(const struct charter *charter, const uint8_t key[static 32]);

/* Appends the canonical view of a charter: {heads, kind, links, name, nodes, persons,
 * refused, site, tier}. */
void charter_view(const struct charter *charter, struct buf *out);

#endif
