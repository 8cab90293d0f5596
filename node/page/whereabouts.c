#include "node/page/whereabouts.h"

#include <string.h>

#include "node/page/peek.h"
#include "proto/pack.h"

struct record {
    struct bytes here; /* the own site */
    struct bytes from; /* the site that it came from */
    struct bytes handed, holders, journal;
};

/* The first entry of that kind by that site; empty: there is none. */
static struct bytes find_entry(const struct record *record, const char *kind,
                               struct bytes site)
{
    struct pack_reader reader;
    for (uint32_t count = peek_list(record->journal, &reader); count > 0; count--) {
        struct bytes entry = peek_next(&reader);
        if (bytes_equal_str(peek_text_in(entry, "kind"), kind) &&
            bytes_equal(peek_bin(peek_in(entry, "site")), site))
            return entry;
    }
    return (struct bytes){0};
}

static struct bytes find_site(struct bytes list, struct bytes site)
{
    struct pack_reader reader;
    for (uint32_t count = peek_list(list, &reader); count > 0; count--) {
        struct bytes element = peek_next(&reader);
        if (bytes_equal(peek_bin(peek_in(element, "site")), site))
            return element;
    }
    return (struct bytes){0};
}

/* ---- where it is ---- */

/* States before an answer; those that follow are told as one. */
static bool is_answer(struct bytes state)
{
    return state.len > 0 && !bytes_equal_str(state, "sent") &&
           !bytes_equal_str(state, "received") && !bytes_equal_str(state, "opened");
}

static void write_holder(const struct record *record, struct bytes site,
                         struct bytes state, struct buf *out)
{
    struct bytes handed = peek_in(find_site(record->handed, site), "wall");
    struct bytes received = peek_in(find_entry(record, "received", site), "wall");
    pack_map(out, 5);
    peek_copy(out, "answer", is_answer(peek_text(state)) ? state : (struct bytes){0});
    peek_copy(out, "handed", handed.len > 0 ? handed : received);
    peek_copy(out, "opened", peek_in(find_entry(record, "opened", site), "wall"));
    peek_copy(out, "received", received);
    pack_str(out, "site");
    pack_bin(out, site.data, site.len);
}

static void add_holders(const struct record *record, struct pairs *values)
{
    struct pack_reader reader;
    struct buf list = {0}, whole = {0};
    uint32_t len = 0;
    for (uint32_t count = peek_list(record->holders, &reader); count > 0; count--) {
        struct bytes holder = peek_next(&reader);
        struct bytes site = peek_bin(peek_in(holder, "site"));
        if (bytes_equal(site, record->from))
            continue;
        write_holder(record, site, peek_in(holder, "state"), &list);
        len++;
    }
    pack_array(&whole, len);
    buf_append(&whole, &list);
    pairs_raw(values, "holders", buf_bytes(&whole));
    values->memory.failed |= whole.failed;
    buf_deinit(&list);
    buf_deinit(&whole);
}

/* ---- what can be said ---- */

/* Has this site declined that op? */
static bool is_declined(const struct record *record, struct bytes op)
{
    struct pack_reader reader;
    for (uint32_t count = peek_list(record->journal, &reader); count > 0; count--) {
        struct bytes entry = peek_next(&reader);
        if (bytes_equal_str(peek_text_in(entry, "kind"), "decline") &&
            bytes_equal(peek_bin(peek_in(entry, "site")), record->here) &&
            bytes_equal(peek_bin(peek_in(peek_in(entry, "fields"), "op")), op))
            return true;
    }
    return false;
}

static bool can_be_declined(const struct record *record, struct bytes entry)
{
    struct bytes kind = peek_text_in(entry, "kind");
    struct bytes to = peek_bin(peek_in(peek_in(entry, "fields"), "site"));
    bool is_to_us =
        bytes_equal_str(kind, "advise")
            ? bytes_equal(record->here, record->from)
            : bytes_equal_str(kind, "invite") && bytes_equal(to, record->here);
    return is_to_us && !is_declined(record, peek_bin(peek_in(entry, "op")));
}

