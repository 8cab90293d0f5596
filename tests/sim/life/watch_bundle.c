#include "tests/sim/life/watch_bundle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/age_writer.h"
#include "crypto/key.h"
#include "node/cases/view.h"
#include "node/core/job.h"
#include "node/core/state.h"
#include "proto/bundle.h"
#include "storage/store_bundles.h"
#include "tests/sim/life/ops_message.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_replica.h"
#include "tests/sim/life/sim_watch.h"
#include "tests/sim/life/sim_wire.h"
#include "tests/sim/life/watch_restore.h"

#define FORGED_SEED 0xf0edu

/* Where a disk forgets or a machine was set back, others may know of it what it does not
 * know any more. */
static bool is_plain(const struct sim_host *host)
{
    return !host->is_flawed && !host->is_set_back && !sim_liar_is(host) &&
           host->former_len == 0 &&  /* sealed for a key that another has heard of */
           !sim_replica_is_of(host); /* a stick is for either machine */
}

static bool are_plain(const struct sim *sim, const struct sim_stick *stick)
{
    return is_plain(sim->hosts[stick->from]) && is_plain(sim->hosts[stick->to]);
}

static bool is_there(const struct sim_host *host, const struct id *op)
{
    struct store_place place;
    return store_op_find(host->config.store, op, &place) == STATUS_OK && !place.waits;
}

/* --- what is in a file --- */

struct buf watch_bundle_open(const uint8_t seed[static 32], struct bytes file)
{
    struct job *job = job_new(JOB_OPEN);
    assert(job != NULL);
    key_dh_of_sign_seed(job->seed, seed);
    buf_add(&job->wire, file.data, file.len);
    job_run(job);
    struct buf payload = job->opened == AGE_WHOLE ? job->bytes : (struct buf){0};
    if (job->opened == AGE_WHOLE)
        job->bytes = (struct buf){0};
    job_free(job);
    return payload;
}

/* Whatever else is wrong with it: nothing of a case goes to anybody. */
static void look_for_case(const struct sim_host *writer, const struct op *op)
{
    enum scope_kind kind;
    if (store_scope_kind(writer->config.store, &op->scope, &kind) == STATUS_OK &&
        kind == SCOPE_CASE)
        sim_fail(writer->sim, "I3", "%s lets an op of a case into a bundle",
                 writer->address);
}

struct carrying {
    const struct sim_host *writer;
    struct id_list *carried;
};

static void add_op(void *context, const struct op *op)
{
    struct carrying *carrying = context;
    id_list_push(carrying->carried, &op->id);
    look_for_case(carrying->writer, op);
}

static void add_ops(const struct sim_host *writer, struct id_list *carried,
                    struct bytes message)
{
    struct carrying carrying = {writer, carried};
    if (!ops_message_each(message, add_op, &carrying))
        sim_fail(writer->sim, "API", "a bundle carries ops that nobody can read");
}

static void add_said(struct id_list *said, struct bytes message)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements, scopes = 0;
    struct bytes name, heads;
    struct id scope;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "held") ||
        pack_read_array(&reader, &scopes, NULL) != STATUS_OK)
        return;
    for (uint32_t i = 0;
         i < scopes && pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
         pack_read_fixed(&reader, scope.bytes, ID_SIZE, NULL) == STATUS_OK &&
         pack_value(&reader, 0, &heads, NULL) == STATUS_OK;
         i++)
        id_list_push(said, &scope);
    id_list_sort(said);
}

static enum status push_op(void *context, const struct store_op *row)
{
    id_list_push(context, &row->id);
    return STATUS_OK;
}

static bool is_of(const struct bundle_header *header, const struct sim *sim,
                  const struct sim_stick *stick)
{
    const struct sim_host *from = sim->hosts[stick->from];
    return id_equal(&header->from, &from->site) &&
           id_equal(&header->to, &sim->hosts[stick->to]->site) &&
           memcmp(header->node, from->core->node_key, 32) == 0 &&
           header->number == stick->number && header->part == stick->files_len - 1;
}

static size_t without_padding(const struct buf *payload)
{
    size_t len = payload->len;
    while (len > 0 && payload->data[len - 1] == 0)
        len--;
    return len;
}

void watch_bundle_file(struct sim_host *host, struct sim_stick *stick, struct bytes file,
                       bool is_last)
{
    struct sim *sim = host->sim;
    struct bundle_header header;
    struct bytes messages, message;
    struct buf payload = watch_bundle_open(sim->hosts[stick->to]->config.node_seed, file);
    sim_seen_add(&sim->seen, SIGHT_STICK, host->index, sim->now_ms, stick->number, file);
    if (bundle_check(buf_bytes(&payload), &header, &messages, NULL) != STATUS_OK ||
        !is_of(&header, sim, stick) || header.is_last != is_last) {
        if (are_plain(sim, stick))
            sim_fail(sim, "API", "%s writes what %s cannot read", host->address,
                     sim->hosts[stick->to]->address);
    } else {
        struct bytes said = bytes_of(payload.data, without_padding(&payload));
        sim_watch_message(host, said);
        watch_restore_said(host, &sim->hosts[stick->to]->site, said);
        sim_seen_add(&sim->seen, SIGHT_BUNDLE, host->index, sim->now_ms, stick->number,
                     said);
        while (bundle_next(&messages, &message)) {
            add_ops(host, &stick->carried, message);
            add_said(&stick->said, message);
        }
    }
    buf_deinit(&payload);
}

