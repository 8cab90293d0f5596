-- Statements of store_bundles.c.

-- STMT: bundle_site_put
-- store_bundle_begin, store_bundle_agreed: there is such a row
INSERT OR IGNORE INTO bundle_sites (site, written, acked, acked_seq, acked_wall)
VALUES (?1, 0, 0, 0, 0)

-- STMT: bundle_site_next
-- store_bundle_begin
UPDATE bundle_sites SET written = max(written, ?2) + 1 WHERE site = ?1 RETURNING written

-- STMT: bundle_site_leap
-- store_bundle_leap
-- SCAN: once in the life of a restored store
UPDATE bundle_sites SET written = written + ?1

-- STMT: bundle_site_behind
-- store_bundle_behind: whatever was said before is said anew
UPDATE bundle_sites SET written = ?2, acked_seq = 0, acked_wall = 0
WHERE site = ?1 AND written < ?2

-- STMT: bundle_site_get
-- store_bundle_site
SELECT written, acked, acked_seq, acked_wall FROM bundle_sites WHERE site = ?1

-- STMT: bundle_made_put
-- store_bundle_begin
INSERT INTO bundles_made (site, number, seq, wall, ops, is_written)
VALUES (?1, ?2, (SELECT ifnull(max(seq), 0) FROM ops), ?3, 0, 0)

-- STMT: bundle_made_ops
-- store_bundle_ops
UPDATE bundles_made SET ops = ops + ?3 WHERE site = ?1 AND number = ?2

-- STMT: bundle_made_written
-- store_bundle_written
UPDATE bundles_made SET is_written = 1, wall = ?3 WHERE site = ?1 AND number = ?2
RETURNING number

-- STMT: bundle_made_list
-- store_bundles_made
SELECT number, wall, ops, is_written FROM bundles_made WHERE site = ?1 ORDER BY number

-- STMT: bundle_acked
-- store_bundle_acked: one that was made here, and after what is known to be read
UPDATE bundle_sites SET acked = ?2, acked_wall = ?3, acked_seq = max(acked_seq,
    (SELECT m.seq FROM bundles_made AS m WHERE m.site = ?1 AND m.number = ?2))
WHERE site = ?1 AND acked < ?2
    AND EXISTS (SELECT 1 FROM bundles_made AS m WHERE m.site = ?1 AND m.number = ?2)
RETURNING acked

-- STMT: bundle_acked_made
-- store_bundle_acked
DELETE FROM bundles_made WHERE site = ?1 AND number <= ?2

-- STMT: bundle_acked_tell
-- store_bundle_acked
DELETE FROM bundle_tell WHERE site = ?1 AND number BETWEEN 1 AND ?2

-- STMT: bundle_agreed
-- store_bundle_agreed: a session told all of it
UPDATE bundle_sites SET acked_seq = (SELECT ifnull(max(seq), 0) FROM ops) WHERE site = ?1

-- STMT: bundle_agreed_tell
-- store_bundle_agreed
DELETE FROM bundle_tell WHERE site = ?1

-- STMT: bundle_agreed_made
-- store_bundle_agreed: nobody waits for these any more
DELETE FROM bundles_made WHERE site = ?1

-- STMT: bundle_agreed_held
-- store_bundle_agreed: store_confirmed knows it better
DELETE FROM bundle_held WHERE site = ?1

-- STMT: bundle_read_put
-- store_bundle_read
INSERT INTO bundles_read (node, site, number, wall, digest) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (node) DO UPDATE SET site = excluded.site, number = excluded.number,
    wall = excluded.wall, digest = excluded.digest

-- STMT: bundle_read_get
-- store_bundle_read_get
SELECT number, wall, digest FROM bundles_read WHERE node = ?1

-- STMT: bundle_read_list
-- store_bundles_read
SELECT node, number, wall FROM bundles_read WHERE site = ?1 ORDER BY node

-- STMT: bundle_held_clear
-- store_bundle_held_put
DELETE FROM bundle_held WHERE site = ?1 AND scope = ?2

-- STMT: bundle_held_put
-- store_bundle_held_put
INSERT OR IGNORE INTO bundle_held (site, scope, head) VALUES (?1, ?2, ?3)

-- STMT: bundle_held_get
-- store_bundle_held
SELECT head FROM bundle_held WHERE site = ?1 AND scope = ?2 ORDER BY head

-- STMT: bundle_lacks_clear
-- store_bundle_lacks_clear
DELETE FROM bundle_lacks WHERE site = ?1

-- STMT: bundle_lacks_put
-- store_bundle_lacks_add
INSERT OR IGNORE INTO bundle_lacks (site, op) VALUES (?1, ?2)

-- STMT: bundle_lacks_list
-- store_bundle_lacks
SELECT op FROM bundle_lacks WHERE site = ?1 ORDER BY op

-- STMT: bundle_tell_put
-- store_bundle_tell: what was said in a bundle that may be lost is said again
INSERT OR IGNORE INTO bundle_tell (site, scope, number) VALUES (?1, ?2, 0)

-- STMT: bundle_tell_number
-- store_bundle_told
UPDATE bundle_tell SET number = ?2 WHERE site = ?1 AND number = 0

-- STMT: bundle_tell_list
-- store_bundle_news: what changed since the site knows of it, and what it brought twice
SELECT s.id FROM pairs AS p JOIN shared AS h ON h.pair = p.number
JOIN scopes AS s ON s.number = h.scope
WHERE p.site = ?1 AND (s.touched_seq > ?2
    OR EXISTS (SELECT 1 FROM bundle_tell AS t WHERE t.site = ?1 AND t.scope = s.id))
ORDER BY s.touched_seq DESC LIMIT ?3
