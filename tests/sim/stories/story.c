#include "tests/sim/stories/story.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000
#define DAY_MINUTES 1440

static bool read_line(struct story *story, const char *text)
{
    struct story_line *line = &story->lines[story->len];
    unsigned day = 1, hour, minute;
    int used = 0;
    if (sscanf(text, "day %u %n", &day, &used) != 1)
        used = 0;
    text += used;
    used = 0;
    if (sscanf(text, "%2u:%2u %n", &hour, &minute, &used) != 2 || used == 0)
        return false;
    line->at_ms = ((uint64_t)(day - 1) * DAY_MINUTES + hour * 60 + minute) * MINUTE_MS;
    (void)snprintf(line->sentence, sizeof(line->sentence), "%s", text + used);
    uint64_t before =
        story->len == 0 ? STORY_BEGINS_MS : story->lines[story->len - 1].at_ms;
    story->len++;
    return line->at_ms >= before;
}

static bool read_text(struct story *story, const char *text)
{
    if (text[0] == '\0' || strncmp(text, "//", 2) == 0)
        return true;
    if (story->title[0] == '\0' && strncmp(text, "# ", 2) == 0) {
        (void)snprintf(story->title, sizeof(story->title), "%.*s",
                       STORY_SENTENCE_SIZE - 1, text + 2);
        return true;
    }
    return story->len < STORY_LINES_MAX && read_line(story, text);
}

bool story_read(struct story *story, const char *path)
{
    char text[STORY_SENTENCE_SIZE + 32];
    *story = (struct story){0};
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    bool reads = true;
    while (reads && fgets(text, sizeof(text), file) != NULL) {
        text[strcspn(text, "\n")] = '\0';
        reads = read_text(story, text);
        if (!reads)
            (void)fprintf(stderr, "%s: no line of a story: %s\n", path, text);
    }
    (void)fclose(file);
    return reads && story->len > 0;
}

void story_time(uint64_t at_ms, char out[static 32])
{
    uint64_t minutes = at_ms / MINUTE_MS, day = minutes / DAY_MINUTES;
    uint64_t of_day = minutes % DAY_MINUTES;
    if (day == 0)
        (void)snprintf(out, 32, "%02" PRIu64 ":%02" PRIu64, of_day / 60, of_day % 60);
    else
        (void)snprintf(out, 32, "day %" PRIu64 " %02" PRIu64 ":%02" PRIu64, day + 1,
                       of_day / 60, of_day % 60);
}
