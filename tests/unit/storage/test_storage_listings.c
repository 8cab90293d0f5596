/* What lists are filtered and paged by. */
#include <stdio.h>
#include <string.h>

#include "storage/store_listings.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* The scope of a record is the id of the op that founds it. */
static struct id found(struct store *store, struct sample_op *sample,
                       enum scope_kind kind, uint64_t time, uint8_t site)
{
    struct id none = {0}, holder = sample_id(site);
    sample_op(sample, &none, time, "x");
    sample->op.scope = sample->op.id;
    assert_int_equal(
        store_op_add(store, &sample->op, buf_bytes(&sample->bytes), kind, TREE_PRIVATE),
        STATUS_OK);
    struct store_scope row = {.id = sample->op.id,
                              .kind = kind,
                              .site = sample_id(site),
                              .digest = sample_id(0xd1),
                              .view = bytes_str("view"),
                              .ops_len = 1};
    assert_int_equal(store_scope_put(store, &row, &row.id, 1, &holder, 1), STATUS_OK);
    struct id id = sample->op.id;
    sample_op_deinit(sample);
    return id;
}

static struct id put(struct store *store, enum scope_kind kind, uint64_t opened,
                     const char *state, const char *party)
{
    static uint64_t time;
    struct sample_op sample;
    struct bytes alias = bytes_str(party);
    struct id id = found(store, &sample, kind, ++time, (uint8_t)(opened % 2 + 1));
    struct store_listing listing = {.scope = id,
                                    .author = sample_id((uint8_t)(opened % 3)),
                                    .state = bytes_str(state),
                                    .category = bytes_str(opened > 3 ? "田土" : "邻里"),
                                    .opened = opened,
                                    .conflicts = opened == 4,
                                    .sent = opened == 5,
                                    .is_minor = opened == 6,
                                    .parties = &alias,
                                    .parties_len = party[0] != '\0'};
    assert_int_equal(store_listing_put(store, &listing), STATUS_OK);
    return id;
}

/* Six cases and an escalation; of the cases their ids, in the order of founding. */
static void fill(struct store *store, struct id ids[static 6])
{
    sample_begin(store);
    for (uint64_t i = 0; i < 6; i++)
        ids[i] = put(store, SCOPE_CASE, i + 1, i % 2 ? "closed" : "registered",
                     i < 3 ? "张某" : "");
    (void)put(store, SCOPE_ESCALATION, 1, "sent", "张某");
    sample_commit(store);
}

static void assert_list(struct store *store, struct store_filter filter,
                        const struct id *ids, const char *expected)
{
    struct sample_ids list = {0};
    char got[8] = "";
    size_t len = 0;
    filter.kind = SCOPE_CASE;
    if (filter.limit == 0)
        filter.limit = 100;
    assert_int_equal(store_listings(store, &filter, sample_collect_scope, &list),
                     STATUS_OK);
    for (uint32_t i = 0; i < list.len; i++)
        for (int j = 0; j < 6; j++)
            if (id_equal(&list.ids[i], &ids[j]))
                got[len++] = (char)('1' + j);
    assert_string_equal(got, expected);
}

static void each_filter_leaves_what_it_names_the_newest_first(void **state)
{
    struct store *store = *state;
    struct id ids[6], author = sample_id(1), site = sample_id(2);
    fill(store, ids);
#define LIST(expected, ...)                                                              \
    assert_list(store, (struct store_filter){__VA_ARGS__}, ids, expected)
    LIST("654321", .limit = 100);
    LIST("54321", .no_minors = true);
    LIST("531", .state = bytes_str("registered"));
    LIST("321", .party = bytes_str("张某"));
    LIST("", .party = bytes_str("张"));
    LIST("321", .category = bytes_str("邻里"));
    LIST("4", .has_conflict = true);
    LIST("5", .is_sent = true);
    LIST("41", .author = &author);
    LIST("531", .site = &site);
    LIST("642", .not_site = &site);
    LIST("543", .since = 3, .until = 5);
    LIST("65", .since = 5);
    LIST("", .since = UINT64_MAX);
}

