/* What the store knows of bundles, asked for and changed. */
#include "storage/store_bundles.h"

#include "tests/unit/storage/full_store.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static enum status hear_id(void *context, const struct id *id)
{
    (void)context;
    full_hear_id(id);
    return STATUS_OK;
}

static enum status hear_made(void *context, const struct store_bundle_made *made)
{
    (void)context;
    full_hear_number(made->number);
    full_hear_number(made->ops);
    full_hear_number(made->wall);
    full_hear_number(made->is_written);
    return STATUS_OK;
}

static enum status hear_read(void *context, const struct store_bundle_read *read)
{
    (void)context;
    full_hear(bytes_of(read->node, sizeof(read->node)));
    full_hear_number(read->number);
    full_hear_number(read->wall);
    return STATUS_OK;
}

static enum status make_one(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    uint64_t number = 0;
    enum status status = store_bundle_begin(store, &site, 0, 5, &number);
    if (status == STATUS_OK)
        status = store_bundle_ops(store, &site, number, 3);
    if (status == STATUS_OK)
        status = store_bundle_written(store, &site, number, 6);
    if (status == STATUS_OK)
        status = store_bundles_made(store, &site, hear_made, NULL);
    return status;
}

static enum status have_one_read(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct store_bundle_site of;
    uint64_t number = 0;
    enum status status = store_bundle_begin(store, &site, 0, 5, &number);
    if (status == STATUS_OK)
        status = store_bundle_acked(store, &site, number, 7);
    if (status == STATUS_OK)
        status = store_bundle_site(store, &site, &of);
    if (status == STATUS_OK) {
        full_hear_number(of.acked);
        full_hear_number((uint64_t)of.acked_seq);
    }
    return status;
}

static enum status have_another_life(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct store_bundle_site of;
    enum status status = store_bundle_behind(store, &site, 400);
    if (status == STATUS_OK)
        status = store_bundle_leap(store, 50);
    if (status == STATUS_OK)
        status = store_bundle_site(store, &site, &of);
    if (status == STATUS_OK)
        full_hear_number(of.written);
    return status;
}

static enum status tell(struct store *store)
{
    struct id site = sample_id(FULL_SITE), record = sample_id(FULL_RECORD);
    enum status status = store_bundle_tell(store, &site, &record);
    if (status == STATUS_OK)
        status = store_bundle_told(store, &site, 4);
    if (status == STATUS_OK)
        status = store_bundle_news(store, &site, 1000, 9, hear_id, NULL);
    return status;
}

static enum status read_one(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct store_bundle_read read = {.node = {FULL_MACHINE}, .number = 4, .wall = 9};
    enum status status = store_bundle_read(store, &site, &read);
    if (status == STATUS_OK)
        status = store_bundle_read_get(store, read.node, &read);
    full_hear_number(read.number);
    if (status == STATUS_OK)
        status = store_bundles_read(store, &site, hear_read, NULL);
    return status;
}

static enum status hold(struct store *store)
{
    struct id site = sample_id(FULL_SITE), record = sample_id(FULL_RECORD);
    struct id heads[] = {sample_id(3), sample_id(4)};
    enum status status = store_bundle_held_put(store, &site, &record, heads, 2);
    if (status == STATUS_OK)
        status = store_bundle_held(store, &site, &record, hear_id, NULL);
    return status;
}

static enum status lack(struct store *store)
{
    struct id site = sample_id(FULL_SITE), op = sample_id(3);
    enum status status = store_bundle_lacks_clear(store, &site);
    if (status == STATUS_OK)
        status = store_bundle_lacks_add(store, &site, &op);
    if (status == STATUS_OK)
        status = store_bundle_lacks(store, &site, hear_id, NULL);
    return status;
}

static enum status agree(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    enum status status = store_bundle_forget(store, &site);
    return status == STATUS_OK ? store_bundle_agreed(store, &site) : status;
}

#define ASK(function)                                                                    \
    {                                                                                    \
#function, function                                                              \
    }
const struct full_request full_bundles[] = {
    ASK(make_one), ASK(have_one_read), ASK(tell),  ASK(read_one),
    ASK(hold),     ASK(lack),          ASK(agree), ASK(have_another_life),
};
const size_t full_bundles_len = LEN(full_bundles);
