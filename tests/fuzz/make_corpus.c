/*
 * make_corpus: writes the seeds that nobody would type, as hexadecimal text:
 *   fuzz_make_corpus tests/fuzz/corpus
 * The other seeds are written by hand. Deterministic: a second run changes nothing.
 */
#include "fuzz.h"

#include "crypto/age_writer.h"
#include "crypto/key.h"
#include "crypto/rng.h"
#include "proto/negentropy.h"
#include "proto/negentropy_set.h"
#include "proto/op.h"
#include "proto/tlog_proof.h"
#include "proto/witness_request.h"
#include "proto/words.h"
#include "tests/support/forked.h"

#include <sodium.h>

static const char *root;

static void write_seed(const char *target, const char *name, const char *comment,
                       struct bytes bytes)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s/%s.hex", root, target, name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    fprintf(file, "# %s", comment);
    for (size_t i = 0; i < bytes.len; i++)
        fprintf(file, "%s%02x", i % 40 == 0 ? "\n" : "", bytes.data[i]);
    fputc('\n', file);
    HOLDS(fclose(file) == 0);
}

/* --- ops: flags(1) ‖ show(4) ‖ op bytes --- */

static void write_op(const char *name, const char *comment, const struct op *op,
                     uint32_t shown, const struct op_dictionary *dictionary)
{
    struct buf seed = {0};
    buf_add_u8(&seed, dictionary != NULL);
    buf_add_u32(&seed, 2);
    op_encode_wire(op, shown, dictionary, &seed);
    write_seed("op", name, comment, buf_bytes(&seed));
    buf_deinit(&seed);
}

static void add_text(struct op *op, struct buf *memory, const char *name,
                     const char *text)
{
    size_t at = memory->len;
    HOLDS(buf_reserve(memory, 256) != NULL);
    pack_str(memory, text);
    HOLDS(op_add_field(op, name, bytes_of(memory->data + at, memory->len - at)) ==
          STATUS_OK);
}

static void write_ops(void)
{
    static struct op founding, note;
    struct buf memory = {0};
    struct rng_keyed *keyed = rng_keyed_new(1, 1);
    HOLDS(keyed != NULL && buf_reserve(&memory, 4096) != NULL);
    struct rng rng = rng_keyed_rng(keyed);
    struct id network, ids[2];
    struct op_dictionary dictionary = {ids, 2};
    uint8_t seed[KEY_SEED_SIZE];
    memset(seed, 7, sizeof(seed));
    network_id(&network, "fengqiao");
    memset(ids[0].bytes, 0x11, ID_SIZE);
    memset(ids[1].bytes, 0x22, ID_SIZE);

    founding = (struct op){.kind = bytes_str("case-new"), .is_founding = true, .time = 1};
    HOLDS(op_add_authority(&founding, &ids[0]) == STATUS_OK);
    add_text(&founding, &memory, "number", "2026-001");
    add_text(&founding, &memory, "title", "水渠");
    add_text(&founding, &memory, "narrative", "a wall and a ditch");
    HOLDS(op_seal(&founding, &network, seed, &rng) == STATUS_OK);
    write_op("founding", "a founding op, everything shown", &founding, ~0u, NULL);
    write_op("withheld", "the same, one field by its commitment", &founding, 5, NULL);
    write_op("nothing", "the same, nothing shown", &founding, 0, NULL);

    note = (struct op){.kind = bytes_str("note"), .time = 300, .wall = 1767225600};
    note.scope = ids[0];
    note.quality = WALL_NTP;
    HOLDS(op_add_authority(&note, &ids[0]) == STATUS_OK);
    HOLDS(op_add_authority(&note, &ids[1]) == STATUS_OK);
    HOLDS(op_add_parent(&note, &ids[0]) == STATUS_OK);
    HOLDS(op_add_parent(&note, &ids[1]) == STATUS_OK);
    add_text(&note, &memory, "text", "seen");
    HOLDS(op_seal(&note, &network, seed, &rng) == STATUS_OK);
    write_op("note", "an op with two parents", &note, ~0u, NULL);
    write_op("dictionary", "the same with references", &note, ~0u, &dictionary);
    write_op("dictionary-withheld", "references, nothing shown", &note, 0, &dictionary);

    founding.kind = bytes_str("found");
    founding.authority_len = 0;
    founding.fields_len = 0;
    HOLDS(op_seal(&founding, &network, seed, &rng) == STATUS_OK);
    write_op("empty", "no authority and no field", &founding, ~0u, NULL);
    rng_keyed_free(keyed);
    buf_deinit(&memory);
}

