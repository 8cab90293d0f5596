/*
 * daemon_args: the command line of fengqiaod: a mode, then options, each as "--name
 * value" or "--name=value". "--help" behind a mode asks about that one alone.
 */
#ifndef FENGQIAO_NODE_IO_DAEMON_ARGS_H
#define FENGQIAO_NODE_IO_DAEMON_ARGS_H

#include <stdbool.h>
#include <stdio.h>

#include "proto/err.h"

enum daemon_mode {
    MODE_NONE,
    MODE_INIT = 1,
    MODE_RUN = 2,
    MODE_CHECK = 4,
    MODE_REBUILD = 8,
    MODE_KEY_CHILD = 16,
    MODE_HELP = 32,
    MODE_VERSION = 64,
    MODE_BUNDLE_CHILD = 128,
    MODE_RESTORE = 512,
    MODE_TRY_BACKUP = 1024,
    MODE_JOIN = 256,
    MODE_NEW_SHEET = 2048,
};

/* Borrows argv. */
struct daemon_args {
    enum daemon_mode mode;
    enum daemon_mode about; /* of MODE_HELP; MODE_NONE: about all modes */
    const char *dir, *listen;
    const char *backup, *backup_every; /* NULL: no backups by itself; each day */
    const char *web, *web_names;       /* NULL: no page */
    const char *tier, *name, *steward, *pin_file, *network, *sheet;
    const char *code, *at;            /* join; at NULL: it is sought */
    const char *from, *recovery_file; /* of a backup; NULL: the terminal */
    bool has_web_tls;                 /* of the page */
    bool finds_others;                /* by beacons */
    bool is_json, opens_web;          /* to a network, and not to this machine alone */
};

/* INVALID with a sentence: no or an unknown mode or option, an option twice, without its
 * value or of another mode, a required one missing. */
enum status daemon_args_parse(struct daemon_args *args, int argc, char *const argv[],
                              struct err *err) MUST_USE;

/* The modes and their options, or those of one; about MODE_NONE: all. */
void daemon_args_help(FILE *out, enum daemon_mode about);

#endif
