/* Messages that no correct node would send, in the place of one that it would: the
 * session ends with its reason, nothing of it stays, and the next one goes well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

enum liar { DIALER, LISTENER };

/*
 * A message in words: "a3" array of three, "'neg" text, "u5" number, "r" the round,
 * "b" no bytes, "i" bytes of an id, "p" Negentropy's fingerprint of everything,
 * "t" true.
 */
static void compose(const char *words, uint64_t round, struct buf *out)
{
    static const uint8_t id[ID_SIZE] = {0xee},
                         everything[20] = {0x61, 0, 0, 1, 0xee}; /* bound, mode, sum */
    for (const char *at = words; *at != '\0';) {
        size_t len = strcspn(at, " ");
        uint64_t number = strtoull(at + 1, NULL, 10);
        switch (*at) {
        case 'a':
            pack_array(out, (uint32_t)number);
            break;
        case '\'':
            pack_str_bytes(out, bytes_of(at + 1, len - 1));
            break;
        case 'u':
            pack_uint(out, number);
            break;
        case 'r':
            pack_uint(out, round);
            break;
        case 'b':
            pack_bin(out, "", 0);
            break;
        case 'i':
            pack_bin(out, id, sizeof(id));
            break;
        case 'p':
            pack_bin(out, everything, sizeof(everything));
            break;
        case 't':
            pack_bool(out, true);
            break;
        default:
            fail_msg("no word of a message: %s", at);
        }
        at += len;
        while (*at == ' ')
            at++;
    }
}

struct lie {
    enum liar liar;
    const char *instead_of[2]; /* names; the second may be NULL */
    const char *words[2];
    uint32_t repeats; /* 0: once */
};

struct telling {
    const struct lie *lie;
    uint32_t told;
};

static void tell(void *context, struct bytes message, struct buf *out)
{
    struct telling *telling = context;
    const struct lie *lie = telling->lie;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    uint64_t round = 0;
    struct bytes name;
    if (telling->told == 2 || lie->words[telling->told] == NULL ||
        pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, lie->instead_of[telling->told]))
        return;
    if (pack_read_uint(&reader, &round, NULL) != STATUS_OK)
        round = 0; /* "ops" has none */
    compose(lie->words[telling->told++], round, out);
}

static uint32_t ends_of(struct world_node *node)
{
    return sim_count(world_log(node), "end=") - sim_count(world_log(node), "end=closed");
}

/* A round between the township and xikou in which both have something for each other. */
static void lie_once(struct sim_county *f, const struct lie *lie, size_t number)
{
    struct world_node *liar = lie->liar == DIALER ? f->xikou : f->township;
    struct world_node *other = lie->liar == DIALER ? f->township : f->xikou;
    struct telling telling = {.lie = lie};
    world_set_offline(f->world, f->xikou, true);
    struct id id = sim_escalate(f, f->xikou, "照常");
    sim_add_person(f, f->township, "李某", "desk", NULL);
    uint32_t before = ends_of(other);
    world_set_mutator(liar, tell, &telling);
    world_set_repeats(liar, lie->repeats);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 3000);
    if (telling.told == 0 || (lie->words[1] != NULL && telling.told != 2))
        fail_msg("row %zu was not told", number);
    if (ends_of(other) == before)
        fail_msg("row %zu ended no session", number);
    world_set_mutator(liar, NULL, NULL);
    world_run(f->world, 120000);
    sim_assert_state(f, f->township, &id, "received");
    sim_assert_state(f, f->xikou, &id, "received");
}

static void lie_all(struct sim_county *f, const struct lie *lies, size_t len)
{
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, f->county, true);
    for (size_t i = 0; i < len; i++)
        lie_once(f, &lies[i], i);
}

#define LEN(rows) (sizeof(rows) / sizeof(rows[0]))

