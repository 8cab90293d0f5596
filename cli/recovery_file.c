#include "cli/recovery_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "crypto/secret.h"
#include "proto/pack.h"
#include "proto/recovery_text.h"

/* In secret memory. */
struct brought {
    uint8_t seed[KEY_SEED_SIZE];
    size_t len;
    char text[RECOVERY_TEXT_MAX + 1];
};

/* Byte by byte, so that no buffer keeps a copy. */
static enum status read_all(struct brought *brought, int fd, const char *what,
                            struct err *err)
{
    for (;;) {
        char c = '\0';
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, STATUS_IO, "%s: %s", what, strerror(errno));
        if (got == 0)
            break;
        if (brought->len == RECOVERY_TEXT_MAX || c == '\0')
            return err_set(err, STATUS_INVALID, "%s: this is no recovery key", what);
        brought->text[brought->len++] = c;
    }
    brought->text[brought->len] = '\0';
    return STATUS_OK;
}

static enum status read_key(struct brought *brought, const char *file, struct err *err)
{
    bool is_input = strcmp(file, "-") == 0;
    int fd = is_input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return err_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
                       "the recovery file %s: %s", file, strerror(errno));
    enum status status = read_all(brought, fd, is_input ? "standard input" : file, err);
    if (!is_input)
        (void)close(fd); /* it was only read */
    return status == STATUS_OK ? recovery_text_read(brought->seed, brought->text, err)
                               : status;
}

enum exit_code recovery_file_unlock(struct cli *cli)
{
    const char *file = options_value(cli->options, "recovery-file");
    if (!file)
        return EXIT_DONE;
    struct err err = {0};
    struct request request = {0};
    struct bytes result;
    struct brought *brought = secret_new(sizeof(*brought));
    if (!brought)
        return cli_refuse(cli, STATUS_NO_MEMORY, &err);
    brought->len = 0;
    enum status status = read_key(brought, file, &err);
    if (status == STATUS_OK) {
        /* Room at once: a buffer that grows leaves copies of the key behind. */
        (void)buf_reserve(&request.values, KEY_SEED_SIZE + 32);
        request_begin(&request, "seed");
        pack_bin(&request.values, brought->seed, KEY_SEED_SIZE);
        request_end(&request);
    }
    secret_wipe(brought, sizeof(*brought));
    secret_free(brought);
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    enum exit_code code = ask(cli, ASK_ANYBODY, "recovery.unlock", &request, &result);
    cli->is_unlocked = code == EXIT_DONE;
    return code;
}
