/* What can be chosen in a form: the words of the schema and the states of a case, with
 * the one that the form says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/choices.h"
#include "node/page/peek.h"
#include "proto/pack.h"

/* How many words there are under that name, and which is chosen; empty: none. */
static uint32_t chosen(const char *wanted, const char *name, const char *query,
                       char out[static 32])
{
    struct form form = {.len = 0};
    struct buf map = {0};
    struct pack_reader reader;
    assert_int_equal(form_read_query(&form, bytes_str(query), NULL), STATUS_OK);
    assert_int_equal(choices_write(wanted, &form, &map), STATUS_OK);
    assert_int_equal(pack_check(buf_bytes(&map), NULL), STATUS_OK);
    uint32_t count = peek_list(peek_in(buf_bytes(&map), name), &reader);
    out[0] = '\0';
    for (uint32_t i = 0; i < count; i++) {
        struct bytes choice = peek_next(&reader);
        struct bytes flag = peek_in(choice, "chosen");
        struct bytes word = peek_text_in(choice, "value");
        assert_true(word.len > 0 && word.len < 32 && flag.len == 1);
        if (flag.data[0] != 0xc3)
            continue;
        memcpy(out, word.data, word.len);
        out[word.len] = '\0';
    }
    buf_deinit(&map);
    form_deinit(&form);
    return count;
}

static void what_was_typed_is_chosen(void **state)
{
    char word[32];
    (void)state;
    assert_int_equal(chosen("triage.decision", "decision", "", word), 3);
    assert_string_equal(word, "");
    (void)chosen("triage.decision", "decision", "decision=keep", word);
    assert_string_equal(word, "keep");
    (void)chosen("triage.decision", "decision", "decision=x&decision=escalate", word);
    assert_string_equal(word, "escalate");
    (void)chosen("triage.decision", "decision", "decision=", word);
    assert_string_equal(word, "");
}

static void several_are_asked_for_at_once(void **state)
{
    char word[32];
    (void)state;
    assert_int_equal(chosen("triage.decision settle.outcome", "outcome", "", word), 7);
    assert_int_equal(
        chosen("settle.outcome case-state", "case-state", "state=settled", word), 7);
    assert_string_equal(word, "settled");
    assert_int_equal(chosen("", "decision", "", word), 0);
}

static void what_has_no_words_is_no_choice(void **state)
{
    static const char *const rows[] = {"poem.title", "case-new.poem", "case-new.title",
                                       "poem"};
    char word[32];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(chosen(rows[i], "title", "", word), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_typed_is_chosen),
        cmocka_unit_test(several_are_asked_for_at_once),
        cmocka_unit_test(what_has_no_words_is_no_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
