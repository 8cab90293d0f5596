/* Parts of the core by themselves: lists and tables that are full, memory that ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/age_writer.h"
#include "crypto/key.h"
#include "node/core/caller.h"
#include "node/core/carried.h"
#include "node/core/case_number.h"
#include "node/core/confirm.h"
#include "node/core/notice.h"
#include "node/core/pair.h"
#include "node/core/refold.h"
#include "node/core/session.h"
#include "node/core/state.h"
#include "node/core/tried.h"
#include "node/core/unpaired.h"
#include "proto/limits.h"
#include "storage/store_sources.h"
#include "tests/support/fail_memory.h"
#include "tests/support/scratch.h"

static int set_up(void **state)
{
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    core->actions = calloc(ACTIONS_MIN, sizeof(*core->actions));
    core->actions_capacity = ACTIONS_MIN;
    assert_non_null(core->actions);
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    struct core *core = *state;
    free(core->actions);
    free(core);
    return 0;
}

/* The allocation after so many more fails in what follows. */
static void begin_failing(uint64_t after)
{
    fail_memory_after(after, false);
    fail_memory_in();
}

static bool end_failing(void)
{
    (void)fail_memory_out(); /* it counted */
    return fail_memory_stop();
}

static void refusals_of_more_reasons_than_have_a_place_are_told_together(void **state)
{
    static char reasons[REFUSAL_REASONS_MAX + 2][16];
    struct core *core = *state;
    for (int i = 0; i < REFUSAL_REASONS_MAX + 2; i++) {
        (void)snprintf(reasons[i], sizeof(reasons[i]), "why-%d", i);
        refusal_note(core, 1, reasons[i]);
    }
    const struct refusal *last = &core->refusals[REFUSAL_REASONS_MAX - 1];
    assert_string_equal(last->why, "other");
    assert_int_equal(last->held, 2); /* the first was told at once */
    assert_string_equal(core->actions[core->actions_len - 1].text,
                        "session conn=1 refused why=other");
}

static void actions_grow_and_a_turn_fails_where_they_cannot(void **state)
{
    struct core *core = *state;
    for (int i = 0; i < ACTIONS_MIN; i++)
        assert_non_null(core_act(core, ACTION_TRACE));
    begin_failing(0);
    assert_null(core_act(core, ACTION_SEND));
    begin_failing(0);
    core_trace(core, "nobody reads this");
    assert_true(end_failing());
    assert_int_equal(core->store_status, STATUS_NO_MEMORY);
    assert_int_equal(core->actions_len, ACTIONS_MIN);
    assert_non_null(core_act(core, ACTION_SEND));
    assert_int_equal(core->actions_len, ACTIONS_MIN + 1);
}

static void scopes_that_changed_are_kept_apart_until_they_are_too_many(void **state)
{
    (void)state;
    struct confirm confirm = {.has_agreed = true};
    struct id scope = {{0}};
    uint32_t most = 0;
    for (int i = 0; i < 5000 && confirm.has_agreed; i++) {
        memcpy(scope.bytes, &i, sizeof(i));
        confirm_note_change(&confirm, &scope);
        most = confirm.changed.len > most ? confirm.changed.len : most;
    }
    assert_false(confirm.has_agreed); /* then all are looked at */
    assert_int_equal(confirm.changed.len, 0);
    assert_true(most > 1000);

    confirm.has_agreed = true;
    begin_failing(0);
    confirm_note_change(&confirm, &scope);
    assert_true(end_failing());
    assert_false(confirm.has_agreed);
    confirm_deinit(&confirm);
}

static void fill_lists(struct outgoing *seqs, struct id_list *ids)
{
    for (int i = 0; i < 100; i++) {
        struct id id = {{(uint8_t)i}};
        assert_int_equal(outgoing_push(seqs, i + 1), STATUS_OK);
        id_list_push(ids, &id);
    }
}

