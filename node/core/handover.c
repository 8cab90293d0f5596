#include "node/core/handover.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/sign.h"
#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/people.h"
#include "node/core/replica.h"
#include "node/core/session.h"
#include "storage/store_scrub.h"

#define ADDRESS_MAX 127

/* A person's key as it rests. One that was wrapped when it was made is number 0, and
 * nobody has signed it. */
struct resting_key {
    uint8_t key[32], wrapped[WRAP_SIZE];
    uint64_t number;
    uint8_t signature[SIGN_SIZE];
};

static void turn_name(char name[static 72], const uint8_t *key)
{
    memcpy(name, "pin:", 5);
    hex_encode(name + 4, key, 32);
}

static void digest_key(uint8_t out[static DIGEST_SIZE], const struct resting_key *row)
{
    struct buf bytes = {0};
    pack_array(&bytes, 3);
    pack_bin(&bytes, row->key, sizeof(row->key));
    pack_uint(&bytes, row->number);
    pack_bin(&bytes, row->wrapped, sizeof(row->wrapped));
    digest_of(out, "fengqiao/1/pin", bytes.data, bytes.len);
    buf_deinit(&bytes);
}

/* --- in the store --- */

static enum status read_turn(struct core *core, struct resting_key *row)
{
    char name[72];
    struct buf value = {0};
    uint32_t elements;
    turn_name(name, row->key);
    row->number = 0;
    enum status status = store_meta_get(core->store, name, &value);
    if (status == STATUS_OK) {
        struct pack_reader reader = pack_reader_of(buf_bytes(&value));
        status = pack_read_array(&reader, &elements, NULL);
        if (status == STATUS_OK)
            status = pack_read_uint(&reader, &row->number, NULL);
        if (status == STATUS_OK)
            status = pack_read_fixed(&reader, row->signature, SIGN_SIZE, NULL);
        status = status == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    }
    buf_deinit(&value);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* NOT_FOUND: that person's key is not here. */
static enum status read_key(struct core *core, const uint8_t *key,
                            struct resting_key *row)
{
    struct buf value = {0};
    memcpy(row->key, key, sizeof(row->key));
    enum status status = people_key(core, key, &value);
    if (status == STATUS_OK && value.len != WRAP_SIZE)
        status = STATUS_NOT_FOUND; /* spoilt: any other machine's is better */
    if (status == STATUS_OK)
        memcpy(row->wrapped, value.data, WRAP_SIZE);
    buf_deinit(&value);
    return status == STATUS_OK ? read_turn(core, row) : status;
}

static enum status keep_key(struct core *core, const struct resting_key *row)
{
    char name[72];
    struct buf value = {0};
    store_scrub(core->store); /* what it replaces */
    enum status status = people_keep_key(core, row->key, row->wrapped);
    if (status != STATUS_OK || row->number == 0)
        return status;
    turn_name(name, row->key);
    pack_array(&value, 2);
    pack_uint(&value, row->number);
    pack_bin(&value, row->signature, SIGN_SIZE);
    status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, name, buf_bytes(&value));
    buf_deinit(&value);
    return core_check(core, status);
}

enum status handover_rewrapped(struct core *core, const struct sign_pair *pair,
                               const uint8_t wrapped[static WRAP_SIZE])
{
    struct resting_key row;
    uint8_t digest[DIGEST_SIZE];
    memcpy(row.key, sign_pair_key(pair), sizeof(row.key));
    enum status status = core_check(core, read_turn(core, &row));
    if (status != STATUS_OK)
        return status;
    row.number++;
    memcpy(row.wrapped, wrapped, WRAP_SIZE);
    digest_key(digest, &row);
    sign_pair_sign(pair, row.signature, digest, sizeof(digest));
    return keep_key(core, &row);
}

/* --- saying --- */

struct said {
    struct core *core;
    struct buf keys, places;
    uint32_t keys_len, places_len;
};

