#include "node/page/invitation.h"

#include <stdio.h>
#include <string.h>

#include "node/page/peek.h"

static bool is_local(struct bytes host)
{
    static const char *const begins[] = {"127.", "localhost", "[::1]"};
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
        if (host.len >= strlen(begins[i]) &&
            memcmp(host.data, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

void invitation_home(struct visit *visit, const struct page_request *request,
                     const char *names)
{
    struct bytes host = request->host;
    if (is_local(host) && names[0] != '\0')
        host = bytes_of(names, strcspn(names, " "));
    visit->home_is_local = is_local(host);
    (void)snprintf(visit->home, sizeof(visit->home), "%s://%.*s",
                   request->is_tls ? "https" : "http", host.len < 128 ? (int)host.len : 0,
                   (const char *)host.data);
}

enum status invitation_prepare(const struct visit *visit, struct pairs *values)
{
    char link[sizeof(visit->home) + 64];
    struct bytes code = peek_text_in(buf_bytes(&visit->looked), "code");
    if (code.len == 0 || code.len > 32)
        return STATUS_OK;
    (void)snprintf(link, sizeof(link), "%s/enter/%.*s", visit->home, (int)code.len,
                   (const char *)code.data);
    pairs_text(values, "link", bytes_str(link));
    pairs_flag(values, "link_is_local", visit->home_is_local);
    return buf_status(&values->memory);
}
