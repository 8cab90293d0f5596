/*
 * leaving: what of a case could leave it, and whom one would have to ask first.
 */
#ifndef FENGQIAO_PAGE_LEAVING_H
#define FENGQIAO_PAGE_LEAVING_H

#include "node/page/visit.h"

/* Of a screen that calls case.show "case". Adds, in the order of the schema:
 *
 * leaving: [{free, here, label, name, op, text, there, why}], each field that can be
 * chosen; free: every party consents, else why says who does not; there: it says
 * something; here: the path names it.
 *
 * goes, beside: [{label, text}], of a screen that calls escalate.preview "preview": the
 * fields that leave, and what leaves with them, its own reasons. Consents, triage, the
 * site and what is sealed the template takes from the answer.
 *
 * consents: [{author, fields: [label], given, manner, party, proof, wall}], as they count
 * now.
 *
 * NO_MEMORY. */
enum status leaving_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
