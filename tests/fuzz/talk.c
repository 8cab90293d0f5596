#include "talk.h"

#include "crypto/wrap.h"
#include "forge.h"
#include "node/cases/view.h"
#include "node/core/pair.h"
#include "node/core/session.h"
#include "node/core/share.h"
#include "proto/negentropy.h"
#include "proto/negentropy_set.h"
#include "talk_seal.h"

#define EPOCH_2020 1577836800u /* negentropy's clock, PROTOCOL.md §8 */
#define UNACKED_MAX 32
#define OPS_MAX 16
#define KEPT_MAX 128
#define NEG_MAX 4096

struct sent {
    struct id ids[OPS_MAX]; /* of those that verify */
    uint32_t len;
};

/* What was heard on a connection. */
struct heard {
    uint64_t round;
    uint8_t neg[NEG_MAX];
    size_t neg_len;
    struct id digest;
    uint32_t to_ack; /* messages of ops that we have not acknowledged */
    struct sent unacked[UNACKED_MAX];
    uint32_t unacked_len;
};

static struct rig *rig;
static struct heard heard[RIG_CONNS];
static struct id kept[KEPT_MAX];
static uint32_t kept_len;
static struct id last_forged;
static uint8_t psk[32];

static struct heard *heard_of(const struct rig_conn *conn)
{
    return &heard[conn - rig->conns];
}

/* Its arrays are large and need no zeros. */
static void forget(struct heard *from)
{
    from->round = 0;
    from->neg_len = 0;
    from->digest = (struct id){{0}};
    from->to_ack = from->unacked_len = 0;
}

/* --- hearing --- */

static bool is_set_apart(const struct id *id)
{
    bool has = false;
    HOLDS(store_quarantine_has(rig->store, id, &has) == STATUS_OK);
    return has;
}

static void check_acked(const struct sent *sent)
{
    for (uint32_t i = 0; i < sent->len; i++) {
        struct store_place place;
        enum status status = store_op_find(rig->store, &sent->ids[i], &place);
        HOLDS(status == STATUS_OK || is_set_apart(&sent->ids[i]));
        if (status == STATUS_OK && !place.waits && kept_len < KEPT_MAX)
            kept[kept_len++] = sent->ids[i];
    }
}

void talk_check_kept(void)
{
    for (uint32_t i = 0; i < kept_len; i++) {
        struct store_place place;
        HOLDS(store_op_find(rig->store, &kept[i], &place) == STATUS_OK);
    }
}

static void check_refused(struct pack_reader *reader)
{
    uint32_t left;
    uint64_t position, before = 0;
    HOLDS(pack_read_array(reader, &left, NULL) == STATUS_OK);
    for (uint32_t i = 0; i < left; i++) {
        HOLDS(pack_read_uint(reader, &position, NULL) == STATUS_OK);
        HOLDS(i == 0 || position > before);
        before = position;
    }
}

static void hear_ack(struct heard *from, struct pack_reader *reader)
{
    uint64_t count;
    HOLDS(pack_read_uint(reader, &count, NULL) == STATUS_OK);
    HOLDS(count > 0 && count <= from->unacked_len);
    for (uint64_t i = 0; i < count; i++)
        check_acked(&from->unacked[i]);
    check_refused(reader);
    from->unacked_len -= (uint32_t)count;
    memmove(from->unacked, from->unacked + count,
            from->unacked_len * sizeof(from->unacked[0]));
}

static const struct id *site_of(const struct rig_conn *conn)
{
    enum rig_site site = conn->reader == RIG_READER_XIKOU    ? RIG_XIKOU
                         : conn->reader == RIG_READER_COUNTY ? RIG_COUNTY
                                                             : RIG_OUTSIDE;
    return &rig->keys[site].site;
}

