/* The modes check and rebuild: what they find, what they say of it, and what they say
 * where they cannot look, or cannot read on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sysexits.h>

#include <sqlite3.h>

#include "node/core/doubt.h"
#include "node/io/owned_node.h"
#include "node/io/upkeep.h"
#include "tests/unit/io/modes_house.h"

static struct daemon_args upkeep_args(void)
{
    return (struct daemon_args){.mode = MODE_CHECK, .dir = house.dir};
}

/* ---- a store that fails, or has something to tell ---- */

static struct {
    enum status checks, derives, doubts, rebuilds; /* OK: as it is */
    int dumps_fail; /* the one of that number fails; 0: none */
    struct store_loss loss, earlier;
    bool has_loss, has_earlier, is_doubtful;
} f;

enum status __real_store_check(struct store *store, void (*report)(void *, const char *),
                               void *context);
enum status __wrap_store_check(struct store *store, void (*report)(void *, const char *),
                               void *context);
enum status __wrap_store_check(struct store *store, void (*report)(void *, const char *),
                               void *context)
{
    return f.checks != STATUS_OK ? f.checks : __real_store_check(store, report, context);
}

const struct store_loss *__real_store_loss(const struct store *store);
const struct store_loss *__wrap_store_loss(const struct store *store);
const struct store_loss *__wrap_store_loss(const struct store *store)
{
    return f.has_loss ? &f.loss : __real_store_loss(store);
}

enum status __real_store_loss_last(struct store *store, struct store_loss *loss);
enum status __wrap_store_loss_last(struct store *store, struct store_loss *loss);
enum status __wrap_store_loss_last(struct store *store, struct store_loss *loss)
{
    if (!f.has_earlier)
        return __real_store_loss_last(store, loss);
    *loss = f.earlier;
    return f.doubts;
}

enum status __real_doubt_last(struct store *store, struct doubt_found *found);
enum status __wrap_doubt_last(struct store *store, struct doubt_found *found);
enum status __wrap_doubt_last(struct store *store, struct doubt_found *found)
{
    enum status status = __real_doubt_last(store, found);
    if (f.is_doubtful)
        found->times = 2;
    return f.doubts != STATUS_OK ? f.doubts : status;
}

enum status __real_derived_check(struct store *store,
                                 char table[static DERIVED_TABLE_SIZE]);
enum status __wrap_derived_check(struct store *store,
                                 char table[static DERIVED_TABLE_SIZE]);
enum status __wrap_derived_check(struct store *store,
                                 char table[static DERIVED_TABLE_SIZE])
{
    enum status status = __real_derived_check(store, table);
    return f.derives != STATUS_OK ? f.derives : status;
}

enum status __real_derived_rebuild(struct core *core, void (*show)(void *, uint64_t),
                                   void *context);
enum status __wrap_derived_rebuild(struct core *core, void (*show)(void *, uint64_t),
                                   void *context);
enum status __wrap_derived_rebuild(struct core *core, void (*show)(void *, uint64_t),
                                   void *context)
{
    static const uint64_t done[] = {9999, 10000, 10001, 20000};
    for (size_t i = 0; i < sizeof(done) / sizeof(done[0]); i++)
        show(context, done[i]);
    return f.rebuilds != STATUS_OK ? f.rebuilds
                                   : __real_derived_rebuild(core, show, context);
}

enum status __real_store_dump_each(struct store *store, store_dump_fn *fn, void *context);
enum status __wrap_store_dump_each(struct store *store, store_dump_fn *fn, void *context);
enum status __wrap_store_dump_each(struct store *store, store_dump_fn *fn, void *context)
{
    if (f.dumps_fail > 0 && --f.dumps_fail == 0)
        return STATUS_IO;
    return __real_store_dump_each(store, fn, context);
}

static int set_up(void **state)
{
    memset(&f, 0, sizeof(f));
    int rc = open_house(state);
    make_node();
    return rc;
}

/* ---- what is found ---- */

static void C1_what_was_found_must_have_been_said(void **state)
{
    (void)state;
    struct daemon_args args = upkeep_args();
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
    struct daemon_args args = upkeep_args();
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
    struct daemon_args args = upkeep_args();
    change_store("UPDATE ops SET bytes = zeroblob(length(bytes))");
    assert_int_equal(run(check_main, &args), EX_DATAERR);
    expect_told("was not looked at");
    assert_int_not_equal(run(rebuild_main, &args), EX_OK);
    expect_said("not rebuilt, and nothing changed");
}

