#include "node/page/page.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/secret.h"
#include "node/page/deed.h"
#include "node/page/peek.h"
#include "node/page/render.h"
#include "node/page/screen.h"
#include "node/page/visit.h"
#include "node/web/parts.h"

#define DESKS_MAX FAR_CLIENTS_MAX
#define DESK_REST_MS (UINT64_C(15) * 60 * 1000)

/* A device that is signed in, and the client of the core that speaks for it. Its visits
 * come one after another: the core answers one that asks for a PIN later. */
struct desk {
    uint64_t client;            /* 0: free */
    uint8_t token[DIGEST_SIZE]; /* digest of it */
    uint64_t last_ms;
    struct visit *first; /* the one that is under way */
};

struct page {
    struct page_io io;
    struct rng rng;
    const char *names;
    uint64_t next_client;
    struct desk desks[DESKS_MAX];
};

struct page *page_new(const struct page_config *config)
{
    struct page *page = calloc(1, sizeof(*page));
    if (page == NULL)
        return NULL;
    page->io = config->io;
    page->rng = config->rng;
    page->names = config->names;
    page->next_client = PAGE_CLIENT_FIRST;
    return page;
}

/* ---- a visit's end ---- */

static void visit_free(struct visit *visit)
{
    if (visit == NULL)
        return;
    form_deinit(&visit->form);
    if (visit->body.data != NULL)
        secret_wipe(visit->body.data, visit->body.capacity);
    buf_deinit(&visit->body);
    for (int i = 0; i < ANSWERS_MAX; i++)
        buf_deinit(&visit->answers[i]);
    secret_wipe(visit, sizeof(*visit));
    free(visit);
}

static void respond(struct page *page, struct visit *visit,
                    struct page_response *response)
{
    page->io.respond(page->io.context, visit->number, response);
    visit_free(visit);
}

static void respond_simple(struct page *page, struct visit *visit, const char *template,
                           const char *title, int code, const char *about)
{
    struct page_response response = {0};
    render_simple(visit, template, title, code, bytes_str(about), &response);
    respond(page, visit, &response);
}

/* The door: a code that a steward gave, in the path or typed. */
static void respond_enter(struct page *page, struct visit *visit, int code)
{
    struct page_response response = {0};
    struct bytes said =
        visit->stars[0].len > 0 ? visit->stars[0] : form_text(&visit->form, "code");
    render_simple(visit, "enter", "enter.title", code, said, &response);
    respond(page, visit, &response);
}

/* Without a word of our pages: to somebody who came to no page of ours. */
static void respond_bare(struct page *page, uint64_t number, int code, const char *text)
{
    struct page_response response = {.code = code,
                                     .type = "text/plain; charset=utf-8",
                                     .policy = "default-src 'none'"};
    buf_add(&response.body, text, strlen(text));
    page->io.respond(page->io.context, number, &response);
}

static void respond_redirect(struct page *page, struct visit *visit, const char *to,
                             const char *cookie)
{
    struct page_response response = {
        .code = 303, .type = "text/plain; charset=utf-8", .policy = "default-src 'none'"};
    (void)snprintf(response.location, sizeof(response.location), "%s", to);
    (void)snprintf(response.cookie, sizeof(response.cookie), "%s", cookie);
    respond(page, visit, &response);
}

#define COOKIE_REST "; Path=/; HttpOnly; SameSite=Strict"

/* ---- desks ---- */

static void begin(struct page *page, struct desk *desk);

static void desk_close(struct page *page, struct desk *desk)
{
    page->io.client_close(page->io.context, desk->client);
    *desk = (struct desk){0};
}

void page_free(struct page *page)
{
    if (page == NULL)
        return;
    for (int i = 0; i < DESKS_MAX; i++)
        while (page->desks[i].first != NULL) {
            struct visit *visit = page->desks[i].first;
            page->desks[i].first = visit->next;
            visit_free(visit);
        }
    free(page);
}

static struct desk *desk_of_client(struct page *page, uint64_t client)
{
    for (int i = 0; i < DESKS_MAX; i++)
        if (page->desks[i].client == client)
            return &page->desks[i];
    return NULL;
}

/* The desk of that token, or a free one; where all are taken, the one that rests
 * longest. NULL: all are at work. */
