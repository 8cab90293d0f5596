/* A beacon: who recognises it, and that nobody else could. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/rng.h"
#include "proto/beacon.h"

#define PORT 7450

static const uint8_t noise_key[32] = {1, 2, 3}, other_key[32] = {1, 2, 4};
static const uint8_t psk[32] = {9, 8, 7};

/* seed: of the dice, so that two beacons may have the same. */
static void make(uint8_t beacon[static BEACON_SIZE], uint64_t seed)
{
    struct rng_keyed *dice = rng_keyed_new(seed, 1);
    struct rng rng = rng_keyed_rng(dice);
    assert_non_null(dice);
    rng_fill(&rng, "test", NULL, beacon, BEACON_SIZE);
    rng_keyed_free(dice);
    beacon_begin(beacon);
}

static void make_of(uint8_t beacon[static BEACON_SIZE], uint64_t seed)
{
    uint8_t key[BEACON_KEY_SIZE];
    make(beacon, seed);
    beacon_key_of_machine(key, noise_key);
    beacon_call(beacon, key, PORT);
}

static bool is_of(const uint8_t *beacon, size_t len, const uint8_t *noise, uint16_t *port)
{
    uint8_t key[BEACON_KEY_SIZE];
    beacon_key_of_machine(key, noise);
    return beacon_is_of(bytes_of(beacon, len), key, port);
}

static bool has_code(const uint8_t *beacon, const uint8_t *code, uint16_t *port)
{
    uint8_t key[BEACON_KEY_SIZE];
    beacon_key_of_code(key, code);
    return beacon_is_of_code(bytes_of(beacon, BEACON_SIZE), key, port);
}

static void who_knows_the_key_learns_the_port_and_nobody_else(void **state)
{
    uint8_t beacon[BEACON_SIZE];
    uint16_t port = 0;
    make_of(beacon, 1);

    assert_true(is_of(beacon, sizeof(beacon), noise_key, &port));
    assert_int_equal(port, PORT);
    assert_false(is_of(beacon, sizeof(beacon), other_key, &port));
    assert_false(has_code(beacon, psk, &port));
    assert_false(has_code(beacon, noise_key, &port));
}

static void who_knows_the_code_learns_the_port_in_any_slot(void **state)
{
    uint8_t beacon[BEACON_SIZE], key[BEACON_KEY_SIZE];
    beacon_key_of_code(key, psk);
    for (uint32_t slot = 0; slot < BEACON_CODES; slot++) {
        uint16_t port = 0;
        make_of(beacon, slot);
        beacon_call_code(beacon, slot, key, 65535);

        assert_true(has_code(beacon, psk, &port));
        assert_int_equal(port, 65535);
        assert_false(has_code(beacon, other_key, &port));
        assert_true(is_of(beacon, sizeof(beacon), noise_key, &port));
        assert_int_equal(port, PORT);
    }
}

static void a_code_is_no_machine_and_a_machine_no_code(void **state)
{
    uint8_t beacon[BEACON_SIZE], key[BEACON_KEY_SIZE];
    uint16_t port;
    make(beacon, 1);
    beacon_key_of_code(key, psk);
    beacon_call(beacon, key, PORT);

    assert_false(has_code(beacon, psk, &port)); /* it stands in the wrong slot */
    assert_false(is_of(beacon, sizeof(beacon), psk, &port));
}

static void a_beacon_that_was_changed_anywhere_is_nobodys(void **state)
{
    uint8_t beacon[BEACON_SIZE];
    uint16_t port;
    size_t end = BEACON_MAGIC_SIZE + BEACON_RANDOM_SIZE + BEACON_SLOT_SIZE;
    make_of(beacon, 1);
    for (size_t i = 0; i < end; i++) {
        for (int bit = 0; bit < 8; bit++) {
            beacon[i] ^= (uint8_t)(1 << bit);
            assert_false(is_of(beacon, sizeof(beacon), noise_key, &port));
            beacon[i] ^= (uint8_t)(1 << bit);
        }
    }
    assert_true(is_of(beacon, sizeof(beacon), noise_key, &port));
}

static void a_beacon_has_one_size(void **state)
{
    uint8_t beacon[BEACON_SIZE + 1] = {0};
    uint16_t port;
    make_of(beacon, 1);
    assert_int_equal(BEACON_SIZE, 110);
    for (size_t len = 0; len < BEACON_SIZE; len++)
        assert_false(is_of(beacon, len, noise_key, &port));
    assert_false(is_of(beacon, BEACON_SIZE + 1, noise_key, &port));
}

