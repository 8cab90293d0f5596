/* What is said in plain words about who may write and who may see is held, line by line,
 * against what decides it: the fold, and the door of disclosure. */
#include "town.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/observed.h"
#include "node/cases/policy.h"

static int set_up(void **state)
{
    struct town *town = test_calloc(1, sizeof(*town));
    town_init(town, 9);
    *state = town;
    return 0;
}

static int tear_down(void **state)
{
    town_deinit(*state);
    test_free(*state);
    return 0;
}

static bool has(const struct buf *text, const char *part)
{
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= text->len; i++)
        if (memcmp(text->data + i, part, len) == 0)
            return true;
    return false;
}

/* --- who may write --- */

/* Some value that fits. */
static struct bytes any_value(struct town *town, const struct schema_field *field)
{
    static const uint8_t zeros[32];
    struct buf out = {0};
    char word[64] = "";
    switch (field->type) {
    case TYPE_WORD:
        (void)sscanf(field->words, "%63s", word);
        return story_text(town->story, word);
    case TYPE_UINT:
        return story_uint(town->story, 0);
    case TYPE_FLAG:
        return story_flag(town->story, false);
    case TYPE_ID:
    case TYPE_KEY:
    case TYPE_DH_KEY:
    case TYPE_SECRET:
    case TYPE_BYTES:
        return story_bin(town->story, zeros, 32);
    case TYPE_SALT:
        return story_bin(town->story, zeros, 16);
    case TYPE_IDS:
    case TYPE_TEXTS:
    case TYPE_PARTIES:
        pack_array(&out, 0);
        return story_take(town->story, &out);
    case TYPE_DIGESTS:
        pack_array(&out, 1);
        pack_bin(&out, zeros, sizeof(zeros));
        return story_take(town->story, &out);
    case TYPE_NAMES:
        return story_texts(town->story, "文");
    case TYPE_STEPS:
        pack_array(&out, 1);
        pack_array(&out, 3);
        pack_str(&out, "一");
        pack_str(&out, "文");
        pack_uint(&out, 0);
        return story_take(town->story, &out);
    case TYPE_ROLES:
    case TYPE_CLAUSES:
        pack_array(&out, 1);
        pack_array(&out, 2);
        pack_str(&out, "一");
        pack_str(&out, "文");
        return story_take(town->story, &out);
    case TYPE_DATE:
        return story_text(town->story, "2026-11-30");
    default:
        return story_text(town->story, "文");
    }
}

static void fill(struct town *town, struct op *op, const struct schema_kind *kind)
{
    for (uint32_t i = 0; i < kind->fields_len; i++)
        if (kind->fields[i].is_required)
            story_put(op, kind->fields[i].name, any_value(town, &kind->fields[i]));
    if (op->fields_len == 0 && kind->fields_len > 0) /* one of them, in any case */
        story_put(op, kind->fields[0].name, any_value(town, &kind->fields[0]));
}

/* A case, or the paper into which such a kind belongs. */
static void found(struct town *town, struct log *log, enum schema_matter of)
{
    const struct schema_kind *kind;
    if (of == MATTER_CASE) {
        town_case(town, log);
        return;
    }
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        if (kind->of != of || !kind->is_founding)
            continue;
        struct op *op = log_begin(town, log, VILLAGE, kind->name);
        fill(town, op, kind);
        log_seal(town, log, op, &town->sites[VILLAGE].steward);
    }
}

static bool lacks_right(enum effect effect)
{
    return effect == EFFECT_NO_RIGHT || effect == EFFECT_NO_HOLDER ||
           effect == EFFECT_NOT_OPENED;
}

/* Does the part of the sentence about that side name the role? Parts end at ";". */
static bool says_role(const struct buf *text, const char *side, const char *role)
{
    char copy[512] = "";
    assert_true(text->len < sizeof(copy));
    memcpy(copy, text->data, text->len);
    char *part = strchr(copy, ':'); /* behind the label */
    while (part != NULL) {
        char *next = strchr(part, ';');
        if (next != NULL)
            *next++ = '\0';
        if (strstr(part, side) != NULL && strstr(part, role) != NULL)
            return true;
        part = next;
    }
    return false;
}

