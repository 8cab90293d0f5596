#include "node/cases/minor.h"

#include <string.h>

#include "node/cases/schema.h"

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

static struct bytes without_number(struct bytes alias)
{
    if (alias.len > 2 && alias.data[alias.len - 2] == '-' &&
        alias.data[alias.len - 1] >= '2' && alias.data[alias.len - 1] <= '9')
        alias.len -= 2;
    return alias;
}

bool minor_role_of(struct bytes alias, struct bytes *role)
{
    *role = without_number(alias);
    return is_one_of(*role, MINOR_ROLES);
}

bool minor_is_guardian(struct bytes text)
{
    return is_one_of(without_number(text), MINOR_GUARDIANS);
}

bool minor_is_party(struct bytes alias, struct bytes role)
{
    struct bytes wanted;
    return minor_role_of(alias, &wanted) && bytes_equal(role, wanted);
}

bool minor_are_parties(struct pack_reader *parties, uint32_t count)
{
    struct bytes alias = {0}, role = {0};
    for (uint32_t i = 0; i < count; i++) {
        (void)schema_next_party(parties, &alias, &role); /* it fits */
        if (!minor_is_party(alias, role))
            return false;
    }
    return true;
}