/* What was tried is remembered whole, or the turn fails. */
static enum status try_again(uint64_t after, bool *has_failed)
{
    struct tried tried = {0};
    struct outgoing moved = {0}, found = {0};
    struct id_list asked = {0}, wanted = {0};
    fill_lists(&moved, &asked);
    assert_int_equal(tried_take(&tried, &moved, &asked), STATUS_OK);
    fill_lists(&moved, &asked);
    fill_lists(&found, &wanted);
    begin_failing(after);
    enum status status = tried_take(&tried, &moved, &asked);
    if (status == STATUS_OK)
        status = tried_sift(&tried, &found, &wanted);
    *has_failed = end_failing();
    tried_deinit(&tried);
    outgoing_clear(&moved);
    id_list_deinit(&asked);
    outgoing_clear(&found);
    id_list_deinit(&wanted);
    return status;
}

static void what_was_tried_is_remembered_or_the_turn_fails(void **state)
{
    (void)state;
    uint64_t failures = 0;
    for (bool has_failed = true; has_failed; failures += has_failed) {
        enum status status = try_again(failures, &has_failed);
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    }
    assert_true(failures > 4);
}

/* Else it would be answered as what another site brought. */
static void what_came_from_our_own_machine_is_known_or_the_turn_fails(void **state)
{
    struct core *core = *state;
    struct id scope = {{7}};
    begin_failing(0);
    notice_from_us(core, &scope);
    assert_true(end_failing());
    assert_int_equal(refold_touched(core), STATUS_NO_MEMORY);
    id_list_deinit(&core->from_us);
}

static void everything_is_tried_again_at_some_looks_and_at_others_not(void **state)
{
    static const bool is_again[] = {true,  true,  true,  false, true,  false,
                                    false, false, true,  false, false, false,
                                    false, false, false, false, true};
    (void)state;
    for (uint32_t i = 0; i < sizeof(is_again) / sizeof(is_again[0]); i++) {
        struct tried tried = {.looks = i};
        assert_int_equal(outgoing_push(&tried.sent, 1), STATUS_OK);
        tried_look(&tried);
        assert_int_equal(tried.sent.len == 0, is_again[i]);
        tried_deinit(&tried);
    }
}

/* ---- sessions and knocks ---- */

static void H7_the_oldest_half_open_goes_wherever_it_stands(void **state)
{
    struct core *core = *state;
    struct rng_keyed *dice = rng_keyed_new(8, 8);
    uint64_t conn = 1;
    core->rng = rng_keyed_rng(dice);
    core->dial_at_ms = UINT64_MAX;
    for (; conn <= 2; conn++) {
        core->now_ms += 100;
        session_accept(core, conn);
    }
    session_closed(core, 1);
    for (; conn <= HALF_OPEN_MAX + 2; conn++) { /* 3 comes to where 1 was */
        core->now_ms += 100;
        session_accept(core, conn);
    }

    for (uint64_t i = 2; i < conn; i++)
        assert_int_equal(session_find(core, i)->state == SESSION_CLOSING, i == 2);
    /* Who is closed already has no deadline any more. */
    assert_int_equal(sessions_deadline(core), 200 + 100 + HANDSHAKE_DEADLINE_MS);
    for (uint64_t i = 3; i < conn; i++)
        session_end(core, session_find(core, i), false, "test");
    assert_int_equal(sessions_deadline(core), UINT64_MAX);
    sessions_free(core);
    rng_keyed_free(dice);
}

static bool is_kept(const struct core *core, uint8_t first)
{
    for (int i = 0; i < KNOCKS_MAX; i++)
        if (core->knocks[i].times == 1 && core->knocks[i].key[0] == first)
            return true;
    return false;
}

static void of_more_knocks_than_have_a_place_the_oldest_is_forgotten(void **state)
{
    struct core *core = *state;
    uint8_t key[32] = {0};
    for (key[0] = 1; key[0] <= KNOCKS_MAX; key[0]++) {
        core->wall = key[0] == 3 ? 900 : 1000 - key[0];
        unpaired_knocked(core, key);
    }
    core->wall = 2000;
    unpaired_knocked(core, key);
    for (uint8_t i = 1; i <= KNOCKS_MAX + 1; i++)
        assert_int_equal(is_kept(core, i), i != 3);
}

bool __wrap_wrap_stretch(uint8_t psk[static 32], const char *code, size_t len);

bool __wrap_wrap_stretch(uint8_t psk[static 32], const char *code, size_t len)
{
    (void)psk;
    (void)code;
    (void)len;
    return false;
}

