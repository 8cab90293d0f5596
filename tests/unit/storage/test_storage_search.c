/* What may be searched: postings of a scope, replaced whole, sought from the newest scope
 * down. */
#include <stdio.h>
#include <string.h>

#include "storage/store_search.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* A scope that has an op, so that it has a number: 1 and up, in this order. */
static void add_scope(struct store *store, uint8_t byte)
{
    struct id id = sample_id(byte);
    struct sample_op sample;
    sample_op(&sample, &id, 1, "x");
    assert_int_equal(store_op_add(store, &sample.op, buf_bytes(&sample.bytes), SCOPE_CASE,
                                  TREE_PRIVATE),
                     STATUS_OK);
    sample_op_deinit(&sample);
}

/* Postings as "token=places token=places", tokens ascending. */
struct text {
    const char *at;
};

static bool next_of_text(void *context, struct store_posting *posting)
{
    struct text *text = context;
    size_t token = strcspn(text->at, "="), all = strcspn(text->at, " ");
    if (*text->at == '\0')
        return false;
    posting->token = bytes_of(text->at, token);
    posting->places = bytes_of(text->at + token + 1, all - token - 1);
    text->at += all + (text->at[all] == ' ');
    return true;
}

static void put(struct store *store, uint8_t byte, const char *postings)
{
    struct id id = sample_id(byte);
    struct text text = {postings};
    assert_int_equal(store_search_put(store, &id, next_of_text, &text), STATUS_OK);
}

static void assert_places(struct store *store, int64_t number, const char *token,
                          const char *wanted)
{
    struct buf places = {0};
    enum status status = store_search_places(store, number, bytes_str(token), &places);
    assert_int_equal(status, wanted == NULL ? STATUS_NOT_FOUND : STATUS_OK);
    if (wanted != NULL)
        assert_true(bytes_equal_str(buf_bytes(&places), wanted));
    buf_deinit(&places);
}

static void assert_seek(struct store *store, const char *token, int64_t from,
                        int64_t wanted)
{
    int64_t number = from;
    enum status status = store_search_seek(store, bytes_str(token), &number);
    assert_int_equal(status, wanted == 0 ? STATUS_NOT_FOUND : STATUS_OK);
    if (wanted != 0)
        assert_int_equal(number, wanted);
}

static void a_token_is_sought_from_the_newest_scope_down(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    for (uint8_t i = 1; i <= 4; i++)
        add_scope(store, i);
    put(store, 1, "沟=1 水=0,2");
    put(store, 2, "水=7");
    put(store, 4, "沟=5");
    sample_commit(store);

    assert_seek(store, "水", SEARCH_NEWEST, 2);
    assert_seek(store, "水", 1, 1);
    assert_seek(store, "水", 0, 0);
    assert_seek(store, "沟", SEARCH_NEWEST, 4);
    assert_seek(store, "沟", 3, 1);
    assert_seek(store, "龘", SEARCH_NEWEST, 0);
    assert_places(store, 1, "水", "0,2");
    assert_places(store, 1, "龘", NULL);
}

static void putting_again_replaces_what_differs_and_nothing_else(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    add_scope(store, 1);
    put(store, 1, "b=1 d=2 e=3");
    sample_commit(store);
    sample_begin(store);

    put(store, 1, "a=0 b=1 c=2 e=9 f=4");

    sample_commit(store);
    assert_places(store, 1, "a", "0");
    assert_places(store, 1, "b", "1");
    assert_places(store, 1, "c", "2");
    assert_places(store, 1, "d", NULL);
    assert_places(store, 1, "e", "9");
    assert_places(store, 1, "f", "4");
    assert_seek(store, "d", SEARCH_NEWEST, 0);
    sample_begin(store);
    put(store, 1, "");
    sample_commit(store);
    assert_seek(store, "a", SEARCH_NEWEST, 0);
}

static void a_scope_of_which_nothing_is_here_has_no_postings(void **state)
{
    struct store *store = *state;
    struct id id = sample_id(9);
    struct text text = {"a=0"};
    sample_begin(store);

    assert_int_equal(store_search_put(store, &id, next_of_text, &text), STATUS_NOT_FOUND);

    store_roll_back(store);
}

static enum status see_scope(void *context, const struct store_scope *scope)
{
    *(struct id *)context = scope->id;
    return STATUS_OK;
}

static void a_scope_is_found_by_its_number_once_it_is_folded(void **state)
{
    struct store *store = *state;
    struct id seen = {{0}}, id = sample_id(2);
    struct store_scope scope = {.id = id, .kind = SCOPE_CASE, .view = bytes_str("view")};
    sample_begin(store);
    add_scope(store, 1);
    add_scope(store, 2);
    assert_int_equal(store_search_scope(store, 2, see_scope, &seen), STATUS_NOT_FOUND);
    assert_int_equal(store_scope_put(store, &scope, NULL, 0, NULL, 0), STATUS_OK);
    sample_commit(store);

    assert_int_equal(store_search_scope(store, 2, see_scope, &seen), STATUS_OK);

    assert_id(&seen, &id);
    assert_int_equal(store_search_scope(store, 7, see_scope, &seen), STATUS_NOT_FOUND);
}

static void the_dump_tells_postings_apart_and_a_rebuild_begins_without_any(void **state)
{
    struct store *store = *state;
    struct buf before = {0}, after = {0}, same = {0};
    sample_begin(store);
    add_scope(store, 1);
    add_scope(store, 2);
    put(store, 1, "a=0 b=1");
    put(store, 2, "a=0");
    assert_int_equal(store_dump(store, &before), STATUS_OK);
    put(store, 1, "a=0 b=2");
    assert_int_equal(store_dump(store, &after), STATUS_OK);
    assert_false(bytes_equal(buf_bytes(&before), buf_bytes(&after)));

    assert_int_equal(store_scopes_clear(store), STATUS_OK);
    assert_seek(store, "a", SEARCH_NEWEST, 0);

    put(store, 2, "a=0");
    put(store, 1, "a=0 b=1");
    assert_int_equal(store_dump(store, &same), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&same)));
    store_roll_back(store);
    buf_deinit(&before);
    buf_deinit(&after);
    buf_deinit(&same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_sought_from_the_newest_scope_down),
        TEST(putting_again_replaces_what_differs_and_nothing_else),
        TEST(a_scope_of_which_nothing_is_here_has_no_postings),
        TEST(a_scope_is_found_by_its_number_once_it_is_folded),
        TEST(the_dump_tells_postings_apart_and_a_rebuild_begins_without_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
