/* A county, a township and a village: what is reconciled never narrows when a grant loses
 * its effect, and nobody brings in what is not ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/disclosure.h"
#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

enum { COUNTY, TOWNSHIP, VILLAGE, NODES };

struct county {
    struct world *world;
    struct world_node *nodes[NODES];
    char directory[SCRATCH_SIZE];
    struct id scope; /* of the escalation */
    char hex[65];
};

#define SAY(node, method, ...)                                                           \
    assert_int_equal(                                                                    \
        world_say(f->world, f->nodes[node], &out, method, __VA_ARGS__, NULL), STATUS_OK)

static void text_of(struct bytes map, const char *name, char *text, size_t size)
{
    struct bytes value;
    assert_true(view_map_text(map, name, &value));
    (void)snprintf(text, size, "%.*s", (int)value.len, (const char *)value.data);
}

static int set_up(void **state)
{
    struct county *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    assert_true(scratch_make(f->directory));
    f->world = world_new(f->directory, 43);
    f->nodes[COUNTY] = world_found(f->world, "county", "示例县", "county:1");
    f->nodes[TOWNSHIP] = world_found(f->world, "township", "青河镇", "township:1");
    f->nodes[VILLAGE] = world_found(f->world, "village", "枫源村", "fengyuan:1");
    world_pair(f->world, f->nodes[COUNTY], f->nodes[TOWNSHIP]);
    world_pair(f->world, f->nodes[TOWNSHIP], f->nodes[VILLAGE]);
    *state = f;
    return 0;
}

/* Signed with the recovery key, it enters this node's own graph whatever the fold says.
 */
static void force(struct county *f, struct world_node *node, struct draft *draft)
{
    struct buf bytes = {0};
    struct forgery forgery = {
        .seed = world_recovery_seed(node),
        .draft = draft,
        .scope = draft->scope,
        .of = node,
    };
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, node, buf_bytes(&bytes)), STATUS_OK);
    buf_deinit(&bytes);
}

static int tear_down(void **state)
{
    struct county *f = *state;
    world_free(f->world);
    scratch_remove(f->directory);
    free(f);
    return 0;
}

/* The village sends a record to the township. */
static void escalate(struct county *f, const char *onward)
{
    struct buf out = {0};
    char number[32];
    SAY(VILLAGE, "case.new", "category", "邻里", "title", "排水沟", "narrative", "经过",
        "context", "去年修过一次沟。");
    text_of(buf_bytes(&out), "number", number, sizeof(number));
    SAY(VILLAGE, "case.triage", "case", number, "decision", "escalate", "reason", "水渠");
    SAY(VILLAGE, "escalate.release", "case", number, "fields", "[title,context]",
        "reason", "超出村里权限", "no_parties", "渠是村里的", "onward", onward);
    assert_true(view_map_id(buf_bytes(&out), "escalation", &f->scope));
    hex_encode(f->hex, f->scope.bytes, ID_SIZE);
    buf_deinit(&out);
    world_run(f->world, 5000);
}

static void go_onward(struct county *f)
{
    struct buf out = {0};
    SAY(TOWNSHIP, "escalation.open", "escalation", f->hex);
    SAY(TOWNSHIP, "escalation.onward", "escalation", f->hex, "reason", "请县里看");
    world_run(f->world, 5000);
    buf_deinit(&out);
}

static enum status add_head(void *context, const struct id *id)
{
    struct buf *heads = context;
    buf_add(heads, id->bytes, ID_SIZE);
    return STATUS_OK;
}

/* The township's first steward is revoked with the recovery key. A second one goes on,
 * and nobody stands by what the first did in the escalation. */
static void lose_the_steward(struct county *f)
{
    struct buf out = {0}, heads = {0};
    struct id key, ids[8];
    struct draft draft;
    struct world_node *township = f->nodes[TOWNSHIP];
    SAY(TOWNSHIP, "person.add", "name", "李某", "role", "steward", "pin", "135791");
    SAY(TOWNSHIP, "unlock", "pin", "246810", "person", "陈某");
    assert_true(view_map_id(buf_bytes(&out), "key", &key));
    assert_int_equal(
        store_scope_heads(world_store(township), world_site(township), add_head, &heads),
        STATUS_OK);
    assert_true(heads.len <= sizeof(ids));
    memcpy(ids, heads.data, heads.len);

    draft_init(&draft, "revoke", world_site(township));
    draft_ids(&draft, "covers", ids, (uint32_t)(heads.len / ID_SIZE));
    draft_bin(&draft, "key", key.bytes, ID_SIZE);
    force(f, township, &draft);

    draft_deinit(&draft);
    assert_int_equal(world_unlock(f->world, township, "李某", "135791"), STATUS_OK);
    world_run(f->world, 5000);
    buf_deinit(&heads);
    buf_deinit(&out);
}

