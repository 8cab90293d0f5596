/* The whole page before a true core: signing in, what is written and what is refused,
 * what nobody may send, and devices that wait, rest and are gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/page/desk.h"
#include "node/page/screen.h"
#include "tests/sim/far_client.h"
#include "tests/sim/page_scene.h"

#define MINUTE_MS 60000u

static uint64_t cases(struct page_scene *f)
{
    return sim_status(f->door.f, f->door.node, "cases");
}

/* ---- signing in ---- */

static void a_device_is_signed_in_by_a_code_and_stays_so(void **state)
{
    struct page_scene *f = *state;
    struct browser other;
    char code[FAR_CODE_SIZE], path[64], typed[128], first[BROWSER_COOKIE_MAX];
    browser_open(&other, &f->door);
    assert_int_equal(browser_get(&other, "/cases"), 303);
    assert_string_equal(other.location, "/enter");
    far_invite(f->door.f, f->door.node, "", code);
    (void)snprintf(path, sizeof(path), "/enter/%s", code);

    assert_int_equal(browser_get(&other, path), 200); /* which lets nobody in */

    browser_value(&other, "code", typed);
    assert_string_equal(typed, code);
    assert_string_equal(other.cookie, "");
    (void)snprintf(path, sizeof(path), "code=%s", code);
    assert_int_equal(browser_post_bare(&other, "/enter", path), 303);
    assert_non_null(strstr(other.set_cookie, "; HttpOnly; SameSite=Strict"));
    (void)snprintf(first, sizeof(first), "%s", other.cookie);
    assert_int_equal(browser_get(&other, "/"), 200);
    assert_true(browser_sees(&other, "陈某"));
    assert_string_equal(other.cookie, first);
    assert_int_equal(browser_post_bare(&other, "/enter", path), 403); /* used */
    assert_true(browser_sees(&other, "邀请码写错、用过或超过了十分钟"));
    browser_close(&other);
}

static void a_code_that_is_wrong_or_too_old_lets_nobody_in(void **state)
{
    struct page_scene *f = *state;
    struct browser other;
    char code[FAR_CODE_SIZE], fields[64];
    browser_open(&other, &f->door);
    assert_int_equal(
        browser_post_bare(&other, "/enter", "code=abcdefghijklmnopqrstuvwxyz"), 403);
    assert_true(browser_sees(&other, "abcdefghijklmnopqrstuvwxyz")); /* to be mended */
    far_invite(f->door.f, f->door.node, "", code);
    world_tick(f->door.f->world, 11 * MINUTE_MS);
    (void)snprintf(fields, sizeof(fields), "code=%s", code);
    assert_int_equal(browser_post_bare(&other, "/enter", fields), 403);
    assert_string_equal(other.cookie, "");
    assert_int_equal(browser_post_bare(&other, "/enter", ""), 422);
    browser_close(&other);
}

static void W2_a_token_that_is_none_leads_to_the_door(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char token[BROWSER_COOKIE_MAX];
    (void)snprintf(token, sizeof(token), "%s", browser->cookie);
    char *digit = strstr(browser->cookie, "session=") + 8;
    *digit = *digit == '0' ? '1' : '0';
    assert_int_equal(browser_get(browser, "/"), 303);
    assert_string_equal(browser->location, "/enter");
    assert_string_equal(browser->cookie, ""); /* it is taken away */
    assert_int_equal(browser_post_bare(browser, "/lock", "mark=x"), 401);
    (void)snprintf(browser->cookie, sizeof(browser->cookie), "%s", token);
    assert_int_equal(browser_get(browser, "/"), 200);
}

static void a_device_that_is_revoked_is_sent_away(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    assert_int_equal(browser_get(browser, "/settings"), 200);
    assert_int_equal(browser_post(browser, "/device/1/revoke", ""), 303);
    assert_int_equal(browser_get(browser, "/"), 303);
    assert_string_equal(browser->location, "/enter");
}

/* ---- what is written, what is refused ---- */

