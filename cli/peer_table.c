#include "cli/peer_table.h"

#include <inttypes.h>

#include "cli/answer.h"
#include "cli/printable.h"
#include "cli/table.h"

/* So often in a row is no broken line any more. */
#define CLOSED_TIMES_MIN 3

/* What a steward should know about it, the worst first. */
static const char *note_of(struct bytes peer)
{
    struct pack_reader alarms;
    if (answer_list(peer, "alarms", &alarms) > 0)
        return "ALARM";
    if (answer_uint(peer, "refuses") >= CLOSED_TIMES_MIN)
        return "PAIR AGAIN";
    if (answer_uint(peer, "refused") > 0)
        return "over its quota";
    return answer_uint(peer, "set_apart") > 0 ? "some set apart" : "";
}

static void print_machine(FILE *out, struct bytes machine)
{
    if (machine.len == 0) {
        fputs(", its first machine,", out);
        return;
    }
    fputs(", machine ", out);
    printable_print(out, machine);
    fputc(',', out);
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
        print_machine(out, answer_text(alarm, "machine"));
        if (bytes_equal_str(answer_text(alarm, "kind"), "rollback"))
            fprintf(out,
                    " lacked %" PRIu64 " records that it had confirmed to hold (%s, "
                    "times: %" PRIu64
                    ").\nAn older copy was put in its place or runs beside "
                    "it (a stolen card), or its disk loses what it\nsays is saved; they "
                    "were sent again. Where a copy runs: fengqiao node renew, at that "
                    "site.\n",
                    answer_uint(alarm, "missing"), when, answer_uint(alarm, "times"));
        else
            fprintf(out,
                    " claimed to have received what was never sent (%s, times: %" PRIu64
                    ").\nIts program is broken, or not honest.\n",
                    when, answer_uint(alarm, "times"));
        fputs("When you have looked into it: fengqiao peer clear SITE\n", out);
    }
}

/* Whether it was forgotten or revoked, the other end tells nobody. */
static void print_refusal(FILE *out, struct bytes peer)
{
    if (answer_uint(peer, "refuses") < CLOSED_TIMES_MIN)
        return;
    fputs("\nPAIR AGAIN: ", out);
    printable_print(out, answer_text(peer, "name"));
    fprintf(out,
            " closes on this machine as on a stranger (%" PRIu64 " times in a row).\n"
            "Either it has lost this pairing with its disk, or this machine's key was "
            "revoked: ask its steward.\nTo pair again, there: fengqiao peer invite; "
            "here: fengqiao peer join CODE --at HOST:PORT\n",
            answer_uint(peer, "refuses"));
}

static void print_check_words(FILE *out, struct bytes peer)
{
    if (answer_text(peer, "words").len == 0)
        return;
    fputs("\nPAIRED: ", out);
    printable_print(out, answer_text(peer, "name"));
    fputs(" since this node was started. Its screen must show the same two words: ", out);
    printable_print(out, answer_text(peer, "words"));
    fputc('\n', out);
}

static void print_knock(FILE *out, struct bytes knock)
{
    char when[24];
    struct bytes name = answer_text(knock, "name");
    bool is_revoked = answer_is_true(knock, "revoked");
    time_text(when, answer_uint(knock, "wall"));
    fputs("\nTURNED AWAY: a machine ", out);
    if (name.len > 0) {
        fputs("of ", out);
        printable_print(out, name);
    } else {
        fputs("that no charter here names", out);
    }
    fprintf(out, "%s (times: %" PRIu64 ", last %s).\n",
            is_revoked ? ", whose key it revoked" : "", answer_uint(knock, "times"),
            when);
    if (!is_revoked)
        fputs("It knows this node, and this node is not paired with it (any more). If a "
              "pairing was\nlost with the disk, pair again: fengqiao peer invite\n",
              out);
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
    for (; left > 0 && answer_next(&reader, &peer); left--) {
        print_alarms(out, peer);
        print_refusal(out, peer);
        print_check_words(out, peer);
    }
    left = answer_list(result, "knocks", &reader);
    for (; left > 0 && answer_next(&reader, &peer); left--)
        print_knock(out, peer);
}
