-- Statements of store_chunks.c.

-- STMT: chunk_insert
-- store_chunk_add: each piece once, and no number twice, though its piece is gone: the next
-- backup goes on behind the last number of the one before it
INSERT OR IGNORE INTO chunks (number, digest, bytes)
SELECT 1 + max(ifnull((SELECT max(number) FROM chunks), 0),
    ifnull((SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta WHERE name = 'chunk-last'), 0)),
    ?1, ?2

-- STMT: chunk_last
-- store_chunk_add: the highest number that a piece ever had
INSERT OR REPLACE INTO meta (name, value) VALUES ('chunk-last', CAST(?1 AS BLOB))

-- STMT: chunk_use
-- store_chunk_add
INSERT OR IGNORE INTO chunk_uses (op, piece, chunk)
SELECT ?1, ?2, number FROM chunks WHERE digest = ?3

-- STMT: chunk_get
-- store_chunk_get
SELECT bytes FROM chunks WHERE digest = ?1

-- STMT: chunk_get_of
-- store_chunk_of
SELECT c.bytes FROM chunk_uses u JOIN chunks c ON c.number = u.chunk
WHERE u.op = ?1 AND u.piece = ?2

-- STMT: chunk_count
-- store_chunks_of
SELECT count(*) FROM chunk_uses WHERE op = ?1

-- STMT: chunk_sizes
-- store_chunks_size
-- SCAN: it adds up all of them
SELECT ifnull(sum(length(bytes)), 0) FROM chunks

-- STMT: chunk_brought
-- store_chunk_brought
UPDATE chunk_uses SET site = ?3 WHERE op = ?1 AND piece = ?2

-- STMT: chunk_first_of
-- store_chunks_drop
SELECT u.piece, u.chunk, u.site, length(c.bytes) FROM chunk_uses u
JOIN chunks c ON c.number = u.chunk WHERE u.op = ?1 LIMIT 1

-- STMT: chunk_unuse
-- store_chunks_drop
DELETE FROM chunk_uses WHERE op = ?1 AND piece = ?2

-- STMT: chunk_move
-- store_chunks_move: but for those that it has
UPDATE OR IGNORE chunk_uses SET op = ?2 WHERE op = ?1

-- STMT: chunk_delete
-- store_chunks_drop: unless another op names it
DELETE FROM chunks
WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM chunk_uses WHERE chunk = ?1)

-- STMT: check_chunks
-- store_check
-- SCAN: it looks at all of them
SELECT digest, bytes FROM chunks
