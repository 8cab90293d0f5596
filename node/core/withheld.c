#include "node/core/withheld.h"

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

/* Is there a field of that name in an escalation, and is it a fact everywhere? */
static bool is_field(struct bytes word, bool *is_fact)
{
    bool is_found = false;
    const struct schema_kind *kind;
    *is_fact = true;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        if (kind->scope != SCOPE_ESCALATION)
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
                          struct err *err)
{
    struct bytes words[WITHHELD_WORDS_MAX];
    size_t len;
    *withheld = (struct withheld){0};
    enum status status =
        api_texts(args, "withhold", words, WITHHELD_WORDS_MAX, &len, err);
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        bool is_fact;
        if (disclosure_class_add(words[i], &withheld->classes))
            continue;
        if (!is_field(words[i], &is_fact))
            status = err_set(err, STATUS_INVALID,
                             "%.*s is no field of a record, and no class of them: "
                             "record, context, parties, consent, talk",
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

uint32_t withheld_show(const struct withheld *withheld, const struct op *op)
{
    if (withheld_is_empty(withheld))
        return UINT32_MAX;
    const struct schema_kind *kind = schema_kind(op->kind);
    uint32_t show = disclosure_mask(op, CLASS_ALL & ~withheld->classes);
    for (uint32_t i = 0; i < op->fields_len; i++) {
        const struct schema_field *field =
            kind == NULL ? NULL : schema_field(kind, op->fields[i].name);
        if (field == NULL || is_withheld(withheld, op, field))
            show &= ~(1u << i);
    }
    return show;
}
