/*
 * The file as it comes, through a window of a fixed size: a file, or a pipe that nobody
 * can read twice. Happy path: head, entries, the end of the file. Failure modes: where
 * no entry can be read, what lies there up to the next one that can comes as a gap, of
 * which as much is kept as one record may have; a disk that fails ends it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/evidence_parts.h"
#include "proto/pack.h"

#define PIECE ((size_t)256 * 1024) /* read at once */
#define WINDOW (EVIDENCE_ENTRY_MAX + PIECE)

bool evidence_stream_open(struct evidence_stream *stream, FILE *file)
{
    struct stat stat;
    int fd = fileno(file);
    *stream = (struct evidence_stream){.file = file};
    if (fd >= 0 && fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode))
        stream->size = (uint64_t)stat.st_size;
    stream->window = malloc(WINDOW + EVIDENCE_ENTRY_MAX);
    if (!stream->window)
        return false;
    stream->gap = stream->window + WINDOW;
    return true;
}

void evidence_stream_close(struct evidence_stream *stream)
{
    free(stream->window);
    stream->window = NULL;
}

static struct bytes rest(const struct evidence_stream *stream)
{
    return bytes_of(stream->window + stream->start, stream->end - stream->start);
}

static void pass_over(struct evidence_stream *stream, size_t len)
{
    stream->start += len;
    stream->offset += len;
}

/* At least one whole entry lies in the window, or all that there is. */
static enum status fill(struct evidence_stream *stream, struct err *err)
{
    if (stream->is_at_end || stream->end - stream->start >= EVIDENCE_ENTRY_MAX)
        return STATUS_OK;
    memmove(stream->window, stream->window + stream->start, stream->end - stream->start);
    stream->end -= stream->start;
    stream->start = 0;
    size_t room = WINDOW - stream->end;
    size_t got = fread(stream->window + stream->end, 1, room, stream->file);
    stream->end += got;
    stream->is_at_end = got < room;
    if (ferror(stream->file))
        return err_set(err, STATUS_IO, "the file cannot be read: %s", strerror(errno));
    return STATUS_OK;
}

enum status evidence_stream_head(struct evidence_stream *stream,
                                 struct evidence_head *head, const char **why,
                                 struct err *err)
{
    enum status status = fill(stream, err);
    if (status != STATUS_OK)
        return status;
    struct pack_reader reader = pack_reader_of(rest(stream));
    *why = evidence_read_head(&reader, head);
    if (*why == NULL)
        pass_over(stream, (size_t)(reader.at - rest(stream).data));
    return STATUS_OK;
}

/* The next place in the window, from there on, where an entry stands; its end without
 * one. Where more of the file comes, an entry that might be cut by the window's end is
 * not looked at yet. */
static size_t find_entry(const struct evidence_stream *stream, size_t from, bool *found)
{
    struct bytes all = rest(stream);
    size_t last = stream->is_at_end ? all.len : all.len - EVIDENCE_ENTRY_MAX + 1;
    for (; from < last; from++) {
        struct pack_reader reader = {all.data + from, all.data + all.len};
        struct evidence_entry entry;
        *found = evidence_read_entry(&reader, &entry);
        if (*found)
            return from;
    }
    return from;
}

static enum status read_gap(struct evidence_stream *stream, struct evidence_entry *entry,
                            struct err *err)
{
    size_t len = 0;
    bool found = false;
    enum status status = STATUS_OK;
    size_t from = 1; /* where the gap begins there is no entry */
    while (!found && status == STATUS_OK && rest(stream).len > 0) {
        size_t next = find_entry(stream, from, &found);
        size_t kept = next < EVIDENCE_ENTRY_MAX - len ? next : EVIDENCE_ENTRY_MAX - len;
        memcpy(stream->gap + len, rest(stream).data, kept);
        len += kept;
        pass_over(stream, next);
        from = 0;
        status = fill(stream, err);
    }
    entry->kind = ENTRY_GAP;
    entry->op = bytes_of(stream->gap, len);
    entry->is_last = !found;
    return status;
}

enum status evidence_stream_next(struct evidence_stream *stream,
                                 struct evidence_entry *entry, struct err *err)
{
    enum status status = fill(stream, err);
    if (status != STATUS_OK)
        return status;
    struct bytes left = rest(stream);
    *entry = (struct evidence_entry){.offset = stream->offset};
    if (left.len == 0)
        return STATUS_NOT_FOUND;
    struct pack_reader reader = pack_reader_of(left);
    if (!evidence_read_entry(&reader, entry))
        return read_gap(stream, entry, err);
    pass_over(stream, (size_t)(reader.at - left.data));
    return STATUS_OK;
}
