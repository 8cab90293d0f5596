/* Notes: taken apart, verified, written; and each change of one refused. */
#include "note_sample.h"

#include "proto/note.h"

static struct note_key key_of(const char *text)
{
    struct note_key key;
    assert_int_equal(note_key_read(&key, bytes_str(text), NULL), STATUS_OK);
    return key;
}

static void make_pair(struct sign_pair *pair)
{
    uint8_t seed[KEY_SEED_SIZE];
    assert_true(hex_decode(seed, sizeof(seed), SAMPLE_SEED));
    sign_pair_init(pair, seed);
}

static enum status read_text(struct note *note, const char *text)
{
    struct err err = {0};
    enum status status = note_read(note, bytes_str(text), &err);
    assert_true(status == STATUS_OK || strncmp(err.text, "note: ", 6) == 0);
    return status;
}

/* ---- what others wrote ---- */

/* C2SP signed-note: the note of the example key, and the one at the top. */
static void the_examples_of_the_specification_are_read(void **state)
{
    static const char poem[] = "Ognuno sta solo sul cuor della terra\n"
                               "trafitto da un raggio di sole:\n"
                               "\n"
                               "ed è subito sera.\n";
    static const char poem_signature[] =
        "\n— quasimodo.example/salvatore "
        "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfL"
        "W9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    static struct note note;
    char whole[1024];
    uint64_t time = 1;
    struct note_key key =
        key_of("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");

    assert_int_equal(
        read_text(&note,
                  "This is an example message.\n"
                  "\n"
                  "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncA"
                  "lTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"),
        STATUS_OK);
    assert_true(bytes_equal_str(note.text, "This is an example message.\n"));
    assert_int_equal(note_verify(&note, &key, &time), STATUS_OK);
    assert_int_equal(time, 0);
    assert_int_equal(note_verify(&note, &key, NULL), STATUS_OK);

    (void)snprintf(whole, sizeof(whole), "%s%s", poem, poem_signature);
    assert_int_equal(read_text(&note, whole), STATUS_OK);
    assert_true(bytes_equal_str(note.text, poem));
    assert_int_equal(note.signatures_len, 1);
    assert_true(bytes_equal_str(note.signatures[0].name, "quasimodo.example/salvatore"));
    assert_true(bytes_equal_str(note.signatures[0].line, poem_signature + 1));
    assert_int_equal(note.signatures[0].len, SIGN_SIZE);
    assert_int_equal(note_verify(&note, &key, NULL), STATUS_NOT_FOUND);
}

static void a_log_and_a_witness_are_told_apart(void **state)
{
    static struct note note;
    struct note_key log = key_of(SAMPLE_LOG_KEY), witness = key_of(SAMPLE_WITNESS_KEY);
    struct note_key other = key_of(SAMPLE_WITNESS_NOTES_KEY);
    uint64_t time = 1;

    assert_int_equal(read_text(&note, SAMPLE_NOTE), STATUS_OK);
    assert_true(bytes_equal_str(note.text, SAMPLE_TEXT));
    assert_int_equal(note.signatures_len, 2);
    assert_int_equal(note_verify(&note, &log, &time), STATUS_OK);
    assert_int_equal(time, 0);
    assert_int_equal(note_verify(&note, &witness, &time), STATUS_OK);
    assert_int_equal(time, SAMPLE_TIME);
    assert_int_equal(note_verify(&note, &other, &time), STATUS_NOT_FOUND);
    /* The right id under another name, and the reverse. */
    log.name = witness.name;
    assert_int_equal(note_verify(&note, &log, NULL), STATUS_NOT_FOUND);
    memcpy(log.id, witness.id, sizeof(log.id));
    assert_int_equal(note_verify(&note, &log, NULL), STATUS_UNVERIFIED);
}

/* ---- what we write ---- */

static void what_is_signed_is_what_others_computed(void **state)
{
    struct sign_pair pair;
    struct buf out = {0};
    make_pair(&pair);
    note_add_text(&out, bytes_str(SAMPLE_TEXT));
    note_sign(&out, &pair, bytes_str(SAMPLE_LOG), bytes_str(SAMPLE_TEXT));
    note_cosign(&out, &pair, bytes_str(SAMPLE_WITNESS), SAMPLE_TIME,
                bytes_str(SAMPLE_TEXT));
    assert_buf(&out, SAMPLE_NOTE);
    buf_deinit(&out);
}

