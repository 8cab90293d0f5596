/*
 * Happy path: spawn ourselves with `key-child`, write the request to its standard input,
 * read the answer from its standard output, it exits with 0, the job comes back as an
 * event, the next one starts. Failure modes: no child can be made, it dies, it says too
 * little or too much, it takes longer than KEY_CHILD_DEADLINE_MS (killed). In each of
 * them the job comes back as WRAP_NO_MEMORY, and the reason is one line in the log.
 *
 * A child is done when all four of its handles are closed; exit and end of output come in
 * either order.
 */
#include "node/io/key_child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/io/key_request.h"
#include "node/io/log.h"
#include "node/io/process.h"

struct key_child {
    struct key_children *children;
    struct job *job;
    struct key_child *next; /* while it waits */
    uv_process_t process;
    uv_pipe_t in, out;
    uv_timer_t deadline;
    uv_write_t write;
    int handles; /* not yet closed */
    bool has_pid, has_exited;
    int64_t exit_code;
    size_t answer_len;
    struct key_request request;
    uint8_t answer[sizeof(struct key_answer) + 1]; /* one more shows too much */
};

void key_children_init(struct key_children *children, uv_loop_t *uv,
                       struct event_queue *queue)
{
    *children = (struct key_children){.uv = uv, .queue = queue};
    children->waiting_end = &children->waiting;
}

static void key_child_give_back(struct key_child *child)
{
    event_queue_take_job(child->children->queue, child->job);
    secret_wipe(child, sizeof(*child));
    free(child);
}

static void key_children_start(struct key_children *children);

static void key_child_finish(struct key_child *child)
{
    struct key_children *children = child->children;
    struct key_answer answer;
    memcpy(&answer, child->answer, sizeof(answer));
    if (!child->has_exited || child->exit_code != 0 ||
        child->answer_len != sizeof(answer) || !key_answer_read(&answer, child->job)) {
        child->job->result = WRAP_NO_MEMORY;
        log_warn("key-child failed exited=%d code=%d bytes=%zu", child->has_exited,
                 (int)child->exit_code, child->answer_len);
    }
    secret_wipe(&answer, sizeof(answer));
    for (int i = 0; i < KEY_CHILDREN_MAX; i++)
        if (children->running[i] == child)
            children->running[i] = NULL;
    key_child_give_back(child);
    key_children_start(children);
}

static void key_child_on_closed(uv_handle_t *handle)
{
    struct key_child *child = handle->data;
    if (--child->handles == 0)
        key_child_finish(child);
}

static void key_child_shut(void *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, key_child_on_closed);
}

static void key_child_on_exit(uv_process_t *process, int64_t code, int signal_number)
{
    struct key_child *child = process->data;
    child->has_exited = true;
    child->exit_code = signal_number == 0 ? code : 128 + signal_number;
    key_child_shut(&child->process);
    key_child_shut(&child->deadline);
    key_child_shut(&child->in);
}

static void key_child_kill(struct key_child *child)
{
    /* Without a living process of ours the number is nobody's, or somebody else's. */
    if (child->has_pid && !child->has_exited)
        (void)uv_process_kill(&child->process, SIGKILL); /* ESRCH: its exit is coming */
    key_child_shut(&child->in);
    key_child_shut(&child->out);
}

static void key_child_on_deadline(uv_timer_t *deadline)
{
    key_child_kill(deadline->data);
}

static void key_child_on_written(uv_write_t *write, int rc)
{
    struct key_child *child = write->data;
    key_child_shut(&child->in); /* where it failed, the answer will be missing */
}

static void key_child_on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
    struct key_child *child = handle->data;
    *room = uv_buf_init((char *)child->answer + child->answer_len,
                        (unsigned)(sizeof(child->answer) - child->answer_len));
}

static void key_child_on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
    struct key_child *child = stream->data;
    if (got > 0)
        child->answer_len += (size_t)got;
    if (got < 0 || child->answer_len == sizeof(child->answer))
        key_child_shut(&child->out);
}

