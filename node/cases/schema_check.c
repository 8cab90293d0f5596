#include "node/cases/schema.h"

#include <string.h>

#include "proto/date.h"

#define TEXT_IN_LIST_MAX 240
#define CLAUSE_NUMBER_MAX 40
#define CLAUSE_TEXT_MAX 1600
#define NAME_MAX_BYTES 120
#define STEP_DAYS_MAX 3650

/* --- values: one reader for each type, over bytes that passed the canonical gate --- */

static bool is_text(struct bytes text, size_t max)
{
    return text.len > 0 && text.len <= max;
}

static bool read_text(struct pack_reader *reader, size_t max)
{
    struct bytes text;
    return pack_read_str(reader, &text, NULL) == STATUS_OK && is_text(text, max);
}

static bool is_one_of(struct bytes text, const char *words)
{
    while (*words != '\0') {
        size_t len = strcspn(words, " ");
        if (bytes_equal(text, bytes_of(words, len)))
            return true;
        words += len + (words[len] == ' ');
    }
    return false;
}

static bool read_word(struct pack_reader *reader, const char *words)
{
    struct bytes text;
    return pack_read_str(reader, &text, NULL) == STATUS_OK && is_one_of(text, words);
}

static bool read_uint(struct pack_reader *reader, uint64_t max)
{
    uint64_t number;
    return pack_read_uint(reader, &number, NULL) == STATUS_OK && number <= max;
}

static bool read_flag(struct pack_reader *reader)
{
    struct pack_item item;
    enum status status = pack_next(reader, &item, NULL);
    if (status != STATUS_OK) /* never: schema_value_fits saw that all is there */
        return false;
    return item.type == PACK_BOOL;
}

static bool read_bin(struct pack_reader *reader, size_t min, size_t max)
{
    struct bytes bin;
    return pack_read_bin(reader, &bin, NULL) == STATUS_OK && bin.len >= min &&
           bin.len <= max;
}

static bool read_count(struct pack_reader *reader, uint32_t min, uint32_t max,
                       uint32_t *count)
{
    return pack_read_array(reader, count, NULL) == STATUS_OK && *count >= min &&
           *count <= max;
}

bool schema_next_id(struct pack_reader *reader, struct id *id)
{
    return pack_read_fixed(reader, id->bytes, ID_SIZE, NULL) == STATUS_OK;
}

