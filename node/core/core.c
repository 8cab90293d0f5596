#include "node/core/core.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "crypto/secret.h"
#include "node/core/author.h"
#include "node/core/caller.h"
#include "node/core/charters.h"
#include "node/core/device.h"
#include "node/core/discovery.h"
#include "node/core/handover.h"
#include "node/core/indexed.h"
#include "node/core/listing.h"
#include "node/core/pair.h"
#include "node/core/pairing.h"
#include "node/core/pieces.h"
#include "node/core/refold.h"
#include "node/core/renewal.h"
#include "node/core/seal_talk.h"
#include "node/core/session.h"

struct core *core_new(const struct core_config *config)
{
    struct core *core = calloc(1, sizeof(*core));
    if (core == NULL)
        return NULL;
    core->replays = calloc(1, sizeof(*core->replays));
    /* A turn that fails for want of memory must still be able to say so. */
    core->actions = calloc(ACTIONS_MIN, sizeof(*core->actions));
    core->actions_capacity = ACTIONS_MIN;
    if (core->replays == NULL || core->actions == NULL) {
        free(core->replays);
        free(core->actions);
        free(core);
        return NULL;
    }
    core->store = config->store;
    core->rng = config->rng;
    core->listens = config->listens;
    core->next_conn = 1;
    core->seal_clock.day_s = config->seal_day_s != 0 ? config->seal_day_s : SEAL_DAY_S;
    core_take_keys(core, config->node_seed, config->noise_secret);
    return core;
}

void core_take_keys(struct core *core, const uint8_t seed[static 32],
                    const uint8_t noise_secret[static 32])
{
    sign_pair_init(&core->node_pair, seed);
    memcpy(core->noise_secret, noise_secret, 32);
    memcpy(core->node_key, sign_pair_key(&core->node_pair), sizeof(core->node_key));
    key_dh_public(core->noise_key, core->noise_secret);
    core->seal_clock.next_ms = 0; /* another seal log begins */
}

void core_machine_keys(const struct core *core, uint8_t seed[static 32],
                       uint8_t noise_secret[static 32])
{
    memcpy(seed, core->node_pair.seed_and_key, 32);
    memcpy(noise_secret, core->noise_secret, 32);
}

void core_close(struct core *core)
{
    if (core == NULL)
        return;
    sessions_free(core);
    callers_free(core);
    for (int i = 0; i < INVITES_MAX; i++)
        invite_close(&core->invites[i]);
    for (uint32_t i = core->actions_taken; i < core->actions_len; i++)
        action_deinit(&core->actions[i]);
    free(core->actions);
    charters_deinit(core);
    remembered_deinit(core);
    id_list_deinit(&core->former.told);
    id_list_deinit(&core->touched);
    id_list_deinit(&core->changed);
    id_list_deinit(&core->from_us);
    id_list_deinit(&core->regrouped);
    free(core->replays);
    secret_wipe(core, sizeof(*core));
    free(core);
}

static bool tier_number(const char *text, uint64_t *tier)
{
    for (*tier = TIER_VILLAGE; *tier <= TIER_DEPARTMENT; (*tier)++)
        if (strcmp(charter_tier_text(*tier), text) == 0)
            return true;
    return false;
}

static enum status write_founding(struct core *core, const struct core_founding *founding,
                                  uint64_t tier, struct err *err)
{
    struct draft draft;
    struct sign_pair steward;
    sign_pair_init(&steward, founding->steward_seed);
    const uint8_t *steward_key = sign_pair_key(&steward);
    draft_init(&draft, "found", NULL);
    draft_text(&draft, "name", bytes_str(founding->name));
    draft_bin(&draft, "node-key", core->node_key, 32);
    draft_bin(&draft, "noise-key", core->noise_key, 32);
    draft_bin(&draft, "recovery-key", founding->recovery_key, 32);
    draft_bin(&draft, "steward-key", steward_key, 32);
    draft_text(&draft, "steward-name", bytes_str(founding->steward));
    draft_uint(&draft, "tier", tier);
    char name[80] = "key:";
    hex_encode(name + 4, steward_key, 32);
    enum status status = author_write(core, &draft, &steward, &core->site, err);
    secret_wipe(&steward, sizeof(steward));
    draft_deinit(&draft);
    if (status != STATUS_OK)
        return status;
    status =
        store_meta_put(core->store, name, bytes_of(founding->steward_wrapped, WRAP_SIZE));
    if (status == STATUS_OK)
        status = store_meta_put(core->store, "site", bytes_of(core->site.bytes, ID_SIZE));
    if (status == STATUS_OK)
        status = store_meta_put(core->store, "network", bytes_str(core->network_name));
    return status == STATUS_OK ? indexed_begin(core) : status;
}