static void times_up_to_the_last_are_written_and_read(void **state)
{
    static const uint64_t times[] = {0, 1, 1ull << 40, NOTE_TIME_MAX};
    static struct note note;
    struct sign_pair pair;
    struct note_key witness = key_of(SAMPLE_WITNESS_KEY);
    make_pair(&pair);
    for (size_t i = 0; i < COUNT(times); i++) {
        struct buf out = {0};
        uint64_t time = 1;
        note_add_text(&out, bytes_str(SAMPLE_TEXT));
        note_cosign(&out, &pair, witness.name, times[i], bytes_str(SAMPLE_TEXT));
        assert_int_equal(note_read(&note, buf_bytes(&out), NULL), STATUS_OK);
        assert_int_equal(note_verify(&note, &witness, &time), STATUS_OK);
        assert_int_equal(time, times[i]);
        buf_deinit(&out);
    }
}

static void the_newest_cosignature_of_a_key_counts(void **state)
{
    static struct note note;
    struct sign_pair pair;
    struct note_key witness = key_of(SAMPLE_WITNESS_KEY);
    struct buf out = {0};
    uint64_t time;
    make_pair(&pair);
    note_add_text(&out, bytes_str(SAMPLE_TEXT));
    note_cosign(&out, &pair, witness.name, 5, bytes_str(SAMPLE_TEXT));
    note_cosign(&out, &pair, witness.name, 9, bytes_str(SAMPLE_TEXT));
    note_cosign(&out, &pair, witness.name, 7, bytes_str(SAMPLE_TEXT));
    assert_int_equal(note_read(&note, buf_bytes(&out), NULL), STATUS_OK);
    assert_int_equal(note_verify(&note, &witness, &time), STATUS_OK);
    assert_int_equal(time, 9);

    /* One that does not hold spoils the others. */
    note.signatures[2].bytes[70] ^= 1;
    assert_int_equal(note_verify(&note, &witness, &time), STATUS_UNVERIFIED);
    buf_deinit(&out);
}

static void only_what_can_be_nothing_else_is_signed(void **state)
{
    assert_true(note_may_sign(bytes_str(SAMPLE_TEXT)));
    assert_true(note_may_sign(bytes_str("a\n")));
    assert_true(note_may_sign(bytes_str("cosignature/v2\ntime 1\n")));
    assert_true(note_may_sign(bytes_str("cosignature/v1 \n")));
    assert_false(note_may_sign(bytes_str("cosignature/v1\n")));
    assert_false(note_may_sign(bytes_str("cosignature/v1\ntime 1\n" SAMPLE_TEXT)));
    assert_false(note_may_sign(bytes_str("as long as a digest is, by line\n")));
    assert_false(note_may_sign(bytes_str("no end")));
    assert_false(note_may_sign(bytes_str("")));
    assert_false(note_may_sign(bytes_of("SSHSIG\0\0\0\x0bop@fengqiao\n", 22)));
}

/* The signature of a cosignature is one of another text, which no note may claim. */
static void a_cosignature_is_no_signature_of_what_it_signs(void **state)
{
    static const char text[] = "cosignature/v1\ntime 1679315147\n" SAMPLE_TEXT;
    static struct note note;
    struct note_key key = key_of(SAMPLE_WITNESS_NOTES_KEY);
    struct buf out = {0};
    assert_int_equal(read_text(&note, SAMPLE_NOTE), STATUS_OK);
    note_add_text(&out, bytes_str(text));
    note_add_signature(&out, key.name, key.id, note.signatures[1].bytes + 8, SIGN_SIZE);
    assert_true(sign_verify(note.signatures[1].bytes + 8, key.key, text, strlen(text)));
    assert_int_equal(note_read(&note, buf_bytes(&out), NULL), STATUS_OK);
    assert_int_equal(note_verify(&note, &key, NULL), STATUS_UNVERIFIED);
    buf_deinit(&out);
}

/* ---- what does not hold ---- */

