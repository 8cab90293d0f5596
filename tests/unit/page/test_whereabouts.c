/* Where a record is and what may be said to it, from what the core told about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/peek.h"
#include "node/page/screen.h"
#include "node/page/whereabouts.h"
#include "shown.h"

/* Sites and ops are told apart by their first byte; the village sends, the others hold.
 */
enum { VILLAGE = 'v', TOWNSHIP = 't', COUNTY = 'c' };

struct scene {
    struct buf journal, holders, handed, peers;
    uint32_t journal_len, holders_len, handed_len, peers_len;
    uint8_t here;
    const char *role, *onward;
    bool is_recalled, is_permitted;
};

static void pack_one(struct buf *out, const char *name, uint8_t first)
{
    pack_str(out, name);
    pack_bin(out, &first, 1);
}

static void happened(struct scene *scene, const char *kind, uint8_t site, uint8_t op,
                     uint8_t about, uint8_t to)
{
    struct buf *out = &scene->journal;
    pack_map(out, 5);
    pack_str(out, "fields");
    pack_map(out, (about != 0) + (to != 0) + 1);
    if (about != 0)
        pack_one(out, "op", about);
    if (to != 0)
        pack_one(out, "site", to);
    pack_str(out, "text");
    pack_str(out, "x");
    pack_str(out, "kind");
    pack_str(out, kind);
    pack_one(out, "op", op);
    pack_one(out, "site", site);
    pack_str(out, "wall");
    pack_uint(out, op);
    scene->journal_len++;
}

static void holds(struct scene *scene, uint8_t site, const char *state)
{
    pack_map(&scene->holders, 2);
    pack_one(&scene->holders, "site", site);
    pack_str(&scene->holders, "state");
    if (state == NULL)
        pack_nil(&scene->holders);
    else
        pack_str(&scene->holders, state);
    scene->holders_len++;
}

static void handed_over(struct scene *scene, uint8_t site)
{
    pack_map(&scene->handed, 2);
    pack_one(&scene->handed, "site", site);
    pack_str(&scene->handed, "wall");
    pack_uint(&scene->handed, 9);
    scene->handed_len++;
}

static void is_paired(struct scene *scene, uint8_t site, bool is_parent)
{
    pack_map(&scene->peers, 3);
    pack_str(&scene->peers, "is_parent");
    pack_bool(&scene->peers, is_parent);
    pack_str(&scene->peers, "name");
    pack_str(&scene->peers, "n");
    pack_one(&scene->peers, "site", site);
    scene->peers_len++;
}

static void answer_begin(struct buf *out)
{
    pack_array(out, 3);
    pack_uint(out, 1);
    pack_str(out, "OK");
}

static void write_answers(struct scene *scene, struct visit *visit)
{
    struct buf *out = &visit->answers[0];
    answer_begin(out);
    pack_map(out, 1);
    pack_str(out, "roles");
    pack_array(out, 1);
    pack_str(out, scene->role == NULL ? "desk" : scene->role);
    out = &visit->answers[1]; /* escalation.show */
    answer_begin(out);
    pack_map(out, 2);
    pack_str(out, "handed_over");
    pack_array(out, scene->handed_len);
    buf_append(out, &scene->handed);
    pack_str(out, "view");
    pack_map(out, 6);
    pack_str(out, "holders");
    pack_array(out, scene->holders_len);
    buf_append(out, &scene->holders);
    pack_str(out, "journal");
    pack_array(out, scene->journal_len);
    buf_append(out, &scene->journal);
    pack_str(out, "onward");
    pack_str(out, scene->onward == NULL ? "yes" : scene->onward);
    pack_str(out, "permitted");
    pack_bool(out, scene->is_permitted);
    pack_str(out, "recalled");
    pack_bool(out, scene->is_recalled);
    pack_one(out, "site", VILLAGE);
    out = &visit->answers[2]; /* status */
    answer_begin(out);
    pack_map(out, 2);
    pack_str(out, "peers");
    pack_array(out, scene->peers_len);
    buf_append(out, &scene->peers);
    pack_one(out, "site", scene->here);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pack_check(buf_bytes(&visit->answers[i]), NULL), STATUS_OK);
}

