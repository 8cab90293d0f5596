/* What a pair shares: the set as Negentropy reads it, against the set in memory, and the
 * lattice of digests, through histories with rolled back turns and power cuts. */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "proto/negentropy.h"
#include "proto/negentropy_set.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

#define EPOCH_2020 1577836800u

enum { SCOPES = 6, SITES = 2, OPS_MAX = 900 };

/* One op that is in the store, as the model knows it. */
struct model_op {
    struct id id;
    uint64_t wall;
    int scope;
    bool waits;
};

struct model {
    struct model_op ops[OPS_MAX];
    int ops_len;
    bool shared[SITES][SCOPES];
    uint8_t digests[SCOPES]; /* each of 32 times this byte; 0: not folded yet */
};

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static struct id scope_of(int number)
{
    return sample_id((uint8_t)(0x10 + number));
}

static struct id site_of(int number)
{
    return sample_id((uint8_t)(0xa0 + number));
}

/* Around the ends of what the protocol's timestamp can say, and in between. */
static uint64_t draw_wall(void)
{
    static const uint64_t walls[] = {0, EPOCH_2020, EPOCH_2020 + 1,
                                     EPOCH_2020 + INT32_MAX, INT64_MAX};
    uint64_t choice = draw(20);
    return choice < 5 ? walls[choice] : EPOCH_2020 + 200000000 + draw(50);
}

static void add_op(struct store *store, struct model *model, int scope)
{
    if (model->ops_len == OPS_MAX)
        return;
    struct model_op *mine = &model->ops[model->ops_len];
    struct op *op = calloc(1, sizeof(*op));
    assert_non_null(op);
    op->scope = scope_of(scope);
    op->time = 1;
    op->wall = draw_wall();
    for (int i = 0; i < ID_SIZE; i++)
        op->id.bytes[i] = (uint8_t)draw(256);
    *mine = (struct model_op){op->id, op->wall, scope, draw(4) == 0};
    assert_int_equal(store_op_add(store, op, bytes_str("bytes"), SCOPE_ESCALATION,
                                  mine->waits ? TREE_WAITING : TREE_SHARED),
                     STATUS_OK);
    assert_int_equal(
        store_op_add(store, op, bytes_str("bytes"), SCOPE_ESCALATION, TREE_SHARED),
        STATUS_EXISTS);
    free(op);
    model->ops_len++;
}

static void fold(struct store *store, struct model *model, int scope)
{
    uint8_t byte = (uint8_t)(1 + draw(255));
    struct store_scope row = {.id = scope_of(scope),
                              .kind = SCOPE_ESCALATION,
                              .digest = sample_id(byte),
                              .view = bytes_str("view")};
    enum status status = store_scope_put(store, &row, NULL, 0, NULL, 0);
    if (status == STATUS_NOT_FOUND)
        return; /* nothing of it is here */
    assert_int_equal(status, STATUS_OK);
    model->digests[scope] = byte;
}

static void share(struct store *store, struct model *model, int site, int scope)
{
    struct id other = site_of(site), id = scope_of(scope);
    bool *is_shared = &model->shared[site][scope];
    if (model->digests[scope] == 0) {
        assert_int_equal(store_pair_put(store, &other, &id), STATUS_NOT_FOUND);
        return;
    }
    if (draw(3) > 0) {
        assert_int_equal(store_pair_put(store, &other, &id),
                         *is_shared ? STATUS_EXISTS : STATUS_OK);
        *is_shared = true;
    } else {
        assert_int_equal(store_pair_drop(store, &other, &id),
                         *is_shared ? STATUS_OK : STATUS_NOT_FOUND);
        *is_shared = false;
    }
}

static void forget_one(struct store *store, struct model *model)
{
    int at = (int)draw((uint64_t)model->ops_len);
    if (!model->ops[at].waits)
        return;
    assert_int_equal(store_op_remove_waiting(store, &model->ops[at].id), STATUS_OK);
    model->ops[at] = model->ops[--model->ops_len];
}

static void step(struct store *store, struct model *model)
{
    int scope = (int)draw(SCOPES);
    uint64_t choice = draw(20);
    if (choice < 13 || model->ops_len == 0)
        add_op(store, model, scope);
    else if (choice < 16)
        forget_one(store, model);
    else if (choice < 18)
        fold(store, model, scope);
    else
        share(store, model, (int)draw(SITES), scope);
}

