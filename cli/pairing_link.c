#include "cli/pairing_link.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/terminal_qr.h"
#include "crypto/secret.h"

#define SCHEME "fengqiao:"
#define CODE "?code="
#define AT "&at="
#define LINK_SIZE 512

const char *pairing_link_where(const struct cli *cli)
{
    const char *at = options_value(cli->options, "at");
    return at != NULL ? at : "HOST:PORT";
}

enum exit_code pairing_link_print(struct cli *cli, const char *kind, struct bytes code)
{
    char link[LINK_SIZE];
    const char *at = options_value(cli->options, "at");
    if (!options_has(cli->options, "qr"))
        return EXIT_DONE;
    int len =
        snprintf(link, sizeof(link), SCHEME "%s" CODE "%.*s%s%s", kind, (int)code.len,
                 (const char *)code.data, at != NULL ? AT : "", at != NULL ? at : "");
    if (len < 0 || (size_t)len >= sizeof(link))
        return cli_usage(cli, "--at is too long");
    for (char *blank = link; (blank = strchr(blank, ' ')) != NULL;)
        *blank = '-';
    bool is_printed = terminal_qr_print(cli->out, link);
    secret_wipe(link, sizeof(link));
    if (!is_printed)
        fputs("There is no memory for a QR code.\n", cli->err);
    fputc('\n', cli->out);
    return EXIT_DONE;
}

bool pairing_link_is(const char *text)
{
    return strncmp(text, SCHEME, strlen(SCHEME)) == 0;
}

bool pairing_link_read(const char *link, const char *kind,
                       char code[static PAIRING_LINK_CODE_SIZE], const char **at)
{
    char head[32];
    int head_len = snprintf(head, sizeof(head), SCHEME "%s" CODE, kind);
    if (head_len < 0 || strncmp(link, head, (size_t)head_len) != 0)
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
