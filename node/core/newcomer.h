/*
 * newcomer: a machine that is to belong to a site which stands already. Bytes in, bytes
 * out, over one connection that the code of an invitation encrypts: it says its keys and
 * its name, gets the site's charter with itself in it, and founds its store on that. The
 * rest of the site comes once it runs, by an ordinary session with the machine that let
 * it in (replica.h), and where the site has a quorum, once as many stewards have approved
 * it: until then that machine closes on it, and it dials again. docs/PROTOCOL.md §9.
 *
 * Failure modes: whatever does not hold ends it, and the store stays without a site.
 */
#ifndef FENGQIAO_NODE_CORE_NEWCOMER_H
#define FENGQIAO_NODE_CORE_NEWCOMER_H

#include "node/core/check_words.h"
#include "node/core/core.h"

struct newcomer;

/* Texts and the key are borrowed until newcomer_open returns. */
struct newcomer_wish {
    const char *name;    /* of this machine, as the charter will show it */
    const char *network; /* NULL: "fengqiao" */
    const char *address; /* of the machine that invited, which is dialed from now on */
    const uint8_t *psk;  /* 32 bytes: the code, stretched */
};

/* What it has become. */
struct newcomer_site {
    struct id site;
    char name[SITE_NAME_MAX + 1];
    uint32_t lacks; /* stewards that have to approve it before it is let in */
    char words[CHECK_WORDS_SIZE]; /* to compare with what the other machine shows */
};

/* EXISTS: the store has a site. INVALID: a text that is too long. */
enum status newcomer_open(struct newcomer **newcomer, const struct core_config *config,
                          const struct newcomer_wish *wish, struct err *err) MUST_USE;
void newcomer_close(struct newcomer *newcomer);
/* Takes what came, nothing at first, and moves what is to be sent into out, on every
 * status. MORE: not yet. OK: it is founded, on the disk; what stands in out still wants
 * to be sent. Everything else is final. */
enum status newcomer_take(struct newcomer *newcomer, struct bytes bytes, uint64_t wall,
                          enum wall_quality quality, struct buf *out,
                          struct err *err) MUST_USE;
/* Good after newcomer_take returned OK. */
const struct newcomer_site *newcomer_site(const struct newcomer *newcomer);

#endif
