#include "node/core/pieces.h"

#include <stdlib.h>

#include "crypto/secret.h"
#include "node/cases/attached.h"
#include "node/cases/fold.h"
#include "node/core/pair.h"
#include "node/core/quota.h"
#include "node/core/replica.h"
#include "node/core/scope_ops.h"
#include "node/core/session.h"
#include "storage/store_chunks.h"

#define PIECE_SIZE_MAX (ATTACHMENT_CHUNK_SIZE + CHUNK_TAG_SIZE)

/* --- what lacks --- */

static enum status note_file(struct core *core, const struct op *op,
                             const struct attached *file)
{
    uint64_t here;
    struct store_piece piece = {.op = op->id, .scope = op->scope};
    enum status status = store_chunks_of(core->store, &op->id, &here);
    if (status == STATUS_OK && here >= file->len)
        return STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < file->len; i++) {
        piece.piece = i;
        piece.digest = file->pieces[i];
        status = store_lacking_add(core->store, &piece);
    }
    return status;
}

/* What came for another op that brings this file, and stood for it until this one was
 * here (EFFECT_FILE_TWICE). */
static enum status take_over(struct core *core, const struct scope_ops *ops,
                             const struct op *op)
{
    enum status status = STATUS_OK;
    struct id file, other;
    (void)op_id(op, "file", &file); /* it has effect */
    for (size_t i = 0; status == STATUS_OK && i < ops->len; i++)
        if (ops->ops[i] != op && op_is_kind(ops->ops[i], "attached") &&
            op_id(ops->ops[i], "file", &other) && id_equal(&other, &file))
            status = store_chunks_move(core->store, &ops->ops[i]->id, &op->id);
    return status;
}

/* A file of a case: the other machines of our site have its pieces. */
static enum status note_own(struct core *core, const struct op *op,
                            const struct fold_result *folded)
{
    struct attached file;
    enum status status;
    if (attached_read(op, &file) && fold_effect_of(folded, &op->id) == EFFECT_YES)
        status = note_file(core, op, &file);
    else
        status = store_lacking_drop(core->store, &op->id);
    secret_wipe(&file, sizeof(file));
    return status;
}

enum status pieces_note(struct core *core, const struct scope_ops *ops,
                        const struct fold_result *folded)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < ops->len; i++) {
        struct attached file;
        if (op_is_kind(ops->ops[i], "attach"))
            status = note_own(core, ops->ops[i], folded);
        if (!op_is_kind(ops->ops[i], "attached"))
            continue;
        if (!folded->is_recalled && attached_read_released(ops->ops[i], &file) &&
            fold_effect_of(folded, &ops->ops[i]->id) == EFFECT_YES) {
            status = take_over(core, ops, ops->ops[i]);
            if (status == STATUS_OK)
                status = note_file(core, ops->ops[i], &file);
        } else
            status = store_lacking_drop(core->store, &ops->ops[i]->id);
        secret_wipe(&file, sizeof(file));
    }
    return status;
}

/* --- asking --- */

void pieces_begin(struct pieces *pieces)
{
    pieces->is_again = pieces->is_due;
    if (!pieces->is_due)
        pieces->from = (struct id){{0}};
    pieces->is_due = true;
}

static void end_pass(struct pieces *pieces)
{
    pieces->from = (struct id){{0}};
    pieces->is_due = pieces->is_again;
    pieces->is_again = false;
}

/* The least id above it. Ids are digests: none is the highest. */
static void pass_over(struct pieces *pieces, const struct id *op)
{
    unsigned sum = 1;
    for (int i = ID_SIZE; i > 0; i--) {
        sum += op->bytes[i - 1];
        pieces->from.bytes[i - 1] = (uint8_t)sum;
        sum >>= 8;
    }
}

static void send_fetch(struct session *session)
{
    struct pieces *pieces = &session->pieces;
    struct buf message = {0};
    pack_array(&message, 3);
    pack_str(&message, "fetch");
    pack_bin(&message, pieces->asked.op.bytes, ID_SIZE);
    pack_uint(&message, pieces->asked.piece);
    session_send(session, &message);
    buf_deinit(&message);
    pieces->is_asked = true;
}

/* What this node keeps altogether is looked at once a file. */
static enum status look_for_room(struct core *core, const struct id *site,
                                 bool is_next_file, enum pieces_lack *lack)
{
    struct store_source source;
    uint64_t size = 0;
    enum status status = store_source_get(core->store, site, &source);
    if (status == STATUS_OK && is_next_file)
        status = store_chunks_size(core->store, &size);
    if (status != STATUS_OK)
        return core_check(core, status);
    *lack = PIECES_LACK_NOTHING;
    if (!id_equal(site, &core->site) && source.bytes + PIECE_SIZE_MAX > source.bytes_max)
        *lack = PIECES_LACK_QUOTA;
    if (size + ATTACHMENT_SIZE_MAX > ATTACHMENTS_BYTES_MAX)
        *lack = PIECES_LACK_ROOM;
    return STATUS_OK;
}

