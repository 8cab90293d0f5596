/* Files that go up with a record: which ones, to whom, piece by piece, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/attached.h"
#include "node/cases/view.h"
#include "proto/limits.h"
#include "storage/store_chunks.h"
#include "storage/store_lacking.h"
#include "storage/store_sources.h"
#include "tests/sim/card.h"
#include "tests/sim/sim_files.h"

#define CANARY "CANARY-NOT-NAMED"

/* --- the tests --- */

static void a_file_that_a_release_names_goes_up_and_onward(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("whose ditch ", 3 * ATTACHMENT_CHUNK_SIZE + 5);
    struct buf other = files_text(CANARY, ATTACHMENT_CHUNK_SIZE);
    char number[32], hex[65];
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_attach(f, number, CANARY ".txt", buf_bytes(&other));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    assert_int_equal(files_get(f, f->fengyuan, hex, buf_bytes(&file)), STATUS_OK);

    world_run(f->world, 5000);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason", "看");
    world_run(f->world, 5000);
    assert_int_equal(files_get(f, f->county, hex, buf_bytes(&file)), STATUS_OK);

    assert_int_equal(files_bytes_kept(f->county), files_bytes_kept(f->township));
    assert_int_equal(files_bytes_kept(f->xikou), 0);
    struct bytes sent = world_sent(f->fengyuan);
    assert_null(memmem(sent.data, sent.len, CANARY, strlen(CANARY)));
    buf_deinit(&file);
    buf_deinit(&other);
}

/* A file of so many pieces goes up; the record in hex. */
static void send_file(struct sim_county *f, struct bytes file, char hex[static 65])
{
    char number[32];
    files_case(f, number);
    files_attach(f, number, "a.txt", file);
    files_consent(f, number, "[a.txt]");
    files_release(f, number, "[a.txt]", hex);
}

static void only_what_every_party_consented_to_goes_up(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65], id[13], second[13], both[32];
    struct buf out = {0};
    files_case(f, number);
    struct id first = files_attach(f, number, "a.txt", bytes_str("the first"));
    hex_encode(id, first.bytes, 6);
    files_consent(f, number, "[a.txt]");
    assert_int_equal(files_release_status(f, number, "[b.txt]", NULL), STATUS_NOT_FOUND);
    files_attach(f, number, "b.txt", bytes_str("another"));
    assert_int_equal(files_release_status(f, number, "[b.txt]", NULL), STATUS_DENIED);
    assert_int_equal(
        files_release_status(f, number,
                             "[one-name-that-is-longer-than-any-line-of-a-message-"
                             "has-room-for.txt]",
                             NULL),
        STATUS_NOT_FOUND);
    /* Of the same name, and not the one that the party saw. */
    struct id again = files_attach(f, number, "a.txt", bytes_str("the second"));
    hex_encode(second, again.bytes, 6);
    assert_int_equal(files_release_status(f, number, "[a.txt]", NULL), STATUS_CONFLICT);
    SIM_SAY(f, f->fengyuan, NULL, "attach.remove", "case", number, "file", id, "reason",
            "拍错了");
    assert_int_equal(files_release_status(f, number, "[a.txt]", NULL), STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "escalate.release", "case",
                               number, "files", "[b.txt]", NULL),
                     STATUS_INVALID);
    files_consent(f, number, "[a.txt,b.txt]");
    SIM_SAY(f, f->fengyuan, NULL, "case.consent", "case", number, "party", "张某",
            "files", "[b.txt]", "refused", "true");
    assert_int_equal(files_release_status(f, number, "[b.txt]", NULL), STATUS_DENIED);
    /* By its name and by its id it is one file. */
    (void)snprintf(both, sizeof(both), "[a.txt,%s]", second);
    files_release(f, number, both, hex);
    assert_int_equal(files_get(f, f->fengyuan, hex, bytes_str("the second")), STATUS_OK);
    buf_deinit(&out);
}

