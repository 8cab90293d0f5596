#include "tests/sim/life/watch_restore.h"

#include <stdio.h>
#include <string.h>

#include "proto/bytes.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_watch.h"
#include "tests/sim/life/watch_bundle.h"
#include "tests/sim/life/watch_recall.h"

/* --- the files --- */

void watch_restore_file(struct sim_host *host, struct bytes file)
{
    struct sim *sim = host->sim;
    sim_watch_message(host, file);
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *other = sim->hosts[i];
        struct buf payload = {0};
        if (i != host->index)
            payload = watch_bundle_open(other->config.node_seed, file);
        if (payload.len > 0)
            sim_fail(sim, "I3", "%s can open a backup of %s", other->address,
                     host->address);
        buf_wipe(&payload);
    }
}

void watch_restore_refused(struct sim_host *host, const char *method, struct bytes status)
{
    static const char *const ours[] = {"IO", "FULL", "CORRUPT", "NO_MEMORY"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (bytes_equal_str(status, ours[i]))
            return; /* watch_answer asks why */
    sim_fail(host->sim, "API", "%s answers %s with %.*s", host->address, method,
             (int)status.len, (const char *)status.data);
}

/* --- the new machine --- */

void watch_restore_made(struct sim_host *host, const struct core_config *config)
{
    struct sim *sim = host->sim;
    const struct sim_backup *backup = &sim->folder->backups[sim->folder->chosen];
    if (memcmp(config->node_seed, host->config.node_seed, 32) != 0 ||
        memcmp(config->noise_secret, host->config.noise_secret, 32) != 0)
        sim_fail(sim, "I2", "%s is restored with other keys", host->address);
    for (uint32_t i = 0; i < backup->told.len; i++) {
        struct store_place place;
        if (store_op_find(config->store, &backup->told.ids[i], &place) == STATUS_OK)
            continue;
        sim_fail(sim, "I2", "%s is restored without what was saved before the backup",
                 host->address);
        return;
    }
}

/* --- I7 --- */

static uint32_t bit_of(const struct sim_host *host)
{
    return 1u << host->index;
}

void watch_restore_lost(struct sim_host *host)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; i < sim->sent_len; i++) {
        struct sim_sent *sent = &sim->sent[i];
        if (sent->turns[host->index] == 0)
            continue; /* the recall had not come, or it is its own */
        sent->had_come |= bit_of(host);
        sent->turns[host->index] = 0;
    }
}

/* Had its recall come there once, and has it not since? */
static bool is_pending(const struct sim_host *host, const struct sim_sent *sent)
{
    return (sent->had_come & bit_of(host)) != 0 && !host->is_lost &&
           !watch_recall_has_come(host, sent);
}

static bool holds(struct bytes bytes, const uint8_t *what, size_t len)
{
    return len > 0 && memmem(bytes.data, bytes.len, what, len) != NULL;
}

void watch_restore_said(struct sim_host *host, const struct id *to, struct bytes message)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; host->is_restored && i < sim->sent_len; i++) {
        const struct sim_sent *sent = &sim->sent[i];
        if (is_pending(host, sent) && !id_equal(to, &sim->hosts[sent->from]->site) &&
            holds(message, sent->secret, sizeof(sent->secret)))
            sim_fail(sim, "I7", "%s was restored and sends what %s recalled",
                     host->address, sim->hosts[sent->from]->address);
    }
}

void watch_restore_answer(struct sim_host *host, const struct sim_errand *errand,
                          struct bytes status, struct bytes result)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; host->is_restored && i < sim->sent_len; i++) {
        const struct sim_sent *sent = &sim->sent[i];
        if (!is_pending(host, sent))
            continue;
        bool is_shown = holds(result, sent->secret, sizeof(sent->secret)) ||
                        (holds(result, sent->title, sent->title_len) &&
                         watch_recall_names_title(host, sent));
        if (is_shown)
            sim_fail(sim, "I7", "%s was restored and shows in %s what %s recalled",
                     host->address, errand->method, sim->hosts[sent->from]->address);
        else if (errand->client == SIM_CLIENT_LOOKS && bytes_equal_str(status, "BUSY"))
            sim_ever(sim, EVER_RESTORED_WITHHOLDS);
    }
}

void watch_restore_booted(struct sim_host *host)
{
    static const char *const methods[] = {"escalation.show", "evidence"};
    struct sim *sim = host->sim;
    char hex[2 * ID_SIZE + 1];
    if (host->is_restored)
        sim_host_tell(host, EVENT_CLIENT_OPENED, SIM_CLIENT_LOOKS, (struct bytes){0},
                      NULL);
    for (uint32_t i = 0; host->is_restored && i < sim->sent_len; i++) {
        if (!is_pending(host, &sim->sent[i]))
            continue;
        hex_encode(hex, sim->sent[i].scope.bytes, ID_SIZE);
        for (size_t k = 0; k < sizeof(methods) / sizeof(methods[0]); k++) {
            struct sim_errand *errand = sim_people_errand(host);
            if (errand == NULL)
                return;
            *errand = (struct sim_errand){.client = SIM_CLIENT_LOOKS};
            sim_people_ask(host, errand, methods[k], "escalation", hex, NULL);
        }
    }
}

/* --- numbers --- */

void watch_restore_forgets(struct sim_host *host, const struct sim_case *c)
{
    struct sim_folder *folder = host->sim->folder;
    if (!host->is_restored || folder->numbers_len == SIM_CASES_MAX)
        return;
    (void)snprintf(folder->numbers[folder->numbers_len++], sizeof(folder->numbers[0]),
                   "%s", c->number);
}

void watch_restore_number(struct sim_host *host, const char *number)
{
    const struct sim_folder *folder = host->sim->folder;
    for (uint32_t i = 0; host->is_restored && i < folder->numbers_len; i++)
        if (strcmp(folder->numbers[i], number) == 0)
            sim_fail(host->sim, "I2",
                     "%s gives the number %s of a case that went with "
                     "its machine",
                     host->address, number);
}
