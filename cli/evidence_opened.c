/*
 * How far the trees of a ledger were, and which records stand in them. Happy path: the
 * note of an opening is signed by the log's machine, its size and its root are what the
 * seal before it committed to, and it goes on from the one before; a record's proof leads
 * to that root. Failure modes: what fails is named; what rests on an opening that fails,
 * or on a record that fails, is not judged, without being a failure itself.
 */
#include <stdio.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "proto/checkpoint.h"
#include "proto/tlog_proof.h"

#define DAY_S 86400
/* An origin, and "/private" or "/shared" behind it. */
#define NAME_SIZE (SEAL_ORIGIN_SIZE + 8)

static const char *const trees[EVIDENCE_TREES] = {"private", "shared"};

static void name_tree(char out[static NAME_SIZE], const struct evidence_log *log,
                      uint64_t tree)
{
    (void)snprintf(out, NAME_SIZE, "%s/%s", log->origin, trees[tree]);
}

/* ---- openings ---- */

static struct evidence_opening *add_opening(struct evidence *evidence)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    void *items = ledger->openings;
    if (!evidence_grow(&items, sizeof(*ledger->openings), ledger->openings_len,
                       &ledger->openings_capacity)) {
        evidence->failed_memory = true;
        return NULL;
    }
    ledger->openings = items;
    struct evidence_opening *opening = &ledger->openings[ledger->openings_len++];
    *opening = (struct evidence_opening){0};
    return opening;
}

/* The one signature of that name is kept, so that its note can be written again. */
static bool read_signed(const struct note *note, const char *name, const uint8_t *key,
                        struct evidence_opening *opening)
{
    struct note_key of;
    note_key_init(&of, bytes_str(name), NOTE_ED25519, key);
    if (note_verify(note, &of, NULL) != STATUS_OK)
        return false;
    for (size_t i = 0; i < note->signatures_len; i++) {
        const struct note_signature *signature = &note->signatures[i];
        if (bytes_equal_str(signature->name, name) &&
            memcmp(signature->key_id, of.id, NOTE_KEY_ID_SIZE) == 0)
            memcpy(opening->signature, signature->bytes, SIGN_SIZE);
    }
    return true;
}

/* Are these salts what opens the two commitments of the tree? */
static bool is_sealed(const struct seal *seal, const struct evidence_opened *opened,
                      const struct checkpoint *checkpoint)
{
    bool is_private = opened->tree == 0;
    struct seal_opening size = {.part = is_private ? SEAL_PRIVATE_SIZE : SEAL_SHARED_SIZE,
                                .size = checkpoint->size};
    struct seal_opening root = {.part = is_private ? SEAL_PRIVATE_ROOT : SEAL_SHARED_ROOT,
                                .root = checkpoint->root};
    memcpy(size.salt, opened->size_salt, SEAL_SALT_SIZE);
    memcpy(root.salt, opened->root_salt, SEAL_SALT_SIZE);
    return seal_is_opened(seal, &size) && seal_is_opened(seal, &root);
}

/* NULL, or why it does not hold; then base is what the next one cannot go on from. */
static const char *check_opened(const struct evidence_log *log, const struct seal *seal,
                                const struct evidence_opened *opened,
                                struct evidence_base *base,
                                struct evidence_opening *opening, struct err *err)
{
    char name[NAME_SIZE];
    struct note note;
    struct checkpoint checkpoint;
    bool was_known = base->is_known;
    enum status status = checkpoint_read_note(&checkpoint, &note, opened->note, err);
    base->is_known = false;
    name_tree(name, log, opened->tree);
    if (status != STATUS_OK)
        return err_text(err, status);
    if (!bytes_equal_str(checkpoint.origin, name) || checkpoint.extension.len > 0)
        return "its note is no plain checkpoint of that tree";
    if (!read_signed(&note, name, log->key, opening))
        return "its note is not signed by the machine";
    if (!is_sealed(seal, opened, &checkpoint))
        return "it is not what was sealed";
    bool goes_on =
        !was_known || merkle_consistency_holds(base->size, &base->root, checkpoint.size,
                                               &checkpoint.root, opened->proof.hashes,
                                               opened->proof.len);
    base->is_known = true;
    base->size = opening->size = checkpoint.size;
    base->root = opening->root = checkpoint.root;
    return goes_on ? NULL : "it does not go on from what was opened before";
}

static void remember_place(struct evidence_ledger *ledger, struct evidence *evidence,
                           uint64_t tree, uint32_t number)
{
    void *items = ledger->places[tree];
    if (!evidence_grow(&items, sizeof(uint32_t), ledger->places_len[tree],
                       &ledger->places_capacity[tree])) {
        evidence->failed_memory = true;
        return;
    }
    ledger->places[tree] = items;
    ledger->places[tree][ledger->places_len[tree]++] = number;
}

