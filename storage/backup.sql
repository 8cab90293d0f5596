-- Statements of store_backup.c. A table of the node's own is read whole, in a fixed order, and
-- written back row by row.

-- STMT: backup_ops
-- store_backup_ops
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM ops AS o JOIN scopes AS s ON s.number = o.scope
WHERE o.tree = ?1 AND o.tree > 0 AND o.position >= ?2 ORDER BY o.position

-- STMT: backup_ids
-- store_backup_digest
SELECT id FROM ops WHERE tree = ?1 AND tree > 0 AND position < ?2 ORDER BY position

-- STMT: backup_op_seq
-- store_backup_op_put: the number by which it came then, where none has it
UPDATE OR IGNORE ops SET seq = ?2 WHERE id = ?1

-- STMT: backup_chunks
-- store_backup_chunks
SELECT number, bytes FROM chunks WHERE number > ?1 ORDER BY number

-- STMT: backup_chunk_last
-- store_backup_now
SELECT ifnull(max(number), 0) FROM chunks

-- STMT: backup_chunk_put
-- store_backup_chunk_put
INSERT OR IGNORE INTO chunks (digest, bytes) VALUES (?1, ?2)

-- STMT: backup_meta_get
-- store_backup_table: but for what is of this file alone; how many losses there were goes along,
-- so that each restored store has another number of them
-- SCAN: a backup takes the whole table
SELECT name, value FROM meta
WHERE name NOT IN ('commit', 'search', 'unlisted', 'doubt', 'mended', 'restored') ORDER BY name

-- STMT: backup_meta_put
-- store_backup_row_put
INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)

-- STMT: backup_meta_clear
-- store_backup_clear
-- SCAN: all of it
DELETE FROM meta WHERE name NOT IN ('commit', 'search', 'unlisted', 'doubt', 'mended', 'restored')

-- STMT: backup_peers_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT site, node_key, address, paired_at, heard_at, agreed_at, is_parent FROM peers
ORDER BY site, node_key

-- STMT: backup_peers_put
-- store_backup_row_put
INSERT OR REPLACE INTO peers (site, node_key, address, paired_at, heard_at, agreed_at, is_parent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- STMT: backup_peers_clear
-- store_backup_clear
DELETE FROM peers

-- STMT: backup_deliveries_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT op, site, wall FROM deliveries ORDER BY op, site

-- STMT: backup_deliveries_put
-- store_backup_row_put
INSERT OR REPLACE INTO deliveries (op, site, wall) VALUES (?1, ?2, ?3)

-- STMT: backup_deliveries_clear
-- store_backup_clear
DELETE FROM deliveries

-- STMT: backup_sources_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT site, ops, bytes, refused, ops_max, bytes_max FROM sources ORDER BY site

-- STMT: backup_sources_put
-- store_backup_row_put
INSERT OR REPLACE INTO sources (site, ops, bytes, refused, ops_max, bytes_max)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- STMT: backup_sources_clear
-- store_backup_clear
DELETE FROM sources

-- STMT: backup_alarms_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT site, node, kind, wall, times, ops FROM alarms ORDER BY site, node, kind

-- STMT: backup_alarms_put
-- store_backup_row_put
INSERT OR REPLACE INTO alarms (site, node, kind, wall, times, ops) VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- STMT: backup_alarms_clear
-- store_backup_clear
DELETE FROM alarms

-- STMT: backup_retention_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT scope, closed_at, due, notice_s FROM retention ORDER BY scope

-- STMT: backup_retention_put
-- store_backup_row_put
INSERT OR REPLACE INTO retention (scope, closed_at, due, notice_s) VALUES (?1, ?2, ?3, ?4)

-- STMT: backup_retention_clear
-- store_backup_clear
DELETE FROM retention

-- STMT: backup_pastes_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT number, digest, author, wall, left_s, text, type, size, key FROM pastes ORDER BY number

-- STMT: backup_pastes_put
-- store_backup_row_put
INSERT OR REPLACE INTO pastes (number, digest, author, wall, left_s, text, type, size, key)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)

-- STMT: backup_pastes_clear
-- store_backup_clear
DELETE FROM pastes

-- STMT: backup_paste_pieces_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT paste, piece, bytes FROM paste_pieces ORDER BY paste, piece

-- STMT: backup_paste_pieces_put
-- store_backup_row_put
INSERT OR REPLACE INTO paste_pieces (paste, piece, bytes) VALUES (?1, ?2, ?3)

-- STMT: backup_paste_pieces_clear
-- store_backup_clear
DELETE FROM paste_pieces

-- STMT: backup_devices_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT number, digest, person, label, since, seen FROM devices ORDER BY number