/* Nothing more is asked of it until the next round. Beyond its quota a steward sees that
 * it would have brought too much; where we have no room, the peer has done nothing. */
static enum status say_full(struct core *core, struct session *session,
                            enum pieces_lack lack)
{
    session->pieces.is_due = session->pieces.is_again = false;
    if (session->pieces.said == lack)
        return STATUS_OK;
    session->pieces.said = lack;
    core_trace(core, "pieces conn=%llu no-room=%s", (unsigned long long)session->conn,
               lack == PIECES_LACK_ROOM ? "ours" : "quota");
    if (lack == PIECES_LACK_ROOM)
        return STATUS_OK;
    return core_check(core, store_source_add(core->store, &session->site, 0, 0, 1));
}

/* The next piece that lacks, of a record that we share with this peer: nobody else hears
 * of it. NOT_FOUND: none in this turn. */
static enum status find_next(struct core *core, struct session *session,
                             struct store_piece *piece)
{
    struct pieces *pieces = &session->pieces;
    while (pieces->is_due) { /* at most twice: a pass that ended, and the one again */
        enum status status =
            store_lacking_next(core->store, &session->site, &pieces->from, piece);
        if (status != STATUS_NOT_FOUND)
            return status;
        end_pass(pieces);
    }
    return STATUS_NOT_FOUND;
}

static enum status ask(struct core *core, struct session *session)
{
    struct store_piece piece;
    enum pieces_lack lack = PIECES_LACK_NOTHING;
    enum status status = find_next(core, session, &piece);
    if (status == STATUS_OK)
        status = look_for_room(core, &session->site,
                               !id_equal(&piece.op, &session->pieces.asked.op), &lack);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
    if (lack != PIECES_LACK_NOTHING)
        return say_full(core, session, lack);
    session->pieces.asked = piece;
    send_fetch(session);
    return STATUS_OK;
}

void pieces_after_turn(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL)
            continue;
        session->pieces.has_answered = false;
        if (session->state != SESSION_READY || !session->pieces.is_due ||
            session->pieces.is_asked)
            continue;
        (void)ask(core, session); /* a failure of ours shows at the commit */
        session_flush(core, session);
    }
}

/* --- answering --- */

struct question {
    struct core *core;
    const struct id *site;  /* who asks */
    const uint8_t *machine; /* of our own site; NULL: of another */
    struct share_terms terms;
    uint32_t number;
    struct id digest;
    bool may; /* have that piece */
};

static enum status look_at_op(void *context, const struct store_op *row)
{
    struct question *question = context;
    struct attached file;
    struct op *op = calloc(1, sizeof(*op));
    if (op == NULL)
        return STATUS_NO_MEMORY;
    enum status status =
        op_decode_bytes(op, row->bytes, NULL) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    bool is_ours = question->machine != NULL;
    if (status == STATUS_OK &&
        (is_ours ? attached_read(op, &file) : attached_read_released(op, &file))) {
        uint32_t shown = share_mask(question->core, op, &question->terms);
        const struct op_field *key = op_field(op, "key");
        question->may = question->number < file.len && (shown >> (key - op->fields) & 1);
        if (question->may)
            question->digest = file.pieces[question->number];
        secret_wipe(&file, sizeof(file));
    }
    free(op);
    return status;
}

/* The egress rule of outgoing.c: a scope that the pair does not share is, to the other, a
 * scope that does not exist; of one that it shares the file goes where its key may. */
static enum status judge(struct question *question, const struct id *id)
{
    struct core *core = question->core;
    struct store_place place;
    enum status status = store_op_find(core->store, id, &place);
    if (status == STATUS_OK)
        status =
            place.waits ? STATUS_NOT_FOUND : pair_has(core, question->site, &place.scope);
    if (status == STATUS_OK)
        status =
            question->machine != NULL
                ? replica_terms(core, question->machine, &place.scope, &question->terms)
                : share_terms(core, question->site, &place.scope, &question->terms);
    if (status == STATUS_OK)
        status = store_op_get(core->store, id, look_at_op, question);
    if (status == STATUS_DENIED) /* never: see share_terms */
        status = STATUS_NOT_FOUND;
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
}

/* Nothing where it is not here, or not whole any more. */
static enum status read_piece(const struct question *question, const struct id *op,
                              struct buf *sealed)
{
    struct id digest;
    enum status status =
        store_chunk_of(question->core->store, op, question->number, sealed);
    store_chunk_digest(&digest, buf_bytes(sealed));
    if (!id_equal(&digest, &question->digest))
        buf_clear(sealed);
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(question->core, status);
}

enum status pieces_give(struct core *core, const struct id *site, const uint8_t *machine,
                        const struct id *op, uint32_t number, struct buf *sealed,
                        bool *is_there)
{
    struct question question = {
        .core = core, .site = site, .machine = machine, .number = number};
    enum status status = judge(&question, op);
    *is_there = question.may;
    return status == STATUS_OK && question.may ? read_piece(&question, op, sealed)
                                               : status;
}

