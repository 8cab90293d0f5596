#include "tests/sim/sim_far.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/far_client.h"

#define PERSON "李某"
#define PIN "135791"
#define ONCE "sixteen bytes  1"
#define TRIES_MAX 5000 /* no request of these has so many calls */

/* What the device asks, in this order. "$other": a second device of that person. */
static const struct far_request {
    const char *method;
    const char *arguments[9];
    enum status expected;
    bool has_once;
} requests[] = {
    {"device.claim", {NULL}, STATUS_OK, false}, /* a code that was just made */
    {"device.enter", {NULL}, STATUS_OK, false},
    {"status", {NULL}, STATUS_OK, false},
    {"device.list", {NULL}, STATUS_OK, false},
    {"unlock", {"pin", "000000"}, STATUS_DENIED, false},
    {"unlock", {"pin", PIN}, STATUS_OK, false},
    {"unlock", {"person", PERSON, "pin", PIN}, STATUS_OK, false},
    {"device.invite", {NULL}, STATUS_OK, false},
    {"person.pin", {"old", PIN, "pin", PIN}, STATUS_OK, false},
    {"draft.put", {"fields", "{text=长,title=水沟", "form", "case"}, STATUS_OK, false},
    {"draft.list", {NULL}, STATUS_OK, false},
    {"draft.get", {"form", "case"}, STATUS_OK, false},
    {"case.new",
     {"category", "邻里", "narrative", "争执", "title", "水沟"},
     STATUS_OK,
     true},
    {"case.new",
     {"category", "邻里", "narrative", "争执", "title", "水沟"},
     STATUS_OK,
     true},
    {"attach.list", {"case", "2026-0001"}, STATUS_OK, false},
    {"case.show", {"case", "2026-0001"}, STATUS_OK, false},
    {"policy", {NULL}, STATUS_OK, false},
    {"draft.drop", {"form", "case"}, STATUS_OK, false},
    {"device.revoke", {"device", "$other"}, STATUS_OK, false},
    {"device.lock", {NULL}, STATUS_OK, false},
};

struct visit {
    struct sim_county *f;
    const struct sim_fault *fault;
    struct far_client far, other;
};

static void pack(const struct visit *visit, const struct far_request *request,
                 struct buf *map)
{
    char text[32];
    uint32_t len = 0;
    while (request->arguments[2 * len] != NULL)
        len++;
    if (strcmp(request->method, "device.enter") == 0) {
        pack_map(map, 1);
        pack_str(map, "token");
        pack_bin(map, visit->far.token, FAR_TOKEN_SIZE);
        return;
    }
    pack_map(map, len);
    for (uint32_t i = 0; i < len; i++) {
        const char *value = request->arguments[2 * i + 1];
        pack_str(map, request->arguments[2 * i]);
        if (strcmp(value, "$other") == 0) {
            pack_uint(map, visit->other.device);
        } else if (value[0] == '{') {
            (void)snprintf(text, sizeof(text), "%s", value);
            pack_map(map, 1);
            pack_str(map, "title");
            pack_str(map, text);
        } else {
            pack_str(map, value);
        }
    }
}

static void begin(struct visit *visit)
{
    far_open_again(&visit->far);
    if (far_enter(&visit->far) != STATUS_OK) /* the claim took its place */
        far_sign_in(&visit->far, PERSON);
    assert_int_equal(far_say(&visit->far, "unlock", "pin", PIN, NULL), STATUS_OK);
}

/* What came of the try; the node runs again. */
static void look(struct visit *visit, const char *method, enum status status,
                 bool is_done)
{
    struct sim_county *f = visit->f;
    bool has_stopped = world_has_stopped(f->fengyuan);
    if (is_done || (!visit->fault->is_borne && !has_stopped))
        fail_msg("%s: something failed and the answer is %s", method,
                 status_name(status));
    if (!has_stopped)
        return;
    sim_start_again(f, f->fengyuan);
    begin(visit);
}

static enum status ask(struct visit *visit, const struct far_request *request)
{
    struct buf map = {0};
    char code[FAR_CODE_SIZE];
    enum status status;
    bool is_claim = strcmp(request->method, "device.claim") == 0;
    if (is_claim)
        far_invite(visit->f, visit->f->fengyuan, PERSON, code);
    pack(visit, request, &map);
    visit->far.once = request->has_once ? ONCE : NULL;
    visit->fault->arm(visit->f->fengyuan);
    status = is_claim ? far_claim(&visit->far, code)
                      : far_call(&visit->far, request->method, buf_bytes(&map));
    buf_deinit(&map);
    return status;
}

static void ask_until_well(struct visit *visit, const struct far_request *request)
{
    struct sim_county *f = visit->f;
    for (uint32_t tries = 0; tries < TRIES_MAX; tries++) {
        enum status status = ask(visit, request);
        bool has_failed = visit->fault->disarm();
        bool is_done = status == request->expected;
        if (!has_failed ||
            (visit->fault->is_borne && is_done && !world_has_stopped(f->fengyuan))) {
            if (!is_done)
                fail_msg("%s: %s, %s", request->method, status_name(status),
                         visit->far.reason);
            return;
        }
        look(visit, request->method, status, is_done);
    }
    fail_msg("%s: no end of failures", request->method);
}

/* Whoever is revoked by the socket keeps nothing, wherever that failed before. */
static void revoke_until_well(struct visit *visit)
{
    struct sim_county *f = visit->f;
    for (uint32_t tries = 0; tries < TRIES_MAX; tries++) {
        assert_int_equal(far_say(&visit->far, "draft.put", "fields", "{title=界石",
                                 "form", "case", NULL),
                         STATUS_OK);
        visit->fault->arm(f->fengyuan);
        enum status status = world_say(f->world, f->fengyuan, NULL, "person.revoke",
                                       "person", PERSON, NULL);
        bool has_failed = visit->fault->disarm();
        if (!has_failed || (visit->fault->is_borne && status == STATUS_OK &&
                            !world_has_stopped(f->fengyuan))) {
            assert_int_equal(status, STATUS_OK);
            assert_int_equal(far_say(&visit->far, "status", NULL), STATUS_DENIED);
            assert_int_equal(far_enter(&visit->far), STATUS_NOT_FOUND);
            return;
        }
        look(visit, "person.revoke", status, status == STATUS_OK);
    }
    fail_msg("no end of failures");
}

void sim_fail_far_requests(struct sim_county *f, const struct sim_fault *fault)
{
    struct visit visit = {.f = f, .fault = fault};
    sim_add_person(f, f->fengyuan, PERSON, "mediator", NULL);
    world_set_offline(f->world, f->fengyuan, true);
    far_open(&visit.far, f, f->fengyuan, 100);
    far_open(&visit.other, f, f->fengyuan, 101);
    far_sign_in(&visit.far, PERSON);
    far_sign_in(&visit.other, PERSON);
    world_let_stop(f->fengyuan);
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
        ask_until_well(&visit, &requests[i]);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);
    revoke_until_well(&visit);
    buf_deinit(&visit.far.bytes);
    buf_deinit(&visit.other.bytes);
}