static void hear_ops(const struct rig_conn *conn, struct pack_reader *reader)
{
    static struct id ids[DICTIONARY_MAX];
    static struct op op;
    struct id_list scopes = {0};
    uint32_t ids_len, ops_len;
    uint64_t skipped;
    HOLDS(share_scopes(rig->core, site_of(conn), &scopes) == STATUS_OK);
    HOLDS(pack_read_array(reader, &ids_len, NULL) == STATUS_OK);
    HOLDS(ids_len <= DICTIONARY_MAX);
    for (uint32_t i = 0; i < ids_len; i++)
        HOLDS(pack_read_fixed(reader, ids[i].bytes, ID_SIZE, NULL) == STATUS_OK);
    struct op_dictionary dictionary = {ids, ids_len};
    HOLDS(pack_read_array(reader, &ops_len, NULL) == STATUS_OK);
    for (uint32_t i = 0; i < ops_len; i++) {
        HOLDS(op_decode(&op, reader, &dictionary, NULL) == STATUS_OK);
        HOLDS(op_rebuild(&op) == STATUS_OK);
        HOLDS(op_verify(&op, &rig->network));
        HOLDS(id_list_has(&scopes, &op.scope));
    }
    HOLDS(pack_read_uint(reader, &skipped, NULL) == STATUS_OK);
    heard_of(conn)->to_ack++;
    id_list_deinit(&scopes);
}

/* The node holds no file that went up: whatever it is asked for, it has nothing. */
static void hear_piece(struct pack_reader *reader)
{
    struct id op;
    uint64_t number;
    struct bytes piece;
    HOLDS(pack_read_fixed(reader, op.bytes, ID_SIZE, NULL) == STATUS_OK);
    HOLDS(pack_read_uint(reader, &number, NULL) == STATUS_OK);
    HOLDS(pack_read_bin(reader, &piece, NULL) == STATUS_OK && piece.len == 0);
}

static void hear_message(void *context, struct rig_conn *conn, struct bytes message)
{
    struct heard *from = heard_of(conn);
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name, neg;
    (void)context;
    HOLDS(pack_read_array(&reader, &elements, NULL) == STATUS_OK);
    HOLDS(pack_read_str(&reader, &name, NULL) == STATUS_OK);
    if (bytes_equal_str(name, "neg")) {
        HOLDS(pack_read_uint(&reader, &from->round, NULL) == STATUS_OK);
        HOLDS(pack_read_bin(&reader, &neg, NULL) == STATUS_OK);
        from->neg_len = neg.len < NEG_MAX ? neg.len : 0;
        memcpy(from->neg, neg.data, from->neg_len);
        if (elements == 4)
            HOLDS(pack_read_fixed(&reader, from->digest.bytes, ID_SIZE, NULL) ==
                  STATUS_OK);
    } else if (bytes_equal_str(name, "same")) {
        HOLDS(pack_read_uint(&reader, &from->round, NULL) == STATUS_OK);
    } else if (bytes_equal_str(name, "ack")) {
        hear_ack(from, &reader);
    } else if (bytes_equal_str(name, "ops")) {
        hear_ops(conn, &reader);
    } else if (bytes_equal_str(name, "piece")) {
        hear_piece(&reader);
    } else if (bytes_equal_str(name, "checkpoint") ||
               bytes_equal_str(name, "cosignature") ||
               bytes_equal_str(name, "witnessed")) {
        talk_seal_hear(name, &reader);
    } else if (bytes_equal_str(name, "done")) {
        HOLDS(pack_read_uint(&reader, &from->round, NULL) == STATUS_OK);
        HOLDS(pack_read_fixed(&reader, from->digest.bytes, ID_SIZE, NULL) == STATUS_OK);
    } else {
        HOLDS(bytes_equal_str(name, "hello") || bytes_equal_str(name, "want") ||
              bytes_equal_str(name, "again") || bytes_equal_str(name, "charters") ||
              bytes_equal_str(name, "linked") || bytes_equal_str(name, "fetch") ||
              bytes_equal_str(name, "instance") || bytes_equal_str(name, "copy"));
        return;
    }
    HOLDS(pack_at_end(&reader));
}

static void hear_reply(void *context, struct bytes reply)
{
    struct pack_reader reader = pack_reader_of(reply);
    uint32_t elements;
    uint64_t number;
    struct bytes name, result, code;
    (void)context;
    HOLDS(pack_read_array(&reader, &elements, NULL) == STATUS_OK && elements == 3);
    HOLDS(pack_read_uint(&reader, &number, NULL) == STATUS_OK);
    HOLDS(pack_read_str(&reader, &name, NULL) == STATUS_OK);
    HOLDS(pack_value(&reader, 1, &result, NULL) == STATUS_OK && pack_at_end(&reader));
    if (bytes_equal_str(name, "OK") && view_map_text(result, "code", &code))
        HOLDS(wrap_stretch(psk, (const char *)code.data, code.len));
}

