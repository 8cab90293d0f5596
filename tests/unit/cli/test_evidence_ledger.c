/* What is said of ledgers when a file is read, of whose machines they are and who saw
 * them; values that have no proper form; limits of what is told. */
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

/* ---- a file about one escalation, which stands under a seal ---- */

#define OPS 32

struct house {
    struct maker *maker;
    struct buf logs, included[OPS];
};

static void open_house(struct house *house)
{
    const struct maker_wish wish = {.quality = WALL_RTC};
    *house = (struct house){.maker = maker_new(&wish)};
}

/* The machine's log: one seal with nothing in the tree, where it is asked for, and one
 * behind the escalation, which the township cosigned. */
static void seal(struct house *house, uint8_t machine, bool has_empty, uint64_t wall)
{
    uint8_t seed[32], witness[32];
    uint32_t number = 0;
    memset(seed, machine, sizeof(seed));
    ledger_story_seed(witness, TOWNSHIP_NODE);
    struct ledger_maker *ledger = ledger_maker_new(seed, 1);
    if (has_empty)
        (void)ledger_maker_seal(ledger, wall, NULL);
    (void)ledger_maker_hold(ledger, MAKER_SHARED,
                            &maker_op(house->maker, MAKER_ESCALATE)->id);
    number = ledger_maker_seal(ledger, wall, NULL);
    ledger_maker_whole(ledger, witness, &house->logs);
    ledger_maker_included(ledger, number, MAKER_SHARED, 0, 2 * number + MAKER_SHARED,
                          &house->included[MAKER_ESCALATE]);
    ledger_maker_free(ledger);
}

static void check(const struct house *house, const char *about, struct evidence *evidence)
{
    struct maker_file_wish wish = MAKER_WHOLE;
    struct buf file = {0};
    wish.about = about;
    wish.head = strcmp(about, "period") == 0 ? MAKER_FOUND_VILLAGE : MAKER_ESCALATE;
    wish.logs = &house->logs;
    wish.included = house->included;
    maker_file(house->maker, &wish, &file, NULL);
    assert_int_equal(check_bytes(evidence, buf_bytes(&file),
                                 &maker_op(house->maker, MAKER_FOUND_TOWNSHIP)->id),
                     STATUS_OK);
    buf_deinit(&file);
}

static void close_house(struct house *house)
{
    for (int i = 0; i < OPS; i++)
        buf_deinit(&house->included[i]);
    buf_deinit(&house->logs);
    maker_free(house->maker);
}

static void a_machine_is_told_by_its_own_name(void **state)
{
    (void)state;
    static const char *const abouts[] = {"escalation", "period"};
    const struct id noise = {{9}};
    for (int i = 0; i < 2; i++) {
        struct house house;
        struct evidence evidence;
        open_house(&house);
        const struct maker_say say = {.kind = "node",
                                      .signer = VILLAGE_STEWARD,
                                      .parent = MAKER_LINK_VILLAGE,
                                      .beside = MAKER_NONE,
                                      .authority = MAKER_LINK_VILLAGE,
                                      .scope = MAKER_NONE,
                                      .fields = {{.name = "key", .key = SECOND_NODE},
                                                 {.name = "noise-key", .id = &noise},
                                                 {.name = "name", .text = "二号机"}}};
        (void)maker_add(house.maker, &say);
        seal(&house, SECOND_NODE, false, STORY_DUSK);

        check(&house, abouts[i], &evidence);

        expect_said(&evidence, CHECK_LOG, "", 0);
        assert_true(evidence_holds(&evidence));
        assert_int_equal(evidence.ledger.cosigned, 1);
        assert_int_equal(evidence.ledger.earlier_len, 0);
        expect_told(&evidence, "二号机, 石桥村", "\"other_site\":true");
        evidence_deinit(&evidence);
        close_house(&house);
    }
}

