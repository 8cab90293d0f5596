/*
 * Happy path: own the store, look at it or rebuild it, say what was found. Failure modes:
 * what owned_node.c says; findings (65); a dump of damaged tables that cannot be made
 * before the rebuild (said; the rebuild goes on, for it is the cure).
 */
#include "node/io/upkeep.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "crypto/digest.h"
#include "node/core/core.h"
#include "node/core/doubt.h"
#include "node/io/exit_code.h"
#include "node/io/log.h"
#include "node/io/owned_node.h"
#include "node/io/printout.h"

/* What was said must have arrived. */
static int finish(int rc)
{
    if (printout_end())
        return rc;
    log_error("standard output cannot be written");
    return EX_IOERR;
}

static void print_finding(void *context, const char *finding)
{
    uint64_t *count = context;
    ++*count;
    printf("%s\n", finding);
}

/* What an earlier opening noticed is no finding of this one. */
static void say_earlier_loss(struct store *store)
{
    struct store_loss loss;
    char text[LOSS_TEXT_SIZE];
    if (store_loss(store)->kind != LOSS_NONE ||
        store_loss_last(store, &loss) != STATUS_OK || loss.kind == LOSS_NONE)
        return;
    store_loss_text(&loss, text);
    printf("noticed %" PRIu64 " times before, at last: %s\n", loss.times, text);
}

/* Nor is what the node noticed by itself, while it ran. */
static void say_earlier_mending(struct store *store)
{
    struct doubt_found found;
    char text[DOUBT_TEXT_SIZE];
    if (doubt_last(store, &found) != STATUS_OK)
        return;
    doubt_text(&found, text);
    if (found.is_unreadable)
        puts(text);
    else if (found.times > 0)
        printf("noticed %" PRIu64 " times before, at last: %s\n", found.times, text);
}

/* Whatever is wrong with the file itself comes first. */
static enum status check_derived(struct store *store, uint64_t *count)
{
    char table[DERIVED_TABLE_SIZE];
    bool is_lost = store_loss(store)->kind != LOSS_NONE;
    if (*count > is_lost) {
        printf("whether what is derived is as the records say was not looked at\n");
        return STATUS_CORRUPT;
    }
    enum status status = derived_check(store, table);
    if (status == STATUS_NOT_FOUND)
        status = STATUS_OK; /* no site was founded yet */
    if (status == STATUS_OK && table[0] != '\0') {
        printf("what is derived is not as the records say, first in the table %s; "
               "fengqiaod rebuild makes it anew\n",
               table);
        ++*count;
    }
    if (status == STATUS_OK && *count > 0)
        return STATUS_CORRUPT;
    return status;
}

int check_main(const struct daemon_args *args)
{
    struct err err = {0};
    struct store *store = NULL;
    uint64_t count = 0;
    enum status status;
    int rc, dir_fd = owned_node_dir(args->dir, &err);
    if (dir_fd < 0)
        status = err.status;
    else
        status = owned_node_store(&store, args->dir, false, &err);
    if (status != STATUS_OK) {
        rc = exit_code_told(status, &err);
        goto close_dir;
    }
    status = store_check(store, print_finding, &count);
    if (status == STATUS_OK || status == STATUS_CORRUPT)
        status = check_derived(store, &count);
    say_earlier_loss(store);
    say_earlier_mending(store);
    store_close(store);
    if (status == STATUS_OK)
        printf("no damage found\n");
    else if (count > 0)
        printf("findings: %" PRIu64 "; keep a copy of %s before anything else\n", count,
               args->dir);
    else
        log_error("the check did not end: %s", status_text(status));
    rc = finish(sysexit_of(status));
close_dir:
    if (dir_fd >= 0)
        (void)close(dir_fd); /* a directory, only looked at */
    return rc;
}

static void show_progress(void *context, uint64_t done)
{
    uint64_t *next = context;
    if (done < *next)
        return;
    *next = done + 10000;
    log_info("rebuilding scopes=%" PRIu64, done);
}

static void add_text(void *context, const char *table, struct bytes text)
{
    (void)table; /* the text names it */
    digest_add(context, text.data, text.len);
}

/* What is derived, without holding it. */
static enum status take_digest(struct store *store, uint8_t out[static DIGEST_SIZE])
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/derived");
    enum status status = store_dump_each(store, add_text, &digest);
    digest_final(&digest, out);
    return status;
}

static void say_difference(enum status dumped, const uint8_t before[static DIGEST_SIZE],
                           const uint8_t after[static DIGEST_SIZE])
{
    if (dumped != STATUS_OK)
        printf("rebuilt; what was derived before could not be read (%s)\n",
               status_text(dumped));
    else if (memcmp(before, after, DIGEST_SIZE) == 0)
        printf("rebuilt; everything derived is as it was\n");
    else
        printf("rebuilt; what was derived before was not as the ops say, and now is\n");
}

int rebuild_main(const struct daemon_args *args)
{
    struct err err = {0};
    struct owned_node node;
    uint8_t before[DIGEST_SIZE], after[DIGEST_SIZE];
    uint64_t next = 10000;
    int rc = owned_node_open(&node, args->dir, false, &err);
    if (rc != EX_OK) {
        log_error("%s", err_text(&err, err.status));
        return rc;
    }
    enum status dumped = take_digest(node.store, before);
    enum status status = derived_rebuild(node.core, show_progress, &next);
    if (status != STATUS_OK) {
        log_error("not rebuilt, and nothing changed: %s", status_text(status));
        goto close_node;
    }
    status = take_digest(node.store, after);
    if (status == STATUS_OK)
        say_difference(dumped, before, after);
    else
        log_error("rebuilt, and what is derived now cannot be read: %s",
                  status_text(status));
close_node:
    owned_node_close(&node);
    return finish(sysexit_of(status));
}
