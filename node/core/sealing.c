#include "node/core/sealing.h"

#include <stdlib.h>

static bool to_buf(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return buf_status(context) == STATUS_OK;
}

enum status sealing_run(struct core *core, const uint8_t (*keys)[KEY_SIZE],
                        size_t keys_len, const struct id *scope, struct bytes payload,
                        struct buf *file)
{
    struct age_writer *writer = malloc(sizeof(*writer));
    if (writer == NULL)
        return STATUS_NO_MEMORY;
    enum age_verdict verdict =
        age_writer_begin(writer, keys, keys_len, &core->rng, scope->bytes, to_buf, file);
    if (verdict == AGE_MORE)
        verdict = age_writer_put(writer, payload.data, payload.len);
    if (verdict == AGE_MORE)
        verdict = age_writer_end(writer);
    age_writer_wipe(writer);
    free(writer);
    return verdict == AGE_WHOLE ? STATUS_OK : STATUS_NO_MEMORY;
}
