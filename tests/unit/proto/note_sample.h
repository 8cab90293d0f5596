/*
 * note_sample: a checkpoint with a log's signature and a witness's cosignature, computed
 * with Python's hashlib and cryptography (OpenSSL): the seed is that of RFC 8032 §7.1
 * test 1, the tree has one leaf of the bytes "leaf".
 */
#ifndef FENGQIAO_TESTS_UNIT_PROTO_NOTE_SAMPLE_H
#define FENGQIAO_TESTS_UNIT_PROTO_NOTE_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/bytes.h"
#include "proto/err.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define SAMPLE_SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define SAMPLE_LOG "seal.example/石桥"
#define SAMPLE_WITNESS "xiang.example/w1"
#define SAMPLE_LOG_KEY SAMPLE_LOG "+74573fcd+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define SAMPLE_WITNESS_KEY                                                               \
    SAMPLE_WITNESS "+47c4b589+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
/* The witness's key as one that signs notes: another id. */
#define SAMPLE_WITNESS_NOTES_KEY                                                         \
    SAMPLE_WITNESS "+6cc7cbfb+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define SAMPLE_TIME 1679315147
#define SAMPLE_ROOT "DSfif3gnzNdFGZ6Os6avNo4QZK9Crp+DdA6YEh4rwCU="
#define SAMPLE_TEXT SAMPLE_LOG "\n1\n" SAMPLE_ROOT "\n"
#define SAMPLE_SIGNED                                                                    \
    "— " SAMPLE_LOG                                                                      \
    " dFc/zTGWhRrE393nUEc290xTX71+SY6B0AmLNCfzg0QwjjH+JBoEeBvmCc4BbCTwue"                \
    "/mHNmRrt9w/d8p5GD5nKvQuAc=\n"
#define SAMPLE_COSIGNED                                                                  \
    "— " SAMPLE_WITNESS " R8S1iQAAAABkGFDLiZu14zQclXWbLA0iOoaDBJGemVATWkaXiTX2MiPCx2SMX" \
    "UHvKhHkXj2MRFugtqZywqXCZK0v3hUWYRfLwT65CQ==\n"
#define SAMPLE_NOTE SAMPLE_TEXT "\n" SAMPLE_SIGNED SAMPLE_COSIGNED

/* Has it exactly the bytes of that text? */
static inline void assert_buf(const struct buf *buf, const char *text)
{
    assert_int_equal(buf_status(buf), STATUS_OK);
    assert_int_equal(buf->len, strlen(text));
    assert_memory_equal(buf->data, text, buf->len);
}

#endif