static struct desk *desk_for(struct page *page, const uint8_t token[static TOKEN_SIZE])
{
    uint8_t digest[DIGEST_SIZE];
    struct desk *found = NULL;
    digest_of(digest, "fengqiao desk", token, TOKEN_SIZE);
    for (int i = 0; i < DESKS_MAX; i++) {
        struct desk *desk = &page->desks[i];
        if (desk->client != 0 && secret_equal(desk->token, digest, sizeof(digest)))
            return desk;
        if (desk->first == NULL && (found == NULL || desk->last_ms < found->last_ms))
            found = desk;
    }
    if (found == NULL)
        return NULL;
    if (found->client != 0)
        desk_close(page, found);
    found->client = page->next_client++;
    memcpy(found->token, digest, sizeof(digest));
    page->io.client_open(page->io.context, found->client);
    return found;
}

void page_tick(struct page *page, uint64_t now_ms)
{
    for (int i = 0; i < DESKS_MAX; i++) {
        struct desk *desk = &page->desks[i];
        if (desk->client != 0 && desk->first == NULL &&
            now_ms >= desk->last_ms + DESK_REST_MS)
            desk_close(page, desk);
    }
}

uint64_t page_deadline(const struct page *page)
{
    uint64_t deadline = UINT64_MAX;
    for (int i = 0; i < DESKS_MAX; i++) {
        const struct desk *desk = &page->desks[i];
        if (desk->client != 0 && desk->first == NULL &&
            desk->last_ms + DESK_REST_MS < deadline)
            deadline = desk->last_ms + DESK_REST_MS;
    }
    return deadline;
}

/* The first visit of the desk is over; the next may begin. */
static struct visit *desk_take(struct desk *desk)
{
    struct visit *visit = desk->first;
    desk->first = visit->next;
    visit->next = NULL;
    return visit;
}

static void desk_go_on(struct page *page, struct desk *desk)
{
    if (desk->client != 0 && desk->first != NULL)
        begin(page, desk);
}

/* ---- calls ---- */

static enum status ask(struct page *page, const struct desk *desk, const char *method,
                       struct pairs *arguments, struct bytes once)
{
    struct visit *visit = desk->first;
    struct buf request = {0};
    assert(visit->asked < ANSWERS_MAX);
    enum status status = call_write(&request, visit->asked + 1, method, arguments, once);
    if (status == STATUS_OK) {
        page->io.client_request(page->io.context, desk->client, buf_bytes(&request));
        visit->asked++;
    }
    if (request.data != NULL)
        secret_wipe(request.data, request.capacity); /* a PIN, a token */
    buf_deinit(&request);
    pairs_deinit(arguments);
    return status;
}

static void phase_begin(struct visit *visit, enum visit_phase phase)
{
    visit->phase = phase;
    for (uint32_t i = 0; i < visit->asked; i++)
        buf_deinit(&visit->answers[i]);
    visit->asked = visit->answered = 0;
}

static enum status ask_enter(struct page *page, const struct desk *desk)
{
    struct pairs arguments = {0};
    pairs_bin(&arguments, "token", bytes_of(desk->first->token, TOKEN_SIZE));
    return ask(page, desk, "device.enter", &arguments, (struct bytes){0});
}

static enum status ask_claim(struct page *page, const struct desk *desk)
{
    const struct form *form = &desk->first->form;
    struct pairs arguments = {0};
    pairs_text(&arguments, "code", form_text(form, "code"));
    if (form_text(form, "label").len > 0)
        pairs_text(&arguments, "label", form_text(form, "label"));
    return ask(page, desk, "device.claim", &arguments, (struct bytes){0});
}

static enum status ask_screen(struct page *page, const struct desk *desk)
{
    const struct visit *visit = desk->first;
    const struct screen *screen = visit->screen;
    const struct call_source source = {{visit->stars[0], visit->stars[1]}, &visit->form};
    enum status status = STATUS_OK;
    for (size_t i = 0;
         status == STATUS_OK && i < SCREEN_CALLS_MAX && screen->calls[i].as != NULL;
         i++) {
        struct pairs arguments = {0};
        bool is_read = call_arguments(&arguments, screen->calls[i].arguments, &source,
                                      NULL) == STATUS_OK;
        (void)is_read; /* what a query says wrongly is left out */
        status = ask(page, desk, screen->calls[i].method, &arguments, (struct bytes){0});
    }
    if (status == STATUS_OK && screen->has_draft) {
        struct pairs arguments = {0};
        pairs_text(&arguments, "form", bytes_str(visit->path));
        status = ask(page, desk, "draft.get", &arguments, (struct bytes){0});
    }
    return status;
}

