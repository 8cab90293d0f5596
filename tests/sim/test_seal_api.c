/* What people see of seals, and a witness that is no peer, on whole nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/witness.h"
#include "proto/pack.h"
#include "proto/seal_proof.h"
#include "proto/tlog_proof.h"
#include "tests/sim/outside.h"
#include "tests/sim/sim_county.h"

#define HOURS (UINT64_C(3600) * 1000)
#define DAYS (24 * HOURS)

/* --- answers --- */

static bool take_element(void *context, struct bytes element)
{
    *(struct bytes *)context = element;
    return false; /* the first */
}

/* The first of a list; it is not empty. */
static struct bytes first_of(struct bytes map, const char *name)
{
    struct bytes element = {0};
    view_map_each(map, name, take_element, &element);
    assert_int_not_equal(element.len, 0);
    return element;
}

static uint64_t number_of(struct bytes map, const char *name)
{
    uint64_t number = UINT64_MAX;
    assert_true(view_map_uint(map, name, &number));
    return number;
}

static struct bytes text_of(struct bytes map, const char *name)
{
    struct bytes text = {0};
    assert_true(view_map_text(map, name, &text));
    return text;
}

static void machine_name(const struct world_node *node,
                         char out[static WITNESS_NAME_SIZE])
{
    uint8_t key[KEY_SIZE];
    key_sign_public(key, world_node_seed(node));
    witness_name(out, key);
}

/* --- a witness of the world outside --- */

static enum status bring(struct sim_county *f, const char *vkey, const char *note)
{
    return world_say(f->world, f->fengyuan, NULL, "seal.add", "note", note, "witness",
                     vkey, NULL);
}

/* --- lists --- */

struct cosigners {
    const char *witness;
    char site[64];
    uint64_t size;
};

static bool find_cosigner(void *context, struct bytes element)
{
    struct cosigners *sought = context;
    if (!bytes_equal_str(text_of(element, "witness"), sought->witness))
        return true;
    struct bytes site = text_of(element, "site");
    (void)snprintf(sought->site, sizeof(sought->site), "%.*s", (int)site.len,
                   (const char *)site.data);
    sought->size = number_of(element, "size");
    return false;
}

static struct cosigners cosigner_of(struct sim_county *f, const char *witness)
{
    struct cosigners sought = {.witness = witness, .site = "none"};
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "seal.list");
    view_map_each(first_of(buf_bytes(&out), "logs"), "cosigned", find_cosigner, &sought);
    buf_deinit(&out);
    return sought;
}

static void a_log_is_listed_with_its_newest_seals_and_who_cosigned(void **state)
{
    struct sim_county *f = *state;
    char township[WITNESS_NAME_SIZE];
    struct buf out = {0};
    world_run(f->world, DAYS + HOURS);
    machine_name(f->township, township);

    SIM_SAY(f, f->fengyuan, &out, "seal.list");

    struct bytes log = first_of(buf_bytes(&out), "logs");
    assert_int_equal(view_map_count(buf_bytes(&out), "logs"), 1);
    assert_int_equal(number_of(log, "size"), 2);
    assert_int_equal(view_map_count(log, "seals"), 2);
    struct bytes newest = first_of(log, "seals");
    assert_int_equal(number_of(newest, "place"), 1);
    assert_true(bytes_equal_str(text_of(newest, "kind"), "day"));
    assert_true(number_of(newest, "shared") > 0);
    assert_int_equal(number_of(newest, "private"), 0);
    struct cosigners cosigner = cosigner_of(f, township);
    assert_int_equal(cosigner.size, 2);
    assert_string_equal(cosigner.site, "青河镇");

    SIM_SAY(f, f->fengyuan, &out, "status");
    struct bytes seals;
    assert_true(view_map_get(buf_bytes(&out), "seals", &seals));
    assert_int_equal(number_of(seals, "size"), 2);
    assert_int_equal(number_of(seals, "cosigned"), 2);

    SIM_SAY(f, f->fengyuan, &out, "seal.list", "after", "#1", "limit", "#5");
    struct bytes first = first_of(first_of(buf_bytes(&out), "logs"), "seals");
    assert_true(bytes_equal_str(text_of(first, "kind"), "begin"));
    SIM_SAY(f, f->fengyuan, &out, "seal.list", "limit", "#0");
    assert_int_equal(view_map_count(first_of(buf_bytes(&out), "logs"), "seals"), 0);
    buf_deinit(&out);
}

static bool count_village(void *context, struct bytes element)
{
    uint32_t *count = context;
    *count += bytes_equal_str(text_of(element, "name"), "枫源村") &&
              number_of(element, "size") == 1;
    assert_true(view_map_has_text(element, "successor", ""));
    return true;
}

