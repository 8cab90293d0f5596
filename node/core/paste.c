#include "node/core/paste.h"

#include <inttypes.h>

#include "crypto/chunk.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "node/core/state.h"
#include "proto/picture.h"

/* --- time --- */

/* What is left over below a second counts at the next look. */
enum status paste_look(struct core *core)
{
    struct paste_clock *clock = &core->pastes;
    uint32_t ended = 0;
    struct paste_count count = {0};
    enum status status = STATUS_OK;
    if (!clock->has_looked)
        clock->looked_ms = core->now_ms;
    uint64_t ran_s = (core->now_ms - clock->looked_ms) / 1000;
    clock->has_looked = true;
    clock->looked_ms += 1000 * ran_s;
    clock->next_ms = core->now_ms + PASTE_LOOK_MS;
    if (ran_s > 0)
        status = store_pastes_run(core->store, ran_s, &ended);
    if (status == STATUS_OK)
        status = paste_count(core, &count);
    clock->is_empty = count.all == 0;
    if (ended > 0)
        core_trace(core, "pastes have had their time count=%" PRIu32, ended);
    return core_check(core, status);
}

void paste_tick(struct core *core)
{
    if (core->pastes.is_empty || core->now_ms < core->pastes.next_ms)
        return;
    enum status status = paste_look(core); /* a failure of ours ends the turn */
    if (status != STATUS_OK)
        core_trace(core, "pastes were not looked at status=%s", status_name(status));
}

uint64_t paste_deadline(const struct core *core)
{
    return core->pastes.is_empty ? UINT64_MAX : core->pastes.next_ms;
}

static enum status count_one(void *context, const struct store_paste *paste)
{
    struct paste_count *count = context;
    count->all++;
    count->ending += paste->left_s <= PASTE_NOTICE_S;
    return STATUS_OK;
}

enum status paste_count(struct core *core, struct paste_count *count)
{
    *count = (struct paste_count){0};
    return store_pastes(core->store, count_one, count);
}

/* --- adding --- */

struct adding {
    struct core *core;
    struct store_paste row;
    struct bytes photo; /* cleaned */
    struct buf cleaned;
    uint8_t key[CHUNK_KEY_SIZE];
};

static enum status too_large(struct err *err)
{
    return err_set(err, STATUS_TOO_LARGE,
                   "the photo has more than %u KiB; make it smaller",
                   ATTACHMENT_SIZE_MAX / 1024);
}

static enum status clean_photo(struct adding *adding, const struct paste_new *paste,
                               struct err *err)
{
    struct picture picture;
    if (paste->photo.len > ATTACHMENT_SIZE_MAX)
        return too_large(err);
    enum status status = picture_clean(paste->photo, &adding->cleaned, &picture, err);
    if (status != STATUS_OK)
        return core_check(adding->core, status);
    adding->photo = buf_bytes(&adding->cleaned);
    if (adding->photo.len > ATTACHMENT_SIZE_MAX) /* it may have grown */
        return too_large(err);
    adding->row.type = bytes_str(picture.type);
    adding->row.size = adding->photo.len;
    return STATUS_OK;
}

static void take_digest(struct adding *adding)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/paste");
    digest_add_u64(&digest, adding->row.text.len);
    digest_add(&digest, adding->row.text.data, adding->row.text.len);
    digest_add(&digest, adding->photo.data, adding->photo.len);
    digest_final(&digest, adding->row.digest.bytes);
}

struct room {
    uint64_t count, bytes;
};

static enum status add_up(void *context, const struct store_paste *paste)
{
    struct room *room = context;
    room->count++;
    room->bytes += paste->size;
    return STATUS_OK;
}

static enum status check_room(const struct adding *adding, struct err *err)
{
    struct room room = {0};
    enum status status = store_pastes(adding->core->store, add_up, &room);
    if (status != STATUS_OK)
        return core_check(adding->core, status);
    if (room.count >= PASTES_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "%d pastes wait; make cases of some, or drop them, first",
                       PASTES_MAX);
    if (room.bytes + adding->photo.len > PASTES_BYTES_MAX)
        return err_set(
            err, STATUS_TOO_LARGE,
            "the photos of all pastes together have reached %u MiB; make cases "
            "of some, or drop them, first",
            PASTES_BYTES_MAX >> 20);
    return STATUS_OK;
}