static void a_code_for_which_there_is_no_memory_says_so(void **state)
{
    (void)state;
    struct job *job = job_new(JOB_STRETCH);
    assert_non_null(job);
    job_run(job);
    assert_int_equal(job->result, WRAP_NO_MEMORY);
    job_free(job);
}

static bool keep(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

/* Sealed for the machine by whoever likes, and of any length. */
static enum age_verdict open_sealed(size_t len)
{
    static uint8_t zeros[4096];
    struct rng_keyed *dice = rng_keyed_new(9, 9);
    struct rng rng = rng_keyed_rng(dice);
    struct age_writer *writer = malloc(sizeof(*writer));
    struct job *job = job_new(JOB_OPEN);
    uint8_t recipient[1][KEY_SIZE];
    assert_non_null(writer);
    assert_non_null(job);
    job->seed[0] = 5;
    key_dh_public(recipient[0], job->seed);
    assert_int_equal(age_writer_begin(writer, (const uint8_t(*)[KEY_SIZE])recipient, 1,
                                      &rng, NULL, keep, &job->wire),
                     AGE_MORE);
    for (size_t at = 0; at < len; at += sizeof(zeros)) {
        size_t left = len - at;
        assert_int_equal(
            age_writer_put(writer, zeros, left < sizeof(zeros) ? left : sizeof(zeros)),
            AGE_MORE);
    }
    assert_int_equal(age_writer_end(writer), AGE_WHOLE);
    job_run(job);
    enum age_verdict opened = job->opened;
    assert_true(job->bytes.len <= BUNDLE_PAYLOAD_MAX);
    age_writer_wipe(writer);
    free(writer);
    job_free(job);
    rng_keyed_free(dice);
    return opened;
}

static void U2_a_sealed_file_is_opened_as_far_as_a_bundle_may_be_long(void **state)
{
    (void)state;
    assert_int_equal(open_sealed(BUNDLE_PAYLOAD_MAX), AGE_WHOLE);
    assert_int_equal(open_sealed(BUNDLE_PAYLOAD_MAX + 1), AGE_STOPPED);
}

/* ---- founding and opening ---- */

struct place {
    char directory[SCRATCH_SIZE], file[SCRATCH_SIZE + 16];
    struct core_config config;
    struct rng_keyed *dice;
};

static int set_up_place(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    assert_non_null(place);
    assert_true(scratch_make(place->directory));
    (void)snprintf(place->file, sizeof(place->file), "%s/node.db", place->directory);
    place->dice = rng_keyed_new(8, 8);
    place->config.rng = rng_keyed_rng(place->dice);
    place->config.node_seed[0] = 1;
    place->config.noise_secret[0] = 2;
    assert_int_equal(store_open(&place->config.store, place->file, NULL, true, NULL),
                     STATUS_OK);
    *state = place;
    return 0;
}

static int tear_down_place(void **state)
{
    struct place *place = *state;
    store_close(place->config.store);
    rng_keyed_free(place->dice);
    scratch_remove(place->directory);
    free(place);
    return 0;
}

static enum status found(struct place *place)
{
    static const uint8_t steward[32] = {3}, recovery_seed[32] = {4}, wrapped[WRAP_SIZE];
    uint8_t recovery[32];
    struct id site;
    key_sign_public(recovery, recovery_seed);
    const struct core_founding founding = {.tier = "village",
                                           .name = "枫源村",
                                           .steward = "陈某",
                                           .steward_seed = steward,
                                           .steward_wrapped = wrapped,
                                           .recovery_key = recovery,
                                           .wall = 1790000000};
    return core_found(&place->config, &founding, &site, NULL);
}

static void I14_a_node_for_which_there_is_no_memory_is_not_opened(void **state)
{
    struct place *place = *state;
    uint64_t failures = 0;
    begin_failing(0);
    assert_int_equal(found(place), STATUS_NO_MEMORY);
    assert_true(end_failing());
    assert_int_equal(found(place), STATUS_OK);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        struct core *core = NULL;
        begin_failing(failures);
        enum status status = core_open(&core, &place->config, NULL);
        has_failed = end_failing();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        assert_int_equal(core == NULL, has_failed);
        core_close(core);
    }
    assert_true(failures >= 3);
}

