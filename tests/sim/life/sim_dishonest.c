#include "tests/sim/life/sim_dishonest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "node/cases/escalation.h"
#include "node/cases/schema.h"
#include "node/core/admit.h"
#include "node/core/scope_ops.h"
#include "node/core/seal_claim.h"
#include "node/core/state.h"
#include "storage/store_witness.h"
#include "tests/sim/life/sim_clock.h"
#include "tests/sim/life/sim_forge.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_image.h"
#include "tests/sim/life/sim_rewrite.h"
#include "tests/sim/life/sim_script.h"
#include "tests/sim/life/sim_weather.h"

#define DISHONEST_EVERY 8
#define DISHONEST_SEED 0xd15u
#define AGAIN_MS 300000

/* --- who and when --- */

static void act_at(struct sim_host *host, uint64_t at_ms)
{
    struct sim_event event = {
        .at_ms = at_ms, .type = SIM_HEAL, .host = host->index, .a = WEATHER_DISHONEST};
    sim_queue_add(&host->sim->queue, &event);
}

struct sim_host *sim_dishonest_choose(struct sim *sim)
{
    int villages[SIM_HOSTS_MAX], len = 0;
    if (sim->options.is_twin || sim->options.calm || sim->options.is_stormy ||
        sim->liar != NULL || sim->flawed != NULL || sim->folder != NULL ||
        sim->replica != NULL || sim->stewards != NULL ||
        sim->options.seed % SIM_IMAGE_EVERY == 9 ||
        sim_choose(sim, "dishonest", 0, DISHONEST_EVERY) != 0)
        return NULL;
    for (int i = 0; i < sim->hosts_len; i++)
        if (sim_host_has_cases(sim->hosts[i]))
            villages[len++] = i;
    sim->dishonest = calloc(1, sizeof(*sim->dishonest));
    assert(sim->dishonest != NULL);
    sim->dishonest->way =
        (enum dishonesty)sim_choose(sim, "dishonest", 1, DISHONEST_WAYS);
    sim->dishonest->host =
        sim->hosts[villages[sim_choose(sim, "dishonest", 2, (uint64_t)len)]];
    return sim->dishonest->host;
}

void sim_dishonest_plan(struct sim *sim)
{
    uint64_t lasts = sim->script.ends_ms - sim->now_ms;
    if (sim->dishonest != NULL)
        act_at(sim->dishonest->host,
               sim->now_ms + sim_choose(sim, "dishonest", 3, lasts * 2 / 3));
}

bool sim_dishonest_did(const struct sim_host *host, enum dishonesty way)
{
    const struct sim_dishonest *dishonest = host->sim->dishonest;
    return dishonest != NULL && dishonest->host == host && dishonest->has_acted &&
           dishonest->way == way;
}

bool sim_dishonest_is_found(const struct sim_host *host, struct bytes word,
                            const struct id *op)
{
    static const char *const words[DISHONEST_WAYS] = {
        [DISHONEST_TWO_HISTORIES] = "seal-forked",
        [DISHONEST_DATED_BACK] = "", /* no clock proves anything to a node */
        [DISHONEST_DROPPED] = "seal-unlike",
        [DISHONEST_LATE_CONSENT] = "late-consent",
    };
    const struct sim_dishonest *dishonest = host->sim->dishonest;
    return dishonest != NULL && sim_dishonest_did(host, dishonest->way) &&
           bytes_equal_str(word, words[dishonest->way]) &&
           (dishonest->way != DISHONEST_LATE_CONSENT || id_equal(op, &dishonest->op));
}

void sim_dishonest_free(struct sim *sim)
{
    for (uint32_t i = 0; sim->dishonest != NULL && i < DISHONEST_OPS_MAX; i++)
        buf_deinit(&sim->dishonest->ops[i]);
    if (sim->dishonest != NULL) {
        buf_deinit(&sim->dishonest->held);
        buf_deinit(&sim->dishonest->shown);
    }
    free(sim->dishonest);
    sim->dishonest = NULL;
}

/* --- what is written --- */

/* Signed by the steward, for the next turn. */
static bool keep(struct sim_host *host, struct op *op)
{
    struct sim *sim = host->sim;
    struct sim_dishonest *dishonest = sim->dishonest;
    struct rng_keyed *dice =
        rng_keyed_new(sim_dice(sim, "dishonest-op", dishonest->ops_len, DISHONEST_SEED),
                      (uint64_t)host->index);
    assert(dice != NULL && dishonest->ops_len < DISHONEST_OPS_MAX);
    const struct rng rng = rng_keyed_rng(dice);
    bool is_written =
        forge_authority(host, op, &host->site) &&
        op_seal(op, &host->core->network, host->steward_seed, &rng) == STATUS_OK;
    if (is_written) {
        op_encode(op, ~0u, &dishonest->ops[dishonest->ops_len]);
        assert(buf_status(&dishonest->ops[dishonest->ops_len]) == STATUS_OK);
        dishonest->ops_len++;
    }
    rng_keyed_free(dice);
    return is_written;
}

