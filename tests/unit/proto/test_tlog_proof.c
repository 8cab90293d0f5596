/* Proofs that something stands in a log. */
#include "note_sample.h"

#include "proto/tlog_proof.h"

#define FIRST "c2sp.org/tlog-proof@v1\n"

static enum status read_text(struct tlog_proof *proof, const char *text)
{
    struct err err = {0};
    enum status status = tlog_proof_read(proof, bytes_str(text), &err);
    assert_true(status == STATUS_OK || err.text[0] != '\0');
    return status;
}

static void a_proof_is_written_as_the_specification_has_it(void **state)
{
    static struct tlog_proof proof;
    struct merkle_hash leaf, other;
    struct buf out = {0};
    merkle_leaf(&leaf, "leaf", 4);
    merkle_leaf(&other, "Leaf", 4);
    tlog_proof_write(&out, bytes_str(""), 0, NULL, 0, bytes_str(SAMPLE_NOTE));
    assert_buf(&out, FIRST "index 0\n\n" SAMPLE_NOTE);
    assert_int_equal(tlog_proof_read(&proof, buf_bytes(&out), NULL), STATUS_OK);
    assert_int_equal(proof.extra_len, 0);
    assert_int_equal(proof.index, 0);
    assert_true(bytes_equal_str(proof.bytes, SAMPLE_NOTE));
    assert_true(tlog_proof_holds(&proof, &leaf));
    assert_false(tlog_proof_holds(&proof, &other));

    buf_clear(&out);
    tlog_proof_write(&out, bytes_str("more"), 0, &leaf, 1, bytes_str(SAMPLE_NOTE));
    assert_buf(&out, FIRST "extra bW9yZQ==\nindex 0\n" SAMPLE_ROOT "\n\n" SAMPLE_NOTE);
    assert_int_equal(tlog_proof_read(&proof, buf_bytes(&out), NULL), STATUS_OK);
    assert_true(bytes_equal_str(bytes_of(proof.extra, proof.extra_len), "more"));
    assert_int_equal(proof.proof_len, 1);
    assert_true(merkle_equal(&proof.proof[0], &leaf));
    assert_false(tlog_proof_holds(&proof, &leaf)); /* one hash too many */
    buf_deinit(&out);
}

static void what_is_no_proof_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "c2sp.org/tlog-proof@v1",
        FIRST,
        "c2sp.org/tlog-proof@v2\nindex 0\n\n" SAMPLE_NOTE,
        FIRST "extra\nindex 0\n\n" SAMPLE_NOTE,
        FIRST "extra \nindex 0\n\n" SAMPLE_NOTE, /* none is no line */
        FIRST "extra bW9yZQ\nindex 0\n\n" SAMPLE_NOTE,
        FIRST "extra bW9yZQ==\nextra bW9yZQ==\nindex 0\n\n" SAMPLE_NOTE,
        FIRST "extra bW9yZQ==\n",
        FIRST "index 0\nextra bW9yZQ==\n\n" SAMPLE_NOTE,
        FIRST "index\n\n" SAMPLE_NOTE,
        FIRST "index 00\n\n" SAMPLE_NOTE,
        FIRST "Index 0\n\n" SAMPLE_NOTE,
        FIRST "index 0\n" SAMPLE_NOTE,
        FIRST "index 0\nAAAA\n\n" SAMPLE_NOTE,
        FIRST "index 0\n\n" SAMPLE_TEXT,
        FIRST "index 0\n\n\n" SAMPLE_NOTE,
        FIRST "index 1\n\n" SAMPLE_NOTE, /* beyond the tree */
    };
    static struct tlog_proof proof;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(read_text(&proof, texts[i]), STATUS_INVALID);
}

static void M_limits_hold(void **state)
{
    static struct tlog_proof proof;
    static const uint8_t extra[TLOG_EXTRA_MAX] = {1};
    struct merkle_hash hashes[TLOG_HASHES_MAX] = {{{0}}};
    struct buf out = {0};
    tlog_proof_write(&out, bytes_of(extra, sizeof(extra)), 0, hashes, TLOG_HASHES_MAX,
                     bytes_str(SAMPLE_NOTE));
    assert_true(out.len - strlen(SAMPLE_NOTE) + NOTE_SIZE_MAX <= TLOG_PROOF_SIZE_MAX);
    assert_int_equal(tlog_proof_read(&proof, buf_bytes(&out), NULL), STATUS_OK);
    assert_int_equal(proof.proof_len, TLOG_HASHES_MAX);
    assert_int_equal(proof.extra_len, TLOG_EXTRA_MAX);
    while (out.len <= TLOG_PROOF_SIZE_MAX)
        buf_add(&out, SAMPLE_SIGNED, strlen(SAMPLE_SIGNED));
    assert_int_equal(tlog_proof_read(&proof, buf_bytes(&out), NULL), STATUS_TOO_LARGE);
    out.len = TLOG_PROOF_SIZE_MAX;
    assert_int_equal(tlog_proof_read(&proof, buf_bytes(&out), NULL), STATUS_TOO_LARGE);

    /* Three bytes more than may be extra, in their place. */
    buf_clear(&out);
    buf_add(&out, FIRST "extra ", strlen(FIRST "extra "));
    for (size_t i = 0; i <= TLOG_EXTRA_MAX / 3; i++)
        buf_add(&out, "AAAA", 4);
    buf_add(&out, "\nindex 0\n\n" SAMPLE_NOTE, strlen("\nindex 0\n\n" SAMPLE_NOTE));
    assert_int_equal(tlog_proof_read(&proof, buf_bytes(&out), NULL), STATUS_INVALID);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_is_written_as_the_specification_has_it),
        cmocka_unit_test(what_is_no_proof_is_refused),
        cmocka_unit_test(M_limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
