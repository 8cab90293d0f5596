/* person renew: who is meant, what is asked for in which order, and what is said where it
 * stops half-way. */
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
#include "crypto/key.h"
#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

static const uint8_t keys[4][32] = {{1}, {2}, {3}, {4}};

static void pack_person(struct buf *out, const uint8_t key[32], const char *name,
                        const char *role, bool is_revoked)
{
    pack_map(out, 4);
    pack_str(out, "key");
    pack_bin(out, key, 32);
    pack_str(out, "name");
    pack_str(out, name);
    pack_str(out, "revoked");
    pack_bool(out, is_revoked);
    pack_str(out, "roles");
    pack_array(out, role[0] != '\0');
    if (role[0] != '\0')
        pack_str(out, role);
}

/* 李某, who was renewed before; two of one name; one without a role. */
static void say_site(struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, "persons");
    pack_array(out, 5);
    pack_person(out, keys[0], "李某", "mediator", true);
    pack_person(out, keys[1], "李某", "mediator", false);
    pack_person(out, keys[2], "王某", "desk", false);
    pack_person(out, keys[3], "王某", "observer", false);
    pack_person(out, keys[2], "赵某", "", false);
}

static bool adds;

static void answer(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    struct bytes person = {0}, name = {0}, role = {0}, pin = {0};
    char text[KEY_TEXT_SIZE];
    if (bytes_equal_str(method, "site")) {
        say_site(out);
        return;
    }
    key_to_text(text, "fqk1", keys[1]);
    bool is_right = true;
    if (bytes_equal_str(method, "person.revoke"))
        is_right =
            view_map_text(arguments, "person", &person) && bytes_equal_str(person, text);
    if (bytes_equal_str(method, "person.add")) {
        is_right = adds && view_map_text(arguments, "name", &name) &&
                   view_map_text(arguments, "role", &role) &&
                   view_map_text(arguments, "pin", &pin) &&
                   bytes_equal_str(name, "李某") && bytes_equal_str(role, "mediator") &&
                   bytes_equal_str(pin, "97531");
    }
    if (!is_right) {
        fake_node_say_text(out, "FULL", "no room is left");
        return;
    }
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, "key");
    pack_bin(out, keys[0], 32);
}

static char pin_file[] = "/tmp/fengqiao-renew-XXXXXX";

static struct run_cli renew(const char *who, const char *more)
{
    const char *const words[] = {"person", "renew", who, "--pin-file",
                                 pin_file, more,    NULL};
    struct fake_node node;
    fake_node_start(&node, answer);
    struct run_cli run = run_cli(words);
    fake_node_stop(&node);
    return run;
}

static void the_old_key_is_revoked_and_a_new_one_has_its_role(void **state)
{
    (void)state;
    char text[KEY_TEXT_SIZE];
    key_to_text(text, "fqk1", keys[1]);
    const char *const rows[] = {"李某", text};
    adds = true;
    for (size_t i = 0; i < 2; i++) {
        struct run_cli run = renew(rows[i], NULL);
        assert_int_equal(run.code, EXIT_DONE);
        assert_non_null(strstr(run.out, "device invite --person 李某"));
        run_cli_deinit(&run);
    }
    struct run_cli run = renew("李某", "--json");
    assert_int_equal(run.code, EXIT_DONE);
    assert_int_equal(run.out[0], '{');
    run_cli_deinit(&run);
}

static void who_is_nobody_or_two_loses_nothing(void **state)
{
    (void)state;
    char old[KEY_TEXT_SIZE];
    key_to_text(old, "fqk1", keys[0]); /* revoked already */
    const char *const rows[] = {"钱某", "王某", "", old};
    adds = true;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = renew(rows[i], NULL);
        assert_int_equal(run.code, EXIT_FAILED);
        assert_non_null(strstr(run.err, "fengqiao person list"));
        run_cli_deinit(&run);
    }
}

static void where_it_stops_half_way_it_says_how_to_go_on(void **state)
{
    (void)state;
    adds = false;
    struct run_cli run = renew("李某", NULL);
    assert_int_not_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.err, "no room is left"));
    assert_non_null(strstr(run.err, "fengqiao person add 李某 --role mediator"));
    run_cli_deinit(&run);
    run = renew("赵某", NULL); /* the node knows no such person's key here */
    assert_int_not_equal(run.code, EXIT_DONE);
    assert_null(strstr(run.err, "person add"));
    run_cli_deinit(&run);
}

static void without_a_new_pin_the_old_key_stays(void **state)
{
    const char *const words[] = {"person",     "renew",    "李某",
                                 "--pin-file", "/no/such", NULL};
    struct fake_node node;
    (void)state;
    fake_node_start(&node, answer);
    struct run_cli run = run_cli(words);
    fake_node_stop(&node);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "the PIN file"));
    run_cli_deinit(&run);
}

static int set_up(void **state)
{
    int fd = mkstemp(pin_file);
    (void)state;
    return fd >= 0 && write(fd, "97531\n", 6) == 6 && close(fd) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(pin_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_old_key_is_revoked_and_a_new_one_has_its_role),
        cmocka_unit_test(who_is_nobody_or_two_loses_nothing),
        cmocka_unit_test(where_it_stops_half_way_it_says_how_to_go_on),
        cmocka_unit_test(without_a_new_pin_the_old_key_stays),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
