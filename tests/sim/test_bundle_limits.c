/* Bundles that have more to say than one may, and what becomes of one that is written
 * while the other site, or what is shared with it, comes to be another. What the store
 * has for a bundle to say is raised by what lies nowhere; all else is as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/age_writer.h"
#include "node/cases/view.h"
#include "proto/pack_map.h"
#include "storage/store_bundles.h"
#include "storage/store_lacking.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_stick.h"

/* --- a store that has more to say than it holds --- */

static struct store *talkative; /* of scopes and files */
static uint32_t heads_more;     /* of each scope, where any */

static struct id numbered(uint32_t number)
{
    struct id id = {{0xee}};
    id.bytes[28] = (uint8_t)(number >> 16);
    id.bytes[29] = (uint8_t)(number >> 8);
    id.bytes[30] = (uint8_t)number;
    id.bytes[31] = 0xff; /* whoever counts on from it carries */
    return id;
}

static enum status push_numbered(uint64_t len, store_id_fn *fn, void *context)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < len; i++) {
        struct id id = numbered(i);
        status = fn(context, &id);
    }
    return status;
}

enum status __real_store_bundle_news(struct store *store, const struct id *site,
                                     int64_t since_seq, uint64_t limit, store_id_fn *fn,
                                     void *context);
enum status __wrap_store_bundle_news(struct store *store, const struct id *site,
                                     int64_t since_seq, uint64_t limit, store_id_fn *fn,
                                     void *context);

enum status __wrap_store_bundle_news(struct store *store, const struct id *site,
                                     int64_t since_seq, uint64_t limit, store_id_fn *fn,
                                     void *context)
{
    return store == talkative
               ? push_numbered(limit, fn, context)
               : __real_store_bundle_news(store, site, since_seq, limit, fn, context);
}

enum status __real_store_scope_heads(struct store *store, const struct id *scope,
                                     store_id_fn *fn, void *context);
enum status __wrap_store_scope_heads(struct store *store, const struct id *scope,
                                     store_id_fn *fn, void *context);

enum status __wrap_store_scope_heads(struct store *store, const struct id *scope,
                                     store_id_fn *fn, void *context)
{
    return heads_more > 0 ? push_numbered(heads_more, fn, context)
                          : __real_store_scope_heads(store, scope, fn, context);
}

enum status __real_store_lacking_next(struct store *store, const struct id *site,
                                      const struct id *from, struct store_piece *piece);
enum status __wrap_store_lacking_next(struct store *store, const struct id *site,
                                      const struct id *from, struct store_piece *piece);

enum status __wrap_store_lacking_next(struct store *store, const struct id *site,
                                      const struct id *from, struct store_piece *piece)
{
    if (store != talkative)
        return __real_store_lacking_next(store, site, from, piece);
    uint32_t at = (uint32_t)from->bytes[28] << 16 | (uint32_t)from->bytes[29] << 8 |
                  from->bytes[30];
    *piece = (struct store_piece){.op = numbered(at)};
    return STATUS_OK;
}

static int set_up(void **state)
{
    talkative = NULL;
    heads_more = 0;
    return sim_county_set_up_in_memory(state);
}

/* How many scopes, or files, the message of that name in a file for the township names.
 */
static uint32_t said_in(struct sim_county *f, const struct buf *file, const char *name)
{
    struct buf payload = stick_open(f->township, buf_bytes(file));
    struct bundle_header header;
    struct bytes messages, bytes, word;
    uint32_t elements, count = 0;
    bool is_there = false;
    assert_int_equal(bundle_check(buf_bytes(&payload), &header, &messages, NULL),
                     STATUS_OK);
    while (bundle_next(&messages, &bytes)) {
        struct pack_reader reader = pack_reader_of(bytes);
        assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
        assert_int_equal(pack_read_str(&reader, &word, NULL), STATUS_OK);
        if (!bytes_equal_str(word, name))
            continue;
        assert_int_equal(pack_read_array(&reader, &count, NULL), STATUS_OK);
        is_there = true;
    }
    assert_true(is_there);
    buf_deinit(&payload);
    return count;
}

/* Written by fengyuan of so much, and read by the township. */
static struct stick write_and_read(struct sim_county *f)
{
    struct stick up = {0};
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    talkative = world_store(f->fengyuan);
    stick_write(f, f->fengyuan, "青河镇", &up);
    talkative = NULL;
    assert_true(stick_read(f, f->township, &up).news > 0);
    return up;
}

