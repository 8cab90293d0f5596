/* Files of a case at a whole node: kept sealed, read back, refused, taken away, damaged;
 * and none of it leaves the village. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/cases/attached.h"
#include "node/cases/view.h"
#include "proto/limits.h"
#include "storage/store_chunks.h"
#include "tests/sim/card.h"
#include "tests/sim/sim_county.h"

static void new_case(struct sim_county *f, char number[static 32])
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过。");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    buf_deinit(&out);
}

static enum status add(struct sim_county *f, const char *number, const char *name,
                       struct bytes file, char id[static 13])
{
    struct buf arguments = {0}, out = {0};
    struct id op;
    pack_map(&arguments, 3);
    pack_str(&arguments, "bytes");
    pack_bin(&arguments, file.data, file.len);
    pack_str(&arguments, "case");
    pack_str(&arguments, number);
    pack_str(&arguments, "name");
    pack_str(&arguments, name);
    enum status status =
        world_call(f->world, f->fengyuan, "attach.add", buf_bytes(&arguments), &out);
    if (status == STATUS_OK) {
        assert_true(view_map_id(buf_bytes(&out), "op", &op));
        hex_encode(id, op.bytes, 6);
    }
    buf_deinit(&arguments);
    buf_deinit(&out);
    return status;
}

/* Reads it back; false where it is refused, with the status in *status. */
static bool is_back(struct sim_county *f, const char *number, const char *id,
                    struct bytes file, enum status *status)
{
    struct buf out = {0};
    struct bytes raw, bytes = {0};
    *status = world_say(f->world, f->fengyuan, &out, "attach.get", "case", number, "file",
                        id, NULL);
    bool is_same = false;
    if (*status == STATUS_OK) {
        assert_true(view_map_get(buf_bytes(&out), "bytes", &raw));
        struct pack_reader reader = pack_reader_of(raw);
        assert_int_equal(pack_read_bin(&reader, &bytes, NULL), STATUS_OK);
        is_same = bytes_equal(bytes, file);
    }
    buf_deinit(&out);
    return is_same;
}

static uint32_t listed(struct sim_county *f, const char *number)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "attach.list", "case", number);
    uint32_t count = view_map_count(buf_bytes(&out), "files");
    buf_deinit(&out);
    return count;
}

static uint64_t ops_of(struct sim_county *f)
{
    uint64_t count;
    assert_int_equal(store_ops_count(world_store(f->fengyuan), TREE_PRIVATE, &count),
                     STATUS_OK);
    return count;
}

/* A text of so many bytes that says its tag again and again. */
static struct buf text_of(const char *tag, size_t len)
{
    struct buf text = {0};
    while (text.len < len)
        buf_add(&text, tag, strlen(tag));
    text.len = len;
    return text;
}

/* In the database or WAL of a node (0 county, 1 township, 2 fengyuan, 3 xikou). */
static bool disk_holds(const struct sim_county *f, int node, struct bytes sought)
{
    static const char *const suffixes[] = {"", "-wal"};
    bool holds = false;
    for (int i = 0; i < 2; i++) {
        char name[128];
        struct buf all = {0};
        char part[4096];
        size_t len;
        (void)snprintf(name, sizeof(name), "%s/node-%d.db%s", f->directory, node,
                       suffixes[i]);
        FILE *file = fopen(name, "rb");
        if (file == NULL)
            continue;
        while ((len = fread(part, 1, sizeof(part), file)) > 0)
            buf_add(&all, part, len);
        (void)fclose(file);
        holds |=
            all.len > 0 && memmem(all.data, all.len, sought.data, sought.len) != NULL;
        buf_deinit(&all);
    }
    return holds;
}

/* Of the first piece that the village keeps. */
static struct buf sealed_piece(const struct sim_county *f)
{
    char name[128];
    sqlite3 *db;
    sqlite3_stmt *stmt;
    struct buf piece = {0};
    (void)snprintf(name, sizeof(name), "file:%s/node-2.db?immutable=1", f->directory);
    assert_int_equal(
        sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT bytes FROM chunks ORDER BY number",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        buf_add(&piece, sqlite3_column_blob(stmt, 0),
                (size_t)sqlite3_column_bytes(stmt, 0));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return piece;
}

