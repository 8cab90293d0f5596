#include "tests/sim/life/sim_sealed.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "node/core/retention.h"
#include "storage/store_retention.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_canary.h"

#define PHONE_SIZE 25
#define PHONE_LEN_MIN 16

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

/* Of digits alone, and by them known. In the life of a twin it is another and longer. */
static void phone_of(const struct sim *sim, uint64_t key, char out[static PHONE_SIZE])
{
    bool is_changed = sim->options.is_changed;
    unsigned long long number = sim_dice(sim, "phone", key, is_changed ? 2 : 1);
    (void)snprintf(out, PHONE_SIZE, is_changed ? "139%020llu" : "138%013llu",
                   number % 10000000000000ull);
}

static void on_shown(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)errand;
    struct bytes phone = {0};
    if (!is_ok(status))
        return;
    sim_ever(host->sim, EVER_IDENTITY_SHOWN);
    /* Another may have been kept in between. */
    if (!view_map_text(result, "phone", &phone) || phone.len < PHONE_LEN_MIN ||
        memcmp(phone.data, "13", 2) != 0)
        sim_fail(host->sim, "API", "%s shows another identity than was kept",
                 host->address);
}

static void on_kept(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    (void)result;
    const struct sim_case *c = &host->cases[before->which];
    struct sim_errand *errand = sim_people_errand(host);
    if (is_ok(status) && strcmp(c->party, SIM_MINOR) == 0)
        sim_fail(host->sim, "API", "%s keeps an identity of a minor", host->address);
    if (!is_ok(status) || errand == NULL)
        return;
    *errand =
        (struct sim_errand){.done = on_shown, .key = before->key, .which = before->which};
    sim_people_ask(host, errand, "case.identity_show", "case", c->number, "party",
                   c->party, "pin", "246810", NULL);
}

void sim_sealed_keep(struct sim_host *host, struct sim_errand *errand,
                     const struct sim_case *c)
{
    char phone[PHONE_SIZE];
    phone_of(host->sim, errand->key, phone);
    watch_canary_sealed(host, phone);
    errand->done = on_kept;
    errand->which = (uint32_t)(c - host->cases);
    sim_people_ask(host, errand, "case.identity", "case", c->number, "party", c->party,
                   "phone", phone, NULL);
}

bool sim_sealed_is_minor(const struct sim *sim, uint64_t key)
{
    return sim_dice(sim, "minor", key, 0) % 6 == 0;
}

static void on_named(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)errand;
    (void)result;
    if (is_ok(status))
        sim_fail(host->sim, "API", "%s writes the name of a minor", host->address);
    else if (bytes_equal_str(status, "INVALID"))
        sim_ever(host->sim, EVER_MINOR_NAMED);
}

void sim_sealed_name(struct sim_host *host, uint64_t key)
{
    char story[SIM_TEXT_SIZE];
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL)
        return;
    *errand = (struct sim_errand){.done = on_named, .key = key};
    sim_people_ask(host, errand, "case.new", "category", "未成年人", "minor", "true",
                   "narrative", sim_deeds_text(host, story, "named", key), "parties",
                   "[张小某=child]", "title", "争执", NULL);
}

void sim_sealed_rule(struct sim_host *host)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL)
        return;
    *errand = (struct sim_errand){0};
    sim_people_ask(host, errand, "retention.set", "category", "邻里", "years", "#0",
                   NULL);
}

/* --- at the end --- */

static enum status see_notice(void *context, const struct store_retention *row)
{
    struct sim_host *host = context;
    if (row->due > 0)
        sim_ever(host->sim, EVER_NOTICE);
    return STATUS_OK;
}

static enum status see_case(void *context, const struct store_scope *scope)
{
    struct sim_host *host = context;
    bool has_time = host->sim->now_ms >= 1000 * (uint64_t)RETENTION_NOTICE_S;
    if (!has_time && view_map_count(scope->view, "retired") > 0)
        sim_fail(host->sim, "I9", "%s erased a case, and no notice has stood so long",
                 host->address);
    return STATUS_OK;
}

void sim_sealed_end(struct sim_host *host)
{
    if (store_retentions(host->config.store, see_notice, host) != STATUS_OK ||
        store_scopes_of_kind(host->config.store, SCOPE_CASE, 0, see_case, host) !=
            STATUS_OK)
        sim_fail(host->sim, "I14", "%s: its closed cases cannot be read", host->address);
}
