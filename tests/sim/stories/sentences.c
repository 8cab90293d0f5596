#include "tests/sim/stories/sentences.h"

#include <string.h>

#include "tests/sim/stories/acts.h"

static const struct sentence {
    const char *pattern;
    act *act;
    bool is_about_case; /* the second place is the title of one that was noted */
} sentences[] = {
    {"{} notes the case {}", act_note, false},
    {"{} notes {} cases with long stories and sends them up", act_note_many, false},
    {"{} looks at {}", act_look, true},
    {"{} writes the wish of {}: {}", act_wish, true},
    {"The mediator of {} writes the wish of {}: {}", act_write_hers, true},
    {"{} keeps {} in the village: {}", act_keep, true},
    {"{} takes {} in hand", act_handle, true},
    {"{} settles {}: {}", act_settle, true},
    {"{} follows {} up: {}", act_follow_up, true},
    {"{} closes {} by word of mouth: {}", act_close_by_word, true},
    {"{} closes {}", act_close, true},
    {"{} reopens {}: {}", act_reopen, true},
    {"{} sends {} up", act_send, true},
    {"{} sends {} up, onward as well if need be", act_send_onward, true},
    {"{} sends {} up with the file {}", act_send_with_file, true},
    {"{} hears from the party of {} that it refuses", act_refuse, true},
    {"{} tries to release {} all the same", act_release, true},
    {"{} opens {}", act_open, true},
    {"{} accepts {}", act_accept, true},
    {"{} advises on {}: {}", act_advise, true},
    {"{} returns {}: {}", act_return, true},
    {"{} decides {}: {}", act_decide, true},
    {"{} sends {} onward: {}", act_onward, true},
    {"{} permits {} to go onward", act_permit, true},
    {"{} grades {}: {}", act_grade, true},
    {"{} invites to {}: {}", act_invite, true},
    {"{} says how far it is with {}: {}", act_joint, true},
    {"{} writes the context of {}: {}", act_context, true},
    {"{} adds to {} the file {} of {} KiB", act_add_file, true},
    {"{} adds to {} the private file {}", act_add_private_file, true},
    {"{} looks at the files of {}", act_see_files, true},
    {"{} reads of {} the file {}", act_read_file, true},
    {"{} pastes in: {}", act_paste, false},
    {"{} looks at what was pasted in", act_see_pastes, false},
    {"{} makes of paste {} the case {}", act_paste_case, false},
    {"{} drops paste {}", act_drop_paste, false},
    {"{} seeks on its disk: {}", act_seek_on_disk, false},
    {"{} looks at what waits to be sent anew", act_outbox, false},
    {"{} sends anew what has changed of {}", act_send_anew, true},
    {"{} recalls {}: {}", act_recall, true},
    {"{} looks at what was recalled", act_see_recalls, false},
    {"The mediator of {} sees danger to life in {}: {}", act_see_danger, true},
    {"The mediator of {} sends {} up at once: {}", act_send_at_once, true},
    {"{} looks at what waits for its steward's word", act_see_unconfirmed, false},
    {"{} confirms what was sent of {}: {}", act_confirm, true},
    {"The mediator of {} confirms what was sent of {}", act_confirm_hers, true},
    {"{} is audited", act_audit, false},
    {"{} tells the story of {}", act_explain, true},
    {"{} notes as an auditor of {}: {}", act_note_audit, true},
    {"{} looks for {}", act_search, false},
    {"{} writes version {} of its rules, {}: {}", act_write_rules, false},
    {"In {} one party of {} agrees alone: {}", act_agree_alone, true},
    {"In {} the parties of {} agree: {}", act_agree, true},
    {"In {} the parties of {} agree by {}: {}", act_agree_by_clause, true},
    {"{} prints the agreement of {} and reads {}", act_print, true},
    {"The second machine of {} has the wish of {}: {}", act_write_aside, true},
    {"{} looks at what stands side by side in {}", act_see_sides, true},
    {"{} keeps both in the wish of {}", act_keep_both, true},
    {"{} chooses in the wish of {}: {}", act_choose, true},
    {"{} settles the wish of {} as {}", act_settle_as, true},
    {"{} takes back what the wish of {} says", act_undo, true},
    {"{} keeps closed cases {} years", act_keep_years, false},
    {"{} looks at what is to be erased", act_see_notices, false},
    {"{} keeps {} longer: {}", act_keep_longer, true},
    {"{} keeps {} no longer: {}", act_keep_no_longer, true},
    {"{} keeps the list {}: {} and {}", act_keep_list, false},
    {"{} begins a round of {}", act_begin_round, false},
    {"{} goes to {} for {}", act_go_to, false},
    {"{} finds in {} for {}: {}", act_find, false},
    {"{} asks what was not looked at", act_see_round, false},
    {"{} keeps the card {}, for {}: {}", act_keep_card, false},
    {"{} activates the card {} on {}: {}", act_activate, false},
    {"{} meets on {}", act_meet, false},
    {"In its meeting {} gives {} to {}: {}", act_decide_in_meeting, true},
    {"{} looks at its agenda", act_see_agenda, false},
    {"{} adds a mediator", act_add, false},
    {"{} revokes the mediator", act_revoke, false},
    {"The mediator of {} comes back and unlocks", act_come_back, false},
    {"{} asks for a sync", act_sync, false},
    {"The power of {} goes", act_power_off, false},
    {"The power of {} comes back", act_power_on, false},
    {"The power of {} will go between a commit and its answer", act_power_before_answer,
     false},
    {"The power of {} will go inside a write, after {} steps of the disk",
     act_power_in_write, false},
    {"The line of {} will break after {} bytes", act_break, false},
    {"The line of {} carries a kilobyte a second", act_slow, false},
    {"The line of {} is quick again", act_quick, false},
    {"{} is cut off from everybody", act_cut_off, false},
    {"{} is connected again", act_connect, false},
    {"The disk of {} is full", act_fill_disk, false},
    {"The disk of {} has room again", act_free_disk, false},
    {"The clock of {} goes back five years", act_clock_back, false},
    {"{} says what is not so, from now on", act_lie, false},
    {"What did {} send since the story, or since this was asked last?", act_count, false},
};

