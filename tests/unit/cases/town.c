#include "town.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/disclosure.h"

static struct site *at(struct town *town, int site)
{
    return &town->sites[site];
}

void log_add(struct log *log, const struct op *op)
{
    assert_true(log->len < LOG_MAX);
    log->ops[log->len++] = op;
}

static const struct op *last(const struct log *log)
{
    return log->ops[log->len - 1];
}

/* --- charters --- */

static void found_site(struct town *town, int number)
{
    struct story *story = town->story;
    struct site *site = at(town, number);
    uint64_t first = 10 * (uint64_t)number;
    site->steward = story_person(story, first + 1);
    site->mediator = story_person(story, first + 2);
    site->desk = story_person(story, first + 3);
    site->node = story_person(story, first + 4);
    site->recovery = story_person(story, first + 5);
    struct op *op = story_begin(story, "found");
    story_put(op, "tier", story_uint(story, (uint64_t)number + 1));
    story_put(op, "name", story_text(story, "枫桥"));
    story_put(op, "steward-key", story_bin(story, site->steward.key, 32));
    story_put(op, "steward-name", story_text(story, "书记"));
    story_put(op, "node-key", story_bin(story, site->node.key, 32));
    story_put(op, "noise-key", story_bin(story, site->node.seed, 32));
    story_put(op, "recovery-key", story_bin(story, site->recovery.key, 32));
    story_seal(story, op, &site->steward);
    log_add(&site->log, op);
    site_appoint(town, number, &site->steward, &site->mediator, "mediator");
    site_appoint(town, number, &site->steward, &site->desk, "desk");
    site_refresh(town, number);
}

void town_init(struct town *town, uint64_t seed)
{
    memset(town, 0, sizeof(*town));
    town->story = story_new(seed);
    for (int i = 0; i < SITES; i++)
        found_site(town, i);
}

void town_deinit(struct town *town)
{
    for (int i = 0; i < SITES; i++)
        charter_free(at(town, i)->charter);
    story_free(town->story);
}

const struct id *town_site(const struct town *town, int site)
{
    return &town->sites[site].log.ops[0]->id;
}

static struct op *begin_charter_op(struct town *town, int site, const char *kind)
{
    struct op *op = story_begin(town->story, kind);
    story_after(op, last(&at(town, site)->log));
    return op;
}

const struct op *site_appoint(struct town *town, int site, const struct story_person *by,
                              const struct story_person *who, const char *role)
{
    struct op *op = begin_charter_op(town, site, "person");
    story_put(op, "key", story_bin(town->story, who->key, 32));
    story_put(op, "name", story_text(town->story, "张某"));
    story_put(op, "role", story_text(town->story, role));
    story_seal(town->story, op, by);
    log_add(&at(town, site)->log, op);
    return op;
}

const struct op *site_revoke(struct town *town, int site, const struct story_person *by,
                             const struct story_person *who,
                             const struct op *const *covers, size_t covers_len)
{
    struct op *op = begin_charter_op(town, site, "revoke");
    story_put(op, "key", story_bin(town->story, who->key, 32));
    story_put(op, "covers", story_ids(town->story, covers, covers_len));
    story_seal(town->story, op, by);
    log_add(&at(town, site)->log, op);
    return op;
}

/* --- ops that are lent --- */

/* Gives out copies and takes the oldest back, as somebody does who decodes them anew. */
struct lender {
    struct town *town;
    const struct log *log;
    struct op *lent[OP_SOURCE_HELD];
    size_t next;
};

static const struct op *lend(void *context, size_t i)
{
    struct lender *lender = context;
    struct op **place = &lender->lent[lender->next++ % OP_SOURCE_HELD];
    assert_true(i < lender->log->len);
    free(*place);
    *place = malloc(sizeof(**place));
    assert_non_null(*place);
    **place = *lender->log->ops[i];
    return *place;
}

static void lender_deinit(struct lender *lender)
{
    for (size_t i = 0; i < OP_SOURCE_HELD; i++)
        free(lender->lent[i]);
}

/* The charter is the same where its ops are lent one by one. */
static void assert_same_charter_when_lent(struct town *town, const struct log *log,
                                          const struct charter *wanted)
{
    struct lender lender = {.town = town, .log = log};
    const struct op_source source = {.len = log->len, .op_at = lend, .context = &lender};
    struct charter *got;
    struct buf wanted_view = {0}, got_view = {0};
    assert_int_equal(charter_new_from(&source, &got), STATUS_OK);
    charter_view(wanted, &wanted_view);
    charter_view(got, &got_view);
    assert_true(bytes_equal(buf_bytes(&wanted_view), buf_bytes(&got_view)));
    buf_deinit(&wanted_view);
    buf_deinit(&got_view);
    charter_free(got);
    lender_deinit(&lender);
}

