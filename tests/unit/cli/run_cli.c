#include "tests/unit/cli/run_cli.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

#define ARGUMENTS_MAX 64

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

void run_cli_deinit(struct run_cli *run)
{
    free(run->out);
    free(run->err);
    *run = (struct run_cli){0};
}
