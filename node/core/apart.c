#include "node/core/apart.h"

#include "crypto/digest.h"
#include "node/core/purge.h"
#include "node/core/state.h"

enum status apart_put(struct core *core, const struct id *from, const struct id *op,
                      struct bytes bytes, const char *reason)
{
    struct op decoded;
    bool is_recalled = false;
    /* What was recalled is not kept, whatever is wrong with it; purge.c drops what is. */
    if (op_decode_bytes(&decoded, bytes, NULL) == STATUS_OK && !decoded.is_founding) {
        enum status status = purge_is_recalled(core, &decoded.scope, &is_recalled);
        if (status != STATUS_OK || is_recalled)
            return status;
    }
    struct store_quarantine apart = {
        .site = *from,
        .wall = core->wall,
        .reason = bytes_str(reason),
        .bytes = bytes,
    };
    if (op != NULL)
        apart.op = *op;
    digest_of(apart.digest.bytes, "fengqiao/1/quarantine", bytes.data, bytes.len);
    return core_check(core, store_quarantine_add(core->store, &apart));
}
