#include "node/core/round_view.h"

#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/shelf.h"

struct names {
    struct bytes *texts;
    uint32_t len, max;
};

static bool add_name(void *context, struct bytes element)
{
    struct names *names = context;
    struct pack_reader reader = pack_reader_of(element);
    if (schema_next_name(&reader, &names->texts[names->len])) /* never: not; it fitted */
        names->len++;
    return names->len < names->max;
}

static uint32_t number_of(const struct bytes *texts, uint32_t len, struct bytes map,
                          const char *field)
{
    struct bytes text = {0};
    uint32_t i = 0;
    (void)view_map_text(map, field, &text); /* empty where it was erased */
    while (i < len && !bytes_equal(texts[i], text))
        i++;
    return i;
}

static bool mark(void *context, struct bytes entry)
{
    struct round_view *round = context;
    struct bytes fields = {0};
    bool is_finding = view_map_has_text(entry, "kind", "finding");
    round->findings += is_finding;
    round->cases += view_map_has_text(entry, "kind", "finding-case");
    if (!is_finding && !view_map_has_text(entry, "kind", "looked"))
        return true;
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    uint32_t place = number_of(round->places, round->places_len, fields, "place");
    uint32_t topic = number_of(round->topics, round->topics_len, fields, "topic");
    if (place == round->places_len || topic == round->topics_len)
        return true;
    enum round_mark *at = &round->marks[place][topic];
    if (is_finding || *at == ROUND_UNSEEN)
        *at = is_finding ? ROUND_FOUND : ROUND_WELL;
    return true;
}

void round_view_read(struct round_view *round, struct bytes view)
{
    *round = (struct round_view){.findings = 0};
    struct names places = {round->places, 0, ROUND_PLACES_MAX};
    struct names topics = {round->topics, 0, ROUND_TOPICS_MAX};
    struct bytes fields;
    if (!shelf_fields(view, &fields))
        return;
    view_map_each(fields, "places", add_name, &places);
    view_map_each(fields, "topics", add_name, &topics);
    round->places_len = places.len;
    round->topics_len = topics.len;
    view_map_each(view, "journal", mark, round);
}

uint32_t round_view_spots(const struct round_view *round)
{
    return round->places_len * round->topics_len;
}

uint32_t round_view_looked(const struct round_view *round)
{
    uint32_t looked = 0;
    for (uint32_t i = 0; i < round->places_len; i++)
        for (uint32_t j = 0; j < round->topics_len; j++)
            looked += round->marks[i][j] != ROUND_UNSEEN;
    return looked;
}
