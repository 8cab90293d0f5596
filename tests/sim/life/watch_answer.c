#include "tests/sim/life/watch_answer.h"

#include <string.h>

#include "proto/bytes.h"
#include "tests/sim/life/sim_wire.h"

/* A failure of the machine is an answer only where the machine fails (I14). */
static void watch_ours(struct sim_host *host, const struct sim_errand *errand,
                       struct bytes status)
{
    static const char *const ours[] = {"IO", "FULL", "CORRUPT", "NO_MEMORY"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (bytes_equal_str(status, ours[i]) && !host->disk_fails && !host->is_flawed &&
            !host->heap.has_failed)
            sim_fail(host->sim, "I14", "%s answers %s to %s without a reason",
                     host->address, ours[i], errand->method);
}

/* --- onward: the village's own store says whether it may, where it has lost nothing ---
 */

static enum status look_for_permit(void *context, const struct store_op *row)
{
    struct op op;
    struct bytes onward;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    if (op_is_kind(&op, "permit") ||
        (op_text(&op, "onward", &onward) && bytes_equal_str(onward, "yes")))
        *(bool *)context = true;
    return STATUS_OK;
}

static void watch_onward(struct sim_host *host, const struct sim_errand *errand)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; i < sim->sent_len; i++) {
        const struct sim_host *village = sim->hosts[sim->sent[i].from];
        char hex[2 * ID_SIZE + 1];
        bool may = false;
        hex_encode(hex, sim->sent[i].scope.bytes, ID_SIZE);
        if (!village->is_on || village->is_set_back || village->is_flawed ||
            strcmp(hex, errand->hex) != 0)
            continue;
        if (store_ops_of_scope(village->config.store, &sim->sent[i].scope,
                               look_for_permit, &may) == STATUS_OK &&
            !may)
            sim_fail(sim, "API", "%s sends onward what %s did not permit", host->address,
                     village->address);
    }
}

static bool is_dark(const struct sim *sim, const struct sim_host *host, int other)
{
    return !sim->hosts[other]->is_on || sim_wire_is_blocked(sim, host->index, other) ||
           sim_wire_is_blocked(sim, other, host->index);
}

void watch_answer(struct sim_host *host, const struct sim_errand *errand,
                  struct bytes status)
{
    static const struct {
        const char *method, *status;
        enum sim_situation situation;
    } table[] = {
        {"sync", "OK", EVER_SYNC_OK},
        {"sync", "UNREACHABLE", EVER_SYNC_UNREACHABLE},
        {"person.add", "OK", EVER_PERSON_ADDED},
        {"person.revoke", "OK", EVER_PERSON_REVOKED},
        {"evidence", "OK", EVER_EVIDENCE},
        {"escalate.release", "OK", EVER_RELEASED},
        {"escalation.open", "NOT_FOUND", EVER_DESK_EARLY},
        {"escalation.decide", "OK", EVER_DESK_DECIDED},
        {"escalation.return", "OK", EVER_DESK_RETURNED},
        {"escalation.onward", "OK", EVER_ONWARD},
        {"escalation.permit", "OK", EVER_PERMITTED},
        {"escalation.grade", "OK", EVER_GRADED},
        {"escalation.refer", "OK", EVER_REFERRED},
        {"escalation.invite", "OK", EVER_INVITED},
        {"escalation.joint", "OK", EVER_JOINT},
        {"escalation.decline", "OK", EVER_ADVICE_DECLINED},
        {"escalation.task_done", "OK", EVER_TASK_DONE},
        {"escalate.confirm", "OK", EVER_CONFIRMED},
    };
    struct sim *sim = host->sim;
    watch_ours(host, errand, status);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(errand->method, table[i].method) == 0 &&
            bytes_equal_str(status, table[i].status))
            sim_ever(sim, table[i].situation);
    if (!bytes_equal_str(status, "OK"))
        return;
    bool is_onward = strcmp(errand->method, "escalation.onward") == 0;
    if (is_onward || strcmp(errand->method, "escalation.invite") == 0)
        watch_onward(host, errand);
    if (is_onward && is_dark(sim, host, 0))
        sim_ever(sim, EVER_ONWARD_DARK);
    if (strcmp(errand->method, "person.add") == 0 && host->away_until_ms > sim->now_ms)
        sim_ever(sim, EVER_CHARTER_APART);
}
