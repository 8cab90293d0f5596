/* What an audit finds in a scope, and that it finds nothing where all is sound. */
#include "town.h"

#include <string.h>

#include "node/cases/audit.h"
#include "node/cases/audit_story.h"
#include "node/cases/disclosure.h"
#include "node/cases/escalation.h"
#include "node/cases/schema.h"

#define FOUND_MAX 16

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

/* --- looking --- */

struct found {
    struct audit_finding findings[FOUND_MAX];
    size_t len;
    struct town *town;
    const struct op *record;
    bool is_blind; /* no charter is known */
};

static struct charter *charter_of(void *context, const struct id *head)
{
    struct found *found = context;
    for (int i = 0; i < SITES && !found->is_blind; i++)
        if (charter_has(found->town->sites[i].charter, head))
            return found->town->sites[i].charter;
    return NULL;
}

static struct charter *charter_of_site(void *context, const struct id *site)
{
    struct found *found = context;
    for (int i = 0; i < SITES && !found->is_blind; i++)
        if (id_equal(town_site(found->town, i), site))
            return found->town->sites[i].charter;
    return NULL;
}

static const struct op *record_of(void *context, const struct id *escalation)
{
    struct found *found = context;
    return found->record != NULL && id_equal(&found->record->id, escalation)
               ? found->record
               : NULL;
}

static void take(void *context, const struct audit_finding *finding)
{
    struct found *found = context;
    assert_true(found->len < FOUND_MAX);
    found->findings[found->len++] = *finding;
}

static struct found look_with(struct town *town, const struct log *log,
                              const struct op *record, bool is_blind)
{
    struct found found = {.town = town, .record = record, .is_blind = is_blind};
    const struct audit_input input = {.fold = {.ops = log->ops,
                                               .len = log->len,
                                               .charter_of = charter_of,
                                               .context = &found},
                                      .charter_of_site = charter_of_site,
                                      .record_of = record_of};
    assert_int_equal(audit_scope(&input, take, &found), STATUS_OK);
    return found;
}

/* record: the founding op of what the case sent, where it is here. */
static struct found look(struct town *town, const struct log *log,
                         const struct op *record)
{
    return look_with(town, log, record, false);
}

static void assert_sound(struct town *town, const struct log *log,
                         const struct op *record)
{
    struct found found = look(town, log, record);
    if (found.len > 0)
        fail_msg("found: %s", audit_word_text(found.findings[0].word));
}

/* One finding and no other one, about that op; field: which, or NULL. */
static void assert_finds(struct town *town, const struct log *log,
                         const struct op *record, enum audit_word word,
                         const struct op *op, const char *field)
{
    struct found found = look(town, log, record);
    if (found.len != 1)
        fail_msg("%zu findings, the first: %s", found.len,
                 found.len == 0 ? "none" : audit_word_text(found.findings[0].word));
    assert_string_equal(audit_word_text(found.findings[0].word), audit_word_text(word));
    assert_true(id_equal(&found.findings[0].op, &op->id));
    assert_memory_equal(found.findings[0].author, op->author, 32);
    assert_true(bytes_equal_str(found.findings[0].field, field == NULL ? "" : field));
}

/* --- records --- */

/* What a record says where it is sound; NULL or 0: leaves it out. */
struct saying {
    const char *decision;   /* of its triage */
    const char *fields;     /* that 李某 and 张某 consent to */
    const char *one_alone;  /* the only one who is asked */
    const char *no_parties; /* why nobody is */
    const char *danger_reason;
    bool is_danger, is_danger_in_triage;
    bool has_no_context, has_files, has_no_parties_field;
    const uint8_t *origin; /* 32 bytes */
};

static const struct saying sound = {.decision = "escalate", .fields = "context title"};

static void pack_claim(struct buf *out, const char *party, struct bytes fields)
{
    pack_array(out, 3);
    pack_str(out, party);
    buf_add(out, fields.data, fields.len);
    pack_str(out, "signed");
}

