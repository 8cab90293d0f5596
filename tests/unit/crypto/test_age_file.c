#include "crypto/age_reader.h"
#include "crypto/age_writer.h"

#include "vector.h"

#include <stdio.h>
#include <stdlib.h>

/* Files of every length around a chunk, written and read in pieces of every size;
 * changed, cut off, added to. Other people's word on them is in e2e.age_vectors and
 * age_stock. */

static const uint8_t secret[KEY_SIZE] = {7, 1};
static const struct age_key key = {.secret = secret};

struct bytes_of_test {
    uint8_t *data;
    size_t len, room;
    size_t takes; /* so many times; then no more */
};

static bool keep(void *context, const uint8_t *bytes, size_t len)
{
    struct bytes_of_test *kept = context;
    if (kept->takes == 0)
        return false;
    kept->takes--;
    if (kept->len + len > kept->room) {
        kept->room = 2 * (kept->len + len);
        kept->data = realloc(kept->data, kept->room);
        assert_non_null(kept->data);
    }
    if (len > 0)
        memcpy(kept->data + kept->len, bytes, len);
    kept->len += len;
    return true;
}

static uint8_t letter(size_t i)
{
    return (uint8_t)(i * 31 + i / 251);
}

static struct bytes_of_test text_of(size_t len)
{
    struct bytes_of_test text = {.data = malloc(len + 1), .len = len};
    assert_non_null(text.data);
    for (size_t i = 0; i < len; i++)
        text.data[i] = letter(i);
    return text;
}

static struct bytes_of_test sealed_of(size_t len, size_t piece)
{
    static struct age_writer writer;
    struct bytes_of_test text = text_of(len), sealed = {.takes = SIZE_MAX};
    struct rng rng = rng_system();
    uint8_t recipients[2][KEY_SIZE], stranger[KEY_SIZE] = {3};
    key_dh_public(recipients[0], stranger);
    key_dh_public(recipients[1], secret);
    assert_int_equal(age_writer_begin(&writer, recipients, 2, &rng, NULL, keep, &sealed),
                     AGE_MORE);
    for (size_t at = 0; at < len; at += piece)
        assert_int_equal(
            age_writer_put(&writer, text.data + at, len - at < piece ? len - at : piece),
            AGE_MORE);
    assert_int_equal(age_writer_end(&writer), AGE_WHOLE);
    age_writer_wipe(&writer);
    free(text.data);
    return sealed;
}

static enum age_verdict open_in_pieces(const uint8_t *sealed, size_t len, size_t piece,
                                       struct bytes_of_test *opened)
{
    static struct age_reader reader;
    age_reader_init(&reader, &key, 1, false);
    enum age_verdict verdict = AGE_MORE;
    for (size_t at = 0; at < len && verdict == AGE_MORE; at += piece)
        verdict = age_reader_put(&reader, sealed + at,
                                 len - at < piece ? len - at : piece, keep, opened);
    enum age_verdict last = age_reader_end(&reader, keep, opened);
    assert_int_equal(age_reader_end(&reader, keep, opened), last); /* and so for ever */
    age_reader_wipe(&reader);
    return last;
}

static void a_file_of_any_length_is_opened_again(void **state)
{
    static const size_t lens[] = {0,     1,     100,   65519,  65520,  65521,
                                  65535, 65536, 65537, 131071, 131072, 131073};
    static const size_t pieces[] = {1, 17, 4096, 65536, 65552, 1 << 20};
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
        for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
            struct bytes_of_test sealed = sealed_of(lens[i], pieces[k]);
            struct bytes_of_test opened = {.takes = SIZE_MAX};
            assert_int_equal(open_in_pieces(sealed.data, sealed.len, pieces[k], &opened),
                             AGE_WHOLE);
            assert_int_equal(opened.len, lens[i]);
            for (size_t at = 0; at < lens[i]; at++)
                if (opened.data[at] != letter(at))
                    fail_msg("byte %zu of %zu", at, lens[i]);
            free(sealed.data);
            free(opened.data);
        }
}

