#include "tests/sim/life/sim_staff.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "node/core/job.h"
#include "node/core/state.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_pin.h"
#include "tests/sim/life/sim_thief.h"

static struct sim_errand *errand_of(struct sim_host *host, uint64_t client, uint64_t key,
                                    sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand != NULL)
        *errand = (struct sim_errand){.client = client, .key = key, .done = done};
    return errand;
}

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

/* --- the mediator --- */

static void on_unlocked(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    host->mediator_is_unlocked = is_ok(status);
    /* What was asked for before a power cut may have happened, unanswered. */
    bool can_be_gone = host->mediator_may_go || host->is_flawed || host->is_set_back;
    if (can_be_gone && bytes_equal_str(status, "NOT_FOUND"))
        host->has_mediator = false;
    host->mediator_may_go = false;
    /* Somebody was told that she may sign here (I2). */
    if (!can_be_gone &&
        (bytes_equal_str(status, "NOT_FOUND") || bytes_equal_str(status, "DENIED")))
        sim_fail(host->sim, "I2", "%s does not know its mediator any more",
                 host->address);
}

void sim_staff_arrive(struct sim_host *host)
{
    if (!host->has_mediator)
        return;
    sim_host_tell(host, EVENT_CLIENT_OPENED, SIM_CLIENT_MEDIATOR, (struct bytes){0},
                  NULL);
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_MEDIATOR, 0, on_unlocked);
    if (errand != NULL)
        sim_people_ask(host, errand, "unlock", "person", host->mediator, "pin",
                       SIM_MEDIATOR_PIN, NULL);
}

static void on_added(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)result;
    if (!is_ok(status))
        return;
    host->has_mediator = true;
    (void)snprintf(host->mediator, sizeof(host->mediator), "李调解%llu",
                   (unsigned long long)errand->key);
    sim_staff_arrive(host);
}

void sim_staff_add(struct sim_host *host, uint64_t key)
{
    char name[40];
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, on_added);
    if (host->has_mediator || errand == NULL)
        return;
    (void)snprintf(name, sizeof(name), "李调解%llu", (unsigned long long)key);
    sim_people_ask(host, errand, "person.add", "name", name, "pin", SIM_MEDIATOR_PIN,
                   "role", sim_host_has_cases(host) ? "mediator" : "desk", NULL);
}

static void on_acted(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    if (is_ok(status))
        sim_fail(host->sim, "I10", "%s lets a revoked person write", host->address);
    else
        sim_ever(host->sim, EVER_REVOKED_ACTS);
}

/* The answer to a revocation of who mediates here: is nobody left? */
static bool has_gone(struct sim_host *host, struct bytes status)
{
    host->mediator_may_go = false;
    if (!is_ok(status))
        return false;
    host->has_revoked = true;
    host->has_mediator = host->mediator_is_unlocked = false;
    sim_thief_revoked(host);
    return true;
}

static void on_revoked(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    (void)result;
    bool can_try = host->mediator_is_unlocked && errand->which < host->cases_len;
    if (!has_gone(host, status))
        return;
    struct sim_errand *next = errand_of(host, SIM_CLIENT_MEDIATOR, errand->key, on_acted);
    char text[SIM_TEXT_SIZE];
    if (can_try && next != NULL)
        sim_people_ask(host, next, "case.note", "case", host->cases[errand->which].number,
                       "text", sim_deeds_text(host, text, "revoked", errand->key), NULL);
}

static void on_renewed(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    if (!is_ok(status))
        return;
    host->has_mediator = true;
    sim_ever(host->sim, EVER_RENEWED_PERSON);
    sim_staff_arrive(host);
}

static void on_old_revoked(struct sim_host *host, struct sim_errand *errand,
                           struct bytes status, struct bytes result)
{
    (void)result;
    if (!has_gone(host, status))
        return;
    struct sim_errand *next =
        errand_of(host, SIM_CLIENT_STEWARD, errand->key, on_renewed);
    if (next != NULL)
        sim_people_ask(host, next, "person.add", "name", host->mediator, "pin",
                       SIM_MEDIATOR_PIN, "role",
                       sim_host_has_cases(host) ? "mediator" : "desk", NULL);
}

