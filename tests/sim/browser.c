#include "tests/sim/browser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/far_client.h"

static void page_begins(const struct browser_door *door)
{
    if (door->enter != NULL)
        door->enter();
}

static void page_ends(const struct browser_door *door)
{
    if (door->leave != NULL)
        (void)door->leave(); /* it was in */
}

/* ---- what io does for the page ---- */

static void open_client(void *context, uint64_t client)
{
    struct browser_door *door = context;
    page_ends(door);
    door->opened++;
    world_open_far(door->node, client);
    world_run(door->f->world, 0);
    page_begins(door);
}

static void close_client(void *context, uint64_t client)
{
    struct browser_door *door = context;
    page_ends(door);
    door->closed++;
    for (uint32_t i = 0; i < door->asked_len; i++)
        if (door->asked[i].client == client)
            door->asked[i].client = 0; /* nobody hears it any more */
    world_event(door->node, EVENT_CLIENT_CLOSED, client, (struct bytes){0});
    world_run(door->f->world, 0);
    page_begins(door);
}

static void request(void *context, uint64_t client, struct bytes bytes)
{
    struct browser_door *door = context;
    page_ends(door);
    assert_true(door->asked_len < BROWSER_ASKED_MAX);
    door->asked[door->asked_len].client = client;
    buf_clear(&door->asked[door->asked_len].request);
    buf_add(&door->asked[door->asked_len++].request, bytes.data, bytes.len);
    page_begins(door);
}

static void take_cookie(struct browser *browser)
{
    char name[16] = "", rest[BROWSER_COOKIE_MAX] = "", all[512];
    size_t name_len = strcspn(browser->set_cookie, "=");
    assert_true(name_len < sizeof(name));
    memcpy(name, browser->set_cookie, name_len);
    /* What there is of that name gives way. */
    for (const char *at = browser->cookie; *at != '\0';) {
        size_t len = strcspn(at, ";");
        if (strncmp(at, name, name_len) != 0 || at[name_len] != '=')
            (void)snprintf(rest + strlen(rest), sizeof(rest) - strlen(rest), "; %.*s",
                           (int)len, at);
        at += len;
        at += strspn(at, "; ");
    }
    bool is_gone = strstr(browser->set_cookie, "Max-Age=0") != NULL;
    size_t len = is_gone ? 0 : strcspn(browser->set_cookie, ";");
    int written = snprintf(all, sizeof(all), "%.*s%s", (int)len, browser->set_cookie,
                           is_gone && rest[0] != '\0' ? rest + 2 : rest);
    assert_true(written >= 0 && written < BROWSER_COOKIE_MAX);
    memcpy(browser->cookie, all, (size_t)written + 1);
}

static void respond(void *context, uint64_t visit, struct page_response *response)
{
    struct browser_door *door = context;
    struct browser *browser = door->browsers;
    page_ends(door);
    while (browser != NULL && browser->visit != visit)
        browser = browser->next;
    assert_non_null(browser);
    assert_non_null(response->type);
    assert_non_null(response->policy);
    browser->visit = 0;
    browser->code = response->code;
    (void)snprintf(browser->location, sizeof(browser->location), "%s",
                   response->location);
    (void)snprintf(browser->set_cookie, sizeof(browser->set_cookie), "%s",
                   response->cookie);
    (void)snprintf(browser->disposition, sizeof(browser->disposition), "%s",
                   response->disposition);
    if (response->cookie[0] != '\0')
        take_cookie(browser);
    buf_clear(&browser->body);
    buf_append(&browser->body, &response->body);
    buf_add_u8(&browser->body, '\0');
    buf_deinit(&response->body);
    page_begins(door);
}

/* One request after the other, so that each answer is seen. */
void browser_go_on(struct browser_door *door)
{
    struct buf answer = {0};
    for (;;) {
        world_run(door->f->world, 0);
        for (uint64_t i = 0; i < door->opened; i++)
            if (world_answered(door->node, PAGE_CLIENT_FIRST + i, &answer)) {
                page_begins(door);
                page_answer(door->page, PAGE_CLIENT_FIRST + i, buf_bytes(&answer),
                            door->now_ms);
                page_ends(door);
            }
        if (door->asked_len == 0)
            break;
        struct buf first = door->asked[0].request;
        uint64_t client = door->asked[0].client;
        door->asked_len--;
        memmove(&door->asked[0], &door->asked[1],
                door->asked_len * sizeof(door->asked[0]));
        door->asked[door->asked_len].request = (struct buf){0};
        if (client != 0)
            world_event(door->node, EVENT_CLIENT_REQUEST, client, buf_bytes(&first));
        world_run(door->f->world, 0);
        buf_deinit(&first);
    }
    buf_deinit(&answer);
}

void browser_door_open(struct browser_door *door, struct sim_county *f,
                       struct world_node *node)
{
    *door = (struct browser_door){.f = f, .node = node, .now_ms = 1};
    const struct page_config config = {
        {door, open_client, request, close_client, respond},
        *world_rng(node),
        "pi.local:8080 pi:8080"};
    door->page = page_new(&config);
    assert_non_null(door->page);
}