static enum status say_keys(struct said *said)
{
    size_t len;
    const struct charter *own = charters_of_site(said->core, &said->core->site);
    assert(own != NULL); /* replica_is_machine has read it in this turn */
    const struct charter_person *persons = charter_persons(own, &len);
    for (size_t i = 0; i < len; i++) {
        struct resting_key row;
        if (persons[i].is_revoked)
            continue;
        enum status status = read_key(said->core, persons[i].key, &row);
        if (status == STATUS_NOT_FOUND)
            continue;
        if (status != STATUS_OK)
            return status;
        said->keys_len++;
        pack_array(&said->keys, 4);
        pack_bin(&said->keys, row.key, sizeof(row.key));
        pack_uint(&said->keys, row.number);
        pack_bin(&said->keys, row.wrapped, sizeof(row.wrapped));
        pack_bin(&said->keys, row.signature, row.number > 0 ? SIGN_SIZE : 0);
    }
    return STATUS_OK;
}

static enum status say_place(void *context, const struct store_peer *peer)
{
    struct said *said = context;
    if (peer->address.len == 0)
        return STATUS_OK;
    said->places_len++;
    pack_array(&said->places, 3);
    pack_bin(&said->places, peer->site.bytes, ID_SIZE);
    pack_bin(&said->places, peer->node_key, sizeof(peer->node_key));
    pack_str_bytes(&said->places, peer->address);
    return STATUS_OK;
}

static enum status compose(struct core *core, struct buf *message)
{
    struct said said = {.core = core};
    enum status status = say_keys(&said);
    if (status == STATUS_OK)
        status = store_peers(core->store, say_place, &said);
    pack_array(message, 3);
    pack_str(message, "keys");
    pack_array(message, said.keys_len);
    buf_append(message, &said.keys);
    pack_array(message, said.places_len);
    buf_append(message, &said.places);
    buf_deinit(&said.keys);
    buf_deinit(&said.places);
    return status == STATUS_OK ? buf_status(message) : status;
}

void handover_send(struct core *core, struct session *session)
{
    struct buf message = {0};
    struct id digest;
    if (!replica_has(core, session) || !replica_is_machine(core, session->peer_key))
        return;
    enum status status = core_check(core, compose(core, &message));
    if (status == STATUS_OK) {
        digest_of(digest.bytes, "fengqiao/1/handover", message.data, message.len);
        if (!id_equal(&digest, &session->handed_over))
            session_send(session, &message);
        session->handed_over = digest;
    }
    buf_deinit(&message);
}

void handover_after_turn(struct core *core)
{
    /* With an op comes a round, and they go when that has ended: before, who hears of a
     * key may not know the person. */
    bool is_due = core->keys_changed && core->changed.len == 0;
    for (int i = 0; is_due && i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL || session->state != SESSION_READY ||
            session->sync.agreed_ms == 0)
            continue;
        handover_send(core, session);
        session_flush(core, session);
    }
    core->keys_changed = false;
}

/* --- hearing --- */

static bool is_person(const struct charter *own, const uint8_t *key)
{
    size_t len;
    const struct charter_person *persons = charter_persons(own, &len);
    for (size_t i = 0; i < len; i++)
        if (!persons[i].is_revoked && memcmp(persons[i].key, key, 32) == 0)
            return true;
    return false;
}

/* Two machines may have changed one PIN before they met: then both keep the same. */
static bool is_newer(const struct resting_key *row, const struct resting_key *own)
{
    uint8_t digest[DIGEST_SIZE];
    if (row->number == 0 || row->number < own->number ||
        (row->number == own->number &&
         memcmp(row->wrapped, own->wrapped, WRAP_SIZE) <= 0))
        return false;
    digest_key(digest, row);
    return sign_verify_known(row->signature, row->key, digest, sizeof(digest));
}

