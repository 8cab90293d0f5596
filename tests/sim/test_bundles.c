/* Bundles by stick: what is missing goes, and nothing else; read twice, late, in part, by
 * somebody else, or forged, they do no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/bundle.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_stick.h"

#define CANARY "CANARY-STAYS-AT-HOME"

static void take_apart(struct sim_county *f)
{
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 3000);
}

static void dump_of(struct world_node *node, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(store_dump(world_store(node), out), STATUS_OK);
}

/* --- there and back --- */

static void a_record_goes_up_by_stick_and_the_answer_comes_down(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0}, down = {0}, again = {0};
    char hex[65];
    take_apart(f);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    assert_true(stick_waits(f, f->fengyuan, f->township, "ops") > 0);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "records"), 1);

    stick_write(f, f->fengyuan, "青河镇", &up);
    struct stick_read read = stick_read(f, f->township, &up);
    assert_int_equal(read.ops, up.ops);
    assert_int_equal(read.news, up.ops);
    assert_int_equal(read.refused, 0);
    sim_assert_state(f, f->township, &record, "received");

    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text",
            "先修南边的渠。");
    stick_write(f, f->township, "枫源村", &down);
    assert_int_equal(down.ops, 3); /* received, opened, advised, and nothing else */
    read = stick_read(f, f->fengyuan, &down);
    assert_int_equal(read.news, 3);
    sim_assert_state(f, f->fengyuan, &record, "advised");
    uint64_t wall;
    assert_int_equal(store_delivery_get(world_store(f->fengyuan), &record,
                                        world_site(f->township), &wall),
                     STATUS_OK);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "ops"), 0);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "acked"), up.number);

    /* One more each way says that all is there. */
    stick_write(f, f->fengyuan, "青河镇", &again);
    assert_int_equal(again.ops, 0);
    read = stick_read(f, f->township, &again);
    assert_int_equal(read.ops, 0);
    assert_int_equal(stick_waits(f, f->township, f->fengyuan, "ops"), 0);
    stick_deinit(&up);
    stick_deinit(&down);
    stick_deinit(&again);
}

static void a_session_after_it_moves_nothing_twice(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    take_apart(f);
    for (int i = 0; i < 20; i++)
        (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &up);
    (void)stick_read(f, f->township, &up);
    stick_deinit(&up);
    /* What the township says to them goes over the line, 20 times `received`. */
    uint64_t before = world_carried(f->world);
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 60000);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "ops"), 0);
    assert_int_equal(stick_waits(f, f->township, f->fengyuan, "ops"), 0);
    assert_in_range(world_carried(f->world) - before, 1000, 30000);

    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(up.ops, 0);
    stick_deinit(&up);
}

static void what_a_lost_stick_carried_goes_again(void **state)
{
    struct sim_county *f = *state;
    struct stick lost = {0}, second = {0};
    struct buf before = {0}, after = {0};
    take_apart(f);
    struct id first = sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &lost);
    struct id other = sim_escalate(f, f->fengyuan, "田界");
    stick_write(f, f->fengyuan, "青河镇", &second);
    assert_true(second.ops > lost.ops);

    struct stick_read read = stick_read(f, f->township, &second);
    assert_int_equal(read.news, second.ops);
    assert_false(read.is_old);
    sim_assert_state(f, f->township, &first, "received");
    sim_assert_state(f, f->township, &other, "received");
    dump_of(f->township, &before);

    /* It is found after all. */
    read = stick_read(f, f->township, &lost);
    assert_int_equal(read.news, 0);
    assert_true(read.is_old);
    dump_of(f->township, &after);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    /* And its old word is not taken for the last one. */
    struct stick down = {0};
    stick_write(f, f->township, "枫源村", &down);
    assert_int_equal(down.ops, 2); /* two times received */
    stick_deinit(&lost);
    stick_deinit(&second);
    stick_deinit(&down);
    buf_deinit(&before);
    buf_deinit(&after);
}

static void I11_read_twice_it_changes_nothing(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    struct buf before = {0}, after = {0};
    take_apart(f);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &up);
    (void)stick_read(f, f->township, &up);
    dump_of(f->township, &before);
    struct stick_read read = stick_read(f, f->township, &up);
    assert_int_equal(read.ops, up.ops);
    assert_int_equal(read.news, 0);
    dump_of(f->township, &after);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    stick_deinit(&up);
    buf_deinit(&before);
    buf_deinit(&after);
}

