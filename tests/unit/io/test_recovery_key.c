/* The recovery key as a person brings it back, from a file or typed on a terminal of the
 * test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "crypto/age_text.h"
#include "node/io/recovery_key.h"
#include "proto/recovery_text.h"
#include "proto/recovery_words.h"
#include "tests/support/fail_call.h"
#include "tests/support/sitting.h"

static char dir[40], path[64];
/* 20 21 22 … 3f in each of its forms. */
static uint8_t wanted[KEY_SEED_SIZE];
static char words[512], first_lines[512], line[KEY_TEXT_SIZE];

static int open_house(void **state)
{
    char each[RECOVERY_WORDS_LEN][WORDS_WORD_SIZE];
    size_t len = 0, lines_len = 0;
    (void)state;
    (void)snprintf(dir, sizeof(dir), "/tmp/fengqiao-recovery-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/key", dir);
    for (uint8_t i = 0; i < KEY_SEED_SIZE; i++)
        wanted[i] = (uint8_t)(0x20 + i);
    key_to_text(line, "fqr1", wanted);
    recovery_words_write(each, wanted);
    for (size_t i = 0; i < RECOVERY_WORDS_LEN; i++) {
        len += (size_t)snprintf(words + len, sizeof(words) - len, "%s%s",
                                i > 0 ? " " : "", each[i]);
        if (i < 8)
            lines_len +=
                (size_t)snprintf(first_lines + lines_len, sizeof(first_lines) - lines_len,
                                 "%s%s", i > 0 ? " " : "", each[i]);
    }
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    (void)unlink(path); /* not every test has made one */
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static void put(const char *text, size_t len)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* ---- from a file ---- */

static void assert_read(const char *before, const char *text, const char *after)
{
    char file[1024];
    uint8_t seed[KEY_SEED_SIZE];
    struct err err = {0};
    put(file, (size_t)snprintf(file, sizeof(file), "%s%s%s", before, text, after));
    if (recovery_key_read(seed, path, &err) != STATUS_OK)
        fail_msg("%s: %s", file, err.text);
    assert_memory_equal(seed, wanted, sizeof(seed));
}

static void words_or_the_line_are_the_same_key(void **state)
{
    char parts[KEY_TEXT_SIZE + 16], numbered[1024];
    size_t len = 0;
    unsigned number = 1;
    (void)state;
    assert_read("", words, "\n");
    assert_read("", words, "");
    assert_read("\ufeff\r\n  ", words, "\r\n\r\n");
    assert_read("", line, "\n");
    assert_read("\ufeff \t", line, "");
    assert_read("", line, "\r\n\n");
    /* As a printer broke it, in capitals. */
    (void)snprintf(parts, sizeof(parts), "%.20s\n %.20s \r\n%s", line, line + 20,
                   line + 40);
    for (char *c = parts; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - ('a' - 'A') : *c);
    assert_read("", parts, "\n");
    /* As it stands on the sheet. */
    for (const char *word = words; *word != '\0'; word += *word == ' ') {
        len += (size_t)snprintf(numbered + len, sizeof(numbered) - len, "%u.\t%.*s\n",
                                number++, (int)strcspn(word, " "), word);
        word += strcspn(word, " ");
    }
    assert_read("", numbered, "");
}

static void assert_refused(const char *text, size_t len, const char *said)
{
    static const uint8_t zero[KEY_SEED_SIZE];
    uint8_t seed[KEY_SEED_SIZE];
    struct err err = {0};
    memset(seed, 7, sizeof(seed));
    put(text, len);
    assert_int_equal(recovery_key_read(seed, path, &err), STATUS_INVALID);
    if (strstr(err.text, said) == NULL)
        fail_msg("%s is not in: %s", said, err.text);
    assert_memory_equal(seed, zero, sizeof(seed));
}

static void what_is_no_recovery_key_is_said_and_no_key_repeated(void **state)
{
    char text[512], identity[AGE_IDENTITY_SIZE];
    struct err err = {0};
    uint8_t seed[KEY_SEED_SIZE];
    (void)state;
    assert_refused("", 0, "is empty");
    assert_refused(" \r\n\t\n", 5, "is empty");
    assert_refused("\ufeff", 3, "is empty");
    assert_refused(words, strlen(words) - 1, "is not in the list");
    assert_refused(first_lines, strlen(first_lines), "has 24 words, these are 8");
    /* The first two changed places. */
    size_t first = strcspn(words, " "), second = strcspn(words + first + 1, " ");
    (void)snprintf(text, sizeof(text), "%.*s %.*s%s", (int)second, words + first + 1,
                   (int)first, words, words + first + 1 + second);
    assert_refused(text, strlen(text), "two have changed places");
    /* The line, short, long and with another character. */
    assert_refused(line, strlen(line) - 1, "of its 60 characters one is wrong");
    (void)snprintf(text, sizeof(text), "%sa", line);
    assert_refused(text, strlen(text), "too many");
    (void)snprintf(text, sizeof(text), "%s", line);
    text[20] = text[20] == 'a' ? 'b' : 'a';
    assert_refused(text, strlen(text), "is no key");
    put(text, strlen(text));
    assert_int_equal(recovery_key_read(seed, path, &err), STATUS_INVALID);
    assert_null(strstr(err.text, text + 40));
    /* The other key of the sheet. */
    age_identity_text(identity, wanted);
    assert_refused(identity, strlen(identity), "this opens backups and is no recovery");
    assert_refused("a\0b", 3, "zero byte");
}

static void a_file_is_read_as_far_as_a_key_can_go(void **state)
{
    char text[RECOVERY_TEXT_MAX + 1];
    uint8_t seed[KEY_SEED_SIZE];
    struct err err = {0};
    (void)state;
    memset(text, ' ', sizeof(text));
    memcpy(text + RECOVERY_TEXT_MAX - strlen(words), words, strlen(words));
    put(text, RECOVERY_TEXT_MAX);
    assert_int_equal(recovery_key_read(seed, path, &err), STATUS_OK);
    assert_memory_equal(seed, wanted, sizeof(seed));

    assert_refused(text, sizeof(text), "at most 2048 bytes");
    /* A file without an end is not read to its end. */
    assert_int_equal(recovery_key_read(seed, "/dev/zero", &err), STATUS_INVALID);
}

static void D4_a_file_that_cannot_be_read_is_named(void **state)
{
    uint8_t seed[KEY_SEED_SIZE];
    struct err err = {0};
    (void)state;
    assert_int_equal(recovery_key_read(seed, path, &err), STATUS_NOT_FOUND);
    assert_non_null(strstr(err.text, path));
    assert_int_equal(recovery_key_read(seed, dir, &err), STATUS_IO); /* a folder */
    put(words, strlen(words));
    fail_call_after("open", 0, EACCES);
    assert_int_equal(recovery_key_read(seed, path, &err), STATUS_IO);
    assert_string_equal(fail_call_stop(), "open");
    fail_call_after("read", 40, EIO);
    assert_int_equal(recovery_key_read(seed, path, &err), STATUS_IO);
    assert_string_equal(fail_call_stop(), "read");
    fail_call_after("read", 40, EINTR); /* a signal ends it */
    assert_int_equal(recovery_key_read(seed, path, &err), STATUS_CLOSED);
    assert_string_equal(fail_call_stop(), "read");
}

/* ---- at a terminal ---- */

/* What is refused to the one who asks, and after how many. */
struct refusal {
    const char *call; /* NULL: nothing */
    uint64_t after;
};

static int ask(void *context)
{
    const struct refusal *refusal = context;
    uint8_t seed[KEY_SEED_SIZE];
    struct err err = {0};
    struct termios before, after;
    (void)tcgetattr(STDIN_FILENO, &before);
    (void)signal(SIGINT, SIG_IGN); /* from the moment when nothing is asked any more */
    if (refusal->call != NULL)
        fail_call_after(refusal->call, refusal->after, EIO);
    enum status status = recovery_key_read(seed, NULL, &err);
    if (refusal->call != NULL && fail_call_stop() == NULL)
        return 98;
    (void)tcgetattr(STDIN_FILENO, &after);
    /* Whatever happened, the person sees again what he types. */
    if (before.c_lflag != after.c_lflag)
        return 99;
    bool is_right = memcmp(seed, wanted, sizeof(seed)) == 0;
    if (is_right != (status == STATUS_OK))
        return 96;
    printf("said|%s\n", err.text);
    return fflush(stdout) == 0 ? (int)status : 97;
}

static struct refusal nothing;

static void type_words(struct sitting *sitting, const char *text)
{
    char typed[512 + 2];
    (void)snprintf(typed, sizeof(typed), "%s\n", text);
    sitting_type(sitting, typed);
}

static void words_are_typed_in_as_many_lines_as_one_likes_and_never_shown(void **state)
{
    struct sitting sitting;
    char first_word[WORDS_WORD_SIZE];
    (void)state;
    (void)snprintf(first_word, sizeof(first_word), "%.*s", (int)strcspn(words, " "),
                   words);
    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "Recovery key (24 words, in as many lines as you like");
    type_words(&sitting, first_lines);
    sitting_see(&sitting, "8 words so far, go on: ");
    type_words(&sitting, words + strlen(first_lines));
    assert_int_equal(sitting_end(&sitting, ""), STATUS_OK);
    assert_null(strstr(sitting.seen, first_word));
}

