/* What was set apart, as a steward sees it; and all of it at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "proto/op.h"
#include "tests/unit/cli/against.h"

#define ARGUMENTS(...)                                                                   \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

/* An op whose text would act on a terminal; mask: the fields that are shown. */
static void compose(struct buf *bytes, uint32_t mask)
{
    const uint8_t seed[32] = {1};
    struct op op = {
        .kind = bytes_str("note"), .scope = {{2}}, .time = 5, .wall = 1790000000};
    struct id network, parent = {{3}};
    struct buf value = {0};
    struct rng rng = rng_system();
    network_id(&network, "fengqiao");
    pack_str(&value, "水渠\x1b]0;x\x07");
    assert_int_equal(op_add_parent(&op, &parent), STATUS_OK);
    assert_int_equal(op_add_authority(&op, &parent), STATUS_OK);
    assert_int_equal(op_add_field(&op, "text", buf_bytes(&value)), STATUS_OK);
    assert_int_equal(op_seal(&op, &network, seed, &rng), STATUS_OK);
    op_encode(&op, mask, bytes);
    buf_deinit(&value);
}

static void pack_row(struct buf *out, uint64_t number, struct bytes bytes, bool is_whole)
{
    const uint8_t site[32] = {4};
    pack_map(out, is_whole ? 8 : 7);
    if (is_whole) {
        pack_str(out, "bytes");
        pack_bin(out, bytes.data, bytes.len);
    }
    pack_str(out, "number");
    pack_uint(out, number);
    pack_str(out, "op");
    pack_nil(out);
    pack_str(out, "reason");
    pack_str(out, "a signature or a check does not hold");
    pack_str(out, "site");
    pack_bin(out, site, 32);
    pack_str(out, "site_name");
    pack_str(out, "枫源村\x1b[2J");
    pack_str(out, "size");
    pack_uint(out, bytes.len);
    pack_str(out, "wall");
    pack_uint(out, 1790000000);
}

/* Three are set apart, 3, 4 and 7; only 4 holds now. */
static void three(struct bytes method, struct bytes arguments, unsigned call,
                  struct buf *out)
{
    struct buf bytes = {0};
    uint64_t number = answer_uint(arguments, "number");
    if (bytes_equal_str(method, "unlock")) {
        pack_str(out, "OK");
        pack_map(out, 0);
    } else if (bytes_equal_str(method, "quarantine.list")) {
        pack_str(out, "OK");
        pack_map(out, 1);
        pack_str(out, "rows");
        pack_array(out, 3);
        pack_row(out, 3, bytes_str("one"), false);
        pack_row(out, 4, bytes_str("another"), false);
        pack_row(out, 7, bytes_str("the last"), false);
    } else if (bytes_equal_str(method, "quarantine.show") && number == 3) {
        compose(&bytes, ~0u);
        pack_str(out, "OK");
        pack_row(out, 3, buf_bytes(&bytes), true);
    } else if (bytes_equal_str(method, "quarantine.show") && number == 4) {
        compose(&bytes, 0);
        pack_str(out, "OK");
        pack_row(out, 4, buf_bytes(&bytes), true);
    } else if (bytes_equal_str(method, "quarantine.show")) {
        pack_str(out, "OK");
        pack_row(out, number, bytes_of((const uint8_t *)"\x1b[31m\xff\x00", 7), true);
    } else if (bytes_equal_str(method, "quarantine.drop")) {
        pack_str(out, "OK");
        pack_map(out, 0);
    } else if (bytes_equal_str(method, "quarantine.retry") && number == 4) {
        pack_str(out, "OK");
        pack_map(out, 2);
        pack_str(out, "op");
        pack_bin(out, "\x01\x02", 2);
        pack_str(out, "waits");
        pack_bool(out, false);
    } else {
        fake_node_say_text(out, "UNVERIFIED", "as before");
    }
    buf_deinit(&bytes);
}

