/* An audit of whole nodes: a sound county has no findings, each fault has its own, and a
 * sample and a story are the same for whoever holds the record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/core.h"
#include "tests/sim/far_client.h"
#include "tests/sim/sim_audited.h"

#define HOURS (UINT64_C(3600) * 1000)
#define DAYS (24 * HOURS)
#define DAY_S 86400u
#define BEGIN 1790000000u /* an evening of 2026-09-21 at the site */
#define FAR 100
#define FENGYUAN 2 /* in the order in which they were founded */

/* --- asking --- */

/* One line for each finding: "fails not-opened escalation". */
struct heard {
    char lines[8192];
    size_t len;
    uint64_t failing, scopes, ops, seals, pages;
    bool is_clock_trusted;
};

static uint64_t number_in(struct bytes map, const char *name)
{
    uint64_t number = UINT64_MAX;
    assert_true(view_map_uint(map, name, &number));
    return number;
}

static struct bytes text_in(struct bytes map, const char *name)
{
    struct bytes text = {0};
    assert_true(view_map_text(map, name, &text));
    return text;
}

static bool hear_finding(void *context, struct bytes finding)
{
    struct heard *heard = context;
    struct bytes word = text_in(finding, "word"), kind = text_in(finding, "kind");
    bool is_open = false;
    assert_true(view_map_flag(finding, "open", &is_open));
    assert_true(text_in(finding, "says").len > 0 && text_in(finding, "zh_cn").len > 0);
    int len = snprintf(heard->lines + heard->len, sizeof(heard->lines) - heard->len,
                       "%s %.*s %.*s\n", is_open ? "open" : "fails", (int)word.len,
                       (const char *)word.data, (int)kind.len, (const char *)kind.data);
    heard->len += (size_t)len;
    assert_true(heard->len < sizeof(heard->lines));
    return true;
}

static void hear(struct sim_county *f, struct world_node *node, struct heard *heard)
{
    struct buf out = {0};
    char after[64] = "";
    *heard = (struct heard){.len = 0};
    do {
        struct bytes next = {0}, looked;
        if (after[0] == '\0')
            SIM_SAY(f, node, &out, "audit");
        else
            SIM_SAY(f, node, &out, "audit", "after", after);
        struct bytes page = buf_bytes(&out);
        view_map_each(page, "findings", hear_finding, heard);
        assert_true(view_map_get(page, "looked", &looked));
        assert_true(number_in(looked, "scopes") <= 64);
        assert_true(number_in(looked, "seals") <= 64);
        heard->failing += number_in(page, "failing");
        heard->scopes += number_in(looked, "scopes");
        heard->ops += number_in(looked, "ops");
        heard->seals += number_in(looked, "seals");
        (void)view_map_flag(page, "clock_trusted", &heard->is_clock_trusted); /* nil */
        (void)view_map_text(page, "next", &next); /* nil at the end */
        (void)snprintf(after, sizeof(after), "%.*s", (int)next.len,
                       next.len > 0 ? (const char *)next.data : "");
        assert_true(++heard->pages < 100);
    } while (after[0] != '\0');
    buf_deinit(&out);
}

static void assert_on_node(struct sim_county *f, struct world_node *node,
                           const char *lines, struct heard *heard)
{
    hear(f, node, heard);
    assert_string_equal(heard->lines, lines);
}

/* On the node; and by anybody who has the file that it writes. */
static void assert_heard(struct sim_county *f, struct world_node *node, const char *lines)
{
    struct heard heard;
    char on_node[8192], in_file[8192];
    assert_on_node(f, node, lines, &heard);
    sim_audited_of_scopes(heard.lines, on_node, sizeof(on_node));
    sim_audited_file(f, node, in_file, sizeof(in_file));
    assert_string_equal(in_file, on_node);
}

/* --- what people do --- */

static void new_case(struct sim_county *f, char number[static 32])
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。", "context", "去年修过一次沟。", "parties",
            "[张某=甲方,李某=乙方]");
    struct bytes text = text_in(buf_bytes(&out), "number");
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    buf_deinit(&out);
}

