-- Statements of store_snapshot.c: what was here when a tree of the ledger had so many ops.

-- STMT: snapshot_ops
-- store_snapshot_ops
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM scopes AS s JOIN ops AS o ON o.scope = s.number
WHERE s.id = ?1 AND o.tree > 0 AND o.position < ?2
    AND o.time >= ?3 AND (o.time > ?3 OR o.id > ?4)
ORDER BY o.scope, o.time, o.id

-- STMT: snapshot_places
-- store_snapshot_places
SELECT o.position, o.wall FROM scopes AS s JOIN ops AS o ON o.scope = s.number
WHERE s.id = ?1 AND o.tree > 0 AND o.position < ?2

-- STMT: snapshot_next
-- store_snapshot_next: by the index of ids (+kind: none of kinds), a row or a few each time
SELECT id, kind FROM scopes WHERE id > ?1 AND +kind IN (?2, ?3) AND digest IS NOT NULL
ORDER BY id LIMIT 1