/* --- what has to go along, and what need not --- */

static enum status push_scope(void *context, const struct id *scope)
{
    id_list_push(context, scope);
    return STATUS_OK;
}

/* Ids of all that the host shares with the other and that does not wait, sorted. */
static void list_shared(struct sim_host *host, const struct sim_host *other,
                        struct id_list *ops)
{
    struct id_list scopes = {0};
    struct store *store = host->config.store;
    id_list_clear(ops);
    enum status status = store_pair_scopes(store, &other->site, push_scope, &scopes);
    for (uint32_t i = 0; status == STATUS_OK && i < scopes.len; i++)
        status = store_ops_of_scope(store, &scopes.ids[i], push_op, ops);
    if (status != STATUS_OK && !host->is_flawed)
        sim_fail(host->sim, "I14", "%s: what it shares cannot be read", host->address);
    id_list_sort(ops);
    id_list_deinit(&scopes);
}

void watch_bundle_asked(struct sim_host *host, struct sim_stick *stick)
{
    struct sim_host *to = host->sim->hosts[stick->to];
    stick->was_set_back[0] = host->is_set_back;
    stick->was_set_back[1] = to->is_set_back;
    list_shared(host, to, &stick->holds);
}

void watch_bundle_whole(struct sim_host *host, struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    struct sim_host *to = sim->hosts[stick->to];
    const struct id_list *known = &sim->sticks->known[host->index][stick->to];
    id_list_sort(&stick->carried);
    if (!are_plain(sim, stick))
        return;
    for (uint32_t i = 0; to->is_on && i < stick->holds.len; i++)
        if (!id_list_has(&stick->carried, &stick->holds.ids[i]) &&
            !is_there(to, &stick->holds.ids[i])) {
            sim_fail(sim, "I2", "%s leaves out of a bundle what %s does not have",
                     host->address, to->address);
            return;
        }
    for (uint32_t i = 0; i < stick->carried.len; i++)
        if (id_list_has(known, &stick->carried.ids[i])) {
            sim_fail(sim, "I13", "%s carries again what %s said to hold", host->address,
                     to->address);
            return;
        }
    if (known->len > 0)
        sim_ever(sim, EVER_STICK_ANSWERS);
}

/* --- reading --- */

void watch_bundle_refused(struct sim_host *host, const struct sim_stick *stick,
                          const char *what, struct bytes status)
{
    static const char *const ours[] = {"IO", "FULL", "CORRUPT", "NO_MEMORY"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (bytes_equal_str(status, ours[i]))
            return; /* watch_answer asks why */
    if (are_plain(host->sim, stick))
        sim_fail(host->sim, "API", "%s %s no bundle: %.*s", host->address, what,
                 (int)status.len, (const char *)status.data);
}

static bool is_dark(const struct sim *sim, const struct sim_stick *stick)
{
    return sim_wire_is_blocked(sim, stick->from, stick->to) ||
           sim_wire_is_blocked(sim, stick->to, stick->from) ||
           !sim->hosts[stick->from]->is_on;
}

void watch_bundle_begins(struct sim_host *host, const struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; stick->is_whole && i < sim->sent_len; i++) {
        const struct sim_sent *sent = &sim->sent[i];
        if (!id_list_has(&stick->carried, &sent->scope))
            continue;
        if (!is_there(host, &sent->scope))
            sim_ever(sim, EVER_STICK_RECORD);
        if (sent->is_recalled && is_there(host, &sent->recall) &&
            !id_list_has(&stick->carried, &sent->recall))
            sim_ever(sim, EVER_STICK_RECALLED);
    }
    if (sim->hosts[stick->from]->is_set_back && !stick->was_set_back[0])
        sim_ever(sim, EVER_STICK_IMAGE);
    if (host->is_set_back && !stick->was_set_back[1])
        sim_ever(sim, EVER_STICK_IMAGE);
}

