#include "tests/sim/life/sim_queue.h"

#include <assert.h>
#include <stdlib.h>

#include "node/core/job.h"

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void swap(struct sim_event *a, struct sim_event *b)
{
    struct sim_event kept = *a;
    *a = *b;
    *b = kept;
}

void sim_queue_add(struct sim_queue *queue, const struct sim_event *event)
{
    if (queue->len == queue->capacity) {
        queue->capacity = queue->capacity == 0 ? 64 : 2 * queue->capacity;
        queue->heap = realloc(queue->heap, queue->capacity * sizeof(*queue->heap));
        assert(queue->heap != NULL);
    }
    uint32_t at = queue->len++;
    queue->heap[at] = *event;
    queue->heap[at].order = queue->added++;
    for (; at > 0 && is_before(&queue->heap[at], &queue->heap[(at - 1) / 2]);
         at = (at - 1) / 2)
        swap(&queue->heap[at], &queue->heap[(at - 1) / 2]);
}

bool sim_queue_take(struct sim_queue *queue, uint64_t until_ms, struct sim_event *event)
{
    if (queue->len == 0 || queue->heap[0].at_ms > until_ms)
        return false;
    *event = queue->heap[0];
    queue->heap[0] = queue->heap[--queue->len];
    for (uint32_t at = 0;;) {
        uint32_t least = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2; child++)
            if (child < queue->len && is_before(&queue->heap[child], &queue->heap[least]))
                least = child;
        if (least == at)
            return true;
        swap(&queue->heap[at], &queue->heap[least]);
        at = least;
    }
}

void sim_event_deinit(struct sim_event *event)
{
    buf_deinit(&event->bytes);
    job_free(event->job);
}

void sim_queue_deinit(struct sim_queue *queue)
{
    for (uint32_t i = 0; i < queue->len; i++)
        sim_event_deinit(&queue->heap[i]);
    free(queue->heap);
    *queue = (struct sim_queue){0};
}
