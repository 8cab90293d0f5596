/* Seals: a day of running time is one leaf, whatever happened; parents cosign, and a
 * machine that shows two histories, or fewer days than before, is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/seal_log.h"
#include "node/core/witness.h"
#include "storage/store_confirmed.h"
#include "storage/store_ledger.h"
#include "storage/store_seals.h"
#include "storage/store_witness.h"
#include "tests/sim/sim_folder.h"

#define HOURS (UINT64_C(3600) * 1000)
#define DAYS (24 * HOURS)

/* --- what a node has --- */

struct log {
    int64_t number;
    char origin[SEAL_ORIGIN_SIZE];
    struct seal seals[40];
    struct store_seal rows[40];
    struct merkle_hash leaves[40];
    uint32_t len;
};

static enum status take_seal(void *context, const struct store_seal *row)
{
    struct log *log = context;
    assert_true(log->len < 40);
    assert_int_equal(row->place, log->len);
    assert_int_equal(seal_read(&log->seals[log->len], row->leaf, NULL), STATUS_OK);
    merkle_leaf(&log->leaves[log->len], row->leaf.data, row->leaf.len);
    log->rows[log->len++] = *row;
    return STATUS_OK;
}

static struct log log_of(struct world_node *node)
{
    struct log log = {.len = 0};
    struct store *store = world_store(node);
    assert_int_equal(store_seal_log_last(store, &log.number, log.origin), STATUS_OK);
    assert_int_equal(store_seals(store, log.number, take_seal, &log), STATUS_OK);
    return log;
}

static void root_of(const struct log *log, uint64_t size, struct merkle_hash *root)
{
    struct merkle_stack stack = {.size = 0};
    for (uint64_t i = 0; i < size; i++)
        merkle_stack_add(&stack, &log->leaves[i]);
    merkle_stack_root(&stack, root);
}

static void node_key(const struct world_node *node, uint8_t key[static KEY_SIZE])
{
    key_sign_public(key, world_node_seed(node));
}

static uint64_t cosigned_by(struct world_node *node, struct world_node *witness)
{
    struct log log = log_of(node);
    char name[WITNESS_NAME_SIZE];
    uint8_t key[KEY_SIZE];
    uint64_t size = 0;
    node_key(witness, key);
    witness_name(name, key);
    assert_int_equal(store_cosigned_get(world_store(node), log.number, name, &size),
                     STATUS_OK);
    return size;
}

struct alarms {
    enum store_alarm_kind kind;
    uint64_t times, others;
};

static enum status count_alarm(void *context, const struct store_alarm *alarm)
{
    struct alarms *alarms = context;
    if (alarm->kind == alarms->kind)
        alarms->times += alarm->times;
    else
        alarms->others++;
    return STATUS_OK;
}

/* How often that one was raised; of the others, how many there are. */
static struct alarms alarms_at(struct world_node *node, struct world_node *about,
                               enum store_alarm_kind kind)
{
    struct alarms alarms = {.kind = kind};
    assert_int_equal(
        store_alarms(world_store(node), world_site(about), count_alarm, &alarms),
        STATUS_OK);
    return alarms;
}

static void assert_quiet(struct world_node *node, struct world_node *about)
{
    struct alarms alarms = alarms_at(node, about, ALARM_FORKED);
    assert_int_equal(alarms.times + alarms.others, 0);
}

/* --- a leaf a day --- */

static void note_case(struct sim_county *f)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水渠",
            "narrative", "两家", "parties", "[甲=申请人,乙=被申请人");
}

static void a_day_of_running_time_is_one_seal_whatever_happens_in_it(void **state)
{
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "田界");
    for (int day = 0; day < 5; day++) {
        world_run(f->world, DAYS);
        note_case(f);
    }

    struct log busy = log_of(f->fengyuan), idle = log_of(f->xikou);

    assert_in_range(busy.len, 5, 6);
    assert_int_equal(busy.len, idle.len);
    for (uint32_t i = 0; i < busy.len; i++) {
        assert_int_equal(busy.seals[i].kind, i == 0 ? SEAL_BEGIN : SEAL_DAY);
        assert_int_equal(idle.seals[i].kind, busy.seals[i].kind);
    }
    assert_false(busy.seals[0].has_former);
    assert_quiet(f->township, f->fengyuan);
}

