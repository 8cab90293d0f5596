/* Seal logs in evidence: whole, signed, cosigned; each way in which one is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/verdict.h"
#include "proto/limits.h"
#include "proto/note.h"
#include "proto/pack.h"
#include "tests/unit/cli/check_bytes.h"
#include "tests/unit/cli/ledger_story.h"

static struct ledger_story story;

static int begin(void **state)
{
    (void)state;
    ledger_story_init(&story);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    ledger_story_deinit(&story);
    return 0;
}

static void expect_told(const struct evidence *evidence, const char *text,
                        const char *json)
{
    const char *const wanted[] = {text, json};
    for (int i = 0; i < 2; i++) {
        char *told = NULL;
        size_t len;
        FILE *out = open_memstream(&told, &len);
        assert_non_null(out);
        (i == 0 ? verdict_print : verdict_print_json)(out, evidence);
        assert_int_equal(fclose(out), 0);
        if (strstr(told, wanted[i]) == NULL)
            fail_msg("\"%s\" is not told:\n%s", wanted[i], told);
        free(told);
    }
}

/* One failure, and this. */
static void expect_alone(enum evidence_check check, const char *reason)
{
    struct evidence evidence;
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, check, reason, 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    assert_true(evidence.failures[0].has_author || check == CHECK_FORM ||
                strstr(reason, "a seal log") == reason);
    evidence_deinit(&evidence);
}

static void a_sealed_file_holds_and_says_what_the_seals_show(void **state)
{
    (void)state;
    struct evidence evidence;

    ledger_story_check(&story, &evidence);

    expect_said(&evidence, CHECK_LOG, "", 0);
    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.passed[CHECK_LOG], 1);
    assert_int_equal(evidence.passed[CHECK_COSIGNED], 1);
    assert_int_equal(evidence.passed[CHECK_OPENED], 6);
    assert_int_equal(evidence.passed[CHECK_INCLUDED], STORY_OPS - 1);
    assert_int_equal(evidence.ledger.logs_len, 1);
    assert_int_equal(evidence.ledger.logs[0].cosigned, 3);
    assert_int_equal(evidence.ledger.cosigned, STORY_OPS - 1);
    assert_int_equal(evidence.ledger.not_cosigned, 0);
    assert_int_equal(evidence.ledger.not_sealed, 1);
    expect_told(&evidence,
                "Sealed, and cosigned by another site: 10 records, which stood",
                "\"sealed\":{\"cosigned\":10,\"not_cosigned\":0,\"not_sealed\":1}");
    expect_told(&evidence, "青石镇", "\"other_site\":true,\"seals\":3,");
    evidence_deinit(&evidence);
}

static void a_file_without_seals_holds_and_says_so(void **state)
{
    (void)state;
    struct evidence evidence;
    struct buf none = {0};
    for (int i = 0; i < STORY_OPS; i++)
        (void)ledger_story_anew(&story.included[i]);

    ledger_story_check_logs(&story, &none, &evidence);

    assert_true(evidence_holds(&evidence));
    expect_told(&evidence, "No seals in this file", "\"logs\":[],");
    evidence_deinit(&evidence);
}

/* ---- bytes, and values ---- */

static bool is_ledger_failure(const struct evidence_failure *failure)
{
    return failure->check == CHECK_FORM || failure->check >= CHECK_LOG;
}

/* Row S1, I5: whatever is changed of a ledger is noticed, and only that is blamed. */
static void I5_a_flipped_byte_anywhere_in_a_ledger_is_named(void **state)
{
    (void)state;
    struct buf logs = {0};
    ledger_story_logs(&story, &logs);
    /* Each third byte: e2e.one_file changes others. */
    for (size_t at = 0; at < logs.len; at += 3) {
        struct evidence evidence;
        logs.data[at] ^= (uint8_t)(1 << at % 8);
        ledger_story_check_logs(&story, &logs, &evidence);
        logs.data[at] ^= (uint8_t)(1 << at % 8);
        /* Who cosigned may have another name: then he is nobody that we know. */
        if (evidence_holds(&evidence) &&
            (evidence.ledger.cosigned > 0 || evidence.ledger.logs[0].unknown != 1))
            fail_msg("byte %zu may be another", at);
        for (uint32_t i = 0; i < evidence.failures_len; i++)
            if (!is_ledger_failure(&evidence.failures[i]))
                fail_msg("byte %zu: %s", at, evidence.failures[i].reason);
        evidence_deinit(&evidence);
    }
    buf_deinit(&logs);
}

