#include "packaging/sample/sample_event.h"

#include "packaging/sample/dice.h"
#include "packaging/sample/grammar.h"
#include "packaging/sample/sample_case.h"
#include "packaging/sample/sample_date.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum author { BY_MEDIATOR, BY_TOWNSHIP, BY_COUNTY, BY_COURT };

struct step {
    const char *kind;
    enum author author;
    const char *template;
};

enum step_name {
    FOUND,
    APPLIED,
    REFERRED,
    TRIAGED_KEEP,
    TRIAGED_UP,
    VISITED,
    SESSION,
    REFUSED,
    CONSENTED,
    ESCALATED,
    RETURNED,
    SENT_AGAIN,
    RECEIVED,
    ADVISED,
    JOINED,
    ONWARD,
    COUNTY_JOINED,
    AGREED_ORALLY,
    AGREED,
    CONFIRMED,
    UNSETTLED,
    PERFORMED,
    UNPERFORMED,
    FOLLOWED_UP,
    CLOSED,
};

static const struct step steps[] = {
    [FOUND] = {"registered", BY_MEDIATOR,
               "{排查中发现，当日登记|走访时得知，征得双方同意后登记}。"},
    [APPLIED] = {"registered", BY_MEDIATOR,
                 "{<甲>口头申请|<甲>书面申请}，当日受理，"
                 "{已告知可以不经调解直接起诉|已告知调解自愿、不收费}。"},
    [REFERRED] = {"registered", BY_MEDIATOR,
                  "{接到转办单|收到移交材料}，{登记受理|当日联系双方}，双方同意调解。"},
    [TRIAGED_KEEP] = {"triaged", BY_MEDIATOR,
                      "{村内可以解决|没有人身危险，村里能办}，{留村办理|由调解员主办}。"},
    [TRIAGED_UP] = {"triaged", BY_MEDIATOR,
                    "{情况较复杂|双方分歧大|村里把握不准}，先在村里调解，"
                    "调不成再请{镇里|上面}帮助。"},
    [VISITED] = {"visited", BY_MEDIATOR,
                 "上门走访{，分别听了双方的说法|双方，看了有关的实物和单据|双方，"
                 "另问了两位知情的邻居}，{情况与所述大体相符|有两处说法不一，已记录}。"},
    [SESSION] =
        {"session", BY_MEDIATOR,
         "{在村调解室|在组长家里}调解，{组长|双方亲属|一位老党员}参加。"
         "{双方各退一步，还差细节|分歧仍大，约定改日再谈|先分开谈，再坐到一起}。"},
    [REFUSED] =
        {"consent_refused", BY_MEDIATOR,
         "征求意见是否请镇里帮助，{<甲>|<乙>}不同意材料出村，{继续在村调解|尊重其意愿，"
         "不上送}。"},
    [CONSENTED] = {"consented", BY_MEDIATOR,
                   "双方{逐项看过|当面确认}要上送的内容，{签字同意|口头同意并按手印}，"
                   "{家庭情况一栏不上送|其余留在村里}。"},
    [ESCALATED] = {"escalated", BY_MEDIATOR,
                   "{村里调解未成|村里谈过，仍有分歧}，经村里同意上送，"
                   "附来龙去脉和已做的工作。"},
    [RETURNED] = {"returned", BY_TOWNSHIP,
                  "退回：{缺双方各自的主张，请补充|请把争议的事实核实清楚|"
                  "请补上前次调解的经过}。"},
    [SENT_AGAIN] = {"escalated", BY_MEDIATOR,
                    "{已按要求补齐|已重新核实并补充}，再次上送。"},
    [RECEIVED] = {"received", BY_TOWNSHIP,
                  "收到并已打开，{<2~5>日内答复|列入本周会商}。"},
    [ADVISED] = {"advised", BY_TOWNSHIP,
                 "建议：{先分清责任再谈数额|分期履行，写明日期|请专业人员到场后再定}，"
                 "由村里继续主持。"},
    [JOINED] = {"joined", BY_TOWNSHIP,
                "{司法所|派驻法官|驻村干部}到村参加调解，{讲明法律规定|逐项核对证据}，"
                "双方{认可事实|愿意再让一步}。"},
    [ONWARD] =
        {"onward", BY_TOWNSHIP,
         "镇里{联合两个部门调解一次|会商后}仍有分歧，经双方和村里同意，送县里帮助。"},
    [COUNTY_JOINED] = {"joined", BY_COUNTY,
                       "县里{指派律师调解员和专业人员|会同有关部门}到镇上联合调解，"
                       "{一次谈清责任|提出两套方案供双方选择}。"},
    [AGREED_ORALLY] = {"agreed", BY_MEDIATOR, "达成口头协议：<协议>。"},
    [AGREED] = {"agreed", BY_MEDIATOR, "签订书面调解协议：<协议>。"},
    [CONFIRMED] = {"confirmed", BY_COURT, "双方共同申请，法庭审查后裁定协议有效。"},
    [UNSETTLED] = {"unsettled", BY_MEDIATOR,
                   "{分歧太大|一方不再接受调解}，调解不成，"
                   "告知{可以向人民法院起诉|起诉的期限和需要的材料}，卷宗留存。"},
    [PERFORMED] =
        {"performed", BY_MEDIATOR,
         "{约定的事项已办完|双方都按约定做了|到期核对，都已兑现}，双方无异议。"},
    [UNPERFORMED] = {"unperformed", BY_MEDIATOR,
                     "到期{还有一部分没有履行|没有履行}，已催促，"
                     "{约定宽限十日|告知可以依协议起诉}。"},
    [FOLLOWED_UP] = {"followed_up", BY_MEDIATOR,
                     "{上门|电话}回访，{双方已经说话|没有反复|双方都说满意}。"},
    [CLOSED] = {"closed", BY_MEDIATOR, "{结案归档|销号，材料装订入卷}。"},
};

