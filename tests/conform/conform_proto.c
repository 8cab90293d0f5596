/*
 * conform_proto: the formats of proto/.
 */
#include "tests/conform/conform.h"

#include "proto/err.h"
#include "proto/pack.h"
#include "proto/picture.h"

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

static void picture(struct conform_call *call)
{
    struct buf in = {0}, out = {0};
    if (conform_bytes(call, call->words[1], &in)) {
        struct err err = {0};
        struct picture about;
        enum status status = picture_clean(buf_bytes(&in), &out, &about, &err);
        if (status == STATUS_OK)
            conform_say_hex(call, out.data, out.len);
        else
            conform_say(call, err_text(&err, status));
    }
    buf_deinit(&in);
    buf_deinit(&out);
}

const struct conform_word conform_proto_words[] = {
    {"msgpack", 1, 1, msgpack, "msgpack BYTES: ok or the reason for refusal"},
    {"picture", 1, 1, picture,
     "picture FILE: the JPEG or PNG file without what tells of its maker, or the reason "
     "for refusal"},
    {NULL, 0, 0, NULL, NULL},
};