void watch_bundle_taken(struct sim_host *host, struct sim_stick *stick,
                        struct bytes result)
{
    struct sim *sim = host->sim;
    uint64_t news = 0, refused = 0, ops = 0, pieces = 0;
    bool is_old = false;
    if (!view_map_uint(result, "new", &news) || !view_map_uint(result, "ops", &ops) ||
        !view_map_uint(result, "pieces_new", &pieces) ||
        !view_map_uint(result, "refused", &refused) ||
        !view_map_flag(result, "old", &is_old)) {
        sim_fail(sim, "API", "%s does not say what it read", host->address);
        return;
    }
    stick->came += news;
    if (refused > 0 && are_plain(sim, stick))
        sim_fail(sim, "I2", "%s refuses %llu ops of a bundle of an honest site",
                 host->address, (unsigned long long)refused);
    if (sim->is_over && news > 0 && are_plain(sim, stick) && sim->flawed == NULL)
        sim_fail(sim, "I11", "%s: an old stick brings %llu ops when all is quiet",
                 host->address, (unsigned long long)news);
    if (news > 0)
        sim_ever(sim, EVER_STICK_NEWS);
    if (news > 0 && is_dark(sim, stick))
        sim_ever(sim, EVER_STICK_DARK);
    if (news == 0 && ops > 0)
        sim_ever(sim, EVER_STICK_KNOWN);
    if (pieces > 0)
        sim_ever(sim, EVER_STICK_FILE);
    if (is_old)
        sim_ever(sim, EVER_STICK_OLD);
    else if (stick->files_len == 1 && stick->is_whole && are_plain(sim, stick)) {
        /* Now it knows what the writer held then, where that was said: a scope is left
         * out once a session has agreed, whose end may have come to one side alone. */
        struct id_list *known = &sim->sticks->known[host->index][stick->from];
        struct store_place place;
        for (uint32_t i = 0; i < stick->holds.len; i++)
            if (store_op_find(host->config.store, &stick->holds.ids[i], &place) ==
                    STATUS_OK &&
                id_list_has(&stick->said, &place.scope))
                id_list_push(known, &stick->holds.ids[i]);
        id_list_sort(known);
    }
}

void watch_bundle_read(struct sim_host *host, struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    if (!stick->is_whole || !are_plain(sim, stick))
        return;
    for (uint32_t i = 0; i < stick->carried.len; i++) {
        struct store_place place;
        if (store_op_find(host->config.store, &stick->carried.ids[i], &place) !=
            STATUS_OK) {
            sim_fail(sim, "I2", "%s read a bundle, and does not have what is in it",
                     host->address);
            return;
        }
    }
}

/* --- a stranger's --- */

static bool to_buf(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

static void seal(struct sim *sim, const struct sim_stick *stick, struct bytes payload,
                 const struct rng *rng, struct buf *file)
{
    uint8_t keys[1][KEY_SIZE];
    uint8_t sign_key[KEY_SIZE];
    struct age_writer *writer = malloc(sizeof(*writer));
    assert(writer != NULL);
    key_sign_public(sign_key, sim->hosts[stick->to]->config.node_seed);
    bool is_sealed = key_dh_of_sign_key(keys[0], sign_key) &&
                     age_writer_begin(writer, (const uint8_t(*)[KEY_SIZE])keys, 1, rng,
                                      NULL, to_buf, file) == AGE_MORE &&
                     age_writer_put(writer, payload.data, payload.len) == AGE_MORE &&
                     age_writer_end(writer) == AGE_WHOLE;
    assert(is_sealed);
    (void)is_sealed;
    age_writer_wipe(writer);
    free(writer);
}

void watch_bundle_forge(struct sim *sim, const struct sim_stick *stick, struct buf *file)
{
    struct bundle_header header;
    struct bytes messages;
    uint8_t seed[KEY_SEED_SIZE];
    struct sign_pair pair;
    struct buf forged = {0};
    struct buf payload = watch_bundle_open(sim->hosts[stick->to]->config.node_seed,
                                           buf_bytes(&stick->files[0]));
    struct rng_keyed *dice =
        rng_keyed_new(sim_dice(sim, "forged", stick->key, FORGED_SEED), 0);
    assert(dice != NULL);
    const struct rng rng = rng_keyed_rng(dice);
    rng_fill(&rng, "node-seed", NULL, seed, sizeof(seed));
    sign_pair_init(&pair, seed);
    if (bundle_check(buf_bytes(&payload), &header, &messages, NULL) == STATUS_OK) {
        /* Under its own name, or under that of the machine that wrote it. */
        if (sim_dice(sim, "forged-name", stick->key, 0) % 2 == 0)
            memcpy(header.node, pair.seed_and_key + KEY_SEED_SIZE, sizeof(header.node));
        bundle_begin(&forged, &header);
        buf_add(&forged, messages.data, messages.len);
        enum status status = bundle_end(&forged, &header, &pair);
        assert(status == STATUS_OK);
        (void)status;
        seal(sim, stick, buf_bytes(&forged), &rng, file);
    }
    buf_deinit(&forged);
    buf_deinit(&payload);
    rng_keyed_free(dice);
}

/* --- the end --- */

void watch_bundle_end(struct sim_host *host)
{
    struct sim *sim = host->sim;
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *other = sim->hosts[i];
        struct store_bundle_site of;
        struct store_bundle_read read;
        if ((other->parent != host->index && host->parent != i) || !is_plain(host) ||
            !is_plain(other) || !other->is_on)
            continue;
        if (store_bundle_site(host->config.store, &other->site, &of) != STATUS_OK ||
            store_bundle_read_get(other->config.store, host->core->node_key, &read) !=
                STATUS_OK) {
            sim_fail(sim, "I14", "%s: its bundles cannot be read", host->address);
            return;
        }
        if (of.acked > 0)
            sim_ever(sim, EVER_STICK_ACKED);
        if (of.acked > read.number)
            sim_fail(sim, "I2",
                     "%s believes that %s has read bundle %llu, and it has not",
                     host->address, other->address, (unsigned long long)of.acked);
    }
}
