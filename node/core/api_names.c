#include <string.h>

#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/state.h"

/* Whose names a view needs: the authors of its journal, and the sites that hold it. */
struct naming {
    struct id_list keys, sites;
};

static bool push_author(void *context, struct bytes element)
{
    struct naming *naming = context;
    struct id key;
    if (view_map_id(element, "author", &key)) /* never: not, the fold wrote it */
        id_list_push(&naming->keys, &key);
    return true;
}

static bool push_site(void *context, struct bytes element)
{
    struct naming *naming = context;
    struct id site;
    if (view_id(element, &site)) /* never: not, the fold wrote it */
        id_list_push(&naming->sites, &site);
    return true;
}

struct author_list {
    const struct id_list *keys;
    const struct id *site;
    struct buf list;
    uint32_t len;
};

static void add_author(struct author_list *authors, const uint8_t key[static 32],
                       const char *name)
{
    struct id id;
    memcpy(id.bytes, key, ID_SIZE);
    if (!id_list_has(authors->keys, &id))
        return;
    authors->len++;
    pack_map(&authors->list, 3);
    pack_str(&authors->list, "key");
    pack_bin(&authors->list, id.bytes, ID_SIZE);
    pack_str(&authors->list, "name");
    pack_str(&authors->list, name);
    pack_str(&authors->list, "site");
    pack_bin(&authors->list, authors->site->bytes, ID_SIZE);
}

static void add_authors(struct author_list *authors, const struct charter *charter)
{
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        add_author(authors, persons[i].key, persons[i].name);
    const struct charter_node *nodes = charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++)
        add_author(authors, nodes[i].key, nodes[i].name);
}

static void add_site(struct buf *sites, const struct id *site,
                     const struct charter *charter)
{
    pack_map(sites, 3);
    pack_str(sites, "name");
    pack_str(sites, charter_name(charter));
    pack_str(sites, "site");
    pack_bin(sites, site->bytes, ID_SIZE);
    pack_str(sites, "tier");
    pack_str(sites, charter_tier_text(charter_tier(charter)));
}

enum status api_pack_names(struct core *core, struct bytes view, struct buf *result)
{
    struct naming naming = {0};
    struct author_list authors = {.keys = &naming.keys};
    struct buf sites = {0};
    uint32_t sites_len = 0;
    view_map_each(view, "journal", push_author, &naming);
    view_map_each(view, "held", push_site, &naming);
    id_list_push(&naming.sites, &core->site);
    id_list_sort(&naming.keys);
    id_list_sort(&naming.sites);
    for (uint32_t i = 0; i < naming.sites.len; i++) {
        const struct charter *charter = charters_of_site(core, &naming.sites.ids[i]);
        if (charter == NULL)
            continue;
        authors.site = &naming.sites.ids[i];
        add_authors(&authors, charter);
        add_site(&sites, authors.site, charter);
        sites_len++;
    }
    pack_map(result, 2);
    pack_str(result, "authors");
    pack_array(result, authors.len);
    buf_append(result, &authors.list);
    pack_str(result, "sites");
    pack_array(result, sites_len);
    buf_append(result, &sites);
    bool failed = naming.keys.failed || naming.sites.failed;
    id_list_deinit(&naming.keys);
    id_list_deinit(&naming.sites);
    buf_deinit(&authors.list);
    buf_deinit(&sites);
    return core_check(core, failed ? STATUS_NO_MEMORY : STATUS_OK);
}

void api_add_name(struct core *core, const struct id *key, struct buf *out)
{
    struct charter *charter = charters_of_site(core, &core->site);
    char hex[9];
    size_t len = 0;
    const struct charter_person *persons = NULL;
    if (charter != NULL)
        persons = charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (memcmp(persons[i].key, key->bytes, sizeof(persons[i].key)) == 0) {
            buf_add(out, persons[i].name, strlen(persons[i].name));
            return;
        }
    hex_encode(hex, key->bytes, 4);
    buf_add(out, hex, 8);
}

void api_pack_name(struct core *core, const struct id *key, struct buf *out)
{
    struct buf name = {0};
    api_add_name(core, key, &name);
    pack_str_bytes(out, buf_bytes(&name));
    out->failed = out->failed || name.failed;
    buf_deinit(&name);
}
