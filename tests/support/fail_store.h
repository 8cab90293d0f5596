/*
 * fail_store: calls of one store that fail on purpose (the linker's --wrap). After the
 * first that failed nothing of it can be committed, as with a true store whose disk broke
 * (docs/STORAGE.md), until it is opened anew. Or an op that it gives is none any more.
 */
#ifndef FENGQIAO_TESTS_FAIL_STORE_H
#define FENGQIAO_TESTS_FAIL_STORE_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Of this store the call that comes after so many more says IO and does nothing. */
void fail_store_after(struct store *store, uint64_t calls);
/* The same, and it says FULL. */
void fail_store_full_after(struct store *store, uint64_t calls);
/* The next call at a place (fail_place.h) where none has failed. */
void fail_store_at_new_place(struct store *store);
/* The next op that is read at a place where none was damaged has other bytes. */
void fail_store_damage_at_new_place(struct store *store);
/* Nothing fails any more; did anything? */
bool fail_store_stop(void);

#endif