/* --- many files --- */

static void escalate_much(struct sim_county *f, struct world_node *village, int records)
{
    static char narrative[8001];
    memset(narrative, 'n', sizeof(narrative) - 1);
    for (int i = 0; i < records; i++) {
        struct buf out = {0};
        struct bytes text;
        char number[32] = "";
        SIM_SAY(f, village, &out, "case.new", "category", "邻里", "title", "水渠",
                "narrative", narrative, "context", "去年修过一次沟。");
        assert_true(view_map_text(buf_bytes(&out), "number", &text));
        memcpy(number, text.data, text.len);
        SIM_SAY(f, village, &out, "case.triage", "case", number, "decision", "escalate",
                "beyond", "true", "reason", "涉及两村");
        SIM_SAY(f, village, &out, "escalate.release", "case", number, "fields",
                "[title,narrative,context]", "reason", "超出村里权限", "no_parties",
                "渠是村里的");
        buf_deinit(&out);
    }
}

static void U3_parts_may_come_in_any_order_and_one_later(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0}, rest = {0};
    struct stick_read read;
    take_apart(f);
    escalate_much(f, f->fengyuan, 250);
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_true(up.len >= 3);
    uint64_t before = sim_status(f, f->township, "escalations");
    for (uint32_t i = up.len; i > 0; i--)
        if (i != 2)
            assert_int_equal(
                stick_read_one(f, f->township, buf_bytes(&up.files[i - 1]), &read),
                STATUS_OK);
    uint64_t some = sim_status(f, f->township, "escalations");
    assert_in_range(some, before + 1, before + 249);
    assert_int_equal(stick_read_one(f, f->township, buf_bytes(&up.files[1]), &read),
                     STATUS_OK);
    assert_int_equal(sim_status(f, f->township, "escalations"), before + 250);

    /* The answer says so, and nothing is left to write. */
    struct stick down = {0};
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    stick_write(f, f->fengyuan, "青河镇", &rest);
    assert_int_equal(rest.ops, 0);
    stick_deinit(&up);
    stick_deinit(&down);
    stick_deinit(&rest);
}

static void U3_a_file_that_is_cut_or_changed_anywhere_is_refused_whole(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    struct stick_read read;
    struct buf before = {0}, after = {0};
    take_apart(f);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(up.len, 1);
    dump_of(f->township, &before);
    struct buf *file = &up.files[0];
    for (size_t len = 0; len < file->len; len += len < 300 ? 1 : 5003)
        assert_int_not_equal(
            stick_read_one(f, f->township, bytes_of(file->data, len), &read), STATUS_OK);
    for (size_t i = 0; i < file->len; i += i < 300 ? 1 : 5003) {
        file->data[i] ^= 1;
        assert_int_not_equal(stick_read_one(f, f->township, buf_bytes(file), &read),
                             STATUS_OK);
        file->data[i] ^= 1;
    }
    buf_add(file, "x", 1);
    assert_int_not_equal(stick_read_one(f, f->township, buf_bytes(file), &read),
                         STATUS_OK);
    file->len--;
    dump_of(f->township, &after);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    assert_int_equal(stick_read_one(f, f->township, buf_bytes(file), &read), STATUS_OK);
    stick_deinit(&up);
    buf_deinit(&before);
    buf_deinit(&after);
}

/* --- files of records --- */

static void files_go_along_and_what_lacks_is_asked_for(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("whose ditch ", 20 * ATTACHMENT_CHUNK_SIZE + 5);
    struct stick up = {0}, down = {0}, again = {0};
    struct stick_read read;
    char number[32], hex[65];
    take_apart(f);
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    SIM_SAY(f, f->fengyuan, NULL, "bundle.write", "site", "青河镇");
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "bundle.done", NULL),
                     STATUS_NOT_FOUND); /* there are more parts */
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(up.pieces, 21);
    assert_true(up.len >= 2);
    /* The second file is lost. */
    for (uint32_t i = 0; i < up.len; i++)
        if (i != 1)
            assert_int_equal(
                stick_read_one(f, f->township, buf_bytes(&up.files[i]), &read),
                STATUS_OK);
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    stick_write(f, f->fengyuan, "青河镇", &again);
    assert_int_equal(again.ops, 0);
    assert_int_equal(again.pieces, 21);
    read = stick_read(f, f->township, &again);
    assert_in_range(read.pieces_new, 1, 20);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    stick_deinit(&up);
    stick_deinit(&down);
    stick_deinit(&again);
    buf_deinit(&file);
}

