/* The modes restore and try-backup: which files of a folder they take, what they say of
 * those that they cannot, with which code they leave, and that nothing half restored is
 * left. What is in the files is sim.backup's, how one is opened unit.io.opening's: here
 * the first letter of a file says what becomes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/key.h"
#include "node/core/core.h"
#include "node/core/restore.h"
#include "node/io/node_key.h"
#include "node/io/opening.h"
#include "node/io/restoring.h"
#include "proto/bundle.h"
#include "proto/limits.h"
#include "tests/unit/io/answering.h"
#include "tests/unit/io/modes_house.h"

#define SLOTS 6 /* that a test may use */

static struct {
    char folder[64], key[64]; /* of the backup; the recovery key's file */
    char scratch[96];
    enum status ends; /* restore_end's */
    unsigned taken;
} f;

/* ---- what a file holds ---- */

enum age_verdict __wrap_opening_run(struct bytes file,
                                    const uint8_t secret[static KEY_SIZE],
                                    struct buf *plain);
enum age_verdict __wrap_opening_run(struct bytes file,
                                    const uint8_t secret[static KEY_SIZE],
                                    struct buf *plain)
{
    switch (file.data[0]) {
    case 'k':
        return AGE_NO_MATCH;
    case 'm':
        return AGE_NO_MEMORY;
    case 'd':
        return AGE_BAD_PAYLOAD;
    default:
        buf_add(plain, file.data, file.len);
        return buf_status(plain) == STATUS_OK ? AGE_WHOLE : AGE_NO_MEMORY;
    }
}

enum status __wrap_bundle_check(struct bytes payload, struct bundle_header *header,
                                struct bytes *messages, struct err *err);
enum status __wrap_bundle_check(struct bytes payload, struct bundle_header *header,
                                struct bytes *messages, struct err *err)
{
    *messages = payload;
    memset(header, 0, sizeof(*header));
    return payload.data[0] == 'b' ? err_set(err, STATUS_INVALID, "it is no bundle")
                                  : STATUS_OK;
}

enum status __wrap_restore_take(struct restore *restore,
                                const struct bundle_header *header, struct bytes messages,
                                struct err *err);
enum status __wrap_restore_take(struct restore *restore,
                                const struct bundle_header *header, struct bytes messages,
                                struct err *err)
{
    if (messages.data[0] == 'l')
        return err_set(err, STATUS_NOT_FOUND, "a file before it is missing");
    if (messages.data[0] == 'u')
        return err_set(err, STATUS_UNVERIFIED, "it is not what the site signed");
    restore->taken[TREE_PRIVATE]++;
    restore->ops++;
    restore->pieces += 3;
    f.taken++;
    return STATUS_OK;
}

enum status __wrap_restore_end(struct restore *restore, struct core_config *config,
                               struct err *err);
enum status __wrap_restore_end(struct restore *restore, struct core_config *config,
                               struct err *err)
{
    assert_ptr_equal(config->store, restore->store);
    memset(restore->node_seed, 0x17, sizeof(restore->node_seed));
    restore->mark.wall = 1234;
    return f.ends == STATUS_OK ? STATUS_OK : err_set(err, f.ends, "it is not whole");
}

/* ---- the folder ---- */

static void name_file(char path[static 96], unsigned slot)
{
    (void)snprintf(path, 96, "%s/fengqiao-backup-%04u.age", f.folder, slot);
}

static void put_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* A letter for each file, " " where there is none; "" is an empty folder. */
static void put_files(const char *letters)
{
    char path[96];
    for (unsigned slot = 1; slot <= SLOTS; slot++) {
        name_file(path, slot);
        if (unlink(path) != 0)
            (void)rmdir(path); /* few are there */
    }
    for (unsigned slot = 1; letters[slot - 1] != '\0'; slot++) {
        char text[2] = {letters[slot - 1]};
        name_file(path, slot);
        if (text[0] != ' ')
            put_text(path, text);
    }
}

