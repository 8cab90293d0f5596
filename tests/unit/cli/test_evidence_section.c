/* Sections: each scope in one, whole, in its place; what is too long, repeated, astray or
 * miscounted, and what a file may be about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/evidence.h"
#include "cli/verdict.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/unit/cli/check_bytes.h"
#include "tests/unit/cli/evidence_maker.h"

static const struct maker_wish plain = {0};

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

static void check_file(const struct maker *maker, const struct maker_file_wish *wish,
                       struct evidence *evidence)
{
    struct buf file = {0};
    maker_file(maker, wish, &file, NULL);
    check(maker, &file, evidence);
    buf_deinit(&file);
}

/* So many failures of this check say this, of this record or scope. */
static void expect_said(const struct evidence *evidence, enum evidence_check check,
                        const struct id *id, const char *reason, uint32_t times)
{
    uint32_t said = 0;
    for (uint32_t i = 0; i < evidence->failures_len; i++) {
        const struct evidence_failure *failure = &evidence->failures[i];
        said += failure->check == check && (!id || id_equal(&failure->op, id)) &&
                strstr(failure->reason, reason) != NULL;
    }
    if (said == times)
        return;
    for (uint32_t i = 0; i < evidence->failures_len; i++)
        print_error("%s: %s\n", evidence_check_name(evidence->failures[i].check),
                    evidence->failures[i].reason);
    fail_msg("\"%s\" is said %u times", reason, said);
}

/* ---- order and number ---- */

