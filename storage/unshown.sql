-- Statements of store_unshown.c.

-- STMT: unshown_insert
-- store_unshown_add
INSERT OR IGNORE INTO unshown (op, is_open) VALUES (?1, 1)

-- STMT: unshown_next
-- store_unshown_next
SELECT number, op FROM unshown WHERE number > ?1 AND is_open = 1 ORDER BY number LIMIT 1

-- STMT: unshown_get
-- store_unshown_has
SELECT number FROM unshown WHERE op = ?1 AND is_open = 1

-- STMT: unshown_close
-- store_unshown_close: its number is never another's
UPDATE unshown SET is_open = 0 WHERE op = ?1
