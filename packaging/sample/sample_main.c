/*
 * fengqiao-sample: writes the sample county.
 *
 * Happy path: read the options, open the files, write, close. Failure modes: wrong
 * options (exit 2, usage on standard error); a file that does not open, a full disk, a
 * reader that went away or a closed standard output (exit 1, the reason on standard
 * error).
 */
#include "packaging/sample/county.h"
#include "packaging/sample/sample_args.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *name)
{
    (void)fprintf(stderr, "fengqiao-sample: %s: %s\n", name, strerror(errno));
    return EXIT_FAILURE;
}

/* Closes a stream and says whether all of it was written. Standard output is only
 * flushed. */
static bool finish(FILE *stream)
{
    if (stream == stdout)
        return fflush(stdout) == 0;
    return fclose(stream) == 0;
}

static int write_county(const struct sample_args *args)
{
    const char *cases_name = args->out != NULL ? args->out : "standard output";
    FILE *cases = stdout;
    FILE *events = NULL;
    int rc = EXIT_FAILURE;

    /* With standard output closed, the next file opened would take its place. */
    if (args->out == NULL && fcntl(STDOUT_FILENO, F_GETFD) < 0)
        return complain(cases_name);
    if (args->out != NULL)
        cases = fopen(args->out, "w");
    if (cases == NULL)
        return complain(cases_name);
    if (args->events != NULL) {
        events = fopen(args->events, "w");
        if (events == NULL) {
            (void)complain(args->events);
            goto close_cases;
        }
    }
    if (!county_write(args->villages, args->seed, cases, events)) {
        (void)complain(ferror(cases) ? cases_name : args->events);
        goto close_events;
    }
    rc = EXIT_SUCCESS;
close_events:
    if (events != NULL && !finish(events) && rc == EXIT_SUCCESS)
        rc = complain(args->events);
close_cases:
    if (!finish(cases) && rc == EXIT_SUCCESS)
        rc = complain(cases_name);
    return rc;
}

int main(int argc, char *argv[])
{
    struct sample_args args;

    /* A reader that goes away is a write error with a message, not a silent death. */
    (void)signal(SIGPIPE, SIG_IGN);
    switch (sample_args_parse(&args, argc, argv)) {
    case SAMPLE_ARGS_HELP:
        if (fputs(sample_args_usage, stdout) == EOF || fflush(stdout) != 0)
            return complain("standard output");
        return EXIT_SUCCESS;
    case SAMPLE_ARGS_WRONG:
        (void)fprintf(stderr, "fengqiao-sample: %s\n%s", args.error, sample_args_usage);
        return 2;
    case SAMPLE_ARGS_RUN:
        break;
    }
    return write_county(&args);
}
