/*
 * pack_map: looks into the bytes of a map whose keys are texts.
 */
#ifndef FENGQIAO_PROTO_PACK_MAP_H
#define FENGQIAO_PROTO_PACK_MAP_H

#include <stdbool.h>

#include "proto/bytes.h"

/* The bytes of the value of that name, borrowed from the map. depth: how deep the value
 * stands already (pack_value). False: no such name, or no well formed map up to it. */
bool pack_map_find(struct bytes map, const char *name, int depth, struct bytes *value);

#endif
