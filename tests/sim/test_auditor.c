/* What an auditor learns who has no more than his role, and what from a file that is
 * handed to him: where everything was said, what is withheld, and what is in a case
 * alone, is not in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "tests/sim/far_client.h"
#include "tests/sim/sim_spoken.h"

#define CLIENT 100
#define PIN "135791"

static const char *found(const struct needles *needles, struct bytes hay)
{
    return needles_find(needles, hay, NEEDLE_NOBODY);
}

/* Each method is asked for the case and for the record, and for nothing. */
static void an_auditor_reads_no_content_from_afar(void **state)
{
    struct sim_county *f = *state;
    struct spoken spoken;
    struct far_client far;
    uint32_t answered = 0;
    sim_speak(f, &spoken);
    struct needles *needles = sim_spoken_needles(f);
    sim_add_person(f, f->fengyuan, "审某", "auditor", NULL);
    far_open(&far, f, f->fengyuan, CLIENT);
    far_sign_in(&far, "审某");
    assert_int_equal(far_say(&far, "unlock", "pin", PIN, NULL), STATUS_OK);
    for (size_t i = 0; i < api_methods_len; i++) {
        const char *method = api_methods[i].name;
        const char *const asked[][2] = {{NULL, NULL},
                                        {"case", spoken.number},
                                        {"escalation", spoken.record},
                                        {"words", SPOKEN_WORD}};
        if (strcmp(method, "sync") == 0 || strcmp(method, "device.lock") == 0)
            continue;
        for (size_t a = 0; a < sizeof(asked) / sizeof(asked[0]); a++) {
            enum status status = far_say(&far, method, asked[a][0], asked[a][1], NULL);
            const char *what = found(needles, far.result);
            answered += status == STATUS_OK;
            if (what != NULL)
                fail_msg("%s tells an auditor %s", method, what);
        }
    }
    assert_true(answered > 10);
    far_close(&far);
    needles_free(needles);
}

/* --- a file that is handed over --- */

/* Of a node's ops: the ids of those of cases, what opens their contents, and what opens
 * those of the others. */
struct kept {
    struct needles *ids, *cases, *records;
};

static struct kept kept_new(void)
{
    return (struct kept){needles_new(), needles_new(), needles_new()};
}

static void kept_free(struct kept *kept)
{
    needles_free(kept->ids);
    needles_free(kept->cases);
    needles_free(kept->records);
}

static enum status keep(void *context, const struct store_op *row)
{
    struct kept *kept = context;
    struct op op;
    bool has_contents = false;
    assert_int_equal(op_decode_bytes(&op, row->bytes, NULL), STATUS_OK);
    op_trust(&op, &row->id);
    const struct schema_kind *kind = schema_kind(op.kind);
    struct needles *contents = row->tree == TREE_PRIVATE ? kept->cases : kept->records;
    if (row->tree == TREE_PRIVATE)
        needles_add_pieces(kept->ids, 0, "the id of an op of a case",
                           bytes_of(row->id.bytes, ID_SIZE));
    for (uint32_t i = 0; i < op.fields_len; i++) {
        const struct op_field *field = &op.fields[i];
        const struct schema_field *known = schema_field(kind, field->name);
        if (!field->is_shown || known->disclosure == CLASS_FACT)
            continue;
        has_contents = true;
        needles_add_pieces(contents, 0, "the salt of a content",
                           bytes_of(field->salt, OP_SALT_SIZE));
    }
    if (has_contents && op.has_secret)
        needles_add_pieces(contents, 0, "the secret of an op with contents",
                           bytes_of(op.secret, OP_SECRET_SIZE));
    return STATUS_OK;
}

