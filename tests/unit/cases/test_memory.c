/* Each allocation of a fold fails once, and all of them from one on: the fold says so,
 * keeps nothing (AddressSanitizer counts), and with memory gives the same bytes again. */
#include "town.h"

#include <string.h>

#include "node/cases/audit.h"
#include "node/cases/before.h"
#include "node/cases/escalation.h"
#include "node/cases/retire.h"
#include "tests/support/fail_memory.h"

#define FAILURES_MAX 5000

struct scene {
    struct town town;
    struct log work, shared, done, gone;
    struct fold_result folded;
};

static struct charter *charter_of(void *context, const struct id *head)
{
    struct town *town = context;
    for (int i = 0; i < SITES; i++)
        if (charter_has(town->sites[i].charter, head))
            return town->sites[i].charter;
    return NULL;
}

/* A case that was escalated, sent onward, and judged at each site, with an appointment
 * and a revocation on the way. */
static int set_up(void **state)
{
    struct scene *scene = test_calloc(1, sizeof(*scene));
    struct town *town = &scene->town;
    town_init(town, 5);
    struct site *township = &town->sites[TOWNSHIP];
    town_case(town, &scene->work);
    town_say(town, &scene->work, VILLAGE, "note", "text", "看过了",
             &town->sites[VILLAGE].mediator);
    town_triage(town, &scene->work, "escalate");
    town_consent(town, &scene->work, "张某", "title context", true);
    town_consent(town, &scene->work, "李某", "title context", true);
    scene->gone = scene->work;
    struct op *sent = log_begin(town, &scene->gone, VILLAGE, "sent");
    story_put(sent, "escalation", story_bin(town->story, sent->author, ID_SIZE));
    story_put(sent, "salt", story_bin(town->story, sent->author, 32));
    log_seal(town, &scene->gone, sent, &town->sites[VILLAGE].steward);
    town_say(town, &scene->gone, VILLAGE, "close", "text", "谈好了",
             &town->sites[VILLAGE].mediator);
    town_escalate(town, &scene->shared, "yes", &town->sites[VILLAGE].steward);
    log_seal(town, &scene->shared, log_begin(town, &scene->shared, TOWNSHIP, "received"),
             &township->node);
    log_seal(town, &scene->shared, log_begin(town, &scene->shared, TOWNSHIP, "opened"),
             &township->desk);
    town_say(town, &scene->shared, TOWNSHIP, "advise", "text", "先量一量",
             &township->desk);
    town_onward(town, &scene->shared, TOWNSHIP, COUNTY, CLASS_ALL, &township->desk);
    town_case(town, &scene->done);
    town_say(town, &scene->done, VILLAGE, "note", "text", "看过了",
             &town->sites[VILLAGE].mediator);
    struct op *retire = log_begin(town, &scene->done, VILLAGE, "retire");
    story_put(retire, "heads", story_ids(town->story, &scene->done.ops[1], 1));
    story_put(retire, "rule", story_text(town->story, "others"));
    story_put(retire, "what", story_text(town->story, "contents"));
    story_put(retire, "years", story_uint(town->story, 5));
    log_seal(town, &scene->done, retire, &town->sites[VILLAGE].node);
    site_revoke(town, TOWNSHIP, &township->steward, &township->mediator, NULL, 0);
    site_refresh(town, TOWNSHIP);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    town_deinit(&scene->town);
    test_free(scene);
    return 0;
}

typedef enum status work_fn(struct scene *scene, struct buf *out);

/* out of the work with all the memory it wants is what it always gives. */
static void fail_each(struct scene *scene, work_fn *work, bool for_good)
{
    struct buf expected = {0};
    bool has_failed = true;
    uint64_t after = 0;
    assert_int_equal(work(scene, &expected), STATUS_OK);
    assert_true(expected.len > 0);
    for (; has_failed && after < FAILURES_MAX; after++) {
        struct buf out = {0};
        fail_memory_after(after, for_good);
        fail_memory_in();
        enum status status = work(scene, &out);
        fail_memory_out();
        has_failed = fail_memory_stop();
        if (status == STATUS_OK)
            assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&expected)));
        else
            assert_int_equal(status, STATUS_NO_MEMORY);
        assert_true(has_failed || status == STATUS_OK);
        buf_deinit(&out);
    }
    assert_true(after > 5 && after < FAILURES_MAX);
    buf_deinit(&expected);
}

static enum status keep_bytes(struct buf *out, struct bytes bytes)
{
    buf_add(out, bytes.data, bytes.len);
    return buf_status(out);
}

static enum status fold_log(struct scene *scene, const struct log *log, struct buf *out)
{
    struct fold_input input = {.ops = log->ops,
                               .len = log->len,
                               .charter_of = charter_of,
                               .context = &scene->town};
    struct fold_result result = {0};
    enum status status = fold_scope(&input, &result);
    if (status != STATUS_OK)
        return status;
    status = keep_bytes(out, buf_bytes(&result.view));
    fold_result_deinit(&result);
    return status;
}

static enum status fold_case(struct scene *scene, struct buf *out)
{
    return fold_log(scene, &scene->work, out);
}