/* Which of two charters has the lower id hangs on their keys. */
static void the_order_of_sections_is_that_of_their_scopes(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    wish.is_reversed = true;

    check_file(maker, &wish, &evidence);

    assert_int_equal(evidence.failed[CHECK_SECTION], 1);
    expect_said(&evidence, CHECK_SECTION, NULL, "behind a higher one, or twice", 1);
    /* Records of the escalation rest on one of them, or on both. */
    assert_true(evidence.not_judged > 0);
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void a_section_that_stands_twice_is_named(void **state)
{
    static const uint32_t sections[] = {MAKER_FOUND_TOWNSHIP, MAKER_FOUND_VILLAGE,
                                        MAKER_ESCALATE};
    (void)state;
    struct maker *maker = maker_new(&plain);
    for (size_t i = 0; i < 3; i++) {
        struct maker_file_wish wish = MAKER_WHOLE;
        struct evidence evidence;
        wish.section_twice = sections[i];
        check_file(maker, &wish, &evidence);
        expect_said(&evidence, CHECK_SECTION, id_of(maker, sections[i]),
                    "behind a higher one, or twice", 1);
        /* What stood there first is judged as it is, and the second one not at all. */
        assert_int_equal(evidence_failed(&evidence), 1);
        assert_int_equal(evidence.not_judged, sections[i] == MAKER_ESCALATE ? 4 : 2);
        assert_int_equal(evidence.passed[CHECK_EFFECT], 4);
        assert_int_equal(evidence.scopes_len, 3);
        evidence_deinit(&evidence);
    }
    maker_free(maker);
}

static void a_charter_behind_other_scopes_gives_no_right(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    wish.section_last = MAKER_FOUND_VILLAGE;

    check_file(maker, &wish, &evidence);

    expect_said(&evidence, CHECK_SECTION, id_of(maker, MAKER_FOUND_VILLAGE),
                "a charter stands behind other scopes", 1);
    expect_said(&evidence, CHECK_ORDER, id_of(maker, MAKER_ESCALATE),
                "is not in a charter before it", 1);
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void a_count_that_lies_is_named(void **state)
{
    static const uint32_t sections[] = {MAKER_FOUND_TOWNSHIP, MAKER_ESCALATE};
    (void)state;
    struct maker *maker = maker_new(&plain);
    for (size_t i = 0; i < 2; i++) {
        struct maker_file_wish wish = MAKER_WHOLE;
        struct evidence evidence;
        wish.miscounted = sections[i];
        check_file(maker, &wish, &evidence);
        assert_int_equal(evidence_failed(&evidence), 1);
        expect_said(
            &evidence, CHECK_SECTION, id_of(maker, sections[i]),
            i == 0 ? "it says 3 records and has 2" : "it says 5 records and has 4", 1);
        assert_int_equal(evidence.passed[CHECK_SECTION], 2);
        evidence_deinit(&evidence);
    }
    maker_free(maker);
}

/* One failure, and not one for each record of the section. */
static void
a_section_whose_first_line_is_missing_or_wrong_is_judged_all_the_same(void **state)
{
    (void)state;
    const struct maker_wish many = {.advices = 100};
    struct maker *maker = maker_new(&many);
    for (int i = 0; i < 2; i++) {
        struct maker_file_wish wish = MAKER_WHOLE;
        struct evidence evidence;
        *(i == 0 ? &wish.unsaid : &wish.renamed) = MAKER_ESCALATE;
        check_file(maker, &wish, &evidence);
        assert_int_equal(evidence_failed(&evidence), 1);
        expect_said(&evidence, CHECK_SECTION, NULL,
                    i == 0 ? "nothing says that records of this scope begin here"
                           : "it names another scope than its first record",
                    1);
        assert_int_equal(evidence.passed[CHECK_EFFECT], 103);
        evidence_deinit(&evidence);
    }
    maker_free(maker);
}

static void a_record_in_another_section_is_named(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    /* Its section has it in the middle: the township's charter is not over. */
    wish.astray = MAKER_FOUND_VILLAGE;
    wish.section_of_astray = MAKER_FOUND_TOWNSHIP;

    check_file(maker, &wish, &evidence);

    expect_said(&evidence, CHECK_SCOPE, id_of(maker, MAKER_FOUND_VILLAGE),
                "it belongs to another scope than its section", 1);
    expect_said(&evidence, CHECK_ORDER, id_of(maker, MAKER_LINK_VILLAGE),
                "is not in its section before it", 1);
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void add_line(struct buf *file, const struct id *scope, uint64_t count)
{
    pack_array(file, 3);
    pack_str(file, "scope");
    pack_bin(file, scope->bytes, ID_SIZE);
    pack_uint(file, count);
}

static void
sections_without_records_are_named_and_counted_beyond_what_is_told(void **state)
{
    (void)state;
    const uint32_t more = 5, sections = EVIDENCE_FAILURES_TOLD + more;
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;
    struct buf file = {0};
    char *text = NULL, *json = NULL;
    size_t text_len, json_len;
    maker_head(maker, &MAKER_WHOLE, &file);
    for (uint32_t i = 0; i < sections; i++) {
        struct id scope = {{(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}};
        add_line(&file, &scope, 0);
    }
    maker_end(0, &file);

    check(maker, &file, &evidence);

    /* None has records; no trusted site; what the head names is not here. */
    assert_int_equal(evidence.failed[CHECK_SECTION], sections);
    assert_int_equal(evidence_failed(&evidence), sections + 2);
    assert_int_equal(evidence.failures_len, EVIDENCE_FAILURES_TOLD);
    FILE *out = open_memstream(&text, &text_len);
    verdict_print(out, &evidence);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "and 7 more failures, which are counted alone"));
    out = open_memstream(&json, &json_len);
    verdict_print_json(out, &evidence);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(json, "\"failures_untold\":7,"));
    free(text);
    free(json);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

/* ---- limits ---- */

/* Signs one more op of the escalation behind the one before, as large as one may be. */
static void add_large(struct maker *maker, struct op *op, const struct op *before,
                      struct buf *file)
{
    static char text[OP_VALUES_MAX / 2 - 16];
    static struct buf value;
    const struct rng rng = rng_system();
    struct buf bytes = {0};
    struct id network;
    uint8_t seed[32];
    memset(seed, TOWNSHIP_STEWARD, sizeof(seed));
    if (value.len == 0) {
        memset(text, 'x', sizeof(text) - 1);
        pack_str(&value, text);
    }
    network_id(&network, "fengqiao");
    *op = (struct op){.kind = bytes_str("advise"), .time = before->time + 1};
    op->scope = before->scope;
    assert_int_equal(op_add_parent(op, &before->id), STATUS_OK);
    assert_int_equal(op_add_authority(op, id_of(maker, MAKER_LINK_TOWNSHIP)), STATUS_OK);
    assert_int_equal(op_add_field(op, "text", buf_bytes(&value)), STATUS_OK);
    assert_int_equal(op_add_field(op, "tuxt", buf_bytes(&value)), STATUS_OK);
    assert_int_equal(op_seal(op, &network, seed, &rng), STATUS_OK);
    op_encode(op, ~0u, &bytes);
    pack_array(file, 2);
    pack_bin(file, op->id.bytes, ID_SIZE);
    pack_bin(file, bytes.data, bytes.len);
    buf_deinit(&bytes);
}

/* Row U2: no file is so large that it takes the memory. */
static void U2_a_section_of_too_many_bytes_is_said_once_and_not_judged(void **state)
{
    (void)state;
    const uint32_t larges = EVIDENCE_SECTION_BYTES_MAX / (OP_VALUES_MAX - 64) + 2;
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;
    struct buf file = {0};
    struct op ops[2] = {*maker_op(maker, MAKER_ADVISE)};
    struct maker_file_wish wish = MAKER_WHOLE;
    maker_file(maker, &wish, &file, NULL);
    file.len -= 6; /* 92 a3 "end" 08 */
    for (uint32_t i = 0; i < larges; i++)
        add_large(maker, &ops[(i + 1) % 2], &ops[i % 2], &file);
    maker_end(8 + larges, &file);

    check(maker, &file, &evidence);

    expect_said(&evidence, CHECK_SECTION, id_of(maker, MAKER_ESCALATE),
                "it has more than the 65536 records or 33554432 bytes", 1);
    expect_said(&evidence, CHECK_SECTION, id_of(maker, MAKER_ESCALATE), "it says 4", 1);
    assert_int_equal(evidence_failed(&evidence), 2);
    /* Each was looked at nevertheless. */
    assert_int_equal(evidence.passed[CHECK_SIGNATURE], 8 + larges);
    assert_int_equal(evidence.not_judged, 4 + larges);
    assert_int_equal(evidence.passed[CHECK_EFFECT], 0);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

static void U2_a_section_of_too_many_records_is_said_once(void **state)
{
    (void)state;
    const uint32_t more = EVIDENCE_SECTION_OPS_MAX + 10;
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;
    struct buf file = {0};
    maker_head(maker, &MAKER_WHOLE, &file);
    add_line(&file, id_of(maker, MAKER_ESCALATE), more);
    for (uint32_t i = 0; i < more; i++) {
        struct id id = {{(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}};
        pack_array(&file, 2);
        pack_bin(&file, id.bytes, ID_SIZE);
        pack_bin(&file, "\x9b", 1);
    }
    maker_end(more, &file);

    check(maker, &file, &evidence);

    assert_int_equal(evidence.failed[CHECK_FORM], more);
    assert_int_equal(evidence.failed[CHECK_SECTION], 1);
    assert_int_equal(evidence.passed[CHECK_END], 1);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

struct founding {
    struct id id; /* first: compared by it */
    struct buf bytes;
};

static int compare_foundings(const void *a, const void *b)
{
    return id_compare(a, b);
}

/* So many scopes of one record each, in their order. */
static void add_scopes(const struct maker *maker, const char *kind, uint32_t len,
                       struct buf *file)
{
    struct founding *foundings = calloc(len, sizeof(*foundings));
    const struct rng rng = rng_system();
    struct id network;
    uint8_t seed[32];
    assert_non_null(foundings);
    memset(seed, VILLAGE_STEWARD, sizeof(seed));
    network_id(&network, "fengqiao");
    for (uint32_t i = 0; i < len; i++) {
        struct op op = {
            .kind = bytes_str(kind), .is_founding = true, .time = 1, .wall = i};
        if (strcmp(kind, "found") != 0)
            assert_int_equal(op_add_authority(&op, id_of(maker, MAKER_LINK_VILLAGE)),
                             STATUS_OK);
        assert_int_equal(op_seal(&op, &network, seed, &rng), STATUS_OK);
        foundings[i].id = op.id;
        op_encode(&op, ~0u, &foundings[i].bytes);
    }
    qsort(foundings, len, sizeof(*foundings), compare_foundings);
    for (uint32_t i = 0; i < len; i++) {
        add_line(file, &foundings[i].id, 1);
        pack_array(file, 2);
        pack_bin(file, foundings[i].id.bytes, ID_SIZE);
        pack_bin(file, foundings[i].bytes.data, foundings[i].bytes.len);
        buf_deinit(&foundings[i].bytes);
    }
    free(foundings);
}

/* They stay to the end, and so there is an end to them. */
static void U2_more_charters_than_are_kept_are_named(void **state)
{
    (void)state;
    const uint32_t more = 6, sites = EVIDENCE_SITES_MAX + more;
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;
    struct buf file = {0};
    maker_head(maker, &MAKER_WHOLE, &file);
    add_scopes(maker, "found", sites, &file);
    maker_end(sites, &file);

    check(maker, &file, &evidence);

    assert_int_equal(evidence.charters_len, EVIDENCE_SITES_MAX);
    assert_int_equal(evidence.scopes_len, EVIDENCE_SITES_MAX);
    expect_said(&evidence, CHECK_SECTION, NULL, "there are more charters than 1024",
                more);
    assert_int_equal(evidence.failed[CHECK_SECTION], more);
    assert_int_equal(evidence.not_judged, more);
    assert_int_equal(evidence.failed[CHECK_CHARTER], EVIDENCE_SITES_MAX);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

static void scopes_beyond_what_is_told_are_counted(void **state)
{
    (void)state;
    const uint32_t more = 5, scopes = EVIDENCE_SCOPES_TOLD + more;
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;
    struct buf file = {0};
    char *text = NULL, *json = NULL;
    size_t text_len, json_len;
    maker_head(maker, &MAKER_WHOLE, &file);
    assert_int_equal(maker_charters(maker, &file), 4);
    add_scopes(maker, "tomorrow", scopes, &file);
    maker_end(4 + scopes, &file);

    check(maker, &file, &evidence);

    /* None belongs here, and the escalation that does is not here. */
    assert_int_equal(evidence.failed[CHECK_SCOPE], scopes + 1);
    assert_int_equal(evidence_failed(&evidence), scopes + 1);
    assert_int_equal(evidence.scopes_len, 2 + EVIDENCE_SCOPES_TOLD);
    assert_int_equal(evidence.scopes_untold, more);
    FILE *out = open_memstream(&text, &text_len);
    verdict_print(out, &evidence);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "and 5 more scopes."));
    out = open_memstream(&json, &json_len);
    verdict_print_json(out, &evidence);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(json, "\"scopes_untold\":5,"));
    free(text);
    free(json);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

/* Damage that is longer than any record, and than what is read at once. */
static void damage_of_any_length_is_passed_over(void **state)
{
    static const size_t lens[] = {1,      40,     63,     64,     150,
                                  4096,   131135, 131136, 131137, 1000000,
                                  393279, 393280, 393281, 3000000};
    (void)state;
    struct maker *maker = maker_new(&plain);
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        struct maker_span spans[16];
        struct evidence evidence;
        struct buf whole = {0}, file = {0};
        maker_file(maker, &MAKER_WHOLE, &whole, spans);
        size_t at = spans[MAKER_OPENED].from;
        uint8_t *gap = calloc(1, lens[i]);
        assert_non_null(gap);
        memset(gap, 0xc1, lens[i]);
        buf_add(&file, whole.data, at);
        buf_add(&file, gap, lens[i]);
        buf_add(&file, whole.data + at, whole.len - at);

        check(maker, &file, &evidence);

        /* What is as long as a record counts as one, and then the counts do not hold. */
        bool is_record = lens[i] >= 64;
        assert_int_equal(evidence.failed[CHECK_FORM], 1);
        assert_int_equal(evidence.failed[CHECK_SECTION], is_record);
        assert_int_equal(evidence.failed[CHECK_END], is_record);
        assert_int_equal(evidence_failed(&evidence), is_record ? 3 : 1);
        assert_int_equal(evidence.passed[CHECK_EFFECT], 4);
        assert_int_equal(evidence.failures[0].offset, at);
        evidence_deinit(&evidence);
        buf_deinit(&whole);
        buf_deinit(&file);
        free(gap);
    }
    maker_free(maker);
}

/* ---- what a file is about ---- */

struct about {
    const char *about;
    uint32_t head;
    bool has_case;
    enum evidence_check check; /* that fails, */
    const char *reason;        /* with these words; NULL: all holds */
};

static void what_stands_in_a_file_is_what_its_head_says(void **state)
{
    static const struct about rows[] = {
        {"escalation", MAKER_ESCALATE, false, 0, NULL},
        {"site", MAKER_FOUND_TOWNSHIP, false, 0, NULL},
        {"site", MAKER_FOUND_VILLAGE, false, 0, NULL},
        {"site", MAKER_FOUND_VILLAGE, true, 0, NULL},
        {"period", MAKER_FOUND_VILLAGE, true, 0, NULL},
        /* The case is the village's own. */
        {"site", MAKER_FOUND_TOWNSHIP, true, CHECK_SCOPE, "does not hold it"},
        {"case", MAKER_ADVISE + 1, true, CHECK_SCOPE, "it founds another escalation"},
        {"case", MAKER_ESCALATE, false, CHECK_SCOPE, "is a scope of another kind"},
        {"site", MAKER_ESCALATE, false, CHECK_SCOPE, "is a scope of another kind"},
        {"site", MAKER_ADVISE, false, CHECK_SCOPE, "the site that the head names is not"},
        {"period", MAKER_ADVISE, false, CHECK_SCOPE, "the site that the head names is"},
        {"case", MAKER_ADVISE, false, CHECK_SCOPE, "the case that the head names is not"},
        {"sites", MAKER_ESCALATE, false, CHECK_FORM, "the head of the file is damaged"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct maker_wish with = {.has_case = rows[i].has_case};
        struct maker *maker = maker_new(&with);
        struct maker_file_wish wish = MAKER_WHOLE;
        struct evidence evidence;
        wish.about = rows[i].about;
        wish.head = rows[i].head;
        check_file(maker, &wish, &evidence);
        if (rows[i].reason)
            expect_said(&evidence, rows[i].check, NULL, rows[i].reason, 1);
        else
            for (uint32_t n = 0; n < evidence.failures_len; n++)
                fail_msg("row %zu: %s", i, evidence.failures[n].reason);
        evidence_deinit(&evidence);
        maker_free(maker);
    }
}

/* A case alone, with the charters that it needs. */
static void a_case_is_judged_as_an_escalation_is(void **state)
{
    (void)state;
    const struct maker_wish with = {.has_case = true};
    struct maker *maker = maker_new(&with);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    struct buf file = {0};
    wish.about = "case";
    wish.head = MAKER_ADVISE + 1;
    maker_head(maker, &wish, &file);
    assert_int_equal(maker_charters(maker, &file), 4);
    assert_int_equal(maker_section(maker, MAKER_ADVISE + 1, &file), 1);
    maker_end(5, &file);

    check(maker, &file, &evidence);

    for (uint32_t n = 0; n < evidence.failures_len; n++)
        fail_msg("%s", evidence.failures[n].reason);
    assert_int_equal(evidence.passed[CHECK_EFFECT], 1);
    assert_int_equal(evidence.scopes[2].kind, SCOPE_CASE);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

/* More than a verdict shows: their digest says it all the same. */
static void heads_beyond_what_is_told_are_counted(void **state)
{
    (void)state;
    const uint32_t more = EVIDENCE_HEADS_TOLD + 1;
    const struct maker_wish wide = {.advices = more, .is_side_by_side = true};
    struct maker *maker = maker_new(&wide);
    struct evidence evidence;
    char *json = NULL;
    size_t json_len;

    check_file(maker, &MAKER_WHOLE, &evidence);

    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.scopes[2].heads_len, more);
    FILE *out = open_memstream(&json, &json_len);
    verdict_print_json(out, &evidence);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(json, "\"heads\":null,\"heads_len\":33,"));
    free(json);
    evidence_deinit(&evidence);
    maker_free(maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_sections_is_that_of_their_scopes),
        cmocka_unit_test(a_section_that_stands_twice_is_named),
        cmocka_unit_test(a_charter_behind_other_scopes_gives_no_right),
        cmocka_unit_test(a_count_that_lies_is_named),
        cmocka_unit_test(
            a_section_whose_first_line_is_missing_or_wrong_is_judged_all_the_same),
        cmocka_unit_test(a_record_in_another_section_is_named),
        cmocka_unit_test(
            sections_without_records_are_named_and_counted_beyond_what_is_told),
        cmocka_unit_test(U2_a_section_of_too_many_bytes_is_said_once_and_not_judged),
        cmocka_unit_test(U2_a_section_of_too_many_records_is_said_once),
        cmocka_unit_test(U2_more_charters_than_are_kept_are_named),
        cmocka_unit_test(scopes_beyond_what_is_told_are_counted),
        cmocka_unit_test(damage_of_any_length_is_passed_over),
        cmocka_unit_test(what_stands_in_a_file_is_what_its_head_says),
        cmocka_unit_test(a_case_is_judged_as_an_escalation_is),
        cmocka_unit_test(heads_beyond_what_is_told_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
