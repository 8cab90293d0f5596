-- Statements of store_pin_tries.c: wrong PINs.

-- STMT: pin_tries_get
-- store_pin_tries_get
SELECT count FROM pin_tries WHERE person = ?1

-- STMT: pin_tries_put
-- store_pin_tries_put
INSERT INTO pin_tries (person, count) VALUES (?1, ?2)
ON CONFLICT (person) DO UPDATE SET count = excluded.count

-- STMT: pin_tries_remove
-- store_pin_tries_put
DELETE FROM pin_tries WHERE person = ?1