static void a_file_lies_sealed_and_is_read_back(void **state)
{
    struct sim_county *f = *state;
    char number[32], first[13], second[13];
    enum status status;
    struct buf text = text_of("CANARY-FILE ", 3 * ATTACHMENT_CHUNK_SIZE + 5);
    struct buf other = text_of("CANARY-OTHER ", ATTACHMENT_CHUNK_SIZE);
    new_case(f, number);

    assert_int_equal(add(f, number, "记录.txt", buf_bytes(&text), first), STATUS_OK);
    assert_int_equal(add(f, number, "记录.txt", buf_bytes(&other), second), STATUS_OK);
    assert_int_equal(listed(f, number), 2);
    assert_true(is_back(f, number, first, buf_bytes(&text), &status));
    assert_true(is_back(f, number, second, buf_bytes(&other), &status));
    world_restart(f->world, f->fengyuan);
    assert_true(is_back(f, number, first, buf_bytes(&text), &status));

    sim_escalate(f, f->fengyuan, "另一件");
    for (int node = 0; node < 4; node++)
        assert_false(disk_holds(f, node, bytes_str("CANARY-")));
    assert_true(disk_holds(f, 2, bytes_str("记录.txt"))); /* the test itself can see */
    struct bytes sent = world_sent(f->fengyuan);
    assert_null(memmem(sent.data, sent.len, "CANARY-", 7));
    buf_deinit(&text);
    buf_deinit(&other);
}

static void a_paper_that_was_scanned_is_kept_as_it_is(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    enum status status;
    struct bytes file = bytes_of("%PDF-1.4\n\xff\xfe", 11);
    new_case(f, number);
    assert_int_equal(add(f, number, "协议.pdf", file, id), STATUS_OK);
    assert_true(is_back(f, number, id, file, &status));
}

static void the_same_file_twice_is_sealed_twice(void **state)
{
    struct sim_county *f = *state;
    char number[32], first[13], second[13];
    uint64_t once, twice;
    struct bytes file = bytes_str("一样的文字");
    new_case(f, number);
    assert_int_equal(add(f, number, "a.txt", file, first), STATUS_OK);
    assert_int_equal(store_chunks_size(world_store(f->fengyuan), &once), STATUS_OK);
    assert_int_equal(add(f, number, "b.txt", file, second), STATUS_OK);
    assert_int_equal(store_chunks_size(world_store(f->fengyuan), &twice), STATUS_OK);
    assert_int_equal(twice, 2 * once); /* nobody sees that they are alike */
}

static void what_was_taken_away_is_gone_for_good(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    enum status status;
    struct buf text = text_of("something that goes ", 2 * ATTACHMENT_CHUNK_SIZE);
    new_case(f, number);
    assert_int_equal(add(f, number, "a.txt", buf_bytes(&text), id), STATUS_OK);
    world_restart(f->world, f->fengyuan); /* the WAL goes into the file */
    struct buf piece = sealed_piece(f);
    assert_true(piece.len > 1000);
    struct bytes sought = bytes_of(piece.data + 100, 64);
    assert_true(disk_holds(f, 2, sought));

    SIM_SAY(f, f->fengyuan, NULL, "attach.remove", "case", number, "file", id, "reason",
            "拍到了旁人");
    assert_false(disk_holds(f, 2, sought));
    assert_int_equal(listed(f, number), 0);
    assert_false(is_back(f, number, id, buf_bytes(&text), &status));
    assert_int_equal(status, STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "attach.remove", "case",
                               number, "file", id, "reason", "再一次", NULL),
                     STATUS_NOT_FOUND);
    buf_deinit(&piece);
    buf_deinit(&text);
}

/* --- with all that opened it --- */

#define NAME_THAT_TELLS "CANARY-whom-it-shows.txt"

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK;
}

static struct buf bytes_of_op(struct sim_county *f, const struct id *id)
{
    struct buf bytes = {0};
    assert_int_equal(store_op_get(world_store(f->fengyuan), id, copy_op, &bytes),
                     STATUS_OK);
    return bytes;
}

/* What must be nowhere once a file is gone. */
struct traces {
    struct buf op; /* that attached it, whole */
    struct attached file;
    struct buf sealed; /* its first piece */
};

static struct traces traces_of(struct sim_county *f, const struct id *id)
{
    struct traces traces = {.op = bytes_of_op(f, id)};
    struct op op;
    assert_int_equal(op_decode_bytes(&op, buf_bytes(&traces.op), NULL), STATUS_OK);
    assert_true(attached_read(&op, &traces.file));
    assert_int_equal(store_chunk_of(world_store(f->fengyuan), id, 0, &traces.sealed),
                     STATUS_OK);
    return traces;
}

