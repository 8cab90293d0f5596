/* The mark beside the database: what a disk lost is noticed and said (rows D1 to D3), and
 * what it did not lose is not. On real files, for the tests put older ones in place. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/statement.h"
#include "tests/unit/storage/store_sample.h"

static char folder[64], file[128];
static uint64_t next_time;

static const char *beside(const char *suffix)
{
    static char path[192];
    (void)snprintf(path, sizeof(path), "%s%s", file, suffix);
    return path;
}

static int folder_set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/fengqiao-mark-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(file, sizeof(file), "%s/store.db", folder);
    next_time = 1;
    return 0;
}

static int folder_tear_down(void **state)
{
    (void)state;
    static const char *const suffixes[] = {"", "-wal", "-mark"};
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
        (void)unlink(beside(suffixes[i])); /* those that are there */
    return rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

static void read_file(struct buf *out, const char *suffix)
{
    struct stat info;
    int fd = open(beside(suffix), O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &info), 0);
    buf_clear(out);
    uint8_t *room = buf_reserve(out, (size_t)info.st_size);
    assert_non_null(room);
    assert_int_equal(read(fd, room, (size_t)info.st_size), info.st_size);
    out->len = (size_t)info.st_size;
    assert_int_equal(close(fd), 0);
}

static void write_file(const char *suffix, struct bytes bytes)
{
    int fd = open(beside(suffix), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.data, bytes.len), bytes.len);
    assert_int_equal(close(fd), 0);
}

static struct store *open_store(void)
{
    struct store *store;
    struct err err = {0};
    enum status status = store_open(&store, file, NULL, true, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, STATUS_OK);
    return store;
}

static void add_op(struct store *store, enum ledger_tree tree, const char *text)
{
    struct id scope = sample_id(1);
    struct sample_op sample;
    sample_op(&sample, &scope, next_time++, text);
    sample_begin(store);
    sample_add(store, &sample, tree);
    sample_commit(store);
    sample_op_deinit(&sample);
}

/* Opens, and closes again; the sentence must hold these words. */
static struct store_loss noticed(enum store_loss_kind kind, const char *words)
{
    char text[LOSS_TEXT_SIZE];
    struct buf findings = {0};
    struct store *store = open_store();
    struct store_loss loss = *store_loss(store);
    assert_int_equal(loss.kind, kind);
    store_loss_text(&loss, text);
    assert_non_null(strstr(text, words));
    enum status status = store_check(store, sample_report, &findings);
    buf_add_u8(&findings, '\0');
    assert_int_equal(status, kind == LOSS_NONE ? STATUS_OK : STATUS_CORRUPT);
    if (kind != LOSS_NONE)
        assert_non_null(strstr((const char *)findings.data, words));
    buf_deinit(&findings);
    store_close(store);
    return loss;
}

static void a_sound_store_notices_nothing(void **state)
{
    (void)state;
    struct store_loss last;
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "one");
    store_close(store);

    (void)noticed(LOSS_NONE, "nothing");

    store = open_store();
    assert_int_equal(store_loss_last(store, &last), STATUS_OK);
    assert_int_equal(last.kind, LOSS_NONE);
    assert_int_equal(last.times, 0);
    store_close(store);
}

static void a_transaction_that_changes_nothing_writes_no_mark(void **state)
{
    (void)state;
    struct buf before = {0}, after = {0};
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "one");
    read_file(&before, "-mark");

    sample_begin(store);
    sample_commit(store);
    read_file(&after, "-mark");
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));

    add_op(store, TREE_PRIVATE, "two");
    read_file(&after, "-mark");
    assert_false(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    store_close(store);
    buf_deinit(&before);
    buf_deinit(&after);
}

