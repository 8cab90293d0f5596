#include "tests/sim/life/watch_canary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "node/cases/attached.h"
#include "storage/store_chunks.h"
#include "tests/sim/life/needles.h"
#include "tests/sim/life/novel.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_seen.h"

/* The owner of what may stand on no disk. */
#define NOT_EVEN_ITS_OWNERS 31

/* What is known before the end: texts and numbers, each a text with a zero behind. */
struct canary {
    struct buf texts, numbers; /* host ‖ text ‖ 0 ‖ tag ‖ 0; host ‖ number ‖ 0 */
};

static struct canary *canary_of(struct sim *sim)
{
    if (sim->canary == NULL)
        sim->canary = calloc(1, sizeof(*sim->canary));
    assert(sim->canary != NULL);
    return sim->canary;
}

void watch_canary_text(struct sim_host *host, const char *text, const char *tag)
{
    if (sim_liar_is(host))
        return;
    struct buf *texts = &canary_of(host->sim)->texts;
    uint8_t index = (uint8_t)sim_host_site(host);
    assert(strlen(tag) >= NEEDLE_PIECE);
    buf_add(texts, &index, 1);
    buf_add(texts, text, strlen(text) + 1);
    buf_add(texts, tag, strlen(tag) + 1);
}

void watch_canary_sealed(struct sim_host *host, const char *text)
{
    if (sim_liar_is(host))
        return;
    struct buf *texts = &canary_of(host->sim)->texts;
    uint8_t index = NOT_EVEN_ITS_OWNERS;
    assert(strlen(text) >= NEEDLE_PIECE);
    buf_add(texts, &index, 1);
    for (int i = 0; i < 2; i++) /* it is its own tag */
        buf_add(texts, text, strlen(text) + 1);
}

static void add_number(struct sim *sim, int host, struct bytes number)
{
    struct buf *numbers = &canary_of(sim)->numbers;
    uint8_t index = (uint8_t)host;
    buf_add(numbers, &index, 1);
    buf_add(numbers, number.data, number.len);
    buf_add(numbers, "", 1);
}

/* A liar's cases have numbers that others' have as well, and it may bring them to all,
 * those too of which nobody was told: with a liar about, a number is nobody's secret. */
void watch_canary_number(struct sim_host *host, struct bytes number)
{
    for (int i = 0; i < host->sim->hosts_len; i++)
        if (sim_liar_is(host->sim->hosts[i]))
            return;
    add_number(host->sim, sim_host_site(host), number);
}

void watch_canary_free(struct sim *sim)
{
    if (sim->canary == NULL)
        return;
    buf_deinit(&sim->canary->texts);
    buf_deinit(&sim->canary->numbers);
    free(sim->canary);
    sim->canary = NULL;
}

/* --- what is looked for --- */

static void add_hashes(struct needles *needles, int owner, const char *what,
                       struct bytes bytes)
{
    uint8_t hash[32];
    (void)crypto_generichash(hash, sizeof(hash), bytes.data, bytes.len, NULL, 0);
    needles_add_pieces(needles, owner, what, bytes_of(hash, sizeof(hash)));
    (void)crypto_hash_sha256(hash, bytes.data, bytes.len);
    needles_add_pieces(needles, owner, what, bytes_of(hash, sizeof(hash)));
}

static void add_texts(struct needles *needles, const struct canary *canary)
{
    for (size_t at = 0; at < canary->texts.len;) {
        int owner = canary->texts.data[at];
        const char *text = (const char *)canary->texts.data + at + 1;
        const char *tag = text + strlen(text) + 1;
        needles_add(needles, owner, "a private text", bytes_str(tag));
        add_hashes(needles, owner, "the hash of a private text", bytes_str(text));
        at += 1 + strlen(text) + 1 + strlen(tag) + 1;
    }
    for (size_t at = 0; at < canary->numbers.len;) {
        int owner = canary->numbers.data[at];
        const char *number = (const char *)canary->numbers.data + at + 1;
        needles_add(needles, owner, "the number of a case", bytes_str(number));
        add_hashes(needles, owner, "the hash of a case's number", bytes_str(number));
        at += 1 + strlen(number) + 1;
    }
}

struct owning {
    struct store *store;
    struct needles *needles;
    int owner;
};

static void add_id(struct owning *owning, const char *what, const struct id *id)
{
    struct bytes bytes = bytes_of(id->bytes, ID_SIZE);
    needles_add_pieces(owning->needles, owning->owner, what, bytes);
    add_hashes(owning->needles, owning->owner, "the hash of an id", bytes);
}

/* `sent` holds what opens the origin of an escalation. */
static void add_origin_salt(struct owning *owning, const struct op *op)
{
    const struct op_field *field = op_field(op, "salt");
    if (op_is_kind(op, "sent") && field != NULL && field->value.len > 32)
        needles_add_pieces(owning->needles, owning->owner, "the salt of an origin",
                           bytes_of(field->value.data + field->value.len - 32, 32));
}

/* What opens a file of a case, and what its first piece begins with: the text itself lies
 * sealed, and would not be found. */
