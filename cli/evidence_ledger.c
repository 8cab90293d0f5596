/*
 * When the file is read: whose machine each log is, who cosigned it, and of how many
 * records that says something.
 */
#include "cli/evidence_ledger.h"

#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"

/* ---- what comes ---- */

void evidence_ledger_leave(struct evidence *evidence)
{
    struct evidence_reading_log *reading = evidence->ledger.reading;
    evidence_log_close(evidence);
    reading->is_over = true;
    reading->last.state = LAST_NONE;
}

void evidence_ledger_gap(struct evidence *evidence, enum evidence_entry_kind kind)
{
    evidence_included_gap(evidence, kind);
    evidence_log_gap(evidence, kind);
    if (kind == ENTRY_OPENED)
        evidence_opened_gap(evidence);
}

void evidence_ledger_place(struct evidence *evidence, const struct evidence_entry *entry)
{
    if (entry->kind == ENTRY_INCLUDED) {
        evidence_included_place(evidence, entry);
        return;
    }
    evidence->ledger.reading->last.state = LAST_NONE;
    if (entry->kind == ENTRY_LOG)
        evidence_log_begin(evidence, entry);
    else if (entry->kind == ENTRY_CHECKPOINT)
        evidence_log_checkpoint(evidence, entry);
    else if (entry->kind == ENTRY_SEAL)
        evidence_log_seal(evidence, entry);
    else
        evidence_opened_place(evidence, entry);
}

/* ---- what is told ---- */

const struct evidence_scope *evidence_site_of(const struct evidence *evidence,
                                              const uint8_t key[static KEY_SIZE])
{
    for (uint32_t i = 0; i < evidence->charters_len; i++) {
        const struct charter *charter = evidence->scopes[i].charter;
        if (charter && charter_is_sound(charter) && charter_node_of(charter, key))
            return &evidence->scopes[i];
    }
    return NULL;
}

static bool is_about_site(const struct evidence_head *head)
{
    return head->about == EVIDENCE_SITE || head->about == EVIDENCE_PERIOD;
}

static void check_machine(struct evidence *evidence, struct evidence_log *log)
{
    const struct evidence_head *head = &evidence->head;
    log->site = evidence_site_of(evidence, log->key);
    if (!log->site)
        evidence_fail_log(evidence, CHECK_LOG, log, log->offset,
                          "its machine is in no charter of the file");
    else if (is_about_site(head) && !id_equal(&log->site->id, &head->named))
        evidence_fail_log(evidence, CHECK_LOG, log, log->offset,
                          "its machine is none of the site that the file is about");
}

/* What a site's own machines say of one another is no witness. */
static void look_at_witnesses(const struct evidence *evidence, struct evidence_log *log)
{
    for (uint32_t i = 0; i < log->witnesses_len; i++) {
        struct evidence_witness *witness = &log->witnesses[i];
        witness->site = evidence_site_of(evidence, witness->key);
        witness->is_other = log->site && witness->site && witness->site != log->site;
        if (witness->is_other && witness->size > log->cosigned)
            log->cosigned = witness->size;
    }
}

static bool is_member(const struct charter *charter, const uint8_t key[static KEY_SIZE])
{
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (memcmp(persons[i].key, key, KEY_SIZE) == 0)
            return true;
    return charter_node_of(charter, key) != NULL;
}

/* A record of another site came late, and says nothing against anybody. */
static void keep_own_earlier(struct evidence_ledger *ledger)
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < ledger->earlier_len; i++) {
        const struct evidence_earlier *earlier = &ledger->earlier[i];
        const struct evidence_scope *site = ledger->logs[earlier->log].site;
        if (site && is_member(site->charter, earlier->author))
            ledger->earlier[len++] = *earlier;
    }
    ledger->earlier_len = len;
}

void evidence_check_ledger(struct evidence *evidence)
{
    struct evidence_ledger *ledger = &evidence->ledger;
    for (uint32_t i = 0; i < ledger->logs_len; i++) {
        check_machine(evidence, &ledger->logs[i]);
        look_at_witnesses(evidence, &ledger->logs[i]);
        evidence->passed[CHECK_LOG] += !ledger->logs[i].has_failed;
    }
    for (uint32_t i = 0; i < ledger->openings_len; i++) {
        const struct evidence_opening *opening = &ledger->openings[i];
        if (!opening->holds)
            continue;
        if (opening->seal <= ledger->logs[opening->log].cosigned)
            ledger->cosigned += opening->records;
        else
            ledger->not_cosigned += opening->records;
    }
    ledger->not_sealed = evidence->records - ledger->included;
    keep_own_earlier(ledger);
}

void evidence_ledger_deinit(struct evidence_ledger *ledger)
{
    for (uint32_t i = 0; i < ledger->logs_len; i++)
        free(ledger->logs[i].witnesses);
    for (int tree = 0; tree < EVIDENCE_TREES; tree++)
        free(ledger->places[tree]);
    free(ledger->logs);
    free(ledger->openings);
    free(ledger->reading);
    free(ledger->earlier);
    *ledger = (struct evidence_ledger){0};
}
