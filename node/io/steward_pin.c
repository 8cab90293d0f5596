/*
 * Happy path: read a line from the file, or ask twice on the terminal with the echo off.
 * Failure modes: no file, an empty or an endless line, no terminal, two answers that
 * differ, Ctrl-C in the middle (the echo is switched on again before anything else).
 */
#include "node/io/steward_pin.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/io/process.h"
#include "proto/limits.h"

/* Reads up to the newline or the end; neither is part of the PIN. */
static enum status read_line(struct steward_pin *pin, int fd, struct err *err)
{
    pin->len = 0;
    for (;;) {
        char c;
        ssize_t got = read(fd, &c, 1);
        if (got < 0)
            return errno == EINTR ? err_set(err, STATUS_CLOSED, "interrupted")
                                  : err_set(err, STATUS_IO, "the PIN cannot be read: %s",
                                            strerror(errno));
        if (got == 0 || c == '\n')
            break;
        if (pin->len == WRAP_PIN_MAX)
            return err_set(err, STATUS_INVALID, "a PIN has at most %d bytes",
                           WRAP_PIN_MAX);
        pin->text[pin->len++] = c;
    }
    if (pin->len > 0 && pin->text[pin->len - 1] == '\r')
        pin->len--;
    pin->text[pin->len] = '\0';
    if (pin->len == 0)
        return err_set(err, STATUS_INVALID, "the PIN is empty");
    if (memchr(pin->text, '\0', pin->len) != NULL)
        return err_set(err, STATUS_INVALID, "the PIN holds a zero byte");
    return STATUS_OK;
}

static enum status read_file(struct steward_pin *pin, const char *file, struct err *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
                       "the PIN file %s cannot be opened: %s", file, strerror(errno));
    enum status status = read_line(pin, fd, err);
    (void)close(fd); /* only read */
    return status;
}

/* ---- the terminal ---- */

static void on_signal(int number)
{
    (void)number; /* it ends the read; that is all */
}

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define ENDING_LEN (sizeof(ending_signals) / sizeof(ending_signals[0]))

static enum status ask(struct steward_pin *pin, int terminal, const char *question,
                       struct err *err)
{
    if (!process_write_all(terminal, question, strlen(question)))
        return err_set(err, STATUS_IO, "the terminal does not take the question");
    enum status status = read_line(pin, terminal, err);
    (void)process_write_all(terminal, "\n", 1); /* for the eye only */
    return status;
}

static enum status ask_twice(struct steward_pin *pin, int terminal, struct err *err)
{
    struct steward_pin again = {0};
    enum status status = ask(pin, terminal, "PIN of the steward: ", err);
    if (status == STATUS_OK)
        status = ask(&again, terminal, "the same again: ", err);
    if (status == STATUS_OK &&
        (pin->len != again.len || !secret_equal(pin->text, again.text, pin->len)))
        status = err_set(err, STATUS_INVALID, "the two are not the same");
    secret_wipe(&again, sizeof(again));
    return status;
}

static enum status read_terminal(struct steward_pin *pin, struct err *err)
{
    struct termios before, silent;
    struct sigaction saved[ENDING_LEN];
    const struct sigaction end = {.sa_handler = on_signal}; /* no SA_RESTART */
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            (void)close(terminal); /* nothing was written to it */
        return err_set(err, STATUS_INVALID,
                       "there is no terminal to ask on; give --pin-file FILE");
    }
    for (size_t i = 0; i < ENDING_LEN; i++)
        (void)sigaction(ending_signals[i], &end, &saved[i]); /* valid numbers */
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    enum status status = tcsetattr(terminal, TCSAFLUSH, &silent) == 0
                             ? ask_twice(pin, terminal, err)
                             : err_set(err, STATUS_IO, "the echo cannot be switched off");
    (void)tcsetattr(terminal, TCSAFLUSH, &before); /* nothing better is left to do */
    for (size_t i = 0; i < ENDING_LEN; i++)
        (void)sigaction(ending_signals[i], &saved[i], NULL); /* valid numbers */
    (void)close(terminal);                                   /* nothing is buffered */
    return status;
}

enum status steward_pin_read(struct steward_pin *pin, const char *file, struct err *err)
{
    enum status status =
        file != NULL ? read_file(pin, file, err) : read_terminal(pin, err);
    if (status == STATUS_OK && pin->len < PIN_MIN)
        return err_set(err, STATUS_INVALID, "a PIN has at least %d characters", PIN_MIN);
    return status;
}
