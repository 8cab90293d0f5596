/* Bundles on a stick that is full, broken, pulled out or prepared by somebody else (rows
 * U1, U2 and U4). */
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
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/stick.h"
#include "proto/limits.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/support/scratch.h"

#define STRANGERS 20000 /* files on the stick that are not ours */
#define PART ".fengqiao-new.tmp"
#define FIRST "fengqiao-001.age"
#define SECOND "fengqiao-002.age"

static struct {
    char dir[SCRATCH_SIZE];
    uint8_t bytes[150000];
    struct bytes file;
    struct err err;
} house;

/* ---- what happens in the midst of it ---- */

static void (*while_reading)(void); /* the size is known, nothing is read */
static unsigned reservations;
static unsigned dropped, spoils_at; /* the cache: how often, and when it tells a lie */
static const char *vanishes;        /* with the lie, the file of that name */

uint8_t *__real_buf_reserve(struct buf *buf, size_t len);
uint8_t *__wrap_buf_reserve(struct buf *buf, size_t len);
uint8_t *__wrap_buf_reserve(struct buf *buf, size_t len)
{
    reservations++;
    if (while_reading != NULL)
        while_reading();
    return __real_buf_reserve(buf, len);
}

/* What a stick of false size does: it took the bytes, and has others. */
static const char *path_of(const char *name);
static void spoil(int fd)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    int again = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(again >= 0);
    assert_int_equal(pwrite(again, "\0", 1, (off_t)sizeof(house.bytes) - 1), 1);
    assert_int_equal(close(again), 0);
    if (vanishes != NULL)
        assert_int_equal(unlink(path_of(vanishes)), 0);
}

#define STAND_IN_FADVISE(symbol)                                                         \
    int __real_##symbol(int fd, off_t from, off_t len, int advice);                      \
    int __wrap_##symbol(int fd, off_t from, off_t len, int advice);                      \
    int __wrap_##symbol(int fd, off_t from, off_t len, int advice)                       \
    {                                                                                    \
        assert_int_equal(advice, POSIX_FADV_DONTNEED);                                   \
        if (++dropped == spoils_at)                                                      \
            spoil(fd);                                                                   \
        return __real_##symbol(fd, from, len, advice);                                   \
    }
STAND_IN_FADVISE(posix_fadvise)
STAND_IN_FADVISE(posix_fadvise64)

/* ---- the stick ---- */

static int open_house(void **state)
{
    (void)state;
    memset(&house, 0, sizeof(house));
    while_reading = NULL;
    reservations = dropped = spoils_at = 0;
    vanishes = NULL;
    for (size_t i = 0; i < sizeof(house.bytes); i++)
        house.bytes[i] = (uint8_t)(1 + i % 251);
    house.file = bytes_of(house.bytes, sizeof(house.bytes));
    return scratch_make(house.dir) ? 0 : -1;
}

static int close_house(void **state)
{
    (void)state;
    (void)fail_call_stop();
    scratch_remove(house.dir);
    return access(house.dir, F_OK) != 0 ? 0 : -1;
}

static const char *path_of(const char *name)
{
    static char path[SCRATCH_SIZE + 64];
    (void)snprintf(path, sizeof(path), "%s/%s", house.dir, name);
    return path;
}

static bool is_there(const char *name)
{
    struct stat there;
    return lstat(path_of(name), &there) == 0;
}

