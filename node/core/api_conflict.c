/* What was written in two ways at once: shown, settled, and a settlement taken back. A
 * settlement is an ordinary op of its kind that has seen all that stood side by side. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "node/cases/before.h"
#include "node/cases/schema.h"
#include "node/cases/standing.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/digits.h"
#include "node/core/refold.h"
#include "node/core/scope_ops.h"

#define TEXT_MAX 16384
#define SHORT_ID_MIN 8

/* The case, as it is with the ops of this turn. */
static enum status read_case(struct core *core, const struct args *args, struct id *scope,
                             struct buf *view, struct err *err)
{
    enum status status = api_find_case(core, args, scope, err);
    if (status == STATUS_OK)
        status = core_check(core, refold_scope(core, scope));
    if (status == STATUS_OK)
        status = core_check(core, api_view(core, scope, view));
    return status;
}

/* --- showing --- */

struct listing {
    struct bytes view;
    struct buf out;
    uint32_t len;
};

static void pack_raw(struct buf *out, const char *name, struct bytes map, const char *key)
{
    struct bytes raw = {0};
    pack_str(out, name);
    if (view_map_get(map, key, &raw)) /* never: not, each entry has them */
        buf_add(out, raw.data, raw.len);
}

static void pack_conflict(struct listing *listing, struct bytes field, struct bytes party)
{
    struct standing standing;
    struct buf *out = &listing->out;
    standing_read(listing->view, field, party, &standing);
    listing->len++;
    pack_map(out, 3);
    pack_str(out, "field");
    pack_str_bytes(out, field);
    pack_str(out, "party");
    pack_str_bytes(out, party);
    pack_str(out, "values");
    pack_array(out, standing.len);
    for (uint32_t i = 0; i < standing.len; i++) {
        const struct standing_one *one = &standing.all[i];
        pack_map(out, 5);
        pack_raw(out, "author", one->entry, "author");
        pack_raw(out, "op", one->entry, "op");
        pack_raw(out, "time", one->entry, "time");
        pack_str(out, "value");
        buf_add(out, one->value.data, one->value.len);
        pack_raw(out, "wall", one->entry, "wall");
    }
}

static bool add_party(void *context, struct bytes party)
{
    pack_conflict(context, bytes_str("consents"), party);
    return true;
}

static bool add_field(void *context, struct bytes element)
{
    struct listing *listing = context;
    struct pack_reader reader = pack_reader_of(element);
    struct bytes field = {0};
    if (pack_read_str(&reader, &field, NULL) != STATUS_OK) /* never: the fold wrote it */
        return false;
    if (bytes_equal_str(field, "consents"))
        standing_parties(listing->view, add_party, listing);
    else
        pack_conflict(listing, field, (struct bytes){0});
    return true;
}

enum status api_conflict_show(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct id scope;
    struct buf view = {0};
    enum status status = read_case(core, args, &scope, &view, err);
    if (status == STATUS_OK) {
        struct listing listing = {.view = buf_bytes(&view)};
        view_map_each(listing.view, "conflicts", add_field, &listing);
        pack_map(result, 4);
        pack_str(result, "conflicts");
        pack_array(result, listing.len);
        buf_append(result, &listing.out);
        pack_str(result, "names");
        status = api_pack_names(core, listing.view, result);
        api_pack_number(result, listing.view);
        pack_str(result, "scope");
        pack_bin(result, scope.bytes, ID_SIZE);
        buf_deinit(&listing.out);
    }
    buf_deinit(&view);
    return status;
}

/* --- settling --- */

struct settling {
    struct id scope;
    struct buf view;
    struct bytes field, party;
    bool has_seen; /* it was said what was looked at, and that is what stands */
    struct standing standing;
    struct draft draft;
    const struct schema_kind *kind;   /* of the op that settles it */
    const struct schema_field *entry; /* of the register; NULL: a whole op */
};

struct party_search {
    struct bytes party;
    uint32_t len;
};

static bool note_party(void *context, struct bytes party)
{
    struct party_search *search = context;
    search->party = party;
    search->len++;
    return true;
}

