#include "crypto/lattice.h"

#include "vector.h"

/* The wanted values were computed with Python's hashlib. */

static void assert_digest(const struct lattice *lattice, const char *wanted)
{
    uint8_t out[DIGEST_SIZE];
    digest_of(out, "fengqiao/1/pair", lattice->bytes, sizeof(lattice->bytes));
    vector_assert(out, sizeof(out), wanted);
}

static void make_elements(uint8_t a[static DIGEST_SIZE], uint8_t b[static DIGEST_SIZE])
{
    memset(a, 1, DIGEST_SIZE);
    for (uint8_t i = 0; i < DIGEST_SIZE; i++)
        b[i] = i;
}

static void lattice_of_known_sets_is_as_computed_elsewhere(void **state)
{
    uint8_t a[DIGEST_SIZE], b[DIGEST_SIZE];
    struct lattice lattice = {{0}};
    make_elements(a, b);

    assert_digest(&lattice,
                  "61180f01897f099730bbd53e63776aae08d4db39cae84db82a1ccbd33780e842");
    lattice_add(&lattice, a);
    vector_assert(lattice.bytes, 16, "8badbbc03bd3b3fe44513f21f5f945d3");
    assert_digest(&lattice,
                  "6068e15d85c5999d25e0a252e59b73e66445dfc325c59a4c58f0d0cdaa355489");
    lattice_add(&lattice, b);
    assert_digest(&lattice,
                  "8ee058ce04842152e9161c23eb42ca0a58fc19b82644557c9cb476bdc040ad16");
}

static void lattice_forgets_the_order_in_which_its_set_grew_and_shrank(void **state)
{
    enum { ELEMENTS = 300 };
    struct lattice forth = {{0}}, back = {{0}};
    uint8_t element[DIGEST_SIZE];

    for (uint16_t i = 0; i < ELEMENTS; i++) {
        digest_of(element, "element", &i, sizeof(i));
        lattice_add(&forth, element);
    }
    for (uint16_t i = 0; i < 2 * ELEMENTS; i++) {
        uint16_t number = (uint16_t)(2 * ELEMENTS - 1 - i);
        digest_of(element, "element", &number, sizeof(number));
        lattice_add(&back, element);
    }
    assert_memory_not_equal(forth.bytes, back.bytes, LATTICE_SIZE);
    for (uint16_t i = ELEMENTS; i < 2 * ELEMENTS; i++) {
        digest_of(element, "element", &i, sizeof(i));
        lattice_take_out(&back, element);
    }

    assert_memory_equal(forth.bytes, back.bytes, LATTICE_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lattice_of_known_sets_is_as_computed_elsewhere),
        cmocka_unit_test(lattice_forgets_the_order_in_which_its_set_grew_and_shrank),
    };
    return cmocka_run_group_tests_name("lattice", tests, NULL, NULL);
}
