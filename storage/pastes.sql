-- Statements of store_pastes.c: what was pasted in.

-- STMT: paste_insert
-- store_paste_add
INSERT INTO pastes (digest, author, wall, left_s, text, type, size, key)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- STMT: paste_find
-- store_paste_find
SELECT number FROM pastes WHERE digest = ?1

-- STMT: paste_get
-- store_paste_get
SELECT number, digest, author, wall, left_s, text, type, size, key FROM pastes
WHERE number = ?1

-- STMT: paste_all
-- store_pastes
-- SCAN: it lists all of them
SELECT number, digest, author, wall, left_s, text, type, size, key FROM pastes
ORDER BY number

-- STMT: paste_run
-- store_pastes_run
-- SCAN: all of them
UPDATE pastes SET left_s = max(left_s - ?1, 0)

-- STMT: paste_ended
-- store_pastes_run
-- SCAN: there are a few at most
SELECT number FROM pastes WHERE left_s = 0 LIMIT 1

-- STMT: paste_remove
-- store_paste_remove
DELETE FROM pastes WHERE number = ?1

-- STMT: paste_piece_insert
-- store_paste_piece_add
INSERT INTO paste_pieces (paste, piece, bytes) VALUES (?1, ?2, ?3)

-- STMT: paste_piece_get
-- store_paste_piece_get
SELECT bytes FROM paste_pieces WHERE paste = ?1 AND piece = ?2

-- STMT: paste_pieces_remove
-- store_paste_remove
DELETE FROM paste_pieces WHERE paste = ?1
