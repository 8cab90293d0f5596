/* recall list: who has erased a record, who has not said so, and what may hold it still.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "proto/pack.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_still_hold_it_is_said_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
