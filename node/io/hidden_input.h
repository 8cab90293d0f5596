/*
 * hidden_input: what a person types on the terminal of this process without being seen.
 */
#ifndef FENGQIAO_NODE_IO_HIDDEN_INPUT_H
#define FENGQIAO_NODE_IO_HIDDEN_INPUT_H

#include "proto/err.h"

/* Asks and reads on the terminal, whose echo is off. A signal that would end the process
 * ends its read with EINTR instead. */
typedef enum status hidden_input_fn(void *context, int terminal, struct err *err);

/* What fn gave; the echo is on again by then, whatever happened. INVALID: there is no
 * terminal, and otherwise ("--pin-file FILE") is to be given. IO: the echo stays on. */
enum status hidden_input_ask(hidden_input_fn *fn, void *context, const char *otherwise,
                             struct err *err) MUST_USE;

/* Shows a question. IO. */
enum status hidden_input_show(int terminal, const char *text, struct err *err) MUST_USE;
/* The end of the line, which the person's own did not show. */
void hidden_input_end_line(int terminal);

#endif