/* False: no child came to be; whatever was opened is being closed. */
static bool key_child_spawn(struct key_child *child)
{
    char program[] = "/proc/self/exe", name[] = "fengqiaod", mode[] = "key-child";
    char *argv[] = {name, mode, NULL};
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
         .data.stream = (uv_stream_t *)&child->in},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&child->out},
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
    };
    uv_process_options_t options = {
        .file = program,
        .args = argv,
        .exit_cb = key_child_on_exit,
        .stdio = stdio,
        .stdio_count = 3,
    };
    int rc = uv_spawn(child->children->uv, &child->process, &options);
    if (rc == 0)
        return true;
    log_warn("key-child does not start reason=%s", uv_err_name(rc));
    return false;
}

static void key_child_begin(struct key_child *child)
{
    uv_loop_t *uv = child->children->uv;
    (void)uv_pipe_init(uv, &child->in, 0);     /* these three */
    (void)uv_pipe_init(uv, &child->out, 0);    /* never fail */
    (void)uv_timer_init(uv, &child->deadline); /* on Linux */
    child->process.data = child->in.data = child->out.data = child;
    child->deadline.data = child->write.data = child;
    child->handles = 4;
    child->has_pid = key_child_spawn(child);
    key_request_write(&child->request, child->job);
    uv_buf_t request = uv_buf_init((char *)&child->request, sizeof(child->request));
    if (!child->has_pid) {
        key_child_shut(&child->process);
        key_child_shut(&child->in);
        key_child_shut(&child->out);
        key_child_shut(&child->deadline);
        return;
    }
    (void)uv_timer_start(&child->deadline, key_child_on_deadline, KEY_CHILD_DEADLINE_MS,
                         0); /* has a callback */
    if (uv_read_start((uv_stream_t *)&child->out, key_child_on_room, key_child_on_read) ||
        uv_write(&child->write, (uv_stream_t *)&child->in, &request, 1,
                 key_child_on_written))
        key_child_kill(child);
}

static void key_children_start(struct key_children *children)
{
    for (int i = 0; i < KEY_CHILDREN_MAX; i++) {
        struct key_child *child = children->waiting;
        if (child == NULL || children->is_closing)
            return;
        if (children->running[i] != NULL)
            continue;
        children->waiting = child->next;
        if (children->waiting == NULL)
            children->waiting_end = &children->waiting;
        children->running[i] = child;
        key_child_begin(child);
    }
}

void key_children_take(struct key_children *children, struct job *job)
{
    struct key_child *child = calloc(1, sizeof(*child));
    if (child == NULL || children->is_closing) {
        free(child);
        job->result = WRAP_NO_MEMORY;
        event_queue_take_job(children->queue, job);
        return;
    }
    child->children = children;
    child->job = job;
    *children->waiting_end = child;
    children->waiting_end = &child->next;
    key_children_start(children);
}

void key_children_close(struct key_children *children)
{
    children->is_closing = true;
    for (int i = 0; i < KEY_CHILDREN_MAX; i++)
        if (children->running[i] != NULL)
            key_child_kill(children->running[i]);
    while (children->waiting != NULL) {
        struct key_child *child = children->waiting;
        children->waiting = child->next;
        child->job->result = WRAP_NO_MEMORY;
        key_child_give_back(child);
    }
    children->waiting_end = &children->waiting;
}

int key_child_main(void)
{
    struct key_request request;
    struct key_answer answer = {0};
    struct job job = {0};
    int rc = EX_IOERR;

    /* Nobody waits for it when the daemon is gone. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* else the alarm ends it */
    (void)alarm(KEY_CHILD_DEADLINE_MS / 1000);       /* cannot fail */
    if (!process_read_all(STDIN_FILENO, &request, sizeof(request)))
        goto wipe;
    rc = EX_DATAERR;
    if (!key_request_read(&request, &job))
        goto wipe;
    job_run(&job);
    key_answer_write(&answer, &job);
    rc = process_write_all(STDOUT_FILENO, &answer, sizeof(answer)) ? EX_OK : EX_IOERR;
wipe:
    secret_wipe(&request, sizeof(request));
    secret_wipe(&answer, sizeof(answer));
    secret_wipe(&job, sizeof(job));
    return rc;
}
