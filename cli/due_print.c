#include "cli/due_print.h"

#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/table.h"

#define STANDING_SIZE 96

/* "red: overdue by 3 days", "green: in time, 12 days left", "grey: clock not trusted". */
static void standing(char out[static STANDING_SIZE], struct bytes item)
{
    struct bytes colour = answer_text(item, "colour"), state = answer_text(item, "state");
    uint64_t days = answer_uint(item, "days");
    int len =
        snprintf(out, STANDING_SIZE, "%.*s: %.*s", (int)colour.len,
                 (const char *)colour.data, (int)state.len, (const char *)state.data);
    if (days == 0 || len < 0 || len >= STANDING_SIZE)
        return;
    bool is_over = bytes_equal_str(state, "overdue");
    (void)snprintf(out + len, STANDING_SIZE - (size_t)len,
                   is_over ? " by %" PRIu64 " day%s" : ", %" PRIu64 " day%s left", days,
                   days == 1 ? "" : "s");
}

static const char *what_of(struct bytes wait)
{
    static const struct {
        const char *wait, *words;
    } words[] = {
        {"settle", "to be settled"},
        {"follow-up", "to be followed up"},
        {"confirm", "the court can be asked to confirm"},
        {"cooling-off", "cooling off"},
        {"answer", "a record to be answered"},
        {"release", "a request to escalate"},
        {"task", "task"},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (bytes_equal_str(wait, words[i].wait))
            return words[i].words;
    return "?";
}

static void add_item(struct table *table, struct bytes item)
{
    char words[STANDING_SIZE];
    struct bytes number = answer_text(item, "number"), text = answer_text(item, "text");
    struct bytes due = answer_text(item, "due");
    standing(words, item);
    if (number.len > 0)
        table_text(table, number);
    else
        table_id(table, answer_bin(item, "scope"));
    table_words(table, what_of(answer_text(item, "wait")));
    table_text(table, due.len > 0 ? due : bytes_str("-"));
    table_words(table, words);
    table_id(table, answer_bin(item, "op"));
    table_text(table, answer_text(item, "owner"));
    table_text(table, text.len > 0 ? text : answer_text(item, "title"));
}

void due_print(FILE *out, struct bytes result, const char *nothing)
{
    static const char *const titles[] = {"case", "what", "until", "how it stands",
                                         "task", "who",  "about"};
    struct bytes item;
    struct table table;
    table_init(&table, titles, sizeof(titles) / sizeof(titles[0]));
    struct answer_list rows = answer_list(result, "items");
    while (answer_next(&rows, &item))
        add_item(&table, item);
    table_print(&table, out, nothing);
    table_deinit(&table);
    uint64_t left_out = answer_uint(result, "left_out");
    if (left_out > 0)
        fprintf(out, "%" PRIu64 " more are left out; --limit shows them.\n", left_out);
    if (!answer_is_true(result, "clock_trusted"))
        fputs("The clock of this node is not trusted: nobody can tell what is overdue.\n",
              out);
}
