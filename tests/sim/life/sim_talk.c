#include "tests/sim/life/sim_talk.h"

#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_outbox.h"

#define STEP_END 2 /* of a desk: after it has opened and accepted */

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

const struct sim_sent *sim_talk_sent(const struct sim_host *host, uint64_t key)
{
    const struct sim *sim = host->sim;
    const struct sim_sent *fitting[SIM_SENT_MAX];
    uint64_t len = 0;
    for (uint32_t i = 0; i < sim->sent_len; i++) {
        int from = sim->sent[i].from;
        if (sim_host_site(sim->hosts[from]) == sim_host_site(host) || host->index == 0 ||
            sim->hosts[from]->parent == sim_host_site(host))
            fitting[len++] = &sim->sent[i];
    }
    return len == 0 ? NULL : fitting[sim_dice(sim, "which-sent", key, 0) % len];
}

static struct sim_errand *errand_about(struct sim_host *host, uint64_t key,
                                       sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    const struct sim_sent *sent = sim_talk_sent(host, key);
    if (errand == NULL || sent == NULL)
        return NULL;
    *errand = (struct sim_errand){.done = done, .key = key};
    hex_encode(errand->hex, sent->scope.bytes, ID_SIZE);
    return errand;
}

/* --- desks --- */

/* Whom it is linked with: the tier above, of the county the first beneath. */
static const char *neighbour_of(const struct sim_host *host)
{
    struct sim *const sim = host->sim;
    int last = sim->hosts_len - 1;
    if (host->parent >= 0)
        return sim->hosts[host->parent]->name;
    while (last > 0 && sim->hosts[last]->parent != host->index)
        last--;
    return sim->hosts[last]->name;
}

static void say_text(struct sim_host *host, struct sim_errand *errand, uint64_t which)
{
    static const char *const methods[] = {"escalation.advise", "escalation.return",
                                          "escalation.decide"};
    sim_people_ask(host, errand, methods[which], "escalation", errand->hex, "text",
                   "请按村规处理", NULL);
}

/* What becomes of it. */
static void say_end(struct sim_host *host, struct sim_errand *errand)
{
    static const char *const words[] = {"taken", "working", "done", "declined"};
    const char *hex = errand->hex;
    uint64_t end = sim_choose(host->sim, "desk", errand->key, 16);
    uint64_t which = sim_choose(host->sim, "desk-word", errand->key, 4);
    if (end < 5)
        say_text(host, errand, end % 3);
    else if (end < 8)
        sim_people_ask(host, errand, "escalation.onward", "escalation", hex, "reason",
                       "需县里协调", NULL);
    else if (end == 8)
        sim_people_ask(host, errand, "escalation.grade", "escalation", hex, "reason",
                       "涉及两村", "word", "二级", NULL);
    else if (end == 9)
        sim_people_ask(host, errand, "escalation.refer", "channel", "court", "escalation",
                       hex, "text", "争的是所有权", NULL);
    else if (end < 12)
        sim_people_ask(host, errand, "escalation.task", "due", "2026-11-30", "escalation",
                       hex, "owner", "水利站", "text", "测量水位", NULL);
    else if (end < 14)
        sim_people_ask(host, errand, "escalation.invite", "escalation", hex, "site",
                       neighbour_of(host), NULL);
    else
        sim_people_ask(host, errand, "escalation.joint", "escalation", hex, "word",
                       words[which], NULL);
}

static void desk_step(struct sim_host *host, struct sim_errand *errand)
{
    static const char *const methods[STEP_END] = {"escalation.open", "escalation.accept"};
    if (errand->step < STEP_END)
        sim_people_ask(host, errand, methods[errand->step], "escalation", errand->hex,
                       NULL);
    else
        say_end(host, errand);
}

static void on_desk(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    (void)result;
    struct sim_errand *errand = sim_people_errand(host);
    if (is_ok(status) && before->client == SIM_CLIENT_MEDIATOR)
        sim_ever(host->sim, EVER_DESK_BY_STAFF);
    if (before->step == STEP_END || errand == NULL ||
        bytes_equal_str(status, "NOT_FOUND"))
        return;
    *errand = *before;
    errand->step++;
    desk_step(host, errand);
}

void sim_talk_desk(struct sim_host *host, uint64_t key)
{
    struct sim_errand *errand = errand_about(host, key, on_desk);
    if (errand == NULL)
        return;
    if (host->mediator_is_unlocked && sim_choose(host->sim, "desk-who", key, 3) > 0)
        errand->client = SIM_CLIENT_MEDIATOR;
    desk_step(host, errand);
}

/* --- what the village answers --- */

struct last_op {
    const char *kind;
    struct id op;
    bool is_found;
};

static bool look_for_last(void *context, struct bytes element)
{
    struct last_op *last = context;
    if (view_map_has_text(element, "kind", last->kind))
        last->is_found = view_map_id(element, "op", &last->op);
    return true;
}

