/* What evidence opens of a ledger, and which records it proves to stand there; each way
 * in which it does not, and what is read behind damage. */
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
#include "proto/tlog_proof.h"
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

/* One failure, and this. */
static void expect_alone(enum evidence_check check, const char *reason)
{
    struct evidence evidence;
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, check, reason, 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    evidence_deinit(&evidence);
}

static void leave_out_proofs(void)
{
    for (int i = 0; i < STORY_OPS; i++)
        (void)ledger_story_anew(&story.included[i]);
}

/* ---- what is opened ---- */

#define NOT_SEALED "of the shared tree at seal 3 does not hold: it is not what was sealed"

static void what_was_not_sealed_is_not_opened(void **state)
{
    (void)state;
    struct buf *piece = &story.pieces[STORY_SHARED_3];
    struct ledger_opened opened;
    ledger_maker_opened(story.ledger, 1, MAKER_SHARED, 0, ledger_story_anew(piece));
    expect_alone(CHECK_OPENED, NOT_SEALED); /* of another seal */
    for (int is_root = 0; is_root < 2; is_root++) {
        ledger_opened_make(story.ledger, 2, MAKER_SHARED, 1, &opened);
        (is_root ? opened.root_salt : opened.size_salt)[5] ^= 1;
        ledger_opened_write(&opened, ledger_story_anew(piece));
        expect_alone(CHECK_OPENED, NOT_SEALED);
    }
}

/* A note of the second tree at seal 3, with what is wanted. */
static void write_note(const char *origin, const char *tree, const char *extension,
                       enum maker_signer signer)
{
    struct ledger_opened opened;
    struct buf text = {0};
    struct sign_pair pair;
    struct note note;
    uint8_t seed[32];
    char name[200];
    ledger_opened_make(story.ledger, 2, MAKER_SHARED, 1, &opened);
    assert_int_equal(note_read(&note, buf_bytes(&opened.note), NULL), STATUS_OK);
    const uint8_t *second = memchr(note.text.data, '\n', note.text.len);
    (void)snprintf(name, sizeof(name), "%s/%s", origin, tree);
    buf_add(&text, name, strlen(name));
    buf_add(&text, second, (size_t)(note.text.data + note.text.len - second));
    buf_add(&text, extension, strlen(extension));
    buf_clear(&opened.note);
    ledger_story_seed(seed, signer);
    sign_pair_init(&pair, seed);
    note_add_text(&opened.note, buf_bytes(&text));
    note_sign(&opened.note, &pair, bytes_str(name), buf_bytes(&text));
    ledger_opened_write(&opened, ledger_story_anew(&story.pieces[STORY_SHARED_3]));
    buf_deinit(&text);
}

static void what_is_opened_has_a_plain_checkpoint_of_that_tree(void **state)
{
    (void)state;
    const char *origin = ledger_maker_origin(story.ledger);
    struct ledger_opened opened;
    struct evidence evidence;
    write_note(origin, "shared", "", VILLAGE_NODE);
    ledger_story_check(&story, &evidence);
    assert_true(evidence_holds(&evidence));
    evidence_deinit(&evidence);
    write_note(origin, "private", "", VILLAGE_NODE);
    expect_alone(CHECK_OPENED, "its note is no plain checkpoint of that tree");
    write_note("another", "shared", "", VILLAGE_NODE);
    expect_alone(CHECK_OPENED, "its note is no plain checkpoint of that tree");
    write_note(origin, "shared", "more\n", VILLAGE_NODE);
    expect_alone(CHECK_OPENED, "its note is no plain checkpoint of that tree");
    write_note(origin, "shared", "", STRANGER);
    expect_alone(CHECK_OPENED, "its note is not signed by the machine");
    ledger_opened_make(story.ledger, 2, MAKER_SHARED, 1, &opened);
    opened.note.len--;
    ledger_opened_write(&opened, ledger_story_anew(&story.pieces[STORY_SHARED_3]));
    expect_alone(CHECK_OPENED, "does not hold: note: ");
}

