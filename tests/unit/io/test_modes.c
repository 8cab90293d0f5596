/* The other modes of the daemon, called as main() calls them: what they say, with which
 * code of sysexits(3) they leave, and what is left behind, whatever is refused on the
 * way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "node/io/control.h"
#include "node/io/init.h"
#include "node/io/loop.h"
#include "node/io/node_key.h"
#include "node/io/owned_node.h"
#include "node/io/run.h"
#include "node/io/upkeep.h"
#include "node/io/web_identity.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/io_house.h"
#include "tests/unit/io/modes_house.h"

static struct daemon_args run_args(void)
{
    return (struct daemon_args){
        .mode = MODE_RUN, .dir = house.dir, .listen = "127.0.0.1:0"};
}

/* ---- run ---- */

static void a_node_runs_until_a_signal_and_says_where(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.web = "127.0.0.1:0";
    args.has_web_tls = true;
    house.signals = 1;
    assert_int_equal(run(run_main, &args), EX_OK);
    expect_said("listening address=127.0.0.1:");
    expect_said("page address=127.0.0.1:");
    expect_said("page certificate=web-ca.pem sha256=");
    expect_said("stopping signal=15");

    args.web = "[::1]:0"; /* this machine alone, too */
    args.listen = NULL;
    house.signals = 2; /* the second one does not wait */
    assert_int_equal(run(run_main, &args), EX_OK);
    args.web = "0.0.0.0:0";
    args.opens_web = true;
    assert_int_equal(run(run_main, &args), EX_OK);
}

static void a_node_that_makes_backups_and_finds_others_runs_until_a_signal(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.backup = "/tmp/nowhere/at-all";
    args.web = "127.0.0.1:0";
    args.web_names = "pi.local";
    house.signals = 1;
    assert_int_equal(run(run_main, &args), EX_OK);
    args.backup_every = "744";
    assert_int_equal(run(run_main, &args), EX_OK);
    args.finds_others = true;
    assert_int_equal(run(run_main, &args), EX_OK);
    args.listen = NULL;
    assert_int_equal(run(run_main, &args), EX_OK);
    expect_said("ready\n");
}

static void what_a_node_is_asked_to_do_and_cannot_is_said(void **state)
{
    static const char *const hours[] = {"", "0", "745", "-1", " 5", "+5", "a day", "5h"};
    static const char *const open[] = {"[2001:db8::1]:80", "[0:0:1::1]:80",
                                       "[::1:0:0:1]:80", "[::2]:80"};
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.backup = "/tmp/nowhere/at-all";
    for (size_t i = 0; i < sizeof(hours) / sizeof(hours[0]); i++) {
        args.backup_every = hours[i];
        assert_int_equal(run(run_main, &args), EX_USAGE);
        expect_said("--backup-every is a number of hours, 1 to 744");
    }
    args.backup = NULL;
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        args.web = open[i];
        assert_int_equal(run(run_main, &args), EX_USAGE);
        expect_said("is not this machine alone");
    }
    args.web = "localhost:80"; /* a name: who knows where that is */
    assert_int_equal(run(run_main, &args), EX_USAGE);
    expect_said("--web needs an address and a port");
    args.web = NULL;
    args.finds_others = true;
    house.refuses = "uv_udp_init";
    house.refuse_error = EMFILE;
    house.signals = 1;
    for (house.refuse_at = 0; house.refuse_at < 2; house.refuse_at++)
        assert_int_equal(run(run_main, &args), EX_OK); /* the other one serves */
    house.refuse_at = 0;
    house.refuses_on = true;
    assert_int_equal(run(run_main, &args), EX_IOERR);
    expect_said("beacons need UDP port 7450");
}

/* ---- a node that runs ---- */

static struct action said[4]; /* what the core wants in its first turn, besides */
static int said_len;

bool __real_core_next_action(struct core *core, struct action *action);
bool __wrap_core_next_action(struct core *core, struct action *action);
bool __wrap_core_next_action(struct core *core, struct action *action)
{
    if (said_len == 0)
        return __real_core_next_action(core, action);
    *action = said[--said_len];
    return true;
}

static void a_node_with_a_page_waits_for_what_comes(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.web = "127.0.0.1:0";
    said[0] = (struct action){.type = ACTION_REPLY, .client = PAGE_CLIENT_FIRST};
    said_len = 1; /* to a browser that has left */
    assert_int_equal(run(run_main, &args), EX_OK);
    expect_said("ready\n");
    expect_said("stopping signal=15");
    args.web = "somewhere";
    args.has_web_tls = true;
    assert_int_equal(run(run_main, &args), EX_USAGE);
    expect_said("--web needs an address and a port");
}