static void add_declines(const struct record *record, struct pairs *values)
{
    struct pack_reader reader;
    struct buf list = {0}, whole = {0};
    uint32_t len = 0;
    for (uint32_t count = peek_list(record->journal, &reader); count > 0; count--) {
        struct bytes entry = peek_next(&reader);
        if (!can_be_declined(record, entry))
            continue;
        pack_map(&list, 3);
        peek_copy(&list, "op", peek_in(entry, "op"));
        peek_copy(&list, "site", peek_in(entry, "site"));
        peek_copy(&list, "text", peek_in(peek_in(entry, "fields"), "text"));
        len++;
    }
    pack_array(&whole, len);
    buf_append(&whole, &list);
    pairs_raw(values, "declines", buf_bytes(&whole));
    values->memory.failed |= whole.failed;
    buf_deinit(&list);
    buf_deinit(&whole);
}

/* ---- to whom it could go on ---- */

static bool is_with(const struct record *record, struct bytes site)
{
    return bytes_equal(site, record->from) || find_site(record->holders, site).len > 0;
}

/* Peers that do not hold it: whoever is invited, and the one above. */
static void add_others(const struct record *record, struct bytes peers,
                       struct pairs *values)
{
    struct pack_reader reader;
    struct buf list = {0}, whole = {0};
    uint32_t len = 0;
    bool climbs = false;
    for (uint32_t count = peek_list(peers, &reader); count > 0; count--) {
        struct bytes peer = peek_next(&reader);
        if (is_with(record, peek_bin(peek_in(peer, "site"))))
            continue;
        climbs |= peek_flag(peek_in(peer, "is_parent"));
        pack_map(&list, 2);
        peek_copy(&list, "name", peek_in(peer, "name"));
        peek_copy(&list, "site", peek_in(peer, "site"));
        len++;
    }
    pack_array(&whole, len);
    buf_append(&whole, &list);
    pairs_raw(values, "others", buf_bytes(&whole));
    pairs_flag(values, "climbs", climbs);
    values->memory.failed |= whole.failed;
    buf_deinit(&list);
    buf_deinit(&whole);
}

/* Who speaks: of a record of the own site a steward, of another's a desk as well. */
static void add_flags(const struct record *record, struct bytes view, struct bytes roles,
                      struct pairs *values)
{
    bool is_gone = peek_flag(peek_in(view, "recalled"));
    bool owns = bytes_equal(record->here, record->from);
    bool is_steward = peek_has(roles, "steward");
    bool holds = !owns && find_site(record->holders, record->here).len > 0;
    bool is_open = find_entry(record, "opened", record->here).len > 0;
    pairs_flag(values, "gone", is_gone);
    pairs_flag(values, "owns", owns);
    pairs_flag(values, "told", owns || !is_gone);
    pairs_flag(values, "holds", holds && !is_gone);
    pairs_flag(values, "unopened", holds && !is_open && !is_gone);
    pairs_flag(values, "answers", holds && is_open && !is_gone);
    pairs_flag(values, "asks",
               bytes_equal_str(peek_text_in(view, "onward"), "ask") &&
                   !peek_flag(peek_in(view, "permitted")) && !is_gone);
    pairs_flag(values, "judges",
               peek_has(roles, "judge") || peek_has(roles, "authority"));
    pairs_flag(values, "speaks", is_steward || (!owns && peek_has(roles, "desk")));
}

enum status whereabouts_prepare(const struct visit *visit, struct pairs *values)
{
    struct bytes shown = visit_answer(visit, "record");
    struct bytes view = peek_in(shown, "view");
    struct bytes me = call_read(buf_bytes(&visit->answers[0])).result;
    const struct record record = {
        .here = peek_bin(peek_in(visit_answer(visit, "status"), "site")),
        .from = peek_bin(peek_in(view, "site")),
        .handed = peek_in(shown, "handed_over"),
        .holders = peek_in(view, "holders"),
        .journal = peek_in(view, "journal"),
    };
    add_holders(&record, values);
    add_declines(&record, values);
    add_others(&record, peek_in(visit_answer(visit, "status"), "peers"), values);
    add_flags(&record, view, peek_in(me, "roles"), values);
    return buf_status(&values->memory);
}