static void filters_narrow_each_other(void **state)
{
    struct store *store = *state;
    struct id ids[6], site = sample_id(2);
    fill(store, ids);
    LIST("31", .state = bytes_str("registered"), .party = bytes_str("张某"));
    LIST("3", .state = bytes_str("registered"), .party = bytes_str("张某"), .since = 2);
    LIST("5", .state = bytes_str("registered"), .category = bytes_str("田土"),
         .site = &site);
    LIST("", .has_conflict = true, .party = bytes_str("张某"));
    LIST("4", .has_conflict = true, .state = bytes_str("closed"));
    LIST("42", .no_minors = true, .state = bytes_str("closed"));
    LIST("32", .no_minors = true, .party = bytes_str("张某"), .since = 2);
}

static void what_may_have_to_be_done_is_a_list_of_its_own(void **state)
{
    struct store *store = *state;
    struct id ids[6];
    fill(store, ids);
    LIST("", .is_to_do = true);
    sample_begin(store);
    for (int i = 1; i < 6; i += 3) {
        struct store_listing row = {
            .scope = ids[i], .category = bytes_str(i > 3 ? "田土" : "邻里"), .waits = 9};
        assert_int_equal(store_listing_put(store, &row), STATUS_OK);
    }
    sample_commit(store);
    LIST("52", .is_to_do = true);
    LIST("2", .is_to_do = true, .category = bytes_str("邻里"));
    LIST("2", .is_to_do = true, .after = &ids[4]);
}

static void pages_hold_while_others_write(void **state)
{
    struct store *store = *state;
    struct id ids[6], unknown = sample_id(0xee);
    fill(store, ids);
    LIST("65", .limit = 2);
    sample_begin(store);
    struct id newer = put(store, SCOPE_CASE, 9, "registered", "");
    struct store_listing touched = {.scope = ids[2], .state = bytes_str("closed")};
    assert_int_equal(store_listing_put(store, &touched), STATUS_OK);
    sample_commit(store);

    LIST("43", .limit = 2, .after = &ids[4]);
    LIST("21", .limit = 9, .after = &ids[2]);

    struct store_filter from_newest = {.kind = SCOPE_CASE, .limit = 1};
    struct sample_ids list = {0};
    assert_int_equal(store_listings(store, &from_newest, sample_collect_scope, &list),
                     STATUS_OK);
    assert_id(&list.ids[0], &newer);
    from_newest.after = &unknown;
    assert_int_equal(store_listings(store, &from_newest, sample_collect_scope, &list),
                     STATUS_NOT_FOUND);
}

static void what_is_listed_anew_forgets_what_it_was(void **state)
{
    struct store *store = *state;
    struct id ids[6], line = sample_id(0x11), scope;
    fill(store, ids);
    struct store_listing anew = {
        .scope = ids[0], .state = bytes_str("triaged"), .line = &line};
    assert_int_equal(store_listing_of_line(store, &line, &scope), STATUS_NOT_FOUND);

    sample_begin(store);
    assert_int_equal(store_listing_put(store, &anew), STATUS_OK);
    sample_commit(store);

    LIST("32", .party = bytes_str("张某"));
    LIST("1", .state = bytes_str("triaged"));
    assert_int_equal(store_listing_of_line(store, &line, &scope), STATUS_OK);
    assert_id(&scope, &ids[0]);
}

static void listings_go_with_everything_derived(void **state)
{
    struct store *store = *state;
    struct id ids[6];
    fill(store, ids);
    struct buf before = {0}, after = {0};
    assert_int_equal(store_dump(store, &before), STATUS_OK);
    buf_add_u8(&before, '\0');
    assert_non_null(strstr((const char *)before.data, "# listings\n2 1 "));

    sample_begin(store);
    assert_int_equal(store_scopes_clear(store), STATUS_OK);

    LIST("", .limit = 9);
    LIST("", .party = bytes_str("张某"));
    assert_int_equal(store_dump(store, &after), STATUS_OK);
    buf_add_u8(&after, '\0');
    assert_non_null(strstr((const char *)after.data, "# listings\n# "));
    assert_non_null(strstr((const char *)after.data, "# listed_parties\n# "));
    store_roll_back(store);
    buf_deinit(&before);
    buf_deinit(&after);
}

struct growths {
    char text[128];
    uint32_t stop_at;
};

