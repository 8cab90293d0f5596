#include "node/page/flow.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/page/deed.h"
#include "node/page/json_face.h"
#include "node/page/parting.h"
#include "node/page/peek.h"
#include "node/page/render.h"
#include "node/page/resume.h"
#include "node/page/screen.h"
#include "node/page/series.h"
#include "node/page/export.h"
#include "node/web/shape.h"
#include "proto/pack.h"

/* ---- calls ---- */

static enum status ask_raw(struct page *page, const struct desk *desk,
                           struct bytes method, struct bytes arguments, struct bytes once)
{
    struct visit *visit = desk->first;
    struct buf request = {0};
    assert(visit->asked < ANSWERS_MAX);
    enum status status = call_write(&request, visit->asked + 1, method, arguments, once);
    if (status == STATUS_OK) {
        page->io.client_request(page->io.context, desk->client, buf_bytes(&request));
        visit->asked++;
    }
    buf_wipe(&request); /* a PIN, a token */
    return status;
}

/* Gives back the arguments. */
static enum status ask(struct page *page, const struct desk *desk, const char *method,
                       struct pairs *arguments, struct bytes once)
{
    struct buf map = {0};
    enum status status = pairs_pack(arguments, &map);
    if (status == STATUS_OK)
        status = ask_raw(page, desk, bytes_str(method), buf_bytes(&map), once);
    buf_wipe(&map); /* the same */
    pairs_deinit(arguments);
    return status;
}

static void phase_begin(struct visit *visit, enum visit_phase phase)
{
    visit->phase = phase;
    for (uint32_t i = 0; i < visit->asked; i++)
        buf_wipe(&visit->answers[i]); /* it may be what a seal hid */
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
    const struct call_source source = {
        {visit->stars[0], visit->stars[1]}, &visit->form, 0};
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
        pairs_text(&arguments, "form", bytes_str(visit->page));
        status = ask(page, desk, "draft.get", &arguments, (struct bytes){0});
    }
    return status;
}

/* 16 bytes that make a second try of the same harmless; empty where none were said. */
static struct bytes read_once(struct bytes said, uint8_t once[static ONCE_SIZE])
{
    return hex_read(once, ONCE_SIZE, said) ? bytes_of(once, ONCE_SIZE)
                                           : (struct bytes){0};
}

/* after: where a list goes on; empty: from its beginning. */
static enum status ask_deed(struct page *page, const struct desk *desk, const char *after,
                            struct err *err)
{
    const struct visit *visit = desk->first;
    const struct deed *deed = visit->deed;
    const struct call_source source = {
        {visit->stars[0], visit->stars[1]}, &visit->form, visit->series_at};
    struct pairs arguments = {0};
    uint8_t once[ONCE_SIZE];
    enum status status = deed->is_series ? series_check(visit, err) : STATUS_OK;
    if (status == STATUS_OK)
        status = call_arguments(&arguments, deed->arguments, &source, err);
    if (status != STATUS_OK) {
        pairs_deinit(&arguments);
        return status;
    }
    if (after[0] != '\0')
        pairs_text(&arguments, "after", bytes_str(after));
    return ask(page, desk, deed->method, &arguments,
               read_once(form_text(&visit->form, "once"), once));
}

/* ---- the way of a visit ---- */

/* The first visit of the desk is over; the next may begin. */
static void go_on_with_next(struct page *page, struct desk *desk)
{
    if (desk->client != 0 && desk->first != NULL)
        flow_begin(page, desk);
}

static void fail(struct page *page, struct desk *desk)
{
    struct visit *visit = desk_take(desk);
    if (visit->answered < visit->asked)
        desk_reopen(page, desk); /* else they would be those of the next visit */
    parting_bare(page, visit->number, 500, "bare.memory");
    visit_free(visit);
    go_on_with_next(page, desk);
}

