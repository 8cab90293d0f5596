/*
 * sim_script: what people and the weather do in a history, made from its seed before it
 * begins. Each entry has a key of its own for its choices, so that entries can be left
 * out without changing what the others do.
 */
#ifndef FENGQIAO_TESTS_SIM_SCRIPT_H
#define FENGQIAO_TESTS_SIM_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

enum sim_deed {
    /* people */
    DEED_CASE,      /* a new case */
    DEED_NOTE,      /* a note on a case */
    DEED_ATTACH,    /* a file comes to a case, is read back, is taken away again */
    DEED_SET,       /* a field is set anew */
    DEED_ESCALATE,  /* triage, consent, release */
    DEED_DESK,      /* a desk opens, accepts, and says what becomes of it */
    DEED_MEETING,   /* a township meets, and looks at what is open */
    DEED_CLOSE,     /* a case comes to its end, step by step or in one */
    DEED_TASK,      /* a task in a case, and what waits */
    DEED_REQUEST,   /* a mediator asks for a release, the steward releases */
    DEED_REFUSE,    /* a party does not consent; somebody tries to release all the same */
    DEED_TWO,       /* steward and mediator write to one case at once */
    DEED_PERMIT,    /* the village permits what it sent to go onward */
    DEED_REPLY,     /* a village declines advice, and has done a task */
    DEED_OUTBOX,    /* a village sends anew what changed, or a party takes it back */
    DEED_DANGER,    /* a case goes up because somebody's life is in danger */
    DEED_RECALL,    /* a record that went up is recalled */
    DEED_LONG,      /* a case with a long story, meant to go up */
    DEED_PERSON,    /* a mediator is added, above villages somebody for the desk */
    DEED_UNPERSON,  /* the last one is revoked, and tries to act */
    DEED_AGREE,     /* the parties of a case agree, or one of them alone */
    DEED_CARD,      /* a plan card is kept, and activated */
    DEED_PASTE,     /* somebody pastes in what was sent */
    DEED_PHONE,     /* somebody signs in from afar, writes twice, signs out */
    DEED_ROUND,     /* somebody goes round places and topics */
    DEED_CONFLICT,  /* two machines write to one case at once, and somebody settles it */
    DEED_IMPORT,    /* cases come from a table, twice */
    DEED_SEARCH,    /* somebody looks for a case */
    DEED_SYNC,      /* somebody asks for a sync */
    DEED_STICK,     /* a courier takes a bundle along for a neighbour */
    DEED_PIN,       /* somebody guesses a PIN */
    DEED_PAIR,      /* child and parent pair once more */
    DEED_BACKUP,    /* the next backup is written into the folder */
    DEED_EVIDENCE,  /* evidence of a record is asked for */
    DEED_REBUILD,   /* a stopped node is rebuilt */
    DEED_THIEF,     /* somebody writes with a stolen key */
    DEED_JOIN,      /* a second machine joins its site */
    DEED_APART,     /* no line between the two for a while */
    DEED_BOTH,      /* both write to one case while they are apart */
    DEED_GONE,      /* the second one is lost or stolen, and revoked */
    DEED_STEWARD,   /* a second steward, a quorum, a proposal under it */
    DEED_THEFT,     /* somebody writes with the stolen key of a steward */
    DEED_UNSTEWARD, /* she is revoked */
    DEED_RENEW,     /* a machine or a mediator gets other keys */
    /* weather */
    DEED_CUT,         /* the power goes between two writes */
    DEED_CUT_WRITE,   /* the power goes inside a write */
    DEED_CUT_REPLY,   /* the power goes after a commit, before anybody is told */
    DEED_CUT_WAITING, /* the power goes after a turn in which an op had to wait */
    DEED_BREAK,       /* a connection breaks after some bytes */
    DEED_MUTE,        /* a connection breaks and one side is never told */
    DEED_TWICE,       /* a connection breaks; the next handshake arrives twice */
    DEED_SLOW,        /* lines to a host are slow for a while */
    DEED_PART,   /* one direction between two hosts, or both, is blocked for a while */
    DEED_AWAY,   /* no way to or from a host, for days in long histories */
    DEED_CLOCK,  /* the wall clock jumps */
    DEED_DISK,   /* the disk fails or is full, once or until it is mended */
    DEED_HEAP,   /* an allocation fails, or all from then on */
    DEED_LOST,   /* the machine is gone; a new one is restored from a backup */
    DEED_MOVE,   /* a machine is dialed elsewhere from now on, and nobody is told */
    DEED_BEACON, /* a beacon lies */
    DEEDS_LEN,
};

struct sim_entry {
    uint64_t at_ms;
    enum sim_deed deed;
    int host;
    uint64_t key;
    bool is_aimed; /* weather: waits for the next release */
};

#define SIM_ENTRIES_MAX 512
/* Keys from here on are of entries that touch nothing but cases that stay. */
#define SIM_PRIVATE_KEY SIM_ENTRIES_MAX

struct sim_script {
    struct sim_entry entries[SIM_ENTRIES_MAX];
    uint32_t len;
    uint64_t lasts_ms, ends_ms;
    int alone; /* a host that no line joins to its parent, couriers alone; 0: none */
};

struct sim;

void sim_script_make(struct sim *sim, uint64_t begins_ms);
const char *sim_deed_name(enum sim_deed deed);

#endif
