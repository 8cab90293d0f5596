/* Keys of notes: their names, their ids, and their text. */
#include "note_sample.h"

#include "proto/note_key.h"

/* C2SP signed-note: the example of a verifier key. */
#define EXAMPLE "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

static void known_keys_are_read_and_written_again(void **state)
{
    static const struct {
        const char *text, *name;
        enum note_type type;
        uint8_t id[NOTE_KEY_ID_SIZE];
    } keys[] = {
        {EXAMPLE, "example.com/foo", NOTE_ED25519, {0x53, 0x0d, 0x90, 0x3a}},
        {SAMPLE_LOG_KEY, SAMPLE_LOG, NOTE_ED25519, {0x74, 0x57, 0x3f, 0xcd}},
        {SAMPLE_WITNESS_KEY, SAMPLE_WITNESS, NOTE_COSIGNATURE, {0x47, 0xc4, 0xb5, 0x89}},
        {SAMPLE_WITNESS_NOTES_KEY,
         SAMPLE_WITNESS,
         NOTE_ED25519,
         {0x6c, 0xc7, 0xcb, 0xfb}},
    };
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct note_key key, again;
        struct buf out = {0};
        assert_int_equal(note_key_read(&key, bytes_str(keys[i].text), NULL), STATUS_OK);
        assert_true(bytes_equal_str(key.name, keys[i].name));
        assert_int_equal(key.type, keys[i].type);
        assert_memory_equal(key.id, keys[i].id, NOTE_KEY_ID_SIZE);

        note_key_init(&again, key.name, key.type, key.key);
        note_key_write(&out, &again);
        assert_buf(&out, keys[i].text);
        buf_deinit(&out);
    }
}

static void a_text_that_is_no_key_is_refused(void **state)
{
    static const struct {
        const char *text;
        enum status status;
    } texts[] = {
        {"", STATUS_INVALID},
        {"example.com/foo", STATUS_INVALID},
        {"example.com/foo+530d903a", STATUS_INVALID},
        {"example.com/foo+530d903a+", STATUS_INVALID},
        {"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", STATUS_INVALID},
        {"example com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         STATUS_INVALID},
        /* another name, another id, an id in capitals, too short, no digits */
        {"example.com/fox+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         STATUS_INVALID},
        {"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         STATUS_INVALID},
        {"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         STATUS_INVALID},
        {"example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         STATUS_INVALID},
        {"example.com/foo+530d903g+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         STATUS_INVALID},
        /* another key, one byte less, one more, a line feed */
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l",
         STATUS_INVALID},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
         STATUS_INVALID},
        {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==",
         STATUS_INVALID},
        {EXAMPLE "\n", STATUS_INVALID},
        /* types 2 and 0 */
        {"example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         STATUS_UNSUPPORTED},
        {"example.com/foo+530d903a+AA==", STATUS_UNSUPPORTED},
        {"example.com/foo+530d903a+AQ==", STATUS_INVALID},
        {"example.com/foo+530d903a+BA==", STATUS_INVALID},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct note_key key;
        struct err err = {0};
        assert_int_equal(note_key_read(&key, bytes_str(texts[i].text), &err),
                         texts[i].status);
        assert_true(strncmp(err.text, "key of notes: ", 14) == 0);
    }
}

static void a_name_is_one_word_of_unicode(void **state)
{
    static const char *const good[] = {"a",    "石桥",   "sum.golang.org", "a/b?c=d", "—",
                                       "\x7f", "\u200b", "\u1fff",         "\u200c"};
    static const char *const bad[] = {
        "",         " ",      "a b",    "a+b",    "a\nb",     "\t",     "\x1f",
        "\xc2\x85", "\u00a0", "\u1680", "\u2000", "a\u200ab", "\u2005", "\u2028",
        "\u2029",   "\u202f", "\u205f", "\u3000", "\xff",     "a\xc3",
    };
    char name[NOTE_NAME_MAX + 1];
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(note_name_is_valid(bytes_str(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(note_name_is_valid(bytes_str(bad[i])));
    memset(name, 'a', sizeof(name));
    assert_true(note_name_is_valid(bytes_of(name, NOTE_NAME_MAX)));
    assert_false(note_name_is_valid(bytes_of(name, NOTE_NAME_MAX + 1)));
    assert_false(note_name_is_valid(bytes_of("a\0b", 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_keys_are_read_and_written_again),
        cmocka_unit_test(a_text_that_is_no_key_is_refused),
        cmocka_unit_test(a_name_is_one_word_of_unicode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
