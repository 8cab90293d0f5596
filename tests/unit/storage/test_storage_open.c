/* Opening a file on a real disk: each refusal in words that say what to do. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "schema_text.h"
#include "tests/unit/storage/store_sample.h"

static char folder[64], file[128];

static int folder_set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/fengqiao-open-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(file, sizeof(file), "%s/a ?#%%41 store.db", folder);
    return 0;
}

static int folder_tear_down(void **state)
{
    (void)state;
    char path[192];
    (void)unlink(file);
    (void)snprintf(path, sizeof(path), "%s-wal", file);
    (void)unlink(path); /* is there only after a fault */
    (void)snprintf(path, sizeof(path), "%s-mark", file);
    (void)unlink(path); /* is not there where no store was made */
    return rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

static void refused(bool create, enum status wanted, const char *words)
{
    struct store *store = NULL;
    struct err err = {0};
    enum status status = store_open(&store, file, NULL, create, &err);
    if (strstr(err.text, words) == NULL)
        print_error("\"%s\" does not say \"%s\"\n", err.text, words);
    assert_non_null(strstr(err.text, words));
    assert_non_null(strstr(err.text, file));
    assert_int_equal(status, wanted);
    assert_null(store);
}

static void open_and_close(bool create)
{
    struct store *store;
    struct err err = {0};
    enum status status = store_open(&store, file, NULL, create, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, STATUS_OK);
    store_close(store);
}

static void write_file(const char *bytes, size_t len)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    assert_int_equal(close(fd), 0);
}

static void run_sql(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_store_is_created_only_when_asked(void **state)
{
    (void)state;
    refused(false, STATUS_NOT_FOUND, "is not there");
    assert_int_not_equal(access(file, F_OK), 0);
    open_and_close(true);
    open_and_close(false);
    open_and_close(true);
}

static void a_path_with_signs_of_its_own_is_the_path(void **state)
{
    (void)state;
    open_and_close(true);
    assert_int_equal(access(file, F_OK), 0);
}

static void a_store_has_one_owner_at_a_time(void **state)
{
    (void)state;
    struct store *store;
    assert_int_equal(store_open(&store, file, NULL, true, NULL), STATUS_OK);

    refused(false, STATUS_BUSY, "another process");
    pid_t child = fork();
    if (child == 0) {
        struct store *second;
        _exit(store_open(&second, file, NULL, false, NULL) == STATUS_BUSY ? 0 : 1);
    }
    int answer = -1;
    assert_int_equal(waitpid(child, &answer, 0), child);
    assert_int_equal(answer, 0);

    store_close(store);
    open_and_close(false);
}

static void an_open_store_has_no_shared_memory_file(void **state)
{
    (void)state;
    struct store *store;
    char path[192];
    assert_int_equal(store_open(&store, file, NULL, true, NULL), STATUS_OK);

    (void)snprintf(path, sizeof(path), "%s-shm", file);
    assert_int_not_equal(access(path, F_OK), 0);

    store_close(store);
}

static void D1_an_empty_file_is_said_to_be_empty(void **state)
{
    (void)state;
    write_file("", 0);
    refused(false, STATUS_CORRUPT, "0 bytes");
    open_and_close(true);
}

static void D1_a_file_that_is_no_database_is_said_to_be_none(void **state)
{
    (void)state;
    static char text[5000];
    memset(text, 'x', sizeof(text));
    write_file(text, sizeof(text));
    refused(false, STATUS_CORRUPT, "no database");
    refused(true, STATUS_CORRUPT, "no database");
}

static void a_folder_is_said_to_be_one(void **state)
{
    (void)state;
    assert_int_equal(mkdir(file, 0700), 0);
    refused(false, STATUS_IO, "folder");
    assert_int_equal(rmdir(file), 0);
}

static void a_database_of_others_is_left_alone(void **state)
{
    (void)state;
    run_sql("CREATE TABLE birds (name TEXT); CREATE TABLE bees (name TEXT)");
    refused(false, STATUS_CORRUPT, "not one of Fengqiao");
    refused(true, STATUS_CORRUPT, "not one of Fengqiao");
    run_sql("SELECT name FROM birds");
}

/* One page, as after a cut during the first opening; but somebody's. */
static void a_database_of_others_without_tables_is_left_alone(void **state)
{
    (void)state;
    run_sql("PRAGMA application_id = 7");
    refused(true, STATUS_CORRUPT, "not one of Fengqiao");
    run_sql("PRAGMA application_id = 0; PRAGMA user_version = 7");
    refused(true, STATUS_CORRUPT, "not one of Fengqiao");
}

static void a_store_that_was_never_finished_is_made_only_when_asked(void **state)
{
    (void)state;
    run_sql("PRAGMA user_version = 7; PRAGMA user_version = 0");
    refused(false, STATUS_CORRUPT, "never finished");
    open_and_close(true);
    open_and_close(false);
}

static void a_newer_schema_is_refused_with_both_numbers(void **state)
{
    (void)state;
    open_and_close(true);
    run_sql("PRAGMA user_version = 99");
    refused(false, STATUS_UNSUPPORTED, "schema 99");
    char newest[64];
    (void)snprintf(newest, sizeof(newest), "PRAGMA user_version = %zu",
                   sizeof(migrations) / sizeof(migrations[0]));
    run_sql(newest);
    open_and_close(false);
}

static void a_missing_table_is_told_at_open(void **state)
{
    (void)state;
    struct store *store;
    struct err err = {0};
    open_and_close(true);
    run_sql("DROP TABLE peers");
    assert_int_equal(store_open(&store, file, NULL, false, &err), STATUS_CORRUPT);
    assert_non_null(strstr(err.text, "tables and indexes and should have"));
}

static void a_file_that_may_not_be_written_is_refused(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* root may write everywhere */
    open_and_close(true);
    assert_int_equal(chmod(file, 0400), 0);
    refused(false, STATUS_IO, "writing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_store_is_created_only_when_asked),
        TEST(a_path_with_signs_of_its_own_is_the_path),
        TEST(a_store_has_one_owner_at_a_time),
        TEST(an_open_store_has_no_shared_memory_file),
        TEST(D1_an_empty_file_is_said_to_be_empty),
        TEST(D1_a_file_that_is_no_database_is_said_to_be_none),
        TEST(a_folder_is_said_to_be_one),
        TEST(a_database_of_others_is_left_alone),
        TEST(a_database_of_others_without_tables_is_left_alone),
        TEST(a_store_that_was_never_finished_is_made_only_when_asked),
        TEST(a_newer_schema_is_refused_with_both_numbers),
        TEST(a_missing_table_is_told_at_open),
        TEST(a_file_that_may_not_be_written_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
