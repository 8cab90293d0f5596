/*
 * conform_proto: the formats of proto/.
 */
#include "tests/conform/conform.h"

#include "proto/err.h"
#include "proto/pack.h"

static void msgpack(struct conform_call *call)
{
    struct buf in = {0};
    if (conform_bytes(call, call->words[1], &in)) {
        struct err err = {0};
        enum status status = pack_check(buf_bytes(&in), &err);
        conform_say(call, status == STATUS_OK ? "ok" : err_text(&err, status));
    }
    buf_deinit(&in);
}

const struct conform_word conform_proto_words[] = {
    {"msgpack", 1, 1, msgpack, "msgpack BYTES: ok or the reason for refusal"},
    {NULL, 0, 0, NULL, NULL},
};
