/*
 * sim_queue: what will happen, in order of virtual time; at the same moment, in the order
 * in which it was added.
 */
#ifndef FENGQIAO_TESTS_SIM_QUEUE_H
#define FENGQIAO_TESTS_SIM_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

enum sim_happening {
    SIM_TURN,   /* of host */
    SIM_TICK,   /* host's deadline; a = the deadline that it was set for */
    SIM_ENTRY,  /* a = of the script */
    SIM_DIALED, /* host dialed; a = conn, bytes = address */
    SIM_CHUNK,  /* a = wire, b = side that receives, bytes */
    SIM_CLOSED, /* a = wire, b = side that learns of the end */
    SIM_BOOT,   /* of host */
    SIM_HEAL,   /* of host: a = what (sim_weather.h) */
    SIM_JOB,    /* of host: job */
    SIM_BEACON, /* host hears; a = whose, b = the place that it comes from */
    SIM_STICK,  /* host reads; a = which, b = what (sim_courier) */
};

struct job;

struct sim_event {
    uint64_t at_ms, order;
    enum sim_happening type;
    int host;
    uint64_t boot; /* of the host; what was for an earlier boot is lost */
    uint64_t a, b;
    struct buf bytes; /* owned */
    struct job *job;  /* owned */
};

struct sim_queue {
    struct sim_event *heap;
    uint32_t len, capacity;
    uint64_t added;
};

/* Takes the event's bytes and job. */
void sim_queue_add(struct sim_queue *queue, const struct sim_event *event);
/* The next one, moved out, if it is due by then. */
bool sim_queue_take(struct sim_queue *queue, uint64_t until_ms, struct sim_event *event);
void sim_event_deinit(struct sim_event *event);
void sim_queue_deinit(struct sim_queue *queue);

#endif
