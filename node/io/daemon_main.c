/*
 * fengqiaod: the node. Happy path: harden the process, read the command line, prove the
 * library, do what the mode says. Failure modes: a wrong command line (64); a libsodium
 * that decides a known signature otherwise than the format does (70).
 */
#include <stdio.h>
#include <sysexits.h>

#include <sodium.h>

#include "crypto/sign.h"
#include "node/io/daemon_args.h"
#include "node/io/init.h"
#include "node/io/join.h"
#include "node/io/key_child.h"
#include "node/io/log.h"
#include "node/io/new_sheet.h"
#include "node/io/printout.h"
#include "node/io/process.h"
#include "node/io/restoring.h"
#include "node/io/run.h"
#include "node/io/upkeep.h"

static int show(const struct daemon_args *args)
{
    if (args->mode == MODE_HELP)
        daemon_args_help(stdout, args->about);
    else
        printf("fengqiaod %s\n", FENGQIAO_VERSION);
    return printout_end() ? EX_OK : EX_IOERR;
}

int main(int argc, char *argv[])
{
    struct daemon_args args;
    struct err err = {0};
    const char *failed = "";
    if (!process_harden() || sodium_init() < 0) {
        log_error("the system refuses what a node needs to be safe");
        return EX_OSERR;
    }
    if (daemon_args_parse(&args, argc, argv, &err) != STATUS_OK) {
        log_error("%s", err_text(&err, STATUS_INVALID));
        return EX_USAGE;
    }
    if (args.mode == MODE_HELP || args.mode == MODE_VERSION)
        return show(&args);
    if (args.mode == MODE_KEY_CHILD || args.mode == MODE_BUNDLE_CHILD)
        key_child_main(args.mode == MODE_BUNDLE_CHILD);
    if (!sign_selftest(&failed)) {
        log_error("this libsodium decides signatures otherwise than the format: %s; "
                  "install the one of the distribution",
                  failed);
        return EX_SOFTWARE;
    }
    switch (args.mode) {
    case MODE_INIT:
        return init_main(&args);
    case MODE_JOIN:
        return join_main(&args);
    case MODE_RESTORE:
        return restore_main(&args);
    case MODE_TRY_BACKUP:
        return try_backup_main(&args);
    case MODE_NEW_SHEET:
        return new_sheet_main(&args);
    case MODE_CHECK:
        return check_main(&args);
    case MODE_REBUILD:
        return rebuild_main(&args);
    default:
        return run_main(&args);
    }
}
