/*
 * Happy path: a loop with one child, until its job comes back as an event. Failure modes:
 * no memory for the job (AGE_NO_MEMORY); the rest is key_child's to say.
 */
#include "node/io/opening.h"

#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "node/io/key_child.h"

static struct job *wait_for(struct event_queue *queue, uv_loop_t *uv)
{
    struct job *done = NULL;
    while (done == NULL && !queue->failed) {
        size_t len;
        struct event *events = event_queue_take(queue, &len);
        for (size_t i = 0; i < len; i++)
            done = events[i].job; /* nothing else happens on this loop */
        free(events);
        if (done == NULL)
            (void)uv_run(uv, UV_RUN_ONCE); /* the queue says what came */
    }
    return done;
}

static enum age_verdict run_child(struct job *job, struct buf *plain)
{
    uv_loop_t uv;
    struct event_queue queue;
    struct key_children children;
    enum age_verdict verdict = AGE_NO_MEMORY;
    if (uv_loop_init(&uv) != 0) {
        job_free(job);
        return verdict;
    }
    event_queue_init(&queue, &uv);
    key_children_init(&children, &uv, &queue);
    key_children_take(&children, job);
    job = wait_for(&queue, &uv);
    if (job != NULL) {
        verdict = job->opened;
        buf_append(plain, &job->bytes);
        if (buf_status(plain) != STATUS_OK)
            verdict = AGE_NO_MEMORY;
    }
    job_free(job);
    key_children_close(&children);
    event_queue_close(&queue);
    (void)uv_run(&uv, UV_RUN_DEFAULT); /* what was closed is closing */
    event_queue_deinit(&queue);
    (void)uv_loop_close(&uv); /* nothing is left in it */
    return verdict;
}

enum age_verdict opening_run(struct bytes file, const uint8_t secret[static KEY_SIZE],
                             struct buf *plain)
{
    struct job *job = job_new(JOB_OPEN);
    if (job == NULL)
        return AGE_NO_MEMORY;
    memcpy(job->seed, secret, KEY_SIZE);
    buf_add(&job->wire, file.data, file.len);
    if (buf_status(&job->wire) != STATUS_OK) {
        job_free(job);
        return AGE_NO_MEMORY;
    }
    return run_child(job, plain);
}
