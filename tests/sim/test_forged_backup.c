/* Files of a backup as no node writes them, for whoever can write into the folder can
 * seal one: each is refused whole, and what is right before and behind it is restored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/bundle.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_folder.h"
#include "tests/support/fail_memory.h"

/* ---- a right backup, opened ---- */

struct right {
    struct buf payload;
    struct bundle_header header;
    struct bytes messages;
};

/* fengyuan's, of a case with a file, a record and something pasted: one file. */
static void right_make(struct sim_county *f, struct right *right)
{
    struct folder folder = {0};
    struct buf file = files_text("whose ditch ", ATTACHMENT_CHUNK_SIZE);
    char number[32];
    (void)world_join(f->world, f->fengyuan, "山上", "laptop:1"); /* two peers … */
    (void)world_join(f->world, f->fengyuan, "村口", "gate:1");   /* … of one site */
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    (void)sim_escalate(f, f->fengyuan, "水渠");
    SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", "王家来电话");
    folder_back_up(f, f->fengyuan, &folder);
    assert_int_equal(folder.stick.len, 1);
    right->payload = stick_open(f->fengyuan, buf_bytes(&folder.stick.files[0]));
    assert_int_equal(
        bundle_check(buf_bytes(&right->payload), &right->header, &right->messages, NULL),
        STATUS_OK);
    folder_deinit(&folder);
    buf_deinit(&file);
}

static void right_free(struct right *right)
{
    buf_deinit(&right->payload);
}

static enum status take(struct place *place, const struct bundle_header *header,
                        struct bytes messages)
{
    place->err = (struct err){0};
    return restore_take(&place->restore, header, messages, &place->err);
}

/* A file behind it that says so much. */
static enum status take_more(struct place *place, const struct right *right,
                             const struct buf *messages)
{
    struct bundle_header header = right->header;
    header.part++;
    return take(place, &header, buf_bytes(messages));
}

static struct place place_with(const struct right *right)
{
    struct place place;
    place_make(&place);
    assert_int_equal(take(&place, &right->header, right->messages), STATUS_OK);
    return place;
}

static void dump_of(const struct place *place, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(store_dump(place->store, out), STATUS_OK);
}

/* ---- messages ---- */

/* As in sim.messages: "a3" an array, "'op" a text, "u5" a number, "b7" so many bytes, "m"
 * a map, "n" nothing, "x" more than any number here. */
static void compose(const char *words, struct buf *out)
{
    static const uint8_t bytes[4096] = {0x5a};
    static char text[4096];
    for (const char *at = words; *at != '\0';) {
        size_t len = strcspn(at, " ");
        uint64_t number = strtoull(at + 1, NULL, 10);
        memset(text, 't', sizeof(text));
        switch (*at) {
        case 'a':
            pack_array(out, (uint32_t)number);
            break;
        case '\'':
            pack_str_bytes(out, bytes_of(at + 1, len - 1));
            break;
        case 'u':
            pack_uint(out, number);
            break;
        case 'x':
            pack_uint(out, UINT64_MAX);
            break;
        case 'b':
            pack_bin(out, bytes, (size_t)number);
            break;
        case 't':
            pack_str_bytes(out, bytes_of(text, (size_t)number));
            break;
        case 'm':
            pack_map(out, 0);
            break;
        case 'n':
            pack_nil(out);
            break;
        default:
            fail_msg("no word of a message: %s", at);
        }
        at += len;
        while (*at == ' ')
            at++;
    }
}

/* Messages parted by '/'. */
static void compose_all(const char *words, struct buf *out)
{
    char one[256];
    while (*words != '\0') {
        struct buf message = {0};
        size_t len = strcspn(words, "/");
        assert_true(len < sizeof(one));
        memcpy(one, words, len);
        one[len] = '\0';
        compose(one, &message);
        bundle_add(out, &message);
        buf_deinit(&message);
        words += len + (words[len] == '/');
    }
}

#define MARK "a10 'mark u1 u1 u1 b32 b32 u1 a0 b32 b32"

