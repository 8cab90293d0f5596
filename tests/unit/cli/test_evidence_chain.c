/* What records say together: charters that are unsound or linked to nowhere, rights that
 * were not there, danger that a steward stands by or not, and what is damaged around
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/evidence.h"
#include "cli/evidence_parts.h"
#include "cli/verdict.h"
#include "node/cases/charter.h"
#include "proto/pack.h"
#include "tests/unit/cli/check_bytes.h"
#include "tests/unit/cli/evidence_maker.h"

static const struct maker_wish plain = {0};

/* A file that is judged, and what is told of it in words and as JSON. */
struct judged {
    struct maker *maker;
    struct buf file;
    struct evidence evidence;
    char *text, *json;
};

static char *tell(const struct evidence *evidence,
                  void (*print)(FILE *, const struct evidence *))
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    print(out, evidence);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void judge_bytes(struct judged *judged, const struct id *trust)
{
    assert_int_equal(check_bytes(&judged->evidence, buf_bytes(&judged->file), trust),
                     STATUS_OK);
    judged->text = tell(&judged->evidence, verdict_print);
    judged->json = tell(&judged->evidence, verdict_print_json);
}

static const struct id *id_of(const struct maker *maker, uint32_t number)
{
    return &maker_op(maker, number)->id;
}

/* Takes the maker. */
static struct judged judge(struct maker *maker, const struct maker_file_wish *wish)
{
    struct judged judged = {.maker = maker};
    maker_file(maker, wish, &judged.file, NULL);
    judge_bytes(&judged, id_of(maker, MAKER_FOUND_TOWNSHIP));
    return judged;
}

static struct judged judge_whole(struct maker *maker)
{
    return judge(maker, &MAKER_WHOLE);
}

/* What is told of the scope that the head names. */
static const struct evidence_exception *exception_of(const struct judged *judged)
{
    const struct evidence *evidence = &judged->evidence;
    for (uint32_t i = 0; i < evidence->scopes_len; i++)
        if (id_equal(&evidence->scopes[i].id, &evidence->head.named))
            return &evidence->scopes[i].exception;
    fail_msg("nothing is told of it");
    return NULL;
}

static void judged_deinit(struct judged *judged)
{
    evidence_deinit(&judged->evidence);
    buf_deinit(&judged->file);
    maker_free(judged->maker);
    free(judged->text);
    free(judged->json);
}

/* Exactly so many records fail, and each of these is told of with its reason. */
struct expected {
    enum evidence_check check;
    uint32_t number;
    const char *reason;
};

static void expect_failures(const struct judged *judged, const struct expected *expected,
                            uint32_t len)
{
    const struct evidence *evidence = &judged->evidence;
    for (uint32_t i = 0; i < len; i++) {
        const struct id *id = id_of(judged->maker, expected[i].number);
        bool is_told = false;
        for (uint32_t n = 0; n < evidence->failures_len; n++) {
            const struct evidence_failure *failure = &evidence->failures[n];
            is_told = is_told || (failure->check == expected[i].check &&
                                  failure->has_op && id_equal(&failure->op, id) &&
                                  strstr(failure->reason, expected[i].reason));
        }
        if (!is_told)
            fail_msg("row %u (%s) is not told:\n%s", i, expected[i].reason, judged->text);
    }
    if (evidence->failures_len != len)
        fail_msg("%u fail: %s", evidence->failures_len, judged->text);
    assert_true(evidence_holds(evidence) == (len == 0));
    assert_true((strstr(judged->text, "\nHOLDS: ") != NULL) == (len == 0));
    assert_true((strstr(judged->json, "\"verdict\":\"holds\"") != NULL) == (len == 0));
}

static void expect_holds(const struct judged *judged)
{
    expect_failures(judged, NULL, 0);
}

#define EXPECT(judged, ...)                                                              \
    expect_failures(judged, (const struct expected[]){__VA_ARGS__},                      \
                    sizeof((const struct expected[]){__VA_ARGS__}) /                     \
                        sizeof(struct expected))

static void expect_text(const struct judged *judged, const char *text, const char *json)
{
    if (!strstr(judged->text, text))
        fail_msg("\"%s\" is not said:\n%s", text, judged->text);
    if (!strstr(judged->json, json))
        fail_msg("\"%s\" is not said:\n%s", json, judged->json);
}

