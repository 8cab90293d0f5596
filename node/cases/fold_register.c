/*
 * Registers: of all that was written those stay that no other write has seen.
 */
#include "node/cases/fold_state.h"

void fold_keep_latest(struct fold *fold)
{
    graph_mark_before(&fold->graph, fold->seeds, fold->marks);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        fold->seeds[i] = fold->seeds[i] && !fold->marks[i];
}

static bool writes_differ(const struct fold_write *writes, uint32_t len)
{
    for (uint32_t i = 1; i < len; i++)
        if (writes[i].is_shown != writes[0].is_shown ||
            !bytes_equal(writes[i].value, writes[0].value))
            return true;
    return false;
}

void fold_sum_register(struct fold *fold, const char *name, const char *field)
{
    struct fold_sum *sum = &fold->sum;
    struct fold_register entry = {.name = name, .first = sum->writes_len};
    struct fold_write *writes = &sum->writes[entry.first];
    fold_keep_latest(fold);
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        if (!fold->seeds[i])
            continue;
        struct fold_write *write = &writes[entry.len++];
        write->node = i;
        write->is_shown = fold_value(fold, i, field, &write->value);
    }
    if (entry.len == 0)
        return;
    entry.is_conflict = writes_differ(writes, entry.len);
    sum->writes_len += entry.len;
    sum->registers[sum->registers_len++] = entry;
}
