/*
 * sim_failing: stories in which something of one node fails, again and again at another
 * place, until nothing fails any more (I14). Nobody is told "saved", nothing is sent, the
 * node stops; after a new start nothing of that turn is there and everything of before
 * is, and the same goes well.
 */
#ifndef FENGQIAO_TESTS_SIM_FAILING_H
#define FENGQIAO_TESTS_SIM_FAILING_H

#include <stddef.h>

#include "tests/sim/sim_county.h"

struct sim_fault {
    /* In the turns of that node something fails once, at another place each time. */
    void (*arm)(struct world_node *node);
    /* Nothing fails any more; did anything? */
    bool (*disarm)(void);
    /* A node may do without, or refuse and go on. */
    bool is_borne;
    uint32_t
        least; /* failures that a story between peers has to see, or it shows nothing */
};

#define SIM_PAIRS_MAX 8

struct sim_request {
    enum { VILLAGE, TOWNSHIP } whose;
    const char *method;
    /* Names and values, names ascending. "[a,b": a list, of lists where '=' parts them;
     * "@a": one party; "!": true; "#7": a number, in a list as well; "%": a photo; "&a":
     * bytes; "*a": a list of one case of that title; "$case", "$record", "$file", "$op",
     * "$seen": what earlier requests gave. */
    const char *arguments[2 * SIM_PAIRS_MAX + 1];
    uint64_t ops; /* that it adds */
};

/* Starts a node that has stopped, looks through its store and unlocks its steward. */
void sim_start_again(struct sim_county *f, struct world_node *node);
/* The store as an earlier version left it: nothing listed, nothing to search in. */
void sim_leave_unsettled(struct world_node *node);
/* Each request of the API, at the village xikou or the township. */
void sim_fail_requests(struct sim_county *f, const struct sim_fault *fault);
/* Those: first the village's, then what the township asks when it has heard of them. */
void sim_fail_each_request(struct sim_county *f, const struct sim_fault *fault,
                           const struct sim_request *list, size_t len);
/* Requests at xikou in the turn in which its charter changes and so has to be read. */
void sim_fail_rereading(struct sim_county *f, const struct sim_fault *fault);
/* A record goes up from xikou; however the node stops, at the end both hold the same. */
void sim_fail_arrival(struct sim_county *f, const struct sim_fault *fault,
                      struct world_node *failing);
/* A record goes onward to the county, whose node it is. */
void sim_fail_entry(struct sim_county *f, const struct sim_fault *fault);
/* A new village joins the township; it is the parent's node or the child's. */
void sim_fail_pairing(struct sim_county *f, const struct sim_fault *fault,
                      bool at_parent);

#endif
