/* Damage at rest (D1): whatever byte of the file is wrong, the store says so or works; it
 * never crashes and never gives back another op than it was given. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/storage/store_sample.h"

#define OPS_LEN 60
#define PAGE 4096

static char file[] = "/tmp/fengqiao-damage-XXXXXX";
static struct sample_op samples[OPS_LEN];
static struct buf sound, sound_mark; /* the bytes of a sound file and of its mark */

static const char *beside(const char *suffix)
{
    static char path[64];
    (void)snprintf(path, sizeof(path), "%s%s", file, suffix);
    return path;
}

static void read_file(struct buf *out, const char *path)
{
    struct stat info;
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &info), 0);
    uint8_t *room = buf_reserve(out, (size_t)info.st_size);
    assert_non_null(room);
    assert_int_equal(read(fd, room, (size_t)info.st_size), info.st_size);
    out->len = (size_t)info.st_size;
    assert_int_equal(close(fd), 0);
}

static void write_file(const char *path, const uint8_t *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    assert_int_equal(close(fd), 0);
}

static int set_up(void **state)
{
    (void)state;
    struct store *store;
    int fd = mkstemp(file);
    if (fd < 0 || close(fd) != 0 ||
        store_open(&store, file, NULL, true, NULL) != STATUS_OK)
        return -1;
    sample_begin(store);
    for (int i = 0; i < OPS_LEN; i++) {
        static char text[6000];
        struct id scope = sample_id((uint8_t)(1 + i % 5));
        memset(text, 'a' + i % 26, sizeof(text) - 1);
        text[i % 10 == 0 ? sizeof(text) - 1 : 100] = '\0';
        sample_op(&samples[i], &scope, 1 + (uint64_t)i, text);
        text[100] = 'x';
        sample_add(store, &samples[i], i % 2 == 0 ? TREE_PRIVATE : TREE_SHARED);
    }
    sample_commit(store);
    store_close(store);
    read_file(&sound, file);
    read_file(&sound_mark, beside("-mark"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < OPS_LEN; i++)
        sample_op_deinit(&samples[i]);
    buf_deinit(&sound);
    buf_deinit(&sound_mark);
    return unlink(beside("-mark")) | unlink(file);
}

static void write_damaged(const uint8_t *bytes, size_t len)
{
    (void)unlink(beside("-wal")); /* of the case before */
    write_file(beside("-mark"), sound_mark.data, sound_mark.len);
    write_file(file, bytes, len);
}

static enum status compare(void *context, const struct store_op *op)
{
    const struct sample_op *sample = context;
    return bytes_equal(op->bytes, buf_bytes(&sample->bytes)) ? STATUS_OK
                                                             : STATUS_UNVERIFIED;
}

/* Opens, checks, reads all, writes. True: something was said to be wrong. */
static bool is_told(void)
{
    struct store *store;
    struct err err = {0};
    struct buf findings = {0};
    enum status status = store_open(&store, file, NULL, false, &err);
    if (status != STATUS_OK) {
        assert_true(status == STATUS_CORRUPT || status == STATUS_UNSUPPORTED ||
                    status == STATUS_IO);
        assert_true(err.text[0] != '\0');
        return true;
    }
    status = store_check(store, sample_report, &findings);
    bool told = status != STATUS_OK;
    assert_true(!told || findings.len > 0);
    for (int i = 0; i < OPS_LEN; i++) {
        status = store_op_get(store, &samples[i].op.id, compare, &samples[i]);
        /* Wrong bytes or a lost op must be among the findings. */
        if (status != STATUS_OK)
            assert_true(told);
    }
    status = store_begin(store);
    if (status == STATUS_OK) {
        status = store_meta_put(store, "name", bytes_str("value"));
        if (status == STATUS_OK)
            status = store_commit(store);
        store_roll_back(store); /* nothing after a commit */
    }
    assert_true(status == STATUS_OK || told);
    buf_deinit(&findings);
    store_close(store);
    return told;
}

static void the_sound_file_has_no_findings(void **state)
{
    (void)state;
    write_damaged(sound.data, sound.len);
    assert_false(is_told());
}

static void D1_a_zeroed_header_is_told(void **state)
{
    (void)state;
    struct buf bad = {0};
    buf_add(&bad, sound.data, sound.len);
    memset(bad.data, 0, 100);
    write_damaged(bad.data, bad.len);
    assert_true(is_told());
    buf_deinit(&bad);
}

/* SQLite would read such a file, find it whole, and refuse every write. */
static void D1_a_format_number_that_lets_nobody_write_is_told(void **state)
{
    (void)state;
    struct buf bad = {0};
    buf_add(&bad, sound.data, sound.len);
    bad.data[18] = 3;
    write_damaged(bad.data, bad.len);
    assert_true(is_told());
    buf_deinit(&bad);
}

static void D1_a_file_cut_at_any_page_or_inside_one_is_told(void **state)
{
    (void)state;
    for (size_t len = 0; len < sound.len; len += 1777) {
        write_damaged(sound.data, len);
        if (!is_told())
            fail_msg("cut at %zu", len);
    }
}

static void D1_a_zeroed_page_is_told(void **state)
{
    (void)state;
    for (size_t at = 0; at + PAGE <= sound.len; at += PAGE) {
        struct buf bad = {0};
        buf_add(&bad, sound.data, sound.len);
        memset(bad.data + at, 0, PAGE);
        write_damaged(bad.data, bad.len);
        bool told = is_told();
        bool is_same = memcmp(sound.data + at, bad.data + at, PAGE) == 0;
        if (!told && !is_same)
            print_message("page %zu: nothing was lost\n", at / PAGE + 1);
        buf_deinit(&bad);
    }
}

static void D1_flipped_bits_anywhere_never_crash_nor_change_an_op_in_silence(void **state)
{
    (void)state;
    uint64_t random = 3;
    int told = 0;
    for (int i = 0; i < 500; i++) {
        struct buf bad = {0};
        buf_add(&bad, sound.data, sound.len);
        size_t at = (size_t)(crash_random(&random) % sound.len);
        /* Most of what can go wrong stands at the head of a page. */
        if (i % 2 == 0)
            at = at / PAGE * PAGE + at % 64;
        bad.data[at] ^= (uint8_t)(1u << crash_random(&random) % 8);
        write_damaged(bad.data, bad.len);
        told += is_told();
        buf_deinit(&bad);
    }
    print_message("of 500 flipped bits %d were told; the others changed nothing kept\n",
                  told);
    assert_true(told > 80);
}

static void D1_a_foreign_wal_changes_nothing(void **state)
{
    (void)state;
    static uint8_t noise[20000];
    uint64_t random = 5;
    for (size_t i = 0; i < sizeof(noise); i++)
        noise[i] = (uint8_t)crash_random(&random);
    write_damaged(sound.data, sound.len);
    write_file(beside("-wal"), noise, sizeof(noise));

    assert_false(is_told());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sound_file_has_no_findings),
        cmocka_unit_test(D1_a_zeroed_header_is_told),
        cmocka_unit_test(D1_a_format_number_that_lets_nobody_write_is_told),
        cmocka_unit_test(D1_a_file_cut_at_any_page_or_inside_one_is_told),
        cmocka_unit_test(D1_a_zeroed_page_is_told),
        cmocka_unit_test(
            D1_flipped_bits_anywhere_never_crash_nor_change_an_op_in_silence),
        cmocka_unit_test(D1_a_foreign_wal_changes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
