#include "cli/evidence.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"

#define PIECE ((size_t)256 * 1024) /* read at once */

bool evidence_grow(void **items, size_t size, uint32_t len, uint32_t *capacity)
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
    if (!evidence_grow(&items, sizeof(*evidence->records), evidence->records_len,
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
    if (!evidence_grow(&items, sizeof(*evidence->scopes), evidence->scopes_len,
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

__attribute__((format(printf, 4, 0))) static void
add_failure(struct evidence *evidence, enum evidence_check check,
            const struct evidence_culprit *culprit, const char *format, va_list arguments)
{
    evidence->failed[check]++;
    void *items = evidence->failures;
    char *reason;
    if (vasprintf(&reason, format, arguments) < 0) {
        evidence->failed_memory = true;
        return;
    }
    if (!evidence_grow(&items, sizeof(*evidence->failures), evidence->failures_len,
                       &evidence->failures_capacity)) {
        free(reason);
        evidence->failed_memory = true;
        return;
    }
    evidence->failures = items;
    struct evidence_failure *failure = &evidence->failures[evidence->failures_len++];
    *failure = (struct evidence_failure){.check = check,
                                         .offset = culprit->offset,
                                         .bytes = culprit->bytes,
                                         .reason = reason};
    if (culprit->op) {
        failure->has_op = true;
        failure->op = *culprit->op;
    }
    if (culprit->author) {
        failure->has_author = true;
        memcpy(failure->author, culprit->author, sizeof(failure->author));
    }
    assert(culprit->kind.len < sizeof(failure->kind)); /* of an op that was decoded */
    if (culprit->kind.len > 0)
        memcpy(failure->kind, culprit->kind.data, culprit->kind.len);
}

void evidence_fail(struct evidence *evidence, enum evidence_check check,
                   const struct evidence_culprit *culprit, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_failure(evidence, check, culprit, format, arguments);
    va_end(arguments);
}

void evidence_fail_record(struct evidence *evidence, enum evidence_check check,
                          uint32_t number, const char *format, ...)
{
    const struct evidence_record *record = &evidence->records[number];
    const struct op *op = evidence_op(evidence, evidence->held, number);
    struct evidence_culprit culprit = {.op = &record->id,
                                       .author = op->author,
                                       .kind = op->kind,
                                       .offset = record->offset};
    va_list arguments;
    va_start(arguments, format);
    add_failure(evidence, check, &culprit, format, arguments);
    va_end(arguments);
}

/* The size of a plain file is known before: no growing, and no memory for a giant. */
static enum status make_room(struct evidence *evidence, FILE *file, struct err *err)
{
    struct stat stat;
    int fd = fileno(file);
    if (fd < 0 || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
        return STATUS_OK;
    if (stat.st_size > EVIDENCE_SIZE_MAX)
        return err_set(err, STATUS_TOO_LARGE, "the file has more than 1 GiB");
    if (!buf_reserve(&evidence->bytes, (size_t)stat.st_size + PIECE))
        return err_set(err, STATUS_NO_MEMORY, "there is not enough memory for the file");
    return STATUS_OK;
}

enum status evidence_load(struct evidence *evidence, FILE *file, struct err *err)
{
    enum status status = make_room(evidence, file, err);
    if (status != STATUS_OK)
        return status;
    for (;;) {
        uint8_t *room = buf_reserve(&evidence->bytes, PIECE);
        if (!room)
            return err_set(err, STATUS_NO_MEMORY,
                           "there is not enough memory for the file");
        size_t got = fread(room, 1, PIECE, file);
        evidence->bytes.len += got;
        if (evidence->bytes.len > EVIDENCE_SIZE_MAX)
            return err_set(err, STATUS_TOO_LARGE, "the file has more than 1 GiB");
        if (got < PIECE)
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
    evidence->held = evidence_held_new();
    if (!evidence->held)
        evidence->failed_memory = true;
    if (!evidence->failed_memory)
        evidence_check_scopes(evidence, trust);
    evidence_held_free(evidence->held);
    evidence->held = NULL;
    if (!evidence->failed_memory)
        evidence_name_signers(evidence);
    return evidence->failed_memory ? STATUS_NO_MEMORY : STATUS_OK;
}

bool evidence_holds(const struct evidence *evidence)
{
    assert(!evidence->failed_memory); /* or nobody asks for a verdict */
    bool holds = evidence->failures_len == 0;
    /* What is not judged rests on a record that fails; nothing is no escalation. */
    assert(!holds || evidence->not_judged == 0);
    assert(!holds || evidence->records_len > 0);
    return holds;
}

void evidence_deinit(struct evidence *evidence)
{
    for (uint32_t i = 0; i < evidence->failures_len; i++)
        free(evidence->failures[i].reason);
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        charter_free(evidence->scopes[i].charter);
        free(evidence->scopes[i].heads);
    }
    free(evidence->records);
    free(evidence->scopes);
    free(evidence->by_scope);
    free(evidence->failures);
    evidence_index_free(evidence->index);
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
