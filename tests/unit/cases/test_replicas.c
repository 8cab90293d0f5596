/*
 * I1 and I11 for the fold: random histories by four sites, with concurrent ops, revoked
 * keys, covers, unknown kinds and bad fields; whatever the order of arrival, the same
 * bytes. A failure names the seed of its history.
 */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

#define HISTORIES 500
#define OPS_PER_HISTORY 28
#define ARRIVALS 4

/* --- a random history --- */

struct step {
    const char *kind, *field; /* field NULL: none */
};

static const struct step case_steps[] = {
    {"note", "text"},       {"set", "title"},     {"set", "title"}, {"set", "context"},
    {"close", NULL},        {"close", NULL},      {"settle", NULL}, {"follow-up", NULL},
    {"handle", NULL},       {"reopen", "reason"}, {"triage", NULL}, {"triage", NULL},
    {"settle", NULL},       {"consent", NULL},    {"cover", NULL},  {"cover", NULL},
    {"mystery", "text"},    {"note", "colour"},   {"opened", NULL}, {"request", "reason"},
    {"consent", "witness"},
};

static const struct step escalation_steps[] = {
    {"received", NULL},       {"opened", NULL},         {"opened", NULL},
    {"opened", NULL},         {"accept", NULL},         {"advise", "text"},
    {"return", "text"},       {"decide", "text"},       {"permit", NULL},
    {"onward", NULL},         {"onward", NULL},         {"open", NULL},
    {"cover", NULL},          {"cover", NULL},          {"mystery", "text"},
    {"decide", "colour"},     {"advise", "text"},       {"decline", NULL},
    {"decline", NULL},        {"assign", NULL},         {"assign-done", NULL},
    {"invite", NULL},         {"grade", NULL},          {"joint", NULL},
    {"joint", NULL},          {"refer", NULL},          {"rule", "text"},
    {"update", "case.title"}, {"update", "case.title"}, {"update", "case.wish"},
};

static const struct story_person *anybody(struct town *town, int site)
{
    struct site *known = &town->sites[site];
    const struct story_person *const people[] = {&known->steward,  &known->steward,
                                                 &known->mediator, &known->desk,
                                                 &known->desk,     &known->node};
    return people[story_dice(town->story, 6)];
}

static bool is_founders(const char *kind)
{
    return strcmp(kind, "permit") == 0 || strcmp(kind, "update") == 0;
}

/* Who of the site has the right. */
static const struct story_person *somebody_fit(struct town *town, int site,
                                               const char *kind)
{
    struct site *known = &town->sites[site];
    if (strcmp(kind, "received") == 0)
        return &known->node;
    if (strcmp(kind, "cover") == 0 || is_founders(kind))
        return &known->steward;
    return site == VILLAGE ? &known->mediator : &known->desk;
}

static const struct op *any_op(struct town *town, const struct log *log)
{
    return log->ops[story_dice(town->story, (uint32_t)log->len)];
}

static void put_triage(struct town *town, struct op *op)
{
    static const char *const words[] = {"keep", "escalate", "refer"};
    struct story *story = town->story;
    story_put(op, "solvable", story_flag(story, story_dice(story, 2)));
    story_put(op, "danger", story_flag(story, false));
    story_put(op, "beyond", story_flag(story, true));
    story_put(op, "decision", story_text(story, words[story_dice(story, 3)]));
    story_put(op, "reason", story_text(story, "理由"));
}

static void put_consent(struct town *town, struct op *op)
{
    struct story *story = town->story;
    story_put(op, "party", story_text(story, story_dice(story, 2) ? "张某" : "李某"));
    story_put(op, "fields", story_texts(story, "title context"));
    story_put(op, "manner", story_text(story, "oral"));
    if (story_dice(story, 4) > 0)
        story_put(op, "witness", story_text(story, "王某"));
    story_put(op, "given", story_flag(story, story_dice(story, 2)));
}

static void put_outcome(struct town *town, struct op *op)
{
    story_put(op, "outcome", story_text(town->story, "advised"));
    story_put(op, "text", story_text(town->story, "讲明村规"));
}

static void put_follow_up(struct town *town, struct op *op)
{
    story_put(op, "result", story_text(town->story, "kept"));
    story_put(op, "text", story_text(town->story, "没有反复"));
}

/* In one step, or after an outcome and a follow-up. */
static void put_close(struct town *town, struct op *op)
{
    if (story_dice(town->story, 3) != 0)
        return;
    story_put(op, "oral", story_flag(town->story, true));
    story_put(op, "outcome", story_text(town->story, "agreement"));
    story_put(op, "follow-up", story_text(town->story, "当面点头"));
}

