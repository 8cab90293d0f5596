#include "crypto/wrap.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vector.h"

/* Where the parts begin; crypto/wrap.h has the layout. */
#define PASSES_AT 40
#define KIB_AT 44
#define SEALED_AT 88

static const char pin[] = "482913";
#define PIN_LEN (sizeof(pin) - 1)

/* Argon2id takes a while, so one wrapped key serves all tests. */
static uint8_t seed[KEY_SEED_SIZE], wrapped[WRAP_SIZE];

static int seal_sample(void **state)
{
    uint8_t random[40];
    for (size_t i = 0; i < sizeof(seed); i++)
        seed[i] = (uint8_t)(i + 1);
    for (size_t i = 0; i < sizeof(random); i++)
        random[i] = (uint8_t)(i + 100);
    return wrap_seal(wrapped, seed, pin, PIN_LEN, random) == WRAP_OK ? 0 : -1;
}

static void put_u32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void wrapped_key_opens_with_its_pin(void **state)
{
    uint8_t opened[KEY_SEED_SIZE];

    assert_int_equal(wrap_open(opened, wrapped, pin, PIN_LEN), WRAP_OK);

    assert_memory_equal(opened, seed, sizeof(seed));
}

static void wrapped_key_names_its_public_key_and_cost(void **state)
{
    uint8_t public_key[KEY_SIZE];
    key_sign_public(public_key, seed);

    const uint8_t *named = wrap_public_key(wrapped, sizeof(wrapped));

    assert_non_null(named);
    assert_memory_equal(named, public_key, sizeof(public_key));
    vector_assert(wrapped, 8, "46514b4559000100");
    vector_assert(wrapped + PASSES_AT, 8, "0000000300010000");
}

static void wrapped_key_does_not_show_the_seed(void **state)
{
    assert_null(memmem(wrapped, sizeof(wrapped), seed, 8));
}

static void wrong_pin_is_refused_and_leaves_no_seed(void **state)
{
    uint8_t opened[KEY_SEED_SIZE];
    memset(opened, 0xaa, sizeof(opened));

    assert_int_equal(wrap_open(opened, wrapped, "482914", 6), WRAP_WRONG_PIN);

    assert_true(sodium_is_zero(opened, sizeof(opened)));
    assert_int_equal(wrap_open(opened, wrapped, pin, PIN_LEN - 1), WRAP_WRONG_PIN);
    assert_int_equal(wrap_open(opened, wrapped, "", 0), WRAP_WRONG_PIN);
}

static void a_flipped_bit_in_each_part_is_refused(void **state)
{
    /* magic, public key, salt, nonce, seed, tag */
    static const struct {
        size_t at;
        enum wrap_result wanted;
    } flips[] = {{0, WRAP_DAMAGED},    {7, WRAP_DAMAGED},    {8, WRAP_WRONG_PIN},
                 {39, WRAP_WRONG_PIN}, {48, WRAP_WRONG_PIN}, {64, WRAP_WRONG_PIN},
                 {87, WRAP_WRONG_PIN}, {88, WRAP_WRONG_PIN}, {135, WRAP_WRONG_PIN}};
    for (size_t i = 0; i < COUNT(flips); i++) {
        uint8_t opened[KEY_SEED_SIZE], damaged[WRAP_SIZE];
        memcpy(damaged, wrapped, sizeof(damaged));
        damaged[flips[i].at] ^= 1;
        assert_int_equal(wrap_open(opened, damaged, pin, PIN_LEN), flips[i].wanted);
    }
}

static void cost_below_ours_that_was_not_sealed_so_is_refused(void **state)
{
    uint8_t opened[KEY_SEED_SIZE], cheap[WRAP_SIZE];
    memcpy(cheap, wrapped, sizeof(cheap));
    put_u32(cheap + PASSES_AT, 1);
    put_u32(cheap + KIB_AT, 8);

    assert_int_equal(wrap_open(opened, cheap, pin, PIN_LEN), WRAP_WRONG_PIN);
}

static void costs_above_ours_or_none_are_damage(void **state)
{
    static const struct {
        uint32_t passes, kib;
    } costs[] = {{4, 65536},      {3, 65537},      {UINT32_MAX, 65536},
                 {3, UINT32_MAX}, {UINT32_MAX, 8}, {0, 65536},
                 {3, 0},          {3, 7},          {0x80000000, 65536}};
    for (size_t i = 0; i < COUNT(costs); i++) {
        uint8_t opened[KEY_SEED_SIZE], dear[WRAP_SIZE];
        memcpy(dear, wrapped, sizeof(dear));
        put_u32(dear + PASSES_AT, costs[i].passes);
        put_u32(dear + KIB_AT, costs[i].kib);
        assert_int_equal(wrap_open(opened, dear, pin, PIN_LEN), WRAP_DAMAGED);
        assert_null(wrap_public_key(dear, sizeof(dear)));
    }
}

