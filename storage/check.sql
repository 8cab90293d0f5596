-- Statements of store_check.c and store_dump.c.

-- STMT: integrity
-- store_check, store_scrub
PRAGMA integrity_check(64)

-- STMT: foreign_keys
-- store_check
PRAGMA foreign_key_check

-- STMT: check_ops
-- store_check: every op, waiting ones included
-- SCAN: it looks at all of them
SELECT o.seq, o.id, s.id, o.time, o.wall, o.tree, o.position, o.bytes
FROM ops AS o JOIN scopes AS s ON s.number = o.scope
ORDER BY o.seq

-- STMT: check_waits
-- store_check: only waiting ops wait
SELECT count(*) FROM waits AS w JOIN ops AS o ON o.id = w.op WHERE o.tree > 0

-- STMT: check_shared
-- store_check; a case may stand in the pair with our own site alone
SELECT s.kind = 2 AND p.site IS NOT (SELECT value FROM meta WHERE name = 'site'), s.digest FROM shared x JOIN scopes s ON s.number = x.scope
JOIN pairs p ON p.number = x.pair WHERE x.pair = ?1

-- STMT: check_items
-- store_check
SELECT o.wall, o.id FROM shared x JOIN ops o ON o.scope = x.scope WHERE x.pair = ?1

-- STMT: check_nodes
-- store_check
-- SCAN: it counts all of them
SELECT count(*) FROM nodes

-- STMT: dump_scopes
-- store_dump
-- SCAN: it writes all of them
SELECT hex(id), kind, hex(site), hex(view), hex(digest), ops_len, founded_seq, touched_seq
FROM scopes ORDER BY id

-- STMT: dump_heads
-- store_dump
-- SCAN: it writes all of them
SELECT hex(s.id), hex(h.id) FROM heads h JOIN scopes s ON s.number = h.scope
ORDER BY s.id, h.id

-- STMT: dump_holders
-- store_dump
-- SCAN: it writes all of them
SELECT hex(s.id), hex(h.site) FROM holders h JOIN scopes s ON s.number = h.scope
ORDER BY s.id, h.site

-- STMT: dump_numbers
-- store_dump
-- SCAN: it writes all of them
SELECT n.number, hex(s.id) FROM numbers n JOIN scopes s ON s.number = n.scope
ORDER BY n.number, s.id

-- STMT: dump_listings
-- store_dump
-- SCAN: it writes all of them
SELECT l.kind, l.founded, hex(s.id), hex(l.site), hex(l.author), l.state, hex(l.category),
    l.opened, l.conflicts, l.sent, l.minor, hex(l.line), l.waits
FROM listings l JOIN scopes s ON s.number = l.scope ORDER BY l.kind, l.founded

-- STMT: dump_listed_parties
-- store_dump
-- SCAN: it writes all of them
SELECT hex(alias), founded FROM listed_parties ORDER BY alias, founded

-- STMT: dump_pairs
-- store_dump
-- SCAN: it writes all of them
SELECT hex(site), scopes_len, hex(lattice) FROM pairs ORDER BY site

-- STMT: dump_shared
-- store_dump
-- SCAN: it writes all of them
SELECT hex(p.site), hex(s.id) FROM shared x JOIN pairs p ON p.number = x.pair
JOIN scopes s ON s.number = x.scope ORDER BY p.site, s.id

-- STMT: dump_lacking
-- store_dump
-- SCAN: it writes all of them
SELECT hex(op), piece, hex(digest), hex(scope) FROM lacking ORDER BY op, piece

-- STMT: dump_ledger
-- store_dump
-- SCAN: it writes all of them
SELECT tree, level, place, hex(hash) FROM ledger ORDER BY tree, level, place

-- STMT: one_scopes
-- store_dump_scope
SELECT kind, hex(site), hex(view), hex(digest), ops_len, founded_seq, touched_seq
FROM scopes WHERE id = ?1

-- STMT: one_heads
-- store_dump_scope
SELECT hex(h.id) FROM scopes s JOIN heads h ON h.scope = s.number WHERE s.id = ?1 ORDER BY h.id

-- STMT: one_holders
-- store_dump_scope
SELECT hex(h.site) FROM scopes s JOIN holders h ON h.scope = s.number WHERE s.id = ?1
ORDER BY h.site

-- STMT: one_numbers
-- store_dump_scope
SELECT n.number FROM scopes s JOIN numbers n ON n.scope = s.number WHERE s.id = ?1
ORDER BY n.number

-- STMT: one_listings
-- store_dump_scope
SELECT l.kind, l.founded, hex(l.site), hex(l.author), l.state, hex(l.category), l.opened,
    l.conflicts, l.sent, l.minor, hex(l.line), l.waits
FROM scopes s JOIN listings l ON l.scope = s.number WHERE s.id = ?1

-- STMT: one_listed_parties
-- store_dump_scope
SELECT hex(p.alias) FROM ops o JOIN listed_parties p ON p.founded = o.seq WHERE o.id = ?1
ORDER BY p.alias

-- STMT: one_postings
-- store_dump_scope
SELECT hex(p.token), hex(p.places) FROM scopes s JOIN postings p ON p.scope = s.number
WHERE s.id = ?1 ORDER BY p.token
