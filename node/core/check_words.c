#include "node/core/check_words.h"

#include <stdio.h>

#include "node/core/session.h"

void check_words_from(char out[static CHECK_WORDS_SIZE], const uint8_t *hash)
{
    char first[WORDS_WORD_SIZE], second[WORDS_WORD_SIZE];
    words_word(first, ((uint32_t)hash[0] << 8 | hash[1]) & (WORDS_LIST_LEN - 1));
    words_word(second, ((uint32_t)hash[2] << 8 | hash[3]) & (WORDS_LIST_LEN - 1));
    (void)snprintf(out, CHECK_WORDS_SIZE, "%s %s", first, second);
}

void check_words_of(char out[static CHECK_WORDS_SIZE], const struct session *session)
{
    check_words_from(out, session->channel.hash);
}

/* Its own place if it paired before, else the oldest one. */
static struct check_words *place_of(struct core *core, const struct id *site)
{
    for (int i = 0; i < CHECKED_PAIRINGS_MAX; i++)
        if (core->check_words[i].text[0] != '\0' &&
            id_equal(&core->check_words[i].site, site))
            return &core->check_words[i];
    return &core->check_words[core->check_words_next++ % CHECKED_PAIRINGS_MAX];
}

void check_words_keep(struct core *core, const struct session *session)
{
    struct check_words *place = place_of(core, &session->site);
    place->site = session->site;
    check_words_of(place->text, session);
}

const char *check_words_find(const struct core *core, const struct id *site)
{
    for (int i = 0; i < CHECKED_PAIRINGS_MAX; i++)
        if (id_equal(&core->check_words[i].site, site))
            return core->check_words[i].text;
    return "";
}