enum status core_found(const struct core_config *config,
                       const struct core_founding *founding, struct id *site,
                       struct err *err)
{
    struct buf old = {0};
    bool founded = store_meta_get(config->store, "site", &old) == STATUS_OK;
    buf_deinit(&old);
    if (founded)
        return err_set(err, STATUS_EXISTS, "a site was founded here already");
    uint64_t tier;
    if (!tier_number(founding->tier, &tier))
        return err_set(err, STATUS_INVALID,
                       "the tier is village, township, county or department");
    const char *network = founding->network == NULL ? "fengqiao" : founding->network;
    if (strlen(network) >= sizeof(((struct core *)0)->network_name))
        return err_set(err, STATUS_INVALID, "the network's name is too long");
    struct core *core = core_new(config);
    if (core == NULL)
        return STATUS_NO_MEMORY;
    memcpy(core->network_name, network, strlen(network) + 1);
    network_id(&core->network, network);
    core->wall = founding->wall;
    core->quality = founding->quality;
    enum status status = core_begin(core);
    if (status == STATUS_OK) {
        status = write_founding(core, founding, tier, err);
        if (status == STATUS_OK)
            status = core_commit(core);
        else
            store_roll_back(core->store);
    }
    *site = core->site;
    core_close(core);
    return status;
}

static enum status read_site(struct core *core)
{
    struct buf value = {0};
    enum status status = store_meta_get(core->store, "site", &value);
    if (status == STATUS_OK && value.len != ID_SIZE)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK) {
        memcpy(core->site.bytes, value.data, ID_SIZE);
        core->last_here = core->site;
        status = store_meta_get(core->store, "network", &value);
    }
    if (status == STATUS_OK && value.len >= sizeof(core->network_name))
        status = STATUS_CORRUPT;
    if (status == STATUS_OK) {
        memcpy(core->network_name, value.data, value.len);
        network_id(&core->network, core->network_name);
    }
    buf_deinit(&value);
    return status;
}

/* What an earlier version left is made as this one keeps it. */
static enum status settle(struct core *core)
{
    enum status status = indexed_settle(core);
    return status == STATUS_OK ? listing_fill(core) : status;
}

enum status core_open(struct core **out, const struct core_config *config,
                      struct err *err)
{
    struct core *core = core_new(config);
    if (core == NULL)
        return STATUS_NO_MEMORY;
    enum status status = read_site(core);
    if (status == STATUS_NOT_FOUND)
        status = err_set(err, status, "no site was founded here; run: fengqiaod init");
    else if (status != STATUS_OK)
        status = err_set(err, status, "what site this is cannot be read: %s",
                         status_text(status));
    if (status == STATUS_OK) {
        status = renewal_open(core);
        if (status != STATUS_OK)
            status = err_set(err, status, "the keys of this machine cannot be read: %s",
                             status_text(status));
    }
    if (status == STATUS_OK) {
        status = settle(core);
        if (status != STATUS_OK)
            status =
                err_set(err, status, "what is listed and searched cannot be kept: %s",
                        status_text(status));
    }
    if (status == STATUS_OK)
        status = doubt_open(core);
    if (status == STATUS_OK)
        *out = core;
    else
        core_close(core);
    return status;
}

enum status core_begin(struct core *core)
{
    enum status status = patrol_settle(core);
    if (status == STATUS_OK)
        status = doubt_settle(core);
    core->store_status = STATUS_OK;
    return status == STATUS_OK ? store_begin(core->store) : status;
}