static void put_cover(struct town *town, const struct log *log, int site, struct op *op)
{
    const struct op *heads[2] = {any_op(town, log), any_op(town, log)};
    size_t len = heads[0] == heads[1] ? 1 : 2;
    story_put(op, "key", story_bin(town->story, anybody(town, site)->key, 32));
    story_put(op, "heads", story_ids(town->story, heads, len));
}

static void put_open(struct town *town, const struct log *log, struct op *op)
{
    struct story *story = town->story;
    const struct op *target = any_op(town, log);
    const struct op_field *field = op_field(target, "text");
    uint8_t salt[OP_SALT_SIZE] = {0};
    struct bytes value = field == NULL ? story_text(story, "无") : field->value;
    if (field != NULL && story_dice(story, 2) == 0)
        memcpy(salt, field->salt, sizeof(salt));
    story_put(op, "op", story_bin(story, target->id.bytes, ID_SIZE));
    story_put(op, "field", story_text(story, "text"));
    story_put(op, "value", story_bin(story, value.data, value.len));
    story_put(op, "salt", story_bin(story, salt, OP_SALT_SIZE));
}

static void put_site(struct town *town, struct op *op)
{
    struct story *story = town->story;
    int site = (int)story_dice(story, SITES);
    story_put(op, "site", story_bin(story, town_site(town, site)->bytes, ID_SIZE));
    story_put(op, "classes", story_uint(story, story_dice(story, CLASS_ALL + 1)));
}

/* About the last op of that kind, or about any. */
static void put_target(struct town *town, const struct log *log, const char *kind,
                       struct op *op)
{
    const struct op *target = any_op(town, log);
    for (size_t i = log->len; i > 0 && story_dice(town->story, 4) != 0; i--)
        if (op_is_kind(log->ops[i - 1], kind))
            target = log->ops[i - 1];
    story_put(op, "op", story_bin(town->story, target->id.bytes, ID_SIZE));
}

/* What sites say to each other, of kinds with more than a text. */
static void put_talk(struct town *town, const struct log *log, const struct step *step,
                     const char *text, struct op *op)
{
    static const char *const words[] = {"taken", "done", "declined", "declined"};
    static const char *const declined[] = {"advise", "invite"};
    struct story *story = town->story;
    bool is_joint = strcmp(step->kind, "joint") == 0;
    bool is_grade = strcmp(step->kind, "grade") == 0;
    if (is_joint || is_grade)
        story_put(op, "word", story_text(story, words[story_dice(story, 4)]));
    if (is_grade || strcmp(step->kind, "onward") == 0)
        story_put(op, "reason", story_text(story, text));
    else if (!is_joint)
        story_put(op, "text", story_text(story, text));
    if (strcmp(step->kind, "invite") == 0 || strcmp(step->kind, "onward") == 0)
        put_site(town, op);
    if (strcmp(step->kind, "refer") == 0)
        story_put(op, "channel", story_text(story, "court"));
    if (strcmp(step->kind, "decline") == 0)
        put_target(town, log, declined[story_dice(story, 2)], op);
    if (strcmp(step->kind, "assign-done") == 0)
        put_target(town, log, "assign", op);
    if (strcmp(step->kind, "assign") == 0) {
        story_put(op, "owner", story_text(story, "水利站"));
        story_put(op, "due", story_text(story, "2026-11-30"));
    }
}

