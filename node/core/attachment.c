#include "node/core/attachment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/replica.h"
#include "proto/limits.h"
#include "proto/picture.h"
#include "storage/store_chunks.h"
#include "storage/store_lacking.h"

/* One piece of a file, sealed. */
struct piece {
    uint8_t sealed[ATTACHMENT_CHUNK_SIZE + CHUNK_TAG_SIZE];
    size_t len;
};

static uint32_t count_pieces(uint64_t size)
{
    return (uint32_t)((size + ATTACHMENT_CHUNK_SIZE - 1) / ATTACHMENT_CHUNK_SIZE);
}

uint64_t attachment_sealed_size(uint64_t size)
{
    return size + (uint64_t)count_pieces(size) * CHUNK_TAG_SIZE;
}

static void seal(struct piece *piece, struct bytes file, const uint8_t *key, uint32_t i)
{
    size_t at = (size_t)i * ATTACHMENT_CHUNK_SIZE;
    size_t left = file.len - at;
    size_t len = left < ATTACHMENT_CHUNK_SIZE ? left : ATTACHMENT_CHUNK_SIZE;
    chunk_seal(piece->sealed, key, i, file.data + at, len);
    piece->len = len + CHUNK_TAG_SIZE;
}

enum status attachment_seal(struct core *core, struct bytes file, struct attached *out)
{
    struct piece *piece = malloc(sizeof(*piece));
    if (piece == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    out->len = count_pieces(file.len);
    assert(out->len <= ATTACHMENT_CHUNKS_MAX); /* check_size saw to it */
    for (uint32_t i = 0; i < out->len; i++) {
        seal(piece, file, out->key, i);
        store_chunk_digest(&out->pieces[i], bytes_of(piece->sealed, piece->len));
    }
    free(piece);
    return STATUS_OK;
}

enum status attachment_keep(struct core *core, const struct id *op, struct bytes file,
                            const struct attached *sealed)
{
    struct piece *piece = malloc(sizeof(*piece));
    enum status status = piece == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < sealed->len; i++) {
        seal(piece, file, sealed->key,
             i); /* once more: cheaper than to hold all of them */
        status = store_chunk_add(core->store, op, i, &sealed->pieces[i],
                                 bytes_of(piece->sealed, piece->len));
    }
    free(piece);
    return core_check(core, status);
}

/* --- what it is --- */

static bool begins(struct bytes file, const char *word)
{
    size_t len = strlen(word);
    return file.len >= len && memcmp(file.data, word, len) == 0;
}

static enum status check_size(struct bytes file, struct err *err)
{
    if (file.len == 0)
        return err_set(err, STATUS_INVALID, "the file is empty");
    if (file.len > ATTACHMENT_SIZE_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "the file has more than %u KiB; make it smaller",
                       ATTACHMENT_SIZE_MAX / 1024);
    return STATUS_OK;
}

/* Pictures come out in cleaned; anything else stays where it is. */
static enum status recognise(struct bytes *file, struct buf *cleaned, const char **type,
                             struct err *err)
{
    struct picture picture;
    enum status status = check_size(*file, err);
    if (status != STATUS_OK)
        return status;
    if (begins(*file, "%PDF-")) {
        *type = "application/pdf";
        return STATUS_OK;
    }
    if (utf8_is_valid(*file)) {
        *type = "text/plain";
        return STATUS_OK;
    }
    status = picture_clean(*file, cleaned, &picture, err);
    if (status == STATUS_UNSUPPORTED)
        return err_set(err, status,
                       "only JPEG and PNG pictures, PDF and plain text (UTF-8) can be "
                       "attached; a screenshot of it is a picture");
    *file = buf_bytes(cleaned);
    *type = picture.type;
    return status == STATUS_OK ? check_size(*file, err) : status; /* it may have grown */
}

/* --- adding --- */

static enum status count_one(void *context, const struct attachment *attachment)
{
    ++*(uint32_t *)context;
    return STATUS_OK;
}

static enum status check_room(struct core *core, const struct id *scope, uint64_t size,
                              struct err *err)
{
    uint32_t count = 0;
    uint64_t bytes = 0;
    enum status status = attachment_each(core, scope, count_one, &count);
    if (status == STATUS_OK)
        status = core_check(core, store_chunks_size(core->store, &bytes));
    if (status != STATUS_OK)
        return status;
    if (count >= ATTACHMENTS_PER_CASE_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "a case holds at most %d files; take one away first (attach "
                       "remove)",
                       ATTACHMENTS_PER_CASE_MAX);
    if (bytes + size > ATTACHMENTS_BYTES_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "all files together have reached the %llu MiB that this node "
                       "keeps; take some away first (attach remove)",
                       (unsigned long long)ATTACHMENTS_BYTES_MAX >> 20);
    return STATUS_OK;
}

