#include "tests/support/fail_store.h"

#include "storage/store_backup.h"
#include "storage/store_bundles.h"
#include "storage/store_unshown.h"
#include "storage/store_chunks.h"
#include "storage/store_confirmed.h"
#include "storage/store_devices.h"
#include "storage/store_form_drafts.h"
#include "storage/store_lacking.h"
#include "storage/store_listings.h"
#include "storage/store_onces.h"
#include "storage/store_pastes.h"
#include "storage/store_pin_tries.h"
#include "storage/store_retention.h"
#include "storage/store_search.h"
#include "storage/store_sources.h"
#include "tests/support/fail_store_call.h"
#include "tests/support/fail_place.h"

static struct store *failing;
static uint64_t left;
static bool by_place, damages, has_failed;
static enum status says;

void fail_store_after(struct store *store, uint64_t calls)
{
    failing = store;
    left = calls;
    by_place = false;
    damages = false;
    has_failed = false;
    says = STATUS_IO;
}

void fail_store_full_after(struct store *store, uint64_t calls)
{
    fail_store_after(store, calls);
    says = STATUS_FULL;
}

void fail_store_at_new_place(struct store *store)
{
    fail_store_after(store, 0);
    by_place = true;
}

void fail_store_damage_at_new_place(struct store *store)
{
    fail_store_at_new_place(store);
    damages = true;
}

bool fail_store_stop(void)
{
    failing = NULL;
    return has_failed;
}

static bool is_next(struct store *store)
{
    if (store != failing || has_failed || (by_place && !fail_place_is_new()))
        return false;
    has_failed = left == 0;
    left--;
    return has_failed;
}

bool fail_store_call(struct store *store)
{
    return !damages && is_next(store);
}

enum status fail_store_call_says(void)
{
    return says;
}

static enum status read_damaged(void *context, const struct store_op *row)
{
    const struct fail_store_reader *reader = context;
    struct store_op other = *row;
    if (is_next(reader->store))
        other.bytes.len--;
    return reader->fn(reader->context, &other);
}

store_op_fn *fail_store_call_through(struct fail_store_reader *reader, void **context)
{
    if (!damages)
        return reader->fn;
    *context = reader;
    return read_damaged;
}

FAIL(store_alarm_raise, (struct store * store, const struct store_alarm *alarm),
     (store, alarm))
FAIL(store_alarms,
     (struct store * store, const struct id *site, store_alarm_fn *fn, void *context),
     (store, site, fn, context))
FAIL(store_alarms_clear, (struct store * store, const struct id *site), (store, site))
FAIL(store_begin, (struct store * store), (store))
FAIL(store_backup_now, (struct store * store, struct store_backup_mark *mark),
     (store, mark))
FAIL_OPS(store_backup_ops,
         (struct store * store, enum ledger_tree tree, uint64_t from, store_op_fn *fn,
          void *context),
         (store, tree, from, fn, context))
FAIL(store_backup_op_put,
     (struct store * store, const struct op *op, struct bytes bytes, enum scope_kind kind,
      enum ledger_tree tree, int64_t seq),
     (store, op, bytes, kind, tree, seq))
FAIL(store_backup_digest,
     (struct store * store, enum ledger_tree tree, uint64_t len, struct id *digest),
     (store, tree, len, digest))
FAIL(store_backup_chunks,
     (struct store * store, int64_t after, store_backup_chunk_fn *fn, void *context),
     (store, after, fn, context))
FAIL(store_backup_chunk_put, (struct store * store, struct bytes sealed), (store, sealed))
FAIL(store_backup_table,
     (struct store * store, uint32_t table, store_backup_row_fn *fn, void *context),
     (store, table, fn, context))
FAIL(store_backup_clear, (struct store * store, uint32_t table), (store, table))
FAIL(store_backup_row_put, (struct store * store, uint32_t table, struct bytes row),
     (store, table, row))
