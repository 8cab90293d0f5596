#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/sim_evidence.h"

#include "node/cases/view.h"
#include "node/core/witness.h"
#include "proto/checkpoint.h"

/* --- taking --- */

/* `after` comes before the names of all other arguments. */
static void put_after(struct buf *map, struct bytes after, struct buf *out)
{
    struct pack_reader reader = pack_reader_of(buf_bytes(map));
    uint32_t count = 0;
    assert_int_equal(pack_read_map(&reader, &count, NULL), STATUS_OK);
    pack_map(out, count + 1);
    pack_str(out, "after");
    pack_bin(out, after.data, after.len);
    buf_add(out, reader.at, (size_t)(reader.end - reader.at));
}

static enum status ask(struct sim_county *f, struct world_node *node, struct bytes after,
                       struct buf *bytes, struct buf *next, struct buf *map)
{
    struct buf out = {0}, with_after = {0};
    struct bytes raw, part;
    if (after.len > 0)
        put_after(map, after, &with_after);
    enum status status = world_call(f->world, node, "evidence",
                                    buf_bytes(after.len > 0 ? &with_after : map), &out);
    struct buf cursor = {0};
    if (status == STATUS_OK) {
        assert_true(view_map_get(buf_bytes(&out), "bytes", &raw));
        struct pack_reader reader = pack_reader_of(raw);
        assert_int_equal(pack_read_bin(&reader, &part, NULL), STATUS_OK);
        buf_add(bytes, part.data, part.len);
        assert_true(view_map_get(buf_bytes(&out), "next", &raw));
        reader = pack_reader_of(raw);
        if (pack_read_bin(&reader, &part, NULL) == STATUS_OK)
            buf_add(&cursor, part.data, part.len);
    }
    buf_clear(next);
    buf_append(next, &cursor);
    buf_deinit(&cursor);
    buf_deinit(&out);
    buf_deinit(&with_after);
    return status;
}

void sim_evidence_take(struct sim_county *f, struct world_node *node,
                       struct sim_evidence *file, sim_evidence_fn *between, void *context,
                       ...)
{
    struct buf map = {0}, next = {0};
    va_list args;
    va_start(args, context);
    world_pack_texts(&map, args);
    va_end(args);
    *file = (struct sim_evidence){.parts = 0};
    do {
        if (file->parts > 0 && between != NULL)
            between(context);
        assert_int_equal(ask(f, node, buf_bytes(&next), &file->bytes, &next, &map),
                         STATUS_OK);
        file->parts++;
        assert_true(file->parts < 5000);
    } while (next.len > 0);
    buf_deinit(&map);
    buf_deinit(&next);
    sim_evidence_read(file, node);
}

enum status sim_evidence_part(struct sim_county *f, struct world_node *node,
                              struct bytes after, struct buf *bytes, struct buf *next,
                              ...)
{
    struct buf map = {0};
    va_list args;
    va_start(args, next);
    world_pack_texts(&map, args);
    va_end(args);
    enum status status = ask(f, node, after, bytes, next, &map);
    buf_deinit(&map);
    return status;
}

void sim_evidence_free(struct sim_evidence *file)
{
    buf_deinit(&file->bytes);
}

/* --- reading --- */

struct opened {
    int tree;
    uint64_t seal, size;
    struct merkle_hash root;
};

#define SEALS_READ 256
#define OPENED_READ 256

/* Where a reader stands in it. */
struct at {
    struct sim_evidence *file;
    struct world_node *node;
    struct pack_reader reader;
    struct bytes name; /* of the entry: what it begins with; empty: a record */
    uint32_t elements;
    /* of the log that is read: */
    struct merkle_hash leaves[SEALS_READ];
    uint64_t seals_said, seals_read, last_size;
    struct {
        uint64_t size;
        struct merkle_hash root;
    } checkpoints[64];
    uint32_t checkpoints_len;
    struct seal seal;
    struct opened opened[OPENED_READ];
    uint32_t opened_len;
    /* of the section: */
    uint64_t left;
    struct id scope, last; /* the record before */
    bool has_others;       /* than charters were begun */
    bool may_include;
};

static uint64_t read_uint(struct at *at)
{
    uint64_t number;
    assert_int_equal(pack_read_uint(&at->reader, &number, NULL), STATUS_OK);
    return number;
}

