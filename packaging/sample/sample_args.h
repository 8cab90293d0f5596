/*
 * The command line of fengqiao-sample.
 */
#ifndef PACKAGING_SAMPLE_SAMPLE_ARGS_H
#define PACKAGING_SAMPLE_SAMPLE_ARGS_H

#include <stdint.h>

/* What the command line asks for. */
enum sample_args_wish { SAMPLE_ARGS_RUN, SAMPLE_ARGS_HELP, SAMPLE_ARGS_WRONG };

struct sample_args {
    uint32_t villages;
    uint64_t seed;
    const char *out;    /* NULL: standard output; borrowed from argv */
    const char *events; /* NULL: none; borrowed from argv */
    char error[160];    /* after SAMPLE_ARGS_WRONG: the reason, for a person */
};

/* Usage, with an example. */
extern const char sample_args_usage[];

/* Reads argv; borrows its strings. RUN means that everything is there and in range. */
enum sample_args_wish sample_args_parse(struct sample_args *args, int argc,
                                        char *const argv[]);

#endif
