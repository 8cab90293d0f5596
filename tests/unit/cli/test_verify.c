/* Checking evidence alone (row C2 and O1, O2, S1): what holds, what fails, who is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "cli/evidence.h"
#include "cli/verdict.h"
#include "crypto/key.h"
#include "tests/unit/cli/check_bytes.h"
#include "tests/unit/cli/evidence_maker.h"
#include "tests/unit/cli/run_cli.h"

static const struct maker_wish plain = {0};

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        found++;
    return found;
}

/* What was found is told, whole, in words and as JSON. */
static void expect_told(const struct evidence *evidence)
{
    char *text = NULL, *json = NULL;
    size_t text_len, json_len;
    FILE *out = open_memstream(&text, &text_len);
    assert_non_null(out);
    verdict_print(out, evidence);
    assert_int_equal(fclose(out), 0);
    out = open_memstream(&json, &json_len);
    assert_non_null(out);
    verdict_print_json(out, evidence);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(count(text, "FAILS  "), evidence->failures_len);
    assert_int_equal(count(json, "{\"author\":"), evidence->failures_len);
    assert_int_equal(count(text, "DOES NOT HOLD: "), !evidence_holds(evidence));
    assert_int_equal(count(json, "\"verdict\":\"holds\"}\n"), evidence_holds(evidence));
    assert_int_equal(count(json, "{\"danger\":"), evidence->scopes_len);
    free(text);
    free(json);
}

/* Checks bytes against the township. */
static void check(const struct maker *maker, struct bytes bytes,
                  struct evidence *evidence)
{
    assert_int_equal(
        check_bytes(evidence, bytes, &maker_op(maker, MAKER_FOUND_TOWNSHIP)->id),
        STATUS_OK);
    expect_told(evidence);
}

static void check_file(const struct maker *maker, const struct maker_file_wish *wish,
                       struct evidence *evidence)
{
    struct buf file = {0};
    maker_file(maker, wish, &file, NULL);
    check(maker, buf_bytes(&file), evidence);
    buf_deinit(&file);
}

/* Is a failure of this check told about this op? */
static bool is_named(const struct evidence *evidence, enum evidence_check check,
                     const struct op *op)
{
    for (uint32_t i = 0; i < evidence->failures_len; i++) {
        const struct evidence_failure *failure = &evidence->failures[i];
        if (failure->check == check && failure->has_op &&
            id_equal(&failure->op, &op->id) && failure->has_author &&
            memcmp(failure->author, op->author, 32) == 0 &&
            bytes_equal_str(op->kind, failure->kind))
            return true;
    }
    return false;
}

static void a_whole_file_holds(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct evidence evidence;

    check_file(maker, &MAKER_WHOLE, &evidence);

    for (uint32_t i = 0; i < evidence.failures_len; i++)
        print_error("%s\n", evidence.failures[i].reason);
    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.records, 8);
    assert_int_equal(evidence.passed[CHECK_SIGNATURE], 8);
    assert_int_equal(evidence.passed[CHECK_CHARTER], 2);
    assert_int_equal(evidence.passed[CHECK_CHAIN], 2);
    assert_int_equal(evidence.passed[CHECK_EFFECT], 4);
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void withheld_contents_still_verify(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    const struct op *escalate = maker_op(maker, MAKER_ESCALATE);
    wish.withheld = MAKER_ESCALATE;
    wish.mask = ~0u;
    for (uint32_t i = 0; i < escalate->fields_len; i++) {
        if (bytes_equal_str(escalate->fields[i].name, "case.title") ||
            bytes_equal_str(escalate->fields[i].name, "consents"))
            wish.mask &= ~(1u << i);
    }

    check_file(maker, &wish, &evidence);

    assert_true(evidence_holds(&evidence));
    evidence_deinit(&evidence);
    wish.withheld = MAKER_ADVISE;
    wish.mask = 0;
    check_file(maker, &wish, &evidence);
    assert_true(evidence_holds(&evidence));
    evidence_deinit(&evidence);
    maker_free(maker);
}

/* Which record a byte belongs to; MAKER_NONE for head and end. */
static uint32_t record_at(const struct maker *maker, const struct maker_span *spans,
                          size_t at)
{
    for (uint32_t i = 0; i < maker_ops_len(maker); i++) {
        if (at >= spans[i].from && at < spans[i].to)
            return i;
    }
    return MAKER_NONE;
}

