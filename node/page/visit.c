#include "node/page/visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/page/screen.h"

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

struct visit *visit_new(uint64_t number, const struct page_request *request)
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

struct bytes visit_answer(const struct visit *visit, const char *as)
{
    const struct screen_call *calls = visit->screen->calls;
    for (size_t i = 0; i < SCREEN_CALLS_MAX && calls[i].as != NULL; i++) {
        struct call_answer answer = call_read(buf_bytes(&visit->answers[i + 1]));
        if (strcmp(calls[i].as, as) == 0 && answer.status == STATUS_OK)
            return answer.result;
    }
    return (struct bytes){0};
}

void visit_free(struct visit *visit)
{
    if (visit == NULL)
        return;
    form_deinit(&visit->form);
    buf_wipe(&visit->body);
    buf_wipe(&visit->looked);
    for (int i = 0; i < ANSWERS_MAX; i++)
        buf_wipe(&visit->answers[i]);
    secret_wipe(visit, sizeof(*visit));
    free(visit);
}
