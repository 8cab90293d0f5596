-- Statements of store_node.c: what this node knows for itself.

-- STMT: meta_get
-- store_meta_get
SELECT value FROM meta WHERE name = ?1

-- STMT: meta_put
-- store_meta_put
INSERT INTO meta (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- STMT: meta_remove
-- store_scrub_now, store_meta_remove
DELETE FROM meta WHERE name = ?1

-- STMT: peer_put
-- store_peer_put
INSERT INTO peers (site, node_key, address, paired_at, heard_at, agreed_at, is_parent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (site, node_key) DO UPDATE SET address = excluded.address,
    paired_at = excluded.paired_at, heard_at = excluded.heard_at,
    agreed_at = excluded.agreed_at, is_parent = excluded.is_parent

-- STMT: peer_rename
-- store_peer_rename
UPDATE OR REPLACE peers SET node_key = ?3 WHERE site = ?1 AND node_key = ?2

-- STMT: peers_all
-- store_peers
-- SCAN: it lists all of them
SELECT site, node_key, address, paired_at, heard_at, agreed_at, is_parent FROM peers
ORDER BY site, node_key

-- STMT: delivery_put
-- store_delivery_put: the first time counts
INSERT OR IGNORE INTO deliveries (op, site, wall) VALUES (?1, ?2, ?3)

-- STMT: delivery_get
-- store_delivery_get
SELECT wall FROM deliveries WHERE op = ?1 AND site = ?2
