-- Statements of store_pairs.c, store_set.c and tree.c: what a pair of sites shares.

-- STMT: pair_find
-- store_pair_*
SELECT number, root, scopes_len FROM pairs WHERE site = ?1

-- STMT: pair_insert
-- store_pair_add
INSERT INTO pairs (site, root, scopes_len, lattice) VALUES (?1, ?2, 0, zeroblob(2048))

-- STMT: pair_clear
-- store_pairs_clear
UPDATE pairs SET root = ?2, scopes_len = 0, lattice = zeroblob(2048) WHERE number = ?1

-- STMT: pair_lattice_get
-- store_pairs.c
SELECT lattice FROM pairs WHERE number = ?1

-- STMT: pair_lattice_put
-- store_pairs.c
UPDATE pairs SET lattice = ?2, scopes_len = scopes_len + ?3 WHERE number = ?1

-- STMT: pairs_all
-- store_pairs
-- SCAN: it lists all of them
SELECT site FROM pairs ORDER BY site

-- STMT: pairs_numbers
-- store_pairs_clear, store_check
-- SCAN: it lists all of them
SELECT number, root, scopes_len, lattice FROM pairs ORDER BY number

-- STMT: shared_insert
-- store_pair_put
INSERT INTO shared (scope, pair) VALUES (?1, ?2) ON CONFLICT DO NOTHING

-- STMT: shared_delete
-- store_pair_drop
DELETE FROM shared WHERE scope = ?1 AND pair = ?2

-- STMT: shared_has
-- store_pair_has
SELECT 1 FROM pairs p JOIN scopes s ON s.id = ?2 JOIN shared x ON x.scope = s.number AND
    x.pair = p.number WHERE p.site = ?1

-- STMT: shared_of_pair
-- store_pair_scopes
SELECT s.id FROM pairs p JOIN shared x ON x.pair = p.number JOIN scopes s ON s.number =
    x.scope WHERE p.site = ?1

-- STMT: shared_digests
-- store_pair_reckon
SELECT s.digest FROM shared x JOIN scopes s ON s.number = x.scope WHERE x.pair = ?1

-- STMT: shared_of_scope
-- store_scope_pairs
SELECT p.site FROM scopes s JOIN shared x ON x.scope = s.number JOIN pairs p ON p.number =
    x.pair WHERE s.id = ?1

-- STMT: scope_roots
-- store_set_note, store_pairs_redigest
SELECT p.number, p.root FROM shared x JOIN pairs p ON p.number = x.pair WHERE x.scope = ?1

-- STMT: scope_folded
-- store_pair_put, store_pair_drop
SELECT number, digest FROM scopes WHERE id = ?1

-- STMT: scope_digest
-- store_scope_put
SELECT digest FROM scopes WHERE number = ?1

-- STMT: node_insert
-- tree.c
INSERT INTO nodes (bytes) VALUES (?1)

-- STMT: node_get
-- tree.c
SELECT bytes FROM nodes WHERE number = ?1

-- STMT: node_update
-- tree.c
UPDATE nodes SET bytes = ?2 WHERE number = ?1

-- STMT: node_delete
-- tree.c
DELETE FROM nodes WHERE number = ?1

-- STMT: nodes_clear
-- store_pairs_clear
DELETE FROM nodes

-- STMT: shared_clear
-- store_pairs_clear
DELETE FROM shared
