#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/lifecycle.h"
#include "node/cases/schema.h"

/* --- docs/SCHEMA.md --- */

static void add(struct buf *page, const char *text)
{
    buf_add(page, text, strlen(text));
}

static void add_roles(struct buf *page, uint32_t roles)
{
    bool is_first = true;
    for (uint32_t bit = 1; bit <= ROLE_RECOVERY; bit <<= 1) {
        if ((roles & bit) == 0)
            continue;
        add(page, is_first ? "" : ", ");
        add(page, role_text(bit));
        is_first = false;
    }
    add(page, is_first ? "nobody" : "");
}

static void print_field(struct buf *page, const struct schema_field *field)
{
    char line[512];
    char limit[160] = "";
    if (field->type == TYPE_WORD)
        (void)snprintf(limit, sizeof(limit), "%s", field->words);
    else if (field->type == TYPE_TEXT || field->type == TYPE_BYTES)
        (void)snprintf(limit, sizeof(limit), "%u bytes", field->max);
    else if (field->type == TYPE_UINT)
        (void)snprintf(limit, sizeof(limit), "up to %u", field->max);
    else if (field->type >= TYPE_IDS && field->type <= TYPE_SITES)
        (void)snprintf(limit, sizeof(limit), "up to %u", field->max);
    (void)snprintf(line, sizeof(line), "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n",
                   field->name, schema_type_text(field->type), limit,
                   field->is_required ? "yes" : "", schema_merge_text(field->merge),
                   disclosure_class_text(field->disclosure), field->zh_cn, field->en);
    add(page, line);
}

/* Does the way of a case know it? */
static bool is_step(const struct schema_kind *kind)
{
    size_t len;
    const struct lifecycle_step *steps = lifecycle_steps(&len);
    for (size_t i = 0; i < len; i++)
        if (strcmp(steps[i].kind, kind->name) == 0)
            return true;
    return false;
}

static void print_kind(struct buf *page, const struct schema_kind *kind)
{
    add(page, "\n### `");
    add(page, kind->name);
    add(page, "`: ");
    add(page, kind->zh_cn);
    add(page, ", ");
    add(page, kind->en);
    add(page, "\n");
    if (kind->is_founding && kind->scope == SCOPE_CHARTER) {
        add(page, "Founds the scope. Written by: the steward it names.");
    } else {
        add(page, kind->is_founding ? "Founds the scope. " : "");
        add(page, "Written by: ");
        add_roles(page, kind->roles_own);
        add(page, kind->scope == SCOPE_ESCALATION ? " of the founder's site; " : ".");
        if (kind->scope == SCOPE_ESCALATION) {
            add_roles(page, kind->roles_holder);
            add(page, " of the other holders.");
        }
    }
    if (kind->state != NULL) {
        add(page, " State: ");
        add(page, kind->state);
        add(page, ".");
    }
    add(page,
        kind->scope == SCOPE_CASE && is_step(kind) ? " When: docs/LIFECYCLE.md." : "");
    add(page, kind->keeps_open ? " Beats a concurrent close." : "");
    add(page, kind->needs_opened ? " Needs an `opened` of the same site before it." : "");
    add(page, schema_belongs(kind, SCOPE_CASE) && kind->scope != SCOPE_CASE
                  ? " Also in cases."
                  : "");
    add(page, "\n");
    if (kind->fields_len == 0)
        return;
    add(page, "\n| field | type | limit | required | merge | class | zh_CN | en |\n"
              "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < kind->fields_len; i++)
        print_field(page, &kind->fields[i]);
}

static void print_reasons(struct buf *page)
{
    add(page, "\n## Why an op has no effect\n\n| word | meaning |\n| --- | --- |\n");
    for (enum effect effect = EFFECT_UNKNOWN_KIND; effect <= EFFECT_WRONG_OPENING;
         effect++) {
        add(page, "| `");
        add(page, effect_name(effect));
        add(page, "` | ");
        add(page, effect_text(effect));
        add(page, " |\n");
    }
}

static void print_page(struct buf *page)
{
    enum scope_kind scope = 0;
    const struct schema_kind *kind;
    add(page,
        "# Schema\n\nPrinted from `node/cases/schema_*.c` by `test_cases_schema "
        "--print`; "
        "a "
        "test fails where this page\ndiffers. Forms: docs/PROTOCOL.md.\n\n"
        "A field of the class *fact* is shown to every holder. A field whose class some "
        "holders lack never\ndecides whether an op has effect: where its value does not "
        "fit, it reads as withheld. Ids in a list\nare strictly ascending.\n");
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        if (kind->scope != scope && strcmp(kind->name, "cover") != 0) {
            scope = kind->scope;
            add(page, "\n## In a scope of the kind ");
            add(page, schema_scope_text(scope));
            add(page, "\n");
        }
        print_kind(page, kind);
    }
    print_reasons(page);
}