static int traces_left(struct sim_county *f, const struct traces *traces)
{
    const struct bytes sought[] = {
        bytes_of(traces->file.key, sizeof(traces->file.key)),
        bytes_of(traces->file.pieces[0].bytes, ID_SIZE),
        bytes_of(traces->file.pieces[1].bytes, ID_SIZE),
        bytes_of(traces->sealed.data + 100, 64),
        bytes_str(NAME_THAT_TELLS),
    };
    int left = 0;
    for (size_t i = 0; i < sizeof(sought) / sizeof(sought[0]); i++)
        left += disk_holds(f, CARD_FENGYUAN, sought[i]);
    return left;
}

static void deinit_traces(struct traces *traces)
{
    buf_deinit(&traces->op);
    buf_deinit(&traces->sealed);
}

/* The one file of a case: its op. */
static struct id attached_in(struct sim_county *f, const char *number)
{
    struct buf out = {0};
    struct bytes files, one;
    struct id op;
    uint32_t len;
    SIM_SAY(f, f->fengyuan, &out, "attach.list", "case", number);
    assert_true(view_map_get(buf_bytes(&out), "files", &files));
    struct pack_reader reader = pack_reader_of(files);
    assert_int_equal(pack_read_array(&reader, &len, NULL), STATUS_OK);
    assert_int_equal(len, 1);
    assert_int_equal(pack_value(&reader, 1, &one, NULL), STATUS_OK);
    assert_true(view_map_id(one, "op", &op));
    buf_deinit(&out);
    return op;
}

static struct id remove_file(struct sim_county *f, const char *number, const char *id)
{
    struct buf out = {0};
    struct id detach;
    SIM_SAY(f, f->fengyuan, &out, "attach.remove", "case", number, "file", id, "reason",
            "拍到了旁人");
    assert_true(view_map_id(buf_bytes(&out), "op", &detach));
    buf_deinit(&out);
    return detach;
}

static void say_nothing(void *context, const char *finding)
{
    (void)context;
    fail_msg("%s", finding);
}

/* It verifies still, and a rebuild comes to the same. */
static void assert_sound(struct sim_county *f, const struct id *attach, struct buf *dump)
{
    struct buf bytes = bytes_of_op(f, attach), again = {0};
    struct op op;
    assert_int_equal(op_decode_bytes(&op, buf_bytes(&bytes), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    assert_true(id_equal(&op.id, attach));
    assert_true(op_verify(&op, world_network(f->fengyuan)));
    assert_int_equal(store_check(world_store(f->fengyuan), say_nothing, NULL), STATUS_OK);
    assert_int_equal(store_dump(world_store(f->fengyuan), dump), STATUS_OK);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    assert_int_equal(store_dump(world_store(f->fengyuan), &again), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(dump), buf_bytes(&again)));
    buf_deinit(&bytes);
    buf_deinit(&again);
}

static void set_back(struct sim_county *f, const char *image)
{
    world_power_off(f->world, f->fengyuan);
    card_restore(f, CARD_FENGYUAN, image);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    world_run(f->world, 3000);
}

static void what_opened_a_file_goes_with_it_on_every_machine_that_folds(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    struct buf text = text_of("something that goes ", 2 * ATTACHMENT_CHUNK_SIZE);
    struct buf here = {0}, there = {0};
    new_case(f, number);
    assert_int_equal(add(f, number, NAME_THAT_TELLS, buf_bytes(&text), id), STATUS_OK);
    const struct id attach = attached_in(f, number);
    struct traces traces = traces_of(f, &attach);
    world_power_off(f->world, f->fengyuan);
    card_keep(f, CARD_FENGYUAN, "whole");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    world_run(f->world, 3000);
    assert_int_equal(traces_left(f, &traces), 5);

    const struct id detach = remove_file(f, number, id);
    assert_int_equal(traces_left(f, &traces), 0);
    struct buf said = bytes_of_op(f, &detach);
    assert_sound(f, &attach, &here);

    /* A machine that has the file still, and hears of it. */
    set_back(f, "whole");
    assert_int_equal(listed(f, number), 1);
    assert_int_equal(traces_left(f, &traces), 5);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&said)), STATUS_OK);
    assert_int_equal(traces_left(f, &traces), 0);
    assert_int_equal(listed(f, number), 0);
    assert_sound(f, &attach, &there);
    assert_true(bytes_equal(buf_bytes(&here), buf_bytes(&there)));
    /* Nor does it come back with the op that brought it. */
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&traces.op)),
                     STATUS_EXISTS);
    assert_int_equal(traces_left(f, &traces), 0);
    deinit_traces(&traces);
    buf_deinit(&text);
    buf_deinit(&said);
    buf_deinit(&here);
    buf_deinit(&there);
}

