#include "node/core/seal_bundle.h"

#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/seal_claim.h"
#include "node/core/seal_seen.h"
#include "node/core/seal_talk.h"
#include "node/core/state.h"
#include "proto/bundle.h"
#include "storage/store_witness.h"

#define MACHINES_MAX 4 /* of a site, for which a checkpoint goes along */

/* --- writing: our own log --- */

static enum status write_checkpoint(struct core *core, const struct seal_log *log,
                                    uint64_t seen, struct buf *payload)
{
    struct buf message = {0};
    enum status status = seal_claim_write(core, log, seen, NULL, &message);
    if (status == STATUS_OK)
        bundle_add(payload, &message);
    buf_deinit(&message);
    return status;
}

/* The log goes on from one of ours, of which a witness had shown more than there was, or
 * something else: it was told by a bundle, and is answered by this one. */
static enum status write_own_up(struct core *core, const struct seal_log *log,
                                struct buf *payload)
{
    struct seal seal;
    struct seal_log former;
    struct merkle_hash root;
    struct buf message = {0};
    if (seal_read(&seal, buf_bytes(&log->first), NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    const struct seal_head *held = &seal.former;
    if (!seal.has_former || log->number == 0)
        return STATUS_OK;
    enum status status = seal_log_read_former(core, log->number - 1, &former);
    bool is_held = status == STATUS_OK && strcmp(former.origin, held->origin) == 0;
    if (is_held && held->size <= former.len)
        seal_log_root(&former, held->size, &root);
    if (is_held && (held->size > former.len || !merkle_equal(&root, &held->root)))
        status = seal_claim_own_up(core, &former, held, &message);
    if (status == STATUS_OK && message.len > 0)
        bundle_add(payload, &message);
    buf_deinit(&message);
    seal_log_free(&former);
    return status;
}

/* From each place from which one of them goes on. */
static enum status write_log(struct core *core, const struct id *site,
                             const struct seal_log *log, struct buf *payload)
{
    uint64_t places[MACHINES_MAX];
    size_t len = 0, places_len = 0;
    const struct charter *charter = charters_of_site(core, site);
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < len && places_len < MACHINES_MAX; i++) {
        uint64_t seen = 0;
        bool is_written = nodes[i].is_revoked;
        if (!is_written)
            status = seal_seen_get(core, log, nodes[i].key, &seen);
        for (size_t j = 0; j < places_len; j++)
            is_written = is_written || places[j] == seen;
        if (status != STATUS_OK || is_written)
            continue;
        places[places_len++] = seen;
        if (seen == 0)
            status = write_own_up(core, log, payload);
        if (status == STATUS_OK)
            status = write_checkpoint(core, log, seen, payload);
    }
    return status;
}

static enum status write_own(struct core *core, const struct id *site,
                             struct buf *payload)
{
    struct seal_log log;
    if (!seal_talk_is_witness(core, site))
        return STATUS_OK;
    enum status status = seal_log_read(core, &log);
    if (status == STATUS_OK && log.len > 0)
        status = write_log(core, site, &log, payload);
    seal_log_free(&log);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- writing: what we have seen of theirs --- */

struct answering {
    struct core *core;
    const struct id *site;
    struct buf *payload;
    bool has_seen; /* a log of theirs */
};

static void add_note(struct buf *payload, const char *name, struct bytes note)
{
    struct buf message = {0};
    pack_array(&message, 2);
    pack_str(&message, name);
    pack_bin(&message, note.data, note.len);
    bundle_add(payload, &message);
    buf_deinit(&message);
}

static enum status answer_log(void *context, const struct store_witnessed *log)
{
    struct answering *answering = context;
    struct buf cosigned = {0};
    if (log->is_closed || !id_equal(&log->site, answering->site))
        return STATUS_OK;
    answering->has_seen = true;
    enum status status = witness_cosign_held(answering->core, log->note, &cosigned);
    if (status == STATUS_OK) {
        add_note(answering->payload, "witnessed", log->note);
        add_note(answering->payload, "cosignature", buf_bytes(&cosigned));
    }
    buf_deinit(&cosigned);
    return status;
}

/* Are we a witness of theirs? */
static bool is_watched(struct core *core, const struct id *site)
{
    const struct charter *theirs = charters_of_site(core, site);
    const struct charter *own = charters_of_site(core, &core->site);
    const struct id *parent = theirs == NULL ? NULL : charter_parent(theirs);
    if (theirs == NULL || parent != NULL)
        return parent != NULL && id_equal(parent, &core->site);
    parent = own == NULL ? NULL : charter_parent(own);
    return parent != NULL && id_equal(parent, site);
}

enum status seal_bundle_write(struct core *core, const struct id *site,
                              struct buf *payload)
{
    struct answering answering = {core, site, payload, false};
    enum status status = write_own(core, site, payload);
    if (status == STATUS_OK)
        status = store_witnessed(core->store, answer_log, &answering);
    /* This machine was restored, maybe, from before it saw any: they begin anew. */
    if (status == STATUS_OK && !answering.has_seen && is_watched(core, site))
        add_note(payload, "witnessed", (struct bytes){0});
    return core_check(core, status);
}

/* --- reading --- */

uint32_t seal_bundle_elements(struct bytes name)
{
    if (bytes_equal_str(name, "checkpoint"))
        return SEAL_CLAIM_ELEMENTS;
    bool is_note =
        bytes_equal_str(name, "witnessed") || bytes_equal_str(name, "cosignature");
    return is_note ? 2 : 0;
}

void seal_bundle_keep(struct seal_said *said, struct bytes name,
                      const struct pack_reader *reader)
{
    if (said->len < SEAL_SAID_MAX)
        said->messages[said->len++] = (struct seal_said_one){name, *reader};
}

static enum status take_checkpoint(struct core *core, const struct id *site,
                                   const uint8_t *machine, struct pack_reader *reader)
{
    struct buf note = {0};
    enum witness_answer answer; /* stands in the next bundle */
    const struct charter *charter = charters_of_site(core, site);
    const struct charter_node *node =
        charter == NULL ? NULL : charter_node_of(charter, machine);
    if (node == NULL) /* never: who wrote the bundle was one when it was opened */
        return STATUS_OK;
    enum status status = seal_claim_judge(core, site, node, true, reader, &answer, &note);
    buf_deinit(&note);
    return status;
}

static enum status take_note(struct core *core, const uint8_t *machine, struct bytes name,
                             struct pack_reader *reader)
{
    struct bytes note;
    struct seal_head head;
    enum seal_seen seen;
    enum status status = pack_read_bin(reader, &note, NULL);
    if (status != STATUS_OK)
        return status;
    if (bytes_equal_str(name, "cosignature"))
        return seal_seen_cosigned(core, machine, note);
    status = seal_seen_held(core, machine, note, &seen, &head);
    return status == STATUS_OK && seen == SEAL_SEEN_MORE
               ? seal_log_begin_behind(core, &head)
               : status;
}

enum status seal_bundle_take(struct core *core, const struct id *site,
                             const uint8_t machine[static 32],
                             const struct seal_said *said)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < said->len; i++) {
        struct pack_reader reader = said->messages[i].reader;
        struct bytes name = said->messages[i].name;
        status = bytes_equal_str(name, "checkpoint")
                     ? take_checkpoint(core, site, machine, &reader)
                     : take_note(core, machine, name, &reader);
        if (status == STATUS_INVALID || status == STATUS_UNVERIFIED) {
            core_trace(core, "bundle seal refused: %s", status_name(status));
            status = STATUS_OK;
        }
    }
    return status;
}