struct plan {
    enum step_name steps[SAMPLE_EVENTS_MAX];
    size_t len;
};

static void plan_add(struct plan *plan, enum step_name step)
{
    assert(plan->len < SAMPLE_EVENTS_MAX);
    plan->steps[plan->len++] = step;
}

static enum step_name registration(enum spread_found found)
{
    switch (found) {
    case FOUND_MEDIATOR:
        return FOUND;
    case FOUND_APPLIED:
        return APPLIED;
    case FOUND_REFERRED:
        return REFERRED;
    }
    return FOUND;
}

static void plan_in_village(struct plan *plan, struct dice *dice, bool is_long)
{
    plan_add(plan, TRIAGED_KEEP);
    if (dice_chance(dice, 6, 10))
        plan_add(plan, VISITED);
    plan_add(plan, SESSION);
    /* Consent is asked for about 19 % of all cases and refused in 6 % of these. */
    if (is_long && dice_chance(dice, 20, 1000))
        plan_add(plan, REFUSED);
    if (is_long && dice_chance(dice, 3, 10))
        plan_add(plan, SESSION);
}

static void plan_upwards(struct plan *plan, struct dice *dice, enum spread_fate fate)
{
    plan_add(plan, TRIAGED_UP);
    plan_add(plan, SESSION);
    plan_add(plan, CONSENTED);
    plan_add(plan, ESCALATED);
    if (fate == FATE_COUNTY) {
        plan_add(plan, RECEIVED);
        plan_add(plan, ONWARD);
        plan_add(plan, COUNTY_JOINED);
        return;
    }
    /* 12 % of all escalations, and only those that end in the township. */
    if (dice_chance(dice, 144, 1000)) {
        plan_add(plan, RETURNED);
        plan_add(plan, SENT_AGAIN);
    } else {
        plan_add(plan, RECEIVED);
    }
    plan_add(plan, dice_chance(dice, 1, 2) ? ADVISED : JOINED);
}