/* Where several parties' consents are in question, it has to be said which. */
static enum status read_party(const struct args *args, struct settling *settling,
                              struct err *err)
{
    struct party_search search = {.len = 0};
    enum status status = args_text_optional(args, "party", 120, &settling->party, err);
    if (status != STATUS_OK || settling->party.len > 0)
        return status;
    standing_parties(buf_bytes(&settling->view), note_party, &search);
    if (search.len > 1)
        return err_set(err, STATUS_INVALID,
                       "consents of %u parties stand side by side; say whose: party",
                       search.len);
    settling->party = search.party;
    return STATUS_OK;
}

static enum status read_field(const struct args *args, struct settling *settling,
                              struct err *err)
{
    enum status status = args_text(args, "field", OP_NAME_MAX, &settling->field, err);
    bool is_triage = bytes_equal_str(settling->field, "triage");
    bool is_consents = bytes_equal_str(settling->field, "consents");
    const char *kind = is_triage ? "triage" : is_consents ? "consent" : "set";
    if (status != STATUS_OK)
        return status;
    settling->kind = schema_kind(bytes_str(kind));
    if (is_consents)
        status = read_party(args, settling, err);
    if (!is_triage && !is_consents)
        settling->entry = schema_field(settling->kind, settling->field);
    if (status != STATUS_OK)
        return status;
    standing_read(buf_bytes(&settling->view), settling->field, settling->party,
                  &settling->standing);
    char name[OP_NAME_MAX + 1] = "";
    memcpy(name, settling->field.data, settling->field.len);
    if (view_has_conflict(buf_bytes(&settling->view), name) && settling->standing.len > 1)
        return STATUS_OK;
    return err_set(
        err, STATUS_NOT_FOUND,
        "nothing in '%s' waits to be settled; see: fengqiao conflict show CASE", name);
}

static bool has_seen(const struct id *seen, uint32_t len, const struct standing_one *one)
{
    struct id op = {0};
    (void)view_map_id(one->entry, "op", &op); /* each entry has it */
    for (uint32_t i = 0; i < len; i++)
        if (id_equal(&seen[i], &op))
            return true;
    return false;
}

/* What somebody looked at before may not be all that stands by now. */
static enum status check_seen(const struct args *args, struct settling *settling,
                              struct err *err)
{
    struct bytes raw;
    struct id seen[STANDING_MAX];
    uint32_t count;
    settling->has_seen = args_raw(args, "seen", &raw);
    if (!settling->has_seen)
        return STATUS_OK;
    struct pack_reader reader = pack_reader_of(raw);
    enum status status = pack_read_array(&reader, &count, NULL);
    if (status == STATUS_OK && count > STANDING_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++)
        status = pack_read_fixed(&reader, seen[i].bytes, ID_SIZE, NULL);
    if (status != STATUS_OK)
        return err_set(err, STATUS_INVALID, "seen is a list of op ids");
    for (uint32_t i = 0; i < settling->standing.len; i++)
        if (count != settling->standing.len || /* numbers would count something else */
            !has_seen(seen, count, &settling->standing.all[i]))
            return err_set(err, STATUS_CONFLICT,
                           "somebody wrote to '%.*s' since you looked; look again",
                           (int)settling->field.len, (const char *)settling->field.data);
    return STATUS_OK;
}

/* A number, as conflict.show counts; the beginning of an op's id is longer. */
static bool is_number(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.len < SHORT_ID_MIN;
}

static bool is_chosen(const struct standing_one *one, uint32_t number, struct bytes text)
{
    char number_text[16];
    struct digits digits;
    struct id op = {0};
    (void)snprintf(number_text, sizeof(number_text), "%u", number);
    (void)view_map_id(one->entry, "op", &op); /* each entry has it */
    return bytes_equal_str(text, number_text) ||
           (digits_read(&digits, text, SHORT_ID_MIN) && digits_match(&digits, &op));
}