static void hear_closed(void *context, struct rig_conn *conn)
{
    (void)context;
    forget(heard_of(conn));
}

struct rig_ears talk_start(struct rig *of)
{
    rig = of;
    for (int i = 0; i < RIG_CONNS; i++)
        forget(&heard[i]);
    memset(psk, 0, sizeof(psk));
    kept_len = 0;
    talk_seal_start(of);
    last_forged = of->ops[0].id;
    return (struct rig_ears){hear_message, hear_reply, hear_closed, of};
}

const uint8_t *talk_psk(void)
{
    return psk;
}

/* --- saying --- */

/* The ops of a message that the node will find in order, as it will read them. */
static bool note_ops(struct bytes message, struct sent *sent)
{
    static struct id ids[DICTIONARY_MAX];
    static struct op op;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements, ids_len, ops_len;
    struct bytes name, raw;
    sent->len = 0;
    bool is_ops = pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
                  pack_read_str(&reader, &name, NULL) == STATUS_OK && elements == 4 &&
                  bytes_equal_str(name, "ops") &&
                  pack_read_array(&reader, &ids_len, NULL) == STATUS_OK &&
                  ids_len <= DICTIONARY_MAX;
    for (uint32_t i = 0; is_ops && i < ids_len; i++)
        is_ops = pack_read_fixed(&reader, ids[i].bytes, ID_SIZE, NULL) == STATUS_OK;
    is_ops = is_ops && pack_read_array(&reader, &ops_len, NULL) == STATUS_OK;
    for (uint32_t i = 0; is_ops && i < ops_len; i++) {
        struct op_dictionary dictionary = {ids, ids_len};
        if (pack_value(&reader, 0, &raw, NULL) != STATUS_OK)
            return false;
        struct pack_reader alone = pack_reader_of(raw);
        if (sent->len < OPS_MAX &&
            op_decode(&op, &alone, &dictionary, NULL) == STATUS_OK &&
            op_rebuild(&op) == STATUS_OK && op_verify(&op, &rig->network))
            sent->ids[sent->len++] = op.id;
    }
    return is_ops;
}

void talk_send(struct rig_conn *conn, struct bytes message)
{
    struct heard *to = heard_of(conn);
    if (to->unacked_len < UNACKED_MAX && note_ops(message, &to->unacked[to->unacked_len]))
        to->unacked_len++;
    rig_unit(rig, conn, 'M', message);
}

void talk_hello(struct buf *out, struct fuzz_input *input)
{
    pack_array(out, 3);
    pack_str(out, "hello");
    pack_uint(out, SESSION_MINOR);
    pack_bin(out, rig->keys[fuzz_u8(input) % RIG_SITES].site.bytes, ID_SIZE);
}

struct filling {
    struct negentropy_set *set;
    uint8_t mask;
    uint32_t at;
};

static enum status add_item(void *context, uint64_t wall, const struct id *id)
{
    struct filling *filling = context;
    if (filling->mask >> (filling->at++ & 7) & 1)
        return STATUS_OK;
    return negentropy_set_add(filling->set, wall - EPOCH_2020, id->bytes);
}

/* What the pair shares, but for every item whose bit is in mask; and, with bit 7, what
 * the node has not seen yet. */
static void fill_set(const struct rig_conn *conn, struct negentropy_set *set,
                     uint8_t mask)
{
    struct id_list scopes = {0};
    struct filling filling = {set, mask, 0};
    negentropy_set_init(set);
    HOLDS(share_scopes(rig->core, site_of(conn), &scopes) == STATUS_OK);
    for (uint32_t i = 0; i < scopes.len; i++)
        HOLDS(store_scope_items(rig->store, &scopes.ids[i], add_item, &filling) ==
              STATUS_OK);
    for (uint32_t i = 0; (mask & 128) && i < rig->ops_len; i++)
        if (!rig->ops[i].is_here)
            HOLDS(negentropy_set_add(set, i, rig->ops[i].id.bytes) == STATUS_OK);
    HOLDS(negentropy_set_seal(set) == STATUS_OK);
    id_list_deinit(&scopes);
}

