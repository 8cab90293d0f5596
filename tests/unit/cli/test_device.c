/* device invite, list, revoke, and person pin: what is asked, and what a person and a
 * script get to read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/unit/cli/against.h"

#define CODE "abcdefghijklmnopqrstuvwxyz"

static const uint8_t key[32] = {7};

static void answer_invited(struct bytes method, struct bytes arguments, unsigned call,
                           struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 3);
    pack_str(out, "code");
    pack_str(out, CODE);
    pack_str(out, "expires_in_s");
    pack_uint(out, 600);
    pack_str(out, "person");
    pack_bin(out, key, sizeof(key));
}

static void answer_listed(struct bytes method, struct bytes arguments, unsigned call,
                          struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, "devices");
    pack_array(out, 1);
    pack_map(out, 7);
    pack_str(out, "device");
    pack_uint(out, 3);
    pack_str(out, "is_this");
    pack_bool(out, false);
    pack_str(out, "label");
    pack_str(out, "手机\x1b[2J");
    pack_str(out, "name");
    pack_str(out, "李某");
    pack_str(out, "person");
    pack_bin(out, key, sizeof(key));
    pack_str(out, "seen");
    pack_uint(out, 1790000000);
    pack_str(out, "since");
    pack_uint(out, 0);
}

/* Says what it was asked. */
static void echo(struct bytes method, struct bytes arguments, unsigned call,
                 struct buf *out)
{
    struct bytes text = {0}, pin = {0};
    char line[200];
    uint64_t number = 0;
    (void)view_map_text(arguments, "old", &text);
    (void)view_map_text(arguments, "pin", &pin);
    (void)view_map_uint(arguments, "device", &number);
    (void)snprintf(line, sizeof(line), "%.*s old=%.*s pin=%.*s device=%d",
                   (int)method.len, (const char *)method.data, (int)text.len,
                   text.len > 0 ? (const char *)text.data : "", (int)pin.len,
                   pin.len > 0 ? (const char *)pin.data : "", (int)number);
    if (bytes_equal_str(method, "unlock"))
        fake_node_say(out, "OK", bytes_of("\x80", 1));
    else
        fake_node_say_text(out, "DENIED", line);
}

static bool ends_with(const struct run_cli *run, const char *line)
{
    size_t len = strlen(line);
    return run->out_len >= len && strcmp(run->out + run->out_len - len, line) == 0;
}

static void the_code_or_the_link_stands_alone_on_the_last_line(void **state)
{
    static const struct {
        const char *words[8], *last;
    } rows[] = {
        {{"device", "invite"}, "\n\n" CODE "\n"},
        {{"device", "invite", "--url", "http://10.0.0.1:8080"},
         "\n\nhttp://10.0.0.1:8080/enter/" CODE "\n"},
        {{"device", "invite", "--person", "李某", "--url", "https://village/"},
         "\n\nhttps://village/enter/" CODE "\n"},
        {{"device", "invite", "--json"},
         "\"person\":\"0700000000000000000000000000000000000000000000000000000000000000\""
         "}\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_against(answer_invited, rows[i].words);
        assert_int_equal(run.code, EXIT_DONE);
        if (!ends_with(&run, rows[i].last))
            fail_msg("row %zu: %s", i, run.out);
        run_cli_deinit(&run);
    }
}

static void what_is_no_url_and_no_number_is_not_asked(void **state)
{
    static const char *const rows[][5] = {
        {"device", "invite", "--url", "village"},
        {"device", "invite", "--url", "http://a b"},
        {"device", "invite", "--url", "http://a/?x"},
        {"device", "revoke", "0"},
        {"device", "revoke", "x"},
        {"device", "revoke", "99999999999999999999"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_against(answer_invited, rows[i]);
        assert_int_equal(run.code, EXIT_USAGE);
        run_cli_deinit(&run);
    }
}

static void devices_are_listed_and_what_they_are_called_does_no_harm(void **state)
{
    static const char *const words[] = {"device", "list", NULL};
    static const char *const json[] = {"device", "list", "--json", NULL};
    (void)state;

    struct run_cli run = run_against(answer_listed, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "李某"));
    assert_non_null(strstr(run.out, "手机\\u001b[2J"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
    run = run_against(answer_listed, json);
    assert_non_null(strstr(run.out, "\"device\":3"));
    run_cli_deinit(&run);
}

static void a_device_is_revoked_by_its_number(void **state)
{
    static const char *const words[] = {"device", "revoke", "3", NULL};
    static const char *const json[] = {"device", "revoke", "3", "--json", NULL};
    (void)state;
    struct run_cli run = run_against(echo, words);
    assert_int_equal(run.code, EXIT_DENIED);
    assert_non_null(strstr(run.err, "device.revoke old= pin= device=3"));
    run_cli_deinit(&run);

    run = run_against(answer_invited, words);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "Revoked"));
    run_cli_deinit(&run);
    run = run_against(answer_invited, json);
    assert_int_equal(run.out[0], '{');
    run_cli_deinit(&run);
}

static void a_pin_is_changed_by_the_old_one_and_a_file(void **state)
{
    char name[] = "/tmp/fengqiao-pin-XXXXXX";
    const char *const words[] = {"person", "pin", "--pin-file", name, NULL};
    const char *const json[] = {"person", "pin", "--json", "--pin-file", name, NULL};
    (void)state;
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "97531\n", 6), 6);
    assert_int_equal(close(fd), 0);

    struct run_cli run = run_against(echo, words);
    assert_int_equal(run.code, EXIT_DENIED);
    assert_non_null(strstr(run.err, "person.pin old=123456 pin=97531"));
    run_cli_deinit(&run);
    run = run_against(answer_invited, words);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "Changed"));
    run_cli_deinit(&run);
    run = run_against(answer_invited, json);
    assert_int_equal(run.out[0], '{');
    run_cli_deinit(&run);

    assert_int_equal(unlink(name), 0);
    run = run_against(answer_invited, words);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "the PIN file"));
    run_cli_deinit(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_or_the_link_stands_alone_on_the_last_line),
        cmocka_unit_test(what_is_no_url_and_no_number_is_not_asked),
        cmocka_unit_test(devices_are_listed_and_what_they_are_called_does_no_harm),
        cmocka_unit_test(a_device_is_revoked_by_its_number),
        cmocka_unit_test(a_pin_is_changed_by_the_old_one_and_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
