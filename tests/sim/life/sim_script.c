#include "tests/sim/life/sim_script.h"

#include <string.h>

#include "tests/sim/life/sim_beacons.h"
#include "tests/sim/life/sim_dishonest.h"
#include "tests/sim/life/sim_keeper.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_image.h"
#include "tests/sim/life/sim_replica.h"
#include "tests/sim/life/sim_state.h"
#include "tests/sim/life/sim_stewards.h"

#define SIM_REPLICA_EVERY 8
#define SIM_BEACONS_EVERY 8
#define SIM_STEWARDS_EVERY 8
#define HOUR_MS (60u * 60 * 1000)
#define BACKUP_MS 10                     /* about half of what it takes */
#define LONG_MS (72 * (uint64_t)HOUR_MS) /* room for somebody to be away for days */

static const struct {
    const char *name;
    uint32_t weight;
} deeds[DEEDS_LEN] = {
    [DEED_CASE] = {"case", 20},
    [DEED_NOTE] = {"note", 8},
    [DEED_ATTACH] = {"attach", 4},
    [DEED_SET] = {"set", 7},
    [DEED_ESCALATE] = {"escalate", 16},
    [DEED_DESK] = {"desk", 22},
    [DEED_MEETING] = {"meeting", 3},
    [DEED_CLOSE] = {"close", 6},
    [DEED_TASK] = {"task", 3},
    [DEED_REQUEST] = {"request", 5},
    [DEED_REFUSE] = {"refuse", 2},
    [DEED_TWO] = {"two at once", 4},
    [DEED_PERMIT] = {"permit", 3},
    [DEED_REPLY] = {"reply", 7},
    [DEED_OUTBOX] = {"outbox", 5},
    [DEED_DANGER] = {"danger", 3},
    [DEED_RECALL] = {"recall", 4},
    [DEED_LONG] = {"long case", 3},
    [DEED_AGREE] = {"agree", 3},
    [DEED_CARD] = {"card", 2},
    [DEED_PASTE] = {"paste", 2},
    [DEED_PHONE] = {"phone", 2},
    [DEED_ROUND] = {"round", 3},
    [DEED_CONFLICT] = {"conflict", 4},
    [DEED_IMPORT] = {"import", 2},
    [DEED_SEARCH] = {"search", 3},
    [DEED_SYNC] = {"sync", 3},
    [DEED_PERSON] = {"person", 5},
    [DEED_UNPERSON] = {"person revoked", 2},
    [DEED_STICK] = {"stick", 8},
    [DEED_BACKUP] = {"backup", 0}, /* whoever keeps them: add_backups */
    [DEED_PIN] = {"wrong PIN", 1},
    [DEED_PAIR] = {"pair again", 1},
    [DEED_EVIDENCE] = {"evidence", 2},
    [DEED_REBUILD] = {"rebuild", 1},
    [DEED_THIEF] = {"thief", 0},         /* add_thief */
    [DEED_JOIN] = {"second machine", 0}, /* add_replica, and those below */
    [DEED_APART] = {"machines apart", 0},
    [DEED_BOTH] = {"both machines", 0},
    [DEED_GONE] = {"machine gone", 0},
    [DEED_STEWARD] = {"steward", 0}, /* add_stewards, and those below */
    [DEED_THEFT] = {"theft", 0},
    [DEED_UNSTEWARD] = {"steward revoked", 0},
    [DEED_RENEW] = {"other keys", 0},
    [DEED_CUT] = {"power", 4},
    [DEED_CUT_WRITE] = {"power in a write", 6},
    [DEED_CUT_REPLY] = {"power before an answer", 2},
    [DEED_CUT_WAITING] = {"power while an op waits", 4},
    [DEED_BREAK] = {"broken line", 7},
    [DEED_MUTE] = {"mute line", 2},
    [DEED_TWICE] = {"line twice", 2},
    [DEED_SLOW] = {"slow line", 2},
    [DEED_PART] = {"partition", 5},
    [DEED_AWAY] = {"away", 2},
    [DEED_CLOCK] = {"clock", 3},
    [DEED_DISK] = {"disk", 4},
    [DEED_HEAP] = {"heap", 5},
    [DEED_LOST] = {"machine lost", 0},
    [DEED_MOVE] = {"moves", 0}, /* add_beacons */
    [DEED_BEACON] = {"beacon", 0},
};

const char *sim_deed_name(enum sim_deed deed)
{
    return deeds[deed].name;
}

