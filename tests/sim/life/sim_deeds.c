#include "tests/sim/life/sim_deeds.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_agree.h"
#include "tests/sim/life/sim_keeper.h"
#include "tests/sim/life/sim_card.h"
#include "tests/sim/life/sim_conflict.h"
#include "tests/sim/life/sim_courier.h"
#include "tests/sim/life/sim_course.h"
#include "tests/sim/life/sim_files.h"
#include "tests/sim/life/sim_flaw.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_import.h"
#include "tests/sim/life/sim_meeting.h"
#include "tests/sim/life/sim_paste.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_phone.h"
#include "tests/sim/life/sim_replica.h"
#include "tests/sim/life/sim_round.h"
#include "tests/sim/life/sim_search.h"
#include "tests/sim/life/sim_sealed.h"
#include "tests/sim/life/sim_staff.h"
#include "tests/sim/life/sim_stewards.h"
#include "tests/sim/life/sim_talk.h"
#include "tests/sim/life/sim_thief.h"
#include "tests/sim/life/watch_agree.h"
#include "tests/sim/life/watch_canary.h"
#include "tests/sim/life/watch_files.h"
#include "tests/sim/life/watch_recall.h"
#include "tests/sim/life/watch_release.h"
#include "tests/sim/life/watch_restore.h"

#define FIELDS "[title,context]"
#define FIELDS_LONG "[title,context,narrative]"
#define LONG_LEN 11500
#define PARTY_SIZE sizeof(((struct sim_case *)0)->party)
#define PARTIES_SIZE (PARTY_SIZE + 16)

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

static bool is_meant_up(const struct sim *sim, uint64_t key)
{
    return key < SIM_PRIVATE_KEY && sim_dice(sim, "meant-up", key, 0) % 2 == 0;
}

/* Is it about a case that goes up, as far as the choice is its own? */
static bool is_of_one_meant_up(const struct sim *sim, const struct sim_entry *entry)
{
    if (entry->deed == DEED_ESCALATE || entry->deed == DEED_REQUEST ||
        entry->deed == DEED_OUTBOX || entry->deed == DEED_DANGER)
        return true;
    return entry->deed != DEED_REFUSE && entry->key < SIM_PRIVATE_KEY &&
           sim_dice(sim, "of-what", entry->key, 0) % 3 == 0;
}

bool sim_deeds_is_private(const struct sim *sim, const struct sim_entry *entry)
{
    if (entry->deed == DEED_CASE)
        return !is_meant_up(sim, entry->key);
    if (entry->deed == DEED_ROUND || entry->deed == DEED_CARD ||
        entry->deed == DEED_IMPORT || entry->deed == DEED_PASTE ||
        entry->deed == DEED_PHONE)
        return true;
    return (entry->deed == DEED_NOTE || entry->deed == DEED_SET ||
            entry->deed == DEED_ATTACH || entry->deed == DEED_CLOSE ||
            entry->deed == DEED_SEARCH || entry->deed == DEED_AGREE ||
            entry->deed == DEED_TASK || entry->deed == DEED_TWO ||
            entry->deed == DEED_CONFLICT || entry->deed == DEED_REFUSE) &&
           !is_of_one_meant_up(sim, entry);
}

/* A text that says whose it is, so that it can be looked for where it must not be. What
 * is private has other words in the life of a twin, and more of them. */
static const char *canary(struct sim_host *host, char out[static SIM_TEXT_SIZE],
                          const char *field, uint64_t key, bool may_leave)
{
    const struct sim *sim = host->sim;
    bool is_changed = sim->options.is_changed && !may_leave;
    char tag[17];
    (void)snprintf(tag, sizeof(tag), "%016llx",
                   (unsigned long long)sim_dice(sim, field, key, is_changed ? 2 : 1));
    int len = snprintf(out, SIM_TEXT_SIZE, "%s-%s-%s", may_leave ? "chosen" : "CANARY",
                       field, tag);
    if (is_changed) {
        bool is_long = strcmp(field, "narrative") == 0 || strcmp(field, "note") == 0;
        size_t more = sim_dice(sim, "twin-text", key, 0) % (is_long ? 4000 : 200);
        memset(out + len, 'x', more);
        out[(size_t)len + more] = '\0';
    }
    if (!may_leave)
        watch_canary_text(host, out, tag);
    return out;
}

const char *sim_deeds_text(struct sim_host *host, char out[static SIM_TEXT_SIZE],
                           const char *field, uint64_t key)
{
    return canary(host, out, field, key, false);
}

const char *sim_deeds_chosen(struct sim_host *host, char out[static SIM_TEXT_SIZE],
                             const char *field, uint64_t key)
{
    return canary(host, out, field, key, true);
}