static void a_parent_lists_the_logs_that_it_watches(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    uint32_t count = 0;
    world_run(f->world, HOURS);

    SIM_SAY(f, f->township, &out, "seal.witnessed");

    view_map_each(buf_bytes(&out), "logs", count_village, &count);
    assert_int_equal(count, 1);
    SIM_SAY(f, f->fengyuan, &out, "seal.witnessed");
    assert_int_equal(view_map_count(buf_bytes(&out), "logs"), 0);
    SIM_SAY(f, f->township, &out, "seal.proofs");
    assert_int_equal(view_map_count(buf_bytes(&out), "proofs"), 0);
    assert_int_equal(
        world_say(f->world, f->township, &out, "seal.proof", "number", "#1", NULL),
        STATUS_NOT_FOUND);
    buf_deinit(&out);
}

/* --- a proof, as people get it --- */

/* For other people's tools (tests/e2e/seal_proof.sh): the file, and the key in hex. */
static void hand_out(struct bytes file, const uint8_t key[static KEY_SIZE])
{
    const char *path = getenv("FENGQIAO_PROOF");
    char name[512], hex[2 * KEY_SIZE + 1];
    if (path == NULL)
        return;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(file.data, 1, file.len, out), file.len);
    assert_int_equal(fclose(out), 0);
    hex_encode(hex, key, KEY_SIZE);
    (void)snprintf(name, sizeof(name), "%s.key", path);
    out = fopen(name, "wb");
    assert_non_null(out);
    assert_true(fputs(hex, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void I6_the_proof_of_two_histories_names_the_machine_to_anybody(void **state)
{
    struct sim_county *f = *state;
    static struct seal_proof proof;
    struct buf out = {0}, other = {0};
    struct bytes raw, file;
    uint8_t machine[KEY_SIZE], key[KEY_SIZE];
    char number[32];
    world_run(f->world, HOURS);
    struct world_node *copy = world_copy(f->world, f->fengyuan, "copy:1");
    world_set_offline(f->world, copy, true);
    assert_int_equal(world_power_on(f->world, copy), STATUS_OK);
    world_run(f->world, DAYS);
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, copy, false);
    world_run(f->world, HOURS);

    SIM_SAY(f, f->township, &out, "seal.proofs");

    struct bytes row = first_of(buf_bytes(&out), "proofs");
    assert_true(bytes_equal_str(text_of(row, "kind"), "fork"));
    assert_true(bytes_equal_str(text_of(row, "name"), "枫源村"));
    (void)snprintf(number, sizeof(number), "#%u", (unsigned)number_of(row, "number"));
    SIM_SAY(f, f->township, &other, "seal.proof", "number", number);
    assert_true(view_map_get(buf_bytes(&other), "file", &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &file, NULL), STATUS_OK);
    assert_int_equal(seal_proof_read(&proof, file, NULL), STATUS_OK);
    assert_int_equal(seal_proof_judge(&proof, machine, NULL), STATUS_OK);
    key_sign_public(key, world_node_seed(f->fengyuan));
    assert_memory_equal(machine, key, KEY_SIZE);
    hand_out(file, key);
    /* Its own log goes on in another one, which names the first. */
    SIM_SAY(f, copy, &out, "seal.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "logs"), 2);
    assert_true(bytes_equal(text_of(first_of(buf_bytes(&out), "logs"), "former"),
                            proof.checkpoint.origin));
    buf_deinit(&out);
    buf_deinit(&other);
}

/* --- that a seal stands in its log --- */

/* Anybody can check it who has the machine's key: the seal stands in it as extra. */
static uint64_t check_proved(struct sim_county *f, const struct buf *out, uint64_t place)
{
    static struct tlog_proof proof;
    struct pack_reader reader;
    struct bytes raw, file;
    struct merkle_hash leaf;
    struct note_key key;
    struct seal seal;
    uint8_t machine[KEY_SIZE];
    assert_true(view_map_get(buf_bytes(out), "file", &raw));
    reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &file, NULL), STATUS_OK);
    assert_int_equal(tlog_proof_read(&proof, file, NULL), STATUS_OK);
    assert_int_equal(proof.index, place);
    merkle_leaf(&leaf, proof.extra, proof.extra_len);
    assert_true(tlog_proof_holds(&proof, &leaf));
    assert_int_equal(seal_read(&seal, bytes_of(proof.extra, proof.extra_len), NULL),
                     STATUS_OK);
    assert_int_equal(seal.kind, place == 0 ? SEAL_BEGIN : SEAL_DAY);
    key_sign_public(machine, world_node_seed(f->fengyuan));
    note_key_init(&key, proof.checkpoint.origin, NOTE_ED25519, machine);
    assert_int_equal(note_verify(&proof.note, &key, NULL), STATUS_OK);
    assert_int_equal(number_of(buf_bytes(out), "size"), proof.checkpoint.size);
    proof.extra[proof.extra_len - 1] ^= 1;
    merkle_leaf(&leaf, proof.extra, proof.extra_len);
    assert_false(tlog_proof_holds(&proof, &leaf));
    return proof.note.signatures_len;
}