static void the_printed_page_is_the_table(void **state)
{
    struct buf page = {0}, file = {0};
    print_page(&page);
    assert_int_equal(buf_status(&page), STATUS_OK);
    FILE *stream = fopen(SCHEMA_PAGE, "rb");
    assert_non_null(stream);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof(chunk), stream)) > 0;)
        buf_add(&file, chunk, got);
    assert_int_equal(fclose(stream), 0);

    if (!bytes_equal(buf_bytes(&page), buf_bytes(&file)))
        fail_msg("docs/SCHEMA.md differs: test_cases_schema --print > docs/SCHEMA.md");
    buf_deinit(&page);
    buf_deinit(&file);
}

/* --- the table itself --- */

static void every_kind_and_field_is_named_once_and_labelled(void **state)
{
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        assert_ptr_equal(schema_kind(bytes_str(kind->name)), kind);
        assert_true(strlen(kind->name) <= OP_NAME_MAX);
        assert_true(strlen(kind->zh_cn) > 0 && strlen(kind->en) > 0);
        assert_true(kind->fields_len <= OP_FIELDS_MAX);
        for (uint32_t f = 0; f < kind->fields_len; f++) {
            const struct schema_field *field = &kind->fields[f];
            assert_ptr_equal(schema_field(kind, bytes_str(field->name)), field);
            assert_true(strlen(field->name) <= OP_NAME_MAX);
            assert_true(strlen(field->zh_cn) > 0 && strlen(field->en) > 0);
            assert_non_null(disclosure_class_text(field->disclosure));
            assert_int_equal(field->type == TYPE_WORD, field->words != NULL);
        }
    }
}

static void each_kind_of_scope_is_founded_by_one_kind(void **state)
{
    int founded[SCOPE_BULLETIN + 1][MATTERS] = {{0}};
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++)
        founded[kind->scope][kind->of] += kind->is_founding;

    assert_int_equal(founded[SCOPE_CHARTER][MATTER_CASE], 1);
    for (int of = MATTER_CASE; of < MATTERS; of++)
        assert_int_equal(founded[SCOPE_CASE][of], 1);
    assert_int_equal(founded[SCOPE_ESCALATION][MATTER_CASE], 1);
}

static void everything_in_a_case_stays_with_its_site(void **state)
{
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        if (kind->scope != SCOPE_CASE)
            continue;
        assert_int_equal(kind->roles_holder, 0);
        for (uint32_t f = 0; f < kind->fields_len; f++)
            assert_true(kind->fields[f].disclosure == CLASS_OWN ||
                        kind->fields[f].disclosure == CLASS_SEALED);
    }
}

static void somebody_may_write_every_kind(void **state)
{
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++)
        if (strcmp(kind->name, "found") != 0)
            assert_true((kind->roles_own | kind->roles_holder) != 0);
}

static void the_largest_escalation_fits_into_an_op(void **state)
{
    size_t sum = 4096; /* header, salts, signature */
    const struct schema_kind *kind = schema_kind(bytes_str("escalate"));
    for (uint32_t i = 0; i < kind->fields_len; i++)
        if (kind->fields[i].type == TYPE_TEXT)
            sum += kind->fields[i].max;
    assert_true(sum < OP_SIZE_MAX);
}

