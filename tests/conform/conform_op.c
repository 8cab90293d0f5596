/*
 * conform_op: the verdict on one op, its author's key included, in the ordinary network.
 */
#include "tests/conform/conform.h"

#include "crypto/sign.h"
#include "proto/op.h"

static void judge(struct conform_call *call, struct bytes bytes)
{
    static struct op op;
    struct err err = {0};
    enum status status = op_decode_bytes(&op, bytes, &err);
    if (status == STATUS_OK)
        status = op_rebuild(&op);
    if (status != STATUS_OK) {
        conform_say(call, err_text(&err, status));
        return;
    }
    if (!sign_key_is_sound(op.author)) {
        conform_say(call, "op: the author's key is not sound");
        return;
    }
    struct id network;
    network_id(&network, "fengqiao");
    if (!op_verify(&op, &network)) {
        conform_say(call, "op: the signature does not hold");
        return;
    }
    conform_say(call, "ok ");
    conform_say_hex(call, op.id.bytes, ID_SIZE);
}

static void op(struct conform_call *call)
{
    struct buf in = {0};
    if (conform_bytes(call, call->words[1], &in))
        judge(call, buf_bytes(&in));
    buf_deinit(&in);
}

const struct conform_word conform_op_words[] = {
    {"op", 1, 1, op, "op BYTES: ok and the op's id, or the reason for refusal"},
    {NULL, 0, 0, NULL, NULL},
};