static enum status note_growth(void *context, const struct store_growth *growth)
{
    struct growths *growths = context;
    size_t len = strlen(growths->text);
    (void)snprintf(growths->text + len, sizeof(growths->text) - len, "%.*s %d %d;",
                   (int)growth->category.len, (const char *)growth->category.data,
                   (int)growth->late, (int)growth->early);
    return growths->stop_at > 0 && --growths->stop_at == 0 ? STATUS_BUSY : STATUS_OK;
}

static void assert_grown(struct store *store, uint64_t begin, uint64_t middle,
                         uint32_t rows, uint32_t max, const char *expected)
{
    struct growths growths = {.text = ""};
    assert_int_equal(store_listings_grown(store, SCOPE_CASE, begin, middle, rows, max,
                                          note_growth, &growths),
                     STATUS_OK);
    assert_string_equal(growths.text, expected);
}

/* Which of the cases are read, and whether that walk may be stopped. */
struct reading {
    struct sample_ids ids;
    uint32_t stop_at; /* 0: never */
};

static enum status read_one(void *context, const struct store_scope *scope)
{
    struct reading *reading = context;
    (void)sample_collect_scope(&reading->ids, scope);
    return reading->ids.len == reading->stop_at ? STATUS_BUSY : STATUS_OK;
}

static void assert_waiting(struct store *store, uint64_t since, const struct id *ids,
                           const char *expected)
{
    struct reading reading = {.stop_at = 0};
    char got[8] = "";
    assert_int_equal(store_listings_waiting(store, SCOPE_CASE, since, read_one, &reading),
                     STATUS_OK);
    for (uint32_t i = 0; i < reading.ids.len; i++)
        for (int j = 0; j < 6; j++)
            if (id_equal(&reading.ids.ids[i], &ids[j]))
                got[i] = (char)('1' + j);
    assert_string_equal(got, expected);
}

static void of_what_is_settled_nothing_is_read(void **state)
{
    static const uint64_t waits[6] = {UINT64_MAX, 0, 500, UINT64_MAX, 0, 700};
    struct store *store = *state;
    struct id ids[6];
    struct reading reading = {.stop_at = 2};
    fill(store, ids);
    assert_waiting(store, 0, ids, "");
    sample_begin(store);
    for (int i = 0; i < 6; i++) {
        struct store_listing listing = {.scope = ids[i], .waits = waits[i]};
        assert_int_equal(store_listing_put(store, &listing), STATUS_OK);
    }
    sample_commit(store);

    assert_waiting(store, UINT64_MAX, ids, "41");
    assert_waiting(store, 501, ids, "416");
    assert_waiting(store, 500, ids, "4163");
    assert_waiting(store, 0, ids, "4163");
    assert_int_equal(store_listings_waiting(store, SCOPE_CASE, 0, read_one, &reading),
                     STATUS_BUSY);
    assert_int_equal(reading.ids.len, 2);
}

/* Written down at 1 to 6: three of each category, the last of them about a minor. */
static void what_grew_is_counted_by_category(void **state)
{
    struct store *store = *state;
    struct id ids[6];
    uint64_t count;
    fill(store, ids);

    assert_grown(store, 0, 3, 100, 16, "田土 2 0;邻里 1 2;");
    assert_grown(store, 0, 3, 100, 1, "田土 2 0;");
    assert_grown(store, 2, 5, 100, 16, "田土 1 1;邻里 0 2;");
    assert_grown(store, 0, 3, 3, 16, "田土 2 0;");
    assert_grown(store, 7, 9, 100, 16, "");
    assert_int_equal(store_listings_count(store, SCOPE_CASE, &count), STATUS_OK);
    assert_int_equal(count, 6);
    struct growths growths = {.stop_at = 1};
    assert_int_equal(
        store_listings_grown(store, SCOPE_CASE, 0, 3, 100, 16, note_growth, &growths),
        STATUS_BUSY);
    assert_string_equal(growths.text, "田土 2 0;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_filter_leaves_what_it_names_the_newest_first),
        TEST(filters_narrow_each_other),
        TEST(what_may_have_to_be_done_is_a_list_of_its_own),
        TEST(pages_hold_while_others_write),
        TEST(what_is_listed_anew_forgets_what_it_was),
        TEST(listings_go_with_everything_derived),
        TEST(of_what_is_settled_nothing_is_read),
        TEST(what_grew_is_counted_by_category),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
