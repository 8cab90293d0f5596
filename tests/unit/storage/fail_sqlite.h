/*
 * fail_sqlite: calls of SQLite that fail on purpose (the linker's --wrap), what a row
 * says that is damaged, and memory that ends, SQLite's own and ours. One after the other,
 * so that whatever the store asks is refused once.
 */
#ifndef FENGQIAO_TESTS_FAIL_SQLITE_H
#define FENGQIAO_TESTS_FAIL_SQLITE_H

#include <stdbool.h>
#include <stdint.h>

enum fail_what {
    FAIL_STEP,    /* sqlite3_step and sqlite3_exec give the code */
    FAIL_PREPARE, /* sqlite3_prepare_v2 and _v3 do */
    FAIL_VALUE,   /* a value of 32 bytes is one too short; the code is not used */
    FAIL_TEXT,    /* sqlite3_column_text gives none, or with a code another one */
    FAIL_WRITING, /* sqlite3_db_readonly says that nobody may write; nor here */
    FAIL_MEMORY,  /* malloc of ours and of SQLite; nor here */
};

/* Before SQLite is used for the first time: it takes its memory from here. */
void fail_sqlite_init(void);
/* The call that comes after so many more fails, and with for_good all later ones too. */
void fail_sqlite_after(enum fail_what what, uint64_t calls, int code, bool for_good);
/* Nothing fails any more; did anything? */
bool fail_sqlite_stop(void);
/* Allocations of SQLite that were not given back. */
int64_t fail_sqlite_held(void);

#endif
