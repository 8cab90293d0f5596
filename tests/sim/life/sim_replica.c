#include "tests/sim/life/sim_replica.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "node/core/newcomer.h"
#include "node/core/session.h"
#include "storage/store_chunks.h"
#include "tests/sim/life/sim_clock.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_pin.h"
#include "tests/sim/life/sim_wire.h"

#define NAME "二号"
#define MINUTE_MS (60u * 1000)

struct sim_replica {
    struct sim_host *elder, *second; /* second NULL: it has not begun to join */
    bool has_joined;
    uint64_t tries;
    /* Once it is gone: */
    bool is_revoked; /* and the people of the first one were told */
    struct id revoke;
    bool is_cut_off; /* all its neighbours have heard */
    uint32_t told_before;
};

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

void sim_replica_plan(struct sim *sim, int host)
{
    sim->replica = calloc(1, sizeof(*sim->replica));
    assert(sim->replica != NULL);
    sim->replica->elder = sim->hosts[host];
}

bool sim_replica_is_of(const struct sim_host *host)
{
    const struct sim_replica *replica = host->sim->replica;
    return replica != NULL && (host == replica->elder || host == replica->second);
}

/* Of a site with two machines that both work for it. */
static struct sim_host *other_of(const struct sim_host *host)
{
    const struct sim_replica *replica = host->sim->replica;
    if (!sim_replica_is_of(host) || !replica->has_joined || replica->second->is_stolen)
        return NULL;
    return host == replica->elder ? replica->second : replica->elder;
}

bool sim_replica_is_home(const struct sim_host *host, uint64_t conn)
{
    if (!sim_replica_is_of(host))
        return false;
    const struct sim_host *other = sim_wire_other(host, conn);
    return other != NULL && other->newcomer == NULL &&
           sim_host_site(other) == sim_host_site(host) &&
           !(host->knows_stolen && other->is_stolen);
}

/* --- joining --- */

static void stretch(uint8_t psk[static 32], struct bytes code)
{
    struct job *job = job_new(JOB_STRETCH);
    assert(job != NULL && code.len <= sizeof(job->pin));
    job->pin_len = (uint32_t)code.len;
    memcpy(job->pin, code.data, code.len);
    sim_pin_run(job);
    memcpy(psk, job->seed, 32);
    job_free(job);
}

/* The process of `fengqiaod join` is over. */
static void leave(struct sim_host *host)
{
    sim_heap_enter(&host->heap);
    newcomer_close(host->newcomer);
    sim_heap_leave();
    host->newcomer = NULL;
    sim_host_end(host);
}

static void fail_to_join(struct sim_host *host, const char *why)
{
    sim_trace(host->sim, host, "does not join: %s", why);
    sim_ever(host->sim, EVER_JOIN_BROKEN);
    leave(host);
}

/* What has joined is started as any machine. */
static void arrive(struct sim_host *host)
{
    struct sim *sim = host->sim;
    host->site = newcomer_site(host->newcomer)->site;
    leave(host);
    sim->replica->has_joined = true;
    sim->hosts_len++;
    sim_ever(sim, EVER_JOINED);
    sim_host_boot(host);
}

void sim_replica_turn(struct sim_host *host)
{
    struct buf out = {0};
    enum status status = STATUS_MORE;
    host->turn_is_due = false;
    sim_heap_enter(&host->heap);
    for (uint32_t i = 0; i < host->inbox_len; i++) {
        struct sim_news *news = &host->inbox[i];
        if (status == STATUS_MORE && news->event.type == EVENT_CONN_CLOSED)
            status = STATUS_CLOSED;
        else if (status == STATUS_MORE)
            status = newcomer_take(host->newcomer, buf_bytes(&news->bytes),
                                   sim_clock_wall(host), host->quality, &out, NULL);
        buf_deinit(&news->bytes);
    }
    sim_heap_leave();
    host->inbox_len = 0;
    if (out.len > 0)
        sim_wire_send(host, host->sim->replica->tries, buf_bytes(&out));
    sim_heap_enter(&host->heap);
    buf_deinit(&out);
    sim_heap_leave();
    if (status == STATUS_OK)
        arrive(host);
    else if (status != STATUS_MORE)
        fail_to_join(host, status_name(status));
}