/* --- values: one row a refusal --- */

struct row {
    const char *kind, *field, *hex;
    bool fits;
};

static const struct row rows[] = {
    {"note", "text", "a161", true},
    {"note", "text", "a0", false},
    {"note", "text", "d90161", false},
    {"note", "text", "a1ff", false},
    {"note", "text", "a16100", false},
    {"note", "text", "c40161", false},
    {"note", "text", "c0", false},
    {"note", "text", "", false},
    {"triage", "solvable", "c3", true},
    {"triage", "solvable", "01", false},
    {"triage", "decision", "a46b656570", true},
    {"triage", "decision", "a46b65650a", false},
    {"triage", "decision", "a0", false},
    {"found", "tier", "04", true},
    {"found", "tier", "05", false},
    {"found", "tier", "ff", false},
    {"consent", "fields", "92a161a162", true},
    {"consent", "fields", "90", true},
    {"consent", "fields", "9101", false},
    {"case-new", "parties", "9192a161a162", true},
    {"case-new", "parties", "9191a161", false},
    {"case-new", "parties", "9292a161a16292a163a162", true},  /* two in one role */
    {"case-new", "parties", "9292a161a16292a161a163", false}, /* one alias twice */
    {"case-new", "parties", "9392a161a16292a163a16292a161a162", false},
    {"agreement", "parties", "9292a161a16292a161a162", false},
    {"escalate", "case.parties", "9292a161a16292a161a162", false},
    {"escalate", "consents", "9193a16191a162a46f72616c", true},
    {"escalate", "consents", "9193a16191a162a46f72616d", false},
    {"escalate", "consents", "9194a16191a162a46f72616ca163", false},
    {"escalate", "consents", "9194a16191a162a46f72616cc0", false},
    {"escalate", "sites", "90", false},
    {"open", "salt", "c41000112233445566778899aabbccddeeff", true},
    {"open", "salt", "c40f00112233445566778899aabbccddee", false},
};

static void values_fit_or_not(void **state)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[64];
        size_t len = strlen(rows[i].hex) / 2;
        assert_true(hex_decode(bytes, len, rows[i].hex));
        const struct schema_field *field =
            schema_field(schema_kind(bytes_str(rows[i].kind)), bytes_str(rows[i].field));
        if (schema_value_fits(field, bytes_of(bytes, len)) != rows[i].fits)
            fail_msg("%s.%s = %s", rows[i].kind, rows[i].field, rows[i].hex);
    }
}

static void ids_are_strictly_ascending(void **state)
{
    const struct schema_field *field =
        schema_field(schema_kind(bytes_str("cover")), bytes_str("heads"));
    struct id ids[] = {{{1}}, {{2}}, {{2}}, {{1}}};
    static const bool fits[] = {true, false, false};
    for (size_t i = 0; i < 3; i++) {
        struct buf buf = {0};
        pack_array(&buf, 2);
        pack_bin(&buf, ids[i].bytes, ID_SIZE);
        pack_bin(&buf, ids[i + 1].bytes, ID_SIZE);
        assert_int_equal(schema_value_fits(field, buf_bytes(&buf)), fits[i]);
        buf_deinit(&buf);
    }
}

static void a_founding_kind_with_parents_is_refused(void **state)
{
    struct op op = {.version = OP_VERSION, .kind = bytes_str("found")};

    assert_int_equal(schema_check_op(&op), EFFECT_WRONG_SCOPE);
    assert_int_equal(schema_founds(&op), 0);
}

/* fold and escalation_fold.c rest on it: who is judged by his grant has one. */
static void what_only_a_holder_may_do_is_not_the_founders_to_do(void **state)
{
    const struct schema_kind *kind;
    (void)state;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++)
        if (kind->needs_opened || strcmp(kind->name, "onward") == 0)
            assert_int_equal(kind->roles_own, 0);
}

