#include "packaging/sample/sample_case.h"

#include "packaging/sample/dice.h"
#include "packaging/sample/grammar.h"
#include "packaging/sample/lexicon.h"
#include "packaging/sample/sample_date.h"
#include "packaging/sample/story.h"

#include <assert.h>

static const char *const groups[] = {"第一村民小组", "第二村民小组", "第三村民小组",
                                     "第四村民小组", "第五村民小组", "第六村民小组",
                                     "第七村民小组", "第八村民小组"};

enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

static const char *throw_person(struct dice *dice)
{
    return lexicon_person(
        dice_weighted(dice, lexicon_person_weights(), LEXICON_SURNAMES));
}

/* The table has each person once, so pointers tell persons apart. */
static bool is_among(const char *person, const char *const *persons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (persons[i] == person)
            return true;
    }
    return false;
}

uint64_t sample_case_stream(uint32_t village, uint32_t number, uint32_t purpose)
{
    assert(purpose < 2);
    return ((uint64_t)village << 32) | ((uint64_t)number << 1) | purpose;
}

void sample_village_init(struct sample_village *village, uint64_t seed, uint32_t index)
{
    struct dice dice;

    village->seed = seed;
    village->index = index;
    placename_format(index, village->name);
    dice_init(&dice, seed, sample_case_stream(index, 0, 1));
    for (size_t i = 0; i < SAMPLE_MEDIATORS; i++) {
        do {
            village->mediators[i] = throw_person(&dice);
        } while (is_among(village->mediators[i], village->mediators, i));
    }
}

static void throw_people(struct dice *dice, struct sample_case *c)
{
    const char *parties[2];

    parties[0] = throw_person(dice);
    do {
        parties[1] = throw_person(dice);
    } while (parties[1] == parties[0]);
    /* Five mediators and two parties: at least three of the five are free. */
    do {
        c->mediator = c->village->mediators[dice_below(dice, SAMPLE_MEDIATORS)];
    } while (is_among(c->mediator, parties, 2));
    c->applicant = parties[0];
    c->respondent = parties[1];
}

static const char *opening(enum spread_found found)
{
    switch (found) {
    case FOUND_MEDIATOR:
        return "<排查得知>";
    case FOUND_APPLIED:
        return "<申请所述>";
    case FOUND_REFERRED:
        return "<转来情况>";
    }
    return NULL;
}

static void expand(struct grammar *grammar, const char *template, struct sample_text *out)
{
    bool ok;

    sample_text_clear(out);
    ok = grammar_expand(grammar, template, out);
    assert(ok); /* Templates are ours; the unit test walks them. */
    (void)ok;
}

static void write_story(struct dice *dice, struct sample_case *c)
{
    const struct story *story =
        story_throw(dice, c->category, sample_date_month(c->opened_day));
    struct grammar grammar;

    grammar_init(&grammar, dice);
    grammar_slot_add(&grammar, "甲", c->applicant);
    grammar_slot_add(&grammar, "乙", c->respondent);
    grammar_slot_add(&grammar, "村", c->village->name);
    grammar_slot_add(&grammar, "组", groups[dice_below(dice, GROUPS)]);
    grammar_slot_add(&grammar, "开头", opening(c->found));
    /* The narrative first: the others recall its numbers. */
    expand(&grammar, story->narrative, &c->narrative);
    expand(&grammar, story->title, &c->title);
    expand(&grammar, story->context, &c->context);
    expand(&grammar, story->agreement, &c->agreement);
}

void sample_case_draw(struct sample_case *c, const struct sample_village *village,
                      uint32_t number, uint32_t opened_day)
{
    struct dice dice;
    size_t slow;

    dice_init(&dice, village->seed, sample_case_stream(village->index, number, 0));
    c->village = village;
    c->number = number;
    c->opened_day = opened_day;
    c->closed_day = opened_day + spread_days(&dice, &slow);
    c->fate = spread_fate(&dice, slow);
    c->outcome = spread_outcome(&dice, c->fate);
    c->found = spread_found(&dice);
    c->category = story_category_throw(&dice);
    throw_people(&dice, c);
    write_story(&dice, c);
}

bool sample_case_is_open(const struct sample_case *c)
{
    return c->closed_day >= SAMPLE_YEAR_DAYS;
}