static void on_invited(struct sim_host *elder, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct sim_replica *replica = elder->sim->replica;
    struct bytes code;
    uint8_t psk[32];
    if (!is_ok(status) || !view_map_text(result, "code", &code) || replica->has_joined)
        return;
    if (replica->second == NULL)
        replica->second = sim_host_beside(elder);
    struct sim_host *host = replica->second;
    struct sim *sim = host->sim;
    if (host->newcomer != NULL)
        fail_to_join(host, "another try");
    if (!sim_host_begin(host))
        return;
    if (sim_choose(sim, "join-breaks", errand->key, 3) == 0)
        host->break_next = 1 + sim_choose(sim, "join-breaks-at", errand->key, 2000);
    stretch(psk, code);
    const struct newcomer_wish wish = {
        .name = NAME, .address = elder->address, .psk = psk};
    sim_heap_enter(&host->heap);
    enum status opened = newcomer_open(&host->newcomer, &host->config, &wish, NULL);
    sim_heap_leave();
    assert(opened == STATUS_OK);
    (void)opened;
    sim_wire_dial(host, ++replica->tries, elder->address);
}

static struct sim_errand *errand_of(struct sim_host *host, uint64_t key,
                                    sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand != NULL)
        *errand = (struct sim_errand){.key = key, .done = done};
    return errand;
}

static void join(struct sim_host *host, uint64_t key)
{
    if (host->sim->replica->has_joined)
        return;
    struct sim_errand *errand = errand_of(host, key, on_invited);
    if (errand != NULL)
        sim_people_ask(host, errand, "node.invite", NULL);
}

/* --- two machines of one people --- */

static bool is_there(const struct sim_host *host, const struct id *op)
{
    struct store_place place;
    return store_op_find(host->config.store, op, &place) == STATUS_OK && !place.waits;
}

static bool remembers(const struct sim_host *host, const struct sim_case *c)
{
    for (uint32_t i = 0; i < host->cases_len; i++)
        if (id_equal(&host->cases[i].scope, &c->scope))
            return true;
    return false;
}

void sim_replica_look(struct sim_host *host)
{
    const struct sim_host *other = other_of(host);
    if (!host->is_on || host->core == NULL)
        return;
    if (host->elder != NULL && !host->is_unlocked && sim_people_errand(host) != NULL)
        sim_people_unlock(host);
    for (uint32_t i = 0; other != NULL && i < other->cases_len; i++) {
        const struct sim_case *c = &other->cases[i];
        if (host->cases_len < SIM_CASES_MAX && !remembers(host, c) &&
            is_there(host, &c->scope))
            host->cases[host->cases_len++] = *c;
    }
}

static void block(struct sim *sim, const struct sim_host *a, const struct sim_host *b,
                  uint64_t for_ms)
{
    const int ends[] = {a->index, b->index};
    for (int i = 0; i < 2; i++)
        if (sim->blocked_until_ms[ends[i]][ends[1 - i]] < sim->now_ms + for_ms)
            sim->blocked_until_ms[ends[i]][ends[1 - i]] = sim->now_ms + for_ms;
}

static void apart(struct sim_host *host, uint64_t key)
{
    const struct sim_host *other = other_of(host);
    if (other != NULL)
        block(host->sim, host, other,
              MINUTE_MS << sim_choose(host->sim, "apart", key, 7));
}

static void on_both(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    (void)result;
    if (is_ok(status) && errand->step == 1)
        sim_ever(host->sim, EVER_REPLICA_BOTH);
}

static void write_wish(struct sim_host *host, const char *scope, uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    struct sim_errand *errand = errand_of(host, key, on_both);
    if (errand == NULL)
        return;
    errand->step = host->elder != NULL;
    sim_people_ask(
        host, errand, "case.set", "case", scope, "field", "wish", "value",
        sim_deeds_text(host, text, host->elder == NULL ? "elder" : "second", key), NULL);
}

static void both(struct sim_host *host, uint64_t key)
{
    struct sim_host *other = other_of(host);
    if (other == NULL || !other->is_unlocked || host->cases_len == 0)
        return;
    const struct sim_case *c =
        &host->cases[sim_choose(host->sim, "both", key, host->cases_len)];
    block(host->sim, host, other, MINUTE_MS);
    sim_replica_look(other);
    write_wish(host, c->number, key);
    if (remembers(other, c))
        write_wish(other, c->number, key);
}

