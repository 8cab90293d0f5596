/*
 * op: one signed statement in a scope. docs/PROTOCOL.md §3 is the format; this header is
 * the only place where its bytes become a struct.
 *
 *   header    what is signed: names and commitments of the fields, no values
 *   contents  salts and values of the fields that this copy may show
 *   op bytes  header without commitments of shown fields ‖ contents ‖ signature
 */
#ifndef FENGQIAO_PROTO_OP_H
#define FENGQIAO_PROTO_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/rng.h"
#include "crypto/sign.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/limits.h"
#include "proto/pack.h"

#define ID_SIZE 32
#define OP_VERSION 16
#define OP_VERSION_MAJOR(version) ((version) >> 4)
#define OP_SALT_SIZE 16
#define OP_SECRET_SIZE 32
#define OP_SIGNATURE_SIZE 64
#define OP_NAMESPACE "op@fengqiao"

struct id {
    uint8_t bytes[ID_SIZE];
};

enum wall_quality { WALL_NONE, WALL_PEER, WALL_RTC, WALL_NTP };

struct op_field {
    struct bytes name;  /* borrowed */
    struct bytes value; /* canonical encoding, borrowed; only where shown */
    uint8_t salt[OP_SALT_SIZE];
    uint8_t commitment[ID_SIZE];
    bool is_shown;
};

/* A decoded or composed op. Names and values borrow from the bytes it was decoded from
 * (or from its composer), which must outlive it. */
struct op {
    struct id id; /* valid after op_seal, op_rebuild */
    uint64_t version;
    struct id scope; /* founding op: its own id */
    bool is_founding;
    struct bytes kind; /* borrowed */
    uint8_t author[ID_SIZE];
    uint32_t authority_len;
    struct id authority[OP_AUTHORITY_MAX];
    uint32_t parents_len;
    struct id parents[OP_PARENTS_MAX];
    uint64_t time;
    uint64_t wall;
    enum wall_quality quality;
    uint32_t fields_len;
    struct op_field fields[OP_FIELDS_MAX];
    bool has_secret; /* every field is shown, derived from secret */
    uint8_t secret[OP_SECRET_SIZE];
    uint8_t signature[OP_SIGNATURE_SIZE];
};

/* The ids that a wire message names once. */
struct op_dictionary {
    const struct id *ids;
    uint32_t len;
};

bool id_equal(const struct id *a, const struct id *b);
int id_compare(const struct id *a, const struct id *b);

/* H("fengqiao/1/network", name). */
void network_id(struct id *out, const char *name);
/* H("fengqiao/1/heads", …): what a scope has come to, in 32 bytes. heads ascending. */
void scope_digest(struct id *out, const struct id *scope, const struct id *heads,
                  size_t len);

/*
 * Composing: zero the op, set kind, author, scope (or is_founding), authority, parents,
 * time, wall; add fields in any order; then op_seal. value is canonical MessagePack,
 * borrowed. TOO_LARGE, EXISTS.
 */
enum status op_add_field(struct op *op, const char *name, struct bytes value) MUST_USE;
enum status op_add_parent(struct op *op, const struct id *parent) MUST_USE;
enum status op_add_authority(struct op *op, const struct id *head) MUST_USE;

/* Sorts, draws the secret, makes salts, commitments, signature and id. seed: 32 bytes.
 * TOO_LARGE, NO_MEMORY. */
enum status op_seal(struct op *op, const struct id *network,
                    const uint8_t seed[static 32], const struct rng *rng) MUST_USE;
/* The same for one who signs often. */
enum status op_seal_with(struct op *op, const struct id *network,
                         const struct sign_pair *pair, const struct rng *rng) MUST_USE;

/* Decodes one op at the reader (an array of 11). dictionary NULL: references are refused.
 * Checks form only: neither commitments nor id are filled in. INVALID, UNSUPPORTED,
 * TOO_LARGE. */
enum status op_decode(struct op *op, struct pack_reader *reader,
                      const struct op_dictionary *dictionary, struct err *err) MUST_USE;
/* One op and nothing behind it, without a dictionary. */
enum status op_decode_bytes(struct op *op, struct bytes bytes, struct err *err) MUST_USE;

/* Fills in salts, commitments and id; scope too, where founding. NO_MEMORY. */
enum status op_rebuild(struct op *op) MUST_USE;
/* op_rebuild's cheaper half, for ops from our own disk, whose id is known: salts only. */
void op_trust(struct op *op, const struct id *id);

/* The strict rule but for the order of the author's key (see sign_key_is_sound), over the
 * rebuilt header. */
bool op_verify(const struct op *op, const struct id *network);
/* The same for whoever draws a conclusion: UNVERIFIED, or NO_MEMORY, which says nothing
 * about the op. */
enum status op_check_signature(const struct op *op, const struct id *network) MUST_USE;

/* Appends op bytes. show: bit i set shows field i if this copy has it; ~0 shows all.
 * Needs commitments (op_seal or op_rebuild) where a field is withheld. */
void op_encode(const struct op *op, uint32_t show, struct buf *out);
/* The same with references into a dictionary, for the wire: ids found there become
 * indices. */
void op_encode_wire(const struct op *op, uint32_t show,
                    const struct op_dictionary *dictionary, struct buf *out);
/* Appends the header (needs commitments). */
void op_encode_header(const struct op *op, struct buf *out);

/* Does this copy show a field that is not among these? keeps: as in op_encode. */
bool op_shows_more(const struct op *op, uint32_t keeps);

/* Are the shown values together at most OP_VALUES_MAX? */
bool op_values_fit(const struct op *op);

/* The field of that name, or NULL. */
const struct op_field *op_field(const struct op *op, const char *name);
/* The value of a shown field; false where it is missing, withheld or of another type. */
bool op_text(const struct op *op, const char *name, struct bytes *text);
bool op_uint(const struct op *op, const char *name, uint64_t *number);
bool op_id(const struct op *op, const char *name, struct id *id);
bool op_is_kind(const struct op *op, const char *kind);

/* H("fengqiao/1/field", …): checks a value that an `open` op brings. */
void op_commitment(uint8_t out[static ID_SIZE], const uint8_t salt[static OP_SALT_SIZE],
                   struct bytes name, struct bytes value);

#endif
