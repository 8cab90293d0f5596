/*
 * The view (view.h) as canonical bytes. Keys are written in ascending order.
 */
#include <assert.h>

#include "node/cases/fold_state.h"
#include "node/cases/view.h"
#include "proto/pack.h"

static void write_id(struct buf *out, const char *name, const struct id *id)
{
    pack_str(out, name);
    if (id == NULL)
        pack_nil(out);
    else
        pack_bin(out, id->bytes, ID_SIZE);
}

static void write_text(struct buf *out, const char *name, const char *text)
{
    pack_str(out, name);
    if (text == NULL)
        pack_nil(out);
    else
        pack_str(out, text);
}

static void write_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static void write_author(struct buf *out, const struct op *op)
{
    pack_str(out, "author");
    pack_bin(out, op->author, sizeof(op->author));
}

static void write_kind(struct buf *out, const struct op *op)
{
    pack_str(out, "kind");
    pack_str_bytes(out, op->kind);
}

/* A value as it stands, nil where it is not shown. */
static void write_raw(struct buf *out, const char *name, bool is_shown,
                      struct bytes value)
{
    pack_str(out, name);
    if (is_shown)
        buf_add(out, value.data, value.len);
    else
        pack_nil(out);
}

static void write_field(const struct fold *fold, uint32_t node, const char *field,
                        const char *name, struct buf *out)
{
    struct bytes value = {0};
    bool is_shown = node != GRAPH_NONE && fold_value(fold, node, field, &value);
    write_raw(out, name, is_shown, value);
}

static void write_conflicts(const struct fold *fold, struct buf *out)
{
    const struct fold_sum *sum = &fold->sum;
    uint32_t count = (uint32_t)sum->has_consent_conflict + sum->has_triage_conflict;
    for (uint32_t i = 0; i < sum->registers_len; i++)
        count += sum->registers[i].is_conflict;
    pack_str(out, "conflicts");
    pack_array(out, count);
    for (uint32_t i = 0; i < sum->registers_len; i++)
        if (sum->registers[i].is_conflict)
            pack_str(out, sum->registers[i].name);
    if (sum->has_consent_conflict)
        pack_str(out, "consents");
    if (sum->has_triage_conflict)
        pack_str(out, "triage");
}

/* --- consents --- */

static void write_case_consent(const struct fold *fold,
                               const struct fold_consent *consent, struct buf *out)
{
    uint32_t node = consent->node;
    const struct op *op = fold_op(fold, node);
    pack_map(out, 12);
    write_author(out, op);
    write_field(fold, node, "fields", "fields", out);
    write_field(fold, node, "given", "given", out);
    write_field(fold, node, "guardian", "guardian", out);
    write_field(fold, node, "manner", "manner", out);
    write_id(out, "op", &op->id);
    pack_str(out, "open");
    pack_bool(out, consent->is_open);
    write_field(fold, node, "paper", "paper", out);
    write_field(fold, node, "party", "party", out);
    write_number(out, "time", op->time);
    write_number(out, "wall", op->wall);
    write_field(fold, node, "witness", "witness", out);
}

/* One [party, fields, manner] of the founding op, which passed the schema. */
static void write_sent_consent(struct pack_reader *reader, struct buf *out)
{
    struct bytes party = {0}, fields = {0}, manner = {0};
    (void)schema_next_consent(reader, &party, &fields, &manner); /* it fits */
    pack_map(out, 4);
    write_raw(out, "fields", true, fields);
    pack_str(out, "given");
    pack_bool(out, true);
    pack_str(out, "manner");
    pack_str_bytes(out, manner);
    pack_str(out, "party");
    pack_str_bytes(out, party);
}

static void write_consents(const struct fold *fold, struct buf *out)
{
    const struct fold_sum *sum = &fold->sum;
    struct bytes value;
    pack_str(out, "consents");
    if (fold->kind != SCOPE_ESCALATION) {
        pack_array(out, sum->consents_len);
        for (uint32_t i = 0; i < sum->consents_len; i++)
            write_case_consent(fold, &sum->consents[i], out);
        return;
    }
    uint32_t count = 0;
    struct pack_reader reader = {0};
    if (fold_value(fold, 0, "consents", &value)) {
        reader = pack_reader_of(value);
        enum status status = pack_read_array(&reader, &count, NULL);
        assert(status == STATUS_OK); /* fold_value saw that it fits */
    }
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++)
        write_sent_consent(&reader, out);
}

static void write_danger(const struct fold *fold, struct buf *out)
{
    pack_str(out, "danger");
    if (fold->kind != SCOPE_ESCALATION || !danger_is_said(fold)) {
        pack_nil(out);
        return;
    }
    pack_map(out, 2);
    pack_str(out, "confirmed");
    pack_bool(out, danger_is_confirmed(fold));
    write_field(fold, 0, "danger-reason", "reason", out);
}

