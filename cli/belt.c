#include "cli/belt.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

struct belt_hand {
    struct belt *belt;
    pthread_t thread;
};

struct belt {
    void (*work)(void *context, uint32_t place, uint32_t hand);
    void *context;
    uint64_t put, taken; /* of whoever puts on and takes off, who alone writes them */
    uint32_t hands;      /* one a processor, and at least the one who takes off */
    uint32_t threads_len;
    struct belt_hand threads[BELT_HANDS_MAX];
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t there, done;
    uint64_t ready, begun; /* things that were put on, and that a hand has taken up */
    bool is_done[BELT_PLACES];
    bool is_over;
};

/* The processors that this process may use. */
static uint32_t count_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    uint32_t count = (uint32_t)CPU_COUNT(&set);
    return count > BELT_HANDS_MAX ? BELT_HANDS_MAX : count;
}

struct belt *belt_new(void (*work)(void *context, uint32_t place, uint32_t hand),
                      void *context)
{
    struct belt *belt = calloc(1, sizeof(*belt));
    if (!belt)
        return NULL;
    belt->work = work;
    belt->context = context;
    belt->hands = count_processors();
    /* With these attributes none of them can fail. */
    (void)pthread_mutex_init(&belt->lock, NULL);
    (void)pthread_cond_init(&belt->there, NULL);
    (void)pthread_cond_init(&belt->done, NULL);
    return belt;
}

/* The lock is held, before and after. */
static void work_on_next(struct belt *belt, uint32_t hand)
{
    uint32_t place = (uint32_t)(belt->begun++ % BELT_PLACES);
    (void)pthread_mutex_unlock(&belt->lock);
    belt->work(belt->context, place, hand);
    (void)pthread_mutex_lock(&belt->lock);
    belt->is_done[place] = true;
    (void)pthread_cond_signal(&belt->done); /* one waits for it at most */
}

static void *lend_a_hand(void *of)
{
    struct belt_hand *own = of;
    struct belt *belt = own->belt;
    uint32_t hand = (uint32_t)(own - belt->threads) + 1;
    (void)pthread_mutex_lock(&belt->lock);
    while (!belt->is_over) {
        if (belt->begun < belt->ready)
            work_on_next(belt, hand);
        else
            (void)pthread_cond_wait(&belt->there, &belt->lock);
    }
    (void)pthread_mutex_unlock(&belt->lock);
    return NULL;
}

void belt_free(struct belt *belt)
{
    if (!belt)
        return;
    (void)pthread_mutex_lock(&belt->lock);
    belt->is_over = true;
    (void)pthread_cond_broadcast(&belt->there);
    (void)pthread_mutex_unlock(&belt->lock);
    for (uint32_t i = 0; i < belt->threads_len; i++)
        (void)pthread_join(belt->threads[i].thread, NULL); /* ours, not joined before */
    (void)pthread_cond_destroy(&belt->done);
    (void)pthread_cond_destroy(&belt->there);
    (void)pthread_mutex_destroy(&belt->lock);
    free(belt);
}

uint32_t belt_hands(const struct belt *belt)
{
    return belt->hands;
}

bool belt_is_full(const struct belt *belt)
{
    return belt->put - belt->taken == BELT_PLACES;
}

bool belt_is_empty(const struct belt *belt)
{
    return belt->put == belt->taken;
}

uint32_t belt_next(const struct belt *belt)
{
    return (uint32_t)(belt->put % BELT_PLACES);
}

static void hire(struct belt *belt)
{
    while (belt->threads_len + 1 < belt->hands) {
        struct belt_hand *hand = &belt->threads[belt->threads_len];
        hand->belt = belt;
        if (pthread_create(&hand->thread, NULL, lend_a_hand, hand) != 0) {
            belt->hands = belt->threads_len + 1; /* not asked for again */
            return;
        }
        belt->threads_len++;
    }
}

void belt_put(struct belt *belt)
{
    assert(!belt_is_full(belt));
    belt->put++;
    if (belt->put - belt->taken == 2)
        hire(belt);
    (void)pthread_mutex_lock(&belt->lock);
    belt->ready = belt->put;
    (void)pthread_cond_signal(&belt->there);
    (void)pthread_mutex_unlock(&belt->lock);
}

uint32_t belt_take(struct belt *belt)
{
    assert(!belt_is_empty(belt));
    uint32_t place = (uint32_t)(belt->taken++ % BELT_PLACES);
    (void)pthread_mutex_lock(&belt->lock);
    while (!belt->is_done[place]) {
        if (belt->begun < belt->ready)
            work_on_next(belt, 0);
        else
            (void)pthread_cond_wait(&belt->done, &belt->lock);
    }
    belt->is_done[place] = false;
    (void)pthread_mutex_unlock(&belt->lock);
    return place;
}
