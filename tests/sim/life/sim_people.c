#include "tests/sim/life/sim_people.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_host.h"

#define CLIENT 1

static struct sim_errand *free_errand(struct sim_host *host)
{
    for (int i = 0; i < SIM_ERRANDS_MAX; i++)
        if (host->errands[i].number == 0)
            return &host->errands[i];
    return NULL;
}

/* A value that begins with '[' is a list of texts parted by commas; "true" is a flag. */
static void pack_value_text(struct buf *out, const char *value)
{
    if (strcmp(value, "true") == 0) {
        pack_bool(out, true);
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
        pack_str_bytes(out, bytes_of(at, strcspn(at, ",]")));
}

/* name, value, …, NULL; names in ascending order. */
static void ask(struct sim_host *host, struct sim_errand *errand, const char *method, ...)
{
    struct buf map = {0}, request = {0};
    uint32_t len = 0;
    va_list args;
    va_start(args, method);
    for (const char *name; (name = va_arg(args, const char *)) != NULL; len++) {
        pack_str(&map, name);
        pack_value_text(&map, va_arg(args, const char *));
    }
    va_end(args);
    errand->number = ++host->next_request;
    errand->method = method;
    pack_array(&request, 3);
    pack_uint(&request, errand->number);
    pack_str(&request, method);
    pack_map(&request, len);
    buf_add(&request, map.data, map.len);
    sim_host_tell(host, EVENT_CLIENT_REQUEST, CLIENT, buf_bytes(&request), NULL);
    buf_deinit(&map);
    buf_deinit(&request);
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
        sim_fail(host->sim, "API", "%s answers what nobody can read", host->address);
        return;
    }
    for (int i = 0; i < SIM_ERRANDS_MAX; i++) {
        struct sim_errand *errand = &host->errands[i];
        if (errand->number != number)
            continue;
        sim_trace(host->sim, host, "%s: %.*s", errand->method, (int)status.len,
                  (const char *)status.data);
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
    if (!host->is_unlocked)
        sim_fail(host->sim, "I2", "%s does not know its steward's key any more",
                 host->address);
}

void sim_people_arrive(struct sim_host *host)
{
    sim_host_tell(host, EVENT_CLIENT_OPENED, CLIENT, (struct bytes){0}, NULL);
    struct sim_errand *errand = free_errand(host);
    *errand = (struct sim_errand){.done = on_unlocked};
    ask(host, errand, "unlock", "pin", "246810", NULL);
}

void sim_people_leave(struct sim_host *host)
{
    memset(host->errands, 0, sizeof(host->errands));
    host->is_unlocked = false;
}

/* --- pairing --- */

static void on_invited(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct sim_host *child = host->sim->hosts[errand->which];
    struct bytes code;
    char text[128];
    if (!is_ok(status) || !view_map_text(result, "code", &code))
        return;
    (void)snprintf(text, sizeof(text), "%.*s", (int)code.len, (const char *)code.data);
    struct sim_errand *join = free_errand(child);
    *join = (struct sim_errand){0};
    ask(child, join, "peer.join", "at", host->address, "code", text, NULL);
}

void sim_people_pair(struct sim_host *parent, struct sim_host *child)
{
    struct sim_errand *errand = free_errand(parent);
    *errand = (struct sim_errand){.done = on_invited, .which = (uint32_t)child->index};
    sim_until(parent->sim, parent->sim->now_ms + 1000); /* both are unlocked */
    ask(parent, errand, "peer.invite", NULL);
}

/* --- deeds --- */

static void on_case(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct bytes number;
    if (!is_ok(status) || host->cases_len == SIM_CASES_MAX)
        return;
    struct sim_case *c = &host->cases[host->cases_len];
    *c = (struct sim_case){.is_meant_up =
                               sim_dice(host->sim, "meant-up", errand->key, 0) % 2 == 0};
    if (!view_map_text(result, "number", &number) ||
        !view_map_id(result, "scope", &c->scope))
        return;
    (void)snprintf(c->number, sizeof(c->number), "%.*s", (int)number.len,
                   (const char *)number.data);
    host->cases_len++;
}

/* A text that says whose it is, so that it can be looked for where it must not be. */
static const char *canary(const struct sim *sim, char out[static 64], const char *field,
                          uint64_t key, bool is_meant_up)
{
    (void)snprintf(out, 64, "%s-%s-%016llx", is_meant_up ? "chosen" : "CANARY", field,
                   (unsigned long long)sim_dice(sim, field, key, 1));
    return out;
}

static void new_case(struct sim_host *host, struct sim_errand *errand)
{
    bool up = sim_dice(host->sim, "meant-up", errand->key, 0) % 2 == 0;
    char title[64], narrative[64], context[64];
    errand->done = on_case;
    ask(host, errand, "case.new", "category", "邻里", "context",
        canary(host->sim, context, "context", errand->key, up), "narrative",
        canary(host->sim, narrative, "narrative", errand->key, false), "title",
        canary(host->sim, title, "title", errand->key, up), NULL);
}

/* One of the cases that this village remembers. */
static struct sim_case *choose_case(struct sim_host *host, uint64_t key, bool is_meant_up)
{
    uint32_t fitting = 0;
    for (uint32_t i = 0; i < host->cases_len; i++)
        fitting += host->cases[i].is_meant_up == is_meant_up;
    if (fitting == 0)
        return NULL;
    uint64_t which = sim_dice(host->sim, "which-case", key, 0) % fitting;
    for (uint32_t i = 0;; i++)
        if (host->cases[i].is_meant_up == is_meant_up && which-- == 0)
            return &host->cases[i];
}

static void on_released(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    (void)errand;
    struct sim *sim = host->sim;
    struct id scope;
    if (!is_ok(status) || !view_map_id(result, "escalation", &scope) ||
        sim->sent_len == SIM_SENT_MAX)
        return;
    sim->sent[sim->sent_len++] = (struct sim_sent){scope, host->index};
}

static void escalate_step(struct sim_host *host, struct sim_errand *before,
                          struct bytes status, struct bytes result)
{
    (void)result;
    const struct sim_case *c = &host->cases[before->which];
    struct sim_errand *errand = free_errand(host);
    if (errand == NULL || !is_ok(status))
        return;
    *errand = (struct sim_errand){.done = escalate_step,
                                  .key = before->key,
                                  .which = before->which,
                                  .step = before->step + 1};
    if (errand->step == 1) {
        ask(host, errand, "case.consent", "case", c->number, "fields", "[title,context]",
            "manner", "oral", "party", "张某", NULL);
        return;
    }
    errand->done = on_released;
    ask(host, errand, "escalate.release", "case", c->number, "fields", "[title,context]",
        "onward", sim_dice(host->sim, "onward", errand->key, 0) % 2 == 0 ? "yes" : "ask",
        "reason", "涉及两村", NULL);
}

static void escalate(struct sim_host *host, struct sim_errand *errand,
                     const struct sim_case *c)
{
    errand->done = escalate_step;
    errand->which = (uint32_t)(c - host->cases);
    ask(host, errand, "case.triage", "beyond", "true", "case", c->number, "decision",
        "escalate", "reason", "涉及两村", NULL);
}

/* The desk answers something that was sent, whether it is here yet or not. */
static void desk(struct sim_host *host, struct sim_errand *errand)
{
    static const char *const methods[] = {"escalation.open",   "escalation.open",
                                          "escalation.open",   "escalation.accept",
                                          "escalation.advise", "escalation.return",
                                          "escalation.decide", "escalation.onward"};
    const struct sim *sim = host->sim;
    char hex[2 * ID_SIZE + 1];
    if (sim->sent_len == 0) {
        errand->number = 0;
        return;
    }
    uint64_t which = sim_dice(sim, "which-sent", errand->key, 0) % sim->sent_len;
    size_t method =
        sim_dice(sim, "desk", errand->key, 0) % (sizeof(methods) / sizeof(methods[0]));
    hex_encode(hex, sim->sent[which].scope.bytes, ID_SIZE);
    if (method < 4)
        ask(host, errand, methods[method], "escalation", hex, NULL);
    else if (method < 7)
        ask(host, errand, methods[method], "escalation", hex, "text", "请按村规处理",
            NULL);
    else
        ask(host, errand, methods[method], "escalation", hex, "reason", "需县里协调",
            NULL);
}

void sim_people_do(struct sim_host *host, const struct sim_entry *entry)
{
    struct sim_errand *errand = free_errand(host);
    if (!host->is_on || !host->is_unlocked || errand == NULL)
        return;
    bool up = entry->deed == DEED_ESCALATE ||
              sim_dice(host->sim, "of-what", entry->key, 0) % 3 == 0;
    struct sim_case *c = choose_case(host, entry->key, up);
    char text[64];
    *errand = (struct sim_errand){.key = entry->key};
    switch (entry->deed) {
    case DEED_CASE:
        new_case(host, errand);
        break;
    case DEED_NOTE:
        if (c != NULL)
            ask(host, errand, "case.note", "case", c->number, "text",
                canary(host->sim, text, "note", entry->key, false), NULL);
        break;
    case DEED_SET:
        if (c != NULL)
            ask(host, errand, "case.set", "case", c->number, "field", "title", "value",
                canary(host->sim, text, "set", entry->key, c->is_meant_up), NULL);
        break;
    case DEED_ESCALATE:
        if (c != NULL)
            escalate(host, errand, c);
        break;
    case DEED_CLOSE:
        if (c != NULL)
            ask(host, errand, "case.close", "case", c->number, "oral", "true", "outcome",
                "和解", NULL);
        break;
    case DEED_SYNC:
        ask(host, errand, "sync", NULL);
        break;
    case DEED_DESK:
        desk(host, errand);
        break;
    default:
        break;
    }
}
