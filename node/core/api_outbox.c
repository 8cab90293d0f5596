/* The outbox: what has changed in cases since they went up, and waits until the village
 * sends it. What is shown is decided where what is signed is: in node/cases/update. */
#include <string.h>

#include "node/cases/update.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/refold.h"

#define PREFIX_LEN (sizeof("case.") - 1)
/* An answer has room for as much of what may go as of what is held: neither keeps the
 * other out. */
#define ROOM_BYTES ((CONTROL_MESSAGE_MAX - 65536) / 2)
#define ROW_BYTES 1024 /* of a row, without what it was and is */
#define SEEN_DOMAIN "fengqiao/1/outbox"

/* What is done with the changes of one record; lists grow in out. */
struct walk;
typedef enum status walk_fn(struct walk *walk, const struct update_plan *plan);

struct walk {
    struct core *core;
    struct caller *caller;
    walk_fn *visit;
    struct id scope, escalation; /* the case and the record that are looked at */
    struct buf view;             /* of the case */
    struct buf rows, sent;
    uint32_t rows_len, sent_len;
    uint64_t may_bytes, held_bytes; /* of the room that an answer has for either */
    uint64_t left_out;              /* rows for which it has none */
    struct digest may; /* of all that may go: where to, which field, what it says */
    struct err *err;
    struct err held; /* why the first thing that stayed did */
    enum status status;
};

static enum status collect_sent(void *context, const struct store_scope *scope)
{
    if (view_map_count(scope->view, "sent") > 0)
        id_list_push(context, &scope->id);
    return STATUS_OK;
}

static bool look_at_record(void *context, struct bytes element)
{
    struct walk *walk = context;
    struct buf view = {0};
    struct update_plan plan;
    if (!view_id(element, &walk->escalation)) /* never: the fold wrote it */
        return true;
    /* What this turn has done to the record counts, a recall among it. */
    walk->status = refold_if_touched(walk->core, &walk->escalation);
    if (walk->status == STATUS_OK)
        walk->status = api_view(walk->core, &walk->escalation, &view);
    if (walk->status == STATUS_OK) {
        update_plan(buf_bytes(&walk->view), buf_bytes(&view), &plan);
        walk->status = walk->visit(walk, &plan);
    }
    /* After a loss of the disk a case may know of a record that is gone. */
    if (walk->status == STATUS_NOT_FOUND)
        walk->status = STATUS_OK;
    buf_deinit(&view);
    return walk->status == STATUS_OK;
}

static enum status look_at_case(struct walk *walk, const struct id *scope)
{
    walk->scope = *scope;
    /* Ops of this turn are not folded yet. */
    enum status status = refold_if_touched(walk->core, scope);
    if (status == STATUS_OK)
        status = api_view(walk->core, scope, &walk->view);
    if (status != STATUS_OK)
        return core_check(walk->core, status);
    view_map_each(buf_bytes(&walk->view), "sent", look_at_record, walk);
    return core_check(walk->core, walk->status);
}

/* Of one case, or of all that went up. */
static enum status walk_cases(struct walk *walk, const struct id *scope)
{
    struct id_list cases = {0};
    enum status status = STATUS_OK;
    if (scope != NULL)
        id_list_push(&cases, scope);
    else
        status =
            store_scopes_of_kind(walk->core->store, SCOPE_CASE, 0, collect_sent, &cases);
    if (status == STATUS_OK && cases.failed)
        status = STATUS_NO_MEMORY;
    status = core_check(walk->core, status);
    for (uint32_t i = 0; status == STATUS_OK && i < cases.len; i++)
        status = look_at_case(walk, &cases.ids[i]);
    id_list_deinit(&cases);
    buf_deinit(&walk->view);
    return status;
}

/* --- what waits --- */

/* Whether an answer shows this change. Who lists, who says what was seen and who sends
 * ask it of the same changes in the same order, so that what is not shown neither counts
 * as seen nor leaves. */