static enum sim_deed choose(uint64_t number)
{
    uint32_t total = 0, deed = 0;
    for (uint32_t i = 0; i < DEEDS_LEN; i++)
        total += deeds[i].weight;
    uint32_t left = (uint32_t)(number % total);
    while (left >= deeds[deed].weight)
        left -= deeds[deed++].weight;
    return (enum sim_deed)deed;
}

/* One of the hosts of a tier. */
static int host_of(const struct sim *sim, const char *tier, uint64_t number)
{
    int fitting[SIM_HOSTS_MAX], len = 0;
    for (int i = 0; i < sim->hosts_len; i++)
        if (strcmp(sim->hosts[i]->tier, tier) == 0)
            fitting[len++] = i;
    return fitting[number % (uint64_t)len];
}

/* Cases begin in villages; desks sit above. */
static int place_of(const struct sim *sim, enum sim_deed deed, uint64_t number)
{
    /* A flaw shows when the power goes. */
    if (sim->flawed != NULL && (deed == DEED_CUT || deed == DEED_CUT_WRITE))
        return sim->flawed->index;
    if (deed == DEED_DESK)
        return host_of(sim, number % 4 == 0 ? "county" : "township", number / 4);
    if (deed == DEED_MEETING)
        return host_of(sim, "township", number);
    if (deed == DEED_PERSON || deed == DEED_UNPERSON)
        return number % 3 == 0 ? host_of(sim, "township", number / 3)
                               : host_of(sim, "village", number / 3);
    if (deed == DEED_PAIR)
        return 1 + (int)(number % (uint64_t)(sim->hosts_len - 1));
    if (deed < DEED_SYNC)
        return host_of(sim, "village", number);
    return (int)(number % (uint64_t)sim->hosts_len);
}

/* Hours, for the most: an idle day shows nothing that an idle hour does not. */
static uint64_t how_long(const struct sim *sim)
{
    if (sim_dice(sim, "is-long", 0, 0) % 80 == 0)
        return LONG_MS;
    return HOUR_MS / 2 + sim_dice(sim, "hours", 0, 0) % (3 * HOUR_MS);
}

/* People and misfortunes come in groups: every other entry follows the one before it
 * within a second or a minute. */
static uint64_t when(const struct sim *sim, uint32_t i, uint64_t lasts_ms)
{
    static const uint64_t spreads[] = {2, 1000, 60000};
    uint64_t after = 0;
    while (i > 0 && sim_dice(sim, "follows", i, 0) % 2 == 0) {
        after +=
            sim_dice(sim, "after", i, 0) % spreads[sim_dice(sim, "spread", i, 0) % 3];
        i--;
    }
    return sim_dice(sim, "when", i, 0) % lasts_ms + after;
}

/* What hits one turn would rarely hit the one that matters most. */
static bool can_be_aimed(enum sim_deed deed)
{
    return deed == DEED_CUT_WRITE || deed == DEED_CUT_REPLY || deed == DEED_DISK ||
           deed == DEED_HEAP;
}

/* The power goes wherever there is room for another entry. */
static void add_storm(struct sim *sim, uint64_t begins_ms)
{
    struct sim_script *script = &sim->script;
    for (uint32_t i = script->len; i < SIM_ENTRIES_MAX; i++) {
        enum sim_deed deed =
            sim_dice(sim, "storm", i, 0) % 2 == 0 ? DEED_CUT : DEED_CUT_WRITE;
        script->entries[i] = (struct sim_entry){
            .at_ms = begins_ms + when(sim, i, script->lasts_ms),
            .deed = deed,
            .host = place_of(sim, deed, sim_dice(sim, "where", i, 0)),
            .key = i,
        };
    }
    script->len = SIM_ENTRIES_MAX;
}

static void add_entry(struct sim_script *script, uint64_t at_ms, enum sim_deed deed,
                      int host)
{
    if (script->len == SIM_ENTRIES_MAX)
        return;
    script->entries[script->len] = (struct sim_entry){
        .at_ms = at_ms, .deed = deed, .host = host, .key = script->len};
    script->len++;
}

/* In one seed of four a site has no line to its parent, as long as the script goes on:
 * what they tell each other goes by stick, to and fro. */
