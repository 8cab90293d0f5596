-- Statements of store_sources.c: what each site brought.

-- STMT: source_get
-- store_source_get
SELECT ops, bytes, refused, ops_max, bytes_max FROM sources WHERE site = ?1

-- STMT: source_add
-- store_source_add, store_guest_add
INSERT INTO sources (site, ops, bytes, refused) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (site) DO UPDATE SET ops = ops + excluded.ops,
    bytes = bytes + excluded.bytes, refused = refused + excluded.refused

-- STMT: source_less
-- guest_forget: an op that it brought is gone
UPDATE sources SET ops = ops - 1, bytes = bytes - ?2 WHERE site = ?1

-- STMT: source_give_back
-- source_give_back: a piece that it brought is gone
UPDATE sources SET bytes = max(bytes - ?2, 0) WHERE site = ?1

-- STMT: source_limit
-- store_source_limit
INSERT INTO sources (site, ops_max, bytes_max) VALUES (?1, ?2, ?3)
ON CONFLICT (site) DO UPDATE SET ops_max = excluded.ops_max,
    bytes_max = excluded.bytes_max, refused = 0

-- STMT: guest_insert
-- store_guest_add
INSERT INTO guests (op, site, size) VALUES (?1, ?2, ?3)

-- STMT: guest_delete
-- guest_promote
DELETE FROM guests WHERE op = ?1

-- STMT: guest_take
-- guest_forget
DELETE FROM guests WHERE op = ?1 RETURNING site, size

-- STMT: guest_site
-- store_guest_site
SELECT site FROM guests WHERE op = ?1

-- STMT: guests_of_site
-- store_guests_count
SELECT count(*) FROM guests WHERE site = ?1

-- STMT: guests_leave
-- store_guests_leave
UPDATE guests SET is_left = 1 WHERE site = ?1 AND is_left = 0

-- STMT: guest_left
-- store_guest_oldest: that an earlier round left
SELECT op FROM guests WHERE site = ?1 AND is_left = 1 ORDER BY number LIMIT 1

-- STMT: guest_any
-- store_guest_oldest: at all
SELECT op FROM guests WHERE site = ?1 ORDER BY is_left DESC, number LIMIT 1

-- STMT: guests_largest
-- store_guests_largest
-- SCAN: it counts all of them, along an index
SELECT site, count(*) FROM guests GROUP BY site ORDER BY count(*) DESC, site LIMIT 1
