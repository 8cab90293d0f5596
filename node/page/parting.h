/*
 * parting: how a visit ends: what it gets, and that it is no more.
 */
#ifndef FENGQIAO_PAGE_PARTING_H
#define FENGQIAO_PAGE_PARTING_H

#include "node/page/desk.h"

#define COOKIE_REST "; Path=/; HttpOnly; SameSite=Strict"

/* Each takes the visit. */
void parting_respond(struct page *page, struct visit *visit,
                     struct page_response *response);
/* A page without calls: template and title, about: what it says. */
void parting_page(struct page *page, struct visit *visit, const char *template,
                  const char *title, int code, const char *about);
/* The door: a code that a steward gave, in the path or typed. */
void parting_enter(struct page *page, struct visit *visit, int code);
/* cookie: as Set-Cookie says it, or empty. */
void parting_redirect(struct page *page, struct visit *visit, const char *to,
                      const char *cookie);
/* A file to be saved under that name, where each + is what the first of the path stands
 * for, in its first 12 letters, and each # the part, from 001 on. */
void parting_file(const struct visit *visit, const char *name, uint64_t part,
                  struct page_response *response);
/* Done, and nothing to show. */
void parting_quiet(struct page *page, struct visit *visit);
/* A sentence without a page, for what is no visit yet or none any more. key: of texts. */
void parting_bare(struct page *page, uint64_t number, int code, const char *key);

#endif
