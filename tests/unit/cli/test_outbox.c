/* The outbox: what waits, what was sent, and what stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

static struct run_cli run_against(fake_node_answer *answer, const char *const arguments[])
{
    struct fake_node node;
    fake_node_start(&node, answer);
    struct run_cli run = run_cli(arguments);
    fake_node_stop(&node);
    return run;
}

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
    pack_str(out, "OK");
    pack_map(out, is_list ? 1 : 2);
    pack_str(out, is_list ? "rows" : "held");
    pack_array(out, 1);
    pack_row(out, is_list ? "" : "张某 did not consent");
    if (is_list)
        return;
    pack_str(out, "sent");
    pack_array(out, 1);
    pack_map(out, 2);
    pack_str(out, "escalation");
    pack_bin(out, id, sizeof(id));
    pack_str(out, "fields");
    pack_array(out, 1);
    pack_str(out, "context");
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

static void what_was_sent_and_what_stays_are_both_told(void **state)
{
    static const char *const words[] = {"outbox", "send", "all", NULL};
    (void)state;
    struct run_cli run = run_against(waiting, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "stays here:   张某 did not consent\n"));
    assert_non_null(strstr(run.out, "Sent to 33fead000000: context\n"));
    run_cli_deinit(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_shown_with_both_values_and_harmlessly),
        cmocka_unit_test(what_was_sent_and_what_stays_are_both_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