/* --- sovereignty --- */

/* A record that does not name the reader enters when all ops are there; only then is its
 * file wanted, and what is said to be held of it understood. */
static void what_goes_onward_comes_with_its_file(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("whose ditch ", 3 * ATTACHMENT_CHUNK_SIZE);
    struct stick up = {0}, down = {0};
    char number[32], hex[65];
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    world_run(f->world, 10000);
    world_set_offline(f->world, f->county, true);
    world_run(f->world, 3000);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
            "上报");
    stick_write(f, f->township, "示例县", &up);
    assert_int_equal(up.pieces, 3);

    struct stick_read read = stick_read(f, f->county, &up);

    assert_int_equal(read.pieces_new, 3);
    assert_int_equal(files_get(f, f->county, hex, buf_bytes(&file)), STATUS_OK);
    stick_write(f, f->county, "青河镇", &down);
    assert_int_equal(down.ops, 1); /* that it was received */
    stick_deinit(&up);
    stick_deinit(&down);
    buf_deinit(&file);
}

static void quarrel(struct sim_county *f, const char *text)
{
    for (int i = 0; i < 40; i++) {
        struct buf out = {0};
        struct bytes number;
        char name[32] = "";
        SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", text,
                "narrative", text);
        assert_true(view_map_text(buf_bytes(&out), "number", &number));
        memcpy(name, number.data, number.len);
        SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", name, "text", text);
        buf_deinit(&out);
    }
}

static void I3_nothing_of_a_case_stands_in_a_bundle(void **state)
{
    struct sim_county *f = *state;
    struct stick first = {0}, second = {0};
    take_apart(f);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &first);
    quarrel(f, CANARY);
    stick_write(f, f->fengyuan, "青河镇", &second);
    assert_int_equal(first.len, second.len);
    assert_int_equal(first.ops, second.ops);
    for (uint32_t i = 0; i < second.len; i++) {
        struct buf payload = stick_open(f->township, buf_bytes(&second.files[i]));
        assert_int_equal(first.files[i].len, second.files[i].len);
        assert_null(memmem(payload.data, payload.len, CANARY, strlen(CANARY)));
        buf_deinit(&payload);
    }
    stick_deinit(&first);
    stick_deinit(&second);
}

/* --- for somebody else, from somebody else --- */

static void U3_one_for_somebody_else_says_so(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    struct stick_read read;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(stick_read_one(f, f->xikou, buf_bytes(&up.files[0]), &read),
                     STATUS_NOT_FOUND);
    assert_int_equal(stick_read_one(f, f->fengyuan, buf_bytes(&up.files[0]), &read),
                     STATUS_NOT_FOUND);
    assert_int_equal(stick_read_one(f, f->county, buf_bytes(&up.files[0]), &read),
                     STATUS_NOT_FOUND);
    assert_int_not_equal(
        world_say(f->world, f->fengyuan, NULL, "bundle.write", "site", "示例县", NULL),
        STATUS_OK); /* it is no neighbour */
    stick_deinit(&up);
}

static enum status read_header(struct sim_county *f, struct world_node *reader,
                               const struct bundle_header *header,
                               const struct sign_pair *pair, const struct buf *message)
{
    struct buf payload = {0};
    bundle_begin(&payload, header);
    if (message != NULL)
        bundle_add(&payload, message);
    assert_int_equal(bundle_end(&payload, header, pair), STATUS_OK);
    enum status status = stick_read_forged(f, reader, &payload);
    buf_deinit(&payload);
    return status;
}

