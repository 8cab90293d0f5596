-- Statements of store_confirmed.c.

-- STMT: confirmed_pair
-- store_confirmed_put, the first time, and for a machine of our own site: of every scope of
-- a pair; ?4 is the place of what stands in the tree of the cases
INSERT INTO confirmed (node, scope, place, ops)
SELECT ?1, s.number, CASE s.kind WHEN 2 THEN ?4 ELSE ?3 END, s.ops_len
FROM pairs AS p JOIN shared AS h ON h.pair = p.number
JOIN scopes AS s ON s.number = h.scope
LEFT JOIN confirmed AS c ON c.node = ?1 AND c.scope = s.number
WHERE p.site = ?2 AND s.ops_len > ifnull(c.ops, 0)
ON CONFLICT (node, scope) DO UPDATE SET place = excluded.place, ops = excluded.ops

-- STMT: confirmed_since
-- store_confirmed_put: of the scopes into which ops came since position ?4, and of the
-- charters, which come into a pair without a new op; of ours, ?5, always
-- SCAN: f is what came since
INSERT INTO confirmed (node, scope, place, ops)
SELECT ?1, s.number, ?3, s.ops_len
FROM pairs AS p CROSS JOIN (
    SELECT o.scope AS number FROM ops AS o
    WHERE o.tree = 2 AND o.tree > 0 AND o.position >= ?4
    UNION SELECT c.number FROM scopes AS c WHERE c.kind = 1
) AS f
CROSS JOIN shared AS h ON h.scope = f.number AND h.pair = p.number
CROSS JOIN scopes AS s ON s.number = f.number
LEFT JOIN confirmed AS c ON c.node = ?1 AND c.scope = s.number
WHERE p.site = ?2 AND (s.ops_len > ifnull(c.ops, 0) OR s.id = ?5)
ON CONFLICT (node, scope) DO UPDATE SET place = excluded.place, ops = excluded.ops

-- STMT: confirmed_scope
-- store_confirmed_put_scope: the same for one scope
INSERT INTO confirmed (node, scope, place, ops)
SELECT ?1, s.number, CASE s.kind WHEN 2 THEN ?5 ELSE ?3 END, s.ops_len
FROM scopes AS s JOIN shared AS h ON h.scope = s.number
JOIN pairs AS p ON p.number = h.pair
WHERE s.id = ?4 AND p.site = ?2
ON CONFLICT (node, scope) DO UPDATE SET place = excluded.place, ops = excluded.ops

-- STMT: confirmed_get
-- store_confirmed_get
SELECT c.place FROM scopes AS s JOIN confirmed AS c ON c.scope = s.number
WHERE s.id = ?2 AND c.node = ?1

-- STMT: confirmed_count
-- store_confirmed_count
SELECT count(*) FROM confirmed AS c JOIN scopes AS s ON s.number = c.scope
WHERE c.node = ?1 AND s.kind = ?2

-- STMT: confirmed_forget
-- store_confirmed_forget
DELETE FROM confirmed WHERE node = ?1

-- STMT: alarm_raise
-- store_alarm_raise
INSERT INTO alarms (site, node, kind, wall, times, ops) VALUES (?1, ?2, ?3, ?4, 1, ?5)
ON CONFLICT (site, node, kind) DO UPDATE SET wall = excluded.wall, times = times + 1,
    ops = ops + excluded.ops

-- STMT: alarms_of_site
-- store_alarms
SELECT site, node, kind, wall, times, ops FROM alarms WHERE site = ?1
ORDER BY node, kind

-- STMT: alarms_clear
-- store_alarms_clear
DELETE FROM alarms WHERE site = ?1
