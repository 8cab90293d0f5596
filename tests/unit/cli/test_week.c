/* A village of several stewards and two machines, both of them the real daemon, and what
 * people say to them seldom: who has to agree, another recovery key, backups, words that
 * were written in two ways, machines that come, get other keys and are lost. What was
 * answered is kept and said once more (saying.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/recovery_text.h"
#include "tests/unit/cli/real_node.h"
#include "tests/unit/cli/saying.h"

static struct real_node village, laptop;
static bool has_laptop;
static char number[32]; /* of the case that both machines have */
static char folder[64], other_folder[64];
static char programs[64]; /* where fengqiaod is: it is this program */

static int open_house(void **state)
{
    char link_name[96], found[256], self[256];
    (void)state;
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
    assert_true(len > 0);
    self[len] = '\0';
    folder_make(folder);
    folder_make(other_folder);
    folder_make(programs);
    (void)snprintf(link_name, sizeof(link_name), "%s/fengqiaod", programs);
    assert_int_equal(symlink(self, link_name), 0);
    (void)snprintf(found, sizeof(found), "%s:%s", programs, getenv("PATH"));
    assert_int_equal(setenv("PATH", found, 1), 0);
    real_node_start(&village, "village", "枫源村");
    return 0;
}

static int close_house(void **state)
{
    char link_name[96];
    (void)state;
    saying_end();
    (void)snprintf(link_name, sizeof(link_name), "%s/fengqiaod", programs);
    assert_int_equal(unlink(link_name), 0);
    folder_remove(programs);
    folder_remove(folder);
    folder_remove(other_folder);
    if (has_laptop)
        real_node_stop(&laptop);
    real_node_stop(&village);
    return 0;
}

/* ---- backups ---- */

static void what_there_is_is_backed_up(void **state)
{
    (void)state;
    SAY(village, "There is no backup of this site.", "backup", "status");
    SAY(village, "There is no backup yet", "status");
    SAY(village, "Its number:", "case", "new", "--category", "邻里", "--title", "排水沟",
        "--narrative", "两家争执", "--context", "去年修过", "--party", "张某:applicant");
    (void)snprintf(number, sizeof(number), "%.31s", last);
    REFUSED(village, EXIT_FAILED, "holds no backup to go on with", "backup", "write",
            "--stick", folder, "--go-on");
    REFUSED(village, EXIT_FAILED, "NOT written", "backup", "write", "--stick", "/nowhere",
            "--whole");
    SAY(village, "Backed up and read back: everything", "backup", "write", "--stick",
        folder, "--whole");
    saying_writes_on(folder, NULL);
    SAY(village, "last backup:", "backup", "status");
    SAY(village, "Noted.", "case", "note", number, "来过");
    SAY(village, "what is new, 1 entries", "backup", "write", "--stick", folder,
        "--go-on");
    saying_writes_on(folder, "fengqiao-backup-0001.age");
    SAY(village, "", "backup", "verify", "--stick", folder);
    saying_forget();
    SAY(village, "", "backup", "write", "--stick", folder, "--verify");
    saying_forget();
    SAY(village, "", "backup", "status");
    SAY(village, "Last backup", "status");
    REFUSED(village, EXIT_FAILED, "", "backup", "verify", "--stick", other_folder);
    saying_forget();
}

/* fengqiaod is sought beside this program, then where PATH leads. */
static void a_trial_that_does_not_end_well_is_none(void **state)
{
    static const struct {
        const char *script;
        int code;
    } rows[] = {{"#!/bin/sh\nexit 3\n", EXIT_FAILED},
                {"#!/bin/sh\nkill -9 $$\n", EXIT_FAILED},
                {"#!/bin/sh\ntest \"$6\" != --json\n", EXIT_DONE},
                {NULL, EXIT_FAILED}};
    char path[96], before[512], self[256];
    (void)state;
    (void)snprintf(before, sizeof(before), "%s", getenv("PATH"));
    (void)snprintf(path, sizeof(path), "%s/fengqiaod", programs);
    ssize_t len = readlink(path, self, sizeof(self) - 1);
    assert_true(len > 0);
    self[len] = '\0';
    assert_int_equal(setenv("PATH", programs, 1), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(unlink(path), 0);
        if (rows[i].script != NULL) {
            FILE *file = fopen(path, "w");
            assert_non_null(file);
            (void)fputs(rows[i].script, file);
            assert_int_equal(fclose(file), 0);
            assert_int_equal(chmod(path, 0700), 0);
        }
        say(&village, "", rows[i].code, rows[i].script == NULL ? "does not start" : "",
            "backup", "verify", "--stick", folder, NULL);
        saying_forget();
        if (rows[i].code == EXIT_DONE)
            say(&village, "", EXIT_FAILED, "", "backup", "verify", "--stick", folder,
                "--json", NULL);
        if (rows[i].code == EXIT_DONE)
            saying_forget();
        if (rows[i].script == NULL)
            assert_int_equal(symlink(self, path), 0);
    }
    assert_int_equal(setenv("PATH", before, 1), 0);
}

