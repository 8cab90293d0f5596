/*
 * interrupt: what a signal must not leave behind: a half-written file, a terminal without
 * an echo. The handler undoes both and ends the process with 128 + the signal's number
 * (130 for SIGINT).
 */
#ifndef FENGQIAO_CLI_INTERRUPT_H
#define FENGQIAO_CLI_INTERRUPT_H

#include <termios.h>

/* Installs the handlers for SIGINT, SIGTERM and SIGHUP; SIGPIPE becomes a failed write.
 * For main() alone. */
void interrupt_install(void);

/* path (at most 4095 bytes, copied) goes when a signal comes; one file at a time. */
void interrupt_guard_file(const char *path);
void interrupt_release_file(void);

/* The terminal gets its settings back when a signal comes. */
void interrupt_guard_terminal(int fd, const struct termios *settings);
void interrupt_release_terminal(void);

#endif