FAIL(store_backup_end, (struct store * store), (store))
FAIL(store_unshown_add, (struct store * store, const struct id *op), (store, op))
FAIL(store_unshown_next,
     (struct store * store, int64_t behind, int64_t *number, struct id *op),
     (store, behind, number, op))
FAIL(store_unshown_has, (struct store * store, const struct id *op), (store, op))
FAIL(store_unshown_close, (struct store * store, const struct id *op), (store, op))
FAIL(store_bundle_site,
     (struct store * store, const struct id *site, struct store_bundle_site *out),
     (store, site, out))
FAIL(store_bundle_begin,
     (struct store * store, const struct id *site, uint64_t least, uint64_t wall,
      uint64_t *number),
     (store, site, least, wall, number))
FAIL(store_bundle_leap, (struct store * store, uint64_t leap), (store, leap))
FAIL(store_bundle_behind, (struct store * store, const struct id *site, uint64_t number),
     (store, site, number))
FAIL(store_bundle_ops,
     (struct store * store, const struct id *site, uint64_t number, uint64_t ops),
     (store, site, number, ops))
FAIL(store_bundle_written,
     (struct store * store, const struct id *site, uint64_t number, uint64_t wall),
     (store, site, number, wall))
FAIL(store_bundle_acked,
     (struct store * store, const struct id *site, uint64_t number, uint64_t wall),
     (store, site, number, wall))
FAIL(store_bundle_agreed, (struct store * store, const struct id *site), (store, site))
FAIL(store_bundle_news,
     (struct store * store, const struct id *site, int64_t since_seq, uint64_t limit,
      store_id_fn *fn, void *context),
     (store, site, since_seq, limit, fn, context))
FAIL(store_bundle_tell,
     (struct store * store, const struct id *site, const struct id *scope),
     (store, site, scope))
FAIL(store_bundle_told, (struct store * store, const struct id *site, uint64_t number),
     (store, site, number))
FAIL(store_bundle_read,
     (struct store * store, const struct id *site, const struct store_bundle_read *read),
     (store, site, read))
FAIL(store_bundle_read_get,
     (struct store * store, const uint8_t node[static 32],
      struct store_bundle_read *read),
     (store, node, read))
FAIL(store_bundle_held_put,
     (struct store * store, const struct id *site, const struct id *scope,
      const struct id *heads, uint32_t heads_len),
     (store, site, scope, heads, heads_len))
FAIL(store_bundle_forget, (struct store * store, const struct id *site), (store, site))
FAIL(store_bundle_held,
     (struct store * store, const struct id *site, const struct id *scope,
      store_id_fn *fn, void *context),
     (store, site, scope, fn, context))
FAIL(store_bundle_lacks_clear, (struct store * store, const struct id *site),
     (store, site))
FAIL(store_bundle_lacks_add,
     (struct store * store, const struct id *site, const struct id *op),
     (store, site, op))
FAIL(store_bundle_lacks,
     (struct store * store, const struct id *site, store_id_fn *fn, void *context),
     (store, site, fn, context))
FAIL(store_bundles_made,
     (struct store * store, const struct id *site, store_bundle_made_fn *fn,
      void *context),
     (store, site, fn, context))
FAIL(store_bundles_read,
     (struct store * store, const struct id *site, store_bundle_read_fn *fn,
      void *context),
     (store, site, fn, context))
FAIL(store_chunk_add,
     (struct store * store, const struct id *op, uint32_t piece, const struct id *digest,
      struct bytes sealed),
     (store, op, piece, digest, sealed))
FAIL(store_chunk_brought,
     (struct store * store, const struct id *op, uint32_t piece, const struct id *site,
      uint64_t size),
     (store, op, piece, site, size))
FAIL(store_chunk_get, (struct store * store, const struct id *digest, struct buf *sealed),
     (store, digest, sealed))
FAIL(store_chunk_of,
     (struct store * store, const struct id *op, uint32_t piece, struct buf *sealed),
     (store, op, piece, sealed))