static void judge_opened(struct evidence *evidence, const struct evidence_entry *entry,
                         const struct evidence_opened *opened,
                         struct evidence_opening *opening)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    struct evidence_reading_log *reading = ledger->reading;
    struct evidence_log *log = &ledger->logs[ledger->logs_len - 1];
    struct evidence_base *base = &reading->bases[opened->tree];
    struct err err = {0};
    const char *why = check_opened(log, &reading->seal, opened, base, opening, &err);
    if (why) {
        evidence_fail_log(evidence, CHECK_OPENED, log, entry->offset,
                          "what is opened of the %s tree at seal %llu does not hold: %s",
                          trees[opened->tree], (unsigned long long)reading->seals, why);
        return;
    }
    opening->holds = true;
    opening->log = ledger->logs_len - 1;
    opening->tree = (uint8_t)opened->tree;
    opening->seal = reading->seals;
    opening->wall = reading->seal.wall;
    opening->first = base->first;
    opening->place = ledger->places_len[opened->tree];
    evidence->passed[CHECK_OPENED]++;
    remember_place(ledger, evidence, opened->tree, ledger->openings_len - 1);
}

/* NULL, or why it stands where none may. */
static const char *why_misplaced(const struct evidence_ledger *ledger,
                                 const struct evidence_opened *opened)
{
    const struct evidence_reading_log *reading = ledger->reading;
    if (!reading->is_open || reading->seals == 0)
        return "what is opened stands behind no seal";
    if (opened->tree < reading->tree_next)
        return "of one seal something is opened twice, or out of order";
    return NULL;
}

void evidence_opened_place(struct evidence *evidence, const struct evidence_entry *entry)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    struct evidence_reading_log *reading = ledger->reading;
    struct evidence_culprit culprit = {.offset = entry->offset};
    struct evidence_opened opened;
    if (ledger->openings_len == EVIDENCE_OPENED_MAX) {
        evidence_fail(evidence, CHECK_OPENED, &culprit,
                      "more is opened than the %u values that are judged",
                      EVIDENCE_OPENED_MAX);
        return;
    }
    struct evidence_opening *opening = add_opening(evidence);
    if (!opening || (reading->is_open && reading->is_passed))
        return;
    evidence_read_opened(entry->op, &opened);
    const char *why = reading->is_damaged ? NULL : why_misplaced(ledger, &opened);
    if (why) {
        evidence_fail(evidence, CHECK_OPENED, &culprit, "%s", why);
        return;
    }
    reading->tree_next = opened.tree + 1;
    if (reading->has_seal)
        judge_opened(evidence, entry, &opened, opening);
    else /* its seal fails, and the next one goes on from what nobody can judge */
        reading->bases[opened.tree].is_known = false;
}

void evidence_opened_gap(struct evidence *evidence)
{
    struct evidence_reading_log *reading = evidence->ledger.reading;
    for (int tree = 0; tree < EVIDENCE_TREES; tree++)
        reading->bases[tree].is_known = false;
    if (evidence->ledger.openings_len < EVIDENCE_OPENED_MAX)
        (void)add_opening(evidence);
}

/* ---- records in a tree ---- */

void evidence_included_await(struct evidence *evidence,
                             const struct evidence_claim *claim, bool holds)
{
    struct evidence_last *last = &evidence->ledger.reading->last;
    last->state = holds ? LAST_SOUND : LAST_PASSED;
    if (!holds)
        return;
    last->id = claim->op.id;
    last->wall = claim->op.quality == WALL_NONE ? 0 : claim->op.wall;
    memcpy(last->author, claim->op.author, sizeof(last->author));
    memset(last->kind, 0, sizeof(last->kind));
    memcpy(last->kind, claim->op.kind.data, claim->op.kind.len);
}

void evidence_included_gap(struct evidence *evidence, enum evidence_entry_kind kind)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    struct evidence_last *last = &ledger->reading->last;
    bool is_counted = last->state == LAST_SOUND || last->state == LAST_PASSED;
    if (kind == ENTRY_INCLUDED)
        ledger->included += is_counted;
    last->state = kind == ENTRY_RECORD     ? LAST_PASSED
                  : kind == ENTRY_INCLUDED ? LAST_NONE
                                           : LAST_UNKNOWN;
}

/* The newest opening of that tree and log which does not hold the index, of those before
 * number; NULL: there is none. */
static const struct evidence_opening *newest_without(const struct evidence_ledger *ledger,
                                                     const struct evidence_opening *of,
                                                     uint64_t index)
{
    uint32_t from = of->first, to = of->place;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (ledger->openings[ledger->places[of->tree][middle]].size <= index)
            from = middle + 1;
        else
            to = middle;
    }
    return from == of->first ? NULL
                             : &ledger->openings[ledger->places[of->tree][from - 1]];
}

