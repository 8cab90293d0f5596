/* What a child can still do once it is confined, and what ends it; and that the daemon's
 * own children are, while they do their work. Built where they can be confined at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/age_writer.h"
#include "crypto/key.h"
#include "node/io/key_child.h"
#include "node/io/key_request.h"
#include "node/io/process.h"
#include "node/io/sandbox.h"

#define MEMORY ((size_t)32 << 20)
#define WAITS_MAX 3000 /* of 10 ms */

/* ---- one thing that somebody tries in it ---- */

static int spare; /* a file that was left open */

struct probe {
    const char *name;
    void (*act)(void);
};

/* How the process ended that did it once it was confined. */
static int status_of(const struct probe *probe, unsigned seconds)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        spare = dup(nowhere);
        if (nowhere < 0 || spare < 0 || dup2(nowhere, STDIN_FILENO) < 0 ||
            dup2(nowhere, STDOUT_FILENO) < 0 || !sandbox_enter(MEMORY, seconds))
            _exit(99);
        probe->act();
        sandbox_end(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void is_used(long result)
{
    if (result == -1)
        sandbox_end(1);
}

static void opens(void)
{
    is_used(open("/etc/hostname", O_RDONLY));
}

static void opens_beside(void)
{
    is_used(openat(AT_FDCWD, "x", O_WRONLY | O_CREAT, 0600));
}

static void unlinks(void)
{
    is_used(unlink("/nowhere/at/all"));
}

static void makes_a_socket(void)
{
    is_used(socket(AF_INET, SOCK_STREAM, 0));
}

static void sends(void)
{
    is_used(send(STDOUT_FILENO, "x", 1, 0));
}

static void forks(void)
{
    is_used(fork());
}

static void clones(void)
{
    is_used(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
}

static void runs_a_program(void)
{
    char *argv[] = {(char[]){"true"}, NULL}, *environment[] = {NULL};
    is_used(execve("/bin/true", argv, environment));
}

static void kills(void)
{
    is_used(kill(1, 0));
}

static void traces(void)
{
    is_used(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static void reads_another(void)
{
    struct iovec none = {0};
    is_used(process_vm_readv(1, &none, 1, &none, 1, 0));
}

static void reads_a_spare_file(void)
{
    char byte;
    is_used(read(spare, &byte, 1));
}

static void writes_to_the_log(void)
{
    is_used(write(STDERR_FILENO, "", 0));
}

static void writes_to_a_spare_file(void)
{
    is_used(write(spare, "", 0));
}

static void duplicates(void)
{
    is_used(dup(STDIN_FILENO));
}

static void maps_a_file(void)
{
    (void)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, spare, 0);
}

static void maps_code(void)
{
    (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void makes_code(void)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    is_used(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static void asks_who_it_is(void)
{
    is_used(syscall(SYS_getpid));
}

static void raises_a_limit(void)
{
    const struct rlimit none = {0};
    is_used(setrlimit(RLIMIT_CORE, &none));
}

static void makes_a_ring(void)
{
    is_used(syscall(SYS_io_uring_setup, 1, NULL));
}

static void a_child_that_asks_for_more_dies_of_it(void **state)
{
    static const struct probe probes[] = {
        {"open", opens},
        {"openat", opens_beside},
        {"unlink", unlinks},
        {"socket", makes_a_socket},
        {"send", sends},
        {"fork", forks},
        {"clone", clones},
        {"execve", runs_a_program},
        {"kill", kills},
        {"ptrace", traces},
        {"process_vm_readv", reads_another},
        {"read of another file", reads_a_spare_file},
        {"write to the log", writes_to_the_log},
        {"write to another file", writes_to_a_spare_file},
        {"dup", duplicates},
        {"mmap of a file", maps_a_file},
        {"mmap of code", maps_code},
        {"mprotect to code", makes_code},
        {"getpid", asks_who_it_is},
        {"setrlimit", raises_a_limit},
        {"io_uring", makes_a_ring},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
        int status = status_of(&probes[i], 60);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
            fail_msg("%s: ended with %#x", probes[i].name, (unsigned)status);
    }
}

static void uses_memory(void)
{
    uint8_t *bytes = malloc(100);
    for (size_t len = 100; len < MEMORY / 4 && bytes != NULL; len *= 2) {
        uint8_t *more = realloc(bytes, len);
        if (more == NULL)
            break;
        memset(more, 1, len);
        bytes = more;
    }
    if (bytes == NULL)
        sandbox_end(1);
    free(bytes);
}

static void reads_and_writes(void)
{
    char byte = 0;
    if (read(STDIN_FILENO, &byte, 1) != 0 || write(STDOUT_FILENO, &byte, 1) != 1)
        sandbox_end(1);
}

static void wants_too_much(void)
{
    static void *volatile taken; /* else a compiler leaves out what nobody uses */
    taken = malloc(4 * MEMORY);
    if (taken != NULL)
        sandbox_end(1);
    for (int i = 0; i < 64; i++) { /* in parts */
        taken = malloc(MEMORY / 16);
        if (taken == NULL)
            sandbox_end(0);
    }
    sandbox_end(2);
}

static void a_child_that_computes_lives_within_its_memory(void **state)
{
    static const struct probe probes[] = {
        {"memory", uses_memory},
        {"standard streams", reads_and_writes},
        {"too much", wants_too_much},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
        int status = status_of(&probes[i], 60);
        if (status != 0)
            fail_msg("%s: ended with %#x", probes[i].name, (unsigned)status);
    }
}

static void never_ends(void)
{
    for (volatile unsigned turns = 0;; turns++)
        continue;
}

static void a_child_that_never_ends_has_its_time(void **state)
{
    static const struct probe probe = {"endless", never_ends};
    (void)state;
    int status = status_of(&probe, 1);
    assert_true(WIFSIGNALED(status));
    assert_true(WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU);
}

/* ---- the daemon's children ---- */

struct child {
    pid_t pid;
    int in, out;
};

static struct child start(const char *mode)
{
    int in[2], out[2];
    struct child child;
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    child.pid = fork();
    assert_true(child.pid >= 0);
    if (child.pid == 0) {
        if (dup2(in[0], STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0)
            _exit(99);
        execl(getenv("FENGQIAO_DAEMON"), "fengqiaod", mode, NULL);
        _exit(99);
    }
    assert_int_equal(close(in[0]), 0);
    assert_int_equal(close(out[1]), 0);
    child.in = in[1];
    child.out = out[0];
    return child;
}

static int end(struct child *child)
{
    int status;
    (void)close(child->in);
    (void)close(child->out);
    assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
    return status;
}

static bool says(pid_t pid, const char *file, const char *line)
{
    char path[64], text[8192];
    (void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
    assert_int_equal(fclose(in), 0);
    return strstr(text, line) != NULL;
}

static void a_child_is_confined_before_it_reads_anything(void **state)
{
    static const char *const modes[] = {KEY_CHILD_WORD, BUNDLE_CHILD_WORD};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct child child = start(modes[i]);
        for (int k = 0; !says(child.pid, "status", "Seccomp:\t2"); k++) {
            assert_true(k < WAITS_MAX);
            (void)usleep(10000); /* an early end shows in the count */
        }
        assert_true(says(child.pid, "status", "NoNewPrivs:\t1"));
        assert_true(says(child.pid, "limits", "Max open files            0 "));
        assert_true(says(child.pid, "limits", "Max file size             0 "));
        assert_true(says(child.pid, "limits", "Max core file size        0 "));
        assert_true(says(child.pid, "limits", "Max processes             0 "));
        assert_true(says(child.pid, "limits", "Max cpu time              60 "));
        assert_true(says(child.pid, "limits",
                         i == 0 ? "Max data size             100663296 "
                                : "Max data size             33554432 "));
        int status = end(&child); /* it waited for a request */
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), EX_IOERR);
    }
}

/* Through the daemon as a child; what comes behind the answer is added to the job. */
static void do_there(struct job *job, const char *mode)
{
    struct key_request request;
    struct key_answer answer;
    struct child child = start(mode);
    size_t len = 0;
    key_request_write(&request, job);
    assert_true(process_write_all(child.in, &request, sizeof(request)));
    assert_true(process_write_all(child.in, job->wire.data, job->wire.len));
    assert_true(process_read_all(child.out, &answer, sizeof(answer)));
    assert_true(key_answer_check(&answer, job, &len));
    uint8_t *room = buf_reserve(&job->bytes, len);
    assert_non_null(room);
    assert_true(process_read_all(child.out, room, len));
    job->bytes.len += len;
    key_answer_read(&answer, job);
    assert_int_equal(end(&child), 0);
}

static struct job *pin_job(enum job_type type)
{
    struct job *job = job_new(type);
    assert_non_null(job);
    memset(job->seed, 0x17, sizeof(job->seed));
    memset(job->random, 0x18, sizeof(job->random));
    memcpy(job->pin, "246810", 6);
    job->pin_len = 6;
    return job;
}

static void argon2id_works_in_it_as_outside(void **state)
{
    struct job *there = pin_job(JOB_WRAP), *here = pin_job(JOB_WRAP);
    (void)state;
    do_there(there, KEY_CHILD_WORD);
    job_run(here);
    assert_int_equal(there->result, WRAP_OK);
    assert_memory_equal(there->wrapped, here->wrapped, sizeof(here->wrapped));

    there->type = JOB_UNWRAP;
    memset(there->seed, 0, sizeof(there->seed));
    do_there(there, KEY_CHILD_WORD);
    assert_int_equal(there->result, WRAP_OK);
    assert_memory_equal(there->seed, here->seed, sizeof(here->seed));
    there->pin[0] ^= 1;
    do_there(there, KEY_CHILD_WORD);
    assert_int_not_equal(there->result, WRAP_OK);
    job_free(there);

    there = pin_job(JOB_STRETCH);
    here->type = JOB_STRETCH;
    do_there(there, KEY_CHILD_WORD);
    job_run(here);
    assert_int_equal(there->result, WRAP_OK);
    assert_memory_equal(there->seed, here->seed, sizeof(here->seed));
    job_free(there);
    job_free(here);
}

static bool add(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

static void a_file_opens_in_it(void **state)
{
    static uint8_t payload[1 << 20];
    static struct age_writer writer;
    struct job *job = job_new(JOB_OPEN);
    struct rng rng = rng_system();
    uint8_t recipient[1][KEY_SIZE];
    (void)state;
    assert_non_null(job);
    memset(job->seed, 0x42, sizeof(job->seed));
    key_dh_public(recipient[0], job->seed);
    for (size_t i = 0; i < sizeof(payload); i++)
        payload[i] = (uint8_t)(i * 7 + i / 255);
    (void)age_writer_begin(&writer, (const uint8_t(*)[KEY_SIZE])recipient, 1, &rng, NULL,
                           add, &job->wire);
    (void)age_writer_put(&writer, payload, sizeof(payload));
    assert_int_equal(age_writer_end(&writer), AGE_WHOLE);
    do_there(job, BUNDLE_CHILD_WORD);
    assert_int_equal(job->opened, AGE_WHOLE);
    assert_int_equal(job->bytes.len, sizeof(payload));
    assert_memory_equal(job->bytes.data, payload, sizeof(payload));

    buf_clear(&job->bytes);
    job->wire.data[job->wire.len - 1] ^= 1;
    do_there(job, BUNDLE_CHILD_WORD);
    assert_int_equal(job->opened, AGE_BAD_PAYLOAD);
    assert_int_equal(job->bytes.len, 0);
    job_free(job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_that_asks_for_more_dies_of_it),
        cmocka_unit_test(a_child_that_computes_lives_within_its_memory),
        cmocka_unit_test(a_child_that_never_ends_has_its_time),
        cmocka_unit_test(a_child_is_confined_before_it_reads_anything),
        cmocka_unit_test(argon2id_works_in_it_as_outside),
        cmocka_unit_test(a_file_opens_in_it),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
