/*
 * Seal logs as they come. Happy path: a log begins, its checkpoints follow, then its
 * seals, and where there are as many as a checkpoint says they have its root. Failure
 * modes: what fails is named, with its log and its number. What stands in a log that is
 * passed over, because it stands in a wrong place, twice or beyond the limits, is not
 * looked at, but counted; behind damage nobody asks for roots.
 */
#include <string.h>

#include "cli/evidence_parts.h"
#include "proto/checkpoint.h"

static struct evidence_log *open_log(struct evidence_ledger *ledger)
{
    return &ledger->logs[ledger->logs_len - 1];
}

static void fail_place(struct evidence *evidence, uint64_t offset, const char *reason)
{
    struct evidence_culprit culprit = {.offset = offset};
    evidence_fail(evidence, CHECK_LOG, &culprit, "%s", reason);
}

/* ---- a log ---- */

/* NULL, or why it is passed over. */
static const char *why_not(const struct evidence_ledger *ledger,
                           const struct evidence_log *log, uint64_t said)
{
    if (ledger->reading->is_over)
        return "a seal log stands behind records";
    if (ledger->logs_len == EVIDENCE_LOGS_MAX)
        return "there are more seal logs than are judged";
    if (said > EVIDENCE_SEALS_MAX)
        return "a seal log has more seals than are judged";
    for (uint32_t i = 0; i < ledger->logs_len; i++) {
        if (strcmp(ledger->logs[i].origin, log->origin) == 0)
            return "a seal log stands in the file twice";
        if (strcmp(ledger->logs[i].former, log->origin) == 0)
            return "a seal log stands behind the one that goes on from it";
    }
    return NULL;
}

static bool read_origin(struct evidence_log *log, struct bytes origin)
{
    if (origin.len != SEAL_ORIGIN_SIZE - 1)
        return false;
    memcpy(log->origin, origin.data, origin.len);
    return seal_origin_key(log->origin, log->key);
}

static void begin_reading(struct evidence_ledger *ledger, bool is_passed)
{
    struct evidence_reading_log *reading = ledger->reading;
    reading->is_open = true;
    reading->is_passed = is_passed;
    reading->is_damaged = reading->is_broken = false;
    reading->stack = (struct merkle_stack){0};
    reading->checkpoints = reading->checkpoints_len = reading->checkpoints_next = 0;
    reading->seals = 0;
    reading->has_seal = false;
    for (int tree = 0; tree < EVIDENCE_TREES; tree++) {
        struct evidence_base *base = &reading->bases[tree];
        base->is_known = true;
        base->size = 0;
        merkle_empty(&base->root);
        base->first = ledger->places_len[tree];
    }
}

void evidence_log_begin(struct evidence *evidence, const struct evidence_entry *entry)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    struct evidence_log log = {.offset = entry->offset, .said = entry->count};
    void *items = ledger->logs;
    evidence_log_close(evidence);
    const char *why = read_origin(&log, entry->op) ? why_not(ledger, &log, entry->count)
                                                   : "a seal log has no proper name";
    if (why)
        fail_place(evidence, entry->offset, why);
    begin_reading(ledger, why != NULL);
    if (why)
        return;
    if (!evidence_grow(&items, sizeof(log), ledger->logs_len, &ledger->logs_capacity)) {
        evidence->failed_memory = true;
        ledger->reading->is_passed = true;
        return;
    }
    ledger->logs = items;
    ledger->logs[ledger->logs_len++] = log;
}

/* One key, the newest of what it cosigned that is the log's. */
static void merge_witnesses(struct evidence_log *log)
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < log->witnesses_len; i++) {
        struct evidence_witness *witness = &log->witnesses[i];
        uint32_t at = 0;
        while (at < len && memcmp(log->witnesses[at].key, witness->key, KEY_SIZE) != 0)
            at++;
        if (!witness->holds)
            continue;
        log->witnesses[at] = *witness; /* checkpoints ascend */
        len += at == len;
    }
    log->witnesses_len = len;
}

void evidence_log_close(struct evidence *evidence)
{
    struct evidence_reading_log *reading = evidence->ledger.reading;
    bool was_open = reading->is_open;
    reading->is_open = false;
    if (!was_open || reading->is_passed) {
        reading->is_damaged = false;
        return;
    }
    struct evidence_log *log = open_log(&evidence->ledger);
    log->seals = reading->seals;
    if (!reading->is_damaged && log->seals != log->said)
        evidence_fail_log(evidence, CHECK_LOG, log, log->offset,
                          "it says %llu seals and has %llu",
                          (unsigned long long)log->said, (unsigned long long)log->seals);
    uint32_t last = reading->checkpoints_len;
    if (!reading->is_damaged && (last == 0 || reading->heads[last - 1].size != log->said))
        evidence_fail_log(evidence, CHECK_LOG, log, log->offset,
                          "no checkpoint that holds is of all its seals");
    merge_witnesses(log);
    log->has_failed = log->has_failed || reading->is_damaged;
    reading->is_damaged = false;
}