static void I5_a_flipped_byte_of_a_proof_is_named_with_its_record(void **state)
{
    (void)state;
    struct buf *included = &story.included[MAKER_RECEIVED];
    for (size_t at = 0; at < included->len; at++) {
        struct evidence evidence;
        included->data[at] ^= 1;
        ledger_story_check(&story, &evidence);
        included->data[at] ^= 1;
        /* Two openings may hold one record, at the same index. */
        if (evidence_holds(&evidence))
            fail_msg("byte %zu may be another", at);
        assert_int_equal(evidence_failed(&evidence), 1);
        assert_true(evidence.failures[0].check == CHECK_FORM ||
                    (evidence.failures[0].check == CHECK_INCLUDED &&
                     id_equal(&evidence.failures[0].op,
                              &maker_op(story.maker, MAKER_RECEIVED)->id)));
        evidence_deinit(&evidence);
    }
}

enum change { LEFT_OUT, DOUBLED, SWAPPED };

static void write_changed(enum change change, int piece, struct buf *logs)
{
    for (int i = 0; i < STORY_PIECES; i++) {
        int other = change != SWAPPED ? i
                    : i == piece      ? piece + 1
                    : i == piece + 1  ? piece
                                      : i;
        if (change == LEFT_OUT && i == piece)
            continue;
        buf_append(logs, &story.pieces[other]);
        if (change == DOUBLED && i == piece)
            buf_append(logs, &story.pieces[i]);
    }
}

static void nothing_of_a_log_can_be_left_out_doubled_or_moved(void **state)
{
    (void)state;
    for (enum change change = LEFT_OUT; change <= SWAPPED; change++)
        for (int i = 0; i < STORY_PIECES - (change == SWAPPED); i++) {
            struct evidence evidence;
            struct buf logs = {0};
            write_changed(change, i, &logs);
            ledger_story_check_logs(&story, &logs, &evidence);
            if (evidence_holds(&evidence))
                fail_msg("piece %d, change %d", i, (int)change);
            for (uint32_t n = 0; n < evidence.failures_len; n++)
                assert_true(is_ledger_failure(&evidence.failures[n]));
            evidence_deinit(&evidence);
            buf_deinit(&logs);
        }
}

/* ---- the log ---- */

static void a_log_that_says_other_numbers_is_named(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more += 2) {
        struct evidence evidence;
        ledger_maker_log(story.ledger, (uint64_t)(STORY_SEALS + more),
                         ledger_story_anew(&story.pieces[STORY_LOG]));

        ledger_story_check(&story, &evidence);

        expect_said(&evidence, CHECK_LOG,
                    more < 0 ? "says 2 seals and has 3" : "says 4 seals and has 3", 1);
        expect_said(&evidence, CHECK_LOG, "no checkpoint that holds is of all", 1);
        expect_said(&evidence, CHECK_LOG, "is of more seals than the log", more < 0);
        evidence_deinit(&evidence);
    }
}

static void write_named(const char *origin, uint64_t said, struct buf *out)
{
    pack_array(out, 3);
    pack_str(out, "log");
    pack_str(out, origin);
    pack_uint(out, said);
}

static void a_log_of_no_machine_is_passed_over(void **state)
{
    (void)state;
    static const char *const names[] = {"fengqiao/x", "",
                                        "fengqiao/fqk1/0100000000000000"};
    for (int i = 0; i < 3; i++) {
        write_named(names[i], 3, ledger_story_anew(&story.pieces[STORY_LOG]));
        expect_alone(CHECK_LOG, "a seal log has no proper name");
    }
    char changed[SEAL_ORIGIN_SIZE];
    memcpy(changed, ledger_maker_origin(story.ledger), sizeof(changed));
    changed[20] = changed[20] == 'a' ? 'b' : 'a';
    write_named(changed, 3, ledger_story_anew(&story.pieces[STORY_LOG]));
    expect_alone(CHECK_LOG, "a seal log has no proper name");
}

