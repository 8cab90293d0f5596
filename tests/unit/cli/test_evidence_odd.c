/* What is seldom in an evidence file: fields that are opened later, a period, records
 * before any section, more damage than is kept, a disk that fails in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "cli/evidence.h"
#include "cli/verdict.h"
#include "proto/pack.h"
#include "tests/unit/cli/check_bytes.h"
#include "tests/unit/cli/evidence_maker.h"

static const struct id *id_of(const struct maker *maker, uint32_t number)
{
    return &maker_op(maker, number)->id;
}

static void check(const struct maker *maker, const struct buf *file,
                  struct evidence *evidence)
{
    assert_int_equal(
        check_bytes(evidence, buf_bytes(file), id_of(maker, MAKER_FOUND_TOWNSHIP)),
        STATUS_OK);
}

static void expect_told(const struct evidence *evidence, const char *text,
                        const char *json)
{
    const char *const wanted[] = {text, json};
    for (int i = 0; i < 2; i++) {
        char *told = NULL;
        size_t len;
        FILE *out = open_memstream(&told, &len);
        assert_non_null(out);
        (i == 0 ? verdict_print : verdict_print_json)(out, evidence);
        assert_int_equal(fclose(out), 0);
        if (strstr(told, wanted[i]) == NULL)
            fail_msg("\"%s\" is not told:\n%s", wanted[i], told);
        free(told);
    }
}

static void add_record(struct buf *file, const struct id *id, struct bytes op)
{
    pack_array(file, 2);
    pack_bin(file, id->bytes, ID_SIZE);
    pack_bin(file, op.data, op.len);
}

/* ---- what is opened later ---- */

static void add_field(struct op *op, const char *name, struct buf *value)
{
    assert_int_equal(op_add_field(op, name, buf_bytes(value)), STATUS_OK);
}

/* The village opens a field of the record, behind the advice; as it was, or not. */
static void write_opening(const struct maker *maker, bool is_true, struct buf *file)
{
    const struct op *founding = maker_op(maker, MAKER_ESCALATE);
    const struct op *before = maker_op(maker, MAKER_ADVISE);
    const struct op_field *field = op_field(founding, "case.context");
    const struct rng rng = rng_system();
    struct buf values[4] = {{0}}, bytes = {0};
    struct op op = {.kind = bytes_str("open"), .time = before->time + 1};
    uint8_t seed[32], salt[OP_SALT_SIZE];
    struct id network;
    assert_non_null(field);
    memset(seed, VILLAGE_STEWARD, sizeof(seed));
    network_id(&network, "fengqiao");
    memcpy(salt, field->salt, sizeof(salt));
    salt[3] ^= is_true ? 0 : 1;
    op.scope = before->scope;
    assert_int_equal(op_add_parent(&op, &before->id), STATUS_OK);
    assert_int_equal(op_add_authority(&op, id_of(maker, MAKER_LINK_VILLAGE)), STATUS_OK);
    pack_bin(&values[0], founding->id.bytes, ID_SIZE);
    pack_str(&values[1], "case.context");
    pack_bin(&values[2], field->value.data, field->value.len);
    pack_bin(&values[3], salt, sizeof(salt));
    add_field(&op, "op", &values[0]);
    add_field(&op, "field", &values[1]);
    add_field(&op, "value", &values[2]);
    add_field(&op, "salt", &values[3]);
    assert_int_equal(op_seal(&op, &network, seed, &rng), STATUS_OK);
    op_encode(&op, ~0u, &bytes);
    add_record(file, &op.id, buf_bytes(&bytes));
    for (int i = 0; i < 4; i++)
        buf_deinit(&values[i]);
    buf_deinit(&bytes);
}

/* It is checked by the salt of the field, which nothing else here asks for. */
static void what_is_opened_is_what_was_signed(void **state)
{
    (void)state;
    for (int is_true = 0; is_true < 2; is_true++) {
        const struct maker_wish plain = {0};
        struct maker *maker = maker_new(&plain);
        struct maker_file_wish wish = MAKER_WHOLE;
        struct evidence evidence;
        struct buf file = {0};
        wish.miscounted = MAKER_ESCALATE; /* the opening comes on top */
        maker_file(maker, &wish, &file, NULL);
        file.len -= 6; /* 92 a3 "end" 08 */
        write_opening(maker, is_true, &file);
        maker_end(9, &file);

        check(maker, &file, &evidence);

        assert_int_equal(evidence_failed(&evidence), !is_true);
        assert_int_equal(evidence.failed[CHECK_EFFECT], !is_true);
        evidence_deinit(&evidence);
        buf_deinit(&file);
        maker_free(maker);
    }
}

/* ---- a site ---- */