static void put(const char *name, const void *data, size_t len)
{
    FILE *out = fopen(path_of(name), "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(data, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

static void expect_bytes(const char *name, const void *data, size_t len)
{
    uint8_t *held = malloc(len + 1);
    FILE *in = fopen(path_of(name), "rb");
    assert_non_null(in);
    assert_non_null(held);
    assert_int_equal(fread(held, 1, len + 1, in), len);
    assert_memory_equal(held, data, len);
    assert_int_equal(fclose(in), 0);
    free(held);
}

static enum status write_file(char name[static STICK_NAME_SIZE])
{
    house.err = (struct err){0};
    return stick_write(house.dir, STICK_BUNDLES, house.file, name, &house.err);
}

static void expect_written(const char *wanted)
{
    char name[STICK_NAME_SIZE];
    assert_int_equal(write_file(name), STATUS_OK);
    assert_string_equal(name, wanted);
    expect_bytes(name, house.bytes, sizeof(house.bytes));
    assert_false(is_there(PART));
}

static void expect_said(const char *words)
{
    if (strstr(house.err.text, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, house.err.text);
}

/* Nothing came of it, and nothing is left of it. */
static void expect_not_written(enum status status, const char *words)
{
    char name[STICK_NAME_SIZE];
    assert_int_equal(write_file(name), status);
    assert_memory_equal(house.err.text, "NOT written: ", 13);
    expect_said(words);
    assert_false(is_there(FIRST));
    assert_false(is_there(PART));
}

static void expect_unread(unsigned slot, enum status status, const char *words)
{
    struct buf file = {0};
    house.err = (struct err){0};
    assert_int_equal(stick_read(house.dir, STICK_BUNDLES, slot, &file, &house.err),
                     status);
    expect_said(words);
    assert_int_equal(file.len, 0);
    buf_deinit(&file);
}

static void expect_read(unsigned slot)
{
    struct buf file = {0};
    assert_int_equal(stick_read(house.dir, STICK_BUNDLES, slot, &file, NULL), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&file), house.file));
    buf_deinit(&file);
}

/* ---- what it is for ---- */

static void each_file_takes_the_first_free_slot_and_comes_back_whole(void **state)
{
    (void)state;
    expect_written(FIRST);
    expect_written(SECOND);
    expect_written("fengqiao-003.age");
    assert_int_equal(unlink(path_of(SECOND)), 0);
    expect_written(SECOND);
    for (unsigned slot = 1; slot <= 3; slot++)
        expect_read(slot);
    expect_unread(4, STATUS_NOT_FOUND, "is not there");
}

static void what_is_read_is_added_behind_what_was_there(void **state)
{
    struct buf file = {0};
    (void)state;
    put(FIRST, "sealed", 6);
    buf_add(&file, "one ", 4);
    assert_int_equal(stick_read(house.dir, STICK_BUNDLES, 1, &file, NULL), STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&file), "one sealed"));
    buf_deinit(&file);
}

static void the_largest_bundle_fits_and_one_byte_more_does_not(void **state)
{
    uint8_t *bytes = calloc(1, BUNDLE_FILE_MAX + 1);
    char name[STICK_NAME_SIZE];
    struct buf file = {0};
    (void)state;
    assert_non_null(bytes);
    assert_int_equal(stick_write(house.dir, STICK_BUNDLES,
                                 bytes_of(bytes, BUNDLE_FILE_MAX), name, NULL),
                     STATUS_OK);
    assert_int_equal(stick_read(house.dir, STICK_BUNDLES, 1, &file, NULL), STATUS_OK);
    assert_int_equal(file.len, BUNDLE_FILE_MAX);
    assert_int_equal(stick_write(house.dir, STICK_BUNDLES,
                                 bytes_of(bytes, BUNDLE_FILE_MAX + 1), name, &house.err),
                     STATUS_TOO_LARGE);
    expect_said("NOT written");
    assert_int_equal(
        stick_write(house.dir, STICK_BUNDLES, bytes_of(bytes, 0), name, NULL),
        STATUS_TOO_LARGE);
    assert_false(is_there(SECOND));
    put(SECOND, bytes, BUNDLE_FILE_MAX + 1);
    expect_unread(2, STATUS_TOO_LARGE, "larger than any bundle");
    buf_deinit(&file);
    free(bytes);
}

static void a_file_is_removed_only_while_it_holds_what_one_thinks(void **state)
{
    (void)state;
    expect_written(FIRST);
    struct bytes less = bytes_of(house.bytes, sizeof(house.bytes) - 1);
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 1, less, &house.err),
                     STATUS_EXISTS);
    expect_said("something else");
    house.bytes[3] ^= 1;
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 1, house.file, NULL),
                     STATUS_EXISTS);
    assert_true(is_there(FIRST));
    house.bytes[3] ^= 1;
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 1, house.file, NULL),
                     STATUS_OK);
    assert_false(is_there(FIRST));
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 1, house.file, &house.err),
                     STATUS_NOT_FOUND);
    put(FIRST, "short", 5);
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 1, house.file, NULL),
                     STATUS_EXISTS);
    assert_int_equal(symlink("/etc/hostname", path_of(SECOND)), 0);
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 2, house.file, NULL),
                     STATUS_INVALID);
    assert_true(is_there(SECOND));
}

