#include "tests/unit/storage/fail_sqlite.h"

#include <assert.h>
#include <stdlib.h>

#include "storage/statement.h"
#include "tests/support/crash_node.h"

static struct {
    bool is_armed, for_good, has_failed;
    enum fail_what what;
    uint64_t left;
    int code;
} fault;

static sqlite3_mem_methods memory; /* SQLite's */
static int64_t held;

void fail_sqlite_after(enum fail_what what, uint64_t calls, int code, bool for_good)
{
    fault.what = what;
    fault.left = calls;
    fault.code = code;
    fault.for_good = for_good;
    fault.has_failed = false;
    fault.is_armed = true;
}

bool fail_sqlite_stop(void)
{
    fault.is_armed = false;
    return fault.has_failed;
}

static bool fails(enum fail_what what)
{
    if (!fault.is_armed || fault.what != what)
        return false;
    if (fault.left > 0) {
        fault.left--;
        return false;
    }
    fault.is_armed = fault.for_good;
    fault.has_failed = true;
    return true;
}

/* ---- calls ---- */

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
    return fails(FAIL_STEP) ? fault.code : __real_sqlite3_step(stmt);
}

typedef int callback(void *context, int columns, char **texts, char **names);
int __real_sqlite3_exec(sqlite3 *db, const char *text, callback *fn, void *context,
                        char **error);
int __wrap_sqlite3_exec(sqlite3 *db, const char *text, callback *fn, void *context,
                        char **error);
int __wrap_sqlite3_exec(sqlite3 *db, const char *text, callback *fn, void *context,
                        char **error)
{
    return fails(FAIL_STEP) ? fault.code
                            : __real_sqlite3_exec(db, text, fn, context, error);
}

int __real_sqlite3_prepare_v2(sqlite3 *db, const char *text, int len, sqlite3_stmt **stmt,
                              const char **tail);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *text, int len, sqlite3_stmt **stmt,
                              const char **tail);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *text, int len, sqlite3_stmt **stmt,
                              const char **tail)
{
    *stmt = NULL;
    return fails(FAIL_PREPARE) ? fault.code
                               : __real_sqlite3_prepare_v2(db, text, len, stmt, tail);
}

int __real_sqlite3_prepare_v3(sqlite3 *db, const char *text, int len, unsigned flags,
                              sqlite3_stmt **stmt, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *text, int len, unsigned flags,
                              sqlite3_stmt **stmt, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *text, int len, unsigned flags,
                              sqlite3_stmt **stmt, const char **tail)
{
    *stmt = NULL;
    return fails(FAIL_PREPARE)
               ? fault.code
               : __real_sqlite3_prepare_v3(db, text, len, flags, stmt, tail);
}

int __real_sqlite3_column_bytes(sqlite3_stmt *stmt, int column);
int __wrap_sqlite3_column_bytes(sqlite3_stmt *stmt, int column);
int __wrap_sqlite3_column_bytes(sqlite3_stmt *stmt, int column)
{
    int len = __real_sqlite3_column_bytes(stmt, column);
    return len == ID_SIZE && fails(FAIL_VALUE) ? len - 1 : len;
}

const unsigned char *__real_sqlite3_column_text(sqlite3_stmt *stmt, int column);
const unsigned char *__wrap_sqlite3_column_text(sqlite3_stmt *stmt, int column);
const unsigned char *__wrap_sqlite3_column_text(sqlite3_stmt *stmt, int column)
{
    static const unsigned char other[] = "another";
    if (!fails(FAIL_TEXT))
        return __real_sqlite3_column_text(stmt, column);
    return fault.code == SQLITE_OK ? NULL : other;
}

int __real_sqlite3_db_readonly(sqlite3 *db, const char *name);
int __wrap_sqlite3_db_readonly(sqlite3 *db, const char *name);
int __wrap_sqlite3_db_readonly(sqlite3 *db, const char *name)
{
    return fails(FAIL_WRITING) ? 1 : __real_sqlite3_db_readonly(db, name);
}

/* ---- memory ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static int disk_depth; /* the memory that is the disk has no end */

static bool ends(void)
{
    return disk_depth == 0 && fails(FAIL_MEMORY);
}

void *__wrap_malloc(size_t size)
{
    return ends() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return ends() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return ends() ? NULL : __real_realloc(old, size);
}

void __real_crash_node_write(struct crash_node *node, size_t offset, const void *data,
                             size_t len);
void __real_crash_node_truncate(struct crash_node *node, size_t len);
void __real_crash_node_sync(struct crash_node *node);
void __wrap_crash_node_write(struct crash_node *node, size_t offset, const void *data,
                             size_t len);
void __wrap_crash_node_truncate(struct crash_node *node, size_t len);
void __wrap_crash_node_sync(struct crash_node *node);

void __wrap_crash_node_write(struct crash_node *node, size_t offset, const void *data,
                             size_t len)
{
    disk_depth++;
    __real_crash_node_write(node, offset, data, len);
    disk_depth--;
}

void __wrap_crash_node_truncate(struct crash_node *node, size_t len)
{
    disk_depth++;
    __real_crash_node_truncate(node, len);
    disk_depth--;
}

void __wrap_crash_node_sync(struct crash_node *node)
{
    disk_depth++;
    __real_crash_node_sync(node);
    disk_depth--;
}

static void *memory_malloc(int size)
{
    if (ends())
        return NULL;
    held++;
    return memory.xMalloc(size);
}

static void memory_free(void *old)
{
    held--;
    memory.xFree(old);
}

static void *memory_realloc(void *old, int size)
{
    return ends() ? NULL : memory.xRealloc(old, size);
}

int64_t fail_sqlite_held(void)
{
    return held;
}

/* Without its own small reserve, so that each allocation is one. */
void fail_sqlite_init(void)
{
    int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);
    assert(rc == SQLITE_OK);
    sqlite3_mem_methods ours = memory;
    ours.xMalloc = memory_malloc;
    ours.xFree = memory_free;
    ours.xRealloc = memory_realloc;
    rc = sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    assert(rc == SQLITE_OK);
    rc = sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    assert(rc == SQLITE_OK);
}