/* Which of many it was. */
static void danger_in_a_file_about_a_site_says_where(void **state)
{
    (void)state;
    const struct maker_wish danger = {
        .is_in_danger = true, .is_recalled = true, .advices = 3};
    struct maker *maker = maker_new(&danger);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    struct buf file = {0};
    char id[2 * ID_SIZE + 1], text[64];
    wish.about = "period";
    wish.head = MAKER_FOUND_VILLAGE;
    maker_file(maker, &wish, &file, NULL);
    hex_encode(id, id_of(maker, MAKER_ESCALATE)->bytes, ID_SIZE);

    check(maker, &file, &evidence);

    assert_true(evidence_holds(&evidence));
    (void)snprintf(text, sizeof(text), "\n%.12s: SENT BECAUSE OF DANGER TO LIFE", id);
    expect_told(&evidence, text, "\"about\":{\"from\":1790000000,\"id\":\"");
    (void)snprintf(text, sizeof(text), "\n%.12s: RECALLED by its founder", id);
    expect_told(&evidence, text, "\"kind\":\"period\",\"to\":1799999999}");
    expect_told(&evidence, " from 1790000000 to 1799999999.", "\"recalled\":true");
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

static int compare_makers(const void *a, const void *b)
{
    return id_compare(id_of(*(struct maker *const *)a, MAKER_ESCALATE),
                      id_of(*(struct maker *const *)b, MAKER_ESCALATE));
}

/* What a long one needed is let go behind it. */
static void short_sections_follow_a_long_one(void **state)
{
    (void)state;
    struct maker *makers[4];
    uint32_t numbers[4];
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    struct buf file = {0};
    uint64_t records = 4;
    for (uint32_t i = 0; i < 4; i++) {
        const struct maker_wish wanted = {.number = i};
        makers[i] = maker_new(&wanted);
    }
    qsort(makers, 4, sizeof(makers[0]), compare_makers);
    for (uint32_t i = 0; i < 4; i++)
        numbers[i] = (uint32_t)(maker_op(makers[i], MAKER_ESCALATE)->wall - 1790000000 -
                                MAKER_ESCALATE);
    maker_free(makers[0]);
    makers[0] = maker_new(&(struct maker_wish){.number = numbers[0], .advices = 1200});
    wish.about = "site";
    wish.head = MAKER_FOUND_VILLAGE;
    maker_head(makers[0], &wish, &file);
    assert_int_equal(maker_charters(makers[0], &file), 4);
    for (uint32_t i = 0; i < 4; i++)
        records += maker_section(makers[i], MAKER_ESCALATE, &file);
    maker_end(records, &file);

    check(makers[0], &file, &evidence);

    assert_int_equal(records, 4 + 1203 + 3 * 4);
    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.passed[CHECK_EFFECT], 1203 + 3 * 4);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    for (uint32_t i = 0; i < 4; i++)
        maker_free(makers[i]);
}

/* ---- damage ---- */

static void a_record_before_any_section_is_named(void **state)
{
    (void)state;
    const struct maker_wish plain = {0};
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;
    struct buf file = {0}, op = {0};
    maker_head(maker, &MAKER_WHOLE, &file);
    op_encode(maker_op(maker, MAKER_ADVISE), ~0u, &op);
    op.data[op.len - 1] ^= 1; /* of the signature */
    add_record(&file, id_of(maker, MAKER_ADVISE), buf_bytes(&op));
    maker_end(1, &file);

    check(maker, &file, &evidence);

    assert_int_equal(evidence.failed[CHECK_SIGNATURE], 1);
    assert_int_equal(evidence.failed[CHECK_SECTION], 0);
    assert_int_equal(evidence.passed[CHECK_END], 1);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    buf_deinit(&op);
    maker_free(maker);
}

/* Whatever is signed under such a key may hold as well: it is the key that fails. */
static void S1_an_authors_key_that_is_no_sound_one_is_named_as_such(void **state)
{
    (void)state;
    const struct maker_wish plain = {0};
    struct maker *maker = maker_new(&plain);
    struct op op = *maker_op(maker, MAKER_ADVISE);
    struct evidence evidence;
    struct buf file = {0}, bytes = {0};
    memset(op.author, 0, sizeof(op.author));
    op.author[0] = 1; /* the neutral point */
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    maker_head(maker, &MAKER_WHOLE, &file);
    op_encode(&op, ~0u, &bytes);
    add_record(&file, &op.id, buf_bytes(&bytes));
    maker_end(1, &file);

    check(maker, &file, &evidence);

    assert_int_equal(evidence.failed[CHECK_SIGNATURE], 1);
    expect_told(&evidence, "the author's key is no sound Ed25519 key",
                "the author's key is no sound Ed25519 key");
    evidence_deinit(&evidence);
    buf_deinit(&file);
    buf_deinit(&bytes);
    maker_free(maker);
}