static void whoever_may_write_in_a_case_is_named_and_nobody_else(void **state)
{
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    const struct {
        const char *role;
        const struct story_person *who;
    } people[] = {{"steward", &village->steward},
                  {"mediator", &village->mediator},
                  {"desk", &village->desk},
                  {"node", &village->node}};
    const struct schema_kind *kind;
    uint32_t seen = 0;
    for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++) {
        struct policy_line line;
        if (kind->scope != SCOPE_CASE || kind->is_founding)
            continue;
        policy_of_kind(kind, &line);
        for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
            struct log log = {0};
            found(town, &log, kind->of);
            struct op *op = log_begin(town, &log, VILLAGE, kind->name);
            fill(town, op, kind);
            log_seal(town, &log, op, people[i].who);
            enum effect effect = town_effect(town, &log, op);
            bool may = says_role(&line.en, "of its own site", people[i].role);
            if (has(&line.en, "(a mediator in danger to life alone)"))
                may = may && strcmp(people[i].role, "mediator") != 0; /* nobody is */
            if (effect == EFFECT_BAD_FIELD || effect == EFFECT_MISSING_FIELD)
                fail_msg("%s: any_value or fill knows too little: %s", kind->name,
                         effect_text(effect));
            if (may == lacks_right(effect))
                fail_msg("%s by %s: %s", kind->name, people[i].role, effect_text(effect));
            seen++;
        }
        policy_line_deinit(&line);
    }
    assert_true(seen >= 4 * 6); /* or hardly anything was looked at */
}

static void whoever_may_write_in_an_escalation_is_named_and_nobody_else(void **state)
{
    struct town *town = *state;
    const struct schema_kind *kind;
    uint32_t seen = 0;
    for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++) {
        struct policy_line line;
        if (kind->scope != SCOPE_ESCALATION || kind->is_founding)
            continue;
        policy_of_kind(kind, &line);
        for (int i = 0; i < 8; i++) {
            static const char *const roles[] = {"steward", "mediator", "desk", "node"};
            int side = i < 4 ? VILLAGE : TOWNSHIP;
            struct site *site = &town->sites[side];
            const struct story_person *people[] = {&site->steward, &site->mediator,
                                                   &site->desk, &site->node};
            struct log log = {0};
            town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
            log_seal(town, &log, log_begin(town, &log, TOWNSHIP, "received"),
                     &town->sites[TOWNSHIP].node);
            log_seal(town, &log, log_begin(town, &log, TOWNSHIP, "opened"),
                     &town->sites[TOWNSHIP].desk);
            struct op *op = log_begin(town, &log, side, kind->name);
            fill(town, op, kind);
            log_seal(town, &log, op, people[i % 4]);
            enum effect effect = town_effect(town, &log, op);
            bool may = says_role(
                &line.en, side == VILLAGE ? "that sent it" : "received it", roles[i % 4]);
            if (effect == EFFECT_BAD_FIELD || effect == EFFECT_MISSING_FIELD)
                fail_msg("%s: any_value or fill knows too little: %s", kind->name,
                         effect_text(effect));
            if (may == lacks_right(effect))
                fail_msg("%s by %s of %s: %s", kind->name, roles[i % 4],
                         side == VILLAGE ? "the sender" : "a holder",
                         effect_text(effect));
            seen++;
        }
        policy_line_deinit(&line);
    }
    assert_true(seen >= 8 * 8);
}

static void what_has_to_be_opened_first_is_said(void **state)
{
    struct town *town = *state;
    const struct schema_kind *kind;
    for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++) {
        struct policy_line line;
        policy_of_kind(kind, &line);
        if (kind->needs_opened) {
            struct log log = {0};
            town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
            struct op *op = log_begin(town, &log, TOWNSHIP, kind->name);
            fill(town, op, kind);
            log_seal(town, &log, op, &town->sites[TOWNSHIP].steward);
            enum effect effect = town_effect(town, &log, op);
            assert_true(effect == EFFECT_NOT_OPENED || effect == EFFECT_NO_RIGHT);
        }
        assert_int_equal(has(&line.en, "once it has opened"), kind->needs_opened);
        assert_int_equal(has(&line.zh_cn, "须先开启"), kind->needs_opened);
        policy_line_deinit(&line);
    }
}

/* A change of the table is a change of the sentence. */
static void another_table_is_another_sentence(void **state)
{
    struct schema_kind kind = *schema_kind(bytes_str("note"));
    struct policy_line line;
    (void)state;
    policy_of_kind(&kind, &line);
    assert_true(has(&line.en, "steward, mediator of its own site"));
    assert_true(has(&line.zh_cn, "记录（案件）：本单位的管理员、调解员"));
    assert_string_equal(line.topic, "write");
    assert_string_equal(line.about, "note");
    policy_line_deinit(&line);

    kind.roles_own = ROLE_OBSERVER;
    policy_of_kind(&kind, &line);
    assert_true(has(&line.en, ": observer of its own site"));
    assert_true(has(&line.zh_cn, "：本单位的观察员"));
    policy_line_deinit(&line);

    kind.roles_own = 0;
    policy_of_kind(&kind, &line);
    assert_true(has(&line.en, ": nobody"));
    assert_true(has(&line.zh_cn, "：无人"));
    policy_line_deinit(&line);

    kind.is_founding = true;
    policy_of_kind(&kind, &line);
    assert_true(has(&line.en, ": whoever founds the site"));
    assert_true(has(&line.zh_cn, "：建立单位的人"));
    policy_line_deinit(&line);

    kind.roles_own = ROLE_STEWARD;
    kind.roles_holder = ROLE_DESK;
    kind.scope = SCOPE_ESCALATION;
    policy_of_kind(&kind, &line);
    assert_true(has(&line.en, "steward of the site that sent it; desk of a site that"));
    assert_true(has(&line.zh_cn, "发出单位的管理员；接收单位的窗口人员"));
    policy_line_deinit(&line);
}

