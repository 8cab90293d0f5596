#include "node/core/seal_talk.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/replica.h"
#include "node/core/seal_log.h"
#include "node/core/session.h"
#include "node/core/witness.h"
#include "storage/store_seals.h"

/* So many checkpoints of one session are looked at: one a day, and a few more. */
#define HEARD_MAX 64

/* --- who shows it to whom --- */

/* The machine at the other end, as its site's charter has it; NULL: not any more. */
static const struct charter_node *machine_of(struct core *core,
                                             const struct session *session)
{
    const struct charter *charter = charters_of_site(core, &session->site);
    size_t len = 0;
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (!nodes[i].is_revoked &&
            memcmp(nodes[i].noise_key, session->peer_key, KEY_SIZE) == 0)
            return &nodes[i];
    return NULL;
}

/* Is that site a witness of ours? */
static bool is_witness(struct core *core, const struct id *site)
{
    const struct charter *own = charters_of_site(core, &core->site);
    const struct id *parent = own == NULL ? NULL : charter_parent(own);
    if (own == NULL || parent != NULL)
        return parent != NULL && id_equal(parent, site);
    const struct charter_link *link = charter_link(own, site);
    return link != NULL && !link->is_parent;
}

void seal_talk_begin(struct core *core, struct session *session)
{
    if (session->minor >= SESSION_MINOR_SEAL && !session->is_former &&
        !replica_has(core, session) && is_witness(core, &session->site))
        session->seal_talk.is_due = true;
}

/* --- showing --- */

/* The text of our checkpoint, with our signature. */
static void write_note(struct core *core, const struct seal_log *log,
                       const struct seal_head *after, struct buf *note)
{
    struct merkle_hash root;
    struct buf text = {0};
    seal_log_root(log, log->len, &root);
    checkpoint_write(&text, bytes_str(log->origin), log->len, &root);
    if (after != NULL)
        witness_after_add(&text, after->size, &after->root);
    if (buf_status(&text) == STATUS_OK) {
        note_add_text(note, buf_bytes(&text));
        note_sign(note, &core->node_pair, bytes_str(log->origin), buf_bytes(&text));
    }
    note->failed = note->failed || text.failed;
    buf_deinit(&text);
}

static void add_begin(const struct seal_log *log, uint64_t size, struct buf *begins)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    size_t len = 0;
    seal_log_inclusion(log, 0, size, proof, &len);
    pack_array(begins, 2);
    pack_bin(begins, log->first.data, log->first.len);
    pack_array(begins, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        pack_bin(begins, proof[i].bytes, MERKLE_HASH_SIZE);
}

/* The first leaf of the log, and of those that it goes on from, as far as they are here:
 * the witness may have seen none but an early one. */
static enum status add_begins(struct core *core, const struct seal_log *log,
                              struct buf *message)
{
    struct buf begins = {0};
    struct seal seal;
    uint32_t count = 1;
    enum status status = seal_read(&seal, buf_bytes(&log->first), NULL);
    add_begin(log, log->len, &begins);
    for (int64_t number = log->number; status == STATUS_OK && seal.has_former &&
                                       number > 0 && count < WITNESS_BEGINS_MAX;
         number--) {
        struct seal_log former;
        const struct seal_head head = seal.former;
        status = seal_log_read_former(core, number - 1, &former);
        bool is_here = status == STATUS_OK && former.len >= head.size && head.size > 0 &&
                       strcmp(former.origin, head.origin) == 0;
        if (is_here) {
            add_begin(&former, head.size, &begins);
            count++;
            status = seal_read(&seal, buf_bytes(&former.first), NULL);
        }
        seal_log_free(&former);
        if (!is_here)
            break;
    }
    pack_array(message, count);
    buf_append(message, &begins);
    buf_deinit(&begins);
    return status == STATUS_INVALID ? STATUS_CORRUPT : status;
}

/* From old_size on. after: what the other end showed us; NULL: nothing beyond it. */
static enum status send_checkpoint(struct core *core, struct session *session,
                                   const struct seal_log *log, uint64_t old_size,
                                   const struct seal_head *after)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX], old_root;
    size_t len = 0;
    struct buf note = {0}, request = {0}, message = {0};
    seal_log_consistency(log, old_size, log->len, proof, &len);
    seal_log_root(log, old_size, &old_root);
    write_note(core, log, after, &note);
    witness_request_write(&request, old_size, proof, len, buf_bytes(&note));
    pack_array(&message, 4);
    pack_str(&message, "checkpoint");
    pack_bin(&message, request.data, request.len);
    pack_bin(&message, old_root.bytes, MERKLE_HASH_SIZE);
    enum status status = STATUS_OK;
    if (old_size == 0)
        status = add_begins(core, log, &message);
    else
        pack_array(&message, 0);
    message.failed = message.failed || request.failed || note.failed;
    if (status == STATUS_OK)
        status = buf_status(&message);
    if (status == STATUS_OK)
        session_send(session, &message);
    buf_deinit(&note);
    buf_deinit(&request);
    buf_deinit(&message);
    return status;
}

