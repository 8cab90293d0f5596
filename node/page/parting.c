#include "node/page/parting.h"

#include <stdio.h>
#include <string.h>

#include "node/page/render.h"

void parting_respond(struct page *page, struct visit *visit,
                     struct page_response *response)
{
    page->io.respond(page->io.context, visit->number, response);
    visit_free(visit);
}

void parting_page(struct page *page, struct visit *visit, const char *template,
                  const char *title, int code, const char *about)
{
    struct page_response response = {0};
    render_simple(visit, template, title, code, bytes_str(about), &response);
    parting_respond(page, visit, &response);
}

/* The door: a code that a steward gave, in the path or typed. */
void parting_enter(struct page *page, struct visit *visit, int code)
{
    struct page_response response = {0};
    struct bytes said =
        visit->stars[0].len > 0 ? visit->stars[0] : form_text(&visit->form, "code");
    render_simple(visit, "enter", "enter.title", code, said, &response);
    parting_respond(page, visit, &response);
}

/* In both languages, for who knows which he reads: he came to no page of ours. */
void parting_bare(struct page *page, uint64_t number, int code, const char *key)
{
    struct page_response response = {.code = code,
                                     .type = "text/plain; charset=utf-8",
                                     .policy = "default-src 'none'"};
    for (int language = LANGUAGE_ZH_CN; language <= LANGUAGE_EN; language++) {
        struct bytes text;
        bool has_text = texts_find(bytes_str(key), (enum language)language, &text);
        if (has_text) { /* never: it has one in each */
            buf_add(&response.body, text.data, text.len);
            buf_add_u8(&response.body, '\n');
        }
    }
    page->io.respond(page->io.context, number, &response);
}

void parting_file(const struct visit *visit, const char *name, uint64_t part,
                  struct page_response *response)
{
    char saved[64] = "";
    for (const char *at = name; *at != '\0'; at++) {
        size_t len = strlen(saved), most = visit->stars[0].len;
        if (*at == '+')
            (void)snprintf(saved + len, sizeof(saved) - len, "%.*s",
                           (int)(most < 12 ? most : 12),
                           (const char *)visit->stars[0].data);
        else if (*at == '#')
            (void)snprintf(saved + len, sizeof(saved) - len, "%03llu",
                           (unsigned long long)part + 1);
        else
            (void)snprintf(saved + len, sizeof(saved) - len, "%c", *at);
    }
    response->policy = render_policy_paper;
    (void)snprintf(response->disposition, sizeof(response->disposition),
                   "attachment; filename=\"%s\"", saved);
}

void parting_quiet(struct page *page, struct visit *visit)
{
    struct page_response response = {
        .code = 204, .type = "", .policy = "default-src 'none'"};
    parting_respond(page, visit, &response);
}

void parting_redirect(struct page *page, struct visit *visit, const char *to,
                      const char *cookie)
{
    struct page_response response = {
        .code = 303, .type = "text/plain; charset=utf-8", .policy = "default-src 'none'"};
    (void)snprintf(response.location, sizeof(response.location), "%s", to);
    (void)snprintf(response.cookie, sizeof(response.cookie), "%s", cookie);
    parting_respond(page, visit, &response);
}