/* As an older version left it: its pieces gone, and what opened them not. */
static void a_rebuild_erases_what_an_older_version_left_of_a_file(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    struct buf text = text_of("something that went ", 2 * ATTACHMENT_CHUNK_SIZE);
    new_case(f, number);
    assert_int_equal(add(f, number, NAME_THAT_TELLS, buf_bytes(&text), id), STATUS_OK);
    const struct id attach = attached_in(f, number);
    struct traces traces = traces_of(f, &attach);
    (void)remove_file(f, number, id);
    struct store *store = world_store(f->fengyuan);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_op_replace(store, &attach, buf_bytes(&traces.op)), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    assert_int_equal(traces_left(f, &traces), 4);

    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);

    assert_int_equal(traces_left(f, &traces), 0);
    deinit_traces(&traces);
    buf_deinit(&text);
}

/* A removal that the fold refuses takes nothing. */
static void a_removal_without_effect_leaves_the_file(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    enum status status;
    struct buf text = text_of("something that stays ", 2 * ATTACHMENT_CHUNK_SIZE);
    struct buf bytes = {0}, out = {0};
    struct id scope;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过。");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    (void)snprintf(number, sizeof(number), "2026-0001");
    assert_int_equal(add(f, number, NAME_THAT_TELLS, buf_bytes(&text), id), STATUS_OK);
    const struct id attach = attached_in(f, number);
    struct traces traces = traces_of(f, &attach);
    struct draft draft;
    draft_init(&draft, "detach", &scope);
    draft_bin(&draft, "attachment", attach.bytes, ID_SIZE);
    draft_text(&draft, "reason", bytes_str("没看到文件的机器"));
    struct forgery blind = {
        .seed = world_steward_seed(f->fengyuan),
        .draft = &draft,
        .scope = &scope,
        .of = f->fengyuan,
        .parents = &scope,
        .parents_len = 1,
        .wall = 1790000000,
    };
    const struct id detach = sim_forge(&blind, &bytes);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&bytes)), STATUS_OK);

    assert_string_equal(sim_refused(f->fengyuan, &scope, &detach), "no-such-file");
    assert_int_equal(traces_left(f, &traces), 5);
    assert_true(is_back(f, number, id, buf_bytes(&text), &status));
    draft_deinit(&draft);
    deinit_traces(&traces);
    buf_deinit(&text);
    buf_deinit(&bytes);
    buf_deinit(&out);
}

