/* paste.add, list, show, get, case, drop: what somebody pasted in, and what becomes of
 * it. Until it is a case it is nobody's but this machine's (paste.h). */
#include <stdio.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/cases/schema.h"
#include "node/core/api.h"
#include "node/core/attachment.h"
#include "node/core/charters.h"
#include "node/core/new_case.h"
#include "node/core/paste.h"
#include "node/core/refold.h"
#include "storage/store_chunks.h"

#define DAY_S (24 * 3600)

/* --- which one --- */

/* A paste as it stands, in memory of its own. */
struct chosen {
    struct store_paste row;
    struct buf memory; /* text, type, key */
};

static enum status copy_row(void *context, const struct store_paste *paste)
{
    struct chosen *chosen = context;
    buf_add(&chosen->memory, paste->text.data, paste->text.len);
    buf_add(&chosen->memory, paste->type.data, paste->type.len);
    buf_add(&chosen->memory, paste->key.data, paste->key.len);
    if (buf_status(&chosen->memory) != STATUS_OK)
        return STATUS_NO_MEMORY;
    chosen->row = *paste;
    chosen->row.text = bytes_of(chosen->memory.data, paste->text.len);
    chosen->row.type = bytes_of(chosen->memory.data + paste->text.len, paste->type.len);
    chosen->row.key =
        bytes_of(chosen->memory.data + paste->text.len + paste->type.len, paste->key.len);
    return STATUS_OK;
}

static void chosen_deinit(struct chosen *chosen)
{
    if (chosen->memory.data != NULL)
        secret_wipe(chosen->memory.data, chosen->memory.len); /* it holds the key */
    buf_deinit(&chosen->memory);
}

static enum status choose(struct core *core, const struct args *args,
                          struct chosen *chosen, struct err *err)
{
    uint64_t number = args_number(args, "paste", 0);
    *chosen = (struct chosen){.row = {0}};
    enum status status = paste_look(core); /* its time may be over */
    if (status != STATUS_OK)
        return status;
    status = number > INT64_MAX
                 ? STATUS_NOT_FOUND
                 : store_paste_get(core->store, (int64_t)number, copy_row, chosen);
    if (status == STATUS_NOT_FOUND)
        return err_set(err, status,
                       "there is no paste of that number: it became a case, was dropped, "
                       "or had its time (paste list)");
    return core_check(core, status);
}

/* --- adding --- */

/* No op of it is judged by a fold: who may keep and drop pastes is who may write cases.
 */
static enum status need_writer(struct core *core, const struct caller *caller,
                               struct err *err)
{
    struct charter *charter;
    enum status status = charters_own(core, &charter);
    uint32_t wanted = schema_kind(bytes_str("case-new"))->roles_own;
    if (status != STATUS_OK)
        return status;
    return (charter_roles_now(charter, caller->signer.key) & wanted) != 0
               ? STATUS_OK
               : err_set(err, STATUS_DENIED,
                         "pastes are for those who may write cases at this site");
}

static enum status read_photo(const struct args *args, struct bytes *photo,
                              struct err *err)
{
    struct bytes raw;
    struct pack_reader reader;
    if (!args_raw(args, "photo", &raw))
        return STATUS_OK;
    reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, photo, NULL) != STATUS_OK)
        return err_set(err, STATUS_INVALID, "photo is a bin: a JPEG or PNG picture");
    if (photo->len == 0)
        return err_set(err, STATUS_INVALID, "the photo is empty");
    return STATUS_OK;
}

static uint32_t text_max(void)
{
    return schema_field(schema_kind(bytes_str("case-new")), bytes_str("narrative"))->max;
}

enum status api_paste_add(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct paste_new paste = {.text = {0}};
    int64_t number = 0;
    bool is_known = false;
    enum status status = need_writer(core, caller, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "text", text_max(), &paste.text, err);
    if (status == STATUS_OK)
        status = read_photo(args, &paste.photo, err);
    if (status == STATUS_OK && paste.text.len == 0 && paste.photo.len == 0)
        status = err_set(err, STATUS_INVALID, "nothing is there to be kept: text, photo");
    if (status != STATUS_OK)
        return status;
    memcpy(paste.author.bytes, caller->signer.key, ID_SIZE);
    status = paste_add(core, &paste, &number, &is_known, err);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "known");
    pack_bool(result, is_known);
    pack_str(result, "paste");
    pack_uint(result, (uint64_t)number);
    return STATUS_OK;
}

/* --- looking --- */

static void pack_one(struct core *core, struct buf *out, const struct store_paste *paste)
{
    pack_map(out, 9);
    pack_str(out, "author");
    pack_bin(out, paste->author.bytes, ID_SIZE);
    pack_str(out, "by");
    api_pack_name(core, &paste->author, out);
    pack_str(out, "days_left");
    pack_uint(out, (paste->left_s + DAY_S - 1) / DAY_S);
    pack_str(out, "ending");
    pack_bool(out, paste->left_s <= PASTE_NOTICE_S);
    pack_str(out, "paste");
    pack_uint(out, (uint64_t)paste->number);
    pack_str(out, "size");
    pack_uint(out, paste->size);
    pack_str(out, "text");
    pack_str_bytes(out, paste->text);
    pack_str(out, "type");
    pack_str_bytes(out, paste->type);
    pack_str(out, "wall");
    pack_uint(out, paste->wall);
}

