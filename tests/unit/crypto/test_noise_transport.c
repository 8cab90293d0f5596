#include "crypto/noise.h"

#include "crypto/noise_hash.h"
#include "vector.h"

#define PAYLOAD_LEN 10

static const uint8_t payload[PAYLOAD_LEN] = "a payload";

static struct noise_cipher cipher_of(uint64_t nonce)
{
    return (struct noise_cipher){.key = {1, 2, 3}, .nonce = nonce, .has_key = true};
}

static void transport_messages_open_in_order_only_once(void **state)
{
    struct noise_cipher send = cipher_of(0), receive = cipher_of(0);
    uint8_t first[32], second[32], out[32];
    assert_true(noise_seal(&send, (const uint8_t *)"1", 1, first));
    assert_true(noise_seal(&send, (const uint8_t *)"2", 1, second));

    assert_false(noise_open(&receive, second, 17, out));
    assert_true(noise_open(&receive, first, 17, out));
    assert_int_equal(out[0], '1');
    assert_false(noise_open(&receive, first, 17, out));
    assert_true(noise_open(&receive, second, 17, out));
    assert_int_equal(out[0], '2');
}

static void F2_each_flipped_bit_of_a_transport_message_is_refused(void **state)
{
    struct noise_cipher send = cipher_of(7), receive = cipher_of(7);
    uint8_t sealed[64], out[64];
    assert_true(noise_seal(&send, payload, sizeof(payload), sealed));
    const size_t len = sizeof(payload) + NOISE_TAG_SIZE;

    for (size_t bit = 0; bit < len * 8; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_false(noise_open(&receive, sealed, len, out));
        sealed[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    for (size_t cut = 0; cut < len; cut++)
        assert_false(noise_open(&receive, sealed, cut, out));

    assert_int_equal(receive.nonce, 7);
    assert_true(noise_open(&receive, sealed, len, out));
    assert_int_equal(receive.nonce, 8);
}

static void transport_works_in_place(void **state)
{
    struct noise_cipher send = cipher_of(0), receive = cipher_of(0);
    uint8_t buffer[PAYLOAD_LEN + NOISE_TAG_SIZE];
    memcpy(buffer, payload, PAYLOAD_LEN);

    assert_true(noise_seal(&send, buffer, PAYLOAD_LEN, buffer));
    assert_true(noise_open(&receive, buffer, sizeof(buffer), buffer));

    assert_memory_equal(buffer, payload, PAYLOAD_LEN);
}

static void transport_refuses_when_the_counter_is_used_up(void **state)
{
    struct noise_cipher send = cipher_of(UINT64_MAX - 1), receive = send;
    uint8_t sealed[32], untouched[32], out[32];
    memset(untouched, 0xaa, sizeof(untouched));

    assert_true(noise_seal(&send, payload, 1, sealed));
    assert_true(noise_open(&receive, sealed, 17, out));
    memset(sealed, 0xaa, sizeof(sealed));
    assert_false(noise_seal(&send, payload, 1, sealed));
    assert_memory_equal(sealed, untouched, sizeof(sealed));
    /* A peer that went on all the same: right in all but its nonce. */
    uint8_t last_nonce[12] = {0};
    memset(last_nonce + 4, 0xff, 8);
    crypto_aead_chacha20poly1305_ietf_encrypt(sealed, NULL, payload, 1, NULL, 0, NULL,
                                              last_nonce, receive.key);
    assert_false(noise_open(&receive, sealed, 17, out));

    assert_true(send.nonce == UINT64_MAX);
    assert_true(receive.nonce == UINT64_MAX);
}

static void transport_refuses_a_message_above_the_limit(void **state)
{
    static uint8_t sealed[NOISE_MESSAGE_MAX + 1], out[NOISE_MESSAGE_MAX];
    struct noise_cipher receive = cipher_of(0);

    assert_false(noise_open(&receive, sealed, sizeof(sealed), out));
}

/* §4.2: the first 32 bytes of ENCRYPT(k, 2^64 - 1, zerolen, 32 zeros), which is to say:
 * of the ChaCha20 stream from block 1 on. The counter goes on. */
static void rekey_is_as_the_specification_defines_it(void **state)
{
    struct noise_cipher cipher = cipher_of(41);
    uint8_t nonce[12], wanted[NOISE_KEY_SIZE] = {0};
    memset(nonce, 0, 4);
    memset(nonce + 4, 0xff, 8);
    assert_int_equal(crypto_stream_chacha20_ietf_xor_ic(wanted, wanted, sizeof(wanted),
                                                        nonce, 1, cipher.key),
                     0);

    noise_rekey(&cipher);

    assert_memory_equal(cipher.key, wanted, sizeof(wanted));
    assert_true(cipher.nonce == 41);
}

static void sides_that_rekey_together_go_on_and_alone_do_not(void **state)
{
    struct noise_cipher send = cipher_of(3), receive = cipher_of(3);
    uint8_t sealed[32], out[32];
    noise_rekey(&send);
    assert_true(noise_seal(&send, payload, 1, sealed));
    assert_false(noise_open(&receive, sealed, 17, out));

    noise_rekey(&receive);

    assert_true(noise_open(&receive, sealed, 17, out));
}

/* ---- HMAC and HKDF over BLAKE2b; the wanted values are from Python's hmac ---- */

static void hmac_blake2b_is_rfc2104(void **state)
{
    uint8_t key[64], out[NOISE_HASH_SIZE];
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t)i;

    noise_hash_hmac(out, key, sizeof(key), (const uint8_t *)"what do ", 8,
                    (const uint8_t *)"ya want", 7);

    vector_assert(out, sizeof(out),
                  "5816e8512cee641433558227fbd46397da77fe774463b68480076237689ee15b"
                  "58c9d30a13a14a8849b4d89aadbf76b24b7dbaab3e6c1f8edbe36a23afb2712e");
}

static void a_key_of_no_bytes_is_a_key(void **state)
{
    uint8_t out[NOISE_HASH_SIZE];

    noise_hash_hmac(out, NULL, 0, (const uint8_t *)"message", 7, NULL, 0);

    vector_assert(out, sizeof(out),
                  "dddc388800f00458e7732811568eaebd502c1d6adc6bcbd1ff3d944e9aa3cfa2"
                  "976f528623313415f6d777a36e3bd3bc5af6490a7eda59c866fc93879652191a");
}

static void hkdf_yields_the_documented_outputs(void **state)
{
    static const char *const wanted[] = {
        ("b257cf2863e7aa7f84d41d31e58df6dfb1e0a6cf3172192cc35eba2625a21975"
         "db4475b2ef89316383acac6b2ac7cf03f7583e0ff20a64fb208fa5b1199f835f"),
        ("4f4d712feaff914e80db4d0d400a46056854134b5001018c4f1fe19bb477053c"
         "5a9b92f8c937b1328c0ae7e51895b8d68068bc84d59436cc3b75de5a2d6d0630"),
        ("c3e03a921f0f492329fe003e995b982fdd8c0596cc3575e01c2f24234e05e477"
         "8d233726d60ffe48a7d9ef235a6ff5fac555bafcfdd1272c4763ded2e01c0c3f")};
    uint8_t chaining_key[NOISE_HASH_SIZE], input[32], out[3][NOISE_HASH_SIZE];
    for (size_t i = 0; i < sizeof(chaining_key); i++)
        chaining_key[i] = (uint8_t)i;
    memcpy(input, chaining_key, sizeof(input));

    for (size_t count = 2; count <= 3; count++) {
        noise_hash_kdf(out, count, chaining_key, input, sizeof(input));
        for (size_t i = 0; i < count; i++)
            vector_assert(out[i], NOISE_HASH_SIZE, wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transport_messages_open_in_order_only_once),
        cmocka_unit_test(F2_each_flipped_bit_of_a_transport_message_is_refused),
        cmocka_unit_test(transport_works_in_place),
        cmocka_unit_test(transport_refuses_when_the_counter_is_used_up),
        cmocka_unit_test(transport_refuses_a_message_above_the_limit),
        cmocka_unit_test(rekey_is_as_the_specification_defines_it),
        cmocka_unit_test(sides_that_rekey_together_go_on_and_alone_do_not),
        cmocka_unit_test(hmac_blake2b_is_rfc2104),
        cmocka_unit_test(a_key_of_no_bytes_is_a_key),
        cmocka_unit_test(hkdf_yields_the_documented_outputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