static void without_memory_nothing_is_read(void **state)
{
    struct buf file = {0};
    (void)state;
    expect_written(FIRST);
    fail_memory_after(0, false);
    fail_memory_in();
    enum status status = stick_read(house.dir, STICK_BUNDLES, 1, &file, NULL);
    (void)fail_memory_out();
    assert_true(fail_memory_stop());
    assert_int_equal(status, STATUS_NO_MEMORY);
    assert_int_equal(file.len, 0);
    buf_deinit(&file);
}

/* ---- U1 ---- */

/* Opening anything would be said as IO. */
static void expect_unopened(enum status status, const char *words)
{
    fail_call_for_good("openat", 0, EIO);
    expect_unread(1, status, words);
    assert_null(fail_call_stop());
    char name[STICK_NAME_SIZE];
    assert_int_equal(write_file(name), STATUS_OK); /* beside it */
    assert_string_equal(name, SECOND);
    assert_int_equal(unlink(path_of(SECOND)), 0);
}

static void U1_a_symlink_a_pipe_a_folder_and_a_second_name_are_not_opened(void **state)
{
    (void)state;
    put("elsewhere", house.bytes, sizeof(house.bytes));
    assert_int_equal(symlink("elsewhere", path_of(FIRST)), 0);
    expect_unopened(STATUS_INVALID, "no plain file");
    expect_bytes("elsewhere", house.bytes, sizeof(house.bytes));
    assert_int_equal(unlink(path_of(FIRST)), 0);

    assert_int_equal(symlink("nowhere", path_of(FIRST)), 0);
    expect_unopened(STATUS_INVALID, "no plain file");
    assert_false(is_there("nowhere"));
    assert_int_equal(unlink(path_of(FIRST)), 0);

    assert_int_equal(mkfifo(path_of(FIRST), 0600), 0);
    expect_unopened(STATUS_INVALID, "no plain file");
    assert_int_equal(unlink(path_of(FIRST)), 0);

    assert_int_equal(mkdir(path_of(FIRST), 0700), 0);
    expect_unopened(STATUS_INVALID, "no plain file");
    assert_int_equal(rmdir(path_of(FIRST)), 0);

    int dir = open(house.dir, O_RDONLY | O_DIRECTORY);
    assert_true(dir >= 0);
    assert_int_equal(linkat(dir, "elsewhere", dir, FIRST, 0), 0);
    assert_int_equal(close(dir), 0);
    expect_unopened(STATUS_INVALID, "another name");
    assert_int_equal(unlink(path_of(FIRST)), 0);

    put(FIRST, "", 0);
    expect_unopened(STATUS_INVALID, "empty");
}

static void U1_a_device_is_not_opened(void **state)
{
    (void)state;
    if (mknod(path_of(FIRST), S_IFCHR | 0600, makedev(1, 5)) != 0)
        skip(); /* not root, or not allowed to */
    expect_unopened(STATUS_INVALID, "no plain file");
}

/* It was a plain file when it was looked at, and a link when it was opened. */
static void U1_a_file_that_becomes_a_link_is_refused(void **state)
{
    (void)state;
    expect_written(FIRST);
    fail_call_after("openat", 0, ELOOP);
    expect_unread(1, STATUS_INVALID, "no plain file");
    assert_string_equal(fail_call_stop(), "openat");
}

static void U1_among_many_files_only_the_fixed_name_is_read(void **state)
{
    (void)state;
    char name[64];
    int dir = open(house.dir, O_RDONLY | O_DIRECTORY);
    assert_true(dir >= 0);
    for (unsigned i = 0; i < STRANGERS; i++) {
        (void)snprintf(name, sizeof(name), "fengqiao-%u%s", i + 1000,
                       i % 2 == 0 ? ".age" : ".age\n-rf");
        int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
        assert_true(fd >= 0);
        assert_int_equal(close(fd), 0);
    }
    assert_int_equal(close(dir), 0);

    /* The second file that anybody opened would be refused. */
    expect_unread(7, STATUS_NOT_FOUND, "is not there");
    put("fengqiao-007.age", house.bytes, sizeof(house.bytes));
    fail_call_for_good("openat", 1, EIO);
    expect_read(7);
    assert_null(fail_call_stop());
    expect_written(FIRST);
}

