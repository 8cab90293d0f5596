/*
 * watch_files: files that went up with a record: as the preview showed them, whole at
 * every site that is shown them at the end, and gone with a recall (watch_recall looks).
 * Of a file that was taken away from its case nothing is left that opens it.
 */
#ifndef FENGQIAO_TESTS_WATCH_FILES_H
#define FENGQIAO_TESTS_WATCH_FILES_H

#include "tests/sim/life/sim_state.h"

/* What its village keeps of the file of a record that it just released. */
void watch_files_released(struct sim_host *host, struct sim_sent *sent);
/* [{name, size, type}…] of the files of a record, as a preview shows them. */
void watch_files_pack(struct sim_host *host, const struct id *record, struct buf *out);
/* A line of its breaks, or it starts again. */
void watch_files_cut(struct sim_host *host);
/* At the end of a history. */
void watch_files_end(struct sim_host *host);

#endif
