/*
 * case_number: what a case is called on paper: "2026-0001", the year and the count in it.
 *
 * People remember numbers, and ask by them for cases to be sent up. A disk that lost
 * cases must not have their numbers given again: after each loss that the store noticed,
 * numbers go on in a series of their own, "2026-1473-0001". Its first part is how many
 * losses there were and three digits drawn: a disk that loses the series too has it drawn
 * anew.
 */
#ifndef FENGQIAO_NODE_CORE_CASE_NUMBER_H
#define FENGQIAO_NODE_CORE_CASE_NUMBER_H

#include "node/core/state.h"

#define CASE_NUMBER_SIZE 32 /* with its end */

/* The number for the next case of this turn's year. Where a loss was noticed since the
 * last one, the series is drawn and kept in the same transaction. */
enum status case_number_next(struct core *core,
                             char number[static CASE_NUMBER_SIZE]) MUST_USE;

#endif
