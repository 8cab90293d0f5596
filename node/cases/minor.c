#include "node/cases/minor.h"

#include <string.h>

#include "node/cases/schema.h"

static bool is_role(struct bytes text)
{
    const char *words = MINOR_ROLES;
    while (*words != '\0') {
        size_t len = strcspn(words, " ");
        if (bytes_equal(text, bytes_of(words, len)))
            return true;
        words += len + (words[len] == ' ');
    }
    return false;
}

bool minor_role_of(struct bytes alias, struct bytes *role)
{
    *role = alias;
    if (alias.len > 2 && alias.data[alias.len - 2] == '-' &&
        alias.data[alias.len - 1] >= '2' && alias.data[alias.len - 1] <= '9')
        role->len -= 2;
    return is_role(*role);
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
