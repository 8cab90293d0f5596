#include "tests/sim/life/sim_watch.h"

#include <string.h>

#include "proto/bytes.h"
#include "storage/store_confirmed.h"
#include "tests/sim/life/sim_dishonest.h"
#include "tests/sim/life/sim_flaw.h"
#include "tests/sim/life/sim_image.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_replica.h"
#include "tests/sim/life/sim_sealed.h"
#include "tests/sim/life/sim_stewards.h"
#include "tests/sim/life/sim_thief.h"
#include "tests/sim/life/watch_agree.h"
#include "tests/sim/life/watch_audit.h"
#include "tests/sim/life/watch_ask.h"
#include "tests/sim/life/watch_backwards.h"
#include "tests/sim/life/watch_bundle.h"
#include "tests/sim/life/watch_canary.h"
#include "tests/sim/life/watch_catch_up.h"
#include "tests/sim/life/watch_closed.h"
#include "tests/sim/life/watch_seals.h"
#include "tests/sim/life/watch_dishonest.h"
#include "tests/sim/life/watch_effect.h"
#include "tests/sim/life/watch_files.h"
#include "tests/sim/life/watch_lists.h"
#include "tests/sim/life/watch_lies.h"
#include "tests/sim/life/watch_outbox.h"
#include "tests/sim/life/watch_recall.h"
#include "tests/sim/life/watch_restore.h"
#include "tests/sim/life/watch_waits.h"

/* --- I3: no private text in a message --- */

void sim_watch_message(struct sim_host *host, struct bytes message)
{
    static const char mark[] = "CANARY-";
    if (message.len > 0 &&
        memmem(message.data, message.len, mark, sizeof(mark) - 1) != NULL)
        sim_fail(host->sim, "I3", "%s sends a private text", host->address);
}

/* --- I2: what people were told is saved --- */

static void watch_told(struct sim_host *host)
{
    if (host->is_flawed) {
        sim_flaw_judge(host);
        return;
    }
    for (uint32_t i = 0; i < host->told_len; i++) {
        struct store_place place;
        if (store_op_find(host->config.store, &host->told[i], &place) == STATUS_OK)
            continue;
        char hex[2 * ID_SIZE + 1];
        hex_encode(hex, host->told[i].bytes, ID_SIZE);
        sim_fail(host->sim, "I2", "%s told that %.16s… is saved, and it is gone",
                 host->address, hex);
        return;
    }
}

static void report(void *context, const char *finding)
{
    struct sim_host *host = context;
    sim_fail(host->sim, "I14", "%s: check: %s", host->address, finding);
}

void sim_watch_boot(struct sim_host *host)
{
    sim_image_booted(host);
    watch_restore_booted(host);
    watch_told(host);
    if (store_loss(host->config.store)->kind != LOSS_NONE && !host->is_flawed)
        sim_fail(host->sim, "I2", "%s announces a loss, and its disk tells the truth",
                 host->address);
    uint64_t waiting = 0;
    if (store_ops_count(host->config.store, TREE_WAITING, &waiting) == STATUS_OK &&
        waiting > 0)
        sim_ever(host->sim, EVER_BOOT_WAITING);
    watch_files_cut(host);
}

/* --- I1: the same everywhere --- */

struct comparison {
    struct sim *sim;
    struct sim_host *a, *b;
    struct id digest;
    uint64_t ops_len, scopes;
};

static enum status keep_digest(void *context, const struct store_scope *scope)
{
    struct comparison *comparison = context;
    comparison->digest = scope->digest;
    comparison->ops_len = scope->ops_len;
    return STATUS_OK;
}

static void compare_scope(struct comparison *comparison, const struct id *id)
{
    struct comparison a = *comparison, b = *comparison;
    enum status of_a = store_scope_get(a.a->config.store, id, keep_digest, &a);
    enum status of_b = store_scope_get(b.b->config.store, id, keep_digest, &b);
    comparison->scopes++;
    if (of_a == STATUS_OK && of_b == STATUS_OK && a.ops_len == b.ops_len &&
        id_equal(&a.digest, &b.digest))
        return;
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, id->bytes, ID_SIZE);
    sim_fail(comparison->sim, "I1",
             "%s (%s, %llu ops) and %s (%s, %llu ops) differ in %.16s…", a.a->address,
             status_name(of_a), (unsigned long long)a.ops_len, b.b->address,
             status_name(of_b), (unsigned long long)b.ops_len, hex);
}

static enum status compare_held(void *context, const struct id *id)
{
    compare_scope(context, id);
    return STATUS_OK;
}

/* Does it speak the truth, and has it a disk that holds it? */
static bool is_asked(const struct sim_host *host)
{
    return !sim_liar_is(host) && host->is_sound;
}

static bool has_asked_parent(const struct sim_host *host)
{
    return host->parent >= 0 && is_asked(host) &&
           is_asked(host->sim->hosts[host->parent]);
}

static void watch_pair(struct sim *sim, struct sim_host *child, struct sim_host *parent)
{
    struct comparison comparison = {.sim = sim, .a = child, .b = parent};
    compare_scope(&comparison, &child->site);
    compare_scope(&comparison, &parent->site);
    for (int i = 0; i < 2; i++) {
        struct store *store = i == 0 ? child->config.store : parent->config.store;
        if (store_scopes_held(store, SCOPE_ESCALATION, &child->site, &parent->site,
                              compare_held, &comparison) != STATUS_OK)
            sim_fail(sim, "I14", "what both hold cannot be read");
    }
    sim_trace(sim, child, "agrees with %s on %llu scopes", parent->address,
              (unsigned long long)comparison.scopes);
}

