#include "node/core/withheld.h"

#include <stdio.h>

#include "node/cases/disclosure.h"
#include "node/cases/schema.h"
#include "node/core/api.h"

/* "title" is "case.title" in a record that went up. */
static bool is_called(struct bytes name, struct bytes word)
{
    static const char prefix[] = "case.";
    const size_t len = sizeof(prefix) - 1;
    if (bytes_equal(name, word))
        return true;
    return name.len > len && bytes_equal_str(bytes_of(name.data, len), prefix) &&
           bytes_equal(bytes_of(name.data + len, name.len - len), word);
}

/* Is there a field of that name in an escalation (with has_cases: or in a case), and is
 * it a fact everywhere? */
static bool is_field(struct bytes word, bool has_cases, bool *is_fact)
{
    bool is_found = false;
    const struct schema_kind *kind;
    *is_fact = true;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        if (kind->scope != SCOPE_ESCALATION && !(has_cases && kind->scope == SCOPE_CASE))
            continue;
        for (uint32_t n = 0; n < kind->fields_len; n++) {
            if (!is_called(bytes_str(kind->fields[n].name), word))
                continue;
            is_found = true;
            *is_fact = *is_fact && kind->fields[n].disclosure == CLASS_FACT;
        }
    }
    return is_found;
}

enum status withheld_read(struct withheld *withheld, const struct args *args,
                          bool has_cases, struct err *err)
{
    struct bytes words[WITHHELD_WORDS_MAX];
    size_t len;
    *withheld = (struct withheld){0};
    enum status status =
        api_texts(args, "withhold", words, WITHHELD_WORDS_MAX, &len, err);
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        bool is_fact;
        if (bytes_equal_str(words[i], "all"))
            withheld->classes = CLASS_ALL;
        else if (disclosure_class_add(words[i], &withheld->classes))
            continue;
        else if (!is_field(words[i], has_cases, &is_fact))
            status = err_set(err, STATUS_INVALID,
                             "%.*s is no field of a record, and no class of them: "
                             "record, context, parties, consent, talk, all",
                             (int)words[i].len, (const char *)words[i].data);
        else if (is_fact)
            status = err_set(err, STATUS_INVALID,
                             "%.*s cannot be withheld: who had the right is judged on it",
                             (int)words[i].len, (const char *)words[i].data);
        else
            withheld->names[withheld->names_len++] = words[i];
    }
    return status;
}

bool withheld_is_empty(const struct withheld *withheld)
{
    return withheld->classes == 0 && withheld->names_len == 0;
}

static bool is_named(const struct withheld *withheld, struct bytes name)
{
    for (uint32_t i = 0; i < withheld->names_len; i++)
        if (is_called(name, withheld->names[i]))
            return true;
    return false;
}

/* What `open` brings is the value of another op's field, whose name it says. */
static bool is_withheld(const struct withheld *withheld, const struct op *op,
                        const struct schema_field *field)
{
    struct bytes opened;
    if (field->disclosure == CLASS_FACT)
        return false;
    if (field->disclosure == CLASS_NAMED && op_text(op, "field", &opened))
        return is_named(withheld, opened);
    return is_named(withheld, bytes_str(field->name));
}

/* The class that it would have in a record: of what a case is about; of all else, in
 * which anything may stand, each of them. */
static uint32_t class_in_record(const struct op *op, const struct op_field *field)
{
    char name[OP_NAME_MAX + 6];
    const struct schema_kind *record = schema_kind(bytes_str("escalate"));
    if (!op_is_kind(op, "case-new") && !op_is_kind(op, "set"))
        return CLASS_ALL;
    (void)snprintf(name, sizeof(name), "case.%.*s", (int)field->name.len,
                   (const char *)field->name.data); /* fits: so long is no name */
    const struct schema_field *entry = schema_field(record, bytes_str(name));
    return entry == NULL ? CLASS_ALL : entry->disclosure;
}

static uint32_t show_of_case(const struct withheld *withheld, const struct op *op)
{
    uint32_t show = UINT32_MAX;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if ((class_in_record(op, &op->fields[i]) & withheld->classes) != 0 ||
            is_named(withheld, op->fields[i].name))
            show &= ~(1u << i);
    return show;
}

static uint32_t show_of_record(const struct withheld *withheld, const struct op *op,
                               const struct schema_kind *kind)
{
    uint32_t show = disclosure_mask(op, CLASS_ALL & ~withheld->classes);
    for (uint32_t i = 0; i < op->fields_len; i++) {
        const struct schema_field *field =
            kind == NULL ? NULL : schema_field(kind, op->fields[i].name);
        if (field == NULL || is_withheld(withheld, op, field))
            show &= ~(1u << i);
    }
    return show;
}

uint32_t withheld_show(const struct withheld *withheld, const struct op *op)
{
    const struct schema_kind *kind = schema_kind(op->kind);
    if (withheld_is_empty(withheld))
        return UINT32_MAX;
    return kind != NULL && kind->scope == SCOPE_CASE ? show_of_case(withheld, op)
                                                     : show_of_record(withheld, op, kind);
}