/* What the template gets, as a text. */
static void assert_told(struct scene *scene, const char *told)
{
    struct bytes stars[2];
    struct visit *visit = calloc(1, sizeof(*visit));
    struct pairs values = {0};
    struct buf map = {0};
    char text[2048] = "";
    assert_non_null(visit);
    visit->screen = screen_find(bytes_str("/record/x"), stars);
    assert_non_null(visit->screen);
    write_answers(scene, visit);
    assert_int_equal(whereabouts_prepare(visit, &values), STATUS_OK);
    assert_int_equal(pairs_pack(&values, &map), STATUS_OK);
    assert_int_equal(pack_check(buf_bytes(&map), NULL), STATUS_OK);
    struct pack_reader reader = pack_reader_of(buf_bytes(&map));
    shown_value(text, sizeof(text), &reader);
    assert_string_equal(text, told);
    buf_deinit(&map);
    pairs_deinit(&values);
    visit_free(visit);
    buf_deinit(&scene->journal);
    buf_deinit(&scene->holders);
    buf_deinit(&scene->handed);
    buf_deinit(&scene->peers);
}

static void a_record_that_waits_at_home_was_handed_to_nobody(void **state)
{
    struct scene scene = {.here = VILLAGE};
    (void)state;
    holds(&scene, VILLAGE, "sent");
    holds(&scene, TOWNSHIP, NULL);
    assert_told(&scene, "{\"answers\":false,\"asks\":false,\"climbs\":false,\"declines\":"
                        "[],\"gone\":false,"
                        "\"holders\":[{\"answer\":nil,\"handed\":nil,\"opened\":nil,"
                        "\"received\":nil,\"site\":<t>}],\"holds\":false,"
                        "\"judges\":false,\"others\":[],\"owns\":true,"
                        "\"speaks\":false,\"told\":true,"
                        "\"unopened\":false}");
}

static void what_was_received_has_been_handed_over(void **state)
{
    struct scene scene = {.here = TOWNSHIP};
    (void)state;
    holds(&scene, VILLAGE, "sent");
    holds(&scene, TOWNSHIP, "received");
    happened(&scene, "received", TOWNSHIP, 3, 0, 0);
    assert_told(&scene, "{\"answers\":false,\"asks\":false,\"climbs\":false,\"declines\":"
                        "[],\"gone\":false,"
                        "\"holders\":[{\"answer\":nil,\"handed\":3,\"opened\":nil,"
                        "\"received\":3,\"site\":<t>}],\"holds\":true,"
                        "\"judges\":false,\"others\":[],\"owns\":false,"
                        "\"speaks\":true,\"told\":true,"
                        "\"unopened\":true}");
}

static void what_was_opened_can_be_answered_and_each_site_has_its_steps(void **state)
{
    struct scene scene = {.here = COUNTY, .role = "judge"};
    (void)state;
    holds(&scene, COUNTY, "opened");
    holds(&scene, TOWNSHIP, "advised");
    handed_over(&scene, COUNTY);
    happened(&scene, "received", COUNTY, 3, 0, 0);
    happened(&scene, "opened", COUNTY, 4, 0, 0);
    assert_told(&scene, "{\"answers\":true,\"asks\":false,\"climbs\":false,\"declines\":["
                        "],\"gone\":false,"
                        "\"holders\":[{\"answer\":nil,\"handed\":9,\"opened\":4,"
                        "\"received\":3,\"site\":<c>},{\"answer\":\"advised\","
                        "\"handed\":nil,\"opened\":nil,\"received\":nil,\"site\":<t>}],"
                        "\"holds\":true,\"judges\":true,\"others\":[],\"owns\":false,"
                        "\"speaks\":false,\"told\":true,"
                        "\"unopened\":false}");
}