static void a_release_takes_so_many_files(void **state)
{
    struct sim_county *f = *state;
    char number[32], hex[65];
    static const char names[] = "[0.txt,1.txt,2.txt,3.txt,4.txt,5.txt,6.txt,7.txt]";
    static const char more[] = "[0.txt,1.txt,2.txt,3.txt,4.txt,5.txt,6.txt,7.txt,0.txt]";
    assert_int_equal(sim_count(bytes_str(names), ".txt"), RELEASED_FILES_MAX);
    files_case(f, number);
    for (int i = 0; i < RELEASED_FILES_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "%d.txt", i);
        files_attach(f, number, name, bytes_str(name));
    }
    files_consent(f, number, names);
    assert_int_equal(files_release_status(f, number, more, NULL), STATUS_INVALID);
    files_release(f, number, names, hex);
    world_run(f->world, 5000);
    struct buf out = {0};
    SIM_SAY(f, f->township, &out, "attach.list", "case", hex);
    assert_int_equal(view_map_count(buf_bytes(&out), "files"), RELEASED_FILES_MAX);
    buf_deinit(&out);
}

static void what_a_mediator_asked_for_a_steward_releases(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id record;
    char number[32], hex[65], id[13];
    files_case(f, number);
    struct id op = files_attach(f, number, "a.txt", bytes_str("what was asked for"));
    files_attach(f, number, "b.txt", bytes_str("and this not"));
    files_consent(f, number, "[a.txt,b.txt]");
    SIM_SAY(f, f->fengyuan, NULL, "escalate.request", "case", number, "fields",
            "[title,context]", "files", "[a.txt]", "reason", "请镇里看");
    SIM_SAY(f, f->fengyuan, &out, "escalate.release", "case", number);
    assert_true(view_map_id(buf_bytes(&out), "escalation", &record));
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 5000);
    assert_int_equal(files_get(f, f->township, hex, bytes_str("what was asked for")),
                     STATUS_OK);

    SIM_SAY(f, f->fengyuan, NULL, "escalate.request", "case", number, "fields",
            "[title,context]", "files", "[a.txt]", "reason", "请镇里再看");
    hex_encode(id, op.bytes, 6);
    SIM_SAY(f, f->fengyuan, NULL, "attach.remove", "case", number, "file", id, "reason",
            "拍到了旁人");
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "escalate.release", "case", number, NULL),
        STATUS_NOT_FOUND);
    /* What went up before is not called back by that. */
    assert_int_equal(files_get(f, f->township, hex, bytes_str("what was asked for")),
                     STATUS_OK);
    buf_deinit(&out);
}

/* --- what goes over the line --- */

struct line {
    uint32_t fetches, pieces; /* messages that were seen */
    uint64_t bytes;           /* of the last piece */
    struct buf last;          /* the last one, but for the op's id */
    const char *instead_of;   /* of which message another one goes out, once */
    struct buf other;
    bool is_flipped; /* a byte of every piece, but for the first ones: */
    uint32_t sound;
};

static void watch(void *context, struct bytes message, struct buf *out)
{
    struct line *line = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name, op, sealed;
    uint64_t number;
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    if (line->instead_of != NULL && bytes_equal_str(name, line->instead_of)) {
        line->instead_of = NULL;
        buf_add(out, line->other.data, line->other.len);
        return;
    }
    line->fetches += bytes_equal_str(name, "fetch");
    if (!bytes_equal_str(name, "piece"))
        return;
    line->pieces++;
    assert_int_equal(pack_read_bin(&reader, &op, NULL), STATUS_OK);
    buf_clear(&line->last);
    buf_add(&line->last, reader.at, (size_t)(reader.end - reader.at));
    assert_int_equal(pack_read_uint(&reader, &number, NULL), STATUS_OK);
    assert_int_equal(pack_read_bin(&reader, &sealed, NULL), STATUS_OK);
    line->bytes = sealed.len;
    if (line->is_flipped && line->pieces > line->sound) {
        buf_add(out, message.data, message.len);
        out->data[out->len - 1] ^= 1;
    }
}

static void deinit_line(struct line *line)
{
    buf_deinit(&line->last);
    buf_deinit(&line->other);
}

static void compose_fetch(struct line *line, const struct id *op, uint64_t number)
{
    buf_clear(&line->other);
    pack_array(&line->other, 3);
    pack_str(&line->other, "fetch");
    pack_bin(&line->other, op->bytes, ID_SIZE);
    pack_uint(&line->other, number);
}

/* In the first message of a fresh session a node asks for that piece: what it is
 * answered, but for the id. */
