/*
 * board: a village with three stewards, and what they say in its charter. Each op is put
 * behind the newest one, or, by board_after, behind chosen ones; who reads the charter
 * folds it anew (board_fold).
 */
#ifndef FENGQIAO_TESTS_CASES_BOARD_H
#define FENGQIAO_TESTS_CASES_BOARD_H

#include "town.h"

struct board {
    struct town town;
    struct story_person *first; /* the village's steward */
    struct story_person second, third, machine, sheet;
    const struct op *parents[OP_AUTHORITY_MAX]; /* of the next op; none: the newest */
    size_t parents_len;
};

/* The quorum is set to that number, unless it is 1. */
void board_init(struct board *board, uint64_t seed, uint64_t quorum);
void board_deinit(struct board *board);
struct log *board_log(struct board *board);
/* One more parent of the next op. */
void board_after(struct board *board, const struct op *parent);

const struct op *board_steward(struct board *board, const struct story_person *by,
                               const struct story_person *who);
const struct op *board_person(struct board *board, const struct story_person *by,
                              const struct story_person *who, const char *role);
const struct op *board_node(struct board *board, const struct story_person *by);
const struct op *board_quorum(struct board *board, const struct story_person *by,
                              uint64_t number);
const struct op *board_rotate(struct board *board, const struct story_person *by,
                              const struct story_person *to);
/* kind: approve or withdraw. */
const struct op *board_word(struct board *board, const char *kind,
                            const struct story_person *by, const struct op *target);
/* covers: NULL, or the one op up to which it stands by the key. */
const struct op *board_revoke(struct board *board, const struct story_person *by,
                              const struct story_person *who, const struct op *covers);

struct charter *board_fold(struct board *board);
enum effect board_effect(struct board *board, const struct op *op);
/* What the key may do beneath one op, and at the end. */
uint32_t board_roles_at(struct board *board, const struct op *head,
                        const struct story_person *who);
uint32_t board_roles(struct board *board, const struct story_person *who);
bool board_has_machine(struct board *board);
/* Of the proposal that waits, alone: how many stand by it. */
uint32_t board_words(struct board *board);
/* The charter is the same, what waits as well, in every order of the last five ops,
 * and in twenty orders of all. */
void board_assert_any_order(struct board *board);

#endif