/* --- negentropy: flags(1) ‖ len(1) ‖ message --- */

static void write_negentropy(const char *name, const char *comment, uint8_t flags,
                             size_t items)
{
    struct negentropy_set set;
    struct negentropy n;
    struct buf seed = {0};
    negentropy_set_init(&set);
    for (size_t i = 0; i < items; i++) {
        uint8_t id[NEGENTROPY_ID_SIZE];
        memset(id, (int)(37 * i), sizeof(id));
        HOLDS(negentropy_set_add(&set, i / 2, id) == STATUS_OK);
    }
    HOLDS(negentropy_set_seal(&set) == STATUS_OK);
    negentropy_init(&n, negentropy_set_source(&set), 0);
    buf_add_u8(&seed, flags);
    buf_add_u8(&seed, 200);
    HOLDS(negentropy_initiate(&n, &seed) == STATUS_OK);
    write_seed("negentropy", name, comment, buf_bytes(&seed));
    buf_deinit(&seed);
    negentropy_deinit(&n);
    negentropy_set_deinit(&set);
}

/* --- keys --- */

static void write_keys(void)
{
    uint8_t key[KEY_SIZE], wrapped[8 + 32 + 8 + 16 + 24 + 48] = "FQKEY\0\1";
    char text[KEY_TEXT_SIZE];
    for (int i = 0; i < KEY_SIZE; i++)
        key[i] = (uint8_t)(i * 7);
    write_seed("key_text", "key", "32 bytes of a key", bytes_of(key, sizeof(key)));
    key_to_text(text, "fqk1", key);
    write_seed("key_text", "text", "the text of a key", bytes_str(text));
    text[10] = (char)(text[10] ^ 0x20);
    write_seed("key_text", "loud", "one letter in upper case", bytes_str(text));
    key_to_text(text, "fqs1", key);
    write_seed("key_text", "site", "the text of a site", bytes_str(text));
    char hex[2 * KEY_SIZE + 1];
    hex_encode(hex, key, KEY_SIZE);
    write_seed("key_text", "digits", "a key in digits", bytes_str(hex));

    memcpy(wrapped + 8, key, KEY_SIZE);
    wrapped[43] = 3;
    wrapped[46] = 0;
    wrapped[45] = 1;
    write_seed("wrap_header", "ours", "the costs that we write", bytes_of(wrapped, 136));
    wrapped[45] = 0;
    wrapped[47] = 8;
    wrapped[43] = 1;
    write_seed("wrap_header", "least", "the least costs", bytes_of(wrapped, 136));
    wrapped[44] = 0xff;
    write_seed("wrap_header", "costly", "a cost above ours", bytes_of(wrapped, 136));
    write_seed("wrap_header", "short", "cut before the salt", bytes_of(wrapped, 48));
}

static void write_words(void)
{
    char code[WORDS_CODE_SIZE];
    uint8_t dice[12];
    for (uint8_t i = 0; i < sizeof(dice); i++)
        dice[i] = (uint8_t)(i * 41);
    write_seed("words", "dice", "twelve bytes", bytes_of(dice, sizeof(dice)));
    words_code(code, dice);
    write_seed("words", "code", "a code", bytes_str(code));
    code[strlen(code) - 1] = 'x';
    write_seed("words", "unknown", "the last word is unknown", bytes_str(code));
    write_seed("words", "loud", "other case, other signs between the words",
               bytes_str(" BABAN,baBan-baban\tbaban  baban,\nbaban \r"));
    write_seed("words", "few", "five words", bytes_str("baban baban baban baban baban"));
}