FAIL(store_chunks_drop, (struct store * store, const struct id *op), (store, op))
FAIL(store_chunks_move,
     (struct store * store, const struct id *from, const struct id *to),
     (store, from, to))
FAIL(store_chunks_of, (struct store * store, const struct id *op, uint64_t *count),
     (store, op, count))
FAIL(store_chunks_size, (struct store * store, uint64_t *bytes), (store, bytes))
FAIL(store_confirmed_forget, (struct store * store, const uint8_t node[static 32]),
     (store, node))
FAIL(store_confirmed_get,
     (struct store * store, const uint8_t node[static 32], const struct id *scope,
      uint64_t *place),
     (store, node, scope, place))
FAIL(store_confirmed_put,
     (struct store * store, const uint8_t node[static 32], const struct id *site,
      const struct id *own),
     (store, node, site, own))
FAIL(store_confirmed_put_scope,
     (struct store * store, const uint8_t node[static 32], const struct id *site,
      const struct id *scope),
     (store, node, site, scope))
FAIL(store_delivery_get,
     (struct store * store, const struct id *op, const struct id *site, uint64_t *wall),
     (store, op, site, wall))
FAIL(store_delivery_put,
     (struct store * store, const struct id *op, const struct id *site, uint64_t wall),
     (store, op, site, wall))
FAIL(store_device_add,
     (struct store * store, const struct store_device *device, int64_t *number),
     (store, device, number))
FAIL(store_device_find,
     (struct store * store, const struct id *digest, store_device_fn *fn, void *context),
     (store, digest, fn, context))
FAIL(store_device_get,
     (struct store * store, int64_t number, store_device_fn *fn, void *context),
     (store, number, fn, context))
FAIL(store_device_remove, (struct store * store, int64_t number), (store, number))
FAIL(store_device_seen, (struct store * store, int64_t number, uint64_t wall),
     (store, number, wall))
FAIL(store_devices, (struct store * store, store_device_fn *fn, void *context),
     (store, fn, context))
FAIL(store_devices_remove_of, (struct store * store, const struct id *person),
     (store, person))
FAIL(store_form_draft_get,
     (struct store * store, const struct id *person, struct bytes form,
      store_form_draft_fn *fn, void *context),
     (store, person, form, fn, context))
FAIL(store_form_draft_put,
     (struct store * store, const struct id *person,
      const struct store_form_draft *draft),
     (store, person, draft))
FAIL(store_form_draft_remove,
     (struct store * store, const struct id *person, struct bytes form),
     (store, person, form))
FAIL(store_form_drafts,
     (struct store * store, const struct id *person, store_form_draft_fn *fn,
      void *context),
     (store, person, fn, context))
FAIL(store_form_drafts_remove_of, (struct store * store, const struct id *person),
     (store, person))
FAIL(store_guest_add,
     (struct store * store, const struct id *op, const struct id *site, uint64_t size),
     (store, op, site, size))
FAIL(store_guest_oldest,
     (struct store * store, const struct id *site, bool only_left, struct id *op),
     (store, site, only_left, op))
FAIL(store_guest_site, (struct store * store, const struct id *op, struct id *site),
     (store, op, site))
FAIL(store_guests_count, (struct store * store, const struct id *site, uint64_t *count),
     (store, site, count))
FAIL(store_guests_largest, (struct store * store, struct id *site, uint64_t *count),
     (store, site, count))
FAIL(store_guests_leave, (struct store * store, const struct id *site), (store, site))
FAIL(store_lacking_add, (struct store * store, const struct store_piece *piece),
     (store, piece))
FAIL(store_lacking_came, (struct store * store, const struct id *op, uint32_t number),
     (store, op, number))
FAIL(store_lacking_drop, (struct store * store, const struct id *op), (store, op))
FAIL(store_lacking_get,
     (struct store * store, const struct id *op, uint32_t number,
      struct store_piece *piece),
     (store, op, number, piece))
