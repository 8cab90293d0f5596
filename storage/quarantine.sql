-- Statements of store_quarantine.c.

-- STMT: quarantine_insert
-- store_quarantine_add
INSERT OR IGNORE INTO quarantine (digest, op, site, wall, reason, bytes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- STMT: quarantine_of_site
-- store_quarantine_add, store_quarantine_count: how much one site has there
SELECT count(*), ifnull(sum(length(bytes)), 0) FROM quarantine WHERE site = ?1

-- STMT: quarantine_trim_site
-- store_quarantine_add: the oldest of a site
DELETE FROM quarantine WHERE number = (SELECT min(number) FROM quarantine WHERE site = ?1)

-- STMT: quarantine_count
-- store_quarantine_add, store_quarantine_count
-- SCAN: it counts all of them, along an index
SELECT count(*) FROM quarantine

-- STMT: quarantine_largest
-- store_quarantine_add: the site that has most there
-- SCAN: it counts all of them, along an index
SELECT site FROM quarantine GROUP BY site ORDER BY count(*) DESC, site LIMIT 1

-- STMT: quarantine_has
-- store_quarantine_has
SELECT count(*) FROM quarantine WHERE op = ?1

-- STMT: quarantine_list
-- store_quarantine_list
-- SCAN: it lists all of them
SELECT number, digest, op, site, wall, reason, bytes FROM quarantine ORDER BY number

-- STMT: quarantine_get
-- store_quarantine_get
SELECT number, digest, op, site, wall, reason, bytes FROM quarantine WHERE number = ?1

-- STMT: quarantine_remove
-- store_quarantine_remove
DELETE FROM quarantine WHERE number = ?1
