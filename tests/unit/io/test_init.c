/* The mode init: what it makes, what it tells, and that nothing is left where it fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/age_text.h"
#include "crypto/key.h"
#include "node/io/init.h"
#include "node/io/node_key.h"
#include "proto/recovery_words.h"
#include "tests/support/plain_keys.h"
#include "tests/unit/io/modes_house.h"

#define SHEET_MAX 32768

static void expect_no_sheet(void)
{
    struct stat found;
    assert_int_not_equal(lstat(house.sheet, &found), 0);
    assert_int_equal(errno, ENOENT);
}

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

static void of_a_pin_of_digits_alone_it_is_said_what_it_is_worth(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    assert_int_equal(run(init_main, &args), EX_OK);
    expect_told("PIN is digits alone: it stops a passer-by");
    remove_node();
    FILE *file = fopen(house.pin, "w");
    assert_non_null(file);
    (void)fputs("2468 water under the bridge\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(run(init_main, &args), EX_OK);
    assert_null(strstr(house.out, "digits alone"));
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
    house.is_broken = true;
    assert_int_equal(run(init_main, &args), EX_IOERR);
    expect_no_node();
}

static void refuse_each_call(const char *sheet)
{
    struct daemon_args args = init_args();
    args.sheet = sheet;
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
            assert_int_equal(unlink(house.sheet) == 0, sheet != NULL);
        } else {
            expect_said("error ");
            /* Where it could not even be removed, that is said as well. */
            if (strstr(house.err, "could not be removed") != NULL)
                remove_node();
            expect_no_node();
            expect_no_sheet();
        }
        assert_true(at < CALLS_MAX);
    }
    house.refuse_error = 0;
}

static void D2_a_node_that_cannot_be_made_whole_is_not_made(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    refuse_each_call(NULL);
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
    plain_keys_lack_memory(true);
    assert_int_equal(run(init_main, &args), EX_OSERR);
    expect_said("sealing the steward's key needs 64 MiB");
    expect_no_node();
    plain_keys_lack_memory(false);
    args.sheet = house.sheet;
    house.forgets = house.has_forgotten = true;
    /* Each time a disk is asked to be sure, so not at every single allocation. */
    for (uint64_t at = 1; house.has_forgotten; at += 1 + at / 3) {
        house.forget_at = at;
        int rc = run(init_main, &args);
        if (rc == EX_OK) {
            remove_node();
            assert_int_equal(unlink(house.sheet), 0);
            continue;
        }
        assert_true(house.has_forgotten);
        expect_said("error ");
        expect_no_node();
        expect_no_sheet();
    }
}

/* ---- the sheet ---- */

/* The page without what is between < and >, each tag a line's end. */
static void read_sheet(char text[static SHEET_MAX])
{
    FILE *file = fopen(house.sheet, "r");
    assert_non_null(file);
    size_t len = 0;
    bool is_tag = false;
    for (int c; (c = fgetc(file)) != EOF;) {
        is_tag |= c == '<';
        if (!is_tag || c == '>') {
            assert_true(len < SHEET_MAX - 1);
            text[len++] = is_tag ? '\n' : (char)c;
        }
        is_tag &= c != '>';
    }
    text[len] = '\0';
    assert_int_equal(fclose(file), 0);
}

/* What stands behind begin, up to the end of the line, begin included. */
static void take_line(char *line, size_t size, const char *text, const char *begin)
{
    const char *at = strstr(text, begin);
    assert_non_null(at);
    (void)snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
}