static int set_up(void **state)
{
    static const uint8_t seed[KEY_SIZE] = {9};
    char text[KEY_TEXT_SIZE];
    int rc = open_house(state);
    memset(&f, 0, sizeof(f));
    (void)snprintf(f.folder, sizeof(f.folder), "%s/backup", house.home);
    (void)snprintf(f.key, sizeof(f.key), "%s/recovery", house.home);
    (void)snprintf(f.scratch, sizeof(f.scratch), "%s/try-backup", house.dir);
    assert_int_equal(mkdir(f.folder, 0700), 0);
    key_to_text(text, "fqr1", seed);
    put_text(f.key, text);
    put_files("ww");
    return rc;
}

static int tear_down(void **state)
{
    put_files("");
    assert_int_equal(rmdir(f.folder), 0);
    assert_int_equal(unlink(f.key), 0);
    return close_house(state);
}

static struct daemon_args restore_args(void)
{
    return (struct daemon_args){
        .mode = MODE_RESTORE, .dir = house.dir, .from = f.folder, .recovery_file = f.key};
}

static void expect_refused(int code, const char *text)
{
    struct daemon_args args = restore_args();
    int rc = run(restore_main, &args);
    expect_said(text);
    assert_int_equal(rc, code);
    assert_string_equal(house.out, "");
    expect_no_node();
}

/* ---- restore ---- */