static void a_seal_is_proved_under_the_newest_that_was_cosigned(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    bool is_cosigned = false;
    world_run(f->world, DAYS + HOURS);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, DAYS);
    SIM_SAY(f, f->fengyuan, &out, "seal.prove", "place", "#1");
    assert_true(view_map_flag(buf_bytes(&out), "cosigned", &is_cosigned) && is_cosigned);
    assert_int_equal(number_of(buf_bytes(&out), "size"), 2);
    assert_int_equal(check_proved(f, &out, 1), 2);

    /* The newest one nobody has seen yet: the machine signs for it alone. */
    SIM_SAY(f, f->fengyuan, &out, "seal.prove", "place", "#2");
    assert_true(view_map_flag(buf_bytes(&out), "cosigned", &is_cosigned) && !is_cosigned);
    assert_int_equal(number_of(buf_bytes(&out), "size"), 3);
    assert_int_equal(check_proved(f, &out, 2), 1);

    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "seal.prove", "place", "#3", NULL),
        STATUS_NOT_FOUND);
    buf_deinit(&out);
}

/* --- a witness that is no peer --- */

static void a_witness_outside_cosigns_what_a_file_brings_it(void **state)
{
    struct sim_county *f = *state;
    struct outside outside;
    struct buf out = {0}, answer = {0};
    outside_init(&outside, 7, "witness.example/村");
    world_run(f->world, HOURS);

    SIM_SAY(f, f->fengyuan, &out, "seal.request");
    outside_answer(&outside, text_of(buf_bytes(&out), "request"), false, &answer);
    assert_int_equal(bring(f, outside.vkey, (const char *)answer.data), STATUS_OK);

    struct cosigners cosigner = cosigner_of(f, "witness.example/村");
    assert_int_equal(cosigner.size, 1);
    assert_string_equal(cosigner.site, "");
    assert_int_equal(bring(f, outside.vkey, (const char *)answer.data), STATUS_EXISTS);

    /* The next one goes on from there, and the log may have grown before it is back. */
    world_run(f->world, DAYS);
    SIM_SAY(f, f->fengyuan, &out, "seal.request");
    assert_int_equal(number_of(buf_bytes(&out), "old"), 1);
    buf_clear(&answer);
    outside_answer(&outside, text_of(buf_bytes(&out), "request"), false, &answer);
    world_run(f->world, DAYS);
    assert_int_equal(bring(f, outside.vkey, (const char *)answer.data), STATUS_OK);
    assert_int_equal(cosigner_of(f, "witness.example/村").size, 2);

    SIM_SAY(f, f->fengyuan, &out, "seal.request", "witness", outside.vkey);
    buf_clear(&answer);
    outside_answer(&outside, text_of(buf_bytes(&out), "request"), true, &answer);
    assert_int_equal(bring(f, outside.vkey, (const char *)answer.data), STATUS_OK);
    assert_int_equal(cosigner_of(f, "witness.example/村").size, 3);
    buf_deinit(&out);
    buf_deinit(&answer);
}

static void a_request_proves_from_what_is_asked_for(void **state)
{
    struct sim_county *f = *state;
    struct outside other;
    struct buf out = {0};
    outside_init(&other, 8, "other.example");
    world_run(f->world, HOURS);

    SIM_SAY(f, f->fengyuan, &out, "seal.request", "old", "#1");
    assert_int_equal(number_of(buf_bytes(&out), "old"), 1);
    SIM_SAY(f, f->fengyuan, &out, "seal.request", "witness", other.vkey);
    assert_int_equal(number_of(buf_bytes(&out), "old"), 0);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "seal.request", "old", "#2", NULL),
        STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "seal.request", "witness",
                               "other.example+1234", NULL),
                     STATUS_INVALID);
    buf_deinit(&out);
}

