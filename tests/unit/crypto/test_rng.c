#include "crypto/rng.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vector.h"

static const uint8_t scope_a[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                    22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
static const uint8_t scope_b[32] = {1};

static void system_randomness_differs_from_draw_to_draw(void **state)
{
    struct rng rng = rng_system();
    uint8_t one[32] = {0}, other[32] = {0};

    rng_fill(&rng, "test", NULL, one, sizeof(one));
    rng_fill(&rng, "test", scope_a, other, sizeof(other));

    assert_memory_not_equal(one, other, sizeof(one));
    assert_false(sodium_is_zero(one, sizeof(one)));
}

/* Computed with Python's hashlib, so that a seed means the same on every machine. */
static void keyed_stream_is_the_documented_one(void **state)
{
    struct rng_keyed *keyed = rng_keyed_new(1, 2);
    struct rng rng = rng_keyed_rng(keyed);
    uint8_t out[80];

    rng_fill(&rng, "op-secret", NULL, out, 32);
    vector_assert(out, 32,
                  "e55b39157bb1ae66283953f058245f98be7d67e44b5bc3837d010b90c244de4c");

    rng_fill(&rng, "op-secret", scope_a, out, 1);
    rng_fill(&rng, "op-secret", scope_a, out, sizeof(out));
    vector_assert(out, sizeof(out),
                  "9a3047a98dbd7eb530bade5ce6c11d58c2e56002621794a524d912b008f97e0c"
                  "f228e3f659790c371031329bfccb7caa27248c3226d72d847e6269e41efc146e"
                  "2036a9e09c01b2d26bf30e78396a17b2");
    rng_keyed_free(keyed);
}

static void draws_in_one_scope_move_no_byte_in_another(void **state)
{
    struct rng_keyed *quiet = rng_keyed_new(7, 1), *busy = rng_keyed_new(7, 1);
    struct rng one = rng_keyed_rng(quiet), other = rng_keyed_rng(busy);
    uint8_t wanted[48], got[48], noise[1000];

    for (int i = 0; i < 100; i++) {
        rng_fill(&other, "salt", scope_b, noise, sizeof(noise));
        rng_fill(&other, "other purpose", scope_a, noise, 1);
        rng_fill(&one, "salt", scope_a, wanted, sizeof(wanted));
        rng_fill(&other, "salt", scope_a, got, sizeof(got));
        assert_memory_equal(got, wanted, sizeof(got));
    }
    rng_keyed_free(quiet);
    rng_keyed_free(busy);
}

static void length_of_a_draw_does_not_move_the_next(void **state)
{
    struct rng_keyed *few = rng_keyed_new(7, 1), *many = rng_keyed_new(7, 1);
    struct rng one = rng_keyed_rng(few), other = rng_keyed_rng(many);
    uint8_t a[300], b[300];

    rng_fill(&one, "salt", NULL, a, 0);
    rng_fill(&other, "salt", NULL, b, 300);
    rng_fill(&one, "salt", NULL, a, 64);
    rng_fill(&other, "salt", NULL, b, 64);

    assert_memory_equal(a, b, 64);
    rng_keyed_free(few);
    rng_keyed_free(many);
}

static void seed_node_purpose_scope_and_count_each_make_another_stream(void **state)
{
    const struct {
        uint64_t seed, node;
        const char *purpose;
        const uint8_t *scope;
        int draws_before;
    } streams[] = {
        {1, 1, "salt", NULL, 0},    {2, 1, "salt", NULL, 0}, {1, 2, "salt", NULL, 0},
        {1, 1, "salts", NULL, 0},   {1, 1, "", NULL, 0},     {1, 1, "salt", scope_a, 0},
        {1, 1, "salt", scope_b, 0}, {1, 1, "salt", NULL, 1}, {1, 1, "salt", NULL, 2},
        {1, 1, "salt", scope_a, 1},
    };
    uint8_t drawn[COUNT(streams)][32];

    for (size_t i = 0; i < COUNT(streams); i++) {
        struct rng_keyed *keyed = rng_keyed_new(streams[i].seed, streams[i].node);
        struct rng rng = rng_keyed_rng(keyed);
        for (int n = 0; n <= streams[i].draws_before; n++)
            rng_fill(&rng, streams[i].purpose, streams[i].scope, drawn[i], 32);
        rng_keyed_free(keyed);
    }

    for (size_t i = 0; i < COUNT(streams); i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(drawn[i], drawn[j], 32);
}

/* Draws once from each of count streams. */
static void draw_from_streams(struct rng *rng, uint32_t count, uint8_t *out, size_t len)
{
    for (uint32_t i = 0; i < count; i++) {
        uint8_t scope[32] = {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16)};
        rng_fill(rng, "op-secret", scope, out, len);
    }
}

static void counters_survive_sixty_thousand_streams(void **state)
{
    struct rng_keyed *keyed = rng_keyed_new(1, 2);
    struct rng rng = rng_keyed_rng(keyed);
    uint8_t first[32], second[32], again[32];

    rng_fill(&rng, "op-secret", NULL, first, sizeof(first));
    draw_from_streams(&rng, RNG_KEYED_STREAMS_MAX - 1, again, 1);
    rng_fill(&rng, "op-secret", NULL, second, sizeof(second));

    struct rng_keyed *fresh = rng_keyed_new(1, 2);
    struct rng fresh_rng = rng_keyed_rng(fresh);
    rng_fill(&fresh_rng, "op-secret", NULL, again, sizeof(again));
    assert_memory_equal(again, first, sizeof(again));
    rng_fill(&fresh_rng, "op-secret", NULL, again, sizeof(again));
    assert_memory_equal(again, second, sizeof(again));
    rng_keyed_free(keyed);
    rng_keyed_free(fresh);
}

/* A forgotten counter would repeat a draw in silence, so one stream too many must stop.
 */
static void one_stream_too_many_aborts(void **state)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &no_core); /* A core file would only be litter. */
        (void)signal(SIGABRT, SIG_DFL);         /* cmocka's handler is not wanted here. */
        (void)close(STDERR_FILENO);             /* Nor is assert's line. */
        struct rng_keyed *keyed = rng_keyed_new(1, 2);
        struct rng rng = rng_keyed_rng(keyed);
        uint8_t out[1];
        draw_from_streams(&rng, RNG_KEYED_STREAMS_MAX + 1, out, 1);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void keyed_free_accepts_null(void **state)
{
    rng_keyed_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(system_randomness_differs_from_draw_to_draw),
        cmocka_unit_test(keyed_stream_is_the_documented_one),
        cmocka_unit_test(draws_in_one_scope_move_no_byte_in_another),
        cmocka_unit_test(length_of_a_draw_does_not_move_the_next),
        cmocka_unit_test(seed_node_purpose_scope_and_count_each_make_another_stream),
        cmocka_unit_test(counters_survive_sixty_thousand_streams),
        cmocka_unit_test(one_stream_too_many_aborts),
        cmocka_unit_test(keyed_free_accepts_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
