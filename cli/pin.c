#include "cli/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "crypto/secret.h"
#include "proto/pack.h"

void pin_wipe(struct pin *pin)
{
    secret_wipe(pin, sizeof(*pin));
}

/* Reads up to the end of the first line, byte by byte, so that no buffer keeps a copy. */
static enum status read_line(struct pin *pin, int fd, const char *what, struct err *err)
{
    pin->len = 0;
    for (;;) {
        char c = '\0';
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, STATUS_IO, "%s: %s", what, strerror(errno));
        if (got == 0 || c == '\n')
            break;
        if (pin->len == WRAP_PIN_MAX)
            return err_set(err, STATUS_TOO_LARGE, "%s: a PIN has at most %d bytes", what,
                           WRAP_PIN_MAX);
        pin->text[pin->len++] = c;
    }
    if (pin->len > 0 && pin->text[pin->len - 1] == '\r')
        pin->len--;
    pin->text[pin->len] = '\0';
    if (pin->len == 0)
        return err_set(err, STATUS_INVALID, "%s: the PIN is empty", what);
    if (!utf8_is_valid(bytes_of(pin->text, pin->len)))
        return err_set(err, STATUS_INVALID, "%s: the PIN is not UTF-8", what);
    return STATUS_OK;
}

enum status pin_from_file(struct pin *pin, const char *file, struct err *err)
{
    if (strcmp(file, "-") == 0)
        return read_line(pin, STDIN_FILENO, "standard input", err);
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
                       "the PIN file %s: %s", file, strerror(errno));
    enum status status = read_line(pin, fd, file, err);
    (void)close(fd); /* it was only read */
    return status;
}

/* Asks once on the terminal, without an echo. */
static enum status ask_terminal(struct pin *pin, const char *before, const char *whose,
                                FILE *err_out, struct err *err)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios before_echo;
    if (fd < 0 || tcgetattr(fd, &before_echo) != 0) {
        if (fd >= 0)
            (void)close(fd); /* it was never used */
        return err_set(err, STATUS_NOT_FOUND,
                       "a PIN is needed and there is no terminal to ask on; put it into "
                       "a file and name the file in FENGQIAO_PIN_FILE");
    }
    struct termios quiet = before_echo;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
    interrupt_guard_terminal(fd, &before_echo);
    (void)tcsetattr(fd, TCSAFLUSH, &quiet); /* an echo is worse than nothing, not fatal */
    fprintf(err_out, "%s %s: ", before, *whose ? whose : "the steward");
    (void)fflush(err_out);
    enum status status = read_line(pin, fd, "the terminal", err);
    (void)tcsetattr(fd, TCSAFLUSH, &before_echo); /* nothing else can be done */
    interrupt_release_terminal();
    fputc('\n', err_out);
    (void)close(fd); /* it was only read */
    return status;
}

enum status pin_read(struct pin *pin, const char *whose, FILE *err_out, struct err *err)
{
    const char *file = getenv("FENGQIAO_PIN_FILE");
    if (file && *file)
        return pin_from_file(pin, file, err);
    return ask_terminal(pin, "PIN of", whose, err_out, err);
}

enum status pin_choose(struct pin *pin, const char *whose, FILE *err_out, struct err *err)
{
    struct pin again = {0};
    enum status status = ask_terminal(pin, "new PIN of", whose, err_out, err);
    if (status != STATUS_OK)
        return status;
    status = ask_terminal(&again, "once more, the PIN of", whose, err_out, err);
    if (status == STATUS_OK &&
        (again.len != pin->len || !secret_equal(again.text, pin->text, pin->len)))
        status = err_set(err, STATUS_INVALID, "the two PINs differ; nothing was done");
    pin_wipe(&again);
    return status;
}