static void one_says_of_so_many_scopes_and_files_and_no_more(void **state)
{
    struct sim_county *f = *state;
    struct stick up = write_and_read(f);
    assert_int_equal(said_in(f, &up.files[0], "held"), BUNDLE_SCOPES_MAX);
    assert_int_equal(said_in(f, &up.files[0], "lacks"), BUNDLE_SCOPES_MAX);
    stick_deinit(&up);
}

/* A scope of many heads takes the place of many scopes of one; what was not said then is
 * said in the next one. */
static void one_says_of_so_many_heads_and_no_more(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0}, down = {0}, rest = {0};
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    for (int i = 0; i < 20; i++)
        (void)sim_escalate(f, f->fengyuan, "水渠");
    heads_more = 3000;
    stick_write(f, f->fengyuan, "青河镇", &up);
    heads_more = 0;
    uint32_t scopes = said_in(f, &up.files[0], "held");
    assert_in_range(scopes, 10, 18);
    assert_true(stick_read(f, f->township, &up).news > 0);
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    stick_write(f, f->fengyuan, "青河镇", &rest);
    assert_true(said_in(f, &rest.files[0], "held") >= 20 - scopes);
    stick_deinit(&up);
    stick_deinit(&down);
    stick_deinit(&rest);
}

/* --- machines of the other site --- */

static struct id write_elsewhere(struct sim_county *f, struct world_node *of,
                                 struct world_node *node, const uint8_t *seed,
                                 struct draft *draft)
{
    struct buf bytes = {0};
    struct forgery forgery = {.seed = seed,
                              .draft = draft,
                              .scope = draft->scope,
                              .of = of,
                              .wall = 1790000000};
    struct id id = sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, node, buf_bytes(&bytes)), STATUS_OK);
    buf_deinit(&bytes);
    draft_deinit(draft);
    return id;
}

static void add_machine(struct sim_county *f, uint8_t number)
{
    struct draft draft;
    uint8_t seed[32] = {number, 1}, key[32];
    char name[16];
    (void)snprintf(name, sizeof(name), "电脑%u", number);
    key_sign_public(key, seed);
    draft_init(&draft, "node", world_site(f->township));
    draft_bin(&draft, "key", key, 32);
    draft_text(&draft, "name", bytes_str(name));
    draft_bin(&draft, "noise-key", seed, 32);
    (void)write_elsewhere(f, f->township, f->township, world_steward_seed(f->township),
                          &draft);
}

static uint32_t count_of(struct bytes text, const char *part)
{
    uint32_t count = 0;
    size_t len = strlen(part);
    const uint8_t *at = text.data, *end = text.data + text.len;
    while ((at = memmem(at, (size_t)(end - at), part, len)) != NULL) {
        count++;
        at += len;
    }
    return count;
}

static void one_is_sealed_for_so_many_machines_and_no_more(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    for (uint8_t i = 0; i < AGE_RECIPIENTS_MAX + 3; i++)
        add_machine(f, i);
    world_run(f->world, 70000);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(count_of(buf_bytes(&up.files[0]), "-> X25519 "), AGE_RECIPIENTS_MAX);
    assert_true(stick_read(f, f->township, &up).news > 0);
    stick_deinit(&up);
}

static void one_names_so_many_of_their_bundles_and_no_more(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    struct store *store = world_store(f->fengyuan);
    struct bundle_header header;
    struct bytes messages;
    assert_int_equal(store_begin(store), STATUS_OK);
    for (uint8_t i = 0; i < BUNDLE_GOT_MAX + 3; i++) {
        struct store_bundle_read read = {.node = {i}, .number = 1};
        assert_int_equal(store_bundle_read(store, world_site(f->township), &read),
                         STATUS_OK);
    }
    assert_int_equal(store_commit(store), STATUS_OK);
    stick_write(f, f->fengyuan, "青河镇", &up);
    struct buf payload = stick_open(f->township, buf_bytes(&up.files[0]));
    assert_int_equal(bundle_check(buf_bytes(&payload), &header, &messages, NULL),
                     STATUS_OK);
    assert_int_equal(header.got_len, BUNDLE_GOT_MAX);
    (void)stick_read(f, f->township, &up);
    buf_deinit(&payload);
    stick_deinit(&up);
}

/* Of the township, as fengyuan hears it. */
static void revoke_its_machine(struct sim_county *f)
{
    struct draft draft;
    uint8_t key[32];
    key_sign_public(key, world_node_seed(f->township));
    draft_init(&draft, "revoke", world_site(f->township));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", key, 32);
    (void)write_elsewhere(f, f->township, f->fengyuan, world_steward_seed(f->township),
                          &draft);
}

#define LARGE (60u * 1024)

