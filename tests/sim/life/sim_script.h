/*
 * sim_script: what people and the weather do in a history, made from its seed before it
 * begins. Each entry has a key of its own for its choices, so that entries can be left
 * out without changing what the others do.
 */
#ifndef FENGQIAO_TESTS_SIM_SCRIPT_H
#define FENGQIAO_TESTS_SIM_SCRIPT_H

#include <stdint.h>

enum sim_deed {
    /* people */
    DEED_CASE,     /* a new case */
    DEED_NOTE,     /* a note on a case */
    DEED_SET,      /* a field is set anew */
    DEED_ESCALATE, /* triage, consent, release */
    DEED_DESK,     /* a desk opens, accepts, advises, returns, decides, sends onward */
    DEED_CLOSE,    /* a case that stayed is closed */
    DEED_SYNC,     /* somebody asks for a sync */
    /* weather */
    DEED_CUT,       /* the power goes between two writes */
    DEED_CUT_WRITE, /* the power goes inside a write */
    DEED_BREAK,     /* a connection breaks after some bytes */
    DEED_PART,      /* one direction between two hosts is blocked for a while */
    DEED_CLOCK,     /* the wall clock jumps */
    DEEDS_LEN,
};

struct sim_entry {
    uint64_t at_ms;
    enum sim_deed deed;
    int host;
    uint64_t key;
};

#define SIM_ENTRIES_MAX 512

struct sim_script {
    struct sim_entry entries[SIM_ENTRIES_MAX];
    uint32_t len;
    uint64_t ends_ms;
};

struct sim;

void sim_script_make(struct sim *sim, uint64_t begins_ms);
const char *sim_deed_name(enum sim_deed deed);

#endif