/* Row C2, journey 3: one flipped byte anywhere names the record and the signer. */
static void C2_a_flipped_byte_anywhere_names_the_record_and_the_signer(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct buf file = {0};
    struct maker_span spans[16];
    maker_file(maker, &MAKER_WHOLE, &file, spans);

    for (size_t at = 0; at < file.len; at++) {
        struct evidence evidence;
        file.data[at] ^= (uint8_t)(1u << (at % 8));
        check(maker, buf_bytes(&file), &evidence);
        file.data[at] ^= (uint8_t)(1u << (at % 8));

        uint32_t number = record_at(maker, spans, at);
        if (evidence_holds(&evidence))
            fail_msg("byte %zu was flipped and nothing was found", at);
        bool record_named = number == MAKER_NONE;
        bool author_named = number == MAKER_NONE;
        for (uint32_t i = 0; i < evidence.failures_len && number != MAKER_NONE; i++) {
            const struct evidence_failure *failure = &evidence.failures[i];
            if (failure->offset != spans[number].from || !failure->has_op)
                continue;
            record_named = true;
            author_named =
                author_named ||
                (failure->has_author &&
                 memcmp(failure->author, maker_op(maker, number)->author, 32) == 0);
        }
        if (!record_named)
            fail_msg("byte %zu was flipped and its record is not named", at);
        if (!author_named)
            fail_msg("byte %zu was flipped and its signer is not named", at);
        evidence_deinit(&evidence);
    }
    buf_deinit(&file);
    maker_free(maker);
}

static void a_file_cut_at_any_byte_fails(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct buf file = {0};
    maker_file(maker, &MAKER_WHOLE, &file, NULL);

    for (size_t len = 0; len < file.len; len += len % 97 == 0 ? 1 : 3) {
        struct evidence evidence;
        check(maker, bytes_of(file.data, len), &evidence);
        if (evidence_holds(&evidence))
            fail_msg("the file was cut at %zu and nothing was found", len);
        assert_true(evidence.failures_len > 0);
        evidence_deinit(&evidence);
    }
    buf_deinit(&file);
    maker_free(maker);
}