/* --- looking at one node --- */

struct scope_row {
    struct id digest;
    struct buf view, ids;
};

static enum status copy_row(void *context, const struct store_scope *scope)
{
    struct scope_row *row = context;
    row->digest = scope->digest;
    buf_add(&row->view, scope->view.data, scope->view.len);
    return STATUS_OK;
}

static enum status copy_id(void *context, const struct store_op *op)
{
    struct scope_row *row = context;
    buf_add(&row->ids, op->id.bytes, ID_SIZE);
    return STATUS_OK;
}

static struct scope_row row_of(struct county *f, int node)
{
    struct scope_row row = {0};
    struct store *store = world_store(f->nodes[node]);
    assert_int_equal(store_scope_get(store, &f->scope, copy_row, &row), STATUS_OK);
    assert_int_equal(store_ops_of_scope(store, &f->scope, copy_id, &row), STATUS_OK);
    return row;
}

static void free_row(struct scope_row *row)
{
    buf_deinit(&row->view);
    buf_deinit(&row->ids);
}

/* Ids, digest, who may hold it, who holds it with effect, and what was refused why. */
static void assert_all_agree(struct county *f, uint32_t ops, uint32_t held,
                             uint32_t holders)
{
    static const char *const keys[] = {"heads", "held", "refused"};
    struct scope_row first = row_of(f, COUNTY);
    assert_int_equal(first.ids.len / ID_SIZE, ops);
    assert_int_equal(view_map_count(buf_bytes(&first.view), "held"), held);
    assert_int_equal(view_map_count(buf_bytes(&first.view), "holders"), holders);
    for (int node = COUNTY + 1; node < NODES; node++) {
        struct scope_row other = row_of(f, node);
        assert_true(bytes_equal(buf_bytes(&first.ids), buf_bytes(&other.ids)));
        assert_true(id_equal(&first.digest, &other.digest));
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
            struct bytes one, two;
            assert_true(view_map_get(buf_bytes(&first.view), keys[i], &one));
            assert_true(view_map_get(buf_bytes(&other.view), keys[i], &two));
            assert_true(bytes_equal(one, two));
        }
        free_row(&other);
    }
    free_row(&first);
}

/* Every neighbour's digest of what the pair shares is ours. */
static void assert_in_step(struct county *f)
{
    for (int node = 0; node < NODES; node++) {
        struct buf out = {0};
        SAY(node, "sync", "wait", "true");
        assert_int_equal(view_map_count(buf_bytes(&out), "agreed"),
                         node == TOWNSHIP ? 2 : 1);
        assert_int_equal(view_map_count(buf_bytes(&out), "waiting"), 0);
        buf_deinit(&out);
    }
}

static bool file_has(const struct county *f, int node, const char *word)
{
    static const char *const suffixes[] = {"", "-wal"};
    bool found = false;
    for (int i = 0; i < 2; i++) {
        char name[128];
        (void)snprintf(name, sizeof(name), "%s/node-%d.db%s", f->directory, node,
                       suffixes[i]);
        FILE *file = fopen(name, "rb");
        if (file == NULL)
            continue;
        struct buf all = {0};
        char chunk[4096];
        size_t len;
        while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
            buf_add(&all, chunk, len);
        fclose(file);
        found |= memmem(all.data, all.len, word, strlen(word)) != NULL;
        buf_deinit(&all);
    }
    return found;
}

static uint64_t ops_in(struct county *f, int node, enum ledger_tree tree)
{
    uint64_t count;
    assert_int_equal(store_ops_count(world_store(f->nodes[node]), tree, &count),
                     STATUS_OK);
    return count;
}

static bool is_here(struct county *f, int node)
{
    struct store_place place;
    struct store *store = world_store(f->nodes[node]);
    return store_op_find(store, &f->scope, &place) == STATUS_OK && !place.waits;
}

static void assert_shown(struct county *f, int node, bool shown)
{
    struct buf out = {0};
    enum status status = world_say(f->world, f->nodes[node], &out, "escalation.show",
                                   "escalation", f->hex, NULL);
    assert_int_equal(status, shown ? STATUS_OK : STATUS_NOT_FOUND);
    buf_deinit(&out);
}

/* --- what is reconciled never narrows --- */

