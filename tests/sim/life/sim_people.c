#include "tests/sim/life/sim_people.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_staff.h"
#include "tests/sim/life/sim_weather.h"
#include "tests/sim/life/watch_answer.h"
#include "tests/sim/life/watch_restore.h"

struct sim_errand *sim_people_errand(struct sim_host *host)
{
    for (int i = 0; i < SIM_ERRANDS_MAX; i++)
        if (host->errands[i].number == 0)
            return &host->errands[i];
    return NULL;
}

/* "name", "name=text" or "name=text=7": what stands in a list. */
static void pack_element(struct buf *out, const char *at)
{
    size_t name_len = strcspn(at, "=,]"), len = strcspn(at, ",]");
    if (name_len == len) {
        pack_str_bytes(out, bytes_of(at, len));
        return;
    }
    const char *text = at + name_len + 1;
    size_t text_len = strcspn(text, "=,]");
    bool is_triple = text[text_len] == '=';
    pack_array(out, is_triple ? 3 : 2);
    pack_str_bytes(out, bytes_of(at, name_len));
    pack_str_bytes(out, bytes_of(text, text_len));
    if (is_triple)
        pack_uint(out, strtoull(text + text_len + 1, NULL, 10));
}

/* A value that begins with '[' is a list of texts parted by commas, with '=' in them a
 * list of pairs, or of two texts and a number; "true" is a flag. */
static void pack_value_text(struct buf *out, const char *value)
{
    if (strcmp(value, "true") == 0) {
        pack_bool(out, true);
        return;
    }
    if (value[0] == '=') {
        pack_bin(out, value + 1, strlen(value + 1));
        return;
    }
    if (value[0] == '#') {
        pack_uint(out, strtoull(value + 1, NULL, 10));
        return;
    }
    if (value[0] != '[') {
        pack_str(out, value);
        return;
    }
    uint32_t count = 1;
    for (const char *c = value; *c != '\0'; c++)
        count += *c == ',';
    pack_array(out, count);
    for (const char *at = value + 1; count-- > 0; at += strcspn(at, ",]") + 1)
        pack_element(out, at);
}

/* The same bytes whenever the same is asked. */
static void pack_once(const struct sim_host *host, const struct sim_errand *errand,
                      struct buf *out)
{
    uint64_t once[ONCE_SIZE / 8];
    for (uint64_t i = 0; i < ONCE_SIZE / 8; i++)
        once[i] = sim_dice(host->sim, "once", errand->key, i);
    pack_bin(out, once, ONCE_SIZE);
}

void sim_people_ask_packed(struct sim_host *host, struct sim_errand *errand,
                           const char *method, struct bytes arguments)
{
    struct buf request = {0};
    errand->number = ++host->next_request;
    if (errand->client == 0)
        errand->client = SIM_CLIENT_STEWARD;
    errand->method = method;
    pack_array(&request, errand->has_once ? 4 : 3);
    pack_uint(&request, errand->number);
    pack_str(&request, method);
    buf_add(&request, arguments.data, arguments.len);
    if (errand->has_once)
        pack_once(host, errand, &request);
    if (strcmp(method, "escalate.release") == 0)
        sim_weather_release(host);
    sim_host_tell(host, EVENT_CLIENT_REQUEST, errand->client, buf_bytes(&request), NULL);
    buf_deinit(&request);
}

void sim_people_ask(struct sim_host *host, struct sim_errand *errand, const char *method,
                    ...)
{
    struct buf pairs = {0}, map = {0};
    uint32_t len = 0;
    va_list args;
    va_start(args, method);
    for (const char *name; (name = va_arg(args, const char *)) != NULL;) {
        const char *value = va_arg(args, const char *);
        if (value == NULL)
            continue;
        pack_str(&pairs, name);
        pack_value_text(&pairs, value);
        len++;
    }
    va_end(args);
    pack_map(&map, len);
    buf_append(&map, &pairs);
    sim_people_ask_packed(host, errand, method, buf_bytes(&map));
    buf_deinit(&pairs);
    buf_deinit(&map);
}

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