static void ask(struct sim_county *f, struct world_node *asker, struct world_node *other,
                const struct id *op, uint64_t number, struct buf *answer)
{
    bool dials = asker != f->township || other == f->county;
    struct line asking = {.instead_of = dials ? "neg" : "same"},
                answering = {.pieces = 0};
    compose_fetch(&asking, op, number);
    world_set_mutator(asker, watch, &asking);
    world_set_mutator(other, watch, &answering);
    world_restart(f->world, asker);
    world_run(f->world, 3000);
    buf_clear(answer);
    buf_add(answer, answering.last.data, answering.last.len);
    world_set_mutator(asker, NULL, NULL);
    world_set_mutator(other, NULL, NULL);
    deinit_line(&asking);
    deinit_line(&answering);
}

static struct id op_of(struct sim_county *f, struct world_node *node, const char *record)
{
    char hex[2 * ID_SIZE + 1] = "";
    uint64_t here, lacking;
    struct id op;
    assert_true(files_listed(f, node, record, hex, &here, &lacking));
    assert_true(hex_decode(op.bytes, ID_SIZE, hex));
    return op;
}

/* An op of its record behind one that is nowhere. */
static struct id admit_waiting(struct sim_county *f, const struct id *attached)
{
    static const struct id nowhere = {{0xee}};
    struct store_place place;
    struct buf bytes = {0};
    assert_int_equal(store_op_find(world_store(f->township), attached, &place),
                     STATUS_OK);
    struct forgery forgery = {.seed = world_steward_seed(f->fengyuan),
                              .kind = "permit",
                              .scope = &place.scope,
                              .of = f->fengyuan,
                              .parents = &nowhere,
                              .parents_len = 1,
                              .time = 20};
    struct id id = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, f->township, buf_bytes(&bytes)), STATUS_OK);
    buf_deinit(&bytes);
    return id;
}

static void O5_pieces_that_a_site_may_not_have_are_as_unknown_to_it_as_none(void **state)
{
    struct sim_county *f = *state;
    struct buf unknown = {0}, answer = {0};
    struct id none = {{7}};
    char hex[65], number[32];
    send_file(f, bytes_str("what the township was sent"), hex);
    world_run(f->world, 5000);
    struct id attached = op_of(f, f->township, hex);
    sim_escalate(f, f->xikou, "照常");

    ask(f, f->xikou, f->township, &none, 0, &unknown);
    assert_true(unknown.len > 0);
    ask(f, f->xikou, f->township, &attached, 0, &answer);
    assert_true(bytes_equal(buf_bytes(&answer), buf_bytes(&unknown)));
    /* The file of a case, by the op that attached it, and an op of another kind. */
    files_case(f, number);
    struct id private = files_attach(f, number, "b.txt", bytes_str("what stays"));
    ask(f, f->township, f->fengyuan, &private, 0, &answer);
    assert_true(bytes_equal(buf_bytes(&answer), buf_bytes(&unknown)));
    ask(f, f->xikou, f->township, world_site(f->xikou), 0, &answer);
    assert_true(bytes_equal(buf_bytes(&answer), buf_bytes(&unknown)));
    /* One that waits, to the site that brought it. */
    struct id waiting = admit_waiting(f, &attached);
    ask(f, f->fengyuan, f->township, &waiting, 0, &answer);
    assert_true(bytes_equal(buf_bytes(&answer), buf_bytes(&unknown)));
    /* The test can see the difference; and beyond the last piece there is none. */
    ask(f, f->fengyuan, f->township, &attached, 0, &answer);
    assert_true(answer.len > unknown.len);
    ask(f, f->fengyuan, f->township, &attached, 1, &answer);
    assert_int_equal(answer.len, unknown.len);
    buf_deinit(&unknown);
    buf_deinit(&answer);
}

static void what_was_committed_is_not_sent_again(void **state)
{
    struct sim_county *f = *state;
    struct line line = {.is_flipped = true, .sound = 10};
    char hex[65], id[2 * ID_SIZE + 1];
    uint64_t here = 0, lacking = 0;
    struct buf file = files_text("piece by piece ", 30 * ATTACHMENT_CHUNK_SIZE);
    world_set_mutator(f->fengyuan, watch, &line);
    send_file(f, buf_bytes(&file), hex);
    world_run(f->world, 5000);
    assert_true(files_listed(f, f->township, hex, id, &here, &lacking));
    assert_int_equal(here, 10);
    assert_int_equal(lacking, 20);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_BUSY);

    line = (struct line){.last = line.last};
    world_restart(f->world, f->township);
    world_run(f->world, 120000);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    assert_int_equal(line.pieces, 20);
    world_set_mutator(f->fengyuan, NULL, NULL);
    buf_deinit(&file);
    deinit_line(&line);
}