static void M2_what_no_backup_says_is_refused_whole(void **state)
{
    static const char *const rows[] = {
        "u1",
        "a0",
        "a1 u1",
        "a1 'op",
        "a2 'dance u1",
        "a4 'op u1 u0 u1",
        "a5 'op 'x u0 u1 b5",
        "a5 'op u1 'x u1 b5",
        "a5 'op u1 u0 'x b5",
        "a5 'op u1 u0 u1 u5",
        "a5 'op u0 u0 u1 b5",
        "a5 'op u3 u0 u1 b5",
        "a5 'op x u0 u1 b5",
        "a5 'op u1 u0 u0 b5",
        "a5 'op u1 u0 x b5",
        "a5 'op u1 u0 u1 b5 u1",
        "a3 'chunk 'x b5",
        "a3 'chunk u1 u5",
        "a3 'chunk u1 b5 u1",
        "a2 'chunk u1",
        "a2 'table u1",
        "a1 'table",
        "a2 'table 'pastes u1",
        "a2 'table 'peers/a2 'row u1",
        "a2 'table 'peers/a2 'row m",
        "a2 'table 'peers/a2 'row a6 u1 u1 u1 u1 u1 u1",
        "a2 'table 'peers/a2 'row a8 u1 u1 u1 u1 u1 u1 u1 u1",
        "a2 'table 'deliveries/a2 'row a3 m u1 u1",
        "a2 'table 'deliveries/a2 'row a3 b32 b32 x",
        "a2 'table 'deliveries/a2 'row a3 b32 b32 u1 u1",
        "a2 'row",
        "a4 'keys b31 b32 't",
        "a4 'keys b32 b31 't",
        "a4 'keys b32 b32 u1",
        "a4 'keys b32 b32 t64",
        "a4 'keys b32 b32 't u1",
        "a1 'mark",
        "a7 'mark u1 u1 u1 b32 b32 u1 a0",
        "a10 'mark 'x u1 u1 b32 b32 u1 a0 b32 b32",
        "a10 'mark u1 'x u1 b32 b32 u1 a0 b32 b32",
        "a10 'mark u1 u1 'x b32 b32 u1 a0 b32 b32",
        "a10 'mark u1 u1 u1 b31 b32 u1 a0 b32 b32",
        "a10 'mark u1 u1 u1 b32 b31 u1 a0 b32 b32",
        "a10 'mark u1 u1 u1 b32 b32 'x a0 b32 b32",
        "a10 'mark u1 u1 u1 b32 b32 u1 u0 b32 b32",
        "a10 'mark u1 u1 u1 b32 b32 u1 a1 u0 b32 b32",
        "a10 'mark u1 u1 u1 b32 b32 u1 a1 a1 'x b32 b32",
        "a10 'mark u1 u1 u1 b32 b32 u1 a1 a2 u1 b32 b32 b32",
        "a10 'mark u1 u1 u1 b32 b32 u1 a1 a2 'meta b31 b32 b32",
        "a10 'mark u1 u1 u1 b32 b32 u1 a0 b31 b32",
        "a10 'mark u1 u1 u1 b32 b32 u1 a0 b32 b31",
        "a9 'mark u1 u1 u1 b32 b32 u1 a0 b32",
        "a8 'mark u1 u1 u1 b32 b32 u1 a0 u1",
        "a10 'mark x u1 u1 b32 b32 u1 a0 b32 b32",
        "a10 'mark u1 x u1 b32 b32 u1 a0 b32 b32",
        "a10 'mark u1 u1 x b32 b32 u1 a0 b32 b32",
        MARK " u1",
    };
    struct sim_county *f = *state;
    struct right right;
    struct buf before = {0}, after = {0};
    right_make(f, &right);
    struct place place = place_with(&right);
    dump_of(&place, &before);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf messages = {0};
        compose_all(rows[i], &messages);
        enum status status = take_more(&place, &right, &messages);
        if (status != STATUS_INVALID || place.err.text[0] == '\0')
            fail_msg("%s: %s", rows[i], status_name(status));
        assert_int_equal(
            restore_take(&place.restore, &right.header, buf_bytes(&messages), NULL),
            STATUS_INVALID); /* whether anybody hears why or not */
        buf_deinit(&messages);
    }
    dump_of(&place, &after);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    assert_int_equal(place_end(&place), STATUS_OK);
    place_assert_same(&place, world_store(f->fengyuan));
    place_free(&place);
    right_free(&right);
    buf_deinit(&before);
    buf_deinit(&after);
}

