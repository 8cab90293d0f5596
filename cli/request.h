/*
 * request: the arguments of one method, added in any order, packed in the order of the
 * encoding. A NULL text adds nothing, so that an option that was left out is left out.
 */
#ifndef FENGQIAO_CLI_REQUEST_H
#define FENGQIAO_CLI_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/status.h"

#define REQUEST_ARGUMENTS_MAX 16

/* A zeroed struct is an empty request; names are borrowed, values are copied. */
struct request {
    uint32_t len;
    struct {
        const char *name;
        size_t at, end; /* in values */
    } arguments[REQUEST_ARGUMENTS_MAX];
    struct buf values;
};

void request_text(struct request *request, const char *name, const char *text);
void request_bytes_text(struct request *request, const char *name, struct bytes text);
void request_bool(struct request *request, const char *name, bool value);
void request_uint(struct request *request, const char *name, uint64_t value);
/* "a,b,c" becomes a list of texts; spaces around each go. Full-width commas count. */
void request_words(struct request *request, const char *name, const char *list);
/* Begins a value that the caller then packs into request->values; end it with
 * request_end. */
void request_begin(struct request *request, const char *name);
void request_end(struct request *request);

/* Appends the map. NO_MEMORY. */
enum status request_pack(struct request *request, struct buf *out) MUST_USE;
/* Wipes and frees; accepts a zeroed struct. */
void request_deinit(struct request *request);

#endif
