/* Peers as a steward sees them: what they brought, what was seen of them, their quota. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <qrencode.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "tests/unit/cli/against.h"

#define ARGUMENTS(...)                                                                   \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

static void pack_alarm(struct buf *out, const char *kind)
{
    bool is_named = strcmp(kind, "rollback") == 0;
    pack_map(out, 5);
    pack_str(out, "kind");
    pack_str(out, kind);
    pack_str(out, "machine");
    pack_str(out, is_named ? "山上\x1b[2J" : "");
    pack_str(out, "missing");
    pack_uint(out, 17);
    pack_str(out, "times");
    pack_uint(out, 2);
    pack_str(out, "wall");
    pack_uint(out, 1790000000);
}

static void pack_peer(struct buf *out, const char *name, uint64_t refused, uint64_t apart,
                      const char *alarm)
{
    pack_map(out, 4);
    pack_str(out, "alarms");
    pack_array(out, alarm != NULL);
    if (alarm != NULL)
        pack_alarm(out, alarm);
    pack_str(out, "name");
    pack_str(out, name);
    pack_str(out, "refused");
    pack_uint(out, refused);
    pack_str(out, "set_apart");
    pack_uint(out, apart);
}

static void peers(struct bytes method, struct bytes arguments, unsigned call,
                  struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "alarms");
    pack_array(out, 1);
    pack_alarm(out, "copy");
    pack_str(out, "peers");
    pack_array(out, 8);
    pack_peer(out, "庚村", 0, 0, "forked");
    pack_peer(out, "辛村", 0, 0, "set-back");
    pack_peer(out, "甲村", 0, 0, NULL);
    pack_peer(out, "戊镇", 0, 0, "told");
    pack_peer(out, "己村", 0, 0, "doubled");
    pack_peer(out, "乙村", 5, 1, NULL);
    pack_peer(out, "丙村\x1b[2J", 0, 0, "rollback");
    pack_peer(out, "丁村", 0, 0, "impossible");
}

static void M4_an_alarm_is_said_in_words_and_names_are_escaped(void **state)
{
    (void)state;
    struct run_cli run = run_against(peers, ARGUMENTS("peer", "list"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "over its quota"));
    assert_non_null(strstr(run.out, "ALARM: 丙村\\u001b[2J, machine 山上\\u001b[2J, "
                                    "lacked 17 records that it had confirmed"));
    assert_non_null(strstr(
        run.out,
        "ALARM: 丁村, its first machine, claimed to have received what was never"));
    assert_non_null(strstr(run.out, "ALARM: This site, its first machine, runs twice at "
                                    "once under one key"));
    assert_non_null(strstr(run.out, "ALARM: 戊镇, its first machine, says that this "
                                    "machine runs twice at once"));
    assert_non_null(strstr(run.out, "fengqiao node renew on the one"));
    assert_non_null(strstr(run.out, "ALARM: 庚村, its first machine, showed two "
                                    "histories of its seals"));
    assert_non_null(strstr(run.out, "ALARM: 辛村, its first machine, showed fewer seals "
                                    "than before"));
    assert_non_null(strstr(run.out, "fengqiao seal proofs"));
    assert_non_null(strstr(run.out,
                           "ALARM: 己村, its first machine, wrote two bundles of "
                           "one number"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
}

static void fresh_pairings(struct bytes method, struct bytes arguments, unsigned call,
                           struct buf *out)
{
    static const char *const names[] = {"甲镇\x1b[2J", "乙镇"};
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, "peers");
    pack_array(out, 2);
    for (size_t i = 0; i < 2; i++) {
        pack_map(out, 2);
        pack_str(out, "name");
        pack_str(out, names[i]);
        pack_str(out, "words");
        pack_str(out, i == 0 ? "jiamen fengwei" : "");
    }
}

static void a_fresh_pairing_shows_its_check_words_to_who_invited_too(void **state)
{
    (void)state;
    struct run_cli run = run_against(fresh_pairings, ARGUMENTS("peer", "list"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "PAIRED: 甲镇\\u001b[2J since"));
    assert_non_null(strstr(run.out, "the same two words: jiamen fengwei\n"));
    assert_null(strstr(run.out, "PAIRED: 乙镇"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
}

static void pack_knock(struct buf *out, const char *name, bool is_revoked)
{
    pack_map(out, 4);
    pack_str(out, "name");
    pack_str(out, name);
    pack_str(out, "revoked");
    pack_bool(out, is_revoked);
    pack_str(out, "times");
    pack_uint(out, 7);
    pack_str(out, "wall");
    pack_uint(out, 1790000000);
}

static void half_a_pairing(struct bytes method, struct bytes arguments, unsigned call,
                           struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "knocks");
    pack_array(out, 3);
    pack_knock(out, "", false);
    pack_knock(out, "戊村\x1b[2J", false);
    pack_knock(out, "己村", true);
    pack_str(out, "peers");
    pack_array(out, 2);
    for (uint64_t times = 2; times <= 3; times++) {
        pack_map(out, 2);
        pack_str(out, "name");
        pack_str(out, times == 2 ? "甲镇" : "乙镇\x1b[2J");
        pack_str(out, "refuses");
        pack_uint(out, times);
    }
}

static void a_pairing_of_which_one_end_lost_its_half_is_said_at_both(void **state)
{
    (void)state;
    struct run_cli run = run_against(half_a_pairing, ARGUMENTS("peer", "list"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_null(strstr(run.out, "PAIR AGAIN: 甲镇"));
    assert_non_null(strstr(run.out,
                           "PAIR AGAIN: 乙镇\\u001b[2J closes on this machine as "
                           "on a stranger (3 times in a row)"));
    assert_non_null(
        strstr(run.out, "TURNED AWAY: a machine that no charter here names ("));
    assert_non_null(strstr(run.out, "TURNED AWAY: a machine of 戊村\\u001b[2J ("));
    assert_non_null(
        strstr(run.out, "TURNED AWAY: a machine of 己村, whose key it revoked ("));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
}

/* Gives back what was asked. */
static void quota(struct bytes method, struct bytes arguments, unsigned call,
                  struct buf *out)
{
    if (bytes_equal_str(method, "unlock")) {
        pack_str(out, "OK");
        pack_map(out, 0);
        return;
    }
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "bytes_max");
    pack_uint(out, answer_uint(arguments, "bytes"));
    pack_str(out, "ops_max");
    pack_uint(out, answer_uint(arguments, "ops"));
}

