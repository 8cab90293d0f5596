/* What is asked about ops and what is derived from them. */
#include "storage/store_listings.h"
#include "storage/store_search.h"
#include "storage/store_snapshot.h"
#include "tests/unit/storage/full_store.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static enum status note_op(void *context, const struct store_op *op)
{
    (void)context;
    full_hear_id(&op->id);
    full_hear_id(&op->scope);
    full_hear(op->bytes);
    return STATUS_OK;
}
static enum status note_id(void *context, const struct id *id)
{
    (void)context;
    full_hear_id(id);
    return STATUS_OK;
}
static enum status note_scope(void *context, const struct store_scope *scope)
{
    (void)context;
    full_hear_id(&scope->id);
    full_hear_id(&scope->site);
    full_hear_id(&scope->digest);
    full_hear(scope->view);
    return STATUS_OK;
}
static enum status note_item(void *context, uint64_t wall, const struct id *id)
{
    (void)context;
    full_hear_number(wall);
    full_hear_id(id);
    return STATUS_OK;
}

static enum status add(struct store *store, const struct sample_op *sample,
                       enum scope_kind kind, enum ledger_tree tree)
{
    return store_op_add(store, &sample->op, buf_bytes(&sample->bytes), kind, tree);
}

static enum status write_ops(struct store *store)
{
    return add(store, &full.later, SCOPE_ESCALATION, TREE_SHARED);
}
static enum status write_fresh(struct store *store)
{
    return add(store, &full.fresh, SCOPE_CASE, TREE_PRIVATE);
}
static enum status promote(struct store *store)
{
    return store_op_promote(store, &full.waiting.op.id, SCOPE_ESCALATION, TREE_SHARED);
}
static enum status remove_waiting(struct store *store)
{
    return store_op_remove_waiting(store, &full.lost.op.id);
}
static enum status replace(struct store *store)
{
    return store_op_replace(store, &full.first.op.id, buf_bytes(&full.first.erased));
}
static enum status settle_wait(struct store *store)
{
    struct id missing = sample_id(0xee);
    return store_wait_settle(store, &missing, note_id, NULL);
}
static enum status find(struct store *store)
{
    struct store_place place;
    enum status status = store_op_find(store, &full.first.op.id, &place);
    if (status == STATUS_OK)
        full_hear_number(place.position);
    return status;
}
static enum status get(struct store *store)
{
    return store_op_get(store, &full.first.op.id, note_op, NULL);
}
static enum status get_at(struct store *store)
{
    return store_op_at(store, 1, note_op, NULL);
}
static enum status walk_scope(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD);
    return store_ops_of_scope(store, &scope, note_op, NULL);
}
static enum status hear_place(void *context, uint64_t position, uint64_t wall)
{
    (void)context;
    full_hear_number(position);
    full_hear_number(wall);
    return STATUS_OK;
}
static enum status walk_snapshot(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD), none = {{0}};
    enum scope_kind kind = 0;
    enum status status = store_snapshot_ops(store, &scope, 3, 1, &none, note_op, NULL);
    if (status == STATUS_OK)
        status = store_snapshot_places(store, &scope, 3, hear_place, NULL);
    if (status == STATUS_OK)
        status = store_snapshot_next(store, &none, &scope, &kind);
    full_hear_id(&scope);
    full_hear_number(kind);
    return status;
}
static enum status walk_waiting(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD);
    return store_ops_waiting(store, &scope, note_op, NULL);
}
static enum status walk_all(struct store *store)
{
    return store_ops_all(store, 0, note_op, NULL);
}
static enum status refold(struct store *store)
{
    return full_fold(store, FULL_RECORD, SCOPE_ESCALATION, 9);
}
static enum status scope_get(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD);
    return store_scope_get(store, &scope, note_scope, NULL);
}
static enum status scope_kind(struct store *store)
{
    struct id scope = full.in_case.op.id;
    enum scope_kind kind;
    enum status status = store_scope_kind(store, &scope, &kind);
    if (status == STATUS_OK)
        full_hear_number(kind);
    return status;
}
/* The scope that was written last is remembered; it is not asked for. */
static enum status write_and_ask_kind(struct store *store)
{
    enum status status = write_ops(store);
    return status == STATUS_OK ? scope_kind(store) : status;
}
static enum status list_scopes(struct store *store)
{
    return store_scopes_of_kind(store, SCOPE_ESCALATION, 0, note_scope, NULL);
}
static enum status walk_scopes(struct store *store)
{
    int64_t number = 0, last;
    struct id scope;
    enum scope_kind kind;
    enum status status = store_scope_last(store, &last);
    while (status == STATUS_OK && number < last) {
        status = store_scope_next(store, &number, &scope, &kind);
        if (status == STATUS_OK)
            full_hear_id(&scope);
    }
    return status;
}
static enum status count_scopes(struct store *store)
{
    uint64_t count;
    enum status status = store_scopes_count(store, SCOPE_ESCALATION, &count);
    if (status == STATUS_OK)
        full_hear_number(count);
    return status;
}
static enum status list_unfounded(struct store *store)
{
    return store_scopes_unfounded(store, note_id, NULL);
}
static enum status list_held(struct store *store)
{
    struct id a = sample_id(FULL_SITE), b = sample_id(FULL_THIRD);
    return store_scopes_held(store, SCOPE_ESCALATION, &a, &b, note_id, NULL);
}
static enum status list_beside(struct store *store)
{
    struct id a = sample_id(FULL_SITE), b = sample_id(FULL_THIRD);
    return store_sites_beside(store, SCOPE_ESCALATION, &a, &b, note_id, NULL);
}
static enum status list_heads(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD);
    return store_scope_heads(store, &scope, note_id, NULL);
}
static enum status list_holders(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD);
    return store_scope_holders(store, &scope, note_id, NULL);
}
static enum status list_items(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD);
    return store_scope_items(store, &scope, note_item, NULL);
}
static enum status pair_more(struct store *store)
{
    struct id site = sample_id(FULL_THIRD);
    return store_pair_add(store, &site);
}
static enum status pair_drop(struct store *store)
{
    struct id site = sample_id(FULL_SITE), scope = sample_id(FULL_RECORD);
    return store_pair_drop(store, &site, &scope);
}
static enum status pair_put(struct store *store)
{
    struct id site = sample_id(FULL_SITE), scope = full.in_case.op.id;
    return store_pair_put(store, &site, &scope);
}
static enum status pair_has(struct store *store)
{
    struct id site = sample_id(FULL_SITE), scope = sample_id(FULL_RECORD);
    return store_pair_has(store, &site, &scope);
}
static enum status list_pairs(struct store *store)
{
    return store_pairs(store, note_id, NULL);
}
static enum status list_shared(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    return store_pair_scopes(store, &site, note_id, NULL);
}
static enum status list_sharing(struct store *store)
{
    struct id scope = sample_id(FULL_RECORD);
    return store_scope_pairs(store, &scope, note_id, NULL);
}
static enum status lattice(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct lattice sum;
    uint64_t len;
    enum status status = store_pair_lattice(store, &site, &sum, &len);
    if (status == STATUS_OK)
        full_hear(bytes_of(sum.bytes, LATTICE_SIZE));
    return status;
}
static enum status reckon(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct lattice sum;
    uint64_t len;
    enum status status = store_pair_reckon(store, &site, &sum, &len);
    if (status == STATUS_OK)
        full_hear(bytes_of(sum.bytes, LATTICE_SIZE));
    return status;
}
static enum status read_set(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct store_set set;
    enum status status = store_set_open(store, &site, &set);
    if (status != STATUS_OK)
        return status;
    struct negentropy_source source = store_set_source(&set);
    struct negentropy_item item;
    struct negentropy_sum sum;
    size_t len = source.len(source.context);
    if (len > 0)
        source.item(source.context, len - 1, &item);
    source.sum(source.context, 0, len, &sum);
    full_hear_number(source.lower_bound(source.context, 0, 0, full.first.op.id.bytes));
    full_hear_number(len);
    full_hear(bytes_of((const uint8_t *)&sum, sizeof(sum)));
    return source.status(source.context);
}
/* What came in this turn is in the set. */
static enum status write_and_read_set(struct store *store)
{
    enum status status = write_ops(store);
    return status == STATUS_OK ? read_set(store) : status;
}
static enum status number_put(struct store *store)
{
    struct id scope = full.in_case.op.id;
    return store_number_put(store, &scope, bytes_str("2026-0002"));
}
static enum status number_find(struct store *store)
{
    return store_number_find(store, bytes_str("2026-0001"), note_id, NULL);
}
static enum status number_last(struct store *store)
{
    struct buf last = {0};
    enum status status = store_number_last(store, bytes_str("2026-"), &last);
    if (status == STATUS_OK)
        full_hear(buf_bytes(&last));
    buf_deinit(&last);
    return status;
}
static enum status listing_put(struct store *store)
{
    struct bytes alias = bytes_str("张某");
    struct store_listing row = {
        .scope = full.in_case.op.id, .parties = &alias, .parties_len = 1};
    return store_listing_put(store, &row);
}
static enum status listings(struct store *store)
{
    struct store_filter filter = {.kind = SCOPE_CASE, .limit = 9};
    enum status status = store_listings(store, &filter, note_scope, NULL);
    filter.is_to_do = true;
    if (status == STATUS_OK)
        status = store_listings(store, &filter, note_scope, NULL);
    filter.after = &full.first.op.id; /* which founds nothing */
    if (status == STATUS_OK)
        status = store_listings(store, &filter, note_scope, NULL);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
static enum status list_waits(struct store *store)
{
    return store_listings_waiting(store, SCOPE_CASE, 1, note_scope, NULL);
}
static enum status listing_of_line(struct store *store)
{
    struct id line = sample_id(FULL_LINE), scope;
    enum status status = store_listing_of_line(store, &line, &scope);
    if (status == STATUS_OK)
        full_hear_id(&scope);
    return status;
}
static enum status note_growth(void *context, const struct store_growth *growth)
{
    (void)context;
    full_hear(growth->category);
    full_hear_number(growth->late);
    full_hear_number(growth->early);
    return STATUS_OK;
}
static enum status list_grown(struct store *store)
{
    uint64_t count;
    enum status status = store_listings_count(store, SCOPE_CASE, &count);
    return status == STATUS_OK
               ? store_listings_grown(store, SCOPE_CASE, 0, 1, 9, 9, note_growth, NULL)
               : status;
}
static enum status dump(struct store *store)
{
    struct buf text = {0};
    enum status status = store_dump(store, &text);
    if (status == STATUS_OK)
        full_hear(buf_bytes(&text));
    buf_deinit(&text);
    return status;
}
static void hear_table(void *context, const char *table, struct bytes text)
{
    (void)context;
    (void)table;
    full_hear(text);
}
static enum status dump_one(struct store *store)
{
    return store_dump_scope(store, &full.in_case.op.id, hear_table, NULL);
}
static void hear_text(void *context, const char *text)
{
    (void)context;
    full_hear(bytes_str(text));
}
static enum status check(struct store *store)
{
    return store_check(store, hear_text, NULL);
}
static enum status clear_scopes(struct store *store)
{
    return store_scopes_clear(store);
}

/* The old ones go, but for the first. */
static bool next_posting(void *context, struct store_posting *posting)
{
    static const struct store_posting postings[] = {
        {{(const uint8_t *)"a", 1}, {(const uint8_t *)"1", 1}},
        {{(const uint8_t *)"c", 1}, {(const uint8_t *)"9", 1}},
    };
    size_t *at = context;
    if (*at == LEN(postings))
        return false;
    *posting = postings[(*at)++];
    return true;
}
static enum status index_case(struct store *store)
{
    struct id scope = full.in_case.op.id;
    size_t at = 0;
    return store_search_put(store, &scope, next_posting, &at);
}
static enum status seek(struct store *store)
{
    int64_t number = SEARCH_NEWEST;
    struct buf places = {0};
    enum status status = store_search_seek(store, bytes_str("a"), &number);
    if (status == STATUS_OK)
        status = store_search_places(store, number, bytes_str("a"), &places);
    if (status == STATUS_OK)
        status = store_search_scope(store, number, note_scope, NULL);
    if (status == STATUS_OK)
        full_hear(buf_bytes(&places));
    buf_deinit(&places);
    return status;
}

#define ASK(name)                                                                        \
    {                                                                                    \
#name, name                                                                      \
    }
const struct full_request full_derived[] = {
    ASK(write_ops),
    ASK(write_fresh),
    ASK(promote),
    ASK(remove_waiting),
    ASK(replace),
    ASK(settle_wait),
    ASK(find),
    ASK(get),
    ASK(get_at),
    ASK(walk_scope),
    ASK(walk_snapshot),
    ASK(walk_waiting),
    ASK(walk_all),
    ASK(refold),
    ASK(scope_get),
    ASK(scope_kind),
    ASK(write_and_ask_kind),
    ASK(list_scopes),
    ASK(walk_scopes),
    ASK(count_scopes),
    ASK(list_unfounded),
    ASK(list_held),
    ASK(list_beside),
    ASK(list_heads),
    ASK(list_holders),
    ASK(list_items),
    ASK(pair_more),
    ASK(pair_drop),
    ASK(pair_put),
    ASK(pair_has),
    ASK(list_pairs),
    ASK(list_shared),
    ASK(list_sharing),
    ASK(lattice),
    ASK(reckon),
    ASK(read_set),
    ASK(write_and_read_set),
    ASK(number_put),
    ASK(number_find),
    ASK(number_last),
    ASK(listing_put),
    ASK(listings),
    ASK(list_waits),
    ASK(listing_of_line),
    ASK(list_grown),
    ASK(dump),
    ASK(dump_one),
    ASK(check),
    ASK(clear_scopes),
    ASK(index_case),
    ASK(seek),
};
const size_t full_derived_len = LEN(full_derived);
