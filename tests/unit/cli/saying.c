#include "tests/unit/cli/saying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "tests/unit/cli/run_cli.h"
#include "tests/unit/cli/tape.h"

#define TAPES_MAX 256
#define SLOTS_MAX 20

char said[65536];
char last[256];
static struct tape tapes[TAPES_MAX];
static size_t tapes_len;

static void keep_last_line(const struct run_cli *run)
{
    size_t end = run->out_len;
    while (end > 0 && run->out[end - 1] == '\n')
        end--;
    size_t begin = end;
    while (begin > 0 && run->out[begin - 1] != '\n')
        begin--;
    (void)snprintf(last, sizeof(last), "%.*s", (int)(end - begin), run->out + begin);
}

void say(const struct real_node *node, const char *input, int code, const char *expected,
         ...)
{
    const char *words[TAPE_WORDS_MAX] = {"--dir", node->dir};
    va_list more;
    size_t len = 2;
    va_start(more, expected);
    while ((words[len] = va_arg(more, const char *)) != NULL)
        assert_true(++len < TAPE_WORDS_MAX);
    va_end(more);
    assert_int_equal(setenv("FENGQIAO_PIN_FILE", node->pin, 1), 0);
    assert_true(tapes_len < TAPES_MAX);
    struct run_cli run = tape_record(&tapes[tapes_len++], words, input);
    (void)snprintf(said, sizeof(said), "%s%s", run.out, run.err);
    keep_last_line(&run);
    if (getenv("FENGQIAO_SHOW") != NULL)
        printf("---- %s %s: %d\n%s%s", words[2], words[3] ? words[3] : "", run.code,
               run.out, run.err);
    if (run.code != code || strstr(said, expected) == NULL)
        fail_msg("%s %s: %d and not %d, without %s in:\n%s", words[2],
                 words[3] ? words[3] : "", run.code, code, expected, said);
    run_cli_deinit(&run);
}

char *id_after(const char *text, char id[static 16])
{
    const char *at = strstr(said, text);
    if (at == NULL)
        fail_msg("%s is not in:\n%s", text, said);
    at += strlen(text);
    at += strspn(at, " \n|");
    (void)snprintf(id, 16, "%.12s", at);
    return id;
}

const char *file_beside(const struct real_node *node, const char *name, const char *text)
{
    static char path[SAYING_PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s/%s", node->home, name);
    if (text == NULL)
        return path;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

void folder_make(char path[static 64])
{
    (void)snprintf(path, 64, "/tmp/fengqiao-stick-XXXXXX");
    assert_non_null(mkdtemp(path));
}

void folder_remove(const char *path)
{
    char name[96];
    for (unsigned slot = 1; slot < SLOTS_MAX; slot++) { /* most are not there */
        (void)snprintf(name, sizeof(name), "%s/fengqiao-%03u.age", path, slot);
        (void)unlink(name);
        (void)snprintf(name, sizeof(name), "%s/fengqiao-backup-%04u.age", path, slot);
        (void)unlink(name);
    }
    assert_int_equal(rmdir(path), 0); /* nothing else was left on it */
}

void saying_writes_on(const char *stick, const char *kept)
{
    tape_writes_on(&tapes[tapes_len - 1], stick, kept);
}

void saying_forget(void)
{
    tape_deinit(&tapes[--tapes_len]);
}

void M2_whatever_value_is_odd_does_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < tapes_len; i++)
        tape_expect_harmless(&tapes[i]);
}

void C1_without_memory_a_verb_says_so_or_says_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < tapes_len; i++)
        tape_expect_all_or_failure(&tapes[i]);
}

void saying_end(void)
{
    while (tapes_len > 0)
        saying_forget();
}
