#include "tests/sim/stories/sentences.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_staff.h"
#include "tests/sim/life/sim_weather.h"
#include "tests/sim/life/sim_wire.h"
#include "tests/sim/stories/minutes.h"

#define CAUGHT_MAX 4
#define CAUGHT_SIZE 200
#define FIELDS "[title,context]"
#define PARTY "张某"
#define LONG_LEN 11000
#define SHOWN_LEN 200
#define FIVE_YEARS_S 157680000

/* What the places of a pattern stand for in a sentence. The first is always a site. */
struct said {
    struct stage *stage;
    struct sim_host *host;
    struct matter *matter; /* of the second place, where it is a case's title */
    char caught[CAUGHT_MAX][CAUGHT_SIZE];
};

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

static struct sim_errand *errand_for(const struct said *said, sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(said->host);
    if (errand == NULL || !said->host->is_on)
        return NULL;
    *errand = (struct sim_errand){
        .done = done, .which = (uint32_t)(said->matter - said->stage->matters)};
    return errand;
}

static void refused(struct sim_host *host, struct bytes status, struct bytes result)
{
    struct pack_reader reader = pack_reader_of(result);
    struct bytes why = {0};
    if (pack_read_str(&reader, &why, NULL) != STATUS_OK)
        why = bytes_str("(no words)");
    minutes_add(host->sim->ear.context, "%s is answered %.*s: %.*s", host->name,
                (int)status.len, (const char *)status.data, (int)why.len,
                (const char *)why.data);
}

static void on_saved(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    (void)errand;
    if (is_ok(status))
        minutes_add(host->sim->ear.context, "it is saved");
    else
        refused(host, status, result);
}

/* --- cases ----------------------------------------------------------------------------
 */

static void do_send(struct said *said);

static void on_noted(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct matter *matter = &stage->matters[errand->which];
    struct bytes number;
    if (!is_ok(status) || !view_map_text(result, "number", &number) ||
        !view_map_id(result, "scope", &matter->scope)) {
        refused(host, status, result);
        return;
    }
    (void)snprintf(matter->number, sizeof(matter->number), "%.*s", (int)number.len,
                   (const char *)number.data);
    struct said said = {.stage = stage, .host = host, .matter = matter};
    if (errand->step == 0)
        minutes_add(stage, "it is saved as %s", matter->number);
    else
        do_send(&said);
}

static void note(struct said *said, const char *title, const char *context, bool goes_up)
{
    struct stage *stage = said->stage;
    char narrative[SIM_TEXT_SIZE];
    if (stage->matters_len == MATTERS_MAX)
        return;
    struct matter *matter = said->matter = &stage->matters[stage->matters_len++];
    matter->village = said->host;
    (void)snprintf(matter->title, sizeof(matter->title), "%s", title);
    struct sim_errand *errand = errand_for(said, on_noted);
    if (errand == NULL)
        return;
    errand->step = goes_up;
    sim_people_ask(said->host, errand, "case.new", "category", "邻里", "context", context,
                   "narrative",
                   sim_deeds_text(said->host, narrative, "narrative", stage->matters_len),
                   "parties", "[" PARTY "=甲方]", "title", matter->title, NULL);
}

static void do_note(struct said *said)
{
    note(said, said->caught[1], "去年修过一次", false);
}

/* Ten of them are more than a message holds. */
static void do_note_many(struct said *said)
{
    char context[LONG_LEN + 1], title[32];
    memset(context, 'x', LONG_LEN);
    context[LONG_LEN] = '\0';
    unsigned long len = strtoul(said->caught[1], NULL, 10);
    for (unsigned long i = 1; i <= len; i++) {
        (void)snprintf(title, sizeof(title), "第%lu件", i);
        note(said, title, context, true);
    }
}

/* A private text carries a tag, and a long one says nothing. */
static void show(struct stage *stage, const char *name, struct bytes text)
{
    if (memmem(text.data, text.len, "CANARY-", strlen("CANARY-")) != NULL)
        minutes_add(stage, "%s: a private text", name);
    else if (text.len > SHOWN_LEN)
        minutes_add(stage, "%s: %zu bytes", name, text.len);
    else
        minutes_add(stage, "%s: %.*s", name, (int)text.len, (const char *)text.data);
}