static void an_onward_that_lost_its_effect_narrows_nothing(void **state)
{
    struct county *f = *state;
    struct buf out = {0}, before = {0}, after = {0};
    escalate(f, "yes");
    go_onward(f);
    SAY(TOWNSHIP, "escalation.advise", "escalation", f->hex, "text", "CANARY-BEFORE");
    world_run(f->world, 5000);
    assert_true(file_has(f, COUNTY, "CANARY-BEFORE")); /* the test itself can see */
    assert_all_agree(f, 6, 3, 3);

    lose_the_steward(f);
    assert_all_agree(f, 6, 3, 2);

    SAY(TOWNSHIP, "escalation.open", "escalation", f->hex);
    SAY(TOWNSHIP, "escalation.advise", "escalation", f->hex, "text", "CANARY-AFTER");
    SAY(VILLAGE, "escalation.permit", "escalation", f->hex);
    world_run(f->world, 5000);

    assert_all_agree(f, 9, 3, 2);
    assert_true(file_has(f, VILLAGE, "CANARY-AFTER"));
    assert_false(file_has(f, COUNTY, "CANARY-AFTER"));
    assert_in_step(f);
    for (int node = 0; node < NODES; node++) {
        buf_clear(&before);
        buf_clear(&after);
        struct store *store = world_store(f->nodes[node]);
        assert_int_equal(store_dump(store, &before), STATUS_OK);
        assert_int_equal(world_rebuild(f->nodes[node]), STATUS_OK);
        assert_int_equal(store_dump(store, &after), STATUS_OK);
        assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    }
    buf_deinit(&before);
    buf_deinit(&after);
    buf_deinit(&out);
}

static void a_county_that_was_away_learns_of_the_revocation_and_agrees(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    escalate(f, "yes");
    go_onward(f);
    world_set_offline(f->world, f->nodes[COUNTY], true);
    SAY(COUNTY, "escalation.open", "escalation", f->hex); /* nobody else has it yet */
    lose_the_steward(f);
    SAY(TOWNSHIP, "escalation.open", "escalation", f->hex);
    SAY(TOWNSHIP, "escalation.advise", "escalation", f->hex, "text", "CANARY-AFTER");
    world_run(f->world, 5000);

    world_set_offline(f->world, f->nodes[COUNTY], false);
    world_run(f->world, 600000);

    assert_all_agree(f, 8, 3, 2);
    assert_false(file_has(f, COUNTY, "CANARY-AFTER"));
    assert_in_step(f);
    buf_deinit(&out);
}

static void
a_site_that_never_had_it_gets_nothing_of_an_onward_without_effect(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    escalate(f, "yes");
    world_set_offline(f->world, f->nodes[COUNTY], true);
    go_onward(f);
    lose_the_steward(f);

    world_set_offline(f->world, f->nodes[COUNTY], false);
    world_run(f->world, 600000);

    assert_false(is_here(f, COUNTY));
    assert_shown(f, COUNTY, false);
    assert_int_equal(ops_in(f, COUNTY, TREE_WAITING), 0);
    assert_in_step(f);
    buf_deinit(&out);
}

/* --- rights to enter --- */

struct lie {
    struct county *f;
    struct store_scope row;
    struct id heads[8];
    uint32_t heads_len;
    struct buf view;
};

static enum status keep_row(void *context, const struct store_scope *scope)
{
    struct lie *lie = context;
    lie->row = *scope;
    buf_add(&lie->view, scope->view.data, scope->view.len);
    lie->row.view = buf_bytes(&lie->view);
    return STATUS_OK;
}

static enum status keep_head(void *context, const struct id *id)
{
    struct lie *lie = context;
    assert_true(lie->heads_len < 8);
    lie->heads[lie->heads_len++] = *id;
    return STATUS_OK;
}

