#include "tests/sim/sim_carrying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_confirmed.h"
#include "tests/sim/sim_folder.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_stray.h"

#define TRIES_MAX 4000

/* A record with a file of two pieces, which no line carries. */
static void release_a_file(struct sim_county *f, char record[static 65])
{
    struct buf file = files_text("photo ", ATTACHMENT_CHUNK_SIZE + 5);
    char number[32];
    world_set_offline(f->world, f->fengyuan, true);
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", record);
    buf_deinit(&file);
}

static void assert_is_there(struct sim_county *f, const char *record)
{
    struct buf file = files_text("photo ", ATTACHMENT_CHUNK_SIZE + 5);
    assert_int_equal(files_get(f, f->township, record, buf_bytes(&file)), STATUS_OK);
    buf_deinit(&file);
}

/* One try: what a client does until it is refused. */
typedef enum status try_fn(struct sim_county *f, void *what);

static bool fails_once(struct sim_county *f, const struct sim_fault *fault,
                       struct world_node *node, try_fn *attempt, void *what)
{
    fault->arm(node);
    enum status status = attempt(f, what);
    bool has_failed = fault->disarm();
    if (!fault->is_borne)
        assert_int_equal(world_has_stopped(node), has_failed);
    if (!has_failed)
        assert_int_equal(status, STATUS_OK);
    if (world_has_stopped(node))
        sim_start_again(f, node);
    return has_failed;
}

static void fail_until_done(struct sim_county *f, const struct sim_fault *fault,
                            struct world_node *node, try_fn *attempt, void *what)
{
    uint32_t failures = 0;
    world_let_stop(node);
    for (; fails_once(f, fault, node, attempt, what); failures++)
        assert_true(failures < TRIES_MAX);
    assert_true(failures >= fault->least);
}

/* ---- bundles ---- */

static enum status try_bundle_write(struct sim_county *f, void *what)
{
    stick_deinit(what);
    enum status status = world_say(f->world, f->fengyuan, NULL, "bundle.list", NULL);
    return status == STATUS_OK ? stick_try_write(f, f->fengyuan, "青河镇", what) : status;
}

/* What the township holds of a record that went on there while no line was. */
static void hear_heads(struct sim_county *f)
{
    struct stick down = {0};
    char hex[65];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 5000);
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 1000);
    hex_encode(hex, record.bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    stick_write(f, f->township, "枫源村", &down);
    (void)stick_read(f, f->fengyuan, &down);
    stick_deinit(&down);
}

static void write_wherever_it_fails(struct sim_county *f, const struct sim_fault *fault,
                                    const char *record)
{
    struct stick stick = {0};
    fail_until_done(f, fault, f->fengyuan, try_bundle_write, &stick);
    (void)stick_read(f, f->township, &stick);
    assert_is_there(f, record);
    stick_deinit(&stick);
}

void sim_fail_bundle_write(struct sim_county *f, const struct sim_fault *fault)
{
    char record[65];
    hear_heads(f);
    release_a_file(f, record);
    write_wherever_it_fails(f, fault, record);
}

void sim_fail_whole_bundle(struct sim_county *f, const struct sim_fault *fault)
{
    struct store *store = world_store(f->fengyuan);
    uint8_t key[32];
    char record[65];
    release_a_file(f, record);
    world_noise_key(f->township, key);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_confirmed_forget(store, key), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    write_wherever_it_fails(f, fault, record);
}

static enum status read_all(struct sim_county *f, struct world_node *node,
                            const struct stick *stick)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < stick->len; i++) {
        struct stick_read read;
        status = stick_read_one(f, node, buf_bytes(&stick->files[i]), &read);
    }
    return status;
}

/* Twice: the second time it brings what is known. */
static enum status try_bundle_read(struct sim_county *f, void *what)
{
    enum status status = read_all(f, f->township, what);
    return status == STATUS_OK ? read_all(f, f->township, what) : status;
}

/* Each time one that has something new. */
void sim_fail_bundle_read(struct sim_county *f, const struct sim_fault *fault)
{
    uint32_t failures = 0;
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        struct stick stick = {0};
        char record[65];
        assert_true(failures < TRIES_MAX);
        release_a_file(f, record);
        stick_write(f, f->fengyuan, "青河镇", &stick);
        has_failed = fails_once(f, fault, f->township, try_bundle_read, &stick);
        assert_int_equal(try_bundle_read(f, &stick), STATUS_OK);
        assert_is_there(f, record);
        stick_deinit(&stick);
        stick_write(f, f->township, "枫源村", &stick); /* it was read */
        (void)stick_read(f, f->fengyuan, &stick);
        stick_deinit(&stick);
    }
    assert_true(failures >= fault->least);
}