static void a_tree_that_was_rewritten_between_two_seals_is_named(void **state)
{
    (void)state;
    uint8_t seed[32];
    struct buf logs = {0};
    struct evidence evidence;
    ledger_story_seed(seed, VILLAGE_NODE);
    struct ledger_maker *other = ledger_maker_new(seed, 3);
    for (uint32_t i = 0; i < 3; i++)
        (void)ledger_maker_hold(other, MAKER_SHARED, &maker_op(story.maker, i)->id);
    (void)ledger_maker_seal(other, 0, NULL);
    ledger_maker_rewrite(other, MAKER_SHARED, 1, &maker_op(story.maker, 5)->id);
    (void)ledger_maker_hold(other, MAKER_SHARED, &maker_op(story.maker, 6)->id);
    (void)ledger_maker_seal(other, 0, NULL);
    ledger_maker_whole(other, NULL, &logs);
    leave_out_proofs();

    ledger_story_check_logs(&story, &logs, &evidence);

    expect_said(&evidence, CHECK_OPENED,
                "of the shared tree at seal 2 does not hold: it does not go on from", 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    assert_memory_equal(evidence.failures[0].author, evidence.ledger.logs[0].key, 32);
    evidence_deinit(&evidence);
    buf_deinit(&logs);
    ledger_maker_free(other);
}

static void a_proof_that_is_longer_or_shorter_does_not_hold(void **state)
{
    (void)state;
    for (int more = -1; more <= 1; more += 2) {
        struct ledger_opened opened;
        ledger_opened_make(story.ledger, 2, MAKER_SHARED, 1, &opened);
        assert_true(opened.proof_len > 1);
        opened.proof_len += (size_t)more;
        ledger_opened_write(&opened, ledger_story_anew(&story.pieces[STORY_SHARED_3]));
        expect_alone(CHECK_OPENED, "it does not go on from what was opened before");
    }
    struct ledger_opened opened;
    ledger_opened_make(story.ledger, 2, MAKER_SHARED, 1, &opened);
    opened.proof_len = TLOG_HASHES_MAX + 1;
    ledger_opened_write(&opened, ledger_story_anew(&story.pieces[STORY_SHARED_3]));
    expect_alone(CHECK_FORM, "what is said of a ledger is damaged");
}

/* What is opened next cannot be judged by it, and is no failure by that. */
static void one_opening_that_fails_is_one_failure(void **state)
{
    (void)state;
    struct ledger_opened opened;
    struct evidence evidence;
    ledger_opened_make(story.ledger, 1, MAKER_SHARED, 0, &opened);
    opened.size_salt[0] ^= 1;
    ledger_opened_write(&opened, ledger_story_anew(&story.pieces[STORY_SHARED_2]));

    ledger_story_check(&story, &evidence);

    assert_int_equal(evidence_failed(&evidence), 1);
    assert_int_equal(evidence.failed[CHECK_OPENED], 1);
    assert_int_equal(evidence.passed[CHECK_OPENED], 5);
    assert_int_equal(evidence.passed[CHECK_INCLUDED],
                     STORY_OPS - 1 - (MAKER_ESCALATE + 1));
    assert_int_equal(evidence.ledger.not_sealed, 1);
    evidence_deinit(&evidence);
}

static void what_is_opened_stands_behind_its_seal_once(void **state)
{
    (void)state;
    struct evidence evidence;
    struct buf none = {0};
    leave_out_proofs();
    ledger_maker_opened(story.ledger, 2, MAKER_SHARED, 1, &story.pieces[STORY_SHARED_3]);
    expect_alone(CHECK_OPENED, "of one seal something is opened twice, or out of order");
    ledger_maker_opened(story.ledger, 0, MAKER_SHARED, LEDGER_NONE,
                        &story.included[MAKER_ADVISE]);
    ledger_story_check_logs(&story, &none, &evidence);
    expect_said(&evidence, CHECK_OPENED, "what is opened stands behind no seal", 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    evidence_deinit(&evidence);
}

static void U2_more_openings_than_are_judged_are_named(void **state)
{
    (void)state;
    const uint32_t seals = EVIDENCE_OPENED_MAX / 2 + 1;
    uint8_t seed[32];
    struct buf logs = {0};
    struct evidence evidence;
    ledger_story_seed(seed, VILLAGE_NODE);
    struct ledger_maker *other = ledger_maker_new(seed, 3);
    for (uint32_t i = 0; i < seals; i++)
        (void)ledger_maker_seal(other, 0, NULL);
    ledger_maker_whole(other, NULL, &logs);
    leave_out_proofs();

    ledger_story_check_logs(&story, &logs, &evidence);

    expect_said(&evidence, CHECK_OPENED, "more is opened than the 16384 values", 2);
    assert_int_equal(evidence_failed(&evidence), 2);
    assert_int_equal(evidence.passed[CHECK_OPENED], EVIDENCE_OPENED_MAX);
    evidence_deinit(&evidence);
    buf_deinit(&logs);
    ledger_maker_free(other);
}

/* ---- records ---- */

static void a_record_stands_where_it_says_or_is_named(void **state)
{
    (void)state;
    struct buf *included = &story.included[MAKER_RECEIVED];
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    uint64_t index = story.index[MAKER_RECEIVED];
    size_t len = ledger_maker_inclusion(story.ledger, 2, MAKER_SHARED, index, proof);
    const struct {
        uint64_t opened, index;
        size_t len;
        const char *reason;
    } rows[] = {
        {5, index + 1, len,
         "the shared tree under seal 3 of log 0100000000000000 does "
         "not have it at 6"},
        {5, 99, len, "does not have it at 99"},
        {3, index, len, "the shared tree under seal 2"},
        {4, index, len, "the private tree under seal 3"},
        {5, index, len - 1, "does not have it at 5"},
        {5, index, len + 1, "does not have it at 5"},
        {6, index, len, "it names an opening that the file does not have"},
        {UINT64_MAX, index, len, "it names an opening that the file does not have"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct evidence evidence;
        const struct op *op = maker_op(story.maker, MAKER_RECEIVED);
        ledger_write_included(rows[i].opened, rows[i].index, proof, rows[i].len,
                              ledger_story_anew(included));
        ledger_story_check(&story, &evidence);
        expect_said(&evidence, CHECK_INCLUDED, rows[i].reason, 1);
        assert_int_equal(evidence_failed(&evidence), 1);
        assert_true(id_equal(&evidence.failures[0].op, &op->id));
        assert_memory_equal(evidence.failures[0].author, op->author, 32);
        assert_string_equal(evidence.failures[0].kind, "received");
        evidence_deinit(&evidence);
    }
    ledger_write_included(5, index, proof, TLOG_HASHES_MAX + 1,
                          ledger_story_anew(included));
    expect_alone(CHECK_FORM, "what is said of a ledger is damaged");
}

static void a_proof_stands_behind_its_record_once(void **state)
{
    (void)state;
    struct buf twice = {0};
    buf_append(&twice, &story.included[MAKER_RECEIVED]);
    buf_append(&story.included[MAKER_RECEIVED], &twice);
    expect_alone(CHECK_INCLUDED, "stands behind no record, or is its second one");
    ledger_story_anew(&story.included[MAKER_RECEIVED]);
    buf_append(&story.pieces[STORY_SHARED_3], &twice);
    expect_alone(CHECK_INCLUDED, "stands behind no record, or is its second one");
    buf_deinit(&twice);
}

/* Nor is it judged where the record fails: that is the failure. */
static void of_a_record_that_fails_nothing_is_asked(void **state)
{
    (void)state;
    struct evidence evidence;
    struct buf logs = {0}, file = {0};
    ledger_story_logs(&story, &logs);
    ledger_story_file(&story, &logs, &file);
    const struct op *op = maker_op(story.maker, STORY_LATE - 1); /* a head, nearly */
    uint8_t *at = memmem(file.data, file.len, op->signature, 64);
    assert_non_null(at);
    at[3] ^= 1;
    FILE *in = fmemopen(file.data, file.len, "r");
    assert_non_null(in);
    evidence = (struct evidence){0};
    assert_int_equal(
        evidence_check_stream(
            &evidence, in, &maker_op(story.maker, MAKER_FOUND_TOWNSHIP)->id, NULL, NULL),
        STATUS_OK);
    (void)fclose(in); /* it was only read */
    assert_int_equal(evidence.failed[CHECK_INCLUDED], 0);
    assert_int_equal(evidence.passed[CHECK_INCLUDED], STORY_OPS - 2);
    assert_int_equal(evidence.ledger.not_sealed, 1);
    evidence_deinit(&evidence);
    buf_deinit(&logs);
    buf_deinit(&file);
}

/* ---- damage ---- */

/* Each is one failure, and all that can be judged behind it is judged. */
static void I5_damage_to_one_value_of_a_ledger_is_one_failure(void **state)
{
    (void)state;
    static const struct {
        int piece;
        uint64_t logs, opened, included;
    } rows[] = {
        {STORY_LOG, 0, 0, 0},
        {STORY_CHECKPOINT, 0, 6, STORY_OPS - 1},
        {STORY_SEAL_2, 0, 4, STORY_OPS - 1 - (MAKER_ESCALATE + 1)},
        {STORY_SHARED_2, 0, 5, STORY_OPS - 1 - (MAKER_ESCALATE + 1)},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct evidence evidence;
        story.pieces[rows[i].piece].data[1] ^= 0x40;
        ledger_story_check(&story, &evidence);
        story.pieces[rows[i].piece].data[1] ^= 0x40;
        expect_said(&evidence, CHECK_FORM, "what is said of a ledger is damaged", 1);
        assert_int_equal(evidence_failed(&evidence), 1);
        assert_int_equal(evidence.passed[CHECK_LOG], rows[i].logs);
        assert_int_equal(evidence.passed[CHECK_OPENED], rows[i].opened);
        assert_int_equal(evidence.passed[CHECK_INCLUDED], rows[i].included);
        assert_int_equal(evidence.records, STORY_OPS);
        assert_int_equal(evidence.ledger.not_sealed, 1);
        evidence_deinit(&evidence);
    }
    story.included[MAKER_RECEIVED].data[1] ^= 0x40;
    expect_alone(CHECK_FORM, "what is said of a ledger is damaged");
}

/* Nobody can say what stood there: what follows is not blamed. */
static void behind_what_nobody_can_read_a_proof_is_passed_over(void **state)
{
    (void)state;
    struct evidence evidence;
    struct buf twice = {0};
    buf_append(&twice, &story.included[MAKER_RECEIVED]);
    buf_add_u8(&story.included[MAKER_RECEIVED], 0xc1);
    buf_append(&story.included[MAKER_RECEIVED], &twice);
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, CHECK_FORM, "what stands between the records is damaged", 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    assert_int_equal(evidence.ledger.not_sealed, 1);
    evidence_deinit(&evidence);
    buf_deinit(&twice);
}

/* ---- what claims an earlier day ---- */

static void a_record_of_the_site_that_claims_an_earlier_day_is_told(void **state)
{
    (void)state;
    const uint64_t said = 1790000000 + STORY_CASE;
    const struct {
        uint64_t quality, sealed;
        uint32_t told;
    } rows[] = {
        {1, said + 86401, 1}, {1, said + 86400, 0}, {0, said + 86401, 0}, {3, 5, 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct evidence evidence;
        ledger_story_deinit(&story);
        ledger_story_init_at(&story, rows[i].quality, rows[i].sealed);
        ledger_story_check(&story, &evidence);
        assert_true(evidence_holds(&evidence)); /* a clock proves nothing */
        assert_int_equal(evidence.ledger.earlier_len, rows[i].told);
        if (rows[i].told) {
            char *text = NULL;
            size_t len;
            FILE *out = open_memstream(&text, &len);
            assert_non_null(out);
            verdict_print(out, &evidence);
            verdict_print_json(out, &evidence);
            assert_int_equal(fclose(out), 0);
            assert_true(id_equal(&evidence.ledger.earlier[0].op,
                                 &maker_op(story.maker, STORY_CASE)->id));
            assert_non_null(strstr(text, "1 records claim an earlier day than the"));
            assert_non_null(
                strstr(text, "seal 2 of log 0100000000000000, of 2026-09-22"));
            assert_non_null(strstr(text, "\"earlier\":[{\"author\":\"fqk1"));
            free(text);
        }
        evidence_deinit(&evidence);
    }
}

/* ---- proofs for others ---- */

struct taken {
    uint32_t len;
    enum status says;
};

static enum status take(void *context, const struct id *op, struct bytes bytes,
                        struct err *err)
{
    struct taken *taken = context;
    struct tlog_proof proof;
    struct merkle_hash leaf;
    struct note_key key;
    uint8_t machine[32], seed[32];
    (void)err;
    ledger_story_seed(seed, VILLAGE_NODE);
    key_sign_public(machine, seed);
    assert_int_equal(tlog_proof_read(&proof, bytes, NULL), STATUS_OK);
    merkle_leaf(&leaf, op->bytes, ID_SIZE);
    assert_true(tlog_proof_holds(&proof, &leaf));
    note_key_init(&key, proof.checkpoint.origin, NOTE_ED25519, machine);
    assert_int_equal(note_verify(&proof.note, &key, NULL), STATUS_OK);
    taken->len++;
    return taken->says;
}

static void each_record_that_stands_in_a_tree_has_a_proof_for_others(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct taken taken = {.says = i == 0 ? STATUS_OK : STATUS_FULL};
        struct evidence_proofs proofs = {take, &taken};
        struct evidence evidence = {.proofs = &proofs};
        struct buf logs = {0}, file = {0};
        struct err err = {0};
        ledger_story_logs(&story, &logs);
        ledger_story_file(&story, &logs, &file);
        FILE *in = fmemopen(file.data, file.len, "r");
        assert_non_null(in);
        assert_int_equal(
            evidence_check_stream(&evidence, in,
                                  &maker_op(story.maker, MAKER_FOUND_TOWNSHIP)->id, NULL,
                                  &err),
            taken.says);
        (void)fclose(in); /* it was only read */
        assert_int_equal(taken.len, i == 0 ? STORY_OPS - 1 : 1);
        evidence_deinit(&evidence);
        buf_deinit(&logs);
        buf_deinit(&file);
    }
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(what_was_not_sealed_is_not_opened),
        A_TEST(what_is_opened_has_a_plain_checkpoint_of_that_tree),
        A_TEST(a_tree_that_was_rewritten_between_two_seals_is_named),
        A_TEST(a_proof_that_is_longer_or_shorter_does_not_hold),
        A_TEST(one_opening_that_fails_is_one_failure),
        A_TEST(what_is_opened_stands_behind_its_seal_once),
        A_TEST(U2_more_openings_than_are_judged_are_named),
        A_TEST(a_record_stands_where_it_says_or_is_named),
        A_TEST(a_proof_stands_behind_its_record_once),
        A_TEST(of_a_record_that_fails_nothing_is_asked),
        A_TEST(I5_damage_to_one_value_of_a_ledger_is_one_failure),
        A_TEST(behind_what_nobody_can_read_a_proof_is_passed_over),
        A_TEST(a_record_of_the_site_that_claims_an_earlier_day_is_told),
        A_TEST(each_record_that_stands_in_a_tree_has_a_proof_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
