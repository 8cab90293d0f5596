#include "packaging/sample/sample_args.h"

#include "packaging/sample/placename.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char sample_args_usage[] =
    "Usage: fengqiao-sample --villages N --seed S [--out FILE] [--events FILE]\n"
    "\n"
    "Writes a synthetic sample county (示例县) as CSV: nobody in it is real, and the "
    "same\n"
    "seed writes the same bytes on every machine.\n"
    "\n"
    "  --villages N   number of villages, 1 to 100000\n"
    "  --seed S       any whole number from 0 to 18446744073709551615\n"
    "  --out FILE     write the cases there instead of to standard output\n"
    "  --events FILE  write the events of the cases there as well\n"
    "  --help         show this text\n"
    "\n"
    "Example:\n"
    "  fengqiao-sample --villages 300 --seed 1 --events events.csv > cases.csv\n";

/* Digits only: strtoull would take a sign, blanks and a wrapped-around number. */
static bool read_whole_number(const char *text, uint64_t max, uint64_t *value)
{
    uint64_t read = 0;

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        uint64_t digit;

        if (*text < '0' || *text > '9')
            return false;
        digit = (uint64_t)(*text - '0');
        if (read > (max - digit) / 10)
            return false;
        read = read * 10 + digit;
    }
    *value = read;
    return true;
}

static enum sample_args_wish wrong(struct sample_args *args, const char *reason,
                                   const char *what)
{
    /* A long argument is cut; the reason comes first. */
    (void)snprintf(args->error, sizeof(args->error), "%s: %s", reason, what);
    return SAMPLE_ARGS_WRONG;
}

static const char **file_option(struct sample_args *args, const char *option)
{
    if (strcmp(option, "--out") == 0)
        return &args->out;
    if (strcmp(option, "--events") == 0)
        return &args->events;
    return NULL;
}

enum sample_args_wish sample_args_parse(struct sample_args *args, int argc,
                                        char *const argv[])
{
    bool has_seed = false;
    uint64_t villages = 0;

    memset(args, 0, sizeof(*args));
    for (int i = 1; i < argc; i += 2) {
        const char *option = argv[i];
        const char **file = file_option(args, option);
        bool is_villages = strcmp(option, "--villages") == 0;
        bool is_seed = strcmp(option, "--seed") == 0;

        if (strcmp(option, "--help") == 0)
            return SAMPLE_ARGS_HELP;
        if (file == NULL && !is_villages && !is_seed)
            return wrong(args, "unknown option", option);
        if (i + 1 == argc)
            return wrong(args, "value missing after", option);
        if (file != NULL)
            *file = argv[i + 1];
        if (is_seed && !read_whole_number(argv[i + 1], UINT64_MAX, &args->seed))
            return wrong(args, "--seed takes a whole number below 2^64, not",
                         argv[i + 1]);
        has_seed = has_seed || is_seed;
        if (is_villages &&
            (!read_whole_number(argv[i + 1], PLACENAMES_MAX, &villages) || villages == 0))
            return wrong(args, "--villages takes 1 to 100000, not", argv[i + 1]);
    }
    if (villages == 0)
        return wrong(args, "option missing", "--villages");
    if (!has_seed)
        return wrong(args, "option missing", "--seed");
    if (args->out != NULL && args->events != NULL && strcmp(args->out, args->events) == 0)
        return wrong(args, "--out and --events name the same file", args->out);
    args->villages = (uint32_t)villages;
    return SAMPLE_ARGS_RUN;
}
