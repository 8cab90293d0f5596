/*
 * What comes takes its place, in the order of the file. Happy path: a section begins, its
 * records follow, each behind what it builds on, and are as many as it says. Failure
 * modes: what fails is named and remembered as there, so that what builds on it is not
 * judged and the next one is. Where the line that begins a section is missing or damaged,
 * its records say whose they are: one failure in place of one for each of them.
 */
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/schema.h"

static struct evidence_culprit culprit_of(const struct evidence_claim *claim)
{
    struct evidence_culprit culprit = {
        .op = &claim->entry.id, .bytes = claim->entry.op, .offset = claim->entry.offset};
    if (claim->form == STATUS_OK) {
        culprit.author = claim->op.author;
        culprit.kind = claim->op.kind;
    }
    return culprit;
}

/* What it says of itself. */
static bool check_claim(struct evidence *evidence, const struct evidence_claim *claim,
                        const struct evidence_culprit *culprit)
{
    if (claim->form == STATUS_NO_MEMORY) {
        evidence->failed_memory = true;
        return false;
    }
    if (claim->form != STATUS_OK) {
        evidence_fail(evidence, CHECK_FORM, culprit, "%s",
                      err_text(&claim->err, claim->form));
        return false;
    }
    evidence->passed[CHECK_FORM]++;
    bool id_holds = id_equal(&claim->op.id, &claim->entry.id);
    if (id_holds)
        evidence->passed[CHECK_ID]++;
    else
        evidence_fail(evidence, CHECK_ID, culprit, "its bytes have another id");
    if (!claim->is_signed) {
        evidence_fail(evidence, CHECK_SIGNATURE, culprit,
                      claim->has_sound_key ? "the signature does not hold"
                                           : "the author's key is no sound Ed25519 key");
        return false;
    }
    evidence_learn_key(evidence, claim->op.author);
    evidence->passed[CHECK_SIGNATURE]++;
    return id_holds;
}

/* Does this signed record begin a section that nothing else has begun? */
static void look_whose(struct evidence *evidence, struct evidence_section *section,
                       const struct evidence_claim *claim)
{
    bool is_full = !section->is_said || section->entries >= section->said;
    if (section->is_open && (id_equal(&section->scope, &claim->op.scope) ||
                             (section->entries > 0 && !is_full)))
        return;
    if (section->is_open && section->entries == 0) {
        evidence_fail_section(evidence, section,
                              "it names another scope than its first record");
        section->scope = claim->op.scope;
        return;
    }
    evidence_judge(evidence, section);
    evidence_section_begin(section, &claim->op.scope, claim->entry.offset);
    evidence_fail_section(evidence, section,
                          "nothing says that records of this scope begin here");
}

/* The number of what may give a right: a record of a charter before; in a charter, which
 * is judged as a whole, also one of its own. */
static uint32_t find_authority(const struct evidence *evidence,
                               const struct evidence_section *section,
                               const struct id *id)
{
    uint32_t found = section->kind == SCOPE_CHARTER ? evidence_find(&section->index, id)
                                                    : EVIDENCE_NONE;
    return found != EVIDENCE_NONE ? found : evidence_find(evidence->charters_index, id);
}

static void fail_order(struct evidence *evidence, const struct evidence_culprit *culprit,
                       const char *what, const struct id *id, const char *where)
{
    char text[2 * ID_SIZE + 1];
    hex_encode(text, id->bytes, ID_SIZE);
    evidence_fail(evidence, CHECK_ORDER, culprit, "its %s %s is not %s", what, text,
                  where);
}

/* What a record builds on. */
struct place {
    bool rests; /* some of that fails itself */
    uint32_t parents[OP_PARENTS_MAX];
};

/* Does all that it builds on stand before it? */
static bool check_order(struct evidence *evidence, const struct evidence_section *section,
                        const struct op *op, const struct evidence_culprit *culprit,
                        struct place *place)
{
    place->rests = false;
    for (uint32_t i = 0; i < op->parents_len; i++) {
        place->parents[i] = evidence_find(&section->index, &op->parents[i]);
        if (place->parents[i] == EVIDENCE_NONE) {
            fail_order(evidence, culprit, "parent", &op->parents[i],
                       "in its section before it");
            return false;
        }
        place->rests = place->rests || place->parents[i] == EVIDENCE_FAILED;
    }
    for (uint32_t i = 0; i < op->authority_len; i++) {
        uint32_t found = find_authority(evidence, section, &op->authority[i]);
        if (found == EVIDENCE_NONE) {
            fail_order(evidence, culprit, "authority", &op->authority[i],
                       "in a charter before it");
            return false;
        }
        place->rests = place->rests || found == EVIDENCE_FAILED;
    }
    evidence->passed[CHECK_ORDER]++;
    return true;
}

/* One more than the highest time of its parents, which are all judged. */
static bool check_time(struct evidence *evidence, const struct evidence_section *section,
                       const struct op *op, const struct place *place,
                       const struct evidence_culprit *culprit)
{
    uint64_t highest = 0;
    for (uint32_t i = 0; i < op->parents_len; i++) {
        uint64_t time = section->records[place->parents[i]].time;
        highest = time > highest ? time : highest;
    }
    if (op->time != highest + 1) {
        evidence_fail(evidence, CHECK_TIME, culprit, "its time is %llu and must be %llu",
                      (unsigned long long)op->time, (unsigned long long)(highest + 1));
        return false;
    }
    evidence->passed[CHECK_TIME]++;
    return true;
}

