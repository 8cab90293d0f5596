-- Statements of store_ledger.c.

-- STMT: ledger_groups
-- store_ledger_count: how many groups of 16 have their hash
SELECT ifnull(max(place) + 1, 0) FROM ledger WHERE tree = ?1 AND level = 4

-- STMT: ledger_ids
-- the leaves of a tree from ?2 on, ?3 of them
SELECT id FROM ops WHERE tree = ?1 AND tree > 0 AND position >= ?2 AND position < ?2 + ?3
ORDER BY position

-- STMT: ledger_put
-- store_ledger_settle
INSERT INTO ledger (tree, level, place, hash) VALUES (?1, ?2, ?3, ?4)

-- STMT: ledger_get
-- store_ledger_root and the proofs
SELECT hash FROM ledger WHERE tree = ?1 AND level = ?2 AND place = ?3

-- STMT: ledger_clear
-- store_scopes_clear
DELETE FROM ledger
