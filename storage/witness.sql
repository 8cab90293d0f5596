-- Statements of store_witness.c.

-- STMT: witnessed_put
-- store_witnessed_put
INSERT INTO witnessed (origin, site, machine, size, root, note, wall, successor)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)
ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root,
    note = excluded.note, wall = excluded.wall

-- STMT: witnessed_get
-- store_witnessed_get
SELECT origin, site, machine, size, root, note, wall, successor FROM witnessed
WHERE origin = ?1

-- STMT: witnessed_of_machine
-- store_witnessed_open
SELECT origin, site, machine, size, root, note, wall, successor FROM witnessed
WHERE machine = ?1 AND successor IS NULL

-- STMT: witnessed_all
-- store_witnessed
-- SCAN: it lists all of them
SELECT origin, site, machine, size, root, note, wall, successor FROM witnessed
ORDER BY origin

-- STMT: witnessed_close
-- store_witnessed_close
UPDATE witnessed SET successor = ?2 WHERE origin = ?1

-- STMT: seal_proof_add
-- store_seal_proof_add
INSERT OR IGNORE INTO seal_proofs (origin, wall, file, digest) VALUES (?1, ?2, ?3, ?4)

-- STMT: seal_proofs_len
-- store_seal_proof_add
SELECT count(*) FROM seal_proofs WHERE origin = ?1

-- STMT: seal_proofs_all
-- store_seal_proofs
-- SCAN: it lists all of them
SELECT number, origin, wall, file FROM seal_proofs ORDER BY number