/* An op as large as one may be, whose author's key has a wrong byte. */
static void write_changed(struct maker *maker, uint64_t number, struct buf *file)
{
    static char text[45000];
    const struct rng rng = rng_system();
    const struct op *before = maker_op(maker, MAKER_ADVISE);
    struct buf value = {0}, bytes = {0};
    struct op op = {.kind = bytes_str("advise"), .time = 9, .wall = number};
    struct id network;
    uint8_t seed[32];
    memset(seed, TOWNSHIP_STEWARD, sizeof(seed));
    memset(text, 'x', sizeof(text) - 1);
    pack_str(&value, text);
    network_id(&network, "fengqiao");
    op.scope = before->scope;
    assert_int_equal(op_add_parent(&op, &before->id), STATUS_OK);
    assert_int_equal(op_add_authority(&op, id_of(maker, MAKER_LINK_TOWNSHIP)), STATUS_OK);
    add_field(&op, "text", &value);
    add_field(&op, "tuxt", &value);
    assert_int_equal(op_seal(&op, &network, seed, &rng), STATUS_OK);
    op.author[5] ^= 1;
    op_encode(&op, ~0u, &bytes);
    add_record(file, &op.id, buf_bytes(&bytes));
    buf_deinit(&value);
    buf_deinit(&bytes);
}

/* Those beyond are named by what was read before them. */
static void more_damage_than_is_kept_has_its_signers_all_the_same(void **state)
{
    (void)state;
    const struct maker_wish plain = {0};
    const uint32_t more = EVIDENCE_KEPT_MAX / 90000 + 5;
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;
    struct buf file = {0};
    uint32_t named = 0;
    maker_file(maker, &MAKER_WHOLE, &file, NULL);
    file.len -= 6; /* 92 a3 "end" 08 */
    for (uint32_t i = 0; i < more; i++)
        write_changed(maker, i, &file);
    maker_end(8 + more, &file);

    check(maker, &file, &evidence);

    assert_int_equal(evidence.failed[CHECK_ID], more);
    assert_true(evidence.kept <= EVIDENCE_KEPT_MAX);
    for (uint32_t i = 0; i < evidence.failures_len; i++)
        named += evidence.failures[i].check == CHECK_ID &&
                 memcmp(evidence.failures[i].author,
                        maker_op(maker, MAKER_ADVISE)->author, 32) == 0;
    assert_int_equal(named, more);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

/* ---- a disk that fails ---- */

struct disk {
    const struct buf *file;
    size_t at, fails_at;
};

static ssize_t read_disk(void *cookie, char *out, size_t size)
{
    struct disk *disk = cookie;
    size_t end = disk->file->len < disk->fails_at ? disk->file->len : disk->fails_at;
    if (disk->at >= disk->fails_at) {
        errno = EIO;
        return -1;
    }
    size_t len = end - disk->at < size ? end - disk->at : size;
    memcpy(out, disk->file->data + disk->at, len);
    disk->at += len;
    return (ssize_t)len;
}

/* Within the head, a record, damage, and behind the end. */
static void D2_a_disk_that_fails_anywhere_leaves_no_verdict(void **state)
{
    (void)state;
    const struct maker_wish plain = {.advices = 3000};
    struct maker *maker = maker_new(&plain);
    struct buf file = {0};
    maker_file(maker, &MAKER_WHOLE, &file, NULL);
    for (int i = 0; i < 1000000; i++)
        buf_add_u8(&file, 0xc1);
    maker_end(7, &file);
    for (size_t at = 0; at <= file.len; at += file.len / 9) {
        struct disk disk = {.file = &file, .fails_at = at};
        struct evidence evidence = {0};
        struct err err = {0};
        FILE *in = fopencookie(&disk, "r", (cookie_io_functions_t){.read = read_disk});
        assert_non_null(in);
        assert_int_equal(evidence_check_stream(&evidence, in,
                                               id_of(maker, MAKER_FOUND_TOWNSHIP), NULL,
                                               &err),
                         STATUS_IO);
        assert_non_null(strstr(err.text, "the file cannot be read: "));
        assert_int_equal(fclose(in), 0);
        evidence_deinit(&evidence);
    }
    buf_deinit(&file);
    maker_free(maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_opened_is_what_was_signed),
        cmocka_unit_test(danger_in_a_file_about_a_site_says_where),
        cmocka_unit_test(short_sections_follow_a_long_one),
        cmocka_unit_test(a_record_before_any_section_is_named),
        cmocka_unit_test(S1_an_authors_key_that_is_no_sound_one_is_named_as_such),
        cmocka_unit_test(more_damage_than_is_kept_has_its_signers_all_the_same),
        cmocka_unit_test(D2_a_disk_that_fails_anywhere_leaves_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
