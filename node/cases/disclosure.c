#include "node/cases/disclosure.h"

#include "node/cases/schema.h"

/* What a field of that name needs, in whatever kind of an escalation it stands: the op
 * that `open` names is not at hand, so the strictest answer is taken. */
static uint32_t class_of_name(struct bytes name)
{
    uint32_t needed = 0;
    bool is_found = false;
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        if (kind->scope != SCOPE_ESCALATION)
            continue;
        const struct schema_field *field = schema_field(kind, name);
        if (field == NULL || field->disclosure == CLASS_NAMED)
            continue;
        needed |= field->disclosure;
        is_found = true;
    }
    return is_found ? needed : CLASS_ALL;
}

static uint32_t class_needed(const struct op *op, const struct schema_field *field)
{
    if (field->disclosure != CLASS_NAMED)
        return field->disclosure;
    struct bytes name;
    return op_text(op, "field", &name) ? class_of_name(name) : CLASS_ALL;
}

uint32_t disclosure_mask(const struct op *op, uint32_t classes)
{
    if (classes & CLASS_OWN)
        return UINT32_MAX;
    const struct schema_kind *kind = schema_kind(op->kind);
    if (kind != NULL && kind->scope == SCOPE_CASE)
        return 0;
    uint32_t mask = 0;
    for (uint32_t i = 0; i < op->fields_len; i++) {
        const struct schema_field *field =
            kind == NULL ? NULL : schema_field(kind, op->fields[i].name);
        uint32_t needed = field == NULL ? CLASS_ALL : class_needed(op, field);
        if ((needed & ~classes) == 0)
            mask |= 1u << i;
    }
    return mask;
}

const char *disclosure_class_text(uint32_t one)
{
    switch (one) {
    case CLASS_FACT:
        return "fact";
    case CLASS_RECORD:
        return "record";
    case CLASS_CONTEXT:
        return "context";
    case CLASS_PARTIES:
        return "parties";
    case CLASS_CONSENT:
        return "consent";
    case CLASS_TALK:
        return "talk";
    case CLASS_NAMED:
        return "of the named field";
    case CLASS_OWN:
        return "own site";
    case CLASS_SEALED:
        return "sealed";
    default:
        return NULL;
    }
}

bool disclosure_class_add(struct bytes word, uint32_t *classes)
{
    for (uint32_t one = 1; one < CLASS_ALL; one <<= 1)
        if (bytes_equal_str(word, disclosure_class_text(one))) {
            *classes |= one;
            return true;
        }
    return false;
}
