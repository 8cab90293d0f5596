#include "node/page/render.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "node/page/choices.h"
#include "node/page/peek.h"
#include "node/page/screen.h"
#include "node/page/timeline.h"
#include "node/web/parts.h"
#include "node/web/sentences.h"
#include "node/web/template.h"
#include "proto/pack.h"

const char render_policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const char render_policy_paper[] =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox allow-modals";

int render_code(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return 200;
    case STATUS_NOT_FOUND:
        return 404;
    case STATUS_DENIED:
        return 403;
    case STATUS_BUSY:
        return 503;
    case STATUS_EXISTS:
    case STATUS_CONFLICT:
        return 409;
    case STATUS_TOO_LARGE:
        return 413;
    case STATUS_INVALID:
    case STATUS_UNVERIFIED:
        return 422;
    case STATUS_UNSUPPORTED:
        return 415;
    case STATUS_UNREACHABLE:
        return 502;
    case STATUS_FULL:
        return 507;
    default:
        return 500;
    }
}

void render_sentence(const struct visit *visit, struct bytes sentence, char *out,
                     size_t size)
{
    struct buf said = {0};
    sentences_say(&said, visit->language, sentence);
    size_t len = said.len < size ? said.len : size - 1;
    while (len < said.len && len > 0 && (said.data[len] & 0xc0) == 0x80)
        len--; /* no character is cut in two */
    /* Without memory nothing was said. */
    if (len > 0)
        memcpy(out, said.data, len);
    out[len] = '\0';
    buf_deinit(&said);
}

/* ---- values ---- */

static void add_text_of(struct pairs *values, const struct visit *visit, const char *name,
                        const char *key)
{
    struct bytes text;
    if (key[0] == '\0')
        return;
    if (texts_find(bytes_str(key), visit->language, &text)) /* never: it has one */
        pairs_text(values, name, text);
}

/* What every page of ours is filled from. */
static void add_common(struct pairs *values, const struct visit *visit)
{
    char mark[MARK_TEXT_SIZE];
    guard_mark(mark, visit->token);
    pairs_text(values, "mark", bytes_str(mark));
    pairs_text(values, "lang", bytes_str(language_tag(visit->language)));
    pairs_flag(values, "large", visit->is_large);
    pairs_text(values, "path", bytes_str(visit->page));
    if (visit->error[0] != '\0')
        pairs_text(values, "error", bytes_str(visit->error));
    add_text_of(values, visit, "said", visit->said);
    pairs_text(values, "version", bytes_str(FENGQIAO_VERSION));
}