void pieces_write(struct buf *message, const struct id *op, uint32_t number,
                  struct bytes sealed)
{
    pack_array(message, 4);
    pack_str(message, "piece");
    pack_bin(message, op->bytes, ID_SIZE);
    pack_uint(message, number);
    pack_bin(message, sealed.data, sealed.len);
}

static enum status read_name(struct pack_reader *reader, struct id *op, uint64_t *number)
{
    enum status status = pack_read_fixed(reader, op->bytes, ID_SIZE, NULL);
    return status == STATUS_OK ? pack_read_uint(reader, number, NULL) : status;
}

enum status pieces_fetch(struct core *core, struct session *session,
                         struct pack_reader *reader)
{
    struct buf sealed = {0}, message = {0};
    struct id op;
    bool is_there;
    uint64_t number = 0;
    enum status status = read_name(reader, &op, &number);
    if (status != STATUS_OK)
        return status;
    /* Who has not read the last answer asks for memory, and not for a file. */
    if (session->pieces.has_answered || number >= ATTACHMENT_CHUNKS_MAX)
        return STATUS_INVALID;
    session->pieces.has_answered = true;
    status = pieces_give(core, &session->site, replica_machine(core, session), &op,
                         (uint32_t)number, &sealed, &is_there);
    if (status == STATUS_OK) {
        pieces_write(&message, &op, (uint32_t)number, buf_bytes(&sealed));
        session_send(session, &message);
    }
    buf_deinit(&sealed);
    buf_deinit(&message);
    return status;
}

/* --- taking in --- */

/* Whole now: whoever shares the record, and asked before it was here, hears of it. */
static enum status note_whole(struct core *core, const struct store_piece *piece)
{
    uint64_t lacking;
    enum status status = store_lacking_of(core->store, &piece->op, &lacking);
    if (status != STATUS_OK || lacking > 0)
        return status;
    id_list_push(&core->changed, &piece->scope); /* the end of the turn sees if it is */
    return STATUS_OK;
}

static enum status keep(struct core *core, const struct id *site,
                        const struct store_piece *piece, struct bytes sealed)
{
    enum status status =
        store_chunk_add(core->store, &piece->op, piece->piece, &piece->digest, sealed);
    if (status == STATUS_OK)
        status = store_lacking_came(core->store, &piece->op, piece->piece);
    if (status == STATUS_OK && !id_equal(site, &core->site))
        status =
            store_chunk_brought(core->store, &piece->op, piece->piece, site, sealed.len);
    if (status == STATUS_OK)
        status = note_whole(core, piece);
    return core_check(core, status);
}

enum status pieces_piece(struct core *core, struct session *session,
                         struct pack_reader *reader)
{
    struct pieces *pieces = &session->pieces;
    struct store_piece piece;
    struct bytes sealed;
    struct id op, digest;
    uint64_t number = 0;
    enum status status = read_name(reader, &op, &number);
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &sealed, NULL);
    if (status != STATUS_OK)
        return status;
    if (!pieces->is_asked || !id_equal(&op, &pieces->asked.op) ||
        number != pieces->asked.piece || sealed.len > PIECE_SIZE_MAX)
        return STATUS_INVALID;
    pieces->is_asked = false;
    status = store_lacking_get(core->store, &op, pieces->asked.piece, &piece);
    if (status == STATUS_NOT_FOUND) /* recalled meanwhile, or another peer was faster */
        return STATUS_OK;
    if (status != STATUS_OK)
        return core_check(core, status);
    store_chunk_digest(&digest, sealed);
    if (id_equal(&digest, &piece.digest))
        return keep(core, &session->site, &piece, sealed);
    /* It has none, or another: a file that is damaged there stops no other. */
    if (sealed.len > 0)
        core_trace(core, "pieces conn=%llu wrong", (unsigned long long)session->conn);
    pass_over(pieces, &op);
    return STATUS_OK;
}

enum status pieces_bring(struct core *core, const struct id *site,
                         struct pack_reader *reader, enum pieces_lack *lack,
                         bool *is_kept)
{
    struct store_piece piece;
    struct bytes sealed;
    struct id op, digest;
    uint64_t number = 0;
    *lack = PIECES_LACK_NOTHING;
    *is_kept = false;
    enum status status = read_name(reader, &op, &number);
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &sealed, NULL);
    if (status != STATUS_OK)
        return status;
    if (number >= ATTACHMENT_CHUNKS_MAX || sealed.len > PIECE_SIZE_MAX)
        return STATUS_INVALID;
    status = store_lacking_get(core->store, &op, (uint32_t)number, &piece);
    if (status == STATUS_NOT_FOUND) /* it is here, or nobody waits for it */
        return STATUS_OK;
    store_chunk_digest(&digest, sealed);
    if (status != STATUS_OK || !id_equal(&digest, &piece.digest))
        return core_check(core, status);
    status = look_for_room(core, site, true, lack);
    if (status != STATUS_OK || *lack != PIECES_LACK_NOTHING)
        return status;
    *is_kept = true;
    return keep(core, site, &piece, sealed);
}
