/* Files of a case: what may be attached and taken away, and what a view says of it. */
#include "town.h"

#include <string.h>

#include "node/cases/attached.h"
#include "node/cases/detached.h"
#include "proto/limits.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 93);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *attach(struct town *town, struct log *log, const char *name,
                               const struct story_person *by)
{
    static const uint8_t secret[32] = {0xa5, 0x5a, 0xa5, 0x5a};
    struct story *story = town->story;
    struct buf digests = {0};
    pack_array(&digests, 2);
    for (int i = 0; i < 2; i++) /* in their order, and one of them twice */
        pack_bin(&digests, secret, sizeof(secret));
    struct op *op = log_begin(town, log, VILLAGE, "attach");
    story_put(op, "chunks", story_take(story, &digests));
    story_put(op, "key", story_bin(story, secret, sizeof(secret)));
    story_put(op, "name", story_text(story, name));
    story_put(op, "size", story_uint(story, 70000));
    story_put(op, "type", story_text(story, "image/jpeg"));
    return log_seal(town, log, op, by);
}

static struct op *begin_detach(struct town *town, const struct op *file, struct op *op)
{
    story_put(op, "attachment", story_bin(town->story, file->id.bytes, ID_SIZE));
    story_put(op, "reason", story_text(town->story, "拍到了旁人"));
    return op;
}

static const struct op *detach(struct town *town, struct log *log, const struct op *file)
{
    struct op *op = log_begin(town, log, VILLAGE, "detach");
    return log_seal(town, log, begin_detach(town, file, op),
                    &town->sites[VILLAGE].steward);
}

static void a_file_comes_and_goes(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *file =
        attach(town, &log, "水沟.jpg", &town->sites[VILLAGE].mediator);
    const struct op *gone = detach(town, &log, file);
    const struct op *again = detach(town, &log, file);

    assert_int_equal(town_effect(town, &log, file), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, gone), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, again), EFFECT_YES);
}

static void what_opens_a_file_stands_in_no_view(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_case(town, &log);
    attach(town, &log, "水沟.jpg", &town->sites[VILLAGE].mediator);
    town_fold(town, &log, &result);
    struct bytes view = buf_bytes(&result.view);
    assert_non_null(memmem(view.data, view.len, "水沟.jpg", strlen("水沟.jpg")));
    assert_null(memmem(view.data, view.len, "\xa5\x5a\xa5\x5a", 4));
    assert_null(memmem(view.data, view.len, "chunks", 6));
    fold_result_deinit(&result);
}

static void only_a_file_that_lies_before_it_is_taken_away(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *begun = town_case(town, &log);
    const struct op *note = town_say(town, &log, VILLAGE, "note", "text", "看过现场",
                                     &town->sites[VILLAGE].mediator);
    const struct op *refused = attach(town, &log, "a.jpg", &town->sites[VILLAGE].desk);
    const struct op *file = attach(town, &log, "b.jpg", &town->sites[VILLAGE].mediator);
    /* Somebody who has not seen the file yet. */
    struct op *beside = log_begin_after(town, VILLAGE, "detach", begun);
    story_seal(town->story, begin_detach(town, file, beside),
               &town->sites[VILLAGE].steward);
    struct log other = {0};
    town_case(town, &other);
    const struct op *elsewhere =
        attach(town, &other, "c.jpg", &town->sites[VILLAGE].mediator);

    const struct op *of_note = detach(town, &log, note);
    const struct op *of_refused = detach(town, &log, refused);
    const struct op *of_elsewhere = detach(town, &log, elsewhere);
    const struct op *of_file = detach(town, &log, file);
    log_add(&log, beside);

    assert_int_equal(town_effect(town, &log, refused), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, beside), EFFECT_NO_SUCH_FILE);
    assert_int_equal(town_effect(town, &log, of_note), EFFECT_NO_SUCH_FILE);
    assert_int_equal(town_effect(town, &log, of_refused), EFFECT_NO_SUCH_FILE);
    assert_int_equal(town_effect(town, &log, of_elsewhere), EFFECT_NO_SUCH_FILE);
    assert_int_equal(town_effect(town, &log, of_file), EFFECT_YES);
}

static void what_was_erased_of_it_decides_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *begun = town_case(town, &log);
    const struct op *gone = detach(town, &log, begun);
    assert_int_equal(town_effect(town, &log, gone), EFFECT_NO_SUCH_FILE);
    log.ops[1] = story_withhold(town->story, gone, 0);
    assert_int_equal(town_effect(town, &log, gone), EFFECT_YES);
}

/* --- what goes with it --- */

static void assert_marked(struct town *town, const struct log *log, const char *expected)
{
    struct fold_result result;
    bool is_detached[16];
    char marks[17] = "";
    assert_true(log->len <= 16);
    town_fold(town, log, &result);
    detached_mark(log->ops, (uint32_t)log->len, &result, is_detached);
    for (size_t i = 0; i < log->len; i++)
        marks[i] = is_detached[i] ? 'x' : '.';
    assert_string_equal(marks, expected);
    fold_result_deinit(&result);
}