static void advice_and_invitations_to_us_can_be_declined_once(void **state)
{
    struct scene village = {.here = VILLAGE, .role = "authority", .onward = "ask"};
    struct scene county = {.here = COUNTY, .onward = "ask", .is_permitted = true};
    (void)state;
    happened(&village, "advise", TOWNSHIP, 5, 0, 0);
    happened(&village, "advise", TOWNSHIP, 6, 0, 0);
    happened(&village, "decline", VILLAGE, 7, 5, 0);
    happened(&village, "decline", COUNTY, 8, 6, 0); /* another one's */
    happened(&village, "invite", TOWNSHIP, 10, 0, COUNTY);
    assert_told(
        &village,
        "{\"answers\":false,\"asks\":true,\"climbs\":false,\"declines\":[{\"op\":<\x06>,"
        "\"site\":<t>,\"text\":\"x\"}],\"gone\":false,\"holders\":[],"
        "\"holds\":false,\"judges\":true,\"others\":[],\"owns\":true,"
        "\"speaks\":false,\"told\":true,"
        "\"unopened\":false}");
    happened(&county, "advise", TOWNSHIP, 5, 0, 0);
    happened(&county, "invite", TOWNSHIP, 6, 0, COUNTY);
    assert_told(
        &county,
        "{\"answers\":false,\"asks\":false,\"climbs\":false,\"declines\":[{\"op\":<\x06>,"
        "\"site\":<t>,\"text\":\"x\"}],\"gone\":false,\"holders\":[],"
        "\"holds\":false,\"judges\":false,\"others\":[],\"owns\":false,"
        "\"speaks\":true,"
        "\"told\":true,\"unopened\":false}");
}

static void it_can_go_on_to_peers_that_do_not_hold_it(void **state)
{
    struct scene scene = {.here = TOWNSHIP, .role = "steward"};
    struct scene above = {.here = TOWNSHIP};
    (void)state;
    holds(&scene, TOWNSHIP, "opened");
    is_paired(&scene, VILLAGE, false);
    is_paired(&scene, COUNTY, true);
    is_paired(&scene, 'd', false);
    assert_told(&scene,
                "{\"answers\":false,\"asks\":false,\"climbs\":true,\"declines\":[],"
                "\"gone\":false,\"holders\":[{\"answer\":nil,\"handed\":nil,"
                "\"opened\":nil,\"received\":nil,\"site\":<t>}],\"holds\":true,"
                "\"judges\":false,\"others\":[{\"name\":\"n\",\"site\":<c>},"
                "{\"name\":\"n\",\"site\":<d>}],\"owns\":false,\"speaks\":true,"
                "\"told\":true,\"unopened\":true}");
    holds(&above, TOWNSHIP, "onward");
    holds(&above, COUNTY, "opened");
    is_paired(&above, COUNTY, true);
    assert_told(&above,
                "{\"answers\":false,\"asks\":false,\"climbs\":false,\"declines\":[],"
                "\"gone\":false,\"holders\":[{\"answer\":\"onward\",\"handed\":nil,"
                "\"opened\":nil,\"received\":nil,\"site\":<t>},{\"answer\":nil,"
                "\"handed\":nil,\"opened\":nil,\"received\":nil,\"site\":<c>}],"
                "\"holds\":true,\"judges\":false,\"others\":[],\"owns\":false,"
                "\"speaks\":true,\"told\":true,\"unopened\":true}");
}

static void what_was_recalled_can_be_answered_by_nobody(void **state)
{
    struct scene scene = {.here = TOWNSHIP, .is_recalled = true, .onward = "ask"};
    (void)state;
    holds(&scene, TOWNSHIP, "purged");
    happened(&scene, "opened", TOWNSHIP, 4, 0, 0);
    assert_told(&scene, "{\"answers\":false,\"asks\":false,\"climbs\":false,\"declines\":"
                        "[],\"gone\":true,"
                        "\"holders\":[{\"answer\":\"purged\",\"handed\":nil,"
                        "\"opened\":4,\"received\":nil,\"site\":<t>}],\"holds\":false,"
                        "\"judges\":false,\"others\":[],\"owns\":false,"
                        "\"speaks\":true,\"told\":false,"
                        "\"unopened\":false}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_that_waits_at_home_was_handed_to_nobody),
        cmocka_unit_test(what_was_received_has_been_handed_over),
        cmocka_unit_test(what_was_opened_can_be_answered_and_each_site_has_its_steps),
        cmocka_unit_test(advice_and_invitations_to_us_can_be_declined_once),
        cmocka_unit_test(it_can_go_on_to_peers_that_do_not_hold_it),
        cmocka_unit_test(what_was_recalled_can_be_answered_by_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
