#include "tests/sim/life/watch_dishonest.h"

#include <string.h>

#include "node/core/state.h"
#include "proto/seal_proof.h"
#include "storage/store_confirmed.h"
#include "storage/store_seals.h"
#include "storage/store_witness.h"
#include "tests/sim/life/sim_dishonest.h"
#include "tests/sim/life/sim_ever.h"
#include "tests/sim/life/sim_rewrite.h"
#include "tests/sim/life/watch_seals.h"

#define DAY_S (24u * 60 * 60)

/* A machine that was told of its other history goes on in another log, and what is
 * audited is that one; the proof is with its parent. */
static bool goes_on_elsewhere(const struct sim_host *host)
{
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log = 0;
    return store_seal_log_last(host->config.store, &log, origin) == STATUS_OK && log > 0;
}

/* An audit of the machine says so, which was asked for before, and nothing else. */
static void watch_audited(struct sim_host *host, const struct sim_dishonest *dishonest)
{
    bool is_excused =
        dishonest->way == DISHONEST_TWO_HISTORIES && goes_on_elsewhere(host);
    if (!dishonest->is_audited && !is_excused)
        sim_fail(host->sim, "I6", "%s is not honest, way %d, and its audit finds nothing",
                 host->address, (int)dishonest->way);
}

/* --- two histories --- */

struct naming {
    const struct sim_host *host;
    bool is_proved, is_alarmed;
};

/* As somebody does who has the file alone. */
static enum status judge_proof(void *context, int64_t number, struct bytes origin,
                               uint64_t wall, struct bytes file)
{
    struct naming *naming = context;
    struct seal_proof proof;
    uint8_t machine[KEY_SIZE];
    (void)number;
    (void)origin;
    (void)wall;
    if (seal_proof_read(&proof, file, NULL) == STATUS_OK &&
        seal_proof_judge(&proof, machine, NULL) == STATUS_OK &&
        proof.kind == SEAL_PROOF_FORK &&
        memcmp(machine, naming->host->core->node_key, KEY_SIZE) == 0)
        naming->is_proved = true;
    return STATUS_OK;
}

/* What the parent holds and what another witness was shown, side by side, with no node at
 * hand: a message `checkpoint` (seal_claim.h) and a note. */
static void put_side_by_side(struct naming *naming, const struct sim_dishonest *dishonest)
{
    struct pack_reader reader = pack_reader_of(buf_bytes(&dishonest->shown));
    struct witness_request request;
    struct merkle_hash root;
    struct bytes name, body;
    struct buf file = {0};
    uint32_t elements;
    if (dishonest->held.len == 0)
        return;
    if (pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
        pack_read_str(&reader, &name, NULL) == STATUS_OK &&
        pack_read_bin(&reader, &body, NULL) == STATUS_OK &&
        pack_read_fixed(&reader, root.bytes, MERKLE_HASH_SIZE, NULL) == STATUS_OK &&
        witness_request_read(&request, body, NULL) == STATUS_OK) {
        seal_proof_write(&file, SEAL_PROOF_FORK, &root, &request,
                         buf_bytes(&dishonest->held));
        (void)judge_proof(naming, 0, name, 0, buf_bytes(&file)); /* always OK */
    }
    buf_deinit(&file);
    if (naming->is_proved)
        sim_trace(naming->host->sim, naming->host, "two notes prove two histories");
    else
        sim_fail(naming->host->sim, "I6",
                 "%s shows two witnesses two histories, and that proves nothing",
                 naming->host->address);
}

static enum status look_at_alarm(void *context, const struct store_alarm *alarm)
{
    struct naming *naming = context;
    if (alarm->kind == ALARM_FORKED &&
        memcmp(alarm->node, naming->host->core->noise_key, KEY_SIZE) == 0)
        naming->is_alarmed = true;
    return STATUS_OK;
}

