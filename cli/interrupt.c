#include "cli/interrupt.h"

#include <assert.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* Read by the handler: written only while the flag beside it is 0. */
static volatile sig_atomic_t file_is_guarded;
static char guarded_file[PATH_MAX];
static volatile sig_atomic_t terminal_is_guarded;
static int guarded_terminal;
static struct termios guarded_settings;

static void on_signal(int number)
{
    if (file_is_guarded)
        (void)unlink(guarded_file); /* the process ends either way */
    if (terminal_is_guarded)
        (void)tcsetattr(guarded_terminal, TCSAFLUSH, &guarded_settings);
    _exit(128 + number);
}

void interrupt_install(void)
{
    struct sigaction end = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        struct sigaction before;
        /* Who starts us with a signal ignored (nohup) wants it ignored. */
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &end, NULL); /* valid numbers cannot fail */
    }
    (void)sigaction(SIGPIPE, &ignore, NULL); /* the same */
}

void interrupt_guard_file(const char *path)
{
    assert(!file_is_guarded);
    size_t len = strlen(path);
    assert(len < sizeof(guarded_file));
    memcpy(guarded_file, path, len + 1);
    file_is_guarded = 1;
}

void interrupt_release_file(void)
{
    file_is_guarded = 0;
}

void interrupt_guard_terminal(int fd, const struct termios *settings)
{
    assert(!terminal_is_guarded);
    guarded_terminal = fd;
    guarded_settings = *settings;
    terminal_is_guarded = 1;
}

void interrupt_release_terminal(void)
{
    terminal_is_guarded = 0;
}