/* What the witness at the other end is known to have seen of the log. */
static enum status read_seen(struct core *core, const struct session *session,
                             const struct seal_log *log, uint64_t *seen)
{
    char name[WITNESS_NAME_SIZE];
    const struct charter_node *machine = machine_of(core, session);
    *seen = 0;
    if (machine == NULL)
        return STATUS_OK;
    witness_name(name, machine->key);
    enum status status = store_cosigned_get(core->store, log->number, name, seen);
    if (session->seal_talk.was_told)
        *seen = session->seal_talk.told_size;
    if (*seen > log->len)
        *seen = log->len;
    return status;
}

static enum status show(struct core *core, struct session *session)
{
    struct seal_log log;
    uint64_t seen = 0;
    enum status status = seal_log_read(core, &log);
    if (status == STATUS_OK)
        status = read_seen(core, session, &log, &seen);
    if (status == STATUS_OK && log.len > 0)
        status = send_checkpoint(core, session, &log, seen, NULL);
    seal_log_free(&log);
    session->seal_talk.is_due = false;
    session->seal_talk.was_told = false;
    session->seal_talk.shown = core->seal_clock.grown;
    return core_check(core, status == STATUS_NOT_FOUND ? STATUS_OK : status);
}

void seal_talk_after_turn(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL || session->state != SESSION_READY)
            continue;
        if (session->seal_talk.shown != core->seal_clock.grown)
            seal_talk_begin(core, session);
        if (!session->seal_talk.is_due)
            continue;
        (void)show(core, session); /* a failure of ours shows at the commit */
        session_flush(core, session);
    }
}

/* --- looking at another's --- */

static void send_note(struct session *session, const char *name, const struct buf *note)
{
    struct buf message = {0};
    pack_array(&message, 2);
    pack_str(&message, name);
    pack_bin(&message, note->data, note->len);
    session_send(session, &message);
    buf_deinit(&message);
}

static enum status read_begin(struct pack_reader *reader, struct witness_begin *begin)
{
    uint32_t two, len = 0;
    enum status status = pack_read_array(reader, &two, NULL);
    if (status == STATUS_OK && two != 2)
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &begin->leaf, NULL);
    if (status == STATUS_OK)
        status = pack_read_array(reader, &len, NULL);
    if (status == STATUS_OK && len > MERKLE_PROOF_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < len; i++)
        status = pack_read_fixed(reader, begin->proof[i].bytes, MERKLE_HASH_SIZE, NULL);
    begin->proof_len = len;
    return status;
}

