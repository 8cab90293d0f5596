/*
 * Happy path: own the node, listen where asked, open the control socket, say `ready`,
 * turn until a signal. Failure modes: what owned_node.c says; an address that is none
 * (64) or taken (69), for nodes, browsers or beacons; a control socket that cannot be
 * made (73 or 74); a store that fails on the way (74). The store is closed in every case.
 */
#include "node/io/run.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sysexits.h>

#include "node/io/exit_code.h"
#include "node/io/log.h"
#include "node/io/loop.h"
#include "node/io/owned_node.h"

/* Loopback needs no word more; anything else opens the page to people. */
static bool is_loopback(const char *text)
{
    struct address address;
    struct sockaddr_storage at;
    if (!address_parse(&address, text) || !address_numeric(&address, &at))
        return true; /* web_listen says what is wrong with it */
    if (at.ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)(void *)&at)->sin6_addr);
    return ntohl(((struct sockaddr_in *)(void *)&at)->sin_addr.s_addr) >> 24 == 127;
}

static enum status open_page(struct loop *loop, const struct daemon_args *args,
                             struct err *err)
{
    char where[ADDRESS_TEXT_SIZE];
    if (!args->opens_web && !is_loopback(args->web))
        return err_set(err, STATUS_INVALID,
                       "%s is not this machine alone: whoever is on that network could "
                       "knock at the page; say --web-open-to-network if that is meant",
                       args->web);
    enum status status =
        loop_open_page(loop, args->web, args->web_names == NULL ? "" : args->web_names,
                       args->has_web_tls, where, err);
    if (status == STATUS_OK)
        log_info("page address=%s", where);
    return status;
}

#define BACKUP_EVERY_H 24
#define BACKUP_EVERY_MAX_H (31 * 24)

static enum status plan_backups(struct loop *loop, const struct daemon_args *args,
                                struct err *err)
{
    unsigned long hours = BACKUP_EVERY_H;
    char *end = NULL;
    if (args->backup_every != NULL) {
        hours = strtoul(args->backup_every, &end, 10);
        if (*end != '\0' || hours == 0 || hours > BACKUP_EVERY_MAX_H ||
            args->backup_every[0] < '0') /* a space or a sign */
            return err_set(err, STATUS_INVALID,
                           "--backup-every is a number of hours, 1 to %d",
                           BACKUP_EVERY_MAX_H);
    }
    backing_up_plan(&loop->backing_up, args->dir, args->backup);
    core_back_up(loop->core, hours * 60 * 60);
    return STATUS_OK;
}

static enum status open_doors(struct loop *loop, const struct daemon_args *args,
                              struct err *err)
{
    char where[ADDRESS_TEXT_SIZE];
    enum status status = STATUS_OK;
    if (args->listen != NULL) {
        status = tcp_listen(&loop->tcp, args->listen, where, err);
        if (status != STATUS_OK)
            return status;
        log_info("listening address=%s", where);
    }
    if (args->finds_others)
        status = loop_open_beacon(loop, args->listen != NULL ? where : NULL, err);
    if (status != STATUS_OK)
        return status;
    if (args->backup != NULL)
        status = plan_backups(loop, args, err);
    if (status != STATUS_OK)
        return status;
    if (args->web != NULL)
        status = open_page(loop, args, err);
    if (status == STATUS_OK)
        status = control_listen(&loop->control, err);
    if (status == STATUS_OK)
        log_info("ready");
    return status;
}

int run_main(const struct daemon_args *args)
{
    struct err err = {0};
    struct owned_node node;
    int rc = owned_node_open(&node, args->dir, args->listen != NULL, &err);
    if (rc != EX_OK) {
        log_error("%s", err_text(&err, err.status));
        return rc;
    }
    rc = EX_OSERR;
    struct loop *loop = malloc(sizeof(*loop));
    if (loop == NULL) {
        log_error("no memory is left");
        goto close_node;
    }
    enum status status = loop_open(loop, node.core, node.dir_fd, &err);
    if (status != STATUS_OK) {
        log_error("%s", err_text(&err, status));
        goto free_loop;
    }
    status = open_doors(loop, args, &err);
    rc = exit_code_told(status, &err);
    if (status == STATUS_OK)
        rc = loop_run(loop);
    loop_close(loop);
free_loop:
    free(loop);
close_node:
    owned_node_close(&node);
    return rc;
}
