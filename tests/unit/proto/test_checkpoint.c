/* Checkpoints: written as others write them, read with what others may add. */
#include "note_sample.h"

#include "proto/checkpoint.h"

static enum status read_text(struct checkpoint *checkpoint, const char *text)
{
    struct err err = {0};
    enum status status = checkpoint_read(checkpoint, bytes_str(text), &err);
    assert_true(status == STATUS_OK || strncmp(err.text, "checkpoint: ", 12) == 0);
    return status;
}

static void what_is_written_is_what_others_write(void **state)
{
    struct merkle_hash root;
    struct buf out = {0};
    merkle_leaf(&root, "leaf", 4);
    checkpoint_write(&out, bytes_str(SAMPLE_LOG), 1, &root);
    assert_buf(&out, SAMPLE_TEXT);
    buf_deinit(&out);
}

/* C2SP tlog-checkpoint: the example. */
static void the_example_of_the_specification_is_read_and_written_again(void **state)
{
    static const char text[] = "example.com/behind-the-sofa\n"
                               "20852163\n"
                               "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    struct checkpoint checkpoint;
    struct buf out = {0};
    assert_int_equal(read_text(&checkpoint, text), STATUS_OK);
    assert_true(bytes_equal_str(checkpoint.origin, "example.com/behind-the-sofa"));
    assert_int_equal(checkpoint.size, 20852163);
    assert_int_equal(checkpoint.root.bytes[0], 0x0a);
    assert_int_equal(checkpoint.root.bytes[31], 0x62);
    assert_int_equal(checkpoint.extension.len, 0);
    checkpoint_write(&out, checkpoint.origin, checkpoint.size, &checkpoint.root);
    assert_buf(&out, text);
    buf_deinit(&out);
}

static void an_extension_is_kept_and_not_read(void **state)
{
    struct checkpoint checkpoint;
    assert_int_equal(
        read_text(&checkpoint, "a log\n0\n" SAMPLE_ROOT "\nmore\nand more\n"), STATUS_OK);
    assert_true(bytes_equal_str(checkpoint.origin, "a log"));
    assert_int_equal(checkpoint.size, 0);
    assert_true(bytes_equal_str(checkpoint.extension, "more\nand more\n"));
}

static void a_text_that_is_no_checkpoint_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "a",
        "a\n",
        "\n1\n" SAMPLE_ROOT "\n",
        "a\n1",
        "a\n1\n",
        "a\n01\n" SAMPLE_ROOT "\n",
        "a\n-1\n" SAMPLE_ROOT "\n",
        "a\n\n" SAMPLE_ROOT "\n",
        "a\n9223372036854775808\n" SAMPLE_ROOT "\n",
        "a\n1\n\n",
        "a\n1\n" SAMPLE_ROOT,
        "a\n1\nAAAA\n",
        "a\n1\n" SAMPLE_ROOT "\n\n",
        "a\n1\n" SAMPLE_ROOT "\nmore\n\n",
        "a\n1\n" SAMPLE_ROOT "\n\nmore\n",
        "a\n1\n" SAMPLE_ROOT "\nmore",
        /* what a cosignature signs */
        "cosignature/v1\ntime 1679315147\n" SAMPLE_TEXT,
    };
    struct checkpoint checkpoint;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(read_text(&checkpoint, texts[i]), STATUS_INVALID);
}

static void a_note_is_read_whole(void **state)
{
    static struct note note;
    struct checkpoint checkpoint;
    assert_int_equal(
        checkpoint_read_note(&checkpoint, &note, bytes_str(SAMPLE_NOTE), NULL),
        STATUS_OK);
    assert_true(bytes_equal_str(checkpoint.origin, SAMPLE_LOG));
    assert_int_equal(note.signatures_len, 2);
    assert_int_equal(
        checkpoint_read_note(&checkpoint, &note, bytes_str(SAMPLE_TEXT), NULL),
        STATUS_INVALID);
    assert_int_equal(
        checkpoint_read_note(&checkpoint, &note, bytes_str("a\n\n— a AAAAAAA=\n"), NULL),
        STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_what_others_write),
        cmocka_unit_test(the_example_of_the_specification_is_read_and_written_again),
        cmocka_unit_test(an_extension_is_kept_and_not_read),
        cmocka_unit_test(a_text_that_is_no_checkpoint_is_refused),
        cmocka_unit_test(a_note_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