static void an_amount_may_end_in_k_m_or_g(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *sent;
    } amounts[] = {{"0", "0"},
                   {"70000", "70000"},
                   {"3K", "3072"},
                   {"200M", "209715200"},
                   {"2G", "2147483648"}};
    for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
        char wanted[80];
        (void)snprintf(wanted, sizeof(wanted), "{\"bytes_max\":%s,\"ops_max\":9}\n",
                       amounts[i].sent);
        struct run_cli run =
            run_against(quota, ARGUMENTS("peer", "quota", "甲村", "--bytes",
                                         amounts[i].typed, "--ops", "9", "--json"));
        assert_int_equal(run.code, EXIT_DONE);
        assert_string_equal(run.out, wanted);
        run_cli_deinit(&run);
    }
}

static void what_is_no_amount_is_wrong_use(void **state)
{
    (void)state;
    static const char *const words[] = {"", "M", "-1", "1T", "1MM", "99999999999G"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        char option[40];
        (void)snprintf(option, sizeof(option), "--bytes=%s", words[i]);
        struct run_cli run =
            run_against(quota, ARGUMENTS("peer", "quota", "甲村", option));
        assert_int_equal(run.code, EXIT_USAGE);
        assert_string_equal(run.out, "");
        run_cli_deinit(&run);
    }
}

/* ---- codes to scan ---- */

static void invited(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "code");
    pack_str(out, "bamo ceti dulu fana gise hota");
    pack_str(out, "expires_in_s");
    pack_uint(out, 600);
}

/* Of the two modules that a block draws: is the lower one light, the upper? Moves on. */
static int next_block(const char **text)
{
    static const char *const blocks[] = {" ", "▄", "▀", "█"};
    for (int i = 0; i < 4; i++) {
        size_t len = strlen(blocks[i]);
        if (strncmp(*text, blocks[i], len) == 0) {
            *text += len;
            return i;
        }
    }
    fail();
    return 0;
}

