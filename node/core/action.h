/*
 * action: what the core wants done after its turn was committed. io performs actions in
 * order; each completion comes back as an event. The action owns its bytes: io takes them
 * with the action and frees them with action_deinit.
 */
#ifndef FENGQIAO_NODE_CORE_ACTION_H
#define FENGQIAO_NODE_CORE_ACTION_H

#include <stdint.h>

#include "proto/bytes.h"

struct job;

enum action_type {
    ACTION_DIAL,   /* conn, text = "host:port" → CONN_CONNECTED or CONN_CLOSED */
    ACTION_SEND,   /* conn (connected), bytes → CONN_DRAINED once written */
    ACTION_CLOSE,  /* conn: after what was sent before is written → CONN_CLOSED */
    ACTION_REPLY,  /* client, bytes: one answer without its length */
    ACTION_JOB,    /* job: run it → JOB_DONE, always exactly once */
    ACTION_BEACON, /* bytes: to everybody on the local networks, by one datagram each */
    ACTION_BACKUP, /* write one and try it → BACKUP_DONE, always exactly once */
    ACTION_KEYS,   /* this machine has others: core_machine_keys, to be kept for good */
    ACTION_TRACE,  /* text: one line for the log, no names and no content in it */
    ACTION_STOP,   /* the store failed: leave with exit code 74 */
};

struct action {
    enum action_type type;
    uint64_t conn, client;
    struct buf bytes;
    struct job *job;
    char text[256];
};

void action_deinit(struct action *action);

#endif
