/* Requests to a witness. */
#include "note_sample.h"

#include "proto/witness_request.h"

static enum status read_text(struct witness_request *request, const char *text)
{
    struct err err = {0};
    enum status status = witness_request_read(request, bytes_str(text), &err);
    assert_true(status == STATUS_OK || err.text[0] != '\0');
    return status;
}

/* C2SP tlog-witness: the example. */
static void the_example_of_the_specification_is_read_and_written_again(void **state)
{
    static const char text[] =
        "old 20852014\n"
        "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
        "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
        "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
        "\n"
        "example.com/behind-the-sofa\n"
        "20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        "\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4U"
        "RYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlC"
        "um2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";
    static struct witness_request request;
    struct buf out = {0};
    assert_int_equal(read_text(&request, text), STATUS_OK);
    assert_int_equal(request.old_size, 20852014);
    assert_int_equal(request.proof_len, 4);
    assert_int_equal(request.proof[3].bytes[0], 0xff);
    assert_int_equal(request.checkpoint.size, 20852163);
    assert_int_equal(request.note.signatures_len, 2);
    witness_request_write(&out, request.old_size, request.proof, request.proof_len,
                          request.bytes);
    assert_buf(&out, text);
    buf_deinit(&out);
}

static void a_first_request_has_no_proof(void **state)
{
    static struct witness_request request;
    struct buf out = {0};
    witness_request_write(&out, 0, NULL, 0, bytes_str(SAMPLE_NOTE));
    assert_buf(&out, "old 0\n\n" SAMPLE_NOTE);
    assert_int_equal(witness_request_read(&request, buf_bytes(&out), NULL), STATUS_OK);
    assert_int_equal(request.proof_len, 0);
    assert_true(bytes_equal_str(request.bytes, SAMPLE_NOTE));
    buf_deinit(&out);
}

static void what_is_no_request_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "old 0",
        "old\n\n" SAMPLE_NOTE,
        "old \n\n" SAMPLE_NOTE,
        "old 00\n\n" SAMPLE_NOTE,
        "new 0\n\n" SAMPLE_NOTE,
        "old 0\n" SAMPLE_NOTE,
        "old 0\n" SAMPLE_ROOT "\n" SAMPLE_NOTE,
        "old 0\n" SAMPLE_ROOT "\n",
        "old 0\n\n\n" SAMPLE_NOTE,
        "old 0\n\n",
        "old 0\n\n" SAMPLE_TEXT,
        "old 2\n\n" SAMPLE_NOTE, /* larger than the new one */
    };
    static struct witness_request request;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(read_text(&request, texts[i]), STATUS_INVALID);
    assert_int_equal(read_text(&request, "old 1\n\n" SAMPLE_NOTE), STATUS_OK);
}

static void M_limits_hold(void **state)
{
    static struct witness_request request;
    struct merkle_hash proof[TLOG_HASHES_MAX] = {{{0}}};
    struct buf out = {0};
    witness_request_write(&out, 1, proof, TLOG_HASHES_MAX, bytes_str(SAMPLE_NOTE));
    assert_true(out.len - strlen(SAMPLE_NOTE) + NOTE_SIZE_MAX <= WITNESS_REQUEST_MAX);
    assert_int_equal(witness_request_read(&request, buf_bytes(&out), NULL), STATUS_OK);
    assert_int_equal(request.proof_len, TLOG_HASHES_MAX);
    while (out.len <= WITNESS_REQUEST_MAX)
        buf_add(&out, SAMPLE_SIGNED, strlen(SAMPLE_SIGNED));
    assert_int_equal(witness_request_read(&request, buf_bytes(&out), NULL),
                     STATUS_TOO_LARGE);
    out.len = WITNESS_REQUEST_MAX;
    assert_int_equal(witness_request_read(&request, buf_bytes(&out), NULL),
                     STATUS_TOO_LARGE); /* the note in it */
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification_is_read_and_written_again),
        cmocka_unit_test(a_first_request_has_no_proof),
        cmocka_unit_test(what_is_no_request_is_refused),
        cmocka_unit_test(M_limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