static void M4_a_list_names_number_site_and_reason_escaped(void **state)
{
    (void)state;
    struct run_cli run = run_against(three, ARGUMENTS("quarantine", "list"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "枫源村\\u001b[2J"));
    assert_non_null(strstr(run.out, "does not hold"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
}

static void M4_a_record_is_shown_escaped_with_its_first_bytes_in_hex(void **state)
{
    (void)state;
    struct run_cli run = run_against(three, ARGUMENTS("quarantine", "show", "3"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "It claims to be:"));
    assert_non_null(strstr(run.out, "水渠\\u001b]0;x\\u0007"));
    assert_null(strchr(run.out, '\x1b'));
    /* An array of 11 whose first element is the version 16. */
    assert_non_null(strstr(run.out, "\n9b10"));
    run_cli_deinit(&run);
}

static void what_is_withheld_is_shown_as_that(void **state)
{
    (void)state;
    struct run_cli run = run_against(three, ARGUMENTS("quarantine", "show", "4"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "It claims to be:"));
    assert_non_null(strstr(run.out, "(withheld)\n"));
    assert_null(strstr(run.out, "水渠"));
    run_cli_deinit(&run);
}

static void what_is_no_record_is_shown_in_hex_alone(void **state)
{
    (void)state;
    struct run_cli run = run_against(three, ARGUMENTS("quarantine", "show", "7"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "no record that this version can read"));
    assert_non_null(strstr(run.out, "\n1b5b33316dff00\n"));
    run_cli_deinit(&run);
}

static void json_holds_every_byte(void **state)
{
    (void)state;
    struct run_cli run =
        run_against(three, ARGUMENTS("quarantine", "show", "7", "--json"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "\"bytes\":\"1b5b33316dff00\""));
    run_cli_deinit(&run);
}

static void a_retry_of_all_says_how_many_entered_and_why_others_did_not(void **state)
{
    (void)state;
    struct run_cli run = run_against(three, ARGUMENTS("quarantine", "retry", "all"));

    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_string_equal(run.out, "Let in: 1 of 3.\n");
    assert_string_equal(run.err, "fengqiao: as before (UNVERIFIED)\n"
                                 "fengqiao: as before (UNVERIFIED)\n");
    run_cli_deinit(&run);
}

static void one_that_does_not_hold_prints_nothing_and_has_its_exit_code(void **state)
{
    (void)state;
    struct run_cli run = run_against(three, ARGUMENTS("quarantine", "retry", "7"));

    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_string_equal(run.out, "");
    run_cli_deinit(&run);
}

static void one_that_holds_now_gives_its_own_answer(void **state)
{
    (void)state;
    struct run_cli run = run_against(three, ARGUMENTS("quarantine", "retry", "4"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "Let in: 1 of 1.\n");
    run_cli_deinit(&run);

    run = run_against(three, ARGUMENTS("quarantine", "retry", "4", "--json"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "{\"op\":\"0102\",\"waits\":false}\n");
    run_cli_deinit(&run);
}

/* The connection ends at the second of them. */
static void ending(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    if (answer_uint(arguments, "number") != 4)
        three(method, arguments, call, out);
}

static void where_the_node_ends_the_rest_is_not_tried(void **state)
{
    (void)state;
    struct run_cli run =
        run_against(ending, ARGUMENTS("quarantine", "drop", "all", "--yes"));

    assert_int_equal(run.code, EXIT_FAILED);
    assert_string_equal(run.out, "Dropped for good: 1 of 3.\n");
    const char *said = strstr(run.err, "the node ended the connection");
    assert_non_null(said);
    assert_null(strstr(said + 1, "the node ended the connection")); /* once for all */
    run_cli_deinit(&run);
}

static void a_drop_of_all_is_counted(void **state)
{
    (void)state;
    struct run_cli run =
        run_against(three, ARGUMENTS("quarantine", "drop", "all", "--yes", "--json"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "{\"done\":3,\"of\":3}\n");
    run_cli_deinit(&run);
}

static void what_is_no_number_is_wrong_use(void **state)
{
    (void)state;
    static const char *const words[] = {"0", "-1", "x", "1x", "18446744073709551616",
                                        "",  "+1"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct run_cli run =
            run_against(three, ARGUMENTS("quarantine", "drop", "--", words[i]));
        assert_int_equal(run.code, EXIT_USAGE);
        assert_string_equal(run.out, "");
        run_cli_deinit(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(M4_a_list_names_number_site_and_reason_escaped),
        cmocka_unit_test(M4_a_record_is_shown_escaped_with_its_first_bytes_in_hex),
        cmocka_unit_test(what_is_no_record_is_shown_in_hex_alone),
        cmocka_unit_test(json_holds_every_byte),
        cmocka_unit_test(a_retry_of_all_says_how_many_entered_and_why_others_did_not),
        cmocka_unit_test(one_that_does_not_hold_prints_nothing_and_has_its_exit_code),
        cmocka_unit_test(what_is_withheld_is_shown_as_that),
        cmocka_unit_test(one_that_holds_now_gives_its_own_answer),
        cmocka_unit_test(where_the_node_ends_the_rest_is_not_tried),
        cmocka_unit_test(a_drop_of_all_is_counted),
        cmocka_unit_test(what_is_no_number_is_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