/* What a person was told is saved stays (I2). */
static void remember(struct sim_host *host, struct bytes result)
{
    struct id op;
    if (!view_map_id(result, "op", &op) || host->told_len == SIM_TOLD_MAX)
        return;
    host->told[host->told_len++] = op;
    if (host->was_full && !host->disk_fails) {
        host->was_full = false;
        sim_ever(host->sim, EVER_DISK_FREED);
    }
    host->sim->verdict->ops++;
}

void sim_people_hear(struct sim_host *host, struct bytes answer)
{
    struct pack_reader reader = pack_reader_of(answer);
    uint32_t elements;
    uint64_t number;
    struct bytes status, result;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_uint(&reader, &number, NULL) != STATUS_OK ||
        pack_read_str(&reader, &status, NULL) != STATUS_OK ||
        pack_value(&reader, 0, &result, NULL) != STATUS_OK) {
        if (!host->is_flawed) /* views rot like everything on a disk */
            sim_fail(host->sim, "API", "%s answers what nobody can read", host->address);
        return;
    }
    for (int i = 0; i < SIM_ERRANDS_MAX; i++) {
        struct sim_errand *errand = &host->errands[i];
        if (errand->number != number)
            continue;
        sim_trace(host->sim, host, "%s: %.*s", errand->method, (int)status.len,
                  (const char *)status.data);
        watch_answer(host, errand, status);
        watch_restore_answer(host, errand, status, result);
        if (is_ok(status))
            remember(host, result);
        struct sim_errand taken = *errand;
        errand->number = 0;
        if (taken.done != NULL)
            taken.done(host, &taken, status, result);
        return;
    }
}

static void on_unlocked(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    host->is_unlocked = is_ok(status);
    if (host->elder != NULL && !host->has_keys) {
        host->has_keys = host->is_unlocked;
        return; /* they have not come yet */
    }
    host->is_failing = !host->is_unlocked && host->is_flawed && !host->heap.has_failed;
    if (!host->is_unlocked && !host->is_flawed && !host->heap.has_failed)
        sim_fail(host->sim, "I2", "%s does not know its steward's key any more",
                 host->address);
}

void sim_people_unlock(struct sim_host *host)
{
    struct sim_errand *errand = sim_people_errand(host);
    *errand = (struct sim_errand){.done = on_unlocked};
    sim_people_ask(host, errand, "unlock", "pin", "246810", NULL);
}

void sim_people_arrive(struct sim_host *host)
{
    sim_host_tell(host, EVENT_CLIENT_OPENED, SIM_CLIENT_STEWARD, (struct bytes){0}, NULL);
    sim_people_unlock(host);
    sim_staff_arrive(host);
}

void sim_people_leave(struct sim_host *host)
{
    memset(host->errands, 0, sizeof(host->errands));
    host->is_unlocked = host->mediator_is_unlocked = false;
}

/* --- pairing --- */

static void on_joined(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    if (is_ok(status) && host->sim->script.len > 0)
        sim_ever(host->sim, EVER_PAIRED_AGAIN);
}

static void on_invited(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct sim_host *child = host->sim->hosts[errand->which];
    struct bytes code;
    char text[128];
    if (!is_ok(status) || !view_map_text(result, "code", &code))
        return;
    (void)snprintf(text, sizeof(text), "%.*s", (int)code.len, (const char *)code.data);
    struct sim_errand *join = sim_people_errand(child);
    if (!child->is_unlocked || join == NULL)
        return;
    *join = (struct sim_errand){.done = on_joined};
    sim_people_ask(child, join, "peer.join", "at", host->address, "code", text, NULL);
}

void sim_people_invite(struct sim_host *parent, struct sim_host *child)
{
    struct sim_errand *errand = sim_people_errand(parent);
    if (!parent->is_unlocked || errand == NULL)
        return;
    *errand = (struct sim_errand){.done = on_invited, .which = (uint32_t)child->index};
    sim_people_ask(parent, errand, "peer.invite", NULL);
}

void sim_people_pair(struct sim_host *parent, struct sim_host *child)
{
    sim_until(parent->sim, parent->sim->now_ms + 1000); /* both are unlocked */
    sim_people_invite(parent, child);
}