static void plan_ending(struct plan *plan, struct dice *dice, const struct sample_case *c)
{
    if (c->outcome == OUTCOME_UNSETTLED) {
        plan_add(plan, UNSETTLED);
        plan_add(plan, CLOSED);
        return;
    }
    plan_add(plan, c->outcome == OUTCOME_ORAL ? AGREED_ORALLY : AGREED);
    if (c->outcome == OUTCOME_CONFIRMED)
        plan_add(plan, CONFIRMED);
    plan_add(plan, dice_chance(dice, 93, 100) ? PERFORMED : UNPERFORMED);
    if (c->fate == FATE_VILLAGE && c->outcome != OUTCOME_ORAL && dice_chance(dice, 1, 2))
        plan_add(plan, FOLLOWED_UP);
    plan_add(plan, CLOSED);
}

static void plan_draw(struct plan *plan, struct dice *dice, const struct sample_case *c)
{
    uint32_t days = c->closed_day - c->opened_day;
    bool is_quick = days == 0 && c->outcome == OUTCOME_ORAL;

    plan->len = 0;
    plan_add(plan, registration(c->found));
    /* Settled on the spot: the agreement follows the registration. */
    if (!is_quick && c->fate == FATE_VILLAGE)
        plan_in_village(plan, dice, days >= 3);
    if (c->fate != FATE_VILLAGE)
        plan_upwards(plan, dice, c->fate);
    plan_ending(plan, dice, c);
}

static int compare_moments(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* Minutes since the year began, rising, all between eight in the morning and eight in the
 * evening or a few minutes later. */
static void throw_moments(struct dice *dice, const struct sample_case *c,
                          uint32_t *moments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t day = c->opened_day;

        if (i == count - 1)
            day = c->closed_day;
        else if (i > 0)
            day += dice_below(dice, c->closed_day - c->opened_day + 1);
        /* An open case was at least registered, looked at and talked over. */
        if (i < SAMPLE_EVENTS_MIN && day >= SAMPLE_YEAR_DAYS)
            day = SAMPLE_YEAR_DAYS - 1;
        moments[i] = day * 24 * 60 + 8 * 60 + dice_below(dice, 12 * 60);
    }
    qsort(moments, count, sizeof(moments[0]), compare_moments);
    for (size_t i = 1; i < count; i++) {
        if (moments[i] <= moments[i - 1])
            moments[i] = moments[i - 1] + 1;
    }
}

static void write_author(struct sample_event *event, enum author author,
                         const struct sample_case *c)
{
    static const char *const offices[] = {[BY_TOWNSHIP] = "镇调解中心",
                                          [BY_COUNTY] = "县调解中心",
                                          [BY_COURT] = "人民法庭"};

    if (author == BY_MEDIATOR) /* Fits: a mediator is two characters. */
        (void)snprintf(event->author, sizeof(event->author), "调解员%s", c->mediator);
    else
        (void)snprintf(event->author, sizeof(event->author), "%s", offices[author]);
}

static void write_event(struct sample_event *event, const struct step *step,
                        struct dice *dice, const struct sample_case *c)
{
    struct grammar grammar;
    bool ok;

    grammar_init(&grammar, dice);
    grammar_slot_add(&grammar, "甲", c->applicant);
    grammar_slot_add(&grammar, "乙", c->respondent);
    grammar_slot_add(&grammar, "协议", c->agreement.bytes);
    event->kind = step->kind;
    write_author(event, step->author, c);
    sample_text_clear(&event->text);
    ok = grammar_expand(&grammar, step->template, &event->text);
    assert(ok); /* Templates are ours; the unit test walks them. */
    (void)ok;
}

size_t sample_event_draw(struct sample_event events[static SAMPLE_EVENTS_MAX],
                         const struct sample_case *c)
{
    uint32_t moments[SAMPLE_EVENTS_MAX];
    struct plan plan;
    struct dice dice;
    size_t count = 0;

    dice_init(&dice, c->village->seed,
              sample_case_stream(c->village->index, c->number, 1));
    plan_draw(&plan, &dice, c);
    throw_moments(&dice, c, moments, plan.len);
    while (count < plan.len) {
        uint32_t day = moments[count] / (24 * 60);

        if (day >= SAMPLE_YEAR_DAYS)
            break;
        events[count].day = day;
        events[count].minute = moments[count] % (24 * 60);
        write_event(&events[count], &steps[plan.steps[count]], &dice, c);
        count++;
    }
    return count;
}
