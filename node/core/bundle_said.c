#include "node/core/bundle_said.h"

#include "node/core/pair.h"
#include "node/core/restored.h"
#include "node/core/seal_bundle.h"
#include "proto/bundle.h"
#include "storage/store_bundles.h"
#include "storage/store_lacking.h"

#define HELD_MAX (512u * 1024) /* bytes of scopes and heads */
#define HEADS_MAX 1024         /* of one scope */

static enum status push_id(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

/* --- writing --- */

static enum status write_scope(struct core *core, const struct id *scope,
                               struct buf *scopes)
{
    struct id_list heads = {0};
    enum status status = store_scope_heads(core->store, scope, push_id, &heads);
    if (status == STATUS_OK && heads.failed)
        status = STATUS_NO_MEMORY;
    uint32_t len =
        heads.len < HEADS_MAX ? heads.len : HEADS_MAX; /* the rest comes twice */
    pack_array(scopes, 2);
    pack_bin(scopes, scope->bytes, ID_SIZE);
    pack_array(scopes, len);
    for (uint32_t i = 0; status == STATUS_OK && i < len; i++)
        pack_bin(scopes, heads.ids[i].bytes, ID_SIZE);
    id_list_deinit(&heads);
    return status;
}

static void add_message(struct buf *payload, const char *name, uint32_t count,
                        const struct buf *elements)
{
    struct buf message = {0};
    pack_array(&message, 2);
    pack_str(&message, name);
    pack_array(&message, count);
    buf_append(&message, elements);
    bundle_add(payload, &message);
    buf_deinit(&message);
}

static enum status write_held(struct core *core, const struct id *site, uint64_t number,
                              struct buf *payload)
{
    struct store_bundle_site of;
    struct id_list news = {0};
    struct buf scopes = {0};
    uint32_t count = 0;
    enum status status = store_bundle_site(core->store, site, &of);
    if (status == STATUS_OK)
        status = store_bundle_news(core->store, site, of.acked_seq, BUNDLE_SCOPES_MAX + 1,
                                   push_id, &news);
    if (status == STATUS_OK && news.failed)
        status = STATUS_NO_MEMORY;
    while (status == STATUS_OK && count < news.len && count < BUNDLE_SCOPES_MAX &&
           scopes.len < HELD_MAX)
        status = write_scope(core, &news.ids[count++], &scopes);
    if (status == STATUS_OK)
        status = store_bundle_told(core->store, site, number);
    for (uint32_t i = count; status == STATUS_OK && i < news.len; i++)
        status = store_bundle_tell(core->store, site, &news.ids[i]);
    add_message(payload, "held", count, &scopes);
    buf_deinit(&scopes);
    id_list_deinit(&news);
    return status;
}

/* The id behind it. */
static void step(struct id *id)
{
    unsigned carry = 1;
    for (int i = ID_SIZE; i > 0; i--) {
        carry += id->bytes[i - 1];
        id->bytes[i - 1] = (uint8_t)carry;
        carry >>= 8;
    }
}

/* The files whose pieces are waited for in records that the pair shares, each once. */
static enum status write_lacks(struct core *core, const struct id *site,
                               struct buf *payload)
{
    struct store_piece piece;
    struct id from = {{0}};
    struct buf ops = {0};
    uint32_t count = 0;
    enum status status = STATUS_OK;
    while (count < BUNDLE_SCOPES_MAX) {
        status = store_lacking_next(core->store, site, &from, &piece);
        if (status != STATUS_OK)
            break;
        pack_bin(&ops, piece.op.bytes, ID_SIZE);
        count++;
        from = piece.op;
        step(&from);
    }
    add_message(payload, "lacks", count, &ops);
    buf_deinit(&ops);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status bundle_said_write(struct core *core, const struct id *site, uint64_t number,
                              struct buf *payload)
{
    enum status status = restored_write(core, site, payload);
    if (status == STATUS_OK)
        status = write_held(core, site, number, payload);
    if (status == STATUS_OK)
        status = write_lacks(core, site, payload);
    if (status == STATUS_OK)
        status = seal_bundle_write(core, site, payload);
    return core_check(core, status);
}

/* --- reading --- */

/* Who has heads of a record has the record. */
static enum status note_record(struct core *core, const struct id *site,
                               const struct id *scope)
{
    enum scope_kind kind;
    uint64_t wall;
    enum status status = store_scope_kind(core->store, scope, &kind);
    if (status != STATUS_OK || kind != SCOPE_ESCALATION)
        return status;
    status = store_delivery_get(core->store, scope, site, &wall);
    return status == STATUS_NOT_FOUND
               ? store_delivery_put(core->store, scope, site, core->wall)
               : status;
}

static enum status keep_scope(struct core *core, const struct id *site,
                              const struct id *scope, const struct id_list *heads)
{
    enum status status = pair_has(core, site, scope);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    status = store_bundle_held_put(core->store, site, scope, heads->ids, heads->len);
    return status == STATUS_OK && heads->len > 0 ? note_record(core, site, scope)
                                                 : status;
}

static enum status read_scope(struct pack_reader *reader, struct id *scope,
                              struct id_list *heads)
{
    uint32_t elements, count = 0;
    enum status status = pack_read_array(reader, &elements, NULL);
    if (status == STATUS_OK && elements != 2)
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, scope->bytes, ID_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_array(reader, &count, NULL);
    if (status == STATUS_OK && count > HEADS_MAX)
        status = STATUS_INVALID;
    id_list_clear(heads);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct id head;
        status = pack_read_fixed(reader, head.bytes, ID_SIZE, NULL);
        if (status == STATUS_OK)
            id_list_push(heads, &head);
    }
    return status == STATUS_OK && heads->failed ? STATUS_NO_MEMORY : status;
}

static enum status read_count(struct pack_reader *reader, uint32_t *count)
{
    enum status status = pack_read_array(reader, count, NULL);
    return status == STATUS_OK && *count > BUNDLE_SCOPES_MAX ? STATUS_INVALID : status;
}

enum status bundle_said_held(struct core *core, const struct id *site,
                             struct pack_reader *reader)
{
    uint32_t count;
    struct id_list heads = {0};
    enum status status = read_count(reader, &count);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct id scope;
        status = read_scope(reader, &scope, &heads);
        if (status == STATUS_OK)
            status = core_check(core, keep_scope(core, site, &scope, &heads));
    }
    id_list_deinit(&heads);
    return status == STATUS_OK && !pack_at_end(reader) ? STATUS_INVALID : status;
}

enum status bundle_said_lacks(struct core *core, const struct id *site,
                              struct pack_reader *reader)
{
    uint32_t count;
    enum status status = read_count(reader, &count);
    if (status == STATUS_OK)
        status = core_check(core, store_bundle_lacks_clear(core->store, site));
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct id op;
        status = pack_read_fixed(reader, op.bytes, ID_SIZE, NULL);
        if (status == STATUS_OK)
            status = core_check(core, store_bundle_lacks_add(core->store, site, &op));
    }
    return status == STATUS_OK && !pack_at_end(reader) ? STATUS_INVALID : status;
}
