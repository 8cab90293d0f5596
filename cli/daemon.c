#include "cli/daemon.h"

#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "fengqiaod"
#define WORDS_MAX 15

extern char **environ;

static void find_program(char program[static PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", program, PATH_MAX - sizeof(PROGRAM) - 1);
    char *end = len <= 0 ? NULL : memrchr(program, '/', (size_t)len);
    if (end != NULL) {
        memcpy(end + 1, PROGRAM, sizeof(PROGRAM));
        if (access(program, X_OK) == 0)
            return;
    }
    memcpy(program, PROGRAM, sizeof(PROGRAM));
}

enum exit_code daemon_run(struct cli *cli, const char *const *words)
{
    char program[PATH_MAX], name[] = PROGRAM;
    char room[WORDS_MAX][PATH_MAX], *argv[WORDS_MAX + 2] = {name};
    int status = 0;
    pid_t child;
    for (int i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
        (void)snprintf(room[i], sizeof(room[i]), "%s", words[i]); /* else no such dir */
        argv[i + 1] = room[i];
    }
    find_program(program);
    (void)fflush(cli->out); /* what stands before it comes before it */
    int error = posix_spawnp(&child, program, NULL, NULL, argv, environ);
    if (error != 0) {
        fprintf(cli->err, "fengqiao: " PROGRAM " does not start: %s\n", strerror(error));
        return EXIT_FAILED;
    }
    /* No signal interrupts it: whose handler is ours ends with it (interrupt.c). */
    bool is_done = waitpid(child, &status, 0) == child && WIFEXITED(status);
    return is_done && WEXITSTATUS(status) == 0 ? EXIT_DONE : EXIT_FAILED;
}
