/*
 * template: HTML with places that a map of canonical MessagePack fills. There is no way
 * to write a value that is not escaped, so nobody can forget it.
 *
 *   {{name}}              a text or a number; nothing where it is missing
 *   {{name.inner}}        what a map has inside, {{name.0}} what a list has; {{.}} is the
 *                         element itself, {{.0}} what is inside it
 *   {{who key}}           how names.authors calls a key; {{whose site}}: names.sites
 *   {{day name}}          in a shape of shape.h
 *   {{word state name}}   the text state.VALUE of the catalogue
 *   {{say name}}          a sentence of the core in the language of the page
 *   {{=key}}              a text of the catalogue (texts.h), filled like a template
 *   {{:中文|English}}     words in the language of the page, of papers
 *   {{>part}}             a part (parts.h), filled from the same values
 *   {{?name}} … {{/name}} where there is something: not for nil, false, 0, an empty text
 *                         or list
 *   {{^name}} … {{/name}} where there is nothing
 *   {{?name=text}} …      where it is that text; {{^name=text}} where it is not
 *   {{?name has other}} … where the list of texts has the value of the other name (of
 * bytes their digits)
 *   {{#name}} … {{/name}} as the first, but once for each element of a list; the names
 *                         of a map are seen before those around it
 *   {{qr name}}           the text as a QR code, an inline SVG
 */
#ifndef FENGQIAO_NODE_WEB_TEMPLATE_H
#define FENGQIAO_NODE_WEB_TEMPLATE_H

#include "node/web/texts.h"

/* Appends the template (ours, so it is well formed) filled from values, which passed
 * pack_check. NO_MEMORY; TOO_LARGE: a text that no QR code holds. */
enum status template_fill(struct bytes template, struct bytes values,
                          enum language language, struct buf *out) MUST_USE;

#endif
