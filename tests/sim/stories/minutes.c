#include "tests/sim/stories/minutes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_liar.h"

static void put(struct stage *stage, const char *text)
{
    buf_add(&stage->minutes, text, strlen(text));
}

static void now(const struct stage *stage, char out[static 32])
{
    story_time(STORY_BEGINS_MS + stage->sim->now_ms - stage->begins_ms, out);
}

void minutes_script(struct stage *stage, const char *sentence)
{
    now(stage, stage->said_at);
    put(stage, stage->said_at);
    put(stage, " ");
    put(stage, sentence);
    put(stage, "\n");
}

/* Ids say nothing to a reader, and another one with each change of a format. */
static void hide_ids(char *text)
{
    static const char dots[] = "…";
    for (char *at = text; *at != '\0'; at++) {
        size_t digits = strspn(at, "0123456789abcdef");
        if (digits < 2 * ID_SIZE)
            continue;
        memcpy(at, dots, strlen(dots));
        at += strlen(dots);
        memmove(at, at + digits - strlen(dots), strlen(at + digits - strlen(dots)) + 1);
    }
}

void minutes_add(struct stage *stage, const char *format, ...)
{
    char text[400], at[32];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    hide_ids(text);
    for (char *end; (end = strchr(text, '\n')) != NULL;)
        *end = '|';
    now(stage, at);
    put(stage, "    - ");
    if (strcmp(at, stage->said_at) != 0) {
        put(stage, at);
        put(stage, " ");
    }
    put(stage, text);
    put(stage, "\n");
}

/* --- lines of the trace --------------------------------------------------------------
 */

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

void minutes_hear_line(void *context, const struct sim_host *host, const char *line)
{
    static const struct {
        const char *begins, *before, *after; /* the name */
    } table[] = {
        {"power off", "the power of ", " is gone"},
        {"boot ", "", " starts again"},
        {"stopped: FULL", "", " stops: its disk is full"},
        {"stopped: IO", "", " stops: its disk fails"},
        {"line ", "the line breaks under what ", " sends"},
    };
    struct stage *stage = context;
    if (host == NULL)
        return;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (begins(line, table[i].begins))
            minutes_add(stage, "%s%s%s", table[i].before, host->name, table[i].after);
    }
    if (begins(line, "does not open") && !stage->is_stuck[host->index])
        minutes_add(stage, "%s cannot start, and tries again", host->name);
    stage->is_stuck[host->index] = stage->is_stuck[host->index]
                                       ? !begins(line, "boot ")
                                       : begins(line, "does not open");
    if (begins(line, "session conn=") && strstr(line, " end=INVALID") != NULL)
        stage->hangs_up[host->index] = true;
}

void minutes_sum(struct stage *stage)
{
    for (int i = 0; i < stage->sim->hosts_len; i++) {
        const struct sim_host *host = stage->sim->hosts[i];
        if (sim_liar_is(host))
            continue; /* it hears answers to what it never said */
        if (stage->hangs_up[i])
            minutes_add(stage, "%s hung up on somebody who made no sense", host->name);
    }
}

/* --- what a site sees -----------------------------------------------------------------
 */

struct group {
    char begins[64], state[16], names[256];
    uint32_t len;
};

struct look {
    struct stage *stage;
    struct group *group;
    struct sim_host *host;
    struct matter *matter;
    uint32_t record, entries;
};

/* What one turn shows of several records in the same way is one line. */
static void put_group(struct stage *stage, struct group *group)
{
    if (group->len > 0)
        minutes_add(stage, "%s the record%s of %s: %s", group->begins,
                    group->len > 1 ? "s" : "", group->names, group->state);
    *group = (struct group){0};
}

static void add_to_group(struct look *look, const char *does, const char *state)
{
    static const char *const which[] = {"", " (second)", " (third)", " (fourth)"};
    struct group *group = look->group;
    char begins[sizeof(group->begins)];
    (void)snprintf(begins, sizeof(begins), "%s %s", look->host->name, does);
    if (strcmp(group->begins, begins) != 0 || strcmp(group->state, state) != 0)
        put_group(look->stage, group);
    memcpy(group->begins, begins, sizeof(begins));
    (void)snprintf(group->state, sizeof(group->state), "%s", state);
    size_t used = strlen(group->names);
    (void)snprintf(group->names + used, sizeof(group->names) - used, "%s%s%s",
                   group->len++ > 0 ? ", " : "", look->matter->title,
                   which[look->record]);
}

static const char *word_of(struct bytes kind)
{
    if (bytes_equal_str(kind, "advise"))
        return "the advice";
    if (bytes_equal_str(kind, "return"))
        return "why it comes back";
    return bytes_equal_str(kind, "decide") ? "the decision" : "a remark";
}

/* What others wrote with words in it. */
static bool hear_entry(void *context, struct bytes entry)
{
    struct look *look = context;
    struct id site;
    struct bytes kind, fields, text;
    if (++look->entries <= look->matter->heard[look->host->index][look->record])
        return true;
    if (view_map_id(entry, "site", &site) && !id_equal(&site, &look->host->site) &&
        view_map_text(entry, "kind", &kind) && view_map_get(entry, "fields", &fields) &&
        view_map_text(fields, "text", &text)) {
        put_group(look->stage, look->group);
        minutes_add(look->stage, "%s reads %s: %.*s", look->host->name, word_of(kind),
                    (int)text.len, (const char *)text.data);
    }
    return true;
}

static enum status look_at(void *context, const struct store_scope *scope)
{
    struct look *look = context;
    char state[16];
    char *before = look->matter->seen[look->host->index][look->record];
    struct bytes now_is = view_state(scope->view);
    (void)snprintf(state, sizeof(state), "%.*s", (int)now_is.len,
                   (const char *)now_is.data);
    if (strcmp(before, state) != 0)
        add_to_group(look,
                     before[0] == '\0' && look->host != look->matter->village ? "has"
                                                                              : "sees",
                     state);
    memcpy(before, state, sizeof(state));
    bool *was_unserved = &look->matter->is_unserved[look->host->index][look->record];
    if (view_is_unserved(scope->view) != *was_unserved) {
        put_group(look->stage, look->group);
        minutes_add(look->stage, "%s sees that %s serves %s", look->host->name,
                    *was_unserved ? "somebody" : "nobody", look->matter->title);
    }
    *was_unserved = view_is_unserved(scope->view);
    view_map_each(scope->view, "journal", hear_entry, look);
    look->matter->heard[look->host->index][look->record] = look->entries;
    return STATUS_OK;
}

void minutes_hear_turn(void *context, struct sim_host *host)
{
    struct stage *stage = context;
    struct group group = {0};
    for (uint32_t i = 0; i < stage->matters_len; i++)
        for (uint32_t k = 0; k < stage->matters[i].records_len; k++) {
            struct look look = {stage, &group, host, &stage->matters[i], k, 0};
            enum status status = store_scope_get(
                host->config.store, &stage->matters[i].records[k], look_at, &look);
            if (status != STATUS_OK && status != STATUS_NOT_FOUND)
                minutes_add(stage, "%s cannot read what it holds: %s", host->name,
                            status_name(status));
        }
    put_group(stage, &group);
}