/* ---- stewards ---- */

static char waits[16]; /* the op of what waits */

static const char *key_of(const char *text, char key[static 80])
{
    const char *at = strstr(said, text);
    at = at == NULL ? NULL : strstr(at, "fqk1");
    if (at == NULL)
        fail_msg("no key behind %s in:\n%s", text, said);
    (void)snprintf(key, 80, "%.*s", (int)strcspn(at, "\n "), at);
    return key;
}

static const char *what_waits(void)
{
    SAY(village, "", "quorum", "show");
    (void)snprintf(waits, sizeof(waits), "%s", last + strlen(last) - 12);
    return waits;
}

static void two_of_three_stewards_agree(void **state)
{
    (void)state;
    SAY(village, "It takes 1 of 1 stewards", "quorum", "show");
    SAY(village, "Added.", "person", "add", "王某", "--role", "steward", "--pin-file",
        village.pin);
    SAY(village, "Added.", "person", "add", "赵某", "--role", "steward", "--pin-file",
        village.pin);
    REFUSED(village, EXIT_USAGE, "--stewards is a number", "quorum", "set", "--stewards",
            "two");
    REFUSED(village, EXIT_FAILED, "", "quorum", "set", "--stewards", "4");
    SAY(village, "Signed.", "quorum", "set", "--stewards", "2");
    SAY(village, "waits for 1 more steward.", "person", "add", "孙某", "--role",
        "steward", "--pin-file", village.pin);
    REFUSED(village, EXIT_FAILED, "", "quorum", "approve", what_waits());
    SAY(village, "Taken back.", "quorum", "withdraw", waits);
    SAY(village, "Nothing waits for stewards.", "quorum", "show");
    SAY(village, "waits for 1 more steward.", "quorum", "set", "--stewards", "3");
    SAY(village, "another quorum", "quorum", "show");
    SAY(village, "Approved.", "quorum", "approve", what_waits(), "--as", "王某");
    SAY(village, "It takes 3 of 3", "quorum", "show");
    SAY(village, "2 more stewards.", "quorum", "set", "--stewards", "2");
    SAY(village, "1 more steward.", "quorum", "approve", what_waits(), "--as", "王某");
    SAY(village, "Approved.", "quorum", "approve", waits, "--as", "赵某");
}

/* ---- another recovery key ---- */

static char new_key[80], new_file[SAYING_PATH_SIZE], new_text[128];

/* As the steward does on the machine: the sheet's key goes into a file. */
static void make_sheet(void)
{
    char command[256], line[256];
    (void)snprintf(command, sizeof(command), "fengqiaod new-sheet --dir %s", village.dir);
    FILE *in = popen(command, "re");
    assert_non_null(in);
    while (fgets(line, sizeof(line), in) != NULL) {
        (void)sscanf(line, "recovery %127s", new_text);
        (void)sscanf(line, "key %79s", new_key);
    }
    assert_int_equal(pclose(in), 0);
    (void)snprintf(new_file, sizeof(new_file), "%s",
                   file_beside(&village, "new.sheet", new_text));
}

static void another_recovery_key_is_named(void **state)
{
    (void)state;
    SAY(village, "fqk1", "recovery", "show");
    make_sheet();
    REFUSED(village, EXIT_DENIED, "", "person", "add", "钱某", "--role", "steward",
            "--pin-file", village.pin, "--recovery-file", new_file);
    REFUSED(village, EXIT_FAILED, "", "recovery", "name", "fqk1nothing");
    SAY(village, "1 more steward.", "recovery", "name", new_key);
    SAY(village, "a recovery key", "quorum", "show");
    SAY(village, "Approved.", "quorum", "approve", what_waits(), "--as", "赵某");
    SAY(village, new_key, "recovery", "show");
    SAY(village, "Added.", "person", "add", "钱某", "--role", "steward", "--pin-file",
        village.pin, "--recovery-file", new_file);
    SAY(village, "Signed.", "quorum", "set", "--stewards", "3", "--recovery-file",
        new_file);
    REFUSED(village, EXIT_FAILED, "it takes so many stewards already", "quorum", "set",
            "--stewards", "3", "--recovery-file", new_file);
    say(&village, new_text, EXIT_DONE, "Signed.", "quorum", "set", "--stewards", "2",
        "--recovery-file", "-", NULL);
    REFUSED(village, EXIT_FAILED, "begin a whole one in an empty folder", "backup",
            "write", "--stick", folder);
    saying_forget();
    SAY(village, "everything", "backup", "write", "--stick", other_folder);
    saying_forget();
}