static void what_a_witness_did_not_say_of_this_log_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct outside outside, stranger, posing;
    struct buf out = {0}, lines = {0}, whole = {0}, theirs = {0}, vkey = {0};
    struct note_key notes;
    char name[WITNESS_NAME_SIZE];
    outside_init(&outside, 7, "witness.example");
    outside_init(&stranger, 8, "witness.example");
    machine_name(f->township, name);
    outside_init(&posing, 9, name);
    world_run(f->world, HOURS);
    SIM_SAY(f, f->fengyuan, &out, "seal.request");
    outside_answer(&outside, text_of(buf_bytes(&out), "request"), false, &lines);
    outside.size = 0;
    merkle_empty(&outside.root);
    outside_answer(&outside, text_of(buf_bytes(&out), "request"), true, &whole);
    SIM_SAY(f, f->xikou, &out, "seal.request");
    outside.size = 0;
    merkle_empty(&outside.root);
    outside_answer(&outside, text_of(buf_bytes(&out), "request"), true, &theirs);
    note_key_init(&notes, outside.key.name, NOTE_ED25519, outside.key.key);
    note_key_write(&vkey, &notes);
    buf_add_u8(&vkey, '\0');

    /* another key of that name, one that signs notes, one with a machine's name */
    assert_int_equal(bring(f, stranger.vkey, (char *)lines.data), STATUS_UNVERIFIED);
    assert_int_equal(bring(f, stranger.vkey, (char *)whole.data), STATUS_UNVERIFIED);
    assert_int_equal(bring(f, (char *)vkey.data, (char *)lines.data), STATUS_UNSUPPORTED);
    assert_int_equal(bring(f, posing.vkey, (char *)lines.data), STATUS_INVALID);
    assert_int_equal(bring(f, "witness.example", (char *)lines.data), STATUS_INVALID);
    /* another log, no note, no lines */
    assert_int_equal(bring(f, outside.vkey, (char *)theirs.data), STATUS_INVALID);
    assert_int_equal(bring(f, outside.vkey, "三天后"), STATUS_INVALID);
    assert_int_equal(bring(f, outside.vkey, "— witness.example\n"), STATUS_INVALID);
    /* one letter of the signature */
    uint8_t *letter = &lines.data[lines.len - 12];
    *letter = *letter == 'A' ? 'B' : 'A';
    assert_int_equal(bring(f, outside.vkey, (char *)lines.data), STATUS_UNVERIFIED);
    assert_int_equal(cosigner_of(f, "witness.example").size, 0);
    /* nobody but a steward */
    sim_add_person(f, f->fengyuan, "高某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "高某", "135791"), STATUS_OK);
    assert_int_equal(bring(f, outside.vkey, (char *)whole.data), STATUS_DENIED);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_int_equal(bring(f, outside.vkey, (char *)whole.data), STATUS_OK);
    buf_deinit(&out);
    buf_deinit(&lines);
    buf_deinit(&whole);
    buf_deinit(&theirs);
    buf_deinit(&vkey);
}

/* A checkpoint that claims more than the log has, or another tree, signed by the witness
 * alone: as it may say, but of no log of ours. */
static void a_checkpoint_that_the_log_never_had_is_refused(void **state)
{
    struct sim_county *f = *state;
    static const uint64_t sizes[] = {0, 1, 2, 900};
    struct outside outside;
    struct buf out = {0};
    outside_init(&outside, 7, "witness.example");
    world_run(f->world, HOURS);
    SIM_SAY(f, f->fengyuan, &out, "seal.list");
    struct bytes origin = text_of(first_of(buf_bytes(&out), "logs"), "origin");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct buf text = {0}, note = {0};
        checkpoint_write(&text, origin, sizes[i], &outside.root);
        note_add_text(&note, buf_bytes(&text));
        note_cosign(&note, &outside.pair, outside.key.name, 5, buf_bytes(&text));
        buf_add_u8(&note, '\0');
        assert_int_equal(bring(f, outside.vkey, (char *)note.data), STATUS_UNVERIFIED);
        buf_deinit(&text);
        buf_deinit(&note);
    }
    buf_deinit(&out);
}

int main(void)
{
#define A_TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
#define ON_DISK(name)                                                                    \
    cmocka_unit_test_setup_teardown(name, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        A_TEST(a_log_is_listed_with_its_newest_seals_and_who_cosigned),
        A_TEST(a_parent_lists_the_logs_that_it_watches),
        ON_DISK(I6_the_proof_of_two_histories_names_the_machine_to_anybody),
        A_TEST(a_seal_is_proved_under_the_newest_that_was_cosigned),
        A_TEST(a_witness_outside_cosigns_what_a_file_brings_it),
        A_TEST(a_request_proves_from_what_is_asked_for),
        A_TEST(what_a_witness_did_not_say_of_this_log_is_refused),
        A_TEST(a_checkpoint_that_the_log_never_had_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