static bool date_back(struct sim_host *host)
{
    static struct op op;
    struct sim_dishonest *dishonest = host->sim->dishonest;
    struct buf text = {0};
    uint64_t now = sim_clock_wall(host);
    if (host->cases_len == 0 || now < DISHONEST_BACK_S)
        return false;
    dishonest->scope =
        host->cases[sim_choose(host->sim, "dishonest", 4, host->cases_len)].scope;
    bool is_written = forge_on_heads(host, &op, "note", &dishonest->scope);
    pack_str(&text, "上个月已经告知双方");
    op.wall = now - DISHONEST_BACK_S;
    op.quality = WALL_NTP;
    dishonest->wall = op.wall;
    is_written = is_written && op_add_field(&op, "text", buf_bytes(&text)) == STATUS_OK &&
                 keep(host, &op);
    dishonest->op = op.id;
    buf_deinit(&text);
    return is_written;
}

/* --- a consent that comes behind the record --- */

static bool is_given(const struct op *op)
{
    struct bytes given;
    return schema_value(op, "given", &given) && given.data[0] == 0xc3;
}

/* The first word of a party about a case, if none ever said no. */
static const struct op *find_consent(const struct scope_ops *ops)
{
    const struct op *first = NULL;
    for (size_t i = 0; i < ops->len; i++) {
        if (!op_is_kind(ops->ops[i], "consent"))
            continue;
        if (!is_given(ops->ops[i]))
            return NULL;
        if (first == NULL)
            first = ops->ops[i];
    }
    return first;
}

static const struct op *find_op(const struct scope_ops *ops, const struct id *id)
{
    for (size_t i = 0; i < ops->len; i++)
        if (id_equal(&ops->ops[i]->id, id))
            return ops->ops[i];
    return NULL;
}

/* Upon what stood there before that consent. */
static bool stand_before(const struct scope_ops *ops, const struct op *consent,
                         struct op *op, const char *kind)
{
    bool fits = true;
    *op = (struct op){.kind = bytes_str(kind), .scope = consent->scope};
    for (uint32_t i = 0; i < consent->parents_len; i++) {
        const struct op *parent = find_op(ops, &consent->parents[i]);
        fits = fits && parent != NULL &&
               op_add_parent(op, &consent->parents[i]) == STATUS_OK;
        if (parent != NULL && parent->time >= op->time)
            op->time = parent->time + 1;
    }
    return fits;
}

struct names {
    char text[OP_FIELDS_MAX][OP_NAME_MAX + 1];
};

/* What it says once more, but for that field. names: for as long as op lives. */
static bool copy_fields(const struct op *from, struct op *op, const char *but,
                        struct names *names)
{
    bool fits = true;
    memset(names, 0, sizeof(*names));
    for (uint32_t i = 0; i < from->fields_len; i++) {
        const struct op_field *field = &from->fields[i];
        if (bytes_equal_str(field->name, but))
            continue;
        memcpy(names->text[i], field->name.data, field->name.len);
        fits = fits && field->is_shown &&
               op_add_field(op, names->text[i], field->value) == STATUS_OK;
    }
    return fits;
}

static void draw_salt(const struct sim *sim, uint8_t salt[static 32])
{
    for (uint64_t i = 0; i < 4; i++) {
        uint64_t word = sim_dice(sim, "dishonest-salt", i, DISHONEST_SEED);
        memcpy(salt + 8 * i, &word, sizeof(word));
    }
}

/* A record like one that went up, of the case as it was before anybody had consented, the
 * case's word of it, and then the consent. */
static bool send_before(struct sim_host *host, const struct scope_ops *ops,
                        const struct op *consent, const struct op *record)
{
    static struct op escalate, sent, given;
    struct sim_dishonest *dishonest = host->sim->dishonest;
    struct buf values[3] = {{0}};
    struct names names;
    struct id origin;
    uint8_t salt[32];
    draw_salt(host->sim, salt);
    bool is_written = stand_before(ops, consent, &sent, "sent");
    escalation_origin(&origin, salt, &consent->scope, sent.parents, sent.parents_len);
    pack_bin(&values[0], origin.bytes, ID_SIZE);
    escalate = (struct op){.kind = bytes_str("escalate"), .is_founding = true, .time = 1};
    escalate.wall = sent.wall = given.wall = sim_clock_wall(host);
    is_written = is_written && copy_fields(record, &escalate, "origin", &names) &&
                 op_add_field(&escalate, "origin", buf_bytes(&values[0])) == STATUS_OK &&
                 keep(host, &escalate);
    pack_bin(&values[1], escalate.id.bytes, ID_SIZE);
    pack_bin(&values[2], salt, sizeof(salt));
    is_written = is_written &&
                 op_add_field(&sent, "escalation", buf_bytes(&values[1])) == STATUS_OK &&
                 op_add_field(&sent, "salt", buf_bytes(&values[2])) == STATUS_OK &&
                 keep(host, &sent);
    given = (struct op){.kind = bytes_str("consent"),
                        .scope = consent->scope,
                        .time = sent.time + 1,
                        .wall = sent.wall};
    is_written = is_written && op_add_parent(&given, &sent.id) == STATUS_OK &&
                 copy_fields(consent, &given, "", &names) && keep(host, &given);
    dishonest->op = sent.id;
    dishonest->scope = consent->scope;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        buf_deinit(&values[i]);
    return is_written;
}

