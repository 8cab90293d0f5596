/*
 * run_cli: one call of the client inside the test, its two streams caught.
 */
#ifndef FENGQIAO_TESTS_RUN_CLI_H
#define FENGQIAO_TESTS_RUN_CLI_H

#include <stddef.h>

struct run_cli {
    int code;
    char *out, *err; /* with a NUL behind */
    size_t out_len, err_len;
};

/* Arguments without the program's name, NULL at the end. */
struct run_cli run_cli(const char *const arguments[]);
/* The same, with a text of len bytes for it to read from standard input. */
struct run_cli run_cli_reading(const char *const arguments[], const char *text,
                               size_t len);
/* The same, at a terminal where somebody types that line. */
struct run_cli run_cli_typing(const char *const arguments[], const char *line);
void run_cli_deinit(struct run_cli *run);

#endif
