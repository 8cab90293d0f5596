#include "cli/evidence_audit.h"

#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"

struct evidence_audit_state {
    bool is_second;     /* cases are looked at, and no records */
    uint64_t cases;     /* that the file has */
    struct buf records; /* founding ops of records, one behind the other */
    struct kept {
        uint32_t at, len;
    } * kept;
    uint32_t kept_len, kept_capacity;
    struct evidence_index index; /* of these, by scope */
    struct op record;            /* the one that was asked for last */
    /* Of the scope that is looked at: */
    struct evidence *evidence;
    const struct evidence_scope *scope;
};

/* --- findings --- */

static void find(void *context, const struct audit_finding *finding)
{
    struct evidence_audit *audit = context;
    const struct evidence_scope *scope = audit->state->scope;
    void *items = audit->found;
    audit->failing += !audit_word_is_open(finding->word);
    if (audit->found_len == EVIDENCE_AUDIT_TOLD) {
        audit->untold++;
        return;
    }
    if (!evidence_grow(&items, sizeof(*audit->found), audit->found_len,
                       &audit->found_capacity)) {
        audit->failed_memory = true;
        return;
    }
    audit->found = items;
    struct evidence_found *found = &audit->found[audit->found_len++];
    *found = (struct evidence_found){.word = finding->word,
                                     .kind = scope->kind,
                                     .scope = scope->id,
                                     .op = finding->op,
                                     .has_machine = finding->word == AUDIT_NO_RECEIPT,
                                     .site = finding->site};
    memcpy(found->author, finding->author, sizeof(found->author));
    memcpy(found->machine, finding->machine, sizeof(found->machine));
    if (finding->field.len > 0 && finding->field.len <= OP_NAME_MAX)
        memcpy(found->field, finding->field.data, finding->field.len);
}

/* --- records, for the cases that they came of --- */

static void keep_record(struct evidence_audit *audit, struct evidence_section *section)
{
    struct evidence_audit_state *state = audit->state;
    const struct evidence_record *founding = &section->records[0];
    void *items = state->kept;
    if (state->records.len + founding->len > EVIDENCE_AUDIT_RECORDS_MAX)
        return;
    if (!evidence_grow(&items, sizeof(*state->kept), state->kept_len,
                       &state->kept_capacity)) {
        audit->failed_memory = true;
        return;
    }
    state->kept = items;
    state->kept[state->kept_len] =
        (struct kept){(uint32_t)state->records.len, founding->len};
    buf_add(&state->records, section->bytes.data + founding->at, founding->len);
    if (buf_status(&state->records) != STATUS_OK ||
        !evidence_remember(&state->index, &section->scope, state->kept_len++))
        audit->failed_memory = true;
}

static const struct op *record_of(void *context, const struct id *escalation)
{
    struct evidence_audit *audit = context;
    struct evidence_audit_state *state = audit->state;
    uint32_t found = evidence_find(&state->index, escalation);
    if (found == EVIDENCE_NONE) {
        audit->without_record++;
        return NULL;
    }
    const struct kept *kept = &state->kept[found];
    const struct bytes bytes = bytes_of(state->records.data + kept->at, kept->len);
    /* It was decoded before, from the same bytes. */
    return op_decode_bytes(&state->record, bytes, NULL) == STATUS_OK ? &state->record
                                                                     : NULL;
}

/* --- one scope --- */

static struct charter *charter_of(void *context, const struct id *head)
{
    const struct evidence_audit *audit = context;
    return evidence_charter_of(audit->state->evidence, head);
}

static struct charter *charter_of_site(void *context, const struct id *site)
{
    const struct evidence_audit *audit = context;
    return evidence_charter_of_site(audit->state->evidence, site);
}

/* All of them decoded at once: what they borrow is in the section. */
static void decode(struct evidence_section *section, struct op *room,
                   const struct op **ops)
{
    for (uint32_t i = 0; i < section->len; i++) {
        room[i] = *evidence_section_op(section, i);
        ops[i] = &room[i];
    }
}

static void audit_section(struct evidence_audit *audit, struct evidence_section *section)
{
    struct op *room = calloc(section->len, sizeof(*room));
    const struct op **ops = calloc(section->len, sizeof(*ops));
    const struct audit_input input = {.fold = {.ops = ops,
                                               .len = section->len,
                                               .charter_of = charter_of,
                                               .context = audit},
                                      .charter_of_site = charter_of_site,
                                      .record_of = record_of};
    if (room && ops)
        decode(section, room, ops);
    /* It was folded before: memory alone can be missing. */
    if (!room || !ops || audit_scope(&input, find, audit) != STATUS_OK)
        audit->failed_memory = true;
    audit->scopes++;
    free(ops);
    free(room);
}

static void look(void *context, struct evidence *evidence,
                 struct evidence_section *section, const struct evidence_scope *scope)
{
    struct evidence_audit *audit = context;
    struct evidence_audit_state *state = audit->state;
    bool is_case = scope->kind == SCOPE_CASE;
    state->evidence = evidence;
    state->scope = scope;
    state->cases += is_case && !state->is_second;
    if (!is_case && !state->is_second)
        keep_record(audit, section);
    if (is_case != state->is_second)
        return;
    if (section->len > EVIDENCE_AUDIT_OPS_MAX)
        audit->too_large++;
    else
        audit_section(audit, section);
}

/* --- the file --- */

static enum status read_once(struct evidence_audit *audit, struct evidence *evidence,
                             FILE *file, const struct id *trust,
                             struct progress *progress, struct err *err)
{
    const struct evidence_looker looker = {look, audit};
    evidence->looker = &looker;
    enum status status = evidence_check_stream(evidence, file, trust, progress, err);
    evidence->looker = NULL;
    return status == STATUS_OK && audit->failed_memory ? STATUS_NO_MEMORY : status;
}

/* The verdict was told by the first time. */
static enum status read_again(struct evidence_audit *audit, FILE *file, long begin,
                              const struct id *trust, struct progress *progress,
                              struct err *err)
{
    struct evidence evidence = {.records = 0};
    if (begin < 0 || fseek(file, begin, SEEK_SET) != 0)
        return err_set(err, STATUS_UNSUPPORTED,
                       "the file has cases and is read twice; give it by its name");
    audit->state->is_second = true;
    enum status status = read_once(audit, &evidence, file, trust, progress, err);
    evidence_deinit(&evidence);
    return status;
}

enum status evidence_audit(struct evidence_audit *audit, struct evidence *evidence,
                           FILE *file, const struct id *trust, struct progress *progress,
                           struct err *err)
{
    long begin = ftell(file);
    audit->state = calloc(1, sizeof(*audit->state));
    if (!audit->state)
        return STATUS_NO_MEMORY;
    enum status status = read_once(audit, evidence, file, trust, progress, err);
    if (status == STATUS_OK && audit->state->cases > 0)
        status = read_again(audit, file, begin, trust, progress, err);
    return status;
}

void evidence_audit_deinit(struct evidence_audit *audit)
{
    if (audit->state) {
        buf_deinit(&audit->state->records);
        evidence_index_deinit(&audit->state->index);
        free(audit->state->kept);
    }
    free(audit->state);
    free(audit->found);
    *audit = (struct evidence_audit){0};
}
