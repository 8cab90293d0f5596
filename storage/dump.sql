-- Statements of store_check.c.

-- STMT: integrity
-- store_check
PRAGMA integrity_check

-- STMT: dump_scopes
-- store_dump
SELECT hex(id), kind, hex(site), hex(view), hex(digest), ops_len, founded_seq, touched_seq
FROM scopes ORDER BY id

-- STMT: dump_heads
-- store_dump
SELECT hex(s.id), hex(h.id) FROM heads h JOIN scopes s ON s.number = h.scope
ORDER BY s.id, h.id

-- STMT: dump_holders
-- store_dump
SELECT hex(s.id), hex(h.site) FROM holders h JOIN scopes s ON s.number = h.scope
ORDER BY s.id, h.site

-- STMT: dump_numbers
-- store_dump
SELECT n.number, hex(s.id) FROM numbers n JOIN scopes s ON s.number = n.scope
ORDER BY n.number, s.id