void site_refresh(struct town *town, int site)
{
    struct site *known = at(town, site);
    charter_free(known->charter);
    assert_int_equal(charter_new(known->log.ops, known->log.len, &known->charter),
                     STATUS_OK);
    assert_same_charter_when_lent(town, &known->log, known->charter);
}

/* --- ops of a scope --- */

struct op *log_begin_after(struct town *town, int site, const char *kind,
                           const struct op *parent)
{
    struct op *op = story_begin(town->story, kind);
    size_t len;
    const struct id *heads = charter_heads(at(town, site)->charter, &len);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(op_add_authority(op, &heads[i]), STATUS_OK);
    if (parent != NULL)
        story_after(op, parent);
    return op;
}

struct op *log_begin(struct town *town, struct log *log, int site, const char *kind)
{
    return log_begin_after(town, site, kind, log->len == 0 ? NULL : last(log));
}

const struct op *log_seal(struct town *town, struct log *log, struct op *op,
                          const struct story_person *by)
{
    story_seal(town->story, op, by);
    log_add(log, op);
    return op;
}

struct bytes town_parties(struct town *town)
{
    struct buf buf = {0};
    pack_array(&buf, 2);
    pack_array(&buf, 2);
    pack_str(&buf, "张某");
    pack_str(&buf, "申请人");
    pack_array(&buf, 2);
    pack_str(&buf, "李某");
    pack_str(&buf, "邻居");
    return story_take(town->story, &buf);
}

const struct op *town_case(struct town *town, struct log *log)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "case-new");
    story_put(op, "number", story_text(story, "2026-0001"));
    story_put(op, "category", story_text(story, "邻里"));
    story_put(op, "title", story_text(story, "排水沟"));
    story_put(op, "narrative", story_text(story, "雨水流进院子"));
    story_put(op, "context", story_text(story, "三年前修路时改过沟"));
    story_put(op, "parties", town_parties(town));
    return log_seal(town, log, op, &at(town, VILLAGE)->mediator);
}

const struct op *town_triage(struct town *town, struct log *log, const char *decision)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "triage");
    story_put(op, "solvable", story_flag(story, false));
    story_put(op, "danger", story_flag(story, false));
    story_put(op, "beyond", story_flag(story, true));
    story_put(op, "decision", story_text(story, decision));
    story_put(op, "reason", story_text(story, "涉及公路"));
    return log_seal(town, log, op, &at(town, VILLAGE)->mediator);
}

const struct op *town_consent(struct town *town, struct log *log, const char *party,
                              const char *fields, bool given)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "consent");
    story_put(op, "party", story_text(story, party));
    story_put(op, "fields", story_texts(story, fields));
    story_put(op, "manner", story_text(story, "signed"));
    story_put(op, "paper", story_text(story, "同意书3号"));
    story_put(op, "given", story_flag(story, given));
    return log_seal(town, log, op, &at(town, VILLAGE)->mediator);
}

const struct op *town_say(struct town *town, struct log *log, int site, const char *kind,
                          const char *field, const char *text,
                          const struct story_person *by)
{
    struct op *op = log_begin(town, log, site, kind);
    if (field != NULL)
        story_put(op, field, story_text(town->story, text));
    return log_seal(town, log, op, by);
}

/* --- escalations --- */

static struct bytes pack_sites(struct town *town)
{
    struct buf buf = {0};
    pack_array(&buf, 1);
    pack_array(&buf, 2);
    pack_bin(&buf, town_site(town, TOWNSHIP)->bytes, ID_SIZE);
    pack_uint(&buf, CLASS_ALL);
    return story_take(town->story, &buf);
}

static struct bytes pack_consents(struct town *town)
{
    struct buf buf = {0};
    pack_array(&buf, 1);
    pack_array(&buf, 3);
    pack_str(&buf, "张某");
    pack_array(&buf, 1);
    pack_str(&buf, "context");
    pack_str(&buf, "signed");
    return story_take(town->story, &buf);
}

static struct bytes pack_triage(struct town *town)
{
    struct buf buf = {0};
    pack_map(&buf, 5);
    pack_str(&buf, "beyond");
    pack_bool(&buf, true);
    pack_str(&buf, "danger");
    pack_bool(&buf, false);
    pack_str(&buf, "decision");
    pack_str(&buf, "escalate");
    pack_str(&buf, "reason");
    pack_str(&buf, "涉及公路");
    pack_str(&buf, "solvable");
    pack_bool(&buf, false);
    return story_take(town->story, &buf);
}

const struct op *town_escalate(struct town *town, struct log *log, const char *onward,
                               const struct story_person *by)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "escalate");
    story_put(op, "triage", pack_triage(town));
    story_put(op, "consents", pack_consents(town));
    story_put(op, "sites", pack_sites(town));
    story_put(op, "onward", story_text(story, onward));
    story_put(op, "reason", story_text(story, "村里解决不了"));
    story_put(op, "origin", story_bin(story, by->key, 32));
    story_put(op, "case.title", story_text(story, "排水沟"));
    story_put(op, "case.context", story_text(story, "三年前修路时改过沟"));
    story_put(op, "case.parties", town_parties(town));
    return log_seal(town, log, op, by);
}

