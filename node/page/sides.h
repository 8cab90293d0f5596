/*
 * sides: what was written in two ways at once, in words, side by side.
 */
#ifndef FENGQIAO_PAGE_SIDES_H
#define FENGQIAO_PAGE_SIDES_H

#include "node/page/visit.h"

/* Of a screen that calls conflict.show "conflict". Adds sides: [{field, label, party,
 * plain (its values are texts), values: [{author, op, rows: [{label, text}], value,
 * wall}]}]. NO_MEMORY. */
enum status sides_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
