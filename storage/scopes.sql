-- Statements of store_scopes.c: what is derived.

-- STMT: scope_update
-- store_scope_put
UPDATE scopes SET kind = ?2, site = ?3, view = ?4, digest = ?5, ops_len = ?6,
    founded_seq = ?7, touched_seq = ?8 WHERE id = ?1

-- STMT: heads_delete
-- store_scope_put
DELETE FROM heads WHERE scope = ?1

-- STMT: head_insert
-- store_scope_put
INSERT INTO heads (scope, id) VALUES (?1, ?2)

-- STMT: holders_delete
-- store_scope_put
DELETE FROM holders WHERE scope = ?1

-- STMT: holder_insert
-- store_scope_put
INSERT INTO holders (site, scope) VALUES (?1, ?2)

-- STMT: scope_get
-- store_scope_get
SELECT id, kind, site, view, digest, ops_len, founded_seq, touched_seq FROM scopes WHERE
    id = ?1 AND digest IS NOT NULL

-- STMT: scopes_of_kind
-- store_scopes_of_kind
SELECT id, kind, site, view, digest, ops_len, founded_seq, touched_seq FROM scopes WHERE
    kind = ?1 AND digest IS NOT NULL ORDER BY touched_seq DESC LIMIT ?2

-- STMT: scope_next
-- store_scope_next
SELECT number, id, kind FROM scopes WHERE number > ?1 AND digest IS NOT NULL
ORDER BY number LIMIT 1

-- STMT: scope_last
-- store_scope_last
SELECT coalesce(max(number), 0) FROM scopes

-- STMT: scopes_count
-- store_scopes_count: a folded scope was touched by something
SELECT count(*) FROM scopes WHERE kind = ?1 AND touched_seq > 0

-- STMT: scopes_unfounded
-- store_scopes_unfounded
SELECT DISTINCT s.id FROM ops AS o JOIN scopes AS s ON s.number = o.scope
WHERE o.tree = 0 AND s.kind = 0

-- STMT: scopes_held
-- store_scopes_held
SELECT s.id FROM holders a JOIN holders b ON b.site = ?3 AND b.scope = a.scope JOIN
    scopes s ON s.number = a.scope WHERE a.site = ?2 AND s.kind = ?1 ORDER BY s.id

-- STMT: sites_beside
-- store_sites_beside
SELECT DISTINCT c.site FROM holders a JOIN holders b ON b.site = ?3 AND b.scope = a.scope
    JOIN scopes s ON s.number = a.scope JOIN holders c ON c.scope = a.scope
    WHERE a.site = ?2 AND s.kind = ?1

-- STMT: scope_holders
-- store_scope_holders
SELECT h.site FROM scopes s JOIN holders h ON h.scope = s.number WHERE s.id = ?1 ORDER BY
    h.site

-- STMT: scope_heads
-- store_scope_heads
SELECT h.id FROM scopes s JOIN heads h ON h.scope = s.number WHERE s.id = ?1 ORDER BY
    h.id

-- STMT: scope_items
-- store_scope_items
SELECT o.wall, o.id FROM scopes s JOIN ops o ON o.scope = s.number WHERE s.id = ?1

-- STMT: heads_clear
-- store_scopes_clear
DELETE FROM heads

-- STMT: holders_clear
-- store_scopes_clear
DELETE FROM holders

-- STMT: numbers_clear
-- store_scopes_clear
DELETE FROM numbers

-- STMT: scopes_reset
-- store_scopes_clear
-- SCAN: it resets all of them
UPDATE scopes SET site = NULL, view = NULL, digest = NULL, ops_len = 0, founded_seq = 0,
    touched_seq = 0

-- STMT: number_insert
-- store_number_put
INSERT OR IGNORE INTO numbers (number, scope) SELECT ?1, number FROM scopes WHERE id =
    ?2

-- STMT: number_find
-- store_number_find
SELECT s.id FROM numbers n JOIN scopes s ON s.number = n.scope WHERE n.number = ?1 ORDER
    BY s.founded_seq

-- STMT: number_last
-- store_number_last, once for each length: 2026-10000 comes after 2026-9999;
-- 2026-1473-0001 is of another series, and what is no number that a node gives does not
-- count
SELECT number FROM numbers INDEXED BY numbers_by_length
WHERE length(number) = ?3 AND number >= ?1 AND number < ?2
    AND substr(number, length(?1) + 1) NOT GLOB '*[^0-9]*'
ORDER BY number DESC LIMIT 1
