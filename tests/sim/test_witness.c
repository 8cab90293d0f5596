/* What a witness refuses of a machine that does not speak as ours do: a log that goes on
 * from another tree than was seen, more lives at once than there may be, and more
 * checkpoints in an hour. The linker lets us write the claims of one machine (--wrap). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/seal_claim.h"
#include "node/core/seal_talk.h"
#include "node/core/state.h"
#include "storage/store_confirmed.h"
#include "storage/store_seals.h"
#include "storage/store_witness.h"
#include "tests/sim/sim_county.h"

#define HOURS (UINT64_C(3600) * 1000)
#define DAYS (24 * HOURS)
#define HEARD_MAX 64 /* seal_talk.c */

enum status __real_seal_claim_write(struct core *core, const struct seal_log *log,
                                    uint64_t old_size, const struct seal_head *after,
                                    struct buf *message);
enum status __wrap_seal_claim_write(struct core *core, const struct seal_log *log,
                                    uint64_t old_size, const struct seal_head *after,
                                    struct buf *message);
enum status __real_seal_talk_checkpoint(struct core *core, struct session *session,
                                        struct pack_reader *reader);
enum status __wrap_seal_talk_checkpoint(struct core *core, struct session *session,
                                        struct pack_reader *reader);

/* --- a machine that claims another log than it has --- */

static struct {
    const struct id *site; /* NULL: nobody does */
    struct seal_head former;
    uint32_t begins;
    char origin[SEAL_ORIGIN_SIZE]; /* of what it claims */
} liar;

/* A log of one leaf is its own root, and its proof of inclusion is empty. */
static void claim_another_log(struct core *core, struct buf *message)
{
    struct seal seal = {
        .kind = SEAL_BEGIN, .has_former = liar.former.size > 0, .former = liar.former};
    struct merkle_hash root, empty;
    struct buf leaf = {0}, text = {0}, note = {0}, request = {0};
    const uint8_t life[SEAL_LIFE_SIZE] = {9};
    merkle_empty(&empty);
    seal_origin(liar.origin, core->node_key, life);
    seal_write(&seal, &leaf);
    merkle_leaf(&root, leaf.data, leaf.len);
    checkpoint_write(&text, bytes_str(liar.origin), 1, &root);
    note_add_text(&note, buf_bytes(&text));
    note_sign(&note, &core->node_pair, bytes_str(liar.origin), buf_bytes(&text));
    witness_request_write(&request, 0, NULL, 0, buf_bytes(&note));
    pack_array(message, SEAL_CLAIM_ELEMENTS);
    pack_str(message, "checkpoint");
    pack_bin(message, request.data, request.len);
    pack_bin(message, empty.bytes, MERKLE_HASH_SIZE);
    pack_array(message, liar.begins);
    for (uint32_t i = 0; i < liar.begins; i++) {
        pack_array(message, 2);
        pack_bin(message, leaf.data, leaf.len);
        pack_array(message, 0);
    }
    buf_deinit(&leaf);
    buf_deinit(&text);
    buf_deinit(&note);
    buf_deinit(&request);
}

enum status __wrap_seal_claim_write(struct core *core, const struct seal_log *log,
                                    uint64_t old_size, const struct seal_head *after,
                                    struct buf *message)
{
    if (liar.site == NULL || !id_equal(&core->site, liar.site))
        return __real_seal_claim_write(core, log, old_size, after, message);
    claim_another_log(core, message);
    return buf_status(message);
}

static enum status take_head(void *context, const struct store_witnessed *log)
{
    *(struct seal_head *)context = log->head;
    return STATUS_OK;
}

static struct seal_head head_seen(struct sim_county *f)
{
    struct seal_head head = {.size = 0};
    int64_t log;
    char origin[SEAL_ORIGIN_SIZE];
    assert_int_equal(store_seal_log_last(world_store(f->fengyuan), &log, origin),
                     STATUS_OK);
    assert_int_equal(
        store_witnessed_get(world_store(f->township), origin, take_head, &head),
        STATUS_OK);
    return head;
}