static void a_log_of_a_machine_of_nobody_is_named(void **state)
{
    (void)state;
    static const struct {
        enum maker_signer machine;
        const char *reason;
    } rows[] = {
        {STRANGER, "its machine is in no charter of the file"},
        {TOWNSHIP_NODE, "its machine is none of the site that the file is about"}};
    for (int i = 0; i < 2; i++) {
        struct evidence evidence;
        struct buf logs = {0};
        uint8_t seed[32];
        ledger_story_logs(&story, &logs);
        ledger_story_seed(seed, rows[i].machine);
        struct ledger_maker *other = ledger_maker_new(seed, 1);
        (void)ledger_maker_seal(other, 0, NULL);
        ledger_maker_whole(other, NULL, &logs);

        ledger_story_check_logs(&story, &logs, &evidence);

        expect_said(&evidence, CHECK_LOG, rows[i].reason, 1);
        assert_int_equal(evidence_failed(&evidence), 1);
        assert_memory_equal(evidence.failures[0].author, evidence.ledger.logs[1].key, 32);
        assert_int_equal(evidence.passed[CHECK_LOG], 1);
        expect_told(&evidence, i == 0 ? "in no charter" : "青石镇", "\"cosigned\":0,");
        evidence_deinit(&evidence);
        buf_deinit(&logs);
        ledger_maker_free(other);
    }
}

/* A machine that was restored begins another log, which goes on from the former one. */
static void logs_of_two_lives_stand_in_their_order(void **state)
{
    (void)state;
    uint8_t seed[32];
    struct buf first = {0}, second = {0};
    ledger_story_seed(seed, VILLAGE_NODE);
    struct ledger_maker *next = ledger_maker_new(seed, 2);
    (void)ledger_maker_seal(next, STORY_DUSK, story.ledger);
    ledger_maker_whole(next, NULL, &second);
    ledger_story_logs(&story, &first);
    for (int is_late = 0; is_late < 2; is_late++) {
        struct evidence evidence;
        struct buf logs = {0};
        buf_append(&logs, is_late ? &second : &first);
        buf_append(&logs, is_late ? &first : &second);

        ledger_story_check_logs(&story, &logs, &evidence);

        assert_int_equal(evidence_holds(&evidence), !is_late);
        expect_said(&evidence, CHECK_LOG, "stands behind the one that goes on from it",
                    (uint32_t)is_late);
        evidence_deinit(&evidence);
        buf_deinit(&logs);
    }
    buf_deinit(&first);
    buf_deinit(&second);
    ledger_maker_free(next);
}

