/*
 * Happy path: a process for each bug, which lives one seed after the other, each in a
 * process of its own (sim_batch), and writes to its pipe what it found. A history that
 * crashes, hangs or eats memory is caught as well.
 */
#include "tests/sim/planted/planted_hunt.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/life/sim_batch.h"

/* Of the processor, and inherited by the process of each history: a sound one takes a
 * second or two, however busy the machine is. */
#define HANG_S 40
#define MEMORY_MAX (2048ul * 1024 * 1024)

struct hunter {
    pid_t pid; /* 0: none */
    int pipe;
    struct hunt *hunt;
};

static void keep_verdict(void *context, uint64_t seed, const struct sim_verdict *verdict)
{
    struct hunt *hunt = context;
    if (verdict->holds)
        return;
    hunt->is_caught = true;
    hunt->seed = seed;
    hunt->verdict = *verdict;
}

static bool live(struct hunt *hunt, uint64_t seed)
{
    struct sim_batch batch = {.first = seed, .last = seed, .jobs = 1};
    batch.options.twins = planted_is_twin(hunt->bug);
    return sim_batch_run(&batch, keep_verdict, hunt);
}

static void keep_soundness(void *context, uint64_t seed,
                           const struct sim_verdict *verdict)
{
    (void)seed;
    *(bool *)context = verdict->holds;
}

/* What fails without the bug, too, has caught something else. */
static bool check_soundness(struct hunt *hunt)
{
    struct sim_batch batch = {.first = hunt->seed, .last = hunt->seed, .jobs = 1};
    batch.options.twins = planted_is_twin(hunt->bug);
    planted_now = PLANTED_NOTHING;
    bool lives = sim_batch_run(&batch, keep_soundness, &hunt->is_caught);
    planted_now = hunt->bug;
    return lives;
}

static void hunt_one(struct hunt *hunt, int pipe)
{
    struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, time = {HANG_S, HANG_S + 1};
    bool lives = setrlimit(RLIMIT_AS, &memory) == 0 && setrlimit(RLIMIT_CPU, &time) == 0;
    planted_now = hunt->bug;
    for (uint64_t i = 0; lives && i < hunt->tries && !hunt->is_caught; i++)
        lives = live(hunt, hunt->first + i) &&
                (!hunt->is_caught || !hunt->is_new || check_soundness(hunt));
    /* Shorter than what a pipe takes at once. */
    bool is_told = write(pipe, hunt, sizeof(*hunt)) == (ssize_t)sizeof(*hunt);
    _exit(lives && is_told ? 0 : 1);
}

static bool send_out(struct hunter *hunter, struct hunt *hunt)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    hunter->hunt = hunt;
    hunter->pipe = ends[0];
    hunter->pid = fork();
    if (hunter->pid == 0)
        hunt_one(hunt, ends[1]);
    (void)close(ends[1]);
    return hunter->pid > 0;
}

static bool come_home(struct hunter *hunters, uint32_t jobs, hunt_done_fn *done,
                      void *context)
{
    int how = 0;
    pid_t pid = wait(&how);
    for (uint32_t i = 0; i < jobs; i++) {
        struct hunter *hunter = &hunters[i];
        if (pid <= 0 || hunter->pid != pid)
            continue;
        ssize_t got = read(hunter->pipe, hunter->hunt, sizeof(*hunter->hunt));
        (void)close(hunter->pipe);
        hunter->pid = 0;
        if (!WIFEXITED(how) || WEXITSTATUS(how) != 0 ||
            got != (ssize_t)sizeof(*hunter->hunt))
            return false;
        done(context, hunter->hunt);
        return true;
    }
    return false;
}

bool hunt_all(struct hunt *hunts, size_t len, uint32_t jobs, hunt_done_fn *done,
              void *context)
{
    struct hunter hunters[SIM_JOBS_MAX] = {0};
    size_t next = 0, home = 0;
    assert(jobs > 0 && jobs <= SIM_JOBS_MAX);
    while (home < len) {
        for (uint32_t i = 0; i < jobs && next < len; i++)
            if (hunters[i].pid == 0 && !send_out(&hunters[i], &hunts[next++]))
                return false;
        if (!come_home(hunters, jobs, done, context))
            return false;
        home++;
    }
    return true;
}