/* What a newer version keeps that this one does not know, and what came before. */
static void M3_what_a_newer_version_keeps_is_passed_over(void **state)
{
    struct sim_county *f = *state;
    struct right right;
    struct buf messages = {0};
    right_make(f, &right);
    struct place place = place_with(&right);
    compose_all("a2 'table 'of-tomorrow/a2 'row a1 u1/a2 'row a2 b5 m/"
                "a5 'op u1 u0 u1 b5/a5 'op u2 u0 u1 b5",
                &messages);
    assert_int_equal(take_more(&place, &right, &messages), STATUS_OK);
    assert_int_equal(place_end(&place), STATUS_OK);
    place_assert_same(&place, world_store(f->fengyuan));
    place_free(&place);
    buf_deinit(&messages);
    right_free(&right);
}

static void a_file_that_does_not_belong_to_it_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct right right;
    struct place place;
    struct buf messages = {0};
    right_make(f, &right);
    place_make(&place);
    compose_all("a3 'chunk u1 b5", &messages); /* without the keys */
    assert_int_equal(take(&place, &right.header, buf_bytes(&messages)), STATUS_NOT_FOUND);
    struct bundle_header header = right.header;
    header.to = *world_site(f->township);
    assert_int_equal(take(&place, &header, right.messages), STATUS_DENIED);
    assert_int_equal(place_end(&place), STATUS_INVALID);
    assert_int_equal(take(&place, &right.header, right.messages), STATUS_OK);
    header.from = header.to;
    assert_int_equal(take(&place, &header, buf_bytes(&messages)), STATUS_DENIED);
    buf_clear(&messages);
    assert_int_equal(take_more(&place, &right, &messages), STATUS_OK); /* it is empty */
    assert_int_equal(place_end(&place), STATUS_OK);
    place_free(&place);
    buf_deinit(&messages);
    right_free(&right);
}

/* ---- records ---- */

static enum status copy_op(void *context, const struct store_op *row)
{
    buf_clear(context);
    buf_add(context, row->bytes.data, row->bytes.len);
    return STATUS_OK; /* the last one stays */
}

static uint64_t count_of(const struct place *place, enum ledger_tree tree)
{
    uint64_t count = 0;
    assert_int_equal(store_ops_count(place->store, tree, &count), STATUS_OK);
    return count;
}

static enum status take_op_with(struct place *place, const struct right *right,
                                enum ledger_tree tree, int64_t seq, const struct buf *op)
{
    struct buf message = {0}, messages = {0};
    pack_array(&message, 5);
    pack_str(&message, "op");
    pack_uint(&message, tree);
    pack_uint(&message, count_of(place, tree));
    pack_uint(&message, (uint64_t)seq);
    pack_bin(&message, op->data, op->len);
    bundle_add(&messages, &message);
    enum status status = take_more(place, right, &messages);
    buf_deinit(&message);
    buf_deinit(&messages);
    return status;
}

/* The newest op of that kind of scope at the node, which the backup has not. */
static void new_op(struct world_node *node, const struct id *scope, struct buf *op)
{
    assert_int_equal(store_ops_of_scope(world_store(node), scope, copy_op, op),
                     STATUS_OK);
    assert_true(op->len > 0);
}

static struct id new_case(struct sim_county *f, struct world_node *node)
{
    struct buf out = {0};
    struct id scope;
    SIM_SAY(f, node, &out, "case.new", "category", "邻里", "title", "水沟", "narrative",
            "两家为水沟争执。");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    buf_deinit(&out);
    return scope;
}

