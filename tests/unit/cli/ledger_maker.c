#include "tests/unit/cli/ledger_maker.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/sign.h"
#include "proto/checkpoint.h"
#include "proto/note.h"
#include "proto/pack.h"

#define TREES 2
#define COSIGNED_AT 1800000000

#define LEVELS 32

/* Roots of whole trees of 2^i leaves, so that proofs take as many of them as there are
 * levels. */
struct leaves {
    struct level {
        struct merkle_hash *hashes;
        uint64_t len, capacity;
    } levels[LEVELS];
    uint64_t len;
};

struct sealed {
    struct seal seal;
    struct seal_trees trees;
    uint8_t secret[SEAL_SECRET_SIZE];
};

struct ledger_maker {
    uint8_t seed[32], key[32];
    char origin[SEAL_ORIGIN_SIZE];
    struct leaves trees[TREES], log;
    struct sealed *seals;
    uint32_t seals_len, seals_capacity;
};

/* ---- trees ---- */

static void push(struct level *level, const struct merkle_hash *hash)
{
    if (level->len == level->capacity) {
        level->capacity = 2 * level->capacity + 16;
        level->hashes = realloc(level->hashes, level->capacity * sizeof(*level->hashes));
        assert(level->hashes);
    }
    level->hashes[level->len++] = *hash;
}

static void add_leaf(struct leaves *leaves, const void *data, size_t len)
{
    struct merkle_hash hash;
    struct level *level = leaves->levels;
    merkle_leaf(&hash, data, len);
    push(level, &hash);
    leaves->len++;
    for (; level->len % 2 == 0; level++) {
        merkle_node(&hash, &level->hashes[level->len - 2],
                    &level->hashes[level->len - 1]);
        push(level + 1, &hash);
    }
}

static void set_leaf(struct leaves *leaves, uint64_t index, const void *data, size_t len)
{
    merkle_leaf(&leaves->levels[0].hashes[index], data, len);
    for (int i = 1; index / 2 < leaves->levels[i].len; i++) {
        index /= 2;
        const struct merkle_hash *below = &leaves->levels[i - 1].hashes[2 * index];
        merkle_node(&leaves->levels[i].hashes[index], &below[0], &below[1]);
    }
}

static bool node_at(void *context, uint8_t level, uint64_t place, struct merkle_hash *out)
{
    const struct leaves *leaves = context;
    assert(level < LEVELS && place < leaves->levels[level].len);
    *out = leaves->levels[level].hashes[place];
    return true;
}

static void leaves_free(struct leaves *leaves)
{
    for (int i = 0; i < LEVELS; i++)
        free(leaves->levels[i].hashes);
}

static struct merkle_source source_of(const struct leaves *leaves)
{
    return (struct merkle_source){node_at, (void *)(uintptr_t)leaves};
}

static void root_of(const struct leaves *leaves, uint64_t size, struct merkle_hash *out)
{
    const struct merkle_source source = source_of(leaves);
    bool is_read = merkle_root_at(&source, size, out);
    assert(is_read);
    (void)is_read;
}

/* ---- the machine ---- */

struct ledger_maker *ledger_maker_new(const uint8_t seed[static 32], uint8_t life)
{
    struct ledger_maker *maker = calloc(1, sizeof(*maker));
    uint8_t number[SEAL_LIFE_SIZE] = {life};
    assert(maker);
    memcpy(maker->seed, seed, sizeof(maker->seed));
    key_sign_public(maker->key, seed);
    seal_origin(maker->origin, maker->key, number);
    return maker;
}

void ledger_maker_free(struct ledger_maker *maker)
{
    for (int tree = 0; tree < TREES; tree++)
        leaves_free(&maker->trees[tree]);
    leaves_free(&maker->log);
    free(maker->seals);
    free(maker);
}

const char *ledger_maker_origin(const struct ledger_maker *maker)
{
    return maker->origin;
}

uint64_t ledger_maker_hold(struct ledger_maker *maker, enum maker_tree tree,
                           const struct id *op)
{
    add_leaf(&maker->trees[tree], op->bytes, ID_SIZE);
    return maker->trees[tree].len - 1;
}

void ledger_maker_rewrite(struct ledger_maker *maker, enum maker_tree tree,
                          uint64_t index, const struct id *op)
{
    set_leaf(&maker->trees[tree], index, op->bytes, ID_SIZE);
}

