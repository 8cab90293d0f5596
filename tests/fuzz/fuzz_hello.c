/*
 * fuzz_hello: the first bytes of a connection.
 *   input  preamble(4) ‖ material(32) ‖ first message(48) ‖ place(1) ‖ xor(1)
 * A preamble is read only in the one form that we write; a MAC holds for exactly what it
 * was made over.
 */
#include "fuzz.h"

#include "proto/hello.h"

static void take(struct fuzz_input *input, uint8_t *out, size_t len)
{
    struct bytes taken = fuzz_take(input, len);
    memset(out, 0, len);
    if (taken.len > 0)
        memcpy(out, taken.data, taken.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct {
        uint8_t preamble[HELLO_PREAMBLE_SIZE], first[HELLO_FIRST_SIZE];
    } hello;
    uint8_t written[HELLO_PREAMBLE_SIZE], material[32], key[32];
    uint8_t mac[HELLO_MAC_SIZE], other[HELLO_MAC_SIZE];
    enum noise_pattern pattern;
    take(&input, hello.preamble, sizeof(hello.preamble));
    take(&input, material, sizeof(material));
    take(&input, hello.first, sizeof(hello.first));
    if (!hello_parse(hello.preamble, &pattern))
        return 0;

    hello_preamble(written, pattern);
    HOLDS(memcmp(written, hello.preamble, sizeof(written)) == 0);
    hello_key(key, pattern, material);
    hello_mac(mac, key, hello.preamble, hello.first);
    uint8_t at = fuzz_u8(&input), change = fuzz_u8(&input);
    ((uint8_t *)&hello)[at % sizeof(hello)] ^= change;
    hello_mac(other, key, hello.preamble, hello.first);
    HOLDS((memcmp(mac, other, sizeof(mac)) == 0) == (change == 0));
    material[at % sizeof(material)] ^= 1;
    hello_key(key, pattern, material);
    hello_mac(other, key, hello.preamble, hello.first);
    HOLDS(memcmp(mac, other, sizeof(mac)) != 0);
    return 0;
}
