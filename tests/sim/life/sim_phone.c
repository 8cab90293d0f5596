#include "tests/sim/life/sim_phone.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_canary.h"

enum phone_step { STRANGER, INVITE, CLAIM, UNLOCK, FIRST, SECOND, LEAVE, GONE };

#define CODE_SIZE (2 * ID_SIZE + 1) /* of errand->hex, where the code waits */

/* Each has a line of its own. */
static uint64_t line_of(const struct sim_errand *errand)
{
    return SIM_CLIENT_PHONE + errand->key;
}

static void found_case(struct sim_host *host, struct sim_errand *errand)
{
    char text[SIM_TEXT_SIZE];
    errand->has_once = true;
    sim_people_ask(host, errand, "case.new", "category", "邻里", "narrative",
                   sim_deeds_text(host, text, "phoned", errand->key), "title",
                   "手机上记的", NULL);
}

static void take_step(struct sim_host *host, struct sim_errand *errand)
{
    char device[16];
    errand->client = errand->step == INVITE ? SIM_CLIENT_STEWARD : line_of(errand);
    errand->has_once = false;
    switch (errand->step) {
    case INVITE:
        sim_people_ask(host, errand, "device.invite", NULL);
        break;
    case CLAIM:
        sim_people_ask(host, errand, "device.claim", "code", errand->hex, NULL);
        break;
    case UNLOCK:
        sim_people_ask(host, errand, "unlock", "pin", "246810", NULL);
        break;
    case FIRST:
    case SECOND:
        found_case(host, errand);
        break;
    case LEAVE:
        (void)snprintf(device, sizeof(device), "#%u", errand->which);
        sim_people_ask(host, errand, "device.revoke", "device", device, NULL);
        break;
    default:
        sim_people_ask(host, errand, "case.list", NULL);
        break;
    }
}

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

static bool hear_stranger(struct sim_host *host, const struct sim_errand *errand,
                          struct bytes status)
{
    if (is_ok(status))
        sim_fail(host->sim, "API", "%s lists its cases to a device that is not signed in",
                 host->address);
    if (bytes_equal_str(status, "DENIED"))
        sim_ever(host->sim, errand->step == GONE ? EVER_FAR_REVOKED : EVER_FAR_STRANGER);
    return errand->step == STRANGER;
}

/* The number of the case stands in the errand from the first answer on. */
static bool hear_case(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct bytes number;
    char text[CODE_SIZE];
    if (!is_ok(status) || !view_map_text(result, "number", &number))
        return false;
    (void)snprintf(text, sizeof(text), "%.*s", (int)number.len,
                   (const char *)number.data);
    if (errand->step == FIRST) {
        memcpy(errand->hex, text, sizeof(text));
        watch_canary_number(host, number);
        return true;
    }
    if (strcmp(text, errand->hex) != 0)
        sim_fail(host->sim, "API", "%s does twice what came with one once",
                 host->address);
    sim_ever(host->sim, EVER_FAR_ONCE);
    return true;
}

/* False: the rest makes no sense. */
static bool hear(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                 struct bytes result)
{
    struct bytes code;
    uint64_t device;
    switch (errand->step) {
    case STRANGER:
    case GONE:
        return hear_stranger(host, errand, status);
    case INVITE:
        if (!is_ok(status) || !view_map_text(result, "code", &code))
            return false;
        (void)snprintf(errand->hex, sizeof(errand->hex), "%.*s", (int)code.len,
                       (const char *)code.data);
        return true;
    case CLAIM:
        if (!is_ok(status) || !view_map_uint(result, "device", &device))
            return false;
        errand->which = (uint32_t)device;
        return true;
    case FIRST:
    case SECOND:
        return hear_case(host, errand, status, result);
    default:
        return is_ok(status);
    }
}

static void on_step(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    struct sim_errand *errand = NULL;
    if (hear(host, before, status, result))
        errand = sim_people_errand(host);
    if (errand == NULL) {
        sim_host_tell(host, EVENT_CLIENT_CLOSED, line_of(before), (struct bytes){0},
                      NULL);
        return;
    }
    *errand = *before;
    errand->step++;
    take_step(host, errand);
}

void sim_phone(struct sim_host *host, struct sim_errand *errand)
{
    errand->done = on_step;
    errand->step = STRANGER;
    sim_host_tell_far(host, line_of(errand));
    take_step(host, errand);
}
