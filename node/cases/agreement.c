/*
 * An agreement binds the parties that it names: at least two, and in a case of a minor by
 * their roles alone. Of what was erased nothing is asked any more.
 */
#include "node/cases/fold_state.h"
#include "node/cases/minor.h"

enum effect agreement_judge(const struct fold *fold, uint32_t node)
{
    struct pack_reader reader;
    uint32_t count;
    if (!schema_list(fold_op(fold, node), "parties", &reader, &count))
        return EFFECT_YES;
    if (count < 2)
        return EFFECT_ONE_PARTY;
    return fold_is_minor(fold) && !minor_are_parties(&reader, count) ? EFFECT_NAMES_MINOR
                                                                     : EFFECT_YES;
}