/* A round that ended unequal; what was tried in it and before is one list from now on. */
static void what_a_round_tried_is_remembered_or_its_turn_fails(void **state)
{
    struct place *place = *state;
    struct core *core = NULL;
    struct session *session = calloc(1, sizeof(*session));
    uint64_t failures = 0;
    assert_non_null(session);
    assert_int_equal(found(place), STATUS_OK);
    assert_int_equal(core_open(&core, &place->config, NULL), STATUS_OK);
    assert_int_equal(core_begin(core), STATUS_OK);
    session->site = (struct id){{9}};
    session->is_dialer = true;
    assert_int_equal(pair_open(core, &session->site), STATUS_OK);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        core->store_status = STATUS_OK;
        session->sync.rounds_unequal = ROUNDS_MAX; /* and no other one follows */
        fill_lists(&session->sync.outgoing, &session->sync.wanted);
        fill_lists(&session->sync.tried.sent, &session->sync.tried.wanted);
        begin_failing(failures);
        sync_conclude(core, session);
        has_failed = end_failing();
        assert_int_equal(core->store_status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        sync_deinit(&session->sync);
        session->sync = (struct sync){.round = 0};
    }
    assert_true(failures > 1);
    store_roll_back(core->store);
    free(session);
    core_close(core);
}

static void D1_a_node_whose_site_or_network_is_damaged_is_not_opened(void **state)
{
    static const struct {
        const char *name;
        size_t len;
    } rows[] = {{"site", 31}, {"network", 64}};
    static const char longer[64] = {0};
    struct place *place = *state;
    assert_int_equal(found(place), STATUS_OK);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct core *core = NULL;
        struct buf before = {0};
        struct store *store = place->config.store;
        assert_int_equal(store_meta_get(store, rows[i].name, &before), STATUS_OK);
        assert_int_equal(store_begin(store), STATUS_OK);
        assert_int_equal(
            store_meta_put(store, rows[i].name, bytes_of(longer, rows[i].len)),
            STATUS_OK);
        assert_int_equal(store_commit(store), STATUS_OK);
        assert_int_equal(core_open(&core, &place->config, NULL), STATUS_CORRUPT);
        assert_null(core);
        assert_int_equal(store_begin(store), STATUS_OK);
        assert_int_equal(store_meta_put(store, rows[i].name, buf_bytes(&before)),
                         STATUS_OK);
        assert_int_equal(store_commit(store), STATUS_OK);
        buf_deinit(&before);
    }
}

/* ---- what was handed over ---- */

/* Two messages: a record, an op and a record; a record. Which are handed over where an
 * acknowledgement of both says that these were not kept? */
static enum status acknowledge(struct core *core, const uint64_t *refused, uint32_t len,
                               bool handed_over[static 3])
{
    static const struct id records[] = {{{1}}, {{2}}, {{3}}}, site = {{9}};
    struct carried carried = {0};
    struct buf list = {0};
    struct carried_message *message = carried_begin(&carried);
    assert_int_equal(carried_op(message, &records[0]), STATUS_OK);
    assert_int_equal(carried_op(message, NULL), STATUS_OK);
    assert_int_equal(carried_op(message, &records[1]), STATUS_OK);
    carried_sent(&carried);
    assert_int_equal(carried_op(carried_begin(&carried), &records[2]), STATUS_OK);
    carried_sent(&carried);
    pack_array(&list, len);
    for (uint32_t i = 0; i < len; i++)
        pack_uint(&list, refused[i]);
    struct pack_reader reader = pack_reader_of(buf_bytes(&list));
    assert_int_equal(store_begin(core->store), STATUS_OK);
    enum status status = carried_acknowledged(core, &carried, &site, 2, &reader);
    for (int i = 0; i < 3; i++) {
        uint64_t wall;
        handed_over[i] =
            store_delivery_get(core->store, &records[i], &site, &wall) == STATUS_OK;
    }
    store_roll_back(core->store);
    carried_deinit(&carried);
    buf_deinit(&list);
    return status;
}

