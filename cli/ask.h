/*
 * ask: what every verb that talks to the node does: connect once, unlock once, ask, and
 * say what was refused.
 */
#ifndef FENGQIAO_CLI_ASK_H
#define FENGQIAO_CLI_ASK_H

#include "cli/cli.h"
#include "cli/request.h"

/* Whether the method signs and so needs a person. */
enum ask_who { ASK_ANYBODY, ASK_PERSON };

/* Connects and, for ASK_PERSON, unlocks; a second call does nothing. What fails is said
 * on err. */
enum exit_code ask_ready(struct cli *cli, enum ask_who who);

/*
 * Asks one method and gives its result, borrowed until the next ask. request may be NULL;
 * it is emptied. What fails or is refused is said on err and comes back as the exit code;
 * the result is empty then.
 */
enum exit_code ask(struct cli *cli, enum ask_who who, const char *method,
                   struct request *request, struct bytes *result);

/* The same where a refusal is the verb's to say: EXIT_DONE with whatever status the
 * answer has, else nobody answered, which is said. */
enum exit_code ask_answer(struct cli *cli, enum ask_who who, const char *method,
                          struct request *request, struct client_answer *answer);
/* The sentence of an answer that is not OK; empty where the node gave none. */
struct bytes ask_reason(const struct client_answer *answer);
/* Says a refusal of the node on err. */
enum exit_code ask_refused(struct cli *cli, const struct client_answer *answer);

/* True where the verb has nothing more to say and ends with *code: that is a failure, or
 * --json has printed the result. */
bool ask_is_said(struct cli *cli, enum exit_code *code, struct bytes result);

/* The result as one JSON object and a line break. */
enum exit_code ask_print_json(struct cli *cli, struct bytes result);

/* A text argument: itself, or all of standard input for "-" (bounded, UTF-8, without the
 * last line break). *owned keeps what text points into. */
enum exit_code ask_input(struct cli *cli, const char *argument, struct buf *owned,
                         struct bytes *text);

#endif
