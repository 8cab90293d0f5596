/*
 * file_audit: `fengqiao audit --file`: an evidence file is verified, and audited.
 */
#ifndef FENGQIAO_CLI_FILE_AUDIT_H
#define FENGQIAO_CLI_FILE_AUDIT_H

#include "cli/cli.h"

/* Of the options --file and --trust. EXIT_UNVERIFIED: it does not hold, or a finding
 * fails. */
enum exit_code file_audit(struct cli *cli);

#endif