static void of_a_machine_of_nobody_no_record_is_too_early(void **state)
{
    (void)state;
    struct house house;
    struct evidence evidence;
    open_house(&house);
    seal(&house, STRANGER, true, STORY_DUSK);

    check(&house, "escalation", &evidence);

    expect_said(&evidence, CHECK_LOG, "its machine is in no charter of the file", 1);
    assert_int_equal(evidence.ledger.cosigned, 0); /* who would be another site? */
    assert_int_equal(evidence.ledger.not_cosigned, 1);
    assert_int_equal(evidence.ledger.earlier_len, 0);
    evidence_deinit(&evidence);
    close_house(&house);
}

static void a_site_that_is_not_rightly_founded_has_no_machine(void **state)
{
    (void)state;
    struct house house;
    struct evidence evidence;
    open_house(&house);
    (void)maker_add_site(house.maker, 0, "无名", STRANGER);
    seal(&house, STRANGER + 1, false, STORY_DUSK);

    check(&house, "escalation", &evidence);

    assert_int_equal(evidence.failed[CHECK_CHARTER], 1);
    expect_said(&evidence, CHECK_LOG, "its machine is in no charter of the file", 1);
    evidence_deinit(&evidence);
    close_house(&house);
}

/* ---- the story ---- */

static struct ledger_story story;

static int begin(void **state)
{
    (void)state;
    ledger_story_init_at(&story, WALL_RTC, STORY_DUSK);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    ledger_story_deinit(&story);
    return 0;
}

/* One failure, and this. */
static void expect_damaged(void)
{
    struct evidence evidence;
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, CHECK_FORM, "what is said of a ledger is damaged", 1);
    assert_int_equal(evidence_failed(&evidence), 1);
    evidence_deinit(&evidence);
}

static void cosign(struct buf *note, enum maker_signer signer, struct bytes text)
{
    char key[KEY_TEXT_SIZE], name[KEY_TEXT_SIZE + 16];
    struct sign_pair pair;
    uint8_t seed[32];
    ledger_story_seed(seed, signer);
    sign_pair_init(&pair, seed);
    key_to_text(key, "fqk1", sign_pair_key(&pair));
    (void)snprintf(name, sizeof(name), "fengqiao/%s", key);
    note_cosign(note, &pair, bytes_str(name), 1, text);
}

/* The newest checkpoint of each, in the order in which they came. */
static void each_witness_is_told_with_what_it_saw(void **state)
{
    (void)state;
    struct buf *piece = ledger_story_anew(&story.pieces[STORY_CHECKPOINT]);
    struct evidence evidence;
    for (uint32_t size = 1; size <= STORY_SEALS; size++) {
        struct buf bytes = {0};
        struct note note;
        ledger_maker_note(story.ledger, size, NULL, &bytes);
        assert_int_equal(note_read(&note, buf_bytes(&bytes), NULL), STATUS_OK);
        struct buf text = {0};
        buf_add(&text, note.text.data, note.text.len);
        cosign(&bytes, TOWNSHIP_NODE, buf_bytes(&text));
        if (size < STORY_SEALS)
            cosign(&bytes, STRANGER, buf_bytes(&text));
        ledger_write_note("checkpoint", buf_bytes(&bytes), piece);
        buf_deinit(&bytes);
        buf_deinit(&text);
    }

    ledger_story_check(&story, &evidence);

    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.passed[CHECK_COSIGNED], 5);
    assert_int_equal(evidence.ledger.logs[0].witnesses_len, 2);
    assert_int_equal(evidence.ledger.logs[0].witnesses[0].size, 3);
    assert_int_equal(evidence.ledger.logs[0].witnesses[1].size, 2);
    assert_int_equal(evidence.ledger.logs[0].cosigned, 3);
    expect_told(&evidence, "… in no charter", ",\"time\":1},{\"key\":\"fqk1");
    evidence_deinit(&evidence);
}

