/*
 * Happy path: each process lives every jobs-th seed and writes a verdict to its pipe; the
 * parent reads until all pipes end. A process that dies has named the seed before it
 * began; the next process goes on behind it.
 */
#include "tests/sim/life/sim_batch.h"

#include "tests/sim/life/sim_twin.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct note {
    bool begins;
    uint64_t seed;
    struct sim_verdict verdict;
};

struct worker {
    pid_t pid;
    int pipe;
    uint64_t next; /* seed; above last: done */
    bool is_living;
};

static void put(int fd, const struct note *note)
{
    const char *at = (const char *)note;
    for (size_t left = sizeof(*note); left > 0;) {
        ssize_t wrote = write(fd, at, left);
        if (wrote <= 0)
            _exit(1);
        at += wrote;
        left -= (size_t)wrote;
    }
}

static void live(const struct sim_batch *batch, uint64_t seed,
                 struct sim_verdict *verdict)
{
    struct sim_options options = batch->options;
    options.seed = seed;
    (void)alarm(SIM_HANG_S);
    sim_twin_live(&options, verdict);
    if (seed % SIM_TWICE_EVERY != 0 || !verdict->holds || options.twins)
        return;
    struct sim_verdict again;
    options.trace = NULL;
    sim_run(&options, &again);
    if (id_equal(&again.trace, &verdict->trace))
        return;
    verdict->holds = false;
    (void)snprintf(verdict->invariant, sizeof(verdict->invariant), "same");
    (void)snprintf(verdict->text, sizeof(verdict->text),
                   "the same seed was lived twice and differed");
}

static void work(const struct sim_batch *batch, uint64_t first, int fd)
{
    for (uint64_t seed = first; seed <= batch->last; seed += batch->jobs) {
        struct note note = {.begins = true, .seed = seed};
        put(fd, &note);
        note.begins = false;
        live(batch, seed, &note.verdict);
        if (batch->options.trace != NULL)
            (void)fflush(batch->options.trace); /* this process ends without exit() */
        put(fd, &note);
    }
    _exit(0);
}

static bool hire(struct sim_batch *batch, struct worker *worker)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    worker->pid = fork();
    if (worker->pid == 0) {
        (void)close(ends[0]);
        work(batch, worker->next, ends[1]);
    }
    (void)close(ends[1]);
    worker->pipe = ends[0];
    worker->is_living = worker->pid > 0;
    if (!worker->is_living)
        (void)close(ends[0]);
    return worker->is_living;
}

static bool get(int fd, struct note *note)
{
    char *at = (char *)note;
    for (size_t left = sizeof(*note); left > 0;) {
        ssize_t got = read(fd, at, left);
        if (got <= 0)
            return false;
        at += got;
        left -= (size_t)got;
    }
    return true;
}

static void count(struct sim_batch *batch, const struct note *note, sim_batch_fn *report,
                  void *context)
{
    batch->histories++;
    batch->failed += !note->verdict.holds;
    batch->ops += note->verdict.ops;
    batch->turns += note->verdict.turns;
    batch->sights += note->verdict.sights;
    batch->cuts += note->verdict.cuts;
    batch->lies += note->verdict.lies;
    batch->announced += note->verdict.announced;
    batch->silent += note->verdict.silent;
    batch->twice += note->seed % SIM_TWICE_EVERY == 0;
    sim_ever_add(&batch->ever, &note->verdict.ever);
    if (note->verdict.heap_peak > batch->heap_peak)
        batch->heap_peak = note->verdict.heap_peak;
    report(context, note->seed, &note->verdict);
}

/* The process ended: with its seeds, or in the middle of one. */
static bool bury(struct sim_batch *batch, struct worker *worker, sim_batch_fn *report,
                 void *context)
{
    int how = 0;
    (void)close(worker->pipe);
    (void)waitpid(worker->pid, &how, 0);
    worker->is_living = false;
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return true;
    struct note note = {.seed = worker->next};
    (void)snprintf(note.verdict.invariant, sizeof(note.verdict.invariant), "crash");
    (void)snprintf(note.verdict.text, sizeof(note.verdict.text), "%s %d",
                   WIFSIGNALED(how) ? "ended by signal" : "ended with",
                   WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how));
    count(batch, &note, report, context);
    worker->next += batch->jobs;
    return worker->next > batch->last || hire(batch, worker);
}

static bool hear(struct sim_batch *batch, struct worker *worker, sim_batch_fn *report,
                 void *context)
{
    struct note note;
    if (!get(worker->pipe, &note))
        return bury(batch, worker, report, context);
    worker->next = note.begins ? note.seed : note.seed + batch->jobs;
    if (!note.begins)
        count(batch, &note, report, context);
    return true;
}

bool sim_batch_run(struct sim_batch *batch, sim_batch_fn *report, void *context)
{
    struct worker workers[SIM_JOBS_MAX] = {0};
    uint32_t living = 1;
    for (uint32_t i = 0; i < batch->jobs; i++) {
        workers[i].next = batch->first + i;
        if (workers[i].next <= batch->last && !hire(batch, &workers[i]))
            return false;
    }
    while (living > 0) {
        struct pollfd polls[SIM_JOBS_MAX] = {0};
        living = 0;
        for (uint32_t i = 0; i < batch->jobs; i++) {
            polls[i] =
                (struct pollfd){workers[i].is_living ? workers[i].pipe : -1, POLLIN, 0};
            living += workers[i].is_living;
        }
        if (living == 0 || poll(polls, batch->jobs, -1) < 0)
            break;
        for (uint32_t i = 0; i < batch->jobs; i++)
            if (polls[i].revents != 0 && !hear(batch, &workers[i], report, context))
                return false;
    }
    return true;
}
