#include "cli/evidence.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/rng.h"
#include "node/cases/charter.h"

/* Open addressing over ids. Ids in a file are whatever its maker wrote, so that slots
 * come from a hash under a key of our own. */
struct evidence_index {
    uint8_t key[32];
    uint32_t slots_len, used;
    struct evidence_slot {
        struct id id;
        uint32_t record;
    } * slots;
};

static uint32_t slot_of(const struct evidence_index *index, const struct id *id)
{
    uint8_t hash[16];
    digest_keyed(hash, sizeof(hash), index->key, "fengqiao/1/index", id->bytes, ID_SIZE);
    uint32_t at;
    memcpy(&at, hash, sizeof(at));
    at &= index->slots_len - 1;
    while (index->slots[at].record != EVIDENCE_NONE &&
           !id_equal(&index->slots[at].id, id))
        at = (at + 1) & (index->slots_len - 1);
    return at;
}

static bool index_resize(struct evidence_index *index, uint32_t slots_len)
{
    struct evidence_index next = *index;
    next.slots_len = slots_len;
    next.slots = malloc((size_t)slots_len * sizeof(*next.slots));
    if (!next.slots)
        return false;
    for (uint32_t i = 0; i < slots_len; i++)
        next.slots[i].record = EVIDENCE_NONE;
    for (uint32_t i = 0; i < index->slots_len; i++) {
        if (index->slots[i].record != EVIDENCE_NONE)
            next.slots[slot_of(&next, &index->slots[i].id)] = index->slots[i];
    }
    free(index->slots);
    *index = next;
    return true;
}

uint32_t evidence_find(const struct evidence *evidence, const struct id *id)
{
    const struct evidence_index *index = evidence->index;
    if (!index)
        return EVIDENCE_NONE;
    return index->slots[slot_of(index, id)].record;
}

void evidence_remember(struct evidence *evidence, const struct id *id, uint32_t record)
{
    if (!evidence->index) {
        struct rng rng = rng_system();
        evidence->index = calloc(1, sizeof(*evidence->index));
        if (!evidence->index || !index_resize(evidence->index, 1024)) {
            free(evidence->index);
            evidence->index = NULL;
            evidence->failed_memory = true;
            return;
        }
        rng_fill(&rng, "index", NULL, evidence->index->key, 32);
    }
    struct evidence_index *index = evidence->index;
    if (index->used >= index->slots_len / 2 &&
        !index_resize(index, index->slots_len * 2)) {
        evidence->failed_memory = true;
        return;
    }
    struct evidence_slot *slot = &index->slots[slot_of(index, id)];
    if (slot->record != EVIDENCE_NONE)
        return;
    *slot = (struct evidence_slot){*id, record};
    index->used++;
}

