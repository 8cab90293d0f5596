/*
 * rot: turns the last bit of one row of a stopped node's file, as a disk does that lies;
 * once more, and it is as it was. A tool of the tests: what is damaged goes up like any
 * other record, and the node above has to set it apart.
 *
 * usage: rot DIR ops ID | rot DIR quarantine NUMBER
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

_Noreturn static void fail(const char *what, const char *why)
{
    fprintf(stderr, "rot: %s: %s\n", what, why);
    exit(1);
}

static sqlite3_int64 row_of_op(sqlite3 *db, const char *id)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, "SELECT seq FROM ops WHERE hex(id) = upper(?1)", -1, &stmt,
                           NULL) != SQLITE_OK ||
        sqlite3_bind_text(stmt, 1, id, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        fail(id, sqlite3_errmsg(db));
    sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt); /* it has given its row */
    return row;
}

int main(int argc, char **argv)
{
    char path[4096];
    sqlite3 *db;
    sqlite3_blob *bytes;
    unsigned char last;
    if (argc != 4 ||
        (strcmp(argv[2], "ops") != 0 && strcmp(argv[2], "quarantine") != 0)) {
        fputs("usage: rot DIR ops ID | rot DIR quarantine NUMBER\n", stderr);
        return 2;
    }
    (void)snprintf(path, sizeof(path), "%s/node.db", argv[1]);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        fail(path, sqlite3_errmsg(db));
    sqlite3_int64 row =
        strcmp(argv[2], "ops") == 0 ? row_of_op(db, argv[3]) : strtoll(argv[3], NULL, 10);
    if (sqlite3_blob_open(db, "main", argv[2], "bytes", row, 1, &bytes) != SQLITE_OK)
        fail(argv[3], sqlite3_errmsg(db));
    int at = sqlite3_blob_bytes(bytes) - 1;
    if (at < 0 || sqlite3_blob_read(bytes, &last, 1, at) != SQLITE_OK)
        fail(argv[3], "there are no bytes");
    last ^= 1;
    if (sqlite3_blob_write(bytes, &last, 1, at) != SQLITE_OK ||
        sqlite3_blob_close(bytes) != SQLITE_OK || sqlite3_close(db) != SQLITE_OK)
        fail(argv[3], "it could not be written");
    return 0;
}