static void a_sheet_shows_the_recovery_key_and_what_opens_backups(void **state)
{
    static char text[SHEET_MAX];
    char line[80], shown[80];
    uint8_t seed[KEY_SEED_SIZE], other[KEY_SEED_SIZE], key[KEY_SIZE], dh_key[KEY_SIZE];
    struct stat found;
    struct err err = {0};
    (void)state;
    struct daemon_args args = init_args();
    args.sheet = house.sheet;
    assert_int_equal(run(init_main, &args), EX_OK);
    expect_told("sheet     /tmp/");
    expect_told("erase the file");
    assert_int_equal(stat(house.sheet, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
    read_sheet(text);

    assert_non_null(strstr(text, "\n枫源村\n"));
    take_line(line, sizeof(line), house.out, "fqs1");
    take_line(shown, sizeof(shown), text, "fqs1");
    assert_string_equal(shown, line);
    /* The text, as it was told. */
    take_line(line, sizeof(line), house.out, "fqr1");
    take_line(shown, sizeof(shown), text, "fqr1");
    assert_string_equal(shown, line);
    assert_true(key_from_text(seed, "fqr1", shown));
    /* The words, with the numbers before them. */
    char *words = strstr(text, "\n1.\n");
    assert_non_null(words);
    char *after = strstr(words, "同一把密钥"); /* the next heading */
    assert_non_null(after);
    *after = '\0';
    if (recovery_words_read(other, words, &err) != STATUS_OK)
        fail_msg("%s: %s", err.text, words);
    assert_memory_equal(other, seed, sizeof(seed));
    *after = ' ';
    /* What opens is the counterpart of what anybody seals to, who knows the public key.
     */
    take_line(shown, sizeof(shown), text, "AGE-SECRET-KEY-1");
    assert_true(age_identity_read(other, shown));
    key_dh_public(key, other);
    key_sign_public(other, seed);
    assert_true(key_dh_of_sign_key(dh_key, other));
    assert_memory_equal(key, dh_key, sizeof(key));
}

static void a_sheet_is_written_over_nothing(void **state)
{
    struct stat found;
    (void)state;
    struct daemon_args args = init_args();
    args.sheet = house.pin;
    assert_int_equal(run(init_main, &args), EX_CANTCREAT);
    expect_said("is there already, and a sheet is written over nothing");
    expect_no_node();
    assert_int_equal(stat(house.pin, &found), 0);
    assert_int_equal(found.st_size, 7);
    assert_int_equal(symlink("/tmp/nowhere/at-all", house.sheet), 0);
    args.sheet = house.sheet;
    assert_int_equal(run(init_main, &args), EX_CANTCREAT);
    expect_said("is there already");
    assert_int_equal(unlink(house.sheet), 0);
    args.sheet = "/tmp/nowhere/at-all";
    assert_int_equal(run(init_main, &args), EX_CANTCREAT);
    expect_said("cannot be made");
    expect_no_node();
}

static void where_nothing_is_founded_there_is_no_sheet(void **state)
{
    (void)state;
    struct daemon_args args = init_args();
    args.sheet = house.sheet;
    args.tier = "empire";
    assert_int_equal(run(init_main, &args), EX_USAGE);
    expect_no_node();
    expect_no_sheet();
    args.tier = "village";
    house.is_full = true;
    assert_int_equal(run(init_main, &args), EX_IOERR);
    expect_no_node();
    expect_no_sheet();
    /* The first thing that is removed is the sheet. */
    house.refuses = "unlinkat";
    house.refuse_error = EIO;
    assert_int_equal(run(init_main, &args), EX_IOERR);
    assert_string_equal(house.refused, "unlinkat");
    expect_said("the sheet could not be removed");
    assert_int_equal(unlink(house.sheet), 0);
    expect_no_node();
}

static void D2_a_sheet_that_cannot_be_written_makes_no_node(void **state)
{
    static const struct {
        const char *call;
        int error;
    } rows[] = {{"write", ENOSPC}, {"fsync", EIO}};
    (void)state;
    refuse_each_call(house.sheet);
    struct daemon_args args = init_args();
    args.sheet = house.sheet;
    for (size_t i = 0; i < 2; i++) {
        bool is_said = false;
        house.refuses = rows[i].call;
        house.refuse_error = rows[i].error;
        for (house.refuse_at = 0; !is_said; house.refuse_at++) {
            assert_true(house.refuse_at < CALLS_MAX);
            assert_int_equal(run(init_main, &args), EX_IOERR);
            is_said = strstr(house.err, "so the node is not made") != NULL;
            expect_no_node();
            expect_no_sheet();
        }
        expect_said(house.sheet);
    }
    /* Sticks whose folders cannot be synced, and folders that are not ours to read. */
    house.refuses = "open";
    house.refuse_error = EACCES;
    house.refuse_at = 1;
    for (int rc = EX_IOERR; rc != EX_OK; house.refuse_at++) {
        assert_true(house.refuse_at < CALLS_MAX);
        rc = run(init_main, &args);
    }
    assert_string_equal(house.refused, "open");
    assert_int_equal(unlink(house.sheet), 0);
    remove_node();
    house.refuses = "fsync";
    house.refuse_error = EINVAL;
    int rc = EX_IOERR;
    for (house.refuse_at = 0; rc != EX_OK; house.refuse_at++) {
        assert_true(house.refuse_at < CALLS_MAX);
        rc = run(init_main, &args);
    }
    assert_string_equal(house.refused, "fsync");
    house.refuse_error = 0;
    remove_node();

    /* Where the person stands. */
    char before[PATH_MAX];
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(unlink(house.sheet), 0);
    assert_int_equal(chdir(house.home), 0);
    args.sheet = "sheet.html";
    assert_int_equal(run(init_main, &args), EX_OK);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(access(house.sheet, F_OK), 0);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_node_is_made_and_its_recovery_key_shown_this_once),
        A_TEST(of_a_pin_of_digits_alone_it_is_said_what_it_is_worth),
        A_TEST(M4_a_name_with_escapes_is_kept_and_shown_harmlessly),
        A_TEST(a_folder_that_holds_something_is_left_alone),
        A_TEST(what_the_core_refuses_leaves_nothing),
        A_TEST(C1_a_node_whose_recovery_key_nobody_saw_is_not_made),
        A_TEST(D2_a_node_that_cannot_be_made_whole_is_not_made),
        A_TEST(without_memory_no_node_is_made),
        A_TEST(a_sheet_shows_the_recovery_key_and_what_opens_backups),
        A_TEST(a_sheet_is_written_over_nothing),
        A_TEST(where_nothing_is_founded_there_is_no_sheet),
        A_TEST(D2_a_sheet_that_cannot_be_written_makes_no_node),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
