/*
 * audit: does what stands in a scope bear out what the rules ask? Not through the fold,
 * which judges each op when it comes, but by looking once more at ops, their effects and
 * what lies beneath each. Pure; a node and an air-gapped laptop can ask the same.
 *
 *   finding   what is not as it should be: a word, and the op that it is about
 *   open      of a finding: somebody still has time to put it right; else it is a breach
 *
 * What this copy does not show (withheld, erased, recalled) is no finding: nothing can be
 * said of it.
 */
#ifndef FENGQIAO_CASES_AUDIT_H
#define FENGQIAO_CASES_AUDIT_H

#include "node/cases/fold.h"

enum audit_word {
    AUDIT_NO_TRIAGE,    /* what went up was not triaged before, or not so */
    AUDIT_NO_CONTEXT,   /* it went up without the context */
    AUDIT_NO_CONSENT,   /* a field went up to which a party did not consent */
    AUDIT_LATE_CONSENT, /* the consent came later, or was taken back before */
    AUDIT_NO_REASON,    /* danger to life, and nothing says why nobody could wait */
    AUDIT_UNCONFIRMED,  /* open: no steward stands by it yet */
    AUDIT_NOT_OPENED,   /* a site answered that had not opened the record */
    AUDIT_NO_RECEIPT,   /* open: a machine has not said that it erased what was recalled
                         */
    AUDIT_WRONG_ORIGIN, /* the record does not name the case as it stood */
    AUDIT_CLOSED_EARLY, /* closed without an outcome and a follow-up */
    /* Of a node, which audit_scope never finds: */
    AUDIT_NOT_COVERED, /* it holds a scope that no rule lets it hold */
    AUDIT_SHARED_WIDE, /* it gives a scope to a site that may not have it */
    AUDIT_SEAL_UNLIKE, /* a seal does not fit its ledger as it was then */
    AUDIT_SEAL_FORKED, /* what a witness cosigned is not the beginning of its log */
    AUDIT_OVERDUE,     /* open: the day of something has passed */
    AUDIT_WORDS,
};

struct audit_finding {
    enum audit_word word;
    struct id op; /* of this scope */
    uint8_t author[32];
    struct bytes field;  /* that was released; empty: none in particular */
    struct id site;      /* NO_RECEIPT: whose machine it is … */
    uint8_t machine[32]; /* … and its signing key; else zeros */
};

const char *audit_word_text(enum audit_word word); /* "no-triage" … */
/* What it says, as a sentence. */
const char *audit_word_says(enum audit_word word);
const char *audit_word_says_zh(enum audit_word word);
bool audit_word_is_open(enum audit_word word);

struct audit_input {
    struct fold_input fold; /* its ops as a list */
    /* The charter of a site, or NULL; with the fold's context. */
    struct charter *(*charter_of_site)(void *context, const struct id *site);
    /* The founding op of an escalation of the case, good until the next call; NULL: it is
     * not here. */
    const struct op *(*record_of)(void *context, const struct id *escalation);
};

typedef void audit_fn(void *context, const struct audit_finding *finding);
/* Calls fn with each finding, in order of the ops. Of a charter there is none, nor of a
 * paper. Statuses of fold_scope. */
enum status audit_scope(const struct audit_input *input, audit_fn *fn,
                        void *context) MUST_USE;

#endif
