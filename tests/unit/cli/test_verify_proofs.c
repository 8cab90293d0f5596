/* The verb on a file with seals: what it says, the proofs that it writes for others, and
 * what a disk or a memory that ends leaves of both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "proto/tlog_proof.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/cli/ledger_story.h"
#include "tests/unit/cli/run_cli.h"

static struct {
    struct ledger_story story;
    char dir[64], file[96], folder[96], trust[KEY_TEXT_SIZE];
} house;

static void write_file(void)
{
    struct buf logs = {0}, file = {0};
    ledger_story_logs(&house.story, &logs);
    ledger_story_file(&house.story, &logs, &file);
    FILE *out = fopen(house.file, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(file.data, 1, file.len, out), file.len);
    assert_int_equal(fclose(out), 0);
    buf_deinit(&logs);
    buf_deinit(&file);
}

static int open_house(void **state)
{
    (void)state;
    ledger_story_init_at(&house.story, WALL_NTP, STORY_DUSK - 1);
    (void)snprintf(house.dir, sizeof(house.dir), "/tmp/fengqiao-proofs-XXXXXX");
    assert_non_null(mkdtemp(house.dir));
    (void)snprintf(house.file, sizeof(house.file), "%s/evidence", house.dir);
    (void)snprintf(house.folder, sizeof(house.folder), "%s/proofs", house.dir);
    key_to_text(house.trust, "fqs1",
                maker_op(house.story.maker, MAKER_FOUND_TOWNSHIP)->id.bytes);
    write_file();
    return 0;
}

static void name_proof(char path[static 256], uint32_t op)
{
    char id[2 * ID_SIZE + 1];
    hex_encode(id, maker_op(house.story.maker, op)->id.bytes, ID_SIZE);
    (void)snprintf(path, 256, "%s/%s.tlog-proof", house.folder, id);
}

static int close_house(void **state)
{
    (void)state;
    char path[256];
    for (uint32_t i = 0; i < STORY_OPS; i++) {
        name_proof(path, i);
        (void)unlink(path);
    }
    (void)rmdir(house.folder);
    (void)unlink(house.folder);
    (void)unlink(house.file);
    (void)rmdir(house.dir);
    ledger_story_deinit(&house.story);
    return 0;
}

static void each_sealed_record_gets_a_file_that_others_can_check(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        struct run_cli run =
            run_cli((const char *const[]){"verify", house.file, "--trust", house.trust,
                                          "--proofs", house.folder, NULL});
        assert_int_equal(run.code, EXIT_DONE);
        assert_non_null(strstr(run.err, "10 proofs written to "));
        run_cli_deinit(&run);
    }
    for (uint32_t i = 0; i < STORY_OPS; i++) {
        struct tlog_proof proof;
        struct merkle_hash leaf;
        uint8_t bytes[TLOG_PROOF_SIZE_MAX];
        char path[256];
        name_proof(path, i);
        FILE *in = fopen(path, "rb");
        assert_int_equal(in != NULL, i != STORY_LATE);
        if (!in)
            continue;
        size_t len = fread(bytes, 1, sizeof(bytes), in);
        assert_int_equal(fclose(in), 0);
        assert_int_equal(tlog_proof_read(&proof, bytes_of(bytes, len), NULL), STATUS_OK);
        assert_int_equal(proof.index, house.story.index[i]);
        merkle_leaf(&leaf, maker_op(house.story.maker, i)->id.bytes, ID_SIZE);
        assert_true(tlog_proof_holds(&proof, &leaf));
    }
}

static void where_no_proof_can_be_written_there_is_no_verdict(void **state)
{
    (void)state;
    char long_name[4090]; /* the folder is there, and its files have no room */
    memset(long_name, '/', sizeof(long_name));
    long_name[sizeof(long_name) - 1] = '\0';
    memcpy(long_name, house.dir, strlen(house.dir));
    const struct {
        const char *folder, *said;
    } rows[] = {{house.file, "evidence"},
                {"/proc/none/such", "/proc/none/such: No such file"},
                {long_name, "the name of the folder is too long"}};
    for (int i = 0; i < 3; i++) {
        struct run_cli run =
            run_cli((const char *const[]){"verify", house.file, "--trust", house.trust,
                                          "--proofs", rows[i].folder, NULL});
        assert_int_equal(run.code, EXIT_FAILED);
        assert_int_equal(run.out_len, 0);
        assert_non_null(strstr(run.err, rows[i].said));
        run_cli_deinit(&run);
    }
}

/* Row C2: memory ends once on each way to an allocation, and each call fails. */
static void C2_without_memory_or_disk_there_is_no_verdict_on_seals(void **state)
{
    (void)state;
    const char *const rows[][7] = {
        {"verify", house.file, "--trust", house.trust, NULL},
        {"verify", house.file, "--trust", house.trust, "--json", NULL},
        {"verify", house.file, "--trust", house.trust, "--proofs", house.folder, NULL}};
    for (int i = 0; i < 3; i++) {
        struct run_cli whole = run_cli(rows[i]);
        assert_int_equal(whole.code, EXIT_DONE);
        assert_non_null(strstr(whole.out, i == 1 ? "\"claims\":" : "claim an earlier"));
        for (bool has_failed = true; has_failed;) {
            fail_memory_at_new_place();
            fail_memory_in();
            struct run_cli run = run_cli(rows[i]);
            (void)fail_memory_out();
            has_failed = fail_memory_stop();
            if (run.code == EXIT_FAILED)
                assert_true(run.err_len > 0);
            else
                assert_string_equal(run.out, whole.out);
            run_cli_deinit(&run);
        }
        const char *refused = "";
        for (uint64_t at = 0; refused != NULL; at++) {
            fail_call_after(NULL, at, EIO);
            struct run_cli run = run_cli(rows[i]);
            refused = fail_call_stop();
            if (run.code == EXIT_FAILED)
                assert_true(run.err_len > 0);
            else
                assert_string_equal(run.out, whole.out);
            run_cli_deinit(&run);
        }
        run_cli_deinit(&whole);
    }
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(each_sealed_record_gets_a_file_that_others_can_check),
        A_TEST(where_no_proof_can_be_written_there_is_no_verdict),
        A_TEST(C2_without_memory_or_disk_there_is_no_verdict_on_seals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
