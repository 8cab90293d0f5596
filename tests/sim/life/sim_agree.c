#include "tests/sim/life/sim_agree.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"

enum { STEP_ALONE = 1 };

static void on_agreed(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)result;
    if (errand->step == STEP_ALONE && bytes_equal_str(status, "INVALID"))
        sim_ever(host->sim, EVER_AGREED_ALONE);
    if (!bytes_equal_str(status, "OK"))
        return;
    host->cited_number = 0;
    if (errand->step == STEP_ALONE)
        sim_fail(host->sim, "API", "%s keeps an agreement of one party", host->address);
    sim_ever(host->sim, EVER_AGREED);
}

/* --- by a clause of the village rules ---
 * Rules and others, an agreement that cites the latter, and others again, in one turn;
 * then the paper. */

static void on_ruled(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)result;
    if (bytes_equal_str(status, "OK"))
        host->ruled_number = errand->number;
}

static void on_cited(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)result;
    if (!bytes_equal_str(status, "OK"))
        return;
    host->cited_number = 0;
    if (errand->number != host->ruled_number + 1)
        return; /* what it cites is what others wrote */
    host->cited_number = errand->number;
    sim_ever(host->sim, EVER_AGREED_BY_CLAUSE);
}

static bool says(struct sim_host *host, struct bytes html, const char *field,
                 uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    (void)sim_deeds_text(host, text, field, key);
    return memmem(html.data, html.len, text, strlen(text)) != NULL;
}

static void on_printed(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct bytes raw = {0}, html = {0};
    if (!bytes_equal_str(status, "OK") || errand->step != (uint32_t)host->cited_number)
        return;                               /* another agreement came after it */
    (void)view_map_get(result, "html", &raw); /* a page of nothing says nothing */
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &html, NULL) != STATUS_OK ||
        !says(host, html, "terms", errand->key) ||
        !says(host, html, "clause", errand->key) ||
        says(host, html, "clause-before", errand->key) ||
        says(host, html, "clause-after", errand->key))
        sim_fail(host->sim, "API", "%s prints an agreement otherwise than it was made",
                 host->address);
    sim_ever(host->sim, EVER_PRINTED);
}

/* The next errand about the case of that one. */
static struct sim_errand *errand_behind(struct sim_host *host,
                                        const struct sim_errand *before,
                                        sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand != NULL)
        *errand =
            (struct sim_errand){.done = done, .key = before->key, .which = before->which};
    return errand;
}

static void on_ruled_anew(struct sim_host *host, struct sim_errand *before,
                          struct bytes status, struct bytes result)
{
    (void)status; /* what was agreed on stays, whether the rules change or not */
    (void)result;
    struct sim_errand *errand = errand_behind(host, before, on_printed);
    if (errand == NULL || before->number != host->cited_number + 1)
        return;
    errand->step = (uint32_t)host->cited_number;
    sim_people_ask(host, errand, "print", "case", host->cases[before->which].number,
                   "set", "agreement", NULL);
}

static void write_rules(struct sim_host *host, struct sim_errand *errand,
                        const char *field, const char *version)
{
    char text[SIM_TEXT_SIZE], clauses[SIM_TEXT_SIZE + 32];
    (void)snprintf(clauses, sizeof(clauses), "[第三条=%s]",
                   sim_deeds_text(host, text, field, errand->key));
    sim_people_ask(host, errand, "rules.add", "clauses", clauses, "title", "村规民约",
                   "version", version, NULL);
}

static void agree_by_clause(struct sim_host *host, struct sim_errand *first)
{
    char terms[SIM_TEXT_SIZE];
    write_rules(host, first, "clause-before", "2025年版");
    struct sim_errand *errand = errand_behind(host, first, on_ruled);
    if (errand != NULL)
        write_rules(host, errand, "clause", "2026年版");
    errand = errand_behind(host, first, on_cited);
    if (errand != NULL)
        sim_people_ask(host, errand, "agreement.new", "case",
                       host->cases[first->which].number, "clauses", "[第三条]", "parties",
                       "[张某=甲方,李某=乙方]", "terms",
                       sim_deeds_text(host, terms, "terms", first->key), NULL);
    errand = errand_behind(host, first, on_ruled_anew);
    if (errand != NULL)
        write_rules(host, errand, "clause-after", "2027年版");
}

void sim_agree(struct sim_host *host, struct sim_errand *errand, const struct sim_case *c)
{
    char terms[SIM_TEXT_SIZE];
    bool is_alone = sim_dice(host->sim, "agrees-alone", errand->key, 0) % 2 == 0;
    if (sim_choose(host->sim, "agrees-by-clause", errand->key, 2) == 0) {
        errand->which = (uint32_t)(c - host->cases);
        agree_by_clause(host, errand);
        return;
    }
    errand->done = on_agreed;
    errand->step = is_alone ? STEP_ALONE : 0;
    sim_people_ask(host, errand, "agreement.new", "case", c->number, "deadline",
                   "2027-03-31", "parties",
                   is_alone ? "[张某=甲方]" : "[张某=甲方,李某=乙方]", "terms",
                   sim_deeds_text(host, terms, "terms", errand->key), NULL);
}