static bool has_room(struct walk *walk, const struct update_field *field)
{
    bool is_held = field->held.status != STATUS_OK;
    uint64_t *bytes = is_held ? &walk->held_bytes : &walk->may_bytes;
    *bytes += ROW_BYTES + field->was.len + field->is.len;
    walk->left_out += *bytes > ROOM_BYTES;
    return *bytes <= ROOM_BYTES;
}

static void pack_value_or_nil(struct buf *out, struct bytes value)
{
    if (value.len == 0)
        pack_nil(out);
    else
        buf_add(out, value.data, value.len);
}

static void pack_row(struct walk *walk, const struct update_field *field)
{
    struct buf *out = &walk->rows;
    bool is_held = field->held.status != STATUS_OK;
    walk->rows_len++;
    pack_map(out, 7);
    pack_str(out, "escalation");
    pack_bin(out, walk->escalation.bytes, ID_SIZE);
    pack_str(out, "field");
    pack_str(out, field->name + PREFIX_LEN);
    pack_str(out, "held");
    pack_str(out, is_held ? field->held.text : "");
    pack_str(out, "is");
    buf_add(out, field->is.data, field->is.len);
    api_pack_number(out, buf_bytes(&walk->view));
    pack_str(out, "scope");
    pack_bin(out, walk->scope.bytes, ID_SIZE);
    pack_str(out, "was");
    pack_value_or_nil(out, field->was);
}

static void note_change(struct walk *walk, const struct update_field *field)
{
    if (field->held.status != STATUS_OK)
        return;
    digest_add(&walk->may, walk->escalation.bytes, ID_SIZE);
    digest_add(&walk->may, field->name, strlen(field->name) + 1);
    digest_add_u64(&walk->may, field->is.len);
    digest_add(&walk->may, field->is.data, field->is.len);
}

static enum status note_changes(struct walk *walk, const struct update_plan *plan)
{
    for (uint32_t i = 0; i < plan->fields_len; i++)
        if (has_room(walk, &plan->fields[i]))
            note_change(walk, &plan->fields[i]);
    return STATUS_OK;
}

static enum status list_changes(struct walk *walk, const struct update_plan *plan)
{
    for (uint32_t i = 0; i < plan->fields_len; i++) {
        if (!has_room(walk, &plan->fields[i]))
            continue;
        note_change(walk, &plan->fields[i]);
        pack_row(walk, &plan->fields[i]);
    }
    return buf_status(&walk->rows);
}

enum status api_outbox(struct core *core, struct caller *caller, const struct args *args,
                       struct buf *result, struct err *err)
{
    struct walk walk = {.core = core, .visit = list_changes};
    struct bytes raw;
    struct id scope;
    uint8_t seen[DIGEST_SIZE];
    bool is_one = args_raw(args, "case", &raw);
    const struct remembered_key key = {.method = REMEMBERED_OUTBOX,
                                       .changes = core->changes};
    if (!is_one && remembered_get(core, &key, result))
        return STATUS_OK;
    digest_init(&walk.may, SEEN_DOMAIN);
    enum status status = is_one ? api_find_case(core, args, &scope, err) : STATUS_OK;
    if (status == STATUS_OK)
        status = walk_cases(&walk, is_one ? &scope : NULL);
    digest_final(&walk.may, seen);
    pack_map(result, 3);
    pack_str(result, "left_out");
    pack_uint(result, walk.left_out);
    pack_str(result, "rows");
    pack_array(result, walk.rows_len);
    buf_append(result, &walk.rows);
    pack_str(result, "seen");
    pack_bin(result, seen, sizeof(seen));
    buf_deinit(&walk.rows);
    if (!is_one && status == STATUS_OK)
        remembered_put(core, &key, buf_bytes(result));
    return status;
}

/* --- sending it --- */

/* Nothing leaves that was not shown: what was looked at has to be what would leave now.
 */
