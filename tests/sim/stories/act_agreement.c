#include "tests/sim/stories/acts.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

#define PARTIES "[" PARTY "=甲方,李某=乙方]"
#define LINE_SIZE 256

/* The rules have one clause more, or another wording of one. */
void act_write_rules(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    char clauses[2 * CAUGHT_SIZE + 4];
    (void)snprintf(clauses, sizeof(clauses), "[%s=%s]", said->caught[2], said->caught[3]);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "rules.add", "clauses", clauses, "title",
                       "村规民约", "version", said->caught[1], NULL);
}

static void agree(struct said *said, const char *parties, const char *clauses)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand == NULL)
        return;
    if (clauses == NULL)
        sim_people_ask(said->host, errand, "agreement.new", "case", said->matter->number,
                       "parties", parties, "terms", said->caught[2], NULL);
    else
        sim_people_ask(said->host, errand, "agreement.new", "case", said->matter->number,
                       "clauses", clauses, "parties", parties, "terms", said->caught[3],
                       NULL);
}

void act_agree_alone(struct said *said)
{
    agree(said, "[" PARTY "=甲方]", NULL);
}

void act_agree(struct said *said)
{
    agree(said, PARTIES, NULL);
}

void act_agree_by_clause(struct said *said)
{
    char clauses[CAUGHT_SIZE + 3];
    (void)snprintf(clauses, sizeof(clauses), "[%s]", said->caught[2]);
    agree(said, PARTIES, clauses);
}

/* --- on paper -------------------------------------------------------------------------
 */

/* What stands between two tags, without blanks around it. */
static struct bytes next_text(struct bytes *html)
{
    const char *at = memchr(html->data, '>', html->len);
    if (at == NULL)
        return (struct bytes){0};
    size_t skipped = (size_t)(at + 1 - (const char *)html->data);
    struct bytes text = bytes_of(html->data + skipped, html->len - skipped);
    const uint8_t *end = memchr(text.data, '<', text.len);
    if (end != NULL)
        text.len = (size_t)(end - text.data);
    *html = bytes_of(text.data + text.len, html->len - skipped - text.len);
    while (text.len > 0 && text.data[0] <= ' ')
        text = bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static void on_printed(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct bytes raw, html;
    if (!said_is_ok(status) || !view_map_get(result, "html", &raw)) {
        said_refused(host, status, result);
        return;
    }
    struct pack_reader reader = pack_reader_of(raw);
    bool is_found = false;
    if (pack_read_bin(&reader, &html, NULL) != STATUS_OK)
        return;
    while (html.len > 0) {
        struct bytes text = next_text(&html);
        if (text.data == NULL)
            break;
        if (memmem(text.data, text.len, errand->hex, strlen(errand->hex)) == NULL)
            continue;
        is_found = true;
        minutes_add(stage, "on paper: %.*s", (int)text.len, (const char *)text.data);
    }
    if (!is_found)
        minutes_add(stage, "the paper does not say that");
}

/* The errand remembers what is looked for where it has room for text. */
void act_print(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_printed);
    if (errand == NULL)
        return;
    (void)snprintf(errand->hex, sizeof(errand->hex), "%.64s", said->caught[2]);
    sim_people_ask(said->host, errand, "print", "case", said->matter->number, "lang",
                   "zh_CN", "set", "agreement", NULL);
}
