/*
 * reply: how a verb ends when its method was done: the result as JSON, or a sentence and
 * what a script wants on the last line.
 */
#ifndef FENGQIAO_CLI_REPLY_H
#define FENGQIAO_CLI_REPLY_H

#include "cli/ask.h"

/* --json: the result; else "<words> (op 0123456789ab)". */
enum exit_code reply_op(struct cli *cli, struct bytes result, const char *words);
/* Of what may wait for more stewards: that it does, and what to do; else nothing. */
void reply_lacks(FILE *out, struct bytes result);
/* The whole verb of a method that gives {op}: ask as a person and reply. */
enum exit_code reply_step(struct cli *cli, const char *method, struct request *request,
                          const char *words);

/* --out of what is no text: EXIT_DONE where `what` ("a photo") may go there; before the
 * node is asked. */
enum exit_code reply_file_check(struct cli *cli, const char *out, const char *what);
/* The bytes of a file, which that member of the result is. EXIT_FAILED where there are
 * none: no empty file is written in their place. */
enum exit_code reply_contents(struct cli *cli, struct bytes result, const char *name,
                              struct bytes *bytes);
/* The member `bytes` of the result goes there: "-" is standard output. */
enum exit_code reply_file(struct cli *cli, const char *out, struct bytes result);

/* A site id or a key in its text form, and a line break. */
void reply_site(FILE *out, const char *label, struct bytes site);
void reply_key(FILE *out, const char *label, struct bytes key);

#endif
