/*
 * ledger_story: the records of evidence_maker in the ledger of the village's machine,
 * with three seals that the township cosigned; the file about the village, as a row of
 * pieces of which each test spoils one.
 *
 *   seal 1   both trees are empty
 *   seal 2   the shared tree has the charters and the escalation
 *   seal 3   and what was answered; the private tree has the case
 *
 * The last advice came after that.
 */
#ifndef FENGQIAO_TESTS_LEDGER_STORY_H
#define FENGQIAO_TESTS_LEDGER_STORY_H

#include "cli/evidence.h"
#include "tests/unit/cli/evidence_maker.h"
#include "tests/unit/cli/ledger_maker.h"

/* What stands of the log, in its order. */
enum story_piece {
    STORY_LOG,
    STORY_CHECKPOINT,
    STORY_SEAL_1,
    STORY_PRIVATE_1,
    STORY_SHARED_1,
    STORY_SEAL_2,
    STORY_PRIVATE_2,
    STORY_SHARED_2,
    STORY_SEAL_3,
    STORY_PRIVATE_3,
    STORY_SHARED_3,
    STORY_PIECES,
};

#define STORY_ADVICES 3
#define STORY_OPS (MAKER_ADVISE + STORY_ADVICES + 1)
#define STORY_LATE (STORY_OPS - 2) /* the last advice */
#define STORY_CASE (STORY_OPS - 1)
#define STORY_SEALS 3
/* Seconds since 1970: before and behind all that the records claim. */
#define STORY_DAWN 1789900000
#define STORY_DUSK 1790200000

struct ledger_story {
    struct maker *maker;
    struct ledger_maker *ledger;
    struct buf pieces[STORY_PIECES];
    struct buf included[STORY_OPS]; /* behind the record of each op */
    uint32_t seal[STORY_OPS];       /* under which it stands, from 0; LEDGER_NONE */
    enum maker_tree tree[STORY_OPS];
    uint64_t index[STORY_OPS];
};

void ledger_story_init(struct ledger_story *story);
/* The same with clocks of that quality, and the second seal at that time. */
void ledger_story_init_at(struct ledger_story *story, uint64_t quality, uint64_t wall);
void ledger_story_deinit(struct ledger_story *story);
/* Another value in place of a piece, or of what stands behind a record: empties it. */
struct buf *ledger_story_anew(struct buf *piece);
/* A checkpoint that the township's machine cosigned, or whoever signs so. */
void ledger_story_seed(uint8_t seed[static 32], enum maker_signer signer);

/* The file, with these pieces in this order; about the village. */
void ledger_story_file(const struct ledger_story *story, const struct buf *logs,
                       struct buf *out);
/* All pieces. */
void ledger_story_logs(const struct ledger_story *story, struct buf *logs);
/* Judges the story as it is. */
void ledger_story_check(const struct ledger_story *story, struct evidence *evidence);
void ledger_story_check_logs(const struct ledger_story *story, const struct buf *logs,
                             struct evidence *evidence);
/* So many failures of that check say this. */
void expect_said(const struct evidence *evidence, enum evidence_check check,
                 const char *reason, uint32_t times);

#endif
