/*
 * timeline: what happened in a scope, from the journal of its view, in words.
 */
#ifndef FENGQIAO_PAGE_TIMELINE_H
#define FENGQIAO_PAGE_TIMELINE_H

#include "node/web/texts.h"

struct schema_kind;

/* A page shows so many entries at most, and of so many bytes as a view has them, but one
 * at least: the last ones before `until`. */
#define TIMELINE_ENTRIES 40
#define TIMELINE_BYTES (12 * 1024)

struct timeline {
    uint32_t first; /* so many came before those that are shown */
    uint32_t count; /* so many are shown */
    uint32_t later; /* and so many came after them */
};

/* Appends a list, in the order of the journal, of {author, effect, kind, label, op, rows:
 * [{label, text}], site, to, wall}: labels are those of the schema, texts what a person
 * reads; to: the site that it brings in, or nil. view: the map that case.show and
 * escalation.show give. until: entries from that number on are left out; 0: none is.
 * shown: which they are. NO_MEMORY. */
enum status timeline_write(struct bytes view, enum language language, uint64_t until,
                           struct timeline *shown, struct buf *out) MUST_USE;
/* The rows of one entry: what that map of fields says, by the labels of the kind (NULL:
 * by their names). */
void timeline_write_rows(const struct schema_kind *kind, struct bytes fields,
                         enum language language, struct buf *out);

#endif
