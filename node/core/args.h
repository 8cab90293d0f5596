/*
 * args: the arguments of an API request, a map read by name. Everything borrows from the
 * request, which has passed pack_check.
 */
#ifndef FENGQIAO_NODE_CORE_ARGS_H
#define FENGQIAO_NODE_CORE_ARGS_H

#include <stdbool.h>

#include "proto/bytes.h"
#include "proto/err.h"

struct args {
    struct bytes map;  /* one canonical map */
    const char *names; /* what the method knows, as below */
};

/* What a method knows is a text of names parted by blanks, "case text again?", each with
 * a question mark where it may be missing and with its type where it is no text: */
#define ARGS_FLAG "flag"     /* a bool */
#define ARGS_NUMBER "number" /* unsigned */
#define ARGS_BYTES "bytes"   /* bin */
#define ARGS_TEXTS "texts"   /* a list of texts */
#define ARGS_IDS "ids"       /* a list of bin 32 */
#define ARGS_PAIRS "pairs"   /* a list of [text, text] */
#define ARGS_LISTS "lists"   /* a list of lists */
#define ARGS_MAP "map"       /* of texts */
#define ARGS_MAPS "maps"     /* a list of maps */
/* Ids of scopes and ops, days and keys are texts for whoever asks. */
struct args_known {
    struct bytes name, type; /* an empty type: text */
    bool is_optional;
};
/* Moves names behind the next one. False: there is none. */
bool args_next_known(const char **names, struct args_known *known);

/* INVALID: not a map, or a name the method does not know (err says which). */
enum status args_check(const struct args *args, struct err *err) MUST_USE;
/* The raw value; false where it is missing or nil. */
bool args_raw(const struct args *args, const char *name, struct bytes *value);
/* A text of 1 to max bytes. Missing or empty: INVALID with a sentence. */
enum status args_text(const struct args *args, const char *name, size_t max,
                      struct bytes *text, struct err *err) MUST_USE;
/* The same, but a missing one is OK and empty. */
enum status args_text_optional(const struct args *args, const char *name, size_t max,
                               struct bytes *text, struct err *err) MUST_USE;
/* A day such as 2026-12-31, as text; a missing one is OK and empty. */
enum status args_day(const struct args *args, const char *name, struct bytes *text,
                     struct err *err) MUST_USE;
bool args_flag(const struct args *args, const char *name);
uint64_t args_number(const struct args *args, const char *name, uint64_t otherwise);

#endif
