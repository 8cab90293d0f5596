#include "node/core/bundle_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/alarm.h"
#include "node/core/bundle_said.h"
#include "node/core/caller.h"
#include "node/core/charters.h"
#include "node/core/intake.h"
#include "node/core/pieces.h"
#include "node/core/renewal.h"
#include "node/core/restored.h"
#include "node/core/seal_bundle.h"
#include "node/core/sync.h"
#include "proto/bundle.h"
#include "storage/store_bundles.h"

struct bundle_in {
    struct buf payload;
    struct bundle_header header;
    uint8_t machine[32]; /* its key for connections */
    char name[SITE_NAME_MAX + 1];
    struct bytes messages; /* what is left of them */
    /* Such messages behind their names; at NULL: none. */
    struct pack_reader held, lacks;
    bool says_restored;
    struct seal_said seals;
    enum bundle_in_purpose purpose;
    bool is_open;
    bool is_tried_anew; /* by the key that this machine had before */
    bool is_unfolded;   /* ops came in this turn: what rests on them comes in the next */
    bool is_unsettled;  /* in the last part: what waits for the end of a round has not
                           entered yet, or was not forgotten (entry.h) */
    bool is_new;        /* no later one of that machine was read */
    struct id digest;   /* of the payload */
    uint64_t ops, news, refused, pieces, pieces_kept, no_room;
    struct id_list known; /* scopes of ops that were here already */
};

void bundle_in_free(struct bundle_in *in)
{
    if (in == NULL)
        return;
    buf_deinit(&in->payload);
    id_list_deinit(&in->known);
    free(in);
}

enum status bundle_in_begin(struct core *core, struct caller *caller, struct bytes file,
                            enum bundle_in_purpose purpose, struct err *err)
{
    if (file.len > BUNDLE_FILE_MAX)
        return err_set(err, STATUS_TOO_LARGE, "a file of a bundle has at most %u bytes",
                       BUNDLE_FILE_MAX);
    struct bundle_in *in = calloc(1, sizeof(*in));
    struct job *job = job_new(JOB_OPEN);
    if (in == NULL || job == NULL) {
        free(in);
        job_free(job);
        return core_check(core, STATUS_NO_MEMORY);
    }
    buf_add(&job->wire, file.data, file.len);
    key_dh_of_sign_seed(job->seed, core->node_pair.seed_and_key);
    enum status status = core_check(core, buf_status(&job->wire));
    if (status != STATUS_OK) {
        free(in);
        job_free(job);
        return status;
    }
    in->purpose = purpose;
    caller->bundle_in = in;
    caller_start_job(core, caller, job, CALLER_READING);
    return STATUS_OK;
}

/* --- is it for us, whole, and from whom it says? --- */

static enum status say_verdict(enum age_verdict verdict, enum bundle_in_purpose purpose,
                               struct err *err)
{
    switch (verdict) {
    case AGE_WHOLE:
        return STATUS_OK;
    case AGE_NO_MATCH:
        if (purpose == BUNDLE_IN_MARK)
            return err_set(err, STATUS_INVALID,
                           "the backup in that folder is sealed for another machine, or "
                           "for keys that this one has no more; use an empty folder");
        return err_set(err, STATUS_NOT_FOUND,
                       "this file is sealed for another machine; nothing was taken from "
                       "it");
    case AGE_NO_MEMORY:
        return err_set(
            err, STATUS_NO_MEMORY,
            "this machine lacks the memory to open the file, or a kernel that can "
            "confine who reads it; nothing was taken from it");
    case AGE_STOPPED:
        return err_set(
            err, STATUS_INVALID,
            "this file could not be opened, or holds more than one of a bundle "
            "may; nothing was taken from it");
    default:
        return err_set(err, STATUS_INVALID,
                       "this file is no bundle, or was changed or cut short on its way; "
                       "nothing was taken from it, ask for another copy");
    }
}

