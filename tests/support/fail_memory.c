#include "tests/support/fail_memory.h"

#include <stddef.h>

#include "tests/support/fail_place.h"

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_sodium_malloc(size_t size);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_sodium_malloc(size_t size);

static uint64_t left, failures;
static bool is_armed, stays, by_place, is_in, has_failed;

void fail_memory_after(uint64_t allocations, bool for_good)
{
    left = allocations;
    stays = for_good;
    by_place = false;
    is_armed = true;
    has_failed = false;
}

void fail_memory_at_new_place(void)
{
    fail_memory_after(0, false);
    by_place = true;
}

void fail_memory_in(void)
{
    is_in = true;
}

bool fail_memory_out(void)
{
    bool was_in = is_in;
    is_in = false;
    return was_in;
}

uint64_t fail_memory_count(void)
{
    return failures;
}

bool fail_memory_stop(void)
{
    is_armed = is_in = false;
    return has_failed;
}

bool fail_memory_fails(void)
{
    if (!is_armed || !is_in)
        return false;
    if (by_place && !fail_place_is_new())
        return false;
    if (left > 0) {
        left--;
        return false;
    }
    is_armed = stays;
    has_failed = true;
    failures++;
    return true;
}

bool fail_memory_at_this_place(void)
{
    return by_place && fail_memory_fails();
}

void *__wrap_malloc(size_t size)
{
    return fail_memory_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fail_memory_fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fail_memory_fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_sodium_malloc(size_t size)
{
    return fail_memory_fails() ? NULL : __real_sodium_malloc(size);
}