/* Does it claim to be more than a day older than a seal that does not hold it? */
static void look_when(struct evidence *evidence, const struct evidence_opening *opening,
                      uint64_t index)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    const struct evidence_last *last = &ledger->reading->last;
    const struct evidence_opening *without = newest_without(ledger, opening, index);
    void *items = ledger->earlier;
    if (last->wall == 0 || !without || without->wall < DAY_S ||
        last->wall >= without->wall - DAY_S)
        return;
    if (ledger->earlier_len == EVIDENCE_EARLIER_TOLD) {
        ledger->earlier_untold++;
        return;
    }
    if (!evidence_grow(&items, sizeof(*ledger->earlier), ledger->earlier_len,
                       &ledger->earlier_capacity)) {
        evidence->failed_memory = true;
        return;
    }
    ledger->earlier = items;
    struct evidence_earlier *earlier = &ledger->earlier[ledger->earlier_len++];
    *earlier = (struct evidence_earlier){.op = last->id,
                                         .log = opening->log,
                                         .seal = without->seal,
                                         .wall = last->wall,
                                         .sealed = without->wall};
    memcpy(earlier->author, last->author, sizeof(earlier->author));
}

/* The note is written again, with the machine's signature alone. */
static void give_proof(struct evidence *evidence, const struct evidence_opening *opening,
                       const struct evidence_included *included)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    const struct evidence_log *log = &ledger->logs[opening->log];
    struct buf text = {0}, note = {0}, proof = {0};
    struct note_key key;
    char name[NAME_SIZE];
    name_tree(name, log, opening->tree);
    note_key_init(&key, bytes_str(name), NOTE_ED25519, log->key);
    checkpoint_write(&text, bytes_str(name), opening->size, &opening->root);
    if (buf_status(&text) == STATUS_OK)
        note_add_text(&note, buf_bytes(&text));
    note_add_signature(&note, key.name, key.id, opening->signature, SIGN_SIZE);
    tlog_proof_write(&proof, bytes_of(NULL, 0), included->index, included->proof.hashes,
                     included->proof.len, buf_bytes(&note));
    if (buf_status(&text) != STATUS_OK || buf_status(&note) != STATUS_OK ||
        buf_status(&proof) != STATUS_OK)
        evidence->failed_memory = true;
    else
        evidence->proofs_status =
            evidence->proofs->take(evidence->proofs->context, &ledger->reading->last.id,
                                   buf_bytes(&proof), evidence->proofs_err);
    buf_deinit(&text);
    buf_deinit(&note);
    buf_deinit(&proof);
}

static void judge_included(struct evidence *evidence,
                           const struct evidence_culprit *culprit,
                           const struct evidence_included *included)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    if (included->opened >= ledger->openings_len) {
        evidence_fail(evidence, CHECK_INCLUDED, culprit,
                      "it names an opening that the file does not have");
        return;
    }
    struct evidence_opening *opening = &ledger->openings[included->opened];
    struct merkle_hash leaf;
    if (!opening->holds) /* that is the failure */
        return;
    merkle_leaf(&leaf, ledger->reading->last.id.bytes, ID_SIZE);
    if (!merkle_inclusion_holds(&leaf, included->index, opening->size,
                                included->proof.hashes, included->proof.len,
                                &opening->root)) {
        const struct evidence_log *log = &ledger->logs[opening->log];
        evidence_fail(evidence, CHECK_INCLUDED, culprit,
                      "the %s tree under seal %llu of log %s does not have it at %llu",
                      trees[opening->tree], (unsigned long long)opening->seal,
                      evidence_log_life(log), (unsigned long long)included->index);
        return;
    }
    evidence->passed[CHECK_INCLUDED]++;
    opening->records++;
    look_when(evidence, opening, included->index);
    if (evidence->proofs && evidence->proofs_status == STATUS_OK)
        give_proof(evidence, opening, included);
}

void evidence_included_place(struct evidence *evidence,
                             const struct evidence_entry *entry)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    struct evidence_last *last = &ledger->reading->last;
    struct evidence_culprit culprit = {.offset = entry->offset};
    enum evidence_last_state state = last->state;
    struct evidence_included included;
    if (state == LAST_NONE) {
        evidence_fail(evidence, CHECK_INCLUDED, &culprit,
                      "a proof stands behind no record, or is its second one");
        return;
    }
    last->state = LAST_NONE;
    ledger->included += state != LAST_UNKNOWN;
    if (state != LAST_SOUND)
        return;
    culprit.op = &last->id;
    culprit.author = last->author;
    culprit.kind = bytes_str(last->kind);
    evidence_read_included(entry->op, &included);
    judge_included(evidence, &culprit, &included);
}