static void on_looked(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct bytes view, text;
    (void)errand;
    if (!is_ok(status) || !view_map_get(result, "view", &view)) {
        refused(host, status, result);
        return;
    }
    struct bytes state = view_state(view);
    minutes_add(stage, "it is %.*s", (int)state.len, (const char *)state.data);
    static const char *const names[] = {"title",        "case.title", "context",
                                        "case.context", "narrative",  "case.narrative",
                                        "wish",         "case.wish"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (view_text(view, names[i], &text))
            show(stage, names[i], text);
}

static void do_look(struct said *said)
{
    const struct matter *matter = said->matter;
    struct sim_errand *errand = errand_for(said, on_looked);
    char hex[2 * ID_SIZE + 1];
    if (errand == NULL)
        return;
    if (said->host == matter->village) {
        sim_people_ask(said->host, errand, "case.show", "case", matter->number, NULL);
        return;
    }
    hex_encode(hex, matter->records[matter->records_len - 1].bytes, ID_SIZE);
    sim_people_ask(said->host, errand, "escalation.show", "escalation", hex, NULL);
}

static void do_wish(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "case.set", "case", said->matter->number,
                       "field", "wish", "value", said->caught[2], NULL);
}

static void do_write_hers(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    if (errand == NULL)
        return;
    errand->client = SIM_CLIENT_MEDIATOR;
    sim_people_ask(said->host, errand, "case.set", "case", said->matter->number, "field",
                   "wish", "value", said->caught[2], NULL);
}

/* --- to the end -----------------------------------------------------------------------
 */

/* A step of a case; two more arguments, or one, or none. */
static void take_step(struct said *said, const char *method, const char *name,
                      const char *value, const char *other, const char *other_value)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, method, "case", said->matter->number, name,
                       value, other, other_value, NULL);
}

static void do_keep(struct said *said)
{
    take_step(said, "case.triage", "decision", "keep", "reason", said->caught[2]);
}

static void do_handle(struct said *said)
{
    take_step(said, "case.handle", NULL, NULL, NULL, NULL);
}

static void do_settle(struct said *said)
{
    take_step(said, "case.settle", "outcome", "agreement", "text", said->caught[2]);
}

static void do_follow_up(struct said *said)
{
    take_step(said, "case.follow_up", "result", "kept", "text", said->caught[2]);
}

static void do_close(struct said *said)
{
    take_step(said, "case.close", NULL, NULL, NULL, NULL);
}

static void do_close_by_word(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "case.close", "case", said->matter->number,
                       "follow_up", "当面点头", "oral", "true", "outcome", "agreement",
                       "text", said->caught[2], NULL);
}

static void do_reopen(struct said *said)
{
    take_step(said, "case.reopen", "reason", said->caught[2], NULL, NULL);
}

/* --- up -------------------------------------------------------------------------------
 */

/* step: what was done already, and in the tens what is meant. */
enum { TRIAGED, CONSENTED, RELEASED, STEPS = 10 };
enum { SEND = 0, SEND_ONWARD = STEPS, REFUSE = 2 * STEPS };

static void ask_up(struct sim_host *host, struct sim_errand *errand);

static void on_up(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                  struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct matter *matter = &stage->matters[errand->which];
    uint32_t done = errand->step % STEPS;
    if (!is_ok(status)) {
        refused(host, status, result);
        return;
    }
    if (errand->step == REFUSE + CONSENTED)
        minutes_add(stage, "the refusal is saved");
    if (done == RELEASED) {
        struct id *id = &matter->records[matter->records_len];
        struct sim *sim = host->sim;
        if (matter->records_len == RECORDS_MAX || sim->sent_len == SIM_SENT_MAX ||
            !view_map_id(result, "escalation", id))
            return;
        matter->records_len++;
        sim->sent[sim->sent_len++] = (struct sim_sent){.scope = *id, .from = host->index};
        minutes_add(stage, "title and context of %s are released, nothing else",
                    matter->title);
        return;
    }
    struct sim_errand *next = sim_people_errand(host);
    if (next == NULL || errand->step == REFUSE + CONSENTED)
        return;
    *next = (struct sim_errand){
        .done = on_up, .which = errand->which, .step = errand->step + 1};
    ask_up(host, next);
}

