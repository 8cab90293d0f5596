/* What of an answer an observer sees: whatever is not listed is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/observed.h"
#include "proto/pack.h"
#include "proto/pack_map.h"

#define WORD "canary"

/* Cuts what was packed, which is emptied. */
static void cut(struct buf *answer, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(observed_cut(buf_bytes(answer), out), STATUS_OK);
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
    buf_clear(answer);
}

static bool holds(const struct buf *out, const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i + len <= out->len; i++)
        if (memcmp(out->data + i, text, len) == 0)
            return true;
    return false;
}

/* {view: {journal: [{fields: {each of the kind: WORD}, kind}]}} */
static void pack_entry(struct buf *out, const struct schema_kind *kind)
{
    const char *names[32];
    pack_map(out, 1);
    pack_str(out, "view");
    pack_map(out, 1);
    pack_str(out, "journal");
    pack_array(out, 1);
    pack_map(out, 2);
    pack_str(out, "fields");
    pack_map(out, kind->fields_len);
    for (uint32_t i = 0; i < kind->fields_len; i++) {
        uint32_t at = i;
        for (; at > 0 && strcmp(names[at - 1], kind->fields[i].name) > 0; at--)
            names[at] = names[at - 1];
        names[at] = kind->fields[i].name;
    }
    for (uint32_t i = 0; i < kind->fields_len; i++) {
        char value[64];
        (void)snprintf(value, sizeof(value), "%s %s;", WORD, names[i]);
        pack_str(out, names[i]);
        pack_str(out, value);
    }
    pack_str(out, "kind");
    pack_str(out, kind->name);
}

static void each_field_of_the_schema_is_a_fact_or_gone(void **state)
{
    struct buf answer = {0}, out = {0};
    const struct schema_kind *kind;
    uint32_t seen = 0, gone = 0;
    (void)state;
    for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++) {
        pack_entry(&answer, kind);

        cut(&answer, &out);

        assert_true(holds(&out, kind->name));
        for (uint32_t i = 0; i < kind->fields_len; i++) {
            const struct schema_field *field = &kind->fields[i];
            char value[64];
            (void)snprintf(value, sizeof(value), "%s %s;", WORD, field->name);
            bool is_shown = observed_field(kind, field);
            if (holds(&out, value) != is_shown)
                fail_msg("%s.%s is %s", kind->name, field->name,
                         is_shown ? "gone" : "shown");
            seen += is_shown;
            gone += !is_shown;
        }
    }
    assert_true(seen > 40 && gone > 90);
    buf_deinit(&answer);
    buf_deinit(&out);
}

/* No secret, no salt, no key of a file, nothing sealed; and in a case nothing at all but
 * which one it is and until when. */
static void what_opens_something_is_no_fact(void **state)
{
    static const char *const named[] = {"case-new.number", "follow-up.again",
                                        "sent.escalation", "task.due",
                                        "task-done.task",  "assign.due"};
    const struct schema_kind *kind;
    uint32_t seen = 0;
    (void)state;
    for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++)
        for (uint32_t i = 0; i < kind->fields_len; i++) {
            const struct schema_field *field = &kind->fields[i];
            char name[64];
            bool is_named = false;
            (void)snprintf(name, sizeof(name), "%s.%s", kind->name, field->name);
            for (size_t n = 0; n < sizeof(named) / sizeof(named[0]); n++)
                is_named |= strcmp(named[n], name) == 0;
            bool opens = field->type == TYPE_SECRET || field->type == TYPE_SALT ||
                         field->disclosure == CLASS_SEALED ||
                         strcmp(field->name, "salt") == 0;
            bool is_fact = field->disclosure == CLASS_FACT;
            assert_false(opens && observed_field(kind, field));
            assert_int_equal(observed_field(kind, field), is_fact || is_named);
            seen += is_named;
        }
    assert_int_equal(seen, sizeof(named) / sizeof(named[0]));
}

static void a_name_that_nobody_listed_is_gone_wherever_it_stands(void **state)
{
    struct buf answer = {0}, out = {0};
    struct bytes raw;
    (void)state;
    pack_map(&answer, 3);
    pack_str(&answer, "cases");
    pack_array(&answer, 2);
    for (int i = 0; i < 2; i++) {
        pack_map(&answer, 3);
        pack_str(&answer, "brand-new");
        pack_str(&answer, WORD);
        pack_str(&answer, "number");
        pack_str(&answer, "2026-0001");
        pack_str(&answer, "title");
        pack_str(&answer, WORD);
    }
    pack_str(&answer, "next");
    pack_nil(&answer);
    pack_str(&answer, "registers");
    pack_str(&answer, WORD);

    cut(&answer, &out);

    assert_false(holds(&out, WORD) || holds(&out, "brand-new") || holds(&out, "title") ||
                 holds(&out, "registers"));
    assert_true(holds(&out, "2026-0001"));
    assert_true(pack_map_find(buf_bytes(&out), "next", 1, &raw));
    buf_deinit(&answer);
    buf_deinit(&out);
}