static void S2_one_of_a_stranger_or_signed_by_one_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct sign_pair pair, other;
    struct bundle_header header = stick_header(f->fengyuan, f->township, &pair);
    (void)stick_header(f->xikou, f->township, &other);
    assert_int_equal(read_header(f, f->township, &header, &pair, NULL), STATUS_OK);
    assert_int_equal(read_header(f, f->township, &header, &other, NULL),
                     STATUS_UNVERIFIED);
    memcpy(header.node, sign_pair_key(&other), 32); /* another site's machine */
    assert_int_equal(read_header(f, f->township, &header, &other, NULL), STATUS_DENIED);
    header = stick_header(f->fengyuan, f->township, &pair);
    header.network.bytes[0] ^= 1;
    assert_int_equal(read_header(f, f->township, &header, &pair, NULL), STATUS_DENIED);
    header = stick_header(f->fengyuan, f->township, &pair);
    header.to = *world_site(f->county);
    assert_int_equal(read_header(f, f->township, &header, &pair, NULL), STATUS_DENIED);
    header = stick_header(f->fengyuan, f->county, &pair); /* not linked with it */
    assert_int_equal(read_header(f, f->county, &header, &pair, NULL), STATUS_DENIED);
}

static void O4_a_machine_that_was_revoked_writes_none(void **state)
{
    struct sim_county *f = *state;
    struct sign_pair pair;
    struct bundle_header header = stick_header(f->fengyuan, f->township, &pair);
    char text[KEY_TEXT_SIZE];
    key_to_text(text, "fqk1", sign_pair_key(&pair));
    SIM_SAY(f, f->fengyuan, NULL, "node.revoke", "node", text);
    world_run(f->world, 3000);
    if (read_header(f, f->township, &header, &pair, NULL) == STATUS_OK)
        fail_msg("the township took it");
}

static void append(struct buf *message, const char *name, uint32_t elements)
{
    buf_clear(message);
    pack_array(message, elements);
    pack_str(message, name);
}

static void M2_what_no_bundle_says_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct sign_pair pair;
    struct bundle_header header = stick_header(f->fengyuan, f->township, &pair);
    struct buf message = {0};
    static const char *const names[] = {"held", "lacks", "ops", "piece", "neg", "end"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        for (uint32_t elements = 1; elements < 6; elements++) {
            append(&message, names[i], elements);
            for (uint32_t j = 1; j < elements; j++)
                pack_uint(&message, 5); /* of the wrong type */
            assert_int_equal(read_header(f, f->township, &header, &pair, &message),
                             STATUS_INVALID);
        }
    }
    append(&message, "held", 2);
    pack_array(&message, BUNDLE_SCOPES_MAX + 1);
    assert_int_equal(read_header(f, f->township, &header, &pair, &message),
                     STATUS_INVALID);
    append(&message, "held", 2);
    pack_array(&message, 1);
    pack_array(&message, 2);
    pack_bin(&message, header.from.bytes, ID_SIZE);
    pack_array(&message, 5000); /* heads */
    assert_int_equal(read_header(f, f->township, &header, &pair, &message),
                     STATUS_INVALID);
    append(&message, "lacks", 2);
    pack_array(&message, 0);
    pack_uint(&message, 1); /* behind it */
    assert_int_equal(read_header(f, f->township, &header, &pair, &message),
                     STATUS_INVALID);
    append(&message, "lacks", 2);
    pack_array(&message, 0);
    assert_int_equal(read_header(f, f->township, &header, &pair, &message), STATUS_OK);
    buf_clear(&message);
    assert_int_equal(read_header(f, f->township, &header, &pair, &message),
                     STATUS_INVALID); /* nothing at all */
    buf_deinit(&message);
}

static void O5_a_scope_that_is_not_shared_is_as_one_that_is_not_there(void **state)
{
    struct sim_county *f = *state;
    struct sign_pair pair;
    struct bundle_header header = stick_header(f->township, f->fengyuan, &pair);
    struct buf out = {0}, message = {0};
    struct id own_case;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "家事",
            "narrative", "不外传。");
    assert_true(view_map_id(buf_bytes(&out), "scope", &own_case));
    append(&message, "held", 2);
    pack_array(&message, 1);
    pack_array(&message, 2);
    pack_bin(&message, own_case.bytes, ID_SIZE);
    pack_array(&message, 0);
    assert_int_equal(read_header(f, f->fengyuan, &header, &pair, &message), STATUS_OK);
    append(&message, "lacks", 2);
    pack_array(&message, 1);
    pack_bin(&message, own_case.bytes, ID_SIZE);
    assert_int_equal(read_header(f, f->fengyuan, &header, &pair, &message), STATUS_OK);
    struct stick answer = {0};
    take_apart(f);
    stick_write(f, f->fengyuan, "青河镇", &answer);
    assert_int_equal(answer.ops, 0);
    assert_int_equal(answer.pieces, 0);
    stick_deinit(&answer);
    buf_deinit(&message);
    buf_deinit(&out);
}

