-- Statements of store_devices.c: devices that are signed in.

-- STMT: device_insert
-- store_device_add
INSERT INTO devices (digest, person, label, since, seen) VALUES (?1, ?2, ?3, ?4, ?4)

-- STMT: device_find
-- store_device_find
SELECT number, digest, person, label, since, seen FROM devices WHERE digest = ?1

-- STMT: device_get
-- store_device_get
SELECT number, digest, person, label, since, seen FROM devices WHERE number = ?1

-- STMT: device_all
-- store_devices
-- SCAN: it lists all of them
SELECT number, digest, person, label, since, seen FROM devices ORDER BY number

-- STMT: device_seen
-- store_device_seen
UPDATE devices SET seen = ?2 WHERE number = ?1

-- STMT: device_remove
-- store_device_remove
DELETE FROM devices WHERE number = ?1

-- STMT: device_remove_of
-- store_devices_remove_of
DELETE FROM devices WHERE person = ?1
