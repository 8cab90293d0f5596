#include "node/core/newcomer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/added_machine.h"
#include "node/core/charters.h"
#include "node/core/indexed.h"
#include "node/core/pairing.h"
#include "node/core/state.h"
#include "proto/channel.h"

#define ADDRESS_SIZE 128

enum newcomer_state { NEWCOMER_CALLING, NEWCOMER_INTRODUCED, NEWCOMER_FOUNDED };

/* Secret memory: it has the keys of the machine. */
struct newcomer {
    struct core_config config;
    struct channel channel;
    enum newcomer_state state;
    char name[PERSON_NAME_MAX + 1], network[64], address[ADDRESS_SIZE];
    struct newcomer_site site;
};

static bool copy_text(char *to, size_t size, const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len >= size)
        return false;
    memcpy(to, text, len + 1);
    return true;
}

static enum status open_channel(struct newcomer *newcomer, const uint8_t *psk)
{
    uint8_t ephemeral[32], noise_key[32];
    struct channel_config config = {
        .is_initiator = true,
        .pattern = NOISE_XXPSK0,
        .s_secret = newcomer->config.noise_secret,
        .s_public = noise_key,
        .e_secret = ephemeral,
        .psks = {psk},
        .psks_len = 1,
    };
    network_id(&config.network, newcomer->network);
    key_dh_public(noise_key, newcomer->config.noise_secret);
    rng_fill(&newcomer->config.rng, "ephemeral", NULL, ephemeral, sizeof(ephemeral));
    enum status status = channel_init(&newcomer->channel, &config);
    secret_wipe(ephemeral, sizeof(ephemeral));
    return status;
}

enum status newcomer_open(struct newcomer **out, const struct core_config *config,
                          const struct newcomer_wish *wish, struct err *err)
{
    struct buf old = {0};
    enum status status = store_meta_get(config->store, "site", &old);
    buf_deinit(&old);
    if (status == STATUS_OK)
        return err_set(err, STATUS_EXISTS, "a site was founded here already");
    if (status != STATUS_NOT_FOUND)
        return err_set(err, status, "the store cannot be read: %s", status_text(status));
    struct newcomer *newcomer = secret_new(sizeof(*newcomer));
    if (newcomer == NULL)
        return STATUS_NO_MEMORY;
    memset(newcomer, 0, sizeof(*newcomer));
    newcomer->config = *config;
    status = STATUS_OK;
    const char *network = wish->network == NULL ? "fengqiao" : wish->network;
    if (!copy_text(newcomer->name, sizeof(newcomer->name), wish->name) ||
        !utf8_is_valid(bytes_str(wish->name)))
        status = err_set(err, STATUS_INVALID,
                         "the name of this machine is a text of at most %d bytes",
                         PERSON_NAME_MAX);
    else if (!copy_text(newcomer->network, sizeof(newcomer->network), network))
        status = err_set(err, STATUS_INVALID, "the network's name is too long");
    else if (!copy_text(newcomer->address, sizeof(newcomer->address), wish->address))
        status = err_set(err, STATUS_INVALID, "the address is too long");
    if (status == STATUS_OK)
        status = open_channel(newcomer, wish->psk);
    if (status == STATUS_OK)
        *out = newcomer;
    else
        newcomer_close(newcomer);
    return status;
}

void newcomer_close(struct newcomer *newcomer)
{
    if (newcomer == NULL)
        return;
    channel_deinit(&newcomer->channel);
    secret_free(newcomer);
}

const struct newcomer_site *newcomer_site(const struct newcomer *newcomer)
{
    return &newcomer->site;
}

/* --- what it says --- */

static enum status introduce(struct newcomer *newcomer)
{
    struct sign_pair pair;
    uint8_t digest[DIGEST_SIZE], proof[SIGN_SIZE];
    sign_pair_init(&pair, newcomer->config.node_seed);
    added_machine_proof(digest, newcomer->channel.hash);
    sign_pair_sign(&pair, proof, digest, sizeof(digest));
    struct buf message = {0};
    pack_array(&message, 5);
    pack_str(&message, "newcomer");
    pack_uint(&message, OP_VERSION & 15);
    pack_bin(&message, sign_pair_key(&pair), KEY_SIZE);
    pack_str(&message, newcomer->name);
    pack_bin(&message, proof, sizeof(proof));
    secret_wipe(&pair, sizeof(pair));
    enum status status = buf_status(&message);
    if (status == STATUS_OK)
        channel_send(&newcomer->channel, buf_bytes(&message));
    buf_deinit(&message);
    newcomer->state = NEWCOMER_INTRODUCED;
    return status;
}

static void say_linked(struct newcomer *newcomer)
{
    struct buf message = {0};
    pack_array(&message, 1);
    pack_str(&message, "linked");
    channel_send(&newcomer->channel, buf_bytes(&message));
    buf_deinit(&message);
    channel_finish(&newcomer->channel);
}

/* --- founding --- */

/* Does the charter name us, with the keys that we have? */
static bool is_named(const struct core *core, const struct charter *own)
{
    const struct charter_node *node = charter_node_of(own, core->node_key);
    return node != NULL && memcmp(node->noise_key, core->noise_key, KEY_SIZE) == 0;
}