static void what_is_restored_is_told_and_has_the_key_of_the_backup(void **state)
{
    struct stat found;
    (void)state;
    struct daemon_args args = restore_args();
    assert_int_equal(run(restore_main, &args), EX_OK);
    expect_told("site      fqs1");
    expect_told("records   2, each of them verified\npieces    6 of files\n");
    expect_told("This machine is now the one that was backed up");
    expect_said("restore file=2 ops=2\n");
    int fd = open(house.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct node_key key;
    assert_int_equal(node_key_read(&key, fd, NULL), STATUS_OK);
    assert_int_equal(key.seed[31], 0x17);
    assert_int_equal(fstat(fd, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
    (void)close(fd);
    remove_node();

    args.is_json = true;
    assert_int_equal(run(restore_main, &args), EX_OK);
    expect_told("{\"ops\":2,\"pieces\":6,\"site\":\"fqs1");
    expect_told("\",\"wall\":1234}\n");
    assert_null(strstr(house.out, "This machine"));
}

static void files_of_a_key_that_was_replaced_are_passed_over(void **state)
{
    (void)state;
    struct daemon_args args = restore_args();
    put_files("kk w");
    assert_int_equal(run(restore_main, &args), EX_OK);
    expect_told("records   1, ");
    remove_node();
    /* Behind one that opens, each has to. */
    put_files("kwk");
    expect_refused(EX_NOPERM, "file 0003 of the backup opens with another key");
    put_files("kk");
    expect_refused(EX_NOPERM, "file 0002 of the backup opens with another key");
}

static void a_folder_without_a_backup_is_said(void **state)
{
    (void)state;
    put_files("");
    expect_refused(EX_NOINPUT, "there is no backup in /tmp/");
    struct daemon_args args = restore_args();
    args.from = "/tmp/nowhere/at-all";
    assert_int_equal(run(restore_main, &args), EX_IOERR);
    expect_said("/tmp/nowhere/at-all: ");
    expect_no_node();
}

static void what_is_wrong_with_a_file_is_said_with_its_number(void **state)
{
    static const struct {
        const char *files, *said;
        int code;
    } rows[] = {
        {"wd", "file 0002 of the backup is damaged; take another copy", EX_DATAERR},
        {"wm", "this machine lacks the memory to open a file", EX_OSERR},
        {"b", "file 0001: it is no bundle", EX_DATAERR},
        {"wwl", "file 0003: a file before it is missing", EX_DATAERR},
        {"u", "file 0001: it is not what the site signed", EX_DATAERR},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        put_files(rows[i].files);
        expect_refused(rows[i].code, rows[i].said);
    }
    put_files("ww");
    f.ends = STATUS_INVALID;
    expect_refused(EX_DATAERR, "it is not whole");
    f.ends = STATUS_IO;
    expect_refused(EX_IOERR, "it is not whole");
}

static void what_is_no_plain_file_is_not_taken(void **state)
{
    char path[96], other[96];
    (void)state;
    name_file(path, 3);
    name_file(other, 4);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refused(EX_USAGE, "fengqiao-backup-0003.age is no file of a backup");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink(f.key, path), 0);
    expect_refused(EX_USAGE, "fengqiao-backup-0003.age: it is a link");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_refused(EX_USAGE, "is no file of a backup");
    assert_int_equal(unlink(path), 0);
    put_text(path, "");
    expect_refused(EX_USAGE, "is no file of a backup");
    assert_int_equal(truncate(path, BUNDLE_FILE_MAX + 1), 0);
    expect_refused(EX_USAGE, "is no file of a backup");
    assert_int_equal(truncate(path, 1), 0);
    assert_int_equal(link(path, other), 0); /* what has two names may change */
    expect_refused(EX_USAGE, "is no file of a backup");
}

static void without_a_recovery_key_nothing_is_begun(void **state)
{
    (void)state;
    struct daemon_args args = restore_args();
    put_text(f.key, "no key\n");
    assert_int_equal(run(restore_main, &args), EX_USAGE);
    expect_no_node();
    args.recovery_file = "/tmp/nowhere/at-all";
    assert_int_equal(run(restore_main, &args), EX_NOINPUT);
    expect_no_node();
}

static void a_folder_that_holds_something_is_left_alone(void **state)
{
    struct stat found;
    (void)state;
    struct daemon_args args = restore_args();
    args.dir = house.home;
    assert_int_equal(run(restore_main, &args), EX_CANTCREAT);
    expect_said("not an empty directory");
    assert_int_equal(stat(f.key, &found), 0);
    assert_int_equal(f.taken, 0);
}

static void C1_a_restore_that_nobody_saw_is_not_made(void **state)
{
    (void)state;
    struct daemon_args args = restore_args();
    house.is_full = true;
    assert_int_equal(run(restore_main, &args), EX_IOERR);
    expect_said("the answer could not be written");
    expect_no_node();
    house.is_full = false;
}

static void look_at_restore(int rc)
{
    if (rc == EX_OK) {
        expect_told("records   2, ");
        remove_node();
        return;
    }
    expect_said("error ");
    assert_string_equal(house.out, "");
    expect_no_node();
}

/* Many slots are looked for, one as the other: of that call the first ones are refused,
 * and those behind the last slot. */
static void D2_a_restore_that_is_refused_anywhere_leaves_nothing(void **state)
{
    static const char *const calls[] = {"open",   "read",  "fstat",   "mkdir",
                                        "fchmod", "fsync", "fstatat", "renameat",
                                        "setenv", "write", "close"};
    (void)state;
    struct daemon_args args = restore_args();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        house.refuses = calls[i];
        refuse_each(restore_main, &args, EIO, look_at_restore);
    }
    house.refuses = "openat";
    house.refuse_error = EIO;
    for (house.refuse_at = 0; house.refuse_at < 4; house.refuse_at++)
        look_at_restore(run(restore_main, &args));
    for (house.refuse_at = BACKUP_SLOTS_MAX; house.refused != NULL; house.refuse_at++)
        look_at_restore(run(restore_main, &args));
    assert_in_range(house.refuse_at, BACKUP_SLOTS_MAX + 2, BACKUP_SLOTS_MAX + 10);
}

static void without_memory_a_restore_leaves_nothing(void **state)
{
    (void)state;
    struct daemon_args args = restore_args();
    forget_each(restore_main, &args, look_at_restore);
}

/* ---- try-backup ---- */

static struct daemon_args try_args(void)
{
    return (struct daemon_args){
        .mode = MODE_TRY_BACKUP, .dir = house.dir, .from = f.folder};
}

static void expect_no_scratch(void)
{
    struct stat found;
    assert_int_not_equal(stat(f.scratch, &found), 0);
    assert_int_equal(errno, ENOENT);
}

static void a_backup_is_tried_beside_the_node_and_nothing_stays(void **state)
{
    (void)state;
    make_node();
    struct daemon_args args = try_args();
    assert_int_equal(run(try_backup_main, &args), EX_OK);
    expect_told("records   2, each of them verified");
    expect_said("try-backup node=stopped");
    expect_no_scratch();

    answering_with(house.dir, status_name(STATUS_OK), bytes_str("\x80"));
    assert_int_equal(run(try_backup_main, &args), EX_OK);
    assert_null(strstr(house.err, "node=stopped"));
    answering_end();
    answering_with(house.dir, status_name(STATUS_CONFLICT), bytes_str("\x80"));
    assert_int_equal(run(try_backup_main, &args), EX_DATAERR);
    expect_said("it is not a backup of what this node holds now (");
    assert_string_equal(house.out, "");
    answering_end();
    answering_begin(house.dir, bytes_str(""));
    assert_int_equal(run(try_backup_main, &args), EX_IOERR);
    expect_said("the node does not answer");
    answering_end();
    expect_no_scratch();
}

static void a_backup_that_does_not_open_is_said_and_the_node_stays(void **state)
{
    struct stat found;
    char key[96];
    (void)state;
    make_node();
    struct daemon_args args = try_args();
    put_files("wd");
    assert_int_equal(run(try_backup_main, &args), EX_DATAERR);
    expect_said("file 0002 of the backup is damaged");
    expect_no_scratch();
    /* What somebody keeps under that name is his. */
    put_files("w");
    assert_int_equal(mkdir(f.scratch, 0700), 0);
    (void)snprintf(key, sizeof(key), "%s/try-backup/mine", house.dir);
    put_text(key, "mine");
    assert_int_equal(run(try_backup_main, &args), EX_CANTCREAT);
    assert_int_equal(unlink(key), 0);
    assert_int_equal(rmdir(f.scratch), 0);
    (void)snprintf(key, sizeof(key), "%s/" NODE_KEY_NAME, house.dir);
    assert_int_equal(stat(key, &found), 0);
}

static void where_there_is_no_node_no_backup_is_tried(void **state)
{
    (void)state;
    struct daemon_args args = try_args();
    assert_int_equal(run(try_backup_main, &args), EX_NOINPUT);
    expect_said("does not exist");
    assert_int_equal(mkdir(house.dir, 0700), 0);
    assert_int_equal(run(try_backup_main, &args), EX_NOINPUT);
    expect_said("node.key is missing");
    assert_int_equal(rmdir(house.dir), 0);

    make_node();
    char name[4090];
    memset(name, '/', sizeof(name));
    memcpy(name, house.dir, strlen(house.dir));
    name[sizeof(name) - 1] = '\0';
    args.dir = name;
    assert_int_equal(run(try_backup_main, &args), EX_USAGE);
    expect_said("the directory's name is too long");
}

static void look_at_try(int rc)
{
    if (rc == EX_OK)
        expect_told("records   2, ");
    else
        expect_said("error ");
    if (strstr(house.err, "could not be removed") != NULL)
        assert_int_equal(rmdir(f.scratch), 0);
    expect_no_scratch();
}

static void D2_a_trial_that_is_refused_anywhere_leaves_nothing(void **state)
{
    static const char *const calls[] = {"open",  "mkdir",  "fchmod", "read",
                                        "fstat", "setenv", "rmdir",  "connect"};
    (void)state;
    make_node();
    struct daemon_args args = try_args();
    answering_with(house.dir, status_name(STATUS_OK), bytes_str("\x80"));
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        house.refuses = calls[i];
        refuse_each(try_backup_main, &args, EIO, look_at_try);
    }
    forget_each(try_backup_main, &args, look_at_try);
    house.is_full = true;
    assert_int_equal(run(try_backup_main, &args), EX_IOERR);
    house.is_full = false;
    answering_end();
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(what_is_restored_is_told_and_has_the_key_of_the_backup),
        A_TEST(files_of_a_key_that_was_replaced_are_passed_over),
        A_TEST(a_folder_without_a_backup_is_said),
        A_TEST(what_is_wrong_with_a_file_is_said_with_its_number),
        A_TEST(what_is_no_plain_file_is_not_taken),
        A_TEST(without_a_recovery_key_nothing_is_begun),
        A_TEST(a_folder_that_holds_something_is_left_alone),
        A_TEST(C1_a_restore_that_nobody_saw_is_not_made),
        A_TEST(D2_a_restore_that_is_refused_anywhere_leaves_nothing),
        A_TEST(without_memory_a_restore_leaves_nothing),
        A_TEST(a_backup_is_tried_beside_the_node_and_nothing_stays),
        A_TEST(a_backup_that_does_not_open_is_said_and_the_node_stays),
        A_TEST(where_there_is_no_node_no_backup_is_tried),
        A_TEST(D2_a_trial_that_is_refused_anywhere_leaves_nothing),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
