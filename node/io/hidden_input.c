/*
 * Happy path: open /dev/tty, catch the signals that end a process, switch the echo off,
 * let fn ask, and undo all of it. Failure modes: no terminal; an echo that cannot be
 * switched off (nothing is asked then); Ctrl-C in the middle (the echo is switched on
 * again before anything else).
 */
#include "node/io/hidden_input.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "node/io/process.h"

static void on_signal(int number)
{
    (void)number; /* it ends the read; that is all */
}

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define ENDING_LEN (sizeof(ending_signals) / sizeof(ending_signals[0]))

enum status hidden_input_show(int terminal, const char *text, struct err *err)
{
    if (process_write_all(terminal, text, strlen(text)))
        return STATUS_OK;
    return err_set(err, STATUS_IO, "the terminal does not take the question");
}

void hidden_input_end_line(int terminal)
{
    (void)process_write_all(terminal, "\n", 1); /* for the eye only */
}

enum status hidden_input_ask(hidden_input_fn *fn, void *context, const char *otherwise,
                             struct err *err)
{
    struct termios before, silent;
    struct sigaction saved[ENDING_LEN];
    const struct sigaction end = {.sa_handler = on_signal}; /* no SA_RESTART */
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            (void)close(terminal); /* nothing was written to it */
        return err_set(err, STATUS_INVALID, "there is no terminal to ask on; give %s",
                       otherwise);
    }
    for (size_t i = 0; i < ENDING_LEN; i++)
        (void)sigaction(ending_signals[i], &end, &saved[i]); /* valid numbers */
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    enum status status = tcsetattr(terminal, TCSAFLUSH, &silent) == 0
                             ? fn(context, terminal, err)
                             : err_set(err, STATUS_IO, "the echo cannot be switched off");
    (void)tcsetattr(terminal, TCSAFLUSH, &before); /* nothing better is left to do */
    for (size_t i = 0; i < ENDING_LEN; i++)
        (void)sigaction(ending_signals[i], &saved[i], NULL); /* valid numbers */
    (void)close(terminal);                                   /* nothing is buffered */
    return status;
}