static void a_code_is_looked_for_in_a_beacon_alone(void **state)
{
    uint8_t beacon[BEACON_SIZE], key[BEACON_KEY_SIZE];
    uint16_t port;
    make(beacon, 1);
    beacon_key_of_code(key, psk);
    beacon_call_code(beacon, 0, key, PORT);
    assert_true(beacon_is_of_code(bytes_of(beacon, BEACON_SIZE), key, &port));
    assert_false(beacon_is_of_code(bytes_of(beacon, BEACON_SIZE - 1), key, &port));
    beacon[3]++; /* the version */
    assert_false(beacon_is_of_code(bytes_of(beacon, BEACON_SIZE), key, &port));
}

static void an_address_with_colons_stands_in_brackets(void **state)
{
    char address[64];
    beacon_address(address, sizeof(address), "192.168.4.1", 7450);
    assert_string_equal(address, "192.168.4.1:7450");
    beacon_address(address, sizeof(address), "fe80::1%eth0", 7450);
    assert_string_equal(address, "[fe80::1%eth0]:7450");
}

static void two_beacons_of_one_machine_have_nothing_in_common(void **state)
{
    uint8_t first[BEACON_SIZE], second[BEACON_SIZE];
    const size_t slot = BEACON_MAGIC_SIZE + BEACON_RANDOM_SIZE;
    make_of(first, 1);
    make_of(second, 2);
    assert_memory_equal(first, second, BEACON_MAGIC_SIZE);
    assert_memory_not_equal(first + BEACON_MAGIC_SIZE, second + BEACON_MAGIC_SIZE,
                            BEACON_RANDOM_SIZE);
    assert_memory_not_equal(first + slot, second + slot, BEACON_TAG_SIZE);
    assert_memory_not_equal(first + slot + BEACON_TAG_SIZE,
                            second + slot + BEACON_TAG_SIZE, 2);
}

/* Under the same dice, so that what differs is what the key says. */
static void nothing_of_a_key_or_a_port_stands_in_it(void **state)
{
    uint8_t empty[BEACON_SIZE], said[BEACON_SIZE];
    make(empty, 1);
    make_of(said, 1);
    const size_t slot = BEACON_MAGIC_SIZE + BEACON_RANDOM_SIZE;
    assert_memory_equal(empty, said, slot);
    assert_memory_equal(empty + slot + BEACON_SLOT_SIZE, said + slot + BEACON_SLOT_SIZE,
                        BEACON_SIZE - slot - BEACON_SLOT_SIZE);
    for (size_t i = 0; i + 4 <= BEACON_SIZE; i++)
        assert_memory_not_equal(said + i, noise_key, 4);
    assert_int_not_equal(
        said[slot + BEACON_TAG_SIZE] << 8 | said[slot + BEACON_TAG_SIZE + 1], PORT);
}

/* Frozen: docs/PROTOCOL.md §12 for a second implementation. */
static void the_bytes_are_those_of_the_specification(void **state)
{
    static const char hex[] =
        "4651420100000000000000000000000000000000707a3f5a785432218175fcee408f478c"
        "d17b00000000000000000000000000000000000000000000000000000000000000000000"
        "000000000000000000000000000000000000000009f28cc1137ca7aa0a75dfa6c7599d57"
        "e8f5";
    uint8_t beacon[BEACON_SIZE] = {0}, key[BEACON_KEY_SIZE];
    char text[2 * BEACON_SIZE + 1];
    beacon_begin(beacon);
    beacon_key_of_machine(key, noise_key);
    beacon_call(beacon, key, PORT);
    beacon_key_of_code(key, psk);
    beacon_call_code(beacon, 3, key, PORT);
    hex_encode(text, beacon, sizeof(beacon));
    assert_string_equal(text, hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_knows_the_key_learns_the_port_and_nobody_else),
        cmocka_unit_test(who_knows_the_code_learns_the_port_in_any_slot),
        cmocka_unit_test(a_code_is_no_machine_and_a_machine_no_code),
        cmocka_unit_test(a_beacon_that_was_changed_anywhere_is_nobodys),
        cmocka_unit_test(a_beacon_has_one_size),
        cmocka_unit_test(a_code_is_looked_for_in_a_beacon_alone),
        cmocka_unit_test(an_address_with_colons_stands_in_brackets),
        cmocka_unit_test(two_beacons_of_one_machine_have_nothing_in_common),
        cmocka_unit_test(nothing_of_a_key_or_a_port_stands_in_it),
        cmocka_unit_test(the_bytes_are_those_of_the_specification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