static void only_what_a_detach_with_effect_names_is_marked(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct site *village = &town->sites[VILLAGE];
    const struct op *begun = town_case(town, &log);
    const struct op *first = attach(town, &log, "a.jpg", &village->mediator);
    attach(town, &log, "b.jpg", &village->mediator);
    detach(town, &log, begun); /* no file */
    struct op *op = log_begin(town, &log, VILLAGE, "detach");
    log_seal(town, &log, begin_detach(town, log.ops[2], op), &village->desk);
    assert_marked(town, &log, ".....");

    const struct op *gone = detach(town, &log, first);
    assert_marked(town, &log, ".x....");
    detach(town, &log, first);
    assert_marked(town, &log, ".x.....");
    log.len = 6;
    log.ops[5] = story_withhold(town->story, gone, 0);
    assert_marked(town, &log, "......");
}

static void what_a_file_leaves_says_nothing_of_what_it_was(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct id network;
    struct attached read;
    struct fold_result result;
    town_case(town, &log);
    const struct op *file =
        attach(town, &log, "水沟.jpg", &town->sites[VILLAGE].mediator);
    const struct op *gone = detach(town, &log, file);
    assert_true(attached_read(file, &read));

    const struct op *left = story_withhold(town->story, file, detached_mask(file));
    log.ops[1] = left;

    network_id(&network, "test");
    assert_true(op_verify(left, &network));
    assert_false(attached_read(left, &read));
    assert_false(op_field(left, "chunks")->is_shown || op_field(left, "key")->is_shown ||
                 op_field(left, "name")->is_shown);
    assert_true(op_field(left, "size")->is_shown && op_field(left, "type")->is_shown);
    assert_int_equal(town_effect(town, &log, left), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, gone), EFFECT_YES);
    assert_marked(town, &log, ".x.");
    town_fold(town, &log, &result);
    struct bytes view = buf_bytes(&result.view);
    assert_null(memmem(view.data, view.len, "水沟.jpg", strlen("水沟.jpg")));
    fold_result_deinit(&result);
}

/* Where it was erased by then, it stays erased, and stands as any file without contents.
 */
static void
a_revocation_takes_the_effect_of_a_removal_and_brings_nothing_back(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct site *village = &town->sites[VILLAGE];
    struct fold_result result;
    struct op *begun = log_begin(town, &log, VILLAGE, "case-new");
    story_put(begun, "number", story_text(town->story, "2026-0001"));
    story_put(begun, "category", story_text(town->story, "邻里"));
    story_put(begun, "title", story_text(town->story, "水沟"));
    story_put(begun, "narrative", story_text(town->story, "两家争执"));
    log_seal(town, &log, begun, &village->steward);
    const struct op *file = attach(town, &log, "水沟.jpg", &village->steward);
    struct op *op = log_begin(town, &log, VILLAGE, "detach");
    const struct op *gone =
        log_seal(town, &log, begin_detach(town, file, op), &village->mediator);
    assert_marked(town, &log, ".x.");
    const struct op *left = story_withhold(town->story, file, detached_mask(file));
    site_revoke(town, VILLAGE, &village->steward, &village->mediator, NULL, 0);
    site_refresh(town, VILLAGE);

    assert_int_equal(town_effect(town, &log, gone), EFFECT_REVOKED);
    assert_marked(town, &log, "...");
    log.ops[1] = left;
    assert_int_equal(town_effect(town, &log, left), EFFECT_YES);
    town_fold(town, &log, &result);
    struct bytes view = buf_bytes(&result.view);
    assert_null(memmem(view.data, view.len, "水沟.jpg", strlen("水沟.jpg")));
    fold_result_deinit(&result);
}

static void a_case_of_a_minor_has_no_files(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct story *story = town->story;
    struct op *op = log_begin(town, &log, VILLAGE, "case-new");
    story_put(op, "number", story_text(story, "2026-0001"));
    story_put(op, "category", story_text(story, "未成年人"));
    story_put(op, "title", story_text(story, "课间争执"));
    story_put(op, "narrative", story_text(story, "两个孩子起了争执"));
    story_put(op, "minor", story_flag(story, true));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    const struct op *file = attach(town, &log, "a.jpg", &town->sites[VILLAGE].mediator);
    assert_int_equal(town_effect(town, &log, file), EFFECT_NAMES_MINOR);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_comes_and_goes),
        TEST(what_opens_a_file_stands_in_no_view),
        TEST(only_a_file_that_lies_before_it_is_taken_away),
        TEST(what_was_erased_of_it_decides_nothing),
        TEST(only_what_a_detach_with_effect_names_is_marked),
        TEST(what_a_file_leaves_says_nothing_of_what_it_was),
        TEST(a_revocation_takes_the_effect_of_a_removal_and_brings_nothing_back),
        TEST(a_case_of_a_minor_has_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