static struct bytes claims(struct town *town, const struct saying *saying)
{
    struct buf buf = {0};
    struct bytes fields = story_texts(town->story, saying->fields);
    bool is_nobody = saying->no_parties != NULL || saying->fields[0] == '\0';
    pack_array(&buf, is_nobody ? 0 : saying->one_alone != NULL ? 1 : 2);
    if (!is_nobody && saying->one_alone != NULL)
        pack_claim(&buf, saying->one_alone, fields);
    else if (!is_nobody) {
        pack_claim(&buf, "张某", fields);
        pack_claim(&buf, "李某", fields);
    }
    return story_take(town->story, &buf);
}

static struct bytes triage(struct town *town, const struct saying *saying)
{
    struct buf buf = {0};
    pack_map(&buf, 5);
    pack_str(&buf, "beyond");
    pack_bool(&buf, true);
    pack_str(&buf, "danger");
    pack_bool(&buf, saying->is_danger_in_triage);
    pack_str(&buf, "decision");
    pack_str(&buf, saying->decision);
    pack_str(&buf, "reason");
    pack_str(&buf, "涉及公路");
    pack_str(&buf, "solvable");
    pack_bool(&buf, false);
    return story_take(town->story, &buf);
}

static struct bytes sites(struct town *town)
{
    struct buf buf = {0};
    pack_array(&buf, 1);
    pack_array(&buf, 2);
    pack_bin(&buf, town_site(town, TOWNSHIP)->bytes, ID_SIZE);
    pack_uint(&buf, CLASS_ALL);
    return story_take(town->story, &buf);
}

static const struct op *escalate(struct town *town, struct log *log,
                                 const struct saying *saying,
                                 const struct story_person *by)
{
    static const uint8_t nothing[32];
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "escalate");
    if (saying->decision != NULL)
        story_put(op, "triage", triage(town, saying));
    story_put(op, "consents", claims(town, saying));
    story_put(op, "sites", sites(town));
    story_put(op, "onward", story_text(story, "ask"));
    story_put(op, "reason", story_text(story, "村里解决不了"));
    story_put(op, "origin",
              story_bin(story, saying->origin == NULL ? nothing : saying->origin, 32));
    story_put(op, "case.title", story_text(story, "排水沟"));
    if (!saying->has_no_context)
        story_put(op, "case.context", story_text(story, "三年前修路时改过沟"));
    if (!saying->has_no_parties_field)
        story_put(op, "case.parties", town_parties(town));
    if (saying->no_parties != NULL)
        story_put(op, "no-parties", story_text(story, saying->no_parties));
    if (saying->is_danger)
        story_put(op, "danger", story_flag(story, true));
    if (saying->danger_reason != NULL)
        story_put(op, "danger-reason", story_text(story, saying->danger_reason));
    if (saying->has_files) {
        const struct op *file = log->len == 0 ? town->sites[VILLAGE].log.ops[0] : op;
        story_put(op, "files", story_ids(story, &file, 1));
    }
    return log_seal(town, log, op, by);
}

static const struct op *by_steward(struct town *town, struct log *log,
                                   const struct saying *saying)
{
    return escalate(town, log, saying, &town->sites[VILLAGE].steward);
}

static const struct op *desk(struct town *town, struct log *log, int site,
                             const char *kind, const char *text)
{
    return town_say(town, log, site, kind, text == NULL ? NULL : "text", text,
                    &town->sites[site].desk);
}

/* What parties consent to, parties among it. */
static const struct saying whole = {.decision = "escalate",
                                    .fields = "context parties title"};

static void a_record_that_carries_what_it_has_to_is_sound(void **state)
{
    struct town *town = *state;
    struct log log = {0}, alone = {0}, bare = {0};
    struct saying nobody = {.decision = "escalate",
                            .fields = "",
                            .no_parties = "公共水井",
                            .has_no_parties_field = true};
    struct saying without = sound;
    without.has_no_parties_field = true;

    by_steward(town, &log, &whole);
    desk(town, &log, TOWNSHIP, "opened", NULL);
    desk(town, &log, TOWNSHIP, "advise", "先测量水位");
    by_steward(town, &alone, &nobody);
    by_steward(town, &bare, &without);

    assert_sound(town, &log, NULL);
    assert_sound(town, &alone, NULL);
    assert_sound(town, &bare, NULL);
}