static void U1_what_a_power_cut_left_gives_way_and_is_not_followed(void **state)
{
    (void)state;
    put(PART, "half", 4);
    expect_written(FIRST);
    put("precious", "kept", 4);
    assert_int_equal(symlink("precious", path_of(PART)), 0);
    expect_written(SECOND);
    expect_bytes("precious", "kept", 4);
    assert_int_equal(unlink(path_of(FIRST)), 0);
    assert_int_equal(mkdir(path_of(PART), 0700), 0);
    char name[STICK_NAME_SIZE];
    assert_int_not_equal(write_file(name), STATUS_OK);
    expect_said("NOT written");
    assert_false(is_there(FIRST));
    assert_int_equal(rmdir(path_of(PART)), 0);
}

static void what_is_added_to_a_backup_comes_behind_its_last_file(void **state)
{
    char name[STICK_NAME_SIZE];
    struct bytes file = bytes_str("file");
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(stick_write(house.dir, STICK_BACKUP, file, name, NULL),
                         STATUS_OK);
    assert_int_equal(stick_remove(house.dir, STICK_BACKUP, 2, file, NULL), STATUS_OK);
    assert_int_equal(stick_write(house.dir, STICK_BACKUP, file, name, NULL), STATUS_OK);
    assert_string_equal(name, "fengqiao-backup-0004.age");
}

/* ---- U2 ---- */

static void U2_a_folder_that_is_not_there_is_told_from_an_empty_one(void **state)
{
    struct buf file = {0};
    (void)state;
    assert_int_equal(stick_read("/nowhere", STICK_BUNDLES, 1, &file, &house.err),
                     STATUS_CLOSED);
    expect_said("not read: /nowhere: it is not there");
    assert_int_equal(stick_read("/nowhere", STICK_BUNDLES, 1, &file, NULL),
                     STATUS_CLOSED);
    assert_int_equal(stick_remove("/nowhere", STICK_BUNDLES, 1, house.file, NULL),
                     STATUS_CLOSED);
    assert_int_equal(stick_read(house.dir, STICK_BUNDLES, 1, &file, NULL),
                     STATUS_NOT_FOUND);
}

static void U2_a_sparse_terabyte_is_refused_before_any_memory_is_taken(void **state)
{
    (void)state;
    put(FIRST, "", 0);
    if (truncate(path_of(FIRST), (off_t)1 << 40) != 0)
        skip(); /* the file system has no such sizes */
    expect_unread(1, STATUS_TOO_LARGE, "larger than any bundle");
    assert_int_equal(reservations, 0);
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 1, house.file, NULL),
                     STATUS_TOO_LARGE);
}

static void grow(void)
{
    FILE *out = fopen(path_of(FIRST), "ab");
    assert_non_null(out);
    assert_int_equal(fputc('x', out), 'x');
    assert_int_equal(fclose(out), 0);
}

static void shrink(void)
{
    assert_int_equal(truncate(path_of(FIRST), 100), 0);
}

static void vanish(void)
{
    assert_int_equal(unlink(path_of(FIRST)), 0);
}

static void U2_a_file_that_grows_or_shrinks_while_it_is_read_is_refused(void **state)
{
    (void)state;
    expect_written(FIRST);
    while_reading = grow;
    expect_unread(1, STATUS_INVALID, "changed while");
    while_reading = shrink;
    expect_unread(1, STATUS_INVALID, "changed while");
}

static void U2_a_file_that_vanishes_while_it_is_read_is_read_whole_or_not(void **state)
{
    (void)state;
    expect_written(FIRST);
    while_reading = vanish;
    expect_read(1);
    while_reading = NULL;
    expect_unread(1, STATUS_NOT_FOUND, "is not there");
    fail_call_after("openat", 0, ENOENT); /* between the look and the opening */
    put(FIRST, "sealed", 6);
    expect_unread(1, STATUS_NOT_FOUND, "is not there");
}