static void a_missing_op_is_missed_by_those_that_build_on_it(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    for (uint32_t i = 0; i < maker_ops_len(maker); i++) {
        struct maker_file_wish wish = MAKER_WHOLE;
        struct evidence evidence;
        wish.without = i;
        check_file(maker, &wish, &evidence);
        if (evidence_holds(&evidence))
            /* Nothing tells that a head was left out of a file that says its own count.
             */
            assert_int_equal(i, MAKER_ADVISE);
        evidence_deinit(&evidence);
    }
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    wish.without = MAKER_OPENED;

    check_file(maker, &wish, &evidence);

    assert_true(is_named(&evidence, CHECK_ORDER, maker_op(maker, MAKER_ADVISE)));
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void a_wrong_order_and_a_doubled_op_are_named(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    wish.last = MAKER_OPENED;

    check_file(maker, &wish, &evidence);

    assert_true(is_named(&evidence, CHECK_ORDER, maker_op(maker, MAKER_ADVISE)));
    evidence_deinit(&evidence);
    wish = MAKER_WHOLE;
    wish.twice = MAKER_RECEIVED;
    check_file(maker, &wish, &evidence);
    assert_true(is_named(&evidence, CHECK_ORDER, maker_op(maker, MAKER_RECEIVED)));
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void expect_named(const struct maker_wish *wish, enum evidence_check check,
                         uint32_t number, const char *reason)
{
    struct maker *maker = maker_new(wish);
    struct evidence evidence;

    check_file(maker, &MAKER_WHOLE, &evidence);

    assert_false(evidence_holds(&evidence));
    assert_int_equal(evidence.failures_len, 1);
    assert_true(is_named(&evidence, check, maker_op(maker, number)));
    if (!strstr(evidence.failures[0].reason, reason))
        fail_msg("%s", evidence.failures[0].reason);
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void a_wrong_time_is_named(void **state)
{
    (void)state;
    struct maker_wish wish = {.has_wrong_time = true};
    expect_named(&wish, CHECK_TIME, MAKER_ADVISE, "must be 4");
}

static void a_signer_without_a_right_is_named(void **state)
{
    (void)state;
    struct maker_wish wish = {.is_advice_of_stranger = true};
    expect_named(&wish, CHECK_EFFECT, MAKER_ADVISE, "no role");
}

static void a_case_in_the_file_is_named(void **state)
{
    (void)state;
    struct maker_wish wish = {.has_case = true};
    expect_named(&wish, CHECK_SCOPE, MAKER_ADVISE + 1, "does not belong here");
}

static void a_link_signed_by_one_side_leads_nowhere(void **state)
{
    (void)state;
    struct maker_wish wish = {.is_half_linked = true};
    expect_named(&wish, CHECK_CHAIN, MAKER_FOUND_VILLAGE, "other half");
}

static void another_network_lets_no_signature_hold(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence evidence;
    wish.network = "fengqiao-test";

    check_file(maker, &wish, &evidence);

    assert_int_equal(evidence.passed[CHECK_SIGNATURE], 0);
    assert_int_equal(evidence.failed[CHECK_SIGNATURE], 8);
    evidence_deinit(&evidence);
    maker_free(maker);
}

/* Row C2 in small, over several batches; 10^5 is the business of tests/bench. */
static void C2_one_bad_op_among_many_is_named_and_the_rest_is_checked(void **state)
{
    (void)state;
    struct maker_wish wish = {.advices = 1200};
    struct maker *maker = maker_new(&wish);
    struct buf file = {0};
    static struct maker_span spans[1300];
    struct evidence evidence;
    maker_file(maker, &MAKER_WHOLE, &file, spans);
    file.data[spans[700].to - 1] ^= 1; /* the last byte of its signature */

    check(maker, buf_bytes(&file), &evidence);

    assert_true(is_named(&evidence, CHECK_SIGNATURE, maker_op(maker, 700)));
    /* Its id is a hash of the signature as well. */
    assert_true(is_named(&evidence, CHECK_ID, maker_op(maker, 700)));
    assert_int_equal(evidence.failures_len, 2);
    assert_int_equal(evidence.not_judged, maker_ops_len(maker) - 701);
    assert_int_equal(evidence.failed[CHECK_SIGNATURE], 1);
    assert_int_equal(evidence.passed[CHECK_SIGNATURE], maker_ops_len(maker) - 1);
    evidence_deinit(&evidence);
    buf_deinit(&file);
    maker_free(maker);
}

static void a_file_of_several_batches_holds(void **state)
{
    (void)state;
    struct maker_wish wish = {.advices = 1200};
    struct maker *maker = maker_new(&wish);
    struct evidence evidence;

    check_file(maker, &MAKER_WHOLE, &evidence);

    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.records, maker_ops_len(maker));
    assert_int_equal(evidence.passed[CHECK_EFFECT], 1203);
    evidence_deinit(&evidence);
    maker_free(maker);
}

static void random_bytes_are_no_evidence(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    uint8_t bytes[4096];
    uint32_t seed = 1;
    for (size_t len = 0; len <= sizeof(bytes); len = len * 2 + 1) {
        struct evidence evidence;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 16);
        check(maker, bytes_of(bytes, len), &evidence);
        assert_false(evidence_holds(&evidence));
        evidence_deinit(&evidence);
    }
    maker_free(maker);
}

/* --- the verb -------------------------------------------------------------------------
 */

struct saved {
    char path[64];
    char trust[KEY_TEXT_SIZE];
};

static void save(const struct maker *maker, struct bytes bytes, struct saved *saved)
{
    (void)snprintf(saved->path, sizeof(saved->path), "/tmp/fengqiao-evidence-XXXXXX");
    int fd = mkstemp(saved->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.data, bytes.len), (ssize_t)bytes.len);
    assert_int_equal(close(fd), 0);
    key_to_text(saved->trust, "fqs1", maker_op(maker, MAKER_FOUND_TOWNSHIP)->id.bytes);
}

/* What is no failure and an auditor has to know all the same. */
static void danger_and_recalls_are_told_with_the_verdict(void **state)
{
    (void)state;
    const struct maker_wish wish = {
        .advices = 3, .is_in_danger = true, .is_recalled = true};
    struct maker *maker = maker_new(&wish);
    struct buf file = {0};
    struct saved saved;
    maker_file(maker, &MAKER_WHOLE, &file, NULL);
    save(maker, buf_bytes(&file), &saved);

    struct run_cli run = run_cli(
        (const char *const[]){"verify", saved.path, "--trust", saved.trust, NULL});
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "DANGER TO LIFE"));
    assert_non_null(strstr(run.out, "持刀威胁; a steward stands by it"));
    assert_non_null(strstr(run.out, "RECALLED by its founder; 1 machines say"));
    run_cli_deinit(&run);

    run = run_cli((const char *const[]){"verify", saved.path, "--trust", saved.trust,
                                        "--json", NULL});
    assert_non_null(
        strstr(run.out, "\"danger\":{\"confirmed\":true,\"reason\":\"持刀威胁\"}"));
    assert_non_null(strstr(run.out, "\"purged\":1,\"recalled\":true"));
    run_cli_deinit(&run);
    (void)unlink(saved.path);
    buf_deinit(&file);
    maker_free(maker);
}

