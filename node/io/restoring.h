/*
 * restoring: two modes of fengqiaod over the files of a backup.
 *
 *   restore      the recovery key opens it; a new directory becomes the node that was
 *   try-backup   the node's own key opens it; a scratch store in its directory shows that
 *                it can be restored, goes again, and the running node is told
 */
#ifndef FENGQIAO_NODE_IO_RESTORING_H
#define FENGQIAO_NODE_IO_RESTORING_H

#include "node/io/daemon_args.h"

/* Exit codes of the process. */
int restore_main(const struct daemon_args *args);
int try_backup_main(const struct daemon_args *args);

#endif
