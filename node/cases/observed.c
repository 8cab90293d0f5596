#include "node/cases/observed.h"

#include "proto/pack.h"
#include "proto/pack_map.h"

/* No facts to other sites, for they never leave the own one; of what is in a case they
 * say which one is meant and until when something has to be done. */
static const struct {
    const char *kind, *field;
} named[] = {
    {"case-new", "number"}, {"follow-up", "again"}, {"sent", "escalation"},
    {"task", "due"},        {"task-done", "task"},  {"assign", "due"},
};

bool observed_field(const struct schema_kind *kind, const struct schema_field *field)
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        if (bytes_equal_str(bytes_str(kind->name), named[i].kind) &&
            bytes_equal_str(bytes_str(field->name), named[i].field))
            return true;
    return field->disclosure == CLASS_FACT;
}

/* What may stand in an answer: in any map of it, or in one that stands under that name,
 * itself or as an element. What is behind a name is looked at by the same list. */
static const struct {
    const char *name, *under;
} shown[] = {
    /* what happened, when, by whom and where */
    {"author", NULL},
    {"kind", NULL},
    {"node", NULL},
    {"op", NULL},
    {"scope", NULL},
    {"site", NULL},
    {"time", NULL},
    {"wall", NULL},
    /* answers, and the rows of lists */
    {"answered", NULL},
    {"cases", NULL},
    {"clock_trusted", NULL},
    {"colour", NULL},
    {"conflicts", NULL},
    {"danger", NULL},
    {"days", NULL},
    {"due", NULL},
    {"escalation", NULL},
    {"escalations", NULL},
    {"from", NULL},
    {"from_name", NULL},
    {"handed_over", NULL},
    {"items", NULL},
    {"left_out", NULL},
    {"missing", NULL},
    {"next", NULL},
    {"number", NULL},
    {"opened", NULL},
    {"recalls", NULL},
    {"received", NULL},
    {"records", NULL},
    {"sent", NULL},
    {"site_name", NULL},
    {"state", NULL},
    {"today", NULL},
    {"unserved", NULL},
    {"view", NULL},
    {"wait", NULL},
    {"waits_for_release", NULL},
    /* what those are called who wrote and who hold it */
    {"authors", "names"},
    {"key", "authors"},
    {"name", "authors"},
    {"name", "sites"},
    {"names", NULL},
    {"sites", "names"},
    {"tier", "sites"},
    /* views (view.h) */
    {"assigned", "view"},
    {"classes", "holders"},
    {"confirmed", "danger"},
    {"done", "assigned"},
    {"heads", "view"},
    {"held", "view"},
    {"holders", "view"},
    {"joint", "view"},
    {"journal", "view"},
    {"kept", "view"},
    {"onward", "view"},
    {"permitted", "view"},
    {"reason", "refused"}, /* why an op has no effect, in a word of ours */
    {"recalled", "view"},
    {"refused", "view"},
    {"retired", "view"},
    {"triages", "view"},
    {"word", "joint"}, /* a fact */
    /* the story of a record: its places in the ledger, and the seals that have them */
    {"author_name", "steps"},
    {"author_site", "steps"},
    {"cosigned", "seal"},
    {"place", "seal"},
    {"position", "steps"},
    {"refused", "steps"},
    {"says", "steps"},
    {"seal", "steps"},
    {"steps", NULL},
    {"steps_left_out", NULL},
    {"zh_cn", "steps"},
};

struct cut {
    struct buf *out;
    enum status status;
};

/* One value and where it stands. */
struct spot {
    struct bytes raw, under;
    int depth;
};

static void cut_value(struct cut *cut, const struct spot *spot);

static bool is_shown(struct bytes name, struct bytes under)
{
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        if (bytes_equal_str(name, shown[i].name) &&
            (shown[i].under == NULL || bytes_equal_str(under, shown[i].under)))
            return true;
    return false;
}

/* The kind of the op whose fields stand in the map beside it; NULL: none that we know. */
static const struct schema_kind *kind_of(const struct spot *spot)
{
    struct bytes raw, text;
    if (!pack_map_find(spot->raw, "kind", spot->depth + 1, &raw))
        return NULL;
    struct pack_reader reader = pack_reader_of(raw);
    return pack_read_str(&reader, &text, NULL) == STATUS_OK ? schema_kind(text) : NULL;
}