static void the_line_is_typed_in_one(void **state)
{
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "Recovery key");
    type_words(&sitting, line);
    assert_int_equal(sitting_end(&sitting, ""), STATUS_OK);
    assert_null(strstr(sitting.seen, line));
    assert_null(strstr(sitting.seen, "so far"));
}

static void a_line_without_a_word_ends_the_asking(void **state)
{
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "Recovery key");
    type_words(&sitting, first_lines);
    sitting_see(&sitting, "8 words so far, go on: ");
    type_words(&sitting, "");
    assert_int_equal(sitting_end(&sitting, ""), STATUS_INVALID);
    assert_non_null(strstr(sitting.seen, "has 24 words, these are 8"));

    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "Recovery key");
    type_words(&sitting, "");
    assert_int_equal(sitting_end(&sitting, ""), STATUS_INVALID);
    assert_non_null(strstr(sitting.seen, "is empty"));
}

static void the_key_of_the_backups_is_told_from_it_at_once(void **state)
{
    struct sitting sitting;
    char identity[AGE_IDENTITY_SIZE];
    (void)state;
    age_identity_text(identity, wanted);
    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "Recovery key");
    type_words(&sitting, identity);
    assert_int_equal(sitting_end(&sitting, ""), STATUS_INVALID);
    assert_non_null(strstr(sitting.seen, "this opens backups"));
}