FAIL(store_lacking_next,
     (struct store * store, const struct id *site, const struct id *from,
      struct store_piece *piece),
     (store, site, from, piece))
FAIL(store_lacking_of, (struct store * store, const struct id *op, uint64_t *count),
     (store, op, count))
FAIL(store_listing_of_line,
     (struct store * store, const struct id *line, struct id *scope),
     (store, line, scope))
FAIL(store_listing_put, (struct store * store, const struct store_listing *listing),
     (store, listing))
FAIL(store_listings,
     (struct store * store, const struct store_filter *filter, store_scope_fn *fn,
      void *context),
     (store, filter, fn, context))
FAIL(store_listings_count, (struct store * store, enum scope_kind kind, uint64_t *count),
     (store, kind, count))
FAIL(store_listings_grown,
     (struct store * store, enum scope_kind kind, uint64_t begin, uint64_t middle,
      uint32_t rows, uint32_t max, store_growth_fn *fn, void *context),
     (store, kind, begin, middle, rows, max, fn, context))
FAIL(store_listings_waiting,
     (struct store * store, enum scope_kind kind, uint64_t since, store_scope_fn *fn,
      void *context),
     (store, kind, since, fn, context))
FAIL(store_loss_last, (struct store * store, struct store_loss *loss), (store, loss))
FAIL(store_meta_get, (struct store * store, const char *name, struct buf *value),
     (store, name, value))
FAIL(store_meta_put, (struct store * store, const char *name, struct bytes value),
     (store, name, value))
FAIL(store_meta_remove, (struct store * store, const char *name), (store, name))
FAIL(store_number_find,
     (struct store * store, struct bytes number, store_id_fn *fn, void *context),
     (store, number, fn, context))
FAIL(store_number_last, (struct store * store, struct bytes prefix, struct buf *last),
     (store, prefix, last))
FAIL(store_number_put,
     (struct store * store, const struct id *scope, struct bytes number),
     (store, scope, number))
FAIL(store_op_add,
     (struct store * store, const struct op *op, struct bytes bytes, enum scope_kind kind,
      enum ledger_tree tree),
     (store, op, bytes, kind, tree))
FAIL(store_once_add,
     (struct store * store, const struct id *once, const struct id *asked,
      struct bytes answer),
     (store, once, asked, answer))
FAIL(store_once_get,
     (struct store * store, const struct id *once, struct id *asked, struct buf *answer),
     (store, once, asked, answer))
FAIL_OPS(store_op_at, (struct store * store, int64_t seq, store_op_fn *fn, void *context),
         (store, seq, fn, context))
FAIL(store_op_find,
     (struct store * store, const struct id *id, struct store_place *place),
     (store, id, place))
FAIL_OPS(store_op_get,
         (struct store * store, const struct id *id, store_op_fn *fn, void *context),
         (store, id, fn, context))
FAIL(store_op_promote,
     (struct store * store, const struct id *id, enum scope_kind kind,
      enum ledger_tree tree),
     (store, id, kind, tree))
FAIL(store_op_remove_waiting, (struct store * store, const struct id *id), (store, id))
FAIL(store_op_replace, (struct store * store, const struct id *id, struct bytes bytes),
     (store, id, bytes))
FAIL_OPS(store_ops_all,
         (struct store * store, int64_t seq_min, store_op_fn *fn, void *context),
         (store, seq_min, fn, context))
FAIL(store_ops_count, (struct store * store, enum ledger_tree tree, uint64_t *count),
     (store, tree, count))
FAIL_OPS(store_ops_of_scope,
         (struct store * store, const struct id *scope, store_op_fn *fn, void *context),
         (store, scope, fn, context))
FAIL_OPS(store_ops_waiting,
         (struct store * store, const struct id *scope, store_op_fn *fn, void *context),
         (store, scope, fn, context))
FAIL(store_pair_add, (struct store * store, const struct id *site), (store, site))
FAIL(store_pair_drop,
     (struct store * store, const struct id *site, const struct id *scope),
     (store, site, scope))