/* Each place takes as little as it can. */
static bool matches(const char *pattern, const char *sentence,
                    char caught[CAUGHT_MAX][CAUGHT_SIZE])
{
    uint32_t places = 0;
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "{");
        if (strncmp(pattern, sentence, plain) != 0)
            return false;
        pattern += plain;
        sentence += plain;
        if (*pattern == '\0')
            break;
        pattern += strlen("{}");
        size_t next = strcspn(pattern, "{"), len = 0;
        if (next == 0)
            len = strlen(sentence);
        while (next > 0 && sentence[len] != '\0' &&
               strncmp(sentence + len, pattern, next) != 0)
            len++;
        if (len == 0 || len >= CAUGHT_SIZE || places == CAUGHT_MAX)
            return false;
        memcpy(caught[places], sentence, len);
        caught[places++][len] = '\0';
        sentence += len;
    }
    return *sentence == '\0';
}

bool sentence_do(struct stage *stage, const char *text)
{
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        struct said said = {.stage = stage};
        if (!matches(sentences[i].pattern, text, said.caught))
            continue;
        said.host = stage_host(stage, said.caught[0]);
        said.matter = stage_matter(stage, said.caught[1]);
        if (said.host == NULL || (sentences[i].is_about_case && said.matter == NULL))
            continue;
        if (said.matter == NULL)
            said.matter = stage->matters;
        sentences[i].act(&said);
        return true;
    }
    return false;
}

void sentences_list(FILE *out)
{
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
        (void)fprintf(out, "%s\n", sentences[i].pattern);
}
