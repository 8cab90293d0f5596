/*
 * disclosure: which fields of an op a site may be shown. Every field of the schema has a
 * class; a holder of an escalation has a set of classes.
 */
#ifndef FENGQIAO_CASES_DISCLOSURE_H
#define FENGQIAO_CASES_DISCLOSURE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/op.h"

enum disclosure_class {
    CLASS_FACT = 0,         /* shown to every holder: what decides about effect */
    CLASS_RECORD = 1 << 0,  /* the record: title, category, narrative, place, wish … */
    CLASS_CONTEXT = 1 << 1, /* what happened before, what was tried */
    CLASS_PARTIES = 1 << 2, /* the aliases */
    CLASS_CONSENT = 1 << 3, /* who consented to what */
    CLASS_TALK = 1 << 4,    /* what the sites say to each other */
    CLASS_ALL = (1 << 5) - 1,
    CLASS_NAMED = 1 << 8,   /* schema only, in `open`: the class of the field it names */
    CLASS_OWN = 1 << 9,     /* never leaves the site: everything in a case */
    CLASS_SEALED = 1 << 10, /* the same, and in no view either: read by its recipients */
};

/* Bit i set: field i of op may be shown to a site with these classes (a set of class
 * bits; CLASS_OWN for the site's own nodes shows all). Ops of a case show nothing to
 * anybody else; a kind this version does not know shows its fields to CLASS_ALL alone.
 * The result is the `show` of op_encode. */
uint32_t disclosure_mask(const struct op *op, uint32_t classes);

/* The word of one class ("record"), NULL where it is none. */
const char *disclosure_class_text(uint32_t one);
/* Adds the class of that word, one of those that a site may be given; false: it is none.
 */
bool disclosure_class_add(struct bytes word, uint32_t *classes);

#endif