void sim_staff_renew(struct sim_host *host, uint64_t key)
{
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, on_old_revoked);
    if (errand == NULL)
        return;
    host->mediator_may_go = true;
    sim_people_ask(host, errand, "person.revoke", "person", host->mediator, NULL);
}

/* She is still writing, in the very turn in which she is revoked. */
static void write_last(struct sim_host *host, const struct sim_case *c, uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_MEDIATOR, key, NULL);
    if (errand != NULL)
        sim_people_ask(host, errand, "case.note", "case", c->number, "text",
                       sim_deeds_text(host, text, "last", key), NULL);
}

void sim_staff_revoke(struct sim_host *host, struct sim_case *c, uint64_t key)
{
    if (!host->has_mediator)
        return;
    if (c != NULL && host->mediator_is_unlocked &&
        sim_choose(host->sim, "last", key, 2) == 0)
        write_last(host, c, key);
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, on_revoked);
    if (errand == NULL)
        return;
    host->mediator_may_go = true;
    errand->which = c == NULL ? SIM_CASES_MAX : (uint32_t)(c - host->cases);
    sim_people_ask(host, errand, "person.revoke", "person", host->mediator, NULL);
}

static void on_guessed(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    if (is_ok(status))
        sim_fail(host->sim, "API", "%s opens with a wrong PIN", host->address);
    if (bytes_equal_str(status, "DENIED"))
        sim_ever(host->sim, EVER_PIN_WRONG);
    sim_host_tell(host, EVENT_CLIENT_CLOSED, SIM_CLIENT_STRANGER, (struct bytes){0},
                  NULL);
}

void sim_staff_guess(struct sim_host *host, uint64_t key)
{
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STRANGER, key, on_guessed);
    if (errand == NULL)
        return;
    sim_host_tell(host, EVENT_CLIENT_OPENED, SIM_CLIENT_STRANGER, (struct bytes){0},
                  NULL);
    sim_people_ask(host, errand, "unlock", "pin", "000000", NULL);
}

/* --- a request --- */

enum request_step { TRIAGE, CONSENT, REQUEST, TRY, RELEASE, RELEASED };

static void request_step(struct sim_host *host, struct sim_errand *before,
                         struct bytes status, struct bytes result)
{
    struct sim_case *c = &host->cases[before->which];
    if (before->step == TRY && is_ok(status))
        sim_fail(host->sim, "API", "%s lets a mediator release", host->address);
    if (before->step == TRY && bytes_equal_str(status, "DENIED"))
        sim_ever(host->sim, EVER_RELEASE_BY_MEDIATOR);
    if (before->step == RELEASE) {
        sim_deeds_released(host, before, status, result);
        if (is_ok(status))
            sim_ever(host->sim, EVER_RELEASED_REQUEST);
        return;
    }
    if (before->step != TRY && !is_ok(status))
        return;
    uint32_t step = before->step + 1;
    bool is_hers = step == REQUEST || step == TRY;
    struct sim_errand *errand =
        errand_of(host, is_hers ? SIM_CLIENT_MEDIATOR : SIM_CLIENT_STEWARD, before->key,
                  request_step);
    if (errand == NULL)
        return;
    char witness[SIM_WITNESS_SIZE];
    errand->which = before->which;
    errand->step = step;
    if (step == CONSENT)
        sim_people_ask(host, errand, "case.consent", "case", c->number, "fields",
                       c->fields, "manner", "oral", "party", c->party, "witness",
                       sim_deeds_witness(host, witness, errand->key), NULL);
    else if (step == REQUEST)
        sim_people_ask(host, errand, "escalate.request", "case", c->number, "fields",
                       c->fields, "onward", "ask", "reason", "涉及两村", NULL);
    else
        sim_people_ask(host, errand, "escalate.release", "case", c->number, NULL);
}