/* What came out before is the beginning of the text, in whole chunks. */
static void assert_beginning(const struct bytes_of_test *opened, size_t len)
{
    assert_true(opened->len <= len);
    assert_true(opened->len % AGE_CHUNK_SIZE == 0 || opened->len == len);
    for (size_t at = 0; at < opened->len; at++)
        if (opened->data[at] != letter(at))
            fail_msg("byte %zu", at);
}

static void a_file_that_is_cut_off_is_never_whole(void **state)
{
    struct bytes_of_test sealed = sealed_of(2 * AGE_CHUNK_SIZE + 5, 4096);
    size_t header = sealed.len - (2 * AGE_CHUNK_SIZE + 5) - 3 * AGE_TAG_SIZE;
    for (size_t len = 0; len < sealed.len;
         len += len < header + 70 || len + 40 > sealed.len ? 1 : 4099) {
        struct bytes_of_test opened = {.takes = SIZE_MAX};
        enum age_verdict verdict = open_in_pieces(sealed.data, len, 65536, &opened);
        if (verdict != (len < header ? AGE_BAD_HEADER : AGE_BAD_PAYLOAD))
            fail_msg("%zu of %zu bytes: %d", len, sealed.len, verdict);
        assert_beginning(&opened, 2 * AGE_CHUNK_SIZE + 5);
        free(opened.data);
    }
    free(sealed.data);
}

static void a_file_that_is_changed_is_never_whole(void **state)
{
    struct bytes_of_test sealed = sealed_of(AGE_CHUNK_SIZE + 5, 4096);
    for (size_t at = 0; at < sealed.len;
         at += at < 500 || at + 40 > sealed.len ? 1 : 997) {
        struct bytes_of_test opened = {.takes = SIZE_MAX};
        sealed.data[at] ^= 1;
        if (open_in_pieces(sealed.data, sealed.len, 65536, &opened) == AGE_WHOLE)
            fail_msg("byte %zu of %zu", at, sealed.len);
        assert_beginning(&opened, AGE_CHUNK_SIZE + 5);
        sealed.data[at] ^= 1;
        free(opened.data);
    }
    free(sealed.data);
}

static void something_behind_the_end_is_noticed(void **state)
{
    static const size_t lens[] = {0, 5, AGE_CHUNK_SIZE, AGE_CHUNK_SIZE + 5};
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        struct bytes_of_test sealed = sealed_of(lens[i], 4096);
        struct bytes_of_test opened = {.takes = SIZE_MAX};
        sealed.takes = 1;
        assert_true(keep(&sealed, (const uint8_t *)"x", 1));
        assert_int_equal(open_in_pieces(sealed.data, sealed.len, 65536, &opened),
                         AGE_BAD_PAYLOAD);
        free(opened.data);
        free(sealed.data);
    }
}

static void chunks_are_neither_swapped_nor_left_out(void **state)
{
    size_t chunk = AGE_CHUNK_SIZE + AGE_TAG_SIZE;
    struct bytes_of_test sealed = sealed_of(3 * AGE_CHUNK_SIZE, 4096);
    size_t first = sealed.len - 3 * chunk;
    uint8_t *aside = malloc(chunk);
    struct bytes_of_test opened = {.takes = SIZE_MAX};
    assert_non_null(aside);
    memcpy(aside, sealed.data + first, chunk);
    memcpy(sealed.data + first, sealed.data + first + chunk, chunk);
    memcpy(sealed.data + first + chunk, aside, chunk);
    assert_int_equal(open_in_pieces(sealed.data, sealed.len, 4096, &opened),
                     AGE_BAD_PAYLOAD);
    assert_int_equal(opened.len, 0);
    memmove(sealed.data + first, sealed.data + first + chunk, 2 * chunk);
    assert_int_equal(open_in_pieces(sealed.data, sealed.len - chunk, 4096, &opened),
                     AGE_BAD_PAYLOAD);
    free(aside);
    free(opened.data);
    free(sealed.data);
}

