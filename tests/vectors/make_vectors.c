/*
 * make_vectors: prints the frozen ops of ops.txt, accepted and refused ones. The same
 * bytes on every machine and in every run.
 */
#include "tests/vectors/vector_maker.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#define NETWORK "fengqiao"

static void print_founding(struct maker *maker)
{
    maker_begin_founding(maker, "found");
    maker_add_text(maker, "name", "枫桥村");
    maker_add(maker, "recovery", RAW("\xc4\x04\x01\x02\x03\x04"));
    maker_accept(maker, "founding-charter");
    maker->charter = maker->op.id;

    maker_begin_founding(maker, "case-new");
    maker_add_text(maker, "title", "水渠");
    maker_add_text(maker, "type", "water");
    maker_accept(maker, "founding-case");

    maker_begin_founding(maker, "escalate");
    maker_add_text(maker, "text", "请镇里协助");
    maker_accept(maker, "founding-escalation");

    maker_begin_founding(maker, "publish");
    maker_add_text(maker, "text", "通知：本周六清理水渠。");
    maker_accept(maker, "founding-bulletin");

    maker_begin(maker, "person");
    maker->op.scope = maker->charter;
    maker->op.parents[0] = maker->charter;
    maker->op.time = 2;
    maker_add_text(maker, "name", "村民甲");
    maker_accept(maker, "charter-op");
}

static void print_contents(struct maker *maker)
{
    maker_begin(maker, "note");
    maker_add_text(maker, "a", "first");
    maker_add_text(maker, "b.c-d", "second");
    maker_add_text(maker, "text", "third");
    maker_accept(maker, "contents-full");
    maker_encode(maker, 1u << 1);
    maker_print_accepted(maker, "contents-partial");
    maker_encode(maker, 0);
    maker_print_accepted(maker, "contents-withheld");
    maker->op.has_secret = false;
    maker_encode(maker, ~0u);
    maker_print_accepted(maker, "contents-single-salts");

    maker_begin(maker, "mark");
    maker_accept(maker, "fields-none-with-secret");
    maker->op.has_secret = false;
    maker_encode(maker, ~0u);
    maker_print_accepted(maker, "fields-none");

    static const char names[OP_FIELDS_MAX][3] = {
        "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10",
        "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21",
        "22", "23", "24", "25", "26", "27", "28", "29", "30", "31"};
    maker_begin(maker, "note");
    for (uint32_t i = 0; i < OP_FIELDS_MAX; i++)
        maker_add(maker, names[i], RAW("\xc0"));
    maker_accept(maker, "fields-32");
    maker_encode(maker, 0x5555aaaau);
    maker_print_accepted(maker, "fields-32-partial");
}

static void print_heads(struct maker *maker)
{
    maker_begin(maker, "note");
    struct id id;
    while (maker->op.parents_len < OP_PARENTS_MAX) {
        maker_draw_id(maker, &id);
        maker_must(op_add_parent(&maker->op, &id));
    }
    while (maker->op.authority_len < OP_AUTHORITY_MAX) {
        maker_draw_id(maker, &id);
        maker_must(op_add_authority(&maker->op, &id));
    }
    maker_accept(maker, "heads-32-and-8");

    maker_begin_note(maker);
    for (int i = 0; i < 2; i++) {
        maker_draw_id(maker, &id);
        maker_must(op_add_parent(&maker->op, &id));
        maker_draw_id(maker, &id);
        maker_must(op_add_authority(&maker->op, &id));
    }
    maker_accept(maker, "heads-3-and-3");
}

static void print_numbers(struct maker *maker)
{
    maker_begin_note(maker);
    maker->op.time = INT64_MAX;
    maker->op.wall = INT64_MAX;
    maker->op.quality = WALL_NTP;
    maker_accept(maker, "time-and-wall-highest");

    maker_begin_note(maker);
    maker->op.wall = 0;
    maker->op.quality = WALL_NONE;
    maker_accept(maker, "wall-unknown");

    maker_begin(maker, "note");
    maker_add(
        maker, "n",
        RAW("\xdc\x00\x17\x00\x7f\xcc\x80\xcc\xff\xcd\x01\x00\xcd\xff\xff"
            "\xce\x00\x01\x00\x00\xce\xff\xff\xff\xff"
            "\xcf\x00\x00\x00\x01\x00\x00\x00\x00\xcf\xff\xff\xff\xff\xff\xff\xff\xff"
            "\xff\xe0\xd0\xdf\xd0\x80\xd1\xff\x7f\xd1\x80\x00\xd2\xff\xff\x7f\xff"
            "\xd2\x80\x00\x00\x00\xd3\xff\xff\xff\xff\x7f\xff\xff\xff"
            "\xd3\x80\x00\x00\x00\x00\x00\x00\x00\xc2\xc3\xc0"));
    maker_accept(maker, "value-ints-at-every-edge");

    maker_begin_note(maker);
    maker_seal_as_is(maker, OP_VERSION + 15);
    maker_print_accepted(maker, "version-newer-minor");
}

static void print_values(struct maker *maker)
{
    static char text[257];
    memset(text, 'x', sizeof(text) - 1);
    maker_begin(maker, "k23456789-123456789-1234");
    maker_add_text(maker, "f.3456789-123456789-1234", "名字最长");
    maker_add_text(maker, "four", "\xf0\xa0\x80\x80 \xf4\x8f\xbf\xbf");
    maker_add_text(maker, "none", "");
    maker_add_text(maker, "s256", text);
    maker_add_text(maker, "s255", text + 1);
    maker_add_text(maker, "s32", text + sizeof(text) - 1 - 32);
    maker_add_text(maker, "s31", text + sizeof(text) - 1 - 31);
    maker_accept(maker, "value-texts");

    maker_begin(maker, "note");
    maker_add(maker, "a", RAW("\x95\x90\x80\xc4\x00\xa0\xc0"));
    maker_add(maker, "m",
              RAW("\x85\xa0\x01\xa9__proto__\xc3\xa1z\x82\xa1"
                  "a\x91\x01\xa1"
                  "b\x02\xa3\xe6\x9d\x91\xc2\xa4\xf0\xa0\x80\x80\xc0"));
    maker_add(maker, "wide", RAW("\xdc\x00\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    maker_accept(maker, "value-nested");

    maker_begin(maker, "note");
    maker_add(maker, "deep", RAW("\x91\x91\x91\x91\x91\x01"));
    maker_accept(maker, "value-deepest");
    maker_begin(maker, "note");
    maker_add(maker, "deep", RAW("\x91\x91\x91\x91\x91\x90"));
    maker_accept(maker, "value-deepest-empty");
}

int main(void)
{
    static struct maker maker;
    struct rng_keyed *keyed = rng_keyed_new(20, 1);
    if (keyed == NULL || sodium_init() < 0)
        return 2;
    maker.rng = rng_keyed_rng(keyed);
    network_id(&maker.network, NETWORK);
    rng_fill(&maker.rng, "seed", NULL, maker.seed, sizeof(maker.seed));

    (void)printf("network=%s\n", NETWORK);
    maker_put_line("network-id", maker.network.bytes, ID_SIZE);
    (void)putchar('\n');
    print_founding(&maker);
    print_contents(&maker);
    print_heads(&maker);
    print_numbers(&maker);
    print_values(&maker);
    refused_print(&maker);

    maker_clear(&maker);
    buf_deinit(&maker.bytes);
    rng_keyed_free(keyed);
    if (maker.wrong > 0)
        return 1;
    return fflush(stdout) == 0 ? 0 : 2;
}