/* --- age: armored and size of pieces(1) ‖ file --- */

static bool keep(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

static void add_armored(struct buf *out, struct bytes file)
{
    char line[65];
    buf_add(out, "-----BEGIN AGE ENCRYPTED FILE-----\n", 35);
    for (size_t at = 0; at < file.len; at += 48) {
        size_t len = file.len - at < 48 ? file.len - at : 48;
        sodium_bin2base64(line, sizeof(line), file.data + at, len,
                          sodium_base64_VARIANT_ORIGINAL);
        buf_add(out, line, strlen(line));
        buf_add_u8(out, '\n');
    }
    buf_add(out, "-----END AGE ENCRYPTED FILE-----\n", 33);
}

static void write_age(const char *name, const char *comment, const char *text)
{
    static struct age_writer writer;
    static const uint8_t secret[KEY_SIZE] = {7, 1}, stranger[KEY_SIZE] = {5};
    uint8_t recipients[2][KEY_SIZE];
    char armored[64];
    struct buf seed = {0}, file = {0};
    struct rng_keyed *keyed = rng_keyed_new(3, strlen(text));
    HOLDS(keyed != NULL);
    struct rng rng = rng_keyed_rng(keyed);
    key_dh_public(recipients[0], stranger);
    key_dh_public(recipients[1], secret);
    HOLDS(age_writer_begin(&writer, recipients, 2, &rng, NULL, keep, &file) == AGE_MORE);
    HOLDS(age_writer_put(&writer, text, strlen(text)) == AGE_MORE);
    HOLDS(age_writer_end(&writer) == AGE_WHOLE);
    buf_add_u8(&seed, 32);
    buf_add(&seed, file.data, file.len);
    write_seed("age", name, comment, buf_bytes(&seed));
    buf_clear(&seed);
    buf_add_u8(&seed, 33);
    add_armored(&seed, buf_bytes(&file));
    (void)snprintf(armored, sizeof(armored), "%s-armored", name);
    write_seed("age", armored, "the same as text", buf_bytes(&seed));
    buf_deinit(&seed);
    buf_deinit(&file);
    rng_keyed_free(keyed);
}

/* --- notes: which(1) ‖ place(2) ‖ change(1) ‖ bytes --- */

static void write_note_seed(const char *seed_name, const char *comment, uint8_t kind,
                            struct bytes bytes)
{
    struct buf seed = {0};
    buf_add_u8(&seed, kind);
    buf_add_u16(&seed, 5);
    buf_add_u8(&seed, 1);
    buf_add(&seed, bytes.data, bytes.len);
    write_seed("note", seed_name, comment, buf_bytes(&seed));
    buf_deinit(&seed);
}

static void write_notes(void)
{
    static const uint8_t seed[KEY_SEED_SIZE] = {7};
    const struct bytes log = bytes_str("seal.example/石桥"), witness = bytes_str("w1");
    struct merkle_hash hashes[2];
    struct buf text = {0}, note = {0}, out = {0};
    struct sign_pair pair;
    struct forked forked;
    struct note_key key;
    sign_pair_init(&pair, seed);
    merkle_leaf(&hashes[0], "a", 1);
    merkle_leaf(&hashes[1], "b", 1);
    checkpoint_write(&text, log, 3, &hashes[0]);
    write_note_seed("checkpoint", "a checkpoint", 1, buf_bytes(&text));
    note_add_text(&note, buf_bytes(&text));
    note_sign(&note, &pair, log, buf_bytes(&text));
    note_cosign(&note, &pair, witness, 1767225600, buf_bytes(&text));
    write_note_seed("note", "signed and cosigned", 0, buf_bytes(&note));
    witness_request_write(&out, 2, hashes, 2, buf_bytes(&note));
    write_note_seed("request", "a request to a witness", 2, buf_bytes(&out));
    buf_clear(&out);
    tlog_proof_write(&out, bytes_str(""), 2, hashes, 1, buf_bytes(&note));
    write_note_seed("proof", "a proof in a file", 3, buf_bytes(&out));
    buf_clear(&out);
    tlog_proof_write(&out, bytes_str("more"), 0, hashes, 2, buf_bytes(&note));
    write_note_seed("proof-extra", "with something extra", 3, buf_bytes(&out));
    buf_clear(&out);
    note_key_init(&key, log, NOTE_ED25519, sign_pair_key(&pair));
    note_key_write(&out, &key);
    write_note_seed("key", "the key of a log", 4, buf_bytes(&out));
    buf_clear(&out);
    note_key_init(&key, witness, NOTE_COSIGNATURE, sign_pair_key(&pair));
    note_key_write(&out, &key);
    write_note_seed("key-witness", "the key of a witness", 4, buf_bytes(&out));
    buf_add(&text, "more\nand more\n", 14);
    write_note_seed("extension", "a checkpoint with more lines", 1, buf_bytes(&text));
    buf_clear(&out);
    note_add_text(&out, bytes_str("a\n\nb\n"));
    buf_add(&out, "— c AAAAAAA=\n— 镇 AAAAAAAA\n", 32);
    write_note_seed("strangers", "a text of three lines, keys unknown", 0,
                    buf_bytes(&out));
    forked_init(&forked, seed);
    buf_clear(&out);
    forked_proof(&forked, SEAL_PROOF_FORK, &out);
    write_note_seed("seal-fork", "a proof of two histories", 5, buf_bytes(&out));
    buf_clear(&out);
    forked_proof(&forked, SEAL_PROOF_BACK, &out);
    write_note_seed("seal-back", "a proof of fewer seals", 5, buf_bytes(&out));
    buf_deinit(&text);
    buf_deinit(&note);
    buf_deinit(&out);
}

/* --- fold: order(4) ‖ omitted(2) ‖ sizes(1) ‖ what dice say --- */

static void write_fold(const char *name, const char *comment, uint8_t sizes,
                       uint64_t dice)
{
    uint8_t seed[360] = {0, 0, 0, (uint8_t)dice, 0, 0, sizes};
    struct rng_keyed *keyed = rng_keyed_new(2, dice);
    HOLDS(keyed != NULL);
    struct rng rng = rng_keyed_rng(keyed);
    rng_fill(&rng, "fold", NULL, seed + 7, sizeof(seed) - 7);
    write_seed("fold", name, comment, bytes_of(seed, sizeof(seed)));
    rng_keyed_free(keyed);
}

static void write_folds(void)
{
    write_fold("case-1", "a case, charters as founded", 0x00, 1);
    write_fold("case-2", "a case, charters as founded", 0x00, 2);
    write_fold("case-3", "a case, a long charter of its own site", 0x07, 3);
    write_fold("case-4", "a case, two charters", 0x1b, 4);
    write_fold("escalation-1", "an escalation, charters as founded", 0x40, 5);
    write_fold("escalation-2", "an escalation, charters as founded", 0x40, 6);
    write_fold("escalation-3", "an escalation, two charters", 0x5b, 7);
    write_fold("escalation-4", "an escalation, a long charter of the other site", 0x78,
               8);
    write_fold("escalation-5", "an escalation, charters as founded", 0x40, 9);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return 2;
    }
    root = argv[1];
    write_ops();
    write_negentropy("list", "answer an id list", 0, 5);
    write_negentropy("fingerprints", "answer 16 fingerprints", 1, 40);
    write_negentropy("matched", "continue with an id list", 2, 5);
    write_negentropy("finer", "continue with 16 fingerprints", 3, 40);
    write_keys();
    write_words();
    write_age("empty", "a file of nothing", "");
    write_age("note", "a short text, for two", "第三户同意先修渠。");
    write_notes();
    write_folds();
    return 0;
}
