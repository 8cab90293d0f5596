#include "node/core/pin_try.h"

#include <inttypes.h>

#include "node/core/state.h"
#include "storage/store_pin_tries.h"

static uint64_t wait_ms(uint64_t count)
{
    if (count < PIN_TRIES_FREE)
        return 0;
    uint64_t wait = PIN_WAIT_MS;
    for (uint64_t i = PIN_TRIES_FREE; i < count && wait < PIN_WAIT_MS_MAX; i++)
        wait *= 2;
    return wait < PIN_WAIT_MS_MAX ? wait : PIN_WAIT_MS_MAX;
}

/* Who is not remembered waits from now on. The longest known gives way: it waits once
 * more. */
static struct pin_wait *find(struct core *core, const struct id *person)
{
    struct pin_wait *oldest = &core->pin_waits[0];
    for (int i = 0; i < PIN_WAITS_MAX; i++) {
        struct pin_wait *wait = &core->pin_waits[i];
        if (wait->is_known && id_equal(&wait->person, person))
            return wait;
        if (!wait->is_known || (oldest->is_known && wait->since_ms < oldest->since_ms))
            oldest = wait;
    }
    *oldest = (struct pin_wait){true, *person, core->now_ms};
    return oldest;
}

enum status pin_try_begin(struct core *core, const struct id *person, struct err *err)
{
    uint64_t count;
    enum status status = store_pin_tries_get(core->store, person, &count);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (wait_ms(count) > 0) {
        struct pin_wait *wait = find(core, person);
        uint64_t ready_ms = wait->since_ms + wait_ms(count);
        if (core->now_ms < ready_ms)
            return err_set(err, STATUS_BUSY,
                           "wait %" PRIu64
                           " seconds: the PIN was wrong several times in a row",
                           (ready_ms - core->now_ms + 999) / 1000);
    }
    find(core, person)->since_ms = core->now_ms;
    return core_check(core, store_pin_tries_put(core->store, person, count + 1));
}

enum status pin_try_end(struct core *core, const struct id *person,
                        enum wrap_result result)
{
    find(core, person)->since_ms = core->now_ms;
    return result == WRAP_OK
               ? core_check(core, store_pin_tries_put(core->store, person, 0))
               : STATUS_OK; /* it is counted, whatever it was for want of */
}