static void D1_a_log_that_was_deleted_is_noticed_with_what_it_held(void **state)
{
    (void)state;
    struct buf database = {0}, mark = {0};
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "folded in");
    store_close(store);
    store = open_store();
    add_op(store, TREE_PRIVATE, "in the log");
    add_op(store, TREE_PRIVATE, "in the log");
    add_op(store, TREE_SHARED, "in the log");
    read_file(&database, "");
    read_file(&mark, "-mark");
    store_close(store);
    write_file("", buf_bytes(&database));
    write_file("-mark", buf_bytes(&mark));

    struct store_loss loss = noticed(LOSS_COMMITS, "lost the last 3 commits");

    assert_int_equal(loss.commits, 3);
    assert_int_equal(loss.ops[TREE_PRIVATE], 2);
    assert_int_equal(loss.ops[TREE_SHARED], 1);
    assert_int_equal(loss.ops[TREE_WAITING], 0);
    buf_deinit(&database);
    buf_deinit(&mark);
}

static void D1_a_mark_that_is_gone_or_noise_is_told(void **state)
{
    (void)state;
    static const uint8_t noise[9000] = {0x5a, 0xa5, 0x3c};
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "one");
    store_close(store);

    assert_int_equal(unlink(beside("-mark")), 0);
    (void)noticed(LOSS_MARK, "cannot be told");
    (void)noticed(LOSS_NONE, "nothing");
    write_file("-mark", bytes_of(noise, sizeof(noise)));
    (void)noticed(LOSS_MARK, "cannot be told");
    write_file("-mark", bytes_of(noise, 0));
    assert_int_equal(noticed(LOSS_MARK, "cannot be told").times, 3);
    (void)noticed(LOSS_NONE, "nothing");
}

#define SLOT_SIZE 104 /* magic, stand and digest, as storage/mark.c writes them */
#define SLOT_DISTANCE 4096
#define COMMITS_AT 15 /* the last byte of the number of commits */

static size_t newer_slot(const struct buf *mark)
{
    return mark->data[SLOT_DISTANCE + COMMITS_AT] > mark->data[COMMITS_AT];
}

/* Without the newer slot the mark is one commit behind, which is where a cut may leave
 * it. Without the older one it says the same, but the slot may have said more. */
static void D1_any_flipped_bit_of_the_mark_costs_one_slot_at_most(void **state)
{
    (void)state;
    struct buf mark = {0}, database = {0};
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "one");
    add_op(store, TREE_PRIVATE, "two");
    store_close(store);
    read_file(&database, "");
    read_file(&mark, "-mark");

    for (size_t i = 0; i < mark.len; i += i % 4096 < 110 ? 1 : 500) {
        mark.data[i] ^= 1;
        write_file("", buf_bytes(&database));
        write_file("-mark", buf_bytes(&mark));
        bool is_of_older = i / SLOT_DISTANCE != newer_slot(&mark);
        bool is_read = i % SLOT_DISTANCE < SLOT_SIZE;
        (void)noticed(is_read && is_of_older ? LOSS_MARK : LOSS_NONE,
                      is_read && is_of_older ? "cannot be told" : "nothing");
        mark.data[i] ^= 1;
    }
    buf_deinit(&mark);
    buf_deinit(&database);
}

/* The last commit and what it left in the mark are gone together. */
static void D1_an_older_database_beside_a_damaged_slot_is_noticed(void **state)
{
    (void)state;
    struct buf mark = {0}, database = {0};
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "one");
    store_close(store);
    read_file(&database, "");
    store = open_store();
    add_op(store, TREE_PRIVATE, "two");
    store_close(store);
    read_file(&mark, "-mark");
    for (size_t slot = 0; slot < 2; slot++) {
        mark.data[slot * SLOT_DISTANCE + 20] ^= 1;
        write_file("", buf_bytes(&database));
        write_file("-mark", buf_bytes(&mark));
        store = open_store();
        assert_int_equal(store_loss(store)->kind,
                         slot == newer_slot(&mark) ? LOSS_MARK : LOSS_COMMITS);
        store_close(store);
        mark.data[slot * SLOT_DISTANCE + 20] ^= 1;
    }
    buf_deinit(&mark);
    buf_deinit(&database);
}

/* Before the first commit both slots say the same, and opening writes one of them again.
 */