static void add_couriers(struct sim *sim, uint64_t begins_ms)
{
    static const enum sim_deed couriers[] = {DEED_ESCALATE, DEED_STICK,  DEED_STICK,
                                             DEED_DESK,     DEED_RECALL, DEED_STICK,
                                             DEED_LONG,     DEED_STICK};
    struct sim_script *script = &sim->script;
    if (sim_choose(sim, "alone", 0, 4) != 0)
        return;
    int alone = 1 + (int)sim_choose(sim, "alone", 1, (uint64_t)sim->hosts_len - 1);
    uint64_t more = 6 + sim_choose(sim, "couriers", 0, 10);
    script->alone = alone;
    sim->blocked_until_ms[alone][sim->hosts[alone]->parent] = script->ends_ms;
    sim->blocked_until_ms[sim->hosts[alone]->parent][alone] = script->ends_ms;
    for (uint64_t i = 0; i < more && script->len < SIM_ENTRIES_MAX; i++) {
        enum sim_deed deed = couriers[i % (sizeof(couriers) / sizeof(couriers[0]))];
        bool is_above = deed == DEED_DESK || (deed == DEED_STICK && i % 3 == 2);
        if (deed != DEED_STICK && deed != DEED_DESK &&
            !sim_host_has_cases(sim->hosts[alone]))
            deed = DEED_STICK;
        add_entry(script, begins_ms + sim_dice(sim, "courier", i, 0) % script->lasts_ms,
                  deed, is_above ? sim->hosts[alone]->parent : alone);
    }
}

/* A village beneath it, or itself. */
static int village_of(const struct sim *sim, int host, uint64_t number)
{
    int fitting[SIM_HOSTS_MAX], len = 0;
    for (int i = 0; i < sim->hosts_len; i++)
        if (sim_host_has_cases(sim->hosts[i]) &&
            (i == host || host == 0 || sim->hosts[i]->parent == host))
            fitting[len++] = i;
    return fitting[number % (uint64_t)len];
}

/* In one seed of four a site keeps backups, and loses its machine once or twice. */
static void add_backups(struct sim *sim, uint64_t begins_ms)
{
    static const enum sim_deed course[] = {
        DEED_LONG,     DEED_CASE,   DEED_BACKUP, DEED_ESCALATE, DEED_BACKUP, DEED_RECALL,
        DEED_ESCALATE, DEED_BACKUP, DEED_RECALL, DEED_LOST,     DEED_CASE,   DEED_BACKUP,
        DEED_CASE,     DEED_RECALL, DEED_LOST,   DEED_CASE,     DEED_BACKUP};
    const uint64_t len = sizeof(course) / sizeof(course[0]);
    struct sim_script *script = &sim->script;
    int keeper = (int)sim_choose(sim, "keeper", 1, (uint64_t)sim->hosts_len);
    if (sim_choose(sim, "keeper", 0, 4) != 0 || sim->liar != NULL ||
        sim->hosts[keeper]->is_flawed || sim->options.seed % SIM_IMAGE_EVERY == 9)
        return;
    sim_keeper_keep(sim, keeper);
    for (uint64_t i = 0; i < len; i++) {
        enum sim_deed deed = course[i];
        uint64_t way = sim_choose(sim, "keeps", i, 5);
        bool is_its_own = deed == DEED_BACKUP || deed == DEED_LOST;
        if (way == 0 && i + 1 < len)
            continue;
        uint64_t at_ms = script->lasts_ms * i / len +
                         sim_choose(sim, "kept", i, script->lasts_ms / len);
        int host =
            is_its_own ? keeper : village_of(sim, keeper, sim_dice(sim, "of", i, 0));
        add_entry(script, begins_ms + at_ms, deed, host);
        /* While it is being written, which in a twin's lives takes longer or less. */
        if (way == 1 && deed == DEED_BACKUP && !sim->options.is_twin)
            add_entry(script, begins_ms + at_ms + BACKUP_MS, DEED_CUT, host);
    }
}

