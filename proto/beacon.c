#include "proto/beacon.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/secret.h"

static const uint8_t magic[BEACON_MAGIC_SIZE] = {'F', 'Q', 'B', 1};

void beacon_key_of_machine(uint8_t key[static BEACON_KEY_SIZE],
                           const uint8_t noise_key[static 32])
{
    digest_of(key, "fengqiao/1/beacon", noise_key, 32);
}

void beacon_key_of_code(uint8_t key[static BEACON_KEY_SIZE], const uint8_t psk[static 32])
{
    digest_of(key, "fengqiao/1/beacon-code", psk, 32);
}

void beacon_begin(uint8_t beacon[static BEACON_SIZE])
{
    memcpy(beacon, magic, sizeof(magic));
}

/* What hides the port: from the random part alone, for it has to be known before the port
 * is. */
static uint16_t port_mask(const uint8_t *random, const uint8_t *key)
{
    uint8_t mask[16]; /* the shortest MAC there is */
    digest_keyed(mask, sizeof(mask), key, "fengqiao/1/beacon-port", random,
                 BEACON_RANDOM_SIZE);
    return (uint16_t)(mask[0] << 8 | mask[1]);
}

static void make_tag(uint8_t tag[static BEACON_TAG_SIZE], const uint8_t *random,
                     const uint8_t *key, uint16_t port)
{
    uint8_t text[BEACON_RANDOM_SIZE + 2];
    memcpy(text, random, BEACON_RANDOM_SIZE);
    text[BEACON_RANDOM_SIZE] = (uint8_t)(port >> 8);
    text[BEACON_RANDOM_SIZE + 1] = (uint8_t)port;
    digest_keyed(tag, BEACON_TAG_SIZE, key, "fengqiao/1/beacon", text, sizeof(text));
}

static void fill_slot(uint8_t *beacon, uint32_t slot, const uint8_t *key, uint16_t port)
{
    const uint8_t *random = beacon + BEACON_MAGIC_SIZE;
    uint8_t *at =
        beacon + BEACON_MAGIC_SIZE + BEACON_RANDOM_SIZE + (size_t)slot * BEACON_SLOT_SIZE;
    uint16_t hidden = port ^ port_mask(random, key);
    make_tag(at, random, key, port);
    at[BEACON_TAG_SIZE] = (uint8_t)(hidden >> 8);
    at[BEACON_TAG_SIZE + 1] = (uint8_t)hidden;
}

void beacon_call(uint8_t beacon[static BEACON_SIZE], const uint8_t key[static 32],
                 uint16_t port)
{
    fill_slot(beacon, 0, key, port);
}

void beacon_call_code(uint8_t beacon[static BEACON_SIZE], uint32_t slot,
                      const uint8_t key[static 32], uint16_t port)
{
    assert(slot < BEACON_CODES);

    fill_slot(beacon, 1 + slot, key, port);
}

void beacon_address(char *out, size_t size, const char *host, uint16_t port)
{
    bool has_colons = strchr(host, ':') != NULL;
    (void)snprintf(out, size, has_colons ? "[%s]:%u" : "%s:%u", host, port);
}

static bool read_slot(const uint8_t *beacon, uint32_t slot, const uint8_t *key,
                      uint16_t *port)
{
    const uint8_t *random = beacon + BEACON_MAGIC_SIZE;
    const uint8_t *at =
        beacon + BEACON_MAGIC_SIZE + BEACON_RANDOM_SIZE + (size_t)slot * BEACON_SLOT_SIZE;
    uint8_t tag[BEACON_TAG_SIZE];
    *port = (uint16_t)(at[BEACON_TAG_SIZE] << 8 | at[BEACON_TAG_SIZE + 1]);
    *port ^= port_mask(random, key);
    make_tag(tag, random, key, *port);
    return secret_equal(tag, at, sizeof(tag));
}

static bool is_beacon(struct bytes beacon)
{
    return beacon.len == BEACON_SIZE && memcmp(beacon.data, magic, sizeof(magic)) == 0;
}

bool beacon_is_of(struct bytes beacon, const uint8_t key[static 32], uint16_t *port)
{
    return is_beacon(beacon) && read_slot(beacon.data, 0, key, port);
}

bool beacon_is_of_code(struct bytes beacon, const uint8_t key[static 32], uint16_t *port)
{
    if (!is_beacon(beacon))
        return false;
    for (uint32_t slot = 1; slot <= BEACON_CODES; slot++)
        if (read_slot(beacon.data, slot, key, port))
            return true;
    return false;
}
