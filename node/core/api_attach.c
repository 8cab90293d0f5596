/* Files of a case, and those that went up with a record. */
#include <stdio.h>

#include "node/core/api.h"
#include "node/core/attachment.h"
#include "node/core/digits.h"
#include "node/core/far.h"
#include "proto/limits.h"

#define NAME_MAX_BYTES 240
#define REASON_MAX 4096
#define MEDIA_TYPE_MAX 40
#define SHORT_MIN 6 /* digits of an op's id that name a file */

static void pack_one(struct buf *out, const struct attachment *attachment)
{
    pack_map(out, 7);
    pack_str(out, "here");
    pack_uint(out, attachment->here);
    pack_str(out, "lacking");
    pack_uint(out, attachment->lacking);
    pack_str(out, "name");
    pack_str_bytes(out, attachment->name);
    pack_str(out, "op");
    pack_bin(out, attachment->op.bytes, ID_SIZE);
    pack_str(out, "size");
    pack_uint(out, attachment->size);
    pack_str(out, "type");
    pack_str_bytes(out, attachment->type);
    pack_str(out, "wall");
    pack_uint(out, attachment->wall);
}

/* A case, or an escalation: what went up has files too. A case not for everybody who
 * reads escalations. */
static enum status find_record(struct core *core, const struct caller *caller,
                               const struct args *args, struct id *scope, struct err *err)
{
    struct err unused = {0};
    enum status status = api_find_case(core, args, scope, err);
    if (status == STATUS_OK)
        return far_may_read(core, caller, READS_CASES, err);
    if (status != STATUS_NOT_FOUND)
        return status;
    status = api_find_escalation_in(core, args, "case", scope, &unused);
    if (status == STATUS_CONFLICT)
        *err = unused;
    return status;
}

struct listing {
    struct buf rows;
    uint32_t len;
};

static enum status list_one(void *context, const struct attachment *attachment)
{
    struct listing *listing = context;
    listing->len++;
    pack_one(&listing->rows, attachment);
    return buf_status(&listing->rows);
}

enum status api_attach_list(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct listing listing = {0};
    enum status status = find_record(core, caller, args, &scope, err);
    if (status == STATUS_OK)
        status = attachment_each(core, &scope, list_one, &listing);
    pack_map(result, 1);
    pack_str(result, "files");
    pack_array(result, listing.len);
    buf_append(result, &listing.rows);
    buf_deinit(&listing.rows);
    return core_check(core, status);
}

/* --- which one is meant: the first digits of its id --- */

struct choice {
    struct digits digits;
    struct id op;
    char type[MEDIA_TYPE_MAX + 1];
    uint32_t len;
};

static enum status choose_one(void *context, const struct attachment *attachment)
{
    struct choice *choice = context;
    if (!digits_match(&choice->digits, &attachment->op))
        return STATUS_OK;
    choice->op = attachment->op;
    (void)snprintf(choice->type, sizeof(choice->type), "%.*s", (int)attachment->type.len,
                   (const char *)attachment->type.data);
    choice->len++;
    return STATUS_OK;
}

static enum status find_file(struct core *core, const struct args *args,
                             const struct id *scope, struct choice *choice,
                             struct err *err)
{
    struct bytes text;
    *choice = (struct choice){.len = 0};
    enum status status = args_text(args, "file", 2 * ID_SIZE, &text, err);
    if (status == STATUS_OK && !digits_read(&choice->digits, text, SHORT_MIN))
        status = err_set(err, STATUS_INVALID,
                         "name the file by the first %d digits of its id or more "
                         "(attach list)",
                         SHORT_MIN);
    if (status != STATUS_OK)
        return status;
    status = attachment_each(core, scope, choose_one, choice);
    if (status == STATUS_OK && choice->len == 0)
        status = err_set(err, STATUS_NOT_FOUND,
                         "no file of that id stands there (attach list)");
    if (status == STATUS_OK && choice->len > 1)
        status = err_set(err, STATUS_CONFLICT,
                         "several files begin with these digits; give more of them");
    return status;
}

enum status api_attach_add(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id scope, op;
    struct bytes name, raw, file;
    const char *type = NULL;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "name", NAME_MAX_BYTES, &name, err);
    if (status == STATUS_OK && !args_raw(args, "bytes", &raw))
        status = err_set(err, STATUS_INVALID, "bytes is missing: the file");
    if (status != STATUS_OK)
        return status;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &file, NULL) != STATUS_OK)
        return err_set(err, STATUS_INVALID, "bytes is a bin: the file");
    status =
        attachment_add(core, &scope, name, file, caller->signer.pair, &op, &type, err);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "op");
    pack_bin(result, op.bytes, ID_SIZE);
    pack_str(result, "type");
    pack_str(result, type);
    return STATUS_OK;
}

enum status api_attach_get(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct choice choice;
    struct buf file = {0};
    enum status status = find_record(core, caller, args, &scope, err);
    if (status == STATUS_OK)
        status = find_file(core, args, &scope, &choice, err);
    if (status == STATUS_OK)
        status = attachment_read(core, &scope, &choice.op, &file, err);
    if (status == STATUS_OK) {
        pack_map(result, 2);
        pack_str(result, "bytes");
        pack_bin(result, file.data, file.len);
        pack_str(result, "type");
        pack_str(result, choice.type);
    }
    buf_deinit(&file);
    return status;
}

enum status api_attach_remove(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct id scope, detach;
    struct choice choice;
    struct bytes reason;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = find_file(core, args, &scope, &choice, err);
    if (status == STATUS_OK)
        status = args_text(args, "reason", REASON_MAX, &reason, err);
    if (status == STATUS_OK)
        status = attachment_remove(core, &scope, &choice.op, reason, caller->signer.pair,
                                   &detach, err);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 1);
    pack_str(result, "op");
    pack_bin(result, detach.bytes, ID_SIZE);
    return STATUS_OK;
}