static void show(struct page *page, struct desk *desk)
{
    struct visit *visit = desk->first;
    phase_begin(visit, VISIT_SHOWING);
    if (visit->screen == NULL) { /* a deed without a page of its own */
        (void)desk_take(desk);
        parting_page(page, visit, "error", "error.title", visit->code, visit->error);
        go_on_with_next(page, desk);
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

/* ---- programs ---- */

static void answer_json(struct page *page, struct desk *desk, enum status status,
                        struct bytes result)
{
    struct visit *visit = desk_take(desk);
    struct page_response response = {0};
    json_face_answer(status, result, &response);
    parting_respond(page, visit, &response);
    go_on_with_next(page, desk);
}

static void refuse_json(struct page *page, struct desk *desk, enum status status,
                        const struct err *err)
{
    struct buf sentence = {0};
    pack_str(&sentence, err_text(err, status));
    answer_json(page, desk, status, buf_bytes(&sentence));
    buf_deinit(&sentence);
}

static void answer_openapi(struct page *page, struct desk *desk, struct bytes methods)
{
    struct visit *visit = desk_take(desk);
    struct page_response response = {
        .code = 200, .type = "application/json", .policy = "default-src 'none'"};
    if (json_face_openapi(methods, &response.body) != STATUS_OK)
        response.code = 500;
    parting_respond(page, visit, &response);
    go_on_with_next(page, desk);
}

/* First who asks and the table of methods, then the method. */
static void go_on_json(struct page *page, struct desk *desk)
{
    struct visit *visit = desk->first;
    struct call_answer entered = call_read(buf_bytes(&visit->answers[0]));
    struct call_answer last = call_read(buf_bytes(&visit->answers[visit->asked - 1]));
    struct bytes method = bytes_str(visit->path + strlen(JSON_PREFIX));
    struct buf arguments = {0};
    struct err err = {0};
    uint8_t once[ONCE_SIZE];
    if (visit->phase == VISIT_DOING || entered.status != STATUS_OK ||
        last.status != STATUS_OK) {
        const struct call_answer *said =
            visit->phase != VISIT_DOING && entered.status != STATUS_OK ? &entered : &last;
        answer_json(page, desk, said->status, said->result);
        return;
    }
    if (!visit->is_post) {
        answer_openapi(page, desk, last.result);
        return;
    }
    enum status status = json_face_arguments(last.result, method, buf_bytes(&visit->body),
                                             &arguments, &err);
    if (status == STATUS_OK) {
        phase_begin(visit, VISIT_DOING);
        status = ask_raw(page, desk, method, buf_bytes(&arguments),
                         read_once(bytes_str(visit->once), once));
    }
    buf_wipe(&arguments);
    if (status != STATUS_OK)
        refuse_json(page, desk, status, &err);
}

static void begin_json(struct page *page, struct desk *desk)
{
    struct pairs none = {0};
    phase_begin(desk->first, VISIT_ENTERING);
    if (ask_enter(page, desk) != STATUS_OK ||
        ask(page, desk, "api.methods", &none, (struct bytes){0}) != STATUS_OK)
        fail(page, desk);
}

/* ---- people ---- */

void flow_begin(struct page *page, struct desk *desk)
{
    struct visit *visit = desk->first;
    if (visit->is_json) {
        begin_json(page, desk);
        return;
    }
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

/* A field of the form, as it stands in a query. */
static void add_of_form(struct buf *out, const struct form *form, struct bytes name)
{
    struct pack_item item = {.type = PACK_STR};
    if (form_find(form, name, 0, &item.bytes))
        (void)shape_add(out, bytes_str("url"), &item);
}

/* "/case/{number}" from the answer, "/case/+" from the path, "[title]" from the form. */
static void write_next(const struct visit *visit, struct bytes result, char *to,
                       size_t size)
{
    const struct deed *deed = visit->deed;
    struct buf out = {0};
    for (const char *at = deed->next; *at != '\0'; at++) {
        if (*at == '+') {
            buf_add(&out, visit->stars[0].data, visit->stars[0].len);
        } else if (*at == '{' || *at == '[') {
            size_t len = strcspn(at + 1, "}]");
            if (*at == '{')
                add_of_answer(&out, result, bytes_of(at + 1, len));
            else
                add_of_form(&out, &visit->form, bytes_of(at + 1, len));
            at += len + 1;
        } else {
            buf_add_u8(&out, (uint8_t)*at);
        }
    }
    (void)snprintf(to, size, "%.*s%s%s", (int)out.len, (const char *)out.data,
                   deed->said == NULL                ? ""
                   : strchr(deed->next, '?') == NULL ? "?said="
                                                     : "&said=",
                   deed->said == NULL ? "" : deed->said);
    buf_deinit(&out);
}

static void leave(struct page *page, struct desk *desk)
{
    struct visit *visit = desk_take(desk);
    if (form_text(&visit->form, "quiet").len > 0)
        parting_quiet(page, visit); /* a script asked, which goes nowhere */
    else
        parting_redirect(page, visit, visit->to, "");
    go_on_with_next(page, desk);
}

/* Those of a bundle are its file. */
static struct bytes contents_of(struct bytes result)
{
    struct bytes file = peek_in(result, "file");
    return peek_bin(file.len > 0 ? file : peek_in(result, "bytes"));
}

/* part: of several files. */
static void give(struct page *page, struct desk *desk, const char *type, uint64_t part,
                 struct bytes bytes)
{
    struct visit *visit = desk_take(desk);
    struct page_response response = {.code = 200, .type = type};
    parting_file(visit, visit->deed->file, part, &response);
    buf_add(&response.body, bytes.data, bytes.len);
    parting_respond(page, visit, &response);
    go_on_with_next(page, desk);
}

/* As many answers as it takes. */
static void go_on_export(struct page *page, struct desk *desk, struct bytes result)
{
    struct visit *visit = desk->first;
    struct err err = {0};
    char after[2 * DIGEST_SIZE + 1];
    struct bytes next = peek_bin(peek_in(result, "next"));
    enum status status =
        export_add(visit->deed->export, result, visit->language, &visit->looked);
    if (status == STATUS_TOO_LARGE)
        status = err_set(&err, status, "the list is too long for one file; choose fewer");
    if (status == STATUS_OK && next.len != DIGEST_SIZE) {
        give(page, desk, "text/csv; charset=utf-8", 0, buf_bytes(&visit->looked));
        return;
    }
    if (status == STATUS_OK) {
        hex_encode(after, next.data, DIGEST_SIZE); /* the answer goes with its phase */
        phase_begin(visit, VISIT_DOING);
        status = ask_deed(page, desk, after, &err);
    }
    if (status != STATUS_OK) {
        buf_clear(&visit->looked);
        refuse(page, desk, status, bytes_str(err_text(&err, status)));
    }
}

/* One file after the other: the core reads one at a time. */
static void go_on_series(struct page *page, struct desk *desk,
                         const struct call_answer *answer)
{
    struct visit *visit = desk->first;
    struct err err = {0};
    enum status status;
    if (series_next(visit, answer)) {
        phase_begin(visit, VISIT_DOING);
        status = ask_deed(page, desk, "", &err);
    } else {
        status = series_end(visit);
        if (status == STATUS_OK)
            show(page, desk);
    }
    if (status != STATUS_OK) {
        buf_clear(&visit->looked);
        refuse(page, desk, status, bytes_str(err_text(&err, status)));
    }
}

static void after_deed(struct page *page, struct desk *desk,
                       const struct call_answer *answer)
{
    struct visit *visit = desk->first;
    if (visit->deed->is_series) {
        go_on_series(page, desk, answer);
        return;
    }
    if (answer->status != STATUS_OK) {
        refuse(page, desk, answer->status, call_sentence(answer));
        return;
    }
    if (visit->deed->export != NULL) {
        go_on_export(page, desk, answer->result);
        return;
    }
    if (visit->deed->file != NULL) {
        give(page, desk, "application/octet-stream", peek_uint_in(answer->result, "part"),
             contents_of(answer->result));
        return;
    }
    if (visit->deed->is_look) {
        buf_add(&visit->looked, answer->result.data, answer->result.len);
        show(page, desk);
        return;
    }
    write_next(visit, answer->result, visit->to, sizeof(visit->to));
    if (visit->screen == NULL || !visit->screen->has_draft || visit->deed->keeps_draft) {
        leave(page, desk);
        return;
    }
    struct pairs arguments = {0};
    phase_begin(visit, VISIT_CLEARING);
    pairs_text(&arguments, "form", bytes_str(visit->page));
    if (ask(page, desk, "draft.drop", &arguments, (struct bytes){0}) != STATUS_OK)
        leave(page, desk);
}

/* A device was let in, under a token that nobody knew before; or it was not. */
static void after_claim(struct page *page, struct desk *desk,
                        const struct call_answer *answer)
{
    struct visit *visit = desk_take(desk);
    struct bytes token = peek_bin(peek_in(answer->result, "token"));
    char cookie[192], digits[2 * TOKEN_SIZE + 1];
    if (answer->status == STATUS_OK && token.len == TOKEN_SIZE) {
        desk_rename(desk, token);
        hex_encode(digits, token.data, token.len);
        (void)snprintf(cookie, sizeof(cookie), "session=%s; Max-Age=31536000" COOKIE_REST,
                       digits);
        parting_redirect(page, visit, "/", cookie);
        secret_wipe(cookie, sizeof(cookie));
        secret_wipe(digits, sizeof(digits));
        return;
    }
    desk_close(page, desk);
    render_sentence(visit, call_sentence(answer), visit->error, sizeof(visit->error));
    parting_enter(page, visit, render_code(answer->status));
}

/* The device is none of the node's, or not any more; whatever else it says passes. */
static bool is_unknown(enum status status)
{
    return status == STATUS_NOT_FOUND || status == STATUS_DENIED;
}

/* The draft of a form stands in it, but where the form was sent just now. */
static void resume(struct visit *visit, const struct call_answer *draft)
{
    if (visit->screen->has_draft && visit->deed == NULL && draft->status == STATUS_OK)
        visit->is_resumed = resume_form(&visit->form, peek_in(draft->result, "fields"));
}

/* All answers of the phase are here. */
static void go_on(struct page *page, struct desk *desk)
{
    struct visit *visit = desk->first;
    struct err err = {0};
    struct call_answer entered = call_read(buf_bytes(&visit->answers[0]));
    struct call_answer last = call_read(buf_bytes(&visit->answers[visit->asked - 1]));
    if (visit->is_json) {
        go_on_json(page, desk);
        return;
    }
    if (visit->is_claim) {
        after_claim(page, desk, &last);
        return;
    }
    if (visit->phase == VISIT_CLEARING) {
        leave(page, desk);
        return;
    }
    if (visit->phase != VISIT_DOING && entered.status != STATUS_OK) {
        (void)desk_take(desk);
        if (is_unknown(entered.status)) {
            parting_redirect(page, visit, "/enter", "session=; Max-Age=0" COOKIE_REST);
        } else {
            render_sentence(visit, call_sentence(&entered), visit->error,
                            sizeof(visit->error));
            parting_page(page, visit, "error", "error.title", render_code(entered.status),
                         "");
        }
        go_on_with_next(page, desk);
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
        enum status status = ask_deed(page, desk, "", &err);
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
    resume(visit, &last);
    rng_fill(&page->rng, "page-once", NULL, once, sizeof(once));
    render_screen(visit, once, &response);
    (void)desk_take(desk);
    parting_respond(page, visit, &response);
    go_on_with_next(page, desk);
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
    if (visit->answers[visit->answered - 1].failed)
        fail(page, desk);
    else if (visit->answered == visit->asked)
        go_on(page, desk);
}
