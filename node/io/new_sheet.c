/*
 * Happy path: ask the node that runs in the directory which site it is; make the key;
 * fill the sheet; print the key, this once, and its public half.
 *
 * Failure modes: no node runs there (69), or it does not answer (74); something has the
 * sheet's name (73); a standard output that takes nothing (74: then nobody has the key,
 * and nothing was named).
 */
#include "node/io/new_sheet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crypto/rng.h"
#include "crypto/secret.h"
#include "node/io/clock.h"
#include "node/io/daemon_args.h"
#include "node/io/exit_code.h"
#include "node/io/own_socket.h"
#include "node/io/printout.h"
#include "node/io/recovery_sheet.h"
#include "proto/limits.h"
#include "proto/pack_map.h"

/* In secret memory. */
struct sheet_secrets {
    uint8_t seed[KEY_SEED_SIZE];
    char text[KEY_TEXT_SIZE];
};

struct sheet_site {
    struct id id;
    char name[SITE_NAME_MAX + 1];
};

static bool read_site(struct bytes answer, struct sheet_site *site)
{
    struct bytes raw, name;
    struct pack_reader reader;
    if (!pack_map_find(answer, "site", 0, &raw))
        return false;
    reader = pack_reader_of(raw);
    if (pack_read_fixed(&reader, site->id.bytes, ID_SIZE, NULL) != STATUS_OK ||
        !pack_map_find(answer, "name", 0, &raw))
        return false;
    reader = pack_reader_of(raw);
    if (pack_read_str(&reader, &name, NULL) != STATUS_OK || name.len > SITE_NAME_MAX)
        return false;
    memcpy(site->name, name.data, name.len);
    site->name[name.len] = '\0';
    return true;
}

static enum status ask_site(const char *dir, struct sheet_site *site, struct err *err)
{
    struct buf arguments = {0}, result = {0};
    char word[OWN_SOCKET_WORD_SIZE];
    pack_map(&arguments, 0);
    enum status status = own_socket_ask(dir, "site", &arguments, &result, word);
    if (status == STATUS_NOT_FOUND)
        status = err_set(err, STATUS_UNREACHABLE,
                         "no node runs in %.128s; start it first: fengqiaod run", dir);
    else if (status != STATUS_OK || !read_site(buf_bytes(&result), site))
        status = err_set(err, STATUS_IO, "the node does not answer");
    buf_deinit(&arguments);
    buf_deinit(&result);
    return status;
}

static enum status tell(const struct daemon_args *args,
                        const struct sheet_secrets *secrets, struct err *err)
{
    uint8_t key[KEY_SIZE];
    char key_text[KEY_TEXT_SIZE];
    key_sign_public(key, secrets->seed);
    key_to_text(key_text, "fqk1", key);
    if (args->is_json) {
        printf("{\"key\":\"%s\",\"recovery\":\"%s\"}\n", key_text, secrets->text);
    } else {
        printf("recovery  %s\nkey       %s\n", secrets->text, key_text);
        if (args->sheet != NULL)
            printf("The sheet says the same in words. Print it, look at the paper, and\n"
                   "erase the file: whoever reads it has the key.\n");
        printf("It has no power yet. A steward names it, once it is on paper:\n"
               "fengqiao recovery name %s\n",
               key_text);
    }
    return printout_end()
               ? STATUS_OK
               : err_set(err, STATUS_IO, "the recovery key could not be shown: %s",
                         strerror(errno));
}

static enum status make_sheet(const struct daemon_args *args,
                              const struct sheet_site *site,
                              struct sheet_secrets *secrets, struct err *err)
{
    struct recovery_sheet sheet;
    struct rng rng = rng_system();
    enum wall_quality quality; /* a day that is a guess will do on paper */
    const struct recovery_facts facts = {.name = site->name,
                                         .site = &site->id,
                                         .wall = clock_wall(&quality),
                                         .recovery_seed = secrets->seed};
    enum status status = recovery_sheet_open(&sheet, args->sheet, err);
    if (status != STATUS_OK)
        return status;
    rng_fill(&rng, "recovery-seed", NULL, secrets->seed, sizeof(secrets->seed));
    key_to_text(secrets->text, "fqr1", secrets->seed);
    status = recovery_sheet_write(&sheet, &facts, err);
    if (status == STATUS_OK)
        status = tell(args, secrets, err);
    recovery_sheet_close(&sheet, status == STATUS_OK);
    return status;
}

int new_sheet_main(const struct daemon_args *args)
{
    struct err err = {0};
    struct sheet_site site;
    enum status status = STATUS_NO_MEMORY;
    struct sheet_secrets *secrets = secret_new(sizeof(*secrets));
    if (secrets != NULL)
        status = ask_site(args->dir, &site, &err);
    if (status == STATUS_OK)
        status = make_sheet(args, &site, secrets, &err);
    secret_free(secrets);
    return exit_code_told(status, &err);
}
