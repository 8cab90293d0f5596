#include "node/page/page.h"

#include <stdlib.h>

#include "node/page/deed.h"
#include "node/page/desk.h"
#include "node/page/series.h"

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

size_t page_body_max(struct bytes path)
{
    struct bytes stars[2];
    const struct deed *deed = deed_find(path, stars);
    _Static_assert(PAGE_BODY_LARGEST > SERIES_MAX * BUNDLE_FILE_MAX,
                   "as many files as may be handed in");
    return deed != NULL && deed->is_series ? PAGE_BODY_LARGEST : PAGE_BODY_MAX;
}
