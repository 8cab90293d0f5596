/*
 * rig_story: what happened before the fuzzer comes in, told by true nodes (tests/support/
 * world): a county, a township with two villages, a case of the township's own, an
 * escalation from each village, and one that has not left yet. And what of it is secret.
 */
#ifndef FENGQIAO_TESTS_FUZZ_RIG_STORY_H
#define FENGQIAO_TESTS_FUZZ_RIG_STORY_H

#include "rig.h"

/* Fills store, keys, scopes and ops. */
void rig_story(struct rig *rig);

struct rig_secret {
    struct bytes bytes;
    unsigned keep_from; /* of enum rig_reader */
};
const struct rig_secret *rig_secrets(size_t *len);

/* A request that unlocks the township's steward. */
const struct buf *rig_unlock_request(void);

#endif
