/*
 * The door of the page: what every request has to show, and where it goes.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "node/page/deed.h"
#include "node/page/flow.h"
#include "node/page/invitation.h"
#include "node/page/json_face.h"
#include "node/page/parting.h"
#include "node/page/render.h"
#include "node/page/screen.h"
#include "node/web/parts.h"
#include "proto/pack.h"

static bool respond_asset(struct page *page, uint64_t number, struct bytes path)
{
    static const struct {
        const char *path, *part, *type;
    } assets[] = {
        {"/style.css", "style.css", "text/css; charset=utf-8"},
        {"/page.js", "page.js", "text/javascript; charset=utf-8"},
        {"/icon.svg", "icon.svg", "image/svg+xml"},
    };
    struct bytes part;
    for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++) {
        if (!bytes_equal_str(path, assets[i].path))
            continue;
        bool is_there = parts_find(bytes_str(assets[i].part), &part);
        assert(is_there); /* they are linked in */
        struct page_response response = {.code = 200,
                                         .type = assets[i].type,
                                         .policy = "default-src 'none'",
                                         .is_lasting = true};
        buf_add(&response.body, part.data, part.len);
        page->io.respond(page->io.context, number, &response);
        return true;
    }
    return false;
}

/* A page within the site to go back to: "/x", never "//x". */
static void write_back(const struct visit *visit, char to[static PATH_MAX_LEN + 1])
{
    struct bytes back = form_text(&visit->form, "back");
    bool is_ours = back.len > 0 && back.len <= PATH_MAX_LEN && back.data[0] == '/' &&
                   (back.len == 1 || (back.data[1] != '/' && back.data[1] != '\\'));
    for (size_t i = 0; is_ours && i < back.len; i++)
        is_ours = back.data[i] > ' ' && back.data[i] < 0x7f;
    (void)snprintf(to, PATH_MAX_LEN + 1, "%.*s", is_ours ? (int)back.len : 1,
                   is_ours ? (const char *)back.data : "/");
}

/* How it is shown is remembered by the browser alone. */
static bool respond_taste(struct page *page, struct visit *visit)
{
    char to[PATH_MAX_LEN + 1], cookie[128];
    bool is_language = strcmp(visit->path, "/language") == 0;
    if (!is_language && strcmp(visit->path, "/view") != 0)
        return false;
    write_back(visit, to);
    if (is_language)
        (void)snprintf(cookie, sizeof(cookie), "lang=%s; Max-Age=31536000" COOKIE_REST,
                       visit->language == LANGUAGE_ZH_CN ? "en" : "zh");
    else
        (void)snprintf(cookie, sizeof(cookie), "view=%s; Max-Age=31536000" COOKIE_REST,
                       visit->is_large ? "plain" : "large");
    parting_redirect(page, visit, to, cookie);
    return true;
}

/* With a page that says what is wrong. */
static void part_with(struct page *page, struct visit *visit, enum status status,
                      const struct err *err)
{
    render_sentence(visit, bytes_str(err_text(err, status)), visit->error,
                    sizeof(visit->error));
    parting_page(page, visit, "error", "error.title", render_code(status), "");
}

static bool read_forms(struct page *page, struct visit *visit,
                       const struct page_request *request)
{
    struct err err = {0};
    bool is_post = request->method == PAGE_POST;
    struct bytes from = is_post ? request->body : request->query;
    buf_add(&visit->body, from.data, from.len);
    enum status status = buf_status(&visit->body);
    if (status == STATUS_OK)
        status = is_post ? form_read_body(&visit->form, request->type,
                                          buf_bytes(&visit->body), &err)
                         : form_read_query(&visit->form, buf_bytes(&visit->body), &err);
    if (status == STATUS_OK)
        return true;
    part_with(page, visit, status, &err);
    return false;
}

/* What was done before this page, as the page before says: a key of ours or nothing. */
static void read_said(struct visit *visit)
{
    struct bytes said = form_text(&visit->form, "said"), text;
    (void)snprintf(visit->said, sizeof(visit->said), "said.%.*s", (int)said.len,
                   (const char *)said.data);
    if (said.len == 0 || !texts_find(bytes_str(visit->said), LANGUAGE_EN, &text))
        visit->said[0] = '\0';
}

static void join_desk(struct page *page, struct visit *visit, uint64_t now_ms)
{
    struct desk *desk = desk_for(page, visit->token);
    if (desk == NULL) {
        struct err err = {0};
        part_with(
            page, visit,
            err_set(&err, STATUS_BUSY, "all places are taken; try again in a moment"),
            &err);
        return;
    }
    desk->last_ms = now_ms;
    if (desk_join(desk, visit))
        flow_begin(page, desk);
}