static void a_record_without_a_triage_that_sends_it_up_is_found(void **state)
{
    struct town *town = *state;
    struct log none = {0}, keep = {0};
    struct saying without = whole, kept = whole;
    without.decision = NULL;
    kept.decision = "keep";

    const struct op *one = by_steward(town, &none, &without);
    const struct op *other = by_steward(town, &keep, &kept);

    assert_finds(town, &none, NULL, AUDIT_NO_TRIAGE, one, NULL);
    assert_finds(town, &keep, NULL, AUDIT_NO_TRIAGE, other, NULL);
}

static void a_record_without_its_context_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying without = whole;
    without.has_no_context = true;

    const struct op *op = by_steward(town, &log, &without);

    assert_finds(town, &log, NULL, AUDIT_NO_CONTEXT, op, NULL);
}

static void a_field_that_a_consent_does_not_name_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0}, files = {0};
    struct saying less = whole, file = whole;
    less.one_alone = "张某";
    less.fields = "context parties";
    less.has_no_parties_field = false;
    file.has_files = true;

    const struct op *op = by_steward(town, &log, &less);
    const struct op *other = by_steward(town, &files, &file);

    struct found found = look(town, &log, NULL);
    assert_int_equal(found.len, 2); /* nobody asked 李某, and 张某 was asked for less */
    assert_true(bytes_equal_str(found.findings[0].field, "parties"));
    assert_true(bytes_equal_str(found.findings[1].field, "title"));
    for (size_t i = 0; i < found.len; i++) {
        assert_int_equal(found.findings[i].word, AUDIT_NO_CONSENT);
        assert_true(id_equal(&found.findings[i].op, &op->id));
    }
    found = look(town, &files, NULL);
    assert_int_equal(found.len, 2); /* of each of them */
    assert_true(bytes_equal_str(found.findings[0].field, CONSENT_FILES));
    assert_true(id_equal(&found.findings[0].op, &other->id));
}

static void a_record_to_which_nobody_consented_says_why_or_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying nobody = {
        .decision = "escalate", .fields = "", .has_no_parties_field = true};

    const struct op *op = by_steward(town, &log, &nobody);

    assert_finds(town, &log, NULL, AUDIT_NO_CONSENT, op, NULL);
}

static void what_a_copy_does_not_show_is_no_finding(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying kept = whole;
    kept.decision = "keep";
    kept.fields = "context";
    const struct op *op = by_steward(town, &log, &kept);
    assert_int_equal(look(town, &log, NULL).len, 5);
    uint32_t facts = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, "onward") ||
            bytes_equal_str(op->fields[i].name, "origin") ||
            bytes_equal_str(op->fields[i].name, "sites"))
            facts |= 1u << i;

    log.ops[0] = story_withhold(town->story, op, facts);

    assert_sound(town, &log, NULL);
}

/* --- danger to life --- */

static void danger_needs_a_reason_a_triage_and_a_stewards_word(void **state)
{
    struct town *town = *state;
    struct log sound_log = {0}, mute = {0}, calm = {0}, waits = {0}, taken = {0};
    const struct story_person *mediator = &town->sites[VILLAGE].mediator;
    const struct saying danger = {.decision = "escalate",
                                  .fields = "",
                                  .is_danger = true,
                                  .is_danger_in_triage = true,
                                  .danger_reason = "持刀威胁"};
    struct saying silent = danger, other = danger;
    silent.danger_reason = NULL;
    other.is_danger_in_triage = false;

    by_steward(town, &sound_log, &danger);
    const struct op *no_reason = by_steward(town, &mute, &silent);
    const struct op *no_danger = by_steward(town, &calm, &other);
    const struct op *waiting = escalate(town, &waits, &danger, mediator);
    escalate(town, &taken, &danger, mediator);
    town_say(town, &taken, VILLAGE, "confirm", NULL, NULL, &town->sites[VILLAGE].steward);

    assert_sound(town, &sound_log, NULL);
    assert_finds(town, &mute, NULL, AUDIT_NO_REASON, no_reason, NULL);
    assert_finds(town, &calm, NULL, AUDIT_NO_REASON, no_danger, NULL);
    assert_finds(town, &waits, NULL, AUDIT_UNCONFIRMED, waiting, NULL);
    assert_true(audit_word_is_open(AUDIT_UNCONFIRMED));
    assert_sound(town, &taken, NULL);
}

/* --- answers --- */