/* In one seed of eight the key of a township's desk is stolen, and she is revoked. */
static void add_thief(struct sim *sim, uint64_t begins_ms)
{
    static const enum sim_deed course[] = {
        DEED_PERSON, DEED_LONG,     DEED_ESCALATE, DEED_THIEF, DEED_THIEF, DEED_DESK,
        DEED_THIEF,  DEED_UNPERSON, DEED_THIEF,    DEED_THIEF, DEED_DESK,  DEED_THIEF};
    const uint64_t len = sizeof(course) / sizeof(course[0]);
    struct sim_script *script = &sim->script;
    if (sim_choose(sim, "thief", 0, 8) != 0 || sim->liar != NULL || sim->options.is_twin)
        return;
    int township = host_of(sim, "township", sim_dice(sim, "thief", 1, 0));
    for (uint64_t i = 0; i < len; i++) {
        bool is_below = course[i] == DEED_LONG || course[i] == DEED_ESCALATE ||
                        course[i] == DEED_THIEF;
        uint64_t at_ms = script->lasts_ms * i / len +
                         sim_choose(sim, "thief-ms", i, script->lasts_ms / len);
        int host =
            is_below ? village_of(sim, township, sim_dice(sim, "theft", i, 0)) : township;
        add_entry(script, begins_ms + at_ms, course[i], host);
    }
}

/* In one seed of eight a site has a second machine: one in four of these a township. */
static void add_replica(struct sim *sim, uint64_t begins_ms)
{
    static const enum sim_deed elders[] = {
        DEED_LONG, DEED_CASE,   DEED_BOTH,     DEED_SET,  DEED_BOTH, DEED_APART,
        DEED_NOTE, DEED_PERSON, DEED_ESCALATE, DEED_BOTH, DEED_CUT,  DEED_SYNC};
    static const enum sim_deed seconds[] = {
        DEED_CASE,      DEED_NOTE,   DEED_ATTACH, DEED_ESCALATE, DEED_SET,
        DEED_CLOSE,     DEED_CUT,    DEED_RECALL, DEED_CONFLICT, DEED_PART,
        DEED_CUT_WRITE, DEED_DISK,   DEED_BREAK,  DEED_REQUEST,  DEED_OUTBOX,
        DEED_PERSON,    DEED_IMPORT, DEED_HEAP,   DEED_CLOCK,    DEED_REBUILD};
    const uint64_t elders_len = sizeof(elders) / sizeof(elders[0]);
    const uint64_t seconds_len = sizeof(seconds) / sizeof(seconds[0]);
    struct sim_script *script = &sim->script;
    uint64_t lasts_ms = script->lasts_ms;
    if (sim_choose(sim, "replica", 0, SIM_REPLICA_EVERY) != 0 || sim->liar != NULL ||
        sim->flawed != NULL || sim->folder != NULL || sim->options.is_twin ||
        sim->options.seed % SIM_IMAGE_EVERY == 9)
        return;
    bool is_above = sim_choose(sim, "replica", 1, 4) == 0;
    int elder =
        host_of(sim, is_above ? "township" : "village", sim_dice(sim, "replica", 2, 0));
    sim_replica_plan(sim, elder);
    for (uint64_t i = 0; i < 3; i++)
        add_entry(script,
                  begins_ms + lasts_ms * i / 8 + sim_choose(sim, "join", i, lasts_ms / 8),
                  DEED_JOIN, elder);
    for (uint64_t i = 0; i < 30; i++) {
        bool is_second = i % 2 == 0;
        uint64_t which = sim_dice(sim, "replicas", i, 0);
        enum sim_deed deed =
            is_second ? seconds[which % seconds_len] : elders[which % elders_len];
        if (is_above && deed != DEED_BOTH && deed != DEED_APART && deed < DEED_SYNC)
            deed = DEED_DESK;
        add_entry(script,
                  begins_ms + lasts_ms / 8 +
                      sim_choose(sim, "replicas-ms", i, lasts_ms * 7 / 8),
                  deed, is_second ? sim->hosts_len : elder);
    }
    for (uint64_t i = 0; i < 3 && sim_choose(sim, "gone", 0, 2) == 0; i++)
        add_entry(script,
                  begins_ms + lasts_ms / 2 + lasts_ms * i / 8 +
                      sim_choose(sim, "gone-ms", i, lasts_ms / 8),
                  DEED_GONE, elder);
}

