/*
 * Happy path: start the client beside this program, or the one that PATH has; it says
 * nothing and exits with 0. Failure modes: there is no client; it says why it did not
 * succeed, on standard error, the last line of which is kept; it, or who has that from
 * it, takes longer than BACKING_UP_DEADLINE_MS (killed, and not listened to any more).
 */
#include "node/io/backing_up.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "node/io/log.h"

#define CLIENT "fengqiao"

void backing_up_init(struct backing_up *backing, uv_loop_t *uv, struct event_queue *queue)
{
    *backing = (struct backing_up){.uv = uv, .queue = queue};
}

void backing_up_plan(struct backing_up *backing, const char *dir, const char *folder)
{
    backing->dir = dir;
    backing->folder = folder;
}

/* Beside this program, as they are installed; else the system looks for it. */
static void backing_up_program(char program[static PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", program, PATH_MAX - sizeof(CLIENT) - 1);
    char *end = len <= 0 ? NULL : memrchr(program, '/', (size_t)len);
    if (end != NULL) {
        memcpy(end + 1, CLIENT, sizeof(CLIENT));
        if (access(program, X_OK) == 0)
            return;
    }
    memcpy(program, CLIENT, sizeof(CLIENT));
}

/* The last line that is not empty, without who says it. */
static struct bytes backing_up_last_line(const struct backing_up *backing)
{
    static const char prefix[] = CLIENT ": ";
    const char *text = backing->text;
    size_t end = backing->text_len, begin;
    while (end > 0 && text[end - 1] == '\n')
        end--;
    for (begin = end; begin > 0 && text[begin - 1] != '\n'; begin--)
        ;
    if (end - begin >= sizeof(prefix) - 1 &&
        memcmp(text + begin, prefix, sizeof(prefix) - 1) == 0)
        begin += sizeof(prefix) - 1;
    return bytes_of(text + begin, end - begin);
}

static void backing_up_finish(struct backing_up *backing)
{
    struct bytes why = {0};
    char text[64];
    if (!backing->has_exited || backing->exit_code != 0) {
        why = backing_up_last_line(backing);
        (void)snprintf(text, sizeof(text), "the client ended with %d",
                       (int)backing->exit_code);
        if (why.len == 0)
            why = bytes_str(backing->has_pid ? text : "the client is not installed");
        log_warn("backup failed exited=%d code=%d", backing->has_exited,
                 (int)backing->exit_code);
    }
    if (!backing->is_closing)
        event_queue_add_bytes(backing->queue, EVENT_BACKUP_DONE, 0, 0, why);
}

static void backing_up_on_closed(uv_handle_t *handle)
{
    struct backing_up *backing = handle->data;
    if (--backing->handles == 0)
        backing_up_finish(backing);
}

static void backing_up_shut(void *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, backing_up_on_closed);
}

/* It has ended, and nobody says any more: nothing is waited for. */
static void backing_up_stop_waiting(struct backing_up *backing)
{
    if (backing->has_exited && uv_is_closing((uv_handle_t *)&backing->said))
        backing_up_shut(&backing->deadline);
}

static void backing_up_on_exit(uv_process_t *process, int64_t code, int signal_number)
{
    struct backing_up *backing = process->data;
    backing->has_exited = true;
    backing->exit_code = signal_number == 0 ? code : 128 + signal_number;
    backing_up_shut(&backing->process);
    backing_up_stop_waiting(backing);
}

static void backing_up_kill(struct backing_up *backing)
{
    if (backing->has_pid && !backing->has_exited)
        (void)uv_process_kill(&backing->process, SIGKILL); /* ESRCH: its exit comes */
    backing_up_shut(&backing->said);
    backing_up_stop_waiting(backing);
}

static void backing_up_on_deadline(uv_timer_t *deadline)
{
    backing_up_kill(deadline->data);
}

static void backing_up_on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
    struct backing_up *backing = handle->data;
    *room = uv_buf_init(backing->room, sizeof(backing->room));
}

/* The end of it is what tells. */
static void backing_up_on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
    struct backing_up *backing = stream->data;
    if (got < 0) {
        backing_up_shut(&backing->said);
        backing_up_stop_waiting(backing);
        return;
    }
    size_t len = (size_t)got, max = sizeof(backing->text);
    if (backing->text_len + len > max) {
        size_t drop = backing->text_len + len - max;
        memmove(backing->text, backing->text + drop, backing->text_len - drop);
        backing->text_len -= drop;
    }
    memcpy(backing->text + backing->text_len, backing->room, len);
    backing->text_len += len;
}

static bool backing_up_spawn(struct backing_up *backing)
{
    char program[PATH_MAX], dir[PATH_MAX], folder[PATH_MAX];
    char name[] = CLIENT, in[] = "--dir", verb[] = "backup", write[] = "write";
    char at[] = "--stick", go_on[] = "--go-on", verify[] = "--verify";
    char *argv[] = {name, in, dir, verb, write, at, folder, go_on, verify, NULL};
    (void)snprintf(dir, sizeof(dir), "%s", backing->dir); /* else it opens nothing */
    (void)snprintf(folder, sizeof(folder), "%s", backing->folder);
    backing_up_program(program);
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&backing->said},
    };
    uv_process_options_t options = {
        .file = program,
        .args = argv,
        .exit_cb = backing_up_on_exit,
        .stdio = stdio,
        .stdio_count = 3,
    };
    int rc = uv_spawn(backing->uv, &backing->process, &options);
    if (rc != 0)
        log_warn("backup does not start reason=%s", uv_err_name(rc));
    return rc == 0;
}

void backing_up_start(struct backing_up *backing)
{
    backing->has_exited = false;
    backing->exit_code = 0;
    backing->text_len = 0;
    (void)uv_pipe_init(backing->uv, &backing->said, 0);   /* these two */
    (void)uv_timer_init(backing->uv, &backing->deadline); /* never fail on Linux */
    backing->process.data = backing->said.data = backing->deadline.data = backing;
    backing->handles = 3;
    log_info("backup begins");
    backing->has_pid = backing_up_spawn(backing);
    if (!backing->has_pid) {
        backing_up_shut(&backing->process);
        backing_up_shut(&backing->said);
        backing_up_shut(&backing->deadline);
        return;
    }
    (void)uv_timer_start(&backing->deadline, backing_up_on_deadline,
                         BACKING_UP_DEADLINE_MS, 0); /* has a callback */
    if (uv_read_start((uv_stream_t *)&backing->said, backing_up_on_room,
                      backing_up_on_read) != 0)
        backing_up_kill(backing);
}

void backing_up_close(struct backing_up *backing)
{
    backing->is_closing = true;
    if (backing->handles > 0)
        backing_up_kill(backing);
}
