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
    if (answer_list(peer, "alarms").left > 0)
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

static void print_rollback(FILE *out, struct bytes alarm, const char *when)
{
    fprintf(out,
            " lacked %" PRIu64 " records that it had confirmed to hold (%s, "
            "times: %" PRIu64 ").\nAn older copy was put in its place or runs beside "
            "it (a stolen card), or its disk loses what it\nsays is saved; they "
            "were sent again. Where a copy runs: fengqiao node renew, at that "
            "site.\n",
            answer_uint(alarm, "missing"), when, answer_uint(alarm, "times"));
}

static void print_alarm(FILE *out, struct bytes alarm, struct bytes site)
{
    static const struct {
        const char *kind, *what, *help;
    } texts[] = {
        {"impossible", "claimed to have received what was never sent",
         "Its program is broken, or not honest."},
        {"copy", "runs twice at once under one key",
         "One of the two has to be stopped: a copy of its disk that was started "
         "elsewhere, a card that\nwas restored while the old one goes on, or a stolen "
         "one. Where it may be in other hands:\nfengqiao node renew, or fengqiao node "
         "revoke, at that site."},
        {"told", "says that this machine runs twice at once, under one key",
         "Stop one of the two: a copy of its disk that was started elsewhere, or a card "
         "that was restored\nwhile the old one goes on. Where one may be in other "
         "hands: fengqiao node renew on the one that\nis to stay, or fengqiao node "
         "revoke on another machine of the site."},
        {"doubled", "wrote two bundles of one number that differ",
         "Two copies of it run under one key, or an older one was put in its place. "
         "Stop one of the two;\nwhere it may be in other hands: fengqiao node renew, or "
         "fengqiao node revoke, at that site."},
        {"forked", "showed two histories of its seals",
         "Two copies of it run under one key, or somebody wrote another past. The proof, "
         "where there is one,\nis a file that anybody can check: fengqiao seal proofs. "
         "Ask that site which of its machines it is;\nwhere it may be in other hands: "
         "fengqiao node renew, or fengqiao node revoke, there."},
        {"set-back", "showed fewer seals than before, and says so",
         "An older copy was put in its place by hand, or its disk lost days. What it "
         "lacks comes back from its\nneighbours; ask that site what happened. The proof "
         "is a file: fengqiao seal proofs"},
    };
    char when[24];
    time_text(when, answer_uint(alarm, "wall"));
    fputs("\nALARM: ", out);
    printable_print(out, site);
    print_machine(out, answer_text(alarm, "machine"));
    struct bytes kind = answer_text(alarm, "kind");
    if (bytes_equal_str(kind, "rollback"))
        print_rollback(out, alarm, when);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (bytes_equal_str(kind, texts[i].kind))
            fprintf(out, " %s (%s, times: %" PRIu64 ").\n%s\n", texts[i].what, when,
                    answer_uint(alarm, "times"), texts[i].help);
    fputs("When you have looked into it: fengqiao peer clear SITE\n", out);
}

static void print_alarms(FILE *out, struct bytes map, struct bytes site)
{
    struct bytes alarm;
    struct answer_list rows = answer_list(map, "alarms");
    while (answer_next(&rows, &alarm))
        print_alarm(out, alarm, site);
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
    struct bytes peer;
    struct table table;
    table_init(&table, titles, 9);
    struct answer_list rows = answer_list(result, "peers");
    while (answer_next(&rows, &peer)) {
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
    print_alarms(out, result, bytes_str("This site"));
    rows = answer_list(result, "peers");
    while (answer_next(&rows, &peer)) {
        print_alarms(out, peer, answer_text(peer, "name"));
        print_refusal(out, peer);
        print_check_words(out, peer);
    }
    rows = answer_list(result, "knocks");
    while (answer_next(&rows, &peer))
        print_knock(out, peer);
}