static void a_piece_that_is_another_is_not_kept_and_stops_nothing(void **state)
{
    struct sim_county *f = *state;
    struct line line = {.is_flipped = true};
    char hex[65], other[65];
    world_set_mutator(f->fengyuan, watch, &line);
    send_file(f, bytes_str("one"), hex);
    send_file(f, bytes_str("other"), other);
    world_run(f->world, 5000);
    assert_true(line.pieces >= 2);
    assert_int_equal(files_bytes_kept(f->township), 0);
    assert_int_equal(files_get(f, f->township, hex, bytes_str("one")), STATUS_BUSY);
    assert_int_equal(sim_count(world_log(f->township), "end=INVALID"), 0);

    world_set_mutator(f->fengyuan, NULL, NULL);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 5000);
    assert_int_equal(files_get(f, f->township, hex, bytes_str("one")), STATUS_OK);
    assert_int_equal(files_get(f, f->township, other, bytes_str("other")), STATUS_OK);
    deinit_line(&line);
}

/* In place of a message of that name; the other one ends the session. */
static void lie(struct sim_county *f, struct line *line, const char *instead_of,
                uint32_t repeats)
{
    char hex[65];
    uint32_t before = sim_count(world_log(f->township), "end=INVALID");
    line->instead_of = instead_of;
    world_set_mutator(f->fengyuan, watch, line);
    world_set_repeats(f->fengyuan, repeats);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 3000);
    assert_int_equal(sim_count(world_log(f->township), "end=INVALID"), before + 1);
    world_set_mutator(f->fengyuan, NULL, NULL);
    world_set_repeats(f->fengyuan, 0);
    world_run(f->world, 60000);
    send_file(f, bytes_str("afterwards"), hex); /* all is as before */
    world_run(f->world, 5000);
    assert_int_equal(files_get(f, f->township, hex, bytes_str("afterwards")), STATUS_OK);
    deinit_line(line);
}

static void who_asks_faster_than_it_is_answered_is_cut_off(void **state)
{
    struct line line = {0};
    struct id op = {{9}};
    compose_fetch(&line, &op, 0);
    lie(*state, &line, "neg", 500);
}

static void who_asks_for_a_piece_that_no_file_has_is_cut_off(void **state)
{
    struct line line = {0};
    struct id op = {{9}};
    compose_fetch(&line, &op, ATTACHMENT_CHUNKS_MAX);
    lie(*state, &line, "neg", 0);
}

static void who_brings_a_piece_that_nobody_asked_for_is_cut_off(void **state)
{
    struct line line = {0};
    struct id op = {{9}};
    pack_array(&line.other, 4);
    pack_str(&line.other, "piece");
    pack_bin(&line.other, op.bytes, ID_SIZE);
    pack_uint(&line.other, 0);
    pack_bin(&line.other, "x", 1);
    lie(*state, &line, "neg", 0);
}

static void set_bytes(struct sim_county *f, const char *bytes)
{
    char site[2 * ID_SIZE + 1];
    hex_encode(site, world_site(f->fengyuan)->bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "peer.quota", "site", site, "bytes", bytes);
}

static void pieces_count_as_brought_and_wait_beyond_the_quota(void **state)
{
    struct sim_county *f = *state;
    struct store_source source;
    char hex[65], id[2 * ID_SIZE + 1];
    uint64_t here = 0, lacking = 0;
    struct buf file = files_text("more than may be ", 6 * ATTACHMENT_CHUNK_SIZE);
    set_bytes(f, "#300000");
    send_file(f, buf_bytes(&file), hex);
    world_run(f->world, 10000);
    assert_true(files_listed(f, f->township, hex, id, &here, &lacking));
    assert_in_range(here, 1, 4);
    assert_int_equal(
        store_source_get(world_store(f->township), world_site(f->fengyuan), &source),
        STATUS_OK);
    assert_true(source.bytes > here * ATTACHMENT_CHUNK_SIZE && source.bytes <= 300000);
    assert_true(source.refused > 0);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_BUSY);

    set_bytes(f, "#30000000");
    world_run(f->world, 120000);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    buf_deinit(&file);
}

/* --- back --- */

