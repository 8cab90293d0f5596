#include "proto/pairing_link.h"

#include <stdio.h>
#include <string.h>

#define SCHEME "fengqiao:"
#define CODE "?code="
#define AT "&at="

bool pairing_link_write(char link[static PAIRING_LINK_SIZE], const char *kind,
                        struct bytes code, const char *at)
{
    /* These texts have no conversion that could fail. */
    size_t len = (size_t)snprintf(link, PAIRING_LINK_SIZE, SCHEME "%s" CODE "%.*s%s%s",
                                  kind, (int)code.len, (const char *)code.data,
                                  at != NULL ? AT : "", at != NULL ? at : "");
    for (char *blank = link; (blank = strchr(blank, ' ')) != NULL;)
        *blank = '-';
    return len < PAIRING_LINK_SIZE;
}

bool pairing_link_is(const char *text)
{
    return strncmp(text, SCHEME, strlen(SCHEME)) == 0;
}

bool pairing_link_read(const char *link, const char *kind,
                       char code[static PAIRING_LINK_CODE_SIZE], const char **at)
{
    char head[32];
    size_t head_len = (size_t)snprintf(head, sizeof(head), SCHEME "%s" CODE, kind);
    if (strncmp(link, head, head_len) != 0)
        return false;
    link += head_len;
    size_t len = strcspn(link, "&");
    *at = NULL;
    if (len >= PAIRING_LINK_CODE_SIZE)
        return false;
    memcpy(code, link, len);
    code[len] = '\0';
    link += len;
    if (*link == '\0')
        return true;
    if (strncmp(link, AT, strlen(AT)) != 0)
        return false;
    *at = link + strlen(AT);
    return true;
}