/* Whoever else signed it does not matter here. */
static void the_note_of_an_opening_may_have_more_signatures(void **state)
{
    (void)state;
    struct ledger_opened opened;
    struct note note;
    struct evidence evidence;
    struct buf text = {0};
    uint8_t zeros[NOTE_SIGNATURE_MAX] = {0}, id[NOTE_KEY_ID_SIZE] = {1};
    char name[SEAL_ORIGIN_SIZE + 8];
    (void)snprintf(name, sizeof(name), "%s/shared", ledger_maker_origin(story.ledger));
    ledger_opened_make(story.ledger, 2, MAKER_SHARED, 1, &opened);
    assert_int_equal(note_read(&note, buf_bytes(&opened.note), NULL), STATUS_OK);
    buf_add(&text, note.text.data, note.text.len);
    cosign(&opened.note, TOWNSHIP_NODE, buf_bytes(&text));
    note_add_signature(&opened.note, bytes_str(name), id, zeros, sizeof(zeros));
    ledger_opened_write(&opened, ledger_story_anew(&story.pieces[STORY_SHARED_3]));

    ledger_story_check(&story, &evidence);

    assert_true(evidence_holds(&evidence));
    evidence_deinit(&evidence);
    buf_deinit(&text);
}

/* It may be shown under any seal that has it, and the day that counts is the same. */
static void a_record_may_stand_under_a_later_seal(void **state)
{
    (void)state;
    struct evidence evidence;
    ledger_maker_included(story.ledger, 2, MAKER_SHARED, 0, 5,
                          ledger_story_anew(&story.included[0]));

    ledger_story_check(&story, &evidence);

    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.ledger.earlier_len, 1); /* the case, as before */
    evidence_deinit(&evidence);
}

static void two_that_claim_an_earlier_day_are_told_each(void **state)
{
    (void)state;
    struct evidence evidence;
    const struct maker_say say = {.kind = "confirm",
                                  .signer = VILLAGE_STEWARD,
                                  .parent = MAKER_ESCALATE,
                                  .beside = MAKER_NONE,
                                  .authority = MAKER_LINK_VILLAGE,
                                  .scope = MAKER_NONE};
    struct house house;
    open_house(&house);
    uint32_t confirm = maker_add(house.maker, &say);
    uint8_t seed[32];
    ledger_story_seed(seed, VILLAGE_NODE);
    struct ledger_maker *ledger = ledger_maker_new(seed, 1);
    (void)ledger_maker_seal(ledger, STORY_DUSK, NULL);
    (void)ledger_maker_hold(ledger, MAKER_SHARED,
                            &maker_op(house.maker, MAKER_ESCALATE)->id);
    (void)ledger_maker_hold(ledger, MAKER_SHARED, &maker_op(house.maker, confirm)->id);
    (void)ledger_maker_seal(ledger, STORY_DUSK, NULL);
    ledger_maker_whole(ledger, NULL, &house.logs);
    ledger_maker_included(ledger, 1, MAKER_SHARED, 0, 3, &house.included[MAKER_ESCALATE]);
    ledger_maker_included(ledger, 1, MAKER_SHARED, 1, 3, &house.included[confirm]);

    check(&house, "period", &evidence);

    assert_int_equal(evidence.ledger.earlier_len, 2);
    expect_told(&evidence, "2 records claim an earlier day", "},{\"author\":\"fqk1");
    evidence_deinit(&evidence);
    ledger_maker_free(ledger);
    close_house(&house);
}

