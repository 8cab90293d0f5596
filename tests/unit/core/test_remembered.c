/* What `due` answered last is said again only where nothing can have changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "node/core/state.h"

static const struct remembered_key asked = {.limit = 50, .changes = 7, .today = 20000};

static void assert_said(struct core *core, const struct remembered_key *key, bool is_said)
{
    struct buf out = {0};
    assert_int_equal(remembered_get(core, key, &out), is_said);
    assert_int_equal(out.len, is_said ? 3 : 0);
    buf_deinit(&out);
}

static struct core *new_core(void)
{
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    remembered_put(core, &asked, bytes_str("abc"));
    return core;
}

static void free_core(struct core *core)
{
    remembered_deinit(core);
    id_list_deinit(&core->touched);
    id_list_deinit(&core->changed);
    free(core);
}

static void the_same_question_gets_the_same_answer(void **state)
{
    struct core *core = new_core();
    assert_said(core, &asked, true);
    assert_said(core, &asked, true);
    free_core(core);
}

static void another_question_or_another_day_is_asked_anew(void **state)
{
    struct core *core = new_core();
    struct remembered_key others[6] = {asked, asked, asked, asked, asked, asked};
    others[0].limit = 51;
    others[1].changes = 8;
    others[2].today = 20001;
    others[3].is_overdue_only = true;
    others[4].is_trusted = true;
    others[5].method = REMEMBERED_OUTBOX;
    for (size_t i = 0; i < 6; i++)
        assert_said(core, &others[i], false);
    free_core(core);
}

static void in_a_turn_that_writes_nothing_is_said_or_kept(void **state)
{
    struct core *core = new_core();
    const struct id scope = {{1}};
    id_list_push(&core->touched, &scope);
    assert_said(core, &asked, false);
    id_list_clear(&core->touched);
    id_list_push(&core->changed, &scope);
    assert_said(core, &asked, false);

    remembered_put(core, &asked, bytes_str("abc"));
    id_list_clear(&core->changed);

    assert_said(core, &asked, false);
    free_core(core);
}

static void what_is_forgotten_is_not_said(void **state)
{
    struct core *core = new_core();
    remembered_forget(core);
    assert_said(core, &asked, false);
    free_core(core);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_question_gets_the_same_answer),
        cmocka_unit_test(another_question_or_another_day_is_asked_anew),
        cmocka_unit_test(in_a_turn_that_writes_nothing_is_said_or_kept),
        cmocka_unit_test(what_is_forgotten_is_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
