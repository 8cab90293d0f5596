/* A site with two machines, of which one dies and is restored from a backup while the
 * other lived on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_confirmed.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_laptop.h"

#define MINUTES (UINT64_C(60) * 1000)

static enum status no_alarm(void *context, const struct store_alarm *alarm)
{
    (void)context;
    fail_msg("an alarm of kind %d about %u ops", (int)alarm->kind, (unsigned)alarm->ops);
    return STATUS_OK;
}

static void assert_no_alarm(struct world_node *at, struct world_node *about)
{
    assert_int_equal(store_alarms(world_store(at), world_site(about), no_alarm, NULL),
                     STATUS_OK);
}

/* Cases by number, in one text, of a node. */
static void assert_numbers_differ(struct sim_county *f, struct world_node *node,
                                  uint32_t cases)
{
    struct buf out = {0};
    SIM_SAY(f, node, &out, "case.list", "limit", "#100");
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), cases);
    buf_deinit(&out);
}

static void what_came_after_the_backup_comes_back_from_the_other_machine(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf file = files_text("whose ditch ", 2 * ATTACHMENT_CHUNK_SIZE + 7);
    char hex[65], number[32];
    struct world_node *laptop = sim_laptop(f);
    (void)sim_laptop_case(f, f->fengyuan, "早的", hex);
    world_run(f->world, MINUTES);
    folder_back_up(f, f->fengyuan, &folder);
    (void)sim_laptop_case(f, f->fengyuan, "后来的", hex);
    files_case(f, number); /* with a file, at the machine that dies */
    (void)files_attach(f, number, "沟.txt", buf_bytes(&file));
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    world_run(f->world, 5 * MINUTES);

    folder_put_back(f, f->fengyuan, &folder);
    (void)sim_laptop_case(f, laptop, "再后来的", hex);
    (void)sim_laptop_case(f, f->fengyuan, "恢复后的", hex);
    world_run(f->world, 10 * MINUTES);

    sim_assert_alike(f, f->fengyuan, laptop);
    assert_numbers_differ(f, f->fengyuan, 6);
    assert_int_equal(files_get(f, f->fengyuan, number, buf_bytes(&file)), STATUS_OK);
    sim_assert_state(f, f->fengyuan, &record, "received");
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);
    assert_no_alarm(laptop, f->fengyuan);
    assert_no_alarm(f->fengyuan, laptop);
    assert_no_alarm(f->township, f->fengyuan);
    buf_deinit(&file);
    folder_deinit(&folder);
}

static void no_old_pin_comes_back_with_a_backup(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct world_node *laptop = sim_laptop(f);
    folder_back_up(f, f->fengyuan, &folder);
    SIM_SAY(f, laptop, NULL, "person.pin", "old", "246810", "pin", "864209");
    world_run(f->world, 5 * MINUTES);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "864209"), STATUS_OK);

    folder_put_back(f, f->fengyuan, &folder);
    world_run(f->world, 5 * MINUTES);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "864209"), STATUS_OK);
    assert_int_equal(world_unlock(f->world, laptop, "", "864209"), STATUS_OK);
    folder_deinit(&folder);
}

static void what_was_revoked_and_covered_meanwhile_is_so_here_too(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    world_run(f->world, 5 * MINUTES);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);
    (void)sim_laptop_case(f, f->fengyuan, "李某记的", hex);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    folder_back_up(f, f->fengyuan, &folder);
    world_run(f->world, 5 * MINUTES);
    SIM_SAY(f, laptop, NULL, "person.revoke", "person", "李某");
    world_run(f->world, 5 * MINUTES);

    folder_put_back(f, f->fengyuan, &folder);
    world_run(f->world, 5 * MINUTES);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"),
                     STATUS_NOT_FOUND);
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_no_alarm(laptop, f->fengyuan);
    folder_deinit(&folder);
}

/* The laptop took it for stolen, and had it revoked: the backup does not bring it back.
 */