static void consent(struct sim_county *f, const char *number, const char *party)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", party,
            "fields", "[title,context,parties]", "manner", "oral", "witness", "王某");
}

static struct id release(struct sim_county *f, const char *number, char hex[static 65])
{
    struct buf out = {0};
    struct id record;
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number, "fields",
            "[title,context,parties]", "reason", "超出村里权限", "onward", "yes");
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    hex_encode(hex, record.bytes, ID_SIZE);
    buf_deinit(&out);
    return record;
}

static void triage(struct sim_county *f, const char *number, const char *decision)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", decision,
            "beyond", "true", "reason", "涉及两村的水渠");
}

static struct id send_up(struct sim_county *f, char number[static 32],
                         char hex[static 65])
{
    new_case(f, number);
    triage(f, number, "escalate");
    consent(f, number, "张某");
    consent(f, number, "李某");
    return release(f, number, hex);
}

static void closed_case(struct sim_county *f)
{
    char number[32];
    new_case(f, number);
    triage(f, number, "keep");
    SIM_SAY(f, f->fengyuan, NULL, "case.settle", "case", number, "outcome", "agreement",
            "text", "各清一段");
    SIM_SAY(f, f->fengyuan, NULL, "case.follow_up", "case", number, "result", "kept",
            "text", "都清了");
    SIM_SAY(f, f->fengyuan, NULL, "case.close", "case", number);
}

/* A record that the township opened and answered, and the county too. */
static struct id answered(struct sim_county *f, char hex[static 65])
{
    char number[32];
    struct id record = send_up(f, number, hex);
    world_run(f->world, 5000);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text",
            "先测量水位");
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
            "请县里看");
    world_run(f->world, 5000);
    SIM_SAY(f, f->county, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->county, NULL, "escalation.refer", "escalation", hex, "channel", "court",
            "text", "争产权");
    world_run(f->world, 5000);
    return record;
}

static void a_sound_county_has_no_findings(void **state)
{
    struct sim_county *f = *state;
    struct world_node *const nodes[] = {f->county, f->township, f->fengyuan, f->xikou};
    struct heard heard;
    struct buf out = {0};
    char hex[65], other[65], number[32];
    closed_case(f);
    answered(f, hex);
    (void)sim_escalate(f, f->xikou, "水渠");
    send_up(f, number, other);
    world_run(f->world, 5000);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", other, "reason",
            "当事人撤回");
    SIM_SAY(f, f->fengyuan, NULL, "rules.add", "title", "村规", "version", "2026",
            "clauses", "[第一条=邻里和睦]");
    world_run(f->world, 3 * DAYS);

    for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
        hear(f, nodes[i], &heard);
        assert_string_equal(heard.lines, "");
        assert_int_equal(heard.failing, 0);
        assert_int_equal(heard.seals, 4);
    }
    hear(f, f->fengyuan, &heard);
    SIM_SAY(f, f->fengyuan, &out, "status");
    assert_int_equal(heard.scopes, number_in(buf_bytes(&out), "cases") +
                                       number_in(buf_bytes(&out), "escalations") + 3 +
                                       1); /* charters, rules */
    buf_deinit(&out);
}

static void many_scopes_are_looked_at_a_page_at_a_time(void **state)
{
    struct sim_county *f = *state;
    struct heard heard;
    for (int i = 0; i < 150; i++)
        SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水沟",
                "narrative", "两家争执。");

    hear(f, f->fengyuan, &heard);

    assert_string_equal(heard.lines, "");
    assert_int_equal(heard.scopes, 153);
    assert_int_equal(heard.pages, 5); /* three of scopes, seals, what is due */
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "audit", "after", "scope x", NULL),
        STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "audit", "after",
                               "seal 99999999999", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "audit", "after", "due", NULL),
        STATUS_INVALID);
}

/* --- what no correct node would write --- */

