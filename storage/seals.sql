-- Statements of store_seals.c.

-- STMT: seal_log_add
-- store_seal_log_begin
INSERT INTO seal_logs (number, origin) VALUES (?1, ?2)

-- STMT: seal_log_last
-- store_seal_log_last
-- SCAN: it reads one row, the last
SELECT number, origin FROM seal_logs ORDER BY number DESC LIMIT 1

-- STMT: seal_log_get
-- store_seal_log_get
SELECT origin FROM seal_logs WHERE number = ?1

-- STMT: seal_add
-- store_seal_add
INSERT INTO seals (log, place, leaf, secret, private_size, shared_size)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- STMT: seals_len
-- store_seals_len
SELECT count(*) FROM seals WHERE log = ?1

-- STMT: seals_of_log
-- store_seals
SELECT place, leaf, secret, private_size, shared_size FROM seals WHERE log = ?1
ORDER BY place

-- STMT: cosigned_put
-- store_cosigned_put
INSERT INTO cosigned (log, witness, size, note) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (log, witness) DO UPDATE SET size = excluded.size, note = excluded.note

-- STMT: cosigned_get
-- store_cosigned_get
SELECT size FROM cosigned WHERE log = ?1 AND witness = ?2

-- STMT: cosigned_of_log
-- store_cosigned
SELECT witness, size, note FROM cosigned WHERE log = ?1 ORDER BY witness