static void a_cut_while_a_new_mark_is_written_again_is_no_lie(void **state)
{
    (void)state;
    struct buf mark = {0};
    store_close(open_store());
    read_file(&mark, "-mark");
    for (size_t slot = 0; slot < 2; slot++) {
        mark.data[slot * SLOT_DISTANCE + 20] ^= 1;
        write_file("-mark", buf_bytes(&mark));
        /* The other is for the first commit. */
        if (slot == 0)
            (void)noticed(LOSS_NONE, "nothing");
        else
            (void)noticed(LOSS_MARK, "cannot be told");
        mark.data[slot * SLOT_DISTANCE + 20] ^= 1;
    }
    buf_deinit(&mark);
}

static enum status try_op(struct store *store, const char *text)
{
    struct id scope = sample_id(1);
    struct sample_op sample;
    sample_op(&sample, &scope, next_time++, text);
    sample_begin(store);
    sample_add(store, &sample, TREE_PRIVATE);
    enum status status = store_commit(store);
    sample_op_deinit(&sample);
    return status;
}

static void D2_a_mark_that_cannot_be_written_refuses_the_commit(void **state)
{
    (void)state;
    struct store *store;
    struct err err = {0};
    struct crash_vfs *disk = crash_vfs_new("mark", (struct crash_disk){.seed = 3});
    assert_int_equal(store_open(&store, "m.db", "mark", true, &err), STATUS_OK);
    add_op(store, TREE_PRIVATE, "the first begins the log");
    uint64_t before = crash_vfs_steps(disk);
    add_op(store, TREE_PRIVATE, "one");
    uint64_t steps = crash_vfs_steps(disk) - before;

    /* The last step of a commit is the sync of its mark. */
    crash_vfs_fail_after(disk, steps - 1, CRASH_EIO, false);
    assert_int_equal(try_op(store, "two"), STATUS_IO);
    assert_true(crash_vfs_has_failed(disk));
    assert_int_equal(store_begin(store), STATUS_IO);
    store_close(store);

    assert_int_equal(store_open(&store, "m.db", "mark", false, &err), STATUS_OK);
    assert_int_equal(store_loss(store)->kind, LOSS_NONE);
    store_close(store);
    crash_vfs_free(disk);
}

/* What a failed sync leaves in memory reads as if it were on the disk, until the power
 * goes: then the mark would be two behind, and an honest disk be called a liar. */
static void D2_a_mark_whose_sync_failed_is_written_again_at_the_next_open(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 96; seed++) {
        struct store *store;
        struct err err = {0};
        struct crash_vfs *disk = crash_vfs_new("mark", (struct crash_disk){.seed = seed});
        assert_int_equal(store_open(&store, "m.db", "mark", true, &err), STATUS_OK);
        add_op(store, TREE_PRIVATE, "the first begins the log");
        uint64_t before = crash_vfs_steps(disk);
        add_op(store, TREE_PRIVATE, "one");
        crash_vfs_fail_after(disk, crash_vfs_steps(disk) - before - 1, CRASH_ENOSPC,
                             false);
        assert_int_equal(try_op(store, "two"), STATUS_FULL);
        store_close(store);

        assert_int_equal(store_open(&store, "m.db", "mark", false, &err), STATUS_OK);
        crash_vfs_cut_after(disk, seed % 12);
        (void)try_op(store, "three"); /* or the power goes */
        store_close(store);
        crash_vfs_reboot(disk);

        assert_int_equal(store_open(&store, "m.db", "mark", false, &err), STATUS_OK);
        assert_int_equal(store_loss(store)->kind, LOSS_NONE);
        store_close(store);
        crash_vfs_free(disk);
    }
}

static void D3_an_older_database_is_noticed_once_and_work_goes_on(void **state)
{
    (void)state;
    struct buf older = {0};
    struct store_loss last;
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "last week");
    store_close(store);
    read_file(&older, "");
    store = open_store();
    add_op(store, TREE_PRIVATE, "this week");
    store_close(store);
    write_file("", buf_bytes(&older));

    assert_int_equal(noticed(LOSS_COMMITS, "an older copy").commits, 1);

    (void)noticed(LOSS_NONE, "nothing");
    store = open_store();
    add_op(store, TREE_PRIVATE, "next week");
    assert_int_equal(store_loss_last(store, &last), STATUS_OK);
    assert_int_equal(last.kind, LOSS_COMMITS);
    assert_int_equal(last.times, 1);
    store_close(store);

    /* The same once more is another loss, of all that came since. */
    write_file("", buf_bytes(&older));
    assert_true(noticed(LOSS_COMMITS, "an older copy").commits > 1);
    buf_deinit(&older);
}