/* Into the node's own graph, as from a copy of it. */
static struct id write_directly(struct sim_county *f, struct world_node *node,
                                struct draft *draft, const struct id *scope)
{
    struct buf bytes = {0};
    const struct forgery forgery = {
        .seed = world_steward_seed(node), .draft = draft, .scope = scope, .of = node};
    struct id op = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, node, buf_bytes(&bytes)), STATUS_OK);
    draft_deinit(draft);
    buf_deinit(&bytes);
    return op;
}

static struct id scope_of(struct sim_county *f, const char *number)
{
    struct buf out = {0};
    struct bytes view;
    struct id scope;
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", number);
    if (!view_map_id(buf_bytes(&out), "scope", &scope)) {
        assert_true(view_map_get(buf_bytes(&out), "view", &view));
        fail_msg("case.show names no scope");
    }
    buf_deinit(&out);
    return scope;
}

static void a_case_without_its_record_is_looked_at_and_counted(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65];
    (void)send_up(f, number, hex);
    assert_int_equal(sim_audited_without_record(f, f->fengyuan, number), 1);
}

static void an_answer_without_an_opened_beneath_it_is_found_on_each_node(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    char number[32], hex[65];
    struct id record = send_up(f, number, hex);
    world_run(f->world, 5000);
    draft_init(&draft, "decide", &record);
    draft_text(&draft, "text", bytes_str("由村里处理"));
    write_directly(f, f->township, &draft, &record);
    world_run(f->world, 30000);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    world_run(f->world, 5000);

    assert_heard(f, f->township, "fails not-opened escalation\n");
    assert_heard(f, f->fengyuan, "fails not-opened escalation\n");
    assert_heard(f, f->xikou, "");
}

static void a_case_that_was_closed_early_is_found(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    char number[32];
    new_case(f, number);
    struct id scope = scope_of(f, number);
    draft_init(&draft, "close", &scope);
    draft_text(&draft, "text", bytes_str("算了"));
    write_directly(f, f->fengyuan, &draft, &scope);

    assert_heard(f, f->fengyuan, "fails closed-early case\n");
}

/* What went up without a triage, consents or the word of its case. */
static void a_release_past_every_rule_is_found_in_the_case_and_in_the_record(void **state)
{
    struct sim_county *f = *state;
    struct draft draft;
    char number[32], hex[65];
    uint8_t salt[32] = {1};
    struct id first = send_up(f, number, hex);
    new_case(f, number);
    struct id scope = scope_of(f, number);
    draft_init(&draft, "sent", &scope);
    draft_bin(&draft, "escalation", first.bytes, ID_SIZE);
    draft_bin(&draft, "salt", salt, sizeof(salt));
    write_directly(f, f->fengyuan, &draft, &scope);

    /* Title, context and parties, of each of the two. */
    assert_heard(f, f->fengyuan,
                 "fails no-triage case\nfails wrong-origin case\n"
                 "fails no-consent case\nfails no-consent case\n"
                 "fails no-consent case\nfails no-consent case\n"
                 "fails no-consent case\nfails no-consent case\n");
}

static void danger_that_nobody_confirmed_is_open_until_somebody_does(void **state)
{
    struct sim_county *f = *state;
    char number[32];
    sim_add_person(f, f->fengyuan, "李调解", "mediator", NULL);
    new_case(f, number);
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", "escalate",
            "danger", "true", "reason", "持刀威胁");
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李调解", "135791"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "escalate.release", "case", number, "fields",
            "[title,context]", "danger", "持刀威胁");
    world_run(f->world, 5000);

    assert_heard(f, f->fengyuan, "open unconfirmed escalation\n");
    assert_heard(f, f->township, "open unconfirmed escalation\n");

    assert_int_equal(world_unlock(f->world, f->fengyuan, "陈某", "246810"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "escalate.confirm", "case", number);
    assert_heard(f, f->fengyuan, "");
}