static void a_case_is_written_and_shown(void **state)
{
    struct page_scene *f = *state;
    char path[128], target[160];
    page_scene_write_case(f, NEW_CASE, path);
    assert_int_equal(cases(f), 1);
    (void)snprintf(target, sizeof(target), "%s?said=case-new", path);
    assert_int_equal(browser_get(&f->browser, target), 200);
    assert_true(browser_sees(&f->browser, "界墙"));
    assert_true(browser_sees(&f->browser, "墙越了界"));
    assert_true(browser_sees(&f->browser, "张某"));
    assert_true(browser_sees(&f->browser, "已登记。已写入本村节点的存储。"));
    assert_int_equal(browser_get(&f->browser, "/cases?said=<b>"), 200);
    assert_false(browser_sees(&f->browser, "said.")); /* no key of ours, no word */
}

static void M4_what_a_person_wrote_is_text_on_every_page(void **state)
{
    static const char hostile[] = "title=%3Cscript%3E%22'&category=%3Cb%3E&narrative="
                                  "%7B%7B%3Dapp.name%7D%7D&party=%3Ci%3E&party-role="
                                  "%3Cu%3E&context=%22%3E%3Cimg";
    static const char *const tags[] = {"<script>", "<b>", "<i>", "<u>", "<img"};
    struct page_scene *f = *state;
    char path[128], page[160];
    page_scene_write_case(f, hostile, path);
    const char *const pages[] = {"", "/triage", "/papers?set=all"};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(page, sizeof(page), "%s%s", path, pages[i]);
        assert_int_equal(browser_get(&f->browser, page), 200);
        assert_true(browser_sees(&f->browser, "{{=app.name}}")); /* it is no template */
        for (size_t k = 0; k < sizeof(tags) / sizeof(tags[0]); k++)
            assert_false(browser_sees(&f->browser, tags[k]));
    }
    assert_int_equal(browser_get(&f->browser, "/cases"), 200);
    assert_true(browser_sees(&f->browser, "&lt;script&gt;&quot;&#39;"));
}

static void a_refused_form_comes_back_as_it_was_typed_without_its_pin(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    (void)browser_get(browser, "/cases/new");
    int code = browser_post(browser, "/cases/new",
                            "pin=" PIN "&category=邻里&narrative=打了很久的字"
                            "&party=张某&party-role=applicant&party=李某&party-role=x");
    assert_int_equal(code, 422);
    assert_true(browser_sees(browser, "打了很久的字"));
    assert_true(browser_sees(browser, "张某"));
    assert_true(browser_sees(browser, "李某"));
    assert_true(browser_sees(browser, "还没有写：标题"));
    assert_false(browser_sees(browser, PIN));
    assert_int_equal(cases(f), 0);
}

static void a_wrong_pin_writes_nothing_and_is_said(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    (void)browser_get(browser, "/cases/new");
    assert_int_equal(browser_post(browser, "/cases/new", "pin=111111&" NEW_CASE), 403);
    assert_true(browser_sees(browser, "密码不对"));
    assert_true(browser_sees(browser, "墙越了界"));
    assert_false(browser_sees(browser, "111111"));
    assert_int_equal(browser_post(browser, "/cases/new", NEW_CASE), 403); /* none */
    assert_true(browser_sees(browser, "请先输入密码解锁"));
    assert_int_equal(cases(f), 0);
}

static void a_form_that_is_sent_twice_does_it_once(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char once[128], fields[512], location[512];
    (void)browser_get(browser, "/cases/new");
    browser_value(browser, "once", once);
    (void)snprintf(fields, sizeof(fields), "once=%s&pin=" PIN "&" NEW_CASE, once);
    char mark[128];
    browser_value(browser, "mark", mark);
    char again[700];
    (void)snprintf(again, sizeof(again), "mark=%s&%s", mark, fields);
    assert_int_equal(browser_post_bare(browser, "/cases/new", again), 303);
    (void)snprintf(location, sizeof(location), "%s", browser->location);

    assert_int_equal(browser_post_bare(browser, "/cases/new", again), 303);

    assert_string_equal(browser->location, location);
    assert_int_equal(cases(f), 1);
    (void)snprintf(again, sizeof(again), "mark=%s&%s&place=x", mark, fields);
    assert_int_equal(browser_post_bare(browser, "/cases/new", again), 409);
    assert_true(browser_sees(browser, "这张表已经用过一次"));
}