static bool read_ids(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct id previous = {{0}}, id;
    if (!read_count(reader, 0, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++, previous = id)
        if (!schema_next_id(reader, &id) || (i > 0 && id_compare(&previous, &id) >= 0))
            return false;
    return true;
}

static bool read_digests(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct id digest;
    if (!read_count(reader, 1, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_id(reader, &digest))
            return false;
    return true;
}

static bool read_texts(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    if (!read_count(reader, 0, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_text(reader, TEXT_IN_LIST_MAX))
            return false;
    return true;
}

bool schema_next_party(struct pack_reader *reader, struct bytes *party,
                       struct bytes *role)
{
    uint32_t two;
    return read_count(reader, 2, 2, &two) &&
           pack_read_str(reader, party, NULL) == STATUS_OK &&
           pack_read_str(reader, role, NULL) == STATUS_OK;
}

/* Among so many that were read before: an alias stands for one party, or the consent of
 * one would be taken for that of both. */
static bool is_alias_of(struct pack_reader parties, uint32_t count, struct bytes alias)
{
    struct bytes party = {0}, role;
    for (; count > 0; count--) {
        (void)schema_next_party(&parties, &party, &role);
        if (bytes_equal(party, alias))
            return true;
    }
    return false;
}

static bool read_parties(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct bytes party, role;
    if (!read_count(reader, 0, max, &count))
        return false;
    const struct pack_reader first = *reader;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_party(reader, &party, &role) ||
            !is_text(party, TEXT_IN_LIST_MAX) || !is_text(role, TEXT_IN_LIST_MAX) ||
            is_alias_of(first, i, party))
            return false;
    return true;
}

bool schema_next_consent(struct pack_reader *reader, struct bytes *party,
                         struct bytes *fields, struct bytes *manner)
{
    uint32_t three;
    if (!read_count(reader, 3, 3, &three) ||
        pack_read_str(reader, party, NULL) != STATUS_OK)
        return false;
    const uint8_t *start = reader->at;
    bool is_read = read_texts(reader, OP_FIELDS_MAX);
    *fields = bytes_of(start, (size_t)(reader->at - start));
    return is_read && pack_read_str(reader, manner, NULL) == STATUS_OK;
}

static bool read_consents(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct bytes party, fields, manner;
    if (!read_count(reader, 0, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_consent(reader, &party, &fields, &manner) ||
            !is_text(party, TEXT_IN_LIST_MAX) ||
            !is_one_of(manner, "oral signed guardian"))
            return false;
    return true;
}

bool schema_next_site(struct pack_reader *reader, struct id *site, uint64_t *classes)
{
    uint32_t two;
    return read_count(reader, 2, 2, &two) && schema_next_id(reader, site) &&
           pack_read_uint(reader, classes, NULL) == STATUS_OK;
}

static bool read_sites(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    uint64_t classes;
    struct id previous = {{0}}, site;
    if (!read_count(reader, 1, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++, previous = site)
        if (!schema_next_site(reader, &site, &classes) || classes > CLASS_ALL ||
            (i > 0 && id_compare(&previous, &site) >= 0))
            return false;
    return true;
}

static bool read_key_named(struct pack_reader *reader, const char *name)
{
    struct bytes key;
    enum status status = pack_read_str(reader, &key, NULL);
    if (status != STATUS_OK) /* never: in a map that is well formed each key is a text */
        return false;
    return bytes_equal_str(key, name);
}

static bool read_triage(struct pack_reader *reader)
{
    uint32_t count;
    return pack_read_map(reader, &count, NULL) == STATUS_OK && count == 5 &&
           read_key_named(reader, "beyond") && read_flag(reader) &&
           read_key_named(reader, "danger") && read_flag(reader) &&
           read_key_named(reader, "decision") &&
           read_word(reader, "keep escalate refer") && read_key_named(reader, "reason") &&
           read_text(reader, 4096) && read_key_named(reader, "solvable") &&
           read_flag(reader);
}

static bool read_date(struct pack_reader *reader)
{
    struct bytes text;
    int64_t day;
    return pack_read_str(reader, &text, NULL) == STATUS_OK && date_parse(text, &day);
}

bool schema_next_clause(struct pack_reader *reader, struct bytes *number,
                        struct bytes *text)
{
    return schema_next_party(reader, number, text);
}

static bool read_clauses(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct bytes number, text;
    if (!read_count(reader, 1, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_clause(reader, &number, &text) ||
            !is_text(number, CLAUSE_NUMBER_MAX) || !is_text(text, CLAUSE_TEXT_MAX))
            return false;
    return true;
}

bool schema_next_cite(struct pack_reader *reader, struct id *op, struct bytes *number)
{
    uint32_t two;
    return read_count(reader, 2, 2, &two) && schema_next_id(reader, op) &&
           pack_read_str(reader, number, NULL) == STATUS_OK;
}

static bool read_cites(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct id op;
    struct bytes number;
    if (!read_count(reader, 0, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_cite(reader, &op, &number) ||
            !is_text(number, CLAUSE_NUMBER_MAX))
            return false;
    return true;
}

bool schema_next_name(struct pack_reader *reader, struct bytes *name)
{
    return pack_read_str(reader, name, NULL) == STATUS_OK &&
           is_text(*name, NAME_MAX_BYTES);
}

static bool is_among(struct pack_reader names, uint32_t count, struct bytes name)
{
    struct bytes one = {0};
    for (; count > 0; count--) {
        (void)schema_next_name(&names, &one); /* it was read before */
        if (bytes_equal(one, name))
            return true;
    }
    return false;
}

static bool read_names(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct bytes name;
    if (!read_count(reader, 1, max, &count))
        return false;
    struct pack_reader first = *reader;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_name(reader, &name) || is_among(first, i, name))
            return false;
    return true;
}

bool schema_next_role(struct pack_reader *reader, struct bytes *role, struct bytes *who)
{
    uint32_t two;
    return read_count(reader, 2, 2, &two) && schema_next_name(reader, role) &&
           schema_next_name(reader, who);
}

static bool has_role(struct pack_reader roles, uint32_t count, struct bytes wanted)
{
    struct bytes role = {0}, who = {0};
    for (; count > 0; count--) {
        (void)schema_next_role(&roles, &role, &who); /* it was read before */
        if (bytes_equal(role, wanted))
            return true;
    }
    return false;
}

static bool read_roles(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct bytes role, who;
    if (!read_count(reader, 1, max, &count))
        return false;
    struct pack_reader first = *reader;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_role(reader, &role, &who) || has_role(first, i, role))
            return false;
    return true;
}

bool schema_next_step(struct pack_reader *reader, struct bytes *role, struct bytes *text,
                      uint64_t *days)
{
    uint32_t three;
    return read_count(reader, 3, 3, &three) && schema_next_name(reader, role) &&
           pack_read_str(reader, text, NULL) == STATUS_OK &&
           is_text(*text, CLAUSE_TEXT_MAX) &&
           pack_read_uint(reader, days, NULL) == STATUS_OK && *days <= STEP_DAYS_MAX;
}

static bool read_steps(struct pack_reader *reader, uint32_t max)
{
    uint32_t count;
    struct bytes role, text;
    uint64_t days;
    if (!read_count(reader, 1, max, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!schema_next_step(reader, &role, &text, &days))
            return false;
    return true;
}

static bool read_value(struct pack_reader *reader, const struct schema_field *field)
{
    switch (field->type) { /* never: a type that is none of these */
    case TYPE_TEXT:
        return read_text(reader, field->max);
    case TYPE_WORD:
        return read_word(reader, field->words);
    case TYPE_UINT:
        return read_uint(reader, field->max);
    case TYPE_FLAG:
        return read_flag(reader);
    case TYPE_ID:
    case TYPE_KEY:
    case TYPE_DH_KEY:
    case TYPE_SECRET:
        return read_bin(reader, 32, 32);
    case TYPE_SALT:
        return read_bin(reader, OP_SALT_SIZE, OP_SALT_SIZE);
    case TYPE_BYTES:
        return read_bin(reader, 1, field->max);
    case TYPE_IDS:
        return read_ids(reader, field->max);
    case TYPE_TEXTS:
        return read_texts(reader, field->max);
    case TYPE_PARTIES:
        return read_parties(reader, field->max);
    case TYPE_CONSENTS:
        return read_consents(reader, field->max);
    case TYPE_SITES:
        return read_sites(reader, field->max);
    case TYPE_TRIAGE:
        return read_triage(reader);
    case TYPE_DIGESTS:
        return read_digests(reader, field->max);
    case TYPE_DATE:
        return read_date(reader);
    case TYPE_CLAUSES:
        return read_clauses(reader, field->max);
    case TYPE_CITES:
        return read_cites(reader, field->max);
    case TYPE_NAMES:
        return read_names(reader, field->max);
    case TYPE_ROLES:
        return read_roles(reader, field->max);
    case TYPE_STEPS:
        return read_steps(reader, field->max);
    }
    return false;
}

bool schema_value_fits(const struct schema_field *field, struct bytes value)
{
    if (pack_check(value, NULL) != STATUS_OK)
        return false;
    struct pack_reader reader = pack_reader_of(value); /* one value, and nothing behind */
    return read_value(&reader, field);
}

/* --- ops --- */

static bool value_decides(const struct schema_kind *kind,
                          const struct schema_field *field)
{
    return kind->scope != SCOPE_ESCALATION || field->disclosure == CLASS_FACT;
}

static enum effect check_field(const struct schema_kind *kind,
                               const struct op_field *field)
{
    const struct schema_field *entry = schema_field(kind, field->name);
    if (entry == NULL)
        return EFFECT_BAD_FIELD;
    if (!field->is_shown)
        return entry->disclosure == CLASS_FACT ? EFFECT_WITHHELD : EFFECT_YES;
    if (value_decides(kind, entry) && !schema_value_fits(entry, field->value))
        return EFFECT_BAD_FIELD;
    return EFFECT_YES;
}

static enum effect check_required(const struct schema_kind *kind, const struct op *op)
{
    if (op->fields_len == 0 && kind->is_never_empty)
        return EFFECT_MISSING_FIELD;
    for (uint32_t i = 0; i < kind->fields_len; i++)
        if (kind->fields[i].is_required && op_field(op, kind->fields[i].name) == NULL)
            return EFFECT_MISSING_FIELD;
    return EFFECT_YES;
}

enum effect schema_check_op(const struct op *op)
{
    if (op->version != OP_VERSION)
        return EFFECT_NEWER;
    const struct schema_kind *kind = schema_kind(op->kind);
    if (kind == NULL)
        return EFFECT_UNKNOWN_KIND;
    if (kind->is_founding != op->is_founding)
        return EFFECT_WRONG_SCOPE;
    enum effect withheld = EFFECT_YES;
    for (uint32_t i = 0; i < op->fields_len; i++) {
        enum effect effect = check_field(kind, &op->fields[i]);
        if (effect == EFFECT_BAD_FIELD)
            return effect;
        if (effect == EFFECT_WITHHELD)
            withheld = effect;
    }
    enum effect missing = check_required(kind, op);
    return missing != EFFECT_YES ? missing : withheld;
}

bool schema_value(const struct op *op, const char *name, struct bytes *value)
{
    const struct schema_kind *kind = schema_kind(op->kind);
    const struct op_field *field = op_field(op, name);
    if (kind == NULL || field == NULL || !field->is_shown)
        return false;
    const struct schema_field *entry = schema_field(kind, field->name);
    if (entry == NULL || !schema_value_fits(entry, field->value))
        return false;
    *value = field->value;
    return true;
}

bool schema_list(const struct op *op, const char *name, struct pack_reader *reader,
                 uint32_t *count)
{
    struct bytes value;
    if (!schema_value(op, name, &value))
        return false;
    *reader = pack_reader_of(value);
    return pack_read_array(reader, count, NULL) == STATUS_OK;
}