static void whoever_answers_unopened_is_found(void **state)
{
    static const char *const kinds[] = {"accept", "advise", "return", "decide"};
    struct town *town = *state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct log log = {0};
        by_steward(town, &log, &whole);
        const struct op *early = desk(town, &log, TOWNSHIP, kinds[i], "先测量水位");
        desk(town, &log, TOWNSHIP, "opened", NULL);
        desk(town, &log, TOWNSHIP, kinds[i], "先测量水位");
        assert_finds(town, &log, NULL, AUDIT_NOT_OPENED, early, NULL);
    }
}

static const struct op *assign(struct town *town, struct log *log, int site,
                               const struct story_person *by)
{
    struct op *op = log_begin(town, log, site, "assign");
    story_put(op, "text", story_text(town->story, "疏通水沟"));
    story_put(op, "owner", story_text(town->story, "水利站"));
    story_put(op, "due", story_text(town->story, "2026-12-31"));
    return log_seal(town, log, op, by);
}

static void a_task_given_unopened_is_found_but_not_the_villages_own(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    by_steward(town, &log, &whole);
    assign(town, &log, VILLAGE, &town->sites[VILLAGE].steward);
    const struct op *early = assign(town, &log, TOWNSHIP, &town->sites[TOWNSHIP].desk);
    desk(town, &log, TOWNSHIP, "opened", NULL);
    assign(town, &log, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    assert_finds(town, &log, NULL, AUDIT_NOT_OPENED, early, NULL);
}

static void what_another_site_opened_excuses_nobody(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying yes = whole;
    const struct op *record = by_steward(town, &log, &yes);
    desk(town, &log, TOWNSHIP, "opened", NULL);
    town_say(town, &log, VILLAGE, "permit", NULL, NULL, &town->sites[VILLAGE].steward);
    town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_ALL, &town->sites[TOWNSHIP].desk);
    const struct op *early = desk(town, &log, DEPARTMENT, "advise", "先测量水位");
    assert_non_null(record);

    assert_finds(town, &log, NULL, AUDIT_NOT_OPENED, early, NULL);
}

/* --- recalls --- */

static void each_machine_that_has_not_purged_is_named(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    by_steward(town, &log, &whole);
    desk(town, &log, TOWNSHIP, "opened", NULL);
    const struct op *recall = town_say(town, &log, VILLAGE, "recall", "reason",
                                       "当事人撤回", &town->sites[VILLAGE].steward);

    assert_finds(town, &log, NULL, AUDIT_NO_RECEIPT, recall, NULL);
    struct found found = look(town, &log, NULL);
    assert_true(id_equal(&found.findings[0].site, town_site(town, TOWNSHIP)));
    assert_memory_equal(found.findings[0].machine, town->sites[TOWNSHIP].node.key, 32);
    assert_true(audit_word_is_open(AUDIT_NO_RECEIPT));

    town_say(town, &log, TOWNSHIP, "purged", NULL, NULL, &town->sites[TOWNSHIP].node);
    assert_sound(town, &log, NULL);
}

static void a_machine_that_is_revoked_owes_no_receipt(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *department = &town->sites[DEPARTMENT];
    by_steward(town, &log, &whole);
    desk(town, &log, TOWNSHIP, "opened", NULL);
    town_say(town, &log, VILLAGE, "permit", NULL, NULL, &town->sites[VILLAGE].steward);
    town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_ALL, &town->sites[TOWNSHIP].desk);
    const struct op *recall = town_say(town, &log, VILLAGE, "recall", "reason",
                                       "当事人撤回", &town->sites[VILLAGE].steward);
    town_say(town, &log, TOWNSHIP, "purged", NULL, NULL, &town->sites[TOWNSHIP].node);
    assert_finds(town, &log, NULL, AUDIT_NO_RECEIPT, recall, NULL);

    site_revoke(town, DEPARTMENT, &department->steward, &department->node, NULL, 0);
    site_refresh(town, DEPARTMENT);

    assert_sound(town, &log, NULL);
}

