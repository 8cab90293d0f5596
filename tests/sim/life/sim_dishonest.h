/*
 * sim_dishonest: the steward of a village is not honest, who has the machine, its disk
 * and her key. In one seed of eight she does one of four things, once:
 *
 *   two histories   the newest seal, which the parent has cosigned, is another one now
 *   dated back      a note says that it was written a month ago
 *   dropped         a case is gone, from records, ledger and views, as if it had never
 *                   been; the machine goes on sealing
 *   late consent    a record goes up, and the consent that it claims is given behind it
 *
 * Each passes every rule that a node applies. What finds it out: watch_dishonest.
 */
#ifndef FENGQIAO_TESTS_SIM_DISHONEST_H
#define FENGQIAO_TESTS_SIM_DISHONEST_H

#include "tests/sim/life/sim_state.h"

enum dishonesty {
    DISHONEST_TWO_HISTORIES,
    DISHONEST_DATED_BACK,
    DISHONEST_DROPPED,
    DISHONEST_LATE_CONSENT,
    DISHONEST_WAYS,
};

#define DISHONEST_OPS_MAX 3
#define DISHONEST_BACK_S (30u * 24 * 60 * 60)

struct sim_dishonest {
    enum dishonesty way;
    struct sim_host *host;
    bool has_acted;
    bool is_audited; /* an audit of the machine has found it (watch_audit) */
    struct id scope; /* of a case: what is gone, or where it is written */
    struct id op;    /* the note; what the case says of the record */
    uint64_t wall;   /* that the note claims */
    /* Two histories: what the parent holds, and what somebody else is shown, who may
     * cosign it. held is empty where the parent was off then. */
    struct buf held, shown;
    /* For the next turn of the host. */
    struct buf ops[DISHONEST_OPS_MAX];
    uint32_t ops_len;
};

/* Chooses who and how, and says who; NULL: all are honest. */
struct sim_host *sim_dishonest_choose(struct sim *sim);
/* Chooses when, once the script is made. */
void sim_dishonest_plan(struct sim *sim);
/* Between two turns of that host; later again, where it cannot be done yet. */
void sim_dishonest_act(struct sim_host *host);
/* In a turn: what is to be written. */
void sim_dishonest_bring(struct sim_host *host);
/* Is that what an audit of that host has to find? By the word, and the op that it names.
 */
bool sim_dishonest_is_found(const struct sim_host *host, struct bytes word,
                            const struct id *op);
/* Has that host done that? */
bool sim_dishonest_did(const struct sim_host *host, enum dishonesty way);
void sim_dishonest_free(struct sim *sim);

#endif