static void what_cannot_be_an_argument_comes_back_with_a_sentence(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    assert_int_equal(browser_get(browser, "/settings"), 200);
    assert_int_equal(browser_post(browser, "/device/x/revoke", ""), 422);
    assert_true(browser_sees(browser, "这里要填数字，不能是“x”"));
    assert_int_equal(browser_get(browser, "/cases?after=xyz"), 200); /* left out */
    assert_int_equal(browser_get(browser, "/case/nothing"), 404);
    assert_true(browser_sees(browser, "这里没有这个案件：nothing。"));
    assert_int_equal(browser_get(browser, "/no/such/page"), 404);
    assert_int_equal(browser_get(browser, "/cases?x=%ff"), 422);
    assert_true(browser_sees(browser, "UTF-8"));
}

/* ---- what nobody may send ---- */

static void W1_names_and_origins_of_others_are_refused(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    static const char *const origins[] = {"null", "http://evil.example",
                                          "https://" BROWSER_HOST};
    (void)browser_get(browser, "/cases/new");
    for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
        browser->request.origin = bytes_str(origins[i]);
        assert_int_equal(browser_post(browser, "/cases/new", "pin=" PIN "&" NEW_CASE),
                         403);
        (void)browser_get(browser, "/cases/new");
    }
    browser->request.origin = bytes_str("http://" BROWSER_HOST);
    browser->request.host = bytes_str("evil.example:8080");
    assert_int_equal(browser_get(browser, "/"), 403);
    assert_true(browser_sees(browser, "本节点不用这个地址"));
    assert_true(browser_sees(browser, "does not answer under that name"));
    assert_int_equal(browser_post(browser, "/cases/new", "pin=" PIN "&" NEW_CASE), 403);
    browser->request.host = bytes_str("pi.local:8080");
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_int_equal(cases(f), 0);
}

static void W1_looking_changes_nothing_and_only_two_methods_are_there(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char target[512], path[PATH_MAX_LEN + 2];
    (void)browser_get(browser, "/cases/new");
    browser_value(browser, "mark", path);
    (void)snprintf(target, sizeof(target), "/cases/new?mark=%s&pin=" PIN "&" NEW_CASE,
                   path);
    assert_int_equal(browser_get(browser, target), 200);
    assert_int_equal(cases(f), 0);
    browser->request.method = PAGE_OTHER;
    browser->visit = ++f->door.visits;
    page_visit(f->door.page, browser->visit, &browser->request, f->door.now_ms);
    assert_int_equal(browser->code, 405);
    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[PATH_MAX_LEN + 1] = '\0';
    assert_int_equal(browser_get(browser, path), 414);
    path[PATH_MAX_LEN] = '\0';
    assert_int_equal(browser_get(browser, path), 404);
}

static void W2_a_form_without_the_mark_of_its_session_is_refused(void **state)
{
    struct page_scene *f = *state;
    struct browser other;
    char mark[128], fields[512];
    browser_open(&other, &f->door);
    browser_sign_in(&other, "");
    (void)browser_get(&other, "/cases/new");
    browser_value(&other, "mark", mark);
    (void)snprintf(fields, sizeof(fields), "mark=%s&pin=" PIN "&" NEW_CASE, mark);
    assert_int_equal(browser_post_bare(&f->browser, "/cases/new", fields), 403);
    assert_int_equal(
        browser_post_bare(&f->browser, "/cases/new", "pin=" PIN "&" NEW_CASE), 403);
    assert_int_equal(cases(f), 0);
    assert_int_equal(browser_post_bare(&other, "/cases/new", fields), 303);
    browser_close(&other);
}

/* ---- how it is shown ---- */