static enum status choose(struct bytes text, const struct settling *settling,
                          const struct standing_one **chosen, struct err *err)
{
    *chosen = NULL;
    if (is_number(text) && !settling->has_seen)
        return err_set(err, STATUS_INVALID,
                       "a number says nothing without what it counts (seen): what stands "
                       "may have changed; or give the beginning of an op's id");
    for (uint32_t i = 0; i < settling->standing.len && *chosen == NULL; i++)
        if (is_chosen(&settling->standing.all[i], i + 1, text))
            *chosen = &settling->standing.all[i];
    if (*chosen != NULL)
        return STATUS_OK;
    return err_set(err, STATUS_NOT_FOUND,
                   "choose a number from 1 to %u, as conflict show numbers them, or the "
                   "beginning of an op's id",
                   settling->standing.len);
}

static bool is_withheld(struct bytes value)
{
    return value.len == 1 && value.data[0] == 0xc0;
}

/* The chosen op is said again as it was, field by field. */
static enum status draft_again(struct settling *settling, struct bytes fields,
                               struct err *err)
{
    for (uint32_t i = 0; i < settling->kind->fields_len; i++) {
        const char *name = settling->kind->fields[i].name;
        struct bytes value;
        if (!view_map_get(fields, name, &value))
            continue;
        if (is_withheld(value))
            return err_set(err, STATUS_INVALID,
                           "'%s' of that one is gone from this copy; write it anew",
                           name);
        draft_raw(&settling->draft, name, value);
    }
    return STATUS_OK;
}

static enum status draft_chosen(struct settling *settling, struct bytes text,
                                struct err *err)
{
    const struct standing_one *chosen;
    enum status status = choose(text, settling, &chosen, err);
    if (status != STATUS_OK)
        return status;
    if (settling->entry == NULL)
        return draft_again(settling, chosen->value, err);
    if (is_withheld(chosen->value))
        return err_set(err, STATUS_INVALID,
                       "that value is gone from this copy; write one with a text");
    draft_raw(&settling->draft, settling->entry->name, chosen->value);
    return STATUS_OK;
}

static void add_name(struct core *core, struct bytes entry, struct buf *out)
{
    struct id author = {0};
    (void)view_map_id(entry, "author", &author); /* each entry has it */
    api_add_name(core, &author, out);
}

/* "one（who）" and "other（who）", the earlier first. One at least is here: of values
 * that are all gone from this copy none differs. */
static enum status draft_both(struct core *core, struct settling *settling,
                              struct err *err)
{
    struct buf both = {0};
    bool is_long = settling->entry->max > 1024;
    for (uint32_t i = 0; i < settling->standing.len; i++) {
        const struct standing_one *one = &settling->standing.all[i];
        struct pack_reader reader = pack_reader_of(one->value);
        struct bytes text;
        const char *between = is_long ? "\n" : "；";
        if (pack_read_str(&reader, &text, NULL) != STATUS_OK)
            continue; /* gone from this copy */
        if (both.len > 0)
            buf_add(&both, between, strlen(between));
        buf_add(&both, text.data, text.len);
        buf_add(&both, "（", strlen("（"));
        add_name(core, one->entry, &both);
        buf_add(&both, "）", strlen("）"));
    }
    enum status status = buf_status(&both);
    if (status == STATUS_OK && both.len > settling->entry->max)
        status =
            err_set(err, STATUS_TOO_LARGE,
                    "all of them together have %zu bytes, and '%s' keeps at most %u; "
                    "write one text instead",
                    both.len, settling->entry->name, settling->entry->max);
    if (status == STATUS_OK)
        draft_text(&settling->draft, settling->entry->name, buf_bytes(&both));
    buf_deinit(&both);
    return core_check(core, status);
}

static enum status draft_settlement(struct core *core, const struct args *args,
                                    struct settling *settling, struct err *err)
{
    struct bytes choice, text;
    bool wants_both = args_flag(args, "both");
    enum status status = args_text_optional(args, "choose", 2 * ID_SIZE, &choice, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "text", TEXT_MAX, &text, err);
    if (status != STATUS_OK)
        return status;
    if ((choice.len > 0) + (text.len > 0) + wants_both != 1)
        return err_set(err, STATUS_INVALID,
                       "say one of: choose (which), both, text (one that is right)");
    if (choice.len > 0)
        return draft_chosen(settling, choice, err);
    if (settling->entry == NULL)
        return err_set(
            err, STATUS_INVALID,
            "of triages and consents one is chosen, or another is written with "
            "case triage or case consent");
    if (wants_both)
        return draft_both(core, settling, err);
    draft_text(&settling->draft, settling->entry->name, text);
    return STATUS_OK;
}