static void an_interrupt_gives_the_echo_back(void **state)
{
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "Recovery key");
    type_words(&sitting, first_lines);
    sitting_see(&sitting, "go on: ");
    assert_int_equal(sitting_end(&sitting, "\x03"), STATUS_CLOSED); /* Ctrl-C */
}

static void a_terminal_that_refuses_is_said_and_gives_the_echo_back(void **state)
{
    static struct {
        struct refusal refusal;
        const char *said;
        enum status status;
    } rows[] = {{{"tcsetattr", 0}, "the echo cannot be switched off", STATUS_IO},
                {{"open", 0},
                 "there is no terminal to ask on; give --recovery-file FILE",
                 STATUS_INVALID},
                {{"write", 0}, "does not take the question", STATUS_IO},
                {{"read", 0}, "cannot be read", STATUS_IO}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sitting sitting;
        sitting_begin(&sitting, ask, &rows[i].refusal);
        assert_int_equal(sitting_end(&sitting, ""), rows[i].status);
        if (strstr(sitting.seen, rows[i].said) == NULL)
            fail_msg("%s", sitting.seen);
    }
}

static void without_a_terminal_a_file_is_asked_for(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        uint8_t seed[KEY_SEED_SIZE];
        struct err err = {0};
        (void)setsid(); /* a session of its own has no terminal */
        exit((int)recovery_key_read(seed, NULL, &err));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), STATUS_INVALID);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(words_or_the_line_are_the_same_key),
        A_TEST(what_is_no_recovery_key_is_said_and_no_key_repeated),
        A_TEST(a_file_is_read_as_far_as_a_key_can_go),
        A_TEST(D4_a_file_that_cannot_be_read_is_named),
        A_TEST(words_are_typed_in_as_many_lines_as_one_likes_and_never_shown),
        A_TEST(the_line_is_typed_in_one),
        A_TEST(a_line_without_a_word_ends_the_asking),
        A_TEST(the_key_of_the_backups_is_told_from_it_at_once),
        A_TEST(an_interrupt_gives_the_echo_back),
        A_TEST(a_terminal_that_refuses_is_said_and_gives_the_echo_back),
        A_TEST(without_a_terminal_a_file_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
