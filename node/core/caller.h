/*
 * caller: one connection of the control socket, or one device that came over the network:
 * its requests, the person it speaks for, and the one answer it may be waiting for.
 */
#ifndef FENGQIAO_NODE_CORE_CALLER_H
#define FENGQIAO_NODE_CORE_CALLER_H

#include "node/core/state.h"

struct api_method;
struct backup_out;
struct bundle_in;
struct bundle_out;
struct session;

enum caller_wait {
    CALLER_READY,
    CALLER_UNLOCKING,
    CALLER_INVITING,
    CALLER_JOINING,
    CALLER_SEEKING, /* a beacon of the site whose code was typed */
    CALLER_ADDING,  /* a person's new key is being wrapped */
    CALLER_SYNCING,
    CALLER_RETRYING,   /* what was set apart is being verified */
    CALLER_OPENING,    /* the old PIN of a key is being tried … */
    CALLER_REWRAPPING, /* … the new one put in its place */
    CALLER_SHOWING,    /* a steward's key is being opened, to read what is sealed */
    CALLER_READING,    /* a file of a bundle (bundle_in.h) */
};

struct caller {
    uint64_t number;
    bool is_far;          /* it came over the network: asked for its device (far.h) */
    bool has_person;      /* far: its device is signed in, for: */
    struct id person;     /* a key */
    int64_t device;       /* the device's number; 0: none */
    uint64_t asked_ms;    /* far: its last request */
    struct signer signer; /* of a far one, the person's alone */
    enum caller_wait wait;
    uint64_t request; /* number of the request that waits, or was the last */
    const struct api_method *method; /* that it called; NULL: none yet */
    uint64_t deadline_ms;            /* SYNCING, SEEKING */
    uint64_t since_ms;               /* SYNCING: rounds begun from here on count */
    int invite;                      /* INVITING */
    int64_t number_retried;          /* RETRYING */
    char code[64];                   /* INVITING, JOINING */
    char address[128];               /* JOINING; empty: it is sought */
    uint8_t psk[32];                 /* SEEKING */
    char pin[WRAP_PIN_MAX + 1];      /* OPENING: the new one */
    uint32_t pin_len;
    struct backup_out *backup_out;            /* that is being written; owned, or NULL */
    struct bundle_in *bundle_in;              /* READING; owned */
    struct bundle_out *bundle_out;            /* that is being written; owned, or NULL */
    struct id shown_in;                       /* SHOWING: the case */
    char party[121];                          /* SHOWING */
    char name[PERSON_NAME_MAX + 1], role[16]; /* ADDING */
};

/* One more than there is room for is never answered: io opens no more of either sort than
 * CONTROL_CLIENTS_MAX, FAR_CLIENTS_MAX. */
void caller_opened(struct core *core, uint64_t number, bool is_far);
void caller_request(struct core *core, uint64_t number, struct bytes bytes);
void caller_closed(struct core *core, uint64_t number);
void caller_job_done(struct core *core, struct job *job);
void caller_joined(struct core *core, struct session *session);
void caller_join_failed(struct core *core, struct session *session);
/* Answers those who wait for a sync that is done, or too long; locks far ones that rest.
 */
void callers_tick(struct core *core);
uint64_t callers_deadline(const struct core *core);
void callers_free(struct core *core);

/* Is the unlocked person a steward of our site now? */
bool caller_is_steward(struct core *core, const struct caller *caller);
/* Queues the answer, the one way in which a caller is told anything: result is canonical
 * bytes on OK, of which an observer's contents are cut out; else err's sentence goes. */
void caller_answer(struct core *core, struct caller *caller, enum status status,
                   struct buf *result, const struct err *err);
/* Starts a job whose end comes to caller_job_done. Takes the job. */
void caller_start_job(struct core *core, struct caller *caller, struct job *job,
                      enum caller_wait wait);

#endif
