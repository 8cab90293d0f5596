/*
 * scratch: a folder under /tmp for one run of a test. What a run leaves that was killed
 * or aborted stays to be looked at, until the next run clears it away.
 */
#ifndef FENGQIAO_TESTS_SCRATCH_H
#define FENGQIAO_TESTS_SCRATCH_H

#include <stdbool.h>

#define SCRATCH_SIZE 64

/* Removes the folders of runs that are dead, and makes a new one. */
bool scratch_make(char path[static SCRATCH_SIZE]);
/* Removes the folder and the files in it. */
void scratch_remove(const char *path);

#endif
