#include "packaging/sample/county.h"

#include "packaging/sample/dice.h"
#include "packaging/sample/sample_case.h"
#include "packaging/sample/sample_csv.h"
#include "packaging/sample/sample_date.h"
#include "packaging/sample/sample_event.h"
#include "packaging/sample/story.h"

#include <assert.h>
#include <stdlib.h>

/* A village with more disputes in one year than this does not happen: the chance is below
 * one in 10^50. The number column has four digits. */
enum { DISPUTES_MAX = 1200, NUMBER_SIZE = 16 };

const char county_cases_header[] =
    "village,number,opened,category,title,narrative,context,"
    "party1,role1,party2,role2,found_by,fate,closed,outcome";
const char county_events_header[] = "village,number,at,kind,author,text";

static void write_case(FILE *out, const struct sample_case *c, const char *number)
{
    bool is_open = sample_case_is_open(c);
    char opened[SAMPLE_DATE_SIZE];
    char closed[SAMPLE_DATE_SIZE] = "";

    sample_date_format(c->opened_day, opened);
    if (!is_open)
        sample_date_format(c->closed_day, closed);
    const char *const fields[] = {
        c->village->name,
        number,
        opened,
        c->category->name,
        c->title.bytes,
        c->narrative.bytes,
        c->context.bytes,
        c->applicant,
        "applicant",
        c->respondent,
        "respondent",
        spread_found_word(c->found),
        spread_fate_word(c->fate),
        closed,
        is_open ? "" : spread_outcome_word(c->outcome),
    };
    sample_csv_row(out, fields, sizeof(fields) / sizeof(fields[0]));
}

static void write_events(FILE *out, const struct sample_case *c, const char *number)
{
    struct sample_event events[SAMPLE_EVENTS_MAX];
    size_t count = sample_event_draw(events, c);

    for (size_t i = 0; i < count; i++) {
        char at[SAMPLE_DATE_SIZE];

        sample_date_format_minute(events[i].day, events[i].minute, at);
        const char *const fields[] = {
            c->village->name, number,           at,
            events[i].kind,   events[i].author, events[i].text.bytes};
        sample_csv_row(out, fields, sizeof(fields) / sizeof(fields[0]));
    }
}

static int compare_days(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* Cases are numbered in the order of opening. */
static uint32_t throw_openings(const struct sample_village *village,
                               uint32_t days[static DISPUTES_MAX])
{
    struct dice dice;
    uint32_t count;

    dice_init(&dice, village->seed, sample_case_stream(village->index, 0, 0));
    count = spread_disputes(&dice);
    assert(count <= DISPUTES_MAX);
    for (uint32_t i = 0; i < count; i++)
        days[i] = dice_below(&dice, SAMPLE_YEAR_DAYS);
    qsort(days, count, sizeof(days[0]), compare_days);
    return count;
}

static void write_village(const struct sample_village *village, FILE *cases, FILE *events)
{
    uint32_t days[DISPUTES_MAX];
    uint32_t count = throw_openings(village, days);

    for (uint32_t i = 0; i < count; i++) {
        struct sample_case c;
        char number[NUMBER_SIZE];

        sample_case_draw(&c, village, i + 1, days[i]);
        (void)snprintf(number, sizeof(number), "%d-%04u", SAMPLE_YEAR,
                       (i + 1) % 10000); /* Fits. */
        write_case(cases, &c, number);
        if (events != NULL)
            write_events(events, &c, number);
    }
}

bool county_write(uint32_t villages, uint64_t seed, FILE *cases, FILE *events)
{
    assert(villages >= 1);
    assert(villages <= PLACENAMES_MAX);
    (void)fprintf(cases, "%s\n", county_cases_header); /* The stream remembers. */
    if (events != NULL)
        (void)fprintf(events, "%s\n", county_events_header);
    for (uint32_t i = 0; i < villages; i++) {
        struct sample_village village;

        sample_village_init(&village, seed, i);
        write_village(&village, cases, events);
        /* A full disk is noticed after one village, not after a hundred thousand. */
        if (ferror(cases) || (events != NULL && ferror(events)))
            return false;
    }
    if (fflush(cases) != 0)
        return false;
    return events == NULL || fflush(events) == 0;
}
