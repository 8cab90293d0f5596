#include "cli/private_line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "proto/pack.h"

void private_line_wipe(struct private_line *line)
{
    secret_wipe(line, sizeof(*line));
}

/* Byte by byte, so that no buffer keeps a copy. */
static enum status read_line(struct private_line *line, int fd, const char *what,
                             struct err *err)
{
    for (;;) {
        char c = '\0';
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, STATUS_IO, "%s: %s", what, strerror(errno));
        if (got == 0 || c == '\n')
            break;
        if (line->len == PRIVATE_LINE_MAX)
            return err_set(err, STATUS_TOO_LARGE, "%s: the line has more than %d bytes",
                           what, PRIVATE_LINE_MAX);
        line->text[line->len++] = c;
    }
    if (line->len > 0 && line->text[line->len - 1] == '\r')
        line->len--;
    line->text[line->len] = '\0';
    if (line->len == 0)
        return err_set(err, STATUS_INVALID, "%s: there is no text in its first line",
                       what);
    if (!utf8_is_valid(bytes_of(line->text, line->len)))
        return err_set(err, STATUS_INVALID, "%s: the text is not UTF-8", what);
    return STATUS_OK;
}

enum status private_line_read(struct private_line *line, const char *file,
                              struct err *err)
{
    line->len = 0;
    if (strcmp(file, "-") == 0)
        return read_line(line, STDIN_FILENO, "standard input", err);
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO, "%s: %s",
                       file, strerror(errno));
    enum status status = read_line(line, fd, file, err);
    (void)close(fd); /* it was only read */
    return status;
}
