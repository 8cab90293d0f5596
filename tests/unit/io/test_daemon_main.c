/* What fengqiaod does before a mode: a system, a library or a command line that is not as
 * it must be ends it; each mode is its own. main() is daemon_main here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/sign.h"
#include "node/io/daemon_args.h"
#include "node/io/process.h"
#include "tests/unit/io/daemon_main.h"

static bool is_hard, is_sound;
static int library;         /* what sodium_init says */
static const char *reached; /* the mode */

bool __wrap_process_harden(void);
bool __wrap_process_harden(void)
{
    return is_hard;
}

int __wrap_sodium_init(void);
int __wrap_sodium_init(void)
{
    return library;
}

bool __wrap_sign_selftest(const char **failed);
bool __wrap_sign_selftest(const char **failed)
{
    *failed = "S1";
    return is_sound;
}

#define STAND_IN(name)                                                                   \
    int __wrap_##name(const struct daemon_args *args);                                   \
    int __wrap_##name(const struct daemon_args *args)                                    \
    {                                                                                    \
        reached = #name;                                                                 \
        return EX_OK;                                                                    \
    }

STAND_IN(init_main)
STAND_IN(join_main)
STAND_IN(restore_main)
STAND_IN(try_backup_main)
STAND_IN(new_sheet_main)
STAND_IN(check_main)
STAND_IN(rebuild_main)
STAND_IN(run_main)

static int set_up(void **state)
{
    is_hard = is_sound = true;
    library = 1; /* it was ready before */
    reached = NULL;
    return 0;
}

/* Words behind the name, one space between them. */
static int run(const char *words)
{
    char text[256], name[] = "fengqiaod";
    char *argv[20] = {name}, *rest = text;
    int argc = 1;
    memcpy(text, words, strlen(words) + 1);
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        argv[argc++] = word;
    return daemon_main(argc, argv);
}

static void each_mode_is_its_own(void **state)
{
    static const struct {
        const char *words, *mode;
    } rows[] = {
        {"init --dir d --tier village --name n --steward s", "init_main"},
        {"join --dir d --name n --code c", "join_main"},
        {"restore --dir d --from f", "restore_main"},
        {"try-backup --dir d --from f", "try_backup_main"},
        {"new-sheet --dir d", "new_sheet_main"},
        {"check --dir d", "check_main"},
        {"rebuild --dir d", "rebuild_main"},
        {"run --dir d", "run_main"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        reached = "";
        assert_int_equal(run(rows[i].words), EX_OK);
        assert_string_equal(reached, rows[i].mode);
    }
}

static void a_system_that_is_not_safe_reaches_no_mode(void **state)
{
    is_hard = false;
    assert_int_equal(run("run --dir d"), EX_OSERR);
    is_hard = true;
    library = -1;
    assert_int_equal(run("run --dir d"), EX_OSERR);
    library = 0;
    assert_int_equal(run("run --dir d"), EX_OK);
    reached = NULL;
    is_sound = false;
    assert_int_equal(run("run --dir d"), EX_SOFTWARE);
    assert_int_equal(run("run"), EX_USAGE);
    assert_null(reached);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_mode_is_its_own, set_up),
        cmocka_unit_test_setup(a_system_that_is_not_safe_reaches_no_mode, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
