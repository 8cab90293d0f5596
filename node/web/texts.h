/*
 * texts: every word that a page says, in both languages, from texts.txt. A line is
 *
 *   key: 中文 | English
 *
 * in the order of the keys, which are lower-case words parted by dots and hyphens. A text
 * may hold places of template.h, which the page's values fill.
 */
#ifndef FENGQIAO_WEB_TEXTS_H
#define FENGQIAO_WEB_TEXTS_H

#include <stdbool.h>

#include "proto/bytes.h"

enum language { LANGUAGE_ZH_CN, LANGUAGE_EN };

/* "zh-CN" or "en", as HTML names it. */
const char *language_tag(enum language language);

/* The text of that key. False: there is none. */
bool texts_find(struct bytes key, enum language language, struct bytes *text);

/* The text `prefix.value`, where blanks, underscores and slashes of the value
 * count as hyphens. */
bool texts_find_word(struct bytes prefix, struct bytes value, enum language language,
                     struct bytes *text);
/* The Chinese of the text whose key begins so and whose English is that. */
bool texts_find_english(const char *prefix, struct bytes english, struct bytes *text);

/* The whole catalogue, for those who look through it. */
struct bytes texts_all(void);

#endif
