#include "node/page/invitation.h"

#include <stdio.h>
#include <string.h>

#include "node/page/peek.h"

enum status invitation_prepare(const struct visit *visit, struct pairs *values)
{
    char link[sizeof(visit->home) + 64];
    struct bytes code = peek_text_in(buf_bytes(&visit->looked), "code");
    if (code.len == 0 || code.len > 32)
        return STATUS_OK;
    (void)snprintf(link, sizeof(link), "%s/enter/%.*s", visit->home, (int)code.len,
                   (const char *)code.data);
    pairs_text(values, "link", bytes_str(link));
    pairs_flag(values, "link_is_local",
               strstr(visit->home, "://127.") != NULL ||
                   strstr(visit->home, "://localhost") != NULL);
    return buf_status(&values->memory);
}
