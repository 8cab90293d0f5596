#include "node/core/released.h"

#include <assert.h>

#include "crypto/secret.h"
#include "node/core/author.h"
#include "node/core/digits.h"
#include "node/core/state.h"
#include "storage/store_chunks.h"

#define SHORT_MIN 6 /* digits of an op's id that name a file */

/* --- which --- */

struct choice {
    struct bytes text;   /* what a person wrote, or */
    const struct id *op; /* which op it is */
    struct released *released;
    struct released_file found;
    uint32_t len;
};

static bool is_meant(const struct choice *choice, const struct attachment *attachment)
{
    struct digits digits;
    if (choice->op != NULL)
        return id_equal(choice->op, &attachment->op);
    return bytes_equal(choice->text, attachment->name) ||
           (digits_read(&digits, choice->text, SHORT_MIN) &&
            digits_match(&digits, &attachment->op));
}

static enum status choose(void *context, const struct attachment *attachment)
{
    struct choice *choice = context;
    if (!is_meant(choice, attachment))
        return STATUS_OK;
    choice->len++;
    choice->found = (struct released_file){.op = attachment->op,
                                           .name = attachment->name,
                                           .type = attachment->type,
                                           .size = attachment->size};
    struct buf *memory = &choice->released->memory;
    buf_add(memory, attachment->name.data, attachment->name.len);
    buf_add(memory, attachment->type.data, attachment->type.len);
    return buf_status(memory);
}

/* Names and types lie behind each other in the memory, which has moved perhaps. */
static void point_texts(struct released *released)
{
    size_t at = 0;
    for (uint32_t i = 0; i < released->len; i++) {
        struct released_file *file = &released->files[i];
        file->name = bytes_of(released->memory.data + at, file->name.len);
        at += file->name.len;
        file->type = bytes_of(released->memory.data + at, file->type.len);
        at += file->type.len;
    }
}

static bool has(const struct released *released, const struct id *op)
{
    for (uint32_t i = 0; i < released->len; i++)
        if (id_equal(&released->files[i].op, op))
            return true;
    return false;
}

static enum status add(struct core *core, const struct id *scope, struct choice *choice,
                       struct err *err)
{
    struct released *released = choice->released;
    size_t before = released->memory.len;
    int shown = choice->text.len > 60 ? 60 : (int)choice->text.len;
    enum status status = attachment_each(core, scope, choose, choice);
    if (status == STATUS_OK && choice->len == 0)
        status = err_set(err, STATUS_NOT_FOUND,
                         "no file %.*s stands in the case (attach list)", shown,
                         (const char *)choice->text.data);
    if (status == STATUS_OK && choice->len > 1)
        status = err_set(err, STATUS_CONFLICT,
                         "several files of the case are called %.*s; name the one by the "
                         "first digits of its id (attach list)",
                         shown, (const char *)choice->text.data);
    if (status != STATUS_OK || has(released, &choice->found.op)) {
        released->memory.len = before;
        return core_check(core, status);
    }
    assert(released->len < RELEASED_FILES_MAX); /* a list or a request names no more */
    released->files[released->len++] = choice->found;
    point_texts(released);
    return STATUS_OK;
}

enum status released_add(struct core *core, const struct id *scope, struct bytes text,
                         struct released *released, struct err *err)
{
    struct choice choice = {.text = text, .released = released};
    return add(core, scope, &choice, err);
}

enum status released_add_op(struct core *core, const struct id *scope,
                            const struct id *op, struct released *released,
                            struct err *err)
{
    struct choice choice = {
        .op = op, .text = bytes_str("that was asked for"), .released = released};
    return add(core, scope, &choice, err);
}

void released_ask(const struct released *released,
                  struct escalation_file out[static RELEASED_FILES_MAX])
{
    for (uint32_t i = 0; i < released->len; i++)
        out[i] = (struct escalation_file){released->files[i].op, released->files[i].name};
}

enum status released_check_room(struct core *core, const struct released *released,
                                struct err *err)
{
    uint64_t bytes = 0, more = 0;
    if (released->len == 0)
        return STATUS_OK;
    for (uint32_t i = 0; i < released->len; i++)
        more += attachment_sealed_size(released->files[i].size);
    enum status status = core_check(core, store_chunks_size(core->store, &bytes));
    if (status == STATUS_OK && bytes + more > ATTACHMENTS_BYTES_MAX)
        status = err_set(err, STATUS_TOO_LARGE,
                         "a file that goes up is kept twice, and with these all files "
                         "would have more than the %llu MiB that this node keeps; take "
                         "some away first (attach remove), or name fewer",
                         (unsigned long long)ATTACHMENTS_BYTES_MAX >> 20);
    return status;
}

/* --- sealing --- */

enum status released_seal(struct core *core, const struct id *scope,
                          struct released *released, struct draft *draft, struct err *err)
{
    struct id_list digests = {0};
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < released->len; i++) {
        struct released_file *file = &released->files[i];
        struct buf bytes = {0};
        struct id digest;
        /* Keyed to no case: under keyed randomness nothing that leaves may hang on what
         * stays. */
        rng_fill(&core->rng, "attached", NULL, file->sealed.key, CHUNK_KEY_SIZE);
        status = attachment_read(core, scope, &file->op, &bytes, err);
        if (status == STATUS_OK)
            status = attachment_seal(core, buf_bytes(&bytes), &file->sealed);
        buf_deinit(&bytes);
        if (status != STATUS_OK)
            break;
        attached_digest(&digest, file->sealed.pieces, file->sealed.len);
        id_list_push(&digests, &digest);
    }
    id_list_sort(&digests);
    if (digests.failed)
        status = core_check(core, STATUS_NO_MEMORY);
    if (status == STATUS_OK && digests.len > 0)
        draft_ids(draft, "files", digests.ids, digests.len);
    id_list_deinit(&digests);
    return status;
}

static enum status write_one(struct core *core, const struct id *escalation,
                             const struct released_file *file,
                             const struct sign_pair *pair, struct id *op, struct err *err)
{
    struct draft draft;
    struct id digest;
    attached_digest(&digest, file->sealed.pieces, file->sealed.len);
    draft_init(&draft, "attached", escalation);
    draft_ids(&draft, "chunks", file->sealed.pieces, file->sealed.len);
    draft_bin(&draft, "file", digest.bytes, ID_SIZE);
    draft_bin(&draft, "key", file->sealed.key, CHUNK_KEY_SIZE);
    draft_text(&draft, "name", file->name);
    draft_uint(&draft, "size", file->size);
    draft_text(&draft, "type", file->type);
    enum status status = author_write(core, &draft, pair, op, err);
    secret_wipe(draft.memory.data, draft.memory.len); /* it holds the key */
    draft_deinit(&draft);
    return status;
}

enum status released_write(struct core *core, const struct id *scope,
                           const struct id *escalation, struct released *released,
                           const struct sign_pair *pair, struct err *err)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < released->len; i++) {
        const struct released_file *file = &released->files[i];
        struct buf bytes = {0};
        struct id op;
        status = write_one(core, escalation, file, pair, &op, err);
        if (status == STATUS_OK)
            status = attachment_read(core, scope, &file->op, &bytes, err);
        if (status == STATUS_OK)
            status = attachment_keep(core, &op, buf_bytes(&bytes), &file->sealed);
        buf_deinit(&bytes);
    }
    return status;
}

void released_deinit(struct released *released)
{
    buf_deinit(&released->memory);
    secret_wipe(released, sizeof(*released));
}