/* ---- a checkpoint ---- */

/* NULL, or why it is none of this log. The note's lines are looked at afterwards. */
static const char *why_no_checkpoint(const struct evidence_log *log,
                                     const struct evidence_reading_log *reading,
                                     const struct note *note,
                                     const struct checkpoint *checkpoint)
{
    uint32_t before = reading->checkpoints_len;
    struct note_key key;
    if (!bytes_equal_str(checkpoint->origin, log->origin))
        return "a checkpoint is of another log";
    note_key_init(&key, bytes_str(log->origin), NOTE_ED25519, log->key);
    if (note_verify(note, &key, NULL) != STATUS_OK)
        return "a checkpoint is not signed by the machine";
    if (checkpoint->size > log->said)
        return "a checkpoint is of more seals than the log";
    if (before > 0 && checkpoint->size <= reading->heads[before - 1].size)
        return "a checkpoint stands behind one of as many seals, or more";
    return NULL;
}

/* "fengqiao/" and the text of a key, which is written in one way alone. */
static bool read_witness(struct bytes name, uint8_t key[static KEY_SIZE])
{
    static const char prefix[] = "fengqiao/";
    char text[KEY_TEXT_SIZE], again[KEY_TEXT_SIZE];
    size_t len = strlen(prefix);
    if (name.len != len + KEY_TEXT_SIZE - 1 || memcmp(name.data, prefix, len) != 0)
        return false;
    memcpy(text, name.data + len, KEY_TEXT_SIZE - 1);
    text[KEY_TEXT_SIZE - 1] = '\0';
    if (!key_from_text(key, "fqk1", text))
        return false;
    key_to_text(again, "fqk1", key);
    return strcmp(again, text) == 0;
}

static bool is_repeated(const struct note *note, size_t number)
{
    const struct note_signature *signature = &note->signatures[number];
    for (size_t i = 0; i < number; i++)
        if (bytes_equal(note->signatures[i].name, signature->name) &&
            memcmp(note->signatures[i].key_id, signature->key_id, NOTE_KEY_ID_SIZE) == 0)
            return true;
    return false;
}

static void keep_witness(struct evidence *evidence, struct evidence_log *log,
                         const struct evidence_witness *witness)
{
    void *items = log->witnesses;
    if (!evidence_grow(&items, sizeof(*witness), log->witnesses_len,
                       &log->witnesses_capacity)) {
        evidence->failed_memory = true;
        return;
    }
    log->witnesses = items;
    log->witnesses[log->witnesses_len++] = *witness;
}

/* One line below the text, which is not the machine's own signature. */
static void check_cosignature(struct evidence *evidence, struct evidence_log *log,
                              const struct note *note, size_t number,
                              const struct checkpoint *checkpoint, uint64_t offset)
{
    const struct note_signature *signature = &note->signatures[number];
    struct evidence_witness witness = {.size = checkpoint->size};
    struct note_key key;
    bool is_ours = read_witness(signature->name, witness.key);
    if (is_ours) {
        note_key_init(&key, signature->name, NOTE_COSIGNATURE, witness.key);
        is_ours = memcmp(key.id, signature->key_id, NOTE_KEY_ID_SIZE) == 0;
    }
    if (!is_ours) { /* its key comes another way, to whoever knows it */
        log->unknown++;
        return;
    }
    if (is_repeated(note, number)) /* all lines of a key are judged by the first */
        return;
    if (note_verify(note, &key, &witness.time) != STATUS_OK) {
        char text[KEY_TEXT_SIZE];
        key_to_text(text, "fqk1", witness.key);
        evidence_fail_log(evidence, CHECK_COSIGNED, log, offset,
                          "the cosignature of %s below the checkpoint of %llu seals does "
                          "not hold",
                          text, (unsigned long long)checkpoint->size);
        return;
    }
    evidence->passed[CHECK_COSIGNED]++;
    keep_witness(evidence, log, &witness);
}

/* Is the head that comes next of as many seals as there are now? Then it has their root.
 */
static void check_root(struct evidence *evidence, struct evidence_log *log)
{
    struct evidence_reading_log *reading = evidence->ledger.reading;
    struct merkle_hash root;
    if (reading->checkpoints_next == reading->checkpoints_len)
        return;
    const struct evidence_head_of *head = &reading->heads[reading->checkpoints_next];
    if (head->size != reading->seals)
        return;
    reading->checkpoints_next++;
    if (reading->is_broken)
        return;
    merkle_stack_root(&reading->stack, &root);
    if (!merkle_equal(&root, &head->root)) {
        evidence_fail_log(evidence, CHECK_LOG, log, head->offset,
                          "its first %llu seals have another root than their checkpoint",
                          (unsigned long long)head->size);
        return;
    }
    for (uint32_t i = 0; i < log->witnesses_len; i++)
        log->witnesses[i].holds =
            log->witnesses[i].holds || log->witnesses[i].size == head->size;
}

