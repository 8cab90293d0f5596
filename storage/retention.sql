-- Statements of store_retention.c: closed cases, and what will be erased of them.

-- STMT: retention_begin
-- store_retention_begin
INSERT INTO retention (scope) VALUES (?1) ON CONFLICT (scope) DO NOTHING

-- STMT: retention_put
-- store_retention_put
UPDATE retention SET closed_at = ?2, due = ?3, notice_s = ?4 WHERE scope = ?1

-- STMT: retention_end
-- store_retention_end
DELETE FROM retention WHERE scope = ?1

-- STMT: retention_restart
-- store_retention_restart
-- SCAN: all of them
UPDATE retention SET notice_s = 0 WHERE notice_s > 0

-- STMT: retention_count_due
-- store_retention_count_due
SELECT count(*) FROM retention WHERE due > 0

-- STMT: retention_all
-- store_retentions
-- SCAN: it lists all of them
SELECT scope, closed_at, due, notice_s FROM retention ORDER BY scope
