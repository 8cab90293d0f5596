/*
 * view: the folded state of a scope as canonical bytes (written by fold_scope), and how
 * to read them. Everything borrows from the view. Keys of the outer map:
 *
 *   assigned   escalation: [{author, done: op or nil, due, op, owner, site, text, time,
 *              wall}], the tasks in order of (time, id)
 *   conflicts  names of registers (and "triage", "consents") with an open conflict
 *   consents   [{author, fields, given, guardian, manner, op, open, paper, party, time,
 *              wall, witness}], sorted by party, the latest first; of each party the yes
 *              that counts and what took fields away since, more than one yes where they
 *              were said side by side; open: it waits to be settled, for its party said
 *              something else beside it, and nothing later has seen either; in an
 *              escalation [{fields, given, manner, party}]
 *   danger     escalation sent because of danger to life: {confirmed, reason}; else nil
 *   grades     escalation: [{author, op, reason, site, time, wall, word}] by site, of
 *              each the shown one first
 *   heads      ids, ascending
 *   held       ids of the sites that may hold it, ascending: who reconciles it
 *   holders    [{classes, site, state}]: those of them whose grant has effect now
 *   identities case: [{author, op, party, time, wall}]: of whom an identity is kept,
 *              sealed in that op; without those that were erased
 *   joint      escalation: [{author, op, site, text, time, wall, word}], how far each
 *              site is with its part: by site, of each the shown one first
 *   journal    [{author, fields: {name: value or nil}, kind, op, site, time, wall}]:
 *              every op with effect in order of (time, id); nil: withheld or erased;
 *              the consents of `escalate` stand above alone
 *   kept       case: {author, op, reason} where a steward keeps it beyond its time; else
 *              nil
 *   kind       "case", "escalation"
 *   minor      is it about a minor? Then it stays out of search, export and statistics
 *   no-parties escalation: why there was nobody to ask; nil where somebody was
 *   onward     escalation: "ask", "yes", "no"; else nil
 *   parties    [[alias, role]…]
 *   permitted  escalation: did the founder's site permit it to go onward?
 *   reason     escalation: why it was sent; else nil
 *   recalled   escalation: has its founder recalled it?
 *   refused    [{author, kind, op, reason}]
 *   registers  {name: [{author, op, site, time, value, wall}…]}, the shown one first
 *   request    case: {fields, files, no-parties, onward, op, reason} of the last request,
 *              or nil
 *   retired    case: [{op, rule, wall, what, years}]: what was erased, and under which
 *              rule
 *   sent       case: ids of its escalations
 *   site       the founder's
 *   state      case: as lifecycle.h has them; escalation: sent, received, opened,
 *              accepted, advised, returned, decided, onward, referred, ruled,
 *              recalled (of a site: purged); "refused" where the founding op has no
 * effect triage     {beyond, danger, decision, reason, solvable} or nil; in a case with
 *              author, op, time and wall
 *   triages    case: ids of the triages that no later one has seen, the shown one first
 *   unserved   escalation: has everybody declined who was asked to take part (服务缺位)?
 */
#ifndef FENGQIAO_CASES_VIEW_H
#define FENGQIAO_CASES_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/op.h"

/* The raw value of a key of any canonical map; false where it is not there. */
bool view_map_get(struct bytes map, const char *name, struct bytes *raw);
/* The same, for values of one type; false where it is missing, nil or of another type. */
bool view_map_text(struct bytes map, const char *name, struct bytes *text);
bool view_map_flag(struct bytes map, const char *name, bool *flag);
bool view_map_uint(struct bytes map, const char *name, uint64_t *number);
bool view_map_id(struct bytes map, const char *name, struct id *id);
/* Is it that id, that text? */
bool view_map_has_id(struct bytes map, const char *name, const struct id *id);
bool view_map_has_text(struct bytes map, const char *name, const char *text);
/* A raw element that is an id itself. */
bool view_id(struct bytes raw, struct id *id);
/* Calls fn with each raw element of the array under name until it returns false. */
typedef bool view_fn(void *context, struct bytes element);
void view_map_each(struct bytes map, const char *name, view_fn *fn, void *context);
/* How many elements the array under name has; 0 where it is none. */
uint32_t view_map_count(struct bytes map, const char *name);

struct bytes view_state(struct bytes view); /* empty where damaged */
bool view_site(struct bytes view, struct id *site);
/* The shown value of a register; false where it is unwritten or withheld. */
bool view_value(struct bytes view, const char *name, struct bytes *raw);
bool view_text(struct bytes view, const char *name, struct bytes *text);
/* The op that wrote what a register shows; false where none did. */
bool view_shown_op(struct bytes view, const char *name, struct id *op);
/* Is it about a minor? Such a case stays out of search, export and statistics. */
bool view_is_minor(struct bytes view);
uint32_t view_conflicts(struct bytes view);
bool view_has_conflict(struct bytes view, const char *name);
uint32_t view_refused(struct bytes view);
/* Of an escalation: has everybody declined who was asked to take part? */
bool view_is_unserved(struct bytes view);
/* Of an escalation: was it sent because somebody's life was in danger? */
bool view_is_in_danger(struct bytes view);
/* Does that outcome of a case (its word) say that somebody served it, or advised? It
 * cannot be where a record of the case is unserved; what a village settles by itself can.
 */
bool view_outcome_needs_service(struct bytes outcome);

#endif