static void a_file_that_is_no_recovery_key_signs_nothing(void **state)
{
    char text[RECOVERY_TEXT_MAX + 2] = "";
    (void)state;
    REFUSED(village, EXIT_FAILED, "/nowhere", "quorum", "set", "--stewards", "1",
            "--recovery-file", "/nowhere");
    REFUSED(village, EXIT_FAILED, village.dir, "quorum", "set", "--stewards", "1",
            "--recovery-file", village.dir);
    memset(text, 'a', sizeof(text) - 1);
    REFUSED(village, EXIT_FAILED, "this is no recovery key", "quorum", "set",
            "--stewards", "1", "--recovery-file", file_beside(&village, "long", text));
    REFUSED(village, EXIT_FAILED, "", "quorum", "set", "--stewards", "1",
            "--recovery-file", file_beside(&village, "other", "fqk1abc"));
}

/* ---- a laptop ---- */

static void another_machine_comes(void **state)
{
    char code[64];
    (void)state;
    REFUSED(village, EXIT_USAGE, "", "node", "at", "山上", "nowhere");
    REFUSED(village, EXIT_FAILED, "", "node", "at", "山上", "127.0.0.1:1");
    SAY(village, "Type these six words", "node", "invite");
    (void)snprintf(code, sizeof(code), "%.63s", last);
    real_node_join(&laptop, &village, "山上", code);
    has_laptop = true;
    SAY(village, "a machine", "quorum", "show");
    SAY(village, "Approved.", "quorum", "approve", what_waits(), "--as", "王某");
    SAY(laptop, "handed over and received", "sync", "--wait", "--timeout", "20");
    SAY(laptop, "排水沟", "case", "show", number);
    SAY(village, "joined last", "site");
    SAY(laptop, "this one", "site");
    SAY(village, "It is dialed there from now on.", "node", "at", "山上", laptop.address);
}

/* Each machine writes while the other one is off. */
static void apart(const char *field, const char *here, const char *there)
{
    real_node_rest(&village);
    SAY(laptop, "", "case", "set", number, field, there);
    real_node_rest(&laptop);
    real_node_wake(&village);
    SAY(village, "", "case", "set", number, field, here);
    real_node_wake(&laptop);
    SAY(laptop, "", "sync", "--wait", "--timeout", "20");
}

static void what_was_written_in_two_ways_is_settled(void **state)
{
    (void)state;
    apart("context", "前年修过", "大前年修过");
    SAY(village, "context", "conflict", "list");
    SAY(village, "大前年修过", "conflict", "show", number);
    REFUSED(village, EXIT_USAGE, "say one of", "conflict", "settle", number, "context");
    SAY(village, "", "conflict", "settle", number, "context", "--choose", "1");
    SAY(laptop, "", "sync", "--wait", "--timeout", "20");
    SAY(laptop, "Nothing was written in two ways", "conflict", "list");
}

/* ---- other keys ---- */

static void keys_are_renewed_and_lost_machines_revoked(void **state)
{
    char key[80];
    (void)state;
    SAY(village, "Renewed:", "person", "renew", "赵某", "--pin-file", village.pin);
    REFUSED(village, EXIT_FAILED, "nobody, or more than one", "person", "renew", "李某");
    SAY(village, "The old PIN opens nothing more.", "person", "pin", "--as", "王某",
        "--pin-file", village.pin);
    REFUSED(village, EXIT_DENIED, "let the quorum be 1", "node", "renew");
    SAY(village, "Signed.", "quorum", "set", "--stewards", "1", "--recovery-file",
        new_file);
    SAY(village, "This machine has other keys.", "node", "renew");
    SAY(village, "", "node", "renew", "--again");
    SAY(village, "Revoked.", "node", "revoke", "山上");
    SAY(village, "revoked", "site");
    (void)key_of("山上", key);
    REFUSED(village, EXIT_FAILED, "", "node", "revoke", key);
}
int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_there_is_is_backed_up),
        cmocka_unit_test(a_trial_that_does_not_end_well_is_none),
        cmocka_unit_test(two_of_three_stewards_agree),
        cmocka_unit_test(another_recovery_key_is_named),
        cmocka_unit_test(a_file_that_is_no_recovery_key_signs_nothing),
        cmocka_unit_test(another_machine_comes),
        cmocka_unit_test(what_was_written_in_two_ways_is_settled),
        cmocka_unit_test(keys_are_renewed_and_lost_machines_revoked),
        cmocka_unit_test(M2_whatever_value_is_odd_does_no_harm),
        cmocka_unit_test(C1_without_memory_a_verb_says_so_or_says_all),
    };
    real_node_be_child(argc, argv);
    (void)signal(SIGPIPE, SIG_IGN); /* as in the client */
    return cmocka_run_group_tests(tests, open_house, close_house);
}
