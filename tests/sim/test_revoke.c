/* Taking a key's rights away through the API, on whole nodes: what it signed stands, what
 * it signs from a copy of the site adds nothing (I10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

static struct id write_note(struct sim_county *f, const char *number, const char *text)
{
    struct buf out = {0};
    struct id op;
    SIM_SAY(f, f->fengyuan, &out, "case.note", "case", number, "text", text);
    assert_true(view_map_id(buf_bytes(&out), "op", &op));
    buf_deinit(&out);
    return op;
}

static uint64_t revoke(struct sim_county *f, struct world_node *node, const char *person)
{
    struct buf out = {0};
    uint64_t covered;
    SIM_SAY(f, node, &out, "person.revoke", "person", person);
    assert_true(view_map_uint(buf_bytes(&out), "covered", &covered));
    buf_deinit(&out);
    return covered;
}

/* A case that the person of that PIN writes down, with a note. */
static struct id write_case(struct sim_county *f, const char *title, struct id *note)
{
    struct buf out = {0};
    struct id scope;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", title,
            "narrative", "两家争执。", "context", "去年修过一次沟。");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    char hex[65];
    hex_encode(hex, scope.bytes, ID_SIZE);
    *note = write_note(f, hex, "上门看过");
    buf_deinit(&out);
    return scope;
}

static uint32_t journal_len(struct sim_county *f, const struct id *scope)
{
    struct buf out = {0};
    struct bytes view;
    char hex[65];
    hex_encode(hex, scope->bytes, ID_SIZE);
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", hex);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    uint32_t len = view_map_count(view, "journal");
    buf_deinit(&out);
    return len;
}

static void I10_a_revoked_mediators_notes_stand_and_her_copy_adds_nothing(void **state)
{
    struct sim_county *f = *state;
    uint8_t mediator[32];
    struct id notes[3], scopes[3];
    sim_add_person(f, f->fengyuan, "李某", "mediator", mediator);
    scopes[2] = write_case(f, "管理员的案子", &notes[2]);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);
    scopes[0] = write_case(f, "水沟", &notes[0]);
    scopes[1] = write_case(f, "田埂", &notes[1]);
    /* What her copy of the village writes, with the heads that she knew. */
    struct draft draft;
    struct buf later = {0};
    draft_init(&draft, "note", &scopes[0]);
    draft_text(&draft, "text", bytes_str("事后补记"));
    struct forgery forgery = {
        .seed = mediator, .draft = &draft, .scope = &scopes[0], .of = f->fengyuan};
    struct id op = sim_forge(&forgery, &later);
    uint32_t before = journal_len(f, &scopes[0]);

    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_int_equal(revoke(f, f->fengyuan, "李某"), 2);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&later)), STATUS_OK);

    for (int i = 0; i < 3; i++) {
        assert_null(sim_refused(f->fengyuan, &scopes[i], &scopes[i]));
        assert_null(sim_refused(f->fengyuan, &scopes[i], &notes[i]));
    }
    assert_int_equal(journal_len(f, &scopes[0]), before + 1); /* the cover */
    assert_string_equal(sim_refused(f->fengyuan, &scopes[0], &op), "revoked");
    /* She is not let in again, and the same holds after everything is derived anew. */
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"),
                     STATUS_NOT_FOUND);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    assert_string_equal(sim_refused(f->fengyuan, &scopes[0], &op), "revoked");
    assert_null(sim_refused(f->fengyuan, &scopes[0], &notes[0]));
    draft_deinit(&draft);
    buf_deinit(&later);
}

static void an_unlocked_key_that_is_revoked_meanwhile_signs_no_more(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    uint8_t second[32];
    struct id note;
    struct id scope = write_case(f, "水沟", &note);
    char hex[65];
    hex_encode(hex, scope.bytes, ID_SIZE);
    sim_add_person(f, f->fengyuan, "副手", "steward", second);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "副手", "135791"), STATUS_OK);
    note = write_note(f, hex, "她写的");
    /* The first steward revokes her on another machine of the site; the word comes in. */
    struct draft draft;
    struct buf bytes = {0};
    uint8_t public_key[32];
    key_sign_public(public_key, second);
    draft_init(&draft, "revoke", world_site(f->fengyuan));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", public_key, 32);
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .draft = &draft,
                              .scope = world_site(f->fengyuan),
                              .of = f->fengyuan};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);

    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.note", "case", hex,
                               "text", "还在写", NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "peer.invite", NULL, NULL),
                     STATUS_DENIED);
    /* Nobody has covered the case: it is shown as refused until a steward does. */
    assert_string_equal(sim_refused(f->fengyuan, &scope, &note), "revoked");
    draft_deinit(&draft);
    buf_deinit(&bytes);
    buf_deinit(&out);
}

static void a_mediator_revokes_nobody_and_covers_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id note;
    (void)write_case(f, "管理员的案子", &note);
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);
    uint64_t ops = sim_status(f, f->fengyuan, "ops");

    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "person.revoke", "person", "陈某", NULL),
        STATUS_DENIED);

    assert_int_equal(sim_status(f, f->fengyuan, "ops"), ops);
    buf_deinit(&out);
}

static void a_desk_clerk_at_the_township_is_revoked_and_the_village_knows(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, bytes = {0};
    uint8_t clerk[32];
    char hex[65];
    struct id id = sim_escalate(f, f->fengyuan, "水渠"), before;
    hex_encode(hex, id.bytes, ID_SIZE);
    sim_add_person(f, f->township, "赵某", "desk", clerk);
    assert_int_equal(world_unlock(f->world, f->township, "赵某", "135791"), STATUS_OK);
    SIM_SAY(f, f->township, &out, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, &out, "escalation.advise", "escalation", hex, "text",
            "先量沟宽");
    assert_true(view_map_id(buf_bytes(&out), "op", &before));
    world_run(f->world, 5000);
    struct draft draft;
    draft_init(&draft, "decide", &id);
    draft_text(&draft, "text", bytes_str("归我"));
    struct forgery forgery = {
        .seed = clerk, .draft = &draft, .scope = &id, .of = f->township};
    struct id later = sim_forge(&forgery, &bytes);

    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    assert_int_equal(revoke(f, f->township, "赵某"), 1);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);
    world_run(f->world, 120000);

    struct world_node *both[] = {f->township, f->fengyuan};
    for (int i = 0; i < 2; i++) {
        assert_null(sim_refused(both[i], &id, &before));
        assert_string_equal(sim_refused(both[i], &id, &later), "revoked");
        sim_assert_state(f, both[i], &id, "advised");
    }
    draft_deinit(&draft);
    buf_deinit(&out);
    buf_deinit(&bytes);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(I10_a_revoked_mediators_notes_stand_and_her_copy_adds_nothing),
        ONE(an_unlocked_key_that_is_revoked_meanwhile_signs_no_more),
        ONE(a_mediator_revokes_nobody_and_covers_nothing),
        ONE(a_desk_clerk_at_the_township_is_revoked_and_the_village_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
