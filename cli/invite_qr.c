#include "cli/invite_qr.h"

#include <stdio.h>

#include "cli/options.h"
#include "cli/terminal_qr.h"
#include "crypto/secret.h"
#include "proto/pairing_link.h"

const char *invite_qr_where(const struct cli *cli)
{
    const char *at = options_value(cli->options, "at");
    return at != NULL ? at : "HOST:PORT";
}

void invite_qr_print(struct cli *cli, const char *kind, struct bytes code)
{
    char link[PAIRING_LINK_SIZE];
    if (!options_has(cli->options, "qr"))
        return;
    bool fits = pairing_link_write(link, kind, code, options_value(cli->options, "at"));
    bool is_printed = fits && terminal_qr_print(cli->out, link);
    secret_wipe(link, sizeof(link));
    if (!is_printed)
        fputs(fits ? "There is no memory for a QR code.\n"
                   : "There is no QR code: --at is too long for one.\n",
              cli->err);
    fputc('\n', cli->out);
}