static void watch_two_histories(struct sim_host *host,
                                const struct sim_dishonest *dishonest)
{
    struct sim *sim = host->sim;
    struct store *store = sim->hosts[host->parent]->config.store;
    struct naming naming = {.host = host};
    put_side_by_side(&naming, dishonest);
    naming.is_proved = false;
    if (store_seal_proofs(store, judge_proof, &naming) != STATUS_OK ||
        store_alarms(store, &host->site, look_at_alarm, &naming) != STATUS_OK)
        sim_fail(sim, "I14", "what a witness knows cannot be read");
    else if (!naming.is_proved || !naming.is_alarmed)
        sim_fail(sim, "I6", "%s shows two histories, and its parent has no %s",
                 host->address, naming.is_proved ? "alarm" : "proof");
    watch_audited(host, dishonest);
    sim_ever(sim, EVER_DISHONEST_FORKED);
}

/* --- dated back --- */

struct dating {
    uint64_t position;            /* of the note */
    uint64_t first_wall, wall;    /* of the log's first seal; of the last without it */
    bool is_held, goes_backwards; /* some seal has it; some clock had jumped */
};

static enum status look_for_note(void *context, const struct store_seal *row)
{
    struct dating *dating = context;
    struct seal seal;
    enum status status = seal_read(&seal, row->leaf, NULL);
    if (status != STATUS_OK || dating->is_held)
        return status;
    dating->is_held = row->private_size > dating->position;
    if (dating->is_held)
        return STATUS_OK;
    if (row->place == 0)
        dating->first_wall = seal.wall;
    dating->goes_backwards |=
        seal.wall < dating->first_wall || seal.wall > dating->first_wall + 30 * DAY_S;
    dating->wall = seal.wall;
    return STATUS_OK;
}

static void watch_dated_back(struct sim_host *host, const struct sim_dishonest *dishonest)
{
    struct sim *sim = host->sim;
    struct store *store = host->config.store;
    struct store_place place;
    struct dating dating = {.is_held = false};
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    if (store_op_find(store, &dishonest->op, &place) != STATUS_OK)
        return; /* the power went in that turn */
    dating.position = place.position;
    if (store_seal_log_last(store, &log, origin) != STATUS_OK ||
        store_seals(store, log, look_for_note, &dating) != STATUS_OK) {
        sim_fail(sim, "I14", "%s: its seals cannot be read", host->address);
        return;
    }
    if (!dating.is_held || dating.goes_backwards || dating.first_wall < SIM_EPOCH ||
        dishonest->wall > SIM_EPOCH)
        return; /* its clock went another way, and proves nothing then */
    if (dishonest->wall + 14 * DAY_S > dating.wall)
        sim_fail(sim, "I6", "%s dates a note back, and its ledger does not tell",
                 host->address);
    else
        sim_ever(sim, EVER_DISHONEST_DATED);
}

/* --- dropped --- */

static void watch_dropped(struct sim_host *host, const struct sim_dishonest *dishonest)
{
    struct sim *sim = host->sim;
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    if (store_seal_log_last(host->config.store, &log, origin) != STATUS_OK ||
        watch_seals_unopened(host, sim_rewrite_cosigned(host, log)) == 0)
        sim_fail(sim, "I6", "%s drops a case, and every seal still opens", host->address);
    watch_audited(host, dishonest);
    sim_ever(sim, EVER_DISHONEST_DROPPED);
}

/* --- late consent --- */

static void watch_late_consent(struct sim_host *host,
                               const struct sim_dishonest *dishonest)
{
    struct store_place place;
    if (store_op_find(host->config.store, &dishonest->op, &place) != STATUS_OK)
        return; /* the power went in that turn */
    watch_audited(host, dishonest);
    sim_ever(host->sim, EVER_DISHONEST_LATE);
}

void watch_dishonest_end(struct sim *sim)
{
    const struct sim_dishonest *dishonest = sim->dishonest;
    if (dishonest == NULL || !dishonest->has_acted || sim_has_failed(sim))
        return;
    switch (dishonest->way) {
    case DISHONEST_TWO_HISTORIES:
        watch_two_histories(dishonest->host, dishonest);
        break;
    case DISHONEST_DATED_BACK:
        watch_dated_back(dishonest->host, dishonest);
        break;
    case DISHONEST_DROPPED:
        watch_dropped(dishonest->host, dishonest);
        break;
    default:
        watch_late_consent(dishonest->host, dishonest);
        break;
    }
}