/* --- charters --- */

static void a_site_that_is_not_rightly_founded_is_named(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    uint32_t third = maker_add_site(maker, 0, "无名", STRANGER);

    struct judged judged = judge_whole(maker);

    EXPECT(&judged, {CHECK_CHARTER, third, "the site is not rightly founded"},
           {CHECK_CHAIN, third, "linked to no other"});
    /* It is of no tier that there is. */
    assert_non_null(strstr(judged.text, "无名"));
    assert_int_equal(judged.evidence.passed[CHECK_CHARTER], 2);
    judged_deinit(&judged);
}

/* A charter says by itself what in it has no effect: no failure, but told. */
static void what_has_no_effect_in_a_charter_is_counted(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    (void)maker_add_link(maker, MAKER_FOUND_VILLAGE, id_of(maker, MAKER_ESCALATE),
                         "child", STRANGER);

    struct judged judged = judge_whole(maker);

    expect_holds(&judged);
    assert_int_equal(judged.evidence.without_effect, 1);
    expect_text(&judged, "1 records have no effect", "\"not_judged\":0");
    judged_deinit(&judged);
}

static void a_trusted_site_is_named_by_its_founding_record_alone(void **state)
{
    (void)state;
    struct judged judged = {.maker = maker_new(&plain)};
    maker_file(judged.maker, &MAKER_WHOLE, &judged.file, NULL);

    judge_bytes(&judged, id_of(judged.maker, MAKER_LINK_TOWNSHIP));

    assert_int_equal(judged.evidence.failures_len, 1);
    assert_int_equal(judged.evidence.failures[0].check, CHECK_CHAIN);
    expect_text(&judged, "the charter of the trusted site is not in the file, or fails",
                "\"verdict\":\"fails\"");
    judged_deinit(&judged);
}

/* --- links --- */

static void two_parents_of_each_other_are_no_link(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    uint32_t third = maker_add_site(maker, 1, "南山村", STRANGER);
    (void)maker_add_link(maker, third, id_of(maker, MAKER_FOUND_TOWNSHIP), "parent",
                         STRANGER);
    (void)maker_add_link(maker, MAKER_LINK_TOWNSHIP, id_of(maker, third), "parent",
                         TOWNSHIP_STEWARD);

    struct judged judged = judge_whole(maker);

    EXPECT(&judged, {CHECK_CHAIN, third, "the other half of its link is not signed"});
    judged_deinit(&judged);
}

static void sites_that_are_linked_among_themselves_are_not_led_to(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    uint32_t third = maker_add_site(maker, 1, "南山村", STRANGER);
    uint32_t fourth = maker_add_site(maker, 2, "北山镇", FRIEND);
    uint32_t up = maker_add_link(maker, third, id_of(maker, fourth), "parent", STRANGER);
    (void)maker_add_link(maker, fourth, id_of(maker, third), "child", FRIEND);
    /* The charter of whom it names here is not in the file. */
    const struct id nobody = {{0x5a}};
    (void)maker_add_link(maker, up, &nobody, "child", STRANGER);

    struct judged judged = judge_whole(maker);

    EXPECT(&judged, {CHECK_CHAIN, third, "its links do not lead to the trusted site"},
           {CHECK_CHAIN, fourth, "its links do not lead to the trusted site"});
    judged_deinit(&judged);
}

static void a_link_with_what_is_no_site_leads_nowhere(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    uint32_t once =
        maker_add_link(maker, MAKER_LINK_TOWNSHIP, id_of(maker, MAKER_ESCALATE), "child",
                       TOWNSHIP_STEWARD);
    (void)maker_add_link(maker, once, id_of(maker, MAKER_LINK_VILLAGE), "child",
                         TOWNSHIP_STEWARD);

    struct judged judged = judge_whole(maker);

    expect_holds(&judged);
    assert_int_equal(judged.evidence.passed[CHECK_CHAIN], 2);
    judged_deinit(&judged);
}

/* --- what the head names --- */

