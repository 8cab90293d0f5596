/*
 * Findings about a record that went up: what it carries, who answered it, and who has
 * erased it since it was recalled.
 */
#include <string.h>

#include "node/cases/audit_state.h"
#include "node/cases/charter.h"
#include "node/cases/escalation.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "proto/pack.h"

#define PREFIX "case."
#define PREFIX_LEN (sizeof(PREFIX) - 1)

static bool is_yes(struct bytes value)
{
    return value.data[0] == 0xc3;
}

static bool is_danger(const struct op *record)
{
    struct bytes value;
    return schema_value(record, "danger", &value) && is_yes(value);
}

/* --- what it carries --- */

static void look_at_triage(const struct audit *audit)
{
    const struct op *record = audit_op(audit, 0);
    struct bytes triage;
    bool in_danger = false;
    if (op_field(record, "triage") == NULL)
        audit_find(audit, AUDIT_NO_TRIAGE, 0, (struct bytes){0});
    if (!schema_value(record, "triage", &triage))
        return;
    if (!view_map_has_text(triage, "decision", "escalate"))
        audit_find(audit, AUDIT_NO_TRIAGE, 0, (struct bytes){0});
    (void)view_map_flag(triage, "danger", &in_danger); /* it fits the schema */
    if (is_danger(record) && !in_danger)
        audit_find(audit, AUDIT_NO_REASON, 0, (struct bytes){0});
}

/* Each consent names every field that went up. */
static void look_at_consent(const struct audit *audit, struct bytes named)
{
    const struct op *record = audit_op(audit, 0);
    for (uint32_t i = 0; i < record->fields_len; i++) {
        struct bytes name = record->fields[i].name;
        if (name.len <= PREFIX_LEN || memcmp(name.data, PREFIX, PREFIX_LEN) != 0)
            continue;
        name = bytes_of(name.data + PREFIX_LEN, name.len - PREFIX_LEN);
        if (!audit_names(named, name))
            audit_find(audit, AUDIT_NO_CONSENT, 0, name);
    }
    if (op_field(record, "files") != NULL &&
        !audit_names(named, bytes_str(CONSENT_FILES)))
        audit_find(audit, AUDIT_NO_CONSENT, 0, bytes_str(CONSENT_FILES));
}

static bool has_consented(const struct op *record, struct bytes alias)
{
    struct pack_reader reader;
    uint32_t count;
    struct bytes party = {0}, fields, manner;
    if (!schema_list(record, "consents", &reader, &count))
        return true; /* never: it was read before */
    for (; count > 0; count--) {
        (void)schema_next_consent(&reader, &party, &fields, &manner); /* it fits */
        if (bytes_equal(party, alias))
            return true;
    }
    return false;
}

static void look_at_parties(const struct audit *audit)
{
    const struct op *record = audit_op(audit, 0);
    struct pack_reader reader;
    uint32_t count;
    if (!schema_list(record, "case.parties", &reader, &count))
        return;
    for (; count > 0; count--) {
        struct bytes alias = {0}, role;
        (void)schema_next_party(&reader, &alias, &role); /* it fits */
        if (!has_consented(record, alias))
            audit_find(audit, AUDIT_NO_CONSENT, 0, bytes_str("parties"));
    }
}

static void look_at_consents(const struct audit *audit)
{
    const struct op *record = audit_op(audit, 0);
    struct pack_reader reader;
    uint32_t count;
    if (!schema_list(record, "consents", &reader, &count))
        return;
    bool is_excused = is_danger(record);
    if (count == 0 && !is_excused && op_field(record, "no-parties") == NULL)
        audit_find(audit, AUDIT_NO_CONSENT, 0, (struct bytes){0});
    if (count > 0 && !is_excused)
        look_at_parties(audit);
    for (; count > 0; count--) {
        struct bytes party, fields = {0}, manner;
        (void)schema_next_consent(&reader, &party, &fields, &manner); /* it fits */
        look_at_consent(audit, fields);
    }
}

/* --- danger to life --- */

