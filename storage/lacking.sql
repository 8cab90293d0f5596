-- Statements of store_lacking.c.

-- STMT: lacking_insert
-- store_lacking_add: unless it is here
INSERT OR IGNORE INTO lacking (op, piece, digest, scope)
SELECT ?1, ?2, ?3, ?4
WHERE NOT EXISTS (SELECT 1 FROM chunk_uses WHERE op = ?1 AND piece = ?2)

-- STMT: lacking_next
-- store_lacking_next
SELECT l.op, l.piece, l.digest, l.scope FROM lacking l CROSS JOIN scopes s ON s.id = l.scope
CROSS JOIN pairs p ON p.site = ?2 CROSS JOIN shared x ON x.scope = s.number AND x.pair = p.number
WHERE l.op >= ?1 ORDER BY l.op, l.piece LIMIT 1

-- STMT: lacking_get
-- store_lacking_get
SELECT op, piece, digest, scope FROM lacking WHERE op = ?1 AND piece = ?2

-- STMT: lacking_delete
-- store_lacking_came
DELETE FROM lacking WHERE op = ?1 AND piece = ?2

-- STMT: lacking_drop
-- store_lacking_drop
DELETE FROM lacking WHERE op = ?1

-- STMT: lacking_count
-- store_lacking_of
SELECT count(*) FROM lacking WHERE op = ?1

-- STMT: lacking_clear
-- store_scopes_clear
DELETE FROM lacking
