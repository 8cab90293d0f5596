#include "packaging/sample/spread.h"

#include <assert.h>

/* round(2^24 * Phi(ln((days + 0.5) / 6) / sigma)), sigma = ln(28 / 6) / 1.6448536. The
 * tail beyond the last entry, 7 cases in 10,000, closes on the last day. */
static const uint32_t days_within[SPREAD_DAYS_MAX + 1] = {
    66859,    1164383,  2935074,  4739008,  6364486,  7767649,  8959961,  9968406,
    10821668, 11545629, 12162280, 12689834, 13143216, 13534612, 13873983, 14169487,
    14427831, 14654554, 14854248, 15030743, 15187242, 15326439, 15450610, 15561684,
    15661305, 15750878, 15831608, 15904534, 15970552, 16030441, 16084876, 16134448,
    16179672, 16221002, 16258835, 16293522, 16325373, 16354664, 16381638, 16406513,
    16429481, 16450716, 16470373, 16488590, 16505492, 16521191, 16535789, 16549376,
    16562036, 16573842, 16584864, 16595162, 16604792, 16613806, 16622250, 16630166,
    16637594, 16644568, 16651122, 16657285, 16663084, 16668545, 16673692, 16678544,
    16683123, 16687446, 16691530, 16695390, 16699041, 16702497, 16705769, 16708868,
    16711807, 16714593, 16717237, 16719748, 16722132, 16724398, 16726552, 16728600,
    16730550, 16732406, 16734173, 16735858, 16737463, 16738994, 16740454, 16741848,
    16743179, 16744449, 16745664, 16746824, 16747934, 16748995, 16750010, 16750982,
    16751912, 16752803, 16753657, 16754475, 16755259, 16756011, 16756733, 16757425,
    16758090, 16758727, 16759340, 16759928, 16760494, 16761037, 16761560, 16762062,
    16762545, 16763010, 16763458, 16763889, 16764303, 16764703, 16765088, 16777216,
};

uint32_t spread_days_within(size_t days)
{
    assert(days <= SPREAD_DAYS_MAX);
    return days_within[days];
}

uint32_t spread_disputes(struct dice *dice)
{
    uint32_t failures = 0;
    uint32_t successes = 0;

    /* A whole dispersion makes it a sum of geometric throws: the failures before the
     * second success, where success is 2 / (2 + 15). */
    while (successes < 2) {
        if (dice_chance(dice, 2, 17))
            successes++;
        else
            failures++;
    }
    return failures;
}

uint32_t spread_days(struct dice *dice, size_t *slow)
{
    uint32_t thrown = dice_below(dice, SPREAD_DAYS_SCALE);
    uint32_t days = 0;

    while (thrown >= days_within[days])
        days++;
    *slow = thrown / (SPREAD_DAYS_SCALE / 4);
    return days;
}

enum spread_fate spread_fate(struct dice *dice, size_t slow)
{
    /* Per mille village, township, county. The columns average 820, 150 and 30. */
    static const uint16_t weights[4][3] = {
        {980, 20, 0}, {870, 120, 10}, {715, 230, 55}, {715, 230, 55}};

    assert(slow < 4);
    return (enum spread_fate)dice_weighted(dice, weights[slow], 3);
}

enum spread_outcome spread_outcome(struct dice *dice, enum spread_fate fate)
{
    /* Per 10,000 of each fate: oral, written, confirmed, unsettled. What went up is
     * always put on paper. */
    static const uint16_t weights[3][4] = {
        {5296, 4396, 108, 200}, {0, 8096, 1104, 800}, {0, 6630, 1170, 2200}};

    return (enum spread_outcome)dice_weighted(dice, weights[fate], 4);
}

enum spread_found spread_found(struct dice *dice)
{
    static const uint16_t weights[3] = {524, 435, 41};

    return (enum spread_found)dice_weighted(dice, weights, 3);
}

const char *spread_fate_word(enum spread_fate fate)
{
    static const char *const words[] = {"village", "township", "county"};

    return words[fate];
}

const char *spread_found_word(enum spread_found found)
{
    static const char *const words[] = {"mediator", "applied", "referred"};

    return words[found];
}

const char *spread_outcome_word(enum spread_outcome outcome)
{
    static const char *const words[] = {"oral", "written", "confirmed", "unsettled"};

    return words[outcome];
}
