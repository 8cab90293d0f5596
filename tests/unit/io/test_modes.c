/* The modes of the daemon, called as main() calls them: what they say, with which code of
 * sysexits(3) they leave, and what is left behind, whatever is refused on the way. */
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

#include <sqlite3.h>

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

#define TEXT_MAX 8192
#define CALLS_MAX 400

static struct {
    char home[40], dir[64], pin[64]; /* dir: the node's, in home */
    char out[TEXT_MAX], err[TEXT_MAX];
    bool is_full;        /* standard output takes nothing */
    int signals;         /* how many come as soon as the node waits for them */
    const char *refuses; /* this call (NULL: any) … */
    uint64_t refuse_at;  /* … after so many more … */
    int refuse_error;    /* … with this errno; 0: none */
    bool forgets;        /* an allocation at a new place fails … */
    uint64_t forget_at;  /* … or, where this is not 0, the one after so many */
    const char *refused; /* what was refused in the last run */
    bool has_forgotten;
} house;

int __real_loop_run(struct loop *loop);
int __wrap_loop_run(struct loop *loop);
int __wrap_loop_run(struct loop *loop)
{
    for (int i = 0; i < house.signals; i++)
        (void)raise(SIGTERM);
    return __real_loop_run(loop);
}

static int open_house(void **state)
{
    (void)state;
    memset(&house, 0, sizeof(house));
    (void)snprintf(house.home, sizeof(house.home), "/tmp/fengqiao-modes-XXXXXX");
    assert_non_null(mkdtemp(house.home));
    (void)snprintf(house.dir, sizeof(house.dir), "%s/node", house.home);
    (void)snprintf(house.pin, sizeof(house.pin), "%s/pin", house.home);
    FILE *file = fopen(house.pin, "w");
    assert_non_null(file);
    (void)fputs("246810\n", file);
    assert_int_equal(fclose(file), 0);
    return 0;
}

/* What a node leaves in its folder, and the folder. */
static void remove_node(void)
{
    DIR *listing = opendir(house.dir);
    if (listing == NULL)
        return;
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL)
        (void)unlinkat(dirfd(listing), entry->d_name, 0); /* "." and ".." stay */
    (void)closedir(listing);
    assert_int_equal(rmdir(house.dir), 0);
}

static int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    remove_node();
    (void)unlink(house.pin);
    assert_int_equal(rmdir(house.home), 0);
    return 0;
}

/* ---- running a mode ---- */

/* A file of that name in home, for what goes to a stream. */
static int stream_file(const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/%s", house.home, name);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    return fd;
}

static void take_text(int fd, char text[static TEXT_MAX])
{
    ssize_t len = pread(fd, text, TEXT_MAX - 1, 0);
    assert_true(len >= 0);
    text[len] = '\0';
    (void)close(fd);
}

static int run_refusing(int (*mode)(const struct daemon_args *args),
                        const struct daemon_args *args)
{
    if (house.refuse_error != 0)
        fail_call_after(house.refuses, house.refuse_at, house.refuse_error);
    if (house.forgets) {
        if (house.forget_at == 0)
            fail_memory_at_new_place();
        else
            fail_memory_after(house.forget_at - 1, false);
        fail_memory_in();
    }
    int rc = mode(args);
    house.refused = fail_call_stop();
    (void)fail_memory_out();
    house.has_forgotten = fail_memory_stop();
    return rc;
}

static int run(int (*mode)(const struct daemon_args *args),
               const struct daemon_args *args)
{
    int before[2] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)};
    int out = stream_file("out"), err = stream_file("err");
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    (void)fflush(stdout);
    assert_true(dup2(house.is_full ? full : out, STDOUT_FILENO) >= 0);
    assert_true(dup2(err, STDERR_FILENO) >= 0);

    int rc = run_refusing(mode, args);

    (void)fflush(stdout); /* it may be full */
    clearerr(stdout);
    assert_true(dup2(before[0], STDOUT_FILENO) >= 0);
    assert_true(dup2(before[1], STDERR_FILENO) >= 0);
    (void)close(before[0]);
    (void)close(before[1]);
    (void)close(full);
    take_text(out, house.out);
    take_text(err, house.err);
    return rc;
}

static struct daemon_args init_args(void)
{
    return (struct daemon_args){.mode = MODE_INIT,
                                .dir = house.dir,
                                .tier = "village",
                                .name = "枫源村",
                                .steward = "陈某",
                                .pin_file = house.pin};
}