static void what_may_not_be_attached_changes_nothing(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    new_case(f, number);
    uint64_t before = ops_of(f), size;
    struct buf large = text_of("x", ATTACHMENT_SIZE_MAX + 1);
    static const struct {
        const char *bytes;
        size_t len;
        enum status status;
    } rows[] = {
        {"", 0, STATUS_INVALID},
        {"\x7f"
         "ELF\x02\x01\xff",
         7, STATUS_UNSUPPORTED},
        {"\xff\xd8\xff\xe0\x00", 5, STATUS_INVALID}, /* a JPEG cut short */
        {"\x89PNG\r\n\x1a\n\xff", 9, STATUS_INVALID},
        {"\xd6\xd0\xb9\xfa", 4, STATUS_UNSUPPORTED}, /* GB18030 */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(add(f, number, "a", bytes_of(rows[i].bytes, rows[i].len), id),
                         rows[i].status);
    assert_int_equal(add(f, number, "a", buf_bytes(&large), id), STATUS_TOO_LARGE);
    assert_int_equal(add(f, "2026-9999", "a", bytes_str("a"), id), STATUS_NOT_FOUND);
    assert_int_equal(add(f, number, "", bytes_str("a"), id), STATUS_INVALID);
    char name[300];
    memset(name, 'n', sizeof(name));
    name[299] = '\0';
    assert_int_equal(add(f, number, name, bytes_str("a"), id), STATUS_TOO_LARGE);
    assert_int_equal(ops_of(f), before);
    assert_int_equal(store_chunks_size(world_store(f->fengyuan), &size), STATUS_OK);
    assert_int_equal(size, 0);
    buf_deinit(&large);
}

static void who_names_no_file_is_told_so(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    enum status status;
    new_case(f, number);
    assert_int_equal(add(f, number, "a.txt", bytes_str("a"), id), STATUS_OK);
    assert_false(is_back(f, number, "000000000000", bytes_str("a"), &status));
    assert_int_equal(status, STATUS_NOT_FOUND);
    assert_false(is_back(f, number, "00", bytes_str("a"), &status));
    assert_int_equal(status, STATUS_INVALID);
    id[6] = '\0';
    assert_true(is_back(f, number, id, bytes_str("a"), &status));
}

static void a_case_holds_so_many_files(void **state)
{
    struct sim_county *f = *state;
    char number[32], id[13];
    new_case(f, number);
    for (int i = 0; i < ATTACHMENTS_PER_CASE_MAX; i++)
        assert_int_equal(add(f, number, "a.txt", bytes_str("a"), id), STATUS_OK);
    assert_int_equal(add(f, number, "a.txt", bytes_str("a"), id), STATUS_TOO_LARGE);
    SIM_SAY(f, f->fengyuan, NULL, "attach.remove", "case", number, "file", id, "reason",
            "太多");
    assert_int_equal(add(f, number, "a.txt", bytes_str("a"), id), STATUS_OK);
}

static void a_damaged_file_is_named_as_such(void **state)
{
    static const char *const damages[] = {
        "UPDATE chunks SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB)",
        "UPDATE chunks SET bytes = x'0102'",
    };
    struct sim_county *f = *state;
    char number[32], id[13], name[128];
    enum status status;
    sqlite3 *db;
    new_case(f, number);
    assert_int_equal(add(f, number, "a.txt", bytes_str("a"), id), STATUS_OK);
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        world_power_off(f->world, f->fengyuan);
        (void)snprintf(name, sizeof(name), "%s/node-2.db", f->directory);
        assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, damages[i], NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
        assert_false(is_back(f, number, id, bytes_str("a"), &status));
        assert_int_equal(status, STATUS_UNVERIFIED);
    }
}

/* Its short JFIF segment is written out whole, nine bytes more. */
static void a_picture_that_grows_beyond_the_limit_is_refused(void **state)
{
    static const uint8_t head[] = {0xff, 0xd8, 0xff, 0xe0, 0,    7,    'J',  'F',  'I',
                                   'F',  0,    0xff, 0xc0, 0,    0x0b, 8,    0,    8,
                                   0,    8,    1,    1,    0x11, 0,    0xff, 0xda, 0,
                                   8,    1,    1,    0,    0,    0x3f, 0};
    struct sim_county *f = *state;
    char number[32], id[13];
    struct buf file = {0};
    new_case(f, number);
    for (size_t size = ATTACHMENT_SIZE_MAX; size >= ATTACHMENT_SIZE_MAX - 9; size -= 9) {
        buf_clear(&file);
        buf_add(&file, head, sizeof(head));
        uint8_t *scan = buf_reserve(&file, size - sizeof(head));
        assert_non_null(scan);
        memset(scan, 0x55, size - sizeof(head));
        file.len = size - 2;
        buf_add(&file, "\xff\xd9", 2);
        assert_int_equal(file.len, size);
        assert_int_equal(add(f, number, "a.jpg", buf_bytes(&file), id),
                         size == ATTACHMENT_SIZE_MAX ? STATUS_TOO_LARGE : STATUS_OK);
    }
    assert_int_equal(listed(f, number), 1);
    buf_deinit(&file);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_lies_sealed_and_is_read_back),
        TEST(a_paper_that_was_scanned_is_kept_as_it_is),
        TEST(the_same_file_twice_is_sealed_twice),
        TEST(what_was_taken_away_is_gone_for_good),
        TEST(what_opened_a_file_goes_with_it_on_every_machine_that_folds),
        TEST(a_rebuild_erases_what_an_older_version_left_of_a_file),
        TEST(a_removal_without_effect_leaves_the_file),
        TEST(what_may_not_be_attached_changes_nothing),
        TEST(who_names_no_file_is_told_so),
        TEST(a_case_holds_so_many_files),
        TEST(a_picture_that_grows_beyond_the_limit_is_refused),
        TEST(a_damaged_file_is_named_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
