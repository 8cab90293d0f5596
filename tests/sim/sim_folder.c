#include "tests/sim/sim_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "crypto/age_reader.h"
#include "node/cases/view.h"
#include "node/core/job.h"
#include "proto/pack_map.h"
#include "tests/sim/sim_files.h"

/* --- what there is --- */

void folder_fill(struct sim_county *f)
{
    struct buf file = files_text(FOLDER_CANARY " photo ", 3 * ATTACHMENT_CHUNK_SIZE + 5);
    char number[32], hex[65];
    (void)sim_escalate(f, f->fengyuan, "水渠");
    files_case(f, number);
    files_attach(f, number, "沟.txt", buf_bytes(&file));
    files_consent(f, number, "[沟.txt]");
    files_release(f, number, "[沟.txt]", hex);
    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", number, "text", FOLDER_CANARY);
    SIM_SAY(f, f->fengyuan, NULL, "paste.add", "text", "王家来电话");
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    world_run(f->world, 5000);
    buf_deinit(&file);
}

struct folder_file folder_attach(struct sim_county *f, const char *tag)
{
    struct folder_file attached;
    struct buf file = files_text(tag, 2 * ATTACHMENT_CHUNK_SIZE);
    files_case(f, attached.number);
    struct id op = files_attach(f, attached.number, "沟.txt", buf_bytes(&file));
    hex_encode(attached.hex, op.bytes, ID_SIZE);
    buf_deinit(&file);
    return attached;
}

void folder_take_away(struct sim_county *f, const struct folder_file *attached)
{
    SIM_SAY(f, f->fengyuan, NULL, "attach.remove", "case", attached->number, "file",
            attached->hex, "reason", "拍到了旁人");
}

/* --- writing --- */

static struct bytes bin_of(struct bytes map, const char *name)
{
    struct bytes raw, bin;
    assert_true(pack_map_find(map, name, 0, &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &bin, NULL), STATUS_OK);
    return bin;
}

bool folder_keep(struct folder *folder, struct bytes answer)
{
    struct stick *stick = &folder->stick;
    bool is_last = false;
    struct bytes file = bin_of(answer, "file"), mark = bin_of(answer, "mark");
    assert_true(stick->len < STICK_FILES_MAX);
    assert_true(file.len <= BUNDLE_FILE_MAX);
    buf_add(&stick->files[stick->len++], file.data, file.len);
    buf_clear(&folder->mark);
    buf_add(&folder->mark, mark.data, mark.len);
    assert_true(view_map_flag(answer, "last", &is_last));
    return is_last;
}

enum status folder_begin(struct sim_county *f, struct world_node *node,
                         const struct folder *folder, struct buf *out)
{
    struct buf map = {0};
    pack_map(&map, folder->mark.len > 0 ? 1 : 0);
    if (folder->mark.len > 0) {
        pack_str(&map, "after");
        pack_bin(&map, folder->mark.data, folder->mark.len);
    }
    enum status status = world_call(f->world, node, "backup.write", buf_bytes(&map), out);
    buf_deinit(&map);
    return status;
}

enum status folder_try_back_up(struct sim_county *f, struct world_node *node,
                               struct folder *folder)
{
    struct buf out = {0};
    enum status status = folder_begin(f, node, folder, &out);
    while (status == STATUS_OK && !folder_keep(folder, buf_bytes(&out)))
        status = world_say(f->world, node, &out, "backup.next", NULL);
    if (status == STATUS_OK)
        status = world_say(f->world, node, NULL, "backup.done", NULL);
    buf_deinit(&out);
    return status;
}

void folder_back_up(struct sim_county *f, struct world_node *node, struct folder *folder)
{
    assert_int_equal(folder_try_back_up(f, node, folder), STATUS_OK);
}

void folder_deinit(struct folder *folder)
{
    stick_deinit(&folder->stick);
    buf_deinit(&folder->mark);
}

/* --- restoring --- */

void place_make(struct place *place)
{
    *place = (struct place){0};
    assert_true(scratch_make(place->directory));
    (void)snprintf(place->file, sizeof(place->file), "%s/node.db", place->directory);
    assert_int_equal(store_open(&place->store, place->file, NULL, true, NULL), STATUS_OK);
    restore_init(&place->restore, place->store);
}

void place_free(struct place *place)
{
    restore_wipe(&place->restore);
    store_close(place->store);
    scratch_remove(place->directory);
}

enum status place_take(struct place *place, const uint8_t *seed, struct bytes file)
{
    struct job *job = job_new(JOB_OPEN);
    struct bundle_header header;
    struct bytes messages;
    if (job == NULL)
        return STATUS_NO_MEMORY;
    key_dh_of_sign_seed(job->seed, seed);
    buf_add(&job->wire, file.data, file.len);
    job_run(job);
    enum status status = job->opened == AGE_WHOLE ? STATUS_OK : STATUS_UNVERIFIED;
    place->err = (struct err){0};
    if (status == STATUS_OK)
        status = bundle_check(buf_bytes(&job->bytes), &header, &messages, &place->err);
    if (status == STATUS_OK)
        status = restore_take(&place->restore, &header, messages, &place->err);
    job_free(job);
    return status;
}

enum status place_end(struct place *place)
{
    struct core_config config = {.store = place->store, .rng = rng_system()};
    place->err = (struct err){0};
    return restore_end(&place->restore, &config, &place->err);
}

void place_take_all(struct place *place, const uint8_t *seed, const struct folder *folder)
{
    for (uint32_t i = 0; i < folder->stick.len; i++)
        if (place_take(place, seed, buf_bytes(&folder->stick.files[i])) != STATUS_OK)
            fail_msg("file %u: %s", (unsigned)i, place->err.text);
}

void place_assert_same(const struct place *place, struct store *a)
{
    struct store *b = place->store;
    struct buf one = {0}, two = {0};
    struct backup_mark mark = {0};
    bool is_of;
    assert_int_equal(store_dump(a, &one), STATUS_OK);
    assert_int_equal(store_dump(b, &two), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&one), buf_bytes(&two)));
    assert_int_equal(backup_mark_now(a, &mark), STATUS_OK);
    assert_int_equal(backup_mark_is_of(b, &mark, &is_of), STATUS_OK);
    assert_true(is_of);
    buf_deinit(&one);
    buf_deinit(&two);
}

void folder_put_back_of(struct sim_county *f, struct world_node *node,
                        const uint8_t *seed, const struct folder *folder)
{
    struct place place = {0};
    assert_int_equal(world_new_disk(f->world, node, &place.store), STATUS_OK);
    restore_init(&place.restore, place.store);
    place_take_all(&place, seed, folder);
    assert_int_equal(place_end(&place), STATUS_OK);
    world_set_keys(node, place.restore.node_seed, place.restore.noise_secret);
    restore_wipe(&place.restore);
    store_close(place.store);
    assert_int_equal(world_power_on(f->world, node), STATUS_OK);
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
}

void folder_put_back(struct sim_county *f, struct world_node *node,
                     const struct folder *folder)
{
    folder_put_back_of(f, node, world_recovery_seed(node), folder);
}

void folder_assert_restores(const struct folder *folder, struct world_node *node)
{
    struct place place;
    place_make(&place);
    place_take_all(&place, world_recovery_seed(node), folder);
    if (place_end(&place) != STATUS_OK)
        fail_msg("%s", place.err.text);
    place_assert_same(&place, world_store(node));
    place_free(&place);
}