/* An op of the township's charter and the file come in one turn. */
void sim_fail_bundle_opened(struct sim_county *f, const struct sim_fault *fault)
{
    uint32_t failures = 0;
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 1000);
    world_let_stop(f->township);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        struct stick stick = {0};
        assert_true(failures < TRIES_MAX);
        struct id record = sim_escalate(f, f->fengyuan, "水渠");
        stick_write(f, f->fengyuan, "青河镇", &stick);
        stray_begin(f, f->xikou, f->township, failures);
        stray_ask_to_read(f->township, STRAY_OTHER, buf_bytes(&stick.files[0]));
        world_run(f->world, 0);
        fault->arm(f->township);
        world_return_jobs(f->township, WRAP_OK);
        world_run(f->world, 0);
        has_failed = fault->disarm();
        if (!fault->is_borne)
            assert_int_equal(world_has_stopped(f->township), has_failed);
        if (world_has_stopped(f->township))
            sim_start_again(f, f->township);
        assert_int_equal(read_all(f, f->township, &stick), STATUS_OK);
        sim_assert_state(f, f->township, &record, "received");
        stick_deinit(&stick);
    }
    assert_true(failures >= fault->least);
}

static enum status try_to_hear(struct sim_county *f, void *what)
{
    return read_all(f, f->fengyuan, what);
}

void sim_fail_renewal_by_stick(struct sim_county *f, const struct sim_fault *fault)
{
    uint32_t failures = 0;
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 1000);
    world_let_stop(f->fengyuan);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        struct stick up = {0}, down = {0}, early = {0};
        assert_true(failures < TRIES_MAX);
        stick_write(f, f->township, "枫源村", &early); /* for the keys of before */
        SIM_SAY(f, f->fengyuan, NULL, "node.renew", "again", "true");
        world_run(f->world, 1000);
        struct id record = sim_escalate(f, f->fengyuan, "水渠");
        stick_write(f, f->fengyuan, "青河镇", &up);
        (void)stick_read(f, f->township, &up);
        stick_write(f, f->township, "枫源村", &down);
        has_failed = fails_once(f, fault, f->fengyuan, try_to_hear, &early);
        if (!has_failed)
            has_failed = fails_once(f, fault, f->fengyuan, try_to_hear, &down);
        assert_int_equal(try_to_hear(f, &down), STATUS_OK);
        sim_assert_state(f, f->fengyuan, &record, "received");
        sim_assert_state(f, f->township, &record, "received");
        stick_deinit(&up);
        stick_deinit(&down);
        stick_deinit(&early);
    }
    assert_true(failures >= fault->least);
}

/* ---- backups ---- */

static enum status try_backup(struct sim_county *f, void *what)
{
    folder_deinit(what);
    *(struct folder *)what = (struct folder){0};
    enum status status = folder_try_back_up(f, f->fengyuan, what);
    return status == STATUS_OK ? folder_try_back_up(f, f->fengyuan, what) : status;
}

void sim_fail_backup(struct sim_county *f, const struct sim_fault *fault)
{
    struct folder folder = {0};
    char record[65];
    release_a_file(f, record);
    fail_until_done(f, fault, f->fengyuan, try_backup, &folder);
    folder_assert_restores(&folder, f->fengyuan);
    folder_deinit(&folder);
}

static enum status meet(struct sim_county *f, void *what)
{
    world_run(f->world, 70000);
    return STATUS_OK;
}

/* Each time it comes back anew, and has lost a record that the township holds. */
void sim_fail_coming_back(struct sim_county *f, const struct sim_fault *fault,
                          bool at_heard)
{
    struct world_node *failing = at_heard ? f->township : f->fengyuan;
    uint32_t failures = 0;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 5000);
    world_let_stop(failing);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        struct folder folder = {0};
        assert_true(failures < TRIES_MAX);
        folder_back_up(f, f->fengyuan, &folder);
        struct id later = sim_escalate(f, f->fengyuan, "田界");
        world_run(f->world, 5000);
        world_set_offline(f->world, f->fengyuan, true);
        folder_put_back(f, f->fengyuan, &folder);
        world_set_offline(f->world, f->fengyuan, false);
        has_failed = fails_once(f, fault, failing, meet, NULL);
        world_run(f->world, 140000);
        sim_assert_state(f, f->fengyuan, &later, "received");
        struct buf out = {0};
        SIM_SAY(f, f->township, &out, "peer.list");
        assert_null(memmem(out.data, out.len, "rollback", 8));
        buf_deinit(&out);
        folder_deinit(&folder);
    }
    assert_true(failures >= fault->least);
}

static enum status restore_all(struct place *place, const uint8_t *seed,
                               const struct folder *folder)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < folder->stick.len; i++)
        status = place_take(place, seed, buf_bytes(&folder->stick.files[i]));
    return status == STATUS_OK ? place_end(place) : status;
}

void sim_fail_restore(struct sim_county *f, void (*arm)(struct store *store),
                      bool (*disarm)(void))
{
    struct folder folder = {0};
    char record[65];
    uint32_t failures = 0;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    world_run(f->world, 5000);
    release_a_file(f, record);
    folder_back_up(f, f->fengyuan, &folder);
    for (bool has_failed = true; has_failed; failures += has_failed) {
        struct place place;
        assert_true(failures < TRIES_MAX);
        place_make(&place);
        arm(place.store);
        enum status status =
            restore_all(&place, world_recovery_seed(f->fengyuan), &folder);
        has_failed = disarm();
        if (status == STATUS_OK)
            place_assert_same(&place, world_store(f->fengyuan));
        if (!has_failed)
            assert_int_equal(status, STATUS_OK);
        place_free(&place);
    }
    assert_true(failures > 20);
    folder_deinit(&folder);
}
