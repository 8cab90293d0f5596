-- Statements of store.c, store_ops.c and store_waits.c: transactions, ops, waits.

-- STMT: begin
-- store_begin, store_open
BEGIN IMMEDIATE

-- STMT: commit
-- store_commit, store_open
COMMIT

-- STMT: roll_back
-- store_roll_back
ROLLBACK

-- STMT: temp_in_file
-- store_commit, after an erasure
PRAGMA temp_store = FILE

-- STMT: write_anew
-- store_commit, after an erasure
VACUUM

-- STMT: temp_in_memory
-- store_commit, after an erasure
PRAGMA temp_store = MEMORY

-- STMT: scrub
-- store_commit, after an erasure
PRAGMA wal_checkpoint(TRUNCATE)

-- STMT: op_insert
-- store_op_add
INSERT INTO ops (id, scope, time, wall, tree, position, bytes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (id) DO NOTHING

-- STMT: op_find
-- store_op_find
SELECT o.seq, s.id, o.time, o.tree, o.position
FROM ops AS o JOIN scopes AS s ON s.number = o.scope WHERE o.id = ?1

-- STMT: op_get
-- store_op_get
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM ops AS o JOIN scopes AS s ON s.number = o.scope
WHERE o.id = ?1

-- STMT: op_at
-- store_op_at
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM ops AS o JOIN scopes AS s ON s.number = o.scope
WHERE o.seq = ?1

-- STMT: op_promote
-- store_op_promote
UPDATE ops SET tree = ?2, position = ?3 WHERE id = ?1 AND tree = 0

-- STMT: op_remove_waiting
-- store_op_remove_waiting
DELETE FROM ops WHERE id = ?1 AND tree = 0 RETURNING scope, wall

-- STMT: op_replace
-- store_op_replace
UPDATE ops SET bytes = ?2 WHERE id = ?1

-- STMT: ops_of_scope
-- store_ops_of_scope
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM scopes AS s JOIN ops AS o ON o.scope = s.number
WHERE s.id = ?1 AND o.tree > 0
ORDER BY o.scope, o.time, o.id

-- STMT: ops_waiting_of_scope
-- store_ops_waiting
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM scopes AS s JOIN ops AS o ON o.scope = s.number
WHERE s.id = ?1 AND o.tree = 0
ORDER BY o.scope, o.time, o.id

-- STMT: ops_all
-- store_ops_all
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM ops AS o JOIN scopes AS s ON s.number = o.scope
WHERE o.seq >= ?1 AND o.tree > 0
ORDER BY o.seq

-- STMT: scope_number
-- store_op_add, store_scope_put
SELECT number, kind FROM scopes WHERE id = ?1

-- STMT: scope_insert
-- store_op_add
INSERT INTO scopes (id, kind) VALUES (?1, ?2)

-- STMT: scope_set_kind
-- store_op_add, store_op_promote: the founding op has come
UPDATE scopes SET kind = ?2 WHERE id = ?1 AND kind = 0

-- STMT: scope_remove
-- store_op_remove_waiting: nothing of it is left
DELETE FROM scopes
WHERE number = ?1 AND digest IS NULL
AND NOT EXISTS (SELECT 1 FROM ops AS o WHERE o.scope = ?1)

-- STMT: wait_insert
-- store_wait_add
INSERT INTO waits (op, missing) VALUES (?1, ?2) ON CONFLICT DO NOTHING

-- STMT: wait_list
-- store_wait_settle
SELECT op FROM waits WHERE missing = ?1

-- STMT: wait_delete
-- store_wait_settle
DELETE FROM waits WHERE missing = ?1

-- STMT: wait_left
-- store_wait_settle
SELECT count(*) FROM waits WHERE op = ?1

-- STMT: wait_delete_op
-- store_op_promote, store_op_remove_waiting
DELETE FROM waits WHERE op = ?1