static enum status ask_deed(struct page *page, const struct desk *desk, struct err *err)
{
    const struct visit *visit = desk->first;
    const struct deed *deed = visit->deed;
    const struct call_source source = {{visit->stars[0], visit->stars[1]}, &visit->form};
    struct pairs arguments = {0};
    uint8_t once[ONCE_SIZE];
    char digits[2 * ONCE_SIZE + 1] = "";
    struct bytes said = form_text(&visit->form, "once");
    struct bytes with = {0};
    if (said.len == 2 * ONCE_SIZE) {
        memcpy(digits, said.data, said.len);
        if (hex_decode(once, ONCE_SIZE, digits))
            with = bytes_of(once, ONCE_SIZE);
    }
    enum status status = call_arguments(&arguments, deed->arguments, &source, err);
    if (status != STATUS_OK) {
        pairs_deinit(&arguments);
        return status;
    }
    return ask(page, desk, deed->method, &arguments, with);
}

/* ---- the way of a visit ---- */

static void fail(struct page *page, struct desk *desk)
{
    struct visit *visit = desk_take(desk);
    respond_bare(page, visit->number, 500, "no memory is left for this page\n");
    visit_free(visit);
    desk_go_on(page, desk);
}

static void show(struct page *page, struct desk *desk)
{
    struct visit *visit = desk->first;
    phase_begin(visit, VISIT_SHOWING);
    if (visit->screen == NULL) { /* a deed without a page of its own */
        (void)desk_take(desk);
        respond_simple(page, visit, "error", "error.title", visit->code, visit->error);
        desk_go_on(page, desk);
        return;
    }
    if (ask_enter(page, desk) != STATUS_OK || ask_screen(page, desk) != STATUS_OK)
        fail(page, desk);
}

/* The deed was refused: its form comes back with what was typed and the sentence. */
static void refuse(struct page *page, struct desk *desk, enum status status,
                   struct bytes sentence)
{
    struct visit *visit = desk->first;
    visit->code = render_code(status);
    render_sentence(visit, sentence, visit->error, sizeof(visit->error));
    show(page, desk);
}

static void begin(struct page *page, struct desk *desk)
{
    struct visit *visit = desk->first;
    struct bytes pin = form_text(&visit->form, "pin");
    if (visit->deed == NULL && !visit->is_claim) {
        show(page, desk);
        return;
    }
    phase_begin(visit, VISIT_ENTERING);
    enum status status = visit->is_claim ? ask_claim(page, desk) : ask_enter(page, desk);
    if (status == STATUS_OK && pin.len > 0) {
        struct pairs arguments = {0};
        pairs_text(&arguments, "pin", pin);
        status = ask(page, desk, "unlock", &arguments, (struct bytes){0});
    }
    if (status != STATUS_OK)
        fail(page, desk);
}

/* A text of the answer, or bytes of it as digits. */
static void add_of_answer(struct buf *out, struct bytes result, struct bytes name)
{
    char text[32], digits[65] = "";
    assert(name.len < sizeof(text));
    memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    struct bytes raw = peek_in(result, text);
    struct bytes found = peek_text(raw), bin = peek_bin(raw);
    buf_add(out, found.data, found.len);
    hex_encode(digits, bin.data, bin.len <= 32 ? bin.len : 32);
    buf_add(out, digits, strlen(digits));
}

/* "/case/{number}" from the answer, "/case/+" from the path. */
static void write_next(const struct visit *visit, struct bytes result, char *to,
                       size_t size)
{
    const struct deed *deed = visit->deed;
    struct buf out = {0};
    for (const char *at = deed->next; *at != '\0'; at++) {
        if (*at == '+') {
            buf_add(&out, visit->stars[0].data, visit->stars[0].len);
        } else if (*at == '{') {
            size_t len = strcspn(at + 1, "}");
            add_of_answer(&out, result, bytes_of(at + 1, len));
            at += len + 1;
        } else {
            buf_add_u8(&out, (uint8_t)*at);
        }
    }
    (void)snprintf(
        to, size, "%.*s%s%s", (int)out.len, (const char *)out.data,
        deed->said == NULL ? "" : "?said=", deed->said == NULL ? "" : deed->said);
    buf_deinit(&out);
}