static void a_head_that_names_a_charter_is_no_evidence(void **state)
{
    (void)state;
    struct maker_file_wish wish = MAKER_WHOLE;
    wish.head = MAKER_FOUND_VILLAGE;

    struct judged judged = judge(maker_new(&plain), &wish);

    EXPECT(&judged, {CHECK_SCOPE, MAKER_FOUND_VILLAGE,
                     "what the head names is a scope of another kind"});
    /* Its records give nobody a right. */
    expect_text(&judged, "4 records rest on one that fails", "\"not_judged\":4");
    judged_deinit(&judged);
}

static void a_scope_of_an_unknown_kind_is_named(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    uint32_t strange =
        maker_add(maker, &(struct maker_say){.kind = "tomorrow",
                                             .signer = VILLAGE_STEWARD,
                                             .parent = MAKER_NONE,
                                             .beside = MAKER_NONE,
                                             .authority = MAKER_LINK_VILLAGE,
                                             .scope = MAKER_NONE});

    struct judged judged = judge_whole(maker);

    EXPECT(&judged, {CHECK_SCOPE, strange, "does not belong here"});
    expect_text(&judged, "\nunknown ", "\"kind\":\"unknown\",\"ops\":1");
    judged_deinit(&judged);
}

static void an_authority_that_is_no_charter_is_named(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_say say = {.kind = "advise",
                            .signer = TOWNSHIP_STEWARD,
                            .parent = MAKER_OPENED,
                            .beside = MAKER_NONE,
                            .authority = MAKER_OPENED,
                            .scope = MAKER_NONE};
    uint32_t astray = maker_add(maker, &say);

    struct judged judged = judge_whole(maker);

    EXPECT(&judged, {CHECK_ORDER, astray, "is not in a charter before it"});
    judged_deinit(&judged);
}

/* --- danger to life, and recalls --- */

static struct maker_say saying(const char *kind, enum maker_signer signer,
                               uint32_t parent, uint32_t authority)
{
    return (struct maker_say){.kind = kind,
                              .signer = signer,
                              .parent = parent,
                              .beside = MAKER_NONE,
                              .authority = authority,
                              .scope = MAKER_NONE};
}

static uint32_t add_mediator(struct maker *maker)
{
    struct maker_say say =
        saying("person", VILLAGE_STEWARD, MAKER_LINK_VILLAGE, MAKER_LINK_VILLAGE);
    say.fields[0] = (struct maker_field){.name = "key", .key = MEDIATOR};
    say.fields[1] = (struct maker_field){.name = "name", .text = "周某"};
    say.fields[2] = (struct maker_field){.name = "role", .text = "mediator"};
    return maker_add(maker, &say);
}

/* A mediator sent it alone: whoever reads the verdict is told whether a steward stands by
 * it. */
static void danger_that_no_steward_confirmed_is_told(void **state)
{
    (void)state;
    const struct maker_wish danger = {.is_in_danger = true};
    const struct {
        enum maker_signer signer; /* of the confirmation, or 0: none */
        bool is_confirmed;
    } rows[] = {{0, false}, {MEDIATOR, false}, {VILLAGE_STEWARD, true}};
    for (size_t i = 0; i < 3; i++) {
        struct maker *maker = maker_new(&plain);
        struct maker_file_wish wish = MAKER_WHOLE;
        uint32_t appointed = add_mediator(maker);
        wish.head = maker_add_escalation(maker, &danger, appointed, MEDIATOR);
        uint32_t confirm = MAKER_NONE;
        if (rows[i].signer != 0) {
            const struct maker_say say =
                saying("confirm", rows[i].signer, wish.head, appointed);
            confirm = maker_add(maker, &say);
        }

        struct judged judged = judge(maker, &wish);

        /* The other escalation does not belong here, so that nothing of it is judged. */
        if (rows[i].signer == MEDIATOR)
            EXPECT(&judged, {CHECK_SCOPE, MAKER_ESCALATE, "it founds another escalation"},
                   {CHECK_EFFECT, confirm, "without effect: "});
        else
            EXPECT(&judged,
                   {CHECK_SCOPE, MAKER_ESCALATE, "it founds another escalation"});
        assert_true(exception_of(&judged)->is_confirmed == rows[i].is_confirmed);
        expect_text(&judged,
                    rows[i].is_confirmed ? "a steward stands by it"
                                         : "NO steward has confirmed it",
                    rows[i].is_confirmed ? "\"confirmed\":true" : "\"confirmed\":false");
        judged_deinit(&judged);
    }
}

