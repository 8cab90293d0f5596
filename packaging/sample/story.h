/*
 * Stories: what the sample's disputes are about. A story is a set of grammar templates
 * with the slots 开头 (opening), 甲 (applicant), 乙 (respondent), 村 and 组; the tables
 * live in story_*.c by category.
 */
#ifndef PACKAGING_SAMPLE_STORY_H
#define PACKAGING_SAMPLE_STORY_H

#include <stddef.h>
#include <stdint.h>

struct dice;

struct story {
    uint32_t from_month; /* told from this month ... */
    uint32_t to_month;   /* ... to this one; both 0 where the season does not matter */
    const char *title;
    const char *narrative;
    const char *context;   /* what happened before, and what was tried */
    const char *agreement; /* what the two agree on, without the last full stop */
};

struct story_table {
    const struct story *stories;
    size_t count;
};

struct story_category {
    const char *name;
    uint16_t share_percent;
    const struct story_table *table;
};

enum { STORY_CATEGORIES = 16 };

/* Limits in characters that every story keeps; the unit test holds them. */
enum {
    STORY_TITLE_MAX = 40,
    STORY_NARRATIVE_MIN = 80,
    STORY_NARRATIVE_MAX = 600,
    STORY_CONTEXT_MIN = 40,
    STORY_CONTEXT_MAX = 300,
};

/* The category at `index`, in the order of the published shares. */
const struct story_category *story_category(size_t index);

/* A category after its published share. */
const struct story_category *story_category_throw(struct dice *dice);

/* One of the category's stories that fits the month (1 to 12), each as likely. */
const struct story *story_throw(struct dice *dice, const struct story_category *category,
                                uint32_t month);

extern const struct story_table story_neighbours, story_family, story_land, story_damages,
    story_housing, story_debts, story_wages, story_taking, story_business, story_traffic,
    story_village, story_estate, story_consumer, story_medical, story_environment,
    story_other;

#endif
