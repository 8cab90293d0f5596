/*
 * printout: what a mode prints on standard output: texts that others wrote, and whether
 * all of it has arrived.
 */
#ifndef FENGQIAO_NODE_IO_PRINTOUT_H
#define FENGQIAO_NODE_IO_PRINTOUT_H

#include <stdbool.h>

/* A text of UTF-8. What would act on a terminal instead of being read is a question mark,
 * as in the log. */
void printout_text(const char *text);
/* The same as a string of JSON, with its quotation marks. */
void printout_json(const char *text);
/* Is everything out that was printed? errno says why not. */
bool printout_end(void);

#endif