static void S1_a_record_that_does_not_stand_on_what_is_there_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct right right;
    struct buf op = {0};
    right_make(f, &right);
    struct place place = place_with(&right);
    uint64_t private = count_of(&place, TREE_PRIVATE),
             shared = count_of(&place, TREE_SHARED);
    struct id own = new_case(f, f->fengyuan), other = new_case(f, f->xikou);
    /* One of another site's, whose charter is not here. */
    new_op(f->xikou, &other, &op);
    assert_int_equal(take_op_with(&place, &right, TREE_PRIVATE, 900, &op),
                     STATUS_INVALID);
    /* One of ours in the wrong tree, and not whole. */
    new_op(f->fengyuan, &own, &op);
    assert_int_equal(take_op_with(&place, &right, TREE_SHARED, 900, &op), STATUS_INVALID);
    op.data[op.len - 1] ^= 1;
    assert_int_equal(take_op_with(&place, &right, TREE_PRIVATE, 900, &op),
                     STATUS_UNVERIFIED);
    op.len--;
    assert_int_equal(take_op_with(&place, &right, TREE_PRIVATE, 900, &op),
                     STATUS_UNVERIFIED);
    op.len++;
    op.data[op.len - 1] ^= 1;
    /* One whose parents are not here, and then one whose scope is not. */
    struct buf second = {0};
    char hex[65];
    hex_encode(hex, own.bytes, ID_SIZE);
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", hex, "text", "量过了");
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", hex, "text", "又量了");
    new_op(f->fengyuan, &own, &second);
    assert_int_equal(take_op_with(&place, &right, TREE_PRIVATE, 900, &second),
                     STATUS_INVALID);
    /* A number that is taken is no fault: two machines of one folder may have given it.
     */
    assert_int_equal(take_op_with(&place, &right, TREE_PRIVATE, 1, &op), STATUS_OK);
    assert_int_equal(take_op_with(&place, &right, TREE_PRIVATE, 901, &second),
                     STATUS_INVALID);
    /* The same one again, in the next place. */
    assert_int_not_equal(take_op_with(&place, &right, TREE_PRIVATE, 902, &op), STATUS_OK);
    assert_int_equal(count_of(&place, TREE_PRIVATE), private + 1);
    assert_int_equal(count_of(&place, TREE_SHARED), shared);
    /* What came on top of what the mark speaks of is not what it says. */
    assert_int_equal(place_end(&place), STATUS_INVALID);
    place_free(&place);
    buf_deinit(&op);
    buf_deinit(&second);
    right_free(&right);
}

/* ---- the mark ---- */

static void S1_a_mark_that_says_otherwise_is_believed_nowhere(void **state)
{
    struct sim_county *f = *state;
    struct right right;
    right_make(f, &right);
    for (int row = 0; row < 6; row++) {
        struct place place = place_with(&right);
        struct backup_mark mark = place.restore.mark;
        struct buf message = {0}, messages = {0};
        switch (row) {
        case 0:
            mark.store.ops[TREE_PRIVATE]++;
            break;
        case 1:
            mark.store.ops[TREE_SHARED]++;
            break;
        case 2:
            mark.store.ops[TREE_SHARED]--;
            break;
        case 3:
            mark.ledger[TREE_PRIVATE].bytes[0] ^= 1;
            break;
        case 4:
            mark.ledger[TREE_SHARED].bytes[31] ^= 1;
            break;
        default:
            mark.tables[0].bytes[0] ^= 1;
        }
        backup_mark_write(&mark, &message);
        bundle_add(&messages, &message);
        assert_int_equal(take_more(&place, &right, &messages), STATUS_OK);
        assert_int_equal(place_end(&place), STATUS_INVALID);
        buf_deinit(&message);
        buf_deinit(&messages);
        place_free(&place);
    }
    right_free(&right);
}

