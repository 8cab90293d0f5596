#include "proto/tlog_line.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "crypto/base64.h"

/* ---- reading ---- */

bool tlog_line_take(struct bytes *left, struct bytes *line)
{
    struct bytes all = *left;
    *line = bytes_take(left, "\n");
    return line->len < all.len;
}

bool tlog_line_begins(struct bytes *line, const char *word)
{
    size_t len = strlen(word);
    if (line->len <= len || memcmp(line->data, word, len) != 0 || line->data[len] != ' ')
        return false;
    *line = bytes_of(line->data + len + 1, line->len - len - 1);
    return true;
}

bool tlog_line_number(struct bytes line, uint64_t *number)
{
    if (line.len == 0 || (line.len > 1 && line.data[0] == '0'))
        return false;
    *number = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] < '0' || line.data[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(line.data[i] - '0');
        if (*number > (TLOG_SIZE_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return true;
}

bool tlog_line_hash(struct bytes line, struct merkle_hash *hash)
{
    size_t len;
    return base64_decode(hash->bytes, sizeof(hash->bytes), &len, (const char *)line.data,
                         line.len, BASE64_PADDED) &&
           len == sizeof(hash->bytes);
}

bool tlog_line_proof(struct bytes *left, struct merkle_hash proof[static TLOG_HASHES_MAX],
                     size_t *len)
{
    struct bytes line;
    for (*len = 0; tlog_line_take(left, &line); (*len)++) {
        if (line.len == 0)
            return true;
        if (*len == TLOG_HASHES_MAX || !tlog_line_hash(line, &proof[*len]))
            return false;
    }
    return false;
}

/* ---- writing ---- */

void tlog_line_add_number(struct buf *out, const char *word, uint64_t number)
{
    char text[32];
    assert(number <= TLOG_SIZE_MAX);
    int len = snprintf(text, sizeof(text), "%llu\n", (unsigned long long)number);
    if (word != NULL) {
        buf_add(out, word, strlen(word));
        buf_add_u8(out, ' ');
    }
    buf_add(out, text, (size_t)len);
}

void tlog_line_add_hash(struct buf *out, const struct merkle_hash *hash)
{
    char text[BASE64_SIZE(MERKLE_HASH_SIZE)];
    size_t len = base64_encode(text, hash->bytes, MERKLE_HASH_SIZE, BASE64_PADDED);
    buf_add(out, text, len);
    buf_add_u8(out, '\n');
}

void tlog_line_add_proof(struct buf *out, const struct merkle_hash *proof, size_t len)
{
    for (size_t i = 0; i < len; i++)
        tlog_line_add_hash(out, &proof[i]);
    buf_add_u8(out, '\n');
}
