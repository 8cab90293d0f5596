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

/* Is it time to show something? Then it will be. */
static bool is_due(struct progress *progress)
{
    if (!progress->is_shown)
        return false;
    uint64_t now = now_ms();
    if (progress->is_dirty && now - progress->shown_ms < PROGRESS_INTERVAL_MS)
        return false;
    progress->is_dirty = true;
    progress->shown_ms = now;
    return true;
}

void progress_show(struct progress *progress, uint64_t count)
{
    if (!is_due(progress))
        return;
    fprintf(progress->err, "\r%" PRIu64 " %s", count, progress->words);
    (void)fflush(progress->err); /* it is a courtesy */
}

void progress_show_part(struct progress *progress, uint64_t count, uint64_t bytes,
                        uint64_t size)
{
    static const char full[] = "####################", empty[] = "....................";
    const int wide = (int)sizeof(full) - 1;
    if (!is_due(progress))
        return;
    fputs("\r", progress->err);
    if (size > 0) {
        double part = bytes < size ? (double)bytes / (double)size : 1;
        int done = (int)(part * wide);
        fprintf(progress->err, "[%.*s%.*s] %3d %%  ", done, full, wide - done, empty,
                (int)(part * 100));
    }
    fprintf(progress->err, "%" PRIu64 " %s, %.1f MiB", count, progress->words,
            (double)bytes / 1048576);
    (void)fflush(progress->err); /* it is a courtesy */
}

void progress_clear(struct progress *progress)
{
    if (!progress->is_dirty)
        return;
    fputs("\r\033[K", progress->err);
    (void)fflush(progress->err); /* it is a courtesy */
    progress->is_dirty = false;
}
