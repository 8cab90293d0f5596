#include "tests/support/sitting.h"

#include <assert.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void sitting_begin(struct sitting *sitting, int (*fn)(void *context), void *context)
{
    *sitting = (struct sitting){0};
    (void)fflush(NULL); /* what waits to be written is ours alone */
    sitting->child = forkpty(&sitting->person, NULL, NULL, NULL);
    assert(sitting->child >= 0);
    if (sitting->child == 0)
        exit(fn(context));
}

/* Adds what is shown. False: nobody is at the terminal any more. */
static int look(struct sitting *sitting)
{
    size_t room = sizeof(sitting->seen) - 1 - sitting->len;
    ssize_t got = read(sitting->person, sitting->seen + sitting->len, room);
    sitting->len += got > 0 ? (size_t)got : 0;
    return got > 0;
}

void sitting_see(struct sitting *sitting, const char *text)
{
    while (strstr(sitting->seen, text) == NULL)
        if (!look(sitting)) {
            fprintf(stderr, "%s is not in: %s\n", text, sitting->seen);
            abort();
        }
}

void sitting_type(struct sitting *sitting, const char *text)
{
    ssize_t typed = write(sitting->person, text, strlen(text));
    assert(typed == (ssize_t)strlen(text));
}

int sitting_end(struct sitting *sitting, const char *text)
{
    int status;
    for (;;) {
        struct pollfd ready = {.fd = sitting->person, .events = POLLIN};
        sitting_type(sitting, text);
        if (poll(&ready, 1, 20) == 0)
            continue;
        if (!look(sitting))
            break;
    }
    assert(waitpid(sitting->child, &status, 0) == sitting->child);
    (void)close(sitting->person);
    /* An interrupt may come before anybody waits for it: a shell calls that the same. */
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