static enum status keep_pieces(const struct adding *adding, int64_t number)
{
    struct buf sealed = {0};
    size_t len = ATTACHMENT_CHUNK_SIZE;
    enum status status = STATUS_OK;
    uint8_t *room = buf_reserve(&sealed, ATTACHMENT_CHUNK_SIZE + CHUNK_TAG_SIZE);
    if (room == NULL)
        status = STATUS_NO_MEMORY;
    for (size_t at = 0; status == STATUS_OK && at < adding->photo.len; at += len) {
        uint32_t piece = (uint32_t)(at / ATTACHMENT_CHUNK_SIZE);
        if (len > adding->photo.len - at)
            len = adding->photo.len - at;
        chunk_seal(room, adding->key, piece, adding->photo.data + at, len);
        status = store_paste_piece_add(adding->core->store, number, piece,
                                       bytes_of(room, len + CHUNK_TAG_SIZE));
    }
    buf_deinit(&sealed);
    return status;
}

static enum status keep(struct adding *adding, int64_t *number)
{
    struct core *core = adding->core;
    if (adding->photo.len > 0) {
        rng_fill(&core->rng, "paste", adding->row.digest.bytes, adding->key,
                 CHUNK_KEY_SIZE);
        adding->row.key = bytes_of(adding->key, CHUNK_KEY_SIZE);
    }
    enum status status = store_paste_add(core->store, &adding->row, number);
    if (status == STATUS_OK)
        status = keep_pieces(adding, *number);
    core->pastes.is_empty = false;
    return core_check(core, status);
}

enum status paste_add(struct core *core, const struct paste_new *paste, int64_t *number,
                      bool *is_known, struct err *err)
{
    struct adding adding = {.core = core,
                            .row = {.author = paste->author,
                                    .wall = core->wall,
                                    .left_s = PASTE_LIFE_S,
                                    .text = paste->text}};
    enum status status = STATUS_OK;
    *is_known = false;
    if (paste->photo.len > 0)
        status = clean_photo(&adding, paste, err);
    if (status != STATUS_OK)
        goto free_photo;
    take_digest(&adding);
    /* Time passes first: what has had it neither is known nor takes room. */
    status = paste_look(core);
    if (status == STATUS_OK)
        status = store_paste_find(core->store, &adding.row.digest, number);
    *is_known = status == STATUS_OK;
    if (status == STATUS_NOT_FOUND)
        status = check_room(&adding, err);
    if (status == STATUS_OK && !*is_known)
        status = keep(&adding, number);
free_photo:
    secret_wipe(adding.key, sizeof(adding.key));
    buf_deinit(&adding.cleaned);
    return core_check(core, status);
}

/* --- reading --- */

static enum status open_piece(struct core *core, const struct store_paste *paste,
                              uint32_t piece, struct buf *photo)
{
    struct buf sealed = {0};
    uint8_t *room = NULL;
    enum status status =
        store_paste_piece_get(core->store, paste->number, piece, &sealed);
    if (status == STATUS_OK && sealed.len < CHUNK_TAG_SIZE)
        status = STATUS_UNVERIFIED;
    if (status == STATUS_OK) {
        room = buf_reserve(photo, sealed.len);
        status = room == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    }
    if (status == STATUS_OK &&
        !chunk_open(room, paste->key.data, piece, sealed.data, sealed.len))
        status = STATUS_UNVERIFIED;
    if (status == STATUS_OK)
        photo->len += sealed.len - CHUNK_TAG_SIZE;
    buf_deinit(&sealed);
    return status == STATUS_NOT_FOUND ? STATUS_UNVERIFIED : status;
}

enum status paste_photo(struct core *core, const struct store_paste *paste,
                        struct buf *photo, struct err *err)
{
    if (paste->type.len == 0)
        return err_set(err, STATUS_NOT_FOUND, "there is no photo, only a text");
    enum status status = STATUS_OK;
    uint64_t pieces = (paste->size + ATTACHMENT_CHUNK_SIZE - 1) / ATTACHMENT_CHUNK_SIZE;
    if (paste->key.len != CHUNK_KEY_SIZE)
        status = STATUS_UNVERIFIED;
    for (uint32_t i = 0; status == STATUS_OK && i < pieces; i++)
        status = open_piece(core, paste, i, photo);
    if (status == STATUS_OK && photo->len != paste->size)
        status = STATUS_UNVERIFIED;
    if (status == STATUS_UNVERIFIED)
        return err_set(err, status, "a piece of the photo is missing or damaged");
    return core_check(core, status);
}