static void a_machine_that_has_not_erased_a_recall_is_open(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    answered(f, hex);
    world_set_offline(f->world, f->county, true);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "当事人撤回");
    world_run(f->world, 5000);

    assert_heard(f, f->fengyuan, "open no-receipt escalation\n"); /* the county's */

    world_set_offline(f->world, f->county, false);
    world_run(f->world, 120000);
    assert_heard(f, f->fengyuan, "");
}

static void what_is_overdue_is_open_as_the_list_of_what_is_due_has_it(void **state)
{
    struct sim_county *f = *state;
    struct heard heard;
    char number[32];
    world_set_clock(f->world, BEGIN, WALL_NONE);
    world_tick(f->world, 60000);
    world_run(f->world, 0);
    hear(f, f->fengyuan, &heard);
    assert_false(heard.is_clock_trusted);
    world_set_clock(f->world, BEGIN, WALL_NTP);
    world_tick(f->world, 60000);
    world_run(f->world, 0);
    new_case(f, number);
    triage(f, number, "keep");
    SIM_SAY(f, f->fengyuan, NULL, "case.task", "case", number, "due", "2026-09-25",
            "owner", "李调解", "text", "量沟");
    hear(f, f->fengyuan, &heard);
    assert_string_equal(heard.lines, "");

    world_set_clock(f->world, BEGIN + 10 * DAY_S, WALL_NTP);
    world_tick(f->world, 60000);
    world_run(f->world, 0);

    hear(f, f->fengyuan, &heard);
    assert_true(heard.is_clock_trusted);
    assert_string_equal(heard.lines, "open overdue case\n");
    assert_int_equal(heard.failing, 0);
}

/* --- what is held, and given away --- */

static void in_store(struct world_node *node, struct world_node *other,
                     const struct id *scope)
{
    struct store *store = world_store(node);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_pair_put(store, world_site(other), scope), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

static void a_scope_that_is_given_to_a_site_without_a_rule_is_found(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65];
    new_case(f, number);
    struct id scope = scope_of(f, number);
    in_store(f->fengyuan, f->township, &scope);
    assert_heard(f, f->fengyuan, "fails shared-wide case\n");

    struct id record = answered(f, hex);
    in_store(f->township, f->xikou, &record);
    assert_heard(f, f->township, "fails shared-wide escalation\n");
}

/* The disk of the node is changed while it is off. */
static void spoil(struct sim_county *f, const char *sql)
{
    world_power_off(f->world, f->fengyuan);
    sim_spoil(f, FENGYUAN, sql);
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "陈某", "246810"), STATUS_OK);
}

static void a_case_of_another_site_is_not_covered(void **state)
{
    struct sim_county *f = *state;
    char number[32];
    new_case(f, number);
    spoil(f, "UPDATE scopes SET site = (SELECT site FROM scopes WHERE kind = 1 AND site "
             "<> (SELECT site FROM scopes WHERE kind = 2)) WHERE kind = 2");

    assert_heard(f, f->fengyuan, "fails not-covered case\n");
}

/* --- seals --- */

static void seals_that_do_not_fit_the_ledger_any_more_are_found(void **state)
{
    struct sim_county *f = *state;
    struct heard heard;
    for (int i = 0; i < 40; i++)
        SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "邻里", "title", "水沟",
                "narrative", "两家争执。");
    world_run(f->world, 2 * DAYS + HOURS);
    assert_on_node(f, f->fengyuan, "", &heard);

    spoil(f, "UPDATE ledger SET hash = zeroblob(32) WHERE tree = 1 AND level = 5 AND "
             "place = 0");

    assert_on_node(f, f->fengyuan, "fails seal-unlike \nfails seal-unlike \n", &heard);

    /* Evidence is refused, and since hashes are derived, they are made anew. */
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "evidence", "site", "true",
                               "cases", "true", NULL),
                     STATUS_UNVERIFIED);
    world_run(f->world, 60000);
    assert_heard(f, f->fengyuan, "");
}

