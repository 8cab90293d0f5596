/*
 * said: a sentence of a script, taken apart, and the errand of those who do what it says.
 */
#ifndef FENGQIAO_TESTS_SAID_H
#define FENGQIAO_TESTS_SAID_H

#include "node/cases/view.h"
#include "tests/sim/stories/stage.h"

#define CAUGHT_MAX 4
#define CAUGHT_SIZE 200
#define PARTY "张某" /* of each case */

/* What the places of a pattern stand for in a sentence. The first is always a site. */
struct said {
    struct stage *stage;
    struct sim_host *host;
    struct matter *matter; /* of the second place, where it is a case's title */
    char caught[CAUGHT_MAX][CAUGHT_SIZE];
};

/* A request of the steward's about that case, to be asked for (sim_people_ask); its which
 * is the number of the matter. NULL: nobody can ask now. */
struct sim_errand *said_errand(const struct said *said, sim_errand_done *done);
/* The same by the mediator. */
struct sim_errand *said_errand_hers(const struct said *said, sim_errand_done *done);
/* The id of the last record of the case, as a request has it; false: nothing went up. */
bool said_record(const struct said *said, char hex[static 2 * ID_SIZE + 1]);

/* An answer to a release: the record is one of the errand's case from now on. False: it
 * names none, or there is no room. */
bool said_keep_record(struct sim_host *host, const struct sim_errand *errand,
                      struct bytes result);

/* An answer to a new case: the errand's case has that number from now on. False: it was
 * refused, which is told. */
bool said_keep_number(struct sim_host *host, const struct sim_errand *errand,
                      struct bytes status, struct bytes result);

bool said_is_ok(struct bytes status);
/* An answer that is a refusal, with its sentence. */
void said_refused(struct sim_host *host, struct bytes status, struct bytes result);
/* An answer with a list: each of it told, or the words for none; or the refusal. */
struct said_list {
    const char *name, *none;
    view_fn *tell; /* context: the stage */
};
void said_listed(struct sim_host *host, struct bytes status, struct bytes result,
                 const struct said_list *list);
/* An answer of which no more is told than whether it is saved. */
sim_errand_done said_saved;
/* The same, and the number, of a new case. */
sim_errand_done said_noted;

#endif
