/* late_statements: a statement of the store is prepared when it is first asked for, where
 * the linker takes these instead (--wrap). For programs that open a store a million times
 * and ask each for a dozen of its statements: preparing all was most of their time, and
 * touches no disk. */
#include "storage/statement.h"

enum status __wrap_statements_prepare(struct store *store, struct err *err);
sqlite3_stmt *__wrap_statement(struct store *store, enum statement number);
sqlite3_stmt *__real_statement(struct store *store, enum statement number);

enum status __wrap_statements_prepare(struct store *store, struct err *err)
{
    (void)store;
    (void)err;
    return STATUS_OK;
}

sqlite3_stmt *__wrap_statement(struct store *store, enum statement number)
{
    if (store->statements[number] != NULL)
        return __real_statement(store, number);
    int rc =
        sqlite3_prepare_v3(store->db, statement_text(number), -1,
                           SQLITE_PREPARE_PERSISTENT, &store->statements[number], NULL);
    if (rc != SQLITE_OK)
        (void)statement_status(store, rc); /* the caller hears it from the step */
    return store->statements[number];
}