static void the_verb_says_that_all_holds(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct buf file = {0};
    struct saved saved;
    maker_file(maker, &MAKER_WHOLE, &file, NULL);
    save(maker, buf_bytes(&file), &saved);

    struct run_cli run = run_cli(
        (const char *const[]){"verify", saved.path, "--trust", saved.trust, NULL});
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "HOLDS: 8 records checked.\n"));
    run_cli_deinit(&run);

    run = run_cli((const char *const[]){"verify", saved.path, "--trust", saved.trust,
                                        "--json", NULL});
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(
        run.out, "\"failures\":[],\"failures_untold\":0,\"logs\":[],\"not_judged\":0,"
                 "\"ops\":8,\"scopes\":[{\"danger\":null,\"digest\":\""));
    assert_non_null(strstr(run.out, "\"purged\":0,\"recalled\":false,"));
    assert_non_null(strstr(
        run.out, "],\"scopes_untold\":0,\"sealed\":{\"cosigned\":0,\"not_cosigned\":0,"
                 "\"not_sealed\":8},\"verdict\":\"holds\"}\n"));
    run_cli_deinit(&run);
    (void)unlink(saved.path);
    buf_deinit(&file);
    maker_free(maker);
}

/* Leaving out the newest record is not seen in one file, but by comparing two. */
static void a_left_out_head_shows_in_the_digest_of_its_scope_alone(void **state)
{
    (void)state;
    struct maker_wish two = {.advices = 2};
    struct maker *maker = maker_new(&two);
    struct maker_file_wish wish = MAKER_WHOLE;
    struct evidence whole, cut;
    const struct op *last = maker_op(maker, MAKER_ADVISE + 1);
    struct id wanted;
    scope_digest(&wanted, &last->scope, &last->id, 1);
    check_file(maker, &wish, &whole);
    wish.without = MAKER_ADVISE + 1;

    check_file(maker, &wish, &cut);

    assert_true(evidence_holds(&cut));
    assert_int_equal(whole.scopes_len, 3);
    assert_int_equal(cut.scopes_len, 3);
    for (uint32_t i = 0; i < 3; i++) {
        bool is_same = id_equal(&whole.scopes[i].digest, &cut.scopes[i].digest);
        assert_true(is_same == (whole.scopes[i].kind != SCOPE_ESCALATION));
        assert_int_equal(whole.scopes[i].heads_len, 1);
        if (!is_same)
            assert_true(id_equal(&whole.scopes[i].digest, &wanted) &&
                        whole.scopes[i].len == cut.scopes[i].len + 1);
    }
    evidence_deinit(&whole);
    evidence_deinit(&cut);
    maker_free(maker);
}

static void the_verb_shows_records_heads_and_digest_of_each_scope(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct buf file = {0};
    struct saved saved;
    const struct op *last = maker_op(maker, MAKER_ADVISE);
    struct id digest;
    char hex[2 * ID_SIZE + 1], json[256];
    maker_file(maker, &MAKER_WHOLE, &file, NULL);
    save(maker, buf_bytes(&file), &saved);
    scope_digest(&digest, &last->scope, &last->id, 1);
    hex_encode(hex, digest.bytes, ID_SIZE);

    struct run_cli run = run_cli(
        (const char *const[]){"verify", saved.path, "--trust", saved.trust, NULL});
    const char *line = strstr(run.out, "\nescalation ");
    assert_non_null(line);
    assert_non_null(strstr(line, hex));
    assert_true(strstr(line, hex) < strchr(line + 1, '\n'));
    run_cli_deinit(&run);

    run = run_cli((const char *const[]){"verify", saved.path, "--trust", saved.trust,
                                        "--json", NULL});
    (void)snprintf(json, sizeof(json), "\"digest\":\"%s\",\"heads\":[\"", hex);
    assert_non_null(strstr(run.out, json));
    hex_encode(hex, last->id.bytes, ID_SIZE);
    assert_non_null(strstr(run.out, hex));
    run_cli_deinit(&run);
    (void)unlink(saved.path);
    buf_deinit(&file);
    maker_free(maker);
}

