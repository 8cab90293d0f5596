#include "crypto/age_header.h"

#include "crypto/age_scrypt.h"
#include "crypto/stanza.h"
#include "vector.h"

#include <stdio.h>

/* What the public vectors hold is in e2e.age_vectors; here is each rule by itself. */

#define FOOT "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define LINE64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"

static bool reads(const char *text, struct age_header *header)
{
    size_t at = 0, len = strlen(text);
    memset(header, 0, sizeof(*header));
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\n')
            continue;
        if (!age_header_line(header, (const uint8_t *)text, at, i))
            return false;
        at = i + 1;
    }
    return at == len && header->place == AGE_AT_END;
}

static void each_line_is_as_the_format_has_it(void **state)
{
    static const struct {
        const char *text;
        bool holds;
    } rows[] = {
        {AGE_INTRO "-> a\n\n" FOOT, true},
        {AGE_INTRO "-> a b ~!\n\n-> c\nAAAA\n" FOOT, true},
        {AGE_INTRO "-> a\n" LINE64 "\n" FOOT, true},
        {AGE_INTRO "-> a\n" LINE64 LINE64 "AA\n" FOOT, true},
        {"", false},
        {AGE_INTRO, false},
        {AGE_INTRO FOOT, false}, /* nobody could open it */
        {"age-encryption.org/v2\n-> a\n\n" FOOT, false},
        {"age-encryption.org/v1\r\n-> a\n\n" FOOT, false},
        {"age-encryption.org/v\n-> a\n\n" FOOT, false},
        {AGE_INTRO "->\n\n" FOOT, false},
        {AGE_INTRO "-> \n\n" FOOT, false},
        {AGE_INTRO "->  a\n\n" FOOT, false},
        {AGE_INTRO "-> a \n\n" FOOT, false},
        {AGE_INTRO "-> a  b\n\n" FOOT, false},
        {AGE_INTRO "-> a\x7f\n\n" FOOT, false},
        {AGE_INTRO "-> \xe5\xa2\x99\n\n" FOOT, false},
        {AGE_INTRO "- a\n\n" FOOT, false},
        {AGE_INTRO "-> a\n" FOOT, false},         /* no body */
        {AGE_INTRO "-> a\n" LINE64 FOOT, false},  /* nor its last line */
        {AGE_INTRO "-> a\nAA\nAA\n" FOOT, false}, /* two of them */
        {AGE_INTRO "-> a\nAA=\n" FOOT, false},
        {AGE_INTRO "-> a\nAB\n" FOOT, false}, /* two texts of one byte */
        {AGE_INTRO "-> a\nA\n" FOOT, false},
        {AGE_INTRO "-> a\nA!\n" FOOT, false},
        {AGE_INTRO "-> a\nA" LINE64 "\n" FOOT, false},
        {AGE_INTRO "-> a\n\n--- AAAA\n", false},
        {AGE_INTRO "-> a\n\n---\n", false},
        {AGE_INTRO "-> a\n\n---  AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", false},
        {AGE_INTRO "-> a\n\n---AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", false},
        {AGE_INTRO "-> a\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n", false},
        {AGE_INTRO "-> a\n\n" FOOT "-> b\n", false},
    };
    struct age_header header;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (reads(rows[i].text, &header) != rows[i].holds)
            fail_msg("row %zu: %s", i, rows[i].text);
}

static void more_stanzas_than_a_header_may_have_are_refused(void **state)
{
    static char text[AGE_HEADER_MAX];
    struct age_header header;
    for (int more = 0; more < 2; more++) {
        size_t len = (size_t)snprintf(text, sizeof(text), AGE_INTRO);
        for (int i = 0; i < AGE_STANZAS_MAX + more; i++)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "-> a\n\n");
        (void)snprintf(text + len, sizeof(text) - len, FOOT);
        assert_int_equal(reads(text, &header), more == 0);
    }
}

/* ---- keys ---- */

static const uint8_t file_key[AGE_FILE_KEY_SIZE] = "sixteen of bytes";
static const uint8_t secret[KEY_SIZE] = {7, 1}, other[KEY_SIZE] = {8, 1};
static const uint8_t ephemeral[KEY_SIZE] = {9, 2}, salt[AGE_SCRYPT_SALT_SIZE] = {1};

#define TEXT_SIZE 1024

static void append(char text[static TEXT_SIZE], const char *part, size_t len)
{
    size_t at = strlen(text);
    assert_true(at + len < TEXT_SIZE);
    memcpy(text + at, part, len);
    text[at + len] = '\0';
}

static void add_x25519(char text[static TEXT_SIZE])
{
    char stanza[STANZA_SIZE + 1] = "";
    uint8_t recipient[KEY_SIZE];
    key_dh_public(recipient, secret);
    assert_true(stanza_wrap(stanza, file_key, recipient, ephemeral));
    append(text, stanza, STANZA_SIZE);
}

