#include "node/cases/detached.h"

#include "node/cases/fold.h"

uint32_t detached_mask(const struct op *attach)
{
    uint32_t mask = 0;
    for (uint32_t i = 0; i < attach->fields_len; i++) {
        struct bytes name = attach->fields[i].name;
        if (bytes_equal_str(name, "size") || bytes_equal_str(name, "type"))
            mask |= 1u << i;
    }
    return mask;
}

/* It stands before the op that names it: the fold saw to it. */
static void mark(const struct op *const *ops, uint32_t before, const struct id *attach,
                 bool *is_detached)
{
    for (uint32_t i = 0; i < before; i++)
        is_detached[i] |= id_equal(&ops[i]->id, attach);
}

void detached_mark(const struct op *const *ops, uint32_t len,
                   const struct fold_result *folded, bool *is_detached)
{
    for (uint32_t i = 0; i < len; i++) {
        struct id attach;
        is_detached[i] = false;
        if (op_is_kind(ops[i], "detach") && op_id(ops[i], "attachment", &attach) &&
            fold_effect_of(folded, &ops[i]->id) == EFFECT_YES)
            mark(ops, i, &attach, is_detached);
    }
}
