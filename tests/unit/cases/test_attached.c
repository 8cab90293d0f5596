/* Files that go with a record: which ones a release may take along, who has to consent,
 * and what every holder judges by. */
#include "town.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/attached.h"
#include "node/cases/disclosure.h"
#include "node/cases/escalation.h"
#include "node/cases/schema.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 97);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* --- in the escalation --- */

/* Of two pieces that begin with this number. */
static struct attached file_of(uint8_t number)
{
    struct attached file = {.pieces = {{{number}}, {{number, 1}}}, .len = 2, .key = {7}};
    return file;
}

static struct id digest_of_file(uint8_t number)
{
    struct attached file = file_of(number);
    struct id digest;
    attached_digest(&digest, file.pieces, file.len);
    return digest;
}

static struct bytes pack_ids(struct story *story, const struct id *ids, uint32_t len)
{
    struct buf packed = {0};
    pack_array(&packed, len);
    for (uint32_t i = 0; i < len; i++)
        pack_bin(&packed, ids[i].bytes, ID_SIZE);
    return story_take(story, &packed);
}

/* A record that names files from 1 to that number. */
static const struct op *escalate_all(struct town *town, struct log *log, uint8_t len,
                                     bool is_minor)
{
    struct story *story = town->story;
    struct log plain = {0};
    const struct op *model =
        town_escalate(town, &plain, "yes", &town->sites[VILLAGE].steward);
    struct op *op = log_begin(town, log, VILLAGE, "escalate");
    for (uint32_t i = 0; i < model->fields_len; i++) {
        const struct schema_field *field =
            schema_field(schema_kind(bytes_str("escalate")), model->fields[i].name);
        story_put(op, field->name, model->fields[i].value);
    }
    struct id digests[2];
    assert_in_range(len, 1, 2);
    for (uint8_t i = 0; i < len; i++)
        digests[i] = digest_of_file((uint8_t)(i + 1));
    if (len == 2 && id_compare(&digests[0], &digests[1]) > 0) {
        digests[0] = digest_of_file(2);
        digests[1] = digest_of_file(1);
    }
    story_put(op, "files", pack_ids(story, digests, len));
    if (is_minor)
        story_put(op, "minor", story_flag(story, true));
    return log_seal(town, log, op, &town->sites[VILLAGE].steward);
}

static const struct op *escalate(struct town *town, struct log *log, bool is_minor)
{
    return escalate_all(town, log, 1, is_minor);
}

/* The file of a number, said to be the one that was released as another. */
static const struct op *attach_as(struct town *town, struct log *log, int site,
                                  uint8_t number, uint8_t released,
                                  const struct story_person *by)
{
    struct story *story = town->story;
    struct attached file = file_of(number);
    struct id digest = digest_of_file(released);
    struct op *op = log_begin(town, log, site, "attached");
    story_put(op, "chunks", pack_ids(story, file.pieces, file.len));
    story_put(op, "file", story_bin(story, digest.bytes, ID_SIZE));
    story_put(op, "key", story_bin(story, file.key, sizeof(file.key)));
    story_put(op, "name", story_text(story, "水沟.jpg"));
    story_put(op, "size", story_uint(story, 70000));
    story_put(op, "type", story_text(story, "image/jpeg"));
    return log_seal(town, log, op, by);
}

static void a_file_goes_where_the_founding_op_names_it_and_not_else(void **state)
{
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    struct log log = {0}, none = {0};
    escalate(town, &log, false);
    const struct op *named = attach_as(town, &log, VILLAGE, 1, 1, &village->steward);
    const struct op *also = attach_as(town, &log, VILLAGE, 1, 1, &village->mediator);
    const struct op *other = attach_as(town, &log, VILLAGE, 2, 2, &village->steward);
    town_escalate(town, &none, "yes", &village->steward);
    const struct op *behind = attach_as(town, &none, VILLAGE, 1, 1, &village->steward);

    assert_int_equal(town_effect(town, &log, named), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, also), EFFECT_FILE_TWICE);
    assert_int_equal(town_effect(town, &log, other), EFFECT_NOT_RELEASED);
    assert_int_equal(town_effect(town, &none, behind), EFFECT_NOT_RELEASED);
}

/* Effects of the three ops that a log adds to its founding op, in whatever order it
 * holds them. */
