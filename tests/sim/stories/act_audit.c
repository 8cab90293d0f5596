#include "tests/sim/stories/acts.h"

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

static bool tell_finding(void *context, struct bytes finding)
{
    struct bytes says = {0}, site = {0};
    bool is_open = false;
    (void)view_map_flag(finding, "open", &is_open);   /* each says */
    (void)view_map_text(finding, "says", &says);      /* the same */
    (void)view_map_text(finding, "site_name", &site); /* the same */
    minutes_add(context, "%s: %.*s%s%.*s", is_open ? "open" : "fails", (int)says.len,
                (const char *)says.data, site.len > 0 ? ", at " : "", (int)site.len,
                (const char *)site.data);
    return true;
}

static void on_audited(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    static const struct said_list list = {"findings", "nothing was found", tell_finding};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_audit(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_audited);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "audit", NULL);
}

static bool tell_step(void *context, struct bytes step)
{
    struct bytes name = {0}, site = {0}, says = {0}, seal = {0};
    (void)view_map_text(step, "author_name", &name);
    (void)view_map_text(step, "author_site", &site);
    (void)view_map_text(step, "says", &says);
    (void)view_map_get(step, "seal", &seal);
    bool is_sealed = seal.len > 0 && seal.data[0] != 0xc0;
    minutes_add(context, "%.*s of %.*s %.*s%s", name.len > 0 ? (int)name.len : 9,
                name.len > 0 ? (const char *)name.data : "a machine", (int)site.len,
                (const char *)site.data, (int)says.len, (const char *)says.data,
                is_sealed ? ", sealed" : "");
    return true;
}

static void on_explained(struct sim_host *host, struct sim_errand *errand,
                         struct bytes status, struct bytes result)
{
    static const struct said_list list = {"steps", "nothing happened", tell_step};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_explain(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_explained);
    if (errand != NULL && said_record(said, errand->hex))
        sim_people_ask(said->host, errand, "audit.explain", "escalation", errand->hex,
                       NULL);
}

void act_note_audit(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL && said_record(said, errand->hex))
        sim_people_ask(said->host, errand, "audit.note", "escalation", errand->hex,
                       "text", said->caught[2], "verdict", "holds", NULL);
}