static void a_machine_that_was_revoked_stays_so(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct buf out = {0};
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    folder_back_up(f, f->fengyuan, &folder);
    world_set_offline(f->world, f->fengyuan, true);
    char key[KEY_TEXT_SIZE];
    uint8_t public[32];
    key_sign_public(public, world_node_seed(f->fengyuan));
    key_to_text(key, "fqk1", public);
    SIM_SAY(f, laptop, NULL, "node.revoke", "node", key);
    world_run(f->world, 5 * MINUTES);

    folder_put_back(f, f->fengyuan, &folder);
    world_set_offline(f->world, f->fengyuan, false);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    (void)sim_laptop_case(f, laptop, "后来的", hex);
    world_run(f->world, 10 * MINUTES);
    sim_assert_state(f, laptop, &record, "unknown");
    sim_assert_state(f, f->township, &record, "unknown");
    struct bytes heard = world_heard(f->fengyuan);
    assert_null(memmem(heard.data, heard.len, "后来的", strlen("后来的")));
    SIM_SAY(f, f->township, &out, "status");
    assert_true(view_map_count(buf_bytes(&out), "knocks") > 0);
    buf_deinit(&out);
    folder_deinit(&folder);
}

/* The laptop is the one that dies; it has a backup of its own. */
static void the_second_machine_comes_back_just_so(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    folder_back_up(f, laptop, &folder);
    (void)sim_laptop_case(f, laptop, "后来的", hex);
    world_run(f->world, 5 * MINUTES);
    struct world_node *host = f->fengyuan;
    folder_put_back_of(f, laptop, world_recovery_seed(host), &folder);
    (void)sim_laptop_case(f, laptop, "恢复后的", hex);
    world_run(f->world, 10 * MINUTES);
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_no_alarm(f->fengyuan, laptop);
    assert_no_alarm(f->township, laptop);
    folder_deinit(&folder);
}

/* A desk of two machines: what its villages may have recalled waits for them, and not for
 * the other machine, which learns of recalls as late. */
static void
what_may_be_recalled_waits_for_others_and_not_for_the_other_machine(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    char hex[65];
    struct world_node *second = world_join(f->world, f->township, "二楼", "second:1");
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5 * MINUTES);
    SIM_SAY(f, f->township, NULL, "escalation.show", "escalation", hex);
    folder_back_up(f, f->township, &folder);
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, second, true);

    folder_put_back(f, f->township, &folder);
    world_run(f->world, 5 * MINUTES);
    assert_int_equal(world_say(f->world, f->township, NULL, "escalation.show",
                               "escalation", hex, NULL),
                     STATUS_BUSY);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 5 * MINUTES);
    SIM_SAY(f, f->township, NULL, "escalation.show", "escalation", hex);
    folder_deinit(&folder);
}

/* Restored and renewed while the other machine was away: it learns both. */
static void it_may_get_other_keys_and_the_other_machine_follows(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    char hex[65];
    struct world_node *laptop = sim_laptop(f);
    (void)sim_laptop_case(f, f->fengyuan, "早的", hex);
    world_run(f->world, 5 * MINUTES);
    folder_back_up(f, f->fengyuan, &folder);
    (void)sim_laptop_case(f, f->fengyuan, "后来的", hex);
    world_run(f->world, 5 * MINUTES);
    world_set_offline(f->world, laptop, true);
    (void)sim_laptop_case(f, laptop, "离线的", hex);
    folder_put_back(f, f->fengyuan, &folder);
    world_run(f->world, 5 * MINUTES);
    SIM_SAY(f, f->fengyuan, NULL, "node.renew");
    world_run(f->world, 5 * MINUTES);
    world_set_offline(f->world, laptop, false);
    world_run(f->world, 10 * MINUTES);
    sim_assert_alike(f, f->fengyuan, laptop);
    assert_numbers_differ(f, f->fengyuan, 3);
    assert_no_alarm(laptop, f->fengyuan);
    assert_no_alarm(f->township, f->fengyuan);
    folder_deinit(&folder);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(what_came_after_the_backup_comes_back_from_the_other_machine),
        ONE(no_old_pin_comes_back_with_a_backup),
        ONE(what_was_revoked_and_covered_meanwhile_is_so_here_too),
        ONE(a_machine_that_was_revoked_stays_so),
        ONE(the_second_machine_comes_back_just_so),
        ONE(what_may_be_recalled_waits_for_others_and_not_for_the_other_machine),
        ONE(it_may_get_other_keys_and_the_other_machine_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