/* --- I6: a disk that tells the truth raises no alarm --- */

static enum status name_alarm(void *context, const struct store_alarm *alarm)
{
    struct sim_host *host = context;
    sim_fail(host->sim, "I6", "%s: an alarm of kind %d, %llu ops, about an honest site",
             host->address, alarm->kind, (unsigned long long)alarm->ops);
    return STATUS_OK;
}

static void watch_alarms(struct sim_host *host)
{
    struct sim *sim = host->sim;
    if (sim_liar_is(host) || host->is_flawed || host->is_stolen)
        return; /* who lies or forgets may think what it likes */
    for (int i = 0; i < sim->hosts_len; i++)
        if (!sim_liar_is(sim->hosts[i]) && !sim->hosts[i]->is_flawed &&
            (!sim->hosts[i]->is_set_back || sim->hosts[i]->is_restored) &&
            !sim_dishonest_did(sim->hosts[i], DISHONEST_TWO_HISTORIES) &&
            store_alarms(host->config.store, &sim->hosts[i]->site, name_alarm, host) !=
                STATUS_OK)
            sim_fail(sim, "I14", "%s: its alarms cannot be read", host->address);
}

/* --- I2, I13: what was released has come --- */

static void watch_sent(struct sim *sim)
{
    for (uint32_t i = 0; i < sim->sent_len; i++) {
        const struct sim_sent *sent = &sim->sent[i];
        struct sim_host *parent = sim->hosts[sim->hosts[sent->from]->parent];
        struct store_place place;
        struct sim_host *from = sim->hosts[sent->from];
        if (from->is_stolen)
            from = from->elder;
        if (!is_asked(from) || !is_asked(parent))
            continue;
        if ((from->is_flawed || from->is_set_back || sim->hosts[sent->from]->is_stolen) &&
            store_op_find(from->config.store, &sent->scope, &place) != STATUS_OK)
            continue; /* it was lost before it left */
        if (store_op_find(parent->config.store, &sent->scope, &place) == STATUS_OK)
            continue;
        sim_fail(sim, "I13", "what %s released has not come to %s",
                 sim->hosts[sent->from]->address, parent->address);
    }
}

static enum status count_held(void *context, const struct id *scope)
{
    (void)scope;
    (*(uint32_t *)context)++;
    return STATUS_OK;
}

/* What costs more. */
static void watch_deep(struct sim_host *host)
{
    struct sim *sim = host->sim;
    const struct sim_host *county = sim->hosts[0];
    uint32_t held = 0;
    if (has_asked_parent(host))
        watch_agree_pair(host, sim->hosts[host->parent]);
    if (has_asked_parent(host) && !host->is_flawed && !host->is_stolen &&
        !host->is_set_back && !sim->hosts[host->parent]->is_flawed &&
        !sim->hosts[host->parent]->is_set_back &&
        !sim_dishonest_did(host, DISHONEST_TWO_HISTORIES))
        watch_seals_pair(host, sim->hosts[host->parent]);
    struct buf said = {0};
    if (watch_agree_rebuild(host, &said))
        watch_agree_again(host, &said);
    else
        sim_fail(sim, "I14", "%s cannot be rebuilt", host->address);
    buf_deinit(&said);
    watch_agree_clocks(host);
    watch_effect_end(host);
    watch_lists_end(host);
    watch_outbox_end(host);
    watch_recall_end(host);
    watch_files_end(host);
    watch_closed_end(host);
    watch_seals_end(host);
    watch_audit_end(host);
    watch_waits_end(host);
    watch_bundle_end(host);
    sim_sealed_end(host);
    if (host->parent > 0 &&
        store_scopes_held(county->config.store, SCOPE_ESCALATION, &host->site,
                          &county->site, count_held, &held) == STATUS_OK &&
        held > 0)
        sim_ever(sim, EVER_THREE_HOLD);
}

void sim_watch_end(struct sim *sim)
{
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++) {
        struct sim_host *host = sim->hosts[i];
        if (!host->is_on && !host->is_ruined) {
            sim_fail(sim, "I14", "%s is not up at the end", host->address);
            return;
        }
        if (host->is_on)
            watch_told(host);
        host->is_sound = sim_flaw_is_sound(host) && !host->is_stolen;
        if (!host->is_flawed && host->is_on &&
            store_check(host->config.store, report, host) != STATUS_OK)
            sim_fail(sim, "I14", "%s: its store is damaged", host->address);
        watch_alarms(host);
    }
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++)
        if (has_asked_parent(sim->hosts[i]))
            watch_pair(sim, sim->hosts[i], sim->hosts[sim->hosts[i]->parent]);
    if (!sim_has_failed(sim))
        watch_canary_end(sim); /* before I13: a leak may stall syncs as well */
    watch_catch_up_end(sim);
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++)
        if (sim->hosts[i]->is_sound)
            watch_deep(sim->hosts[i]);
    if (!sim_has_failed(sim))
        watch_sent(sim);
    sim_image_end(sim);
    sim_thief_end(sim);
    sim_replica_end(sim);
    sim_stewards_end(sim);
    watch_dishonest_end(sim);
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++)
        if (sim->hosts[i]->is_sound)
            watch_lies_end(sim->hosts[i]);
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++)
        if (sim->hosts[i]->is_sound)
            watch_backwards_end(sim->hosts[i]);
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++)
        if (is_asked(sim->hosts[i]))
            watch_ask_end(sim->hosts[i]);
}