/* --- who asks, and when --- */

static void a_part_is_asked_for_in_its_turn(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "bundle.next", NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "bundle.done", NULL),
                     STATUS_NOT_FOUND);
    SIM_SAY(f, f->fengyuan, &out, "bundle.write", "site", "青河镇");
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "bundle.next", NULL),
                     STATUS_NOT_FOUND);
    SIM_SAY(f, f->fengyuan, &out, "bundle.write", "site", "青河镇");
    SIM_SAY(f, f->fengyuan, &out, "bundle.done");
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "bundle.done", NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "bundle.read", "file", "text", NULL),
        STATUS_INVALID);
    buf_deinit(&out);
}

#define READER 900 /* a client that does not wait */

static void ask_to_read(struct world_node *node, struct bytes file)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, "bundle.read");
    pack_map(&request, 1);
    pack_str(&request, "file");
    pack_bin(&request, file.data, file.len);
    world_event(node, EVENT_CLIENT_OPENED, READER, (struct bytes){0});
    world_event(node, EVENT_CLIENT_REQUEST, READER, buf_bytes(&request));
    buf_deinit(&request);
}

/* No child came to be, say. The node lives on, and the file is as good as before. */
static void one_that_could_not_be_opened_is_read_again(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    struct stick_read read;
    struct buf answer = {0};
    uint32_t elements;
    uint64_t number;
    struct bytes word;
    take_apart(f);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &up);
    world_hold_jobs(f->township);
    ask_to_read(f->township, buf_bytes(&up.files[0]));
    world_run(f->world, 0);
    world_return_jobs(f->township, WRAP_NO_MEMORY);
    world_run(f->world, 0);

    assert_true(world_answered(f->township, READER, &answer));
    struct pack_reader reader = pack_reader_of(buf_bytes(&answer));
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_uint(&reader, &number, NULL), STATUS_OK);
    assert_int_equal(pack_read_str(&reader, &word, NULL), STATUS_OK);
    assert_true(bytes_equal_str(word, "NO_MEMORY"));
    assert_int_equal(stick_read_one(f, f->township, buf_bytes(&up.files[0]), &read),
                     STATUS_OK);
    assert_true(read.news > 0);
    buf_deinit(&answer);
    stick_deinit(&up);
}

static void one_that_is_read_when_the_power_goes_is_read_again(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    take_apart(f);
    escalate_much(f, f->fengyuan, 30);
    stick_write(f, f->fengyuan, "青河镇", &up);
    uint64_t before = sim_status(f, f->township, "escalations");
    ask_to_read(f->township, buf_bytes(&up.files[0]));
    for (int i = 0; i < 5; i++)
        (void)world_step(f->world);
    world_restart(f->world, f->township);
    struct stick_read read = stick_read(f, f->township, &up);
    assert_true(read.news <= read.ops);
    assert_int_equal(sim_status(f, f->township, "escalations"), before + 30);
    stick_deinit(&up);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_goes_up_by_stick_and_the_answer_comes_down),
        TEST(a_session_after_it_moves_nothing_twice),
        TEST(what_a_lost_stick_carried_goes_again),
        TEST(I11_read_twice_it_changes_nothing),
        TEST(U3_parts_may_come_in_any_order_and_one_later),
        TEST(U3_a_file_that_is_cut_or_changed_anywhere_is_refused_whole),
        TEST(files_go_along_and_what_lacks_is_asked_for),
        TEST(what_goes_onward_comes_with_its_file),
        TEST(I3_nothing_of_a_case_stands_in_a_bundle),
        TEST(U3_one_for_somebody_else_says_so),
        TEST(S2_one_of_a_stranger_or_signed_by_one_is_refused),
        TEST(O4_a_machine_that_was_revoked_writes_none),
        TEST(M2_what_no_bundle_says_is_refused),
        TEST(O5_a_scope_that_is_not_shared_is_as_one_that_is_not_there),
        TEST(a_part_is_asked_for_in_its_turn),
        TEST(one_that_could_not_be_opened_is_read_again),
        TEST(one_that_is_read_when_the_power_goes_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