/* A row that breaks a rule of its table is none, and says so. */
static void S1_a_row_that_its_table_does_not_take_is_refused(void **state)
{
    static const char *const rows[] = {
        "a2 'table 'meta/a2 'row a2 n n",
        "a2 'table 'peers/a2 'row a7 u1 u1 u1 u1 u1 u1 u1",
        "a2 'table 'peers/a2 'row a7 b31 b32 'a:1 u1 u1 u1 u1",
        "a2 'table 'deliveries/a2 'row a3 b31 b32 u1",
        "a2 'table 'pastes/a2 'row a9 n n n n n n n n n",
        "a2 'table 'devices/a2 'row a6 n n n n n n",
        "a2 'table 'paste_pieces/a2 'row a3 u1 u1 u1",
        "a2 'table 'alarms/a2 'row a6 n n n n n n",
        "a2 'table 'sources/a2 'row a6 n n n n n n",
        "a2 'table 'retention/a2 'row a4 n n n n",
        "a2 'table 'form_drafts/a2 'row a4 n n n n",
        "a2 'table 'bundle_sites/a2 'row a3 b31 u1 u1",
        "a2 'table 'bundles_read/a2 'row a4 b31 b31 u1 u1",
    };
    struct sim_county *f = *state;
    struct right right;
    right_make(f, &right);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct place place = place_with(&right);
        struct buf messages = {0};
        compose_all(rows[i], &messages);
        enum status status = take_more(&place, &right, &messages);
        if (status != STATUS_INVALID)
            fail_msg("%s: %s", rows[i], status_name(status));
        /* The store is not broken by it. */
        assert_int_equal(place_end(&place), STATUS_OK);
        place_assert_same(&place, world_store(f->fengyuan));
        buf_deinit(&messages);
        place_free(&place);
    }
    right_free(&right);
}

/* No mark speaks of the keys. */
static void S1_keys_of_no_machine_of_the_site_are_refused(void **state)
{
    struct sim_county *f = *state;
    struct right right;
    const uint8_t *seed = world_node_seed(f->fengyuan);
    const uint8_t *secret = world_noise_secret(f->fengyuan);
    const struct {
        const uint8_t *seed, *secret;
        enum status wanted;
    } rows[] = {
        {seed, secret, STATUS_OK},
        {world_node_seed(f->xikou), world_noise_secret(f->xikou), STATUS_INVALID},
        {world_node_seed(f->xikou), secret, STATUS_INVALID},
        {seed, world_noise_secret(f->xikou), STATUS_INVALID},
    };
    right_make(f, &right);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct place place = place_with(&right);
        struct buf message = {0}, messages = {0};
        pack_array(&message, 4);
        pack_str(&message, "keys");
        pack_bin(&message, rows[i].seed, 32);
        pack_bin(&message, rows[i].secret, 32);
        pack_str(&message, "fengqiao");
        bundle_add(&messages, &message);
        assert_int_equal(take_more(&place, &right, &messages), STATUS_OK);
        assert_int_equal(place_end(&place), rows[i].wanted);
        buf_deinit(&message);
        buf_deinit(&messages);
        place_free(&place);
    }
    right_free(&right);
}

/* ---- memory ---- */

static void I14_a_restore_whose_memory_ends_is_begun_anew(void **state)
{
    struct sim_county *f = *state;
    struct right right;
    uint64_t after = 0;
    right_make(f, &right);
    for (bool has_failed = true; has_failed; after += 1 + after / 16) {
        struct place place;
        place_make(&place);
        fail_memory_after(after, false);
        fail_memory_in();
        enum status status = take(&place, &right.header, right.messages);
        if (status == STATUS_OK)
            status = place_end(&place);
        (void)fail_memory_out();
        has_failed = fail_memory_stop();
        if (status == STATUS_OK)
            place_assert_same(&place, world_store(f->fengyuan));
        else
            assert_int_equal(status, STATUS_NO_MEMORY);
        place_free(&place);
    }
    assert_true(after > 100);
    right_free(&right);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(M2_what_no_backup_says_is_refused_whole),
        ONE(M3_what_a_newer_version_keeps_is_passed_over),
        ONE(a_file_that_does_not_belong_to_it_is_refused),
        ONE(S1_a_record_that_does_not_stand_on_what_is_there_is_refused),
        ONE(S1_a_mark_that_says_otherwise_is_believed_nowhere),
        ONE(S1_a_row_that_its_table_does_not_take_is_refused),
        ONE(S1_keys_of_no_machine_of_the_site_are_refused),
        ONE(I14_a_restore_whose_memory_ends_is_begun_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