static void a_cover_belongs_into_cases_and_escalations(void **state)
{
    const struct schema_kind *cover = schema_kind(bytes_str("cover"));
    const struct schema_kind *note = schema_kind(bytes_str("note"));
    (void)state;
    assert_true(schema_belongs(cover, SCOPE_ESCALATION));
    assert_true(schema_belongs(cover, SCOPE_CASE));
    assert_false(schema_belongs(cover, SCOPE_CHARTER));
    assert_true(schema_belongs(note, SCOPE_CASE));
    assert_false(schema_belongs(note, SCOPE_ESCALATION));
}

static void only_a_founding_kind_founds_a_scope(void **state)
{
    struct op op = {
        .version = OP_VERSION, .kind = bytes_str("note"), .is_founding = true};
    (void)state;
    assert_int_equal(schema_founds(&op), 0);
    op.kind = bytes_str("festival");
    assert_int_equal(schema_founds(&op), 0);
    op.kind = bytes_str("case-new");
    assert_int_equal(schema_founds(&op), SCOPE_CASE);
}

static void a_value_is_given_where_kind_and_field_are_known_and_it_fits(void **state)
{
    static const uint8_t text[] = {0xa1, 'a'}, number[] = {7};
    struct op op = {.version = OP_VERSION, .kind = bytes_str("note")};
    struct bytes value;
    (void)state;
    assert_int_equal(op_add_field(&op, "text", bytes_of(text, sizeof(text))), STATUS_OK);
    assert_int_equal(op_add_field(&op, "mood", bytes_of(text, sizeof(text))), STATUS_OK);
    assert_true(schema_value(&op, "text", &value));

    assert_false(schema_value(&op, "mood", &value));
    assert_false(schema_value(&op, "title", &value));
    op.fields[1].value = bytes_of(number, sizeof(number));
    assert_false(schema_value(&op, "text", &value));
    op.fields[1].value = bytes_of(text, sizeof(text));
    op.fields[1].is_shown = false;
    assert_false(schema_value(&op, "text", &value));
    op.fields[1].is_shown = true;
    op.kind = bytes_str("festival");
    assert_false(schema_value(&op, "text", &value));
}

static void words_that_are_none_have_no_meaning(void **state)
{
    (void)state;
    assert_int_equal(role_from_text(bytes_str("steward")), ROLE_STEWARD);
    assert_int_equal(role_from_text(bytes_str("emperor")), 0);
    assert_int_equal(role_from_text(bytes_str("node")), 0);
    assert_null(role_text(ROLE_STEWARD | ROLE_DESK));
    assert_null(disclosure_class_text(CLASS_RECORD | CLASS_TALK));
    assert_string_equal(effect_name(EFFECT_WRONG_OPENING + 1), "unknown");
    assert_string_equal(effect_text(EFFECT_WRONG_OPENING + 1), "unknown");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--print") == 0) {
        struct buf page = {0};
        print_page(&page);
        size_t written = fwrite(page.data, 1, page.len, stdout);
        bool is_whole = !page.failed && written == page.len;
        buf_deinit(&page);
        return is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_printed_page_is_the_table),
        cmocka_unit_test(every_kind_and_field_is_named_once_and_labelled),
        cmocka_unit_test(each_kind_of_scope_is_founded_by_one_kind),
        cmocka_unit_test(everything_in_a_case_stays_with_its_site),
        cmocka_unit_test(somebody_may_write_every_kind),
        cmocka_unit_test(the_largest_escalation_fits_into_an_op),
        cmocka_unit_test(values_fit_or_not),
        cmocka_unit_test(ids_are_strictly_ascending),
        cmocka_unit_test(a_founding_kind_with_parents_is_refused),
        cmocka_unit_test(what_only_a_holder_may_do_is_not_the_founders_to_do),
        cmocka_unit_test(a_cover_belongs_into_cases_and_escalations),
        cmocka_unit_test(only_a_founding_kind_founds_a_scope),
        cmocka_unit_test(a_value_is_given_where_kind_and_field_are_known_and_it_fits),
        cmocka_unit_test(words_that_are_none_have_no_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