const char *sim_deeds_witness(struct sim_host *host, char out[static SIM_WITNESS_SIZE],
                              uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    (void)snprintf(out, SIM_WITNESS_SIZE, "%.40s",
                   canary(host, text, "witness", key, false));
    return out;
}

/* What the party of a new case is called. The names of who consented go up with a case
 * (docs/THREATS.md). */
static const char *party_of(struct sim_host *host, const struct sim_errand *errand,
                            char out[static PARTY_SIZE])
{
    char text[SIM_TEXT_SIZE];
    (void)snprintf(out, PARTY_SIZE, "%.40s",
                   canary(host, text, "party", errand->key,
                          errand->step != 0 || is_meant_up(host->sim, errand->key)));
    return out;
}

static const char *parties_of(struct sim_host *host, const struct sim_errand *errand,
                              char out[static PARTIES_SIZE])
{
    char party[PARTY_SIZE];
    (void)snprintf(out, PARTIES_SIZE, "[%s=甲方]", party_of(host, errand, party));
    return out;
}

static void escalate(struct sim_host *host, struct sim_errand *errand,
                     const struct sim_case *c);

/* Where step is not 0, a long case, which goes up at once. */
static void on_case(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct bytes number;
    if (!is_ok(status) || host->cases_len == SIM_CASES_MAX)
        return;
    bool is_long = errand->step != 0;
    struct sim_case *c = &host->cases[host->cases_len];
    *c = (struct sim_case){.is_meant_up = is_long || is_meant_up(host->sim, errand->key),
                           .fields = is_long ? FIELDS_LONG : FIELDS};
    if (!view_map_text(result, "number", &number) ||
        !view_map_id(result, "scope", &c->scope))
        return;
    (void)snprintf(c->printed, sizeof(c->printed), "%.*s", (int)number.len,
                   (const char *)number.data);
    memcpy(c->number, c->printed, sizeof(c->printed));
    for (uint32_t i = 0; i < host->cases_len; i++)
        if (strcmp(host->cases[i].number, c->number) == 0 && !host->has_lost_unsaid)
            sim_fail(host->sim, "API", "%s gives the number %s twice", host->address,
                     c->number);
    watch_restore_number(host, c->number);
    if (sim_replica_is_of(host)) /* two machines may give one number */
        hex_encode(c->number, c->scope.bytes, ID_SIZE);
    host->cases_len++;
    if (!c->is_meant_up && sim_sealed_is_minor(host->sim, errand->key))
        (void)snprintf(c->party, sizeof(c->party), SIM_MINOR);
    else
        (void)party_of(host, errand, c->party);
    struct sim_errand *next = is_long ? sim_people_errand(host) : NULL;
    if (next == NULL)
        return;
    *next = (struct sim_errand){.key = errand->key};
    escalate(host, next, c);
}

static void new_case(struct sim_host *host, struct sim_errand *errand)
{
    bool up = is_meant_up(host->sim, errand->key);
    char title[SIM_TEXT_SIZE], narrative[SIM_TEXT_SIZE], context[SIM_TEXT_SIZE];
    char place[SIM_TEXT_SIZE], wish[SIM_TEXT_SIZE], parties[PARTIES_SIZE];
    errand->done = on_case;
    if (!up && sim_sealed_is_minor(host->sim, errand->key)) {
        sim_people_ask(host, errand, "case.new", "category", "未成年人", "minor", "true",
                       "narrative",
                       canary(host, narrative, "narrative", errand->key, false),
                       "parties", "[" SIM_MINOR "=" SIM_MINOR "]", "title",
                       canary(host, title, "title", errand->key, false), NULL);
        sim_sealed_name(host, errand->key);
        return;
    }
    sim_people_ask(host, errand, "case.new", "category", "邻里", "context",
                   canary(host, context, "context", errand->key, up), "narrative",
                   canary(host, narrative, "narrative", errand->key, false), "parties",
                   parties_of(host, errand, parties), "place",
                   canary(host, place, "place", errand->key, false), "title",
                   canary(host, title, "title", errand->key, up), "wish",
                   canary(host, wish, "wish", errand->key, false), NULL);
}

/* Two of the ops that take such cases up are larger than a frame. */
static void new_long_case(struct sim_host *host, struct sim_errand *errand)
{
    char title[SIM_TEXT_SIZE], story[LONG_LEN + 1], parties[PARTIES_SIZE];
    memset(story, 'a' + (int)(errand->key % 26), LONG_LEN);
    story[LONG_LEN] = '\0';
    errand->done = on_case;
    errand->step = 1;
    sim_people_ask(host, errand, "case.new", "category", "邻里", "context", story,
                   "narrative", story, "parties", parties_of(host, errand, parties),
                   "title", canary(host, title, "title", errand->key, true), NULL);
}

