/*
 * fuzz_token: whatever a text is, its tokens are UTF-8, stand in it one behind the other,
 * and are the same tokens when they are read again; a text that is one word finds itself.
 *   input  the text
 */
#include "fuzz.h"

#include "node/cases/query.h"
#include "node/cases/token.h"
#include "proto/pack.h"

/* A token is what stands between its bounds, and folding it once more changes nothing. */
static void check_token(struct bytes text, const struct token *token)
{
    struct token again;
    struct bytes folded = bytes_of(token->text, token->len);
    size_t at = 0;
    HOLDS(token->len > 0 && token->len <= TOKEN_SIZE_MAX);
    HOLDS(token->from < token->end && token->end <= text.len);
    HOLDS(utf8_is_valid(folded));
    HOLDS(token_next(folded, &at, &again) && at == folded.len &&
          token_equal(token, &again));
    at = 0;
    HOLDS(token_next(bytes_of(text.data + token->from, token->end - token->from), &at,
                     &again) &&
          token_equal(token, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    struct token token;
    struct query query;
    size_t end = 0;
    uint32_t count = 0;
    for (size_t at = 0; token_next(text, &at, &token); count++) {
        HOLDS(token.from >= end && token.end == at);
        end = at;
        check_token(text, &token);
    }
    enum status status = query_parse(&query, text, NULL);
    HOLDS(status == STATUS_OK || status == STATUS_INVALID);
    HOLDS((status == STATUS_OK) == (count > 0 && count <= QUERY_TOKENS_MAX));
    HOLDS(status != STATUS_OK || query.tokens_len == count);
    return 0;
}