static void add_file(struct owning *owning, const struct op *op)
{
    struct attached file;
    struct buf sealed = {0};
    if (!op_is_kind(op, "attach") || !attached_read(op, &file))
        return;
    needles_add_pieces(owning->needles, owning->owner, "the key of a private file",
                       bytes_of(file.key, sizeof(file.key)));
    for (uint32_t i = 0; i < file.len; i++)
        add_id(owning, "the digest of a private file's piece", &file.pieces[i]);
    if (store_chunk_of(owning->store, &op->id, 0, &sealed) == STATUS_OK)
        needles_add_pieces(owning->needles, owning->owner, "a private file, sealed",
                           bytes_of(sealed.data, sealed.len < 32 ? sealed.len : 32));
    buf_deinit(&sealed);
}

static enum status add_op(void *context, const struct store_op *row)
{
    struct owning *owning = context;
    if (row->tree != TREE_PRIVATE)
        return STATUS_OK;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    op_trust(&op, &row->id);
    if (op_rebuild(&op) != STATUS_OK)
        return STATUS_NO_MEMORY;
    add_file(owning, &op);
    if (op.is_founding)
        add_id(owning, "the id of a case", &row->id);
    else
        add_id(owning, "the id of a case's op", &row->id);
    needles_add_pieces(owning->needles, owning->owner, "a private op's secret",
                       bytes_of(op.secret, op.has_secret ? OP_SECRET_SIZE : 0));
    needles_add_pieces(owning->needles, owning->owner, "a private op's signature",
                       bytes_of(op.signature, OP_SIGNATURE_SIZE));
    for (uint32_t i = 0; i < op.fields_len; i++) {
        needles_add_pieces(owning->needles, owning->owner, "a private op's commitment",
                           bytes_of(op.fields[i].commitment, ID_SIZE));
        needles_add_pieces(
            owning->needles, owning->owner, "a private op's salt",
            bytes_of(op.fields[i].salt, op.fields[i].is_shown ? OP_SALT_SIZE : 0));
    }
    add_origin_salt(owning, &op);
    return STATUS_OK;
}

static void add_all(struct sim *sim, struct needles *needles)
{
    add_texts(needles, canary_of(sim));
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *host = sim->hosts[i];
        if (sim_liar_is(host) || host->config.store == NULL)
            continue; /* it may say what is its own; it is lost */
        int site = sim_host_site(host);
        struct owning owning = {host->config.store, needles, site};
        if (store_ops_all(host->config.store, 1, add_op, &owning) != STATUS_OK &&
            host->is_sound)
            sim_fail(sim, "I14", "%s: its ops cannot be read", host->address);
        /* A file has them once they are other ones than node.key was written with. */
        int keys_of = host->former_len == 0 ? NOT_EVEN_ITS_OWNERS : site;
        needles_add_pieces(needles, site, "a steward's key",
                           bytes_of(host->steward_seed, 32));
        needles_add_pieces(needles, keys_of, "a node's key",
                           bytes_of(host->config.node_seed, 32));
        needles_add_pieces(needles, keys_of, "a node's key",
                           bytes_of(host->config.noise_secret, 32));
    }
}

/* --- where it must not be --- */

/* Whatever goes to another site or into a log: nobody may name anything private there. */
static void look_at_seen(struct sim *sim, const struct needles *needles)
{
    for (uint32_t i = 0; i < sim->seen.len && !sim_has_failed(sim); i++) {
        const struct sight *sight = &sim->seen.sights[i];
        const char *what =
            needles_find(needles, sim_seen_bytes(&sim->seen, sight), NEEDLE_NOBODY);
        if (what != NULL)
            sim_fail(sim, "I3", "%s, %s of %s at %llu ms", what,
                     sim_seen_word(sight->kind), sim->hosts[sight->host]->address,
                     (unsigned long long)sight->ms);
    }
}

static void look_at_disk(struct sim_host *host, const struct needles *needles)
{
    static const struct {
        const char *name;
        struct novel_layout layout;
    } files[] = {
        {"node.db", {0, 0, CRASH_SECTOR}},
        {"node.db-wal", {32, 24, CRASH_SECTOR}},
        {"node.db-journal", {0, 0, CRASH_SECTOR}},
    };
    struct novel *novel = novel_new(NEEDLE_MAX - 1);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        size_t len, at = 0;
        const uint8_t *data = crash_vfs_file(host->disk, files[i].name, &len);
        struct bytes part;
        while (data != NULL &&
               novel_next(novel, bytes_of(data, len), &files[i].layout, &at, &part)) {
            const char *what = needles_find(needles, part, sim_host_site(host));
            if (what != NULL)
                sim_fail(host->sim, "I3", "%s of another site, in %s of %s", what,
                         files[i].name, host->address);
        }
    }
    novel_free(novel);
}

void watch_canary_end(struct sim *sim)
{
    struct needles *needles = needles_new();
    add_all(sim, needles);
    look_at_seen(sim, needles);
    for (int i = 0; i < sim->hosts_len; i++)
        look_at_disk(sim->hosts[i], needles);
    needles_free(needles);
}
