/*
 * Who signed a record that fails? Happy path: the op decodes, and its author stands
 * there. Where the author's own bytes are damaged, the recorded id tells which known key
 * belongs there; where the op does not decode, the first known key in its bytes is the
 * author's, which stands before any other.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"
#include "proto/pack.h"

/* A file full of broken records does not make us try keys for ever. */
#define TRIES_MAX 65536

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

/* Does the op get its recorded id under another author's key? A proof: the id is a hash
 * of header and signature. */
static const uint8_t *true_author(struct evidence *evidence,
                                  const struct evidence_failure *failure,
                                  struct bytes bytes)
{
    struct op *op = malloc(sizeof(*op));
    const uint8_t *found = NULL;
    if (!op || op_decode_bytes(op, bytes, NULL) != STATUS_OK)
        goto free_op;
    for (uint32_t i = 0; i < evidence->keys_len && evidence->tries < TRIES_MAX && !found;
         i++) {
        evidence->tries++;
        memcpy(op->author, evidence->keys[i], 32);
        if (op_rebuild(op) == STATUS_OK && id_equal(&op->id, &failure->op))
            found = evidence->keys[i];
    }
free_op:
    free(op);
    return found;
}

static const uint8_t *first_known_key(const struct evidence *evidence, struct bytes bytes)
{
    const uint8_t *first = NULL;
    for (uint32_t i = 0; i < evidence->keys_len; i++) {
        const uint8_t *found = memmem(bytes.data, bytes.len, evidence->keys[i], 32);
        if (found && (!first || found < first))
            first = found;
    }
    return first;
}

/* Elements 2 and 3 of op bytes, as far as they can be read. */
static void read_plainly(struct evidence_failure *failure, struct bytes bytes,
                         const uint8_t **author)
{
    struct pack_reader reader = pack_reader_of(bytes);
    struct pack_item item;
    struct bytes raw;
    if (pack_next(&reader, &item, NULL) != STATUS_OK ||
        pack_value(&reader, 1, &raw, NULL) != STATUS_OK ||
        pack_value(&reader, 1, &raw, NULL) != STATUS_OK ||
        pack_read_str(&reader, &raw, NULL) != STATUS_OK)
        return;
    if (raw.len < sizeof(failure->kind))
        memcpy(failure->kind, raw.data, raw.len);
    if (pack_read_bin(&reader, &raw, NULL) == STATUS_OK && raw.len == 32 && !*author)
        *author = raw.data;
}

static void learn_members(struct evidence *evidence, const struct charter *charter)
{
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        evidence_learn_key(evidence, persons[i].key);
    const struct charter_node *nodes = charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++)
        evidence_learn_key(evidence, nodes[i].key);
}

void evidence_name_signer(struct evidence *evidence, struct evidence_failure *failure,
                          struct bytes bytes)
{
    const uint8_t *author = NULL;
    if (failure->has_author && evidence_knows_key(evidence, failure->author))
        return;
    if (failure->has_author) {
        author = true_author(evidence, failure, bytes);
    } else {
        author = first_known_key(evidence, bytes);
        read_plainly(failure, bytes, &author);
    }
    if (author) {
        failure->has_author = true;
        memcpy(failure->author, author, sizeof(failure->author));
    }
}

void evidence_name_signers(struct evidence *evidence)
{
    for (uint32_t i = 0; i < evidence->charters_len && evidence->failures_len > 0; i++) {
        if (evidence->scopes[i].charter)
            learn_members(evidence, evidence->scopes[i].charter);
    }
    for (uint32_t i = 0; i < evidence->failures_len; i++) {
        struct evidence_failure *failure = &evidence->failures[i];
        if (failure->bytes.len > 0)
            evidence_name_signer(evidence, failure, buf_bytes(&failure->bytes));
        buf_deinit(&failure->bytes);
    }
}