/* --- the model says the same --- */

static uint64_t locality(uint64_t wall)
{
    uint64_t seconds = wall < EPOCH_2020 ? 0 : wall - EPOCH_2020;
    return seconds > INT32_MAX ? INT32_MAX : seconds;
}

static void assert_set(struct store *store, const struct model *model, int site)
{
    struct id other = site_of(site);
    struct negentropy_set set;
    struct store_set kept;
    negentropy_set_init(&set);
    for (int i = 0; i < model->ops_len; i++)
        if (model->shared[site][model->ops[i].scope])
            assert_int_equal(negentropy_set_add(&set, locality(model->ops[i].wall),
                                                model->ops[i].id.bytes),
                             STATUS_OK);
    assert_int_equal(negentropy_set_seal(&set), STATUS_OK);
    assert_int_equal(store_set_open(store, &other, &kept), STATUS_OK);
    struct negentropy_source wanted = negentropy_set_source(&set);
    struct negentropy_source got = store_set_source(&kept);
    size_t len = wanted.len(wanted.context);
    assert_int_equal(got.len(got.context), len);
    for (int i = 0; i < 60; i++) {
        struct negentropy_item a, b;
        struct negentropy_sum sum_a, sum_b;
        size_t begin = draw(len + 1), end = begin + draw(len - begin + 1);
        wanted.sum(wanted.context, begin, end, &sum_a);
        got.sum(got.context, begin, end, &sum_b);
        assert_memory_equal(&sum_a, &sum_b, sizeof(sum_a));
        uint8_t id[NEGENTROPY_ID_SIZE] = {(uint8_t)draw(256)};
        uint64_t stamp = draw(8) == 0 ? NEGENTROPY_INFINITY : locality(draw_wall());
        assert_int_equal(got.lower_bound(got.context, begin, stamp, id),
                         wanted.lower_bound(wanted.context, begin, stamp, id));
        if (begin == len)
            continue;
        wanted.item(wanted.context, begin, &a);
        got.item(got.context, begin, &b);
        assert_memory_equal(&a, &b, sizeof(a));
    }
    assert_int_equal(got.status(got.context), STATUS_OK);
    negentropy_set_deinit(&set);
}

static void assert_lattice(struct store *store, const struct model *model, int site)
{
    struct lattice wanted = {{0}}, got;
    struct id other = site_of(site);
    struct sample_ids scopes = {0};
    uint64_t wanted_len = 0, got_len;
    for (int i = 0; i < SCOPES; i++) {
        struct id digest = sample_id(model->digests[i]), scope = scope_of(i);
        assert_int_equal(store_pair_has(store, &other, &scope),
                         model->shared[site][i] ? STATUS_OK : STATUS_NOT_FOUND);
        if (!model->shared[site][i])
            continue;
        lattice_add(&wanted, digest.bytes);
        wanted_len++;
    }
    assert_int_equal(store_pair_lattice(store, &other, &got, &got_len), STATUS_OK);
    assert_int_equal(got_len, wanted_len);
    assert_memory_equal(got.bytes, wanted.bytes, LATTICE_SIZE);
    assert_int_equal(store_pair_reckon(store, &other, &got, &got_len), STATUS_OK);
    assert_int_equal(got_len, wanted_len);
    assert_memory_equal(got.bytes, wanted.bytes, LATTICE_SIZE);
    assert_int_equal(store_pair_scopes(store, &other, sample_collect, &scopes),
                     STATUS_OK);
    assert_int_equal(scopes.len, wanted_len);
}

static void assert_model(struct store *store, const struct model *model)
{
    for (int site = 0; site < SITES; site++) {
        struct id other = site_of(site);
        struct store_set set;
        if (store_set_open(store, &other, &set) == STATUS_NOT_FOUND)
            continue;
        assert_set(store, model, site);
        assert_lattice(store, model, site);
    }
}

/* The ops of the model do not decode; of the findings, those about pairs count. */
static void count_finding(void *context, const char *text)
{
    if (strstr(text, "its bytes") == NULL)
        ++*(int *)context;
}

static int findings(struct store *store)
{
    int count = 0;
    assert_int_equal(store_check(store, count_finding, &count), STATUS_CORRUPT);
    return count;
}

