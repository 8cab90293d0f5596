#include "cli/peer_table.h"

#include "cli/answer.h"
#include "cli/table.h"

/* What a steward should know about it, the worst first. */
static const char *note_of(struct bytes peer)
{
    if (answer_uint(peer, "refused") > 0)
        return "over its quota";
    return answer_uint(peer, "set_apart") > 0 ? "some set apart" : "";
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
        table_uint(&table, answer_uint(peer, "ops"));
        table_words(&table, note_of(peer));
    }
    table_print(&table, out, "No peers yet: fengqiao peer invite, or peer join.");
    table_deinit(&table);
}
