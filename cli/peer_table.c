#include "cli/peer_table.h"

#include <inttypes.h>

#include "cli/answer.h"
#include "cli/printable.h"
#include "cli/table.h"

/* What a steward should know about it, the worst first. */
static const char *note_of(struct bytes peer)
{
    struct pack_reader alarms;
    if (answer_list(peer, "alarms", &alarms) > 0)
        return "ALARM";
    if (answer_uint(peer, "refused") > 0)
        return "over its quota";
    return answer_uint(peer, "set_apart") > 0 ? "some set apart" : "";
}

static void print_alarms(FILE *out, struct bytes peer)
{
    struct pack_reader reader;
    struct bytes alarm;
    uint32_t left = answer_list(peer, "alarms", &reader);
    for (; left > 0 && answer_next(&reader, &alarm); left--) {
        char when[24];
        time_text(when, answer_uint(alarm, "wall"));
        fputs("\nALARM: ", out);
        printable_print(out, answer_text(peer, "name"));
        if (bytes_equal_str(answer_text(alarm, "kind"), "rollback"))
            fprintf(out,
                    " lacked %" PRIu64 " records that it had confirmed to hold (%s, "
                    "times: %" PRIu64 ").\nAn older copy was restored there, or its disk "
                    "loses what it says is saved; they were sent again.\n",
                    answer_uint(alarm, "missing"), when, answer_uint(alarm, "times"));
        else
            fprintf(out,
                    " claimed to have received what was never sent (%s, times: %" PRIu64
                    ").\nIts program is broken, or not honest.\n",
                    when, answer_uint(alarm, "times"));
        fputs("When you have looked into it: fengqiao peer clear SITE\n", out);
    }
}

void peer_table_print(FILE *out, struct bytes result)
{
    static const char *const titles[] = {
        "peer", "tier", "", "connected", "heard", "agreed", "to send", "brought", "note"};
    struct pack_reader reader;
    struct bytes peer;
    struct table table;
    table_init(&table, titles, 9);
    uint32_t left = answer_list(result, "peers", &reader);
    for (; left > 0 && answer_next(&reader, &peer); left--) {
        table_text(&table, answer_text(peer, "name"));
        table_text(&table, answer_text(peer, "tier"));
        table_mark(&table, answer_is_true(peer, "is_parent"), "parent");
        table_words(&table, answer_is_true(peer, "connected") ? "yes" : "no");
        table_time(&table, answer_uint(peer, "heard_at"));
        table_time(&table, answer_uint(peer, "agreed_at"));
        table_uint(&table, answer_uint(peer, "to_send"));
        table_uint(&table, answer_uint(peer, "brought"));
        table_words(&table, note_of(peer));
    }
    table_print(&table, out, "No peers yet: fengqiao peer invite, or peer join.");
    table_deinit(&table);
    left = answer_list(result, "peers", &reader);
    for (; left > 0 && answer_next(&reader, &peer); left--)
        print_alarms(out, peer);
}