static void ask_up(struct sim_host *host, struct sim_errand *errand)
{
    const struct stage *stage = host->sim->ear.context;
    const char *number = stage->matters[errand->which].number;
    switch (errand->step % STEPS) {
    case TRIAGED:
        sim_people_ask(host, errand, "case.triage", "beyond", "true", "case", number,
                       "decision", "escalate", "reason", "涉及两村", NULL);
        break;
    case CONSENTED:
        if (errand->step - CONSENTED == REFUSE)
            sim_people_ask(host, errand, "case.consent", "case", number, "fields", FIELDS,
                           "manner", "oral", "party", PARTY, "refused", "true", NULL);
        else
            sim_people_ask(host, errand, "case.consent", "case", number, "fields", FIELDS,
                           "manner", "oral", "party", PARTY, "witness", "王某", NULL);
        break;
    default:
        sim_people_ask(host, errand, "escalate.release", "case", number, "fields", FIELDS,
                       "onward", errand->step - RELEASED == SEND_ONWARD ? "yes" : "ask",
                       "reason", "涉及两村", NULL);
        break;
    }
}

static void begin_up(struct said *said, uint32_t step)
{
    struct sim_errand *errand = errand_for(said, on_up);
    if (errand == NULL)
        return;
    errand->step = step;
    ask_up(said->host, errand);
}

static void do_send(struct said *said)
{
    begin_up(said, SEND + TRIAGED);
}

static void do_send_onward(struct said *said)
{
    begin_up(said, SEND_ONWARD + TRIAGED);
}

static void do_refuse(struct said *said)
{
    begin_up(said, REFUSE + TRIAGED);
}

static void do_release(struct said *said)
{
    begin_up(said, SEND + RELEASED);
}

/* --- answers --------------------------------------------------------------------------
 */

static void about_record(struct said *said, const char *method, const char *name)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    char hex[2 * ID_SIZE + 1];
    if (errand == NULL || said->matter->records_len == 0)
        return;
    hex_encode(hex, said->matter->records[said->matter->records_len - 1].bytes, ID_SIZE);
    sim_people_ask(said->host, errand, method, "escalation", hex, name, said->caught[2],
                   NULL);
}

static void do_open(struct said *said)
{
    about_record(said, "escalation.open", NULL);
}

static void do_accept(struct said *said)
{
    about_record(said, "escalation.accept", NULL);
}

static void do_advise(struct said *said)
{
    about_record(said, "escalation.advise", "text");
}

static void do_return(struct said *said)
{
    about_record(said, "escalation.return", "text");
}

static void do_decide(struct said *said)
{
    about_record(said, "escalation.decide", "text");
}

static void do_onward(struct said *said)
{
    about_record(said, "escalation.onward", "reason");
}

static void do_permit(struct said *said)
{
    about_record(said, "escalation.permit", NULL);
}

static void do_grade(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    char hex[2 * ID_SIZE + 1];
    if (errand == NULL || said->matter->records_len == 0)
        return;
    hex_encode(hex, said->matter->records[said->matter->records_len - 1].bytes, ID_SIZE);
    sim_people_ask(said->host, errand, "escalation.grade", "escalation", hex, "reason",
                   "涉及两村", "word", said->caught[2], NULL);
}

static void do_invite(struct said *said)
{
    about_record(said, "escalation.invite", "site");
}

static void do_joint(struct said *said)
{
    about_record(said, "escalation.joint", "word");
}

/* --- what has changed since ----------------------------------------------------------
 */

static void do_context(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "case.set", "case", said->matter->number,
                       "field", "context", "value", said->caught[2], NULL);
}