/* --- gone --- */

static void on_revoked(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct sim_replica *replica = host->sim->replica;
    (void)errand;
    if (!is_ok(status) || !view_map_id(result, "op", &replica->revoke))
        return;
    replica->is_revoked = true;
    sim_ever(host->sim, EVER_REPLICA_REVOKED);
}

static void gone(struct sim_host *host, uint64_t key)
{
    struct sim_replica *replica = host->sim->replica;
    struct sim_host *second = replica->second;
    if (!replica->has_joined || replica->is_revoked)
        return;
    if (!second->is_stolen && sim_choose(host->sim, "is-lost", key, 3) == 0) {
        sim_trace(host->sim, second, "is lost");
        if (second->is_on)
            sim_host_end(second);
        second->is_ruined = true;
    }
    second->is_stolen = true;
    struct sim_errand *errand = errand_of(host, key, on_revoked);
    if (errand != NULL)
        sim_people_ask(host, errand, "node.revoke", "node", NAME, NULL);
}

void sim_replica_do(struct sim_host *host, const struct sim_entry *entry)
{
    if (entry->deed == DEED_JOIN)
        join(host, entry->key);
    else if (entry->deed == DEED_APART)
        apart(host, entry->key);
    else if (entry->deed == DEED_BOTH)
        both(host, entry->key);
    else
        gone(host, entry->key);
}

bool sim_replica_wrote(struct sim *sim, const uint8_t *author)
{
    const struct sim_replica *replica = sim->replica;
    return replica != NULL && replica->has_joined && replica->second->is_stolen &&
           sim_host_wrote(replica->second, author);
}

static bool is_neighbour(const struct sim_replica *replica, const struct sim_host *host)
{
    const struct sim_host *elder = replica->elder;
    return host == elder || elder->parent == host->index || host->parent == elder->index;
}

void sim_replica_turned(struct sim_host *host)
{
    struct sim_replica *replica = host->sim->replica;
    if (replica == NULL || !replica->is_revoked || replica->is_cut_off ||
        host == replica->second || host->knows_stolen ||
        !is_there(host, &replica->revoke))
        return;
    host->knows_stolen = true;
    for (int i = 0; i < host->sim->hosts_len; i++) {
        const struct sim_host *each = host->sim->hosts[i];
        if (each != replica->second && is_neighbour(replica, each) && !each->knows_stolen)
            return;
    }
    replica->is_cut_off = true;
    replica->told_before = replica->second->told_len;
    sim_trace(host->sim, replica->second, "is cut off");
}

static bool is_named(struct bytes message, const char *expected)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    return pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
           pack_read_str(&reader, &name, NULL) == STATUS_OK &&
           bytes_equal_str(name, expected);
}

void sim_replica_says(struct sim_host *host, const struct session *session,
                      struct bytes message)
{
    const struct sim_replica *replica = host->sim->replica;
    if (replica == NULL || !host->knows_stolen ||
        sim_wire_other(host, session->conn) != replica->second)
        return;
    if (is_named(message, "ops") || is_named(message, "piece"))
        sim_fail(host->sim, "I10", "%s serves a machine that it knows to be revoked",
                 host->address);
}

/* --- the end --- */

void sim_replica_heal(struct sim *sim)
{
    const struct sim_replica *replica = sim->replica;
    if (replica != NULL && replica->second != NULL && replica->second->newcomer != NULL)
        fail_to_join(replica->second, "the script is over");
}

/* In whatever order the ops came, and from whomever. */
struct reading {
    struct id digest, view;
};

static enum status read_scope(void *context, const struct store_scope *scope)
{
    struct reading *reading = context;
    reading->digest = scope->digest;
    digest_of(reading->view.bytes, "fengqiao/test/view", scope->view.data,
              scope->view.len);
    return STATUS_OK;
}