/* about: "escalation", "case" or "site". */
static void take_evidence(struct sim_county *f, const char *about, const char *which,
                          const char *withhold, struct buf *file)
{
    bool has_cases = strcmp(about, "site") == 0;
    struct buf out = {0};
    struct bytes raw, bytes;
    if (has_cases)
        SIM_SAY(f, f->fengyuan, &out, "evidence", about, which, "cases", "true",
                withhold == NULL ? NULL : "withhold", withhold);
    else
        SIM_SAY(f, f->fengyuan, &out, "evidence", about, which,
                withhold == NULL ? NULL : "withhold", withhold);
    assert_true(view_map_get(buf_bytes(&out), "bytes", &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &bytes, NULL), STATUS_OK);
    buf_clear(file);
    buf_add(file, bytes.data, bytes.len);
    buf_deinit(&out);
}

/* Of a record, of a case, of all that a site has. */
static void a_file_with_everything_withheld_shows_an_auditor_facts_alone(void **state)
{
    struct sim_county *f = *state;
    struct spoken spoken;
    struct kept kept = kept_new();
    struct buf file = {0};
    sim_speak(f, &spoken);
    needles_add(kept.records, 0, "a content", bytes_str(SPOKEN_WORD));
    assert_int_equal(store_ops_all(world_store(f->fengyuan), 0, keep, &kept), STATUS_OK);
    const struct {
        const char *about, *which;
        const char *kind; /* of an op that stays */
        bool has_cases;   /* where nothing is withheld */
    } rows[] = {{"escalation", spoken.record, "escalate", false},
                {"case", spoken.number, "case-new", true},
                {"site", "true", "case-new", true}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        take_evidence(f, rows[i].about, rows[i].which, "[all]", &file);

        const char *of_case = found(kept.cases, buf_bytes(&file));
        const char *of_record = found(kept.records, buf_bytes(&file));
        if (of_case != NULL || of_record != NULL)
            fail_msg("of a %s: %s", rows[i].about, of_case != NULL ? of_case : of_record);
        assert_true(sim_count(buf_bytes(&file), rows[i].kind) > 0);

        /* Or the search could find nothing. */
        take_evidence(f, rows[i].about, rows[i].which, NULL, &file);
        assert_int_equal(found(kept.cases, buf_bytes(&file)) != NULL, rows[i].has_cases);
        assert_non_null(found(kept.records, buf_bytes(&file)));
    }
    kept_free(&kept);
    buf_deinit(&file);
}

/* Its number, what it was told besides, the ids of its ops, whatever opens them. */
static void a_file_of_a_record_shows_an_auditor_nothing_of_its_case(void **state)
{
    struct sim_county *f = *state;
    struct spoken spoken;
    struct kept kept = kept_new();
    struct buf file = {0}, out = {0};
    sim_speak(f, &spoken);
    needles_add(kept.ids, 0, "the number of a case", bytes_str(spoken.number));
    needles_add(kept.ids, 0, "a note of a case", bytes_str(SPOKEN_WORD "-note"));
    needles_add(kept.ids, 0, "what proves a consent", bytes_str(SPOKEN_WORD "-witness"));
    assert_int_equal(store_ops_all(world_store(f->fengyuan), 0, keep, &kept), STATUS_OK);

    take_evidence(f, "escalation", spoken.record, NULL, &file);

    const char *what = found(kept.ids, buf_bytes(&file));
    const char *opens = found(kept.cases, buf_bytes(&file));
    if (what != NULL || opens != NULL)
        fail_msg("the file holds %s", what != NULL ? what : opens);
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", spoken.number);
    assert_non_null(found(kept.ids, buf_bytes(&out)));    /* of which this is full … */
    take_evidence(f, "case", spoken.number, NULL, &file); /* … and this of what opens */
    assert_non_null(found(kept.cases, buf_bytes(&file)));
    kept_free(&kept);
    buf_deinit(&file);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(an_auditor_reads_no_content_from_afar),
        ONE(a_file_with_everything_withheld_shows_an_auditor_facts_alone),
        ONE(a_file_of_a_record_shows_an_auditor_nothing_of_its_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