static enum status write_op(struct core *core, const struct id *scope, struct bytes name,
                            struct bytes file, const char *type,
                            const struct attached *sealed, const struct sign_pair *pair,
                            struct id *op, struct err *err)
{
    struct draft draft;
    draft_init(&draft, "attach", scope);
    draft_ids(&draft, "chunks", sealed->pieces, sealed->len);
    draft_bin(&draft, "key", sealed->key, CHUNK_KEY_SIZE);
    draft_text(&draft, "name", name);
    draft_uint(&draft, "size", file.len);
    draft_text(&draft, "type", bytes_str(type));
    enum status status = author_write(core, &draft, pair, op, err);
    secret_wipe(draft.memory.data, draft.memory.len); /* it holds the key */
    draft_deinit(&draft);
    return status;
}

enum status attachment_add(struct core *core, const struct id *scope, struct bytes name,
                           struct bytes file, const struct sign_pair *pair, struct id *op,
                           const char **type, struct err *err)
{
    struct buf cleaned = {0};
    struct attached sealed = {.len = 0};
    enum status status = recognise(&file, &cleaned, type, err);
    if (status == STATUS_NO_MEMORY)
        (void)core_check(core, status);
    if (status == STATUS_OK)
        status = check_room(core, scope, attachment_sealed_size(file.len), err);
    if (status == STATUS_OK) {
        rng_fill(&core->rng, "attachment", scope->bytes, sealed.key, CHUNK_KEY_SIZE);
        status = attachment_seal(core, file, &sealed);
    }
    if (status == STATUS_OK)
        status = write_op(core, scope, name, file, *type, &sealed, pair, op, err);
    if (status == STATUS_OK)
        status = attachment_keep(core, op, file, &sealed);
    secret_wipe(&sealed, sizeof(sealed));
    buf_deinit(&cleaned);
    return status;
}

/* --- listing: by the journal, where only what has effect stands --- */

struct walk {
    struct core *core;
    struct id_list gone; /* that were taken away */
    attachment_fn *fn;
    void *context;
    enum status status;
};

static bool note_gone(void *context, struct bytes entry)
{
    struct id_list *gone = context;
    struct bytes fields = {0};
    struct id attach = {{0}};
    (void)view_map_get(entry, "fields", &fields);     /* each entry has them, */
    (void)view_map_id(fields, "attachment", &attach); /* and this one that, or lost it */
    if (view_map_has_text(entry, "kind", "detach"))
        id_list_push(gone, &attach);
    return true;
}

/* How much of it is here, and may still come. */
static enum status count_here(struct core *core, struct attachment *attachment)
{
    enum status status = store_chunks_of(core->store, &attachment->op, &attachment->here);
    if (status == STATUS_OK)
        status = store_lacking_of(core->store, &attachment->op, &attachment->lacking);
    return core_check(core, status);
}

static bool give_entry(void *context, struct bytes entry)
{
    struct walk *walk = context;
    struct attachment attachment = {.name = {0}};
    struct bytes fields = {0};
    bool went_up = view_map_has_text(entry, "kind", "attached");
    if (!went_up && !view_map_has_text(entry, "kind", "attach"))
        return true;
    (void)view_map_get(entry, "fields", &fields); /* each entry has them, */
    (void)view_map_id(entry, "op", &attachment.op);
    (void)view_map_uint(entry, "wall", &attachment.wall);
    /* Contents that were erased leave an entry without a name. */
    if (id_list_has(&walk->gone, &attachment.op) ||
        !view_map_text(fields, "name", &attachment.name))
        return true;
    (void)view_map_text(fields, "type", &attachment.type); /* as with a name */
    (void)view_map_uint(fields, "size", &attachment.size);
    attachment.went_up = went_up;
    /* Of a case that no other machine has, nothing comes. */
    if (went_up || replica_any(walk->core))
        walk->status = count_here(walk->core, &attachment);
    if (walk->status == STATUS_OK)
        walk->status = walk->fn(walk->context, &attachment);
    return walk->status == STATUS_OK;
}

