/*
 * Happy path: spawn ourselves with the word of the mode, write the request and the file
 * to its standard input, read the answer and what the file holds from its standard
 * output, it exits with 0, the job comes back as an event, the next one starts. Failure
 * modes: no child can be made, it dies, it says too little or too much, it takes longer
 * than KEY_CHILD_DEADLINE_MS (killed). In each of them the job comes back as one that
 * failed, and the reason is one line in the log.
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
#include "node/io/sandbox.h"

/* Of a child, beside the memory of Argon2id: libraries, a file, what it holds, and room.
 */
#define MEMORY_MAX ((size_t)32 << 20)

struct key_child {
    struct key_children *children;
    struct job *job;
    struct key_child *next; /* while it waits */
    uv_process_t process;
    uv_pipe_t in, out;
    uv_timer_t deadline;
    uv_write_t write;
    int handles; /* not yet closed */
    bool has_pid, has_begun, has_exited;
    int64_t exit_code;
    struct key_request request;
    struct key_answer answer;
    size_t answer_len, bytes_len; /* that came of it; that shall come behind it */
    struct buf bytes;             /* which came; one more shows too much */
};

/* opened: what is to be said of a file. */
static void key_child_fail(struct job *job, enum age_verdict opened)
{
    job->result = WRAP_NO_MEMORY;
    job->opened = opened;
}

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

static bool key_child_has_answered(const struct key_child *child)
{
    size_t bytes_len;
    return child->has_exited && child->exit_code == 0 &&
           child->answer_len == sizeof(child->answer) &&
           key_answer_check(&child->answer, child->job, &bytes_len) &&
           child->bytes.len == bytes_len;
}

/* What became of it has to do with this machine, and not with what it read. */
static bool key_child_had_no_chance(const struct key_child *child)
{
    return !child->has_begun || child->bytes.failed || child->exit_code == EX_OSERR;
}

static void key_child_finish(struct key_child *child)
{
    struct key_children *children = child->children;
    if (key_child_has_answered(child)) {
        key_answer_read(&child->answer, child->job);
        buf_deinit(&child->job->bytes);
        child->job->bytes = child->bytes;
    } else {
        key_child_fail(child->job,
                       key_child_had_no_chance(child) ? AGE_NO_MEMORY : AGE_STOPPED);
        buf_deinit(&child->bytes);
        log_warn("key-child failed exited=%d code=%d bytes=%zu", child->has_exited,
                 (int)child->exit_code, child->answer_len);
    }
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

/* The answer first; behind it only what it speaks of, and one byte more. No room: the
 * read fails. */
static void key_child_on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
    struct key_child *child = handle->data;
    size_t left = sizeof(child->answer) - child->answer_len;
    *room = uv_buf_init((char *)&child->answer + child->answer_len, (unsigned)left);
    if (left > 0)
        return;
    *room = uv_buf_init(NULL, 0);
    if (!key_answer_check(&child->answer, child->job, &child->bytes_len))
        return;
    left = child->bytes_len + 1 - child->bytes.len;
    uint8_t *at = buf_reserve(&child->bytes, left);
    if (at != NULL)
        *room = uv_buf_init((char *)at, (unsigned)left);
}

static void key_child_on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
    struct key_child *child = stream->data;
    if (got > 0 && child->answer_len < sizeof(child->answer))
        child->answer_len += (size_t)got;
    else if (got > 0)
        child->bytes.len += (size_t)got;
    if (got < 0 || child->bytes.len > child->bytes_len)
        key_child_shut(&child->out);
}

/* False: no child came to be; whatever was opened is being closed. */
static bool key_child_spawn(struct key_child *child)
{
    char program[] = "/proc/self/exe", name[] = "fengqiaod";
    char for_keys[] = KEY_CHILD_WORD, for_files[] = BUNDLE_CHILD_WORD;
    char *argv[] = {name, child->job->type == JOB_OPEN ? for_files : for_keys, NULL};
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
    uv_buf_t request[] = {
        uv_buf_init((char *)&child->request, sizeof(child->request)),
        uv_buf_init((char *)child->job->wire.data, (unsigned)child->job->wire.len),
    };
    if (!child->has_pid) {
        key_child_shut(&child->process);
        key_child_shut(&child->in);
        key_child_shut(&child->out);
        key_child_shut(&child->deadline);
        return;
    }
    (void)uv_timer_start(&child->deadline, key_child_on_deadline, KEY_CHILD_DEADLINE_MS,
                         0); /* has a callback */
    child->has_begun = uv_read_start((uv_stream_t *)&child->out, key_child_on_room,
                                     key_child_on_read) == 0 &&
                       uv_write(&child->write, (uv_stream_t *)&child->in, request, 2,
                                key_child_on_written) == 0;
    if (!child->has_begun)
        key_child_kill(child);
}

static void key_children_start(struct key_children *children)
{
    for (int i = 0; i < KEY_CHILDREN_MAX; i++) {
        struct key_child *child = children->waiting;
        if (child == NULL) /* nor is there one while we close */
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
        key_child_fail(job, AGE_NO_MEMORY);
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
        key_child_fail(child->job, AGE_NO_MEMORY);
        key_child_give_back(child);
    }
    children->waiting_end = &children->waiting;
}

/* ---- the child itself ---- */

static int key_child_serve(bool opens_files, struct key_request *request,
                           struct key_answer *answer, struct job *job)
{
    size_t wire_len;
    if (!process_read_all(STDIN_FILENO, request, sizeof(*request)))
        return EX_IOERR;
    if (!key_request_read(request, job, &wire_len) ||
        opens_files != (job->type == JOB_OPEN))
        return EX_DATAERR;
    uint8_t *wire = buf_reserve(&job->wire, wire_len);
    if (wire == NULL)
        return EX_OSERR;
    if (!process_read_all(STDIN_FILENO, wire, wire_len))
        return EX_IOERR;
    job->wire.len = wire_len;
    job_run(job);
    if (job->opened != AGE_WHOLE)
        buf_clear(&job->bytes); /* all of it, or nothing */
    key_answer_write(answer, job);
    bool is_said = process_write_all(STDOUT_FILENO, answer, sizeof(*answer)) &&
                   process_write_all(STDOUT_FILENO, job->bytes.data, job->bytes.len);
    return is_said ? EX_OK : EX_IOERR;
}

void key_child_main(bool opens_files)
{
    struct key_request request;
    struct key_answer answer = {0};
    struct job job = {0};
    size_t memory_max = MEMORY_MAX + (opens_files ? 0 : WRAP_MEMORY_BYTES);

    /* Nobody waits for it when the daemon is gone. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* else the alarm ends it */
    (void)alarm(KEY_CHILD_DEADLINE_MS / 1000);       /* cannot fail */
    bool is_confined = sandbox_enter(memory_max, KEY_CHILD_DEADLINE_MS / 1000);
    int rc = is_confined || !opens_files
                 ? key_child_serve(opens_files, &request, &answer, &job)
                 : EX_OSERR;
    secret_wipe(&request, sizeof(request));
    secret_wipe(&answer, sizeof(answer));
    buf_wipe(&job.bytes);
    buf_deinit(&job.wire);
    secret_wipe(&job, sizeof(job));
    sandbox_end(rc);
}