void sim_staff_request(struct sim_host *host, struct sim_case *c, uint64_t key)
{
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, request_step);
    if (!host->mediator_is_unlocked || errand == NULL)
        return;
    errand->which = (uint32_t)(c - host->cases);
    errand->step = TRIAGE;
    sim_people_ask(host, errand, "case.triage", "beyond", "true", "case", c->number,
                   "decision", "escalate", "reason", "涉及两村", NULL);
}

/* --- danger to life --- */

static void on_sent_in_danger(struct sim_host *host, struct sim_errand *before,
                              struct bytes status, struct bytes result)
{
    sim_deeds_released(host, before, status, result);
    if (is_ok(status) && before->client == SIM_CLIENT_MEDIATOR)
        sim_ever(host->sim, EVER_DANGER);
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, before->key, NULL);
    if (!is_ok(status) || errand == NULL ||
        sim_choose(host->sim, "confirms", before->key, 3) == 0)
        return;
    sim_people_ask(host, errand, "escalate.confirm", "case",
                   host->cases[before->which].number, NULL);
}

static void on_danger_seen(struct sim_host *host, struct sim_errand *before,
                           struct bytes status, struct bytes result)
{
    (void)result;
    const struct sim_case *c = &host->cases[before->which];
    struct sim_errand *errand = errand_of(
        host, host->mediator_is_unlocked ? SIM_CLIENT_MEDIATOR : SIM_CLIENT_STEWARD,
        before->key, on_sent_in_danger);
    if (!is_ok(status) || errand == NULL)
        return;
    errand->which = before->which;
    sim_people_ask(host, errand, "escalate.release", "case", c->number, "danger",
                   "有人持刀", "fields", c->fields, NULL);
}

void sim_staff_danger(struct sim_host *host, struct sim_case *c, uint64_t key)
{
    struct sim_errand *errand = errand_of(host, SIM_CLIENT_STEWARD, key, on_danger_seen);
    if (errand == NULL)
        return;
    errand->which = (uint32_t)(c - host->cases);
    sim_people_ask(host, errand, "case.triage", "beyond", "true", "case", c->number,
                   "danger", "true", "decision", "escalate", "reason", "有人持刀", NULL);
}

/* --- two at once --- */

static void on_both(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    (void)errand;
    (void)result;
    if (is_ok(status))
        sim_ever(host->sim, EVER_TWO_CLIENTS);
}

void sim_staff_two(struct sim_host *host, struct sim_case *c, uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    struct sim_errand *first = errand_of(host, SIM_CLIENT_STEWARD, key, NULL);
    if (!host->mediator_is_unlocked || first == NULL)
        return;
    sim_people_ask(host, first, "case.set", "case", c->number, "field", "wish", "value",
                   sim_deeds_text(host, text, "steward", key), NULL);
    struct sim_errand *second = errand_of(host, SIM_CLIENT_MEDIATOR, key, on_both);
    if (second != NULL)
        sim_people_ask(host, second, "case.set", "case", c->number, "field", "wish",
                       "value", sim_deeds_text(host, text, "mediator", key), NULL);
}

bool sim_staff_key(const struct sim_host *host, const uint8_t *key,
                   uint8_t seed[static 32])
{
    char name[72] = "key:";
    struct buf wrapped = {0};
    struct job *job = job_new(JOB_UNWRAP);
    assert(job != NULL);
    hex_encode(name + 4, key, 32);
    bool is_there = store_meta_get(host->config.store, name, &wrapped) == STATUS_OK;
    if (is_there) {
        memcpy(job->wrapped, wrapped.data, WRAP_SIZE);
        memcpy(job->pin, SIM_MEDIATOR_PIN, strlen(SIM_MEDIATOR_PIN));
        job->pin_len = (uint32_t)strlen(SIM_MEDIATOR_PIN);
        sim_pin_run(job);
        memcpy(seed, job->seed, 32);
    }
    buf_deinit(&wrapped);
    job_free(job);
    return is_there;
}
