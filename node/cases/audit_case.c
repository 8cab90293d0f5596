/*
 * Findings about a case: what lay beneath each release of it when it went up, and whether
 * it was closed with an outcome and a follow-up. What lay beneath a release is folded by
 * itself, so that nothing which came later can mend it.
 */
#include <stdlib.h>
#include <string.h>

#include "node/cases/audit_state.h"
#include "node/cases/escalation.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "proto/pack.h"

struct release {
    struct audit *audit;
    uint32_t node;           /* its `sent` */
    const struct op *record; /* NULL: it is not here */
    struct bytes view;       /* of what lay beneath */
    /* One field of one consent that the record claims. */
    struct bytes party, field;
    bool is_unknown; /* something that decides it was erased */
    bool is_given, is_named, is_taken;
};

/* --- one claimed consent --- */

/* A file is named by the op that attached it, which stays in the case. */
static bool names_file(struct bytes fields)
{
    struct pack_reader reader = pack_reader_of(fields);
    struct bytes one;
    uint32_t count;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return false;
    for (; count > 0 && pack_read_str(&reader, &one, NULL) == STATUS_OK; count--)
        if (one.len > 5 && memcmp(one.data, "file:", 5) == 0)
            return true;
    return false;
}

static bool names(const struct release *release, struct bytes fields, bool is_given)
{
    bool is_file = bytes_equal_str(release->field, CONSENT_FILES);
    return audit_names(fields, release->field) ||
           (is_file && is_given && names_file(fields));
}

/* The fold lists what counts: each yes has to name the field, and no no may. */
static bool weigh(void *context, struct bytes consent)
{
    struct release *release = context;
    struct bytes party, fields;
    bool is_given;
    if (!view_map_text(consent, "party", &party) || !bytes_equal(party, release->party))
        return true;
    if (!view_map_flag(consent, "given", &is_given) ||
        !view_map_get(consent, "fields", &fields) || fields.data[0] == 0xc0) {
        release->is_unknown = true; /* erased */
        return true;
    }
    bool is_named = names(release, fields, is_given);
    if (is_given) {
        release->is_named = release->is_given ? release->is_named && is_named : is_named;
        release->is_given = true;
    } else {
        release->is_taken |= is_named;
    }
    return true;
}

/* The fold lists no consent whose party was erased: it may have been anybody's. */
static bool is_any_erased(const struct audit *audit)
{
    struct bytes party;
    for (uint32_t i = 1; i < audit->graph.len; i++)
        if (audit_has_effect(audit, i, "consent") &&
            !op_text(audit_op(audit, i), "party", &party))
            return true;
    return false;
}

/* Did the party ever say yes to it, no matter when? */
static bool was_ever_given(const struct release *release)
{
    const struct audit *audit = release->audit;
    for (uint32_t i = 1; i < audit->graph.len; i++) {
        const struct op *op = audit_op(audit, i);
        struct bytes party, given, fields;
        if (audit_has_effect(audit, i, "consent") && op_text(op, "party", &party) &&
            bytes_equal(party, release->party) && schema_value(op, "given", &given) &&
            given.data[0] == 0xc3 && schema_value(op, "fields", &fields) &&
            names(release, fields, true))
            return true;
    }
    return false;
}

static void look_at_claim(struct release *release)
{
    release->is_unknown = is_any_erased(release->audit);
    release->is_given = false;
    release->is_named = release->is_taken = false;
    view_map_each(release->view, "consents", weigh, release);
    if (release->is_unknown || (release->is_named && !release->is_taken))
        return;
    audit_find(release->audit,
               was_ever_given(release) ? AUDIT_LATE_CONSENT : AUDIT_NO_CONSENT,
               release->node, release->field);
}

static void look_at_fields(struct release *release, struct bytes fields)
{
    struct pack_reader reader = pack_reader_of(fields);
    uint32_t count;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return; /* never: it fits */
    for (; count > 0 && pack_read_str(&reader, &release->field, NULL) == STATUS_OK;
         count--)
        look_at_claim(release);
}

/* --- whom nobody asked --- */

static bool look_at_party(void *context, struct bytes element)
{
    struct release *release = context;
    struct pack_reader party = pack_reader_of(element), reader;
    struct bytes alias = {0}, role, claimed = {0}, fields, manner;
    uint32_t count = 0;
    (void)schema_next_party(&party, &alias, &role);                  /* it fitted */
    (void)schema_list(release->record, "consents", &reader, &count); /* it is shown */
    for (; count > 0; count--) {
        (void)schema_next_consent(&reader, &claimed, &fields, &manner); /* it fits */
        if (bytes_equal(alias, claimed))
            return true;
    }
    audit_find(release->audit, AUDIT_NO_CONSENT, release->node, bytes_str("parties"));
    return true;
}