static void make_node(void)
{
    struct daemon_args args = init_args();
    assert_int_equal(run(init_main, &args), EX_OK);
}

static struct daemon_args run_args(void)
{
    return (struct daemon_args){
        .mode = MODE_RUN, .dir = house.dir, .listen = "127.0.0.1:0"};
}

static void expect_said(const char *text)
{
    if (strstr(house.err, text) == NULL)
        fail_msg("%s is not in: %s", text, house.err);
}

static void expect_told(const char *text)
{
    if (strstr(house.out, text) == NULL)
        fail_msg("%s is not in: %s", text, house.out);
}

static void expect_no_node(void)
{
    struct stat found;
    assert_int_not_equal(stat(house.dir, &found), 0);
    assert_int_equal(errno, ENOENT);
}

/* ---- init ---- */

static void a_node_is_made_and_its_recovery_key_shown_this_once(void **state)
{
    struct stat found;
    (void)state;
    struct daemon_args args = init_args();
    assert_int_equal(run(init_main, &args), EX_OK);

    expect_told("recovery  fqr1");
    expect_told("name      枫源村\n");
    assert_string_equal(house.err, "");
    assert_int_equal(stat(house.dir, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
    remove_node();
    assert_int_equal(mkdir(house.dir, 0755), 0); /* an empty one will do */
    args.is_json = true;
    args.name = "\"枫\\源\"";
    assert_int_equal(run(init_main, &args), EX_OK);
    expect_told("\"name\":\"\\\"枫\\\\源\\\"\"");
    assert_int_equal(stat(house.dir, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
}

static void M4_a_name_with_escapes_is_kept_and_shown_harmlessly(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    args.name = "\033[2J\x7f枫";
    assert_int_equal(run(init_main, &args), EX_OK);
    expect_told("name      ?[2J?枫\n");
    remove_node();
    args.is_json = true;
    assert_int_equal(run(init_main, &args), EX_OK);
    expect_told("\"name\":\"\\u001b[2J\\u007f枫\"");
}

static void a_folder_that_holds_something_is_left_alone(void **state)
{
    char file[80];
    struct stat found;
    (void)state;
    struct daemon_args args = init_args();
    make_node();
    assert_int_equal(run(init_main, &args), EX_CANTCREAT);
    expect_said("not an empty directory");
    (void)snprintf(file, sizeof(file), "%s/" NODE_KEY_NAME, house.dir);
    assert_int_equal(stat(file, &found), 0);

    args.dir = house.pin; /* a file */
    assert_int_equal(run(init_main, &args), EX_CANTCREAT);
    assert_int_equal(stat(house.pin, &found), 0);
    (void)snprintf(file, sizeof(file), "%s/no/such/place", house.home);
    args.dir = file;
    assert_int_equal(run(init_main, &args), EX_CANTCREAT);
    expect_said("cannot be made");
}

static void what_the_core_refuses_leaves_nothing(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    args.tier = "empire";
    assert_int_equal(run(init_main, &args), EX_USAGE);
    expect_no_node();
    args = init_args();
    args.name = "\xff";
    assert_int_equal(run(init_main, &args), EX_USAGE);
    assert_null(strstr(house.err, "could not be removed"));
    expect_no_node();
    args = init_args();
    args.network = "a name of a network that is longer than any network's name is ever "
                   "going to be, and then some, so that it does not fit";
    assert_int_equal(run(init_main, &args), EX_USAGE);
    expect_no_node();
    /* A folder that was there before stays, as empty as it was. */
    assert_int_equal(mkdir(house.dir, 0700), 0);
    assert_int_equal(run(init_main, &args), EX_USAGE);
    assert_int_equal(rmdir(house.dir), 0);
}

/* The recovery key would be lost with it. */
static void C1_a_node_whose_recovery_key_nobody_saw_is_not_made(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    house.is_full = true;
    assert_int_equal(run(init_main, &args), EX_IOERR);
    expect_said("could not be shown, so the node is not made");
    expect_no_node();
    args.is_json = true;
    assert_int_equal(run(init_main, &args), EX_IOERR);
    expect_no_node();
    house.is_full = false;
}

static void D2_a_node_that_cannot_be_made_whole_is_not_made(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    house.refuse_error = EIO;
    house.refused = "";
    for (uint64_t at = 0; house.refused != NULL; at++) {
        house.refuse_at = at;
        int rc = run(init_main, &args);
        if (rc == EX_OK) { /* what is read was closed, and what is gone removed */
            if (house.refused != NULL && strcmp(house.refused, "close") != 0 &&
                strcmp(house.refused, "unlinkat") != 0)
                fail_msg("%s was refused, and nothing was said", house.refused);
            remove_node();
        } else {
            expect_said("error ");
            /* Where it could not even be removed, that is said as well. */
            if (strstr(house.err, "could not be removed") != NULL)
                remove_node();
            expect_no_node();
        }
        assert_true(at < CALLS_MAX);
    }
    /* Above it is a folder of somebody else's: it was durable before. */
    house.refuses = "openat";
    house.refuse_at = 1;
    house.refuse_error = EACCES;
    assert_int_equal(run(init_main, &args), EX_OK);
    assert_string_equal(house.refused, "openat");
    house.refuse_error = 0;
}

static void without_memory_no_node_is_made(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    house.forgets = house.has_forgotten = true;
    /* Each time a disk is asked to be sure, so not at every single allocation. */
    for (uint64_t at = 1; house.has_forgotten; at += 1 + at / 3) {
        house.forget_at = at;
        int rc = run(init_main, &args);
        if (rc == EX_OK) {
            remove_node();
            continue;
        }
        assert_true(house.has_forgotten);
        expect_said("error ");
        expect_no_node();
    }
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

static void C1_what_was_found_must_have_been_said(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    assert_int_equal(run(check_main, &args), EX_OK);
    expect_told("no damage found\n");
    assert_int_equal(run(rebuild_main, &args), EX_OK);
    expect_told("rebuilt; everything derived is as it was\n");

    house.is_full = true;
    assert_int_equal(run(check_main, &args), EX_IOERR);
    expect_said("standard output cannot be written");
    assert_int_equal(run(rebuild_main, &args), EX_IOERR);
    house.is_full = false;
}

/* A disk that lied, or somebody who meant well. */
static void change_store(const char *sql)
{
    char path[96];
    sqlite3 *db = NULL;
    (void)snprintf(path, sizeof(path), "%s/" STORE_NAME, house.dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void what_is_derived_wrongly_is_found_and_made_anew(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    change_store("DELETE FROM heads");
    assert_int_equal(run(check_main, &args), EX_DATAERR);
    expect_told("first in the table heads; fengqiaod rebuild makes it anew");
    expect_told("findings: 1; keep a copy of");

    assert_int_equal(run(rebuild_main, &args), EX_OK);
    expect_told("was not as the ops say, and now is");
    assert_int_equal(run(check_main, &args), EX_OK);
    expect_told("no damage found");
}

static void D1_a_record_that_was_changed_is_found_before_what_is_derived(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = run_args();
    change_store("UPDATE ops SET bytes = zeroblob(length(bytes))");
    assert_int_equal(run(check_main, &args), EX_DATAERR);
    expect_told("was not looked at");
    assert_int_not_equal(run(rebuild_main, &args), EX_OK);
    expect_said("not rebuilt, and nothing changed");
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
        A_TEST(a_node_is_made_and_its_recovery_key_shown_this_once),
        A_TEST(M4_a_name_with_escapes_is_kept_and_shown_harmlessly),
        A_TEST(a_folder_that_holds_something_is_left_alone),
        A_TEST(what_the_core_refuses_leaves_nothing),
        A_TEST(C1_a_node_whose_recovery_key_nobody_saw_is_not_made),
        A_TEST(D2_a_node_that_cannot_be_made_whole_is_not_made),
        A_TEST(without_memory_no_node_is_made),
        A_TEST(a_node_runs_until_a_signal_and_says_where),
        A_TEST(a_door_that_cannot_be_opened_is_said),
        A_TEST(a_second_daemon_on_one_folder_is_refused),
        A_TEST(a_start_that_is_refused_anywhere_is_said),
        A_TEST(without_memory_a_start_is_said),
        A_TEST(what_is_not_there_is_said_by_each_mode),
        A_TEST(C1_what_was_found_must_have_been_said),
        A_TEST(what_is_derived_wrongly_is_found_and_made_anew),
        A_TEST(D1_a_record_that_was_changed_is_found_before_what_is_derived),
        A_TEST(a_node_is_opened_whole_or_not_at_all),
        A_TEST(D4_a_key_file_that_is_not_sound_is_refused_and_not_touched),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
