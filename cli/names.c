#include "cli/names.h"

#include "cli/printable.h"
#include "node/cases/view.h"
#include "proto/bytes.h"

/* One entry of a list of names. */
struct known {
    const char *by; /* the field that is looked at: "key" or "site" */
    const struct id *wanted;
    struct bytes name;
    struct id site;
    bool is_found;
};

static bool look(void *context, struct bytes element)
{
    struct known *known = context;
    struct id id;
    if (!view_map_id(element, known->by, &id) || !id_equal(&id, known->wanted))
        return true;
    known->is_found = view_map_text(element, "name", &known->name) &&
                      view_map_id(element, "site", &known->site);
    return false;
}

static void print_unknown(FILE *out, const char *what, const struct id *id)
{
    char text[13];
    hex_encode(text, id->bytes, 6);
    fprintf(out, "%s %s", what, text);
}

bool names_site(struct bytes names, const struct id *site, struct bytes *name)
{
    struct known known = {.by = "site", .wanted = site};
    view_map_each(names, "sites", look, &known);
    *name = known.name;
    return known.is_found;
}

void names_print_site(FILE *out, struct bytes names, const struct id *site)
{
    struct bytes name;
    if (names_site(names, site, &name))
        printable_print(out, name);
    else
        print_unknown(out, "site", site);
}

void names_print_author(FILE *out, struct bytes names, const struct id *key)
{
    struct known known = {.by = "key", .wanted = key};
    view_map_each(names, "authors", look, &known);
    if (!known.is_found) {
        print_unknown(out, "key", key);
        return;
    }
    if (known.name.len > 0) {
        printable_print(out, known.name);
        fputs(", ", out);
    }
    names_print_site(out, names, &known.site);
}