static void look_at_consents(struct release *release)
{
    struct pack_reader reader;
    uint32_t count;
    struct bytes danger;
    if (!schema_list(release->record, "consents", &reader, &count))
        return;
    for (; count > 0; count--) {
        struct bytes fields = {0}, manner;
        (void)schema_next_consent(&reader, &release->party, &fields, &manner);
        look_at_fields(release, fields);
    }
    bool is_excused =
        schema_value(release->record, "danger", &danger) && danger.data[0] == 0xc3;
    if (!is_excused)
        view_map_each(release->view, "parties", look_at_party, release);
}

/* --- one release --- */

/* Of a triage that was erased nothing is said. */
static void look_at_triage(const struct release *release)
{
    struct bytes triage = {0}, decision;
    (void)view_map_get(release->view, "triage", &triage); /* nil where there is none */
    bool is_triaged = triage.len > 0 && triage.data[0] != 0xc0;
    if (!is_triaged || (view_map_text(triage, "decision", &decision) &&
                        !bytes_equal_str(decision, "escalate")))
        audit_find(release->audit, AUDIT_NO_TRIAGE, release->node, (struct bytes){0});
}

/* The record is sealed to the heads that the case had, which its `sent` names, too; where
 * there were more than an op can name, nobody can tell. */
static void look_at_origin(const struct release *release)
{
    const struct audit *audit = release->audit;
    const struct op *sent = audit_op(audit, release->node);
    struct id origin, wanted;
    struct bytes raw, salt = {0};
    if (!op_id(release->record, "origin", &origin) || !schema_value(sent, "salt", &raw) ||
        sent->parents_len == OP_PARENTS_MAX)
        return;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &salt, NULL) == STATUS_OK && salt.len == 32) {
        escalation_origin(&wanted, salt.data, &audit->graph.nodes[0].id, sent->parents,
                          sent->parents_len);
        if (id_equal(&origin, &wanted))
            return;
    }
    audit_find(audit, AUDIT_WRONG_ORIGIN, release->node, (struct bytes){0});
}

/* Folds what lies beneath it. */
static enum status fold_beneath(struct release *release, struct fold_result *out)
{
    struct audit *audit = release->audit;
    uint32_t len = audit->graph.len;
    struct fold_input input = audit->input->fold;
    const struct op **ops = calloc(len, sizeof(*ops));
    bool *seeds = calloc(2 * (size_t)len, sizeof(*seeds));
    enum status status = STATUS_NO_MEMORY;
    if (ops != NULL && seeds != NULL) {
        seeds[release->node] = true;
        graph_mark_before(&audit->graph, seeds, seeds + len);
        input.len = 0;
        for (uint32_t i = 0; i < len; i++)
            if (seeds[len + i])
                ops[input.len++] = audit_op(audit, i);
        input.ops = ops;
        input.is_effects_only = false;
        status = fold_scope(&input, out);
    }
    free(seeds);
    free(ops);
    return status;
}

static enum status look_at_release(struct audit *audit, uint32_t node)
{
    struct release release = {.audit = audit, .node = node};
    struct fold_result beneath;
    struct id escalation;
    enum status status = fold_beneath(&release, &beneath);
    if (status != STATUS_OK)
        return status;
    release.view = buf_bytes(&beneath.view);
    look_at_triage(&release);
    if (op_id(audit_op(audit, node), "escalation", &escalation))
        release.record = audit->input->record_of(audit->input->fold.context, &escalation);
    if (release.record != NULL) {
        look_at_origin(&release);
        look_at_consents(&release);
    }
    fold_result_deinit(&beneath);
    return STATUS_OK;
}

/* --- closing --- */

/* Does an op of that kind lie beneath it, and no reopening between them? */
static bool stands_beneath(struct audit *audit, uint32_t node, const char *kind)
{
    struct graph *graph = &audit->graph;
    for (uint32_t i = 1; i < node; i++) {
        if (!audit_has_effect(audit, i, kind) || !graph_is_before(graph, i, node))
            continue;
        bool is_undone = false;
        for (uint32_t r = i + 1; r < node && !is_undone; r++)
            is_undone = audit_has_effect(audit, r, "reopen") &&
                        graph_is_before(graph, i, r) && graph_is_before(graph, r, node);
        if (!is_undone)
            return true;
    }
    return false;
}

static void look_at_close(struct audit *audit, uint32_t node)
{
    const struct op *op = audit_op(audit, node);
    bool is_whole = op_field(op, "outcome") != NULL && op_field(op, "follow-up") != NULL;
    if (!is_whole && (!stands_beneath(audit, node, "settle") ||
                      !stands_beneath(audit, node, "follow-up")))
        audit_find(audit, AUDIT_CLOSED_EARLY, node, (struct bytes){0});
}

enum status audit_case(struct audit *audit)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 1; status == STATUS_OK && i < audit->graph.len; i++) {
        if (audit_is(audit, i, "sent"))
            status = look_at_release(audit, i);
        else if (audit_is(audit, i, "close"))
            look_at_close(audit, i);
    }
    return status;
}
