/*
 * parts: the templates of the page, by name, and what goes out as it stands: the style
 * sheet and the script. From page/, embedded at build.
 */
#ifndef FENGQIAO_WEB_PARTS_H
#define FENGQIAO_WEB_PARTS_H

#include <stdbool.h>

#include "proto/bytes.h"

/* A template goes by its file's name without .html. False: there is none. */
bool parts_find(struct bytes name, struct bytes *text);
/* The names, in their order; NULL behind the last. */
const char *parts_name(size_t i);

#endif