static void U2_a_stick_that_is_pulled_out_gives_all_or_nothing(void **state)
{
    static const int errors[] = {EIO, ENODEV, ENXIO, ENOTCONN, ESTALE};
    (void)state;
    expect_written(FIRST);
    bool is_whole = false;
    for (unsigned calls = 0; !is_whole; calls++) {
        struct buf file = {0};
        assert_true(calls < 100);
        fail_call_for_good(NULL, calls, errors[calls % 5]);
        enum status status = stick_read(house.dir, STICK_BUNDLES, 1, &file, &house.err);
        is_whole = fail_call_stop() == NULL;
        if (status == STATUS_OK) { /* it was only not closed */
            assert_true(bytes_equal(buf_bytes(&file), house.file));
        } else {
            /* It is opened, and the file looked for: after that it is the file. */
            assert_int_equal(status, calls < 2 ? STATUS_CLOSED : STATUS_IO);
            assert_int_equal(house.err.status, status);
            assert_int_equal(file.len, 0);
            expect_said("does not answer");
        }
        buf_deinit(&file);
    }
    fail_call_after("read", 0, EINTR);
    expect_read(1);
    assert_string_equal(fail_call_stop(), "read");
}

/* ---- U4 ---- */

static void U4_no_room_is_said_and_nothing_half_is_left(void **state)
{
    struct rlimit before, limit;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = sizeof(house.bytes) / 2;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_not_written(STATUS_FULL, "it is full");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    expect_written(FIRST);
}

/* Exit code: 0, 77 where mounts are not allowed, else the line that does not hold. */
#define HOLDS(condition)                                                                 \
    do {                                                                                 \
        if (!(condition))                                                                \
            _exit(__LINE__ % 200 + 1 == 77 ? 76 : __LINE__ % 200 + 1);                   \
    } while (0)

static bool is_refused(enum status status, const char *words)
{
    char name[STICK_NAME_SIZE];
    return write_file(name) == status &&
           strncmp(house.err.text, "NOT written: ", 13) == 0 &&
           strstr(house.err.text, words) != NULL && !is_there(PART);
}

static void use_small_disk(void)
{
    char name[STICK_NAME_SIZE];
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) ||
        mount("none", house.dir, "tmpfs", 0, "size=256k"))
        _exit(77);
    HOLDS(write_file(name) == STATUS_OK);
    HOLDS(is_refused(STATUS_FULL, "it is full"));
    HOLDS(is_there(FIRST) && !is_there(SECOND));
    HOLDS(stick_remove(house.dir, STICK_BUNDLES, 1, house.file, NULL) == STATUS_OK);
    HOLDS(mount("none", house.dir, "", MS_REMOUNT | MS_RDONLY, NULL) == 0);
    HOLDS(is_refused(STATUS_IO, "it can only be read"));
    HOLDS(!is_there(FIRST));
    _exit(0);
}