static void a_log_stands_before_all_records(void **state)
{
    (void)state;
    struct evidence evidence;
    struct buf none = {0};
    for (int i = 0; i < STORY_OPS; i++)
        (void)ledger_story_anew(&story.included[i]);
    ledger_story_logs(&story, &story.included[MAKER_FOUND_VILLAGE]);

    ledger_story_check_logs(&story, &none, &evidence);

    expect_said(&evidence, CHECK_LOG, "a seal log stands behind records", 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    assert_int_equal(evidence.passed[CHECK_EFFECT], 7);
    evidence_deinit(&evidence);
}

/* ---- limits ---- */

static void U2_more_logs_seals_and_checkpoints_than_are_judged_are_named(void **state)
{
    (void)state;
    uint8_t seed[32];
    struct buf logs = {0};
    struct evidence evidence;
    ledger_story_seed(seed, VILLAGE_NODE);
    ledger_story_logs(&story, &logs);
    for (uint8_t i = 2; i < EVIDENCE_LOGS_MAX + 3; i++) {
        struct ledger_maker *more = ledger_maker_new(seed, i);
        (void)ledger_maker_seal(more, 0, NULL);
        ledger_maker_whole(more, NULL, &logs);
        ledger_maker_free(more);
    }
    ledger_story_check_logs(&story, &logs, &evidence);
    expect_said(&evidence, CHECK_LOG, "there are more seal logs than are judged", 2);
    assert_int_equal(evidence_failed(&evidence), 2);
    evidence_deinit(&evidence);
    buf_deinit(&logs);

    write_named(ledger_maker_origin(story.ledger), EVIDENCE_SEALS_MAX + 1,
                ledger_story_anew(&story.pieces[STORY_LOG]));
    expect_alone(CHECK_LOG, "a seal log has more seals than are judged");
}

static void U2_a_log_of_as_many_checkpoints_as_may_be(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        const uint32_t seals = EVIDENCE_CHECKPOINTS_MAX + more;
        uint8_t seed[32];
        struct buf logs = {0};
        struct evidence evidence;
        ledger_story_seed(seed, VILLAGE_NODE);
        struct ledger_maker *other = ledger_maker_new(seed, 9);
        for (uint32_t i = 0; i < seals; i++)
            (void)ledger_maker_seal(other, 0, NULL);
        ledger_maker_log(other, seals, &logs);
        for (uint32_t i = 1; i <= seals; i++)
            ledger_maker_checkpoint(other, i, NULL, &logs);
        for (uint32_t i = 0; i < seals; i++)
            ledger_maker_leaf(other, i, &logs);
        for (int i = 0; i < STORY_OPS; i++)
            (void)ledger_story_anew(&story.included[i]);

        ledger_story_check_logs(&story, &logs, &evidence);

        assert_int_equal(evidence_holds(&evidence), more == 0);
        expect_said(&evidence, CHECK_LOG, "there are more checkpoints than the 64", more);
        evidence_deinit(&evidence);
        buf_deinit(&logs);
        ledger_maker_free(other);
    }
}

/* ---- checkpoints ---- */

static void write_checkpoint(const char *origin, enum maker_signer signer, uint64_t size,
                             uint8_t changed)
{
    uint8_t seed[32];
    struct buf note = {0};
    struct merkle_hash root = {{changed}};
    ledger_story_seed(seed, signer);
    ledger_sign(seed, origin, size, &root, NULL, &note);
    ledger_write_note("checkpoint", buf_bytes(&note),
                      ledger_story_anew(&story.pieces[STORY_CHECKPOINT]));
    buf_deinit(&note);
}

static void a_checkpoint_that_is_not_of_the_log_is_named(void **state)
{
    (void)state;
    const char *origin = ledger_maker_origin(story.ledger);
    static const struct {
        const char *origin; /* NULL: the log's */
        enum maker_signer signer;
        uint64_t size;
        const char *reason;
    } rows[] = {
        {"other", VILLAGE_NODE, 3, "a checkpoint is of another log"},
        {NULL, STRANGER, 3, "a checkpoint is not signed by the machine"},
        {NULL, VILLAGE_NODE, 4, "a checkpoint is of more seals than the log"},
        {NULL, VILLAGE_NODE, 3, "its first 3 seals have another root than their"},
    };
    for (int i = 0; i < 4; i++) {
        struct evidence evidence;
        write_checkpoint(rows[i].origin ? rows[i].origin : origin, rows[i].signer,
                         rows[i].size, 7);
        ledger_story_check(&story, &evidence);
        expect_said(&evidence, CHECK_LOG, rows[i].reason, 1);
        assert_int_equal(evidence_failed(&evidence), i == 3 ? 1 : 2);
        /* What is under it is told as nobody's word but the machine's own. */
        assert_int_equal(evidence.ledger.cosigned, 0);
        assert_int_equal(evidence.ledger.not_cosigned, STORY_OPS - 1);
        evidence_deinit(&evidence);
    }
    ledger_write_note("checkpoint", bytes_str("no note\n"),
                      ledger_story_anew(&story.pieces[STORY_CHECKPOINT]));
    struct evidence evidence;
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, CHECK_LOG, "note: no empty line", 1);
    evidence_deinit(&evidence);
}

