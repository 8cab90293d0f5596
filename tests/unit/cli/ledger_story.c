#include "tests/unit/cli/ledger_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/cli/check_bytes.h"

void ledger_story_seed(uint8_t seed[static 32], enum maker_signer signer)
{
    memset(seed, (int)signer, 32);
}

static void hold(struct ledger_story *story, uint32_t op, enum maker_tree tree,
                 uint32_t seal)
{
    story->tree[op] = tree;
    story->seal[op] = seal;
    story->index[op] =
        ledger_maker_hold(story->ledger, tree, &maker_op(story->maker, op)->id);
}

static void write_pieces(struct ledger_story *story)
{
    uint8_t witness[32];
    ledger_story_seed(witness, TOWNSHIP_NODE);
    ledger_maker_log(story->ledger, STORY_SEALS, &story->pieces[STORY_LOG]);
    ledger_maker_checkpoint(story->ledger, STORY_SEALS, witness,
                            &story->pieces[STORY_CHECKPOINT]);
    for (uint32_t i = 0; i < STORY_SEALS; i++) {
        uint32_t from = i == 0 ? LEDGER_NONE : i - 1;
        struct buf *piece = &story->pieces[STORY_SEAL_1 + 3 * i];
        ledger_maker_leaf(story->ledger, i, &piece[0]);
        ledger_maker_opened(story->ledger, i, MAKER_PRIVATE, from, &piece[1]);
        ledger_maker_opened(story->ledger, i, MAKER_SHARED, from, &piece[2]);
    }
    for (uint32_t i = 0; i < STORY_OPS; i++)
        if (story->seal[i] != LEDGER_NONE)
            ledger_maker_included(story->ledger, story->seal[i], story->tree[i],
                                  story->index[i], 2 * story->seal[i] + story->tree[i],
                                  &story->included[i]);
}

void ledger_story_init(struct ledger_story *story)
{
    ledger_story_init_at(story, 0, STORY_DAWN + 86400);
}

void ledger_story_init_at(struct ledger_story *story, uint64_t quality, uint64_t wall)
{
    const struct maker_wish wish = {
        .advices = STORY_ADVICES, .has_case = true, .quality = quality};
    uint8_t seed[32];
    *story = (struct ledger_story){.maker = maker_new(&wish)};
    ledger_story_seed(seed, VILLAGE_NODE);
    story->ledger = ledger_maker_new(seed, 1);
    (void)ledger_maker_seal(story->ledger, STORY_DAWN, NULL);
    for (uint32_t i = 0; i <= MAKER_ESCALATE; i++)
        hold(story, i, MAKER_SHARED, 1);
    (void)ledger_maker_seal(story->ledger, wall, NULL);
    for (uint32_t i = MAKER_ESCALATE + 1; i < STORY_LATE; i++)
        hold(story, i, MAKER_SHARED, 2);
    hold(story, STORY_CASE, MAKER_PRIVATE, 2);
    (void)ledger_maker_seal(story->ledger, STORY_DUSK, NULL);
    story->seal[STORY_LATE] = LEDGER_NONE;
    write_pieces(story);
}

void ledger_story_deinit(struct ledger_story *story)
{
    for (int i = 0; i < STORY_PIECES; i++)
        buf_deinit(&story->pieces[i]);
    for (int i = 0; i < STORY_OPS; i++)
        buf_deinit(&story->included[i]);
    ledger_maker_free(story->ledger);
    maker_free(story->maker);
}

struct buf *ledger_story_anew(struct buf *piece)
{
    buf_clear(piece);
    return piece;
}

void ledger_story_logs(const struct ledger_story *story, struct buf *logs)
{
    for (int i = 0; i < STORY_PIECES; i++)
        buf_append(logs, &story->pieces[i]);
}

void ledger_story_file(const struct ledger_story *story, const struct buf *logs,
                       struct buf *out)
{
    struct maker_file_wish wish = MAKER_WHOLE;
    wish.about = "site";
    wish.head = MAKER_FOUND_VILLAGE;
    wish.logs = logs;
    wish.included = story->included;
    maker_file(story->maker, &wish, out, NULL);
}

void ledger_story_check_logs(const struct ledger_story *story, const struct buf *logs,
                             struct evidence *evidence)
{
    struct buf file = {0};
    ledger_story_file(story, logs, &file);
    assert_int_equal(check_bytes(evidence, buf_bytes(&file),
                                 &maker_op(story->maker, MAKER_FOUND_TOWNSHIP)->id),
                     STATUS_OK);
    buf_deinit(&file);
}

void ledger_story_check(const struct ledger_story *story, struct evidence *evidence)
{
    struct buf logs = {0};
    ledger_story_logs(story, &logs);
    ledger_story_check_logs(story, &logs, evidence);
    buf_deinit(&logs);
}

void expect_said(const struct evidence *evidence, enum evidence_check check,
                 const char *reason, uint32_t times)
{
    uint32_t said = 0;
    for (uint32_t i = 0; i < evidence->failures_len; i++)
        said += evidence->failures[i].check == check &&
                strstr(evidence->failures[i].reason, reason) != NULL;
    if (said == times)
        return;
    for (uint32_t i = 0; i < evidence->failures_len; i++)
        print_error("%s: %s\n", evidence_check_name(evidence->failures[i].check),
                    evidence->failures[i].reason);
    fail_msg("\"%s\" is said %u times", reason, said);
}
