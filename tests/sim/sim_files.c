#include "tests/sim/sim_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_chunks.h"

static void copy_text(struct bytes map, const char *name, char *out, size_t size)
{
    struct bytes text;
    assert_true(view_map_text(map, name, &text));
    (void)snprintf(out, size, "%.*s", (int)text.len, (const char *)text.data);
}

/* A case that may go up as soon as its party consents to more than its fields. */
void files_case(struct sim_county *f, char number[static 32])
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过。", "parties", "[张某=甲方]");
    copy_text(buf_bytes(&out), "number", number, 32);
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", "escalate",
            "beyond", "true", "reason", "两次调解未成");
    buf_deinit(&out);
}

struct id files_attach(struct sim_county *f, const char *number, const char *name,
                       struct bytes file)
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
    assert_int_equal(
        world_call(f->world, f->fengyuan, "attach.add", buf_bytes(&arguments), &out),
        STATUS_OK);
    assert_true(view_map_id(buf_bytes(&out), "op", &op));
    buf_deinit(&arguments);
    buf_deinit(&out);
    return op;
}

void files_consent(struct sim_county *f, const char *number, const char *files)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "张某",
            "fields", "[title,context]", "files", files, "manner", "oral", "witness",
            "王某");
}

enum status files_release_status(struct sim_county *f, const char *number,
                                 const char *files, struct buf *out)
{
    return world_say(f->world, f->fengyuan, out, "escalate.release", "case", number,
                     "fields", "[title,context]", "files", files, "reason", "请镇里看",
                     "onward", "yes", NULL);
}

void files_release(struct sim_county *f, const char *number, const char *files,
                   char hex[static 65])
{
    struct buf out = {0};
    struct id record;
    assert_int_equal(files_release_status(f, number, files, &out), STATUS_OK);
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    hex_encode(hex, record.bytes, ID_SIZE);
    buf_deinit(&out);
}

/* A text of so many bytes that says its tag again and again. */
struct buf files_text(const char *tag, size_t len)
{
    struct buf text = {0};
    while (text.len < len)
        buf_add(&text, tag, strlen(tag));
    text.len = len;
    return text;
}

/* The one file of a record that a node lists, and how much of it is there. */
bool files_listed(struct sim_county *f, struct world_node *node, const char *record,
                  char id[static 2 * ID_SIZE + 1], uint64_t *here, uint64_t *lacking)
{
    struct buf out = {0};
    struct bytes files, one;
    struct id op;
    uint32_t len;
    SIM_SAY(f, node, &out, "attach.list", "case", record);
    assert_true(view_map_get(buf_bytes(&out), "files", &files));
    struct pack_reader reader = pack_reader_of(files);
    assert_int_equal(pack_read_array(&reader, &len, NULL), STATUS_OK);
    if (len > 0) {
        assert_int_equal(len, 1);
        assert_int_equal(pack_value(&reader, 1, &one, NULL), STATUS_OK);
        assert_true(view_map_id(one, "op", &op) && view_map_uint(one, "here", here) &&
                    view_map_uint(one, "lacking", lacking));
        hex_encode(id, op.bytes, ID_SIZE);
    }
    buf_deinit(&out);
    return len > 0;
}

/* What a node gives of the one file of a record. */
enum status files_get(struct sim_county *f, struct world_node *node, const char *record,
                      struct bytes wanted)
{
    char id[2 * ID_SIZE + 1];
    uint64_t here, lacking;
    struct buf out = {0};
    struct bytes raw, bytes;
    if (!files_listed(f, node, record, id, &here, &lacking))
        return STATUS_NOT_FOUND;
    enum status status =
        world_say(f->world, node, &out, "attach.get", "case", record, "file", id, NULL);
    if (status == STATUS_OK) {
        assert_true(view_map_get(buf_bytes(&out), "bytes", &raw));
        struct pack_reader reader = pack_reader_of(raw);
        assert_int_equal(pack_read_bin(&reader, &bytes, NULL), STATUS_OK);
        assert_true(bytes_equal(bytes, wanted));
    }
    buf_deinit(&out);
    return status;
}

uint64_t files_bytes_kept(struct world_node *node)
{
    uint64_t size;
    assert_int_equal(store_chunks_size(world_store(node), &size), STATUS_OK);
    return size;
}
