#include "node/cases/schema.h"

#include "node/cases/schema_table.h"

const struct schema_kind *schema_kind_at(size_t number)
{
    if (number < schema_charter_len)
        return &schema_charter[number];
    number -= schema_charter_len;
    if (number < schema_case_len)
        return &schema_case[number];
    number -= schema_case_len;
    if (number < schema_paper_len)
        return &schema_paper[number];
    number -= schema_paper_len;
    return number < schema_escalation_len ? &schema_escalation[number] : NULL;
}

const struct schema_kind *schema_kind(struct bytes name)
{
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++)
        if (bytes_equal_str(name, kind->name))
            return kind;
    return NULL;
}

const struct schema_field *schema_field(const struct schema_kind *kind, struct bytes name)
{
    for (uint32_t i = 0; i < kind->fields_len; i++)
        if (bytes_equal_str(name, kind->fields[i].name))
            return &kind->fields[i];
    return NULL;
}

bool schema_belongs(const struct schema_kind *kind, enum scope_kind scope)
{
    return kind->scope == scope || (kind->is_in_cases && scope == SCOPE_CASE);
}

bool schema_fits_founding(const struct schema_kind *kind,
                          const struct schema_kind *founding)
{
    return kind->of == founding->of || kind->is_in_cases;
}

enum scope_kind schema_founds(const struct op *op)
{
    const struct schema_kind *kind = schema_kind(op->kind);
    return kind != NULL && kind->is_founding && op->is_founding ? kind->scope : 0;
}

const char *schema_type_text(enum schema_type type)
{
    static const char *const texts[] = {
        "text",       "word",          "number", "yes/no",  "id",     "Ed25519 key",
        "X25519 key", "salt",          "bytes",  "ids",     "texts",  "parties",
        "consents",   "sites",         "triage", "digests", "secret", "date",
        "clauses",    "cited clauses", "names",  "roles",   "steps"};
    return texts[type];
}

const char *schema_merge_text(enum merge_rule merge)
{
    static const char *const texts[] = {"fact", "register", "set", "journal", "state"};
    return texts[merge];
}

const char *schema_scope_text(enum scope_kind kind)
{
    static const char *const texts[] = {"unknown", "charter", "case", "escalation",
                                        "bulletin"};
    return texts[kind];
}