static void after_deed(struct page *page, struct desk *desk,
                       const struct call_answer *answer)
{
    struct visit *visit = desk->first;
    char to[512];
    if (answer->status != STATUS_OK) {
        refuse(page, desk, answer->status, call_sentence(answer));
        return;
    }
    write_next(visit, answer->result, to, sizeof(to));
    (void)desk_take(desk);
    respond_redirect(page, visit, to, "");
    desk_go_on(page, desk);
}

/* A device was let in, under a token that nobody knew before; or it was not. */
static void after_claim(struct page *page, struct desk *desk,
                        const struct call_answer *answer)
{
    struct visit *visit = desk_take(desk);
    struct bytes token = peek_bin(peek_in(answer->result, "token"));
    char cookie[192], digits[2 * TOKEN_SIZE + 1];
    if (answer->status == STATUS_OK && token.len == TOKEN_SIZE) {
        digest_of(desk->token, "fengqiao desk", token.data, token.len);
        hex_encode(digits, token.data, token.len);
        (void)snprintf(cookie, sizeof(cookie), "session=%s; Max-Age=31536000" COOKIE_REST,
                       digits);
        respond_redirect(page, visit, "/", cookie);
        secret_wipe(cookie, sizeof(cookie));
        secret_wipe(digits, sizeof(digits));
        return;
    }
    desk_close(page, desk);
    render_sentence(visit, call_sentence(answer), visit->error, sizeof(visit->error));
    respond_enter(page, visit, render_code(answer->status));
}

/* All answers of the phase are here. */
static void go_on(struct page *page, struct desk *desk)
{
    struct visit *visit = desk->first;
    struct err err = {0};
    struct call_answer entered = call_read(buf_bytes(&visit->answers[0]));
    struct call_answer last = call_read(buf_bytes(&visit->answers[visit->asked - 1]));
    if (visit->is_claim) {
        after_claim(page, desk, &last);
        return;
    }
    if (visit->phase != VISIT_DOING && entered.status != STATUS_OK) {
        (void)desk_take(desk);
        respond_redirect(page, visit, "/enter", "session=; Max-Age=0" COOKIE_REST);
        desk_go_on(page, desk);
        return;
    }
    switch (visit->phase) {
    case VISIT_ENTERING:
        if (last.status != STATUS_OK) {
            refuse(page, desk, last.status, call_sentence(&last));
            return;
        }
        if (visit->deed->method == NULL) {
            after_deed(page, desk, &last);
            return;
        }
        phase_begin(visit, VISIT_DOING);
        enum status status = ask_deed(page, desk, &err);
        if (status != STATUS_OK)
            refuse(page, desk, status, bytes_str(err_text(&err, status)));
        return;
    case VISIT_DOING:
        after_deed(page, desk, &last);
        return;
    default:
        break;
    }
    struct page_response response = {0};
    uint8_t once[ONCE_SIZE];
    rng_fill(&page->rng, "page-once", NULL, once, sizeof(once));
    render_screen(visit, once, &response);
    (void)desk_take(desk);
    respond(page, visit, &response);
    desk_go_on(page, desk);
}

void page_answer(struct page *page, uint64_t client, struct bytes answer, uint64_t now_ms)
{
    struct desk *desk = desk_of_client(page, client);
    if (desk == NULL || desk->first == NULL)
        return;
    struct visit *visit = desk->first;
    desk->last_ms = now_ms;
    buf_add(&visit->answers[visit->answered], answer.data, answer.len);
    visit->answered++;
    if (visit->answered == visit->asked)
        go_on(page, desk);
}

/* ---- what comes in ---- */

static enum language choose_language(const struct page_request *request)
{
    struct bytes said;
    if (guard_cookie(request->cookie, "lang", &said))
        return bytes_equal_str(said, "en") ? LANGUAGE_EN : LANGUAGE_ZH_CN;
    /* The one that is named first; who names neither reads Chinese. */
    for (size_t i = 0; i + 1 < request->languages.len; i++) {
        if (memcmp(request->languages.data + i, "zh", 2) == 0)
            return LANGUAGE_ZH_CN;
        if (memcmp(request->languages.data + i, "en", 2) == 0)
            return LANGUAGE_EN;
    }
    return LANGUAGE_ZH_CN;
}

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
        if (!bytes_equal_str(path, assets[i].path) ||
            !parts_find(bytes_str(assets[i].part), &part))
            continue;
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