/* S1: with S + L in the place of S, which libraries of old take as well. */
static void S1_the_strict_rule_holds_for_notes(void **state)
{
    static const uint8_t order[SIGN_SIZE / 2] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
                                                 0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
                                                 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    static struct note note;
    struct note_key log = key_of(SAMPLE_LOG_KEY), witness = key_of(SAMPLE_WITNESS_KEY);
    assert_int_equal(read_text(&note, SAMPLE_NOTE), STATUS_OK);
    for (size_t i = 0; i < 2; i++) {
        uint8_t *s = note.signatures[i].bytes + (i == 0 ? 32 : 40);
        unsigned carry = 0;
        for (size_t k = 0; k < sizeof(order); k++) {
            carry += (unsigned)s[k] + order[k];
            s[k] = (uint8_t)carry;
            carry >>= 8;
        }
    }
    assert_int_equal(note_verify(&note, &log, NULL), STATUS_UNVERIFIED);
    assert_int_equal(note_verify(&note, &witness, NULL), STATUS_UNVERIFIED);
    memset(log.key, 0, sizeof(log.key)); /* of order 4 */
    assert_int_equal(note_verify(&note, &log, NULL), STATUS_UNVERIFIED);
}

static void a_signature_of_another_length_does_not_hold(void **state)
{
    static struct note note;
    struct note_key log = key_of(SAMPLE_LOG_KEY), witness = key_of(SAMPLE_WITNESS_KEY);
    assert_int_equal(read_text(&note, SAMPLE_NOTE), STATUS_OK);
    for (size_t len = 1; len <= NOTE_SIGNATURE_MAX + 1; len++) {
        note.signatures[0].len = note.signatures[1].len = len;
        assert_int_equal(note_verify(&note, &log, NULL),
                         len == SIGN_SIZE ? STATUS_OK : STATUS_UNVERIFIED);
        assert_int_equal(note_verify(&note, &witness, NULL),
                         len == NOTE_SIGNATURE_MAX ? STATUS_OK : STATUS_UNVERIFIED);
    }
}

static void a_time_beyond_the_last_does_not_hold_whoever_signs_it(void **state)
{
    static const char said[] = "cosignature/v1\ntime 9223372036854775808\n" SAMPLE_TEXT;
    static struct note note;
    struct sign_pair pair;
    struct note_key witness = key_of(SAMPLE_WITNESS_KEY);
    struct buf out = {0};
    uint8_t stamped[NOTE_SIGNATURE_MAX] = {0x80};
    make_pair(&pair);
    sign_pair_sign(&pair, stamped + 8, said, strlen(said));
    note_add_text(&out, bytes_str(SAMPLE_TEXT));
    note_add_signature(&out, witness.name, witness.id, stamped, sizeof(stamped));
    assert_int_equal(note_read(&note, buf_bytes(&out), NULL), STATUS_OK);
    assert_int_equal(note_verify(&note, &witness, NULL), STATUS_UNVERIFIED);
    buf_deinit(&out);
}

/* Whatever bit is flipped: the note is none, or one of the two is not found or does not
 * hold, or (a letter of a name changed with what signs it) both are another's. */
static void I5_no_flipped_bit_is_taken(void **state)
{
    static struct note note;
    struct note_key log = key_of(SAMPLE_LOG_KEY), witness = key_of(SAMPLE_WITNESS_KEY);
    char text[] = SAMPLE_NOTE;
    for (size_t i = 0; i < 8 * strlen(SAMPLE_NOTE); i++) {
        text[i / 8] ^= (char)(1 << i % 8);
        struct bytes bytes = bytes_of(text, strlen(SAMPLE_NOTE));
        if (note_read(&note, bytes, NULL) == STATUS_OK)
            assert_true(note_verify(&note, &log, NULL) != STATUS_OK ||
                        note_verify(&note, &witness, NULL) != STATUS_OK);
        text[i / 8] ^= (char)(1 << i % 8);
    }
    for (size_t len = 0; len < strlen(SAMPLE_NOTE); len++) {
        enum status status = note_read(&note, bytes_of(text, len), NULL);
        bool is_line_less = len == strlen(SAMPLE_TEXT "\n" SAMPLE_SIGNED);
        assert_int_equal(status, is_line_less ? STATUS_OK : STATUS_INVALID);
    }
}