/* begins: room for WITNESS_BEGINS_MAX. */
static enum status read_claim(struct pack_reader *reader, struct witness_claim *claim,
                              struct witness_request *request,
                              struct witness_begin *begins)
{
    struct bytes bytes;
    enum status status = pack_read_bin(reader, &bytes, NULL);
    if (status == STATUS_OK)
        status = witness_request_read(request, bytes, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, claim->old_root.bytes, MERKLE_HASH_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_array(reader, &claim->begins_len, NULL);
    if (status == STATUS_OK && claim->begins_len > WITNESS_BEGINS_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < claim->begins_len; i++)
        status = read_begin(reader, &begins[i]);
    claim->request = request;
    claim->begins = begins;
    return status;
}

static enum status judge(struct core *core, struct session *session,
                         struct witness_claim *claim)
{
    enum witness_answer answer;
    struct buf note = {0};
    const struct charter_node *machine = machine_of(core, session);
    if (machine == NULL)
        return STATUS_OK; /* its site has revoked it, and it does not know that yet */
    memcpy(claim->machine, machine->key, KEY_SIZE);
    memcpy(claim->replaced, machine->replaced, KEY_SIZE);
    enum status status = witness_judge(core, claim, &answer, &note);
    if (status == STATUS_OK && answer == WITNESS_COSIGNED)
        send_note(session, "cosignature", &note);
    if (status == STATUS_OK && answer == WITNESS_HOLDS)
        send_note(session, "witnessed", &note);
    buf_deinit(&note);
    return status;
}

/* What is read of it has some size, and is needed in this turn alone. */
struct room {
    struct witness_request request;
    struct witness_begin begins[WITNESS_BEGINS_MAX];
};

enum status seal_talk_checkpoint(struct core *core, struct session *session,
                                 struct pack_reader *reader)
{
    struct witness_claim claim = {.site = session->site, .noise_key = session->peer_key};
    if (replica_has(core, session) || session->seal_talk.heard++ >= HEARD_MAX)
        return STATUS_INVALID;
    struct room *room = malloc(sizeof(*room));
    if (room == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    enum status status = read_claim(reader, &claim, &room->request, room->begins);
    status = status == STATUS_OK ? judge(core, session, &claim) : STATUS_INVALID;
    free(room);
    return status;
}

/* --- what a witness says of ours --- */

struct answer {
    struct seal_log log;
    struct bytes bytes;
    struct note note;
    struct checkpoint checkpoint;
    struct seal_head head;
};

/* NOT_FOUND: about another log than the one that grows. */
static enum status read_answer(struct core *core, struct pack_reader *reader,
                               struct answer *answer)
{
    struct err err = {0};
    enum status status = pack_read_bin(reader, &answer->bytes, NULL);
    if (status == STATUS_OK)
        status =
            checkpoint_read_note(&answer->checkpoint, &answer->note, answer->bytes, &err);
    if (status != STATUS_OK)
        return STATUS_INVALID;
    status = seal_log_read(core, &answer->log);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? status : core_check(core, status);
    if (!bytes_equal_str(answer->checkpoint.origin, answer->log.origin))
        return STATUS_NOT_FOUND;
    memcpy(answer->head.origin, answer->log.origin, SEAL_ORIGIN_SIZE);
    answer->head.size = answer->checkpoint.size;
    answer->head.root = answer->checkpoint.root;
    return STATUS_OK;
}

static bool is_ours(const struct seal_log *log, const struct seal_head *head)
{
    struct merkle_hash root;
    if (head->size > log->len)
        return false;
    seal_log_root(log, head->size, &root);
    return merkle_equal(&root, &head->root);
}

/* What is kept: our signature and that of the witness. */
static enum status keep_cosigned(struct core *core, const struct answer *answer,
                                 const char *witness, const struct note_key *key)
{
    struct buf note = {0};
    note_add_text(&note, answer->note.text);
    note_sign(&note, &core->node_pair, bytes_str(answer->log.origin), answer->note.text);
    for (size_t i = 0; i < answer->note.signatures_len; i++) {
        const struct note_signature *signature = &answer->note.signatures[i];
        if (bytes_equal(signature->name, key->name) &&
            memcmp(signature->key_id, key->id, NOTE_KEY_ID_SIZE) == 0)
            buf_add(&note, signature->line.data, signature->line.len);
    }
    enum status status = buf_status(&note);
    if (status == STATUS_OK)
        status = store_cosigned_put(core->store, answer->log.number, witness,
                                    answer->head.size, buf_bytes(&note));
    buf_deinit(&note);
    return core_check(core, status);
}

static enum status take_cosignature(struct core *core, struct session *session,
                                    const struct answer *answer)
{
    char name[WITNESS_NAME_SIZE];
    struct note_key key;
    uint64_t before = 0;
    const struct charter_node *machine = machine_of(core, session);
    if (machine == NULL || !is_ours(&answer->log, &answer->head) ||
        answer->checkpoint.extension.len > 0)
        return STATUS_INVALID;
    witness_name(name, machine->key);
    note_key_init(&key, bytes_str(name), NOTE_COSIGNATURE, machine->key);
    if (note_verify(&answer->note, &key, NULL) != STATUS_OK)
        return STATUS_UNVERIFIED;
    enum status status =
        store_cosigned_get(core->store, answer->log.number, name, &before);
    if (status != STATUS_OK || before >= answer->head.size)
        return core_check(core, status);
    core_trace(core, "seal cosigned");
    return keep_cosigned(core, answer, name, &key);
}

enum status seal_talk_cosignature(struct core *core, struct session *session,
                                  struct pack_reader *reader)
{
    struct answer answer = {.log = {.number = 0}};
    enum status status = read_answer(core, reader, &answer);
    if (status == STATUS_OK)
        status = take_cosignature(core, session, &answer);
    seal_log_free(&answer.log);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* It has seen what we do not have, or something else: this machine was set back, or has a
 * copy. It says so under its own name, and goes on in another log. */
static enum status own_up(struct core *core, struct session *session,
                          const struct answer *answer)
{
    const struct seal_log *log = &answer->log;
    bool is_longer = answer->head.size > log->len;
    core_trace(core, "seal log held=%d of=%llu", is_longer, (unsigned long long)log->len);
    enum status status =
        send_checkpoint(core, session, log, is_longer ? log->len : answer->head.size,
                        is_longer ? &answer->head : NULL);
    if (status != STATUS_OK)
        return core_check(core, status);
    return seal_log_begin_behind(core, &answer->head);
}

static enum status take_witnessed(struct core *core, struct session *session,
                                  const struct answer *answer)
{
    struct note_key key;
    note_key_init(&key, bytes_str(answer->log.origin), NOTE_ED25519, core->node_key);
    if (answer->checkpoint.extension.len > 0 || answer->head.size == 0 ||
        note_verify(&answer->note, &key, NULL) != STATUS_OK)
        return STATUS_UNVERIFIED; /* nobody but this machine signs its log */
    if (!is_ours(&answer->log, &answer->head))
        return own_up(core, session, answer);
    session->seal_talk.was_told = true;
    session->seal_talk.told_size = answer->head.size;
    session->seal_talk.is_due = true;
    return STATUS_OK;
}

enum status seal_talk_witnessed(struct core *core, struct session *session,
                                struct pack_reader *reader)
{
    struct answer answer = {.log = {.number = 0}};
    enum status status = read_answer(core, reader, &answer);
    if (status == STATUS_OK)
        status = take_witnessed(core, session, &answer);
    seal_log_free(&answer.log);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
