/*
 * store_form_drafts: forms that a person began to fill in and has not sent yet. This
 * node's own, outside the graph. One that is gone is in no byte of the file any more when
 * that is committed; one that was written again, when it goes.
 */
#ifndef FENGQIAO_STORAGE_STORE_FORM_DRAFTS_H
#define FENGQIAO_STORAGE_STORE_FORM_DRAFTS_H

#include "storage/store.h"

/* Borrowed. */
struct store_form_draft {
    struct bytes form;   /* which form, of what: the page's own words */
    struct bytes fields; /* one canonical map */
    uint64_t wall;       /* claimed; 0: unknown */
};

/* In the place of the one of that form, where there is one. */
enum status store_form_draft_put(struct store *store, const struct id *person,
                                 const struct store_form_draft *draft) MUST_USE;
typedef enum status store_form_draft_fn(void *context,
                                        const struct store_form_draft *draft);
/* NOT_FOUND. */
enum status store_form_draft_get(struct store *store, const struct id *person,
                                 struct bytes form, store_form_draft_fn *fn,
                                 void *context) MUST_USE;
/* All of a person, in the order of their forms. */
enum status store_form_drafts(struct store *store, const struct id *person,
                              store_form_draft_fn *fn, void *context) MUST_USE;
/* NOT_FOUND. */
enum status store_form_draft_remove(struct store *store, const struct id *person,
                                    struct bytes form) MUST_USE;
/* All of a person, if there are any. */
enum status store_form_drafts_remove_of(struct store *store,
                                        const struct id *person) MUST_USE;

#endif