/* Does that text stand anywhere in a file of that machine? */
static bool is_on_disk(const struct sim_county *f, enum card card, struct bytes sought)
{
    static const char *const ends[] = {"", "-wal"};
    bool is_found = false;
    for (int i = 0; i < 2; i++) {
        char name[SCRATCH_SIZE + 64], chunk[4096];
        struct buf bytes = {0};
        (void)snprintf(name, sizeof(name), "%s/node-%d.db%s", f->directory, (int)card,
                       ends[i]);
        FILE *file = fopen(name, "rb");
        assert_non_null(file);
        for (size_t got; (got = fread(chunk, 1, sizeof(chunk), file)) > 0;)
            buf_add(&bytes, chunk, got);
        assert_int_equal(fclose(file), 0);
        is_found |= memmem(bytes.data, bytes.len, sought.data, sought.len) != NULL;
        buf_deinit(&bytes);
    }
    return is_found;
}

static enum status copy_op(void *context, const struct store_op *op)
{
    buf_add(context, op->bytes.data, op->bytes.len);
    return STATUS_OK;
}

static void recall(struct sim_county *f, const char *hex)
{
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "当事人撤回同意");
}

static void I7_no_piece_and_no_key_of_a_recalled_file_is_left_anywhere(void **state)
{
    struct sim_county *f = *state;
    struct buf sealed = {0};
    struct op *op = calloc(1, sizeof(*op));
    struct attached file;
    char hex[65];
    assert_non_null(op);
    send_file(f, bytes_str("what comes back"), hex);
    world_run(f->world, 5000);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason", "看");
    world_run(f->world, 5000);
    struct id id = op_of(f, f->county, hex);
    assert_int_equal(store_chunk_of(world_store(f->county), &id, 0, &sealed), STATUS_OK);
    struct buf bytes = {0};
    assert_int_equal(store_op_get(world_store(f->county), &id, copy_op, &bytes),
                     STATUS_OK);
    assert_int_equal(op_decode_bytes(op, buf_bytes(&bytes), NULL), STATUS_OK);
    assert_true(attached_read_released(op, &file));
    const struct bytes sought[] = {
        buf_bytes(&sealed), bytes_of(file.key, sizeof(file.key)), bytes_str("a.txt")};
    for (size_t i = 0; i < 3; i++)
        assert_true(is_on_disk(f, CARD_TOWNSHIP, sought[i]) &&
                    is_on_disk(f, CARD_COUNTY, sought[i]));

    recall(f, hex);
    world_run(f->world, 5000);

    for (size_t i = 0; i < 3; i++)
        assert_false(is_on_disk(f, CARD_TOWNSHIP, sought[i]) ||
                     is_on_disk(f, CARD_COUNTY, sought[i]));
    assert_false(is_on_disk(f, CARD_FENGYUAN, sought[0])); /* given to nobody any more */
    assert_int_equal(files_get(f, f->township, hex, bytes_str("")), STATUS_NOT_FOUND);
    assert_int_equal(files_get(f, f->fengyuan, hex, bytes_str("")), STATUS_NOT_FOUND);
    assert_int_equal(files_bytes_kept(f->county), 0);
    buf_deinit(&sealed);
    buf_deinit(&bytes);
    free(op);
}

static void a_recall_ends_what_is_still_coming(void **state)
{
    struct sim_county *f = *state;
    struct line line = {.is_flipped = true, .sound = 5};
    char hex[65];
    struct buf file = files_text("never whole ", 9 * ATTACHMENT_CHUNK_SIZE);
    world_set_mutator(f->fengyuan, watch, &line);
    send_file(f, buf_bytes(&file), hex);
    world_run(f->world, 5000);
    assert_true(files_bytes_kept(f->township) > 5 * ATTACHMENT_CHUNK_SIZE);

    uint32_t before = line.pieces;
    line.is_flipped = false;
    recall(f, hex);
    world_restart(f->world, f->township);
    world_run(f->world, 60000);

    assert_int_equal(line.pieces, before);
    assert_int_equal(files_bytes_kept(f->township), 0);
    struct store_piece piece;
    const struct id least = {{0}};
    assert_int_equal(store_lacking_next(world_store(f->township), world_site(f->fengyuan),
                                        &least, &piece),
                     STATUS_NOT_FOUND);
    world_set_mutator(f->fengyuan, NULL, NULL);
    buf_deinit(&file);
    deinit_line(&line);
}

