#include "tests/support/fail_memory.h"

#include <stddef.h>

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);

static uint64_t left;
static bool is_armed, stays, is_in, has_failed;

void fail_memory_after(uint64_t allocations, bool for_good)
{
    left = allocations;
    stays = for_good;
    is_armed = true;
    has_failed = false;
}

void fail_memory_in(void)
{
    is_in = true;
}

void fail_memory_out(void)
{
    is_in = false;
}

bool fail_memory_stop(void)
{
    is_armed = is_in = false;
    return has_failed;
}

static bool fails(void)
{
    if (!is_armed || !is_in)
        return false;
    if (left > 0) {
        left--;
        return false;
    }
    is_armed = stays;
    has_failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}
