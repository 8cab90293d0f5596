#include "node/core/proposal.h"

#include "node/core/charters.h"
#include "node/core/digits.h"
#include "node/core/refold.h"
#include "node/core/state.h"

enum status proposal_lacks(struct core *core, const struct id *op, uint32_t *lacks)
{
    struct charter *own;
    struct charter_proposal proposal;
    uint32_t at = 0;
    *lacks = 0;
    enum status status = core_check(core, refold_if_touched(core, &core->site));
    if (status == STATUS_OK)
        status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    while (charter_next_proposal(own, &at, &proposal))
        if (id_equal(&proposal.op, op))
            *lacks = proposal.need - proposal.words_len;
    return STATUS_OK;
}

enum status proposal_find(struct core *core, struct bytes text,
                          struct charter_proposal *found, struct err *err)
{
    struct charter *own;
    struct charter_proposal proposal;
    struct digits digits;
    uint32_t at = 0, count = 0;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    bool is_id = digits_read(&digits, text, OP_TEXT_MIN);
    while (is_id && charter_next_proposal(own, &at, &proposal)) {
        if (!digits_match(&digits, &proposal.op))
            continue;
        *found = proposal;
        count++;
    }
    if (count == 0)
        return err_set(err, STATUS_NOT_FOUND,
                       "nothing that waits for stewards has that id; see: fengqiao "
                       "quorum show");
    if (count > 1)
        return err_set(err, STATUS_CONFLICT,
                       "several have an id that begins so; give more digits");
    return STATUS_OK;
}