static void what_was_not_kept_is_not_handed_over(void **state)
{
    static const struct {
        uint64_t refused[3];
        uint32_t len;
        enum status answer;
        bool handed_over[3];
    } rows[] = {
        {{0}, 0, STATUS_OK, {true, true, true}},
        {{0}, 1, STATUS_OK, {false, true, true}},
        {{1}, 1, STATUS_OK, {true, true, true}},
        {{0, 3}, 2, STATUS_OK, {false, true, false}},
        {{1, 2, 3}, 3, STATUS_OK, {true, false, false}},
        {{1, 1}, 2, STATUS_TOO_LARGE, {true, false, false}},
        {{0, 4}, 2, STATUS_TOO_LARGE, {false, false, false}},
        {{4}, 1, STATUS_TOO_LARGE, {false, false, false}},
    };
    struct place *place = *state;
    struct core core = {.store = place->config.store};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool handed_over[3];
        enum status status =
            acknowledge(&core, rows[i].refused, rows[i].len, handed_over);
        if (status != rows[i].answer ||
            memcmp(handed_over, rows[i].handed_over, sizeof(handed_over)) != 0)
            fail_msg("row %zu: %s, %d %d %d", i, status_name(status), handed_over[0],
                     handed_over[1], handed_over[2]);
    }
}

static void a_case_is_numbered_whatever_the_clock_says(void **state)
{
    static const struct {
        uint64_t wall;
        const char *number;
    } rows[] = {
        {0, "0000-0001"},          {1, "1970-0001"},          {951782400, "2000-0001"},
        {1767225599, "2025-0001"}, {1767225600, "2026-0001"},
    };
    struct place *place = *state;
    struct core core = {.store = place->config.store, .rng = place->config.rng};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char number[CASE_NUMBER_SIZE];
        core.wall = rows[i].wall;
        assert_int_equal(case_number_next(&core, number), STATUS_OK);
        assert_string_equal(number, rows[i].number);
    }
}

static void an_answer_that_no_message_carries_is_said_to_be_too_large(void **state)
{
    struct core *core = *state;
    struct caller caller = {.number = 3, .request = 5};
    struct buf result = {0};
    uint8_t *room = buf_reserve(&result, CONTROL_MESSAGE_MAX);
    assert_non_null(room);
    memset(room, 0xc0, CONTROL_MESSAGE_MAX);
    result.len = CONTROL_MESSAGE_MAX;

    caller_answer(core, &caller, STATUS_OK, &result, NULL);

    assert_int_equal(core->actions_len, 1);
    struct buf *answer = &core->actions[0].bytes;
    assert_true(answer->len < 1024);
    assert_non_null(memmem(answer->data, answer->len, "TOO_LARGE", 9));
    assert_non_null(memmem(answer->data, answer->len, "ask for less", 12));
    assert_int_equal(core->store_status, STATUS_OK);
    buf_deinit(answer);
    buf_deinit(&result);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define AT_PLACE(test)                                                                   \
    cmocka_unit_test_setup_teardown(test, set_up_place, tear_down_place)
    const struct CMUnitTest tests[] = {
        ONE(refusals_of_more_reasons_than_have_a_place_are_told_together),
        ONE(actions_grow_and_a_turn_fails_where_they_cannot),
        ONE(scopes_that_changed_are_kept_apart_until_they_are_too_many),
        ONE(what_was_tried_is_remembered_or_the_turn_fails),
        ONE(everything_is_tried_again_at_some_looks_and_at_others_not),
        ONE(H7_the_oldest_half_open_goes_wherever_it_stands),
        ONE(of_more_knocks_than_have_a_place_the_oldest_is_forgotten),
        ONE(what_came_from_our_own_machine_is_known_or_the_turn_fails),
        ONE(U2_a_sealed_file_is_opened_as_far_as_a_bundle_may_be_long),
        ONE(a_code_for_which_there_is_no_memory_says_so),
        ONE(an_answer_that_no_message_carries_is_said_to_be_too_large),
        AT_PLACE(I14_a_node_for_which_there_is_no_memory_is_not_opened),
        AT_PLACE(D1_a_node_whose_site_or_network_is_damaged_is_not_opened),
        AT_PLACE(what_a_round_tried_is_remembered_or_its_turn_fails),
        AT_PLACE(what_was_not_kept_is_not_handed_over),
        AT_PLACE(a_case_is_numbered_whatever_the_clock_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