static bool takes(struct bytes roles)
{
    static const char *const words[] = {"steward", "mediator", "desk", "judge",
                                        "authority"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (peek_has(roles, words[i]))
            return true;
    return false;
}

/* Does it see events alone? */
static bool observes(struct bytes roles)
{
    return peek_has(roles, "observer") && !takes(roles);
}

/* Who looks at it, and so which ways the menu shows; the core decides by itself. */
static void add_me(struct pairs *values, struct bytes me)
{
    struct bytes roles = peek_in(me, "roles");
    bool is_steward = peek_has(roles, "steward");
    bool writes = is_steward || peek_has(roles, "mediator");
    pairs_raw(values, "me", me);
    pairs_flag(values, "steward", is_steward);
    pairs_flag(values, "writes", writes);
    pairs_flag(values, "takes", takes(roles));
    pairs_flag(values, "observes", observes(roles));
    pairs_flag(values, "cases-too", writes || observes(roles));
    pairs_flag(values, "records-too", takes(roles) || observes(roles));
}

/* The fields that came, each by its first value; and all values of those that came more
 * than once. What is secret does not come back. */
static bool is_secret(struct bytes name)
{
    return bytes_equal_str(name, "pin") || bytes_equal_str(name, "new") ||
           bytes_equal_str(name, "mark") || bytes_equal_str(name, "once");
}

static void pack_texts(struct buf *out, const struct form *form, struct bytes name)
{
    struct bytes value;
    uint32_t count = 0;
    while (form_find(form, name, count, &value))
        count++;
    pack_array(out, count);
    for (uint32_t i = 0; form_find(form, name, i, &value); i++)
        pack_str_bytes(out, value);
}

static void add_form(struct pairs *values, const struct form *form)
{
    struct pairs first = {0}, all = {0};
    struct buf map = {0}, maps = {0};
    for (size_t i = 0; i < form->len; i++) {
        const struct form_field *field = &form->fields[i];
        char name[FORM_FIELD_NAME_MAX + 1];
        struct buf list = {0};
        if (field->is_file || is_secret(field->name) || first.len == PAIRS_MAX)
            continue;
        memcpy(name, field->name.data, field->name.len);
        name[field->name.len] = '\0';
        if (strlen(name) > PAIR_NAME_MAX || pairs_has(&first, name))
            continue;
        pairs_text(&first, name, field->value);
        pack_texts(&list, form, field->name);
        pairs_raw(&all, name, buf_bytes(&list));
        buf_deinit(&list);
    }
    if (pairs_pack(&first, &map) == STATUS_OK && pairs_pack(&all, &maps) == STATUS_OK) {
        pairs_raw(values, "form", buf_bytes(&map));
        pairs_raw(values, "forms", buf_bytes(&maps));
    } else {
        values->memory.failed = true;
    }
    buf_deinit(&map);
    buf_deinit(&maps);
    pairs_deinit(&first);
    pairs_deinit(&all);
}

/* Why a call that may fail did. */
static void add_why(struct pairs *values, const struct visit *visit, const char *as,
                    const struct call_answer *answer)
{
    char name[PAIR_NAME_MAX + 1], sentence[512];
    (void)snprintf(name, sizeof(name), "%s-why", as);
    render_sentence(visit, call_sentence(answer), sentence, sizeof(sentence));
    pairs_text(values, name, bytes_str(sentence));
}

static void add_timeline(struct pairs *values, const struct visit *visit,
                         struct bytes result)
{
    struct buf list = {0};
    struct timeline shown;
    uint64_t until;
    (void)form_number(form_text(&visit->form, "until"), &until); /* 0: to the end */
    if (timeline_write(peek_in(result, "view"), visit->language, until, &shown, &list) ==
        STATUS_OK)
        pairs_raw(values, "timeline", buf_bytes(&list));
    else
        values->memory.failed = true;
    pairs_uint(values, "earlier", shown.first);
    pairs_uint(values, "later", shown.later);
    buf_deinit(&list);
}

static void add_choices(struct pairs *values, const struct visit *visit)
{
    struct buf map = {0};
    if (choices_write(visit->screen->choices, &visit->form, &map) == STATUS_OK)
        pairs_raw(values, "choices", buf_bytes(&map));
    else
        values->memory.failed = true;
    buf_deinit(&map);
}

/* ---- pages ---- */

static void fill(const struct visit *visit, const char *template, struct pairs *values,
                 struct page_response *response)
{
    struct buf map = {0};
    struct bytes part;
    response->type = "text/html; charset=utf-8";
    response->policy = render_policy;
    enum status status = pairs_pack(values, &map);
    bool is_there = parts_find(bytes_str(template), &part);
    assert(is_there); /* they are linked in */
    if (status == STATUS_OK)
        status = template_fill(part, buf_bytes(&map), visit->language, &response->body);
    if (status != STATUS_OK) {
        buf_clear(&response->body);
        response->code = 500;
        response->type = "text/plain; charset=utf-8";
    }
    buf_deinit(&map);
}

void render_simple(const struct visit *visit, const char *template, const char *title,
                   int code, struct bytes about, struct page_response *response)
{
    struct pairs values = {0};
    response->code = code;
    add_common(&values, visit);
    add_text_of(&values, visit, "title", title);
    pairs_text(&values, "about", about);
    fill(visit, template, &values, response);
    pairs_deinit(&values);
}

/* As what a browser may take a file: those that a case holds (docs/API.md), and no other.
 */
static const char *media_type(struct bytes type)
{
    static const char *const known[] = {"image/jpeg", "image/png", "application/pdf"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (bytes_equal_str(type, known[i]))
            return known[i];
    return bytes_equal_str(type, "text/plain") ? "text/plain; charset=utf-8"
                                               : "application/octet-stream";
}

static void render_raw(const struct visit *visit, struct bytes result,
                       struct page_response *response)
{
    bool is_paper = visit->screen->raw == RAW_PAPERS;
    struct bytes bytes = peek_bin(peek_in(result, is_paper ? "html" : "bytes"));
    response->code = 200;
    response->type =
        is_paper ? "text/html; charset=utf-8" : media_type(peek_text_in(result, "type"));
    response->policy = render_policy_paper;
    if (!is_paper && strncmp(response->type, "image/", 6) != 0)
        (void)snprintf(response->disposition, sizeof(response->disposition),
                       "attachment");
    buf_add(&response->body, bytes.data, bytes.len);
}

static void render_failed(const struct visit *visit, const struct call_answer *answer,
                          struct page_response *response)
{
    char sentence[512];
    render_sentence(visit, call_sentence(answer), sentence, sizeof(sentence));
    render_simple(visit, "error", "error.title", render_code(answer->status),
                  bytes_str(sentence), response);
}

void render_screen(const struct visit *visit, const uint8_t once[static ONCE_SIZE],
                   struct page_response *response)
{
    const struct screen *screen = visit->screen;
    struct pairs values = {0};
    char text[2 * ONCE_SIZE + 1];
    struct call_answer answer = call_read(buf_bytes(&visit->answers[0]));
    const char *template = screen->template;
    uint32_t at = 1;
    if (screen->raw == RAW_STREAM) {
        *response = (struct page_response){.code = 200,
                                           .type = "text/event-stream",
                                           .policy = "default-src 'none'",
                                           .is_stream = true};
        return;
    }
    if (answer.status == STATUS_OK)
        add_me(&values, answer.result);
    if (screen->events != NULL && answer.status == STATUS_OK &&
        observes(peek_in(answer.result, "roles")))
        template = screen->events;
    for (size_t i = 0; i < SCREEN_CALLS_MAX && screen->calls[i].as != NULL; i++, at++) {
        answer = call_read(buf_bytes(&visit->answers[at]));
        if (answer.status != STATUS_OK && !screen->calls[i].is_optional) {
            render_failed(visit, &answer, response);
            pairs_deinit(&values);
            return;
        }
        if (answer.status != STATUS_OK) {
            add_why(&values, visit, screen->calls[i].as, &answer);
            continue;
        }
        if (screen->raw != RAW_NO) {
            render_raw(visit, answer.result, response);
            pairs_deinit(&values);
            return;
        }
        pairs_raw(&values, screen->calls[i].as, answer.result);
        if (peek_in(answer.result, "names").len > 0)
            pairs_raw(&values, "names", peek_in(answer.result, "names"));
        if (screen->timeline != NULL &&
            strcmp(screen->timeline, screen->calls[i].as) == 0)
            add_timeline(&values, visit, answer.result);
    }
    add_form(&values, &visit->form);
    pairs_flag(&values, "drafted", visit->is_resumed);
    if (screen->choices != NULL)
        add_choices(&values, visit);
    add_common(&values, visit);
    add_text_of(&values, visit, "title", screen->title);
    pairs_text(&values, "section", bytes_str(screen->section));
    hex_encode(text, once, ONCE_SIZE);
    pairs_text(&values, "once", bytes_str(text));
    if (visit->stars[0].len > 0)
        pairs_text(&values, "which", visit->stars[0]);
    if (visit->stars[1].len > 0)
        pairs_text(&values, "which-of", visit->stars[1]);
    if (visit->looked.len > 0)
        pairs_raw(&values, "looked", buf_bytes(&visit->looked));
    if (screen->prepare != NULL && screen->prepare(visit, &values) != STATUS_OK)
        values.memory.failed = true;
    response->code = visit->code;
    fill(visit, template, &values, response);
    pairs_deinit(&values);
}
