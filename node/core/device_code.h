/*
 * device_code: an invitation for a device, of one use and for ten minutes, in memory
 * alone. It is 128 bits of chance, so that no number of tries finds one; wrong tries are
 * counted nevertheless, and too many close all that are open.
 */
#ifndef FENGQIAO_NODE_CORE_DEVICE_CODE_H
#define FENGQIAO_NODE_CORE_DEVICE_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/limits.h"
#include "proto/op.h"

struct core;

#define DEVICE_CODE_LEN 26 /* base32, lower case, of 16 bytes */

struct device_code {
    bool is_open;
    char text[DEVICE_CODE_LEN + 1];
    struct id person; /* whom it signs in */
    uint64_t expires_ms;
};

/* What the core remembers of them between turns. */
struct device_codes {
    struct device_code codes[DEVICE_CODES_MAX];
    uint32_t wrong; /* since: */
    uint64_t wrong_since_ms;
};

/* A new one; borrowed until it is closed. BUSY: as many are open as may be. */
enum status device_code_new(struct core *core, const struct id *person,
                            const struct device_code **code, struct err *err) MUST_USE;
/* The open one of that text, in either case. DENIED. */
enum status device_code_find(struct core *core, struct bytes text,
                             struct device_code **code, struct err *err) MUST_USE;
void device_code_close(struct device_code *code);
/* All of a person. */
void device_codes_close_of(struct core *core, const struct id *person);

#endif