static void checkpoints_ascend_and_stand_before_seals(void **state)
{
    (void)state;
    struct buf *piece = &story.pieces[STORY_CHECKPOINT];
    uint8_t witness[32];
    ledger_story_seed(witness, TOWNSHIP_NODE);
    struct evidence evidence;
    ledger_maker_checkpoint(story.ledger, 2, witness, ledger_story_anew(piece));
    ledger_maker_checkpoint(story.ledger, 3, NULL, piece);
    ledger_story_check(&story, &evidence);
    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.ledger.logs[0].cosigned, 2);
    assert_int_equal(evidence.ledger.cosigned, MAKER_ESCALATE + 1);
    assert_int_equal(evidence.ledger.not_cosigned, STORY_OPS - 1 - (MAKER_ESCALATE + 1));
    evidence_deinit(&evidence);

    ledger_maker_checkpoint(story.ledger, 1, NULL, piece);
    expect_alone(CHECK_LOG, "a checkpoint stands behind one of as many seals, or more");
    ledger_maker_checkpoint(story.ledger, 3, witness, ledger_story_anew(piece));
    ledger_maker_checkpoint(story.ledger, 2, NULL, &story.pieces[STORY_SEAL_1]);
    expect_alone(CHECK_LOG, "a checkpoint stands behind its seals");
}

/* ---- seals ---- */

static void a_seal_that_cannot_be_read_or_begins_nothing_is_named(void **state)
{
    (void)state;
    struct evidence evidence;
    uint8_t seed[32];
    ledger_write_note("seal", bytes_str("no leaf"),
                      ledger_story_anew(&story.pieces[STORY_SEAL_2]));
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, CHECK_LOG, "seal 2 cannot be read: ", 1);
    expect_said(&evidence, CHECK_LOG, "have another root than their checkpoint", 1);
    assert_int_equal(evidence.passed[CHECK_OPENED], 4); /* the others are judged */
    evidence_deinit(&evidence);

    ledger_story_seed(seed, VILLAGE_NODE);
    struct ledger_maker *other = ledger_maker_new(seed, 5);
    struct buf logs = {0};
    struct merkle_hash root;
    struct buf leaf = {0}, note = {0};
    struct seal seal = {.kind = SEAL_DAY};
    seal_write(&seal, &leaf);
    merkle_leaf(&root, leaf.data, leaf.len);
    ledger_sign(seed, ledger_maker_origin(other), 1, &root, NULL, &note);
    ledger_maker_log(other, 1, &logs);
    ledger_write_note("checkpoint", buf_bytes(&note), &logs);
    ledger_write_note("seal", buf_bytes(&leaf), &logs);
    for (int i = 0; i < STORY_OPS; i++)
        (void)ledger_story_anew(&story.included[i]);
    ledger_story_check_logs(&story, &logs, &evidence);
    expect_said(&evidence, CHECK_LOG, "the first seal does not begin a log", 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    evidence_deinit(&evidence);
    buf_deinit(&leaf);
    buf_deinit(&note);
    buf_deinit(&logs);
    ledger_maker_free(other);
}

/* ---- witnesses ---- */

static void write_cosigned(enum maker_signer witness)
{
    uint8_t seed[32];
    ledger_story_seed(seed, witness);
    ledger_maker_checkpoint(story.ledger, 3, seed,
                            ledger_story_anew(&story.pieces[STORY_CHECKPOINT]));
}

static void only_a_machine_of_another_site_is_a_witness(void **state)
{
    (void)state;
    static const struct {
        enum maker_signer witness;
        const char *told;
    } rows[] = {{STRANGER, "… in no charter"}, {VILLAGE_NODE, "石桥村 (same site)"}};
    for (int i = 0; i < 2; i++) {
        struct evidence evidence;
        write_cosigned(rows[i].witness);
        ledger_story_check(&story, &evidence);
        assert_true(evidence_holds(&evidence));
        assert_int_equal(evidence.passed[CHECK_COSIGNED], 1);
        assert_int_equal(evidence.ledger.logs[0].cosigned, 0);
        assert_int_equal(evidence.ledger.not_cosigned, STORY_OPS - 1);
        expect_told(&evidence, rows[i].told, "\"other_site\":false");
        evidence_deinit(&evidence);
    }
}

