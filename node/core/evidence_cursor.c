#include "node/core/evidence_cursor.h"

#include <string.h>

#define VERSION 1
#define ELEMENTS 15

/* --- writing --- */

/* Two bits of each seal: is it opened, and of which tree? */
static void write_opened(const struct evidence_seals *seals, struct buf *out)
{
    struct buf bits = {0};
    uint8_t byte = 0;
    for (uint64_t i = 0; i < seals->len; i++) {
        for (int tree = 0; tree < 2; tree++)
            if (seals->seals[i].is_opened[tree])
                byte |= (uint8_t)(1u << (2 * (i % 4) + (uint64_t)tree));
        if (i % 4 == 3 || i + 1 == seals->len) {
            buf_add_u8(&bits, byte);
            byte = 0;
        }
    }
    pack_bin(out, bits.data, bits.len);
    out->failed = out->failed || bits.failed;
    buf_deinit(&bits);
}

void evidence_cursor_write(const struct evidence_plan *plan,
                           const struct evidence_place *place, struct buf *out)
{
    pack_array(out, ELEMENTS);
    pack_uint(out, VERSION);
    pack_uint(out, place->stage);
    pack_uint(out, (uint64_t)place->log.log);
    pack_uint(out, place->log.seal);
    pack_bin(out, place->scope.bytes, ID_SIZE);
    pack_bool(out, place->is_inside);
    pack_uint(out, place->time);
    pack_bin(out, place->id.bytes, ID_SIZE);
    pack_uint(out, place->records);
    pack_uint(out, plan->sizes[0]);
    pack_uint(out, plan->sizes[1]);
    pack_uint(out, (uint64_t)(plan->seals.log + 1));
    pack_uint(out, plan->seals.len);
    write_opened(&plan->seals, out);
    pack_bin(out, plan->charters.ids, plan->charters.len * sizeof(struct id));
}

/* --- reading --- */

static bool read_number(struct pack_reader *reader, uint64_t *number)
{
    return pack_read_uint(reader, number, NULL) == STATUS_OK && *number < INT64_MAX;
}

static bool read_flag(struct pack_reader *reader, bool *flag)
{
    struct pack_item item;
    bool is_read = pack_next(reader, &item, NULL) == STATUS_OK && item.type == PACK_BOOL;
    *flag = is_read && item.number != 0;
    return is_read;
}

static bool read_place(struct pack_reader *reader, struct evidence_place *place)
{
    uint64_t version, stage, log;
    uint32_t elements;
    if (pack_read_array(reader, &elements, NULL) != STATUS_OK || elements != ELEMENTS ||
        !read_number(reader, &version) || version != VERSION ||
        !read_number(reader, &stage) || stage > EVIDENCE_RECORDS ||
        !read_number(reader, &log) || !read_number(reader, &place->log.seal))
        return false;
    place->stage = (enum evidence_stage)stage;
    place->log.log = (int64_t)log;
    return pack_read_fixed(reader, place->scope.bytes, ID_SIZE, NULL) == STATUS_OK &&
           read_flag(reader, &place->is_inside) && read_number(reader, &place->time) &&
           pack_read_fixed(reader, place->id.bytes, ID_SIZE, NULL) == STATUS_OK &&
           read_number(reader, &place->records);
}

/* What of a tree was opened is taken where the file may have records of it. */
static bool take_opened(const struct evidence_what *what, struct evidence_seals *seals,
                        struct bytes bits)
{
    bool has_cases = evidence_plan_has_cases(what);
    if (bits.len != (seals->len + 3) / 4)
        return false;
    for (uint64_t i = 0; i < seals->len; i++)
        for (int tree = 0; tree < 2; tree++)
            seals->seals[i].is_opened[tree] =
                (bits.data[i / 4] >> (2 * (i % 4) + (uint64_t)tree) & 1) != 0 &&
                (has_cases || tree + 1 == TREE_SHARED);
    evidence_seals_count(seals);
    return true;
}

static bool take_charters(struct id_list *charters, struct bytes ids)
{
    if (ids.len % ID_SIZE != 0 || ids.len / ID_SIZE > EVIDENCE_SITES_MAX)
        return false;
    for (size_t i = 0; i < ids.len; i += ID_SIZE) {
        struct id id;
        memcpy(id.bytes, ids.data + i, ID_SIZE);
        id_list_push(charters, &id);
    }
    id_list_sort(charters);
    return true;
}

/* INVALID: it is no plan. */
static enum status read_plan(struct core *core, const struct evidence_what *what,
                             struct pack_reader *reader, struct evidence_plan *plan)
{
    uint64_t log, len, sizes[2];
    struct bytes opened, charters;
    if (!read_number(reader, &plan->sizes[0]) || !read_number(reader, &plan->sizes[1]) ||
        !read_number(reader, &log) || !read_number(reader, &len) ||
        pack_read_bin(reader, &opened, NULL) != STATUS_OK ||
        pack_read_bin(reader, &charters, NULL) != STATUS_OK || !pack_at_end(reader))
        return STATUS_INVALID;
    enum status status = store_ops_count(core->store, TREE_PRIVATE, &sizes[0]);
    if (status == STATUS_OK)
        status = store_ops_count(core->store, TREE_SHARED, &sizes[1]);
    if (status != STATUS_OK)
        return status;
    if (plan->sizes[0] > sizes[0] || plan->sizes[1] > sizes[1] || (log == 0 && len > 0))
        return STATUS_INVALID;
    status = evidence_seals_reread(core, (int64_t)log - 1, len, &plan->seals);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_INVALID : status;
    if (!take_opened(what, &plan->seals, opened) ||
        !take_charters(&plan->charters, charters))
        return STATUS_INVALID;
    return plan->charters.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status evidence_cursor_read(struct core *core, const struct evidence_what *what,
                                 struct bytes bytes, struct evidence_plan *plan,
                                 struct evidence_place *place, struct err *err)
{
    struct pack_reader reader = pack_reader_of(bytes);
    *plan = (struct evidence_plan){.seals.log = -1};
    *place = (struct evidence_place){.stage = EVIDENCE_HEAD};
    enum status status = read_place(&reader, place) ? read_plan(core, what, &reader, plan)
                                                    : STATUS_INVALID;
    if (status == STATUS_INVALID)
        return err_set(err, status,
                       "this is no place in an evidence file of this node; begin the "
                       "file anew");
    if (status == STATUS_OK && place->stage == EVIDENCE_LOGS && plan->seals.log >= 0 &&
        !plan->seals.can_open)
        return err_set(err, STATUS_CONFLICT,
                       "this machine was given other keys since the evidence file was "
                       "begun; begin the file anew");
    return status;
}