static void go_on_from(struct seal *seal, const struct ledger_maker *former)
{
    seal->has_former = true;
    memcpy(seal->former.origin, former->origin, sizeof(seal->former.origin));
    seal->former.size = former->log.len;
    root_of(&former->log, former->log.len, &seal->former.root);
}

uint32_t ledger_maker_seal(struct ledger_maker *maker, uint64_t wall,
                           const struct ledger_maker *former)
{
    uint32_t number = maker->seals_len;
    struct buf leaf = {0};
    if (number == maker->seals_capacity) {
        maker->seals_capacity = 2 * maker->seals_capacity + 16;
        maker->seals =
            realloc(maker->seals, maker->seals_capacity * sizeof(*maker->seals));
        assert(maker->seals);
    }
    struct sealed *sealed = &maker->seals[maker->seals_len++];
    *sealed = (struct sealed){
        .seal = {.kind = number == 0 ? SEAL_BEGIN : SEAL_DAY, .wall = wall},
        .trees = {.private_size = maker->trees[MAKER_PRIVATE].len,
                  .shared_size = maker->trees[MAKER_SHARED].len}};
    root_of(&maker->trees[MAKER_PRIVATE], sealed->trees.private_size,
            &sealed->trees.private_root);
    root_of(&maker->trees[MAKER_SHARED], sealed->trees.shared_size,
            &sealed->trees.shared_root);
    memcpy(sealed->secret, maker->seed, sizeof(sealed->secret));
    memcpy(sealed->secret, &number, sizeof(number));
    if (former)
        go_on_from(&sealed->seal, former);
    seal_commit(&sealed->seal, sealed->secret, &sealed->trees);
    seal_write(&sealed->seal, &leaf);
    assert(buf_status(&leaf) == STATUS_OK);
    add_leaf(&maker->log, leaf.data, leaf.len);
    buf_deinit(&leaf);
    return number;
}

uint32_t ledger_maker_seals(const struct ledger_maker *maker)
{
    return maker->seals_len;
}

/* ---- values of the file ---- */

void ledger_sign(const uint8_t seed[static 32], const char *name, uint64_t size,
                 const struct merkle_hash *root, const uint8_t *witness, struct buf *note)
{
    struct sign_pair pair;
    struct buf text = {0};
    sign_pair_init(&pair, seed);
    checkpoint_write(&text, bytes_str(name), size, root);
    note_add_text(note, buf_bytes(&text));
    note_sign(note, &pair, bytes_str(name), buf_bytes(&text));
    if (witness) {
        char key[KEY_TEXT_SIZE], of[KEY_TEXT_SIZE + 16];
        sign_pair_init(&pair, witness);
        key_to_text(key, "fqk1", sign_pair_key(&pair));
        (void)snprintf(of, sizeof(of), "fengqiao/%s", key);
        note_cosign(note, &pair, bytes_str(of), COSIGNED_AT, buf_bytes(&text));
    }
    buf_deinit(&text);
    assert(buf_status(note) == STATUS_OK);
}

void ledger_maker_log(const struct ledger_maker *maker, uint64_t said, struct buf *out)
{
    pack_array(out, 3);
    pack_str(out, "log");
    pack_str(out, maker->origin);
    pack_uint(out, said);
}

void ledger_maker_note(const struct ledger_maker *maker, uint32_t size,
                       const uint8_t *witness, struct buf *note)
{
    struct merkle_hash root;
    root_of(&maker->log, size, &root);
    ledger_sign(maker->seed, maker->origin, size, &root, witness, note);
}

void ledger_write_note(const char *word, struct bytes note, struct buf *out)
{
    pack_array(out, 2);
    pack_str(out, word);
    pack_bin(out, note.data, note.len);
}

void ledger_maker_checkpoint(const struct ledger_maker *maker, uint32_t size,
                             const uint8_t *witness, struct buf *out)
{
    struct buf note = {0};
    ledger_maker_note(maker, size, witness, &note);
    ledger_write_note("checkpoint", buf_bytes(&note), out);
    buf_deinit(&note);
}

void ledger_maker_leaf(const struct ledger_maker *maker, uint32_t seal, struct buf *out)
{
    struct buf leaf = {0};
    seal_write(&maker->seals[seal].seal, &leaf);
    ledger_write_note("seal", buf_bytes(&leaf), out);
    buf_deinit(&leaf);
}

