#include "node/page/guard.h"

#include <string.h>

#include "crypto/digest.h"
#include "crypto/secret.h"

static bool is_in(struct bytes name, const char *names)
{
    while (*names != '\0') {
        size_t len = strcspn(names, " ");
        if (bytes_equal(name, bytes_of(names, len)))
            return true;
        names += len + (names[len] == ' ');
    }
    return false;
}

bool guard_host(struct bytes host, struct bytes local, const char *names)
{
    return host.len > 0 && (bytes_equal(host, local) || is_in(host, names));
}

bool guard_origin(struct bytes origin, struct bytes host, bool is_tls)
{
    struct bytes scheme = bytes_str(is_tls ? "https://" : "http://");
    if (origin.len == 0)
        return true;
    return origin.len == scheme.len + host.len &&
           memcmp(origin.data, scheme.data, scheme.len) == 0 &&
           memcmp(origin.data + scheme.len, host.data, host.len) == 0;
}

bool guard_cookie(struct bytes cookies, const char *name, struct bytes *value)
{
    size_t name_len = strlen(name);
    while (cookies.len > 0) {
        const uint8_t *end = memchr(cookies.data, ';', cookies.len);
        size_t len = end == NULL ? cookies.len : (size_t)(end - cookies.data);
        if (len > name_len && memcmp(cookies.data, name, name_len) == 0 &&
            cookies.data[name_len] == '=') {
            *value = bytes_of(cookies.data + name_len + 1, len - name_len - 1);
            return true;
        }
        len += end == NULL ? 0 : 1;
        while (len < cookies.len && cookies.data[len] == ' ')
            len++;
        cookies = bytes_of(cookies.data + len, cookies.len - len);
    }
    return false;
}

static bool read_token(struct bytes text, uint8_t token[static TOKEN_SIZE])
{
    return hex_read(token, TOKEN_SIZE, text);
}

bool guard_token(struct bytes cookies, uint8_t token[static TOKEN_SIZE])
{
    struct bytes value;
    return guard_cookie(cookies, "session", &value) && read_token(value, token);
}

bool guard_bearer(struct bytes authorization, uint8_t token[static TOKEN_SIZE])
{
    static const char scheme[] = "Bearer ";
    size_t len = sizeof(scheme) - 1;
    return authorization.len > len && memcmp(authorization.data, scheme, len) == 0 &&
           read_token(bytes_of(authorization.data + len, authorization.len - len), token);
}

void guard_mark(char mark[static MARK_TEXT_SIZE], const uint8_t token[static TOKEN_SIZE])
{
    uint8_t digest[DIGEST_SIZE];
    digest_of(digest, "fengqiao/1/form", token, TOKEN_SIZE);
    hex_encode(mark, digest, (MARK_TEXT_SIZE - 1) / 2);
}

bool guard_mark_is(struct bytes said, const uint8_t token[static TOKEN_SIZE])
{
    char mark[MARK_TEXT_SIZE];
    guard_mark(mark, token);
    return said.len == sizeof(mark) - 1 && secret_equal(said.data, mark, said.len);
}
