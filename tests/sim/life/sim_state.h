/*
 * sim_state: what the files of this folder share. One struct sim is one history.
 */
#ifndef FENGQIAO_TESTS_SIM_STATE_H
#define FENGQIAO_TESTS_SIM_STATE_H

#include "crypto/digest.h"
#include "node/core/core.h"
#include "tests/sim/life/sim.h"
#include "tests/sim/life/sim_heap.h"
#include "tests/sim/life/sim_queue.h"
#include "tests/sim/life/sim_script.h"
#include "tests/sim/life/sim_seen.h"
#include "tests/support/crash_vfs.h"

#define SIM_HOSTS_MAX 8
#define SIM_WIRES_MAX 128
#define SIM_CASES_MAX 256
#define SIM_SENT_MAX 256
#define SIM_INBOX_MAX 1024
#define SIM_RENEWALS_MAX 8
#define SIM_TOLD_MAX 4096
#define SIM_ERRANDS_MAX 64
#define SIM_EPOCH 1790000000u /* wall seconds when a history begins */
#define SIM_SEAL_DAY_S 3600   /* histories last hours: a seal in each of them */

#define SIM_CLIENT_STEWARD 1
#define SIM_CLIENT_MEDIATOR 2
#define SIM_CLIENT_STRANGER 3
#define SIM_CLIENT_OTHER 5    /* another steward */
#define SIM_CLIENT_PHONE 1000 /* and the key of its entry */
#define SIM_CLIENT_BACKUP 3000
#define SIM_CLIENT_LOOKS 3001   /* at what was recalled (watch_restore) */
#define SIM_CLIENT_COURIER 4000 /* and the number of the stick */

struct newcomer;
struct sim_host;
struct sim_errand;
typedef void sim_errand_done(struct sim_host *host, struct sim_errand *errand,
                             struct bytes status, struct bytes result);

/* A case as the people of a village remember it. */
struct sim_case {
    char printed[32]; /* its number, which two machines may give to two cases */
    char number[2 * ID_SIZE + 1]; /* what requests say: of such a site the scope in hex */
    char party[64];               /* a name; it goes up with the case */
    struct id scope;
    bool is_meant_up;   /* may be escalated; the others stay, come what may */
    const char *fields; /* what leaves when it goes up */
    uint32_t sent_len;  /* how often it went up */
};

/* An escalation that somebody was told is released. */
struct sim_sent {
    struct id scope;
    int from;       /* host */
    uint32_t which; /* of its cases */
    /* Where its people were told that it is recalled (watch_recall). */
    bool is_recalled, is_watched;
    struct id recall;
    uint8_t secret[OP_SECRET_SIZE]; /* of the record */
    uint8_t title[256];             /* as it went up; empty where it is not its alone */
    size_t title_len;
    bool has_file; /* and what a recall takes of it (watch_files) */
    uint8_t file_key[32], file_piece[24];
    uint32_t turns[SIM_HOSTS_MAX]; /* of each host since the recall came there */
    uint32_t had_come; /* bits of hosts: the recall had, to a machine that was lost */
};

/* A request to a node, and what is done with the answer. */
struct sim_errand {
    uint64_t number; /* 0: free */
    uint64_t client;
    const char *method;
    sim_errand_done *done;
    uint64_t key;              /* of the script's entry */
    bool has_once;             /* of its own, made from the key */
    char hex[2 * ID_SIZE + 1]; /* the escalation that it is about */
    uint32_t step;             /* the errand's own business */
    uint32_t which;
};

/* An event on its way into a turn. */
struct sim_news {
    struct event event;
    struct buf bytes;
};

struct sim_host {
    struct sim *sim;
    int index, parent; /* parent -1: none */
    /* The first machine of its site; NULL: it is that. And what joins (sim_replica). */
    struct sim_host *elder;
    struct newcomer *newcomer;
    bool is_stolen;    /* it is not its site's any more */
    bool knows_stolen; /* it has heard that the other machine is revoked */
    bool has_keys;     /* of persons; a second machine gets them after it joined */
    const char *tier;
    char name[40], address[24], vfs[24];
    struct crash_vfs *disk;
    struct sim_heap heap;
    struct core_config config;
    struct rng_keyed *dice;
    uint8_t former[SIM_RENEWALS_MAX][32]; /* signing keys that it had */
    uint32_t former_len;
    struct core *core; /* NULL: no power, or it stopped */
    struct id site;
    uint8_t steward_seed[32], recovery_seed[32];

