#include "story.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/graph.h"

#define OPS 60

/* Ops with an id, a time and parents are all that a graph looks at. */
static void fake_op(struct op *op, uint8_t number, const struct op *const *parents,
                    uint32_t parents_len)
{
    memset(op, 0, sizeof(*op));
    op->id.bytes[0] = (uint8_t)(number * 167 + 13); /* no order of making */
    op->id.bytes[1] = number;
    op->time = 1;
    op->is_founding = parents_len == 0;
    for (uint32_t i = 0; i < parents_len; i++) {
        assert_int_equal(op_add_parent(op, &parents[i]->id), STATUS_OK);
        if (op->time <= parents[i]->time)
            op->time = parents[i]->time + 1;
    }
}

struct web {
    struct op ops[OPS];
    const struct op *list[OPS];
    bool is_past[OPS][OPS]; /* [a][b]: a is b or beneath b */
};

static void weave(struct web *web, struct story *story)
{
    memset(web, 0, sizeof(*web));
    for (uint32_t i = 0; i < OPS; i++) {
        const struct op *parents[4];
        uint32_t len =
            i == 0 ? 0 : 1 + story_dice(story, 3) * (story_dice(story, 3) == 0);
        web->is_past[i][i] = true;
        for (uint32_t p = 0; p < len; p++) {
            uint32_t window = i < 8 ? i : 8;
            uint32_t parent = i - 1 - story_dice(story, window);
            parents[p] = &web->ops[parent];
            for (uint32_t a = 0; a < i; a++)
                web->is_past[a][i] |= web->is_past[a][parent];
        }
        fake_op(&web->ops[i], (uint8_t)i, parents, len);
        web->list[i] = &web->ops[i];
    }
}

static void past_agrees_with_the_plain_closure(void **state)
{
    struct web *web = malloc(sizeof(*web));
    struct story *story = story_new(7);
    assert_non_null(web);
    for (int round = 0; round < 50; round++) {
        struct graph graph;
        weave(web, story);
        assert_int_equal(graph_init(&graph, web->list, OPS), STATUS_OK);

        for (uint32_t a = 0; a < OPS; a++)
            for (uint32_t b = 0; b < OPS; b++) {
                uint32_t one = graph_find(&graph, &web->ops[a].id);
                uint32_t other = graph_find(&graph, &web->ops[b].id);
                assert_int_equal(graph_is_past(&graph, one, other), web->is_past[a][b]);
            }
        graph_deinit(&graph);
    }
    story_free(story);
    free(web);
}

static void parents_come_before_their_children(void **state)
{
    struct web *web = malloc(sizeof(*web));
    struct story *story = story_new(8);
    struct graph graph;
    assert_non_null(web);
    weave(web, story);

    assert_int_equal(graph_init(&graph, web->list, OPS), STATUS_OK);

    for (uint32_t i = 0; i < graph.len; i++)
        for (uint32_t e = 0; e < graph.nodes[i].edges_len; e++)
            assert_true(graph.edges[graph.nodes[i].edges + e] < i);
    graph_deinit(&graph);
    story_free(story);
    free(web);
}

static void the_same_op_twice_counts_once(void **state)
{
    struct op ops[2];
    const struct op *parents[] = {&ops[0]};
    const struct op *list[] = {&ops[1], &ops[0], &ops[1], &ops[0]};
    struct graph graph;
    fake_op(&ops[0], 1, NULL, 0);
    fake_op(&ops[1], 2, parents, 1);

    assert_int_equal(graph_init(&graph, list, 4), STATUS_OK);

    assert_int_equal(graph.len, 2);
    assert_false(graph.nodes[0].is_head);
    assert_true(graph.nodes[1].is_head);
    graph_deinit(&graph);
}

static void O2_missing_parent_and_wrong_time_are_refused(void **state)
{
    struct op ops[3];
    const struct op *first[] = {&ops[0]}, *second[] = {&ops[1]};
    const struct op *gap[] = {&ops[0], &ops[2]}, *late[] = {&ops[0], &ops[1]};
    struct graph graph;
    fake_op(&ops[0], 1, NULL, 0);
    fake_op(&ops[1], 2, first, 1);
    fake_op(&ops[2], 3, second, 1);

    assert_int_equal(graph_init(&graph, gap, 2), STATUS_NOT_FOUND);
    ops[1].time = 9;
    assert_int_equal(graph_init(&graph, late, 2), STATUS_INVALID);
    assert_int_equal(graph_init(&graph, late, 0), STATUS_INVALID);
}

