/*
 * audit_story: what happened in an escalation, in the words of a story: of each kind of
 * op what whoever wrote it did.
 */
#ifndef FENGQIAO_CASES_AUDIT_STORY_H
#define FENGQIAO_CASES_AUDIT_STORY_H

#include "proto/bytes.h"

/* "opened the record", "查看了上报件"; of a kind that is not told of: what it is called,
 * or, unknown, empty. */
struct bytes audit_story_says(struct bytes kind);
struct bytes audit_story_says_zh(struct bytes kind);

#endif