/* In one seed of eight a site has two stewards and a quorum, and keys are renewed. */
static void add_stewards(struct sim *sim, uint64_t begins_ms)
{
    static const enum sim_deed course[] = {
        DEED_STEWARD, DEED_RENEW,   DEED_STEWARD,   DEED_STEWARD,   DEED_THEFT,
        DEED_STEWARD, DEED_PERSON,  DEED_THEFT,     DEED_RENEW,     DEED_ESCALATE,
        DEED_THEFT,   DEED_STEWARD, DEED_UNSTEWARD, DEED_UNSTEWARD, DEED_THEFT,
        DEED_RENEW,   DEED_THEFT,   DEED_STEWARD,   DEED_RENEW,     DEED_THEFT};
    const uint64_t len = sizeof(course) / sizeof(course[0]);
    struct sim_script *script = &sim->script;
    if (sim_choose(sim, "stewards", 0, SIM_STEWARDS_EVERY) != 0 || sim->liar != NULL ||
        sim->flawed != NULL || sim->folder != NULL || sim->replica != NULL ||
        sim->options.is_twin || sim->options.seed % SIM_IMAGE_EVERY == 9)
        return;
    int site = 1 + (int)sim_choose(sim, "stewards", 1, (uint64_t)sim->hosts_len - 1);
    sim_stewards_plan(sim, site);
    for (uint64_t i = 0; i < len; i++) {
        uint64_t at_ms = script->lasts_ms * i / len +
                         sim_choose(sim, "stewards-ms", i, script->lasts_ms / len);
        int host = course[i] == DEED_RENEW || course[i] == DEED_PERSON
                       ? (int)sim_choose(sim, "renewed", i, (uint64_t)sim->hosts_len)
                   : course[i] == DEED_ESCALATE
                       ? village_of(sim, site, sim_dice(sim, "steward", i, 0))
                       : site;
        add_entry(script, begins_ms + at_ms, course[i], host);
    }
}

/* In one seed of eight machines find each other by beacons, and some move. */
static void add_beacons(struct sim *sim, uint64_t begins_ms)
{
    struct sim_script *script = &sim->script;
    if (sim_choose(sim, "beacons", 0, SIM_BEACONS_EVERY) != 0 || sim->liar != NULL ||
        sim->flawed != NULL || sim->folder != NULL || sim->options.is_twin ||
        sim->options.seed % SIM_IMAGE_EVERY == 9 || script->lasts_ms == LONG_MS)
        return;
    sim_beacons_plan(sim);
    for (uint64_t i = 0; i < 12; i++)
        add_entry(script, begins_ms + sim_choose(sim, "beacons-ms", i, script->lasts_ms),
                  i % 4 == 0 ? DEED_MOVE : DEED_BEACON,
                  (int)sim_choose(sim, "beacons-where", i, (uint64_t)sim->hosts_len));
}

/* In one seed of eight the steward of a village is not honest. It has time for seals. */
static void add_dishonest(struct sim *sim, uint64_t begins_ms)
{
    static const enum sim_deed course[] = {DEED_CASE, DEED_CASE,     DEED_NOTE,
                                           DEED_CASE, DEED_ESCALATE, DEED_CASE,
                                           DEED_NOTE, DEED_ESCALATE};
    struct sim_script *script = &sim->script;
    const struct sim_host *host = sim_dishonest_choose(sim);
    if (host == NULL)
        return;
    if (script->ends_ms < begins_ms + 3 * HOUR_MS)
        script->ends_ms = begins_ms + 3 * HOUR_MS;
    for (uint64_t i = 0; i < sizeof(course) / sizeof(course[0]); i++)
        add_entry(script, begins_ms + sim_choose(sim, "dishonest-ms", i, HOUR_MS / 2),
                  course[i], host->index);
}

void sim_script_make(struct sim *sim, uint64_t begins_ms)
{
    struct sim_script *script = &sim->script;
    uint64_t lasts = script->lasts_ms = how_long(sim);
    script->len = 20 + (uint32_t)(sim_dice(sim, "entries", 0, 0) % 80);
    script->ends_ms = begins_ms + lasts;
    for (uint32_t i = 0; i < script->len; i++) {
        enum sim_deed deed = choose(sim_dice(sim, "deed", i, 0));
        if (i == 0 && lasts == LONG_MS)
            deed = DEED_AWAY;
        script->entries[i] = (struct sim_entry){
            .at_ms = begins_ms + when(sim, i, lasts),
            .deed = deed,
            .host = place_of(sim, deed, sim_dice(sim, "where", i, 0)),
            .key = i,
            .is_aimed = can_be_aimed(deed) && sim_dice(sim, "aimed", i, 0) % 2 == 0,
        };
    }
    add_couriers(sim, begins_ms);
    add_backups(sim, begins_ms);
    add_thief(sim, begins_ms);
    add_replica(sim, begins_ms);
    add_stewards(sim, begins_ms);
    add_beacons(sim, begins_ms);
    add_dishonest(sim, begins_ms);
    if (sim->options.is_stormy)
        add_storm(sim, begins_ms);
}
