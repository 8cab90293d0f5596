-- Statements of store_listings.c: what lists are filtered by (derived).

-- STMT: listing_put
-- store_listing_put
INSERT OR REPLACE INTO listings (kind, founded, scope, site, author, state, category, opened,
    conflicts, sent, minor, line, waits)
SELECT s.kind, o.seq, s.number, s.site, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
FROM scopes s JOIN ops o ON o.id = s.id WHERE s.id = ?1

-- STMT: listed_parties_delete
-- store_listing_put
DELETE FROM listed_parties WHERE founded = (SELECT seq FROM ops WHERE id = ?1)

-- STMT: listed_party_insert
-- store_listing_put
INSERT OR IGNORE INTO listed_parties (alias, founded) SELECT ?2, seq FROM ops WHERE id = ?1

-- STMT: listing_place
-- store_listings: where the page before it ended
SELECT founded FROM listings WHERE scope = (SELECT number FROM scopes WHERE id = ?1)

-- STMT: listings_page
-- store_listings: no filter that has an index of its own
SELECT s.id, s.kind, s.site, s.view, s.digest, s.ops_len, s.founded_seq, s.touched_seq
FROM listings l CROSS JOIN scopes s ON s.number = l.scope
WHERE l.kind = ?1 AND l.founded < ?2
    AND (?3 IS NULL OR l.state = ?3) AND (?4 IS NULL OR l.category = ?4)
    AND l.opened >= ?5 AND l.opened <= ?6 AND (?7 IS NULL OR l.author = ?7)
    AND (?8 IS NULL OR l.site = ?8) AND (?9 IS NULL OR l.site <> ?9) AND l.sent >= ?10
    AND l.minor <= ?13
ORDER BY l.founded DESC LIMIT ?11

-- STMT: listings_of_state
-- store_listings
SELECT s.id, s.kind, s.site, s.view, s.digest, s.ops_len, s.founded_seq, s.touched_seq
FROM listings l INDEXED BY listings_by_state CROSS JOIN scopes s ON s.number = l.scope
WHERE l.kind = ?1 AND l.founded < ?2
    AND l.state = ?3 AND (?4 IS NULL OR l.category = ?4)
    AND l.opened >= ?5 AND l.opened <= ?6 AND (?7 IS NULL OR l.author = ?7)
    AND (?8 IS NULL OR l.site = ?8) AND (?9 IS NULL OR l.site <> ?9) AND l.sent >= ?10
    AND l.minor <= ?13
ORDER BY l.founded DESC LIMIT ?11

-- STMT: listings_in_conflict
-- store_listings
SELECT s.id, s.kind, s.site, s.view, s.digest, s.ops_len, s.founded_seq, s.touched_seq
FROM listings l INDEXED BY listings_in_conflict CROSS JOIN scopes s ON s.number = l.scope
WHERE l.kind = ?1 AND l.founded < ?2 AND l.conflicts > 0
    AND (?3 IS NULL OR l.state = ?3) AND (?4 IS NULL OR l.category = ?4)
    AND l.opened >= ?5 AND l.opened <= ?6 AND (?7 IS NULL OR l.author = ?7)
    AND (?8 IS NULL OR l.site = ?8) AND (?9 IS NULL OR l.site <> ?9) AND l.sent >= ?10
    AND l.minor <= ?13
    AND (?12 IS NULL OR EXISTS (SELECT 1 FROM listed_parties p WHERE p.alias = ?12 AND
        p.founded = l.founded))
ORDER BY l.founded DESC LIMIT ?11

-- STMT: listings_to_do
-- store_listings
SELECT s.id, s.kind, s.site, s.view, s.digest, s.ops_len, s.founded_seq, s.touched_seq
FROM listings l INDEXED BY listings_waiting CROSS JOIN scopes s ON s.number = l.scope
WHERE l.kind = ?1 AND l.waits > 0 AND l.founded < ?2
    AND (?3 IS NULL OR l.state = ?3) AND (?4 IS NULL OR l.category = ?4)
    AND l.opened >= ?5 AND l.opened <= ?6 AND (?7 IS NULL OR l.author = ?7)
    AND (?8 IS NULL OR l.site = ?8) AND (?9 IS NULL OR l.site <> ?9) AND l.sent >= ?10
    AND l.minor <= ?13
ORDER BY l.founded DESC LIMIT ?11

-- STMT: listings_of_party
-- store_listings
SELECT s.id, s.kind, s.site, s.view, s.digest, s.ops_len, s.founded_seq, s.touched_seq
FROM listed_parties p CROSS JOIN listings l ON l.kind = ?1 AND l.founded = p.founded
CROSS JOIN scopes s ON s.number = l.scope
WHERE p.alias = ?12 AND p.founded < ?2
    AND (?3 IS NULL OR l.state = ?3) AND (?4 IS NULL OR l.category = ?4)
    AND l.opened >= ?5 AND l.opened <= ?6 AND (?7 IS NULL OR l.author = ?7)
    AND (?8 IS NULL OR l.site = ?8) AND (?9 IS NULL OR l.site <> ?9) AND l.sent >= ?10
    AND l.minor <= ?13
ORDER BY p.founded DESC LIMIT ?11

-- STMT: listings_waiting
-- store_listings_waiting: of what is settled nothing is read
SELECT s.id, s.kind, s.site, s.view, s.digest, s.ops_len, s.founded_seq, s.touched_seq
FROM listings l INDEXED BY listings_waiting CROSS JOIN scopes s ON s.number = l.scope
WHERE l.kind = ?1 AND l.waits > 0 AND l.waits >= ?2
ORDER BY l.waits DESC, l.founded DESC

-- STMT: listings_count
-- store_listings_count
SELECT count(*) FROM listings WHERE kind = ?1

-- STMT: listings_grown
-- store_listings_grown
-- SCAN: of the newest cases alone, at most ?4
SELECT category, sum(opened >= ?2) AS late, sum(opened < ?2) AS early FROM
    (SELECT category, opened, minor FROM listings WHERE kind = ?1 ORDER BY founded DESC LIMIT ?4)
WHERE opened >= ?3 AND minor = 0 AND category <> ''
GROUP BY category ORDER BY late - early DESC, category LIMIT ?5

-- STMT: listing_of_line
-- store_listing_of_line: replicas may both have taken it
SELECT s.id FROM listings l JOIN scopes s ON s.number = l.scope WHERE l.line = ?1
ORDER BY l.founded LIMIT 1

-- STMT: listings_clear
-- store_scopes_clear
DELETE FROM listings

-- STMT: listed_parties_clear
-- store_scopes_clear
DELETE FROM listed_parties
