/* Which seals a file opens: for each record the earliest that covers it, and no more than
 * a file may have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "node/core/evidence_seals.h"
#include "proto/limits.h"

/* The private tree grows by two with each seal, the shared one with each second seal by
 * one. */
static struct evidence_seals seals_of(uint64_t len)
{
    struct evidence_seals seals = {.can_open = true, .len = len};
    seals.seals = calloc(len + 1, sizeof(*seals.seals));
    assert_non_null(seals.seals);
    for (uint64_t i = 0; i < len; i++) {
        seals.seals[i].sizes[0] = 2 * i;
        seals.seals[i].sizes[1] = i / 2;
    }
    return seals;
}

static void of_each_position_the_earliest_seal_is_opened(void **state)
{
    struct evidence_seals seals = seals_of(9);
    struct evidence_sealed sealed;
    (void)state;
    evidence_seals_need(&seals, TREE_PRIVATE, 4);
    evidence_seals_need(&seals, TREE_PRIVATE, 5);
    evidence_seals_need(&seals, TREE_SHARED, 2);
    evidence_seals_need(&seals, TREE_SHARED, 0);
    evidence_seals_need(&seals, TREE_PRIVATE, 16); /* none covers that */
    evidence_seals_count(&seals);

    for (uint64_t i = 0; i < seals.len; i++) {
        assert_int_equal(seals.seals[i].is_opened[0], i == 3);
        assert_int_equal(seals.seals[i].is_opened[1], i == 2 || i == 6);
    }
    assert_true(evidence_seals_find(&seals, TREE_SHARED, 0, &sealed));
    assert_int_equal(sealed.numbers[1], 0);
    assert_true(evidence_seals_find(&seals, TREE_PRIVATE, 5, &sealed));
    assert_int_equal(sealed.numbers[0], 1);
    assert_int_equal(sealed.sizes[0], 6);
    assert_true(
        evidence_seals_find(&seals, TREE_SHARED, 1, &sealed)); /* by a later one */
    assert_int_equal(sealed.numbers[1], 2);
    assert_false(evidence_seals_find(&seals, TREE_SHARED, 3, &sealed));
    assert_false(evidence_seals_find(&seals, TREE_PRIVATE, 16, &sealed));
    evidence_seals_free(&seals);
}

static void under_another_key_nothing_is_opened(void **state)
{
    struct evidence_seals seals = seals_of(9);
    struct evidence_sealed sealed;
    (void)state;
    seals.can_open = false;
    evidence_seals_need(&seals, TREE_PRIVATE, 4);
    evidence_seals_count(&seals);

    assert_false(evidence_seals_find(&seals, TREE_PRIVATE, 4, &sealed));
    evidence_seals_free(&seals);
}

static void of_more_than_a_file_may_open_the_newest_are(void **state)
{
    const uint64_t len = EVIDENCE_OPENED_MAX + 100;
    struct evidence_seals seals = seals_of(len);
    struct evidence_sealed sealed;
    uint32_t opened = 0;
    (void)state;
    for (uint64_t i = 0; i + 1 < len; i++)
        evidence_seals_need(&seals, TREE_PRIVATE, 2 * i);
    evidence_seals_need(&seals, TREE_SHARED, len / 2 - 2);

    evidence_seals_count(&seals);

    for (uint64_t i = 0; i < len; i++)
        opened += seals.seals[i].is_opened[0] + seals.seals[i].is_opened[1];
    assert_int_equal(opened, EVIDENCE_OPENED_MAX);
    assert_false(seals.seals[100].is_opened[0]);
    assert_true(seals.seals[len - 1].is_opened[0]);
    assert_true(evidence_seals_find(&seals, TREE_PRIVATE, 0, &sealed));
    assert_int_equal(sealed.numbers[0], 0); /* the first that is left covers it, too */
    assert_true(evidence_seals_find(&seals, TREE_SHARED, len / 2 - 2, &sealed));
    assert_true(sealed.numbers[1] > EVIDENCE_OPENED_MAX - 10);
    evidence_seals_free(&seals);
}

static void a_machine_that_has_sealed_nothing_opens_nothing(void **state)
{
    struct evidence_seals seals = seals_of(0);
    struct evidence_sealed sealed;
    (void)state;
    evidence_seals_need(&seals, TREE_SHARED, 0);
    evidence_seals_count(&seals);
    assert_false(evidence_seals_find(&seals, TREE_SHARED, 0, &sealed));
    evidence_seals_free(&seals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_each_position_the_earliest_seal_is_opened),
        cmocka_unit_test(under_another_key_nothing_is_opened),
        cmocka_unit_test(of_more_than_a_file_may_open_the_newest_are),
        cmocka_unit_test(a_machine_that_has_sealed_nothing_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