static void dispatch(struct core *core, const struct event *event)
{
    switch (event->type) { /* never: another */
    case EVENT_TICK:
    case EVENT_CONN_DRAINED:
        break;
    case EVENT_CONN_ACCEPTED:
        session_accept(core, event->conn);
        break;
    case EVENT_CONN_CONNECTED:
        session_connected(core, event->conn);
        break;
    case EVENT_CONN_BYTES:
        session_bytes(core, event->conn, event->bytes);
        break;
    case EVENT_CONN_CLOSED:
        session_closed(core, event->conn);
        break;
    case EVENT_CLIENT_OPENED:
        caller_opened(core, event->client, event->is_far);
        break;
    case EVENT_CLIENT_REQUEST:
        caller_request(core, event->client, event->bytes);
        break;
    case EVENT_CLIENT_CLOSED:
        caller_closed(core, event->client);
        break;
    case EVENT_BEACON:
        discovery_heard(core, event->host, event->bytes);
        break;
    case EVENT_BACKUP_DONE:
        daily_backup_done(core, event->bytes);
        break;
    case EVENT_END:
        sessions_end(core);
        break;
    case EVENT_JOB_DONE:
        if (event->job->conn != 0)
            session_job_done(core, event->job);
        else
            caller_job_done(core, event->job);
        break;
    }
}

void core_step(struct core *core, const struct event *event)
{
    core->now_ms = event->now_ms;
    core->wall = event->wall;
    core->quality = event->quality;
    pairing_tick(core);
    retention_tick(core);
    paste_tick(core);
    daily_backup_tick(core);
    seal_log_tick(core);
    dispatch(core, event);
}

/* What follows from the turn as a whole, before it is committed. */
static enum status finish_turn(struct core *core)
{
    enum status status = refold_touched(core);
    if (status == STATUS_OK)
        status = pair_settle(core);
    if (status == STATUS_OK)
        status = devices_after_turn(core);
    if (status == STATUS_OK)
        status = renewal_follow(core);
    if (status != STATUS_OK)
        return status;
    seal_log_tick(core); /* other keys since the turn began: another log */
    sessions_after_turn(core);
    handover_after_turn(core);
    pieces_after_turn(core);
    unshown_after_turn(core);
    seal_talk_after_turn(core);
    sessions_tick(core);
    discovery_tick(core);
    refusals_tick(core);
    callers_tick(core);
    return core->store_status;
}

static void drop_actions(struct core *core)
{
    for (uint32_t i = core->actions_taken; i < core->actions_len; i++) {
        /* Work that was on its way to the pool is given up with the rest. */
        action_deinit(&core->actions[i]);
    }
    core->actions_len = core->actions_taken = 0;
}

static void count_changes(struct core *core)
{
    uint32_t ready = sessions_ready(core);
    if (core->changed.len > 0 || ready != core->ready_known)
        core->changes++;
    core->ready_known = ready;
}

enum status core_commit(struct core *core)
{
    enum status status = core->store_status;
    if (status == STATUS_OK)
        status = finish_turn(core);
    if (status == STATUS_OK)
        status = store_commit(core->store);
    else
        store_roll_back(core->store);
    if (status == STATUS_CORRUPT)
        doubt_failed(core);
    if (status != STATUS_OK) {
        drop_actions(core);
        core_trace(core, "turn failed status=%s", status_name(status));
        (void)core_act(core, ACTION_STOP);
    }
    if (status == STATUS_OK)
        count_changes(core);
    id_list_clear(&core->touched);
    id_list_clear(&core->changed);
    id_list_clear(&core->from_us);
    return status;
}

uint64_t core_changes(const struct core *core)
{
    return core->changes;
}

bool core_next_action(struct core *core, struct action *action)
{
    if (core->actions_taken == core->actions_len) {
        core->actions_taken = core->actions_len = 0;
        return false;
    }
    *action = core->actions[core->actions_taken++];
    return true;
}

uint64_t core_deadline(const struct core *core)
{
    uint64_t deadline = sessions_deadline(core);
    uint64_t others[] = {callers_deadline(core),      refusals_deadline(core),
                         retention_deadline(core),    paste_deadline(core),
                         doubt_deadline(core),        discovery_deadline(core),
                         daily_backup_deadline(core), seal_log_deadline(core)};
    for (int i = 0; i < 8; i++)
        if (others[i] < deadline)
            deadline = others[i];
    return deadline;
}