static uint64_t size_of(const struct sealed *sealed, enum maker_tree tree)
{
    return tree == MAKER_PRIVATE ? sealed->trees.private_size : sealed->trees.shared_size;
}

void ledger_opened_make(const struct ledger_maker *maker, uint32_t seal,
                        enum maker_tree tree, uint32_t from, struct ledger_opened *opened)
{
    const struct sealed *sealed = &maker->seals[seal];
    const struct merkle_source source = source_of(&maker->trees[tree]);
    bool is_private = tree == MAKER_PRIVATE;
    struct seal_opening size, root;
    char name[SEAL_ORIGIN_SIZE + 8];
    *opened = (struct ledger_opened){.tree = tree};
    (void)snprintf(name, sizeof(name), "%s/%s", maker->origin,
                   is_private ? "private" : "shared");
    ledger_sign(maker->seed, name, size_of(sealed, tree),
                is_private ? &sealed->trees.private_root : &sealed->trees.shared_root,
                NULL, &opened->note);
    seal_open(&size, is_private ? SEAL_PRIVATE_SIZE : SEAL_SHARED_SIZE, sealed->secret,
              &sealed->trees);
    seal_open(&root, is_private ? SEAL_PRIVATE_ROOT : SEAL_SHARED_ROOT, sealed->secret,
              &sealed->trees);
    memcpy(opened->size_salt, size.salt, SEAL_SALT_SIZE);
    memcpy(opened->root_salt, root.salt, SEAL_SALT_SIZE);
    bool is_read = merkle_consistency(
        &source, from == LEDGER_NONE ? 0 : size_of(&maker->seals[from], tree),
        size_of(sealed, tree), opened->proof, &opened->proof_len);
    assert(is_read);
    (void)is_read;
}

static void write_proof(const struct merkle_hash *proof, size_t len, struct buf *out)
{
    pack_array(out, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        pack_bin(out, proof[i].bytes, MERKLE_HASH_SIZE);
}

void ledger_opened_write(struct ledger_opened *opened, struct buf *out)
{
    pack_array(out, 6);
    pack_str(out, "opened");
    pack_uint(out, opened->tree);
    pack_bin(out, opened->note.data, opened->note.len);
    pack_bin(out, opened->size_salt, SEAL_SALT_SIZE);
    pack_bin(out, opened->root_salt, SEAL_SALT_SIZE);
    write_proof(opened->proof, opened->proof_len, out);
    buf_deinit(&opened->note);
}

void ledger_maker_opened(const struct ledger_maker *maker, uint32_t seal,
                         enum maker_tree tree, uint32_t from, struct buf *out)
{
    struct ledger_opened opened;
    ledger_opened_make(maker, seal, tree, from, &opened);
    ledger_opened_write(&opened, out);
}

void ledger_maker_whole(const struct ledger_maker *maker, const uint8_t *witness,
                        struct buf *out)
{
    ledger_maker_log(maker, maker->seals_len, out);
    ledger_maker_checkpoint(maker, maker->seals_len, witness, out);
    for (uint32_t i = 0; i < maker->seals_len; i++) {
        uint32_t from = i == 0 ? LEDGER_NONE : i - 1;
        ledger_maker_leaf(maker, i, out);
        ledger_maker_opened(maker, i, MAKER_PRIVATE, from, out);
        ledger_maker_opened(maker, i, MAKER_SHARED, from, out);
    }
}

size_t ledger_maker_inclusion(const struct ledger_maker *maker, uint32_t seal,
                              enum maker_tree tree, uint64_t index,
                              struct merkle_hash proof[static MERKLE_PROOF_MAX])
{
    const struct merkle_source source = source_of(&maker->trees[tree]);
    size_t len;
    bool is_read =
        merkle_inclusion(&source, index, size_of(&maker->seals[seal], tree), proof, &len);
    assert(is_read);
    return is_read ? len : 0;
}

void ledger_write_included(uint64_t opened, uint64_t index,
                           const struct merkle_hash *proof, size_t len, struct buf *out)
{
    pack_array(out, 4);
    pack_str(out, "included");
    pack_uint(out, opened);
    pack_uint(out, index);
    write_proof(proof, len, out);
}

void ledger_maker_included(const struct ledger_maker *maker, uint32_t seal,
                           enum maker_tree tree, uint64_t index, uint64_t opened,
                           struct buf *out)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    size_t len = ledger_maker_inclusion(maker, seal, tree, index, proof);
    ledger_write_included(opened, index, proof, len, out);
}