static void a_seal_opens_to_the_roots_of_the_ledger_as_it_was(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, DAYS + HOURS);
    note_case(f);
    (void)sim_escalate(f, f->fengyuan, "田界");
    world_run(f->world, DAYS);
    struct log log = log_of(f->fengyuan);
    struct store *store = world_store(f->fengyuan);

    assert_true(log.rows[log.len - 1].private_size > log.rows[0].private_size);
    for (uint32_t i = 0; i < log.len; i++) {
        struct seal_trees trees = {.private_size = log.rows[i].private_size,
                                   .shared_size = log.rows[i].shared_size};
        assert_int_equal(store_ledger_root(store, TREE_PRIVATE, trees.private_size,
                                           &trees.private_root),
                         STATUS_OK);
        assert_int_equal(
            store_ledger_root(store, TREE_SHARED, trees.shared_size, &trees.shared_root),
            STATUS_OK);
        for (int part = 0; part < SEAL_PARTS; part++) {
            struct seal_opening opening;
            seal_open(&opening, (enum seal_part)part, log.rows[i].secret, &trees);
            assert_true(seal_is_opened(&log.seals[i], &opening));
        }
    }
}

static void hours_that_a_machine_is_off_count_for_no_day(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, HOURS);
    for (int i = 0; i < 8; i++) { /* on for six hours, and then not */
        world_run(f->world, 6 * HOURS);
        world_restart(f->world, f->xikou);
        world_run(f->world, 1000);
    }

    struct log log = log_of(f->xikou);

    /* An hour at most is lost with each power cut. */
    assert_in_range(log.len, 2, 3);
}

static void a_long_pause_is_claimed_by_one_leaf(void **state)
{
    struct sim_county *f = *state;
    world_set_clock(f->world, 1790000000, WALL_NTP);
    world_run(f->world, DAYS + HOURS);
    uint32_t before = log_of(f->xikou).len;
    world_power_off(f->world, f->xikou);
    world_set_clock(f->world, 1790000000 + 9 * 86400, WALL_NTP);
    assert_int_equal(world_power_on(f->world, f->xikou), STATUS_OK);
    world_run(f->world, HOURS);

    struct log log = log_of(f->xikou);

    assert_int_equal(log.len, before + 1);
    assert_int_equal(log.seals[before].kind, SEAL_GAP);
    assert_in_range(log.seals[before].gap_s, 7 * 86400, 9 * 86400);
    world_restart(f->world, f->xikou);
    world_run(f->world, HOURS);
    assert_int_equal(log_of(f->xikou).len, before + 1);
}

static void I9_a_clock_that_jumps_seals_nothing(void **state)
{
    struct sim_county *f = *state;
    static const uint64_t walls[] = {0, 4000000000, 5, 1790000000};
    world_run(f->world, HOURS);
    uint32_t before = log_of(f->xikou).len;
    for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
        world_set_clock(f->world, walls[i], WALL_NONE);
        world_run(f->world, HOURS);
    }
    assert_int_equal(log_of(f->xikou).len, before);
}

/* --- witnesses --- */

struct note_seen {
    char origin[SEAL_ORIGIN_SIZE];
    uint8_t machine[KEY_SIZE], witness[KEY_SIZE];
    uint32_t len;
};

/* As anybody can, who has the two keys. */
static enum status check_note(void *context, struct bytes witness, uint64_t size,
                              struct bytes bytes)
{
    struct note_seen *seen = context;
    struct checkpoint checkpoint;
    struct note note;
    struct note_key key;
    char name[WITNESS_NAME_SIZE];
    assert_int_equal(checkpoint_read_note(&checkpoint, &note, bytes, NULL), STATUS_OK);
    assert_true(bytes_equal_str(checkpoint.origin, seen->origin));
    assert_int_equal(checkpoint.size, size);
    note_key_init(&key, checkpoint.origin, NOTE_ED25519, seen->machine);
    assert_int_equal(note_verify(&note, &key, NULL), STATUS_OK);
    witness_name(name, seen->witness);
    assert_true(bytes_equal_str(witness, name));
    note_key_init(&key, bytes_str(name), NOTE_COSIGNATURE, seen->witness);
    assert_int_equal(note_verify(&note, &key, NULL), STATUS_OK);
    seen->len++;
    return STATUS_OK;
}

static void a_parent_cosigns_each_seal_of_its_children(void **state)
{
    struct sim_county *f = *state;
    for (int day = 0; day < 3; day++) {
        world_run(f->world, DAYS);
        struct log log = log_of(f->fengyuan);
        assert_int_equal(cosigned_by(f->fengyuan, f->township), log.len);
    }
    struct note_seen seen = {.len = 0};
    struct log log = log_of(f->fengyuan);
    memcpy(seen.origin, log.origin, sizeof(seen.origin));
    node_key(f->fengyuan, seen.machine);
    node_key(f->township, seen.witness);

    assert_int_equal(
        store_cosigned(world_store(f->fengyuan), log.number, check_note, &seen),
        STATUS_OK);

    assert_int_equal(seen.len, 1);
    assert_int_equal(cosigned_by(f->township, f->county), log_of(f->township).len);
}

