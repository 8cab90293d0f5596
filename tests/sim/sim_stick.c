#include "tests/sim/sim_stick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/age_writer.h"
#include "crypto/key.h"
#include "node/cases/view.h"
#include "node/core/job.h"
#include "proto/pack.h"
#include "proto/pack_map.h"

static bool keep_part(struct stick *stick, struct bytes answer)
{
    struct bytes raw, file;
    bool is_last = false;
    assert_true(stick->len < STICK_FILES_MAX);
    assert_true(pack_map_find(answer, "file", 0, &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &file, NULL), STATUS_OK);
    buf_add(&stick->files[stick->len++], file.data, file.len);
    assert_true(file.len <= BUNDLE_FILE_MAX);
    uint64_t ops, pieces;
    assert_true(view_map_uint(answer, "ops", &ops));
    assert_true(view_map_uint(answer, "pieces", &pieces));
    assert_true(view_map_uint(answer, "number", &stick->number));
    assert_true(view_map_flag(answer, "last", &is_last));
    stick->ops += ops;
    stick->pieces += pieces;
    return is_last;
}

enum status stick_try_write(struct sim_county *f, struct world_node *from, const char *to,
                            struct stick *stick)
{
    struct buf out = {0};
    stick->ops = stick->pieces = 0;
    enum status status =
        world_say(f->world, from, &out, "bundle.write", "site", to, NULL);
    while (status == STATUS_OK && !keep_part(stick, buf_bytes(&out)))
        status = world_say(f->world, from, &out, "bundle.next", NULL);
    if (status == STATUS_OK)
        status = world_say(f->world, from, &out, "bundle.done", NULL);
    buf_deinit(&out);
    return status;
}

void stick_write(struct sim_county *f, struct world_node *from, const char *to,
                 struct stick *stick)
{
    assert_int_equal(stick_try_write(f, from, to, stick), STATUS_OK);
}

enum status stick_read_one(struct sim_county *f, struct world_node *node,
                           struct bytes file, struct stick_read *read)
{
    struct buf map = {0}, out = {0};
    pack_map(&map, 1);
    pack_str(&map, "file");
    pack_bin(&map, file.data, file.len);
    enum status status = world_call(f->world, node, "bundle.read", buf_bytes(&map), &out);
    *read = (struct stick_read){0};
    if (status == STATUS_OK) {
        struct bytes answer = buf_bytes(&out);
        assert_true(view_map_uint(answer, "ops", &read->ops));
        assert_true(view_map_uint(answer, "new", &read->news));
        assert_true(view_map_uint(answer, "refused", &read->refused));
        assert_true(view_map_uint(answer, "pieces", &read->pieces));
        assert_true(view_map_uint(answer, "pieces_new", &read->pieces_new));
        assert_true(view_map_uint(answer, "no_room", &read->no_room));
        assert_true(view_map_flag(answer, "old", &read->is_old));
        assert_true(view_map_flag(answer, "last", &read->is_last));
    }
    buf_deinit(&map);
    buf_deinit(&out);
    return status;
}

struct stick_read stick_read(struct sim_county *f, struct world_node *node,
                             const struct stick *stick)
{
    struct stick_read sum = {0}, one;
    for (uint32_t i = 0; i < stick->len; i++) {
        assert_int_equal(stick_read_one(f, node, buf_bytes(&stick->files[i]), &one),
                         STATUS_OK);
        sum.ops += one.ops;
        sum.news += one.news;
        sum.refused += one.refused;
        sum.pieces += one.pieces;
        sum.pieces_new += one.pieces_new;
        sum.no_room += one.no_room;
        sum.is_old = one.is_old;
        sum.is_last = one.is_last;
    }
    return sum;
}

static bool to_buf(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

struct buf stick_seal(struct world_node *reader, const struct buf *payload)
{
    static struct age_writer writer;
    uint8_t key[1][KEY_SIZE], secret[KEY_SIZE];
    struct buf file = {0};
    key_dh_of_sign_seed(secret, world_node_seed(reader));
    key_dh_public(key[0], secret);
    struct rng rng = rng_system();
    assert_int_equal(age_writer_begin(&writer, (const uint8_t(*)[KEY_SIZE])key, 1, &rng,
                                      NULL, to_buf, &file),
                     AGE_MORE);
    assert_int_equal(age_writer_put(&writer, payload->data, payload->len), AGE_MORE);
    assert_int_equal(age_writer_end(&writer), AGE_WHOLE);
    return file;
}

enum status stick_read_forged(struct sim_county *f, struct world_node *reader,
                              const struct buf *payload)
{
    struct stick_read read;
    struct buf file = stick_seal(reader, payload);
    enum status status = stick_read_one(f, reader, buf_bytes(&file), &read);
    buf_deinit(&file);
    return status;
}

struct bundle_header stick_header(struct world_node *from, struct world_node *to,
                                  struct sign_pair *pair)
{
    struct bundle_header header = {.network = *world_network(from),
                                   .from = *world_site(from),
                                   .to = *world_site(to),
                                   .number = 77,
                                   .is_last = true};
    sign_pair_init(pair, world_node_seed(from));
    memcpy(header.node, sign_pair_key(pair), 32);
    return header;
}

struct buf stick_open(struct world_node *node, struct bytes file)
{
    struct job *job = job_new(JOB_OPEN);
    assert_non_null(job);
    key_dh_of_sign_seed(job->seed, world_node_seed(node));
    buf_add(&job->wire, file.data, file.len);
    job_run(job);
    assert_int_equal(job->opened, AGE_WHOLE);
    struct buf payload = job->bytes;
    job->bytes = (struct buf){0};
    job_free(job);
    return payload;
}

struct wanted {
    const struct id *site;
    const char *member;
    uint64_t value;
    bool is_found;
};

static bool look_at_row(void *context, struct bytes row)
{
    struct wanted *wanted = context;
    if (!view_map_has_id(row, "site", wanted->site))
        return true;
    wanted->is_found = view_map_uint(row, wanted->member, &wanted->value);
    return false;
}

uint64_t stick_waits(struct sim_county *f, struct world_node *node,
                     const struct world_node *site, const char *member)
{
    struct buf out = {0};
    struct wanted wanted = {.site = world_site(site), .member = member};
    SIM_SAY(f, node, &out, "bundle.list");
    view_map_each(buf_bytes(&out), "sites", look_at_row, &wanted);
    assert_true(wanted.is_found);
    buf_deinit(&out);
    return wanted.value;
}

void stick_deinit(struct stick *stick)
{
    for (uint32_t i = 0; i < stick->len; i++)
        buf_deinit(&stick->files[i]);
    *stick = (struct stick){0};
}