static bool is_talk(const char *kind)
{
    static const char *const kinds[] = {"onward", "invite", "decline", "assign",
                                        "grade",  "joint",  "refer",   "assign-done"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

static void put_fields(struct town *town, const struct log *log, int site,
                       const struct step *step, struct op *op)
{
    static const char *const texts[] = {"甲", "乙", "丙"};
    const char *text = texts[story_dice(town->story, 3)];
    if (step->field != NULL)
        story_put(op, step->field, story_text(town->story, text));
    else if (strcmp(step->kind, "triage") == 0)
        put_triage(town, op);
    else if (strcmp(step->kind, "consent") == 0)
        put_consent(town, op);
    else if (strcmp(step->kind, "settle") == 0)
        put_outcome(town, op);
    else if (strcmp(step->kind, "follow-up") == 0)
        put_follow_up(town, op);
    else if (strcmp(step->kind, "close") == 0)
        put_close(town, op);
    else if (strcmp(step->kind, "cover") == 0)
        put_cover(town, log, site, op);
    else if (strcmp(step->kind, "open") == 0)
        put_open(town, log, op);
    else if (is_talk(step->kind))
        put_talk(town, log, step, text, op);
}

/* Somebody of some site says something after one to three of the last ops. */
static void add_step(struct town *town, struct log *log, bool is_case)
{
    struct story *story = town->story;
    const struct step *steps = is_case ? case_steps : escalation_steps;
    uint32_t count = is_case ? sizeof(case_steps) / sizeof(case_steps[0])
                             : sizeof(escalation_steps) / sizeof(escalation_steps[0]);
    const struct step *step = &steps[story_dice(story, count)];
    int site =
        is_case && story_dice(story, 4) != 0 ? VILLAGE : (int)story_dice(story, SITES);
    bool is_fit = story_dice(story, 3) != 0;
    if (is_fit && !is_case && strcmp(step->kind, "cover") != 0)
        site = is_founders(step->kind) ? VILLAGE : 1 + (int)story_dice(story, 2);
    uint32_t window = log->len < 5 ? (uint32_t)log->len : 5;
    struct op *op = log_begin_after(town, site, step->kind, NULL);
    for (uint32_t i = 0; i <= story_dice(story, 3); i++)
        story_after(op, log->ops[log->len - 1 - story_dice(story, window)]);
    put_fields(town, log, site, step, op);
    log_seal(town, log, op,
             is_fit ? somebody_fit(town, site, step->kind) : anybody(town, site));
}

static void revoke_somebody(struct town *town)
{
    int site = (int)story_dice(town->story, SITES);
    struct site *known = &town->sites[site];
    const struct op *head = known->log.ops[known->log.len - 1];
    site_revoke(town, site,
                story_dice(town->story, 2) ? &known->steward : &known->recovery,
                anybody(town, site), &head, 1);
    site_refresh(town, site);
}

static void tell(struct town *town, struct log *log, bool is_case)
{
    if (is_case)
        town_case(town, log);
    else
        town_escalate(town, log, story_dice(town->story, 2) ? "yes" : "ask",
                      &town->sites[VILLAGE].steward);
    while (log->len < OPS_PER_HISTORY) {
        add_step(town, log, is_case);
        if (story_dice(town->story, 12) == 0)
            revoke_somebody(town);
    }
}

/* --- replicas --- */

static void shuffle(struct town *town, struct log *log)
{
    for (size_t i = log->len; i > 1; i--) {
        size_t other = story_dice(town->story, (uint32_t)i);
        const struct op *swap = log->ops[i - 1];
        log->ops[i - 1] = log->ops[other];
        log->ops[other] = swap;
    }
}

/* What a replica has after hearing the halves of a random split, some ops twice. */
static void hear(struct town *town, const struct log *told, struct log *heard)
{
    *heard = (struct log){0};
    for (size_t i = 0; i < told->len; i++) {
        log_add(heard, told->ops[i]);
        if (story_dice(town->story, 3) == 0)
            log_add(heard, told->ops[i]);
    }
    shuffle(town, heard);
}

static void assert_same(const struct fold_result *one, const struct fold_result *other)
{
    assert_true(bytes_equal(buf_bytes(&one->view), buf_bytes(&other->view)));
    assert_int_equal(one->effects_len, other->effects_len);
    for (uint32_t i = 0; i < one->effects_len; i++) {
        assert_true(id_equal(&one->effects[i].op, &other->effects[i].op));
        assert_int_equal(one->effects[i].effect, other->effects[i].effect);
    }
    assert_int_equal(one->held_len, other->held_len);
    for (uint32_t i = 0; i < one->held_len; i++)
        assert_true(id_equal(&one->held[i], &other->held[i]));
    assert_int_equal(one->holders_len, other->holders_len);
    for (uint32_t i = 0; i < one->holders_len; i++) {
        assert_true(id_equal(&one->holders[i].site, &other->holders[i].site));
        assert_int_equal(one->holders[i].classes, other->holders[i].classes);
    }
    assert_int_equal(one->heads_len, other->heads_len);
    assert_memory_equal(one->heads, other->heads, one->heads_len * sizeof(*one->heads));
}

/* --- I10, by the plainest means --- */

static const struct op *find(const struct log *log, const struct id *id)
{
    for (size_t i = 0; i < log->len; i++)
        if (id_equal(&log->ops[i]->id, id))
            return log->ops[i];
    return NULL;
}

static bool reaches(const struct log *log, const struct op *from, const struct id *id)
{
    if (id_equal(&from->id, id))
        return true;
    for (uint32_t i = 0; i < from->parents_len; i++)
        if (reaches(log, find(log, &from->parents[i]), id))
            return true;
    return false;
}

static bool names_head(const struct log *log, const struct op *cover, const struct op *op)
{
    struct pack_reader reader = pack_reader_of(op_field(cover, "heads")->value);
    uint32_t count;
    assert_int_equal(pack_read_array(&reader, &count, NULL), STATUS_OK);
    for (uint32_t i = 0; i < count; i++) {
        struct id head;
        assert_int_equal(pack_read_fixed(&reader, head.bytes, ID_SIZE, NULL), STATUS_OK);
        if (reaches(log, find(log, &head), &op->id))
            return true;
    }
    return false;
}

static bool is_revoked(struct town *town, const struct op *op)
{
    for (int i = 0; i < SITES; i++)
        if (charter_has(town->sites[i].charter, &op->authority[0]))
            return charter_is_revoked(town->sites[i].charter, op->author);
    return false;
}

static void assert_only_covered_ops_stand(struct town *town, const struct log *log,
                                          const struct fold_result *result)
{
    for (size_t i = 0; i < log->len; i++) {
        const struct op *op = log->ops[i];
        if (fold_effect_of(result, &op->id) != EFFECT_YES || !is_revoked(town, op))
            continue;
        bool is_covered = false;
        for (size_t c = 0; c < log->len && !is_covered; c++) {
            struct id key;
            const struct op *cover = log->ops[c];
            is_covered = cover != op && op_is_kind(cover, "cover") &&
                         fold_effect_of(result, &cover->id) == EFFECT_YES &&
                         op_id(cover, "key", &key) &&
                         memcmp(key.bytes, op->author, ID_SIZE) == 0 &&
                         names_head(log, cover, op);
        }
        assert_true(is_covered);
    }
}

/* --- the properties --- */

static uint64_t current_seed;

struct tally {
    uint32_t effects[EFFECT_WRONG_OPENING + 1];
    uint32_t conflicts, wide;
};

static void count(const struct fold_result *result, struct tally *tally)
{
    for (uint32_t i = 0; i < result->effects_len; i++)
        tally->effects[result->effects[i].effect]++;
    tally->conflicts += view_conflicts(buf_bytes(&result->view)) > 0;
    tally->wide += result->heads_len > 1;
}

static void check_history(uint64_t seed, struct tally *tally)
{
    struct town town;
    struct log told = {0}, heard;
    struct fold_result wanted, got;
    town_init(&town, seed);
    tell(&town, &told, seed % 2 == 0);
    town_fold(&town, &told, &wanted);
    assert_only_covered_ops_stand(&town, &told, &wanted);
    count(&wanted, tally);
    for (int i = 0; i < ARRIVALS; i++) {
        for (int site = 0; site < SITES; site++) {
            shuffle(&town, &town.sites[site].log);
            site_refresh(&town, site);
        }
        hear(&town, &told, &heard);
        town_fold(&town, &heard, &got);
        assert_same(&wanted, &got);
        fold_result_deinit(&got);
    }
    fold_result_deinit(&wanted);
    town_deinit(&town);
}

static void I1_any_order_and_any_split_folds_to_the_same_bytes(void **state)
{
    struct tally tally = {0};
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        current_seed = seed;
        check_history(seed, &tally);
    }

    /* The histories are worth something: each of these came about. */
    assert_true(tally.conflicts > 20 && tally.wide > HISTORIES / 2);
    static const enum effect met[] = {
        EFFECT_YES,         EFFECT_UNKNOWN_KIND,  EFFECT_BAD_FIELD,
        EFFECT_WRONG_SCOPE, EFFECT_REVOKED,       EFFECT_NO_RIGHT,
        EFFECT_NO_HOLDER,   EFFECT_NOT_OPENED,    EFFECT_NOT_PERMITTED,
        EFFECT_NOT_FOUNDED, EFFECT_WRONG_OPENING, EFFECT_MISSING_FIELD,
        EFFECT_NOT_TRIAGED, EFFECT_NOT_SETTLED,   EFFECT_NOT_FOLLOWED_UP,
        EFFECT_CLOSED,      EFFECT_NOT_CLOSED,    EFFECT_NO_TARGET,
        EFFECT_NOT_RELEASED};
    for (size_t i = 0; i < sizeof(met) / sizeof(met[0]); i++)
        if (tally.effects[met[i]] == 0)
            fail_msg("no op came out as %s", effect_name(met[i]));
}

/* A replica folds every causal beginning on its way, and ends where the others end. */
static void I1_every_causal_beginning_folds(void **state)
{
    for (uint64_t seed = 9001; seed <= 9020; seed++) {
        struct town town;
        struct log told = {0};
        current_seed = seed;
        town_init(&town, seed);
        tell(&town, &told, seed % 2 == 0);
        for (size_t len = 1; len <= told.len; len++) {
            struct log beginning = told;
            struct fold_result result;
            beginning.len = len;
            town_fold(&town, &beginning, &result);
            assert_int_equal(result.effects_len, len);
            fold_result_deinit(&result);
        }
        town_deinit(&town);
    }
}

/* cmocka jumps out of a failed test; what it was about is told here. */
static int tell_seed(void **state)
{
    print_message("last seed: %u\n", (unsigned)current_seed);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(I1_any_order_and_any_split_folds_to_the_same_bytes,
                                  tell_seed),
        cmocka_unit_test_teardown(I1_every_causal_beginning_folds, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
