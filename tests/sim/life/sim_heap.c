#include "tests/sim/life/sim_heap.h"

#include <assert.h>
#include <malloc.h>
#include <stddef.h>

#include <sqlite3.h>

#include "tests/support/crash_node.h"

#define KEPT_BYTES (1 << 28)

static struct sim_heap *current;
static sqlite3_mem_methods sqlite_own;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__real_sodium_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);
void *__wrap_sodium_malloc(size_t size);
void __real_crash_node_write(struct crash_node *node, size_t offset, const void *data,
                             size_t len);
void __real_crash_node_truncate(struct crash_node *node, size_t len);
void __real_crash_node_sync(struct crash_node *node);
void __wrap_crash_node_write(struct crash_node *node, size_t offset, const void *data,
                             size_t len);
void __wrap_crash_node_truncate(struct crash_node *node, size_t len);
void __wrap_crash_node_sync(struct crash_node *node);

static bool fails(void)
{
    if (current == NULL)
        return false;
    current->calls++;
    bool now =
        current->fail_at > 0 && (current->calls == current->fail_at ||
                                 (current->stays && current->calls > current->fail_at));
    current->has_failed |= now;
    return now;
}

static void *count(void *memory, int64_t bytes)
{
    if (current == NULL || memory == NULL)
        return memory;
    current->bytes += bytes;
    if (current->bytes > current->peak)
        current->peak = current->bytes;
    return memory;
}

static int64_t size_of(void *memory)
{
    return memory == NULL ? 0 : (int64_t)malloc_usable_size(memory);
}

/* Memory of our own libraries. */
static void *count_own(void *memory, int64_t bytes)
{
    if (current != NULL && memory != NULL)
        current->own += bytes;
    return count(memory, bytes);
}

void *__wrap_malloc(size_t size)
{
    if (fails())
        return NULL;
    void *memory = __real_malloc(size);
    return count_own(memory, size_of(memory));
}

void *__wrap_calloc(size_t count_of, size_t size)
{
    if (fails())
        return NULL;
    void *memory = __real_calloc(count_of, size);
    return count_own(memory, size_of(memory));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (fails())
        return NULL;
    int64_t before = size_of(old);
    void *memory = __real_realloc(old, size);
    return count_own(memory, size_of(memory) - before);
}

void __wrap_free(void *memory)
{
    (void)count_own(memory, -size_of(memory));
    __real_free(memory);
}

void *__wrap_sodium_malloc(size_t size)
{
    return fails() ? NULL : __real_sodium_malloc(size);
}

/* --- SQLite ------------------------------------------------------------------------- */

static void *sqlite_malloc(int size)
{
    if (fails())
        return NULL;
    void *memory = sqlite_own.xMalloc(size);
    return memory == NULL ? NULL : count(memory, sqlite_own.xSize(memory));
}

static void sqlite_free(void *memory)
{
    if (current != NULL)
        current->bytes -= sqlite_own.xSize(memory);
    sqlite_own.xFree(memory);
}

static void *sqlite_realloc(void *old, int size)
{
    if (fails())
        return NULL;
    int64_t before = sqlite_own.xSize(old);
    void *memory = sqlite_own.xRealloc(old, size);
    return memory == NULL ? NULL : count(memory, sqlite_own.xSize(memory) - before);
}

void sim_heap_init(void)
{
    static bool is_done;
    if (is_done)
        return;
    is_done = true;
    /* Memory of one history serves the next: the system is not asked for it again. */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_own);
    assert(rc == SQLITE_OK);
    sqlite3_mem_methods ours = sqlite_own;
    ours.xMalloc = sqlite_malloc;
    ours.xFree = sqlite_free;
    ours.xRealloc = sqlite_realloc;
    rc = sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    assert(rc == SQLITE_OK);
    /* One thread, and a heap of its own for each connection: nothing is kept aside. */
    rc = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    assert(rc == SQLITE_OK);
    rc = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* we count ourselves */
    assert(rc == SQLITE_OK);
    (void)rc;
}

/* --- the disk ----------------------------------------------------------------------- */

void __wrap_crash_node_write(struct crash_node *node, size_t offset, const void *data,
                             size_t len)
{
    struct sim_heap *kept = current;
    current = NULL;
    __real_crash_node_write(node, offset, data, len);
    current = kept;
}

void __wrap_crash_node_truncate(struct crash_node *node, size_t len)
{
    struct sim_heap *kept = current;
    current = NULL;
    __real_crash_node_truncate(node, len);
    current = kept;
}

void __wrap_crash_node_sync(struct crash_node *node)
{
    struct sim_heap *kept = current;
    current = NULL;
    __real_crash_node_sync(node);
    current = kept;
}

/* --- whose turn it is --------------------------------------------------------------- */

void sim_heap_enter(struct sim_heap *heap)
{
    current = heap;
}

void sim_heap_leave(void)
{
    current = NULL;
}

struct sim_heap *sim_heap_pause(void)
{
    struct sim_heap *heap = current;
    current = NULL;
    return heap;
}

void sim_heap_resume(struct sim_heap *heap)
{
    current = heap;
}

void sim_heap_fail_after(struct sim_heap *heap, uint64_t calls, bool stays)
{
    heap->fail_at = heap->calls + 1 + calls;
    heap->stays = stays;
}

void sim_heap_calm(struct sim_heap *heap)
{
    heap->fail_at = 0;
    heap->stays = false;
}
