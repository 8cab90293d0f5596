/*
 * fuzz_age: whatever the file, it is judged alike in one piece and in many, gives the
 * same plaintext until then, and is never whole where a key of ours did not seal it.
 *   input  whether it is armored and how large the pieces are (1), the file
 */
#include "fuzz.h"

#include "crypto/age_reader.h"
#include "crypto/key.h"

#define PLAIN_MAX (1u << 20)

static const uint8_t secret[KEY_SIZE] = {7, 1};
static const struct age_key keys[] = {
    {.secret = secret},
};

static bool keep(void *context, const uint8_t *bytes, size_t len)
{
    struct buf *plain = context;
    if (len > 0)
        buf_add(plain, bytes, len);
    return plain->len < PLAIN_MAX;
}

static enum age_verdict read_file(struct bytes file, bool is_armored, size_t piece,
                                  struct buf *plain)
{
    static struct age_reader reader;
    enum age_verdict verdict = AGE_MORE;
    age_reader_init(&reader, keys, sizeof(keys) / sizeof(keys[0]), is_armored);
    for (size_t at = 0; at < file.len && verdict == AGE_MORE; at += piece) {
        size_t left = file.len - at;
        verdict = age_reader_put(&reader, file.data + at, left < piece ? left : piece,
                                 keep, plain);
        HOLDS(verdict != AGE_WHOLE);
    }
    verdict = age_reader_end(&reader, keep, plain);
    HOLDS(verdict != AGE_MORE);
    HOLDS(age_reader_end(&reader, keep, plain) == verdict);
    HOLDS(age_reader_put(&reader, file.data, file.len, keep, plain) == verdict);
    age_reader_wipe(&reader);
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    uint8_t options = fuzz_u8(&input);
    bool is_armored = (options & 1) != 0;
    struct bytes file = fuzz_take(&input, input.len);
    struct buf whole = {0}, pieces = {0};
    enum age_verdict verdict = read_file(file, is_armored, file.len + 1, &whole);
    HOLDS(read_file(file, is_armored, (size_t)(options >> 1) + 1, &pieces) == verdict);
    HOLDS(bytes_equal(buf_bytes(&whole), buf_bytes(&pieces)));
    HOLDS(verdict == AGE_WHOLE || verdict == AGE_BAD_PAYLOAD || whole.len == 0);
    buf_deinit(&whole);
    buf_deinit(&pieces);
    return 0;
}