static enum status take_key(struct core *core, const struct charter *charter,
                            const struct resting_key *row)
{
    struct resting_key own;
    if (!is_person(charter, row->key))
        return STATUS_OK;
    const uint8_t *key = wrap_public_key(row->wrapped, WRAP_SIZE);
    if (key == NULL || memcmp(key, row->key, sizeof(row->key)) != 0)
        return STATUS_OK;
    enum status status = read_key(core, row->key, &own);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && is_newer(row, &own)))
        return keep_key(core, row);
    return core_check(core, status);
}

static enum status read_row(struct pack_reader *reader, struct resting_key *row)
{
    uint32_t elements;
    struct bytes signature = {0};
    enum status status = pack_read_array(reader, &elements, NULL);
    if (status == STATUS_OK && elements != 4)
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, row->key, sizeof(row->key), NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &row->number, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, row->wrapped, sizeof(row->wrapped), NULL);
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &signature, NULL);
    if (status == STATUS_OK && signature.len != (row->number > 0 ? SIGN_SIZE : 0))
        status = STATUS_INVALID;
    if (status == STATUS_OK && signature.len > 0)
        memcpy(row->signature, signature.data, SIGN_SIZE);
    return status;
}

struct known {
    const struct store_peer *peer;
    bool is_here;
};

static enum status look_for(void *context, const struct store_peer *peer)
{
    struct known *known = context;
    known->is_here |= id_equal(&peer->site, &known->peer->site) &&
                      memcmp(peer->node_key, known->peer->node_key, 32) == 0;
    return STATUS_OK;
}

/* A machine of a site that ours is linked with, or another one of ours. */
static bool may_be_peer(struct core *core, const struct charter *own,
                        struct store_peer *peer)
{
    if (id_equal(&peer->site, &core->site))
        return replica_is_machine(core, peer->node_key);
    const struct charter *other = charters_of_site(core, &peer->site);
    const struct charter_link *link = charter_link(own, &peer->site);
    if (link == NULL || other == NULL)
        return false;
    peer->is_parent = link->is_parent;
    return charter_has_machine(other, peer->node_key);
}

/* What this machine knows of a place it knows better. */
static enum status take_place(struct core *core, const struct charter *own,
                              struct store_peer *peer)
{
    struct known known = {.peer = peer};
    if (!may_be_peer(core, own, peer))
        return STATUS_OK;
    enum status status = store_peers(core->store, look_for, &known);
    if (status == STATUS_OK && !known.is_here) {
        status = store_peer_put(core->store, peer);
        core->dial_at_ms = core->now_ms;
    }
    return core_check(core, status);
}

static enum status read_place(struct pack_reader *reader, struct store_peer *peer)
{
    uint32_t elements;
    enum status status = pack_read_array(reader, &elements, NULL);
    if (status == STATUS_OK && elements != 3)
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, peer->site.bytes, ID_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, peer->node_key, sizeof(peer->node_key), NULL);
    if (status == STATUS_OK)
        status = pack_read_str(reader, &peer->address, NULL);
    if (status == STATUS_OK && peer->address.len > ADDRESS_MAX)
        status = STATUS_TOO_LARGE;
    return status;
}

enum status handover_receive(struct core *core, struct session *session,
                             struct pack_reader *reader)
{
    uint32_t count = 0;
    if (!replica_has(core, session) || !replica_is_machine(core, session->peer_key))
        return STATUS_INVALID;
    const struct charter *own = charters_of_site(core, &core->site);
    assert(own != NULL); /* replica_is_machine has read it in this turn */
    enum status status = pack_read_array(reader, &count, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct resting_key row;
        status = read_row(reader, &row);
        if (status == STATUS_OK)
            status = take_key(core, own, &row);
    }
    if (status == STATUS_OK)
        status = pack_read_array(reader, &count, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct store_peer peer = {.paired_at = core->wall};
        status = read_place(reader, &peer);
        if (status == STATUS_OK)
            status = take_place(core, own, &peer);
    }
    return status;
}
