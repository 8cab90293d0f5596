/* Lines of checkpoints and proofs: numbers, hashes, and where they end. */
#include "note_sample.h"

#include "proto/tlog_line.h"

static void lines_are_taken_while_one_is_whole(void **state)
{
    struct bytes left = bytes_str("one\n\ntwo"), line;
    assert_true(tlog_line_take(&left, &line));
    assert_true(bytes_equal_str(line, "one"));
    assert_true(tlog_line_take(&left, &line));
    assert_int_equal(line.len, 0);
    assert_false(tlog_line_take(&left, &line));
    left = bytes_str("");
    assert_false(tlog_line_take(&left, &line));
}

static void a_word_in_front_ends_at_a_blank(void **state)
{
    static const char *const others[] = {"",     "ol",    "old",   "old\t5",
                                         "olds", "Old 5", " old 5"};
    struct bytes line = bytes_str("old 5");
    assert_true(tlog_line_begins(&line, "old"));
    assert_true(bytes_equal_str(line, "5"));
    line = bytes_str("old ");
    assert_true(tlog_line_begins(&line, "old"));
    assert_int_equal(line.len, 0);
    for (size_t i = 0; i < COUNT(others); i++) {
        line = bytes_str(others[i]);
        assert_false(tlog_line_begins(&line, "old"));
        assert_true(bytes_equal_str(line, others[i]));
    }
}

static void numbers_have_one_form(void **state)
{
    static const struct {
        const char *text;
        uint64_t number;
    } good[] = {{"0", 0},
                {"7", 7},
                {"10", 10},
                {"20852163", 20852163},
                {"9223372036854775799", 9223372036854775799},
                {"9223372036854775807", TLOG_SIZE_MAX}};
    static const char *const bad[] = {"",
                                      "00",
                                      "01",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1a",
                                      "0x1",
                                      "1.0",
                                      "1/",
                                      "1:",
                                      "９",
                                      "9223372036854775808",
                                      "9223372036854775810",
                                      "9999999999999999999",
                                      "18446744073709551616",
                                      "92233720368547758070",
                                      "a"};
    uint64_t number;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct buf out = {0};
        char line[64];
        assert_true(tlog_line_number(bytes_str(good[i].text), &number));
        assert_true(number == good[i].number);
        tlog_line_add_number(&out, "old", number);
        (void)snprintf(line, sizeof(line), "old %s\n", good[i].text);
        assert_buf(&out, line);
        buf_clear(&out);
        tlog_line_add_number(&out, NULL, number);
        assert_buf(&out, line + 4);
        buf_deinit(&out);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(tlog_line_number(bytes_str(bad[i]), &number));
}

static void a_hash_has_32_bytes(void **state)
{
    static const char *const bad[] = {"", "DSfif3gnzNdFGZ6Os6avNo4QZK9Crp+DdA6YEh4rwCU",
                                      "DSfif3gnzNdFGZ6Os6avNo4QZK9Crp+DdA6YEh4rwA==",
                                      "DSfif3gnzNdFGZ6Os6avNo4QZK9Crp+DdA6YEh4rwCUA",
                                      SAMPLE_ROOT " "};
    struct merkle_hash hash, wanted;
    struct buf out = {0};
    merkle_leaf(&wanted, "leaf", 4);
    assert_true(tlog_line_hash(bytes_str(SAMPLE_ROOT), &hash));
    assert_true(merkle_equal(&hash, &wanted));
    tlog_line_add_hash(&out, &hash);
    assert_buf(&out, SAMPLE_ROOT "\n");
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(tlog_line_hash(bytes_str(bad[i]), &hash));
    buf_deinit(&out);
}

static void a_proof_ends_at_an_empty_line(void **state)
{
    struct merkle_hash proof[TLOG_HASHES_MAX], again[TLOG_HASHES_MAX];
    size_t len;
    for (uint8_t i = 0; i < TLOG_HASHES_MAX; i++)
        merkle_leaf(&proof[i], &i, 1);
    for (size_t written = 0; written <= TLOG_HASHES_MAX; written++) {
        struct buf out = {0};
        tlog_line_add_proof(&out, proof, written);
        buf_add(&out, "behind", 6);
        struct bytes left = buf_bytes(&out);
        assert_true(tlog_line_proof(&left, again, &len));
        assert_int_equal(len, written);
        assert_memory_equal(again, proof, len * sizeof(proof[0]));
        assert_true(bytes_equal_str(left, "behind"));
        buf_deinit(&out);
    }
}

static void a_proof_that_does_not_end_or_is_too_long_is_none(void **state)
{
    static const char *const bad[] = {"", SAMPLE_ROOT, SAMPLE_ROOT "\n",
                                      SAMPLE_ROOT "\nx\n\n", "x\n\n"};
    struct merkle_hash proof[TLOG_HASHES_MAX];
    struct buf out = {0};
    size_t len;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct bytes left = bytes_str(bad[i]);
        assert_false(tlog_line_proof(&left, proof, &len));
    }
    for (size_t i = 0; i <= TLOG_HASHES_MAX; i++)
        buf_add(&out, SAMPLE_ROOT "\n", strlen(SAMPLE_ROOT "\n"));
    buf_add_u8(&out, '\n');
    struct bytes left = buf_bytes(&out);
    assert_false(tlog_line_proof(&left, proof, &len));
    left =
        bytes_of(out.data + strlen(SAMPLE_ROOT "\n"), out.len - strlen(SAMPLE_ROOT "\n"));
    assert_true(tlog_line_proof(&left, proof, &len));
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_taken_while_one_is_whole),
        cmocka_unit_test(a_word_in_front_ends_at_a_blank),
        cmocka_unit_test(numbers_have_one_form),
        cmocka_unit_test(a_hash_has_32_bytes),
        cmocka_unit_test(a_proof_ends_at_an_empty_line),
        cmocka_unit_test(a_proof_that_does_not_end_or_is_too_long_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