/* 4 GiB and more than an hour's work are asked for; neither may be begun. */
static void costs_above_ours_are_refused_before_memory_is_taken(void **state)
{
    struct timespec before, after;
    uint8_t opened[KEY_SEED_SIZE], dear[WRAP_SIZE];
    struct rusage usage_before, usage_after;
    memcpy(dear, wrapped, sizeof(dear));
    put_u32(dear + PASSES_AT, UINT32_MAX);
    put_u32(dear + KIB_AT, 4u << 20);

    assert_int_equal(getrusage(RUSAGE_SELF, &usage_before), 0);
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(wrap_open(opened, dear, pin, PIN_LEN), WRAP_DAMAGED);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_int_equal(getrusage(RUSAGE_SELF, &usage_after), 0);

    /* Page faults of a 64 MiB or larger block would be 16,384 at the least. */
    assert_true(usage_after.ru_minflt - usage_before.ru_minflt < 1000);
    assert_true(after.tv_sec - before.tv_sec < 2);
}

static void wrapped_key_of_another_length_names_none(void **state)
{
    assert_null(wrap_public_key(wrapped, 0));
    assert_null(wrap_public_key(wrapped, WRAP_SIZE - 1));
    assert_null(wrap_public_key(wrapped, WRAP_SIZE + 1));
}

static void pin_above_the_limit_is_refused(void **state)
{
    static const uint8_t random[40];
    char long_pin[WRAP_PIN_MAX + 1];
    uint8_t out[WRAP_SIZE], opened[KEY_SEED_SIZE];
    memset(long_pin, '1', sizeof(long_pin));

    assert_int_equal(wrap_seal(out, seed, long_pin, sizeof(long_pin), random),
                     WRAP_WRONG_PIN);
    assert_int_equal(wrap_open(opened, wrapped, long_pin, sizeof(long_pin)),
                     WRAP_WRONG_PIN);
}

/* Seals another seed under the first's public key, with the right PIN: what a careless
 * tool might write. */
static void seed_of_another_public_key_is_damage(void **state)
{
    uint8_t forged[WRAP_SIZE], other[KEY_SEED_SIZE] = {9}, key[32], opened[KEY_SEED_SIZE];
    memcpy(forged, wrapped, sizeof(forged));
    assert_int_equal(crypto_pwhash(key, sizeof(key), pin, PIN_LEN, forged + 48,
                                   WRAP_PASSES, WRAP_MEMORY_BYTES,
                                   crypto_pwhash_ALG_ARGON2ID13),
                     0);
    crypto_aead_xchacha20poly1305_ietf_encrypt(forged + SEALED_AT, NULL, other,
                                               sizeof(other), forged, SEALED_AT, NULL,
                                               forged + 64, key);

    assert_int_equal(wrap_open(opened, forged, pin, PIN_LEN), WRAP_DAMAGED);

    assert_true(sodium_is_zero(opened, sizeof(opened)));
}

/* What this process has mapped now, in bytes; a sanitizer maps terabytes. */
static rlim_t mapped_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%lu", &pages) != 1)
        _exit(9);
    (void)fclose(file); /* Only read from. */
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Exit code of a child where RLIMIT_AS has no effect. */
#define NOT_LIMITED 8

static void out_of_memory_is_told_apart(void **state)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* Room for all but the 64 MiB. */
        const rlim_t limit = mapped_bytes() + (32u << 20);
        const struct rlimit small = {limit, limit};
        uint8_t opened[KEY_SEED_SIZE];
        if (setrlimit(RLIMIT_AS, &small) != 0)
            _exit(9);
        /* qemu-user takes the limit and does not hold us to it. */
        if (mmap(NULL, 64u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                 0) != MAP_FAILED)
            _exit(NOT_LIMITED);
        _exit((int)wrap_open(opened, wrapped, pin, PIN_LEN));
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NOT_LIMITED)
        skip();
    assert_int_equal(WEXITSTATUS(status), WRAP_NO_MEMORY);
}

static void pairing_code_is_stretched_by_the_documented_function(void **state)
{
    uint8_t psk[32], other[32], wanted[32];
    static const char code[] = "one two three four five six";

    assert_true(wrap_stretch(psk, code, sizeof(code) - 1));
    assert_true(wrap_stretch(other, code, sizeof(code) - 2));

    assert_int_equal(crypto_pwhash(wanted, sizeof(wanted), code, sizeof(code) - 1,
                                   (const uint8_t *)"fengqiao pairing", 3, 64u << 20,
                                   crypto_pwhash_ALG_ARGON2ID13),
                     0);
    assert_memory_equal(psk, wanted, sizeof(psk));
    assert_memory_not_equal(psk, other, sizeof(psk));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrapped_key_opens_with_its_pin),
        cmocka_unit_test(wrapped_key_names_its_public_key_and_cost),
        cmocka_unit_test(wrapped_key_does_not_show_the_seed),
        cmocka_unit_test(wrong_pin_is_refused_and_leaves_no_seed),
        cmocka_unit_test(a_flipped_bit_in_each_part_is_refused),
        cmocka_unit_test(cost_below_ours_that_was_not_sealed_so_is_refused),
        cmocka_unit_test(costs_above_ours_or_none_are_damage),
        cmocka_unit_test(costs_above_ours_are_refused_before_memory_is_taken),
        cmocka_unit_test(wrapped_key_of_another_length_names_none),
        cmocka_unit_test(pin_above_the_limit_is_refused),
        cmocka_unit_test(seed_of_another_public_key_is_damage),
        cmocka_unit_test(out_of_memory_is_told_apart),
        cmocka_unit_test(pairing_code_is_stretched_by_the_documented_function),
    };
    return cmocka_run_group_tests(tests, seal_sample, NULL);
}