static void a_seal_that_was_changed_is_found_and_is_not_what_was_cosigned(void **state)
{
    struct sim_county *f = *state;
    struct heard heard;
    world_run(f->world, 2 * DAYS + HOURS);
    spoil(f, "UPDATE seals SET leaf = (SELECT leaf FROM seals WHERE place = 1) WHERE "
             "place = 2");
    hear(f, f->fengyuan, &heard);
    assert_non_null(strstr(heard.lines, "fails seal-unlike \n"));
    assert_non_null(strstr(heard.lines, "fails seal-forked \n"));
}

static void fewer_seals_than_were_cosigned_are_found(void **state)
{
    struct sim_county *f = *state;
    struct heard heard;
    world_run(f->world, 2 * DAYS + HOURS);
    world_set_offline(f->world, f->fengyuan, true);
    spoil(f, "DELETE FROM seals WHERE place = 2");

    assert_on_node(f, f->fengyuan, "fails seal-forked \n", &heard);
}

/* --- a sample --- */

struct drawn {
    struct id scopes[16];
    uint32_t len;
};

static bool take_drawn(void *context, struct bytes row)
{
    struct drawn *drawn = context;
    assert_true(drawn->len < 16);
    assert_true(view_map_id(row, "scope", &drawn->scopes[drawn->len++]));
    return true;
}

static struct drawn draw(struct sim_county *f, struct world_node *node,
                         const char *number, const char *seed, const char *cases)
{
    struct buf out = {0};
    struct drawn drawn = {.len = 0};
    SIM_SAY(f, node, &out, "audit.sample", "cases", cases, "n", number, "draw_seed", seed,
            "site", "枫源村");
    view_map_each(buf_bytes(&out), "sample", take_drawn, &drawn);
    buf_deinit(&out);
    return drawn;
}

static void a_sample_is_the_same_on_each_holder(void **state)
{
    struct sim_county *f = *state;
    for (int i = 0; i < 8; i++)
        (void)sim_escalate(f, f->fengyuan, "水沟");
    (void)sim_escalate(f, f->xikou, "水渠");

    struct drawn village = draw(f, f->fengyuan, "#3", "2026-11-28", "no");
    struct drawn township = draw(f, f->township, "#3", "2026-11-28", "no");
    struct drawn more = draw(f, f->township, "#5", "2026-11-28", "no");
    struct drawn other = draw(f, f->township, "#3", "another", "no");
    struct drawn all = draw(f, f->township, "#16", "2026-11-28", "no");

    assert_int_equal(village.len, 3);
    assert_memory_equal(&village, &township, sizeof(village));
    assert_memory_equal(village.scopes, more.scopes, 3 * sizeof(struct id));
    assert_memory_not_equal(other.scopes, village.scopes, 3 * sizeof(struct id));
    assert_int_equal(all.len, 8); /* of that village alone */
    assert_int_equal(draw(f, f->fengyuan, "#16", "s", "true").len, 16); /* cases too */
}

static void a_sample_needs_a_seed_and_a_number(void **state)
{
    struct sim_county *f = *state;
    assert_int_equal(
        world_say(f->world, f->township, NULL, "audit.sample", "n", "#3", NULL),
        STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->township, NULL, "audit.sample", "n", "#0",
                               "draw_seed", "s", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->township, NULL, "audit.sample", "n", "#401",
                               "draw_seed", "s", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->township, NULL, "audit.sample", "n", "#3",
                               "draw_seed", "s", "site", "无此村", NULL),
                     STATUS_NOT_FOUND);
}

/* --- a story --- */

struct story {
    char steps[2048]; /* "escalate 枫源村 0 1;" … */
    size_t len;
};