static bool is_confirmed(const struct audit *audit)
{
    const struct op *record = audit_op(audit, 0);
    struct charter *charter = audit_charter(audit, 0);
    if (charter == NULL || (charter_roles(charter, record->authority,
                                          record->authority_len, record->author) &
                            ROLE_STEWARD) != 0)
        return true;
    for (uint32_t i = 1; i < audit->graph.len; i++)
        if (audit_has_effect(audit, i, "confirm"))
            return true;
    return false;
}

static void look_at_danger(const struct audit *audit)
{
    const struct op *record = audit_op(audit, 0);
    if (!is_danger(record))
        return;
    if (op_field(record, "danger-reason") == NULL)
        audit_find(audit, AUDIT_NO_REASON, 0, (struct bytes){0});
    if (!audit->folded.is_recalled && !is_confirmed(audit))
        audit_find(audit, AUDIT_UNCONFIRMED, 0, (struct bytes){0});
}

/* --- who answered --- */

/* Whoever gives a task has decided, too. */
static bool answers(const struct audit *audit, uint32_t node)
{
    const struct schema_kind *kind = schema_kind(audit_op(audit, node)->kind);
    enum effect effect = audit->folded.effects[node].effect;
    return kind != NULL && (effect == EFFECT_YES || effect == EFFECT_NOT_OPENED) &&
           (kind->needs_opened || strcmp(kind->name, "assign") == 0);
}

static bool has_opened(struct audit *audit, uint32_t node, const struct id *site)
{
    for (uint32_t i = 1; i < node; i++) {
        struct charter *charter = audit_charter(audit, i);
        if (audit_has_effect(audit, i, "opened") && charter != NULL &&
            id_equal(charter_site(charter), site) &&
            graph_is_before(&audit->graph, i, node))
            return true;
    }
    return false;
}

static void look_at_answers(struct audit *audit)
{
    for (uint32_t i = 1; i < audit->graph.len; i++) {
        struct charter *charter = audit_charter(audit, i);
        if (charter == NULL || !answers(audit, i))
            continue;
        struct id site = *charter_site(charter);
        if (!id_equal(&site, &audit->folded.site) && !has_opened(audit, i, &site))
            audit_find(audit, AUDIT_NOT_OPENED, i, (struct bytes){0});
    }
}

/* --- who has erased it --- */

/* A machine that was given other keys is the same one. */
static bool has_purged(const struct audit *audit, const struct charter *charter,
                       const struct charter_node *machine)
{
    for (uint32_t i = 1; i < audit->graph.len; i++)
        if (audit_has_effect(audit, i, "purged") &&
            charter_is_same_machine(charter, machine->key, audit_op(audit, i)->author))
            return true;
    return false;
}

static void look_at_holder(const struct audit *audit, uint32_t recall,
                           const struct id *site)
{
    void *context = audit->input->fold.context;
    struct charter *charter = audit->input->charter_of_site(context, site);
    const struct op *op = audit_op(audit, recall);
    size_t len = 0;
    const struct charter_node *machines =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++) {
        if (machines[i].is_revoked || has_purged(audit, charter, &machines[i]))
            continue;
        struct audit_finding finding = {
            .word = AUDIT_NO_RECEIPT, .op = op->id, .site = *site};
        memcpy(finding.author, op->author, sizeof(finding.author));
        memcpy(finding.machine, machines[i].key, sizeof(finding.machine));
        audit->fn(audit->context, &finding);
    }
}

static void look_at_recall(const struct audit *audit)
{
    uint32_t recall = 1;
    while (recall < audit->graph.len && !audit_has_effect(audit, recall, "recall"))
        recall++;
    if (recall == audit->graph.len)
        return;
    for (uint32_t i = 0; i < audit->folded.held_len; i++)
        if (!id_equal(&audit->folded.held[i], &audit->folded.site))
            look_at_holder(audit, recall, &audit->folded.held[i]);
}

void audit_escalation(struct audit *audit)
{
    look_at_triage(audit);
    if (op_field(audit_op(audit, 0), "case.context") == NULL)
        audit_find(audit, AUDIT_NO_CONTEXT, 0, (struct bytes){0});
    look_at_consents(audit);
    look_at_danger(audit);
    look_at_answers(audit);
    look_at_recall(audit);
}