/* An op of its charter that has no effect and takes much room. */
static void add_large(struct sim_county *f, struct world_node *node)
{
    static char name[LARGE];
    struct draft draft;
    uint8_t key[32], seed[32] = {77};
    memset(name, 'n', sizeof(name));
    key_sign_public(key, seed);
    draft_init(&draft, "person", world_site(node));
    draft_bin(&draft, "key", key, 32);
    draft_text(&draft, "name", bytes_of(name, sizeof(name)));
    draft_text(&draft, "role", bytes_str("desk"));
    (void)write_elsewhere(f, node, node, world_steward_seed(node), &draft);
}

/* Too much for one file. */
static void add_much(struct sim_county *f)
{
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    for (int i = 0; i < 20; i++)
        add_large(f, f->fengyuan);
}

static void none_is_sealed_for_a_site_without_machines(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    add_much(f);
    SIM_SAY(f, f->fengyuan, NULL, "bundle.write", "site", "青河镇");
    revoke_its_machine(f);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "bundle.next", NULL),
                     STATUS_NOT_FOUND);
    assert_non_null(memmem(out.data, out.len, "no machine of that site", 23));
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "bundle.done", NULL),
                     STATUS_NOT_FOUND); /* the last file was never given out */
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "bundle.write", "site", "青河镇", NULL),
        STATUS_NOT_FOUND);
    assert_non_null(memmem(out.data, out.len, "no machine of that site", 23));
    buf_deinit(&out);
}

/* A site is linked of which nothing else is here. */
static void a_site_whose_charter_is_not_here_waits_for_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, payload = {0};
    struct draft draft;
    struct sign_pair pair;
    struct store *store = world_store(f->fengyuan);
    const struct store_peer peer = {
        .site = {{0x5a, 1}}, .node_key = {3}, .address = bytes_str("nowhere:1")};
    const struct id site = peer.site;
    char text[KEY_TEXT_SIZE];
    key_to_text(text, "fqs1", site.bytes);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_peer_put(store, &peer), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    draft_init(&draft, "link", world_site(f->fengyuan));
    draft_text(&draft, "as", bytes_str("child"));
    draft_bin(&draft, "site", site.bytes, ID_SIZE);
    (void)write_elsewhere(f, f->fengyuan, f->fengyuan, world_steward_seed(f->fengyuan),
                          &draft);
    SIM_SAY(f, f->fengyuan, &out, "bundle.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "sites"), 2);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "bundle.write", "site", text, NULL),
        STATUS_NOT_FOUND);
    assert_non_null(memmem(out.data, out.len, "no machine of that site", 23));
    struct bundle_header header = stick_header(f->xikou, f->fengyuan, &pair);
    header.from = site;
    bundle_begin(&payload, &header);
    assert_int_equal(bundle_end(&payload, &header, &pair), STATUS_OK);
    assert_int_equal(stick_read_forged(f, f->fengyuan, &payload), STATUS_DENIED);
    buf_deinit(&payload);
    buf_deinit(&out);
}

/* --- while it is written --- */

/* The township's recovery key takes back what its steward wrote, the link with the county
 * among it: the rest of the bundle, which is of the county's charter, is for nobody. */
static void what_is_not_shared_any_more_is_in_no_part_that_comes(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct draft draft;
    struct bytes raw, file;
    uint8_t key[32];
    uint64_t ops = 0, left = 0;
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    for (int i = 0; i < 20; i++)
        add_large(f, f->county);
    world_run(f->world, 70000);
    SIM_SAY(f, f->township, &out, "bundle.write", "site", "枫源村");
    assert_true(view_map_uint(buf_bytes(&out), "left", &left));
    assert_true(left > 0);
    key_sign_public(key, world_steward_seed(f->township));
    draft_init(&draft, "revoke", world_site(f->township));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", key, 32);
    (void)write_elsewhere(f, f->township, f->township, world_recovery_seed(f->township),
                          &draft);
    SIM_SAY(f, f->township, &out, "bundle.next");
    assert_true(view_map_uint(buf_bytes(&out), "ops", &ops));
    assert_true(view_map_uint(buf_bytes(&out), "left", &left));
    assert_int_equal(ops, 0);
    assert_int_equal(left, 0);
    assert_true(pack_map_find(buf_bytes(&out), "file", 0, &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &file, NULL), STATUS_OK);
    assert_in_range(file.len, BUNDLE_CLASS_MIN, BUNDLE_CLASS_MIN + 1024);
    buf_deinit(&out);
}

