/*
 * far_client: somebody who asks a node over the network, as the page does.
 */
#ifndef FENGQIAO_TESTS_FAR_CLIENT_H
#define FENGQIAO_TESTS_FAR_CLIENT_H

#include "tests/sim/sim_county.h"

#define FAR_TOKEN_SIZE 32
#define FAR_CODE_SIZE 32

struct far_client {
    struct sim_county *f;
    struct world_node *node;
    uint64_t number, asked;
    const char *once; /* of the next request, 16 bytes; NULL: none */
    struct buf bytes; /* the last answer */
    struct bytes result;
    char reason[320]; /* where it was not OK */
    uint8_t token[FAR_TOKEN_SIZE];
    uint64_t device;
};

/* number: not used before by another client of that node. */
void far_open(struct far_client *far, struct sim_county *f, struct world_node *node,
              uint64_t number);
void far_close(struct far_client *far);
/* After a start of the node the connection is gone: another one. */
void far_open_again(struct far_client *far);

/* One request with arguments as for world_say; CLOSED: no answer came. */
enum status far_say(struct far_client *far, const char *method, ...);
enum status far_call(struct far_client *far, const char *method, struct bytes map);
/* The two halves of it, for what is answered later. */
void far_ask(struct far_client *far, const char *method, struct bytes map);
enum status far_hear(struct far_client *far);

/* The code of an invitation that the steward makes at the node for that person. */
void far_invite(struct sim_county *f, struct world_node *node, const char *person,
                char code[static FAR_CODE_SIZE]);
/* Signs in by it and keeps the token. */
enum status far_claim(struct far_client *far, const char *code);
/* Signs in as that person, by an invitation. */
void far_sign_in(struct far_client *far, const char *person);
/* With the token that it has. */
enum status far_enter(struct far_client *far);

#endif
