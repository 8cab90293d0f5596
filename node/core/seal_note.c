#include "node/core/seal_note.h"

#include "node/core/state.h"
#include "proto/checkpoint.h"
#include "proto/seal_proof.h"

void seal_note_sign(struct core *core, const char *origin, struct bytes text,
                    struct buf *note)
{
    note_add_text(note, text);
    note_sign(note, &core->node_pair, bytes_str(origin), text);
}

void seal_note_write(struct core *core, const char *origin, uint64_t size,
                     const struct merkle_hash *root, const struct seal_head *after,
                     struct buf *note)
{
    struct buf text = {0};
    checkpoint_write(&text, bytes_str(origin), size, root);
    if (after != NULL)
        seal_proof_add_after(&text, after->size, &after->root);
    if (buf_status(&text) == STATUS_OK)
        seal_note_sign(core, origin, buf_bytes(&text), note);
    note->failed = note->failed || text.failed;
    buf_deinit(&text);
}
