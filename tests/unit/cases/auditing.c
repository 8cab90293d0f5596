#include "auditing.h"

#include <string.h>

#include "node/cases/disclosure.h"

/* --- looking --- */

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

struct found auditing_look_with(struct town *town, const struct log *log,
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

struct found auditing_look(struct town *town, const struct log *log,
                           const struct op *record)
{
    return auditing_look_with(town, log, record, false);
}

void auditing_sound(struct town *town, const struct log *log, const struct op *record)
{
    struct found found = auditing_look(town, log, record);
    if (found.len > 0)
        fail_msg("found: %s", audit_word_text(found.findings[0].word));
}

void auditing_finds(struct town *town, const struct log *log, const struct op *record,
                    enum audit_word word, const struct op *op, const char *field)
{
    struct found found = auditing_look(town, log, record);
    if (found.len != 1)
        fail_msg("%zu findings, the first: %s", found.len,
                 found.len == 0 ? "none" : audit_word_text(found.findings[0].word));
    assert_string_equal(audit_word_text(found.findings[0].word), audit_word_text(word));
    assert_true(id_equal(&found.findings[0].op, &op->id));
    assert_memory_equal(found.findings[0].author, op->author, 32);
    assert_true(bytes_equal_str(found.findings[0].field, field == NULL ? "" : field));
}

/* --- records --- */

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

const struct op *auditing_escalate(struct town *town, struct log *log,
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

const struct op *auditing_by_steward(struct town *town, struct log *log,
                                     const struct saying *saying)
{
    return auditing_escalate(town, log, saying, &town->sites[VILLAGE].steward);
}

const struct op *auditing_desk(struct town *town, struct log *log, int site,
                               const char *kind, const char *text)
{
    return town_say(town, log, site, kind, text == NULL ? NULL : "text", text,
                    &town->sites[site].desk);
}

/* What parties consent to, parties among it. */
const struct saying auditing_whole = {.decision = "escalate",
                                      .fields = "context parties title"};