static void a_site_without_a_parent_is_cosigned_by_its_children(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 2 * DAYS);

    assert_int_equal(cosigned_by(f->county, f->township), log_of(f->county).len);
    assert_int_equal(cosigned_by(f->township, f->fengyuan), 0); /* it has a parent */
}

static void days_without_a_line_are_cosigned_together(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, HOURS);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 6 * DAYS);
    uint32_t len = log_of(f->fengyuan).len;
    assert_int_equal(cosigned_by(f->fengyuan, f->township), 1);

    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, HOURS);

    assert_in_range(len, 7, 8);
    assert_int_equal(cosigned_by(f->fengyuan, f->township), len);
    assert_quiet(f->township, f->fengyuan);
}

static void a_cosignature_that_was_lost_is_asked_for_once_more(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 2 * DAYS + HOURS);
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, 2, "DELETE FROM cosigned");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    world_run(f->world, DAYS + HOURS);

    assert_int_equal(cosigned_by(f->fengyuan, f->township), log_of(f->fengyuan).len);
    assert_quiet(f->township, f->fengyuan);
}

static enum status keep_witnessed(void *context, const struct store_witnessed *log)
{
    struct store_witnessed *out = context;
    *out = *log;
    return STATUS_OK;
}

static struct store_witnessed seen_of(struct world_node *witness, const char *origin)
{
    struct store_witnessed seen = {.wall = 0};
    assert_int_equal(
        store_witnessed_get(world_store(witness), origin, keep_witnessed, &seen),
        STATUS_OK);
    return seen;
}

static void a_witness_keeps_how_far_a_log_was_seen(void **state)
{
    struct sim_county *f = *state;
    struct merkle_hash root;
    world_run(f->world, 3 * DAYS + HOURS);
    struct log log = log_of(f->fengyuan);

    struct store_witnessed seen = seen_of(f->township, log.origin);

    root_of(&log, log.len, &root);
    assert_int_equal(seen.head.size, log.len);
    assert_true(merkle_equal(&seen.head.root, &root));
    assert_true(id_equal(&seen.site, world_site(f->fengyuan)));
    assert_false(seen.is_closed);
}

/* --- by stick --- */

static void carry(struct sim_county *f, struct world_node *from, struct world_node *to,
                  const char *name)
{
    struct stick stick = {0};
    stick_write(f, from, name, &stick);
    (void)stick_read(f, to, &stick);
    stick_deinit(&stick);
}

static void a_village_without_a_line_is_cosigned_by_stick(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, HOURS);
    world_set_offline(f->world, f->fengyuan, true);
    for (int week = 0; week < 2; week++) {
        world_run(f->world, 3 * DAYS);
        uint32_t len = log_of(f->fengyuan).len;
        carry(f, f->fengyuan, f->township, "青河镇");
        assert_int_equal(seen_of(f->township, log_of(f->fengyuan).origin).head.size, len);
        world_run(f->world, DAYS);
        carry(f, f->township, f->fengyuan, "枫源村");
        assert_int_equal(cosigned_by(f->fengyuan, f->township), len);
    }
    assert_quiet(f->township, f->fengyuan);
}

static void D3_a_witness_from_before_it_saw_any_is_shown_all_by_stick(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 2 * DAYS + HOURS);
    assert_true(cosigned_by(f->fengyuan, f->township) > 0);
    world_set_offline(f->world, f->fengyuan, true);
    world_power_off(f->world, f->township);
    sim_spoil(f, 1, "DELETE FROM witnessed");
    assert_int_equal(world_power_on(f->world, f->township), STATUS_OK);
    world_run(f->world, DAYS);

    for (int way = 0; way < 2; way++) {
        carry(f, f->fengyuan, f->township, "青河镇");
        carry(f, f->township, f->fengyuan, "枫源村");
    }

    assert_int_equal(cosigned_by(f->fengyuan, f->township), log_of(f->fengyuan).len);
    assert_quiet(f->township, f->fengyuan);
}

/* --- two histories --- */

struct proofs {
    struct buf file; /* the first */
    uint32_t len;
};

static enum status take_proof(void *context, int64_t number, struct bytes origin,
                              uint64_t wall, struct bytes file)
{
    struct proofs *proofs = context;
    (void)number;
    (void)origin;
    (void)wall;
    if (proofs->len++ == 0)
        buf_add(&proofs->file, file.data, file.len);
    return STATUS_OK;
}