static void each_screen_is_whole_in_both_languages(void **state)
{
    static const char *const languages[] = {"zh", "en"};
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    const struct screen *screen;
    char path[128], target[256], session[BROWSER_COOKIE_MAX];
    char record[2 * ID_SIZE + 1];
    page_scene_write_case(f, NEW_CASE "&context=来龙", path);
    struct id id = sim_escalate(f->door.f, f->door.node, "水沟");
    hex_encode(record, id.bytes, ID_SIZE);
    memcpy(session, browser->cookie, sizeof(session));
    for (size_t l = 0; l < 2; l++) {
        int len =
            snprintf(target, sizeof(target), "lang=%s; %.200s", languages[l], session);
        assert_true(len > 0 && len < BROWSER_COOKIE_MAX);
        memcpy(browser->cookie, target, (size_t)len + 1);
        for (size_t i = 0; (screen = screen_at(i)) != NULL; i++) {
            const char *plus = strchr(screen->path, '+');
            const char *star =
                strncmp(screen->path, "/case/", 6) == 0 ? path + 6 : record;
            if ((plus != NULL && strchr(plus + 1, '+') != NULL) ||
                (screen->raw != RAW_NO && screen->raw != RAW_PAPERS))
                continue; /* a file, an item of a list, a stream: journeys go there */
            (void)snprintf(
                target, sizeof(target), "%.*s%s%s",
                plus == NULL ? (int)strlen(screen->path) : (int)(plus - screen->path),
                screen->path, plus == NULL ? "" : star, plus == NULL ? "" : plus + 1);
            int code = browser_get(browser, target);
            if (code != 200 && code != 404)
                fail_msg("%s: %d", target, code);
            if (browser->body.len > PAGE_BYTES_MAX)
                fail_msg("%s has %zu bytes", target, browser->body.len);
            if (browser_sees(browser, "{{") || !browser_sees(browser, "</html>"))
                fail_msg("%s is not whole", target);
        }
    }
}

static void language_and_size_are_the_browsers_own(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    browser->request.languages = bytes_str("de, en;q=0.8, zh;q=0.5");
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_true(browser_sees(browser, "<html lang=\"en\">"));
    browser->request.languages = bytes_str("de");
    assert_int_equal(browser_get(browser, "/settings"), 200);
    assert_true(browser_sees(browser, "<html lang=\"zh-CN\">"));
    assert_int_equal(browser_post_bare(browser, "/language", "back=/settings"), 303);
    assert_string_equal(browser->location, "/settings");
    assert_int_equal(browser_post_bare(browser, "/view", "back=//evil.example"), 303);
    assert_string_equal(browser->location, "/");
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_true(browser_sees(browser, "<html lang=\"en\" class=\"large\">"));
    static const char *const backs[] = {"/\\evil", "evil", "/a b", "/%0d%0aX: y", "/%e7"};
    for (size_t i = 0; i < sizeof(backs) / sizeof(backs[0]); i++) {
        char fields[64];
        (void)snprintf(fields, sizeof(fields), "back=%s", backs[i]);
        (void)browser_post_bare(browser, i % 2 == 0 ? "/view" : "/language", fields);
        if (browser->code == 303)
            assert_string_equal(browser->location, "/");
    }
}

static void what_never_changes_needs_no_device(void **state)
{
    struct page_scene *f = *state;
    struct browser other;
    browser_open(&other, &f->door);
    assert_int_equal(browser_get(&other, "/style.css?v=1"), 200);
    assert_int_equal(browser_get(&other, "/page.js"), 200);
    assert_int_equal(browser_get(&other, "/icon.svg"), 200);
    assert_true(browser_sees(&other, "<svg"));
    assert_int_equal(browser_get(&other, "/enter"), 200);
    browser_close(&other);
}

/* ---- who may see what ---- */

static void each_role_begins_somewhere_and_is_told_what_it_does_not_see(void **state)
{
    static const struct {
        const char *role;
        bool writes; /* cases */
        bool hides;  /* that there are any */
    } rows[] = {{"steward", true, false}, {"mediator", true, false},
                {"desk", false, true},    {"observer", false, false},
                {"auditor", false, true}, {"judge", false, true}};
    struct page_scene *f = *state;
    char path[128];
    page_scene_write_case(f, NEW_CASE, path);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct browser other;
        browser_open(&other, &f->door);
        sim_add_person(f->door.f, f->door.node, rows[i].role, rows[i].role, NULL);
        browser_sign_in(&other, rows[i].role);
        if (browser_get(&other, "/") != 200)
            fail_msg("Today of a %s: %d", rows[i].role, other.code);
        assert_int_equal(browser_sees(&other, "href=\"/cases\""), !rows[i].hides);
        (void)browser_get(&other, "/cases");
        assert_int_equal(browser_sees(&other, "界墙"), rows[i].writes);
        assert_int_equal(browser_get(&other, path), rows[i].hides ? 403 : 200);
        assert_int_equal(browser_sees(&other, "墙越了界"), rows[i].writes);
        assert_int_equal(browser_sees(&other, "您的角色不能看这些内容"), rows[i].hides);
        assert_int_equal(browser_get(&other, "/settings"), 200);
        browser_close(&other);
    }
}