static void who_takes_no_more_is_asked_no_more(void **state)
{
    static struct age_writer writer;
    static const uint8_t none[KEY_SIZE];
    struct rng rng = rng_system();
    struct bytes_of_test sealed = sealed_of(2 * AGE_CHUNK_SIZE, 65536);
    struct bytes_of_test opened = {.takes = 1};
    uint8_t recipients[2][KEY_SIZE] = {{0}};
    assert_int_equal(open_in_pieces(sealed.data, sealed.len, 65536, &opened),
                     AGE_STOPPED);
    free(opened.data);
    key_dh_public(recipients[0], secret);
    for (size_t takes = 0; takes < 5; takes++) {
        struct bytes_of_test few = {.takes = takes};
        enum age_verdict verdict =
            age_writer_begin(&writer, recipients, 1, &rng, NULL, keep, &few);
        assert_int_equal(verdict, takes < 2 ? AGE_STOPPED : AGE_MORE);
        verdict = age_writer_put(&writer, sealed.data, 2 * AGE_CHUNK_SIZE);
        assert_int_equal(verdict, takes < 3 ? AGE_STOPPED : AGE_MORE);
        assert_int_equal(age_writer_end(&writer), takes < 4 ? AGE_STOPPED : AGE_WHOLE);
        free(few.data);
    }
    memcpy(recipients[0], none, KEY_SIZE); /* of small order */
    for (size_t len = 1; len <= 2; len++)
        assert_int_equal(
            age_writer_begin(&writer, recipients, len, &rng, NULL, keep, &sealed),
            AGE_NO_MATCH);
    free(sealed.data);
}

static void a_passphrase_opens_what_it_sealed(void **state)
{
    static struct age_writer writer;
    static struct age_reader reader;
    const struct age_key word = {.passphrase = "六个字的口令", .passphrase_len = 18};
    struct rng rng = rng_system();
    struct bytes_of_test sealed = {.takes = SIZE_MAX}, opened = {.takes = SIZE_MAX};
    assert_int_equal(age_writer_begin_passphrase(&writer, word.passphrase,
                                                 word.passphrase_len, 10, &rng, NULL,
                                                 keep, &sealed),
                     AGE_MORE);
    assert_int_equal(age_writer_put(&writer, "text", 4), AGE_MORE);
    assert_int_equal(age_writer_end(&writer), AGE_WHOLE);
    age_reader_init(&reader, &word, 1, false);
    assert_int_equal(age_reader_put(&reader, sealed.data, sealed.len, keep, &opened),
                     AGE_MORE);
    assert_int_equal(age_reader_end(&reader, keep, &opened), AGE_WHOLE);
    assert_int_equal(opened.len, 4);
    assert_memory_equal(opened.data, "text", 4);
    assert_int_equal(open_in_pieces(sealed.data, sealed.len, 100, &opened), AGE_NO_MATCH);
    sealed.takes = 0;
    assert_int_equal(
        age_writer_begin_passphrase(&writer, "x", 1, 10, &rng, NULL, keep, &sealed),
        AGE_STOPPED);
    free(sealed.data);
    free(opened.data);
}

/* ---- as text ---- */

#define ARMOR_END "-----END AGE ENCRYPTED FILE-----\n"

static struct bytes_of_test armored_of(const struct bytes_of_test *sealed)
{
    static const char begin[] = "-----BEGIN AGE ENCRYPTED FILE-----\n";
    struct bytes_of_test text = {.takes = SIZE_MAX};
    (void)keep(&text, (const uint8_t *)begin, strlen(begin));
    for (size_t at = 0; at < sealed->len; at += 48) {
        char line[66];
        size_t len = sealed->len - at < 48 ? sealed->len - at : 48;
        sodium_bin2base64(line, sizeof(line), sealed->data + at, len,
                          sodium_base64_VARIANT_ORIGINAL);
        (void)keep(&text, (const uint8_t *)line, strlen(line));
        (void)keep(&text, (const uint8_t *)"\n", 1);
    }
    (void)keep(&text, (const uint8_t *)ARMOR_END, strlen(ARMOR_END));
    return text;
}

static enum age_verdict open_armored(const uint8_t *text, size_t len, size_t piece,
                                     struct bytes_of_test *opened)
{
    static struct age_reader reader;
    age_reader_init(&reader, &key, 1, true);
    /* Who goes on after a refusal is told the same. */
    for (size_t at = 0; at < len; at += piece)
        (void)age_reader_put(&reader, text + at, len - at < piece ? len - at : piece,
                             keep, opened);
    enum age_verdict verdict = age_reader_end(&reader, keep, opened);
    age_reader_wipe(&reader);
    return verdict;
}