static void set_and_lattice_follow_every_history(void **state)
{
    struct model *model = calloc(1, sizeof(*model)), *before = calloc(1, sizeof(*model));
    assert_non_null(model);
    assert_non_null(before);
    struct id sites[SITES] = {site_of(0), site_of(1)};
    seed = 20;
    sample_begin(*state);
    for (int i = 0; i < SITES; i++)
        assert_int_equal(store_pair_add(*state, &sites[i]), STATUS_OK);
    sample_commit(*state);

    for (int turn = 0; turn < 120; turn++) {
        struct store *store = *state;
        *before = *model;
        sample_begin(store);
        for (uint64_t steps = draw(30); steps > 0; steps--)
            step(store, model);
        if (draw(4) == 0)
            assert_model(store, model); /* in the middle of a turn */
        uint64_t end = draw(10);
        if (end == 0) {
            store_roll_back(store);
            *model = *before;
        } else if (end == 1) {
            *model = *before;
            store = sample_reopen(state, true);
        } else {
            sample_commit(store);
        }
        assert_model(store, model);
        if (turn % 20 == 19)
            assert_int_equal(findings(store), 0);
    }
    assert_true(model->ops_len > 300);
    free(model);
    free(before);
}

static void a_scope_cannot_be_shared_with_whom_we_do_not_reconcile(void **state)
{
    struct model model = {0};
    struct id stranger = sample_id(0xee), scope = scope_of(0), site = site_of(0);
    struct store_set set;
    struct lattice lattice;
    uint64_t len;
    seed = 1;
    sample_begin(*state);
    add_op(*state, &model, 0);
    fold(*state, &model, 0);

    assert_int_equal(store_pair_put(*state, &stranger, &scope), STATUS_NOT_FOUND);
    assert_int_equal(store_pair_has(*state, &stranger, &scope), STATUS_NOT_FOUND);
    assert_int_equal(store_set_open(*state, &stranger, &set), STATUS_NOT_FOUND);
    assert_int_equal(store_pair_lattice(*state, &stranger, &lattice, &len),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_pair_reckon(*state, &stranger, &lattice, &len),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_pair_add(*state, &site), STATUS_OK);
    assert_int_equal(store_pair_add(*state, &site), STATUS_EXISTS);

    sample_commit(*state);
}

/* --- ops come in between two messages of a round --- */

struct found {
    struct id ids[OPS_MAX];
    int len;
};

static enum status note_id(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct found *found = context;
    assert_true(found->len < OPS_MAX);
    memcpy(found->ids[found->len++].bytes, id, ID_SIZE);
    return STATUS_OK;
}

static enum status note_have(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    return note_id(&((struct found *)context)[0], id);
}

static enum status note_need(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    return note_id(&((struct found *)context)[1], id);
}

static bool has_found(const struct found *found, const struct id *id)
{
    for (int i = 0; i < found->len; i++)
        if (id_equal(&found->ids[i], id))
            return true;
    return false;
}

/* Scope 0 is of both sites, 1 of the first alone, 2 of the second alone. */
static void fill_three(struct store *store, struct model *model)
{
    static const int ops[] = {500, 40, 40};
    for (int site = 0; site < SITES; site++) {
        struct id id = site_of(site);
        assert_int_equal(store_pair_add(store, &id), STATUS_OK);
    }
    for (int scope = 0; scope < 3; scope++) {
        struct id id = scope_of(scope), first = site_of(0), second = site_of(1);
        for (int i = 0; i < ops[scope]; i++)
            add_op(store, model, scope);
        fold(store, model, scope);
        if (scope != 2)
            assert_int_equal(store_pair_put(store, &first, &id), STATUS_OK);
        if (scope != 1)
            assert_int_equal(store_pair_put(store, &second, &id), STATUS_OK);
    }
}