static void earlier_days_beyond_what_is_told_are_counted(void **state)
{
    (void)state;
    const struct maker_wish wish = {.advices = EVIDENCE_EARLIER_TOLD + 1,
                                    .quality = WALL_RTC};
    struct maker *maker = maker_new(&wish);
    uint32_t len = maker_ops_len(maker);
    struct maker_file_wish file_wish = MAKER_WHOLE;
    struct buf *included = calloc(len, sizeof(*included)), file = {0}, logs = {0};
    struct evidence evidence;
    uint8_t seed[32];
    assert_non_null(included);
    ledger_story_seed(seed, TOWNSHIP_NODE);
    struct ledger_maker *ledger = ledger_maker_new(seed, 1);
    (void)ledger_maker_seal(ledger, 2 * (uint64_t)STORY_DUSK, NULL);
    for (uint32_t i = MAKER_ADVISE; i < len; i++)
        (void)ledger_maker_hold(ledger, MAKER_SHARED, &maker_op(maker, i)->id);
    (void)ledger_maker_seal(ledger, 2 * (uint64_t)STORY_DUSK, NULL);
    ledger_maker_whole(ledger, NULL, &logs);
    for (uint32_t i = MAKER_ADVISE; i < len; i++)
        ledger_maker_included(ledger, 1, MAKER_SHARED, i - MAKER_ADVISE, 3, &included[i]);
    file_wish.logs = &logs;
    file_wish.included = included;
    maker_file(maker, &file_wish, &file, NULL);

    assert_int_equal(check_bytes(&evidence, buf_bytes(&file),
                                 &maker_op(maker, MAKER_FOUND_TOWNSHIP)->id),
                     STATUS_OK);

    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.ledger.earlier_len, EVIDENCE_EARLIER_TOLD);
    expect_told(&evidence, "… and up to 1 more, which are counted alone.",
                "\"earlier_untold\":1,");
    evidence_deinit(&evidence);
    for (uint32_t i = 0; i < len; i++)
        buf_deinit(&included[i]);
    free(included);
    buf_deinit(&logs);
    buf_deinit(&file);
    ledger_maker_free(ledger);
    maker_free(maker);
}

/* ---- values without a proper form ---- */

static void write_start(const char *word, uint32_t parts, struct buf *out)
{
    pack_array(ledger_story_anew(out), parts);
    pack_str(out, word);
}

static void U2_values_that_are_too_long_are_damage(void **state)
{
    (void)state;
    static uint8_t much[NOTE_SIZE_MAX + 1];
    static char name[NOTE_NAME_MAX + 2];
    memset(name, 'a', sizeof(name) - 1);
    struct buf *piece = &story.pieces[STORY_CHECKPOINT], whole = {0};
    buf_append(&whole, piece);
    write_start("checkpoint", 2, piece);
    pack_bin(piece, much, sizeof(much));
    expect_damaged();
    write_start("checkpoint", 2, piece);
    pack_str(piece, "no bytes");
    expect_damaged();
    buf_append(ledger_story_anew(piece), &whole);
    buf_deinit(&whole);
    piece = &story.pieces[STORY_SEAL_2];
    write_start("seal", 2, piece);
    pack_bin(piece, much, SEAL_SIZE_MAX + 1);
    expect_damaged();
    piece = &story.pieces[STORY_LOG];
    for (int i = 0; i < 3; i++) {
        write_start("log", 3, piece);
        if (i == 0)
            pack_uint(piece, 3);
        else
            pack_str(piece, i == 1 ? name : "name");
        pack_str(piece, "no number");
        struct evidence evidence;
        ledger_story_check(&story, &evidence);
        assert_int_equal(evidence.failed[CHECK_FORM], 2); /* the seal, too */
        assert_int_equal(evidence_failed(&evidence), 2);
        evidence_deinit(&evidence);
    }
}

/* What is opened, with the part of that number of another form. */
static void write_odd_opened(int odd, struct buf *out)
{
    struct ledger_opened opened;
    ledger_opened_make(story.ledger, 2, MAKER_SHARED, 1, &opened);
    write_start("opened", 6, out);
    pack_uint(out, odd == 0 ? EVIDENCE_TREES : MAKER_SHARED);
    if (odd == 1)
        pack_str(out, "no bytes");
    else
        pack_bin(out, opened.note.data, opened.note.len);
    pack_bin(out, opened.size_salt, odd == 2 ? 15 : 16);
    pack_bin(out, opened.root_salt, odd == 3 ? 15 : 16);
    if (odd == 4)
        pack_uint(out, 0);
    else
        pack_array(out, 1);
    pack_bin(out, opened.proof[0].bytes, odd == 5 ? 31 : 32);
    buf_deinit(&opened.note);
}