static struct proofs proofs_at(struct world_node *node)
{
    struct proofs proofs = {.len = 0};
    assert_int_equal(store_seal_proofs(world_store(node), take_proof, &proofs),
                     STATUS_OK);
    return proofs;
}

static void I6_a_machine_with_two_histories_is_named_with_a_proof(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 2 * DAYS + HOURS);
    struct log before = log_of(f->fengyuan);
    struct world_node *copy = world_copy(f->world, f->fengyuan, "copy:1");
    world_set_offline(f->world, copy, true);
    assert_int_equal(world_power_on(f->world, copy), STATUS_OK);
    world_run(f->world, 2 * DAYS);
    struct log first = log_of(f->fengyuan), second = log_of(copy);
    assert_string_equal(first.origin, second.origin);
    assert_int_equal(first.len, second.len);
    assert_false(merkle_equal(&first.leaves[before.len], &second.leaves[before.len]));
    assert_quiet(f->township, f->fengyuan);

    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, copy, false);
    world_run(f->world, HOURS);

    struct proofs proofs = proofs_at(f->township);
    assert_int_equal(proofs.len, 1);
    assert_memory_equal(proofs.file.data, "fengqiao/seal-proof/1 fork\n", 27);
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_FORKED).times, 1);
    buf_deinit(&proofs.file);
    /* It says so itself, and goes on elsewhere. */
    struct log next = log_of(copy);
    assert_string_not_equal(next.origin, first.origin);
    assert_true(next.seals[0].has_former);
    assert_string_equal(next.seals[0].former.origin, first.origin);
    assert_int_equal(next.seals[0].former.size, first.len);
    assert_int_equal(cosigned_by(copy, f->township), next.len);

    /* Now the first one is the copy of a machine whose log is closed. */
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, HOURS);
    assert_true(seen_of(f->township, first.origin).is_closed);
    assert_true(alarms_at(f->township, f->fengyuan, ALARM_COPY).times > 0);
}

static void I6_a_machine_that_shows_fewer_days_than_before_is_named(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, DAYS + HOURS);
    struct world_node *image = world_copy(f->world, f->fengyuan, "copy:1");
    world_set_offline(f->world, image, true);
    world_run(f->world, 3 * DAYS);
    struct log first = log_of(f->fengyuan);
    world_power_off(f->world, f->fengyuan);

    assert_int_equal(world_power_on(f->world, image), STATUS_OK);
    world_set_offline(f->world, image, false);
    world_run(f->world, HOURS);

    struct proofs proofs = proofs_at(f->township);
    assert_int_equal(proofs.len, 1);
    assert_memory_equal(proofs.file.data, "fengqiao/seal-proof/1 back\n", 27);
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_SET_BACK).times, 1);
    buf_deinit(&proofs.file);
    struct log next = log_of(image);
    assert_string_not_equal(next.origin, first.origin);
    assert_int_equal(next.seals[0].former.size, first.len);
    world_run(f->world, DAYS);
    assert_int_equal(cosigned_by(image, f->township), log_of(image).len);
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_SET_BACK).times, 1);
}

/* The same two by stick alone: what a bundle tells is answered by the next one. */
static void by_stick(struct sim_county *f, struct world_node *from)
{
    carry(f, from, f->township, "青河镇");
    carry(f, f->township, from, "枫源村");
    carry(f, from, f->township, "青河镇");
    carry(f, f->township, from, "枫源村");
}

static void I6_two_histories_are_named_by_stick_as_well(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 2 * DAYS + HOURS);
    struct world_node *copy = world_copy(f->world, f->fengyuan, "copy:1");
    world_set_offline(f->world, copy, true);
    assert_int_equal(world_power_on(f->world, copy), STATUS_OK);
    world_run(f->world, 2 * DAYS);
    world_power_off(f->world, f->fengyuan);
    assert_quiet(f->township, f->fengyuan);

    by_stick(f, copy);

    struct proofs proofs = proofs_at(f->township);
    assert_int_equal(proofs.len, 1);
    assert_memory_equal(proofs.file.data, "fengqiao/seal-proof/1 fork\n", 27);
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_FORKED).times, 1);
    assert_int_equal(cosigned_by(copy, f->township), log_of(copy).len);
    buf_deinit(&proofs.file);
}