static enum status check_seen(struct core *core, const struct args *args,
                              const struct id *scope, struct err *err)
{
    struct walk look = {.core = core, .visit = note_changes};
    struct bytes raw;
    uint8_t seen[DIGEST_SIZE], now[DIGEST_SIZE];
    if (!args_raw(args, "seen", &raw))
        return err_set(err, STATUS_INVALID,
                       "nothing leaves that nobody looked at: give seen, as outbox says "
                       "it");
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_fixed(&reader, seen, sizeof(seen), NULL) != STATUS_OK)
        return err_set(err, STATUS_INVALID, "seen is what outbox says there, 32 bytes");
    digest_init(&look.may, SEEN_DOMAIN);
    enum status status = walk_cases(&look, scope);
    digest_final(&look.may, now);
    if (status == STATUS_OK && memcmp(seen, now, sizeof(now)) != 0)
        status = err_set(err, STATUS_CONFLICT,
                         "something else would leave now than was shown, and so nothing "
                         "was sent; look again with: fengqiao outbox");
    return status;
}

/* What stays, and why; what it says is for the outbox to tell. */
static void pack_held(struct walk *walk, const struct update_field *field)
{
    struct buf *out = &walk->rows;
    walk->rows_len++;
    pack_map(out, 4);
    pack_str(out, "escalation");
    pack_bin(out, walk->escalation.bytes, ID_SIZE);
    pack_str(out, "field");
    pack_str(out, field->name + PREFIX_LEN);
    pack_str(out, "held");
    pack_str(out, field->held.text);
    api_pack_number(out, buf_bytes(&walk->view));
}

static void pack_sent(struct walk *walk, const struct draft *draft, const struct id *op)
{
    struct buf *out = &walk->sent;
    walk->sent_len++;
    pack_map(out, 3);
    pack_str(out, "escalation");
    pack_bin(out, walk->escalation.bytes, ID_SIZE);
    pack_str(out, "fields");
    pack_array(out, draft->fields_len);
    for (uint32_t i = 0; i < draft->fields_len; i++)
        pack_str(out, draft->fields[i].name + PREFIX_LEN);
    pack_str(out, "op");
    pack_bin(out, op->bytes, ID_SIZE);
}

static enum status send_changes(struct walk *walk, const struct update_plan *plan)
{
    struct draft draft;
    struct id op;
    draft_init(&draft, "update", &walk->escalation);
    for (uint32_t i = 0; i < plan->fields_len; i++) {
        const struct update_field *field = &plan->fields[i];
        if (!has_room(walk, field))
            continue;
        if (field->held.status == STATUS_OK) {
            draft_raw(&draft, field->name, field->is);
            continue;
        }
        pack_held(walk, field);
        if (walk->held.status == STATUS_OK)
            walk->held = field->held;
    }
    enum status status = STATUS_OK;
    if (draft.fields_len > 0)
        status =
            author_write(walk->core, &draft, walk->caller->signer.pair, &op, walk->err);
    if (status == STATUS_OK && draft.fields_len > 0)
        pack_sent(walk, &draft, &op);
    draft_deinit(&draft);
    return status;
}

static enum status answer(const struct walk *walk, struct buf *result, struct err *err)
{
    if (walk->sent_len == 0 && walk->rows_len > 0)
        return err_set(err, walk->held.status, "%s", walk->held.text);
    if (walk->sent_len == 0)
        return err_set(err, STATUS_INVALID,
                       "nothing waits: what went up stands in the case as it was sent");
    pack_map(result, 3);
    pack_str(result, "held");
    pack_array(result, walk->rows_len);
    buf_append(result, &walk->rows);
    pack_str(result, "left_out");
    pack_uint(result, walk->left_out);
    pack_str(result, "sent");
    pack_array(result, walk->sent_len);
    buf_append(result, &walk->sent);
    return STATUS_OK;
}

enum status api_outbox_send(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct walk walk = {
        .core = core, .caller = caller, .visit = send_changes, .err = err};
    struct bytes name;
    struct id scope;
    enum status status = args_text(args, "case", 80, &name, err);
    bool is_all = status == STATUS_OK && bytes_equal_str(name, "all");
    if (status == STATUS_OK && !is_all)
        status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = check_seen(core, args, is_all ? NULL : &scope, err);
    if (status == STATUS_OK)
        status = walk_cases(&walk, is_all ? NULL : &scope);
    if (status == STATUS_OK)
        status = answer(&walk, result, err);
    buf_deinit(&walk.rows);
    buf_deinit(&walk.sent);
    return status;
}
