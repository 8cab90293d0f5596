#include "tests/sim/stories/stage.h"

#include <assert.h>
#include <string.h>

#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_watch.h"
#include "tests/sim/stories/minutes.h"
#include "tests/sim/stories/sentences.h"

#define SEED 8         /* of the careful lane */
#define AFTER_MS 60000 /* the last sentence has its minute as well */

struct sim_host *stage_host(const struct stage *stage, const char *name)
{
    for (int i = 0; i < stage->sim->hosts_len; i++)
        if (strcmp(stage->sim->hosts[i]->name, name) == 0)
            return stage->sim->hosts[i];
    return NULL;
}

struct matter *stage_matter(struct stage *stage, const char *title)
{
    for (uint32_t i = 0; i < stage->matters_len; i++)
        if (strcmp(stage->matters[i].title, title) == 0)
            return &stage->matters[i];
    return NULL;
}

static void set_up(struct stage *stage)
{
    static const struct sim_options options = {.seed = SEED};
    struct sim *sim = stage->sim = sim_new(&options, &stage->verdict);
    sim_host_new(sim, "county", "示例县", -1);
    sim_host_new(sim, "township", "青河镇", 0);
    sim_host_new(sim, "village", "枫源村", 1);
    sim_host_new(sim, "village", "溪口村", 1);
    for (int i = 0; i < sim->hosts_len; i++)
        sim->hosts[i]->has_battery = true;
    sim_pair_all(sim);
    stage->begins_ms = sim->now_ms;
    stage->sights_from = sim->seen.len;
    sim->ear = (struct sim_ear){stage, minutes_hear_line, minutes_hear_turn};
}

static uint64_t moment_of(const struct stage *stage, uint64_t at_ms)
{
    return stage->begins_ms + at_ms - STORY_BEGINS_MS;
}

/* What every story ends with: nothing is broken any more, and all of it holds. */
static void end(struct stage *stage)
{
    struct sim *sim = stage->sim;
    minutes_script(stage, "Nothing is broken any more");
    sim_heal(sim);
    minutes_sum(stage);
    sim->ear = (struct sim_ear){0};
    if (!sim_has_failed(sim))
        sim_watch_end(sim);
    if (sim_has_failed(sim))
        minutes_add(stage, "%s does not hold: %s", stage->verdict.invariant,
                    stage->verdict.text);
    else
        minutes_add(stage, "all have what they share, and every invariant holds");
}

bool stage_live(struct stage *stage, const struct story *story)
{
    *stage = (struct stage){0};
    set_up(stage);
    buf_add(&stage->minutes, "# ", 2);
    buf_add(&stage->minutes, story->title, strlen(story->title));
    buf_add(&stage->minutes, "\n\n", 2);
    bool is_known = true;
    for (uint32_t i = 0; i < story->len && is_known; i++) {
        sim_until(stage->sim, moment_of(stage, story->lines[i].at_ms));
        minutes_script(stage, story->lines[i].sentence);
        is_known = sentence_do(stage, story->lines[i].sentence);
        sim_until(stage->sim, stage->sim->now_ms + 1);
    }
    if (is_known) {
        sim_until(stage->sim, stage->sim->now_ms + AFTER_MS);
        end(stage);
    } else {
        minutes_add(stage, "this sentence means nothing here");
    }
    buf_add(&stage->minutes, "", 1);
    assert(buf_status(&stage->minutes) == STATUS_OK);
    return is_known;
}

void stage_deinit(struct stage *stage)
{
    buf_deinit(&stage->minutes);
    sim_free(stage->sim);
}