static void other_keys_are_kept_or_wait_for_the_next_start(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    house.signals = 1;
    said[0] = (struct action){.type = ACTION_KEYS};
    said_len = 1;
    assert_int_equal(run(run_main, &args), EX_OK);
    expect_said("node key renewed\n");
    said_len = 1;
    house.refuses = "renameat";
    house.refuse_error = EIO;
    assert_int_equal(run(run_main, &args), EX_OK);
    expect_said("the new key is safe in the store, and is written at the next start");
    house.refuse_error = 0;
    assert_int_equal(run(run_main, &args), EX_OK);
}

static int begins_fail; /* so many turns before */

enum status __real_core_begin(struct core *core);
enum status __wrap_core_begin(struct core *core);
enum status __wrap_core_begin(struct core *core)
{
    return begins_fail > 0 && --begins_fail == 0 ? STATUS_IO : __real_core_begin(core);
}

static void D2_a_store_that_fails_ends_the_node(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.web = "127.0.0.1:0";
    begins_fail = 1;
    assert_int_equal(run(run_main, &args), EX_IOERR);
    expect_said("the store failed status=");
}

static void a_door_that_cannot_be_opened_is_said(void **state)
{
    char key[80];
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.web = "0.0.0.0:0"; /* open to a network, and nobody said so */
    assert_int_equal(run(run_main, &args), EX_USAGE);
    expect_said("--web-open-to-network");
    args.web = "[2001:db8::1]:80";
    assert_int_equal(run(run_main, &args), EX_USAGE);
    args.web = "somewhere";
    assert_int_equal(run(run_main, &args), EX_USAGE);
    expect_said("--web needs an address and a port");
    args.web = NULL;
    args.listen = "nonsense";
    assert_int_equal(run(run_main, &args), EX_USAGE);
    expect_said("HOST:PORT");
    args.listen = "192.0.2.77:7700"; /* an address of documentation: nobody has it */
    assert_int_equal(run(run_main, &args), EX_UNAVAILABLE);

    args = run_args();
    args.web = "127.0.0.1:0";
    args.has_web_tls = true;
    (void)snprintf(key, sizeof(key), "%s/" WEB_CA_NAME, house.dir);
    FILE *file = fopen(key, "w");
    assert_non_null(file);
    (void)fputs("no certificate\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(run(run_main, &args), EX_DATAERR);
    expect_said(WEB_CA_KEY_NAME " is missing");
    assert_int_equal(unlink(key), 0);

    (void)snprintf(key, sizeof(key), "%s/" CONTROL_NAME, house.dir);
    assert_int_equal(mkdir(key, 0700), 0);
    args = run_args();
    assert_int_equal(run(run_main, &args), EX_CANTCREAT);
    expect_said("is no socket; move it away");
    assert_int_equal(rmdir(key), 0);
}

static void a_second_daemon_on_one_folder_is_refused(void **state)
{
    struct owned_node node;
    struct err err = {0};
    (void)state;
    make_node();
    assert_int_equal(owned_node_open(&node, house.dir, false, &err), EX_OK);
    struct daemon_args args = run_args();

    assert_int_equal(run(run_main, &args), EX_UNAVAILABLE);
    assert_int_equal(run(rebuild_main, &args), EX_UNAVAILABLE);
    assert_int_equal(run(check_main, &args), EX_UNAVAILABLE);

    owned_node_close(&node);
    assert_int_equal(run(check_main, &args), EX_OK);
}

/* Whatever is refused before `ready` is said, and the node can be started again. */
static void a_start_that_is_refused_anywhere_is_said(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.web = "127.0.0.1:0";
    house.signals = 1;
    house.refuse_error = EMFILE;
    house.refused = "";
    for (uint64_t at = 0; house.refused != NULL; at++) {
        house.refuse_at = at;
        int rc = run(run_main, &args);
        assert_true(at < CALLS_MAX);
        if (strstr(house.err, "ready\n") != NULL || strcmp(house.refused, "write") == 0)
            continue; /* a line of the log that was lost */
        assert_int_not_equal(rc, EX_OK);
        expect_said("error ");
    }
}

static void without_memory_a_start_is_said(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    args.web = "127.0.0.1:0";
    args.has_web_tls = args.finds_others = true;
    house.signals = 1;
    house.forgets = house.has_forgotten = true;
    for (int at = 0; house.has_forgotten; at++) {
        int rc = run(run_main, &args);
        assert_true(at < CALLS_MAX);
        if (rc != EX_OK)
            expect_said("error ");
        assert_true(house.has_forgotten || rc == EX_OK);
    }
}

/* ---- check and rebuild ---- */

static void what_is_not_there_is_said_by_each_mode(void **state)
{
    (void)state;
    struct daemon_args args = run_args();
    assert_int_equal(run(run_main, &args), EX_NOINPUT);
    expect_said("make a node with: fengqiaod init --dir");
    assert_int_equal(run(check_main, &args), EX_NOINPUT);
    assert_int_equal(run(rebuild_main, &args), EX_NOINPUT);
    args.dir = house.pin; /* a file */
    assert_int_equal(run(run_main, &args), EX_NOINPUT);
    assert_int_equal(run(check_main, &args), EX_NOINPUT);
    char *long_name = calloc(1, 5000);
    memset(long_name, '/', 4999);
    args.dir = long_name; /* the root, at length */
    assert_int_not_equal(run(check_main, &args), EX_OK);
    free(long_name);
}

static void a_node_is_opened_whole_or_not_at_all(void **state)
{
    (void)state;
    make_node();
    const char *refused = "";
    for (uint64_t at = 0; refused != NULL; at++) {
        struct owned_node node;
        struct err err = {0};
        fail_call_after(NULL, at, EIO);
        int rc = owned_node_open(&node, house.dir, false, &err);
        refused = fail_call_stop();
        if (rc != EX_OK) {
            assert_true(err.text[0] != '\0');
            assert_null(node.core);
            assert_null(node.store);
            assert_null(node.key);
        }
        owned_node_close(&node);
        assert_true(at < CALLS_MAX);
    }
}

/* ---- node.key ---- */

static void D4_a_key_file_that_is_not_sound_is_refused_and_not_touched(void **state)
{
    char path[80], link[80];
    struct stat found;
    struct daemon_args args = run_args();
    (void)state;
    make_node();
    (void)snprintf(path, sizeof(path), "%s/" NODE_KEY_NAME, house.dir);
    (void)snprintf(link, sizeof(link), "%s/" NODE_KEY_NAME ".away", house.dir);
    for (int bit = 0; bit < 6; bit++) {
        assert_int_equal(chmod(path, (mode_t)(0600 | 1 << bit)), 0);
        assert_int_equal(run(run_main, &args), EX_CONFIG);
        expect_said("chmod 600 it");
    }
    assert_int_equal(chmod(path, 0600), 0);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "X", 1, 3), 1);
    assert_int_equal(run(run_main, &args), EX_CONFIG);
    expect_said("does not begin as a key file");
    assert_int_equal(ftruncate(fd, 71), 0);
    assert_int_equal(run(run_main, &args), EX_CONFIG);
    expect_said("has 71 bytes instead of 72");
    (void)close(fd);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_size, 71);

    assert_int_equal(rename(path, link), 0);
    assert_int_equal(run(run_main, &args), EX_CONFIG);
    expect_said("is missing");
    assert_int_equal(symlink(link, path), 0);
    assert_int_equal(run(run_main, &args), EX_CONFIG);
    expect_said("is a link");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(run(run_main, &args), EX_CONFIG);
    expect_said("is not a regular file");
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_node_runs_until_a_signal_and_says_where),
        A_TEST(a_node_that_makes_backups_and_finds_others_runs_until_a_signal),
        A_TEST(what_a_node_is_asked_to_do_and_cannot_is_said),
        A_TEST(a_node_with_a_page_waits_for_what_comes),
        A_TEST(other_keys_are_kept_or_wait_for_the_next_start),
        A_TEST(D2_a_store_that_fails_ends_the_node),
        A_TEST(a_door_that_cannot_be_opened_is_said),
        A_TEST(a_second_daemon_on_one_folder_is_refused),
        A_TEST(a_start_that_is_refused_anywhere_is_said),
        A_TEST(without_memory_a_start_is_said),
        A_TEST(what_is_not_there_is_said_by_each_mode),
        A_TEST(a_node_is_opened_whole_or_not_at_all),
        A_TEST(D4_a_key_file_that_is_not_sound_is_refused_and_not_touched),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