static void U4_a_disk_that_is_full_or_read_only_says_so(void **state)
{
    int status;
    (void)state;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        use_small_disk();
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip(); /* not root, or not allowed to */
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void U4_each_refusal_says_what_to_do(void **state)
{
    static const struct {
        int error;
        enum status status;
        const char *words;
    } rows[] = {
        {ENOSPC, STATUS_FULL, "it is full"},
        {EDQUOT, STATUS_FULL, "it is full"},
        {EROFS, STATUS_IO, "it can only be read"},
        {EACCES, STATUS_IO, "this account may not"},
        {EIO, STATUS_IO, "put it in again"},
        {ENODEV, STATUS_IO, "put it in again"},
        {EMFILE, STATUS_IO, "Too many open files"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fail_call_after("openat", 0, rows[i].error);
        expect_not_written(rows[i].status, rows[i].words);
        assert_string_equal(fail_call_stop(), "openat");
    }
    assert_int_equal(stick_write("/nowhere", STICK_BUNDLES, house.file,
                                 (char[STICK_NAME_SIZE]){0}, &house.err),
                     STATUS_CLOSED);
    expect_said("NOT written: /nowhere: it is not there");
    put("file", "", 0);
    assert_int_equal(stick_write(path_of("file"), STICK_BUNDLES, house.file,
                                 (char[STICK_NAME_SIZE]){0}, &house.err),
                     STATUS_CLOSED);
    expect_said("it is no folder");
    char *longest = malloc(5000);
    assert_non_null(longest);
    memset(longest, 'x', 4999);
    longest[4999] = '\0';
    assert_int_equal(stick_write(longest, STICK_BUNDLES, house.file,
                                 (char[STICK_NAME_SIZE]){0}, &house.err),
                     STATUS_CLOSED);
    expect_said("NOT written");
    free(longest);
}

/* Each call once: it is there whole, or it is not there. */
static void U4_whatever_is_refused_the_slot_is_whole_or_free(void **state)
{
    (void)state;
    bool is_refused_nothing = false;
    for (unsigned calls = 0; !is_refused_nothing; calls++) {
        char name[STICK_NAME_SIZE];
        assert_true(calls < 200);
        fail_call_after(NULL, calls, EIO);
        enum status status = write_file(name);
        is_refused_nothing = fail_call_stop() == NULL;
        if (status == STATUS_OK) {
            expect_bytes(FIRST, house.bytes, sizeof(house.bytes));
            assert_int_equal(unlink(path_of(FIRST)), 0);
        } else {
            assert_memory_equal(house.err.text, "NOT written: ", 13);
            assert_false(is_there(FIRST));
        }
        assert_false(is_there(SECOND));
        (void)unlink(path_of(PART)); /* it may be there where it could not be removed */
    }
}

/* From some call on nothing works any more; what then stands under a name is whole, or
 * said to be no good. */
static void U4_a_stick_that_is_pulled_out_is_not_written(void **state)
{
    (void)state;
    bool is_refused_nothing = false;
    for (unsigned calls = 0; !is_refused_nothing; calls++) {
        char name[STICK_NAME_SIZE];
        assert_true(calls < 200);
        fail_call_for_good(NULL, calls, EIO);
        enum status status = write_file(name);
        is_refused_nothing = fail_call_stop() == NULL;
        if (status != STATUS_OK) {
            assert_memory_equal(house.err.text, "NOT written: ", 13);
            if (is_there(FIRST))
                expect_said(FIRST " is not what it should be");
        }
        if (is_there(FIRST)) {
            expect_bytes(FIRST, house.bytes, sizeof(house.bytes));
            assert_int_equal(unlink(path_of(FIRST)), 0);
        }
        (void)unlink(path_of(PART));
    }
}

static void U4_a_stick_of_false_size_is_found_out_by_reading(void **state)
{
    (void)state;
    for (spoils_at = 1; spoils_at <= 2; spoils_at++) { /* the part; the slot */
        dropped = 0;
        expect_not_written(STATUS_CORRUPT, "does not give back what it was given");
        assert_int_equal(dropped, spoils_at);
    }
    spoils_at = 0;
    dropped = 0;
    expect_written(FIRST);
    assert_int_equal(dropped, 2);
}

static void U4_what_is_gone_already_needs_no_removing(void **state)
{
    (void)state;
    vanishes = FIRST;
    spoils_at = 2; /* the slot */
    expect_not_written(STATUS_CORRUPT, "does not give back what it was given");
}

static void an_interrupted_call_is_made_once_more(void **state)
{
    static const char *const calls[] = {"write", "read"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        fail_call_after(calls[i], 0, EINTR);
        expect_written(FIRST);
        assert_string_equal(fail_call_stop(), calls[i]);
        assert_int_equal(unlink(path_of(FIRST)), 0);
    }
}

/* FAT by other drivers: no rename that does not replace, no hard links. */
static void U4_file_systems_that_know_less_are_written_all_the_same(void **state)
{
    (void)state;
    put("fengqiao-001.age", "of somebody else", 16);
    static const int unknown[] = {EINVAL, ENOSYS, EOPNOTSUPP};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        fail_call_for_good("renameat2", 0, unknown[i]);
        expect_written(SECOND);
        assert_string_equal(fail_call_stop(), "renameat2");
        assert_int_equal(unlink(path_of(SECOND)), 0);
    }
    expect_written(SECOND);
    fail_call_for_good("renameat2", 0, EPERM);
    fail_call_beside("linkat");
    expect_written("fengqiao-003.age");
    assert_string_equal(fail_call_stop(), "renameat2");
    fail_call_for_good("fsync", 1, EINVAL); /* of the folder */
    expect_written("fengqiao-004.age");
    assert_string_equal(fail_call_stop(), "fsync");
    fail_call_after("flock", 0, EOPNOTSUPP);
    expect_written("fengqiao-005.age");
    assert_string_equal(fail_call_stop(), "flock");
    expect_bytes(FIRST, "of somebody else", 16);
}

/* A file of two names would never be read. */
static void U4_where_the_part_cannot_go_its_second_name_goes(void **state)
{
    char name[STICK_NAME_SIZE];
    (void)state;
    fail_call_after("unlinkat", 1, EINVAL); /* the first looks for an older part */
    fail_call_beside("renameat2");
    assert_int_equal(write_file(name), STATUS_IO);
    assert_string_equal(fail_call_stop(), "unlinkat");
    expect_said("NOT written");
    assert_false(is_there(FIRST));
}

static void U4_a_slot_that_somebody_takes_meanwhile_is_left_alone(void **state)
{
    (void)state;
    fail_call_after("renameat2", 0, EEXIST);
    expect_written(SECOND);
    assert_string_equal(fail_call_stop(), "renameat2");
    assert_false(is_there(FIRST));
}

static void two_clients_do_not_write_on_one_stick(void **state)
{
    char name[STICK_NAME_SIZE];
    (void)state;
    int other = open(house.dir, O_RDONLY | O_DIRECTORY);
    assert_true(other >= 0);
    assert_int_equal(flock(other, LOCK_EX), 0);
    put(PART, "the other's", 11);
    assert_int_equal(write_file(name), STATUS_BUSY);
    expect_said("NOT written: another program");
    assert_int_equal(stick_remove(house.dir, STICK_BUNDLES, 1, house.file, NULL),
                     STATUS_BUSY);
    expect_bytes(PART, "the other's", 11);
    assert_int_equal(close(other), 0);
    expect_written(FIRST);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(each_file_takes_the_first_free_slot_and_comes_back_whole),
        A_TEST(what_is_added_to_a_backup_comes_behind_its_last_file),
        A_TEST(what_is_read_is_added_behind_what_was_there),
        A_TEST(the_largest_bundle_fits_and_one_byte_more_does_not),
        A_TEST(a_file_is_removed_only_while_it_holds_what_one_thinks),
        A_TEST(without_memory_nothing_is_read),
        A_TEST(U1_a_symlink_a_pipe_a_folder_and_a_second_name_are_not_opened),
        A_TEST(U1_a_device_is_not_opened),
        A_TEST(U1_a_file_that_becomes_a_link_is_refused),
        A_TEST(U1_among_many_files_only_the_fixed_name_is_read),
        A_TEST(U1_what_a_power_cut_left_gives_way_and_is_not_followed),
        A_TEST(U2_a_folder_that_is_not_there_is_told_from_an_empty_one),
        A_TEST(U2_a_sparse_terabyte_is_refused_before_any_memory_is_taken),
        A_TEST(U2_a_file_that_grows_or_shrinks_while_it_is_read_is_refused),
        A_TEST(U2_a_file_that_vanishes_while_it_is_read_is_read_whole_or_not),
        A_TEST(U2_a_stick_that_is_pulled_out_gives_all_or_nothing),
        A_TEST(U4_no_room_is_said_and_nothing_half_is_left),
        A_TEST(U4_a_disk_that_is_full_or_read_only_says_so),
        A_TEST(U4_each_refusal_says_what_to_do),
        A_TEST(U4_whatever_is_refused_the_slot_is_whole_or_free),
        A_TEST(U4_a_stick_that_is_pulled_out_is_not_written),
        A_TEST(U4_a_stick_of_false_size_is_found_out_by_reading),
        A_TEST(U4_what_is_gone_already_needs_no_removing),
        A_TEST(an_interrupted_call_is_made_once_more),
        A_TEST(U4_file_systems_that_know_less_are_written_all_the_same),
        A_TEST(U4_where_the_part_cannot_go_its_second_name_goes),
        A_TEST(U4_a_slot_that_somebody_takes_meanwhile_is_left_alone),
        A_TEST(two_clients_do_not_write_on_one_stick),
    };
    (void)signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
