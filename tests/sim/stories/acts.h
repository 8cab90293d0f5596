/*
 * acts: what people and weather do when a sentence of a script says so, by the noun that
 * it is about. What comes of it is written into the minutes.
 */
#ifndef FENGQIAO_TESTS_ACTS_H
#define FENGQIAO_TESTS_ACTS_H

#include "tests/sim/stories/said.h"

typedef void act(struct said *said);

/* act_case.c: a case, from its first note to its end */
act act_note, act_note_many, act_look, act_wish, act_write_hers, act_context, act_keep,
    act_handle, act_settle, act_follow_up, act_close, act_close_by_word, act_reopen;
/* act_record.c: what goes up of it, and what is said about that */
act act_send, act_send_with_file, act_send_onward, act_refuse, act_release, act_open,
    act_accept, act_advise, act_return, act_decide, act_onward, act_permit, act_grade,
    act_invite, act_joint;
/* act_file.c: files of a case, and those that went up with its record */
act act_add_file, act_add_private_file, act_see_files, act_read_file;
/* act_paste.c: what was pasted in */
act act_paste, act_see_pastes, act_paste_case, act_drop_paste, act_seek_on_disk;
/* act_outbox.c: what has changed since */
act act_outbox, act_send_anew;
/* act_recall.c: what went up is called back */
act act_recall, act_see_recalls;
/* act_audit.c: whether all is as it should be, and the story of a record */
act act_audit, act_explain, act_note_audit;
/* act_danger.c: danger to life, and the steward's word after it */
act act_see_danger, act_send_at_once, act_see_unconfirmed, act_confirm, act_confirm_hers;
/* act_search.c: who looks for a word */
act act_search;
/* act_agreement.c: village rules, what parties agree on by them, and its paper */
act act_write_rules, act_agree_alone, act_agree, act_agree_by_clause, act_print;
/* act_conflict.c: what was written side by side */
act act_write_aside, act_see_sides, act_keep_both, act_choose, act_settle_as, act_undo;
/* act_retention.c: what is to be erased, and when */
act act_keep_years, act_see_notices, act_keep_longer, act_keep_no_longer;
/* act_paper.c: rounds, plan cards, meetings */
act act_keep_list, act_begin_round, act_go_to, act_find, act_see_round, act_keep_card,
    act_activate, act_meet, act_decide_in_meeting, act_see_agenda;
/* act_people.c: people of a site */
act act_add, act_revoke, act_come_back, act_sync;
/* act_line.c: lines */
act act_break, act_cut_off, act_connect, act_slow, act_quick, act_lie, act_count;
/* act_weather.c: machines */
act act_power_off, act_power_on, act_power_before_answer, act_power_in_write,
    act_fill_disk, act_free_disk, act_clock_back;

#endif
