/* The outbox: what waits, what was sent, and what stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "proto/pack.h"
#include "tests/unit/cli/against.h"

static const uint8_t id[32] = {0x33, 0xfe, 0xad};

static bool unlocks(struct bytes method, struct buf *out)
{
    if (!bytes_equal_str(method, "unlock"))
        return false;
    pack_str(out, "OK");
    pack_nil(out);
    return true;
}

static void pack_row(struct buf *out, const char *held)
{
    pack_map(out, 6);
    pack_str(out, "escalation");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "field");
    pack_str(out, "title");
    pack_str(out, "held");
    pack_str(out, held);
    pack_str(out, "is");
    pack_str(out, "水渠\x1b堵了");
    pack_str(out, "number");
    pack_str(out, "2026-0001");
    pack_str(out, "was");
    pack_str(out, "水渠");
}

static void waiting(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    if (unlocks(method, out))
        return;
    bool is_list = bytes_equal_str(method, "outbox");
    bool is_seen = bytes_equal(answer_bin(arguments, "seen"), bytes_of(id, sizeof(id)));
    if (!is_list && !is_seen) {
        fake_node_say_text(out, "CONFLICT", "that was not shown");
        return;
    }
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, is_list ? "rows" : "held");
    pack_array(out, 1);
    pack_row(out, is_list ? "" : "张某 did not consent");
    if (is_list) {
        pack_str(out, "seen");
        pack_bin(out, id, sizeof(id));
        return;
    }
    pack_str(out, "sent");
    pack_array(out, 1);
    pack_map(out, 2);
    pack_str(out, "escalation");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "fields");
    pack_array(out, 1);
    pack_str(out, "context");
}

/* More waits than an answer shows. */
static void too_much(struct bytes method, struct bytes arguments, unsigned call,
                     struct buf *out)
{
    if (unlocks(method, out))
        return;
    pack_str(out, "OK");
    pack_map(out, 3);
    pack_str(out, "left_out");
    pack_uint(out, 7);
    pack_str(out, "rows");
    pack_array(out, 1);
    pack_row(out, "");
    pack_str(out, "seen");
    pack_bin(out, id, sizeof(id));
}

static void nothing(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, "rows");
    pack_array(out, 0);
}

static void what_waits_is_shown_with_both_values_and_harmlessly(void **state)
{
    static const char *const words[] = {"outbox", NULL};
    (void)state;
    struct run_cli run = run_against(waiting, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "2026-0001 to 33fead000000: title\n"));
    assert_non_null(strstr(run.out, "was:          水渠\n"));
    assert_null(strchr(run.out, '\x1b'));
    assert_null(strstr(run.out, "stays here"));
    run_cli_deinit(&run);

    run = run_against(nothing, words);
    assert_string_equal(run.out, "Nothing waits.\n");
    run_cli_deinit(&run);
}

static void assert_sent(const struct run_cli *run)
{
    assert_int_equal(run->code, EXIT_DONE);
    assert_non_null(strstr(run->out, "stays here:   张某 did not consent\n"));
    assert_non_null(strstr(run->out, "Sent to 33fead000000: context\n"));
    assert_non_null(strstr(run->err, "2026-0001 to 33fead000000: title\n"));
    assert_null(strchr(run->err, '\x1b'));
}

static void what_was_sent_and_what_stays_are_both_told(void **state)
{
    static const char *const words[] = {"outbox", "send", "all", NULL};
    (void)state;
    struct run_cli run = run_against(waiting, words);

    assert_sent(&run);
    assert_null(strstr(run.err, "Type yes"));
    run_cli_deinit(&run);
}

static void as_json_what_was_sent_is_one_object(void **state)
{
    static const char *const words[] = {"outbox", "send", "all", "--json", NULL};
    (void)state;
    struct run_cli run = run_against(waiting, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_int_equal(strncmp(run.out, "{\"held\":", 8), 0);
    assert_string_equal(run.err, "");
    run_cli_deinit(&run);
}

/* Nothing is sent before it was shown and somebody said yes. */
static void at_a_terminal_nothing_is_sent_without_a_yes(void **state)
{
    static const char *const words[] = {"outbox", "send", "all", NULL};
    static const char *const skips[] = {"outbox", "send", "all", "--yes", NULL};
    static const char *const others[] = {"no\n", "\n", "yess\n"};
    (void)state;
    struct fake_node node;
    fake_node_start(&node, waiting);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct run_cli run = run_cli_typing(words, others[i]);
        assert_int_equal(run.code, EXIT_FAILED);
        assert_string_equal(run.out, "");
        assert_non_null(strstr(run.err, "2026-0001 to 33fead000000: title\n"));
        assert_non_null(strstr(run.err, "nothing was sent\n"));
        run_cli_deinit(&run);
    }
    struct run_cli run = run_cli_typing(words, "yes\n");
    assert_non_null(strstr(run.err, "Type yes"));
    assert_sent(&run);
    run_cli_deinit(&run);
    run = run_cli_typing(skips, "no\n");
    assert_null(strstr(run.err, "Type yes"));
    assert_sent(&run);
    run_cli_deinit(&run);
    fake_node_stop(&node);
}

static void before_a_yes_it_is_said_that_more_waits_than_is_shown(void **state)
{
    static const char *const words[] = {"outbox", "send", "all", NULL};
    static const char *const list[] = {"outbox", NULL};
    static const char more[] =
        "and 7 more, which cannot be shown at once: they stay here";
    (void)state;
    struct fake_node node;
    fake_node_start(&node, too_much);

    struct run_cli run = run_cli_typing(words, "no\n");
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, more));
    assert_true(strstr(run.err, more) < strstr(run.err, "Type yes"));
    assert_string_equal(run.out, "");
    run_cli_deinit(&run);

    run = run_cli_typing(words, "yes\n");
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, more));
    run_cli_deinit(&run);

    run = run_cli(list);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, more));
    run_cli_deinit(&run);
    fake_node_stop(&node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_shown_with_both_values_and_harmlessly),
        cmocka_unit_test(what_was_sent_and_what_stays_are_both_told),
        cmocka_unit_test(as_json_what_was_sent_is_one_object),
        cmocka_unit_test(at_a_terminal_nothing_is_sent_without_a_yes),
        cmocka_unit_test(before_a_yes_it_is_said_that_more_waits_than_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