/* "reason" is a content, but not where it says why an op has no effect. */
static void a_name_is_listed_for_where_it_stands(void **state)
{
    struct buf answer = {0}, out = {0};
    (void)state;
    pack_map(&answer, 2);
    pack_str(&answer, "danger");
    pack_map(&answer, 2);
    pack_str(&answer, "confirmed");
    pack_bool(&answer, true);
    pack_str(&answer, "reason");
    pack_str(&answer, WORD);
    pack_str(&answer, "refused");
    pack_array(&answer, 1);
    pack_map(&answer, 1);
    pack_str(&answer, "reason");
    pack_str(&answer, "no right");
    cut(&answer, &out);
    assert_false(holds(&out, WORD) || holds(&out, "refused"));
    assert_true(holds(&out, "confirmed"));

    pack_map(&answer, 1);
    pack_str(&answer, "view");
    pack_map(&answer, 1);
    pack_str(&answer, "refused");
    pack_array(&answer, 1);
    pack_map(&answer, 1);
    pack_str(&answer, "reason");
    pack_str(&answer, "no right");
    cut(&answer, &out);
    assert_true(holds(&out, "no right"));
    buf_deinit(&answer);
    buf_deinit(&out);
}

static void pack_odd_entry(struct buf *answer, const char *kind, bool is_text)
{
    pack_map(answer, kind == NULL ? 1 : 2);
    pack_str(answer, "fields");
    if (is_text) {
        pack_str(answer, WORD);
    } else {
        pack_map(answer, 1);
        pack_str(answer, "number");
        pack_str(answer, WORD);
    }
    if (kind == NULL)
        return;
    pack_str(answer, "kind");
    if (kind[0] == '\0')
        pack_uint(answer, 7);
    else
        pack_str(answer, kind);
}

/* Fields of nobody's op, of a kind from another time, and such as are no map. */
static void fields_without_a_kind_that_is_known_are_gone(void **state)
{
    struct buf answer = {0}, out = {0};
    (void)state;
    pack_odd_entry(&answer, "case-new", false);
    cut(&answer, &out);
    assert_true(holds(&out, WORD)); /* what the others lack */

    static const char *const kinds[] = {NULL, "", "of-tomorrow", "note"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        pack_odd_entry(&answer, kinds[i], false);
        cut(&answer, &out);
        assert_false(holds(&out, WORD));
    }
    pack_odd_entry(&answer, "case-new", true);
    cut(&answer, &out);
    assert_false(holds(&out, WORD));
    buf_deinit(&answer);
    buf_deinit(&out);
}

static void what_is_no_map_goes_as_it_is_and_nonsense_not_at_all(void **state)
{
    struct buf answer = {0}, out = {0};
    (void)state;
    pack_uint(&answer, 7);
    cut(&answer, &out);
    assert_int_equal(out.len, 1);
    buf_add(&answer, "\x81\xa4view", 6);
    assert_int_equal(observed_cut(buf_bytes(&answer), &out), STATUS_INVALID);
    buf_clear(&answer);
    for (int i = 0; i < PACK_DEPTH_MAX; i++)
        pack_array(&answer, 1);
    pack_map(&answer, 0);
    assert_int_equal(observed_cut(buf_bytes(&answer), &out), STATUS_OK);
    out.failed = true; /* as without memory */
    assert_int_equal(observed_cut(buf_bytes(&answer), &out), STATUS_NO_MEMORY);
    buf_deinit(&answer);
    out.failed = false;
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_of_the_schema_is_a_fact_or_gone),
        cmocka_unit_test(what_opens_something_is_no_fact),
        cmocka_unit_test(a_name_that_nobody_listed_is_gone_wherever_it_stands),
        cmocka_unit_test(a_name_is_listed_for_where_it_stands),
        cmocka_unit_test(fields_without_a_kind_that_is_known_are_gone),
        cmocka_unit_test(what_is_no_map_goes_as_it_is_and_nonsense_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