/* Nobody knows whose it is: it has no effect, and what it carries is looked at. */
static void without_charters_nothing_is_said_of_people(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct saying danger = {.decision = "escalate",
                                  .fields = "",
                                  .is_danger = true,
                                  .is_danger_in_triage = true,
                                  .danger_reason = "持刀威胁"};
    escalate(town, &log, &danger, &town->sites[VILLAGE].mediator);
    desk(town, &log, TOWNSHIP, "advise", "先测量水位");
    town_say(town, &log, VILLAGE, "recall", "reason", "并无危险",
             &town->sites[VILLAGE].steward);

    assert_int_equal(look_with(town, &log, NULL, true).len, 0);
    assert_int_equal(look(town, &log, NULL).len, 2); /* advice unopened, no receipt */
}

static void a_confirmation_by_who_may_not_confirms_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct saying danger = {.decision = "escalate",
                                  .fields = "context title",
                                  .one_alone = "张某",
                                  .is_danger = true,
                                  .is_danger_in_triage = true,
                                  .danger_reason = "持刀威胁"};
    const struct story_person *mediator = &town->sites[VILLAGE].mediator;
    struct saying short_one = danger;
    short_one.has_no_parties_field = true;
    const struct op *op = escalate(town, &log, &short_one, mediator);
    town_say(town, &log, VILLAGE, "confirm", NULL, NULL, mediator);

    assert_finds(town, &log, NULL, AUDIT_UNCONFIRMED, op, NULL);
}

/* --- cases --- */

static const uint8_t salt[32] = {7, 7, 7};

/* The record of a case as it stands, and the word of it in the case. */
struct sending {
    const struct op *record, *sent;
};

static struct sending send_up(struct town *town, struct log *log,
                              const struct saying *saying, bool is_sealed)
{
    struct sending sending;
    struct id origin;
    struct log up = {0};
    struct saying said = *saying;
    escalation_origin(&origin, salt, &log->ops[0]->id, &log->ops[log->len - 1]->id, 1);
    said.origin = is_sealed ? origin.bytes : NULL;
    sending.record = by_steward(town, &up, &said);
    struct op *op = log_begin(town, log, VILLAGE, "sent");
    story_put(op, "escalation",
              story_bin(town->story, sending.record->id.bytes, ID_SIZE));
    story_put(op, "salt", story_bin(town->story, salt, sizeof(salt)));
    sending.sent = log_seal(town, log, op, &town->sites[VILLAGE].steward);
    return sending;
}

static void consent(struct town *town, struct log *log, const char *fields, bool given)
{
    town_consent(town, log, "张某", fields, given);
    town_consent(town, log, "李某", fields, given);
}

static void a_case_that_was_triaged_and_consented_to_is_sound(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    consent(town, &log, "context parties title", true);
    struct sending sending = send_up(town, &log, &whole, true);
    assert_sound(town, &log, sending.record);
    /* What came later takes nothing of it back. */
    consent(town, &log, "title", false);
    assert_sound(town, &log, sending.record);
    assert_sound(town, &log, NULL);
}

static void a_release_without_a_triage_beneath_it_is_found(void **state)
{
    struct town *town = *state;
    struct log none = {0}, kept = {0};
    town_case(town, &none);
    consent(town, &none, "context parties title", true);
    struct sending without = send_up(town, &none, &whole, true);
    town_triage(town, &none, "escalate");
    town_case(town, &kept);
    town_triage(town, &kept, "keep");
    consent(town, &kept, "context parties title", true);
    struct sending other = send_up(town, &kept, &whole, true);

    assert_finds(town, &none, without.record, AUDIT_NO_TRIAGE, without.sent, NULL);
    assert_finds(town, &kept, other.record, AUDIT_NO_TRIAGE, other.sent, NULL);
}

