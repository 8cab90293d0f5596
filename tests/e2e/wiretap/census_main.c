/*
 * census: the ids of everything in a stopped node's database, a line each:
 * `case ID` for the scope, `case-op ID` for its ops, and so for charter and escalation.
 * What must not have travelled can only be looked for by whoever knows it.
 *
 * usage: census DIR
 */
#include <stdio.h>
#include <stdlib.h>

#include "node/io/owned_node.h"
#include "storage/store.h"

struct census {
    struct store *store;
    const char *kind;
};

static void put_line(const char *kind, const char *what, const struct id *id)
{
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, id->bytes, ID_SIZE);
    printf("%s%s %s\n", kind, what, hex);
}

static enum status put_op(void *context, const struct store_op *op)
{
    const struct census *census = context;
    put_line(census->kind, "-op", &op->id);
    return STATUS_OK;
}

static enum status put_scope(void *context, const struct store_scope *scope)
{
    const struct census *census = context;
    put_line(census->kind, "", &scope->id);
    return store_ops_of_scope(census->store, &scope->id, put_op, context);
}

int main(int argc, char **argv)
{
    static const struct {
        enum scope_kind scope;
        const char *name;
    } kinds[] = {{SCOPE_CHARTER, "charter"},
                 {SCOPE_CASE, "case"},
                 {SCOPE_ESCALATION, "escalation"}};
    if (argc != 2) {
        fputs("usage: census DIR\n", stderr);
        return 2;
    }
    char file[4096];
    struct err err = {0};
    struct census census = {0};
    (void)snprintf(file, sizeof(file), "%s/" STORE_NAME, argv[1]);
    enum status status = store_open(&census.store, file, NULL, false, &err);
    for (size_t i = 0; status == STATUS_OK && i < sizeof(kinds) / sizeof(*kinds); i++) {
        census.kind = kinds[i].name;
        status =
            store_scopes_of_kind(census.store, kinds[i].scope, 0, put_scope, &census);
    }
    store_close(census.store);
    if (status == STATUS_OK && fflush(stdout) == 0)
        return 0;
    fprintf(stderr, "census: %s: %s\n", argv[1], err_text(&err, status));
    return 1;
}
