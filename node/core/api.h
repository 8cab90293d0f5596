/*
 * api: the one table of methods (docs/API.md) that serves every face of a node.
 */
#ifndef FENGQIAO_NODE_CORE_API_H
#define FENGQIAO_NODE_CORE_API_H

#include "node/core/args.h"
#include "node/core/caller.h"

struct draft;
struct due_list;

/* Writes its result (canonical) and returns OK, or refuses with a sentence; or starts a
 * job (caller->wait is not READY then) and is answered for later. */
typedef enum status api_fn(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err);

/* What the caller has to be: whoever reaches the socket, a person who is unlocked or
 * whose device is signed in, from afar one who is unlocked (it gives a file to take
 * away), any unlocked person, or one who is a steward of this site now. What a person may
 * write is judged by the fold. */
enum api_who { API_ANYBODY, API_KNOWN, API_EXPORT, API_PERSON, API_STEWARD };

/* What a far caller reads by it, and so which roles its person needs here, besides
 * api_who. A near one is not asked: the file of the socket is the door. */
enum api_reads {
    READS_NOTHING, /* nobody is asked: the way in */
    READS_ANY, /* any role: what everybody here may know, and what is a person's own */
    READS_RECORDS, /* what other sites sent or see, and the papers of the site */
    READS_CASES,   /* the cases of the site */
    READS_APART,   /* what was set apart */
    READS_AUDIT,   /* whether all of it is as it should be, and no contents */
};

struct api_method {
    const char *name;
    const char *arguments; /* args.h */
    enum api_who who;      /* may call it */
    enum api_reads reads;
    api_fn *call;
};

extern const struct api_method api_methods[];
extern const size_t api_methods_len;

/* From afar nothing is taken away without a PIN. DENIED. */
enum status api_check_export(const struct caller *caller, struct err *err);

/* The handlers, one file a noun. */
api_fn api_policy, api_api_methods;
api_fn api_unlock, api_status, api_site, api_person_add, api_person_revoke;
api_fn api_node_at, api_node_invite, api_node_renew, api_node_revoke;
api_fn api_person_pin;
api_fn api_quorum_show, api_quorum_set, api_quorum_approve, api_quorum_withdraw;
api_fn api_recovery_show, api_recovery_name, api_recovery_unlock;
api_fn api_device_invite, api_device_claim, api_device_enter;
api_fn api_device_list, api_device_revoke, api_device_lock;
api_fn api_draft_put, api_draft_get, api_draft_list, api_draft_drop;
api_fn api_peer_invite, api_peer_join, api_peer_list, api_peer_quota;
api_fn api_peer_clear, api_sync;
api_fn api_backup_status, api_backup_write, api_backup_next, api_backup_done;
api_fn api_backup_mark, api_backup_verified;
api_fn api_bundle_list, api_bundle_write, api_bundle_next, api_bundle_done;
api_fn api_bundle_read;
api_fn api_quarantine_list, api_quarantine_show;
api_fn api_quarantine_retry, api_quarantine_drop;
api_fn api_seal_list, api_seal_witnessed, api_seal_proofs, api_seal_proof;
api_fn api_seal_request, api_seal_add, api_seal_prove;
api_fn api_search;
api_fn api_case_new, api_case_list, api_case_show, api_case_note, api_case_set;
api_fn api_case_triage, api_case_consent;
api_fn api_case_handle, api_case_settle, api_case_follow_up;
api_fn api_case_close, api_case_reopen;
api_fn api_case_task, api_case_task_done, api_task_list;
api_fn api_due, api_due_table, api_due_set, api_due_reset;
api_fn api_attach_add, api_attach_list, api_attach_get, api_attach_remove;
api_fn api_paste_add, api_paste_list, api_paste_show;
api_fn api_paste_get, api_paste_case, api_paste_drop;
api_fn api_print;
api_fn api_agreement_new, api_rules_add, api_rules_list, api_rules_show;
api_fn api_checklist_set, api_checklist_list;
api_fn api_round_begin, api_round_look, api_round_finding, api_round_case;
api_fn api_round_list, api_round_show, api_round_suggest;
api_fn api_card_set, api_card_list, api_card_show, api_card_activate;
api_fn api_agenda, api_meeting_begin, api_meeting_item, api_meeting_done;
api_fn api_meeting_list, api_meeting_show;
api_fn api_case_import;
api_fn api_conflict_list, api_conflict_show, api_conflict_settle, api_conflict_undo;
api_fn api_case_identity, api_case_identity_show;
api_fn api_retention_list, api_retention_set, api_retention_keep;
api_fn api_retention_trust_clock;
api_fn api_escalate_preview, api_escalate_request, api_escalate_release;
api_fn api_escalate_confirm, api_escalation_recall, api_recall_list;
api_fn api_inbox, api_escalation_show, api_escalation_open, api_escalation_accept;
api_fn api_escalation_advise, api_escalation_return, api_escalation_decide;
api_fn api_escalation_onward, api_escalation_permit, api_evidence;
api_fn api_outbox, api_outbox_send;
api_fn api_audit, api_audit_sample, api_audit_explain, api_audit_note;
api_fn api_escalation_refer, api_escalation_rule, api_escalation_decline;
api_fn api_escalation_task, api_escalation_task_done;
api_fn api_escalation_invite, api_escalation_grade, api_escalation_joint;