-- STMT: backup_devices_put
-- store_backup_row_put
INSERT OR REPLACE INTO devices (number, digest, person, label, since, seen)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- STMT: backup_devices_clear
-- store_backup_clear
DELETE FROM devices

-- STMT: backup_form_drafts_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT person, form, wall, fields FROM form_drafts ORDER BY person, form

-- STMT: backup_form_drafts_put
-- store_backup_row_put
INSERT OR REPLACE INTO form_drafts (person, form, wall, fields) VALUES (?1, ?2, ?3, ?4)

-- STMT: backup_form_drafts_clear
-- store_backup_clear
DELETE FROM form_drafts

-- STMT: backup_bundle_sites_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT site, written, acked FROM bundle_sites ORDER BY site

-- STMT: backup_bundle_sites_put
-- store_backup_row_put: what it says is said anew
INSERT OR REPLACE INTO bundle_sites (site, written, acked, acked_seq, acked_wall)
VALUES (?1, ?2, ?3, 0, 0)

-- STMT: backup_bundle_sites_clear
-- store_backup_clear
DELETE FROM bundle_sites

-- STMT: backup_bundles_read_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT node, site, number, wall FROM bundles_read ORDER BY node

-- STMT: backup_bundles_read_put
-- store_backup_row_put
INSERT OR REPLACE INTO bundles_read (node, site, number, wall) VALUES (?1, ?2, ?3, ?4)

-- STMT: backup_bundles_read_clear
-- store_backup_clear
DELETE FROM bundles_read

-- STMT: backup_chunk_uses_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT u.op, u.piece, c.digest, u.site FROM chunk_uses AS u JOIN chunks AS c ON c.number = u.chunk
ORDER BY u.op, u.piece

-- STMT: backup_chunk_uses_put
-- store_backup_row_put: pieces come before the rows that name them
INSERT OR REPLACE INTO chunk_uses (op, piece, chunk, site)
SELECT ?1, ?2, c.number, ?4 FROM chunks AS c WHERE c.digest = ?3

-- STMT: backup_chunk_uses_clear
-- store_backup_clear
DELETE FROM chunk_uses

-- STMT: backup_unshown_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT number, op, is_open FROM unshown ORDER BY number

-- STMT: backup_unshown_put
-- store_backup_row_put
INSERT OR REPLACE INTO unshown (number, op, is_open) VALUES (?1, ?2, ?3)

-- STMT: backup_unshown_clear
-- store_backup_clear
DELETE FROM unshown

-- STMT: backup_seal_logs_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT number, origin FROM seal_logs ORDER BY number

-- STMT: backup_seal_logs_put
-- store_backup_row_put
INSERT OR REPLACE INTO seal_logs (number, origin)
VALUES (?1, ?2)

-- STMT: backup_seal_logs_clear
-- store_backup_clear
DELETE FROM seal_logs

-- STMT: backup_seals_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT log, place, leaf, secret, private_size, shared_size FROM seals ORDER BY log, place

-- STMT: backup_seals_put
-- store_backup_row_put
INSERT OR REPLACE INTO seals (log, place, leaf, secret, private_size, shared_size)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- STMT: backup_seals_clear
-- store_backup_clear
DELETE FROM seals

-- STMT: backup_cosigned_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT log, witness, size, note FROM cosigned ORDER BY log, witness

-- STMT: backup_cosigned_put
-- store_backup_row_put
INSERT OR REPLACE INTO cosigned (log, witness, size, note)
VALUES (?1, ?2, ?3, ?4)

-- STMT: backup_cosigned_clear
-- store_backup_clear
DELETE FROM cosigned

-- STMT: backup_witnessed_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT origin, site, machine, size, root, note, wall, successor FROM witnessed ORDER BY origin

-- STMT: backup_witnessed_put
-- store_backup_row_put
INSERT OR REPLACE INTO witnessed (origin, site, machine, size, root, note, wall, successor)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- STMT: backup_witnessed_clear
-- store_backup_clear
DELETE FROM witnessed

-- STMT: backup_seal_proofs_get
-- store_backup_table
-- SCAN: a backup takes the whole table
SELECT number, origin, wall, file, digest FROM seal_proofs ORDER BY number

-- STMT: backup_seal_proofs_put
-- store_backup_row_put
INSERT OR REPLACE INTO seal_proofs (number, origin, wall, file, digest)
VALUES (?1, ?2, ?3, ?4, ?5)

-- STMT: backup_seal_proofs_clear
-- store_backup_clear
DELETE FROM seal_proofs

-- STMT: backup_chunks_unused
-- store_backup_end: pieces that no row names
-- SCAN: it looks at each of them, once in the life of a restored store
DELETE FROM chunks WHERE NOT EXISTS (SELECT 1 FROM chunk_uses AS u WHERE u.chunk = chunks.number)