/* ---- the house ---- */

static void the_day_says_what_waits_to_be_sent_and_since_when(void **state)
{
    struct page_scene *f = *state;
    struct sim_county *county = f->door.f;
    struct browser *browser = &f->browser;
    world_run(county->world, MINUTE_MS);
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_true(browser_sees(browser, "待送出 0 条"));
    assert_false(browser_sees(browser, "最早从"));
    world_power_off(county->world, county->township);
    SIM_SAY(county, f->door.node, NULL, "case.new", "category", "公共", "context",
            "报修过一次。", "narrative", "坏了三个月", "title", "路灯");
    SIM_SAY(county, f->door.node, NULL, "case.triage", "beyond", "true", "case",
            "2026-0001", "decision", "escalate", "reason", "电在镇里");
    SIM_SAY(county, f->door.node, NULL, "escalate.release", "case", "2026-0001", "fields",
            "[context]", "no_parties", "路灯是公家的", "reason", "超出权限");
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_false(browser_sees(browser, "待送出 0 条"));
    assert_true(browser_sees(browser, "最早从 2026-"));
    assert_int_equal(world_power_on(county->world, county->township), STATUS_OK);
}

static void a_steward_reads_each_day_how_old_the_backup_is(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser, other;
    struct sim_county *county = f->door.f;
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_true(browser_sees(browser, "还没有备份。"));
    assert_true(browser_sees(browser, "say bad"));
    assert_true(browser_sees(browser, "fengqiao backup write"));
    sim_add_person(county, f->door.node, "王某", "mediator", NULL);
    browser_open(&other, &f->door);
    browser_sign_in(&other, "王某");
    assert_int_equal(browser_get(&other, "/"), 200);
    assert_false(browser_sees(&other, "备份"));
    browser_close(&other);

    SIM_SAY(county, f->door.node, NULL, "backup.write");
    SIM_SAY(county, f->door.node, NULL, "backup.done");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(browser_get(browser, i == 0 ? "/" : "/more"), 200);
        assert_true(browser_sees(browser, "上次备份："));
        assert_true(browser_sees(browser, "还没有试过能不能恢复"));
        assert_false(browser_sees(browser, "--stick"));
        assert_false(browser_sees(browser, "此后又有"));
    }
    for (int i = 0; i < 100; i++)
        SIM_SAY(county, f->door.node, NULL, "case.new", "category", "邻里", "title",
                "水渠", "narrative", "两家为水渠争执。");
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_true(browser_sees(browser, "该再备份一次了"));
    assert_true(browser_sees(browser, "此后又有 100 条记录"));
    assert_true(browser_sees(browser, "say wait"));
}

static void a_machine_is_revoked_by_its_key_and_the_page_says_which_is_this(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char key[128], fields[200];
    assert_int_equal(browser_get(browser, "/people"), 200);
    assert_true(browser_sees(browser, "这就是您正在用的这台机器"));
    browser_value(browser, "node", key);
    assert_int_equal(strlen(key), 64);
    assert_int_equal(browser_post(browser, "/people/machine", "pin=" PIN "&node=nobody"),
                     404);
    (void)browser_get(browser, "/people");
    (void)snprintf(fields, sizeof(fields), "node=%s", key);
    assert_int_equal(browser_post(browser, "/people/machine", fields), 303);
    (void)browser_get(browser, "/people");
    browser_value(browser, "node", key);
    assert_string_equal(key, ""); /* nothing is left to be revoked */
    assert_true(browser_sees(browser, "已撤销"));
}

/* ---- programs ---- */

static void a_program_asks_in_json_with_the_token_of_its_device(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char bearer[128], path[128];
    page_scene_write_case(f, NEW_CASE, path);
    assert_int_equal(browser_json(browser, "case.list", "{\"limit\":1}"), 200);
    assert_true(browser_sees(browser, "\"title\":\"界墙\""));
    assert_int_equal(browser_get(browser, "/api/v1/openapi.json"), 200);
    assert_true(browser_sees(browser, "\"/api/v1/case.new\""));

    (void)snprintf(bearer, sizeof(bearer), "Bearer %.64s",
                   strstr(browser->cookie, "session=") + 8);
    browser->cookie[0] = '\0';
    assert_int_equal(browser_json(browser, "status", ""), 403);
    browser->request.authorization = bytes_str(bearer);
    assert_int_equal(browser_json(browser, "status", ""), 200);
    bearer[7] = bearer[7] == '0' ? '1' : '0';
    assert_int_equal(browser_json(browser, "status", ""), 404); /* no such device */
    assert_true(browser_sees(browser, "not signed in"));
    browser->request.authorization = bytes_str("Basic x");
    assert_int_equal(browser_json(browser, "status", ""), 403);
}

