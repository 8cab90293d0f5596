#include "tests/sim/life/watch_outbox.h"

#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_replica.h"

#define PREFIX "case."
#define REFUSED_BEFORE 2 /* requests from the refusal to the look */

void watch_outbox_refused(struct sim_host *host, uint64_t number)
{
    host->refused_number = number + REFUSED_BEFORE;
}

/* --- what was shown --- */

static void add_change(struct digest *digest, struct bytes escalation, struct bytes name,
                       struct bytes value)
{
    digest_add(digest, escalation.data, escalation.len);
    digest_add_u64(digest, name.len);
    digest_add(digest, name.data, name.len);
    digest_add_u64(digest, value.len);
    digest_add(digest, value.data, value.len);
}

static bool add_row(void *context, struct bytes row)
{
    struct id escalation;
    struct bytes name, held, value;
    if (view_map_id(row, "escalation", &escalation) &&
        view_map_text(row, "field", &name) && view_map_text(row, "held", &held) &&
        view_map_get(row, "is", &value) && held.len == 0)
        add_change(context, bytes_of(escalation.bytes, ID_SIZE), name, value);
    return true;
}

void watch_outbox_shown(struct sim_host *host, struct bytes result, uint64_t number,
                        uint64_t sending)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/test/outbox");
    view_map_each(result, "rows", add_row, &digest);
    digest_final(&digest, host->outbox.bytes);
    host->outbox_number = sending;
    if (host->refused_number == number)
        host->refused_number = sending;
}

/* --- what left --- */

struct sending {
    struct sim_host *host;
    struct digest digest;
};

static enum status add_op(void *context, const struct store_op *row)
{
    struct sending *sending = context;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    for (uint32_t i = 0; i < op.fields_len; i++) {
        struct bytes name = op.fields[i].name;
        add_change(&sending->digest, bytes_of(row->scope.bytes, ID_SIZE),
                   bytes_of(name.data + strlen(PREFIX), name.len - strlen(PREFIX)),
                   op.fields[i].value);
    }
    return STATUS_OK;
}

static bool add_sent(void *context, struct bytes element)
{
    struct sending *sending = context;
    struct sim_host *host = sending->host;
    struct id op;
    if (view_map_id(element, "op", &op) &&
        store_op_get(host->config.store, &op, add_op, sending) != STATUS_OK)
        sim_fail(host->sim, "I2", "%s cannot read what it sent anew", host->address);
    return true;
}

void watch_outbox_sent(struct sim_host *host, struct bytes status, struct bytes result,
                       uint64_t number)
{
    bool is_refused = number == host->refused_number;
    struct sending sending = {.host = host};
    struct id left;
    if (is_refused && bytes_equal_str(status, "DENIED"))
        sim_ever(host->sim, EVER_UPDATE_HELD);
    if (!bytes_equal_str(status, "OK"))
        return;
    sim_ever(host->sim, EVER_UPDATED);
    if (is_refused)
        sim_fail(host->sim, "API", "%s sends anew what a party refused", host->address);
    digest_init(&sending.digest, "fengqiao/test/outbox");
    view_map_each(result, "sent", add_sent, &sending);
    digest_final(&sending.digest, left.bytes);
    /* A disk that lied has views of another time than their ops, until a rebuild. */
    if (number == host->outbox_number && !id_equal(&left, &host->outbox) &&
        !host->is_flawed)
        sim_fail(host->sim, "I3", "%s sends something else than its outbox showed",
                 host->address);
}

/* --- what a record shows --- */

struct latest {
    struct buf title; /* the last that was sent */
};

/* Nobody else writes the village's fields; of two machines either may be the last. */
static enum status follow(void *context, const struct store_op *row)
{
    struct latest *latest = context;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    const struct op_field *field = op_field(&op, PREFIX "title");
    if (field == NULL)
        return STATUS_OK;
    buf_clear(&latest->title);
    buf_add(&latest->title, field->value.data, field->value.len);
    return buf_status(&latest->title);
}

static enum status look_at_record(void *context, const struct store_scope *scope)
{
    struct sim_host *host = context;
    struct latest latest = {.title = {0}};
    struct bytes shown = {0};
    if (!id_equal(&scope->site, &host->site) || host->is_set_back || host->is_flawed ||
        sim_replica_is_of(host))
        return STATUS_OK;
    enum status status =
        store_ops_of_scope(host->config.store, &scope->id, follow, &latest);
    (void)view_value(scope->view, "title", &shown); /* empty: not as it was sent */
    if (status == STATUS_OK && latest.title.len > 0 &&
        !bytes_equal(shown, buf_bytes(&latest.title)))
        sim_fail(host->sim, "API", "%s shows a record otherwise than it was sent last",
                 host->address);
    buf_deinit(&latest.title);
    return status;
}

void watch_outbox_end(struct sim_host *host)
{
    if (store_scopes_of_kind(host->config.store, SCOPE_ESCALATION, 0, look_at_record,
                             host) != STATUS_OK)
        sim_fail(host->sim, "I14", "%s: its records cannot be read", host->address);
}
