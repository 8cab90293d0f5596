#include "node/page/desk.h"

#include <string.h>

#include "crypto/secret.h"

void desk_close(struct page *page, struct desk *desk)
{
    page->io.client_close(page->io.context, desk->client);
    *desk = (struct desk){0};
}

struct desk *desk_of_client(struct page *page, uint64_t client)
{
    for (int i = 0; i < DESKS_MAX; i++)
        if (page->desks[i].client == client)
            return &page->desks[i];
    return NULL;
}

struct desk *desk_for(struct page *page, const uint8_t token[static TOKEN_SIZE])
{
    uint8_t digest[DIGEST_SIZE];
    struct desk *found = NULL;
    digest_of(digest, "fengqiao/1/desk", token, TOKEN_SIZE);
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

void desk_reopen(struct page *page, struct desk *desk)
{
    page->io.client_close(page->io.context, desk->client);
    desk->client = page->next_client++;
    page->io.client_open(page->io.context, desk->client);
}

void desk_rename(struct desk *desk, struct bytes token)
{
    digest_of(desk->token, "fengqiao/1/desk", token.data, token.len);
}

bool desk_join(struct desk *desk, struct visit *visit)
{
    struct visit **last = &desk->first;
    while (*last != NULL)
        last = &(*last)->next;
    *last = visit;
    return desk->first == visit;
}

struct visit *desk_take(struct desk *desk)
{
    struct visit *visit = desk->first;
    desk->first = visit->next;
    visit->next = NULL;
    return visit;
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
