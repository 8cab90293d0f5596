#include "tests/sim/life/watch_release.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/watch_files.h"

#define PREFIX "case."

struct release {
    const struct id *record;
    struct buf bytes; /* of the op that founds it */
    struct op *op;
    bool is_latest[OP_FIELDS_MAX]; /* of its fields: stands in the case */
    bool is_sent;
};

static enum status keep_bytes(void *context, const struct store_op *row)
{
    struct release *release = context;
    buf_add(&release->bytes, row->bytes.data, row->bytes.len);
    enum status status = op_decode_bytes(release->op, buf_bytes(&release->bytes), NULL);
    op_trust(release->op, &row->id);
    return status;
}

/* --- the preview --- */

/* What is drawn at the release nobody can see before. */
static void add_field(struct digest *digest, struct bytes name, struct bytes value)
{
    if (bytes_equal_str(name, "origin") || bytes_equal_str(name, "files"))
        return;
    digest_add(digest, name.data, name.len);
    digest_add_u64(digest, value.len);
    digest_add(digest, value.data, value.len);
}

static void add_map(struct digest *digest, struct bytes preview, const char *part)
{
    struct bytes map, name, value;
    uint32_t count = 0;
    if (!view_map_get(preview, part, &map))
        return;
    struct pack_reader reader = pack_reader_of(map);
    if (pack_read_map(&reader, &count, NULL) != STATUS_OK)
        return;
    for (uint32_t i = 0; i < count; i++)
        if (pack_read_str(&reader, &name, NULL) == STATUS_OK &&
            pack_value(&reader, 1, &value, NULL) == STATUS_OK)
            add_field(digest, name, value);
}

void watch_release_preview(struct sim_host *host, struct bytes preview, uint64_t number)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/test/preview");
    add_map(&digest, preview, "fields");
    add_map(&digest, preview, "extra");
    struct bytes files = {0};
    (void)view_map_get(preview, "files", &files); /* each preview has them */
    digest_add(&digest, files.data, files.len);
    digest_final(&digest, host->previewed.bytes);
    host->previewed_number = number;
}

static bool is_record(struct bytes name)
{
    return name.len > strlen(PREFIX) && memcmp(name.data, PREFIX, strlen(PREFIX)) == 0;
}

/* Those of the case come first in a record, as in a preview. */
static void compare_preview(struct sim_host *host, const struct op *record)
{
    struct digest digest;
    struct id left;
    digest_init(&digest, "fengqiao/test/preview");
    for (uint32_t i = 0; i < record->fields_len; i++) {
        struct bytes name = record->fields[i].name;
        if (is_record(name))
            name = bytes_of(name.data + strlen(PREFIX), name.len - strlen(PREFIX));
        add_field(&digest, name, record->fields[i].value);
    }
    struct buf files = {0};
    watch_files_pack(host, &record->id, &files);
    digest_add(&digest, files.data, files.len);
    buf_deinit(&files);
    digest_final(&digest, left.bytes);
    if (!id_equal(&left, &host->previewed))
        sim_fail(host->sim, "I3", "%s sends something else than its preview showed",
                 host->address);
}

/* --- the case --- */

/* Nobody writes to a case from elsewhere: its ops are one after the other. */
static enum status follow(void *context, const struct store_op *row)
{
    struct release *release = context;
    const struct op *record = release->op;
    struct op op;
    struct id escalation;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    if (op_is_kind(&op, "sent") && op_id(&op, "escalation", &escalation))
        release->is_sent |= id_equal(&escalation, release->record);
    if (release->is_sent || !(op_is_kind(&op, "case-new") || op_is_kind(&op, "set")))
        return STATUS_OK;
    for (uint32_t i = 0; i < record->fields_len; i++) {
        char name[OP_NAME_MAX + 1] = "";
        memcpy(name, record->fields[i].name.data, record->fields[i].name.len);
        const struct op_field *field = strncmp(name, PREFIX, strlen(PREFIX)) == 0
                                           ? op_field(&op, name + strlen(PREFIX))
                                           : NULL;
        if (field != NULL)
            release->is_latest[i] = bytes_equal(field->value, record->fields[i].value);
    }
    return STATUS_OK;
}

static void compare(struct sim_host *host, const struct sim_case *c,
                    const struct release *release)
{
    for (uint32_t i = 0; i < release->op->fields_len; i++) {
        char name[OP_NAME_MAX + 1] = "";
        struct bytes field = release->op->fields[i].name;
        memcpy(name, field.data, field.len);
        if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        if (strstr(c->fields, name + strlen(PREFIX)) == NULL)
            sim_fail(host->sim, "I3", "%s sends %s, which nobody chose", host->address,
                     name);
        else if (!release->is_latest[i])
            sim_fail(host->sim, "I3", "%s sends %s as it does not stand in the case",
                     host->address, name);
    }
}

void watch_release(struct sim_host *host, const struct sim_case *c,
                   const struct id *record, uint64_t number)
{
    struct release release = {.record = record, .op = calloc(1, sizeof(struct op))};
    assert(release.op != NULL);
    enum status status = store_op_get(host->config.store, record, keep_bytes, &release);
    if (status == STATUS_OK)
        status = store_ops_of_scope(host->config.store, &c->scope, follow, &release);
    if (status == STATUS_OK)
        compare(host, c, &release);
    if (status == STATUS_OK && number == host->previewed_number)
        compare_preview(host, release.op);
    if (status != STATUS_OK)
        sim_fail(host->sim, "I2", "%s cannot read what it released: %s", host->address,
                 status_name(status));
    buf_deinit(&release.bytes);
    free(release.op);
}