static void what_is_no_note_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "\n\n",
        "a\n",
        "a\n\n",
        SAMPLE_TEXT SAMPLE_SIGNED,          /* no empty line */
        SAMPLE_NOTE "\n",                   /* the last empty line has nothing below */
        SAMPLE_TEXT "\n" SAMPLE_SIGNED "x", /* no end */
        SAMPLE_TEXT "\n" SAMPLE_SIGNED "x\n",
        "\xff" SAMPLE_NOTE,
        "\t" SAMPLE_NOTE,
        "a\r\n\r\n" SAMPLE_SIGNED,
        "a\n\n- a AAAAAAA=\n",  /* no em dash */
        "a\n\n—a AAAAAAA=\n",   /* no blank behind it */
        "a\n\n— AAAAAAA=\n",    /* no name */
        "a\n\n—  AAAAAAA=\n",   /* an empty one */
        "a\n\n— a\n",           /* no signature */
        "a\n\n— a \n",          /* an empty one */
        "a\n\n— a AAAAAA==\n",  /* a key id alone */
        "a\n\n— a AAAAAAB=\n",  /* bits left over */
        "a\n\n— a AAAAAAA\n",   /* not padded */
        "a\n\n— a  AAAAAAA=\n", /* two blanks */
        "a\n\n— a AAAAAAA= \n",
        "a\n\n— a+b AAAAAAA=\n",
        "a\n\n— a\u3000b AAAAAAA=\n",
        "a\n\n— a AAAAAA-=\n",
    };
    static struct note note;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(read_text(&note, texts[i]), STATUS_INVALID);
    assert_int_equal(note_read(&note, bytes_of("a\0\n\n— a AAAAAAA=\n", 18), NULL),
                     STATUS_INVALID);
    assert_int_equal(read_text(&note, "a\n\n— a AAAAAAA=\n"), STATUS_OK);
    assert_int_equal(read_text(&note, "\n\n— a AAAAAAA=\n"), STATUS_OK);
}

static void the_text_ends_at_the_last_empty_line(void **state)
{
    static struct note note;
    assert_int_equal(read_text(&note, "a\n\n— b AAAAAAA=\n\n\n— a AAAAAAA=\n"),
                     STATUS_OK);
    assert_true(bytes_equal_str(note.text, "a\n\n— b AAAAAAA=\n\n"));
    assert_int_equal(note.signatures_len, 1);
}

/* ---- limits ---- */

static void M_limits_hold(void **state)
{
    static struct note note;
    struct buf text = {0};
    buf_add(&text, "a\n\n", 3);
    for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++)
        buf_add(&text, "— a AAAAAAA=\n", 15);
    assert_int_equal(note_read(&note, buf_bytes(&text), NULL), STATUS_OK);
    assert_int_equal(note.signatures_len, NOTE_SIGNATURES_MAX);
    buf_add(&text, "— a AAAAAAA=\n", 15);
    assert_int_equal(note_read(&note, buf_bytes(&text), NULL), STATUS_TOO_LARGE);

    /* The largest note, most of it a signature of a type that we do not know. */
    buf_clear(&text);
    buf_add(&text, "abc\n\n", 5);
    buf_add(&text, "— c ", 6);
    while (text.len < NOTE_SIZE_MAX - 5)
        buf_add(&text, "AAAA", 4);
    buf_add(&text, "AQ==\n", 5);
    assert_int_equal(text.len, NOTE_SIZE_MAX);
    assert_int_equal(note_read(&note, buf_bytes(&text), NULL), STATUS_OK);
    assert_int_equal(note.signatures[0].len, (NOTE_SIZE_MAX - 11 - 1) / 4 * 3 - 2 - 4);
    struct note_key key;
    note_key_init(&key, bytes_str("c"), NOTE_ED25519, note.signatures[0].bytes);
    memset(key.id, 0, sizeof(key.id));
    assert_int_equal(note_verify(&note, &key, NULL), STATUS_UNVERIFIED);
    buf_add(&text, "\n", 1);
    assert_int_equal(note_read(&note, buf_bytes(&text), NULL), STATUS_TOO_LARGE);
    buf_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_specification_are_read),
        cmocka_unit_test(a_log_and_a_witness_are_told_apart),
        cmocka_unit_test(what_is_signed_is_what_others_computed),
        cmocka_unit_test(times_up_to_the_last_are_written_and_read),
        cmocka_unit_test(the_newest_cosignature_of_a_key_counts),
        cmocka_unit_test(only_what_can_be_nothing_else_is_signed),
        cmocka_unit_test(a_cosignature_is_no_signature_of_what_it_signs),
        cmocka_unit_test(S1_the_strict_rule_holds_for_notes),
        cmocka_unit_test(a_signature_of_another_length_does_not_hold),
        cmocka_unit_test(a_time_beyond_the_last_does_not_hold_whoever_signs_it),
        cmocka_unit_test(I5_no_flipped_bit_is_taken),
        cmocka_unit_test(what_is_no_note_is_refused),
        cmocka_unit_test(the_text_ends_at_the_last_empty_line),
        cmocka_unit_test(M_limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
