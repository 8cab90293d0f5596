/* draft.put, get, list, drop: forms that a person began to fill in, on this machine
 * alone, in no scope. */
#include <string.h>

#include "node/core/api.h"
#include "proto/pack_map.h"
#include "storage/store_form_drafts.h"

/* Whoever is unlocked, or whose device it is. */
static struct id person_of(const struct caller *caller)
{
    struct id person = caller->person;
    if (caller->signer.pair != NULL)
        memcpy(person.bytes, caller->signer.key, ID_SIZE);
    return person;
}

static enum status read_form(const struct args *args, struct bytes *form, struct err *err)
{
    return args_text(args, "form", FORM_NAME_MAX, form, err);
}

static enum status absent(struct err *err)
{
    return err_set(err, STATUS_NOT_FOUND, "there is no draft of that form");
}

/* --- putting --- */

static enum status read_fields(const struct args *args, struct bytes *fields,
                               struct err *err)
{
    uint32_t len;
    struct bytes text;
    if (!args_raw(args, "fields", fields))
        return err_set(err, STATUS_INVALID, "fields is missing: a map of texts");
    if (fields->len > FORM_DRAFT_SIZE_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "the form has %zu bytes; a draft of at most %u can be kept",
                       fields->len, FORM_DRAFT_SIZE_MAX);
    struct pack_reader reader = pack_reader_of(*fields);
    enum status status = pack_read_map(&reader, &len, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < 2 * len; i++)
        status = pack_read_str(&reader, &text, NULL);
    return status == STATUS_OK
               ? status
               : err_set(err, STATUS_INVALID, "fields is a map from text to text");
}

struct count {
    struct bytes form;
    uint32_t others;
};

static enum status count_one(void *context, const struct store_form_draft *draft)
{
    struct count *count = context;
    count->others += !bytes_equal(draft->form, count->form);
    return STATUS_OK;
}

enum status api_draft_put(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct id person = person_of(caller);
    struct store_form_draft draft = {.wall = core->wall};
    enum status status = read_form(args, &draft.form, err);
    if (status == STATUS_OK)
        status = read_fields(args, &draft.fields, err);
    if (status != STATUS_OK)
        return status;
    struct count count = {.form = draft.form};
    status = store_form_drafts(core->store, &person, count_one, &count);
    if (status == STATUS_OK && count.others >= FORM_DRAFTS_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "%d drafts are kept for you; send or drop some first (draft.list)",
                       FORM_DRAFTS_MAX);
    if (status == STATUS_OK)
        status = store_form_draft_put(core->store, &person, &draft);
    pack_map(result, 1);
    pack_str(result, "wall");
    pack_uint(result, draft.wall);
    return core_check(core, status);
}

/* --- getting --- */

static enum status pack_draft(void *context, const struct store_form_draft *draft)
{
    struct buf *out = context;
    pack_map(out, 2);
    pack_str(out, "fields");
    buf_add(out, draft->fields.data, draft->fields.len);
    pack_str(out, "wall");
    pack_uint(out, draft->wall);
    return buf_status(out);
}

enum status api_draft_get(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct id person = person_of(caller);
    struct bytes form;
    enum status status = read_form(args, &form, err);
    if (status != STATUS_OK)
        return status;
    status = store_form_draft_get(core->store, &person, form, pack_draft, result);
    return status == STATUS_NOT_FOUND ? absent(err) : core_check(core, status);
}

struct listing {
    struct buf rows;
    uint32_t len;
};

static enum status list_one(void *context, const struct store_form_draft *draft)
{
    struct listing *listing = context;
    listing->len++;
    pack_map(&listing->rows, 2);
    pack_str(&listing->rows, "form");
    pack_str_bytes(&listing->rows, draft->form);
    pack_str(&listing->rows, "wall");
    pack_uint(&listing->rows, draft->wall);
    return buf_status(&listing->rows);
}

enum status api_draft_list(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id person = person_of(caller);
    struct listing listing = {.len = 0};
    enum status status = store_form_drafts(core->store, &person, list_one, &listing);
    pack_map(result, 1);
    pack_str(result, "drafts");
    pack_array(result, listing.len);
    buf_append(result, &listing.rows);
    buf_deinit(&listing.rows);
    return core_check(core, status);
}

enum status api_draft_drop(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id person = person_of(caller);
    struct bytes form;
    enum status status = read_form(args, &form, err);
    if (status != STATUS_OK)
        return status;
    status = store_form_draft_remove(core->store, &person, form);
    return status == STATUS_NOT_FOUND ? absent(err) : core_check(core, status);
}
