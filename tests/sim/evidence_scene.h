/*
 * evidence_scene: days in a village with cases and an escalation, and evidence about them
 * that goes before `fengqiao verify`, for the tests of evidence.
 */
#ifndef FENGQIAO_TESTS_EVIDENCE_SCENE_H
#define FENGQIAO_TESTS_EVIDENCE_SCENE_H

#include "tests/sim/sim_evidence.h"

#define HOURS (UINT64_C(3600) * 1000)
#define DAYS (24 * HOURS)
#define CANARY "CANARY-IN-A-CASE" /* in each case */

/* Takes a file, as sim_evidence_take does, and has it verified. */
#define TAKE(f, node, file, ...)                                                         \
    do {                                                                                 \
        sim_evidence_take(f, node, file, NULL, NULL, __VA_ARGS__, NULL);                 \
        scene_assert_verified(file, node);                                               \
    } while (false)
/* As `fengqiao verify` sees it, for whoever trusts the site whose node wrote it. */
void scene_assert_verified(const struct sim_evidence *file,
                           const struct world_node *node);

/* Of fengyuan. */
struct id scene_case(struct sim_county *f, const char *title, char number[static 32]);
/* Days with something in each of them, an escalation too: its id, and the same in hex.
 * The last day is not sealed yet. */
struct id scene_days(struct sim_county *f, char hex[static 2 * ID_SIZE + 1]);
/* Of the log that grows. */
uint64_t scene_seals(struct world_node *node);

#endif