static bool tell_row(void *context, struct bytes row)
{
    struct bytes field, held, value, text = {0};
    if (!view_map_text(row, "field", &field) || !view_map_text(row, "held", &held) ||
        !view_map_get(row, "is", &value))
        return true;
    struct pack_reader reader = pack_reader_of(value);
    if (pack_read_str(&reader, &text, NULL) != STATUS_OK)
        text = bytes_str("(no text)");
    minutes_add(context, "%.*s waits: %.*s%s%.*s", (int)field.len,
                (const char *)field.data, (int)text.len, (const char *)text.data,
                held.len > 0 ? "; but " : "", (int)held.len, (const char *)held.data);
    return true;
}

static void on_outbox(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)errand;
    if (!is_ok(status)) {
        refused(host, status, result);
        return;
    }
    if (view_map_count(result, "rows") == 0)
        minutes_add(host->sim->ear.context, "nothing waits");
    view_map_each(result, "rows", tell_row, host->sim->ear.context);
}

static void do_outbox(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_outbox);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "outbox", NULL);
}

static void do_send_anew(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "outbox.send", "case", said->matter->number,
                       NULL);
}

/* --- people ---------------------------------------------------------------------------
 */

static void do_add(struct said *said)
{
    sim_staff_add(said->host, 1);
}

static void do_revoke(struct said *said)
{
    sim_staff_revoke(said->host, NULL, 1);
}

static void on_unlocked(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    (void)errand;
    if (is_ok(status))
        minutes_add(host->sim->ear.context, "she is let in");
    else
        refused(host, status, result);
}

static void do_come_back(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_unlocked);
    if (errand == NULL)
        return;
    sim_host_tell(said->host, EVENT_CLIENT_OPENED, SIM_CLIENT_STRANGER, (struct bytes){0},
                  NULL);
    errand->client = SIM_CLIENT_STRANGER;
    sim_people_ask(said->host, errand, "unlock", "person", said->host->mediator, "pin",
                   "135791", NULL);
}

static void on_synced(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    (void)errand;
    if (is_ok(status))
        minutes_add(host->sim->ear.context, "%s and its parent agree", host->name);
    else
        refused(host, status, result);
}

static void do_sync(struct said *said)
{
    struct sim_errand *errand = errand_for(said, on_synced);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "sync", NULL);
}

/* --- weather --------------------------------------------------------------------------
 */

static void do_power_off(struct said *said)
{
    if (said->host->is_on)
        sim_host_cut(said->host);
}

static void do_power_on(struct said *said)
{
    if (!said->host->is_on)
        sim_host_boot(said->host);
}

static void do_power_before_answer(struct said *said)
{
    said->host->dies_before_reply = true;
}

static void do_power_in_write(struct said *said)
{
    sim_host_cut_in(said->host, strtoull(said->caught[1], NULL, 10));
}

static void do_break(struct said *said)
{
    sim_wire_break(said->stage->sim, said->host->index,
                   strtoull(said->caught[1], NULL, 10));
}

static void block_all(const struct said *said, uint64_t until_ms)
{
    struct sim *sim = said->stage->sim;
    for (int i = 0; i < sim->hosts_len; i++) {
        sim->blocked_until_ms[i][said->host->index] = until_ms;
        sim->blocked_until_ms[said->host->index][i] = until_ms;
    }
}

static void do_cut_off(struct said *said)
{
    block_all(said, UINT64_MAX);
}

static void do_connect(struct said *said)
{
    block_all(said, 0);
}

static void do_fill_disk(struct said *said)
{
    crash_vfs_fail_after(said->host->disk, 0, CRASH_ENOSPC, true);
    said->host->disk_fails = true;
}

static void do_free_disk(struct said *said)
{
    sim_weather_over(said->host, WEATHER_DISK, 0);
}

static void do_clock_back(struct said *said)
{
    said->host->wall_offset_s = -FIVE_YEARS_S;
    said->host->quality = WALL_RTC;
}

static void do_lie(struct said *said)
{
    if (said->stage->sim->liar == NULL)
        sim_liar_begin(said->host);
}