/* flags(1): bits 0 and 1 raw bytes, a probe, fingerprints, the answer to the last one;
 * bits 2 and 3 the round: that of the node, the next, another; bit 4 a digest where there
 * should be none, or none; bit 5 a wrong one; bit 6
 * "same" instead ‖ mask(1) or len(1) */
void talk_neg(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input)
{
    const struct heard *from = heard_of(conn);
    struct negentropy_set set;
    struct negentropy n;
    struct buf neg = {0};
    uint8_t flags = fuzz_u8(input), mask = fuzz_u8(input);
    uint64_t round = (flags >> 2 & 3) == 3 ? mask : from->round + (flags >> 2 & 3);
    if (flags & 64) {
        pack_array(out, 2);
        pack_str(out, "same");
        pack_uint(out, round);
        return;
    }
    if ((flags & 3) == 0) {
        struct bytes raw = fuzz_take(input, mask);
        buf_add(&neg, raw.data, raw.len);
    } else {
        enum status status;
        fill_set(conn, &set, mask);
        negentropy_init(&n, negentropy_set_source(&set), 0);
        if ((flags & 3) == 1)
            status = negentropy_probe(&n, &neg);
        else if ((flags & 3) == 2)
            status = negentropy_initiate(&n, &neg);
        else
            status =
                negentropy_answer(&n, bytes_of(from->neg, from->neg_len), &neg, NULL);
        HOLDS(status == STATUS_OK || from->neg_len == 0);
        negentropy_deinit(&n);
        negentropy_set_deinit(&set);
    }
    bool has_digest = (round != from->round) != ((flags & 16) != 0);
    struct id digest = {{flags}};
    uint64_t scopes_len;
    if (has_digest && (flags & 32) == 0) {
        enum status status = pair_digest(rig->core, site_of(conn), &digest, &scopes_len);
        HOLDS(status == STATUS_OK || status == STATUS_NOT_FOUND);
    }
    pack_array(out, has_digest ? 4 : 3);
    pack_str(out, "neg");
    pack_uint(out, round);
    pack_bin(out, neg.data, neg.len);
    if (has_digest)
        pack_bin(out, digest.bytes, ID_SIZE);
    buf_deinit(&neg);
}

/* flags(1): bits 0 to 3 how many, bit 4 more follow, bit 5 another round ‖ op(1) each */
void talk_want(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input)
{
    uint8_t flags = fuzz_u8(input);
    uint32_t count = flags & 15;
    pack_array(out, 4);
    pack_str(out, "want");
    pack_uint(out, heard_of(conn)->round + (flags >> 5 & 1));
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++)
        pack_bin(out, rig->ops[fuzz_u8(input) % rig->ops_len].id.bytes, ID_SIZE);
    pack_bool(out, (flags & 16) == 0);
}

/* flags(1): bits 0 to 2 how many, bits 4 to 7 skipped ‖ op(1) each: 128 and above are
 * forged by what follows */
void talk_ops(struct buf *out, struct fuzz_input *input)
{
    uint8_t flags = fuzz_u8(input);
    uint32_t count = flags & 7;
    pack_array(out, 4);
    pack_str(out, "ops");
    pack_array(out, 0);
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t number = fuzz_u8(input);
        const struct rig_op *op = &rig->ops[number % rig->ops_len];
        if (number >= 128)
            forge_op(rig, input, &last_forged, out);
        else
            buf_add(out, op->bytes.data, op->bytes.len);
    }
    pack_uint(out, flags >> 4);
}

/* Positions that were not kept: of odd counts the first, of 7 one out of order. */
static void talk_refused(uint8_t count, struct buf *out)
{
    pack_array(out, count == 7 ? 2 : count & 1);
    if (count == 7)
        pack_uint(out, 1);
    if ((count & 1) != 0)
        pack_uint(out, 0);
}