/* --- fields of an op: facts go as they stand --- */

struct pairs {
    struct pack_reader reader;
    uint32_t left;
    int depth;
};

static bool begin_pairs(struct pairs *pairs, const struct spot *spot)
{
    *pairs = (struct pairs){.reader = pack_reader_of(spot->raw), .depth = spot->depth};
    return pack_read_map(&pairs->reader, &pairs->left, NULL) == STATUS_OK;
}

static bool next_pair(struct pairs *pairs, struct bytes *name, struct bytes *raw)
{
    return pairs->left-- > 0 && pack_read_str(&pairs->reader, name, NULL) == STATUS_OK &&
           pack_value(&pairs->reader, pairs->depth + 1, raw, NULL) == STATUS_OK;
}

static bool is_fact(const struct schema_kind *kind, struct bytes name)
{
    const struct schema_field *field = schema_field(kind, name);
    return field != NULL && observed_field(kind, field);
}

static void cut_fields(struct cut *cut, const struct schema_kind *kind,
                       const struct spot *spot)
{
    struct pairs pairs;
    struct bytes name, raw;
    uint32_t count = 0;
    if (begin_pairs(&pairs, spot))
        while (next_pair(&pairs, &name, &raw))
            count += is_fact(kind, name);
    pack_map(cut->out, count);
    if (!begin_pairs(&pairs, spot)) /* fields that are no map say nothing */
        return;
    while (next_pair(&pairs, &name, &raw))
        if (is_fact(kind, name)) {
            pack_str_bytes(cut->out, name);
            buf_add(cut->out, raw.data, raw.len);
        }
}

/* --- all the rest --- */

static bool passes(const struct schema_kind *kind, struct bytes name, struct bytes under)
{
    return is_shown(name, under) || (kind != NULL && bytes_equal_str(name, "fields"));
}

static void cut_map(struct cut *cut, const struct spot *spot)
{
    const struct schema_kind *kind = kind_of(spot);
    struct pairs pairs;
    struct bytes name, raw;
    uint32_t count = 0;
    if (begin_pairs(&pairs, spot))
        while (next_pair(&pairs, &name, &raw))
            count += passes(kind, name, spot->under);
    pack_map(cut->out, count);
    if (!begin_pairs(&pairs, spot)) /* never: pack_next said that it is one */
        return;
    while (next_pair(&pairs, &name, &raw)) {
        struct spot within = {raw, name, spot->depth + 1};
        if (!passes(kind, name, spot->under))
            continue;
        pack_str_bytes(cut->out, name);
        if (kind != NULL && bytes_equal_str(name, "fields"))
            cut_fields(cut, kind, &within);
        else
            cut_value(cut, &within);
    }
}

static void cut_array(struct cut *cut, const struct spot *spot)
{
    struct pack_reader reader = pack_reader_of(spot->raw);
    uint32_t count = 0;
    struct spot element = {.under = spot->under, .depth = spot->depth + 1};
    cut->status = pack_read_array(&reader, &count, NULL);
    pack_array(cut->out, count);
    for (uint32_t i = 0; cut->status == STATUS_OK && i < count; i++) {
        cut->status = pack_value(&reader, element.depth, &element.raw, NULL);
        if (cut->status == STATUS_OK)
            cut_value(cut, &element);
    }
}

/* Goes as deep as the value does, which pack_check has bounded. */
static void cut_value(struct cut *cut, const struct spot *spot)
{
    struct pack_reader reader = pack_reader_of(spot->raw);
    struct pack_item item = {0};
    if (pack_next(&reader, &item, NULL) != STATUS_OK) /* never: as above */
        cut->status = STATUS_INVALID;
    else if (item.type == PACK_MAP)
        cut_map(cut, spot);
    else if (item.type == PACK_ARRAY)
        cut_array(cut, spot);
    else
        buf_add(cut->out, spot->raw.data, spot->raw.len);
}

enum status observed_cut(struct bytes answer, struct buf *out)
{
    struct cut cut = {out, pack_check(answer, NULL)};
    struct spot spot = {.raw = answer};
    if (cut.status == STATUS_OK)
        cut_value(&cut, &spot);
    return cut.status == STATUS_OK ? buf_status(out) : cut.status;
}