/* --- what went over the line ----------------------------------------------------------
 */

static uint32_t ops_in(struct bytes message)
{
    struct pack_reader reader = pack_reader_of(message);
    struct bytes name, dictionary;
    uint32_t elements, len = 0;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, "ops") ||
        pack_value(&reader, 0, &dictionary, NULL) != STATUS_OK ||
        pack_read_array(&reader, &len, NULL) != STATUS_OK)
        return 0;
    return len;
}

static void do_count(struct said *said)
{
    const struct sim_seen *seen = &said->stage->sim->seen;
    uint32_t ops = 0, messages = 0;
    for (uint64_t i = said->stage->sights_from; i < seen->len; i++) {
        const struct sight *sight = &seen->sights[i];
        if (sight->host != said->host->index || sight->kind != SIGHT_MESSAGE)
            continue;
        uint32_t more = ops_in(sim_seen_bytes(seen, sight));
        ops += more;
        messages += more > 0;
    }
    minutes_add(said->stage, "%u ops in %u messages", ops, messages);
    said->stage->sights_from = seen->len;
}

/* --- the sentences --------------------------------------------------------------------
 */

static const struct sentence {
    const char *pattern;
    void (*act)(struct said *said);
    bool is_about_case; /* the second place is the title of one that was noted */
} sentences[] = {
    {"{} notes the case {}", do_note, false},
    {"{} notes {} cases with long stories and sends them up", do_note_many, false},
    {"{} looks at {}", do_look, true},
    {"{} writes the wish of {}: {}", do_wish, true},
    {"The mediator of {} writes the wish of {}: {}", do_write_hers, true},
    {"{} keeps {} in the village: {}", do_keep, true},
    {"{} takes {} in hand", do_handle, true},
    {"{} settles {}: {}", do_settle, true},
    {"{} follows {} up: {}", do_follow_up, true},
    {"{} closes {} by word of mouth: {}", do_close_by_word, true},
    {"{} closes {}", do_close, true},
    {"{} reopens {}: {}", do_reopen, true},
    {"{} sends {} up", do_send, true},
    {"{} sends {} up, onward as well if need be", do_send_onward, true},
    {"{} hears from the party of {} that it refuses", do_refuse, true},
    {"{} tries to release {} all the same", do_release, true},
    {"{} opens {}", do_open, true},
    {"{} accepts {}", do_accept, true},
    {"{} advises on {}: {}", do_advise, true},
    {"{} returns {}: {}", do_return, true},
    {"{} decides {}: {}", do_decide, true},
    {"{} sends {} onward: {}", do_onward, true},
    {"{} permits {} to go onward", do_permit, true},
    {"{} grades {}: {}", do_grade, true},
    {"{} invites to {}: {}", do_invite, true},
    {"{} says how far it is with {}: {}", do_joint, true},
    {"{} writes the context of {}: {}", do_context, true},
    {"{} looks at what waits to be sent anew", do_outbox, false},
    {"{} sends anew what has changed of {}", do_send_anew, true},
    {"{} adds a mediator", do_add, false},
    {"{} revokes the mediator", do_revoke, false},
    {"The mediator of {} comes back and unlocks", do_come_back, false},
    {"{} asks for a sync", do_sync, false},
    {"The power of {} goes", do_power_off, false},
    {"The power of {} comes back", do_power_on, false},
    {"The power of {} will go between a commit and its answer", do_power_before_answer,
     false},
    {"The power of {} will go inside a write, after {} steps of the disk",
     do_power_in_write, false},
    {"The line of {} will break after {} bytes", do_break, false},
    {"{} is cut off from everybody", do_cut_off, false},
    {"{} is connected again", do_connect, false},
    {"The disk of {} is full", do_fill_disk, false},
    {"The disk of {} has room again", do_free_disk, false},
    {"The clock of {} goes back five years", do_clock_back, false},
    {"{} says what is not so, from now on", do_lie, false},
    {"What did {} send since the story, or since this was asked last?", do_count, false},
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