static void a_file_that_is_passed_over_is_asked_for_when_it_is_whole_there(void **state)
{
    struct sim_county *f = *state;
    struct line line = {.is_flipped = true};
    char hex[65];
    world_set_mutator(f->fengyuan, watch, &line);
    send_file(f, bytes_str("late"), hex);
    world_run(f->world, 5000);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason", "看");
    world_run(f->world, 5000);
    assert_int_equal(files_get(f, f->township, hex, bytes_str("late")), STATUS_BUSY);
    assert_int_equal(files_get(f, f->county, hex, bytes_str("late")), STATUS_BUSY);

    world_set_mutator(f->fengyuan, NULL, NULL);
    world_restart(f->world, f->fengyuan);
    world_run(f->world, 5000);
    assert_int_equal(files_get(f, f->county, hex, bytes_str("late")), STATUS_OK);
    deinit_line(&line);
}

static void what_a_village_lost_with_its_disk_comes_back(void **state)
{
    struct sim_county *f = *state;
    char hex[65];
    world_power_off(f->world, f->fengyuan);
    card_keep(f, CARD_FENGYUAN, "before");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    world_run(f->world, 5000);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    send_file(f, bytes_str("what went up"), hex);
    world_run(f->world, 5000);
    world_power_off(f->world, f->fengyuan);
    card_restore(f, CARD_FENGYUAN, "before");
    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);
    world_run(f->world, 120000);
    assert_int_equal(files_get(f, f->fengyuan, hex, bytes_str("what went up")),
                     STATUS_OK);
}

static void a_rebuild_knows_what_is_still_lacking(void **state)
{
    struct sim_county *f = *state;
    struct line line = {.is_flipped = true};
    struct buf before = {0}, after = {0};
    char hex[65];
    world_set_mutator(f->fengyuan, watch, &line);
    send_file(f, bytes_str("one"), hex);
    world_run(f->world, 5000);
    assert_int_equal(store_dump(world_store(f->township), &before), STATUS_OK);
    assert_int_equal(world_rebuild(f->township), STATUS_OK);
    assert_int_equal(store_dump(world_store(f->township), &after), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    world_set_mutator(f->fengyuan, NULL, NULL);
    buf_deinit(&before);
    buf_deinit(&after);
    deinit_line(&line);
}

/* A department that was invited for the talk alone holds the record, and not its file. */
static void a_file_goes_where_its_key_may_and_nowhere_else(void **state)
{
    struct sim_county *f = *state;
    struct buf unknown = {0}, answer = {0};
    const struct id none = {{7}};
    char hex[65];
    send_file(f, bytes_str("what the township was sent"), hex);
    world_run(f->world, 5000);
    struct id attached = op_of(f, f->township, hex);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.invite", "escalation", hex, "site",
            "溪口村", "classes", "[talk]", "text", "请协助");
    world_run(f->world, 5000);
    ask(f, f->xikou, f->township, &none, 0, &unknown);
    assert_true(unknown.len > 0);
    ask(f, f->xikou, f->township, &attached, 0, &answer);
    assert_true(bytes_equal(buf_bytes(&answer), buf_bytes(&unknown)));
    buf_deinit(&unknown);
    buf_deinit(&answer);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
#define ON_DISK(name)                                                                    \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_that_a_release_names_goes_up_and_onward),
        TEST(only_what_every_party_consented_to_goes_up),
        TEST(a_release_takes_so_many_files),
        TEST(what_a_mediator_asked_for_a_steward_releases),
        TEST(O5_pieces_that_a_site_may_not_have_are_as_unknown_to_it_as_none),
        TEST(a_file_goes_where_its_key_may_and_nowhere_else),
        TEST(what_was_committed_is_not_sent_again),
        TEST(a_piece_that_is_another_is_not_kept_and_stops_nothing),
        TEST(who_asks_faster_than_it_is_answered_is_cut_off),
        TEST(who_asks_for_a_piece_that_no_file_has_is_cut_off),
        TEST(who_brings_a_piece_that_nobody_asked_for_is_cut_off),
        TEST(pieces_count_as_brought_and_wait_beyond_the_quota),
        ON_DISK(I7_no_piece_and_no_key_of_a_recalled_file_is_left_anywhere),
        TEST(a_recall_ends_what_is_still_coming),
        TEST(a_file_that_is_passed_over_is_asked_for_when_it_is_whole_there),
        ON_DISK(what_a_village_lost_with_its_disk_comes_back),
        TEST(a_rebuild_knows_what_is_still_lacking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
