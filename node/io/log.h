/*
 * log: one line is one event, on standard error. No keys, no names, no content: who calls
 * sees to that. Control characters arrive as question marks.
 */
#ifndef FENGQIAO_NODE_IO_LOG_H
#define FENGQIAO_NODE_IO_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* Somebody must act. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* It went wrong and mends itself. */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A change of state. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For what a stranger can cause at will: at most one line a minute. Zero it. */
struct log_gate {
    uint64_t next_ms;
};
bool log_gate_opens(struct log_gate *gate, uint64_t now_ms);

#endif