static struct bytes read_bin(struct at *at)
{
    struct bytes bytes;
    assert_int_equal(pack_read_bin(&at->reader, &bytes, NULL), STATUS_OK);
    return bytes;
}

static void read_fixed(struct at *at, void *out, size_t len)
{
    assert_int_equal(pack_read_fixed(&at->reader, out, len, NULL), STATUS_OK);
}

static size_t read_proof(struct at *at, struct merkle_hash proof[static MERKLE_PROOF_MAX])
{
    uint32_t len;
    assert_int_equal(pack_read_array(&at->reader, &len, NULL), STATUS_OK);
    assert_true(len <= MERKLE_PROOF_MAX);
    for (uint32_t i = 0; i < len; i++)
        read_fixed(at, proof[i].bytes, MERKLE_HASH_SIZE);
    return len;
}

/* What comes next; false: nothing. */
static bool next(struct at *at)
{
    struct pack_item item;
    if (pack_at_end(&at->reader))
        return false;
    assert_int_equal(pack_read_array(&at->reader, &at->elements, NULL), STATUS_OK);
    struct pack_reader ahead = at->reader;
    assert_int_equal(pack_next(&ahead, &item, NULL), STATUS_OK);
    at->name = bytes_of(NULL, 0);
    if (item.type != PACK_STR)
        return true;
    at->name = item.bytes;
    at->reader = ahead;
    return true;
}

static bool is(const struct at *at, const char *name, uint32_t elements)
{
    return bytes_equal_str(at->name, name) && at->elements == elements;
}

static void read_head(struct at *at)
{
    struct bytes text;
    uint32_t what;
    assert_true(next(at) && is(at, "fengqiao-evidence", 4));
    assert_int_equal(read_uint(at), 2);
    assert_int_equal(pack_read_str(&at->reader, &text, NULL), STATUS_OK);
    assert_int_equal(pack_read_array(&at->reader, &what, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&at->reader, &text, NULL), STATUS_OK);
    (void)snprintf(at->file->about, sizeof(at->file->about), "%.*s", (int)text.len,
                   (const char *)text.data);
    read_fixed(at, at->file->named.bytes, ID_SIZE);
    assert_int_equal(what, bytes_equal_str(text, "period") ? 4 : 2);
    if (what == 4)
        assert_true(read_uint(at) <= read_uint(at));
}

/* --- a log --- */

static void own_key(const struct at *at, uint8_t key[static KEY_SIZE])
{
    assert_true(seal_origin_key(at->file->origin, key));
}

static void end_log(struct at *at)
{
    assert_int_equal(at->seals_read, at->seals_said);
    for (uint32_t i = 0; i < at->checkpoints_len; i++) {
        struct merkle_stack stack = {.size = 0};
        struct merkle_hash root;
        for (uint64_t place = 0; place < at->checkpoints[i].size; place++)
            merkle_stack_add(&stack, &at->leaves[place]);
        merkle_stack_root(&stack, &root);
        assert_true(merkle_equal(&root, &at->checkpoints[i].root));
    }
    if (at->seals_said > 0) {
        assert_true(at->checkpoints_len > 0);
        assert_int_equal(at->checkpoints[at->checkpoints_len - 1].size, at->seals_said);
    }
}

static void begin_log(struct at *at)
{
    struct bytes origin;
    end_log(at);
    assert_int_equal(at->file->scopes_len, 0); /* logs come first */
    assert_int_equal(pack_read_str(&at->reader, &origin, NULL), STATUS_OK);
    assert_int_equal(origin.len, SEAL_ORIGIN_SIZE - 1);
    memcpy(at->file->origin, origin.data, origin.len);
    at->file->origin[origin.len] = '\0';
    at->seals_said = read_uint(at);
    assert_in_range(at->seals_said, 1, SEALS_READ);
    at->seals_read = 0;
    at->checkpoints_len = 0;
    at->last_size = 0;
    at->file->logs++;
    at->file->seals = at->seals_said;
}

