#include "node/page/page.h"

#include <stdlib.h>

#include "node/page/desk.h"

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