static void O2_an_op_that_claims_two_things_at_once_is_refused(void **state)
{
    struct op ops[2];
    const struct op *first[] = {&ops[0]}, *list[] = {&ops[0], &ops[1]};
    struct graph graph;
    (void)state;
    fake_op(&ops[0], 1, NULL, 0);
    fake_op(&ops[1], 2, first, 1);

    ops[1].is_founding = true; /* and has parents */
    assert_int_equal(graph_init(&graph, list, 2), STATUS_INVALID);
    ops[1].is_founding = false;
    assert_int_equal(graph_init(&graph, list, 2), STATUS_OK);
    graph_deinit(&graph);
    ops[1].parents_len = 0; /* and founds nothing */
    assert_int_equal(graph_init(&graph, list, 2), STATUS_INVALID);
}

static void O2_a_claimed_cycle_is_refused(void **state)
{
    struct op ops[3];
    const struct op *first[] = {&ops[0]}, *list[] = {&ops[0], &ops[1], &ops[2]};
    struct graph graph;
    (void)state;
    fake_op(&ops[0], 1, NULL, 0);
    for (uint8_t i = 1; i <= 2; i++)
        fake_op(&ops[i], (uint8_t)(i + 1), first, 1);
    ops[1].parents[0] = ops[2].id;
    ops[2].parents[0] = ops[1].id;

    assert_int_equal(graph_init(&graph, list, 3), STATUS_INVALID);
}

static void what_is_not_in_the_graph_has_no_past(void **state)
{
    struct op ops[2];
    const struct op *first[] = {&ops[0]}, *list[] = {&ops[0], &ops[1]};
    struct graph graph;
    (void)state;
    fake_op(&ops[0], 1, NULL, 0);
    fake_op(&ops[1], 2, first, 1);
    assert_int_equal(graph_init(&graph, list, 2), STATUS_OK);
    const struct id both[] = {{{0xee}}, ops[1].id};

    assert_false(graph_is_past_of(&graph, 1, both, 1));
    assert_true(graph_is_past_of(&graph, 1, both, 2));
    graph_deinit(&graph);
}

/* The number of the question is 32 bits; after the last one all marks are wiped. */
static void four_thousand_million_questions_are_no_end(void **state)
{
    struct web *web = malloc(sizeof(*web));
    struct story *story = story_new(9);
    struct graph graph;
    (void)state;
    assert_non_null(web);
    weave(web, story);
    assert_int_equal(graph_init(&graph, web->list, OPS), STATUS_OK);
    for (uint32_t a = 0; a < OPS; a++)
        for (uint32_t b = 0; b < OPS; b++) {
            uint32_t one = graph_find(&graph, &web->ops[a].id);
            uint32_t other = graph_find(&graph, &web->ops[b].id);
            if ((a + b) % 7 == 0)
                graph.epoch = UINT32_MAX;
            assert_int_equal(graph_is_past(&graph, one, other), web->is_past[a][b]);
        }
    graph_deinit(&graph);
    story_free(story);
    free(web);
}

static void two_founding_ops_are_refused(void **state)
{
    struct op ops[2];
    const struct op *list[] = {&ops[0], &ops[1]};
    struct graph graph;
    fake_op(&ops[0], 1, NULL, 0);
    fake_op(&ops[1], 2, NULL, 0);

    assert_int_equal(graph_init(&graph, list, 2), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(past_agrees_with_the_plain_closure),
        cmocka_unit_test(parents_come_before_their_children),
        cmocka_unit_test(the_same_op_twice_counts_once),
        cmocka_unit_test(O2_missing_parent_and_wrong_time_are_refused),
        cmocka_unit_test(O2_an_op_that_claims_two_things_at_once_is_refused),
        cmocka_unit_test(O2_a_claimed_cycle_is_refused),
        cmocka_unit_test(what_is_not_in_the_graph_has_no_past),
        cmocka_unit_test(four_thousand_million_questions_are_no_end),
        cmocka_unit_test(two_founding_ops_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
