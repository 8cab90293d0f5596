#include "tests/unit/cli/run_cli.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define ARGUMENTS_MAX 80

struct run_cli run_cli(const char *const arguments[])
{
    const char *argv[ARGUMENTS_MAX + 2] = {"fengqiao"};
    int argc = 1;
    struct run_cli run = {0};
    for (int i = 0; arguments[i]; i++) {
        assert(argc < ARGUMENTS_MAX);
        argv[argc++] = arguments[i];
    }
    FILE *out = open_memstream(&run.out, &run.out_len);
    FILE *err = open_memstream(&run.err, &run.err_len);
    assert(out && err);

    run.code = cli_run(argc, argv, out, err);

    (void)fclose(out);
    (void)fclose(err);
    return run;
}

/* A file and no pipe: a pipe that nobody reads to its end holds 64 KiB. */
struct run_cli run_cli_reading(const char *const arguments[], const char *text,
                               size_t len)
{
    int before = dup(STDIN_FILENO);
    FILE *file = tmpfile();
    assert(before >= 0 && file);
    assert(fwrite(text, 1, len, file) == len && fflush(file) == 0);
    assert(lseek(fileno(file), 0, SEEK_SET) == 0);
    assert(dup2(fileno(file), STDIN_FILENO) == STDIN_FILENO);

    struct run_cli run = run_cli(arguments);

    assert(dup2(before, STDIN_FILENO) == STDIN_FILENO);
    (void)close(before);
    (void)fclose(file);
    return run;
}

/* The reader of standard input keeps no line for the next call: each one is read whole.
 */
struct run_cli run_cli_typing(const char *const arguments[], const char *line)
{
    int before[2] = {dup(STDIN_FILENO), dup(STDERR_FILENO)};
    int person = posix_openpt(O_RDWR | O_NOCTTY);
    assert(person >= 0 && grantpt(person) == 0 && unlockpt(person) == 0);
    int terminal = open(ptsname(person), O_RDWR | O_NOCTTY);
    assert(terminal >= 0);
    assert(write(person, line, strlen(line)) == (ssize_t)strlen(line));
    assert(dup2(terminal, STDIN_FILENO) == STDIN_FILENO);
    assert(dup2(terminal, STDERR_FILENO) == STDERR_FILENO);

    struct run_cli run = run_cli(arguments);

    assert(dup2(before[0], STDIN_FILENO) == STDIN_FILENO);
    assert(dup2(before[1], STDERR_FILENO) == STDERR_FILENO);
    (void)close(before[0]);
    (void)close(before[1]);
    (void)close(terminal);
    (void)close(person);
    return run;
}

void run_cli_deinit(struct run_cli *run)
{
    free(run->out);
    free(run->err);
    *run = (struct run_cli){0};
}
