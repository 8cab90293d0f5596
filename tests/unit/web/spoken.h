/*
 * spoken: the sentences that stand in sources: every format that err_set gets there.
 */
#ifndef FENGQIAO_TEST_WEB_SPOKEN_H
#define FENGQIAO_TEST_WEB_SPOKEN_H

#include "proto/bytes.h"

#define SPOKEN_MAX 1024

struct spoken {
    char *formats[SPOKEN_MAX]; /* as a compiler sees them; each once */
    uint32_t len;
};

/* Reads every .c of a folder of the sources but those named (parted by blanks). */
void spoken_read(struct spoken *spoken, const char *folder, const char *but);
/* "%s" alone passes on a sentence that stands elsewhere, and is left out. */
bool spoken_has(const struct spoken *spoken, struct bytes format);
void spoken_deinit(struct spoken *spoken);

#endif
