/*
 * Happy path: format, replace control characters, one write to standard error. Failure
 * modes: a line that is too long is cut; a standard error that is closed or full loses
 * the line, for there is nobody left to tell.
 */
#include "node/io/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_LEN 512
#define GATE_MS 60000

static void write_line(const char *line, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(STDERR_FILENO, line, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return;
        line += wrote;
        len -= (size_t)wrote;
    }
}

__attribute__((format(printf, 2, 0))) static void
log_line(const char *level, const char *format, va_list values)
{
    char line[LINE_MAX_LEN];
    size_t level_len = strlen(level);
    memcpy(line, level, level_len);
    size_t room = sizeof(line) - level_len - 1; /* the newline */
    int wrote = vsnprintf(line + level_len, room, format, values);
    if (wrote < 0) /* never: no line has wide characters */
        return;
    size_t len = level_len + ((size_t)wrote < room ? (size_t)wrote : room - 1);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[len] = '\n';
    write_line(line, len + 1);
}

void log_error(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    log_line("error ", format, values);
    va_end(values);
}

void log_warn(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    log_line("warn ", format, values);
    va_end(values);
}

void log_info(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    log_line("", format, values);
    va_end(values);
}

bool log_gate_opens(struct log_gate *gate, uint64_t now_ms)
{
    if (now_ms < gate->next_ms)
        return false;
    gate->next_ms = now_ms + GATE_MS;
    return true;
}
