#include "board.h"

#include <string.h>

#include "node/cases/role.h"

struct log *board_log(struct board *board)
{
    return &board->town.sites[VILLAGE].log;
}

void board_after(struct board *board, const struct op *parent)
{
    assert_true(board->parents_len < OP_AUTHORITY_MAX);
    board->parents[board->parents_len++] = parent;
}

static struct op *begin(struct board *board, const char *kind)
{
    const struct log *log = board_log(board);
    struct op *op = story_begin(board->town.story, kind);
    if (board->parents_len == 0)
        story_after(op, log->ops[log->len - 1]);
    for (size_t i = 0; i < board->parents_len; i++)
        story_after(op, board->parents[i]);
    board->parents_len = 0;
    return op;
}

static const struct op *seal(struct board *board, struct op *op,
                             const struct story_person *by)
{
    story_seal(board->town.story, op, by);
    log_add(board_log(board), op);
    return op;
}

static void put_key(struct board *board, struct op *op, const char *name,
                    const struct story_person *who)
{
    story_put(op, name, story_bin(board->town.story, who->key, 32));
}

const struct op *board_person(struct board *board, const struct story_person *by,
                              const struct story_person *who, const char *role)
{
    struct op *op = begin(board, "person");
    put_key(board, op, "key", who);
    story_put(op, "name", story_text(board->town.story, "李某"));
    story_put(op, "role", story_text(board->town.story, role));
    return seal(board, op, by);
}

const struct op *board_steward(struct board *board, const struct story_person *by,
                               const struct story_person *who)
{
    return board_person(board, by, who, "steward");
}

const struct op *board_node(struct board *board, const struct story_person *by)
{
    struct op *op = begin(board, "node");
    put_key(board, op, "key", &board->machine);
    story_put(op, "noise-key", story_bin(board->town.story, board->machine.seed, 32));
    story_put(op, "name", story_text(board->town.story, "山上"));
    return seal(board, op, by);
}

const struct op *board_quorum(struct board *board, const struct story_person *by,
                              uint64_t number)
{
    struct op *op = begin(board, "quorum");
    story_put(op, "number", story_uint(board->town.story, number));
    return seal(board, op, by);
}

const struct op *board_rotate(struct board *board, const struct story_person *by,
                              const struct story_person *to)
{
    struct op *op = begin(board, "recovery");
    put_key(board, op, "key", to);
    return seal(board, op, by);
}

const struct op *board_word(struct board *board, const char *kind,
                            const struct story_person *by, const struct op *target)
{
    struct op *op = begin(board, kind);
    story_put(op, "op", story_bin(board->town.story, target->id.bytes, ID_SIZE));
    return seal(board, op, by);
}

const struct op *board_revoke(struct board *board, const struct story_person *by,
                              const struct story_person *who, const struct op *covers)
{
    struct op *op = begin(board, "revoke");
    put_key(board, op, "key", who);
    story_put(op, "covers", story_ids(board->town.story, &covers, covers != NULL));
    return seal(board, op, by);
}

void board_init(struct board *board, uint64_t seed, uint64_t quorum)
{
    memset(board, 0, sizeof(*board));
    town_init(&board->town, seed);
    struct story *story = board->town.story;
    struct site *village = &board->town.sites[VILLAGE];
    board->first = &village->steward;
    board->second = story_person(story, 101);
    board->third = story_person(story, 102);
    board->machine = story_person(story, 103);
    board->sheet = village->recovery;
    board_steward(board, board->first, &board->second);
    board_steward(board, board->first, &board->third);
    if (quorum > 1)
        board_quorum(board, board->first, quorum);
}

void board_deinit(struct board *board)
{
    town_deinit(&board->town);
}

/* --- what came of it --- */

struct charter *board_fold(struct board *board)
{
    site_refresh(&board->town, VILLAGE);
    return board->town.sites[VILLAGE].charter;
}

enum effect board_effect(struct board *board, const struct op *op)
{
    return charter_effect(board_fold(board), &op->id);
}

uint32_t board_roles_at(struct board *board, const struct op *head,
                        const struct story_person *who)
{
    return charter_roles(board_fold(board), &head->id, 1, who->key);
}

uint32_t board_roles(struct board *board, const struct story_person *who)
{
    return charter_roles_now(board_fold(board), who->key);
}

bool board_has_machine(struct board *board)
{
    return charter_has_machine(board_fold(board), board->machine.seed);
}

uint32_t board_words(struct board *board)
{
    struct charter *charter = board_fold(board);
    struct charter_proposal proposal, other;
    uint32_t at = 0;
    assert_true(charter_next_proposal(charter, &at, &proposal));
    assert_false(charter_next_proposal(charter, &at, &other));
    return proposal.words_len;
}

/* --- any order --- */

static void write_all(struct board *board, struct buf *out)
{
    struct charter *charter = board_fold(board);
    struct charter_proposal proposal;
    uint32_t at = 0;
    charter_view(charter, out);
    while (charter_next_proposal(charter, &at, &proposal)) {
        buf_add(out, proposal.op.bytes, ID_SIZE);
        buf_add(out, proposal.words, sizeof(proposal.words));
        buf_add_u32(out, proposal.need << 16 | proposal.words_len);
    }
    buf_add_u32(out, charter_quorum(charter));
    buf_add(out, charter_recovery_key(charter), 32);
}

static void assert_same(struct board *board, const struct buf *wanted)
{
    struct buf got = {0};
    write_all(board, &got);
    assert_true(bytes_equal(buf_bytes(&got), buf_bytes(wanted)));
    buf_deinit(&got);
}

static void swap(struct log *log, size_t one, size_t other)
{
    const struct op *op = log->ops[one];
    log->ops[one] = log->ops[other];
    log->ops[other] = op;
}

/* Heap's way through all orders of the last ops. */
static void try_orders(struct board *board, const struct buf *wanted, size_t begin,
                       size_t len)
{
    struct log *log = board_log(board);
    if (len <= 1) {
        assert_same(board, wanted);
        return;
    }
    for (size_t i = 0; i < len; i++) {
        try_orders(board, wanted, begin, len - 1);
        swap(log, begin + (len % 2 == 0 ? i : 0), begin + len - 1);
    }
}

void board_assert_any_order(struct board *board)
{
    struct log *log = board_log(board);
    size_t tail = log->len > 5 ? 5 : log->len;
    struct log told = *log;
    struct buf wanted = {0};
    write_all(board, &wanted);
    try_orders(board, &wanted, log->len - tail, tail);
    for (int round = 0; round < 20; round++) {
        for (size_t i = log->len; i > 1; i--)
            swap(log, i - 1, story_dice(board->town.story, (uint32_t)i));
        assert_same(board, &wanted);
    }
    *log = told;
    buf_deinit(&wanted);
}