static void assert_effects(struct town *town, const struct log *log,
                           const struct op *const ops[3], const enum effect expected[3])
{
    static const uint8_t orders[][4] = {{0, 1, 2, 3}, {0, 1, 3, 2}, {2, 0, 1, 3},
                                        {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 3, 1, 0}};
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        struct log mixed = {.len = 4};
        for (size_t j = 0; j < 4; j++)
            mixed.ops[j] = log->ops[orders[i][j]];
        for (size_t j = 0; j < 3; j++)
            assert_int_equal(town_effect(town, &mixed, ops[j]), expected[j]);
    }
}

static void of_two_that_bring_one_file_the_first_has_effect(void **state)
{
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    struct log log = {0};
    const struct op *record = escalate(town, &log, false);
    struct log aside = {{record}, 1};
    const struct op *one = attach_as(town, &log, VILLAGE, 1, 1, &village->steward);
    const struct op *other = attach_as(town, &aside, VILLAGE, 1, 1, &village->mediator);
    log_add(&log, other);
    /* Beside each other: the lower id comes first. */
    bool is_one = id_compare(&one->id, &other->id) < 0;
    const struct op *third = attach_as(town, &log, VILLAGE, 1, 1, &village->steward);
    const struct op *const ops[3] = {one, other, third};
    const enum effect expected[3] = {is_one ? EFFECT_YES : EFFECT_FILE_TWICE,
                                     is_one ? EFFECT_FILE_TWICE : EFFECT_YES,
                                     EFFECT_FILE_TWICE};

    assert_effects(town, &log, ops, expected);
}

static void of_two_files_each_is_brought_once(void **state)
{
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    struct log log = {0};
    escalate_all(town, &log, 2, false);
    const struct op *first = attach_as(town, &log, VILLAGE, 1, 1, &village->steward);
    const struct op *second = attach_as(town, &log, VILLAGE, 2, 2, &village->steward);
    const struct op *again = attach_as(town, &log, VILLAGE, 2, 2, &village->mediator);
    const struct op *const ops[3] = {first, second, again};
    const enum effect expected[3] = {EFFECT_YES, EFFECT_YES, EFFECT_FILE_TWICE};

    assert_effects(town, &log, ops, expected);
}

static void what_has_no_effect_is_in_the_way_of_nothing(void **state)
{
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    struct log log = {0};
    escalate(town, &log, false);
    const struct op *desk = attach_as(town, &log, VILLAGE, 1, 1, &village->desk);
    const struct op *file = attach_as(town, &log, VILLAGE, 1, 1, &village->steward);
    const struct op *other = attach_as(town, &log, VILLAGE, 2, 2, &village->steward);
    const struct op *const ops[3] = {desk, file, other};
    const enum effect expected[3] = {EFFECT_NO_RIGHT, EFFECT_YES, EFFECT_NOT_RELEASED};

    assert_effects(town, &log, ops, expected);
}

/* The township may open the record before its files have come. */
static void what_others_said_before_is_no_file(void **state)
{
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    const struct site *township = &town->sites[TOWNSHIP];
    struct log log = {0};
    escalate(town, &log, false);
    const struct op *opened =
        town_say(town, &log, TOWNSHIP, "opened", NULL, NULL, &township->desk);
    const struct op *file = attach_as(town, &log, VILLAGE, 1, 1, &village->steward);
    const struct op *again = attach_as(town, &log, VILLAGE, 1, 1, &village->steward);
    const struct op *const ops[3] = {opened, file, again};
    const enum effect expected[3] = {EFFECT_YES, EFFECT_YES, EFFECT_FILE_TWICE};

    assert_effects(town, &log, ops, expected);
}

static void only_the_village_attaches(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    escalate(town, &log, false);
    const struct op *desk =
        attach_as(town, &log, VILLAGE, 1, 1, &town->sites[VILLAGE].desk);
    const struct op *township =
        attach_as(town, &log, TOWNSHIP, 1, 1, &town->sites[TOWNSHIP].steward);
    assert_int_equal(town_effect(town, &log, desk), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, township), EFFECT_NO_RIGHT);
}

static void of_a_minor_no_file_goes_up(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *record = escalate(town, &log, true);
    assert_int_equal(town_effect(town, &log, record), EFFECT_NOT_OF_MINOR);
}

