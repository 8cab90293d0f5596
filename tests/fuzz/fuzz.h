/*
 * fuzz: what every fuzz target shares: the entry point of libFuzzer, a cursor over the
 * input, and HOLDS, the assertion of a property (on in every build).
 */
#ifndef FENGQIAO_TESTS_FUZZ_H
#define FENGQIAO_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                 \
    ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

_Noreturn static inline void fuzz_broken(const char *condition, const char *file,
                                         int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* What is left of the input; reads beyond the end give zeros. */
struct fuzz_input {
    const uint8_t *at;
    size_t len;
};

static inline struct fuzz_input fuzz_input_of(const uint8_t *data, size_t size)
{
    static const uint8_t nothing[1];
    return (struct fuzz_input){size > 0 ? data : nothing, size};
}

/* At most len bytes, borrowed. */
static inline struct bytes fuzz_take(struct fuzz_input *input, size_t len)
{
    struct bytes taken = bytes_of(input->at, len < input->len ? len : input->len);
    input->at += taken.len;
    input->len -= taken.len;
    return taken;
}

static inline uint8_t fuzz_u8(struct fuzz_input *input)
{
    struct bytes taken = fuzz_take(input, 1);
    return taken.len > 0 ? taken.data[0] : 0;
}

static inline uint32_t fuzz_u16(struct fuzz_input *input)
{
    uint32_t high = fuzz_u8(input);
    return high << 8 | fuzz_u8(input);
}

static inline uint32_t fuzz_u32(struct fuzz_input *input)
{
    uint32_t high = fuzz_u16(input);
    return high << 16 | fuzz_u16(input);
}

/* The input as a text, cut at its first NUL; the caller frees. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    HOLDS(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

#endif
