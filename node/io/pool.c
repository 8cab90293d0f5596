/*
 * Happy path: queue the work, job_run in a thread, back on the loop the job becomes an
 * event. Failure modes: no memory for the work (the job runs here and now, and still
 * comes back once); cancelled at the end (the job comes back as it is, to a queue that is
 * thrown away).
 */
#include "node/io/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/* The loop goes first: what it has committed lets the peer send more, so a loop that
 * waits for its turn of the processor leaves the threads without work a moment later. */
#define POOL_NICE 5

struct pool_work {
    uv_work_t request;
    struct pool *pool;
    struct job *job;
    struct pool_work *next;
};

/* As many threads as processors: more of them share a processor, so that their jobs end
 * together and late. Two at least, for a name may be looked up for long. libuv reads the
 * variable when the first work is queued; whoever set it keeps it. */
static void pool_choose_threads(void)
{
    char text[16] = "";
    size_t len = sizeof(text);
    if (uv_os_getenv("UV_THREADPOOL_SIZE", text, &len) != UV_ENOENT)
        return;
    unsigned threads = uv_available_parallelism();
    (void)snprintf(text, sizeof(text), "%u", threads < 2 ? 2 : threads);
    (void)uv_os_setenv("UV_THREADPOOL_SIZE", text); /* else libuv takes four */
}

void pool_init(struct pool *pool, uv_loop_t *uv, struct event_queue *queue)
{
    pool_choose_threads();
    *pool = (struct pool){.uv = uv, .queue = queue};
}

/* Linux takes "this process" for the calling thread. A refusal costs speed alone. */
static void pool_step_back(void)
{
    static _Thread_local bool is_done;
    if (!is_done)
        (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + POOL_NICE);
    is_done = true;
}

static void pool_on_work(uv_work_t *request)
{
    pool_step_back();
    struct pool_work *work = request->data;
    job_run(work->job);
}

static void pool_on_done(uv_work_t *request, int rc)
{
    struct pool_work *work = request->data;
    struct pool_work **link = &work->pool->running;
    while (*link != work)
        link = &(*link)->next;
    *link = work->next;
    event_queue_take_job(work->pool->queue, work->job);
    free(work);
}

void pool_take(struct pool *pool, struct job *job)
{
    struct pool_work *work = calloc(1, sizeof(*work));
    if (work != NULL) {
        work->pool = pool;
        work->job = job;
        work->request.data = work;
        if (uv_queue_work(pool->uv, &work->request, pool_on_work, pool_on_done) == 0) {
            work->next = pool->running;
            pool->running = work;
            return;
        }
        free(work);
    }
    job_run(job);
    event_queue_take_job(pool->queue, job);
}

void pool_cancel(struct pool *pool)
{
    for (struct pool_work *work = pool->running; work != NULL; work = work->next)
        (void)uv_cancel((uv_req_t *)&work->request); /* BUSY: it runs, and will end */
}