static void what_a_site_is_not_shown_of_a_file_decides_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct attached read;
    escalate(town, &log, false);
    const struct op *file =
        attach_as(town, &log, VILLAGE, 1, 1, &town->sites[VILLAGE].steward);
    assert_true(attached_read_released(file, &read));
    assert_int_equal(read.len, 2);
    assert_int_equal(read.key[0], 7);

    uint32_t facts = disclosure_mask(file, CLASS_FACT);
    assert_int_equal(disclosure_mask(file, CLASS_RECORD) & 0x3f, 0x3f);
    const struct op *seen = story_withhold(town->story, file, facts);
    log.ops[1] = seen;
    assert_int_equal(town_effect(town, &log, seen), EFFECT_YES);
    assert_false(attached_read_released(seen, &read));
    /* With its pieces and without its key, the other way round, and without its digest.
     */
    assert_false(attached_read(story_withhold(town->story, file, facts | 1), &read));
    assert_false(attached_read(story_withhold(town->story, file, facts | 4), &read));
    log.ops[1] = story_withhold(town->story, file, ~2u);
    assert_false(attached_read_released(log.ops[1], &read));
    assert_int_equal(town_effect(town, &log, file), EFFECT_WITHHELD);
}

static void pieces_of_another_file_are_none_of_the_one_that_was_released(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct attached read;
    const struct op *record = escalate(town, &log, false);
    const struct op *file =
        attach_as(town, &log, VILLAGE, 2, 1, &town->sites[VILLAGE].steward);
    assert_true(attached_read(file, &read));
    assert_false(attached_read_released(file, &read));
    assert_false(attached_read_released(record, &read));
}

/* --- in the case --- */

struct chosen {
    struct escalation_file files[3];
    size_t len;
};

/* The consents of the plan, where there is one. */
static enum status plan(struct town *town, const struct log *log,
                        const struct chosen *chosen, struct buf *consents,
                        struct err *err)
{
    static const char word[] = "context";
    struct bytes field = bytes_of(word, sizeof(word) - 1);
    struct fold_result result;
    struct escalation_plan planned;
    town_fold(town, log, &result);
    struct escalation_ask ask = {.view = buf_bytes(&result.view),
                                 .fields = &field,
                                 .fields_len = 1,
                                 .files = chosen->files,
                                 .files_len = chosen->len,
                                 .reason = bytes_str("理由"),
                                 .site = *town_site(town, TOWNSHIP)};
    enum status status = escalation_plan(&ask, &planned, err);
    for (uint32_t i = 0; status == STATUS_OK && i < planned.fields_len; i++)
        if (strcmp(planned.fields[i].name, "consents") == 0)
            buf_add(consents, planned.fields[i].value.data, planned.fields[i].value.len);
    if (status == STATUS_OK)
        escalation_plan_deinit(&planned);
    fold_result_deinit(&result);
    return status;
}

static struct escalation_file file_named(uint8_t number, const char *name)
{
    return (struct escalation_file){{{number}}, bytes_str(name)};
}

/* Both parties say the same of the context and of the files of these numbers. */
static void both_consent(struct town *town, struct log *log, const char *numbers)
{
    char words[512];
    int len = snprintf(words, sizeof(words), "context");
    for (; *numbers != '\0'; numbers++) {
        char word[CONSENT_FILE_SIZE];
        const struct id op = {{(uint8_t)(*numbers - '0')}};
        escalation_file_word(word, &op);
        len += snprintf(words + len, sizeof(words) - (size_t)len, " %s", word);
    }
    town_consent(town, log, "张某", words, true);
    town_consent(town, log, "李某", words, true);
}

static void ready(struct town *town, struct log *log, const char *numbers)
{
    town_case(town, log);
    town_triage(town, log, "escalate");
    both_consent(town, log, numbers);
}

static void assert_refused(struct town *town, const struct log *log,
                           const struct chosen *chosen, const char *words)
{
    struct buf unused = {0};
    struct err err = {0};
    assert_int_equal(plan(town, log, chosen, &unused, &err), STATUS_DENIED);
    if (strstr(err.text, words) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, words);
}