static void respond_json(struct page *page, struct visit *visit, enum status status,
                         const char *sentence)
{
    struct page_response response = {0};
    struct buf text = {0};
    pack_str(&text, sentence);
    json_face_answer(status, buf_bytes(&text), &response);
    buf_deinit(&text);
    parting_respond(page, visit, &response);
}

/* Programs: a body in JSON, which no form of another site can send unasked. */
static void route_json(struct page *page, struct visit *visit,
                       const struct page_request *request, uint64_t now_ms)
{
    static const char json[] = "application/json";
    visit->is_json = true;
    visit->is_post = request->method == PAGE_POST;
    bool is_json = request->type.len >= sizeof(json) - 1 &&
                   memcmp(request->type.data, json, sizeof(json) - 1) == 0;
    if (!visit->is_post && strcmp(visit->path, JSON_PREFIX JSON_OPENAPI) != 0) {
        respond_json(page, visit, STATUS_NOT_FOUND, "a method is asked for by POST");
        return;
    }
    if (visit->is_post && !is_json) {
        respond_json(page, visit, STATUS_INVALID,
                     "the body has to be of the type application/json");
        return;
    }
    if (!guard_bearer(request->authorization, visit->token) &&
        !guard_token(request->cookie, visit->token)) {
        respond_json(page, visit, STATUS_DENIED, "this device is not signed in");
        return;
    }
    buf_add(&visit->body, request->body.data, request->body.len);
    (void)snprintf(visit->once, sizeof(visit->once), "%.*s", (int)request->once.len,
                   (const char *)request->once.data);
    if (visit->body.failed)
        respond_json(page, visit, STATUS_NO_MEMORY, "no memory is left for this");
    else
        join_desk(page, visit, now_ms);
}

static void route(struct page *page, struct visit *visit,
                  const struct page_request *request, uint64_t now_ms)
{
    struct bytes path = bytes_str(visit->path);
    bool is_post = request->method == PAGE_POST;
    if (strncmp(visit->path, JSON_PREFIX, strlen(JSON_PREFIX)) == 0) {
        route_json(page, visit, request, now_ms);
        return;
    }
    if (!read_forms(page, visit, request))
        return;
    if (is_post && respond_taste(page, visit))
        return;
    if (screen_path_fits("/enter", path, visit->stars) ||
        screen_path_fits("/enter/+", path, visit->stars)) {
        visit->is_claim = is_post;
        /* A client of its own, to which no token leads yet. */
        rng_fill(&page->rng, "page-claim", NULL, visit->token, TOKEN_SIZE);
        if (is_post)
            join_desk(page, visit, now_ms);
        else
            parting_enter(page, visit, 200);
        return;
    }
    read_said(visit);
    visit->deed = is_post ? deed_find(path, visit->stars) : NULL;
    visit->screen = screen_find(path, visit->stars);
    (void)snprintf(visit->page, sizeof(visit->page), "%s", visit->path);
    if (visit->deed != NULL && visit->deed->is_on_page) {
        struct bytes stars[2]; /* the deed's own are those that count */
        write_back(visit, visit->page);
        visit->screen = screen_find(bytes_str(visit->page), stars);
    }
    if (is_post ? visit->deed == NULL : visit->screen == NULL) {
        parting_page(page, visit, "error", "error.title", 404, "");
        return;
    }
    if (!guard_token(request->cookie, visit->token)) {
        if (is_post)
            parting_page(page, visit, "error", "error.title", 401, "");
        else
            parting_redirect(page, visit, "/enter", "");
        return;
    }
    if (is_post && !guard_mark_is(form_text(&visit->form, "mark"), visit->token)) {
        parting_page(page, visit, "error", "error.title", 403, "");
        return;
    }
    join_desk(page, visit, now_ms);
}

void page_visit(struct page *page, uint64_t number, const struct page_request *request,
                uint64_t now_ms)
{
    if (!guard_host(request->host, request->local, page->names)) {
        parting_bare(page, number, 403, "bare.host");
        return;
    }
    if (request->method == PAGE_OTHER || request->path.len > PATH_MAX_LEN) {
        parting_bare(page, number, request->method == PAGE_OTHER ? 405 : 414,
                     "bare.request");
        return;
    }
    if (request->method == PAGE_POST &&
        !guard_origin(request->origin, request->host, request->is_tls)) {
        parting_bare(page, number, 403, "bare.origin");
        return;
    }
    if (request->method == PAGE_GET && respond_asset(page, number, request->path))
        return;
    struct visit *visit = visit_new(number, request);
    if (visit == NULL) {
        parting_bare(page, number, 503, "bare.memory");
        return;
    }
    invitation_home(visit, request, page->names);
    route(page, visit, request, now_ms);
}
