/*
 * fuzz_op: a decoded op encodes to the bytes it came from; a copy that shows less has the
 * same id and the same verdict; the dictionary of a wire message changes nothing.
 *   input  flags(1): bit 0 a dictionary is at hand ‖ show(4) ‖ op bytes
 */
#include "fuzz.h"

#include "proto/op.h"

#define DICTIONARY_LEN 8

static void fill_dictionary(struct id ids[static DICTIONARY_LEN])
{
    for (int i = 0; i < DICTIONARY_LEN; i++)
        memset(ids[i].bytes, 0x11 * (i + 1), ID_SIZE);
}

/* Decoding does not count on a zeroed struct: what stood there before must not show. */
static void check_same_bytes(struct bytes bytes)
{
    struct op op;
    struct buf out = {0};
    memset(&op, 0xa5, sizeof(op));
    HOLDS(op_decode_bytes(&op, bytes, NULL) == STATUS_OK);
    op_encode(&op, ~0u, &out);
    HOLDS(bytes_equal(buf_bytes(&out), bytes));
    HOLDS(op_rebuild(&op) == STATUS_OK);
    buf_clear(&out);
    op_encode(&op, ~0u, &out);
    HOLDS(bytes_equal(buf_bytes(&out), bytes));
    buf_deinit(&out);
}

/* The op from encoded bytes is the same op: id, header, verdict. */
static void check_same_op(const struct op *op, struct bytes bytes,
                          const struct op_dictionary *dictionary,
                          const struct id *network)
{
    static struct op other;
    struct buf header = {0}, other_header = {0};
    struct pack_reader reader = pack_reader_of(bytes);
    memset(&other, 0x5a, sizeof(other));
    HOLDS(op_decode(&other, &reader, dictionary, NULL) == STATUS_OK);
    HOLDS(pack_at_end(&reader));
    HOLDS(op_rebuild(&other) == STATUS_OK);
    HOLDS(id_equal(&other.id, &op->id));
    op_encode_header(op, &header);
    op_encode_header(&other, &other_header);
    HOLDS(bytes_equal(buf_bytes(&header), buf_bytes(&other_header)));
    HOLDS(op_verify(op, network) == op_verify(&other, network));
    buf_deinit(&header);
    buf_deinit(&other_header);
}

static void check_accepted(struct op *op, uint32_t show,
                           const struct op_dictionary *dictionary)
{
    struct id network;
    struct buf out = {0};
    network_id(&network, "fengqiao");
    HOLDS(op_rebuild(op) == STATUS_OK);

    op_encode(op, ~0u, &out);
    check_same_bytes(buf_bytes(&out));
    check_same_op(op, buf_bytes(&out), NULL, &network);
    buf_clear(&out);
    op_encode(op, show, &out);
    check_same_op(op, buf_bytes(&out), NULL, &network);
    buf_clear(&out);
    op_encode_wire(op, ~0u, dictionary, &out);
    check_same_op(op, buf_bytes(&out), dictionary, &network);
    buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct id ids[DICTIONARY_LEN];
    struct op_dictionary dictionary = {ids, DICTIONARY_LEN};
    struct fuzz_input input = fuzz_input_of(data, size);
    bool has_dictionary = fuzz_u8(&input) & 1;
    uint32_t show = fuzz_u32(&input);
    struct bytes bytes = bytes_of(input.at, input.len);
    fill_dictionary(ids);

    static struct op op;
    struct err err;
    memset(&op, 0xcc, sizeof(op));
    enum status status = op_decode_bytes(&op, bytes, &err);
    HOLDS(status == STATUS_OK || status == STATUS_INVALID ||
          status == STATUS_UNSUPPORTED || status == STATUS_TOO_LARGE);
    HOLDS(status == STATUS_OK || err.text[0] != '\0');
    HOLDS(op_decode_bytes(&op, bytes, NULL) == status);
    if (status == STATUS_OK)
        check_same_bytes(bytes);

    /* As in a wire message: what follows the op is not its business. */
    struct pack_reader reader = pack_reader_of(bytes);
    if (op_decode(&op, &reader, has_dictionary ? &dictionary : NULL, NULL) == STATUS_OK)
        check_accepted(&op, show, &dictionary);
    else
        HOLDS(status != STATUS_OK);
    return 0;
}