static void say_about(struct sim_host *host, const struct sim_errand *before,
                      struct bytes view, const char *kind, const char *method)
{
    struct last_op last = {.kind = kind};
    char hex[2 * ID_SIZE + 1];
    struct sim_errand *errand = sim_people_errand(host);
    view_map_each(view, "journal", look_for_last, &last);
    if (errand == NULL || !last.is_found)
        return;
    *errand = (struct sim_errand){.key = before->key};
    hex_encode(hex, last.op.bytes, ID_SIZE);
    sim_people_ask(host, errand, method, "escalation", before->hex, "op", hex, "text",
                   "村里另有办法", NULL);
}

/* Advice or a task has come to it: people answer what was said to them, rather than what
 * nobody has looked at yet. */
static bool is_said(void *context, struct bytes element)
{
    bool *has_come = context;
    *has_come = view_map_has_text(element, "kind", "advise") ||
                view_map_has_text(element, "kind", "assign");
    return !*has_come;
}

static enum status look_at_talk(void *context, const struct store_scope *scope)
{
    view_map_each(scope->view, "journal", is_said, context);
    return STATUS_OK;
}

static const struct sim_sent *choose_talk(const struct sim_host *host, uint64_t key)
{
    const struct sim *sim = host->sim;
    const struct sim_sent *fitting[SIM_SENT_MAX];
    uint64_t len = 0;
    for (uint32_t i = 0; i < sim->sent_len; i++) {
        bool has_come = false;
        if (sim->sent[i].from == host->index &&
            store_scope_get(host->config.store, &sim->sent[i].scope, look_at_talk,
                            &has_come) == STATUS_OK &&
            has_come)
            fitting[len++] = &sim->sent[i];
    }
    return len == 0 ? sim_talk_sent(host, key)
                    : fitting[sim_dice(sim, "which-talk", key, 0) % len];
}

static void on_shown(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    struct bytes view;
    if (!is_ok(status) || !view_map_get(result, "view", &view))
        return;
    say_about(host, errand, view, "advise", "escalation.decline");
    say_about(host, errand, view, "assign", "escalation.task_done");
}

void sim_talk_reply(struct sim_host *host, uint64_t key)
{
    struct sim_errand *errand = sim_people_errand(host);
    const struct sim_sent *sent = choose_talk(host, key);
    if (errand == NULL || sent == NULL)
        return;
    *errand = (struct sim_errand){.done = on_shown, .key = key};
    hex_encode(errand->hex, sent->scope.bytes, ID_SIZE);
    sim_people_ask(host, errand, "escalation.show", "escalation", errand->hex, NULL);
}

/* --- what the village sends anew --- */

static void on_consent(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    (void)result;
    if (is_ok(status))
        watch_outbox_refused(host, errand->number);
}

static void on_sent(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    watch_outbox_sent(host, status, result, errand->number);
}

void sim_talk_send_seen(struct sim_host *host, struct sim_errand *errand,
                        const char *number, struct bytes shown)
{
    struct buf map = {0};
    struct id seen = {{0}}; /* of an answer that says none: refused */
    (void)view_map_id(shown, "seen", &seen);
    pack_map(&map, 2);
    pack_str(&map, "case");
    pack_str(&map, number);
    pack_str(&map, "seen");
    pack_bin(&map, seen.bytes, ID_SIZE);
    sim_people_ask_packed(host, errand, "outbox.send", buf_bytes(&map));
    buf_deinit(&map);
}

static struct sim_errand *next_errand(struct sim_host *host, sim_errand_done *done)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand != NULL)
        *errand = (struct sim_errand){.done = done};
    return errand;
}

static void on_outbox(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    const struct sim_case *c = &host->cases[errand->which];
    uint64_t number = errand->number;
    errand = next_errand(host, on_sent);
    if (!is_ok(status) || errand == NULL)
        return;
    sim_talk_send_seen(host, errand, c->number, result);
    watch_outbox_shown(host, result, number, errand->number);
}

/* The first three in one turn, so that nothing comes in between; what is sent is what the
 * third one showed, or nothing. */
void sim_talk_outbox(struct sim_host *host, const struct sim_case *c, uint64_t key,
                     const char *title)
{
    bool is_refused = sim_choose(host->sim, "outbox-refused", key, 3) == 0;
    char witness[SIM_WITNESS_SIZE];
    struct sim_errand *errand = next_errand(host, is_refused ? on_consent : NULL);
    if (errand == NULL || c->sent_len == 0)
        return;
    if (is_refused)
        sim_people_ask(host, errand, "case.consent", "case", c->number, "fields",
                       c->fields, "manner", "oral", "party", c->party, "refused", "true",
                       NULL);
    else
        sim_people_ask(host, errand, "case.consent", "case", c->number, "fields",
                       c->fields, "manner", "oral", "party", c->party, "witness",
                       sim_deeds_witness(host, witness, key), NULL);
    errand = next_errand(host, NULL);
    if (errand != NULL)
        sim_people_ask(host, errand, "case.set", "case", c->number, "field", "title",
                       "value", title, NULL);
    errand = next_errand(host, on_outbox);
    if (errand == NULL)
        return;
    errand->which = (uint32_t)(c - host->cases);
    sim_people_ask(host, errand, "outbox", "case", c->number, NULL);
}