/* Finds the case that `case` names (number or id); CONFLICT where a number is given
 * twice.
 */
enum status api_find_case(struct core *core, const struct args *args, struct id *scope,
                          struct err *err) MUST_USE;
/* Finds the escalation that `escalation` names (id or its first 8 digits or more). */
enum status api_find_escalation(struct core *core, const struct args *args,
                                struct id *scope, struct err *err) MUST_USE;
/* The node of our own charter, not revoked, that a name or a key means. NOT_FOUND,
 * CONFLICT: two of that name. */
struct charter_node;
enum status api_find_node(struct core *core, struct bytes which, struct charter_node *out,
                          struct err *err) MUST_USE;
/* The peer that `site` names: its id in either form, or its name. */
enum status api_find_peer(struct core *core, const struct args *args, struct id *site,
                          struct err *err) MUST_USE;
/* The site that an argument names: its id in either form, or its name in a charter that
 * is known here. NOT_FOUND, CONFLICT. */
enum status api_find_site(struct core *core, const struct args *args,
                          const char *argument, struct id *site,
                          struct err *err) MUST_USE;
/* The classes that our own site may be shown in an escalation. */
uint32_t api_own_classes(const struct core *core, struct bytes view);
/* Adds the text of an argument as a field of the draft's kind; whether it is required,
 * how long, and which words or days it may be, the schema says. What does not fit:
 * INVALID with a sentence. */
enum status api_draft_text(const struct args *args, const char *argument,
                           struct draft *draft, const char *name,
                           struct err *err) MUST_USE;
/* The same, of another argument. */
enum status api_find_case_in(struct core *core, const struct args *args,
                             const char *argument, struct id *scope,
                             struct err *err) MUST_USE;
enum status api_find_escalation_in(struct core *core, const struct args *args,
                                   const char *argument, struct id *scope,
                                   struct err *err) MUST_USE;
/* Reads an array of texts; *len is at most max. */
enum status api_texts(const struct args *args, const char *name, struct bytes *texts,
                      size_t max, size_t *len, struct err *err) MUST_USE;
/* Appends "number" and that of a case by its id; nil where there is none, or the disk
 * lost it. */
enum status api_pack_number_of(struct core *core, const struct id *scope,
                               struct buf *out) MUST_USE;
/* The folded view of a scope, copied. */
enum status api_view(struct core *core, const struct id *scope,
                     struct buf *view) MUST_USE;
/* Appends {authors, sites}: what those who wrote in the view and who hold it are called.
 */
enum status api_pack_names(struct core *core, struct bytes view,
                           struct buf *result) MUST_USE;
/* What a key is called at our site, or its first digits: its bytes, or as a text. */
void api_add_name(struct core *core, const struct id *key, struct buf *out);
void api_pack_name(struct core *core, const struct id *key, struct buf *out);
/* The number of a case; empty in an escalation, or where it was erased. */
struct bytes api_case_number(struct bytes view);
/* Adds the tasks of a case: those to be done while it is open, or all. */
void api_list_tasks(struct due_list *list, const struct id *scope, struct bytes view,
                    bool is_all);
/* Appends "number" and that of a case; empty in an escalation. */
void api_pack_number(struct buf *out, struct bytes view);
/* Signs the draft as the caller, folds the scope, and answers {op}. */
enum status api_write(struct core *core, struct caller *caller, struct draft *draft,
                      struct buf *result, struct err *err) MUST_USE;
/* The same of a charter op that may wait for more stewards: {lacks, op}, where lacks is
 * how many it takes still, or of the op that it is about. */
enum status api_write_proposal(struct core *core, struct caller *caller,
                               struct draft *draft, const struct id *about,
                               struct buf *result, struct err *err) MUST_USE;
/* Appends the ids of our records that were sent because of danger to life and wait for a
 * steward's word. */
enum status api_pack_unconfirmed(struct core *core, struct buf *result) MUST_USE;
/* Appends "handed_over" and [{site, wall}]: which holders are known to have the record of
 * that view, and since when. */
enum status api_pack_handed(struct core *core, const struct id *scope, struct bytes view,
                            struct buf *result) MUST_USE;
/* Appends what became of the records of a case: [{danger, escalation, handed_over,
 * state}]. */
enum status api_pack_records(struct core *core, struct bytes view,
                             struct buf *result) MUST_USE;
/* Appends the peers list of status and peer.list. */
enum status api_pack_peers(struct core *core, struct buf *result) MUST_USE;

#endif
