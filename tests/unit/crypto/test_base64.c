#include "crypto/base64.h"

#include "vector.h"

/* RFC 4648 §10. */
static const struct {
    const char *bytes, *padded, *bare;
} vectors[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
};

static void assert_pair(const char *bytes, const char *text, enum base64_form form)
{
    char written[BASE64_SIZE(6)];
    uint8_t read[6];
    size_t len, bytes_len = strlen(bytes);

    assert_int_equal(base64_encode(written, bytes, bytes_len, form), strlen(text));
    assert_string_equal(written, text);
    assert_true(base64_decode(read, bytes_len, &len, text, strlen(text), form));
    assert_int_equal(len, bytes_len);
    assert_memory_equal(read, bytes, len);
    if (bytes_len > 0)
        assert_false(base64_decode(read, bytes_len - 1, &len, text, strlen(text), form));
}

static void the_vectors_of_the_rfc_are_written_and_read(void **state)
{
    for (size_t i = 0; i < COUNT(vectors); i++) {
        assert_pair(vectors[i].bytes, vectors[i].padded, BASE64_PADDED);
        assert_pair(vectors[i].bytes, vectors[i].bare, BASE64_BARE);
    }
}

static void each_byte_has_one_text_and_each_other_text_is_refused(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t read = 0, len;
    uint8_t byte;
    for (size_t i = 0; i < 64; i++)
        for (size_t j = 0; j < 64; j++) {
            char text[5] = {alphabet[i], alphabet[j], '=', '=', '\0'}, again[5];
            bool holds = base64_decode(&byte, 1, &len, text, 4, BASE64_PADDED);
            assert_int_equal(base64_decode(&byte, 1, &len, text, 2, BASE64_BARE), holds);
            if (!holds)
                continue;
            read++;
            (void)base64_encode(again, &byte, 1, BASE64_PADDED);
            assert_string_equal(again, text);
        }
    assert_int_equal(read, 256);
}

/* Of each letter one bit flipped is another letter, or none: never the same. */
static void no_flipped_bit_is_taken_for_what_it_was(void **state)
{
    uint8_t bytes[100], read[100];
    char text[BASE64_SIZE(sizeof(bytes))];
    size_t len;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 41 + 250); /* every letter comes */
    for (int form = BASE64_PADDED; form <= BASE64_BARE; form++) {
        size_t text_len = base64_encode(text, bytes, sizeof(bytes), form);
        assert_non_null(strchr(text, '+'));
        assert_non_null(strchr(text, '/'));
        for (size_t i = 0; i < 8 * text_len; i++) {
            text[i / 8] ^= (char)(1 << i % 8);
            if (base64_decode(read, sizeof(read), &len, text, text_len, form))
                assert_true(len != sizeof(bytes) || memcmp(read, bytes, len) != 0);
            if (i % 8 == 7)
                assert_false(
                    base64_decode(read, sizeof(read), &len, text, text_len, form));
            text[i / 8] ^= (char)(1 << i % 8);
        }
        assert_true(base64_decode(read, sizeof(read), &len, text, text_len, form));
    }
}

static void other_forms_are_refused(void **state)
{
    static const char *const padded[] = {
        "Zg",     "Zg=",   "Zg===", "Zh==",  "Zm9=", "Zm8",          "Z",
        "Zg==\n", " Zg==", "Zg= =", "Zm9v=", "Zm-_", "Zm9vZg==Zg==", "====",
    };
    static const char *const bare[] = {"Zg==", "Zh", "Zm9", "Z", "Zg ", "Zm9vZ", "-_"};
    uint8_t out[16];
    size_t len;
    for (size_t i = 0; i < COUNT(padded); i++)
        assert_false(base64_decode(out, sizeof(out), &len, padded[i], strlen(padded[i]),
                                   BASE64_PADDED));
    for (size_t i = 0; i < COUNT(bare); i++)
        assert_false(
            base64_decode(out, sizeof(out), &len, bare[i], strlen(bare[i]), BASE64_BARE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc_are_written_and_read),
        cmocka_unit_test(each_byte_has_one_text_and_each_other_text_is_refused),
        cmocka_unit_test(no_flipped_bit_is_taken_for_what_it_was),
        cmocka_unit_test(other_forms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