/* One of the cases that this village remembers. */
static struct sim_case *choose_case(struct sim_host *host, uint64_t key, bool is_meant_up)
{
    uint32_t fitting = 0;
    for (uint32_t i = 0; i < host->cases_len; i++)
        fitting += host->cases[i].is_meant_up == is_meant_up;
    if (fitting == 0)
        return NULL;
    uint64_t which = sim_dice(host->sim, "which-case", key, 0) % fitting;
    for (uint32_t i = 0;; i++)
        if (host->cases[i].is_meant_up == is_meant_up && which-- == 0)
            return &host->cases[i];
}

void sim_deeds_released(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    struct sim *sim = host->sim;
    struct id scope;
    if (!is_ok(status) || !view_map_id(result, "escalation", &scope) ||
        sim->sent_len == SIM_SENT_MAX)
        return;
    sim->sent[sim->sent_len++] =
        (struct sim_sent){.scope = scope, .from = host->index, .which = errand->which};
    watch_release(host, &host->cases[errand->which], &scope, errand->number);
    watch_files_released(host, &sim->sent[sim->sent_len - 1]);
    if (host->elder != NULL)
        sim_ever(sim, EVER_REPLICA_RELEASED);
    if (host->cases[errand->which].sent_len++ > 0)
        sim_ever(sim, EVER_RELEASED_TWICE);
}

/* What nobody consented to stays, and so does what was taken back (disclosure needs a
 * consent). */
enum refuse_step { REFUSE_TRIAGE, REFUSE_CONSENT, REFUSE_NO, REFUSE_TRY };

static bool takes_back(const struct sim_host *host, const struct sim_errand *errand)
{
    return sim_choose(host->sim, "takes-back", errand->key, 2) == 0;
}

static void ask_refused(struct sim_host *host, struct sim_errand *errand,
                        const struct sim_case *c)
{
    char witness[SIM_WITNESS_SIZE];
    if (errand->step == REFUSE_CONSENT)
        sim_people_ask(host, errand, "case.consent", "case", c->number, "fields",
                       c->fields, "manner", "oral", "party", c->party, "witness",
                       sim_deeds_witness(host, witness, errand->key), NULL);
    else if (errand->step == REFUSE_NO)
        sim_people_ask(host, errand, "case.consent", "case", c->number, "fields",
                       c->fields, "party", c->party, "refused", "true", NULL);
    else
        sim_people_ask(host, errand, "escalate.release", "case", c->number, "fields",
                       c->fields, "reason", "涉及两村", NULL);
}

static void on_refused(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    (void)result;
    bool took_back = takes_back(host, errand);
    if (errand->step == REFUSE_TRY) {
        if (is_ok(status))
            sim_fail(host->sim, "API", "%s releases what a party refused", host->address);
        else if (bytes_equal_str(status, "DENIED"))
            sim_ever(host->sim,
                     took_back ? EVER_RELEASE_TAKEN_BACK : EVER_RELEASE_NO_CONSENT);
        return;
    }
    struct sim_errand *next = sim_people_errand(host);
    if (!is_ok(status) || next == NULL)
        return;
    uint32_t step =
        errand->step == REFUSE_TRIAGE && !took_back ? REFUSE_NO : errand->step + 1;
    *next = (struct sim_errand){
        .done = on_refused, .key = errand->key, .which = errand->which, .step = step};
    ask_refused(host, next, &host->cases[errand->which]);
}

static void refuse(struct sim_host *host, struct sim_errand *errand,
                   const struct sim_case *c)
{
    errand->done = on_refused;
    errand->step = REFUSE_TRIAGE;
    errand->which = (uint32_t)(c - host->cases);
    sim_people_ask(host, errand, "case.triage", "beyond", "true", "case", c->number,
                   "decision", "escalate", "reason", "涉及两村", NULL);
}

static void on_previewed(struct sim_host *host, struct sim_errand *errand,
                         struct bytes status, struct bytes result)
{
    if (is_ok(status))
        watch_release_preview(host, result, errand->number + 1);
    if (bytes_equal_str(status, "CONFLICT"))
        sim_ever(host->sim, EVER_RELEASE_CONFLICT);
}

enum up_step { UP_TRIAGE, UP_ATTACH, UP_CONSENT, UP_RELEASE };

