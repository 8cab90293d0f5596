/*
 * Happy path: ask the PIN; make the sheet's file where one is wanted, the directory, the
 * node's key, the steward's key (wrapped in this short-lived process), the recovery key,
 * the store; found the site; fill the sheet; print the site and, this once, the recovery
 * key.
 *
 * Failure modes: the directory holds something, or the sheet's name is taken (73, nothing
 * is touched), no PIN (64), the core refuses a name or a tier (64), a disk that fails or
 * a standard output that takes nothing (74; the recovery key would be lost with it).
 * Whatever was made is removed, the sheet first.
 */
#include "node/io/init.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crypto/key.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/io/clock.h"
#include "node/io/exit_code.h"
#include "node/io/new_dir.h"
#include "node/io/node_key.h"
#include "node/io/owned_node.h"
#include "node/io/printout.h"
#include "node/io/recovery_sheet.h"
#include "node/io/steward_pin.h"

/* In secret memory. */
struct init_secrets {
    struct node_key node;
    struct steward_pin pin;
    uint8_t steward_seed[32];
    uint8_t recovery_seed[32];
    char recovery_text[KEY_TEXT_SIZE];
};

/* ---- founding ---- */

static enum status wrap_steward(uint8_t wrapped[static WRAP_SIZE],
                                const struct init_secrets *secrets, const struct rng *rng,
                                struct err *err)
{
    uint8_t random[40];
    rng_fill(rng, "wrap", NULL, random, sizeof(random));
    enum wrap_result result = wrap_seal(wrapped, secrets->steward_seed, secrets->pin.text,
                                        secrets->pin.len, random);
    if (result == WRAP_OK)
        return STATUS_OK;
    return err_set(err, STATUS_NO_MEMORY, "sealing the steward's key needs %u MiB",
                   WRAP_MEMORY_BYTES >> 20);
}

static enum status found_site(struct store *store, const struct daemon_args *args,
                              struct init_secrets *secrets, const struct rng *rng,
                              struct id *site, struct err *err)
{
    uint8_t wrapped[WRAP_SIZE], recovery_key[KEY_SIZE];
    rng_fill(rng, "steward-seed", NULL, secrets->steward_seed, 32);
    rng_fill(rng, "recovery-seed", NULL, secrets->recovery_seed, 32);
    key_sign_public(recovery_key, secrets->recovery_seed);
    key_to_text(secrets->recovery_text, "fqr1", secrets->recovery_seed);
    enum status status = wrap_steward(wrapped, secrets, rng, err);
    if (status != STATUS_OK)
        return status;

    struct core_config config = {.store = store, .rng = *rng};
    memcpy(config.node_seed, secrets->node.seed, sizeof(config.node_seed));
    memcpy(config.noise_secret, secrets->node.noise_secret, sizeof(config.noise_secret));
    struct core_founding founding = {
        .tier = args->tier,
        .name = args->name,
        .steward = args->steward,
        .network = args->network,
        .steward_seed = secrets->steward_seed,
        .steward_wrapped = wrapped,
        .recovery_key = recovery_key,
    };
    founding.wall = clock_wall(&founding.quality);
    status = core_found(&config, &founding, site, err);
    secret_wipe(&config, sizeof(config));
    return status;
}

/* ---- telling ---- */

static void print_json(const char *name, const char *text)
{
    printf("\"%s\":", name);
    printout_json(text);
}

static void print_line(const char *label, const char *text)
{
    printf("%-10s", label);
    printout_text(text);
    printf("\n");
}

/* Names were checked by the core: they are UTF-8. */
static enum status tell(const struct daemon_args *args,
                        const struct init_secrets *secrets, const struct id *site,
                        struct err *err)
{
    char site_text[KEY_TEXT_SIZE];
    key_to_text(site_text, "fqs1", site->bytes);
    if (args->is_json) {
        printf("{");
        print_json("site", site_text);
        printf(",");
        print_json("name", args->name);
        printf(",");
        print_json("tier", args->tier);
        printf(",");
        print_json("recovery", secrets->recovery_text);
        printf("}\n");
    } else {
        print_line("site", site_text);
        print_line("name", args->name);
        print_line("tier", args->tier);
        print_line("recovery", secrets->recovery_text);
        if (args->sheet != NULL)
            print_line("sheet", args->sheet);
        printf(
            "Write the recovery line on paper and keep it away from this machine. It is\n"
            "shown this once, stored nowhere, and brings back a site whose stewards\n"
            "have lost their keys.\n");
        if (args->sheet != NULL)
            printf("The sheet says the same in words. Print it, look at the paper, and\n"
                   "erase the file: whoever reads it has the key.\n");
        if (strspn(secrets->pin.text, "0123456789") == secrets->pin.len)
            printf(
                "The steward's PIN is digits alone: it stops a passer-by, and not who\n"
                "takes the card out of this machine. Some words do: fengqiao person "
                "pin\n");
        printf("run it with: fengqiaod run --dir %s\n", args->dir);
    }
    if (!printout_end())
        return err_set(err, STATUS_IO,
                       "the recovery key could not be shown, so the node is not made: %s",
                       strerror(errno));
    return STATUS_OK;
}

/* ---- the mode ---- */

static enum status write_sheet(const struct recovery_sheet *sheet,
                               const struct daemon_args *args,
                               const struct init_secrets *secrets, const struct id *site,
                               struct err *err)
{
    enum wall_quality quality; /* a day that is a guess will do on paper */
    const struct recovery_facts facts = {
        .name = args->name,
        .site = site,
        .wall = clock_wall(&quality),
        .recovery_seed = secrets->recovery_seed,
    };
    return recovery_sheet_write(sheet, &facts, err);
}

static enum status make_node(const struct daemon_args *args, struct init_secrets *secrets,
                             const struct recovery_sheet *sheet,
                             const struct new_dir *dir, struct err *err)
{
    struct rng rng = rng_system();
    struct store *store = NULL;
    struct id site;
    enum status status = node_key_create(&secrets->node, dir->fd, &rng, err);
    if (status != STATUS_OK)
        return status;
    status = owned_node_store(&store, dir->path, true, err);
    if (status != STATUS_OK)
        return status;
    status = found_site(store, args, secrets, &rng, &site, err);
    store_close(store);
    if (status == STATUS_OK)
        status = new_dir_sync(dir, err);
    if (status == STATUS_OK)
        status = write_sheet(sheet, args, secrets, &site, err);
    return status == STATUS_OK ? tell(args, secrets, &site, err) : status;
}

int init_main(const struct daemon_args *args)
{
    struct err err = {0};
    struct new_dir dir;
    struct recovery_sheet sheet;
    enum status status = STATUS_NO_MEMORY;
    struct init_secrets *secrets = secret_new(sizeof(*secrets));
    if (secrets == NULL)
        goto tell_error;
    status = steward_pin_read(&secrets->pin, args->pin_file, &err);
    if (status == STATUS_OK)
        status = recovery_sheet_open(&sheet, args->sheet, &err);
    if (status != STATUS_OK)
        goto free_secrets;
    status = new_dir_make(&dir, args->dir, &err);
    if (status == STATUS_OK)
        status = make_node(args, secrets, &sheet, &dir, &err);
    recovery_sheet_close(&sheet, status == STATUS_OK);
    new_dir_end(&dir, status == STATUS_OK);
free_secrets:
    secret_free(secrets);
tell_error:
    return exit_code_told(status, &err);
}