/* Each cosignature under a machine's name holds by that key. */
static void count_cosignatures(struct at *at, const struct note *note)
{
    for (size_t i = 0; i < note->signatures_len; i++) {
        struct bytes name = note->signatures[i].name;
        uint8_t bytes[KEY_SIZE];
        char text[KEY_TEXT_SIZE];
        struct note_key key;
        if (name.len != 9 + KEY_TEXT_SIZE - 1)
            continue;
        memcpy(text, name.data + 9, KEY_TEXT_SIZE - 1);
        text[KEY_TEXT_SIZE - 1] = '\0';
        assert_true(key_from_text(bytes, "fqk1", text));
        note_key_init(&key, name, NOTE_COSIGNATURE, bytes);
        assert_int_equal(note_verify(note, &key, NULL), STATUS_OK);
        at->file->cosignatures++;
    }
}

static void check_note(struct at *at, struct bytes bytes, const char *suffix,
                       struct checkpoint *checkpoint)
{
    char name[SEAL_ORIGIN_SIZE + 10];
    uint8_t key_bytes[KEY_SIZE];
    struct note note;
    struct note_key key;
    (void)snprintf(name, sizeof(name), "%s%s", at->file->origin, suffix);
    assert_int_equal(checkpoint_read_note(checkpoint, &note, bytes, NULL), STATUS_OK);
    assert_true(bytes_equal_str(checkpoint->origin, name));
    own_key(at, key_bytes);
    note_key_init(&key, bytes_str(name), NOTE_ED25519, key_bytes);
    assert_int_equal(note_verify(&note, &key, NULL), STATUS_OK);
    count_cosignatures(at, &note);
}

static void read_checkpoint(struct at *at)
{
    struct checkpoint checkpoint;
    assert_int_equal(at->seals_read, 0);
    check_note(at, read_bin(at), "", &checkpoint);
    assert_true(checkpoint.size >= at->last_size && checkpoint.size <= at->seals_said);
    at->last_size = checkpoint.size;
    assert_true(at->checkpoints_len < 64);
    at->checkpoints[at->checkpoints_len].size = checkpoint.size;
    at->checkpoints[at->checkpoints_len++].root = checkpoint.root;
    at->file->checkpoints++;
}

static void read_seal(struct at *at)
{
    struct bytes leaf = read_bin(at);
    assert_true(at->seals_read < at->seals_said);
    assert_int_equal(seal_read(&at->seal, leaf, NULL), STATUS_OK);
    merkle_leaf(&at->leaves[at->seals_read++], leaf.data, leaf.len);
}

static const struct opened *opened_before(const struct at *at, int tree)
{
    for (uint32_t i = at->opened_len; i > 0; i--)
        if (at->opened[i - 1].tree == tree)
            return &at->opened[i - 1];
    return NULL;
}

static void read_opened(struct at *at)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    struct checkpoint checkpoint;
    int tree = (int)read_uint(at);
    assert_in_range(tree, 0, 1);
    check_note(at, read_bin(at), tree == 0 ? "/private" : "/shared", &checkpoint);
    struct seal_opening size = {.part = tree == 0 ? SEAL_PRIVATE_SIZE : SEAL_SHARED_SIZE,
                                .size = checkpoint.size};
    struct seal_opening root = {.part = tree == 0 ? SEAL_PRIVATE_ROOT : SEAL_SHARED_ROOT,
                                .root = checkpoint.root};
    read_fixed(at, size.salt, SEAL_SALT_SIZE);
    read_fixed(at, root.salt, SEAL_SALT_SIZE);
    assert_true(seal_is_opened(&at->seal, &size));
    assert_true(seal_is_opened(&at->seal, &root));
    size_t len = read_proof(at, proof);
    const struct opened *before = opened_before(at, tree);
    if (before == NULL)
        assert_int_equal(len, 0);
    else
        assert_true(merkle_consistency_holds(before->size, &before->root, checkpoint.size,
                                             &checkpoint.root, proof, len));
    if (at->opened_len > 0 && at->opened[at->opened_len - 1].seal == at->seals_read - 1)
        assert_true(at->opened[at->opened_len - 1].tree <
                    tree); /* the private one first */
    else
        at->file->opened_seals++;
    assert_true(at->opened_len < OPENED_READ);
    at->opened[at->opened_len++] =
        (struct opened){tree, at->seals_read - 1, checkpoint.size, checkpoint.root};
    at->file->opened[tree]++;
}

/* --- sections --- */

static struct sim_evidence_scope *section(struct at *at)
{
    return &at->file->scopes[at->file->scopes_len - 1];
}

