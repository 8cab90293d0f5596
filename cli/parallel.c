#include "cli/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define THREADS_MAX 64
#define ITEMS_MIN 16 /* for fewer a thread costs more than it brings */

struct parallel {
    atomic_uint next; /* the first item that nobody has taken */
    uint32_t len;
    void (*work)(void *context, uint32_t i);
    void *context;
};

static void *take_items(void *of)
{
    struct parallel *parallel = of;
    for (;;) {
        uint32_t i = atomic_fetch_add(&parallel->next, 1);
        if (i >= parallel->len)
            return NULL;
        parallel->work(parallel->context, i);
    }
}

/* The processors that this process may use. */
static uint32_t count_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    return (uint32_t)CPU_COUNT(&set);
}

void parallel_each(uint32_t len, void (*work)(void *context, uint32_t i), void *context)
{
    struct parallel parallel = {.len = len, .work = work, .context = context};
    pthread_t threads[THREADS_MAX];
    uint32_t wanted = count_processors(), threads_len = 0;
    if (wanted > THREADS_MAX)
        wanted = THREADS_MAX;
    if (wanted > len / ITEMS_MIN)
        wanted = len / ITEMS_MIN;
    while (threads_len + 1 < wanted &&
           pthread_create(&threads[threads_len], NULL, take_items, &parallel) == 0)
        threads_len++;
    (void)take_items(&parallel);
    for (uint32_t i = 0; i < threads_len; i++)
        (void)pthread_join(threads[i], NULL); /* it is ours and was not joined before */
}