static void what_comes_in_between_hides_nothing_that_differs_throughout(void **state)
{
    struct store *store = *state;
    struct model *model = calloc(1, sizeof(*model));
    struct found *found = calloc(2, sizeof(*found)); /* have, need */
    struct negentropy sides[SITES];
    struct store_set sets[SITES];
    struct buf question = {0}, answer = {0};
    bool done = false;
    assert_non_null(model);
    assert_non_null(found);
    seed = 4;
    sample_begin(store);
    fill_three(store, model);
    int initial = model->ops_len, trips = 0;
    for (int i = 0; i < SITES; i++) {
        struct id site = site_of(i);
        assert_int_equal(store_set_open(store, &site, &sets[i]), STATUS_OK);
        negentropy_init(&sides[i], store_set_source(&sets[i]), 0);
    }
    struct negentropy_sink sink = {found, note_have, note_need};
    assert_int_equal(negentropy_probe(&sides[0], &question), STATUS_OK);
    while (!done) {
        assert_true(trips++ < 10);
        for (int i = 0; i < 20; i++)
            add_op(store, model, i % 3);
        buf_clear(&answer);
        assert_int_equal(
            negentropy_answer(&sides[1], buf_bytes(&question), &answer, NULL), STATUS_OK);
        for (int i = 0; i < 20; i++)
            add_op(store, model, i % 3);
        buf_clear(&question);
        assert_int_equal(negentropy_continue(&sides[0], buf_bytes(&answer), &question,
                                             &sink, &done, NULL),
                         STATUS_OK);
    }

    assert_true(model->ops_len > initial + 60);
    for (int i = 0; i < initial; i++) {
        const struct model_op *op = &model->ops[i];
        assert_int_equal(has_found(&found[0], &op->id), op->scope == 1);
        assert_int_equal(has_found(&found[1], &op->id), op->scope == 2);
    }
    for (int i = 0; i < SITES; i++)
        negentropy_deinit(&sides[i]);
    buf_deinit(&question);
    buf_deinit(&answer);
    store_roll_back(store);
    free(model);
    free(found);
}

/* --- damage is found --- */

/* Two scopes of 150 ops, shared with one site. */
static void fill(struct store *store, struct model *model)
{
    struct id site = site_of(0);
    seed = 99;
    sample_begin(store);
    assert_int_equal(store_pair_add(store, &site), STATUS_OK);
    for (int scope = 0; scope < 2; scope++) {
        struct id id = scope_of(scope);
        for (int i = 0; i < 150; i++)
            add_op(store, model, scope);
        fold(store, model, scope);
        assert_int_equal(store_pair_put(store, &site, &id), STATUS_OK);
        model->shared[0][scope] = true;
    }
    sample_commit(store);
}

/* Behind the store's back. */
static void damage(void **state, const char *sql)
{
    sqlite3 *db;
    struct store *store;
    store_close(*state);
    *state = NULL;
    assert_int_equal(sqlite3_open_v2(SAMPLE_FILE, &db, SQLITE_OPEN_READWRITE, SAMPLE_VFS),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(store_open(&store, SAMPLE_FILE, SAMPLE_VFS, false, NULL), STATUS_OK);
    *state = store;
}

static void the_check_names_a_set_that_is_not_that_of_the_ops(void **state)
{
    static const char *const damages[] = {
        "DELETE FROM ops WHERE tree = 0",
        "UPDATE ops SET wall = wall + 1 WHERE wall BETWEEN 1700000000 AND 2000000000",
        "DELETE FROM shared WHERE scope = (SELECT min(scope) FROM shared)",
        "UPDATE pairs SET scopes_len = 3",
        "UPDATE pairs SET lattice = zeroblob(2048)",
        "UPDATE scopes SET digest = zeroblob(32)",
        "UPDATE scopes SET kind = 2",
        "UPDATE nodes SET bytes = substr(bytes, 1, length(bytes) - 1)",
        "UPDATE nodes SET bytes = zeroblob(1)",
        "UPDATE pairs SET root = root + 1",
        "DELETE FROM nodes WHERE number = (SELECT max(number) FROM nodes)",
        "INSERT INTO nodes (bytes) VALUES (zeroblob(1))",
    };
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        struct model *model = calloc(1, sizeof(*model));
        assert_non_null(model);
        fill(*state, model);
        assert_model(*state, model);
        assert_int_equal(findings(*state), 0);

        damage(state, damages[i]);

        if (findings(*state) == 0)
            fail_msg("not found: %s", damages[i]);
        free(model);
        assert_int_equal(sample_tear_down(state), 0);
        assert_int_equal(sample_set_up(state), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(set_and_lattice_follow_every_history),
        TEST(a_scope_cannot_be_shared_with_whom_we_do_not_reconcile),
        TEST(what_comes_in_between_hides_nothing_that_differs_throughout),
        TEST(the_check_names_a_set_that_is_not_that_of_the_ops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