static void D3_two_copies_that_both_ran_are_two_histories(void **state)
{
    (void)state;
    struct buf database = {0}, mark = {0}, other = {0};
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "before the copy");
    store_close(store);
    read_file(&database, "");
    read_file(&mark, "-mark");
    store = open_store();
    add_op(store, TREE_PRIVATE, "the one");
    store_close(store);
    read_file(&other, "");
    write_file("", buf_bytes(&database));
    write_file("-mark", buf_bytes(&mark));
    store = open_store();
    add_op(store, TREE_PRIVATE, "the other");
    store_close(store);

    write_file("", buf_bytes(&other));
    (void)noticed(LOSS_HISTORY, "different histories");
    (void)noticed(LOSS_NONE, "nothing");
    buf_deinit(&database);
    buf_deinit(&mark);
    buf_deinit(&other);
}

/* Whatever brought it about: the commit speaks of ops that are not there. */
static void D1_a_commit_and_ops_of_different_times_are_noticed(void **state)
{
    (void)state;
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "one");
    add_op(store, TREE_PRIVATE, "two");
    assert_int_equal(
        sqlite3_exec(store->db, "DELETE FROM ops WHERE seq = (SELECT max(seq) FROM ops)",
                     NULL, NULL, NULL),
        SQLITE_OK);
    store_close(store);

    store = open_store();
    assert_int_equal(store_loss(store)->kind, LOSS_HISTORY);
    store_close(store);
}

/* The limit of what can be seen from inside, as docs/THREATS.md says it. */
static void D3_an_older_copy_of_both_files_is_not_noticed_here(void **state)
{
    (void)state;
    struct buf database = {0}, mark = {0};
    struct store *store = open_store();
    add_op(store, TREE_PRIVATE, "last week");
    store_close(store);
    read_file(&database, "");
    read_file(&mark, "-mark");
    store = open_store();
    add_op(store, TREE_PRIVATE, "this week");
    store_close(store);
    write_file("", buf_bytes(&database));
    write_file("-mark", buf_bytes(&mark));

    (void)noticed(LOSS_NONE, "nothing");
    buf_deinit(&database);
    buf_deinit(&mark);
}

static void a_mark_two_commits_behind_is_a_disk_that_lies(void **state)
{
    (void)state;
    struct buf mark = {0};
    for (int behind = 1; behind <= 2; behind++) {
        struct store *store = open_store();
        read_file(&mark, "-mark");
        for (int i = 0; i < behind; i++)
            add_op(store, TREE_PRIVATE, "kept");
        store_close(store);
        write_file("-mark", buf_bytes(&mark));

        (void)noticed(behind == 1 ? LOSS_NONE : LOSS_SYNC,
                      behind == 1 ? "nothing" : "should be replaced");
    }
    buf_deinit(&mark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sound_store_notices_nothing),
        TEST(a_transaction_that_changes_nothing_writes_no_mark),
        TEST(D1_a_log_that_was_deleted_is_noticed_with_what_it_held),
        TEST(D1_a_mark_that_is_gone_or_noise_is_told),
        TEST(D1_any_flipped_bit_of_the_mark_costs_one_slot_at_most),
        TEST(D1_an_older_database_beside_a_damaged_slot_is_noticed),
        TEST(a_cut_while_a_new_mark_is_written_again_is_no_lie),
        TEST(D2_a_mark_that_cannot_be_written_refuses_the_commit),
        TEST(D2_a_mark_whose_sync_failed_is_written_again_at_the_next_open),
        TEST(D1_a_commit_and_ops_of_different_times_are_noticed),
        TEST(D3_an_older_database_is_noticed_once_and_work_goes_on),
        TEST(D3_two_copies_that_both_ran_are_two_histories),
        TEST(D3_an_older_copy_of_both_files_is_not_noticed_here),
        TEST(a_mark_two_commits_behind_is_a_disk_that_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