const struct op *town_onward(struct town *town, struct log *log, int from, int to,
                             uint32_t classes, const struct story_person *by)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, from, "onward");
    story_put(op, "site", story_bin(story, town_site(town, to)->bytes, ID_SIZE));
    story_put(op, "classes", story_uint(story, classes));
    story_put(op, "reason", story_text(story, "请县里协调"));
    return log_seal(town, log, op, by);
}

const struct op *town_about(struct town *town, struct log *log, int site,
                            const char *kind, const struct op *target, const char *text,
                            const struct story_person *by)
{
    struct op *op = log_begin(town, log, site, kind);
    story_put(op, "op", story_bin(town->story, target->id.bytes, ID_SIZE));
    story_put(op, "text", story_text(town->story, text));
    return log_seal(town, log, op, by);
}

const struct op *town_invite(struct town *town, struct log *log, int from, int to,
                             uint32_t classes, const struct story_person *by)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, from, "invite");
    story_put(op, "site", story_bin(story, town_site(town, to)->bytes, ID_SIZE));
    story_put(op, "classes", story_uint(story, classes));
    return log_seal(town, log, op, by);
}

/* --- folding --- */

static struct charter *charter_of(void *context, const struct id *head)
{
    struct town *town = context;
    for (int i = 0; i < SITES; i++)
        if (charter_has(at(town, i)->charter, head))
            return at(town, i)->charter;
    return NULL;
}

static struct charter *charter_for_lender(void *context, const struct id *head)
{
    return charter_of(((struct lender *)context)->town, head);
}

static void assert_same_effects(const struct fold_result *a, const struct fold_result *b)
{
    assert_int_equal(a->effects_len, b->effects_len);
    for (uint32_t i = 0; i < a->effects_len; i++) {
        assert_true(id_equal(&a->effects[i].op, &b->effects[i].op));
        assert_int_equal(a->effects[i].effect, b->effects[i].effect);
    }
    assert_int_equal(a->held_len, b->held_len);
    for (uint32_t i = 0; i < a->held_len; i++)
        assert_true(id_equal(&a->held[i], &b->held[i]));
}

/* The fold is the same where ops are lent one by one, with and without its view. */
static void assert_same_when_lent(struct town *town, const struct log *log,
                                  const struct fold_result *wanted)
{
    struct lender lender = {.town = town, .log = log};
    struct fold_input input = {.len = log->len,
                               .charter_of = charter_for_lender,
                               .context = &lender,
                               .op_at = lend};
    struct fold_result got;
    assert_int_equal(fold_scope(&input, &got), STATUS_OK);
    assert_same_effects(wanted, &got);
    assert_true(bytes_equal(buf_bytes(&wanted->view), buf_bytes(&got.view)));
    fold_result_deinit(&got);
    input.is_effects_only = true;
    assert_int_equal(fold_scope(&input, &got), STATUS_OK);
    assert_same_effects(wanted, &got);
    assert_int_equal(got.view.len, 0);
    fold_result_deinit(&got);
    lender_deinit(&lender);
}

void town_fold(struct town *town, const struct log *log, struct fold_result *out)
{
    struct fold_input input = {
        .ops = log->ops, .len = log->len, .charter_of = charter_of, .context = town};
    assert_int_equal(fold_scope(&input, out), STATUS_OK);
    assert_same_when_lent(town, log, out);
    struct err err = {0};
    if (pack_check(buf_bytes(&out->view), &err) != STATUS_OK)
        fail_msg("the view is not canonical: %s", err.text);
}

enum effect town_effect(struct town *town, const struct log *log, const struct op *op)
{
    struct fold_result result;
    town_fold(town, log, &result);
    enum effect effect = fold_effect_of(&result, &op->id);
    fold_result_deinit(&result);
    return effect;
}

void town_assert_state(struct town *town, const struct log *log, const char *state)
{
    struct fold_result result;
    town_fold(town, log, &result);
    struct bytes got = view_state(buf_bytes(&result.view));
    char text[32] = "";
    assert_true(got.len < sizeof(text));
    memcpy(text, got.data, got.len);
    fold_result_deinit(&result);
    assert_string_equal(text, state);
}

void town_assert_any_order(struct town *town, const struct log *log)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct log other = *log;
    struct fold_result one, again;
    town_fold(town, log, &one);
    for (size_t n = 0; n < sizeof(orders) / sizeof(orders[0]); n++) {
        for (size_t i = 0; i < 3; i++)
            other.ops[log->len - 3 + i] = log->ops[log->len - 3 + (size_t)orders[n][i]];

        town_fold(town, &other, &again);

        assert_true(bytes_equal(buf_bytes(&one.view), buf_bytes(&again.view)));
        fold_result_deinit(&again);
    }
    fold_result_deinit(&one);
}
