/*
 * json: any canonical MessagePack as JSON (RFC 8259). bin becomes lower-case hex; keys
 * keep their order; characters that would act on a terminal are escaped.
 */
#ifndef FENGQIAO_PROTO_JSON_H
#define FENGQIAO_PROTO_JSON_H

#include "proto/bytes.h"
#include "proto/status.h"

/* Appends one value. INVALID where raw is not one canonical value, NO_MEMORY. */
enum status json_add(struct buf *out, struct bytes raw) MUST_USE;
/* Appends a text with its quotes. */
void json_add_text(struct buf *out, struct bytes text);

#endif
