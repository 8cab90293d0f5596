/*
 * progress: one line on the terminal that tells how far a long work is. Silent where err
 * is no terminal.
 */
#ifndef FENGQIAO_CLI_PROGRESS_H
#define FENGQIAO_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
    FILE *err; /* borrowed */
    const char *words;
    bool is_shown, is_dirty;
    uint64_t shown_ms;
};

/* words: what is counted, as "cases taken"; borrowed. */
void progress_init(struct progress *progress, FILE *err, const char *words);
/* Shows the count, ten times a second at most. */
void progress_show(struct progress *progress, uint64_t count);
/* The same with a bar, of so many bytes that are read of all; size 0: nobody knows it. */
void progress_show_part(struct progress *progress, uint64_t count, uint64_t bytes,
                        uint64_t size);
/* Clears the line, so that something else can be said. */
void progress_clear(struct progress *progress);

#endif