static enum status walk_all(struct walk *walk, struct bytes view)
{
    view_map_each(view, "journal", note_gone, &walk->gone);
    if (walk->gone.failed)
        return core_check(walk->core, STATUS_NO_MEMORY);
    id_list_sort(&walk->gone);
    view_map_each(view, "journal", give_entry, walk);
    return walk->status;
}

enum status attachment_each(struct core *core, const struct id *scope, attachment_fn *fn,
                            void *context)
{
    struct buf view = {0};
    struct walk walk = {.core = core, .fn = fn, .context = context};
    enum status status = api_view(core, scope, &view);
    if (status == STATUS_OK)
        status = walk_all(&walk, buf_bytes(&view));
    id_list_deinit(&walk.gone);
    buf_deinit(&view);
    return status;
}

/* --- reading --- */

struct reading {
    struct core *core;
    struct id sought;
    bool is_found, went_up;
    uint64_t here, lacking;
    struct buf *file;
    struct err *err;
};

static enum status match(void *context, const struct attachment *attachment)
{
    struct reading *reading = context;
    if (!id_equal(&attachment->op, &reading->sought))
        return STATUS_OK;
    reading->is_found = true;
    reading->went_up = attachment->went_up;
    reading->here = attachment->here;
    reading->lacking = attachment->lacking;
    return STATUS_OK;
}

static enum status open_piece(struct reading *reading, const struct id *digest,
                              const uint8_t *key, uint32_t i)
{
    struct buf sealed = {0};
    struct core *core = reading->core;
    enum status status = store_chunk_get(core->store, digest, &sealed);
    uint8_t *room = NULL;
    if (status == STATUS_OK && sealed.len < CHUNK_TAG_SIZE)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        room = buf_reserve(reading->file, sealed.len);
        status = room == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    }
    if (status == STATUS_OK && !chunk_open(room, key, i, sealed.data, sealed.len))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        reading->file->len += sealed.len - CHUNK_TAG_SIZE;
    buf_deinit(&sealed);
    if (status == STATUS_NOT_FOUND)
        return err_set(reading->err, STATUS_UNVERIFIED,
                       "a piece of the file is missing or damaged; a backup may have it");
    return core_check(core, status);
}

static enum status open_pieces(void *context, const struct store_op *row)
{
    struct reading *reading = context;
    struct op *op = calloc(1, sizeof(*op));
    struct attached sealed;
    if (op == NULL)
        return core_check(reading->core, STATUS_NO_MEMORY);
    enum status status =
        op_decode_bytes(op, row->bytes, NULL) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    if (status == STATUS_OK && !attached_read(op, &sealed)) /* never: it is listed */
        status = err_set(reading->err, STATUS_NOT_FOUND, "its contents were erased");
    free(op);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = 0; status == STATUS_OK && i < sealed.len; i++)
        status = open_piece(reading, &sealed.pieces[i], sealed.key, i);
    secret_wipe(&sealed, sizeof(sealed));
    return status;
}

enum status attachment_read(struct core *core, const struct id *scope,
                            const struct id *op, struct buf *file, struct err *err)
{
    struct reading reading = {.core = core, .sought = *op, .file = file, .err = err};
    enum status status = attachment_each(core, scope, match, &reading);
    if (status == STATUS_OK && !reading.is_found) /* never: who asks has seen it listed */
        status = err_set(err, STATUS_NOT_FOUND, "no such file stands there");
    if (status == STATUS_OK && reading.went_up && reading.here + reading.lacking == 0)
        status =
            err_set(err, STATUS_NOT_FOUND,
                    "its pieces are erased: the record was recalled, or its case was "
                    "kept as long as it had to be");
    if (status == STATUS_OK && reading.lacking > 0)
        status = err_set(err, STATUS_BUSY,
                         "still coming: %llu of %llu pieces are here; try again later",
                         (unsigned long long)reading.here,
                         (unsigned long long)(reading.here + reading.lacking));
    return status == STATUS_OK ? store_op_get(core->store, op, open_pieces, &reading)
                               : status;
}

/* --- taking away --- */

enum status attachment_remove(struct core *core, const struct id *scope,
                              const struct id *op, struct bytes reason,
                              const struct sign_pair *pair, struct id *detach,
                              struct err *err)
{
    struct draft draft;
    draft_init(&draft, "detach", scope);
    draft_bin(&draft, "attachment", op->bytes, ID_SIZE);
    draft_text(&draft, "reason", reason);
    enum status status = author_write(core, &draft, pair, detach, err);
    draft_deinit(&draft);
    return status;
}
