/*
 * Happy path: read all of the file, or lines on the terminal until there are 24 words or
 * the line "fqr1…"; what they say is the seed. Nothing is asked twice, for either form
 * has a check. Failure modes: no file, no terminal, too much, a zero byte, words or a
 * line that are no key, Ctrl-C in the middle.
 */
#include "node/io/recovery_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/io/hidden_input.h"
#include "proto/recovery_text.h"
#include "proto/recovery_words.h"

/* In secret memory. */
struct typed {
    size_t len;
    char text[RECOVERY_TEXT_MAX + 1];
};

/* Behind what is there already: all, or up to the end of a line. */
static enum status take(struct typed *typed, int fd, bool is_line, struct err *err)
{
    for (char c = '\0'; !is_line || c != '\n';) {
        ssize_t got = read(fd, &c, 1);
        if (got < 0)
            return errno == EINTR
                       ? err_set(err, STATUS_CLOSED, "interrupted")
                       : err_set(err, STATUS_IO, "the recovery key cannot be read: %s",
                                 strerror(errno));
        if (got == 0)
            break;
        if (typed->len == RECOVERY_TEXT_MAX)
            return err_set(err, STATUS_INVALID, "a recovery key has at most %d bytes",
                           RECOVERY_TEXT_MAX);
        if (c == '\0')
            return err_set(err, STATUS_INVALID, "the recovery key holds a zero byte");
        typed->text[typed->len++] = c;
    }
    typed->text[typed->len] = '\0';
    return STATUS_OK;
}

static enum status read_file(struct typed *typed, const char *file, struct err *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
                       "the recovery file %s cannot be opened: %s", file,
                       strerror(errno));
    enum status status = take(typed, fd, false, err);
    (void)close(fd); /* only read */
    return status;
}

/* ---- the terminal ---- */

static bool is_whole(const struct typed *typed)
{
    return recovery_text_is_whole(typed->text);
}

/* A line without a word ends it as well: who has lost his way gets out. */
static enum status ask_for_lines(void *context, int terminal, struct err *err)
{
    struct typed *typed = context;
    unsigned words = 0, before;
    enum status status =
        hidden_input_show(terminal,
                          "Recovery key (24 words, in as many lines as you like, or the "
                          "line " RECOVERY_LINE_BEGIN "...): ",
                          err);
    while (status == STATUS_OK) {
        before = words;
        status = take(typed, terminal, true, err);
        hidden_input_end_line(terminal);
        if (status != STATUS_OK || is_whole(typed))
            break;
        words = recovery_words_count(typed->text);
        if (words == before)
            break;
        char question[64];
        (void)snprintf(question, sizeof(question), "%u words so far, go on: ", words);
        status = hidden_input_show(terminal, question, err);
    }
    return status;
}

enum status recovery_key_read(uint8_t seed[static KEY_SEED_SIZE], const char *file,
                              struct err *err)
{
    struct typed *typed = secret_new(sizeof(*typed));
    enum status status = STATUS_NO_MEMORY;
    if (typed == NULL)
        goto wipe;
    status = file != NULL
                 ? read_file(typed, file, err)
                 : hidden_input_ask(ask_for_lines, typed, "--recovery-file FILE", err);
    if (status == STATUS_OK)
        status = recovery_text_read(seed, typed->text, err);
wipe:
    if (status != STATUS_OK)
        secret_wipe(seed, KEY_SEED_SIZE);
    secret_free(typed);
    return status;
}
