/* One work on many items: each item once, and all of them done on return. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/parallel.h"

static void add_number(void *context, uint32_t i)
{
    ((uint32_t *)context)[i] += i + 1;
}

static void every_item_is_worked_on_once(void **state)
{
    (void)state;
    static const uint32_t lens[] = {0, 1, 15, 16, 17, 31, 32, 33, 10000};
    for (size_t n = 0; n < sizeof(lens) / sizeof(lens[0]); n++) {
        uint32_t *items = calloc((size_t)lens[n] + 1, sizeof(*items));
        assert_non_null(items);

        parallel_each(lens[n], add_number, items);

        for (uint32_t i = 0; i < lens[n]; i++)
            assert_int_equal(items[i], i + 1);
        assert_int_equal(items[lens[n]], 0);
        free(items);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_worked_on_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
