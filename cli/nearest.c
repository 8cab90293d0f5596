#include "cli/nearest.h"

#include <string.h>

#define NEAREST_LEN_MAX 32
/* More letters than this apart, and it is another word. */
#define NEAREST_OPTION_MAX 3

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein distance of the first NEAREST_LEN_MAX bytes. */
static unsigned distance(const char *a, const char *b)
{
    size_t a_len = strnlen(a, NEAREST_LEN_MAX);
    size_t b_len = strnlen(b, NEAREST_LEN_MAX);
    unsigned row[NEAREST_LEN_MAX + 1];
    for (size_t j = 0; j <= b_len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned above = row[j];
            unsigned change = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(above + 1, row[j - 1] + 1, change);
            diagonal = above;
        }
    }
    return row[b_len];
}

/* The first word of verbs: who says it does not mean the second one of another. */
static bool is_group(const char *word)
{
    size_t len = strlen(word);
    for (size_t g = 0; cli_groups[g]; g++)
        for (const struct verb *verb = cli_groups[g]; verb->name; verb++)
            if (strncmp(verb->name, word, len) == 0 && verb->name[len] == ' ')
                return true;
    return false;
}

const char *nearest_verb(const char *first, const char *second)
{
    char both[2 * NEAREST_LEN_MAX + 2];
    snprintf(both, sizeof(both), "%.*s%s%.*s", NEAREST_LEN_MAX, first, second ? " " : "",
             NEAREST_LEN_MAX, second ? second : "");
    const char *best = "status";
    unsigned best_distance = 2 * NEAREST_LEN_MAX;
    bool is_half = !is_group(first);
    for (size_t g = 0; cli_groups[g]; g++) {
        for (const struct verb *verb = cli_groups[g]; verb->name; verb++) {
            /* One word of a verb of two is compared with each of its halves too. */
            const char *space = strchr(verb->name, ' ');
            unsigned apart = distance(both, verb->name);
            if (!space && second && distance(first, verb->name) < apart)
                apart = distance(first, verb->name);
            if (space && is_half && distance(first, space + 1) < apart)
                apart = distance(first, space + 1) + 1;
            if (apart < best_distance) {
                best = verb->name;
                best_distance = apart;
            }
        }
    }
    return best;
}

const char *nearest_option(const struct verb *verb, const char *argument)
{
    const char *best = NULL;
    unsigned best_distance = NEAREST_OPTION_MAX + 1;
    char name[NEAREST_LEN_MAX + 1];
    argument += strspn(argument, "-");
    snprintf(name, sizeof(name), "%.*s", (int)strcspn(argument, "="), argument);
    for (size_t i = 0; i < VERB_OPTIONS_MAX && verb->options[i].name; i++) {
        unsigned apart = distance(name, verb->options[i].name);
        if (apart < best_distance) {
            best = verb->options[i].name;
            best_distance = apart;
        }
    }
    return best;
}
