/*
 * shape: how a value is shown. Whatever is written here is escaped or made of digits.
 */
#ifndef FENGQIAO_WEB_SHAPE_H
#define FENGQIAO_WEB_SHAPE_H

#include "node/web/texts.h"
#include "proto/pack.h"

/* Appends a text as HTML shows it. Control and direction characters, which would act
 * instead of being read, are written out as \u202e. */
void shape_escape(struct buf *out, struct bytes text);

/* The value as the template names it; nothing where it is of another type:
 *   ""      a text or a number
 *   "day"   wall seconds as 2026-11-30, in UTC+8, where a day of these villages begins
 *   "time"  the same with hour and minute
 *   "hex"   a bin in lower-case digits; "short": the first 8 of them
 *   "url"   a text or a bin (as hex) as part of a query or a path
 *   "size"  bytes as KB or MB
 * False: no such shape. */
bool shape_add(struct buf *out, struct bytes shape, const struct pack_item *item);

/* The text `prefix.value` of the catalogue where the value is a text, else the value. */
void shape_word(struct buf *out, enum language language, struct bytes prefix,
                const struct pack_item *item);
/* A sentence of the core in that language (sentences.h). */
void shape_say(struct buf *out, enum language language, const struct pack_item *item);

#endif