struct listing {
    struct core *core;
    struct buf rows;
    uint32_t len;
};

static enum status list_one(void *context, const struct store_paste *paste)
{
    struct listing *listing = context;
    listing->len++;
    pack_one(listing->core, &listing->rows, paste);
    return buf_status(&listing->rows);
}

enum status api_paste_list(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct listing listing = {.core = core};
    enum status status = paste_look(core);
    if (status == STATUS_OK)
        status = core_check(core, store_pastes(core->store, list_one, &listing));
    pack_map(result, 1);
    pack_str(result, "pastes");
    pack_array(result, listing.len);
    buf_append(result, &listing.rows);
    buf_deinit(&listing.rows);
    return status;
}

enum status api_paste_show(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct chosen chosen;
    enum status status = choose(core, args, &chosen, err);
    if (status == STATUS_OK)
        pack_one(core, result, &chosen.row);
    chosen_deinit(&chosen);
    return status;
}

enum status api_paste_get(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct chosen chosen;
    struct buf photo = {0};
    enum status status = choose(core, args, &chosen, err);
    if (status == STATUS_OK)
        status = paste_photo(core, &chosen.row, &photo, err);
    if (status == STATUS_OK) {
        pack_map(result, 2);
        pack_str(result, "bytes");
        pack_bin(result, photo.data, photo.len);
        pack_str(result, "type");
        pack_str_bytes(result, chosen.row.type);
    }
    buf_deinit(&photo);
    chosen_deinit(&chosen);
    return status;
}

/* --- what becomes of it --- */

/* All that could keep the photo out of the case, asked before there is one. */
static enum status check_photo(struct core *core, const struct args *args,
                               const struct store_paste *paste, struct err *err)
{
    uint64_t bytes = 0;
    if (paste->type.len == 0)
        return STATUS_OK;
    if (args_flag(args, "minor"))
        return err_set(err, STATUS_INVALID,
                       "a case of a minor keeps no photo; write it down anew, and drop "
                       "the paste");
    enum status status = core_check(core, store_chunks_size(core->store, &bytes));
    if (status == STATUS_OK && bytes + paste->size > ATTACHMENTS_BYTES_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "all files of cases together have reached the %llu MiB that this "
                       "node keeps; take some away first (attach remove)",
                       (unsigned long long)ATTACHMENTS_BYTES_MAX >> 20);
    return status;
}

static enum status attach_photo(struct core *core, struct caller *caller,
                                const struct chosen *chosen, struct bytes photo,
                                const struct id *scope, struct id *op, struct err *err)
{
    char name[48];
    const char *type;
    bool is_png = bytes_equal_str(chosen->row.type, "image/png");
    (void)snprintf(name, sizeof(name), "paste-%lld.%s", (long long)chosen->row.number,
                   is_png ? "png" : "jpg");
    enum status status = core_check(core, refold_scope(core, scope));
    if (status == STATUS_OK)
        status = attachment_add(core, scope, bytes_str(name), photo, caller->signer.pair,
                                op, &type, err);
    return status;
}

/* Reads all before it writes anything: a case without its photo would not be what was
 * pasted in. */
enum status api_paste_case(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct chosen chosen;
    struct draft draft = {.kind = NULL};
    struct buf photo = {0};
    const char *field;
    char number[CASE_NUMBER_SIZE];
    struct id scope, file = {0};
    enum status status = choose(core, args, &chosen, err);
    bool has_photo = status == STATUS_OK && chosen.row.type.len > 0;
    if (status == STATUS_OK)
        status = new_case_read_from(args, chosen.row.text, &draft, &field, err);
    if (status == STATUS_OK)
        status = check_photo(core, args, &chosen.row, err);
    if (status == STATUS_OK && has_photo)
        status = paste_photo(core, &chosen.row, &photo, err);
    if (status == STATUS_OK)
        status = new_case_write(core, caller, &draft, number, &scope, err);
    if (status == STATUS_OK && has_photo)
        status =
            attach_photo(core, caller, &chosen, buf_bytes(&photo), &scope, &file, err);
    if (status == STATUS_OK)
        status = core_check(core, store_paste_remove(core->store, chosen.row.number));
    if (status == STATUS_OK) {
        pack_map(result, 3);
        pack_str(result, "file");
        if (has_photo)
            pack_bin(result, file.bytes, ID_SIZE);
        else
            pack_nil(result);
        pack_str(result, "number");
        pack_str(result, number);
        pack_str(result, "scope");
        pack_bin(result, scope.bytes, ID_SIZE);
    }
    draft_deinit(&draft);
    buf_deinit(&photo);
    chosen_deinit(&chosen);
    return status;
}

enum status api_paste_drop(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct chosen chosen = {.row = {0}};
    enum status status = need_writer(core, caller, err);
    if (status == STATUS_OK)
        status = choose(core, args, &chosen, err);
    if (status == STATUS_OK)
        status = core_check(core, store_paste_remove(core->store, chosen.row.number));
    chosen_deinit(&chosen);
    return status;
}
