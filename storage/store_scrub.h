/*
 * store_scrub: what was erased is in no byte of the database or its WAL any more, gaps
 * between cells included. After the commit of a transaction that erased something the
 * file is checked and written anew, which takes as long as that and needs as much room
 * twice more: a temporary file in the folder that SQLITE_TMPDIR names, and the WAL. Where
 * the power goes in between, the next opening does it; where there is no room, it waits
 * and is tried again after SCRUB_AGAIN commits and at each opening.
 */
#ifndef FENGQIAO_STORAGE_STORE_SCRUB_H
#define FENGQIAO_STORAGE_STORE_SCRUB_H

#include "storage/store.h"

#define SCRUB_AGAIN 1024

/* This transaction erases something. */
void store_scrub(struct store *store);
/* It removes what nobody has to forget at once, such as a draft that became a case: zeros
 * stand in its place and the WAL is emptied after the commit; the gaps between cells wait
 * for the next erasure, for SCRUB_AGAIN commits or for the next opening. */
void store_scrub_later(struct store *store);
/* Something that was erased may stand in gaps of the file still: there was no room. Not
 * what waits by store_scrub_later. */
bool store_scrub_waits(const struct store *store);

/* For store.c and store_open.c alone: into the transaction, that it has to be done; after
 * a commit, what has to be done; at open, what was not. CORRUPT, not at open: the file is
 * damaged, and writing it anew would hide that. */
enum status store_scrub_note(struct store *store) MUST_USE;
enum status store_scrub_now(struct store *store) MUST_USE;
enum status store_scrub_settle(struct store *store) MUST_USE;

#endif