static bool is_backup(const struct core *core, const struct bundle_header *header)
{
    return id_equal(&header->from, &core->site) && id_equal(&header->to, &core->site);
}

static enum status check_sender(struct core *core, struct bundle_in *in, struct err *err)
{
    const struct bundle_header *header = &in->header;
    if (!id_equal(&header->network, &core->network))
        return err_set(err, STATUS_DENIED, "this bundle is of another network");
    if (!id_equal(&header->to, &core->site))
        return err_set(err, STATUS_DENIED, "this bundle is for another site");
    if (is_backup(core, header))
        return err_set(err, STATUS_DENIED,
                       "this is a backup of this site; it is restored on an empty "
                       "machine (fengqiaod restore)");
    struct charter *own;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    const struct charter *theirs = charters_of_site(core, &header->from);
    if (charter_link(own, &header->from) == NULL || theirs == NULL)
        return err_set(err, STATUS_DENIED,
                       "this bundle is from a site that is not linked with this one");
    size_t len;
    const struct charter_node *nodes = charter_nodes(theirs, &len);
    (void)snprintf(in->name, sizeof(in->name), "%s", charter_name(theirs));
    for (size_t i = 0; i < len; i++)
        if (memcmp(nodes[i].key, header->node, sizeof(header->node)) == 0) {
            memcpy(in->machine, nodes[i].noise_key, 32);
            return nodes[i].is_revoked
                       ? err_set(err, STATUS_DENIED,
                                 "the machine that wrote this bundle was revoked")
                       : STATUS_OK;
        }
    return err_set(err, STATUS_DENIED,
                   "this bundle was written by a machine of that site which is not known "
                   "here yet; let it be written by one that is, or let both sites "
                   "connect once");
}

/* What it says of ours that the other side has read. */
static enum status take_receipts(struct core *core, const struct bundle_header *header)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < header->got_len; i++) {
        if (memcmp(header->got[i].node, core->node_key, 32) != 0)
            continue;
        status = renewal_told(core, &header->from);
        if (status != STATUS_OK)
            break;
        status = store_bundle_acked(core->store, &header->from, header->got[i].number,
                                    core->wall);
        if (status == STATUS_NOT_FOUND) /* known before, or not of this life */
            status = restored_other_life(core, &header->from, header->got[i].number);
    }
    return core_check(core, status);
}

static enum status open_payload(struct core *core, struct bundle_in *in, struct job *job,
                                struct err *err)
{
    struct store_bundle_read read;
    enum status status =
        say_verdict(job->opened, in->purpose, err); /* a child's memory is not ours */
    if (status != STATUS_OK)
        return status;
    in->payload = job->bytes;
    job->bytes = (struct buf){0};
    status = bundle_check(buf_bytes(&in->payload), &in->header, &in->messages, err);
    if (status == STATUS_OK && in->purpose != BUNDLE_IN_MARK)
        status = check_sender(core, in, err);
    else if (status == STATUS_OK &&
             (!is_backup(core, &in->header) ||
              memcmp(in->header.node, core->node_key, sizeof(core->node_key)) != 0))
        status = err_set(err, STATUS_DENIED, "this file is no backup of this machine");
    if (status == STATUS_OK)
        status =
            core_check(core, store_bundle_read_get(core->store, in->header.node, &read));
    if (status != STATUS_OK)
        return status;
    in->is_open = true;
    in->is_unsettled = in->header.is_last;
    in->is_new = in->header.number >= read.number;
    digest_of(in->digest.bytes, "fengqiao/1/bundle-read", in->payload.data,
              in->payload.len);
    return STATUS_OK;
}

/* --- its messages --- */

static enum status admit(struct core *core, struct bundle_in *in, struct job *job)
{
    struct intake_refused refused = {.known = &in->known};
    enum status status = intake_admit(core, &in->header.from, job, &refused);
    in->ops += job->ops_len;
    in->news += refused.news;
    in->refused += refused.len;
    in->is_unfolded = true;
    in->is_unsettled = in->header.is_last;
    buf_deinit(&refused.positions);
    return status;
}