static void a_consent_that_came_later_or_was_taken_back_before_is_found(void **state)
{
    struct town *town = *state;
    struct log later = {0}, before = {0}, never = {0};
    town_case(town, &later);
    town_triage(town, &later, "escalate");
    consent(town, &later, "context parties", true);
    struct sending late = send_up(town, &later, &whole, true);
    town_consent(town, &later, "张某", "context parties title", true);
    town_consent(town, &later, "李某", "context parties title", true);
    town_case(town, &before);
    town_triage(town, &before, "escalate");
    consent(town, &before, "context parties title", true);
    town_consent(town, &before, "李某", "title", false);
    struct sending taken = send_up(town, &before, &whole, true);
    town_case(town, &never);
    town_triage(town, &never, "escalate");
    consent(town, &never, "context parties", true);
    struct sending none = send_up(town, &never, &whole, true);

    struct found found = look(town, &later, late.record);
    assert_int_equal(found.len, 2); /* of each party */
    for (size_t i = 0; i < found.len; i++) {
        assert_int_equal(found.findings[i].word, AUDIT_LATE_CONSENT);
        assert_true(bytes_equal_str(found.findings[i].field, "title"));
        assert_true(id_equal(&found.findings[i].op, &late.sent->id));
    }
    assert_finds(town, &before, taken.record, AUDIT_LATE_CONSENT, taken.sent, "title");
    found = look(town, &never, none.record);
    assert_int_equal(found.len, 2);
    assert_int_equal(found.findings[0].word, AUDIT_NO_CONSENT);
}

static void a_party_whom_no_claim_names_is_found_but_in_danger(void **state)
{
    struct town *town = *state;
    struct log log = {0}, hurry = {0};
    struct saying one = whole;
    one.one_alone = "张某";
    struct saying danger = one;
    danger.is_danger = danger.is_danger_in_triage = true;
    danger.danger_reason = "持刀威胁";
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    town_consent(town, &log, "张某", "context parties title", true);
    struct log same = log;
    struct sending sending = send_up(town, &log, &one, true);
    hurry = same;
    struct sending urgent = send_up(town, &hurry, &danger, true);

    assert_finds(town, &log, sending.record, AUDIT_NO_CONSENT, sending.sent, "parties");
    assert_sound(town, &hurry, urgent.record);
}

static void a_record_of_another_case_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    consent(town, &log, "context parties title", true);
    struct sending sending = send_up(town, &log, &whole, false);

    assert_finds(town, &log, sending.record, AUDIT_WRONG_ORIGIN, sending.sent, NULL);
}

/* Of each op of a sound case any part may be gone: nothing can be said of it then. */
static void what_was_erased_of_a_case_is_no_finding(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    consent(town, &log, "context parties title", true);
    struct sending sending = send_up(town, &log, &whole, true);
    for (size_t i = 0; i < log.len; i++)
        for (uint32_t show = 0; show < 1u << log.ops[i]->fields_len; show++) {
            struct log erased = log;
            erased.ops[i] = story_withhold(town->story, log.ops[i], show);
            assert_sound(town, &erased, sending.record);
        }
    for (uint32_t bit = 0; bit < sending.record->fields_len; bit++)
        assert_sound(town, &log,
                     story_withhold(town->story, sending.record, ~0u & ~(1u << bit)));
}

/* A file is consented to by the op that attached it, and claimed as "files". */
static void a_file_goes_up_with_a_consent_that_names_one(void **state)
{
    static const char *const named[] = {"context parties title file:00",
                                        "context parties title files",
                                        "context parties title"};
    struct town *town = *state;
    struct saying file = whole;
    file.has_files = true;
    file.fields = "context files parties title";
    for (size_t i = 0; i < 3; i++)
        for (int is_taken = 0; is_taken < 2; is_taken++) {
            struct log log = {0};
            town_case(town, &log);
            town_triage(town, &log, "escalate");
            consent(town, &log, named[i], true);
            if (is_taken)
                consent(town, &log, "files", false);
            struct sending sending = send_up(town, &log, &file, true);
            bool is_sound = i < 2 && !is_taken;
            assert_int_equal(look(town, &log, sending.record).len, is_sound ? 0 : 2);
        }
}

/* What may leave is what every yes names. */
static void of_two_words_side_by_side_both_have_to_name_it(void **state)
{
    static const char *const fields[] = {"context parties title", "context parties"};
    struct town *town = *state;
    for (int later = 0; later < 2; later++) {
        struct log log = {0};
        town_case(town, &log);
        const struct op *triage_op = town_triage(town, &log, "escalate");
        town_consent(town, &log, "李某", "context parties title", true);
        const struct op *beneath = log.ops[log.len - 1];
        const struct op *both[2];
        for (int i = 0; i < 2; i++) {
            struct op *op = log_begin_after(town, VILLAGE, "consent", beneath);
            story_put(op, "party", story_text(town->story, "张某"));
            story_put(op, "fields", story_texts(town->story, fields[(i + later) % 2]));
            story_put(op, "manner", story_text(town->story, "signed"));
            story_put(op, "paper", story_text(town->story, "同意书3号"));
            story_put(op, "given", story_flag(town->story, true));
            both[i] = log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
        }
        struct op *merge = log_begin(town, &log, VILLAGE, "note");
        story_after(merge, both[0]);
        story_put(merge, "text", story_text(town->story, "两份"));
        log_seal(town, &log, merge, &town->sites[VILLAGE].mediator);
        struct sending sending = send_up(town, &log, &whole, true);
        assert_non_null(triage_op);
        assert_finds(town, &log, sending.record, AUDIT_LATE_CONSENT, sending.sent,
                     "title");
    }
}