    bool is_on, turn_is_due, has_stopped;
    bool is_flawed, lies_about_syncs; /* its disk (sim_flaw) */
    bool is_failing, is_ruined; /* lost with it: at the end of this turn, and since */
    bool has_lost;              /* some commits */
    bool told_of_loss;          /* an opening said that something is gone */
    bool is_set_back;           /* to an older image, once (sim_image) */
    bool is_cloned;             /* and the image is used as well, by turns */
    bool is_lost;               /* its machine: a new one is made at the next boot */
    bool has_revoked;           /* somebody; where it was set back, covers may be gone */
    bool is_restored;           /* from a backup (sim_keeper); it is set back as well */
    bool forgets;               /* it has not started from it yet */
    bool is_due;                /* some peer knows that it had what is gone */
    bool has_lost_unsaid;       /* once it did not: the check did, or nobody could */
    bool has_lost_rows;         /* once, of what follows from the records alone */
    int loss;                   /* which ones */
    bool is_sound;              /* at the end: the rest may be asked of it */
    uint32_t findings;          /* of a check */
    bool dies_before_reply; /* the power goes after the next commit that has answers */
    bool dies_when_waiting; /* … after the next in which an op has to wait */
    bool dies_after_turn;
    bool disk_fails, heap_fails; /* armed by the weather, not healed yet */
    bool was_full;
    bool takes_in; /* in this turn: ops of a peer */
    uint64_t booted_ms, boots;
    uint32_t jobs_out; /* that are with the pool */
    int64_t wall_offset_s, drift_ppm;
    uint64_t wall_at_off;
    bool has_battery; /* its clock goes on while the power is off */
    enum wall_quality quality;
    uint64_t origins; /* drawn so far, by a twin */
    uint64_t next_accept, next_request, deadline_ms;
    struct sim_news inbox[SIM_INBOX_MAX];
    uint32_t inbox_len;
    struct buf aside; /* an op of another machine, for the next turn (sim_second) */
    const struct sim_host *aside_from; /* as if it had brought it (sim_thief); or NULL */

    bool is_unlocked;
    bool has_mediator, mediator_is_unlocked;
    bool mediator_may_go; /* her revocation was asked for and not answered yet */
    char mediator[40];
    uint64_t away_until_ms, slow_until_ms;
    const struct sim_entry *aimed; /* weather that waits for the next release */
    bool twice_next;               /* what it dials next arrives twice */
    uint64_t break_next; /* what it dials next breaks after so many bytes; 0: not */
    struct sim_errand errands[SIM_ERRANDS_MAX];
    struct sim_case cases[SIM_CASES_MAX];
    struct id previewed;       /* digest of what the last preview showed */
    uint64_t previewed_number; /* of the release that was asked for behind it; 0: none */
    struct id outbox;          /* digest of what the outbox showed */
    /* Of the request that sends it; of one that must send nothing; 0: none. */
    uint64_t outbox_number, refused_number;
    uint64_t settled_number; /* of what settled a conflict last; 0: none (sim_conflict) */
    /* Of what wrote village rules last, and of the agreement behind it (sim_agree). */
    uint64_t ruled_number, cited_number;
    uint32_t cases_len;
    int64_t seq_at_end;             /* the last op that it had when all was healed */
    uint64_t outside;               /* bytes of records that waited outside then */
    uint64_t op_bytes, op_messages; /* that it sent since */
    uint32_t unequal;               /* rounds since */
    bool has_purged;                /* it erased what was recalled, since */
    uint64_t in_vain; /* op bytes since, that it may have sent to who had a new key */
    struct id told[SIM_TOLD_MAX]; /* ops that people were told are saved */
    uint32_t told_len;
    struct id owed[SIM_TOLD_MAX]; /* that went with an image, and that a peer holds */
    uint32_t owed_len;
};

