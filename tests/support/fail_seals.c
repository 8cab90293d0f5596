/* The ledger, seals and what is read for evidence, where a call of the store fails. */
#include "storage/store_ledger.h"
#include "storage/store_seals.h"
#include "storage/store_snapshot.h"
#include "storage/store_witness.h"
#include "tests/support/fail_store_call.h"

FAIL(store_ledger_root,
     (struct store * store, enum ledger_tree tree, uint64_t size,
      struct merkle_hash *root),
     (store, tree, size, root))
FAIL(store_seal_log_begin, (struct store * store, const char *origin, int64_t *log),
     (store, origin, log))
FAIL(store_seal_log_last, (struct store * store, int64_t *log, char *origin),
     (store, log, origin))
FAIL(store_seal_log_get, (struct store * store, int64_t log, char *origin),
     (store, log, origin))
FAIL(store_seal_add, (struct store * store, int64_t log, const struct store_seal *seal),
     (store, log, seal))
FAIL(store_seals, (struct store * store, int64_t log, store_seal_fn *fn, void *context),
     (store, log, fn, context))
FAIL(store_seals_len, (struct store * store, int64_t log, uint64_t *len),
     (store, log, len))
FAIL(store_cosigned,
     (struct store * store, int64_t log, store_cosigned_fn *fn, void *context),
     (store, log, fn, context))
FAIL(store_witnessed, (struct store * store, store_witnessed_fn *fn, void *context),
     (store, fn, context))
FAIL(store_seal_proofs, (struct store * store, store_seal_proof_fn *fn, void *context),
     (store, fn, context))
FAIL(store_cosigned_get,
     (struct store * store, int64_t log, const char *witness, uint64_t *size),
     (store, log, witness, size))
FAIL(store_cosigned_put,
     (struct store * store, int64_t log, const char *witness, uint64_t size,
      struct bytes note),
     (store, log, witness, size, note))
FAIL(store_witnessed_get,
     (struct store * store, const char *origin, store_witnessed_fn *fn, void *context),
     (store, origin, fn, context))
FAIL(store_witnessed_open,
     (struct store * store, const uint8_t *machine, store_witnessed_fn *fn,
      void *context),
     (store, machine, fn, context))
FAIL(store_witnessed_put, (struct store * store, const struct store_witnessed *log),
     (store, log))
FAIL(store_witnessed_close,
     (struct store * store, const char *origin, const char *successor),
     (store, origin, successor))
FAIL(store_seal_proof_add,
     (struct store * store, const char *origin, uint64_t wall, struct bytes file),
     (store, origin, wall, file))
FAIL(store_ledger_inclusion,
     (struct store * store, enum ledger_tree tree, uint64_t position, uint64_t size,
      struct store_ledger_proof *proof),
     (store, tree, position, size, proof))
FAIL(store_ledger_consistency,
     (struct store * store, enum ledger_tree tree, uint64_t from, uint64_t to,
      struct store_ledger_proof *proof),
     (store, tree, from, to, proof))
FAIL_OPS(store_snapshot_ops,
         (struct store * store, const struct id *scope, uint64_t size, uint64_t time,
          const struct id *id, store_op_fn *fn, void *context),
         (store, scope, size, time, id, fn, context))
FAIL(store_snapshot_places,
     (struct store * store, const struct id *scope, uint64_t size, store_snapshot_fn *fn,
      void *context),
     (store, scope, size, fn, context))
FAIL(store_snapshot_next,
     (struct store * store, const struct id *after, struct id *scope,
      enum scope_kind *kind),
     (store, after, scope, kind))
