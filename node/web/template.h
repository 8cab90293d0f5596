/*
 * template: HTML with places that a map of canonical MessagePack fills. There is no way
 * to write a value that is not escaped, so nobody can forget it.
 *
 *   {{name}}              a text or a number; nothing where it is missing
 *   {{:中文|English}}     words in the language of the page
 *   {{?name}} … {{/name}} where there is something: not for nil, false, an empty text or
 *                         list
 *   {{^name}} … {{/name}} where there is nothing
 *   {{#name}} … {{/name}} as the first, but once for each element of a list; the names
 *                         of a map are seen before those around it
 *   {{qr name}}           the text as a QR code, an inline SVG
 */
#ifndef FENGQIAO_NODE_WEB_TEMPLATE_H
#define FENGQIAO_NODE_WEB_TEMPLATE_H

#include "proto/bytes.h"

enum template_language { LANGUAGE_ZH_CN, LANGUAGE_EN };

/* Appends the template (ours, so it is well formed) filled from values, which passed
 * pack_check. NO_MEMORY; TOO_LARGE: a text that no QR code holds. */
enum status template_fill(struct bytes template, struct bytes values,
                          enum template_language language, struct buf *out) MUST_USE;
/* Appends a text as HTML shows it. Control and direction characters, which would act
 * instead of being read, are written out as \u202e. */
void template_escape(struct buf *out, struct bytes text);

#endif