/* Room for one more of size bytes in a growing array; false without memory. */
static bool grow(void **items, size_t size, uint32_t len, uint32_t *capacity)
{
    if (len < *capacity)
        return true;
    uint32_t more = *capacity + *capacity / 2 + 64;
    void *grown = realloc(*items, (size_t)more * size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = more;
    return true;
}

uint32_t evidence_add_record(struct evidence *evidence)
{
    void *items = evidence->records;
    if (!grow(&items, sizeof(*evidence->records), evidence->records_len,
              &evidence->records_capacity)) {
        evidence->failed_memory = true;
        return EVIDENCE_NONE;
    }
    evidence->records = items;
    evidence->records[evidence->records_len] =
        (struct evidence_record){.scope = EVIDENCE_NONE};
    return evidence->records_len++;
}

uint32_t evidence_add_scope(struct evidence *evidence, uint32_t founding)
{
    void *items = evidence->scopes;
    if (!grow(&items, sizeof(*evidence->scopes), evidence->scopes_len,
              &evidence->scopes_capacity)) {
        evidence->failed_memory = true;
        return EVIDENCE_NONE;
    }
    evidence->scopes = items;
    evidence->scopes[evidence->scopes_len] =
        (struct evidence_scope){.founding = founding};
    return evidence->scopes_len++;
}

bool evidence_knows_key(const struct evidence *evidence, const uint8_t key[static 32])
{
    for (uint32_t i = 0; i < evidence->keys_len; i++) {
        if (memcmp(evidence->keys[i], key, 32) == 0)
            return true;
    }
    return false;
}

void evidence_learn_key(struct evidence *evidence, const uint8_t key[static 32])
{
    if (!evidence_knows_key(evidence, key) && evidence->keys_len < EVIDENCE_KEYS_MAX)
        memcpy(evidence->keys[evidence->keys_len++], key, 32);
}

struct evidence_culprit evidence_culprit_of(const struct evidence_record *record)
{
    return (struct evidence_culprit){
        .op = &record->id,
        .author = record->op ? record->op->author : NULL,
        .kind = record->op ? record->op->kind : (struct bytes){0},
        .offset = record->offset,
    };
}

void evidence_fail(struct evidence *evidence, enum evidence_check check,
                   const struct evidence_culprit *culprit, const char *format, ...)
{
    evidence->failed[check]++;
    void *items = evidence->failures;
    if (!grow(&items, sizeof(*evidence->failures), evidence->failures_len,
              &evidence->failures_capacity)) {
        evidence->failed_memory = true;
        return;
    }
    evidence->failures = items;
    struct evidence_failure *failure = &evidence->failures[evidence->failures_len++];
    *failure = (struct evidence_failure){
        .check = check, .offset = culprit->offset, .bytes = culprit->bytes};
    if (culprit->op) {
        failure->has_op = true;
        failure->op = *culprit->op;
    }
    if (culprit->author) {
        failure->has_author = true;
        memcpy(failure->author, culprit->author, sizeof(failure->author));
    }
    if (culprit->kind.len > 0 && culprit->kind.len < sizeof(failure->kind))
        memcpy(failure->kind, culprit->kind.data, culprit->kind.len);
    va_list arguments;
    va_start(arguments, format);
    /* A reason that is cut still tells which record. */
    (void)vsnprintf(failure->reason, sizeof(failure->reason), format, arguments);
    va_end(arguments);
}

enum status evidence_load(struct evidence *evidence, FILE *file, struct err *err)
{
    const size_t piece = 256u * 1024;
    for (;;) {
        uint8_t *room = buf_reserve(&evidence->bytes, piece);
        if (!room)
            return err_set(err, STATUS_NO_MEMORY,
                           "there is not enough memory for the file");
        size_t got = fread(room, 1, piece, file);
        evidence->bytes.len += got;
        if (evidence->bytes.len > EVIDENCE_SIZE_MAX)
            return err_set(err, STATUS_TOO_LARGE, "the file has more than 1 GiB");
        if (got < piece)
            break;
    }
    if (ferror(file))
        return err_set(err, STATUS_IO, "the file cannot be read: %s", strerror(errno));
    return STATUS_OK;
}

enum status evidence_check_all(struct evidence *evidence, const struct id *trust,
                               struct progress *progress)
{
    evidence_read_records(evidence, progress);
    if (!evidence->failed_memory)
        evidence_check_scopes(evidence, trust);
    if (!evidence->failed_memory)
        evidence_name_signers(evidence);
    return evidence->failed_memory ? STATUS_NO_MEMORY : STATUS_OK;
}

bool evidence_holds(const struct evidence *evidence)
{
    return !evidence->failed_memory && evidence->failures_len == 0 &&
           evidence->not_judged == 0 && evidence->records_len > 0;
}

void evidence_deinit(struct evidence *evidence)
{
    for (uint32_t i = 0; i < evidence->records_len; i++)
        free(evidence->records[i].op);
    for (uint32_t i = 0; i < evidence->scopes_len; i++)
        charter_free(evidence->scopes[i].charter);
    free(evidence->records);
    free(evidence->scopes);
    free(evidence->by_scope);
    free(evidence->failures);
    if (evidence->index)
        free(evidence->index->slots);
    free(evidence->index);
    buf_deinit(&evidence->bytes);
    *evidence = (struct evidence){0};
}

const char *evidence_check_name(enum evidence_check check)
{
    static const char *const names[EVIDENCE_CHECKS] = {
#define EVIDENCE_CHECK_NAME(name, word, text) word,
        EVIDENCE_CHECK_LIST(EVIDENCE_CHECK_NAME)
#undef EVIDENCE_CHECK_NAME
    };
    return names[check];
}

const char *evidence_check_text(enum evidence_check check)
{
    static const char *const texts[EVIDENCE_CHECKS] = {
#define EVIDENCE_CHECK_TEXT(name, word, text) text,
        EVIDENCE_CHECK_LIST(EVIDENCE_CHECK_TEXT)
#undef EVIDENCE_CHECK_TEXT
    };
    return texts[check];
}

const char *evidence_name_of(const struct evidence *evidence,
                             const uint8_t key[static 32])
{
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        const struct charter *charter = evidence->scopes[i].charter;
        if (!charter)
            continue;
        size_t len;
        const struct charter_person *persons = charter_persons(charter, &len);
        for (size_t p = 0; p < len; p++) {
            if (memcmp(persons[p].key, key, 32) == 0)
                return persons[p].name;
        }
        const struct charter_node *nodes = charter_nodes(charter, &len);
        for (size_t n = 0; n < len; n++) {
            if (memcmp(nodes[n].key, key, 32) == 0)
                return nodes[n].name[0] ? nodes[n].name : charter_name(charter);
        }
    }
    return NULL;
}
