#include "cli/progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_INTERVAL_MS 100

void progress_init(struct progress *progress, FILE *err, const char *words)
{
    int fd = fileno(err);
    *progress = (struct progress){
        .err = err,
        .words = words,
        .is_shown = fd >= 0 && isatty(fd),
    };
}

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void progress_show(struct progress *progress, uint64_t count)
{
    if (!progress->is_shown)
        return;
    uint64_t now = now_ms();
    if (progress->is_dirty && now - progress->shown_ms < PROGRESS_INTERVAL_MS)
        return;
    fprintf(progress->err, "\r%" PRIu64 " %s", count, progress->words);
    (void)fflush(progress->err); /* it is a courtesy */
    progress->is_dirty = true;
    progress->shown_ms = now;
}

void progress_clear(struct progress *progress)
{
    if (!progress->is_dirty)
        return;
    fputs("\r\033[K", progress->err);
    (void)fflush(progress->err); /* it is a courtesy */
    progress->is_dirty = false;
}