/* 255: as many as are due */
void talk_ack(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input)
{
    struct heard *from = heard_of(conn);
    uint8_t count = fuzz_u8(input);
    pack_array(out, 3);
    pack_str(out, "ack");
    pack_uint(out, count == 255 ? from->to_ack : count);
    talk_refused(count, out);
    from->to_ack = count == 255 ? 0 : from->to_ack;
}

/* flags(1): bits 0 and 1 the digest: the right one, what the node said, none; bit 2
 * another round */
void talk_done(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input)
{
    uint8_t flags = fuzz_u8(input);
    struct id digest = {{flags}};
    uint64_t scopes_len;
    if ((flags & 3) == 0) {
        enum status status = pair_digest(rig->core, site_of(conn), &digest, &scopes_len);
        HOLDS(status == STATUS_OK || status == STATUS_NOT_FOUND);
    } else if ((flags & 3) == 1)
        digest = heard_of(conn)->digest;
    pack_array(out, 3);
    pack_str(out, "done");
    pack_uint(out, heard_of(conn)->round + (flags >> 2 & 1));
    pack_bin(out, digest.bytes, ID_SIZE);
}

/* op(1): one of the rig's, or with bit 7 nobody's ‖ number(1) */
static void talk_piece_name(struct buf *out, struct fuzz_input *input)
{
    uint8_t which = fuzz_u8(input);
    const struct id nobodys = {{which}};
    pack_bin(out, which & 128 ? nobodys.bytes : rig->ops[which % rig->ops_len].id.bytes,
             ID_SIZE);
    pack_uint(out, fuzz_u8(input));
}

void talk_fetch(struct buf *out, struct fuzz_input *input)
{
    pack_array(out, 3);
    pack_str(out, "fetch");
    talk_piece_name(out, input);
}

/* … ‖ len(1) ‖ bytes */
void talk_piece(struct buf *out, struct fuzz_input *input)
{
    pack_array(out, 4);
    pack_str(out, "piece");
    talk_piece_name(out, input);
    struct bytes piece = fuzz_take(input, fuzz_u8(input));
    pack_bin(out, piece.data, piece.len);
}

static bool is_charter_of(const struct rig_op *op, uint8_t sites)
{
    for (int i = 0; i < RIG_SITES; i++)
        if ((sites >> i & 1) && id_equal(&op->scope, &rig->keys[i].site))
            return true;
    return false;
}

/* sites(1): a bit each; bit 7: and a forged op behind them */
void talk_charters(struct buf *out, struct fuzz_input *input)
{
    uint8_t sites = fuzz_u8(input);
    uint32_t count = sites >> 7;
    for (uint32_t i = 0; i < rig->ops_len; i++)
        count += is_charter_of(&rig->ops[i], sites);
    pack_array(out, 2);
    pack_str(out, "charters");
    pack_array(out, count);
    for (uint32_t i = 0; i < rig->ops_len; i++)
        if (is_charter_of(&rig->ops[i], sites))
            pack_bin(out, rig->ops[i].bytes.data, rig->ops[i].bytes.len);
    if (sites & 128) {
        struct buf forged = {0};
        forge_op(rig, input, &last_forged, &forged);
        pack_bin(out, forged.data, forged.len);
        buf_deinit(&forged);
    }
}

void talk_charter_ops(struct buf *out, uint8_t sites)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < rig->ops_len; i++)
        count += is_charter_of(&rig->ops[i], sites);
    pack_array(out, 4);
    pack_str(out, "ops");
    pack_array(out, 0);
    pack_array(out, count);
    for (uint32_t i = 0; i < rig->ops_len; i++)
        if (is_charter_of(&rig->ops[i], sites))
            buf_add(out, rig->ops[i].bytes.data, rig->ops[i].bytes.len);
    pack_uint(out, 0);
}

void talk_word(struct buf *out, const char *word)
{
    pack_array(out, 1);
    pack_str(out, word);
}

/* len(1) ‖ bytes */
void talk_raw(struct buf *out, struct fuzz_input *input)
{
    struct bytes raw = fuzz_take(input, fuzz_u8(input));
    buf_add(out, raw.data, raw.len);
}
