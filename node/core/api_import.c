/* Many cases in one go: all rows of a request, or none of them. Each row has an id made
 * of what it says, so that a table which is taken again, because nobody knows how far it
 * came, makes no case twice. */
#include <string.h>

#include "node/core/api.h"
#include "node/core/new_case.h"
#include "node/core/refold.h"
#include "proto/limits.h"
#include "storage/store_listings.h"

struct import {
    struct core *core;
    struct caller *caller;
    bool is_check;
    uint64_t taken, known;
    struct buf problems;
    uint32_t problems_len;
};

/* --- looking at the rows --- */

static void pack_problem(struct import *import, uint32_t row, const char *field,
                         const char *sentence)
{
    struct buf *out = &import->problems;
    import->problems_len++;
    pack_map(out, 3);
    pack_str(out, "field");
    pack_str(out, field == NULL ? "" : field);
    pack_str(out, "problem");
    pack_str(out, sentence);
    pack_str(out, "row");
    pack_uint(out, row);
}

static struct args args_of(struct bytes row)
{
    return (struct args){row, NEW_CASE_ARGUMENTS " line"};
}

static bool read_line(const struct args *args, struct id *line)
{
    struct bytes raw;
    struct pack_reader reader;
    if (!args_raw(args, "line", &raw))
        return false;
    reader = pack_reader_of(raw);
    return pack_read_fixed(&reader, line->bytes, ID_SIZE, NULL) == STATUS_OK;
}

static void look_at_row(struct import *import, uint32_t number, struct bytes row)
{
    struct args args = args_of(row);
    struct draft draft = {.kind = NULL};
    const char *field = NULL;
    struct err err = {0};
    struct id line;
    enum status status = args_check(&args, &err);
    if (status == STATUS_OK)
        status = new_case_read(&args, &draft, &field, &err);
    (void)core_check(import->core,
                     status); /* no memory: a failure of ours, not the row's */
    if (status != STATUS_OK)
        pack_problem(import, number, field, err.text);
    else if (!read_line(&args, &line))
        pack_problem(import, number, "line", "each row has an id of 32 bytes (line)");
    draft_deinit(&draft);
}

/* --- writing them --- */

static enum status is_known(struct import *import, const struct id *line, bool *known)
{
    struct id scope;
    enum status status = store_listing_of_line(import->core->store, line, &scope);
    *known = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(import->core, status);
}

/* It passed look_at_row, which refuses what the fold would refuse of one row and not of
 * another: here all fail (whoever asks may not write), or none. Folded at once, so that a
 * row that says the same is known. */
static enum status write_row(struct import *import, struct bytes row,
                             const struct id *line, struct err *err)
{
    struct args args = args_of(row);
    struct draft draft;
    const char *field;
    char number[CASE_NUMBER_SIZE];
    struct id scope;
    enum status status = new_case_read(&args, &draft, &field, err);
    draft_bin(&draft, "line", line->bytes, ID_SIZE);
    if (status == STATUS_OK) /* never: not, look_at_row has read it */
        status =
            new_case_write(import->core, import->caller, &draft, number, &scope, err);
    draft_deinit(&draft);
    if (status == STATUS_OK)
        status = core_check(import->core, refold_scope(import->core, &scope));
    import->taken += status == STATUS_OK;
    return status;
}

static enum status take_row(struct import *import, struct bytes row, struct err *err)
{
    struct args args = args_of(row);
    struct id line = {0};
    bool known = false;
    (void)read_line(&args, &line); /* look_at_row saw it */
    enum status status = is_known(import, &line, &known);
    if (status != STATUS_OK)
        return status;
    if (known)
        import->known++;
    else if (import->is_check)
        import->taken++;
    else
        status = write_row(import, row, &line, err);
    return status;
}

/* Row by row: first all are looked at, then all are taken. */
static enum status walk_rows(struct import *import, struct bytes rows, bool is_take,
                             struct err *err)
{
    struct pack_reader reader = pack_reader_of(rows);
    uint32_t count;
    enum status status = pack_read_array(&reader, &count, NULL);
    if (status != STATUS_OK || count > IMPORT_ROWS_MAX)
        return err_set(err, STATUS_INVALID, "rows is a list of at most %d",
                       IMPORT_ROWS_MAX);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct bytes row;
        status = pack_value(&reader, 2, &row, NULL);
        if (status != STATUS_OK) /* never: the gate saw it whole */
            return status;
        if (is_take)
            status = take_row(import, row, err);
        else
            look_at_row(import, i, row);
    }
    return status;
}

enum status api_case_import(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct import import = {
        .core = core, .caller = caller, .is_check = args_flag(args, "check")};
    struct bytes rows;
    if (!args_raw(args, "rows", &rows))
        return err_set(err, STATUS_INVALID, "rows is missing");
    enum status status = walk_rows(&import, rows, false, err);
    if (status == STATUS_OK && import.problems_len == 0)
        status = walk_rows(&import, rows, true, err);
    if (status == STATUS_OK) {
        pack_map(result, 3);
        pack_str(result, "known");
        pack_uint(result, import.known);
        pack_str(result, "problems");
        pack_array(result, import.problems_len);
        buf_append(result, &import.problems);
        pack_str(result, "taken");
        pack_uint(result, import.taken);
    }
    buf_deinit(&import.problems);
    return status;
}