static void each_file_needs_the_consent_of_each_party(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct buf consents = {0};
    const struct chosen one = {.files = {file_named(1, "a.jpg")}, .len = 1};
    const struct chosen two = {.files = {file_named(1, "a.jpg"), file_named(2, "b.jpg")},
                               .len = 2};
    /* Of the same name, and another file. */
    const struct chosen later = {.files = {file_named(3, "a.jpg")}, .len = 1};
    ready(town, &log, "1");
    assert_int_equal(plan(town, &log, &one, &consents, NULL), STATUS_OK);
    assert_refused(town, &log, &two, "张某 did not consent to 'b.jpg'");
    assert_refused(town, &log, &later, "张某 did not consent to 'a.jpg'");
    both_consent(town, &log, "12");
    assert_int_equal(plan(town, &log, &two, &consents, NULL), STATUS_OK);
    buf_deinit(&consents);
}

static void what_leaves_says_files_and_not_which_op_attached_them(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct buf with = {0}, without = {0};
    const struct chosen one = {.files = {file_named(1, "a.jpg")}, .len = 1};
    const struct chosen none = {.len = 0};
    ready(town, &log, "1");
    assert_int_equal(plan(town, &log, &one, &with, NULL), STATUS_OK);
    assert_int_equal(plan(town, &log, &none, &without, NULL), STATUS_OK);
    assert_non_null(memmem(with.data, with.len, "\xa5" CONSENT_FILES, 6));
    assert_null(memmem(with.data, with.len, "file:", 5));
    assert_null(memmem(without.data, without.len, "file", 4));
    buf_deinit(&with);
    buf_deinit(&without);
}

static void a_file_is_taken_back_by_its_word_or_with_all(void **state)
{
    struct town *town = *state;
    struct buf unused = {0};
    const struct id op = {{1}}, another = {{2}};
    char word[CONSENT_FILE_SIZE], other[CONSENT_FILE_SIZE];
    const struct chosen one = {.files = {file_named(1, "a.jpg")}, .len = 1};
    escalation_file_word(word, &op);
    escalation_file_word(other, &another);
    const char *const rows[] = {word, CONSENT_FILES, "title files"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct log log = {0};
        ready(town, &log, "1");
        town_consent(town, &log, "张某", other, false);
        assert_int_equal(plan(town, &log, &one, &unused, NULL), STATUS_OK);
        town_consent(town, &log, "张某", rows[i], false);
        assert_refused(town, &log, &one, "张某 took back the consent to 'a.jpg'");
    }
    buf_deinit(&unused);
}

static void the_word_for_all_files_gives_none(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct chosen one = {.files = {file_named(1, "a.jpg")}, .len = 1};
    ready(town, &log, "");
    town_consent(town, &log, "张某", "context files", true);
    town_consent(town, &log, "李某", "context files", true);
    assert_refused(town, &log, &one, "did not consent to 'a.jpg'");
}

static void what_was_asked_for_stands_in_the_view(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes request;
    ready(town, &log, "1");
    const struct op *about = log.ops[1];
    struct op *op = log_begin(town, &log, VILLAGE, "request");
    story_put(op, "fields", story_texts(town->story, "context"));
    story_put(op, "files", story_ids(town->story, &about, 1));
    story_put(op, "onward", story_text(town->story, "ask"));
    story_put(op, "reason", story_text(town->story, "理由"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    town_fold(town, &log, &result);
    assert_true(view_map_get(buf_bytes(&result.view), "request", &request));
    assert_int_equal(view_map_count(request, "files"), 1);
    fold_result_deinit(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_goes_where_the_founding_op_names_it_and_not_else),
        TEST(of_two_that_bring_one_file_the_first_has_effect),
        TEST(of_two_files_each_is_brought_once),
        TEST(what_has_no_effect_is_in_the_way_of_nothing),
        TEST(what_others_said_before_is_no_file),
        TEST(only_the_village_attaches),
        TEST(of_a_minor_no_file_goes_up),
        TEST(what_a_site_is_not_shown_of_a_file_decides_nothing),
        TEST(pieces_of_another_file_are_none_of_the_one_that_was_released),
        TEST(each_file_needs_the_consent_of_each_party),
        TEST(what_leaves_says_files_and_not_which_op_attached_them),
        TEST(a_file_is_taken_back_by_its_word_or_with_all),
        TEST(the_word_for_all_files_gives_none),
        TEST(what_was_asked_for_stands_in_the_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
