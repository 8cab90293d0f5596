#include "packaging/sample/story.h"

#include "packaging/sample/dice.h"

#include <assert.h>
#include <stdbool.h>

static const struct story_category categories[STORY_CATEGORIES] = {
    {"邻里", 25, &story_neighbours},   {"婚姻家庭", 15, &story_family},
    {"土地山林", 13, &story_land},     {"损害赔偿", 9, &story_damages},
    {"房屋宅基地", 7, &story_housing}, {"合同债务", 7, &story_debts},
    {"劳资", 4, &story_wages},         {"征地拆迁", 3, &story_taking},
    {"生产经营", 3, &story_business},  {"道路交通", 3, &story_traffic},
    {"村务管理", 2, &story_village},   {"物业", 1, &story_estate},
    {"消费", 1, &story_consumer},      {"医患", 1, &story_medical},
    {"环境", 1, &story_environment},   {"其他", 5, &story_other},
};

static bool is_in_season(const struct story *story, uint32_t month)
{
    if (story->from_month == 0)
        return true;
    return month >= story->from_month && month <= story->to_month;
}

const struct story_category *story_category(size_t index)
{
    assert(index < STORY_CATEGORIES);
    return &categories[index];
}

const struct story_category *story_category_throw(struct dice *dice)
{
    uint16_t weights[STORY_CATEGORIES];

    for (size_t i = 0; i < STORY_CATEGORIES; i++)
        weights[i] = categories[i].share_percent;
    return &categories[dice_weighted(dice, weights, STORY_CATEGORIES)];
}

const struct story *story_throw(struct dice *dice, const struct story_category *category,
                                uint32_t month)
{
    const struct story_table *table = category->table;
    size_t fitting = 0;
    size_t thrown;

    for (size_t i = 0; i < table->count; i++)
        fitting += is_in_season(&table->stories[i], month);
    thrown = dice_below(dice, (uint32_t)fitting);
    for (size_t i = 0; i < table->count; i++) {
        if (!is_in_season(&table->stories[i], month))
            continue;
        if (thrown-- == 0)
            return &table->stories[i];
    }
    assert(!"every category has a story for every month");
    return NULL;
}