/* The mask that leaves one field of an op out. */
static uint32_t mask_without(const struct op *op, const char *name)
{
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            return ~(1u << i);
    fail_msg("%s is no field of it", name);
    return ~0u;
}

static void danger_is_told_where_it_is_shown_and_said(void **state)
{
    (void)state;
    const struct maker_wish denied = {.is_danger_denied = true};
    struct judged judged = judge_whole(maker_new(&denied));
    expect_holds(&judged);
    assert_null(strstr(judged.text, "DANGER"));
    expect_text(&judged, "HOLDS", "\"danger\":null");
    judged_deinit(&judged);

    const struct maker_wish danger = {.is_in_danger = true};
    struct maker *maker = maker_new(&danger);
    struct maker_file_wish wish = MAKER_WHOLE;
    wish.withheld = MAKER_ESCALATE;
    wish.mask = mask_without(maker_op(maker, MAKER_ESCALATE), "danger-reason");
    judged = judge(maker, &wish);
    expect_holds(&judged);
    expect_text(&judged, "without waiting for consents: (withheld); a steward stands",
                "\"danger\":{\"confirmed\":true,\"reason\":\"\"}");
    judged_deinit(&judged);

    maker = maker_new(&danger);
    wish.mask = mask_without(maker_op(maker, MAKER_ESCALATE), "danger");
    judged = judge(maker, &wish);
    assert_null(strstr(judged.text, "DANGER"));
    judged_deinit(&judged);
}

/* What was rightly said before its author knew of the recall is no failure, though it has
 * no effect; what says that it was erased, and was not recalled, is one. */
static void what_was_said_beside_a_recall_is_no_failure(void **state)
{
    (void)state;
    const struct maker_wish recalled = {.advices = 3, .is_recalled = true};
    struct maker *maker = maker_new(&recalled);
    struct maker_say say =
        saying("advise", TOWNSHIP_STEWARD, MAKER_ADVISE, MAKER_LINK_TOWNSHIP);
    say.fields[0] = (struct maker_field){.name = "text", .text = "再看一次现场"};
    (void)maker_add(maker, &say);

    struct judged judged = judge_whole(maker);

    expect_holds(&judged);
    assert_int_equal(judged.evidence.without_effect, 1);
    assert_int_equal(exception_of(&judged)->purged, 1);
    /* Two heads: what was said, and that it was erased. */
    expect_text(&judged, "RECALLED by its founder; 1 machines say", "\",\"");
    judged_deinit(&judged);

    maker = maker_new(&plain);
    say = saying("purged", TOWNSHIP_NODE, MAKER_ADVISE, MAKER_LINK_TOWNSHIP);
    uint32_t early = maker_add(maker, &say);
    judged = judge_whole(maker);
    EXPECT(&judged, {CHECK_EFFECT, early, "without effect: "});
    assert_int_equal(exception_of(&judged)->purged, 0);
    judged_deinit(&judged);
}

/* --- places and signers --- */

/* O2. */
static void O2_a_parent_in_another_scope_is_named(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_say say =
        saying("confirm", VILLAGE_STEWARD, MAKER_LINK_VILLAGE, MAKER_LINK_VILLAGE);
    say.scope = MAKER_ESCALATE;
    uint32_t astray = maker_add(maker, &say);

    struct judged judged = judge_whole(maker);

    EXPECT(&judged, {CHECK_ORDER, astray, "is not in its section before it"});
    judged_deinit(&judged);
}

static void the_time_follows_from_the_latest_parent(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    struct maker_say say =
        saying("advise", TOWNSHIP_STEWARD, MAKER_OPENED, MAKER_LINK_TOWNSHIP);
    say.fields[0] = (struct maker_field){.name = "text", .text = "先量水沟"};
    uint32_t beside = maker_add(maker, &say);
    say.parent = MAKER_ADVISE;
    say.beside = beside; /* both have the same time */
    (void)maker_add(maker, &say);

    struct judged judged = judge_whole(maker);

    expect_holds(&judged);
    judged_deinit(&judged);
}