/* Rows C2 and M4: the name of a signer is a text of others. */
static void the_verb_names_the_signer_escaped_and_exits_with_3(void **state)
{
    (void)state;
    struct maker_wish wish = {.steward_name = "王某\x1b[2J"};
    struct maker *maker = maker_new(&wish);
    struct buf file = {0};
    struct saved saved;
    char key[KEY_TEXT_SIZE];
    struct maker_span spans[16];
    maker_file(maker, &MAKER_WHOLE, &file, spans);
    file.data[spans[MAKER_OPENED].to - 1] ^= 1;
    save(maker, buf_bytes(&file), &saved);
    key_to_text(key, "fqk1", maker_op(maker, MAKER_OPENED)->author);

    struct run_cli run = run_cli(
        (const char *const[]){"verify", saved.path, "--trust", saved.trust, NULL});

    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_non_null(strstr(run.out, "the signature does not hold"));
    assert_non_null(strstr(run.out, key));
    assert_non_null(strstr(run.out, "(王某\\u001b[2J)"));
    assert_null(strchr(run.out, '\x1b'));
    assert_non_null(strstr(run.out, "DOES NOT HOLD"));
    run_cli_deinit(&run);
    (void)unlink(saved.path);
    buf_deinit(&file);
    maker_free(maker);
}

static void the_verb_trusts_no_other_site(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct buf file = {0};
    struct saved saved;
    maker_file(maker, &MAKER_WHOLE, &file, NULL);
    save(maker, buf_bytes(&file), &saved);
    char other[65];
    memset(other, '5', 64);
    other[64] = '\0';

    struct run_cli run =
        run_cli((const char *const[]){"verify", saved.path, "--trust", other, NULL});

    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_non_null(
        strstr(run.out, "the charter of the trusted site is not in the file"));
    run_cli_deinit(&run);
    (void)unlink(saved.path);
    buf_deinit(&file);
    maker_free(maker);
}

/* Row C1. */
static void C1_a_missing_file_is_a_failure_and_no_verdict(void **state)
{
    (void)state;
    char site[65];
    memset(site, '5', 64);
    site[64] = '\0';
    struct run_cli run =
        run_cli((const char *const[]){"verify", "/nowhere", "--trust", site, NULL});
    assert_int_equal(run.code, EXIT_FAILED);
    assert_int_equal(run.out_len, 0);
    run_cli_deinit(&run);

    run = run_cli((const char *const[]){"verify", "/tmp", "--trust", site, NULL});
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "cannot be read"));
    run_cli_deinit(&run);

    run = run_cli((const char *const[]){"verify", "/dev/null", "--trust", site, NULL});
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_non_null(strstr(run.out, "no evidence file"));
    run_cli_deinit(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_holds),
        cmocka_unit_test(withheld_contents_still_verify),
        cmocka_unit_test(C2_a_flipped_byte_anywhere_names_the_record_and_the_signer),
        cmocka_unit_test(a_file_cut_at_any_byte_fails),
        cmocka_unit_test(a_missing_op_is_missed_by_those_that_build_on_it),
        cmocka_unit_test(a_wrong_order_and_a_doubled_op_are_named),
        cmocka_unit_test(a_wrong_time_is_named),
        cmocka_unit_test(a_signer_without_a_right_is_named),
        cmocka_unit_test(a_case_in_the_file_is_named),
        cmocka_unit_test(a_link_signed_by_one_side_leads_nowhere),
        cmocka_unit_test(another_network_lets_no_signature_hold),
        cmocka_unit_test(C2_one_bad_op_among_many_is_named_and_the_rest_is_checked),
        cmocka_unit_test(a_file_of_several_batches_holds),
        cmocka_unit_test(random_bytes_are_no_evidence),
        cmocka_unit_test(the_verb_says_that_all_holds),
        cmocka_unit_test(danger_and_recalls_are_told_with_the_verdict),
        cmocka_unit_test(a_left_out_head_shows_in_the_digest_of_its_scope_alone),
        cmocka_unit_test(the_verb_shows_records_heads_and_digest_of_each_scope),
        cmocka_unit_test(the_verb_names_the_signer_escaped_and_exits_with_3),
        cmocka_unit_test(the_verb_trusts_no_other_site),
        cmocka_unit_test(C1_a_missing_file_is_a_failure_and_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
