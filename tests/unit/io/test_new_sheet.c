/* The mode new-sheet: what it asks the node, what it makes, what it tells, and that no
 * sheet is left where it fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/key.h"
#include "node/io/new_sheet.h"
#include "proto/op.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/unit/io/answering.h"
#include "tests/unit/io/modes_house.h"

static int set_up(void **state)
{
    int rc = open_house(state);
    assert_int_equal(mkdir(house.dir, 0700), 0);
    return rc;
}

static struct daemon_args sheet_args(void)
{
    return (struct daemon_args){
        .mode = MODE_NEW_SHEET, .dir = house.dir, .sheet = house.sheet};
}

/* What a node says to "site": id_len bytes of an id, and a name. */
static void answer_site(size_t id_len, const char *name)
{
    static const uint8_t id[ID_SIZE + 1];
    struct buf map = {0};
    pack_map(&map, 2);
    pack_str(&map, "name");
    if (name != NULL)
        pack_str(&map, name);
    else
        pack_nil(&map);
    pack_str(&map, "site");
    pack_bin(&map, id, id_len);
    answering_with(house.dir, status_name(STATUS_OK), buf_bytes(&map));
    buf_deinit(&map);
}

static void expect_no_sheet(void)
{
    struct stat found;
    assert_int_not_equal(lstat(house.sheet, &found), 0);
    assert_int_equal(errno, ENOENT);
}

static void a_sheet_is_made_for_the_site_and_its_key_told(void **state)
{
    char told[80]; /* of which a key in writing needs the most part */
    uint8_t seed[KEY_SIZE], key[KEY_SIZE];
    struct stat found;
    (void)state;
    answer_site(ID_SIZE, "枫源村");
    struct daemon_args args = sheet_args();
    assert_int_equal(run(new_sheet_main, &args), EX_OK);
    expect_told("erase the file: whoever reads it has the key");
    expect_told("fengqiao recovery name fqk1");
    assert_int_equal(stat(house.sheet, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
    assert_int_equal(unlink(house.sheet), 0);
    assert_int_equal(sscanf(house.out, "recovery  %79s", told), 1);
    assert_true(key_from_text(seed, "fqr1", told));
    key_sign_public(key, seed);
    key_to_text(told, "fqk1", key);
    expect_told(told);

    args.sheet = NULL;
    assert_int_equal(run(new_sheet_main, &args), EX_OK);
    assert_null(strstr(house.out, "erase the file"));
    args.is_json = true;
    assert_int_equal(run(new_sheet_main, &args), EX_OK);
    expect_told("{\"key\":\"fqk1");
    expect_told("\",\"recovery\":\"fqr1");
    answering_end();
}

static void without_a_node_there_is_no_sheet(void **state)
{
    (void)state;
    struct daemon_args args = sheet_args();
    assert_int_equal(run(new_sheet_main, &args), EX_UNAVAILABLE);
    expect_said("start it first: fengqiaod run");
    expect_no_sheet();
    answering_begin(house.dir, bytes_str(""));
    assert_int_equal(run(new_sheet_main, &args), EX_IOERR);
    expect_said("the node does not answer");
    expect_no_sheet();
    answering_end();
}

static void what_names_no_site_is_no_answer(void **state)
{
    char name[SITE_NAME_MAX + 2];
    (void)state;
    struct daemon_args args = sheet_args();
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    for (int i = 0; i < 5; i++) {
        if (i == 0)
            answering_with(house.dir, "denied", bytes_str("\x80"));
        else if (i == 1)
            answering_with(house.dir, status_name(STATUS_OK),
                           bytes_str("\x81\xa4site\xc4\x20"
                                     "01234567890123456789012345678901"));
        else
            answer_site(i == 2 ? ID_SIZE + 1 : ID_SIZE, i == 3 ? NULL : name);
        assert_int_equal(run(new_sheet_main, &args), EX_IOERR);
        expect_said("the node does not answer");
        expect_no_sheet();
        answering_end();
    }
}

static void a_sheet_is_written_over_nothing(void **state)
{
    struct stat found;
    (void)state;
    answer_site(ID_SIZE, "枫源村");
    struct daemon_args args = sheet_args();
    args.sheet = house.pin;
    assert_int_equal(run(new_sheet_main, &args), EX_CANTCREAT);
    expect_said("is there already");
    assert_int_equal(stat(house.pin, &found), 0);
    assert_int_equal(found.st_size, 7);
    answering_end();
}

/* Nobody has it, so nothing may say so. */
static void C1_a_key_that_nobody_saw_is_on_no_sheet(void **state)
{
    (void)state;
    answer_site(ID_SIZE, "枫源村");
    struct daemon_args args = sheet_args();
    house.is_full = true;
    assert_int_equal(run(new_sheet_main, &args), EX_IOERR);
    expect_said("the recovery key could not be shown");
    expect_no_sheet();
    house.is_full = false;
    answering_end();
}

static void look(int rc)
{
    if (rc == EX_OK) {
        expect_told("recovery  fqr1");
        assert_int_equal(unlink(house.sheet), 0);
        return;
    }
    expect_said("error ");
    assert_string_equal(house.out, "");
    expect_no_sheet();
}

static void D2_a_sheet_that_is_refused_anywhere_is_not_made(void **state)
{
    (void)state;
    answer_site(ID_SIZE, "枫源村");
    struct daemon_args args = sheet_args();
    refuse_each(new_sheet_main, &args, EIO, look);
    forget_each(new_sheet_main, &args, look);
    answering_end();
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_sheet_is_made_for_the_site_and_its_key_told),
        A_TEST(without_a_node_there_is_no_sheet),
        A_TEST(what_names_no_site_is_no_answer),
        A_TEST(a_sheet_is_written_over_nothing),
        A_TEST(C1_a_key_that_nobody_saw_is_on_no_sheet),
        A_TEST(D2_a_sheet_that_is_refused_anywhere_is_not_made),
    };
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