/* A connection: side 0 dialed. */
struct sim_wire {
    bool is_used;
    bool is_ghost;   /* side 0 is somebody who repeats what another said */
    bool is_open[2]; /* does that side know of it and not of its end? */
    int host[2];
    uint64_t conn[2];
    uint64_t ended_ms[2];   /* when that side was told of its end */
    uint64_t arrives_ms[2]; /* of the last chunk towards that side: they stay in order */
    uint64_t sent[2];       /* bytes from that side */
    uint64_t cut_at;        /* after so many bytes both ways it breaks; 0: never */
    uint64_t number;
    bool mutes[2];         /* that side is not told when the line dies */
    int ghost;             /* index + 1 of the wire that repeats what the dialer says */
    uint64_t ghost_number; /* of it */
    uint32_t answered;     /* of a ghost: the one that it repeats and itself, where they
                              were answered */
};

/* Who listens to a history while it happens; each may be NULL. */
struct sim_ear {
    void *context;
    /* A line of the trace, without its time. host NULL: of no host. */
    void (*line)(void *context, const struct sim_host *host, const char *line);
    void (*turn)(void *context, struct sim_host *host); /* that host had a turn */
};

struct sim {
    struct sim_options options;
    struct sim_ear ear;
    struct sim_verdict *verdict;
    uint64_t now_ms;
    struct sim_queue queue;
    struct sim_script script;
    uint32_t entry;
    struct sim_host *hosts[SIM_HOSTS_MAX];
    int hosts_len;
    struct sim_wire wires[SIM_WIRES_MAX];
    uint64_t wires_made;
    uint64_t blocked_until_ms[SIM_HOSTS_MAX][SIM_HOSTS_MAX]; /* [from][to] */
    struct sim_sent sent[SIM_SENT_MAX];
    uint32_t sent_len;
    bool is_over; /* nothing of the script happens any more */
    struct sim_seen seen;
    struct canary *canary;         /* watch_canary's own */
    struct sim_liar *liar;         /* who lies, if anybody does */
    struct sim_sticks *sticks;     /* sim_courier's own; NULL: none yet */
    struct sim_thief *thief;       /* has the key of a desk; NULL: nobody yet */
    struct sim_stewards *stewards; /* sim_stewards' own; NULL: each site has one */
    struct sim_beacons *beacons;   /* sim_beacons' own; NULL: nobody says any */
    struct sim_replica *replica; /* sim_replica's own; NULL: each site has one machine */
    struct sim_folder *folder;   /* sim_keeper's own; NULL: nobody keeps backups */
    struct sim_dishonest *dishonest; /* sim_dishonest's own; NULL: all are honest */
    struct sim_host *flawed;         /* whose disk is not what it says */
    struct digest trace;
};

/* A number for (seed, purpose, a, b): choices hang on what they are for, never on how
 * many were made before. */
uint64_t sim_dice(const struct sim *sim, const char *purpose, uint64_t a, uint64_t b);
/* How many choices of n: a dice of that purpose. */
uint64_t sim_choose(const struct sim *sim, const char *purpose, uint64_t a, uint64_t n);
/* A line of what happened, into the trace and its digest. */
void sim_trace(struct sim *sim, const struct sim_host *host, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The history ends here: the invariant does not hold. The first one counts. */
void sim_fail(struct sim *sim, const char *invariant, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool sim_has_failed(const struct sim *sim);
/* A history in pieces, for stories: a sim without hosts; every child is paired with its
 * parent; nothing is broken any more, and time passes for all to agree; the end. */
struct sim *sim_new(const struct sim_options *options, struct sim_verdict *verdict);
void sim_pair_all(struct sim *sim);
void sim_heal(struct sim *sim);
void sim_free(struct sim *sim);
/* Runs what is in the queue up to that moment; ends early where something failed. */
void sim_until(struct sim *sim, uint64_t ms);

#endif
