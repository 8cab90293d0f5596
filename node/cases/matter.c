#include "node/cases/matter.h"

#include "node/cases/view.h"

static bool first_kind(void *context, struct bytes entry)
{
    const struct schema_kind **founding = context;
    struct bytes kind;
    if (view_map_text(entry, "kind", &kind))
        *founding = schema_kind(kind);
    return false;
}

/* The founding op is the first entry of the journal; where it has no effect, nothing has,
 * and it is the first of what was refused. */
enum schema_matter matter_of(struct bytes view)
{
    const struct schema_kind *founding = NULL;
    bool has_effect = view_map_count(view, "journal") > 0;
    view_map_each(view, has_effect ? "journal" : "refused", first_kind, &founding);
    return founding == NULL ? MATTER_CASE : founding->of;
}

const char *matter_text(enum schema_matter matter)
{
    static const char *const texts[] = {
        [MATTER_CASE] = "case",           [MATTER_RULES] = "rules",
        [MATTER_CHECKLIST] = "checklist", [MATTER_ROUND] = "round",
        [MATTER_CARD] = "card",           [MATTER_MEETING] = "meeting"};
    return texts[matter];
}