/* Somebody was asked, and no file goes along. */
static bool claims_consent(const struct op *record)
{
    struct pack_reader reader;
    uint32_t count = 0;
    return schema_list(record, "consents", &reader, &count) && count > 0 &&
           op_field(record, "files") == NULL && op_field(record, "danger") == NULL;
}

static bool send_early(struct sim_host *host)
{
    const struct sim *sim = host->sim;
    struct sim_dishonest *dishonest = sim->dishonest;
    bool is_written = false;
    for (uint32_t i = 0; i < sim->sent_len && !is_written; i++) {
        const struct sim_sent *sent = &sim->sent[i];
        struct scope_ops record, ops;
        if (sent->from != host->index || sent->is_recalled ||
            scope_ops_load(&record, host->config.store, &sent->scope) != STATUS_OK)
            continue;
        if (scope_ops_load(&ops, host->config.store, &host->cases[sent->which].scope) ==
            STATUS_OK) {
            const struct op *consent = find_consent(&ops);
            is_written = record.len > 0 && consent != NULL &&
                         claims_consent(record.ops[0]) &&
                         send_before(host, &ops, consent, record.ops[0]);
            scope_ops_deinit(&ops);
        }
        scope_ops_deinit(&record);
        for (uint32_t n = 0; !is_written && n < dishonest->ops_len; n++)
            buf_clear(&dishonest->ops[n]);
        dishonest->ops_len = is_written ? dishonest->ops_len : 0;
    }
    return is_written;
}

void sim_dishonest_bring(struct sim_host *host)
{
    static struct op op;
    struct sim_dishonest *dishonest = host->sim->dishonest;
    if (dishonest == NULL || dishonest->host != host)
        return;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < dishonest->ops_len; i++) {
        struct bytes bytes = buf_bytes(&dishonest->ops[i]);
        status = op_decode_bytes(&op, bytes, NULL);
        if (status == STATUS_OK)
            status = op_rebuild(&op);
        if (status == STATUS_OK)
            status = admit_op(host->core, &op, bytes, NULL, NULL);
    }
    dishonest->ops_len = 0;
    if (core_check(host->core, status) != STATUS_OK &&
        host->core->store_status == STATUS_OK)
        sim_fail(host->sim, "API", "%s does not take what its steward wrote: %s",
                 host->address, status_name(status));
}

/* --- another history --- */

static enum status keep_held(void *context, const struct store_witnessed *log)
{
    struct buf *held = context;
    buf_add(held, log->note.data, log->note.len);
    return buf_status(held);
}

/* What the parent holds by then, and what a witness that is no peer is asked to cosign.
 */
static bool show_another(struct sim_host *host)
{
    struct sim_dishonest *dishonest = host->sim->dishonest;
    const struct sim_host *parent = host->sim->hosts[host->parent];
    struct seal_log log;
    if (!sim_rewrite_seal(host))
        return false;
    if (parent->is_on && seal_log_read(host->core, &log) == STATUS_OK) {
        enum status status = store_witnessed_get(parent->config.store, log.origin,
                                                 keep_held, &dishonest->held);
        if (status == STATUS_OK)
            status = seal_claim_write(host->core, &log, log.len, NULL, &dishonest->shown);
        if (status != STATUS_OK)
            buf_clear(&dishonest->held);
    }
    if (parent->is_on)
        seal_log_free(&log);
    return true;
}

/* --- the deed --- */

static bool act(struct sim_host *host)
{
    struct sim_dishonest *dishonest = host->sim->dishonest;
    switch (dishonest->way) {
    case DISHONEST_TWO_HISTORIES:
        return show_another(host);
    case DISHONEST_DATED_BACK:
        return date_back(host);
    case DISHONEST_DROPPED:
        return sim_rewrite_drop(host, dishonest);
    default:
        return send_early(host);
    }
}

void sim_dishonest_act(struct sim_host *host)
{
    struct sim *sim = host->sim;
    struct sim_dishonest *dishonest = sim->dishonest;
    bool is_calm = host->is_on && host->newcomer == NULL && !host->disk_fails &&
                   !host->heap_fails && host->inbox_len == 0;
    dishonest->has_acted = is_calm && act(host);
    if (dishonest->has_acted)
        sim_trace(sim, host, "its steward is dishonest, way %d", (int)dishonest->way);
    else if (sim->now_ms + AGAIN_MS < sim->script.ends_ms)
        act_at(host, sim->now_ms + AGAIN_MS);
    if (dishonest->has_acted && dishonest->ops_len > 0)
        sim_host_tell(host, EVENT_TICK, 0, (struct bytes){0}, NULL);
    else if (dishonest->has_acted)
        sim_weather_switch_off(host);
}
