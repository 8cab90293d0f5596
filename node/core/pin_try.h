/*
 * pin_try: how fast somebody far away may try PINs. From the fourth wrong one on there is
 * a wait, which doubles with each. How many there were is in the store before the try is
 * looked at, so that neither a second device nor a power cut buys another one; when the
 * last was is in memory, and after a start the whole wait begins anew.
 */
#ifndef FENGQIAO_NODE_CORE_PIN_TRY_H
#define FENGQIAO_NODE_CORE_PIN_TRY_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/wrap.h"
#include "proto/err.h"
#include "proto/limits.h"
#include "proto/op.h"

struct core;

#define PIN_TRIES_FREE 3
#define PIN_WAIT_MS (30ull * 1000)
#define PIN_WAIT_MS_MAX (3600ull * 1000)

/* What the core remembers of it between turns. */
struct pin_wait {
    bool is_known;
    struct id person;
    uint64_t since_ms;
};

/* One is about to be tried, and counts as wrong until pin_try_end. BUSY: it is too early,
 * and it is not looked at. */
enum status pin_try_begin(struct core *core, const struct id *person,
                          struct err *err) MUST_USE;
/* What came of it. */
enum status pin_try_end(struct core *core, const struct id *person,
                        enum wrap_result result) MUST_USE;

#endif
