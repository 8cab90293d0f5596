#include "cli/party.h"

#include <string.h>

#include "node/cases/minor.h"
#include "proto/pack.h"

bool party_add_parts(struct party_list *list, struct bytes alias, struct bytes role)
{
    if (alias.len == 0 || role.len == 0 || list->len == PARTIES_MAX)
        return false;
    list->parties[list->len].alias = alias;
    list->parties[list->len++].role = role;
    return true;
}

bool party_add(struct party_list *list, const char *text)
{
    static const char wide_colon[] = "\xef\xbc\x9a";
    const char *colon = strrchr(text, ':');
    size_t colon_len = 1;
    const char *wide = strstr(text, wide_colon);
    if (!colon && wide) {
        colon = wide;
        colon_len = strlen(wide_colon);
    }
    if (!colon)
        return false;
    return party_add_parts(list, bytes_of(text, (size_t)(colon - text)),
                           bytes_str(colon + colon_len));
}

bool party_add_role(struct party_list *list, const char *text)
{
    struct bytes role;
    return minor_role_of(bytes_str(text), &role) &&
           party_add_parts(list, bytes_str(text), role);
}

void party_request(const struct party_list *list, struct request *request)
{
    if (list->len == 0)
        return;
    request_begin(request, "parties");
    pack_array(&request->values, list->len);
    for (uint32_t i = 0; i < list->len; i++) {
        pack_array(&request->values, 2);
        pack_str_bytes(&request->values, list->parties[i].alias);
        pack_str_bytes(&request->values, list->parties[i].role);
    }
    request_end(request);
}
