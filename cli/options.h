/*
 * options: a command line, taken apart by the table of verbs. Options may stand anywhere,
 * as
 * "--name value" or "--name=value"; "--" ends them; "-" is a word. Every argument must be
 * UTF-8.
 */
#ifndef FENGQIAO_CLI_OPTIONS_H
#define FENGQIAO_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/cli.h"

#define OPTIONS_WORDS_MAX 16
#define OPTIONS_MAX 64

/* Borrows argv. */
struct options {
    const struct verb *verb;
    const char *dir; /* --dir, else FENGQIAO_DIR, else NULL */
    const char *as;  /* --as, else "" */
    bool is_json;
    bool wants_help, wants_version;
    const char *group; /* the first word, where help about a group was asked for */
    uint32_t words_len;
    const char *words[OPTIONS_WORDS_MAX];
    uint32_t given_len;
    struct {
        const struct verb_option *option;
        const char *value; /* NULL: a flag */
    } given[OPTIONS_MAX];
};

/* False: the reason and the way to help stand on err. */
bool options_parse(struct options *options, int argc, const char *const argv[],
                   FILE *err);

/* The option's value, or NULL where it was not given. */
const char *options_value(const struct options *options, const char *name);
bool options_has(const struct options *options, const char *name);
/* The number that was given, 0 where none was; false: it is none. */
bool options_number(const struct options *options, const char *name, uint64_t *number);
/* The same; false where it was given as 0, too. */
bool options_positive(const struct options *options, const char *name, uint64_t *number);
/* The n-th value of an option that may repeat, or NULL. */
const char *options_nth(const struct options *options, const char *name, uint32_t n);

/* All verbs, or those of one group, one line each. */
void options_overview(FILE *out, const char *group);
/* Usage, what it does, an example. */
void options_help(FILE *out, const struct verb *verb);

#endif
