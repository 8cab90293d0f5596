#include "proto/bundle.h"

#include <string.h>

#include "crypto/sshsig.h"
#include "proto/pack.h"

void bundle_add(struct buf *payload, const struct buf *message)
{
    buf_add_u32(payload, (uint32_t)message->len);
    buf_append(payload, message);
}

void bundle_begin(struct buf *payload, const struct bundle_header *header)
{
    struct buf message = {0};
    pack_array(&message, 10);
    pack_str(&message, "bundle");
    pack_uint(&message, BUNDLE_VERSION);
    pack_bin(&message, header->network.bytes, ID_SIZE);
    pack_bin(&message, header->from.bytes, ID_SIZE);
    pack_bin(&message, header->node, sizeof(header->node));
    pack_bin(&message, header->to.bytes, ID_SIZE);
    pack_uint(&message, header->number);
    pack_uint(&message, header->part);
    pack_bool(&message, header->is_last);
    pack_array(&message, header->got_len);
    for (uint32_t i = 0; i < header->got_len; i++) {
        pack_array(&message, 2);
        pack_bin(&message, header->got[i].node, sizeof(header->got[i].node));
        pack_uint(&message, header->got[i].number);
    }
    bundle_add(payload, &message);
    buf_deinit(&message);
}

/* What the machine signs: the network, and all bytes before `end`. */
static size_t preimage(uint8_t out[static SSHSIG_PREIMAGE_MAX], const struct id *network,
                       struct bytes signed_bytes)
{
    return sshsig_preimage(out, BUNDLE_NAMESPACE, network->bytes, ID_SIZE,
                           signed_bytes.data, signed_bytes.len);
}

static size_t class_of(size_t len)
{
    size_t size = BUNDLE_CLASS_MIN;
    while (size < len)
        size *= 2;
    return size;
}

enum status bundle_end(struct buf *payload, const struct bundle_header *header,
                       const struct sign_pair *node)
{
    uint8_t message[SSHSIG_PREIMAGE_MAX], signature[SIGN_SIZE];
    struct buf end = {0};
    if (payload->len + BUNDLE_END_SIZE > BUNDLE_PAYLOAD_MAX)
        return STATUS_TOO_LARGE;
    size_t len = preimage(message, &header->network, buf_bytes(payload));
    sign_pair_sign(node, signature, message, len);
    pack_array(&end, 2);
    pack_str(&end, "end");
    pack_bin(&end, signature, sizeof(signature));
    bundle_add(payload, &end);
    buf_deinit(&end);
    size_t padding = class_of(payload->len) - payload->len;
    uint8_t *zeros = buf_reserve(payload, padding);
    if (zeros != NULL) {
        memset(zeros, 0, padding);
        payload->len += padding;
    }
    return buf_status(payload);
}

bool bundle_next(struct bytes *messages, struct bytes *message)
{
    if (messages->len < 4)
        return false;
    const uint8_t *at = messages->data;
    size_t len = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    if (len > messages->len - 4)
        return false;
    *message = bytes_of(at + 4, len);
    *messages = bytes_of(at + 4 + len, messages->len - 4 - len);
    return true;
}

static enum status read_got(struct pack_reader *reader, struct bundle_header *header)
{
    enum status status = pack_read_array(reader, &header->got_len, NULL);
    if (status == STATUS_OK && header->got_len > BUNDLE_GOT_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < header->got_len; i++) {
        uint32_t elements;
        status = pack_read_array(reader, &elements, NULL);
        if (status == STATUS_OK && elements != 2)
            status = STATUS_INVALID;
        if (status == STATUS_OK)
            status = pack_read_fixed(reader, header->got[i].node, 32, NULL);
        if (status == STATUS_OK)
            status = pack_read_uint(reader, &header->got[i].number, NULL);
    }
    return status;
}

static enum status read_rest(struct pack_reader *reader, struct bundle_header *header)
{
    uint64_t part = 0;
    struct pack_item last = {0};
    enum status status = pack_read_fixed(reader, header->network.bytes, ID_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, header->from.bytes, ID_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, header->node, sizeof(header->node), NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, header->to.bytes, ID_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &header->number, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &part, NULL);
    if (status == STATUS_OK)
        status = pack_next(reader, &last, NULL);
    if (status == STATUS_OK &&
        (last.type != PACK_BOOL || part > UINT32_MAX || header->number > INT64_MAX))
        status = STATUS_INVALID;
    header->part = (uint32_t)part;
    header->is_last = last.number != 0;
    if (status == STATUS_OK)
        status = read_got(reader, header);
    return status == STATUS_OK && !pack_at_end(reader) ? STATUS_INVALID : status;
}

static enum status read_header(struct bytes message, struct bundle_header *header,
                               struct err *err)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    uint64_t version;
    struct bytes name;
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &name, NULL);
    if (status == STATUS_OK && !bytes_equal_str(name, "bundle"))
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &version, NULL);
    if (status == STATUS_OK && version != BUNDLE_VERSION)
        return err_set(err, STATUS_UNSUPPORTED,
                       "this bundle was written by a newer version; upgrade this node");
    if (status == STATUS_OK && elements != 10)
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = read_rest(&reader, header);
    return status == STATUS_OK
               ? STATUS_OK
               : err_set(err, STATUS_INVALID, "this file holds no bundle");
}

/* Reads `end`; false: this message is another one. */
static bool read_end(struct bytes message, uint8_t signature[static SIGN_SIZE])
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    return pack_read_array(&reader, &elements, NULL) == STATUS_OK && elements == 2 &&
           pack_read_str(&reader, &name, NULL) == STATUS_OK &&
           bytes_equal_str(name, "end") &&
           pack_read_fixed(&reader, signature, SIGN_SIZE, NULL) == STATUS_OK &&
           pack_at_end(&reader);
}

static bool is_padding(struct bytes rest)
{
    for (size_t i = 0; i < rest.len; i++)
        if (rest.data[i] != 0)
            return false;
    return true;
}

enum status bundle_check(struct bytes payload, struct bundle_header *header,
                         struct bytes *messages, struct err *err)
{
    struct bytes rest = payload, message, before;
    uint8_t signature[SIGN_SIZE], signed_message[SSHSIG_PREIMAGE_MAX];
    if (payload.len > BUNDLE_PAYLOAD_MAX || !bundle_next(&rest, &message))
        return err_set(err, STATUS_INVALID, "this file holds no bundle");
    enum status status = read_header(message, header, err);
    if (status != STATUS_OK)
        return status;
    const uint8_t *first = rest.data;
    do {
        before = rest;
        if (!bundle_next(&rest, &message))
            return err_set(err, STATUS_INVALID, "this bundle has no end");
    } while (!read_end(message, signature));
    if (!is_padding(rest) || class_of(payload.len - rest.len) != payload.len)
        return err_set(err, STATUS_INVALID, "something follows the end of this bundle");
    *messages = bytes_of(first, (size_t)(before.data - first));
    size_t len = preimage(signed_message, &header->network,
                          bytes_of(payload.data, (size_t)(before.data - payload.data)));
    return sign_verify(signature, header->node, signed_message, len)
               ? STATUS_OK
               : err_set(err, STATUS_UNVERIFIED,
                         "the signature of the machine that wrote this bundle does not "
                         "hold");
}
