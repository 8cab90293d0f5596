#include "tests/sim/stories/acts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_canary.h"
#include "tests/sim/stories/minutes.h"

/* Nobody else's, whatever becomes of it. */
void act_paste(struct said *said)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand == NULL)
        return;
    watch_canary_text(said->host, said->caught[1], said->caught[1]);
    sim_people_ask(said->host, errand, "paste.add", "text", said->caught[1], NULL);
}

static bool tell_paste(void *context, struct bytes paste)
{
    uint64_t number = 0, days = 0;
    struct bytes text = {0};
    bool is_ending = false;
    (void)view_map_uint(paste, "paste", &number);
    (void)view_map_text(paste, "text", &text);
    (void)view_map_uint(paste, "days_left", &days);
    (void)view_map_flag(paste, "ending", &is_ending);
    minutes_add(context, "%" PRIu64 ". %.*s: %" PRIu64 " days of running are left%s",
                number, (int)text.len, (const char *)text.data, days,
                is_ending ? ", then it is gone" : "");
    return true;
}

static void on_listed(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    static const struct said_list list = {"pastes", "nothing is pasted in", tell_paste};
    (void)errand;
    said_listed(host, status, result, &list);
}

void act_see_pastes(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_listed);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "paste.list", NULL);
}

static void ask_about(struct said *said, sim_errand_done *done, const char *method,
                      const char *title)
{
    struct sim_errand *errand = said_errand(said, done);
    char number[CAUGHT_SIZE + 1];
    (void)snprintf(number, sizeof(number), "#%s", said->caught[1]);
    if (errand != NULL)
        sim_people_ask(said->host, errand, method, "category",
                       title == NULL ? NULL : "邻里", "paste", number, "title", title,
                       NULL);
}

/* The case that it becomes is one that the story can go on with. */
void act_paste_case(struct said *said)
{
    struct stage *stage = said->stage;
    if (stage->matters_len == MATTERS_MAX)
        return;
    struct matter *matter = said->matter = &stage->matters[stage->matters_len++];
    matter->village = said->host;
    (void)snprintf(matter->title, sizeof(matter->title), "%.60s", said->caught[2]);
    ask_about(said, said_noted, "paste.case", matter->title);
}

void act_drop_paste(struct said *said)
{
    ask_about(said, said_saved, "paste.drop", NULL);
}

/* In the database or in what is on its way into it, wherever that is. */
void act_seek_on_disk(struct said *said)
{
    static const char *const files[] = {"node.db", "node.db-wal"};
    const char *sought = said->caught[1];
    bool is_there = false;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        size_t len;
        const uint8_t *data = crash_vfs_file(said->host->disk, files[i], &len);
        is_there |= data != NULL && memmem(data, len, sought, strlen(sought)) != NULL;
    }
    minutes_add(said->stage, "it is %s on the disk of %s",
                is_there ? "somewhere" : "nowhere", said->host->name);
}
