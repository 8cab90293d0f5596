/* Bundles: written for a site and read of one, a file a call; and what waits for whom. */
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/bundle_in.h"
#include "node/core/bundle_out.h"
#include "node/core/bundle_plan.h"
#include "node/core/charters.h"
#include "storage/store_bundles.h"

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

/* --- writing --- */

static enum status give_next(struct core *core, struct caller *caller, struct buf *result,
                             struct err *err)
{
    struct bundle_out *out = caller->bundle_out;
    struct buf file = {0};
    uint32_t part = out->given;
    enum status status = bundle_out_next(core, out, &file, err);
    if (status == STATUS_OK) {
        pack_map(result, 8);
        pack_str(result, "file");
        pack_bin(result, file.data, file.len);
        pack_str(result, "last");
        pack_bool(result, out->is_done);
        pack_number(result, "left", out->plan.ops.len - out->plan.ops.at);
        pack_number(result, "number", out->header.number);
        pack_number(result, "ops", out->ops);
        pack_number(result, "part", part);
        pack_number(result, "pieces", out->pieces);
        pack_str(result, "site");
        pack_bin(result, out->site.bytes, ID_SIZE);
    }
    buf_deinit(&file);
    return status;
}

enum status api_bundle_write(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct id site;
    enum status status = api_find_peer(core, args, &site, err);
    if (status != STATUS_OK)
        return status;
    bundle_out_free(caller->bundle_out);
    caller->bundle_out = NULL;
    status = bundle_out_begin(core, &site, &caller->bundle_out, err);
    return status == STATUS_OK ? give_next(core, caller, result, err) : status;
}

enum status api_bundle_next(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    const struct bundle_out *out = caller->bundle_out;
    if (out != NULL && args_number(args, "part", out->given) != out->given)
        return err_set(err, STATUS_CONFLICT,
                       "that part was given out before; if it is lost, begin this bundle "
                       "anew");
    if (out == NULL || out->is_done)
        return err_set(err, STATUS_NOT_FOUND,
                       "no bundle is being written that has another part");
    return give_next(core, caller, result, err);
}

enum status api_bundle_done(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct bundle_out *out = caller->bundle_out;
    if (out == NULL || !out->is_done)
        return err_set(err, STATUS_NOT_FOUND,
                       "no bundle is being written of which every part was given out");
    enum status status =
        store_bundle_written(core->store, &out->site, out->header.number, core->wall);
    bundle_out_free(out);
    caller->bundle_out = NULL;
    /* Acknowledged already, by a session meanwhile. */
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
}

/* --- reading --- */

static enum status read_file(struct core *core, struct caller *caller,
                             const struct args *args, enum bundle_in_purpose purpose,
                             struct err *err)
{
    struct bytes raw = {0}, file;
    if (!args_raw(args, "file", &raw))
        return err_set(err, STATUS_INVALID, "file is missing");
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &file, NULL) != STATUS_OK)
        return err_set(err, STATUS_INVALID, "file is the bytes of one");
    return bundle_in_begin(core, caller, file, purpose, err);
}

enum status api_bundle_read(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    return read_file(core, caller, args,
                     args_flag(args, "look") ? BUNDLE_IN_LOOK : BUNDLE_IN_TAKE, err);
}

enum status api_backup_mark(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    return read_file(core, caller, args, BUNDLE_IN_MARK, err);
}

/* --- what waits --- */

struct rows {
    struct buf *out; /* counted first: nothing is packed where it is NULL */
    uint32_t len;
};

static enum status add_made(void *context, const struct store_bundle_made *made)
{
    struct rows *rows = context;
    rows->len++;
    if (rows->out == NULL)
        return STATUS_OK;
    pack_map(rows->out, 4);
    pack_number(rows->out, "number", made->number);
    pack_number(rows->out, "ops", made->ops);
    pack_number(rows->out, "wall", made->wall);
    pack_str(rows->out, "written");
    pack_bool(rows->out, made->is_written);
    return STATUS_OK;
}

static enum status add_read(void *context, const struct store_bundle_read *read)
{
    struct rows *rows = context;
    rows->len++;
    if (rows->out == NULL)
        return STATUS_OK;
    pack_map(rows->out, 3);
    pack_str(rows->out, "node");
    pack_bin(rows->out, read->node, sizeof(read->node));
    pack_number(rows->out, "number", read->number);
    pack_number(rows->out, "wall", read->wall);
    return STATUS_OK;
}

static enum status pack_made(struct core *core, const struct id *site, struct buf *out)
{
    struct rows rows = {0};
    enum status status = store_bundles_made(core->store, site, add_made, &rows);
    pack_str(out, "made");
    pack_array(out, rows.len);
    rows.out = out;
    return status == STATUS_OK ? store_bundles_made(core->store, site, add_made, &rows)
                               : status;
}

static enum status pack_read(struct core *core, const struct id *site, struct buf *out)
{
    struct rows rows = {0};
    enum status status = store_bundles_read(core->store, site, add_read, &rows);
    pack_str(out, "read");
    pack_array(out, rows.len);
    rows.out = out;
    return status == STATUS_OK ? store_bundles_read(core->store, site, add_read, &rows)
                               : status;
}

static enum status pack_site(struct core *core, const struct charter_link *link,
                             struct buf *out)
{
    struct bundle_plan plan;
    struct store_bundle_site of;
    const struct charter *charter = charters_of_site(core, &link->site);
    enum status status = store_bundle_site(core->store, &link->site, &of);
    if (status != STATUS_OK)
        return status;
    status = bundle_plan_make(core, &link->site, &plan);
    pack_map(out, 12);
    pack_number(out, "acked", of.acked);
    pack_number(out, "acked_wall", of.acked_wall);
    pack_str(out, "as");
    pack_str(out, link->is_parent ? "parent" : "child");
    pack_number(out, "bytes", plan.bytes);
    pack_number(out, "files", plan.files.len);
    if (status == STATUS_OK)
        status = pack_made(core, &link->site, out);
    pack_str(out, "name");
    pack_str(out, charter == NULL ? "" : charter_name(charter));
    pack_number(out, "ops", plan.ops.len);
    if (status == STATUS_OK)
        status = pack_read(core, &link->site, out);
    pack_number(out, "records", plan.records);
    pack_number(out, "since", plan.since);
    pack_str(out, "site");
    pack_bin(out, link->site.bytes, ID_SIZE);
    bundle_plan_deinit(&plan);
    return status;
}

/* How far the bundle is that this caller writes: what was given out is not given again.
 */
static void pack_writing(const struct bundle_out *out, struct buf *result)
{
    pack_str(result, "writing");
    if (out == NULL) {
        pack_nil(result);
        return;
    }
    pack_map(result, 5);
    pack_str(result, "last");
    pack_bool(result, out->is_done);
    pack_number(result, "left", out->plan.ops.len - out->plan.ops.at);
    pack_number(result, "number", out->header.number);
    pack_number(result, "parts", out->given);
    pack_str(result, "site");
    pack_bin(result, out->site.bytes, ID_SIZE);
}

enum status api_bundle_list(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct charter *own;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    size_t len;
    const struct charter_link *links = charter_links(own, &len);
    struct buf list = {0};
    for (size_t i = 0; status == STATUS_OK && i < len; i++)
        status = pack_site(core, &links[i], &list);
    pack_map(result, 2);
    pack_str(result, "sites");
    pack_array(result, (uint32_t)len);
    buf_append(result, &list);
    pack_writing(caller->bundle_out, result);
    buf_deinit(&list);
    return core_check(core, status);
}