static void add_line(struct buf *note, const char *name, enum note_type type,
                     const uint8_t *bytes)
{
    uint8_t id[NOTE_KEY_ID_SIZE], seed[32], key[32];
    ledger_story_seed(seed, TOWNSHIP_NODE);
    key_sign_public(key, seed);
    note_key_id(id, bytes_str(name), type, key);
    note_add_signature(note, bytes_str(name), id, bytes, NOTE_SIGNATURE_MAX);
}

static void a_cosignature_that_does_not_hold_is_named_and_others_are_counted(void **state)
{
    (void)state;
    uint8_t zeros[NOTE_SIGNATURE_MAX] = {0}, key[32], seed[32];
    char text[KEY_TEXT_SIZE], name[KEY_TEXT_SIZE + 16];
    struct buf note = {0};
    struct evidence evidence;
    ledger_story_seed(seed, TOWNSHIP_NODE);
    key_sign_public(key, seed);
    key_to_text(text, "fqk1", key);
    (void)snprintf(name, sizeof(name), "fengqiao/%s", text);
    ledger_maker_note(story.ledger, 3, NULL, &note);
    add_line(&note, "witness.example", NOTE_COSIGNATURE, zeros);
    add_line(&note, name, NOTE_ED25519, zeros); /* of another type than witnesses have */
    name[12] ^= 1;
    add_line(&note, name, NOTE_COSIGNATURE, zeros); /* no key has that text */
    name[12] ^= 1;
    ledger_write_note("checkpoint", buf_bytes(&note),
                      ledger_story_anew(&story.pieces[STORY_CHECKPOINT]));
    ledger_story_check(&story, &evidence);
    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.ledger.logs[0].unknown, 3);
    expect_told(&evidence, "3 signatures below checkpoints are of others",
                "\"unknown\":3,\"witnesses\":[]");
    expect_told(&evidence, "nobody", "\"cosigned\":0");
    evidence_deinit(&evidence);

    add_line(&note, name, NOTE_COSIGNATURE, zeros);
    add_line(&note, name, NOTE_COSIGNATURE, zeros); /* judged with the one above */
    ledger_write_note("checkpoint", buf_bytes(&note),
                      ledger_story_anew(&story.pieces[STORY_CHECKPOINT]));
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, CHECK_COSIGNED, text, 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    assert_int_equal(evidence.ledger.cosigned, 0);
    evidence_deinit(&evidence);
    buf_deinit(&note);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_sealed_file_holds_and_says_what_the_seals_show),
        A_TEST(a_file_without_seals_holds_and_says_so),
        A_TEST(I5_a_flipped_byte_anywhere_in_a_ledger_is_named),
        A_TEST(I5_a_flipped_byte_of_a_proof_is_named_with_its_record),
        A_TEST(nothing_of_a_log_can_be_left_out_doubled_or_moved),
        A_TEST(a_log_that_says_other_numbers_is_named),
        A_TEST(a_log_of_no_machine_is_passed_over),
        A_TEST(a_log_of_a_machine_of_nobody_is_named),
        A_TEST(logs_of_two_lives_stand_in_their_order),
        A_TEST(a_log_stands_before_all_records),
        A_TEST(U2_more_logs_seals_and_checkpoints_than_are_judged_are_named),
        A_TEST(U2_a_log_of_as_many_checkpoints_as_may_be),
        A_TEST(a_checkpoint_that_is_not_of_the_log_is_named),
        A_TEST(checkpoints_ascend_and_stand_before_seals),
        A_TEST(a_seal_that_cannot_be_read_or_begins_nothing_is_named),
        A_TEST(only_a_machine_of_another_site_is_a_witness),
        A_TEST(a_cosignature_that_does_not_hold_is_named_and_others_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
