#include "node/page/courier.h"

#include <inttypes.h>
#include <stdio.h>

#include "node/page/peek.h"

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static uint64_t count_written(struct bytes made)
{
    struct pack_reader reader;
    uint64_t count = 0;
    for (uint32_t left = peek_list(made, &reader); left > 0; left--)
        count += peek_flag(peek_in(peek_next(&reader), "written"));
    return count;
}

static uint64_t last_wall(struct bytes read)
{
    struct pack_reader reader;
    uint64_t last = 0;
    for (uint32_t left = peek_list(read, &reader); left > 0; left--) {
        uint64_t wall = peek_uint_in(peek_next(&reader), "wall");
        last = wall > last ? wall : last;
    }
    return last;
}

static void write_row(struct bytes row, struct buf *out)
{
    static const char *const before[] = {"acked_wall", "as", "files", "name", "ops"};
    static const char *const after[] = {"records", "since", "site"};
    pack_map(out, 10);
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        peek_copy(out, before[i], peek_in(row, before[i]));
    pack_number(out, "read_wall", last_wall(peek_in(row, "read")));
    for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
        peek_copy(out, after[i], peek_in(row, after[i]));
    pack_number(out, "sticks", count_written(peek_in(row, "made")));
}

/* Does the path name it? */
static bool is_named(const struct visit *visit, struct bytes site)
{
    char hex[65];
    if (site.len != 32)
        return false;
    hex_encode(hex, site.data, site.len);
    return bytes_equal_str(visit->stars[0], hex);
}

static void add_neighbours(const struct visit *visit, struct bytes bundles,
                           struct pairs *values)
{
    struct pack_reader reader;
    struct buf list = {0};
    uint32_t count = peek_list(peek_in(bundles, "sites"), &reader);
    pack_array(&list, count);
    for (; count > 0; count--) {
        struct bytes row = peek_next(&reader);
        size_t at = list.len;
        write_row(row, &list);
        if (is_named(visit, peek_bin(peek_in(row, "site"))) && !list.failed)
            pairs_raw(values, "neighbour", bytes_of(list.data + at, list.len - at));
    }
    pairs_raw(values, "neighbours", buf_bytes(&list));
    values->memory.failed |= list.failed;
    buf_deinit(&list);
}

/* Parts are counted from 0 on, files from 001 on. */
static void add_writing(const struct visit *visit, struct bytes writing,
                        struct pairs *values)
{
    char file[48];
    uint64_t parts = peek_uint_in(writing, "parts");
    if (!is_named(visit, peek_bin(peek_in(writing, "site"))))
        return;
    (void)snprintf(file, sizeof(file), "fengqiao-%03" PRIu64 ".age", parts + 1);
    pairs_uint(values, "given", parts);
    pairs_flag(values, "last", peek_flag(peek_in(writing, "last")));
    pairs_uint(values, "left", peek_uint_in(writing, "left"));
    pairs_uint(values, "next", parts);
    pairs_text(values, "file", bytes_str(file));
}

static void add_handed(struct bytes files, struct pairs *values)
{
    struct pack_reader reader;
    struct buf list = {0};
    uint32_t count = peek_list(files, &reader);
    pack_array(&list, count);
    for (; count > 0; count--) {
        struct bytes file = peek_next(&reader), read = peek_in(file, "read");
        pack_map(&list, 4);
        peek_copy(&list, "name", peek_in(file, "name"));
        pack_number(&list, "part", peek_uint_in(read, "part") + 1);
        peek_copy(&list, "read", read);
        peek_copy(&list, "why", peek_in(file, "why"));
    }
    pairs_raw(values, "handed", buf_bytes(&list));
    values->memory.failed |= list.failed;
    buf_deinit(&list);
}

enum status courier_prepare(const struct visit *visit, struct pairs *values)
{
    struct bytes bundles = visit_answer(visit, "bundles");
    add_neighbours(visit, bundles, values);
    add_writing(visit, peek_in(bundles, "writing"), values);
    add_handed(peek_in(buf_bytes(&visit->looked), "files"), values);
    return buf_status(&values->memory);
}