static void I6_fewer_days_are_named_by_stick_as_well(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, DAYS + HOURS);
    struct world_node *image = world_copy(f->world, f->fengyuan, "copy:1");
    world_set_offline(f->world, image, true);
    world_run(f->world, 3 * DAYS);
    world_power_off(f->world, f->fengyuan);
    assert_int_equal(world_power_on(f->world, image), STATUS_OK);

    by_stick(f, image);

    struct proofs proofs = proofs_at(f->township);
    assert_int_equal(proofs.len, 1);
    assert_memory_equal(proofs.file.data, "fengqiao/seal-proof/1 back\n", 27);
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_SET_BACK).times, 1);
    assert_int_equal(cosigned_by(image, f->township), log_of(image).len);
    buf_deinit(&proofs.file);
    by_stick(f, image); /* and it is said once */
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_SET_BACK).times, 1);
}

/* --- lawful reasons for another log --- */

static void D3_a_restored_machine_goes_on_in_another_log(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    world_run(f->world, 2 * DAYS + HOURS);
    folder_back_up(f, f->fengyuan, &folder);
    uint32_t backed_up = log_of(f->fengyuan).len;
    world_run(f->world, 2 * DAYS);
    struct log first = log_of(f->fengyuan);

    folder_put_back(f, f->fengyuan, &folder);
    world_run(f->world, DAYS + HOURS);

    struct log next = log_of(f->fengyuan);
    assert_string_not_equal(next.origin, first.origin);
    assert_string_equal(next.seals[0].former.origin, first.origin);
    assert_int_equal(next.seals[0].former.size, backed_up);
    assert_int_equal(cosigned_by(f->fengyuan, f->township), next.len);
    struct store_witnessed seen = seen_of(f->township, first.origin);
    assert_int_equal(seen.head.size, first.len); /* two days more than it remembers */
    assert_string_equal(seen.successor, next.origin);
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_FORKED).times, 0);
    assert_int_equal(alarms_at(f->township, f->fengyuan, ALARM_SET_BACK).times, 0);
    folder_deinit(&folder);
}

static void D3_a_late_stick_of_an_earlier_life_is_no_copy(void **state)
{
    struct sim_county *f = *state;
    struct folder folder = {0};
    struct stick late = {0};
    world_run(f->world, HOURS);
    folder_back_up(f, f->fengyuan, &folder);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, DAYS);
    stick_write(f, f->fengyuan, "青河镇", &late);
    folder_put_back(f, f->fengyuan, &folder);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, DAYS + HOURS);

    (void)stick_read(f, f->township, &late);

    assert_quiet(f->township, f->fengyuan);
    assert_int_equal(cosigned_by(f->fengyuan, f->township), log_of(f->fengyuan).len);
    stick_deinit(&late);
    folder_deinit(&folder);
}

static void a_machine_with_other_keys_goes_on_in_another_log(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, DAYS + HOURS);
    struct log first = log_of(f->fengyuan);

    SIM_SAY(f, f->fengyuan, NULL, "node.renew");
    world_run(f->world, DAYS + HOURS);

    struct log next = log_of(f->fengyuan);
    assert_string_equal(next.seals[0].former.origin, first.origin);
    assert_int_equal(cosigned_by(f->fengyuan, f->township), next.len);
    assert_true(seen_of(f->township, first.origin).is_closed);
    assert_quiet(f->township, f->fengyuan);
}

int main(void)
{
#define A_TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
#define ON_DISK(name)                                                                    \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        A_TEST(a_day_of_running_time_is_one_seal_whatever_happens_in_it),
        A_TEST(a_seal_opens_to_the_roots_of_the_ledger_as_it_was),
        A_TEST(hours_that_a_machine_is_off_count_for_no_day),
        A_TEST(a_long_pause_is_claimed_by_one_leaf),
        A_TEST(I9_a_clock_that_jumps_seals_nothing),
        A_TEST(a_parent_cosigns_each_seal_of_its_children),
        A_TEST(a_site_without_a_parent_is_cosigned_by_its_children),
        A_TEST(days_without_a_line_are_cosigned_together),
        ON_DISK(a_cosignature_that_was_lost_is_asked_for_once_more),
        A_TEST(a_witness_keeps_how_far_a_log_was_seen),
        A_TEST(a_village_without_a_line_is_cosigned_by_stick),
        ON_DISK(D3_a_witness_from_before_it_saw_any_is_shown_all_by_stick),
        ON_DISK(I6_a_machine_with_two_histories_is_named_with_a_proof),
        ON_DISK(I6_a_machine_that_shows_fewer_days_than_before_is_named),
        ON_DISK(I6_two_histories_are_named_by_stick_as_well),
        ON_DISK(I6_fewer_days_are_named_by_stick_as_well),
        ON_DISK(D3_a_restored_machine_goes_on_in_another_log),
        ON_DISK(D3_a_late_stick_of_an_earlier_life_is_no_copy),
        ON_DISK(a_machine_with_other_keys_goes_on_in_another_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