static bool take_step(void *context, struct bytes step)
{
    struct story *story = context;
    struct bytes seal, kind = text_in(step, "kind"), site = text_in(step, "author_site");
    struct id op;
    assert_true(view_map_id(step, "op", &op));
    assert_true(text_in(step, "says").len > 0);
    assert_int_not_equal(number_in(step, "position"), UINT64_MAX);
    assert_true(view_map_get(step, "seal", &seal));
    bool is_sealed = seal.data[0] != 0xc0;
    int len = snprintf(
        story->steps + story->len, sizeof(story->steps) - story->len, "%.*s %.*s %s%u;",
        (int)kind.len, (const char *)kind.data, (int)site.len, (const char *)site.data,
        is_sealed ? "sealed " : "-", is_sealed ? view_map_count(seal, "cosigned") : 0);
    story->len += (size_t)len;
    assert_true(story->len < sizeof(story->steps));
    return true;
}

static void a_story_tells_each_step_and_the_seal_beneath_which_it_stands(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct story before = {.len = 0}, after = {.len = 0};
    char hex[65];
    answered(f, hex);
    SIM_SAY(f, f->township, &out, "audit.explain", "escalation", hex);
    view_map_each(buf_bytes(&out), "steps", take_step, &before);
    world_run(f->world, DAYS + HOURS);
    SIM_SAY(f, f->township, &out, "audit.explain", "escalation", hex);
    view_map_each(buf_bytes(&out), "steps", take_step, &after);

    assert_string_equal(before.steps,
                        "escalate 枫源村 -0;received 青河镇 -0;opened 青河镇 -0;"
                        "advise 青河镇 -0;onward 青河镇 -0;received 示例县 -0;"
                        "opened 示例县 -0;refer 示例县 -0;");
    assert_string_equal(after.steps, "escalate 枫源村 sealed 1;received 青河镇 sealed 1;"
                                     "opened 青河镇 sealed 1;advise 青河镇 sealed 1;"
                                     "onward 青河镇 sealed 1;received 示例县 sealed 1;"
                                     "opened 示例县 sealed 1;refer 示例县 sealed 1;");
    assert_int_equal(view_map_count(buf_bytes(&out), "findings"), 0);
    buf_deinit(&out);
}

/* --- notes --- */

struct note {
    const char *verdict;
    uint32_t found;
};

static bool find_note(void *context, struct bytes entry)
{
    struct note *note = context;
    struct bytes fields;
    struct id evidence;
    if (!view_map_has_text(entry, "kind", "audited"))
        return true;
    assert_true(view_map_get(entry, "fields", &fields));
    assert_true(view_map_has_text(fields, "text", "逐条核对"));
    assert_true(view_map_id(fields, "evidence", &evidence));
    note->found += view_map_has_text(fields, "verdict", note->verdict);
    return true;
}

static uint32_t notes(struct sim_county *f, struct world_node *node, const char *hex,
                      const char *verdict)
{
    struct buf out = {0};
    struct bytes view;
    struct note note = {.verdict = verdict};
    SIM_SAY(f, node, &out, "escalation.show", "escalation", hex);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    view_map_each(view, "journal", find_note, &note);
    buf_deinit(&out);
    return note.found;
}

static enum status note(struct sim_county *f, const char *name, const char *which,
                        const char *verdict, uint32_t digest_len)
{
    static const uint8_t digest[64] = {9};
    struct buf asked = {0};
    pack_map(&asked, digest_len > 0 ? 4 : 3);
    pack_str(&asked, name);
    pack_str(&asked, which);
    if (digest_len > 0) {
        pack_str(&asked, "evidence");
        pack_bin(&asked, digest, digest_len);
    }
    pack_str(&asked, "text");
    pack_str(&asked, "逐条核对");
    pack_str(&asked, "verdict");
    pack_str(&asked, verdict);
    enum status status =
        world_call(f->world, f->township, "audit.note", buf_bytes(&asked), NULL);
    buf_deinit(&asked);
    return status;
}

