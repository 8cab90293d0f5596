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

enum exit_code invite_qr_print(struct cli *cli, const char *kind, struct bytes code)
{
    char link[PAIRING_LINK_SIZE];
    if (!options_has(cli->options, "qr"))
        return EXIT_DONE;
    if (!pairing_link_write(link, kind, code, options_value(cli->options, "at")))
        return cli_usage(cli, "--at is too long");
    bool is_printed = terminal_qr_print(cli->out, link);
    secret_wipe(link, sizeof(link));
    if (!is_printed)
        fputs("There is no memory for a QR code.\n", cli->err);
    fputc('\n', cli->out);
    return EXIT_DONE;
}