/* Stands that text there as a QR code, with four light modules around it? */
static void assert_shows_qr(const char *text, const char *link)
{
    QRcode *code = QRcode_encodeString8bit(link, 0, QR_ECLEVEL_M);
    assert_non_null(code);
    const char *at = strstr(text, "█");
    assert_non_null(at);
    for (int y = -4; y < code->width + 4; y += 2) {
        for (int x = -4; x < code->width + 4; x++) {
            int block = next_block(&at);
            for (int half = 0; half < 2; half++) {
                int row = y + half;
                bool is_inside =
                    x >= 0 && row >= 0 && x < code->width && row < code->width;
                bool is_dark = is_inside && (code->data[row * code->width + x] & 1) != 0;
                assert_int_equal((block >> (1 - half)) & 1, !is_dark);
            }
        }
        assert_int_equal(*at++, '\n');
    }
    QRcode_free(code);
}

static void a_code_can_be_shown_to_be_scanned(void **state)
{
    (void)state;
    struct run_cli run = run_against(
        invited, ARGUMENTS("peer", "invite", "--qr", "--at", "192.168.1.10:7450"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_shows_qr(
        run.out, "fengqiao:pair?code=bamo-ceti-dulu-fana-gise-hota&at=192.168.1.10:7450");
    assert_non_null(strstr(run.out, "peer join CODE --at 192.168.1.10:7450\n"));
    assert_non_null(strstr(run.out, "\n\nbamo ceti dulu fana gise hota\n"));
    run_cli_deinit(&run);

    run = run_against(invited, ARGUMENTS("node", "invite", "--qr"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_shows_qr(run.out, "fengqiao:join?code=bamo-ceti-dulu-fana-gise-hota");
    assert_non_null(strstr(run.out, "\n\nbamo ceti dulu fana gise hota\n"));
    run_cli_deinit(&run);

    char far[600];
    memset(far, 'x', sizeof(far) - 1);
    far[sizeof(far) - 1] = '\0';
    run = run_against(invited, ARGUMENTS("peer", "invite", "--qr", "--at", far));
    /* The invitation is made: its code must not be lost for the want of a picture. */
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.err, "--at is too long"));
    assert_null(strstr(run.out, "█"));
    assert_non_null(strstr(run.out, "\nbamo ceti dulu fana gise hota\n"));
    run_cli_deinit(&run);

    run = run_against(invited, ARGUMENTS("peer", "invite"));
    assert_null(strstr(run.out, "█"));
    run_cli_deinit(&run);
}

static const char *expected_at;

static void joined(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    assert_true(
        bytes_equal_str(method, "unlock") ||
        bytes_equal_str(answer_text(arguments, "code"), "bamo ceti dulu fana gise hota"));
    if (bytes_equal_str(method, "peer.join"))
        assert_true(bytes_equal_str(answer_text(arguments, "at"), expected_at));
    pack_str(out, "OK");
    pack_map(out, 0);
}

#define LINK "fengqiao:pair?code=bamo-ceti-dulu-fana-gise-hota"

static void what_was_scanned_is_a_code(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[6], *at;
        enum exit_code code;
    } rows[] = {
        {{"peer", "join", LINK "&at=h:1"}, "h:1", EXIT_DONE},
        {{"peer", "join", LINK "&at=h:1", "--at", "other:2"}, "other:2", EXIT_DONE},
        {{"peer", "join", LINK}, "", EXIT_DONE},
        {{"peer", "join", "bamo-ceti-dulu-fana-gise-hota"}, "", EXIT_DONE},
        {{"peer", "join", LINK "&at=nowhere"}, "", EXIT_USAGE},
        {{"peer", "join", LINK "&by=h:1"}, "", EXIT_USAGE},
        {{"peer", "join", LINK "-iota"}, "", EXIT_USAGE},
        {{"peer", "join", "fengqiao:join?code=bamo-ceti-dulu-fana-gise-hota"},
         "",
         EXIT_USAGE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expected_at = rows[i].at;
        struct run_cli run = run_against(joined, rows[i].arguments);
        if (run.code != (int)rows[i].code)
            fail_msg("row %zu: %d %s", i, run.code, run.err);
        run_cli_deinit(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_can_be_shown_to_be_scanned),
        cmocka_unit_test(what_was_scanned_is_a_code),
        cmocka_unit_test(M4_an_alarm_is_said_in_words_and_names_are_escaped),
        cmocka_unit_test(a_fresh_pairing_shows_its_check_words_to_who_invited_too),
        cmocka_unit_test(a_pairing_of_which_one_end_lost_its_half_is_said_at_both),
        cmocka_unit_test(an_amount_may_end_in_k_m_or_g),
        cmocka_unit_test(what_is_no_amount_is_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