static const struct op *mediate(struct town *town, struct log *log, const char *kind,
                                const char *word, const char *is)
{
    struct op *op = log_begin(town, log, VILLAGE, kind);
    if (word != NULL)
        story_put(op, word, story_text(town->story, is));
    if (strcmp(kind, "reopen") != 0)
        story_put(op, "text", story_text(town->story, "已商定"));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static void a_case_is_closed_with_an_outcome_and_a_follow_up(void **state)
{
    struct town *town = *state;
    struct log log = {0}, early = {0}, again = {0};
    town_case(town, &log);
    town_triage(town, &log, "keep");
    early = log;
    const struct op *bare = mediate(town, &early, "close", NULL, NULL);
    mediate(town, &log, "settle", "outcome", "agreement");
    mediate(town, &log, "follow-up", "result", "kept");
    mediate(town, &log, "close", NULL, NULL);
    again = log;
    mediate(town, &again, "reopen", "reason", "又堵了");
    const struct op *second = mediate(town, &again, "close", NULL, NULL);

    assert_sound(town, &log, NULL);
    assert_finds(town, &early, NULL, AUDIT_CLOSED_EARLY, bare, NULL);
    assert_finds(town, &again, NULL, AUDIT_CLOSED_EARLY, second, NULL);
}

static void a_case_closed_in_one_breath_is_sound(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "close");
    story_put(op, "follow-up", story_text(town->story, "当面问过"));
    story_put(op, "oral", story_flag(town->story, true));
    story_put(op, "outcome", story_text(town->story, "agreement"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    assert_sound(town, &log, NULL);
}

/* --- notes of auditors --- */

static const struct op *note(struct town *town, struct log *log, int site,
                             const char *kind, const char *verdict,
                             const struct story_person *by)
{
    struct op *op = log_begin(town, log, site, kind);
    story_put(op, "verdict", story_text(town->story, verdict));
    story_put(op, "text", story_text(town->story, "逐条核对"));
    return log_seal(town, log, op, by);
}

static void an_auditor_of_a_holder_notes_what_it_found_and_nobody_else(void **state)
{
    struct town *town = *state;
    struct log log = {0}, work = {0};
    struct story_person auditor = story_person(town->story, 910);
    struct story_person stranger = story_person(town->story, 911);
    struct story_person own = story_person(town->story, 912);
    site_appoint(town, TOWNSHIP, &town->sites[TOWNSHIP].steward, &auditor, "auditor");
    site_appoint(town, COUNTY, &town->sites[COUNTY].steward, &stranger, "auditor");
    site_appoint(town, VILLAGE, &town->sites[VILLAGE].steward, &own, "auditor");
    for (int i = VILLAGE; i <= COUNTY; i++)
        site_refresh(town, i);
    by_steward(town, &log, &whole);
    town_case(town, &work);

    const struct op *one = note(town, &log, TOWNSHIP, "audited", "holds", &auditor);
    const struct op *two = note(town, &log, VILLAGE, "audited", "fails", &own);
    const struct op *far = note(town, &log, COUNTY, "audited", "holds", &stranger);
    const struct op *not =
        note(town, &log, VILLAGE, "audited", "holds", &town->sites[VILLAGE].steward);
    const struct op *odd = note(town, &log, TOWNSHIP, "audited", "perhaps", &auditor);
    const struct op *in_case = note(town, &work, VILLAGE, "case-audited", "doubts", &own);
    const struct op *astray = note(town, &work, VILLAGE, "audited", "doubts", &own);

    assert_int_equal(town_effect(town, &log, one), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, two), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, far), EFFECT_NO_HOLDER);
    assert_int_equal(town_effect(town, &log, not ), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, odd), EFFECT_BAD_FIELD);
    assert_int_equal(town_effect(town, &work, in_case), EFFECT_YES);
    assert_int_equal(town_effect(town, &work, astray), EFFECT_WRONG_SCOPE);
    town_assert_any_order(town, &log);
}