/* The name of the machine that a charter gives, and not the site's. */
static void a_machine_that_signed_is_named_by_its_own_name(void **state)
{
    (void)state;
    struct maker *maker = maker_new(&plain);
    const struct id noise = {{9}};
    struct maker_say say =
        saying("node", TOWNSHIP_STEWARD, MAKER_LINK_TOWNSHIP, MAKER_LINK_TOWNSHIP);
    say.fields[0] = (struct maker_field){.name = "key", .key = SECOND_NODE};
    say.fields[1] = (struct maker_field){.name = "noise-key", .id = &noise};
    say.fields[2] = (struct maker_field){.name = "name", .text = "二号机"};
    uint32_t named = maker_add(maker, &say);
    const struct maker_say late = saying("purged", SECOND_NODE, MAKER_ADVISE, named);
    uint32_t early = maker_add(maker, &late);

    struct judged judged = judge_whole(maker);

    EXPECT(&judged, {CHECK_EFFECT, early, "without effect: "});
    expect_text(&judged, "(二号机)\n", "\"name\":\"二号机\"");
    judged_deinit(&judged);
}

/* --- the head, the end and what is odd between them --- */

/* A head alone, of a network of that name, and an end. */
static void expect_head(const char *network, const char *said)
{
    struct judged judged = {.maker = maker_new(&plain)};
    struct maker_file_wish wish = MAKER_WHOLE;
    wish.network = network;
    maker_head(judged.maker, &wish, &judged.file);
    maker_end(0, &judged.file);
    judge_bytes(&judged, id_of(judged.maker, MAKER_FOUND_TOWNSHIP));
    expect_text(&judged, said, "\"ops\":0");
    assert_non_null(strstr(judged.text, "DOES NOT HOLD: 0 records checked.\n"));
    judged_deinit(&judged);
}

static void a_head_has_a_network_of_bounded_length(void **state)
{
    char longest[EVIDENCE_NETWORK_MAX + 2];
    (void)state;
    memset(longest, 'n', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    expect_head(longest, "the head of the file is damaged");
    longest[EVIDENCE_NETWORK_MAX] = '\0';
    expect_head(longest, "the escalation that the head names is not in the file");
    expect_head("", "the escalation that the head names is not in the file");
}

static void bytes_behind_the_end_are_told(void **state)
{
    (void)state;
    struct judged judged = {.maker = maker_new(&plain)};
    maker_file(judged.maker, &MAKER_WHOLE, &judged.file, NULL);
    pack_uint(&judged.file, 7);

    judge_bytes(&judged, id_of(judged.maker, MAKER_FOUND_TOWNSHIP));

    assert_int_equal(judged.evidence.failures_len, 1);
    expect_text(&judged, "bytes stand behind the end", "\"check\":\"end\"");
    judged_deinit(&judged);
}

/* One record of these op bytes at the end of a whole file. */
static struct judged judge_with(struct bytes op)
{
    struct judged judged = {.maker = maker_new(&plain)};
    const struct id id = {{0x77}};
    struct maker_file_wish wish = MAKER_WHOLE;
    wish.miscounted = MAKER_ESCALATE; /* this one comes on top */
    maker_file(judged.maker, &wish, &judged.file, NULL);
    judged.file.len -= 6; /* 92 a3 "end" 08 */
    pack_array(&judged.file, 2);
    pack_bin(&judged.file, id.bytes, ID_SIZE);
    pack_bin(&judged.file, op.data, op.len);
    maker_end(9, &judged.file);
    judge_bytes(&judged, id_of(judged.maker, MAKER_FOUND_TOWNSHIP));
    return judged;
}

static void a_record_without_an_op_or_of_a_strange_kind_is_named(void **state)
{
    (void)state;
    struct judged judged = judge_with(bytes_of(NULL, 0));
    assert_int_equal(judged.evidence.failures_len, 1);
    expect_text(&judged, "the record is damaged", "\"op\":\"77000000");
    judged_deinit(&judged);

    /* An array of 11 whose third element, the kind, is longer than any; the key behind it
     * is told as its author's all the same. */
    struct buf op = {0};
    uint8_t key[32];
    char hex[2 * ID_SIZE + 1];
    memset(key, 0xab, sizeof(key));
    pack_array(&op, 11);
    pack_uint(&op, 1);
    pack_uint(&op, 1);
    pack_str(&op, "a-kind-that-is-longer-than-any-kind-may-be");
    pack_bin(&op, key, sizeof(key));
    judged = judge_with(buf_bytes(&op));
    hex_encode(hex, key, sizeof(key));
    assert_int_equal(judged.evidence.failures_len, 1);
    assert_true(judged.evidence.failures[0].has_author);
    assert_memory_equal(judged.evidence.failures[0].author, key, sizeof(key));
    expect_text(&judged, "(in no charter of this file)", "\"kind\":\"\"");
    judged_deinit(&judged);
    buf_deinit(&op);
}

/* Where some signatures hold, the network's name is not the culprit. */
static void a_network_is_blamed_only_where_no_signature_holds(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct judged judged = {.maker = maker_new(&plain)};
        struct maker_file_wish wish = MAKER_WHOLE;
        struct maker_span spans[MAKER_ADVISE + 1];
        wish.network = i == 0 ? NULL : "fengqiao-test";
        maker_file(judged.maker, &wish, &judged.file, spans);
        judged.file.data[spans[MAKER_RECEIVED].to - 1] ^= 1; /* the signature */
        judged.file.data[spans[MAKER_OPENED].to - 1] ^= 1;
        judge_bytes(&judged, id_of(judged.maker, MAKER_FOUND_TOWNSHIP));
        assert_int_equal(judged.evidence.failed[CHECK_SIGNATURE], i == 0 ? 2 : 8);
        assert_true((strstr(judged.text, "the network name in the head may be damaged") !=
                     NULL) == (i == 1));
        judged_deinit(&judged);
    }
}