static void a_file_as_text_is_opened_whole_or_refused(void **state)
{
    static const size_t pieces[] = {1, 100, 1 << 20};
    struct bytes_of_test sealed = sealed_of(AGE_CHUNK_SIZE + 5, 4096);
    struct bytes_of_test text = armored_of(&sealed);
    for (size_t k = 0; k < 3; k++) {
        struct bytes_of_test opened = {.takes = SIZE_MAX};
        assert_int_equal(open_armored(text.data, text.len, pieces[k], &opened),
                         AGE_WHOLE);
        assert_int_equal(opened.len, AGE_CHUNK_SIZE + 5);
        assert_beginning(&opened, AGE_CHUNK_SIZE + 5);
        free(opened.data);
    }
    for (size_t at = 0; at < text.len; at += at < 600 || at + 200 > text.len ? 1 : 997) {
        struct bytes_of_test opened = {.takes = SIZE_MAX};
        uint8_t was = text.data[at];
        text.data[at] = '!';
        if (open_armored(text.data, text.len, 100, &opened) != AGE_BAD_ARMOR)
            fail_msg("letter %zu", at);
        assert_beginning(&opened, AGE_CHUNK_SIZE + 5);
        text.data[at] = was;
        free(opened.data);
    }
    struct bytes_of_test opened = {.takes = SIZE_MAX};
    assert_int_equal(open_armored(text.data, text.len - strlen(ARMOR_END), 100, &opened),
                     AGE_BAD_ARMOR);
    free(opened.data);
    opened = (struct bytes_of_test){.takes = 0};
    assert_int_equal(open_armored(text.data, text.len, 1 << 20, &opened), AGE_STOPPED);
    free(opened.data);
    free(text.data);
    free(sealed.data);
}

/* ---- one chunk ---- */

static void a_chunk_has_room_for_so_much_and_the_last_one_is_not_empty(void **state)
{
    static uint8_t plain[AGE_CHUNK_SIZE + 1], sealed[AGE_CHUNK_SIZE + 1 + AGE_TAG_SIZE];
    static const uint8_t file_key[AGE_FILE_KEY_SIZE] = {1}, nonce[AGE_NONCE_SIZE] = {2};
    struct age_stream writer, reader;
    age_stream_init(&writer, file_key, nonce);
    age_stream_init(&reader, file_key, nonce);
    age_stream_seal(&writer, sealed, plain, AGE_CHUNK_SIZE, false);
    assert_false(age_stream_open(&reader, plain, sealed, sizeof(sealed), false));
    assert_true(
        age_stream_open(&reader, plain, sealed, AGE_CHUNK_SIZE + AGE_TAG_SIZE, false));

    age_stream_seal(&writer, sealed, plain, 0, true);
    assert_false(age_stream_open(&reader, plain, sealed, AGE_TAG_SIZE, true));
}

static void a_header_without_an_end_is_refused(void **state)
{
    static struct age_reader reader;
    struct bytes_of_test opened = {.takes = SIZE_MAX};
    age_reader_init(&reader, &key, 1, false);
    enum age_verdict verdict = AGE_MORE;
    size_t put = 0;
    for (; verdict == AGE_MORE; put++)
        verdict = age_reader_put(&reader, (const uint8_t *)"x", 1, keep, &opened);
    assert_int_equal(verdict, AGE_BAD_HEADER);
    assert_int_equal(put, AGE_HEADER_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_any_length_is_opened_again),
        cmocka_unit_test(a_file_that_is_cut_off_is_never_whole),
        cmocka_unit_test(a_file_that_is_changed_is_never_whole),
        cmocka_unit_test(something_behind_the_end_is_noticed),
        cmocka_unit_test(chunks_are_neither_swapped_nor_left_out),
        cmocka_unit_test(who_takes_no_more_is_asked_no_more),
        cmocka_unit_test(a_passphrase_opens_what_it_sealed),
        cmocka_unit_test(a_file_as_text_is_opened_whole_or_refused),
        cmocka_unit_test(a_chunk_has_room_for_so_much_and_the_last_one_is_not_empty),
        cmocka_unit_test(a_header_without_an_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