static enum status begin_ops(struct core *core, struct caller *caller,
                             struct pack_reader *reader)
{
    struct job *job;
    uint32_t skipped;
    enum status status = intake_read(core, 0, reader, &job, &skipped);
    if (status == STATUS_OK && !pack_at_end(reader)) {
        job_free(job);
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK)
        return status;
    caller_start_job(core, caller, job, CALLER_READING);
    return STATUS_OK;
}

static enum status take_piece(struct core *core, struct bundle_in *in,
                              struct pack_reader *reader)
{
    enum pieces_lack lack;
    bool is_kept;
    enum status status = pieces_bring(core, &in->header.from, reader, &lack, &is_kept);
    in->pieces++;
    in->pieces_kept += is_kept;
    in->no_room += lack != PIECES_LACK_NOTHING;
    return status;
}

/* The messages but `ops`, in a turn in which all that came before is folded. What the
 * other side says to hold and to lack waits for the end: it may be of a record that comes
 * with this bundle. */
static enum status take_message(struct core *core, struct bundle_in *in,
                                struct bytes name, struct pack_reader *reader)
{
    if (bytes_equal_str(name, "piece")) {
        enum status status = take_piece(core, in, reader);
        return status == STATUS_OK && !pack_at_end(reader) ? STATUS_INVALID : status;
    }
    if (bytes_equal_str(name, "restored")) {
        if (in->says_restored || !pack_at_end(reader))
            return STATUS_INVALID;
        in->says_restored = true;
        return STATUS_OK;
    }
    if (seal_bundle_elements(name) > 0) {
        seal_bundle_keep(&in->seals, name, reader);
        return STATUS_OK;
    }
    struct pack_reader *said = bytes_equal_str(name, "held") ? &in->held : &in->lacks;
    if (said->at != NULL)
        return STATUS_INVALID;
    *said = *reader;
    return STATUS_OK;
}

/* An old bundle knows less than we do. */
static enum status take_said(struct core *core, struct bundle_in *in)
{
    const struct id *from = &in->header.from;
    enum status status = STATUS_OK;
    if (in->is_new && in->says_restored)
        status = restored_heard(core, from, in->machine);
    if (status == STATUS_OK && in->is_new && in->held.at != NULL)
        status = bundle_said_held(core, from, &in->held);
    if (status == STATUS_OK && in->is_new && in->lacks.at != NULL)
        status = bundle_said_lacks(core, from, &in->lacks);
    if (status == STATUS_OK && in->is_new)
        status = seal_bundle_take(core, from, in->header.node, &in->seals);
    return status;
}

struct message {
    struct bytes name;
    uint32_t elements;
    struct pack_reader reader;
    struct bytes raw;
};

static enum status read_message(struct bytes bytes, struct message *message)
{
    message->raw = bytes;
    message->reader = pack_reader_of(bytes);
    enum status status = pack_read_array(&message->reader, &message->elements, NULL);
    return status == STATUS_OK ? pack_read_str(&message->reader, &message->name, NULL)
                               : status;
}