static void an_auditor_notes_what_it_found_and_each_holder_sees_it(void **state)
{
    struct sim_county *f = *state;
    char hex[65], number[32];
    struct buf out = {0};
    answered(f, hex);
    sim_add_person(f, f->township, "审计甲", "auditor", NULL);
    SIM_SAY(f, f->township, &out, "case.new", "category", "邻里", "title", "路",
            "narrative", "镇里的事。");
    struct bytes text = text_in(buf_bytes(&out), "number");
    (void)snprintf(number, sizeof(number), "%.*s", (int)text.len,
                   (const char *)text.data);
    buf_deinit(&out);
    assert_int_equal(note(f, "escalation", hex, "holds", 32), STATUS_DENIED);

    assert_int_equal(world_unlock(f->world, f->township, "审计甲", "135791"), STATUS_OK);
    assert_int_equal(note(f, "escalation", hex, "perhaps", 32), STATUS_INVALID);
    assert_int_equal(note(f, "escalation", hex, "holds", 31), STATUS_INVALID);
    assert_int_equal(note(f, "escalation", hex, "holds", 32), STATUS_OK);
    assert_int_equal(note(f, "case", number, "doubts", 0), STATUS_OK);
    assert_int_equal(note(f, "case", "2026-0999", "doubts", 0), STATUS_NOT_FOUND);
    world_run(f->world, 30000);

    struct world_node *const nodes[] = {f->county, f->township, f->fengyuan};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(notes(f, nodes[i], hex, "holds"), 1);
        assert_int_equal(notes(f, nodes[i], hex, "fails"), 0);
        assert_heard(f, nodes[i], "");
    }
}

static void from_afar_an_auditor_audits_and_reads_nothing_else(void **state)
{
    struct sim_county *f = *state;
    struct far_client far;
    char hex[65];
    answered(f, hex);
    sim_add_person(f, f->township, "审计甲", "auditor", NULL);
    far_open(&far, f, f->township, FAR);
    far_sign_in(&far, "审计甲");

    assert_int_equal(far_say(&far, "audit", NULL), STATUS_OK);
    assert_int_equal(far_say(&far, "audit", "after", "due 0", NULL), STATUS_OK);
    assert_int_equal(far_say(&far, "audit.explain", "escalation", hex, NULL), STATUS_OK);
    assert_int_equal(far_say(&far, "escalation.show", "escalation", hex, NULL),
                     STATUS_DENIED);
    assert_int_equal(far_say(&far, "due", NULL), STATUS_DENIED);
    assert_int_equal(far_say(&far, "audit.note", "escalation", hex, "text", "t",
                             "verdict", "holds", NULL),
                     STATUS_DENIED);
    assert_int_equal(far_say(&far, "unlock", "pin", "135791", NULL), STATUS_OK);
    assert_int_equal(far_say(&far, "audit.note", "escalation", hex, "text", "t",
                             "verdict", "holds", NULL),
                     STATUS_OK);
    far_close(&far);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(a_sound_county_has_no_findings),
        ONE(many_scopes_are_looked_at_a_page_at_a_time),
        ONE(a_case_without_its_record_is_looked_at_and_counted),
        ONE(an_answer_without_an_opened_beneath_it_is_found_on_each_node),
        ONE(a_case_that_was_closed_early_is_found),
        ONE(a_release_past_every_rule_is_found_in_the_case_and_in_the_record),
        ONE(danger_that_nobody_confirmed_is_open_until_somebody_does),
        ONE(a_machine_that_has_not_erased_a_recall_is_open),
        ONE(what_is_overdue_is_open_as_the_list_of_what_is_due_has_it),
        ONE(a_scope_that_is_given_to_a_site_without_a_rule_is_found),
        ONE(a_case_of_another_site_is_not_covered),
        ONE(seals_that_do_not_fit_the_ledger_any_more_are_found),
        ONE(a_seal_that_was_changed_is_found_and_is_not_what_was_cosigned),
        ONE(fewer_seals_than_were_cosigned_are_found),
        ONE(a_sample_is_the_same_on_each_holder),
        ONE(a_sample_needs_a_seed_and_a_number),
        ONE(a_story_tells_each_step_and_the_seal_beneath_which_it_stands),
        ONE(an_auditor_notes_what_it_found_and_each_holder_sees_it),
        ONE(from_afar_an_auditor_audits_and_reads_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
