#include "node/cases/retire.h"

#include <stdlib.h>

#include "node/cases/graph.h"
#include "node/cases/schema.h"

const char *retire_text(enum retire_what what)
{
    static const char *const texts[] = {"nothing", "identities", "contents"};
    return texts[what];
}

enum retire_what retire_from_text(struct bytes text)
{
    if (bytes_equal_str(text, "identities"))
        return RETIRE_IDENTITIES;
    return bytes_equal_str(text, "contents") ? RETIRE_CONTENTS : RETIRE_NOTHING;
}

/* A number is never given twice, a record that went up can be recalled, and what was
 * erased, kept and why is what this is about. Facts decide about effect; of the word why
 * nobody could wait it is enough that there was one. */
static bool stays(const struct op *op, const struct op_field *field)
{
    static const char *const kinds[] = {"sent", "keep", "retire"};
    if (op_is_kind(op, "sent") && bytes_equal_str(field->name, "danger"))
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (op_is_kind(op, kinds[i]))
            return true;
    if (op_is_kind(op, "case-new"))
        return bytes_equal_str(field->name, "number") ||
               bytes_equal_str(field->name, "minor");
    return op_is_kind(op, "cover");
}

uint32_t retire_mask(const struct op *op, enum retire_what what)
{
    uint32_t mask = what == RETIRE_NOTHING ? ~0u : 0;
    for (uint32_t i = 0; i < op->fields_len; i++) {
        const struct op_field *field = &op->fields[i];
        bool is_sealed =
            op_is_kind(op, "identity") && bytes_equal_str(field->name, "sealed");
        if (what == RETIRE_IDENTITIES ? !is_sealed : stays(op, field))
            mask |= 1u << i;
    }
    return mask;
}

bool retire_is_due(const struct op *op, enum retire_what what)
{
    return op_shows_more(op, retire_mask(op, what));
}

enum status retire_erase(struct op *op, uint32_t keeps, struct buf *out)
{
    struct id id = op->id;
    enum status status = op_rebuild(op);
    if (status != STATUS_OK)
        return status;
    if (!id_equal(&id, &op->id))
        return STATUS_CORRUPT;
    op_encode(op, keeps, out);
    return buf_status(out);
}

/* Everything at or beneath the heads that this retirement names loses at least that. */
static enum status apply(struct graph *graph, const struct op *const *ops,
                         const struct id *retirement, bool *seeds, bool *marks,
                         enum retire_what *what)
{
    uint32_t node = graph_find(graph, retirement), count = 0;
    struct pack_reader reader;
    struct bytes text;
    if (node == GRAPH_NONE)
        return STATUS_NOT_FOUND;
    const struct op *op = ops[graph->nodes[node].source];
    enum retire_what said =
        op_text(op, "what", &text) ? retire_from_text(text) : RETIRE_NOTHING;
    for (uint32_t i = 0; i < graph->len; i++)
        seeds[i] = false;
    if (!schema_list(op, "heads", &reader, &count))
        return STATUS_OK; /* it was withheld: nothing is known of it */
    for (uint32_t i = 0; i < count; i++) {
        struct id head;
        if (!schema_next_id(&reader, &head)) /* never: it fitted */
            return STATUS_INVALID;
        uint32_t at = graph_find(graph, &head);
        if (at != GRAPH_NONE)
            seeds[at] = true;
    }
    graph_mark_before(graph, seeds, marks);
    for (uint32_t i = 0; i < graph->len; i++) {
        uint32_t source = graph->nodes[i].source;
        if ((seeds[i] || marks[i]) && what[source] < said)
            what[source] = said;
    }
    return STATUS_OK;
}

enum status retire_plan(const struct op *const *ops, uint32_t len,
                        const struct id *retirements, uint32_t retirements_len,
                        enum retire_what *what)
{
    struct graph graph;
    enum status status = graph_init(&graph, ops, len);
    if (status != STATUS_OK)
        return status;
    bool *seeds = calloc(graph.len, sizeof(*seeds));
    bool *marks = calloc(graph.len, sizeof(*marks));
    if (seeds == NULL || marks == NULL)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < len; i++)
        what[i] = RETIRE_NOTHING;
    for (uint32_t i = 0; status == STATUS_OK && i < retirements_len; i++)
        status = apply(&graph, ops, &retirements[i], seeds, marks, what);
    free(seeds);
    free(marks);
    graph_deinit(&graph);
    return status;
}