static void escalate_step(struct sim_host *host, struct sim_errand *before,
                          struct bytes status, struct bytes result)
{
    const struct sim_case *c = &host->cases[before->which];
    struct sim_errand *errand = sim_people_errand(host);
    char witness[SIM_WITNESS_SIZE], list[SIM_FILES_SIZE];
    struct id file;
    if (errand == NULL || !is_ok(status))
        return;
    if (before->step == UP_ATTACH && view_map_id(result, "op", &file))
        hex_encode(before->hex, file.bytes, ID_SIZE);
    *errand = *before;
    errand->done = escalate_step;
    errand->step = before->step + 1;
    if (errand->step == UP_ATTACH && sim_files_goes_along(host->sim, errand->key)) {
        sim_files_attach(host, errand, c);
        return;
    }
    const char *files = sim_files_list(errand, list);
    if (errand->step < UP_RELEASE) {
        errand->step = UP_CONSENT;
        sim_people_ask(host, errand, "case.consent", "case", c->number, "fields",
                       c->fields, "files", files, "manner", "oral", "party", c->party,
                       "witness", sim_deeds_witness(host, witness, errand->key), NULL);
        return;
    }
    const char *onward =
        sim_dice(host->sim, "onward", errand->key, 0) % 2 == 0 ? "yes" : "ask";
    errand->done = on_previewed;
    sim_people_ask(host, errand, "escalate.preview", "case", c->number, "fields",
                   c->fields, "files", files, "onward", onward, "reason", "涉及两村",
                   NULL);
    /* In the same turn, so that nothing comes in between. */
    struct sim_errand *release = sim_people_errand(host);
    if (release == NULL)
        return;
    *release = (struct sim_errand){
        .done = sim_deeds_released, .key = before->key, .which = before->which};
    sim_people_ask(host, release, "escalate.release", "case", c->number, "fields",
                   c->fields, "files", files, "onward", onward, "reason", "涉及两村",
                   NULL);
}

static void escalate(struct sim_host *host, struct sim_errand *errand,
                     const struct sim_case *c)
{
    errand->done = escalate_step;
    errand->which = (uint32_t)(c - host->cases);
    sim_people_ask(host, errand, "case.triage", "beyond", "true", "case", c->number,
                   "decision", "escalate", "reason", "涉及两村", NULL);
}

static void on_recalled(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    if (is_ok(status))
        watch_recall_told(host, errand->hex, result);
}

static void recall(struct sim_host *host, struct sim_errand *errand)
{
    const struct sim_sent *sent = sim_talk_sent(host, errand->key);
    if (sent == NULL)
        return;
    hex_encode(errand->hex, sent->scope.bytes, ID_SIZE);
    errand->done = on_recalled;
    sim_people_ask(host, errand, "escalation.recall", "escalation", errand->hex, "reason",
                   "当事人撤回同意", NULL);
}

/* permit or evidence */
static void about_sent(struct sim_host *host, struct sim_errand *errand,
                       const char *method)
{
    char hex[2 * ID_SIZE + 1];
    const struct sim_sent *sent = sim_talk_sent(host, errand->key);
    if (sent == NULL)
        return;
    hex_encode(hex, sent->scope.bytes, ID_SIZE);
    sim_people_ask(host, errand, method, "escalation", hex, NULL);
}

/* A stopped node is rebuilt and started. */
static void rebuild(struct sim_host *host)
{
    sim_host_end(host);
    sim_host_boot(host);
    if (!host->is_on)
        return;
    struct buf said = {0};
    bool is_rebuilt = watch_agree_rebuild(host, &said);
    buf_deinit(&said);
    if (is_rebuilt) {
        sim_ever(host->sim, EVER_REBUILT);
        return;
    }
    if (crash_vfs_is_dead(host->disk))
        sim_host_cut(host);
    else if (host->disk_fails)
        sim_host_end(host);
    else if (sim_flaw_ruins(host, "it cannot be rebuilt"))
        return;
    else
        sim_fail(host->sim, "I14", "%s cannot be rebuilt", host->address);
    sim_host_boot(host);
}

#define SEALING_MS 1000

/* While something is sealed the same person is told to wait. Nobody here asks again, so
 * that in one life of a twin a case would never be: nothing is sealed beside other deeds.
 */
static bool may_seal(const struct sim_host *host, const struct sim_entry *entry)
{
    const struct sim_script *script = &host->sim->script;
    for (uint32_t i = 0; host->sim->options.is_twin && i < script->len; i++) {
        const struct sim_entry *other = &script->entries[i];
        if (other != entry && other->host == entry->host &&
            other->at_ms < entry->at_ms + SEALING_MS &&
            entry->at_ms < other->at_ms + SEALING_MS)
            return false;
    }
    return sim_dice(host->sim, "sealed", entry->key, 0) % 3 == 0;
}