FAIL(store_pair_has,
     (struct store * store, const struct id *site, const struct id *scope),
     (store, site, scope))
FAIL(store_pair_lattice,
     (struct store * store, const struct id *site, struct lattice *lattice,
      uint64_t *scopes_len),
     (store, site, lattice, scopes_len))
FAIL(store_pair_put,
     (struct store * store, const struct id *site, const struct id *scope),
     (store, site, scope))
FAIL(store_pair_reckon,
     (struct store * store, const struct id *site, struct lattice *lattice,
      uint64_t *scopes_len),
     (store, site, lattice, scopes_len))
FAIL(store_pair_scopes,
     (struct store * store, const struct id *site, store_id_fn *fn, void *context),
     (store, site, fn, context))
FAIL(store_pairs, (struct store * store, store_id_fn *fn, void *context),
     (store, fn, context))
FAIL(store_paste_add,
     (struct store * store, const struct store_paste *paste, int64_t *number),
     (store, paste, number))
FAIL(store_paste_find, (struct store * store, const struct id *digest, int64_t *number),
     (store, digest, number))
FAIL(store_paste_get,
     (struct store * store, int64_t number, store_paste_fn *fn, void *context),
     (store, number, fn, context))
FAIL(store_paste_piece_add,
     (struct store * store, int64_t number, uint32_t piece, struct bytes sealed),
     (store, number, piece, sealed))
FAIL(store_paste_piece_get,
     (struct store * store, int64_t number, uint32_t piece, struct buf *sealed),
     (store, number, piece, sealed))
FAIL(store_paste_remove, (struct store * store, int64_t number), (store, number))
FAIL(store_pastes, (struct store * store, store_paste_fn *fn, void *context),
     (store, fn, context))
FAIL(store_pastes_run, (struct store * store, uint64_t ran_s, uint32_t *ended),
     (store, ran_s, ended))
FAIL(store_peer_put, (struct store * store, const struct store_peer *peer), (store, peer))
FAIL(store_peer_rename,
     (struct store * store, const struct id *site, const uint8_t former[static 32],
      const uint8_t key[static 32]),
     (store, site, former, key))
FAIL(store_peers, (struct store * store, store_peer_fn *fn, void *context),
     (store, fn, context))
FAIL(store_pin_tries_get,
     (struct store * store, const struct id *person, uint64_t *count),
     (store, person, count))
FAIL(store_pin_tries_put, (struct store * store, const struct id *person, uint64_t count),
     (store, person, count))
FAIL(store_quarantine_add, (struct store * store, const struct store_quarantine *row),
     (store, row))
FAIL(store_quarantine_count,
     (struct store * store, const struct id *site, uint64_t *rows, uint64_t *bytes),
     (store, site, rows, bytes))
FAIL(store_quarantine_count_all, (struct store * store, uint64_t *rows), (store, rows))
FAIL(store_quarantine_get,
     (struct store * store, int64_t number, store_quarantine_fn *fn, void *context),
     (store, number, fn, context))
FAIL(store_quarantine_list,
     (struct store * store, store_quarantine_fn *fn, void *context), (store, fn, context))
FAIL(store_quarantine_remove, (struct store * store, int64_t number), (store, number))
FAIL(store_retention_begin, (struct store * store, const struct id *scope),
     (store, scope))
FAIL(store_retention_count_due, (struct store * store, uint64_t *count), (store, count))
FAIL(store_retention_end, (struct store * store, const struct id *scope), (store, scope))
FAIL(store_retention_put, (struct store * store, const struct store_retention *row),
     (store, row))
FAIL(store_retention_restart, (struct store * store), (store))
FAIL(store_retentions, (struct store * store, store_retention_fn *fn, void *context),
     (store, fn, context))
FAIL(store_scope_get,
     (struct store * store, const struct id *id, store_scope_fn *fn, void *context),
     (store, id, fn, context))