/* --- holders, journal, refusals --- */

static void write_holders(const struct fold *fold, struct buf *out)
{
    pack_str(out, "holders");
    pack_array(out, fold->holders_len);
    for (uint32_t i = 0; i < fold->holders_len; i++) {
        pack_map(out, 3);
        write_number(out, "classes", fold->holders[i].classes);
        write_id(out, "site", &fold->holders[i].site);
        write_text(out, "state", fold->holder_states[i]);
    }
}

static bool is_identity(const struct fold *fold, uint32_t node)
{
    struct bytes value;
    return fold->ops[node].effect == EFFECT_YES && fold_is_kind(fold, node, "identity") &&
           fold_value(fold, node, "sealed", &value);
}

static void write_identities(const struct fold *fold, struct buf *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        count += is_identity(fold, i);
    pack_str(out, "identities");
    pack_array(out, count);
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        if (!is_identity(fold, i))
            continue;
        const struct op *op = fold_op(fold, i);
        pack_map(out, 5);
        write_author(out, op);
        write_id(out, "op", &op->id);
        write_field(fold, i, "party", "party", out);
        write_number(out, "time", op->time);
        write_number(out, "wall", op->wall);
    }
}

/* Consents stand in a place of their own, and would nest too deep here. What opens a file
 * is for the node alone, and what is sealed stays in its op. */
static bool is_in_journal(const struct fold_op *entry, const struct op_field *field)
{
    const struct schema_field *known = schema_field(entry->kind, field->name);
    assert(known != NULL); /* or the op would be without effect */
    return known->type != TYPE_CONSENTS && known->type != TYPE_DIGESTS &&
           known->type != TYPE_SECRET && known->disclosure != CLASS_SEALED;
}

static uint32_t count_fields(const struct fold_op *entry, const struct op *op)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        count += is_in_journal(entry, &op->fields[i]);
    return count;
}

static void write_entry(const struct fold *fold, uint32_t node, struct buf *out)
{
    const struct op *op = fold_op(fold, node);
    pack_map(out, 7);
    write_author(out, op);
    pack_str(out, "fields");
    pack_map(out, count_fields(&fold->ops[node], op));
    for (uint32_t i = 0; i < op->fields_len; i++) {
        struct bytes value;
        if (!is_in_journal(&fold->ops[node], &op->fields[i]))
            continue;
        pack_str_bytes(out, op->fields[i].name);
        if (fold_value_of(fold, node, &op->fields[i], &value))
            buf_add(out, value.data, value.len);
        else
            pack_nil(out);
    }
    write_kind(out, op);
    write_id(out, "op", &op->id);
    write_id(out, "site", fold_site(fold, node));
    write_number(out, "time", op->time);
    write_number(out, "wall", op->wall);
}

static uint32_t count_with_effect(const struct fold *fold)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        count += fold->ops[i].effect == EFFECT_YES;
    return count;
}

static void write_journal(const struct fold *fold, struct buf *out)
{
    pack_str(out, "journal");
    pack_array(out, count_with_effect(fold));
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (fold->ops[i].effect == EFFECT_YES)
            write_entry(fold, i, out);
}

static void write_refused(const struct fold *fold, struct buf *out)
{
    pack_str(out, "refused");
    pack_array(out, fold->graph.len - count_with_effect(fold));
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        if (fold->ops[i].effect == EFFECT_YES)
            continue;
        pack_map(out, 4);
        write_author(out, fold_op(fold, i));
        write_kind(out, fold_op(fold, i));
        write_id(out, "op", &fold_op(fold, i)->id);
        write_text(out, "reason", effect_name(fold->ops[i].effect));
    }
}

/* --- registers, requests, triage --- */

static void write_register(const struct fold *fold, const struct fold_register *entry,
                           struct buf *out)
{
    pack_str(out, entry->name);
    pack_array(out, entry->len);
    for (uint32_t i = entry->len; i > 0; i--) {
        const struct fold_write *write = &fold->sum.writes[entry->first + i - 1];
        const struct op *op = fold_op(fold, write->node);
        pack_map(out, 6);
        write_author(out, op);
        write_id(out, "op", &op->id);
        write_id(out, "site", fold_site(fold, write->node));
        write_number(out, "time", op->time);
        write_raw(out, "value", write->is_shown, write->value);
        write_number(out, "wall", op->wall);
    }
}

static void write_registers(const struct fold *fold, struct buf *out)
{
    pack_str(out, "registers");
    pack_map(out, fold->sum.registers_len);
    for (uint32_t i = 0; i < fold->sum.registers_len; i++)
        write_register(fold, &fold->sum.registers[i], out);
}