static enum status is_seen(struct sim_county *f, const char *origin)
{
    struct seal_head head;
    return store_witnessed_get(world_store(f->township), origin, take_head, &head);
}

static enum status count_forked(void *context, const struct store_alarm *alarm)
{
    *(uint64_t *)context += alarm->kind == ALARM_FORKED ? alarm->times : 0;
    return STATUS_OK;
}

static uint64_t forked_at(struct sim_county *f)
{
    uint64_t times = 0;
    assert_int_equal(store_alarms(world_store(f->township), world_site(f->fengyuan),
                                  count_forked, &times),
                     STATUS_OK);
    return times;
}

/* From now on fengyuan's machine speaks so, beginning with a session of its own. */
static void lie(struct sim_county *f, const struct seal_head *former, uint32_t begins)
{
    liar.site = world_site(f->fengyuan);
    liar.begins = begins;
    liar.former = *former;
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, HOURS / 6);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, HOURS / 6);
}

static int tear_down(void **state)
{
    liar.site = NULL;
    return sim_county_tear_down_in_memory(state);
}

static void I6_a_log_that_goes_on_from_another_tree_than_was_seen_is_named(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 2 * DAYS + HOURS);
    struct seal_head former = head_seen(f);
    former.root.bytes[0] ^= 1;

    lie(f, &former, 1);

    assert_true(forked_at(f) > 0);
    assert_int_equal(is_seen(f, liar.origin), STATUS_NOT_FOUND);
}

static void a_log_that_goes_on_from_what_was_seen_is_taken(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, 2 * DAYS + HOURS);
    struct seal_head former = head_seen(f);

    lie(f, &former, 1);

    assert_int_equal(forked_at(f), 0);
    assert_int_equal(is_seen(f, liar.origin), STATUS_OK);
}

static void so_many_lives_may_be_told_of_at_once(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, HOURS);
    struct seal_head former = head_seen(f);

    lie(f, &former, WITNESS_BEGINS_MAX + 1);
    assert_int_equal(is_seen(f, liar.origin), STATUS_NOT_FOUND);

    lie(f, &former, WITNESS_BEGINS_MAX);
    assert_int_equal(is_seen(f, liar.origin), STATUS_OK);
}

/* --- one that says it again and again --- */

static struct {
    const struct id *site; /* at which it is heard; NULL: nowhere */
    uint32_t times, taken;
} again;

enum status __wrap_seal_talk_checkpoint(struct core *core, struct session *session,
                                        struct pack_reader *reader)
{
    const struct pack_reader before = *reader;
    enum status status = __real_seal_talk_checkpoint(core, session, reader);
    if (again.site == NULL || !id_equal(&core->site, again.site))
        return status;
    again.site = NULL;
    again.taken = status == STATUS_OK;
    for (uint32_t i = 1; status == STATUS_OK && i < again.times; i++) {
        *reader = before;
        status = __real_seal_talk_checkpoint(core, session, reader);
        again.taken += status == STATUS_OK;
    }
    return status;
}

static uint32_t say_again(struct sim_county *f, uint32_t times)
{
    again.site = world_site(f->township);
    again.times = times;
    again.taken = 0;
    world_run(f->world, 2 * DAYS);
    assert_null(again.site);
    return again.taken;
}

static void so_many_checkpoints_are_looked_at_in_an_hour(void **state)
{
    struct sim_county *f = *state;
    world_run(f->world, HOURS);

    assert_int_equal(say_again(f, HEARD_MAX), HEARD_MAX);
    assert_int_equal(say_again(f, HEARD_MAX + 1), HEARD_MAX);

    /* It is heard again later, and nobody is accused. */
    assert_int_equal(say_again(f, 1), 1);
    assert_int_equal(forked_at(f), 0);
}

int main(void)
{
#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(I6_a_log_that_goes_on_from_another_tree_than_was_seen_is_named),
        TEST(a_log_that_goes_on_from_what_was_seen_is_taken),
        TEST(so_many_lives_may_be_told_of_at_once),
        TEST(so_many_checkpoints_are_looked_at_in_an_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