static void add_scrypt(char text[static TEXT_SIZE])
{
    char stanza[AGE_SCRYPT_STANZA_SIZE + 1] = "";
    size_t len;
    assert_int_equal(age_scrypt_wrap(stanza, &len, file_key, "password", 8, salt, 10),
                     AGE_MORE);
    append(text, stanza, len);
}

static void add_foot(char text[static TEXT_SIZE])
{
    uint8_t mac[AGE_MAC_SIZE];
    char line[AGE_FOOT_SIZE + 1] = AGE_FOOT " ";
    append(text, AGE_FOOT, 3);
    age_header_mac(mac, file_key, (const uint8_t *)text, strlen(text));
    stanza_encode(line + 4, mac);
    line[AGE_FOOT_SIZE - 1] = '\n';
    append(text, line + 3, AGE_FOOT_SIZE - 3);
}

static const struct age_key ours = {.secret = secret};
static const struct age_key strange = {.secret = other};
static const struct age_key word = {.passphrase = "password", .passphrase_len = 8};
static const struct age_key wrong = {.passphrase = "passwort", .passphrase_len = 8};

static enum age_verdict opens(const char *text, const struct age_key *keys, size_t len)
{
    struct age_header header;
    uint8_t found[AGE_FILE_KEY_SIZE];
    assert_true(reads(text, &header));
    enum age_verdict verdict =
        age_header_open(&header, (const uint8_t *)text, keys, len, found);
    if (verdict == AGE_MORE)
        assert_memory_equal(found, file_key, sizeof(found));
    return verdict;
}

static void the_first_key_that_fits_opens_it(void **state)
{
    char text[TEXT_SIZE] = AGE_INTRO "-> grease x y\nAAAA\n";
    const struct age_key both[] = {strange, wrong, ours};
    add_x25519(text);
    add_foot(text);
    assert_int_equal(opens(text, &ours, 1), AGE_MORE);
    assert_int_equal(opens(text, both, 3), AGE_MORE);
    assert_int_equal(opens(text, both, 2), AGE_NO_MATCH);
    assert_int_equal(opens(text, &word, 1), AGE_NO_MATCH);
    assert_int_equal(opens(text, NULL, 0), AGE_NO_MATCH);
}

static void a_passphrase_goes_with_nobody_else(void **state)
{
    char alone[TEXT_SIZE] = AGE_INTRO, together[TEXT_SIZE] = AGE_INTRO,
         twice[TEXT_SIZE] = AGE_INTRO;
    add_scrypt(alone);
    add_foot(alone);
    assert_int_equal(opens(alone, &word, 1), AGE_MORE);
    assert_int_equal(opens(alone, &wrong, 1), AGE_NO_MATCH);
    assert_int_equal(opens(alone, &ours, 1), AGE_NO_MATCH);
    add_x25519(together);
    add_scrypt(together);
    add_foot(together);
    assert_int_equal(opens(together, &ours, 1), AGE_BAD_HEADER);
    assert_int_equal(opens(together, &word, 1), AGE_BAD_HEADER);
    add_scrypt(twice);
    add_scrypt(twice);
    add_foot(twice);
    assert_int_equal(opens(twice, &word, 1), AGE_BAD_HEADER);
}

static void a_header_that_was_changed_is_noticed(void **state)
{
    char text[TEXT_SIZE] = AGE_INTRO "-> grease x y\nAAAA\n";
    add_x25519(text);
    add_foot(text);
    *strchr(text, 'x') = 'z';
    assert_int_equal(opens(text, &ours, 1), AGE_BAD_MAC);
}

/* A stanza of a type that we know has to be one. */
static void a_stanza_that_is_none_of_its_type_breaks_the_header(void **state)
{
    static const struct {
        const char *stanza;
        const struct age_key *key;
    } rows[] = {
        {"-> X25519\n\n", &ours},
        {"-> X25519 AAAA\nAAAA\n", &ours},
        {"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x\n\n", &ours},
        {"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", /* of small order */
         &ours},
        {"-> scrypt\n\n", &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\nAAAA\n", &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 010\n" LINE64 "\n", &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 21\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 0\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 100\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 1x\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 1\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
         NULL},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAB 10\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAAAx10\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         &word},
        {"-> scrypt AAAAAAAAAAAAAAAAAAAAA= 10\n"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         &word},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[TEXT_SIZE] = AGE_INTRO;
        struct age_header header;
        append(text, rows[i].stanza, strlen(rows[i].stanza));
        add_foot(text);
        if (rows[i].key == NULL)
            assert_false(reads(text, &header));
        else if (opens(text, rows[i].key, 1) != AGE_BAD_HEADER)
            fail_msg("row %zu: %s", i, rows[i].stanza);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_is_as_the_format_has_it),
        cmocka_unit_test(more_stanzas_than_a_header_may_have_are_refused),
        cmocka_unit_test(the_first_key_that_fits_opens_it),
        cmocka_unit_test(a_passphrase_goes_with_nobody_else),
        cmocka_unit_test(a_header_that_was_changed_is_noticed),
        cmocka_unit_test(a_stanza_that_is_none_of_its_type_breaks_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