static bool has_elements(const struct message *message)
{
    static const struct {
        const char *name;
        uint32_t elements;
    } known[] = {{"held", 2}, {"lacks", 2}, {"ops", 4}, {"piece", 4}, {"restored", 1}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (bytes_equal_str(message->name, known[i].name))
            return message->elements == known[i].elements;
    return message->elements > 0 &&
           message->elements == seal_bundle_elements(message->name);
}

/* A turn for the fold: what it does not have to do is a job, too. */
static enum status begin_turn(struct core *core, struct caller *caller)
{
    struct job *job = job_new(JOB_VERIFY);
    if (job == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    caller_start_job(core, caller, job, CALLER_READING);
    return STATUS_OK;
}

static bool rests_on_more(const struct bundle_in *in)
{
    return in->is_unfolded || in->is_unsettled;
}

/* What came is folded at the end of a turn. Then records enter that waited for the end of
 * a round, as after a session's; another turn folds these. */
static enum status settle(struct core *core, struct caller *caller)
{
    struct bundle_in *in = caller->bundle_in;
    enum status status = STATUS_OK;
    if (in->is_unfolded) {
        in->is_unfolded = false;
    } else {
        in->is_unsettled = false;
        status = sync_received_all(core, &in->header.from);
    }
    return status == STATUS_OK ? begin_turn(core, caller) : status;
}

/* --- its end --- */

static enum status tell(struct core *core, struct bundle_in *in)
{
    enum status status = STATUS_OK;
    id_list_sort(&in->known);
    for (uint32_t i = 0; status == STATUS_OK && i < in->known.len; i++)
        status = store_bundle_tell(core->store, &in->header.from, &in->known.ids[i]);
    return core_check(core, status);
}

/* Of a site that has read one of ours since we were restored, this one brings what we
 * lack. */
static enum status note_answer(struct core *core, const struct id *site)
{
    struct store_bundle_site of;
    enum status status = core_check(core, store_bundle_site(core->store, site, &of));
    return status == STATUS_OK && of.acked_wall != 0 ? restored_agreed(core, site)
                                                     : status;
}

/* One machine gives a number once, and each of its lives goes on with numbers of its own:
 * who writes another beginning under the same is another copy of it. */
static enum status look_for_double(struct core *core, const struct bundle_in *in)
{
    struct store_bundle_read read;
    static const struct id unknown = {{0}};
    if (in->header.part != 0)
        return STATUS_OK;
    enum status status = store_bundle_read_get(core->store, in->header.node, &read);
    if (status != STATUS_OK || read.number != in->header.number ||
        id_equal(&read.digest, &unknown) || id_equal(&read.digest, &in->digest))
        return core_check(core, status);
    return alarm_raise(core, &in->header.from, in->machine, ALARM_DOUBLED, 0);
}

static enum status finish(struct core *core, struct bundle_in *in)
{
    const struct bundle_header *header = &in->header;
    struct store_bundle_read read = {
        .number = header->number, .wall = core->wall, .digest = in->digest};
    memcpy(read.node, header->node, sizeof(read.node));
    enum status status = take_said(core, in);
    if (status == STATUS_OK)
        status = look_for_double(core, in);
    if (status == STATUS_OK)
        status = take_receipts(core, header);
    if (status == STATUS_OK)
        status = tell(core, in);
    if (status == STATUS_OK && header->is_last)
        status = note_answer(core, &header->from);
    if (status == STATUS_OK && in->is_new && header->part == 0)
        status = core_check(core, store_bundle_read(core->store, &header->from, &read));
    return status;
}

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static void pack_result(const struct bundle_in *in, struct buf *result)
{
    pack_map(result, 12);
    pack_str(result, "last");
    pack_bool(result, in->header.is_last);
    pack_str(result, "name");
    pack_str(result, in->name);
    pack_number(result, "new", in->news);
    pack_number(result, "no_room", in->no_room);
    pack_number(result, "number", in->header.number);
    pack_str(result, "old");
    pack_bool(result, !in->is_new);
    pack_number(result, "ops", in->ops);
    pack_number(result, "part", in->header.part);
    pack_number(result, "pieces", in->pieces);
    pack_number(result, "pieces_new", in->pieces_kept);
    pack_number(result, "refused", in->refused);
    pack_str(result, "site");
    pack_bin(result, in->header.from.bytes, ID_SIZE);
}

static enum status say_strange(enum status status, struct err *err)
{
    if (status != STATUS_INVALID && status != STATUS_TOO_LARGE)
        return status;
    return err_set(err, STATUS_INVALID,
                   "this bundle says what no bundle of this version says; what came "
                   "before that was taken");
}

/* The last message of a backup. NOT_FOUND: this file is not its last. */
static enum status pack_mark(struct bundle_in *in, struct buf *result, struct err *err)
{
    struct bytes left = in->messages, bytes, last = {0};
    struct message message = {0};
    while (bundle_next(&left, &bytes))
        last = bytes;
    if (read_message(last, &message) != STATUS_OK ||
        !bytes_equal_str(message.name, "mark"))
        return err_set(err, STATUS_NOT_FOUND, "this file does not end a backup");
    pack_map(result, 1);
    pack_str(result, "mark");
    pack_bin(result, last.data, last.len);
    return STATUS_OK;
}

/* Takes message after message, until one needs a job or none is left. */
static enum status go_on(struct core *core, struct caller *caller, struct buf *result,
                         struct err *err)
{
    struct bundle_in *in = caller->bundle_in;
    struct bytes left = in->messages, bytes;
    while (in->purpose == BUNDLE_IN_TAKE && bundle_next(&left, &bytes)) {
        struct message message = {0};
        enum status status = read_message(bytes, &message);
        bool is_ops = bytes_equal_str(message.name, "ops");
        bool is_piece = bytes_equal_str(message.name, "piece");
        if (status == STATUS_OK && !has_elements(&message))
            status = STATUS_INVALID;
        if (status == STATUS_OK && is_piece && rests_on_more(in))
            return settle(core, caller);
        in->messages = left;
        if (status == STATUS_OK)
            status = is_ops ? begin_ops(core, caller, &message.reader)
                            : take_message(core, in, message.name, &message.reader);
        if (status != STATUS_OK || is_ops)
            return say_strange(status, err);
    }
    if (in->purpose == BUNDLE_IN_TAKE && rests_on_more(in))
        return settle(core, caller);
    enum status status = in->purpose == BUNDLE_IN_TAKE ? finish(core, in) : STATUS_OK;
    if (status != STATUS_OK)
        return say_strange(status, err);
    if (in->purpose == BUNDLE_IN_MARK)
        status = pack_mark(in, result, err);
    else
        pack_result(in, result);
    if (status != STATUS_OK)
        return status;
    if (in->purpose == BUNDLE_IN_TAKE)
        core_trace(core, "bundle read part=%u old=%d ops=%llu new=%llu refused=%llu",
                   in->header.part, !in->is_new, (unsigned long long)in->ops,
                   (unsigned long long)in->news, (unsigned long long)in->refused);
    bundle_in_free(in);
    caller->bundle_in = NULL;
    return STATUS_OK;
}

/* It was written for a key that this machine had when its writer saw it last. */
static enum status try_former(struct core *core, struct caller *caller, struct job *job)
{
    struct job *again = job_new(JOB_OPEN);
    if (again == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    caller->bundle_in->is_tried_anew = true;
    again->wire = job->wire;
    job->wire = (struct buf){0};
    key_dh_of_sign_seed(again->seed, core->former.pair.seed_and_key);
    caller_start_job(core, caller, again, CALLER_READING);
    return STATUS_OK;
}

static bool may_open_with_former(const struct core *core, const struct bundle_in *in,
                                 const struct job *job)
{
    return !in->is_open && job->opened == AGE_NO_MATCH && !in->is_tried_anew &&
           in->purpose != BUNDLE_IN_MARK && renewal_is_open(core);
}

enum status bundle_in_job_done(struct core *core, struct caller *caller, struct job *job,
                               struct buf *result, struct err *err)
{
    struct bundle_in *in = caller->bundle_in;
    enum status status = STATUS_OK;
    if (may_open_with_former(core, in, job))
        return try_former(core, caller, job);
    if (!in->is_open)
        status = open_payload(core, in, job, err);
    else if (job->ops_len > 0)
        status = admit(core, in, job);
    if (status == STATUS_OK)
        status = go_on(core, caller, result, err);
    if (status == STATUS_OK)
        return STATUS_OK;
    bundle_in_free(in);
    caller->bundle_in = NULL;
    return status;
}