static void a_check_that_does_not_end_has_found_nothing(void **state)
{
    (void)state;
    struct daemon_args args = upkeep_args();
    f.checks = STATUS_IO;
    assert_int_equal(run(check_main, &args), EX_IOERR);
    expect_said("the check did not end");
    assert_string_equal(house.out, "");
    f.checks = STATUS_OK;
    f.derives = STATUS_NO_MEMORY;
    assert_int_equal(run(check_main, &args), EX_OSERR);
    expect_said("the check did not end");
    f.derives = STATUS_NOT_FOUND; /* no site was founded yet */
    assert_int_equal(run(check_main, &args), EX_OK);
    expect_told("no damage found");
}

static void what_was_noticed_before_is_told_and_is_no_finding(void **state)
{
    (void)state;
    struct daemon_args args = upkeep_args();
    f.has_earlier = f.is_doubtful = true;
    f.earlier = (struct store_loss){.kind = LOSS_RESTORED, .times = 3};
    assert_int_equal(run(check_main, &args), EX_OK);
    expect_told("noticed 3 times before, at last: ");
    expect_told("noticed 2 times before, at last: ");
    expect_told("no damage found");
    f.earlier.kind = LOSS_NONE;
    assert_int_equal(run(check_main, &args), EX_OK);
    assert_null(strstr(house.out, "noticed 3 times"));
    f.doubts = STATUS_IO; /* nor can it be read */
    assert_int_equal(run(check_main, &args), EX_OK);
    assert_null(strstr(house.out, "noticed"));
    /* What this opening noticed says the store itself. */
    f.doubts = STATUS_OK;
    f.earlier.kind = LOSS_RESTORED;
    f.has_loss = true;
    f.loss = f.earlier;
    assert_int_equal(run(check_main, &args), EX_OK);
    assert_null(strstr(house.out, "noticed 3 times"));
}

static void what_the_disk_lost_is_said_as_the_node_is_opened(void **state)
{
    (void)state;
    struct daemon_args args = upkeep_args();
    f.has_loss = true;
    f.loss = (struct store_loss){.kind = LOSS_RESTORED, .times = 1};
    assert_int_equal(run(rebuild_main, &args), EX_OK);
    expect_said("error ");
}

static void a_folder_whose_name_leaves_no_room_is_said(void **state)
{
    char name[4090];
    (void)state;
    struct daemon_args args = upkeep_args();
    memset(name, '/', sizeof(name));
    memcpy(name, house.dir, strlen(house.dir));
    name[sizeof(name) - 1] = '\0';
    args.dir = name;
    assert_int_equal(run(check_main, &args), EX_USAGE);
    expect_said("the name of the directory is too long");
}

static void a_rebuild_says_how_far_it_came(void **state)
{
    (void)state;
    struct daemon_args args = upkeep_args();
    assert_int_equal(run(rebuild_main, &args), EX_OK);
    assert_null(strstr(house.err, "scopes=9999\n"));
    expect_said("rebuilding scopes=10000\nrebuilding scopes=20000\n");
    f.rebuilds = STATUS_FULL;
    assert_int_equal(run(rebuild_main, &args), EX_IOERR);
    expect_said("not rebuilt, and nothing changed");
    assert_string_equal(house.out, "");
}

static void what_cannot_be_read_before_or_behind_a_rebuild_is_said(void **state)
{
    (void)state;
    struct daemon_args args = upkeep_args();
    f.dumps_fail = 1; /* which is why it is rebuilt */
    assert_int_equal(run(rebuild_main, &args), EX_OK);
    expect_told("what was derived before could not be read (");
    f.dumps_fail = 2;
    assert_int_equal(run(rebuild_main, &args), EX_IOERR);
    expect_said("rebuilt, and what is derived now cannot be read");
    assert_null(strstr(house.err, "nothing changed"));
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(C1_what_was_found_must_have_been_said),
        A_TEST(what_is_derived_wrongly_is_found_and_made_anew),
        A_TEST(D1_a_record_that_was_changed_is_found_before_what_is_derived),
        A_TEST(a_check_that_does_not_end_has_found_nothing),
        A_TEST(what_was_noticed_before_is_told_and_is_no_finding),
        A_TEST(what_the_disk_lost_is_said_as_the_node_is_opened),
        A_TEST(a_folder_whose_name_leaves_no_room_is_said),
        A_TEST(a_rebuild_says_how_far_it_came),
        A_TEST(what_cannot_be_read_before_or_behind_a_rebuild_is_said),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