void browser_door_close(struct browser_door *door)
{
    page_free(door->page);
    for (int i = 0; i < BROWSER_ASKED_MAX; i++)
        buf_deinit(&door->asked[i].request);
}

/* ---- a device ---- */

void browser_open(struct browser *browser, struct browser_door *door)
{
    *browser = (struct browser){.door = door, .next = door->browsers};
    browser->request.host = bytes_str(BROWSER_HOST);
    browser->request.local = bytes_str(BROWSER_HOST);
    door->browsers = browser;
}

void browser_close(struct browser *browser)
{
    struct browser **at = &browser->door->browsers;
    while (*at != browser)
        at = &(*at)->next;
    *at = browser->next;
    buf_deinit(&browser->body);
}

static int visit(struct browser *browser)
{
    struct browser_door *door = browser->door;
    browser->visit = ++door->visits;
    browser->code = 0;
    browser->request.cookie = bytes_str(browser->cookie);
    page_begins(door);
    page_visit(door->page, browser->visit, &browser->request, ++door->now_ms);
    page_ends(door);
    browser_go_on(door);
    return browser->code;
}

int browser_get(struct browser *browser, const char *target)
{
    size_t path_len = strcspn(target, "?");
    browser->request.method = PAGE_GET;
    browser->request.path = bytes_of(target, path_len);
    browser->request.query =
        bytes_str(target[path_len] == '?' ? target + path_len + 1 : "");
    browser->request.body = browser->request.type = bytes_str("");
    return visit(browser);
}

int browser_post_bare(struct browser *browser, const char *path, const char *fields)
{
    browser->request.method = PAGE_POST;
    browser->request.path = bytes_str(path);
    browser->request.query = bytes_str("");
    browser->request.type = bytes_str("application/x-www-form-urlencoded");
    browser->request.body = bytes_str(fields);
    return visit(browser);
}

int browser_post(struct browser *browser, const char *path, const char *fields)
{
    char mark[128], back[128], body[2048];
    browser_value(browser, "mark", mark);
    browser_value(browser, "back", back);
    int len = snprintf(body, sizeof(body), "mark=%s&back=%s&%s", mark, back, fields);
    assert_true(len > 0 && (size_t)len < sizeof(body));
    return browser_post_bare(browser, path, body);
}

static void add_text(struct buf *body, const char *text)
{
    buf_add(body, text, strlen(text));
}

/* As a browser writes it: the mark, the page it stands on, the files. */
int browser_post_files(struct browser *browser, const char *path,
                       const struct browser_file *files, size_t files_len)
{
    static const char *const names[] = {"mark", "back"};
    struct buf body = {0};
    char value[128];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        browser_value(browser, names[i], value);
        add_text(&body, "--b\r\nContent-Disposition: form-data; name=\"");
        add_text(&body, names[i]);
        add_text(&body, "\"\r\n\r\n");
        add_text(&body, value);
        add_text(&body, "\r\n");
    }
    for (size_t i = 0; i < files_len; i++) {
        add_text(&body, "--b\r\nContent-Disposition: form-data; name=\"file\"; "
                        "filename=\"");
        add_text(&body, files[i].name);
        add_text(&body, "\"\r\n\r\n");
        buf_add(&body, files[i].bytes.data, files[i].bytes.len);
        add_text(&body, "\r\n");
    }
    add_text(&body, "--b--\r\n");
    browser->request.method = PAGE_POST;
    browser->request.path = bytes_str(path);
    browser->request.query = bytes_str("");
    browser->request.type = bytes_str("multipart/form-data; boundary=b");
    browser->request.body = buf_bytes(&body);
    int code = visit(browser);
    buf_deinit(&body);
    return code;
}

int browser_json(struct browser *browser, const char *method, const char *body)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/v1/%s", method);
    browser->request.method = PAGE_POST;
    browser->request.path = bytes_str(path);
    browser->request.query = bytes_str("");
    browser->request.type = bytes_str("application/json");
    browser->request.body = bytes_str(body);
    return visit(browser);
}

void browser_sign_in(struct browser *browser, const char *person)
{
    char code[FAR_CODE_SIZE], fields[80];
    far_invite(browser->door->f, browser->door->node, person, code);
    (void)snprintf(fields, sizeof(fields), "code=%s&label=phone", code);
    assert_int_equal(browser_post_bare(browser, "/enter", fields), 303);
    assert_string_equal(browser->location, "/");
    assert_non_null(strstr(browser->cookie, "session="));
}

bool browser_sees(const struct browser *browser, const char *part)
{
    return browser->body.data != NULL &&
           strstr((const char *)browser->body.data, part) != NULL;
}

void browser_value(const struct browser *browser, const char *name, char out[static 128])
{
    char begin[80];
    (void)snprintf(begin, sizeof(begin), "name=\"%s\" value=\"", name);
    const char *found = browser->body.data == NULL
                            ? NULL
                            : strstr((const char *)browser->body.data, begin);
    out[0] = '\0';
    if (found == NULL)
        return;
    found += strlen(begin);
    size_t len = strcspn(found, "\"");
    assert_true(len < 128);
    memcpy(out, found, len);
    out[len] = '\0';
}