static void no_recall_silences_an_auditor(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct story_person auditor = story_person(town->story, 913);
    site_appoint(town, TOWNSHIP, &town->sites[TOWNSHIP].steward, &auditor, "auditor");
    site_refresh(town, TOWNSHIP);
    by_steward(town, &log, &whole);
    town_say(town, &log, VILLAGE, "recall", "reason", "当事人撤回",
             &town->sites[VILLAGE].steward);

    const struct op *op = note(town, &log, TOWNSHIP, "audited", "fails", &auditor);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    town_assert_state(town, &log, "recalled");
}

/* --- words --- */

static void every_word_and_every_step_is_said_in_both_languages(void **state)
{
    const struct schema_kind *kind;
    (void)state;
    for (int i = 0; i < AUDIT_WORDS; i++) {
        enum audit_word word = (enum audit_word)i;
        assert_true(strlen(audit_word_text(word)) > 0);
        assert_true(strlen(audit_word_says(word)) > 0);
        assert_true(strlen(audit_word_says_zh(word)) > 0);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(audit_word_text(word),
                                    audit_word_text((enum audit_word)j));
    }
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        struct bytes name = bytes_str(kind->name);
        bool is_told = kind->scope == SCOPE_ESCALATION;
        assert_int_equal(bytes_equal_str(audit_story_says(name), kind->en), !is_told);
        assert_int_equal(bytes_equal_str(audit_story_says_zh(name), kind->zh_cn),
                         !is_told);
    }
    assert_int_equal(audit_story_says(bytes_str("unheard-of")).len, 0);
    assert_int_equal(audit_story_says_zh(bytes_str("unheard-of")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_that_carries_what_it_has_to_is_sound),
        cmocka_unit_test(a_record_without_a_triage_that_sends_it_up_is_found),
        cmocka_unit_test(a_record_without_its_context_is_found),
        cmocka_unit_test(a_field_that_a_consent_does_not_name_is_found),
        cmocka_unit_test(a_record_to_which_nobody_consented_says_why_or_is_found),
        cmocka_unit_test(what_a_copy_does_not_show_is_no_finding),
        cmocka_unit_test(danger_needs_a_reason_a_triage_and_a_stewards_word),
        cmocka_unit_test(whoever_answers_unopened_is_found),
        cmocka_unit_test(a_task_given_unopened_is_found_but_not_the_villages_own),
        cmocka_unit_test(what_another_site_opened_excuses_nobody),
        cmocka_unit_test(each_machine_that_has_not_purged_is_named),
        cmocka_unit_test(a_machine_that_is_revoked_owes_no_receipt),
        cmocka_unit_test(without_charters_nothing_is_said_of_people),
        cmocka_unit_test(a_confirmation_by_who_may_not_confirms_nothing),
        cmocka_unit_test(what_was_erased_of_a_case_is_no_finding),
        cmocka_unit_test(a_file_goes_up_with_a_consent_that_names_one),
        cmocka_unit_test(of_two_words_side_by_side_both_have_to_name_it),
        cmocka_unit_test(a_case_that_was_triaged_and_consented_to_is_sound),
        cmocka_unit_test(a_release_without_a_triage_beneath_it_is_found),
        cmocka_unit_test(a_consent_that_came_later_or_was_taken_back_before_is_found),
        cmocka_unit_test(a_party_whom_no_claim_names_is_found_but_in_danger),
        cmocka_unit_test(a_record_of_another_case_is_found),
        cmocka_unit_test(a_case_is_closed_with_an_outcome_and_a_follow_up),
        cmocka_unit_test(a_case_closed_in_one_breath_is_sound),
        cmocka_unit_test(an_auditor_of_a_holder_notes_what_it_found_and_nobody_else),
        cmocka_unit_test(no_recall_silences_an_auditor),
        cmocka_unit_test(every_word_and_every_step_is_said_in_both_languages),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