static void compare_scope(const struct sim_host *a, const struct sim_host *b,
                          const struct id *scope)
{
    struct reading here, there;
    bool is_read =
        store_scope_get(a->config.store, scope, read_scope, &here) == STATUS_OK &&
        store_scope_get(b->config.store, scope, read_scope, &there) == STATUS_OK;
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, scope->bytes, ID_SIZE);
    if (!is_read)
        sim_fail(a->sim, "I1", "%s has not %.16s… as %s has it", b->address, hex,
                 a->address);
    else if (!id_equal(&here.digest, &there.digest))
        sim_fail(a->sim, "I1", "%s and %s hold other ops of %.16s…", a->address,
                 b->address, hex);
    else if (!id_equal(&here.view, &there.view))
        sim_fail(a->sim, "I1", "%s and %s read %.16s… differently", a->address,
                 b->address, hex);
}

static uint64_t count(const struct sim_host *host, enum scope_kind kind)
{
    uint64_t number = 0;
    if (store_scopes_count(host->config.store, kind, &number) != STATUS_OK)
        sim_fail(host->sim, "I14", "%s: its scopes cannot be read", host->address);
    return number;
}

static void compare(const struct sim_host *a, const struct sim_host *b)
{
    struct sim *sim = a->sim;
    struct id scope;
    enum scope_kind kind;
    int64_t number = 0;
    uint64_t here = 0, there = 0;
    while (store_scope_next(a->config.store, &number, &scope, &kind) == STATUS_OK)
        compare_scope(a, b, &scope);
    for (int i = SCOPE_CHARTER; i <= SCOPE_BULLETIN; i++)
        if (count(a, (enum scope_kind)i) != count(b, (enum scope_kind)i))
            sim_fail(sim, "I1", "%s and %s hold other scopes", a->address, b->address);
    if (store_chunks_size(a->config.store, &here) != STATUS_OK ||
        store_chunks_size(b->config.store, &there) != STATUS_OK || here != there)
        sim_fail(sim, "I1", "%s has %llu bytes of files and %s %llu", a->address,
                 (unsigned long long)here, b->address, (unsigned long long)there);
}

static void look_for_told(const struct sim_host *host, const struct sim_host *told)
{
    for (uint32_t i = 0; i < told->told_len; i++)
        if (!is_there(host, &told->told[i])) {
            sim_fail(host->sim, "I2", "what %s told is saved has not come to %s",
                     told->address, host->address);
            return;
        }
}

/* The PIN of the first machine opens the second one too. */
static void look_for_key(const struct sim_host *host)
{
    uint8_t key[32];
    char name[72] = "key:";
    struct buf wrapped = {0};
    key_sign_public(key, host->steward_seed);
    hex_encode(name + 4, key, sizeof(key));
    if (store_meta_get(host->config.store, name, &wrapped) != STATUS_OK)
        sim_fail(host->sim, "API", "%s has joined, and nobody can sign there",
                 host->address);
    buf_deinit(&wrapped);
}

static void look_for_thefts(struct sim *sim)
{
    const struct sim_replica *replica = sim->replica;
    const struct sim_host *second = replica->second;
    if (!replica->is_cut_off)
        return;
    if (second->told_len > replica->told_before)
        sim_ever(sim, EVER_REPLICA_LATE);
    for (uint32_t i = replica->told_before; i < second->told_len; i++)
        for (int n = 0; n < sim->hosts_len; n++)
            if (sim->hosts[n] != second && is_there(sim->hosts[n], &second->told[i])) {
                sim_fail(sim, "I10", "%s has what was written on a revoked machine",
                         sim->hosts[n]->address);
                return;
            }
}

void sim_replica_end(struct sim *sim)
{
    const struct sim_replica *replica = sim->replica;
    if (replica == NULL || !replica->has_joined)
        return;
    struct sim_host *elder = replica->elder, *second = replica->second;
    look_for_thefts(sim);
    if (second->is_stolen)
        return;
    compare(elder, second);
    look_for_told(elder, second);
    look_for_told(second, elder);
    look_for_key(second);
    sim_ever(sim, EVER_REPLICA_ALIKE);
}

void sim_replica_free(struct sim *sim)
{
    struct sim_replica *replica = sim->replica;
    if (replica == NULL)
        return;
    if (replica->second != NULL && replica->second->newcomer != NULL)
        leave(replica->second);
    if (replica->second != NULL && !replica->has_joined)
        sim_host_free(replica->second);
    free(replica);
    sim->replica = NULL;
}
