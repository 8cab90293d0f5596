#include "proto/checkpoint.h"

#include <assert.h>

void checkpoint_write(struct buf *out, struct bytes origin, uint64_t size,
                      const struct merkle_hash *root)
{
    assert(note_name_is_valid(origin));
    buf_add(out, origin.data, origin.len);
    buf_add_u8(out, '\n');
    tlog_line_add_number(out, NULL, size);
    tlog_line_add_hash(out, root);
}

/* Whole lines, none of them empty. */
static bool is_extension(struct bytes text)
{
    struct bytes line;
    while (text.len > 0)
        if (!tlog_line_take(&text, &line) || line.len == 0)
            return false;
    return true;
}

enum status checkpoint_read(struct checkpoint *checkpoint, struct bytes text,
                            struct err *err)
{
    struct bytes line;
    if (!tlog_line_take(&text, &checkpoint->origin) || checkpoint->origin.len == 0)
        return err_set(err, STATUS_INVALID,
                       "checkpoint: its first line does not name a log");
    if (!tlog_line_take(&text, &line) || !tlog_line_number(line, &checkpoint->size))
        return err_set(err, STATUS_INVALID,
                       "checkpoint: its second line is no number of leaves");
    if (!tlog_line_take(&text, &line) || !tlog_line_hash(line, &checkpoint->root))
        return err_set(err, STATUS_INVALID,
                       "checkpoint: its third line is not 32 bytes in base64");
    checkpoint->extension = text;
    if (!is_extension(text))
        return err_set(err, STATUS_INVALID,
                       "checkpoint: a line below the third is empty or has no end");
    return STATUS_OK;
}

enum status checkpoint_read_note(struct checkpoint *checkpoint, struct note *note,
                                 struct bytes bytes, struct err *err)
{
    enum status status = note_read(note, bytes, err);
    return status == STATUS_OK ? checkpoint_read(checkpoint, note->text, err) : status;
}