static void a_program_is_told_what_is_wrong(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    assert_int_equal(browser_json(browser, "poem", "{}"), 404);
    assert_int_equal(browser_json(browser, "case.show", "{}"), 422);
    assert_true(browser_sees(browser, "case is missing: a text"));
    assert_int_equal(browser_json(browser, "case.show", "{\"case\":\"none\"}"), 404);
    assert_true(browser_sees(browser, "there is no case none here"));
    assert_int_equal(browser_json(browser, "case.note", "{\"case\":1}"), 422);
    assert_int_equal(browser_get(browser, "/api/v1/case.list"), 404);
    assert_true(browser_sees(browser, "POST"));
    assert_int_equal(browser_post_bare(browser, "/api/v1/status", "a=1"), 422);
    assert_true(browser_sees(browser, "application/json"));
    assert_int_equal(
        browser_json(browser, "case.note", "{\"case\":\"none\",\"text\":\"x\"}"), 403);
}

static void a_program_that_asks_twice_with_one_once_does_it_once(void **state)
{
    static const char body[] =
        "{\"category\":\"邻里\",\"title\":\"界墙\",\"narrative\":\"x\","
        "\"parties\":[[\"张某\",\"applicant\"]]}";
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    assert_int_equal(browser_json(browser, "unlock", "{\"pin\":\"" PIN "\"}"), 200);
    browser->request.once = bytes_str("000102030405060708090a0b0c0d0e0f");
    assert_int_equal(browser_json(browser, "case.new", body), 200);
    assert_int_equal(browser_json(browser, "case.new", body), 200);
    assert_int_equal(cases(f), 1);
    browser->request.once = bytes_str("no digits");
    assert_int_equal(browser_json(browser, "case.new", body), 200);
    assert_int_equal(cases(f), 2);
}

/* ---- devices that wait, rest and are gone ---- */

static void visits_of_one_device_wait_behind_its_unlock(void **state)
{
    struct page_scene *f = *state;
    struct browser second;
    char mark[128], fields[256];
    browser_open(&second, &f->door);
    memcpy(second.cookie, f->browser.cookie, sizeof(second.cookie));
    (void)browser_get(&f->browser, "/cases/new");
    browser_value(&f->browser, "mark", mark);
    world_hold_jobs(f->door.node);
    assert_int_equal(browser_post(&f->browser, "/cases/new", "pin=" PIN "&" NEW_CASE), 0);
    (void)snprintf(fields, sizeof(fields), "mark=%s&back=/settings", mark);

    assert_int_equal(browser_get(&second, "/cases"), 0);

    assert_int_equal(page_deadline(f->door.page), UINT64_MAX); /* it does not rest */
    world_return_job(f->door.node);
    browser_go_on(&f->door);
    assert_int_equal(f->browser.code, 303);
    assert_int_equal(second.code, 200);
    assert_true(browser_sees(&second, "界墙")); /* so it came after */
    browser_close(&second);
}

static void a_desk_rests_and_is_opened_anew_and_locked(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char path[128];
    page_scene_write_case(f, NEW_CASE, path);
    assert_int_equal(browser_get(browser, "/cases/new"), 200);
    assert_false(browser_sees(browser, "name=\"pin\""));
    uint64_t deadline = page_deadline(f->door.page), opened = f->door.opened;
    assert_int_equal(deadline, f->door.now_ms + DESK_REST_MS);
    page_tick(f->door.page, deadline - 1);
    assert_int_equal(f->door.closed, 0);

    page_tick(f->door.page, deadline);

    assert_int_equal(f->door.closed, 1);
    assert_int_equal(page_deadline(f->door.page), UINT64_MAX);
    assert_int_equal(browser_get(browser, "/cases/new"), 200);
    assert_int_equal(f->door.opened, opened + 1);
    assert_true(browser_sees(browser, "name=\"pin\""));
}

