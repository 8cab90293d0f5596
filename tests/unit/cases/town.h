/*
 * town: four sites (a village, its township, the county, a department) with their people,
 * for stories about cases and escalations; and a log of the ops of one scope.
 */
#ifndef FENGQIAO_TESTS_CASES_TOWN_H
#define FENGQIAO_TESTS_CASES_TOWN_H

#include "story.h"

#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/cases/view.h"

#define LOG_MAX 512

struct log {
    const struct op *ops[LOG_MAX];
    size_t len;
};

struct site {
    struct log log; /* ops of the charter */
    struct charter *charter;
    struct story_person steward, mediator, desk, node, recovery;
};

enum { VILLAGE, TOWNSHIP, COUNTY, DEPARTMENT, SITES };

struct town {
    struct story *story;
    struct site sites[SITES];
};

/* Each site has a steward, a mediator, a desk, a node and a recovery key. */
void town_init(struct town *town, uint64_t seed);
void town_deinit(struct town *town);
const struct id *town_site(const struct town *town, int site);

/* Charter ops, written beneath the last op of the log. */
const struct op *site_appoint(struct town *town, int site, const struct story_person *by,
                              const struct story_person *who, const char *role);
/* covers: ops up to which the key's ops in the charter stand. */
const struct op *site_revoke(struct town *town, int site, const struct story_person *by,
                             const struct story_person *who,
                             const struct op *const *covers, size_t covers_len);
/* Folds the charter anew from its log. */
void site_refresh(struct town *town, int site);

/* An op in the log's scope after its last op, by somebody of a site under the current
 * heads of its charter; fields follow, then log_seal. */
struct op *log_begin(struct town *town, struct log *log, int site, const char *kind);
const struct op *log_seal(struct town *town, struct log *log, struct op *op,
                          const struct story_person *by);
/* The same, after this op and no other. */
struct op *log_begin_after(struct town *town, int site, const char *kind,
                           const struct op *parent);
void log_add(struct log *log, const struct op *op);

/* A case with title, narrative, context and two parties, by the village's mediator. */
const struct op *town_case(struct town *town, struct log *log);
struct bytes town_parties(struct town *town);
const struct op *town_triage(struct town *town, struct log *log, const char *decision);
const struct op *town_consent(struct town *town, struct log *log, const char *party,
                              const char *fields, bool given);
/* An op with one text field. */
const struct op *town_say(struct town *town, struct log *log, int site, const char *kind,
                          const char *field, const char *text,
                          const struct story_person *by);
/* An escalation to the township, by the village's steward (or another). */
const struct op *town_escalate(struct town *town, struct log *log, const char *onward,
                               const struct story_person *by);
const struct op *town_onward(struct town *town, struct log *log, int from, int to,
                             uint32_t classes, const struct story_person *by);

/* An op that names another one, with a text. */
const struct op *town_about(struct town *town, struct log *log, int site,
                            const char *kind, const struct op *target, const char *text,
                            const struct story_person *by);
const struct op *town_invite(struct town *town, struct log *log, int from, int to,
                             uint32_t classes, const struct story_person *by);

/* Folds; the result is the caller's. */
void town_fold(struct town *town, const struct log *log, struct fold_result *out);
/* Folds alike in every order of the last three ops. */
void town_assert_any_order(struct town *town, const struct log *log);
/* The effect of one op in the fold of the log. */
enum effect town_effect(struct town *town, const struct log *log, const struct op *op);
/* The state of the fold of the log equals this word. */
void town_assert_state(struct town *town, const struct log *log, const char *state);

#endif
