#include "node/io/address.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

static bool copy_part(char *out, size_t size, const char *from, size_t len)
{
    if (len == 0 || len >= size)
        return false;
    memcpy(out, from, len);
    out[len] = '\0';
    return true;
}

static bool port_is_sound(const char *port)
{
    return strspn(port, "0123456789") == strlen(port) && strtoul(port, NULL, 10) <= 65535;
}

bool address_parse(struct address *address, const char *text)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL)
        return false;
    const char *host = text;
    size_t host_len = (size_t)(colon - text);
    bool has_brackets = host_len >= 2 && host[0] == '[' && host[host_len - 1] == ']';
    if (has_brackets) {
        host++;
        host_len -= 2;
    }
    if (!has_brackets && memchr(host, ':', host_len) != NULL)
        return false;
    return copy_part(address->host, sizeof(address->host), host, host_len) &&
           copy_part(address->port, sizeof(address->port), colon + 1,
                     strlen(colon + 1)) &&
           port_is_sound(address->port);
}

bool address_numeric(const struct address *address, struct sockaddr_storage *out)
{
    int port = (int)strtoul(address->port, NULL, 10);
    memset(out, 0, sizeof(*out));
    return uv_ip4_addr(address->host, port, (struct sockaddr_in *)out) == 0 ||
           uv_ip6_addr(address->host, port, (struct sockaddr_in6 *)out) == 0;
}

void address_format(char text[static ADDRESS_TEXT_SIZE], const struct sockaddr *from)
{
    char host[ADDRESS_HOST_SIZE] = "?";
    if (from->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
        (void)uv_ip6_name(six, host, sizeof(host)); /* else "?" stays */
        (void)snprintf(text, ADDRESS_TEXT_SIZE, "[%s]:%u", host, ntohs(six->sin6_port));
        return;
    }
    const struct sockaddr_in *four = (const struct sockaddr_in *)from;
    (void)uv_ip4_name(four, host, sizeof(host)); /* else "?" stays */
    (void)snprintf(text, ADDRESS_TEXT_SIZE, "%s:%u", host, ntohs(four->sin_port));
}