static void write_request(const struct fold *fold, struct buf *out)
{
    uint32_t node = fold->sum.request;
    pack_str(out, "request");
    if (node == GRAPH_NONE) {
        pack_nil(out);
        return;
    }
    pack_map(out, 6);
    write_field(fold, node, "fields", "fields", out);
    write_field(fold, node, "files", "files", out);
    write_field(fold, node, "no-parties", "no-parties", out);
    write_field(fold, node, "onward", "onward", out);
    write_id(out, "op", &fold_op(fold, node)->id);
    write_field(fold, node, "reason", "reason", out);
}

static void write_kept(const struct fold *fold, struct buf *out)
{
    uint32_t node = fold->sum.keeper;
    pack_str(out, "kept");
    if (node == GRAPH_NONE) {
        pack_nil(out);
        return;
    }
    pack_map(out, 3);
    write_author(out, fold_op(fold, node));
    write_id(out, "op", &fold_op(fold, node)->id);
    write_field(fold, node, "reason", "reason", out);
}

static bool is_retirement(const struct fold *fold, uint32_t node)
{
    return fold->ops[node].effect == EFFECT_YES && fold_is_kind(fold, node, "retire");
}

static void write_retired(const struct fold *fold, struct buf *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        count += is_retirement(fold, i);
    pack_str(out, "retired");
    pack_array(out, count);
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        if (!is_retirement(fold, i))
            continue;
        pack_map(out, 5);
        write_id(out, "op", &fold_op(fold, i)->id);
        write_field(fold, i, "rule", "rule", out);
        write_number(out, "wall", fold_op(fold, i)->wall);
        write_field(fold, i, "what", "what", out);
        write_field(fold, i, "years", "years", out);
    }
}

static bool is_sent(const struct fold *fold, uint32_t node)
{
    return fold->ops[node].effect == EFFECT_YES && fold_is_kind(fold, node, "sent");
}

static void write_sent(const struct fold *fold, struct buf *out)
{
    uint32_t count = 0;
    struct bytes value;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        count += is_sent(fold, i) && fold_value(fold, i, "escalation", &value);
    pack_str(out, "sent");
    pack_array(out, count);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (is_sent(fold, i) && fold_value(fold, i, "escalation", &value))
            buf_add(out, value.data, value.len);
}

static void write_case_triage(const struct fold *fold, uint32_t node, struct buf *out)
{
    const struct op *op = fold_op(fold, node);
    pack_map(out, 9);
    write_author(out, op);
    write_field(fold, node, "beyond", "beyond", out);
    write_field(fold, node, "danger", "danger", out);
    write_field(fold, node, "decision", "decision", out);
    write_id(out, "op", &op->id);
    write_field(fold, node, "reason", "reason", out);
    write_field(fold, node, "solvable", "solvable", out);
    write_number(out, "time", op->time);
    write_number(out, "wall", op->wall);
}

static void write_triage(const struct fold *fold, uint32_t founding, struct buf *out)
{
    if (fold->kind == SCOPE_ESCALATION) {
        write_field(fold, founding, "triage", "triage", out);
        return;
    }
    pack_str(out, "triage");
    if (fold->sum.triage == GRAPH_NONE)
        pack_nil(out);
    else
        write_case_triage(fold, fold->sum.triage, out);
}

static void write_triages(const struct fold *fold, struct buf *out)
{
    const struct fold_sum *sum = &fold->sum;
    pack_str(out, "triages");
    pack_array(out, sum->triages_len);
    for (uint32_t i = sum->triages_len; i > 0; i--)
        pack_bin(out, fold_op(fold, sum->triages[i - 1])->id.bytes, ID_SIZE);
}

static void write_parties(const struct fold *fold, uint32_t founding, struct buf *out)
{
    const char *name = fold->kind == SCOPE_ESCALATION ? "case.parties" : "parties";
    struct bytes value;
    pack_str(out, "parties");
    if (founding != GRAPH_NONE && fold_value(fold, founding, name, &value))
        buf_add(out, value.data, value.len);
    else
        pack_array(out, 0);
}

/* --- what the sites of an escalation say to each other --- */

static void write_entry_end(const struct fold *fold, uint32_t node, struct buf *out)
{
    write_number(out, "time", fold_op(fold, node)->time);
    write_number(out, "wall", fold_op(fold, node)->wall);
}

static void write_grades(const struct fold *fold, struct buf *out)
{
    const struct fold_sum *sum = &fold->sum;
    pack_str(out, "grades");
    pack_array(out, sum->grades_len);
    for (uint32_t i = 0; i < sum->grades_len; i++) {
        uint32_t node = sum->grades[i].node;
        pack_map(out, 7);
        write_author(out, fold_op(fold, node));
        write_id(out, "op", &fold_op(fold, node)->id);
        write_field(fold, node, "reason", "reason", out);
        write_id(out, "site", sum->grades[i].site);
        write_entry_end(fold, node, out);
        write_field(fold, node, "word", "word", out);
    }
}