enum status api_conflict_settle(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    struct settling settling = {.kind = NULL};
    enum status status = read_case(core, args, &settling.scope, &settling.view, err);
    if (status == STATUS_OK)
        status = read_field(args, &settling, err);
    if (status == STATUS_OK)
        status = check_seen(args, &settling, err);
    if (status == STATUS_OK) {
        draft_init(&settling.draft, settling.kind->name, &settling.scope);
        status = draft_settlement(core, args, &settling, err);
        if (status == STATUS_OK)
            status = api_write(core, caller, &settling.draft, result, err);
        else
            draft_deinit(&settling.draft);
    }
    buf_deinit(&settling.view);
    return status;
}

/* --- taking back --- */

/* The one write that stands in the field. */
static enum status last_write(struct bytes view, const char *field, struct id *op,
                              struct err *err)
{
    struct standing standing;
    standing_read(view, bytes_str(field), (struct bytes){0}, &standing);
    if (standing.len == 0)
        return err_set(err, STATUS_NOT_FOUND, "nobody has written to that field");
    if (view_has_conflict(view, field))
        return err_set(err, STATUS_CONFLICT,
                       "it was written in two ways at once; decide with: fengqiao "
                       "conflict settle");
    (void)view_map_id(standing.all[standing.len - 1].entry, "op",
                      op); /* each entry has it */
    return STATUS_OK;
}

static enum status find_before(struct core *core, const struct scope_ops *ops,
                               const char *field, const struct id *op,
                               const struct op **before, struct err *err)
{
    struct fold_input input = {.ops = ops->ops,
                               .len = ops->len,
                               .charter_of = charters_of_head,
                               .context = core};
    enum status status = before_write(&input, field, op, before);
    if (status == STATUS_NOT_FOUND)
        return err_set(err, STATUS_INVALID,
                       "'%s' stands as it was written first; there is nothing before it",
                       field);
    return core_check(core, status);
}

static enum status write_before(struct core *core, struct caller *caller,
                                const struct id *scope, const char *field,
                                const struct op *before, struct buf *result,
                                struct err *err)
{
    struct draft draft;
    const struct op_field *value = op_field(before, field);
    assert(value != NULL); /* before_write found the op that wrote it */
    if (!value->is_shown)
        return err_set(err, STATUS_INVALID,
                       "what '%s' said before is gone from this copy", field);
    draft_init(&draft, "set", scope);
    draft_raw(&draft, field, value->value);
    return api_write(core, caller, &draft, result, err);
}

enum status api_conflict_undo(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct id scope, op;
    struct buf view = {0};
    struct bytes name;
    struct scope_ops ops = {0};
    const struct op *before;
    const struct schema_field *field = NULL;
    enum status status = read_case(core, args, &scope, &view, err);
    if (status == STATUS_OK)
        status = args_text(args, "field", OP_NAME_MAX, &name, err);
    if (status == STATUS_OK)
        field = schema_field(schema_kind(bytes_str("set")), name);
    if (status == STATUS_OK && field == NULL)
        status = err_set(err, STATUS_INVALID,
                         "only what case set writes can be taken back; the rest is "
                         "written anew");
    if (status == STATUS_OK)
        status = last_write(buf_bytes(&view), field->name, &op, err);
    if (status == STATUS_OK)
        status = core_check(core, scope_ops_load(&ops, core->store, &scope));
    if (status == STATUS_OK)
        status = find_before(core, &ops, field->name, &op, &before, err);
    if (status == STATUS_OK)
        status = write_before(core, caller, &scope, field->name, before, result, err);
    scope_ops_deinit(&ops);
    buf_deinit(&view);
    return status;
}