void sim_deeds_do(struct sim_host *host, const struct sim_entry *entry)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (!host->is_on || !host->is_unlocked || errand == NULL)
        return;
    struct sim_case *c =
        choose_case(host, entry->key, is_of_one_meant_up(host->sim, entry));
    char text[SIM_TEXT_SIZE];
    *errand = (struct sim_errand){.key = entry->key};
    switch (entry->deed) {
    case DEED_CASE:
        new_case(host, errand);
        break;
    case DEED_NOTE:
        if (c != NULL && may_seal(host, entry))
            sim_sealed_keep(host, errand, c);
        else if (c != NULL)
            sim_people_ask(host, errand, "case.note", "case", c->number, "text",
                           canary(host, text, "note", entry->key, false), NULL);
        break;
    case DEED_ATTACH:
        if (c != NULL)
            sim_files_keep(host, errand, c);
        break;
    case DEED_SET:
        if (c != NULL)
            sim_people_ask(host, errand, "case.set", "case", c->number, "field", "title",
                           "value", canary(host, text, "set", entry->key, c->is_meant_up),
                           NULL);
        break;
    case DEED_ESCALATE:
        if (c != NULL)
            escalate(host, errand, c);
        break;
    case DEED_CLOSE:
        if (c == NULL)
            break;
        sim_sealed_rule(host);
        sim_course_close(host, c, entry->key);
        break;
    case DEED_TASK:
        if (c != NULL)
            sim_course_task(host, c, entry->key);
        break;
    case DEED_AGREE:
        if (c != NULL)
            sim_agree(host, errand, c);
        break;
    case DEED_MEETING:
        sim_meeting(host, entry->key);
        break;
    case DEED_CARD:
        sim_card(host, errand);
        break;
    case DEED_CONFLICT:
        if (c != NULL)
            sim_conflict(host, errand, c);
        break;
    case DEED_IMPORT:
        sim_import(host, errand);
        break;
    case DEED_PASTE:
        sim_paste(host, errand);
        break;
    case DEED_PHONE:
        sim_phone(host, errand);
        break;
    case DEED_ROUND:
        sim_round(host, errand);
        break;
    case DEED_SEARCH:
        if (c != NULL)
            sim_search(host, errand, c);
        break;
    case DEED_SYNC:
        sim_people_ask(host, errand, "sync", NULL);
        break;
    case DEED_STICK:
        sim_courier_write(host, errand);
        break;
    case DEED_BACKUP:
        sim_keeper_write(host, errand);
        break;
    case DEED_DESK:
        sim_talk_desk(host, entry->key);
        break;
    case DEED_REPLY:
        sim_talk_reply(host, entry->key);
        break;
    case DEED_OUTBOX:
        if (c != NULL)
            sim_talk_outbox(host, c, entry->key,
                            canary(host, text, "anew", entry->key, c->is_meant_up));
        break;
    case DEED_LONG:
        new_long_case(host, errand);
        errand = sim_people_errand(host);
        if (errand != NULL) { /* they go up in one message */
            *errand = (struct sim_errand){.key = entry->key};
            new_long_case(host, errand);
        }
        break;
    case DEED_REQUEST:
        if (c != NULL)
            sim_staff_request(host, c, entry->key);
        break;
    case DEED_DANGER:
        if (c != NULL)
            sim_staff_danger(host, c, entry->key);
        break;
    case DEED_RECALL:
        recall(host, errand);
        break;
    case DEED_REFUSE:
        if (c != NULL)
            refuse(host, errand, c);
        break;
    case DEED_TWO:
        if (c != NULL)
            sim_staff_two(host, c, entry->key);
        break;
    case DEED_PERMIT:
        about_sent(host, errand, "escalation.permit");
        break;
    case DEED_EVIDENCE:
        about_sent(host, errand, "evidence");
        break;
    case DEED_PERSON:
        sim_staff_add(host, entry->key);
        break;
    case DEED_UNPERSON:
        sim_staff_revoke(host, c, entry->key);
        break;
    case DEED_PIN:
        sim_staff_guess(host, entry->key);
        break;
    case DEED_PAIR:
        sim_people_invite(host->sim->hosts[host->parent], host);
        break;
    case DEED_THIEF:
        sim_thief_act(host, entry->key);
        break;
    case DEED_JOIN:
    case DEED_APART:
    case DEED_BOTH:
    case DEED_GONE:
        sim_replica_do(host, entry);
        break;
    case DEED_REBUILD:
        rebuild(host);
        break;
    default:
        sim_stewards_do(host, entry);
        break;
    }
}
