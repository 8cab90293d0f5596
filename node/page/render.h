/*
 * render: the answers of a visit become what goes out.
 */
#ifndef FENGQIAO_PAGE_RENDER_H
#define FENGQIAO_PAGE_RENDER_H

#include "node/page/visit.h"

/* Policies: a page of ours, and a paper, which brings its own styles and nothing else. */
extern const char render_policy[], render_policy_paper[];

/* The screen of the visit from its answers: the first is that of device.enter, the others
 * those of the screen's calls, then the draft's. Where one that has to be there is none,
 * an error page. */
void render_screen(const struct visit *visit, const uint8_t once[static ONCE_SIZE],
                   struct page_response *response);
/* A page that needs no device: "enter", "error". about: a value of the template. */
void render_simple(const struct visit *visit, const char *template, const char *title,
                   int code, struct bytes about, struct page_response *response);

/* The sentence of the core in the language of the visit. */
void render_sentence(const struct visit *visit, struct bytes sentence, char *out,
                     size_t size);
/* The code of HTTP for a status. */
int render_code(enum status status);

#endif
