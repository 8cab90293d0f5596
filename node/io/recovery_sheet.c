/*
 * Happy path: make the file before anything else is made; once the site is founded and
 * durable, fill the page in memory, write it, fsync it and its folder. Failure modes: the
 * name is taken or cannot be made (nothing was begun then); a full or failing disk, no
 * memory (what was written is removed). All that holds the key is wiped, but for what
 * libqrencode keeps of it while it draws; the process ends soon.
 */
#include "node/io/recovery_sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/age_text.h"
#include "crypto/secret.h"
#include "node/io/log.h"
#include "node/io/process.h"
#include "node/web/recovery_page.h"
#include "proto/pack.h"
#include "proto/recovery_words.h"

/* Asked for at once, so that nothing is copied, and left behind, as a buffer grows. */
#define VALUES_ROOM 4096
#define PAGE_ROOM 65536

/* In secret memory. */
struct sheet_secrets {
    char words[RECOVERY_WORDS_LEN][WORDS_WORD_SIZE];
    char recovery[KEY_TEXT_SIZE];
    char identity[AGE_IDENTITY_SIZE];
    uint8_t dh_secret[KEY_SIZE];
};

enum status recovery_sheet_open(struct recovery_sheet *sheet, const char *path,
                                struct err *err)
{
    *sheet = (struct recovery_sheet){.fd = -1};
    if (path == NULL)
        return STATUS_OK;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return err_set(err, STATUS_EXISTS,
                       "%s is there already, and a sheet is written over nothing", path);
    if (fd < 0)
        return err_set(err, STATUS_EXISTS, "%s cannot be made: %s", path,
                       strerror(errno));
    *sheet = (struct recovery_sheet){.fd = fd, .path = path};
    return STATUS_OK;
}

/* ---- the page ---- */

static void pack_text(struct buf *out, const char *name, const char *text)
{
    pack_str(out, name);
    pack_str(out, text);
}

static void pack_values(struct buf *out, const struct sheet_secrets *secrets,
                        const struct recovery_facts *facts)
{
    char site[KEY_TEXT_SIZE];
    key_to_text(site, "fqs1", facts->site->bytes);
    pack_map(out, 6);
    pack_text(out, "identity", secrets->identity);
    pack_text(out, "name", facts->name);
    pack_text(out, "recovery", secrets->recovery);
    pack_text(out, "site", site);
    pack_str(out, "wall");
    pack_uint(out, facts->wall);
    pack_str(out, "words");
    pack_array(out, RECOVERY_WORDS_LEN);
    for (uint32_t i = 0; i < RECOVERY_WORDS_LEN; i++) {
        pack_map(out, 2);
        pack_str(out, "number");
        pack_uint(out, i + 1);
        pack_text(out, "word", secrets->words[i]);
    }
}

static enum status make_page(struct buf *page, const struct recovery_facts *facts)
{
    struct buf values = {0};
    struct sheet_secrets *secrets = secret_new(sizeof(*secrets));
    enum status status = STATUS_NO_MEMORY;
    if (secrets == NULL || buf_reserve(&values, VALUES_ROOM) == NULL ||
        buf_reserve(page, PAGE_ROOM) == NULL)
        goto wipe;
    recovery_words_write(secrets->words, facts->recovery_seed);
    key_to_text(secrets->recovery, "fqr1", facts->recovery_seed);
    key_dh_of_sign_seed(secrets->dh_secret, facts->recovery_seed);
    age_identity_text(secrets->identity, secrets->dh_secret);
    pack_values(&values, secrets, facts);
    status = buf_status(&values);
    if (status == STATUS_OK) /* never: VALUES_ROOM holds them */
        status = recovery_page_add(buf_bytes(&values), page);
wipe:
    secret_free(secrets);
    buf_wipe(&values);
    return status;
}

/* ---- the disk ---- */

static bool sync_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    if (len + 2 > sizeof(folder)) /* never: it was opened by that name */
        return false;
    memcpy(folder, path, len);
    memcpy(folder + len, ".", 2);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES; /* a folder that may be written and not read */
    /* Some file systems of sticks cannot sync a folder and say so. */
    bool is_durable = fsync(fd) == 0 || errno == EINVAL;
    (void)close(fd); /* it was only synced */
    return is_durable;
}

enum status recovery_sheet_write(const struct recovery_sheet *sheet,
                                 const struct recovery_facts *facts, struct err *err)
{
    if (sheet->path == NULL)
        return STATUS_OK;
    struct buf page = {0};
    enum status status = make_page(&page, facts);
    if (status != STATUS_OK)
        goto wipe;
    if (!process_write_all(sheet->fd, page.data, page.len) || fsync(sheet->fd) != 0 ||
        !sync_folder(sheet->path))
        status = err_set(err, errno == ENOSPC ? STATUS_FULL : STATUS_IO,
                         "the sheet %s cannot be written, so the node is not made: %s",
                         sheet->path, strerror(errno));
wipe:
    buf_wipe(&page);
    return status;
}

void recovery_sheet_close(struct recovery_sheet *sheet, bool is_kept)
{
    if (sheet->path == NULL)
        return;
    (void)close(sheet->fd); /* it was synced, or is removed */
    if (!is_kept && unlinkat(AT_FDCWD, sheet->path, 0) != 0)
        log_warn("the sheet could not be removed: %s", strerror(errno));
    *sheet = (struct recovery_sheet){.fd = -1};
}
