/* recall: what the word that was typed means. recall list: who has erased a record, who
 * has not said so, and what may hold it still. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "proto/pack.h"
#include "proto/pack_map.h"
#include "tests/unit/cli/against.h"

#define BACKUPS                                                                          \
    "copies of this machine's disk and backups made before this may still hold it"

static const uint8_t id[32] = {0x33, 0xfe, 0xad};

static void pack_site(struct buf *out, const char *name)
{
    pack_str(out, "node");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "site");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "site_name");
    pack_str(out, name);
}

static void recalled(struct bytes method, struct bytes arguments, unsigned call,
                     struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, "recalls");
    pack_array(out, 1);
    pack_map(out, 6);
    pack_str(out, "answered");
    pack_array(out, 1);
    pack_map(out, 5);
    pack_str(out, "backups");
    pack_str(out, BACKUPS "\x1b[2J");
    pack_site(out, "枫桥镇");
    pack_str(out, "wall");
    pack_uint(out, 0);
    pack_str(out, "escalation");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "missing");
    pack_array(out, 1);
    pack_map(out, 3);
    pack_site(out, "诸暨县");
    pack_str(out, "reason");
    pack_str(out, "撤回");
    pack_str(out, "site_name");
    pack_str(out, "枫源村");
    pack_str(out, "title");
    pack_str(out, "水沟");
}

static void what_may_still_hold_it_is_said_to_the_end(void **state)
{
    static const char *const words[] = {"recall", "list", NULL};
    (void)state;
    struct run_cli run = run_against(recalled, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "\n枫桥镇 says: " BACKUPS "\\u001b[2J\n"));
    assert_non_null(strstr(run.out, "not yet"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
}

/* ---- recall ---- */

static bool asks_for(struct bytes arguments, const char *name)
{
    struct bytes value;
    return pack_map_find(arguments, name, 1, &value);
}

static void say_recalled(struct buf *out, uint32_t records)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "op");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "recalled");
    pack_array(out, records);
    for (uint32_t i = 0; i < records; i++)
        pack_bin(out, id, sizeof(id));
}

/* 33fead5a is a case of two records, 77b0c4d2 a record, and nothing else is here. */
static void two_of_a_case(struct bytes method, struct bytes arguments, unsigned call,
                          struct buf *out)
{
    struct bytes word;
    if (!bytes_equal_str(method, "escalation.recall")) {
        pack_str(out, "OK"); /* unlock */
        pack_map(out, 0);
        return;
    }
    bool is_case = asks_for(arguments, "case");
    assert_true(is_case != asks_for(arguments, "escalation"));
    assert_true(pack_map_find(arguments, is_case ? "case" : "escalation", 1, &word));
    word = bytes_of(word.data + 1, word.len - 1);
    if (is_case && bytes_equal_str(word, "33fead5a")) {
        say_recalled(out, 2);
    } else if (!is_case && bytes_equal_str(word, "77b0c4d2")) {
        say_recalled(out, 1);
    } else {
        pack_str(out, "NOT_FOUND");
        pack_str(out, "there is no such thing");
    }
}

static void an_id_that_no_record_has_is_looked_for_among_the_cases(void **state)
{
    static const char *const words[] = {"recall", "33fead5a", "--reason", "撤回", NULL};
    (void)state;
    struct run_cli run = run_against(two_of_a_case, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "These are 2 records of one case.\nRecalled, "));
    assert_string_equal(run.err, "");
    run_cli_deinit(&run);
}

static void one_record_is_not_counted(void **state)
{
    static const char *const words[] = {"recall", "77b0c4d2", "--reason", "撤回", NULL};
    (void)state;
    struct run_cli run = run_against(two_of_a_case, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_memory_equal(run.out, "Recalled, for good.", 19);
    run_cli_deinit(&run);
}

static void json_says_nothing_beside_the_result(void **state)
{
    static const char *const words[] = {"recall", "33fead5a", "--reason",
                                        "撤回",   "--json",   NULL};
    (void)state;
    struct run_cli run = run_against(two_of_a_case, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_int_equal(run.out[0], '{');
    run_cli_deinit(&run);
}

static void what_is_neither_is_said(void **state)
{
    static const char *const id_words[] = {"recall", "0c8d11ab", "--reason", "撤回",
                                           NULL};
    static const char *const number_words[] = {"recall", "2026-0009", "--reason", "撤回",
                                               NULL};
    (void)state;
    struct run_cli run = run_against(two_of_a_case, id_words);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "there is no escalation and no case 0c8d11ab here"));
    run_cli_deinit(&run);

    run = run_against(two_of_a_case, number_words);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "there is no such thing (NOT_FOUND)"));
    run_cli_deinit(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_that_no_record_has_is_looked_for_among_the_cases),
        cmocka_unit_test(one_record_is_not_counted),
        cmocka_unit_test(json_says_nothing_beside_the_result),
        cmocka_unit_test(what_is_neither_is_said),
        cmocka_unit_test(what_may_still_hold_it_is_said_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