static void write_joint(const struct fold *fold, struct buf *out)
{
    const struct fold_sum *sum = &fold->sum;
    pack_str(out, "joint");
    pack_array(out, sum->joints_len);
    for (uint32_t i = 0; i < sum->joints_len; i++) {
        uint32_t node = sum->joints[i].node;
        pack_map(out, 7);
        write_author(out, fold_op(fold, node));
        write_id(out, "op", &fold_op(fold, node)->id);
        write_id(out, "site", sum->joints[i].site);
        write_field(fold, node, "text", "text", out);
        write_entry_end(fold, node, out);
        pack_str(out, "word");
        pack_str_bytes(out, escalation_progress(fold, node));
    }
}

static bool is_assigned(const struct fold *fold, uint32_t node)
{
    return fold->ops[node].effect == EFFECT_YES && fold_is_kind(fold, node, "assign");
}

static bool says_done(const struct fold *fold, uint32_t node, const struct id *task)
{
    struct id op;
    if (fold->ops[node].effect != EFFECT_YES || !fold_is_kind(fold, node, "assign-done"))
        return false;
    (void)op_id(fold_op(fold, node), "op", &op); /* the schema check saw to it */
    return id_equal(&op, task);
}

/* The first op that says it, or NULL: more of them change nothing. */
static const struct id *find_done(const struct fold *fold, uint32_t task)
{
    for (uint32_t i = task + 1; i < fold->graph.len; i++)
        if (says_done(fold, i, &fold->graph.nodes[task].id))
            return &fold->graph.nodes[i].id;
    return NULL;
}

static void write_task(const struct fold *fold, uint32_t node, struct buf *out)
{
    pack_map(out, 9);
    write_author(out, fold_op(fold, node));
    write_id(out, "done", find_done(fold, node));
    write_field(fold, node, "due", "due", out);
    write_id(out, "op", &fold->graph.nodes[node].id);
    write_field(fold, node, "owner", "owner", out);
    write_id(out, "site", fold_site(fold, node));
    write_field(fold, node, "text", "text", out);
    write_entry_end(fold, node, out);
}

static void write_assigned(const struct fold *fold, struct buf *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        count += is_assigned(fold, i);
    pack_str(out, "assigned");
    pack_array(out, count);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (is_assigned(fold, i))
            write_task(fold, i, out);
}

/* Of a scope that was not founded with effect only the refusals are told. */
void view_write(const struct fold *fold, const struct id *heads, uint32_t heads_len,
                struct buf *out)
{
    uint32_t founding = fold->ops[0].effect == EFFECT_YES ? 0 : GRAPH_NONE;
    bool is_escalation = fold->kind == SCOPE_ESCALATION;
    pack_map(out, 30);
    write_assigned(fold, out);
    write_conflicts(fold, out);
    write_consents(fold, out);
    write_danger(fold, out);
    write_grades(fold, out);
    pack_str(out, "heads");
    pack_array(out, heads_len);
    for (uint32_t i = 0; i < heads_len; i++)
        pack_bin(out, heads[i].bytes, ID_SIZE);
    pack_str(out, "held");
    pack_array(out, fold->held_len);
    for (uint32_t i = 0; i < fold->held_len; i++)
        pack_bin(out, fold->held[i].bytes, ID_SIZE);
    write_holders(fold, out);
    write_identities(fold, out);
    write_joint(fold, out);
    write_journal(fold, out);
    write_kept(fold, out);
    write_text(out, "kind", schema_scope_text(fold->kind));
    pack_str(out, "minor");
    pack_bool(out, founding != GRAPH_NONE && fold_is_minor(fold));
    write_field(fold, is_escalation ? founding : GRAPH_NONE, "no-parties", "no-parties",
                out);
    write_field(fold, is_escalation ? founding : GRAPH_NONE, "onward", "onward", out);
    write_parties(fold, founding, out);
    pack_str(out, "permitted");
    pack_bool(out, fold->sum.is_permitted);
    write_field(fold, is_escalation ? founding : GRAPH_NONE, "reason", "reason", out);
    pack_str(out, "recalled");
    pack_bool(out, fold->is_recalled);
    write_refused(fold, out);
    write_registers(fold, out);
    write_request(fold, out);
    write_retired(fold, out);
    write_sent(fold, out);
    write_id(out, "site", fold->site);
    write_text(out, "state", fold->sum.state);
    write_triage(fold, founding, out);
    write_triages(fold, out);
    pack_str(out, "unserved");
    pack_bool(out, fold->sum.is_unserved);
}
