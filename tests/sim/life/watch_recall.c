#include "tests/sim/life/watch_recall.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "storage/store_scrub.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_wire.h"

#define TURNS_ALLOWED 2 /* after the one in which it came */

/* --- what to look for: the record as its village holds it --- */

static enum status keep_traces(void *context, const struct store_op *row)
{
    struct sim_sent *sent = context;
    struct op *op = calloc(1, sizeof(*op));
    assert(op != NULL);
    enum status status = op_decode_bytes(op, row->bytes, NULL);
    const struct op_field *title = op_field(op, "case.title");
    if (status == STATUS_OK && op->has_secret) {
        memcpy(sent->secret, op->secret, sizeof(sent->secret));
        sent->is_watched = true;
    }
    /* Long cases come in pairs of one title. */
    bool is_long = op_field(op, "case.narrative") != NULL;
    if (status == STATUS_OK && title != NULL && !is_long &&
        title->value.len <= sizeof(sent->title)) {
        memcpy(sent->title, title->value.data, title->value.len);
        sent->title_len = title->value.len;
    }
    free(op);
    return status;
}

static bool is_dark(const struct sim *sim, const struct sim_host *host)
{
    return !sim->hosts[host->parent]->is_on ||
           sim_wire_is_blocked(sim, host->index, host->parent) ||
           sim_wire_is_blocked(sim, host->parent, host->index);
}

void watch_recall_told(struct sim_host *host, const char *hex, struct bytes result)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; i < sim->sent_len; i++) {
        struct sim_sent *sent = &sim->sent[i];
        char own[2 * ID_SIZE + 1];
        hex_encode(own, sent->scope.bytes, ID_SIZE);
        if (strcmp(own, hex) != 0 || sent->is_recalled ||
            !view_map_id(result, "op", &sent->recall))
            continue;
        sent->is_recalled = true;
        sim_ever(sim, EVER_RECALLED);
        if (sent->has_file)
            sim_ever(sim, EVER_FILE_RECALLED);
        if (is_dark(sim, host))
            sim_ever(sim, EVER_RECALL_PART);
        if (store_op_get(host->config.store, &sent->scope, keep_traces, sent) !=
            STATUS_OK)
            sim_fail(sim, "I2", "%s cannot read what it recalled", host->address);
    }
}

/* --- where it must not be --- */

struct title_search {
    const struct sim_sent *sent;
    bool is_elsewhere;
};

static enum status seek_title(void *context, const struct store_scope *scope)
{
    struct title_search *search = context;
    const struct sim_sent *sent = search->sent;
    search->is_elsewhere |=
        !id_equal(&scope->id, &sent->scope) && scope->view.len > 0 &&
        memmem(scope->view.data, scope->view.len, sent->title, sent->title_len) != NULL;
    return STATUS_OK;
}

/* A title may have gone up with another record too, whether or not anybody was told; the
 * secret of a record never does. */
bool watch_recall_names_title(const struct sim_host *host, const struct sim_sent *sent)
{
    struct title_search search = {.sent = sent};
    if (sent->title_len == 0)
        return false;
    enum status status = store_scopes_of_kind(host->config.store, SCOPE_ESCALATION, 0,
                                              seek_title, &search);
    return status == STATUS_OK && !search.is_elsewhere;
}

static void look(struct sim_host *host, const struct sim_sent *sent)
{
    static const char *const files[] = {"node.db", "node.db-wal"};
    if (store_scrub_waits(host->config.store))
        return; /* there was no room; the next opening does it */
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        size_t len;
        const uint8_t *data = crash_vfs_file(host->disk, files[i], &len);
        if (data == NULL)
            continue;
        bool is_left = memmem(data, len, sent->secret, sizeof(sent->secret)) != NULL;
        if (watch_recall_names_title(host, sent))
            is_left |= memmem(data, len, sent->title, sent->title_len) != NULL;
        if (sent->has_file)
            is_left |=
                memmem(data, len, sent->file_key, sizeof(sent->file_key)) != NULL ||
                memmem(data, len, sent->file_piece, sizeof(sent->file_piece)) != NULL;
        if (is_left)
            sim_fail(host->sim, "I7", "%s keeps in %s what %s recalled (%s)",
                     host->address, files[i], host->sim->hosts[sent->from]->address,
                     memmem(data, len, sent->secret, sizeof(sent->secret)) != NULL
                         ? "its secret"
                         : "its title or its file");
    }
}

bool watch_recall_has_come(const struct sim_host *host, const struct sim_sent *sent)
{
    struct store_place place;
    return sent->is_watched &&
           sim_host_site(host->sim->hosts[sent->from]) != sim_host_site(host) &&
           store_op_find(host->config.store, &sent->recall, &place) == STATUS_OK &&
           !place.waits;
}

/* A damaged copy that a liar brought stays apart until somebody looks at it. */
static bool is_asked(const struct sim_host *host)
{
    return host->sim->liar == NULL && !host->is_flawed && host->core != NULL;
}

void watch_recall_turn(struct sim_host *host)
{
    struct sim *sim = host->sim;
    for (uint32_t i = 0; i < sim->sent_len && is_asked(host); i++) {
        struct sim_sent *sent = &sim->sent[i];
        uint32_t *turns = &sent->turns[host->index];
        if (!sent->is_recalled || *turns > TURNS_ALLOWED ||
            !watch_recall_has_come(host, sent))
            continue;
        if (++*turns > TURNS_ALLOWED)
            look(host, sent);
    }
}

void watch_recall_end(struct sim_host *host)
{
    const struct sim *sim = host->sim;
    for (uint32_t i = 0; i < sim->sent_len && is_asked(host); i++)
        if (sim->sent[i].is_recalled && watch_recall_has_come(host, &sim->sent[i]))
            look(host, &sim->sent[i]);
}
