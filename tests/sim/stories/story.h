/*
 * story: a script in plain words. The first line is "# " and the title; then each line is
 * a time and a sentence ("08:10 枫源村 sends 排水沟 up", "day 8 09:00 …"), in order;
 * empty lines are left out, lines that begin with "//" are for the reader of the script.
 */
#ifndef FENGQIAO_TESTS_STORY_H
#define FENGQIAO_TESTS_STORY_H

#include <stdbool.h>
#include <stdint.h>

#define STORY_LINES_MAX 64
#define STORY_SENTENCE_SIZE 256
#define STORY_BEGINS_MS (8u * 3600 * 1000) /* 08:00 of day 1 */

struct story_line {
    uint64_t at_ms; /* since 00:00 of day 1 */
    char sentence[STORY_SENTENCE_SIZE];
};

struct story {
    char title[STORY_SENTENCE_SIZE];
    struct story_line lines[STORY_LINES_MAX];
    uint32_t len;
};

/* Reads a file; false: it cannot be read or a line is none of a story, and that was
 * printed. */
bool story_read(struct story *story, const char *path);
/* "day 2 08:00", without the day on the first: out holds 32 bytes. */
void story_time(uint64_t at_ms, char out[static 32]);

#endif
