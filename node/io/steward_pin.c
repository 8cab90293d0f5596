/*
 * Happy path: read a line from the file, or ask twice on the terminal with the echo off.
 * Failure modes: no file, an empty or an endless line, no terminal, two answers that
 * differ, Ctrl-C in the middle (the echo is switched on again before anything else).
 */
#include "node/io/steward_pin.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/io/hidden_input.h"
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

static enum status ask(struct steward_pin *pin, int terminal, const char *question,
                       struct err *err)
{
    enum status status = hidden_input_show(terminal, question, err);
    if (status != STATUS_OK)
        return status;
    status = read_line(pin, terminal, err);
    hidden_input_end_line(terminal);
    return status;
}

static enum status ask_twice(void *context, int terminal, struct err *err)
{
    struct steward_pin *pin = context, again = {0};
    enum status status = ask(pin, terminal, "PIN of the steward: ", err);
    if (status == STATUS_OK)
        status = ask(&again, terminal, "the same again: ", err);
    if (status == STATUS_OK &&
        (pin->len != again.len || !secret_equal(pin->text, again.text, pin->len)))
        status = err_set(err, STATUS_INVALID, "the two are not the same");
    secret_wipe(&again, sizeof(again));
    return status;
}

enum status steward_pin_read(struct steward_pin *pin, const char *file, struct err *err)
{
    enum status status = file != NULL
                             ? read_file(pin, file, err)
                             : hidden_input_ask(ask_twice, pin, "--pin-file FILE", err);
    if (status == STATUS_OK && pin->len < PIN_MIN)
        return err_set(err, STATUS_INVALID, "a PIN has at least %d characters", PIN_MIN);
    return status;
}
