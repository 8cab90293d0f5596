#include "tests/unit/cli/check_bytes.h"

#include <assert.h>
#include <stdint.h>

enum status check_bytes(struct evidence *evidence, struct bytes bytes,
                        const struct id *trust)
{
    static char empty[1];
    struct err err = {0};
    FILE *file = bytes.len > 0 ? fmemopen((void *)(uintptr_t)bytes.data, bytes.len, "r")
                               : fmemopen(empty, 0, "r");
    assert(file);
    *evidence = (struct evidence){0};
    enum status status = evidence_check_stream(evidence, file, trust, NULL, &err);
    (void)fclose(file); /* it was only read */
    return status;
}