static void a_lock_asks_for_the_pin_again(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    (void)browser_get(browser, "/search");
    assert_true(browser_sees(browser, "name=\"pin\""));
    assert_int_equal(browser_post(browser, "/unlock", "pin=" PIN), 303);
    (void)browser_get(browser, "/search?words=墙");
    assert_false(browser_sees(browser, "name=\"pin\""));
    (void)browser_get(browser, "/settings");
    assert_int_equal(browser_post(browser, "/lock", ""), 303);
    (void)browser_get(browser, "/search");
    assert_true(browser_sees(browser, "name=\"pin\""));
}

/* Each is at work with a PIN that nobody has looked at yet. */
static void where_all_places_are_at_work_one_is_asked_to_wait(void **state)
{
    static struct browser others[DESKS_MAX];
    struct page_scene *f = *state;
    world_hold_jobs(f->door.node);
    for (int i = 0; i < DESKS_MAX; i++) {
        browser_open(&others[i], &f->door);
        (void)snprintf(others[i].cookie, BROWSER_COOKIE_MAX, "session=%064x", i);
    }
    struct page_request *request = &f->browser.request;
    *request = (struct page_request){.method = PAGE_GET,
                                     .path = bytes_str("/cases"),
                                     .host = bytes_str(BROWSER_HOST),
                                     .local = bytes_str(BROWSER_HOST)};
    for (int i = 0; i < DESKS_MAX; i++) {
        request->cookie = bytes_str(others[i].cookie);
        others[i].visit = ++f->door.visits;
        page_visit(f->door.page, others[i].visit, request, f->door.now_ms);
        f->door.asked_len = 0; /* the node is slow */
    }
    assert_int_equal(browser_get(&f->browser, "/cases"), 503);
    assert_true(browser_sees(&f->browser, "用的人太多"));
    for (int i = 0; i < DESKS_MAX; i++)
        browser_close(&others[i]);
}

static void an_answer_that_nobody_waits_for_is_let_go(void **state)
{
    struct page_scene *f = *state;
    page_answer(f->door.page, PAGE_CLIENT_FIRST + 999, bytes_str("x"), 1);
    page_answer(f->door.page, PAGE_CLIENT_FIRST, bytes_str("x"), 1);
    assert_int_equal(browser_get(&f->browser, "/"), 200);
}

int main(void)
{
#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, page_scene_set_up, page_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_device_is_signed_in_by_a_code_and_stays_so),
        TEST(a_code_that_is_wrong_or_too_old_lets_nobody_in),
        TEST(W2_a_token_that_is_none_leads_to_the_door),
        TEST(a_device_that_is_revoked_is_sent_away),
        TEST(a_case_is_written_and_shown),
        TEST(M4_what_a_person_wrote_is_text_on_every_page),
        TEST(a_refused_form_comes_back_as_it_was_typed_without_its_pin),
        TEST(a_wrong_pin_writes_nothing_and_is_said),
        TEST(a_form_that_is_sent_twice_does_it_once),
        TEST(what_cannot_be_an_argument_comes_back_with_a_sentence),
        TEST(W1_names_and_origins_of_others_are_refused),
        TEST(W1_looking_changes_nothing_and_only_two_methods_are_there),
        TEST(W2_a_form_without_the_mark_of_its_session_is_refused),
        TEST(each_screen_is_whole_in_both_languages),
        TEST(language_and_size_are_the_browsers_own),
        TEST(what_never_changes_needs_no_device),
        TEST(each_role_begins_somewhere_and_is_told_what_it_does_not_see),
        TEST(the_day_says_what_waits_to_be_sent_and_since_when),
        TEST(a_steward_reads_each_day_how_old_the_backup_is),
        TEST(a_machine_is_revoked_by_its_key_and_the_page_says_which_is_this),
        TEST(a_program_asks_in_json_with_the_token_of_its_device),
        TEST(a_program_is_told_what_is_wrong),
        TEST(a_program_that_asks_twice_with_one_once_does_it_once),
        TEST(visits_of_one_device_wait_behind_its_unlock),
        TEST(a_desk_rests_and_is_opened_anew_and_locked),
        TEST(a_lock_asks_for_the_pin_again),
        TEST(where_all_places_are_at_work_one_is_asked_to_wait),
        TEST(an_answer_that_nobody_waits_for_is_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