static void M2_a_listener_ends_the_session_at_what_is_no_message_of_sync(void **state)
{
    static const struct lie lies[] = {
        {DIALER, {"neg"}, {"u5"}, 0},
        {DIALER, {"neg"}, {"a2 u1 u2"}, 0},
        {DIALER, {"neg"}, {"a1 'dance"}, 0},
        {DIALER, {"neg"}, {"a3 'neg u1"}, 0},
        {DIALER, {"neg"}, {"a3 'neg 'x b"}, 0},
        {DIALER, {"neg"}, {"a3 'neg r u1"}, 0},
        {DIALER, {"neg"}, {"a4 'neg 'x b i"}, 0},
        {DIALER, {"neg"}, {"a4 'neg r u1 i"}, 0},
        {DIALER, {"neg"}, {"a4 'neg r p u1"}, 0},
        {DIALER, {"neg"}, {"a4 'neg r b i"}, 0},
        {DIALER, {"neg"}, {"a2 'again u1"}, 0},
        {DIALER, {"neg"}, {"a1 'again"}, 0},
        {DIALER, {"neg"}, {"a2 'same r"}, 0},
        {DIALER, {"neg"}, {"a2 'hello u1"}, 0},
        {DIALER, {"neg"}, {"a4 'want r a0 t"}, 0},
        {DIALER, {"neg"}, {"a4 'ops a0 a0 u0"}, 0},
        {DIALER, {"neg"}, {"a3 'done r i"}, 0},
        {DIALER, {"want"}, {"a4 'want 'x a0 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r u0 t"}, 0},
        {DIALER, {"want"}, {"a4 'want u99 a0 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r a8193 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r a1 u5 t"}, 0},
        {DIALER, {"want"}, {"a4 'want r a0 u1"}, 0},
        {DIALER, {"want"}, {"a4 'want r a0"}, 0},
        {DIALER, {"want"}, {"a4 'want r a0 t"}, 2},
        {DIALER, {"want"}, {"a4 'want r a0 t u1"}, 0},
        {DIALER, {"ops"}, {"a4 'ops u0 a0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a4097 a0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a2 u1 i a0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 u0 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a1025 u0"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a1"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a0 't"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a0 u1025"}, 0},
        {DIALER, {"ops"}, {"a4 'ops a0 a0 u1"}, 33},
        {DIALER, {"ack"}, {"a3 'ack 'x a0"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 u1"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u99 a0"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 a1 't"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 a1 u99"}, 0},
        {DIALER, {"ack"}, {"a3 'ack u1 a2 u0 u0"}, 0},
        {DIALER, {"done"}, {"a3 'done 'x i"}, 0},
        {DIALER, {"done"}, {"a3 'done r u1"}, 0},
        {DIALER, {"done"}, {"a3 'done u99 i"}, 0},
    };
    lie_all(*state, lies, LEN(lies));
}

static void M2_a_dialer_ends_the_session_at_what_is_no_answer(void **state)
{
    static const struct lie lies[] = {
        {LISTENER, {"neg"}, {"a3 'neg 'x b"}, 0},
        {LISTENER, {"neg"}, {"a3 'neg r u1"}, 0},
        {LISTENER, {"neg"}, {"a3 'neg r b"}, 0},
        {LISTENER, {"neg"}, {"a3 'neg u99 b"}, 0},
        {LISTENER, {"neg"}, {"a4 'neg r p i"}, 0},
        {LISTENER, {"neg"}, {"a2 'same 'x"}, 0},
        {LISTENER, {"neg"}, {"a2 'same u99"}, 0},
        {LISTENER, {"neg", "neg"}, {"a3 'neg r p", "a2 'same r"}, 0},
        {LISTENER, {"neg"}, {"a4 'want r a0 t"}, 0},
        {LISTENER, {"neg"}, {"a3 'done r i"}, 0},
        {LISTENER, {"ops"}, {"a2 'same r"}, 0},
        {LISTENER, {"ack"}, {"a3 'ack u2 a0"}, 0},
        {LISTENER, {"done"}, {"a3 'done r i"}, 2},
    };
    lie_all(*state, lies, LEN(lies));
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(M2_a_listener_ends_the_session_at_what_is_no_message_of_sync),
        ONE(M2_a_dialer_ends_the_session_at_what_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