/* Does it name us so, though more stewards have to approve that? */
static bool is_proposed(struct core *core, struct charter *own, uint32_t *lacks)
{
    struct charter_proposal proposal;
    uint32_t at = 0;
    while (charter_next_proposal(own, &at, &proposal)) {
        if (memcmp(proposal.key, core->node_key, KEY_SIZE) != 0 ||
            memcmp(proposal.noise_key, core->noise_key, KEY_SIZE) != 0)
            continue;
        *lacks = proposal.need - proposal.words_len;
        return true;
    }
    return false;
}

/* Are both ends of this connection machines of the site? One that is not sound has none.
 */
static enum status judge(struct core *core, struct newcomer *newcomer)
{
    struct charter *own = charters_of_site(core, &core->site);
    if (own == NULL ||
        (!is_named(core, own) && !is_proposed(core, own, &newcomer->site.lacks)) ||
        !charter_has_machine(own, newcomer->channel.remote_static) ||
        charter_is_revoked(own, core->node_key))
        return STATUS_UNVERIFIED;
    (void)snprintf(newcomer->site.name, sizeof(newcomer->site.name), "%s",
                   charter_name(own));
    return STATUS_OK;
}

static enum status keep(struct core *core, const struct newcomer *newcomer)
{
    struct store_peer peer = {
        .site = core->site,
        .address = bytes_str(newcomer->address),
        .paired_at = core->wall,
    };
    memcpy(peer.node_key, newcomer->channel.remote_static, sizeof(peer.node_key));
    enum status status = store_peer_put(core->store, &peer);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, "site", bytes_of(core->site.bytes, ID_SIZE));
    if (status == STATUS_OK)
        status = store_meta_put(core->store, "network", bytes_str(core->network_name));
    return status == STATUS_OK ? indexed_begin(core) : status;
}

/* One turn of a core that is nobody's yet; it ends with it. */
static enum status found(struct newcomer *newcomer, struct pack_reader *charters,
                         uint64_t wall, enum wall_quality quality)
{
    struct core *core = core_new(&newcomer->config);
    if (core == NULL)
        return STATUS_NO_MEMORY;
    core->site = newcomer->site.site;
    core->wall = wall;
    core->quality = quality;
    core->is_ending = true; /* it dials nobody */
    memcpy(core->network_name, newcomer->network, sizeof(newcomer->network));
    network_id(&core->network, core->network_name);
    enum status status = core_begin(core);
    if (status == STATUS_OK) {
        status = pairing_take_charters(core, &core->site, charters);
        if (status == STATUS_OK)
            status = judge(core, newcomer);
        if (status == STATUS_OK)
            status = keep(core, newcomer);
        if (status == STATUS_OK)
            status = core_commit(core);
        else
            store_roll_back(core->store);
    }
    if (status != STATUS_OK && core->store_status != STATUS_OK)
        status = core->store_status; /* what could not be read was no word of theirs */
    core_close(core);
    return status;
}

/* --- what comes --- */

static enum status receive(struct newcomer *newcomer, struct bytes message, uint64_t wall,
                           enum wall_quality quality)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    uint64_t minor;
    struct bytes name;
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &name, NULL);
    if (status != STATUS_OK)
        return status;
    if (newcomer->state == NEWCOMER_CALLING && bytes_equal_str(name, "hello") &&
        elements == 3) {
        status = pack_read_uint(&reader, &minor, NULL);
        if (status == STATUS_OK)
            status = pack_read_fixed(&reader, newcomer->site.site.bytes, ID_SIZE, NULL);
        if (status == STATUS_OK && !pack_at_end(&reader))
            status = STATUS_INVALID;
        return status == STATUS_OK ? introduce(newcomer) : status;
    }
    if (newcomer->state != NEWCOMER_INTRODUCED || !bytes_equal_str(name, "welcome") ||
        elements != 2)
        return STATUS_INVALID;
    status = found(newcomer, &reader, wall, quality);
    if (status == STATUS_OK) {
        check_words_from(newcomer->site.words, newcomer->channel.hash);
        newcomer->state = NEWCOMER_FOUNDED;
        say_linked(newcomer);
    }
    return status;
}

enum status newcomer_take(struct newcomer *newcomer, struct bytes bytes, uint64_t wall,
                          enum wall_quality quality, struct buf *out, struct err *err)
{
    struct bytes message;
    enum status status = channel_receive(&newcomer->channel, bytes, NULL);
    while (status == STATUS_OK && newcomer->state != NEWCOMER_FOUNDED) {
        status = channel_next(&newcomer->channel, &message);
        if (status == STATUS_OK)
            status = receive(newcomer, message, wall, quality);
    }
    channel_flush(&newcomer->channel);
    buf_append(out, &newcomer->channel.out);
    buf_clear(&newcomer->channel.out);
    if (status == STATUS_NOT_FOUND)
        status = STATUS_MORE;
    if (status == STATUS_OK)
        return status; /* it is founded, whether it can say so or not */
    if (status == STATUS_MORE)
        return channel_status(&newcomer->channel) == STATUS_OK && !out->failed
                   ? status
                   : STATUS_NO_MEMORY;
    return err_set(err, status, "the other machine is not of the site that it says: %s",
                   status_text(status));
}