static struct visit *visit_new(uint64_t number, const struct page_request *request)
{
    struct visit *visit = calloc(1, sizeof(*visit));
    struct bytes view;
    if (visit == NULL)
        return NULL;
    visit->number = number;
    visit->code = 200;
    visit->language = choose_language(request);
    visit->is_large =
        guard_cookie(request->cookie, "view", &view) && bytes_equal_str(view, "large");
    memcpy(visit->path, request->path.data, request->path.len);
    visit->path[request->path.len] = '\0';
    return visit;
}

/* A page within the site to go back to: "/x", never "//x". */
static void write_back(const struct visit *visit, char to[static 256])
{
    struct bytes back = form_text(&visit->form, "back");
    bool is_ours = back.len > 0 && back.len < 256 && back.data[0] == '/' &&
                   (back.len == 1 || (back.data[1] != '/' && back.data[1] != '\\'));
    for (size_t i = 0; is_ours && i < back.len; i++)
        is_ours = back.data[i] > ' ' && back.data[i] < 0x7f;
    (void)snprintf(to, 256, "%.*s", is_ours ? (int)back.len : 1,
                   is_ours ? (const char *)back.data : "/");
}

/* How it is shown is remembered by the browser alone. */
static bool respond_taste(struct page *page, struct visit *visit)
{
    char to[256], cookie[128];
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
    respond_redirect(page, visit, to, cookie);
    return true;
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
    respond_simple(page, visit, "error", "error.title", render_code(status),
                   err_text(&err, status));
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
        respond_simple(page, visit, "error", "error.title", 503,
                       "all places are taken; try again in a moment");
        return;
    }
    desk->last_ms = now_ms;
    struct visit **last = &desk->first;
    while (*last != NULL)
        last = &(*last)->next;
    *last = visit;
    if (desk->first == visit)
        begin(page, desk);
}

static void route(struct page *page, struct visit *visit,
                  const struct page_request *request, uint64_t now_ms)
{
    struct bytes path = bytes_str(visit->path);
    bool is_post = request->method == PAGE_POST;
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
            respond_enter(page, visit, 200);
        return;
    }
    read_said(visit);
    visit->deed = is_post ? deed_find(path, visit->stars) : NULL;
    visit->screen = screen_find(path, visit->stars);
    if (visit->deed != NULL && visit->deed->back != NULL) {
        struct bytes stars[2];
        char to[256];
        write_back(visit, to); /* a form may come back to the page it stands on */
        visit->screen = screen_find(bytes_str(to), stars);
    }
    if (is_post ? visit->deed == NULL : visit->screen == NULL) {
        respond_simple(page, visit, "error", "error.title", 404, "");
        return;
    }
    if (!guard_token(request->cookie, visit->token)) {
        if (is_post)
            respond_simple(page, visit, "error", "error.title", 401, "");
        else
            respond_redirect(page, visit, "/enter", "");
        return;
    }
    if (is_post && !guard_mark_is(form_text(&visit->form, "mark"), visit->token)) {
        respond_simple(page, visit, "error", "error.title", 403, "");
        return;
    }
    join_desk(page, visit, now_ms);
}

void page_visit(struct page *page, uint64_t number, const struct page_request *request,
                uint64_t now_ms)
{
    if (!guard_host(request->host, request->local, page->names)) {
        respond_bare(page, number, 421, "this node does not answer under that name\n");
        return;
    }
    if (request->method == PAGE_OTHER || request->path.len > PATH_MAX_LEN) {
        respond_bare(page, number, request->method == PAGE_OTHER ? 405 : 414,
                     "this is not how a page is asked for\n");
        return;
    }
    if (request->method == PAGE_POST &&
        !guard_origin(request->origin, request->host, request->is_tls)) {
        respond_bare(page, number, 403, "this form came from another site\n");
        return;
    }
    if (request->method == PAGE_GET && respond_asset(page, number, request->path))
        return;
    struct visit *visit = visit_new(number, request);
    if (visit == NULL)
        respond_bare(page, number, 503, "no memory is left for this page\n");
    else
        route(page, visit, request, now_ms);
}