FAIL(store_scope_heads,
     (struct store * store, const struct id *scope, store_id_fn *fn, void *context),
     (store, scope, fn, context))
FAIL(store_scope_holders,
     (struct store * store, const struct id *scope, store_id_fn *fn, void *context),
     (store, scope, fn, context))
FAIL(store_scope_kind, (struct store * store, const struct id *id, enum scope_kind *kind),
     (store, id, kind))
FAIL(store_scope_pairs,
     (struct store * store, const struct id *scope, store_id_fn *fn, void *context),
     (store, scope, fn, context))
FAIL(store_scope_put,
     (struct store * store, const struct store_scope *scope, const struct id *heads,
      uint32_t heads_len, const struct id *holders, uint32_t holders_len),
     (store, scope, heads, heads_len, holders, holders_len))
FAIL(store_scopes_clear, (struct store * store), (store))
FAIL(store_dump_each, (struct store * store, store_dump_fn *fn, void *context),
     (store, fn, context))
FAIL(store_dump_scope,
     (struct store * store, const struct id *scope, store_dump_fn *fn, void *context),
     (store, scope, fn, context))
FAIL(store_scope_last, (struct store * store, int64_t *number), (store, number))
FAIL(store_scope_next,
     (struct store * store, int64_t *number, struct id *scope, enum scope_kind *kind),
     (store, number, scope, kind))
FAIL(store_scopes_count, (struct store * store, enum scope_kind kind, uint64_t *count),
     (store, kind, count))
FAIL(store_scopes_held,
     (struct store * store, enum scope_kind kind, const struct id *site_a,
      const struct id *site_b, store_id_fn *fn, void *context),
     (store, kind, site_a, site_b, fn, context))
FAIL(store_scopes_of_kind,
     (struct store * store, enum scope_kind kind, uint64_t limit, store_scope_fn *fn,
      void *context),
     (store, kind, limit, fn, context))
FAIL(store_scopes_unfounded, (struct store * store, store_id_fn *fn, void *context),
     (store, fn, context))
FAIL(store_search_places,
     (struct store * store, int64_t number, struct bytes token, struct buf *places),
     (store, number, token, places))
FAIL(store_search_put,
     (struct store * store, const struct id *scope, store_posting_fn *next,
      void *context),
     (store, scope, next, context))
FAIL(store_search_scope,
     (struct store * store, int64_t number, store_scope_fn *fn, void *context),
     (store, number, fn, context))
FAIL(store_search_seek, (struct store * store, struct bytes token, int64_t *number),
     (store, token, number))
FAIL(store_set_open, (struct store * store, const struct id *site, struct store_set *set),
     (store, site, set))
FAIL(store_sites_beside,
     (struct store * store, enum scope_kind kind, const struct id *site_a,
      const struct id *site_b, store_id_fn *fn, void *context),
     (store, kind, site_a, site_b, fn, context))
FAIL(store_source_add,
     (struct store * store, const struct id *site, uint64_t ops, uint64_t bytes,
      uint64_t refused),
     (store, site, ops, bytes, refused))
FAIL(store_source_get,
     (struct store * store, const struct id *site, struct store_source *source),
     (store, site, source))
FAIL(store_source_limit,
     (struct store * store, const struct id *site, uint64_t ops_max, uint64_t bytes_max),
     (store, site, ops_max, bytes_max))
FAIL(store_wait_add,
     (struct store * store, const struct id *op, const struct id *missing),
     (store, op, missing))
FAIL(store_wait_settle,
     (struct store * store, const struct id *missing, store_id_fn *fn, void *context),
     (store, missing, fn, context))

enum status __wrap_store_commit(struct store *store);
enum status __real_store_commit(struct store *store);

enum status __wrap_store_commit(struct store *store)
{
    if (!fail_store_call(store) && (store != failing || !has_failed))
        return __real_store_commit(store);
    store_roll_back(store);
    return says;
}