static void take_checkpoint(struct evidence *evidence, struct evidence_log *log,
                            const struct evidence_entry *entry)
{
    struct evidence_reading_log *reading = evidence->ledger.reading;
    struct checkpoint checkpoint;
    struct note note;
    struct err err = {0};
    enum status status = checkpoint_read_note(&checkpoint, &note, entry->op, &err);
    const char *why = status != STATUS_OK
                          ? err_text(&err, status)
                          : why_no_checkpoint(log, reading, &note, &checkpoint);
    if (why) {
        evidence_fail_log(evidence, CHECK_LOG, log, entry->offset, "%s", why);
        return;
    }
    reading->heads[reading->checkpoints_len++] = (struct evidence_head_of){
        .offset = entry->offset, .size = checkpoint.size, .root = checkpoint.root};
    for (size_t i = 0; i < note.signatures_len; i++)
        if (!bytes_equal_str(note.signatures[i].name, log->origin))
            check_cosignature(evidence, log, &note, i, &checkpoint, entry->offset);
    check_root(evidence, log); /* of a log without seals */
}

void evidence_log_checkpoint(struct evidence *evidence,
                             const struct evidence_entry *entry)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    struct evidence_reading_log *reading = ledger->reading;
    if (!reading->is_open)
        fail_place(evidence, entry->offset, "a checkpoint stands in no seal log");
    if (!reading->is_open || reading->is_passed)
        return;
    struct evidence_log *log = open_log(ledger);
    if (reading->seals > 0)
        evidence_fail_log(evidence, CHECK_LOG, log, entry->offset,
                          "a checkpoint stands behind its seals");
    else if (reading->checkpoints++ >= EVIDENCE_CHECKPOINTS_MAX)
        evidence_fail_log(evidence, CHECK_LOG, log, entry->offset,
                          "there are more checkpoints than the %u that are judged",
                          EVIDENCE_CHECKPOINTS_MAX);
    else
        take_checkpoint(evidence, log, entry);
}

/* ---- a seal ---- */

static void read_seal(struct evidence *evidence, struct evidence_log *log,
                      const struct evidence_entry *entry)
{
    struct evidence_reading_log *reading = evidence->ledger.reading;
    unsigned long long number = reading->seals;
    struct err err = {0};
    enum status status = seal_read(&reading->seal, entry->op, &err);
    reading->has_seal = status == STATUS_OK;
    if (!reading->has_seal)
        evidence_fail_log(evidence, CHECK_LOG, log, entry->offset,
                          "seal %llu cannot be read: %s", number, err_text(&err, status));
    else if (number == 1 && reading->seal.kind != SEAL_BEGIN)
        evidence_fail_log(evidence, CHECK_LOG, log, entry->offset,
                          "the first seal does not begin a log");
    else if (number == 1 && reading->seal.has_former)
        memcpy(log->former, reading->seal.former.origin, sizeof(log->former));
}

void evidence_log_seal(struct evidence *evidence, const struct evidence_entry *entry)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    struct evidence_reading_log *reading = ledger->reading;
    if (!reading->is_open)
        fail_place(evidence, entry->offset, "a seal stands in no seal log");
    if (!reading->is_open || reading->is_passed)
        return;
    struct evidence_log *log = open_log(ledger);
    struct merkle_hash leaf;
    reading->seals++;
    reading->tree_next = 0;
    reading->has_seal = false;
    if (reading->seals > log->said) /* told when the log is closed */
        return;
    read_seal(evidence, log, entry);
    merkle_leaf(&leaf, entry->op.data, entry->op.len);
    merkle_stack_add(&reading->stack, &leaf);
    check_root(evidence, log);
}

/* ---- damage ---- */

void evidence_log_gap(struct evidence *evidence, enum evidence_entry_kind kind)
{
    struct evidence_reading_log *reading = evidence->ledger.reading;
    if (kind == ENTRY_LOG) {
        evidence_log_close(evidence);
        begin_reading(&evidence->ledger, true);
    }
    if (!reading->is_open)
        return;
    reading->is_damaged = true;
    if (kind == ENTRY_CHECKPOINT)
        return;
    reading->is_broken = reading->is_broken || kind != ENTRY_OPENED;
    reading->seals += kind == ENTRY_SEAL;
    reading->tree_next = 0;
    reading->has_seal = reading->has_seal && kind == ENTRY_OPENED;
}

const char *evidence_log_life(const struct evidence_log *log)
{
    return log->origin + SEAL_ORIGIN_SIZE - 1 - (ptrdiff_t)(2 * SEAL_LIFE_SIZE);
}