static void what_is_opened_or_included_has_one_form(void **state)
{
    (void)state;
    for (int odd = 0; odd < 6; odd++) {
        write_odd_opened(odd, &story.pieces[STORY_SHARED_3]);
        expect_damaged();
    }
    ledger_maker_opened(story.ledger, 2, MAKER_SHARED, 1,
                        ledger_story_anew(&story.pieces[STORY_SHARED_3]));
    struct buf *included = &story.included[MAKER_RECEIVED];
    for (int odd = 0; odd < 3; odd++) {
        write_start("included", 4, included);
        for (int i = 0; i < 3; i++) {
            if (i == odd)
                pack_str(included, "odd");
            else
                pack_uint(included, 1);
        }
        expect_damaged();
    }
}

static void two_seals_may_be_damaged(void **state)
{
    (void)state;
    struct evidence evidence;
    story.pieces[STORY_SEAL_1].data[1] ^= 0x40;
    story.pieces[STORY_SEAL_2].data[1] ^= 0x40;
    ledger_story_check(&story, &evidence);
    expect_said(&evidence, CHECK_FORM, "what is said of a ledger is damaged", 2);
    assert_int_equal(evidence_failed(&evidence), 2);
    assert_int_equal(evidence.ledger.cosigned, 0); /* no root is the log's any more */
    evidence_deinit(&evidence);
}

static void U2_damage_beyond_the_openings_that_are_judged_is_not_kept(void **state)
{
    (void)state;
    struct buf logs = {0}, *piece = &story.pieces[STORY_SHARED_3];
    struct evidence evidence;
    ledger_story_logs(&story, &logs);
    piece->data[1] ^= 0x40;
    for (int i = 0; i < EVIDENCE_OPENED_MAX; i++)
        buf_append(&logs, piece);

    ledger_story_check_logs(&story, &logs, &evidence);

    assert_int_equal(evidence.failed[CHECK_FORM], 1); /* nothing parts them */
    evidence_deinit(&evidence);
    buf_deinit(&logs);
    for (int i = 0; i < EVIDENCE_OPENED_MAX; i++) {
        buf_append(&logs, piece);
        buf_append(&logs, &story.pieces[STORY_SEAL_3]);
    }
    ledger_story_check_logs(&story, &logs, &evidence);
    buf_append(&logs, piece);
    assert_int_equal(evidence.ledger.openings_len, EVIDENCE_OPENED_MAX);
    evidence_deinit(&evidence);
    ledger_story_check_logs(&story, &logs, &evidence);
    assert_int_equal(evidence.ledger.openings_len, EVIDENCE_OPENED_MAX);
    assert_int_equal(evidence.failed[CHECK_FORM], EVIDENCE_OPENED_MAX + 1);
    evidence_deinit(&evidence);
    buf_deinit(&logs);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_is_told_by_its_own_name),
        cmocka_unit_test(of_a_machine_of_nobody_no_record_is_too_early),
        cmocka_unit_test(a_site_that_is_not_rightly_founded_has_no_machine),
        A_TEST(each_witness_is_told_with_what_it_saw),
        A_TEST(the_note_of_an_opening_may_have_more_signatures),
        A_TEST(a_record_may_stand_under_a_later_seal),
        cmocka_unit_test(two_that_claim_an_earlier_day_are_told_each),
        cmocka_unit_test(earlier_days_beyond_what_is_told_are_counted),
        A_TEST(U2_values_that_are_too_long_are_damage),
        A_TEST(what_is_opened_or_included_has_one_form),
        A_TEST(two_seals_may_be_damaged),
        A_TEST(U2_damage_beyond_the_openings_that_are_judged_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