/* The township treats the county as a holder, which no op says. */
static void pretend_the_county_holds_it(struct county *f)
{
    struct lie lie = {.f = f};
    struct id holders[NODES];
    struct store *store = world_store(f->nodes[TOWNSHIP]);
    for (int i = 0; i < NODES; i++)
        holders[i] = *world_site(f->nodes[i]);
    assert_int_equal(store_scope_get(store, &f->scope, keep_row, &lie), STATUS_OK);
    assert_int_equal(store_scope_heads(store, &f->scope, keep_head, &lie), STATUS_OK);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(
        store_scope_put(store, &lie.row, lie.heads, lie.heads_len, holders, NODES),
        STATUS_OK);
    assert_int_equal(store_pair_put(store, world_site(f->nodes[COUNTY]), &f->scope),
                     STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    buf_deinit(&lie.view);
}

/* Lets turns pass one by one until something waits at the county. */
static bool wait_for_an_op_that_waits(struct county *f)
{
    for (int second = 0; second < 120; second++) {
        world_tick(f->world, 1000);
        while (world_step(f->world))
            if (ops_in(f, COUNTY, TREE_WAITING) > 0)
                return true;
    }
    return false;
}

/* What the township brings comes to the county, waits outside, and is forgotten. */
static void assert_brought_in_vain(struct county *f)
{
    pretend_the_county_holds_it(f);
    world_restart(f->world, f->nodes[COUNTY]);

    assert_true(wait_for_an_op_that_waits(f));
    assert_false(is_here(f, COUNTY));
    assert_shown(f, COUNTY, false);
    world_run(f->world, 60000);

    assert_false(is_here(f, COUNTY));
    assert_shown(f, COUNTY, false);
    assert_int_equal(ops_in(f, COUNTY, TREE_WAITING), 0);
}

static void a_child_that_brings_what_is_not_ours_brings_it_in_vain(void **state)
{
    struct county *f = *state;
    escalate(f, "ask");

    assert_brought_in_vain(f);
}

static void an_onward_without_the_right_to_it_opens_no_door(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    struct draft draft;
    escalate(f, "ask"); /* and the village permits nothing */
    SAY(TOWNSHIP, "escalation.open", "escalation", f->hex);
    draft_init(&draft, "onward", &f->scope);
    draft_uint(&draft, "classes", CLASS_RECORD);
    draft_text(&draft, "reason", bytes_str("理由"));
    draft_bin(&draft, "site", world_site(f->nodes[COUNTY])->bytes, ID_SIZE);
    force(f, f->nodes[TOWNSHIP], &draft);
    draft_deinit(&draft);
    world_run(f->world, 5000);

    assert_brought_in_vain(f);
    buf_deinit(&out);
}

static void an_onward_comes_in_after_a_cut_between_it_and_its_founding_op(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    struct id onward;
    struct store_place place;
    const int advices = 180; /* more than goes in the messages of one window */
    char text[11001];
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    escalate(f, "yes");
    SAY(TOWNSHIP, "escalation.open", "escalation", f->hex);
    for (int i = 0; i < advices; i++)
        SAY(TOWNSHIP, "escalation.advise", "escalation", f->hex, "text", text);
    world_set_offline(f->world, f->nodes[COUNTY], true);
    SAY(TOWNSHIP, "escalation.onward", "escalation", f->hex, "reason", "请县里看");
    assert_true(view_map_id(buf_bytes(&out), "op", &onward));
    world_run(f->world, 5000);
    world_set_offline(f->world, f->nodes[COUNTY], false);

    assert_true(wait_for_an_op_that_waits(f));
    world_set_offline(f->world, f->nodes[COUNTY], true);
    world_restart(f->world, f->nodes[COUNTY]);
    assert_true(ops_in(f, COUNTY, TREE_WAITING) > 0);
    assert_int_equal(store_op_find(world_store(f->nodes[COUNTY]), &onward, &place),
                     STATUS_NOT_FOUND);
    assert_false(is_here(f, COUNTY));
    assert_shown(f, COUNTY, false);

    world_set_offline(f->world, f->nodes[COUNTY], false);
    world_run(f->world, 600000);

    assert_int_equal(ops_in(f, COUNTY, TREE_WAITING), 0);
    assert_all_agree(f, advices + 5, 3, 3);
    assert_in_step(f);
    buf_deinit(&out);
}

/* What came onward waits where it came to, from when it came there; and who sent it on
 * has it on its agenda until then. */
static void a_record_that_went_onward_waits_where_it_came_to(void **state)
{
    struct county *f = *state;
    struct buf out = {0};
    escalate(f, "yes");
    world_set_offline(f->world, f->nodes[COUNTY], true);
    SAY(TOWNSHIP, "escalation.open", "escalation", f->hex);
    SAY(TOWNSHIP, "escalation.advise", "escalation", f->hex, "text", "先量一量");
    SAY(TOWNSHIP, "due", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "items"), 0);
    SAY(TOWNSHIP, "agenda", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "records"), 0);
    SAY(TOWNSHIP, "escalation.onward", "escalation", f->hex, "reason", "请县里看");
    SAY(TOWNSHIP, "agenda", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "records"), 1);

    world_set_offline(f->world, f->nodes[COUNTY], false);
    world_run(f->world, 60000);

    SAY(COUNTY, "due", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "items"), 1);
    SAY(TOWNSHIP, "due", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "items"), 0);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(an_onward_that_lost_its_effect_narrows_nothing),
        ONE(a_county_that_was_away_learns_of_the_revocation_and_agrees),
        ONE(a_site_that_never_had_it_gets_nothing_of_an_onward_without_effect),
        ONE(a_record_that_went_onward_waits_where_it_came_to),
        ONE(a_child_that_brings_what_is_not_ours_brings_it_in_vain),
        ONE(an_onward_without_the_right_to_it_opens_no_door),
        ONE(an_onward_comes_in_after_a_cut_between_it_and_its_founding_op),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
