#include "tests/sim/life/sim_twin.h"

#include <inttypes.h>
#include <string.h>

#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_seen.h"
#include "tests/sim/life/sim_state.h"

/* Weather that strikes by what a node has done: private work moves it, aimed or not. */
static bool hangs_on_work(const struct sim_entry *entry)
{
    return entry->deed == DEED_CUT_WRITE || entry->deed == DEED_CUT_REPLY ||
           entry->deed == DEED_DISK || entry->deed == DEED_HEAP || entry->is_aimed;
}

bool sim_twin_leaves_out(const struct sim *sim, const struct sim_entry *entry)
{
    if (!sim->options.is_twin)
        return false;
    if (hangs_on_work(entry))
        return true;
    return sim->options.is_changed && entry->key < SIM_ENTRIES_MAX &&
           sim_deeds_is_private(sim, entry) &&
           sim_dice(sim, "twin-without", entry->key, 0) % 3 == 0;
}

/* Some come in the very moment in which another entry does, or just beside it. */
static uint64_t moment(const struct sim *sim, uint32_t number, uint64_t begins_ms)
{
    const struct sim_script *script = &sim->script;
    if (sim_dice(sim, "twin-beside", number, 0) % 2 == 0)
        return begins_ms +
               sim_dice(sim, "twin-when", number, 0) % (script->ends_ms - begins_ms);
    uint64_t which = sim_dice(sim, "twin-which", number, 0) % sim->verdict->entries;
    return script->entries[which].at_ms +
           sim_dice(sim, "twin-near", number, 0) % 3 *
               (sim_dice(sim, "twin-far", number, 0) % 400);
}

/* The county and its townships come first. */
static int villages_from(const struct sim *sim)
{
    int first = 0;
    while (!sim_host_has_cases(sim->hosts[first]))
        first++;
    return first;
}

void sim_twin_add(struct sim *sim)
{
    static const enum sim_deed deeds[] = {
        DEED_CASE,     DEED_CASE,   DEED_NOTE,  DEED_ATTACH, DEED_SET,
        DEED_CLOSE,    DEED_TASK,   DEED_TWO,   DEED_REFUSE, DEED_ROUND,
        DEED_CONFLICT, DEED_IMPORT, DEED_AGREE, DEED_CARD,   DEED_PASTE};
    struct sim_script *script = &sim->script;
    int first = villages_from(sim);
    if (!sim->options.is_changed)
        return;
    uint32_t more = (uint32_t)(sim_dice(sim, "twin-more", 0, 0) % 60);
    for (uint32_t i = 0; i < more && script->len < SIM_ENTRIES_MAX; i++) {
        uint64_t villages = (uint64_t)(sim->hosts_len - first);
        script->entries[script->len++] = (struct sim_entry){
            .at_ms = moment(sim, i, sim->now_ms),
            .deed = deeds[sim_dice(sim, "twin-deed", i, 0) %
                          (sizeof(deeds) / sizeof(deeds[0]))],
            .host = first + (int)(sim_dice(sim, "twin-where", i, 0) % villages),
            .key = SIM_PRIVATE_KEY + i,
        };
    }
}

/* --- what differs --- */

/* Villages have cases of their own: their logs may speak of them. */
static bool counts(const struct sim_seen *seen, const struct sight *sight)
{
    return sight->kind != SIGHT_LOG || (seen->has_cases & 1u << sight->host) == 0;
}

static const struct sight *next_of(const struct sim_seen *seen, uint32_t *at)
{
    while (*at < seen->len && !counts(seen, &seen->sights[*at]))
        (*at)++;
    return *at < seen->len ? &seen->sights[(*at)++] : NULL;
}

static bool are_alike(const struct sim_seen *a, const struct sight *x,
                      const struct sim_seen *b, const struct sight *y)
{
    return x->kind == y->kind && x->host == y->host && x->ms == y->ms &&
           x->conn == y->conn && x->len == y->len && x->mark == y->mark &&
           bytes_equal(sim_seen_bytes(a, x), sim_seen_bytes(b, y));
}

static void describe(const struct sim_seen *seen, const struct sight *sight,
                     char out[static 128])
{
    if (sight == NULL) {
        (void)snprintf(out, 128, "nothing more");
        return;
    }
    struct bytes bytes = sim_seen_bytes(seen, sight);
    char shown[33];
    size_t len = bytes.len < sizeof(shown) - 1 ? bytes.len : sizeof(shown) - 1;
    for (size_t i = 0; i < len; i++)
        shown[i] =
            bytes.data[i] >= ' ' && bytes.data[i] < 127 ? (char)bytes.data[i] : '.';
    shown[len] = '\0';
    (void)snprintf(out, 128,
                   "host %d %s at %" PRIu64 " ms, conn %" PRIu64 ", %zu bytes %s",
                   sight->host, sim_seen_word(sight->kind), sight->ms, sight->conn,
                   sight->len, shown);
}

/* Hosts act at the same millisecond in an order that shows nowhere: each has its own
 * connections. So each host's sights are compared on their own. */
static void compare_host(const struct sim_seen *a, const struct sim_seen *b, int host,
                         struct sim_verdict *verdict)
{
    uint32_t at = 0, bt = 0;
    const struct sight *x, *y;
    do {
        while ((x = next_of(a, &at)) != NULL && x->host != host)
            ;
        while ((y = next_of(b, &bt)) != NULL && y->host != host)
            ;
        if (x != NULL && y != NULL && are_alike(a, x, b, y))
            verdict->sights++;
    } while (x != NULL && y != NULL && are_alike(a, x, b, y));
    if (x == NULL && y == NULL)
        return;
    uint64_t ms = x == NULL || (y != NULL && y->ms < x->ms) ? y->ms : x->ms;
    if (!verdict->holds && verdict->at_ms <= ms)
        return;
    char one[128], other[128];
    describe(a, x, one);
    describe(b, y, other);
    verdict->holds = false;
    verdict->at_ms = ms;
    (void)snprintf(verdict->invariant, sizeof(verdict->invariant), "I4");
    (void)snprintf(verdict->text, sizeof(verdict->text), "twins differ: %s | %s", one,
                   other);
}

void sim_twin_run(const struct sim_options *options, struct sim_verdict *verdict)
{
    struct sim_seen lives[2] = {{0}};
    struct sim_verdict verdicts[2] = {{0}};
    struct sim_options own = *options;
    own.is_twin = true;
    for (int i = 0; i < 2; i++) {
        own.is_changed = i == 1;
        own.seen = &lives[i];
        sim_run(&own, &verdicts[i]);
    }
    *verdict = verdicts[0].holds ? verdicts[1] : verdicts[0];
    verdict->turns = verdicts[0].turns + verdicts[1].turns;
    verdict->ops = verdicts[0].ops + verdicts[1].ops;
    for (int host = 0; verdicts[0].holds && verdicts[1].holds && host < SIM_HOSTS_MAX;
         host++)
        compare_host(&lives[0], &lives[1], host, verdict);
    sim_seen_deinit(&lives[0]);
    sim_seen_deinit(&lives[1]);
}

void sim_twin_live(const struct sim_options *options, struct sim_verdict *verdict)
{
    if (options->twins)
        sim_twin_run(options, verdict);
    else
        sim_run(options, verdict);
}