static void one_that_a_session_was_faster_than_is_done_all_the_same(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    SIM_SAY(f, f->fengyuan, NULL, "bundle.write", "site", "青河镇");
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 120000);
    sim_assert_state(f, f->township, &record, "received");
    SIM_SAY(f, f->fengyuan, NULL, "bundle.done");
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "ops"), 0);
}

/* --- what it carries --- */

static void a_file_of_as_many_pieces_as_there_may_be_goes_whole(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("photo ", ATTACHMENT_SIZE_MAX);
    struct stick up = {0};
    char number[32], hex[65];
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_int_equal(up.pieces, ATTACHMENT_CHUNKS_MAX);
    assert_int_equal(stick_read(f, f->township, &up).pieces_new, ATTACHMENT_CHUNKS_MAX);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    stick_deinit(&up);
    buf_deinit(&file);
}

/* What was written when nobody knew the time says nothing of since when. */
static void it_waits_since_the_earliest_time_that_is_known(void **state)
{
    struct sim_county *f = *state;
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
    world_set_clock(f->world, 0, WALL_NONE);
    (void)sim_escalate(f, f->fengyuan, "水渠");
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "since"), 0);
    world_set_clock(f->world, 1790009000, WALL_NTP);
    (void)sim_escalate(f, f->fengyuan, "田界");
    assert_in_range(stick_waits(f, f->fengyuan, f->township, "since"), 1790009000,
                    1790009010);
    world_set_clock(f->world, 1790005000, WALL_NTP);
    (void)sim_escalate(f, f->fengyuan, "林地");
    assert_in_range(stick_waits(f, f->fengyuan, f->township, "since"), 1790005000,
                    1790005010);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "records"), 3);
}

/* --- other keys, and a charter that fills more than a file --- */

static void renew(struct sim_county *f)
{
    SIM_SAY(f, f->fengyuan, NULL, "node.renew");
    world_run(f->world, 1000);
}

static void the_introduction_of_other_keys_may_take_several_files(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0};
    add_much(f);
    renew(f);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &up);
    assert_true(up.len >= 3);
    (void)stick_read(f, f->township, &up);
    sim_assert_state(f, f->township, &record, "received");
    stick_deinit(&up);
}

/* The township meets the new keys between two of its files. */
static void
an_introduction_that_is_needed_no_more_goes_on_under_the_new_keys(void **state)
{
    struct sim_county *f = *state;
    struct stick up = {0}, rest = {0};
    struct stick_read read;
    struct buf out = {0};
    struct bytes raw, file;
    bool is_last = false;
    add_much(f);
    renew(f);
    SIM_SAY(f, f->fengyuan, NULL, "bundle.write", "site", "青河镇");
    world_set_offline(f->world, f->fengyuan, false);
    world_run(f->world, 200000);
    world_set_offline(f->world, f->fengyuan, true);
    while (!is_last) {
        SIM_SAY(f, f->fengyuan, &out, "bundle.next");
        assert_true(view_map_flag(buf_bytes(&out), "last", &is_last));
        assert_true(pack_map_find(buf_bytes(&out), "file", 0, &raw));
        struct pack_reader reader = pack_reader_of(raw);
        assert_int_equal(pack_read_bin(&reader, &file, NULL), STATUS_OK);
        assert_int_equal(stick_read_one(f, f->township, file, &read), STATUS_OK);
        assert_int_equal(read.news, 0); /* the session had brought it */
    }
    SIM_SAY(f, f->fengyuan, NULL, "bundle.done");
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    stick_write(f, f->fengyuan, "青河镇", &rest);
    assert_int_equal(rest.len, 1);
    (void)stick_read(f, f->township, &rest);
    sim_assert_state(f, f->township, &record, "received");
    stick_deinit(&up);
    stick_deinit(&rest);
    buf_deinit(&out);
}

#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, set_up, sim_county_tear_down_in_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_says_of_so_many_scopes_and_files_and_no_more),
        TEST(one_says_of_so_many_heads_and_no_more),
        TEST(one_is_sealed_for_so_many_machines_and_no_more),
        TEST(one_names_so_many_of_their_bundles_and_no_more),
        TEST(none_is_sealed_for_a_site_without_machines),
        TEST(a_site_whose_charter_is_not_here_waits_for_nothing),
        TEST(what_is_not_shared_any_more_is_in_no_part_that_comes),
        TEST(one_that_a_session_was_faster_than_is_done_all_the_same),
        TEST(a_file_of_as_many_pieces_as_there_may_be_goes_whole),
        TEST(it_waits_since_the_earliest_time_that_is_known),
        TEST(the_introduction_of_other_keys_may_take_several_files),
        TEST(an_introduction_that_is_needed_no_more_goes_on_under_the_new_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