/* --- who may see --- */

static const uint32_t classes_of[POLICY_SIGHTS] = {
    [POLICY_OWN] = CLASS_OWN,         [POLICY_EVERYONE] = CLASS_FACT,
    [POLICY_RECORD] = CLASS_RECORD,   [POLICY_CONTEXT] = CLASS_CONTEXT,
    [POLICY_PARTIES] = CLASS_PARTIES, [POLICY_CONSENT] = CLASS_CONSENT,
    [POLICY_TALK] = CLASS_TALK,       [POLICY_ALL] = CLASS_ALL,
};

static void each_field_is_shown_to_whom_its_line_names_and_to_nobody_else(void **state)
{
    (void)state;
    const struct schema_kind *kind;
    for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++) {
        for (uint32_t i = 0; i < kind->fields_len; i++) {
            const struct schema_field *field = &kind->fields[i];
            enum policy_sight sight = policy_sight_of(kind, field);
            struct policy_line line;
            assert_true(policy_of_sight(kind->scope, sight, &line));
            assert_true(has(&line.en, field->en));
            assert_true(has(&line.zh_cn, field->zh_cn));
            policy_line_deinit(&line);
            struct op op = {.kind = bytes_str(kind->name), .fields_len = 1};
            op.fields[0].name = bytes_str(field->name);
            for (uint32_t classes = 0; classes <= CLASS_ALL; classes++) {
                bool is_shown = disclosure_mask(&op, classes) != 0;
                uint32_t needed = classes_of[sight];
                bool is_said = sight != POLICY_OWN && (needed & ~classes) == 0;
                if (is_shown != is_said)
                    fail_msg("%s of %s, classes %u", field->name, kind->name, classes);
            }
        }
    }
}

static void a_case_has_one_line_its_own_site_alone(void **state)
{
    struct policy_line line;
    (void)state;
    for (enum policy_sight sight = 0; sight < POLICY_SIGHTS; sight++) {
        assert_int_equal(policy_of_sight(SCOPE_CASE, sight, &line), sight == POLICY_OWN);
        if (sight == POLICY_OWN) {
            assert_true(has(&line.en, "seen by its own site alone"));
            assert_true(has(&line.zh_cn, "可见：只有本单位"));
            assert_string_equal(line.about, "case");
        }
        policy_line_deinit(&line);
    }
}

static void a_role_has_a_word_in_both_languages(void **state)
{
    (void)state;
    for (uint32_t bit = 1; role_text(bit) != NULL; bit <<= 1)
        assert_non_null(role_text_zh(bit));
    assert_null(role_text_zh(ROLE_STEWARD | ROLE_DESK));
}

/* What an observer sees of cases and records is what observed_field lets pass. */
static void what_an_observer_sees_is_named_and_nothing_else(void **state)
{
    static const enum scope_kind scopes[] = {SCOPE_CASE, SCOPE_ESCALATION};
    const struct schema_kind *kind;
    struct policy_line line;
    (void)state;
    for (size_t s = 0; s < sizeof(scopes) / sizeof(scopes[0]); s++) {
        assert_true(policy_of_observer(scopes[s], &line));
        assert_string_equal(line.about, "observer");
        for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++) {
            bool has_any = false;
            char start[160];
            (void)snprintf(start, sizeof(start), "%s: ", kind->en);
            for (uint32_t i = 0; i < kind->fields_len && kind->scope == scopes[s]; i++)
                has_any |= observed_field(kind, &kind->fields[i]);
            if (kind->scope == scopes[s] && kind->is_founding)
                assert_int_equal(has(&line.en, start), has_any);
        }
        assert_int_equal(has(&line.en, "number"), scopes[s] == SCOPE_CASE);
        assert_false(has(&line.en, "what happened;") || has(&line.en, "title") ||
                     has(&line.en, "reason"));
        assert_true(has(&line.zh_cn, "观察员亦可见"));
        policy_line_deinit(&line);
    }
    assert_false(policy_of_observer(SCOPE_BULLETIN, &line));
    policy_line_deinit(&line);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(whoever_may_write_in_a_case_is_named_and_nobody_else),
        ONE(whoever_may_write_in_an_escalation_is_named_and_nobody_else),
        ONE(what_has_to_be_opened_first_is_said),
        cmocka_unit_test(another_table_is_another_sentence),
        cmocka_unit_test(each_field_is_shown_to_whom_its_line_names_and_to_nobody_else),
        cmocka_unit_test(a_case_has_one_line_its_own_site_alone),
        cmocka_unit_test(what_an_observer_sees_is_named_and_nothing_else),
        cmocka_unit_test(a_role_has_a_word_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
