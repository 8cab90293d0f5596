#include "cli/consent_table.h"

#include "cli/table.h"
#include "node/cases/view.h"

/* In a case a statement has a proof and a date; what went up has neither. */
static const char *const titles[] = {"party", "says", "to", "manner", "proven by", "at"};
#define COLUMNS (sizeof(titles) / sizeof(titles[0]))
#define COLUMNS_SENT 4

struct consents {
    struct table table;
    bool is_sent;
};

static struct bytes text_of(struct bytes consent, const char *name, const char *otherwise)
{
    struct bytes text;
    return view_map_text(consent, name, &text) ? text : bytes_str(otherwise);
}

/* A no needs none, and has one all the same where somebody wrote it down. */
static struct bytes proof_of(struct bytes consent)
{
    static const char *const proofs[] = {"witness", "paper", "guardian"};
    struct bytes text;
    for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++)
        if (view_map_text(consent, proofs[i], &text))
            return text;
    return bytes_str("-");
}

static bool add_consent(void *context, struct bytes consent)
{
    struct consents *consents = context;
    struct table *table = &consents->table;
    bool given = false;
    uint64_t wall = 0;
    (void)view_map_flag(consent, "given", &given); /* missing reads as not given */
    table_text(table, text_of(consent, "party", "(withheld)"));
    table_words(table, given ? "yes" : "no");
    table_field(table, consent, "fields");
    table_text(table, text_of(consent, "manner", "-"));
    if (consents->is_sent)
        return true;
    table_text(table, proof_of(consent));
    (void)view_map_uint(consent, "wall", &wall); /* unknown: shown as such */
    table_time(table, wall);
    return true;
}

void consent_table_print(FILE *out, struct bytes view)
{
    struct consents consents = {.is_sent = view_map_has_text(view, "kind", "escalation")};
    if (view_map_count(view, "consents") == 0)
        return;
    table_init(&consents.table, titles, consents.is_sent ? COLUMNS_SENT : COLUMNS);
    view_map_each(view, "consents", add_consent, &consents);
    fputs("\nconsents\n", out);
    table_print(&consents.table, out, "");
    table_deinit(&consents.table);
}