/* Whose are those beyond nobody is told; nothing else hangs on it. */
static void no_more_authors_are_remembered_than_there_is_room_for(void **state)
{
    (void)state;
    struct evidence evidence = {0};
    uint8_t key[32] = {0};
    for (uint32_t i = 0; i <= EVIDENCE_KEYS_MAX; i++) {
        memcpy(key, &i, sizeof(i));
        evidence_learn_key(&evidence, key);
        evidence_learn_key(&evidence, key); /* once is enough */
        assert_true(evidence_knows_key(&evidence, key) == (i < EVIDENCE_KEYS_MAX));
    }
    assert_int_equal(evidence.keys_len, EVIDENCE_KEYS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_that_is_not_rightly_founded_is_named),
        cmocka_unit_test(what_has_no_effect_in_a_charter_is_counted),
        cmocka_unit_test(a_trusted_site_is_named_by_its_founding_record_alone),
        cmocka_unit_test(two_parents_of_each_other_are_no_link),
        cmocka_unit_test(sites_that_are_linked_among_themselves_are_not_led_to),
        cmocka_unit_test(a_link_with_what_is_no_site_leads_nowhere),
        cmocka_unit_test(a_head_that_names_a_charter_is_no_evidence),
        cmocka_unit_test(a_scope_of_an_unknown_kind_is_named),
        cmocka_unit_test(an_authority_that_is_no_charter_is_named),
        cmocka_unit_test(danger_that_no_steward_confirmed_is_told),
        cmocka_unit_test(danger_is_told_where_it_is_shown_and_said),
        cmocka_unit_test(what_was_said_beside_a_recall_is_no_failure),
        cmocka_unit_test(O2_a_parent_in_another_scope_is_named),
        cmocka_unit_test(the_time_follows_from_the_latest_parent),
        cmocka_unit_test(a_machine_that_signed_is_named_by_its_own_name),
        cmocka_unit_test(a_head_has_a_network_of_bounded_length),
        cmocka_unit_test(bytes_behind_the_end_are_told),
        cmocka_unit_test(a_record_without_an_op_or_of_a_strange_kind_is_named),
        cmocka_unit_test(no_more_authors_are_remembered_than_there_is_room_for),
        cmocka_unit_test(a_network_is_blamed_only_where_no_signature_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
