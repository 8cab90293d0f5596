-- Statements of store_open.c.

-- STMT: page_count
-- store_open: 0 where the file is empty
PRAGMA page_count

-- STMT: application_id
-- store_open: is the file ours?
PRAGMA application_id

-- STMT: user_version
-- store_open: which schema?
PRAGMA user_version

-- STMT: exclusive
-- store_open: nobody else looks while we look
PRAGMA locking_mode = EXCLUSIVE

-- STMT: schema_count
-- store_open: is a table or an index missing?
-- SCAN: it lists what there is to scan
SELECT count(*) FROM sqlite_schema

-- STMT: tree_next
-- store_count: the next free position of a tree
SELECT ifnull(max(position) + 1, 0) FROM ops WHERE tree = ?1 AND tree > 0

-- STMT: waiting_count
-- store_count
SELECT count(*) FROM ops WHERE tree = 0
