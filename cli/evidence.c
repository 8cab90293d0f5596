#include "cli/evidence.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"

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

bool evidence_may_keep(struct evidence *evidence, size_t len)
{
    if (len > EVIDENCE_KEPT_MAX - evidence->kept)
        return false;
    evidence->kept += len;
    return true;
}

/* What the head names has to be here. */
static void check_named(struct evidence *evidence)
{
    struct evidence_culprit whole = {0};
    const struct evidence_head *head = &evidence->head;
    if (evidence->is_named_here) /* where it fails that is said */
        return;
    evidence_fail(
        evidence, CHECK_SCOPE, &whole, "the %s that the head names is not in the file",
        head->about == EVIDENCE_PERIOD ? "site" : evidence_about_text(head->about));
}

enum status evidence_check_stream(struct evidence *evidence, FILE *file,
                                  const struct id *trust, struct progress *progress,
                                  struct err *err)
{
    struct evidence_stream stream;
    struct evidence_section *section = calloc(1, sizeof(*section));
    enum status status = STATUS_NO_MEMORY;
    evidence->charters_index = calloc(1, sizeof(*evidence->charters_index));
    evidence->ledger.reading = calloc(1, sizeof(*evidence->ledger.reading));
    evidence->proofs_err = err;
    if (!section || !evidence->charters_index || !evidence->ledger.reading ||
        !evidence_stream_open(&stream, file))
        goto free_section;
    status = evidence_read(evidence, &stream, section, progress, err);
    if (status == STATUS_OK && evidence->has_head) {
        evidence_check_chain(evidence, trust);
        check_named(evidence);
        evidence_check_ledger(evidence);
        evidence_name_signers(evidence);
    }
    if (status == STATUS_OK && evidence->failed_memory)
        status = STATUS_NO_MEMORY;
    evidence_section_deinit(section);
    evidence_stream_close(&stream);
free_section:
    free(section);
    return status;
}

uint64_t evidence_failed(const struct evidence *evidence)
{
    uint64_t failed = 0;
    for (int check = 0; check < EVIDENCE_CHECKS; check++)
        failed += evidence->failed[check];
    return failed;
}

bool evidence_holds(const struct evidence *evidence)
{
    assert(!evidence->failed_memory); /* or nobody asks for a verdict */
    bool holds = evidence_failed(evidence) == 0;
    /* What is not judged rests on a record that fails; nothing is no evidence. */
    assert(!holds || evidence->not_judged == 0);
    assert(!holds || evidence->records > 0);
    return holds;
}

void evidence_deinit(struct evidence *evidence)
{
    for (uint32_t i = 0; i < evidence->failures_len; i++) {
        free(evidence->failures[i].reason);
        buf_deinit(&evidence->failures[i].bytes);
    }
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        charter_free(evidence->scopes[i].charter);
        free(evidence->scopes[i].heads);
        free(evidence->scopes[i].exception.reason);
    }
    if (evidence->charters_index)
        evidence_index_deinit(evidence->charters_index);
    free(evidence->charters_index);
    evidence_ledger_deinit(&evidence->ledger);
    free(evidence->scopes);
    free(evidence->failures);
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
    for (uint32_t i = 0; i < evidence->charters_len; i++) {
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