/* Is it judged? Then the section has it. */
static bool check_place(struct evidence *evidence, struct evidence_section *section,
                        const struct evidence_claim *claim,
                        const struct evidence_culprit *culprit)
{
    const struct op *op = &claim->op;
    struct place place;
    if (!id_equal(&op->scope, &section->scope)) {
        evidence_fail(evidence, CHECK_SCOPE, culprit,
                      "it belongs to another scope than its section");
        return false;
    }
    if (op->is_founding) {
        section->is_founded = true;
        section->kind = schema_founds(op);
    }
    if (!check_order(evidence, section, op, culprit, &place))
        return false;
    if (place.rests) {
        evidence->not_judged++;
        return false;
    }
    if (!check_time(evidence, section, op, &place, culprit))
        return false;
    if (!evidence_section_add(section, claim)) {
        evidence->failed_memory = true;
        return false;
    }
    for (uint32_t i = 0; i < op->parents_len; i++)
        section->records[place.parents[i]].is_built_on = true;
    return true;
}

static void remember(struct evidence *evidence, struct evidence_section *section,
                     const struct id *id, uint32_t number)
{
    if (!evidence_remember(&section->index, id, number))
        evidence->failed_memory = true;
}

/* Is there room for one more? Said once where there is none. */
static bool has_room(struct evidence *evidence, struct evidence_section *section,
                     size_t len)
{
    if (section->is_too_large)
        return false;
    section->is_too_large = section->entries > EVIDENCE_SECTION_OPS_MAX ||
                            section->bytes.len + len > EVIDENCE_SECTION_BYTES_MAX;
    if (section->is_too_large)
        evidence_fail_section(evidence, section,
                              "it has more than the %u records or %u bytes that are "
                              "judged as a whole",
                              EVIDENCE_SECTION_OPS_MAX, EVIDENCE_SECTION_BYTES_MAX);
    return !section->is_too_large;
}

static void place_record(struct evidence *evidence, struct evidence_section *section,
                         const struct evidence_claim *claim)
{
    const struct evidence_culprit culprit = culprit_of(claim);
    const struct id *id = &claim->entry.id;
    bool holds = check_claim(evidence, claim, &culprit);
    evidence->records++;
    if (evidence->failed_memory)
        return;
    evidence_included_await(evidence, claim, holds);
    if (claim->is_signed)
        look_whose(evidence, section, claim);
    if (!section->is_open) /* it fails, and belongs to nothing */
        return;
    section->entries++;
    if (!has_room(evidence, section, claim->entry.op.len)) {
        evidence->not_judged += holds;
        return;
    }
    if (evidence_find(&section->index, id) != EVIDENCE_NONE) {
        evidence_fail(evidence, CHECK_ORDER, &culprit, "it stands in the file twice");
        return;
    }
    bool is_judged = holds && check_place(evidence, section, claim, &culprit);
    remember(evidence, section, id, is_judged ? section->len - 1 : EVIDENCE_FAILED);
    /* Descendants of a record under a wrong id name the right one. */
    if (!is_judged && claim->form == STATUS_OK)
        remember(evidence, section, &claim->op.id, EVIDENCE_FAILED);
}

static void place_section(struct evidence *evidence, struct evidence_section *section,
                          const struct evidence_entry *entry)
{
    evidence_judge(evidence, section);
    evidence_section_begin(section, &entry->id, entry->offset);
    section->is_said = true;
    section->said = entry->count;
}

/* The framing is damaged: names what can still be told. */
static void place_gap(struct evidence *evidence, struct evidence_section *section,
                      const struct evidence_entry *entry)
{
    struct evidence_culprit culprit = {.offset = entry->offset};
    enum evidence_entry_kind kind = evidence_kind_of_gap(entry->op);
    /* While a log is open there are none. */
    bool is_record = kind == ENTRY_RECORD && !evidence->ledger.reading->is_open;
    struct id id;
    evidence_ledger_gap(evidence, kind);
    if (is_record) {
        memcpy(id.bytes, entry->op.data + 3, ID_SIZE);
        culprit.op = &id;
        culprit.bytes = evidence_ops_of_gap(entry->op);
        evidence->records++;
        section->entries += section->is_open;
        if (section->is_open && !section->is_too_large)
            remember(evidence, section, &id, EVIDENCE_FAILED);
    }
    evidence_fail(evidence, CHECK_FORM, &culprit, "%s",
                  entry->is_last      ? "the file is cut or damaged here"
                  : is_record         ? "the record is damaged"
                  : kind == ENTRY_GAP ? "what stands between the records is damaged"
                                      : "what is said of a ledger is damaged");
}

static void place_end(struct evidence *evidence, struct evidence_section *section,
                      const struct evidence_entry *entry)
{
    struct evidence_culprit culprit = {.offset = entry->offset};
    evidence_judge(evidence, section);
    if (entry->count != evidence->records)
        evidence_fail(evidence, CHECK_END, &culprit,
                      "the file ends with a count of %llu records and has %llu",
                      (unsigned long long)entry->count,
                      (unsigned long long)evidence->records);
    else if (!entry->is_last)
        evidence_fail(evidence, CHECK_END, &culprit, "bytes stand behind the end");
    else
        evidence->passed[CHECK_END]++;
}

void evidence_place(struct evidence *evidence, struct evidence_section *section,
                    const struct evidence_claim *claim)
{
    const struct evidence_entry *entry = &claim->entry;
    switch (entry->kind) {
    case ENTRY_RECORD:
        evidence_ledger_leave(evidence);
        place_record(evidence, section, claim);
        break;
    case ENTRY_SECTION:
        evidence_ledger_leave(evidence);
        place_section(evidence, section, entry);
        break;
    case ENTRY_GAP:
        place_gap(evidence, section, entry);
        break;
    case ENTRY_END:
        evidence_ledger_leave(evidence);
        place_end(evidence, section, entry);
        break;
    default:
        evidence_ledger_place(evidence, entry);
        break;
    }
}
