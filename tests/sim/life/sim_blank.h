/*
 * sim_blank: what stands on a disk after a store was opened on it for the first time and
 * closed. Made once in a process: most disks of a history begin with it, since creating
 * tables five times was a tenth of the time. What a cut or a fault does while a store is
 * created, crash_storage looks at.
 */
#ifndef FENGQIAO_TESTS_SIM_BLANK_H
#define FENGQIAO_TESTS_SIM_BLANK_H

#include "tests/support/crash_vfs.h"

/* Puts it on a disk that is empty, as node.db. */
void sim_blank_put(struct crash_vfs *disk);

#endif