static void begin_section(struct at *at)
{
    struct sim_evidence_scope *before = at->file->scopes_len == 0 ? NULL : section(at);
    assert_int_equal(at->left, 0);
    if (before == NULL)
        end_log(at);
    assert_true(at->file->scopes_len < SIM_EVIDENCE_SCOPES);
    struct sim_evidence_scope *scope = &at->file->scopes[at->file->scopes_len++];
    read_fixed(at, scope->id.bytes, ID_SIZE);
    at->left = scope->records = read_uint(at);
    assert_true(at->left > 0);
}

/* The first record says what the section is: charters first, both by their ids. */
static void place_section(struct at *at, const struct op *founding)
{
    struct sim_evidence_scope *scope = section(at);
    assert_true(founding->is_founding && id_equal(&founding->scope, &scope->id));
    scope->is_charter = op_is_kind(founding, "found");
    if (at->file->scopes_len == 1)
        return;
    const struct sim_evidence_scope *before = scope - 1;
    assert_true(before->is_charter || !scope->is_charter);
    if (before->is_charter == scope->is_charter)
        assert_true(id_compare(&before->id, &scope->id) < 0);
}

static void read_record(struct at *at)
{
    struct op op;
    assert_int_equal(at->elements, 2);
    assert_true(at->left > 0);
    read_fixed(at, at->last.bytes, ID_SIZE);
    assert_int_equal(op_decode_bytes(&op, read_bin(at), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    assert_true(id_equal(&op.id, &at->last));
    assert_true(op_verify(&op, world_network(at->node)));
    if (at->left == section(at)->records)
        place_section(at, &op);
    assert_true(id_equal(&op.scope, &section(at)->id));
    for (uint32_t i = 0; i < op.fields_len; i++)
        at->file->shown += op.fields[i].is_shown;
    at->left--;
    assert_true(at->file->records < SIM_EVIDENCE_RECORDS);
    at->file->each[at->file->records].id = op.id;
    at->file->each[at->file->records++].seal = UINT64_MAX;
    at->may_include = true;
}

static void read_included(struct at *at)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX], leaf;
    uint64_t number = read_uint(at), index = read_uint(at);
    size_t len = read_proof(at, proof);
    assert_true(at->may_include);
    assert_true(number < at->opened_len);
    const struct opened *opened = &at->opened[number];
    merkle_leaf(&leaf, at->last.bytes, ID_SIZE);
    assert_true(
        merkle_inclusion_holds(&leaf, index, opened->size, proof, len, &opened->root));
    /* None that is opened before has it: a record stands in the earliest. */
    for (uint32_t i = 0; i < number; i++)
        assert_true(at->opened[i].tree != opened->tree || at->opened[i].size <= index);
    at->file->each[at->file->records - 1].seal = opened->seal;
    at->file->included++;
    section(at)->included++;
    at->may_include = false;
}

void sim_evidence_read(struct sim_evidence *file, struct world_node *node)
{
    static struct at at; /* large */
    at = (struct at){
        .file = file, .node = node, .reader = pack_reader_of(buf_bytes(&file->bytes))};
    read_head(&at);
    while (next(&at)) {
        if (is(&at, "log", 3))
            begin_log(&at);
        else if (is(&at, "checkpoint", 2))
            read_checkpoint(&at);
        else if (is(&at, "seal", 2))
            read_seal(&at);
        else if (is(&at, "opened", 6))
            read_opened(&at);
        else if (is(&at, "scope", 3))
            begin_section(&at);
        else if (is(&at, "included", 4))
            read_included(&at);
        else if (at.name.len == 0)
            read_record(&at);
        else {
            assert_true(is(&at, "end", 2));
            assert_int_equal(read_uint(&at), file->records);
            assert_int_equal(at.left, 0);
            assert_true(pack_at_end(&at.reader));
            return;
        }
    }
    fail_msg("the file has no end");
}

bool sim_evidence_holds(const struct sim_evidence *file, struct bytes sought)
{
    return memmem(file->bytes.data, file->bytes.len, sought.data, sought.len) != NULL;
}

const struct sim_evidence_scope *sim_evidence_scope(const struct sim_evidence *file,
                                                    const struct id *id)
{
    for (uint32_t i = 0; i < file->scopes_len; i++)
        if (id_equal(&file->scopes[i].id, id))
            return &file->scopes[i];
    return NULL;
}
