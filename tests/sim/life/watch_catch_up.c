#include "tests/sim/life/watch_catch_up.h"

#include <string.h>

#include "node/core/state.h"
#include "proto/frame.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_host.h"

/* Beside the ops, a message of them carries a name, a dictionary and lengths. */
#define MESSAGE_SLACK 512
#define UNEQUAL_MAX ROUNDS_MAX

static enum status keep_last(void *context, const struct store_op *row)
{
    *(int64_t *)context = row->seq;
    return STATUS_OK;
}

static enum status count_bytes(void *context, const struct store_op *row)
{
    *(uint64_t *)context += row->bytes.len;
    return STATUS_OK;
}

static enum status count_outside(void *context, const struct id *scope)
{
    struct sim_host *host = context;
    return store_ops_waiting(host->config.store, scope, count_bytes, &host->outside);
}

void watch_catch_up_begin(struct sim *sim)
{
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *host = sim->hosts[i];
        host->op_bytes = host->unequal = host->op_messages = 0;
        host->seq_at_end = host->outside = host->in_vain = 0;
        host->has_purged = false;
        if (host->is_on &&
            store_ops_all(host->config.store, 1, keep_last, &host->seq_at_end) !=
                STATUS_OK &&
            !host->is_flawed)
            sim_fail(sim, "I14", "%s cannot be read", host->address);
        /* A record that waits outside until it is ours is in no set, and comes again. */
        if (host->is_on && !host->is_flawed &&
            store_scopes_unfounded(host->config.store, count_outside, host) != STATUS_OK)
            sim_fail(sim, "I14", "%s cannot be read", host->address);
    }
}

void watch_catch_up_message(struct sim_host *host, struct bytes message)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    if (message.len > FRAME_USED_MAX)
        sim_ever(host->sim, EVER_MESSAGE_LARGE);
    if (!host->sim->is_over || pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK || !bytes_equal_str(name, "ops"))
        return;
    host->op_bytes += message.len;
    host->op_messages++;
}

void watch_catch_up_trace(struct sim_host *host, const char *line)
{
    if (host->sim->is_over && strstr(line, " unequal ") != NULL)
        host->unequal++;
    /* What came whole and was recalled since is counted by what is left of it. */
    if (host->sim->is_over && strncmp(line, "purged ", strlen("purged ")) == 0)
        host->has_purged = true;
    if (host->sim->is_over && strstr(line, " end=revoked") != NULL)
        host->in_vain = host->op_bytes;
}

struct came {
    const struct sim_host *host;
    uint64_t bytes;
};

/* What the node itself wrote did not come. */
static enum status count_came(void *context, const struct store_op *row)
{
    struct came *came = context;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    if (!sim_host_wrote(came->host, op.author))
        came->bytes += row->bytes.len;
    return STATUS_OK;
}

/* A disk that lied may have left heads unwritten that only a rebuild makes anew: with
 * such a site nobody agrees. */
static bool meets_flawed(const struct sim_host *host)
{
    const struct sim_host *flawed = host->sim->flawed;
    return flawed != NULL && (host == flawed || host->parent == flawed->index ||
                              flawed->parent == host->index);
}

void watch_catch_up_end(struct sim *sim)
{
    uint64_t sent = 0, messages = 0, missing = 0;
    /* Nobody has lost count of what came; nor did one of two machines let a site hold a
     * record that the other one does not know of. */
    bool is_whole = true;
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *host = sim->hosts[i];
        struct came came = {host, 0};
        if (host->is_sound && store_ops_all(host->config.store, host->seq_at_end + 1,
                                            count_came, &came) != STATUS_OK)
            sim_fail(sim, "I14", "%s cannot be read", host->address);
        is_whole = is_whole && host->is_sound && !host->is_set_back &&
                   !host->has_purged && host->elder == NULL;
        sent += host->op_bytes;
        messages += host->op_messages;
        missing += came.bytes + host->outside + host->in_vain;
        if (host->unequal > sim->verdict->rounds_most)
            sim->verdict->rounds_most = host->unequal;
        if (host->unequal > UNEQUAL_MAX && !meets_flawed(host))
            sim_fail(sim, "I13", "%s needed %u rounds to agree", host->address,
                     host->unequal);
    }
    sim_trace(sim, NULL, "caught up: %llu bytes of ops in %llu messages for %llu",
              (unsigned long long)sent, (unsigned long long)messages,
              (unsigned long long)missing);
    /* Who reads that the other one has a new key ends what goes on under the old one, for
     * it cannot tell a machine that renewed from one that was robbed: what it had sent
     * there it sends once more. */
    if (is_whole && sent > missing + missing / 5 + messages * MESSAGE_SLACK)
        sim_fail(sim, "I13", "%llu bytes of ops were sent for %llu that were missing",
                 (unsigned long long)sent, (unsigned long long)missing);
}