/* What the title said before the note: the founding op. */
static enum status find_before(struct scene *scene, struct buf *out)
{
    struct fold_input input = {.ops = scene->work.ops,
                               .len = scene->work.len,
                               .charter_of = charter_of,
                               .context = &scene->town};
    const struct op *before = NULL;
    enum status status = before_write(&input, "title", &scene->work.ops[1]->id, &before);
    return status == STATUS_OK ? keep_bytes(out, bytes_of(before->id.bytes, ID_SIZE))
                               : status;
}

static enum status plan_retirement(struct scene *scene, struct buf *out)
{
    enum retire_what what[LOG_MAX];
    const struct log *log = &scene->done;
    enum status status =
        retire_plan(log->ops, (uint32_t)log->len, &log->ops[log->len - 1]->id, 1, what);
    for (size_t i = 0; status == STATUS_OK && i < log->len; i++)
        status = keep_bytes(out, bytes_str(retire_text(what[i])));
    return status;
}

/* What is erased is written anew, or it stays whole. */
static enum status erase_contents(struct scene *scene, struct buf *out)
{
    struct op copy = *scene->done.ops[0];
    return retire_erase(&copy, RETIRE_CONTENTS, out);
}

static struct charter *no_charter(void *context, const struct id *site)
{
    return NULL;
}

static const struct op *no_record(void *context, const struct id *escalation)
{
    return NULL;
}

static void keep_finding(void *context, const struct audit_finding *finding)
{
    struct buf *out = context;
    buf_add(out, finding->op.bytes, ID_SIZE);
}

/* What was closed too early is found, once what lay beneath the release was folded. */
static enum status audit_case(struct scene *scene, struct buf *out)
{
    const struct audit_input input = {.fold = {.ops = scene->gone.ops,
                                               .len = scene->gone.len,
                                               .charter_of = charter_of,
                                               .context = &scene->town},
                                      .charter_of_site = no_charter,
                                      .record_of = no_record};
    enum status status = audit_scope(&input, keep_finding, out);
    return status == STATUS_OK ? buf_status(out) : status;
}

static enum status fold_escalation(struct scene *scene, struct buf *out)
{
    return fold_log(scene, &scene->shared, out);
}

static enum status fold_charter(struct scene *scene, struct buf *out)
{
    const struct log *log = &scene->town.sites[TOWNSHIP].log;
    struct charter *charter = NULL;
    enum status status = charter_new(log->ops, log->len, &charter);
    if (status != STATUS_OK)
        return status;
    charter_view(charter, out);
    charter_free(charter);
    return buf_status(out);
}

static enum status fold_charter_scope(struct scene *scene, struct buf *out)
{
    return fold_log(scene, &scene->town.sites[TOWNSHIP].log, out);
}

static enum status plan_escalation(struct scene *scene, struct buf *out)
{
    const struct bytes fields[] = {bytes_str("title"), bytes_str("context")};
    struct escalation_plan plan = {0};
    struct escalation_ask ask = {
        .view = buf_bytes(&scene->folded.view),
        .fields = fields,
        .fields_len = 2,
        .reason = bytes_str("超出村里权限"),
        .site = *town_site(&scene->town, TOWNSHIP),
    };
    struct err err = {0};
    enum status status = escalation_plan(&ask, &plan, &err);
    for (uint32_t i = 0; status == STATUS_OK && i < plan.fields_len; i++)
        status = keep_bytes(out, plan.fields[i].value);
    escalation_plan_deinit(&plan);
    return status;
}

static void I14_the_fold_of_a_case_says_that_memory_failed(void **state)
{
    fail_each(*state, fold_case, false);
    fail_each(*state, fold_case, true);
    fail_each(*state, find_before, false);
    fail_each(*state, find_before, true);
}

static void I14_an_audit_says_that_memory_failed(void **state)
{
    fail_each(*state, audit_case, false);
    fail_each(*state, audit_case, true);
}

static void I14_erasing_what_is_retired_says_that_memory_failed(void **state)
{
    fail_each(*state, plan_retirement, false);
    fail_each(*state, plan_retirement, true);
    fail_each(*state, erase_contents, false);
    fail_each(*state, erase_contents, true);
}

static void I14_the_fold_of_an_escalation_says_that_memory_failed(void **state)
{
    fail_each(*state, fold_escalation, false);
    fail_each(*state, fold_escalation, true);
}

static void I14_the_fold_of_a_charter_says_that_memory_failed(void **state)
{
    fail_each(*state, fold_charter, false);
    fail_each(*state, fold_charter, true);
    fail_each(*state, fold_charter_scope, false);
    fail_each(*state, fold_charter_scope, true);
}

static void I14_a_plan_to_escalate_says_that_memory_failed(void **state)
{
    struct scene *scene = *state;
    town_fold(&scene->town, &scene->work, &scene->folded);

    fail_each(scene, plan_escalation, false);
    fail_each(scene, plan_escalation, true);

    fold_result_deinit(&scene->folded);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(I14_the_fold_of_a_case_says_that_memory_failed),
        ONE(I14_an_audit_says_that_memory_failed),
        ONE(I14_erasing_what_is_retired_says_that_memory_failed),
        ONE(I14_the_fold_of_an_escalation_says_that_memory_failed),
        ONE(I14_the_fold_of_a_charter_says_that_memory_failed),
        ONE(I14_a_plan_to_escalate_says_that_memory_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
