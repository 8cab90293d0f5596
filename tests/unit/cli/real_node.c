#include "tests/unit/cli/real_node.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "node/io/daemon_args.h"
#include "node/io/init.h"
#include "node/io/join.h"
#include "node/io/key_child.h"
#include "node/io/new_sheet.h"
#include "node/io/process.h"
#include "node/io/restoring.h"
#include "node/io/run.h"

#define WAITS_MAX 6000 /* of 10 ms */

static int be_daemon(int argc, char *argv[])
{
    struct daemon_args args;
    if (!process_harden() || daemon_args_parse(&args, argc, argv, NULL) != STATUS_OK)
        return EX_USAGE;
    switch (args.mode) {
    case MODE_NEW_SHEET:
        return new_sheet_main(&args);
    case MODE_TRY_BACKUP:
        return try_backup_main(&args);
    default:
        return EX_UNAVAILABLE; /* nobody asked for the others yet */
    }
}

void real_node_be_child(int argc, char *argv[])
{
    if (argc == 2 && strcmp(argv[1], KEY_CHILD_WORD) == 0)
        key_child_main(false);
    if (argc == 2 && strcmp(argv[1], BUNDLE_CHILD_WORD) == 0)
        key_child_main(true);
    if (strcmp(argv[0], "fengqiaod") == 0)
        exit(be_daemon(argc, argv));
}

/* Makes it (NULL: it is made) and runs it; the exit code of the child. */
static int be_node(const struct real_node *node, const struct daemon_args *made)
{
    const struct daemon_args run = {
        .mode = MODE_RUN, .dir = node->dir, .listen = node->address};
    /* A test that failed does not stop us. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    int log = open(node->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (log < 0 || nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 ||
        dup2(nowhere, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0 ||
        !process_harden())
        return EX_OSERR;
    int rc = EX_OK;
    if (made != NULL)
        rc = made->mode == MODE_JOIN ? join_main(made) : init_main(made);
    return rc == EX_OK ? run_main(&run) : rc;
}

/* Where the log says that it listens, once it says that it is ready. */
static bool find_address(struct real_node *node)
{
    static const char listening[] = "listening address=";
    char text[4096] = "";
    int fd = open(node->log, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t len = read(fd, text, sizeof(text) - 1);
    (void)close(fd); /* only read */
    const char *at = len > 0 ? strstr(text, listening) : NULL;
    if (at == NULL || strstr(text, "\nready\n") == NULL)
        return false;
    at += sizeof(listening) - 1;
    (void)snprintf(node->address, sizeof(node->address), "%.*s", (int)strcspn(at, "\n"),
                   at);
    return true;
}

static void run(struct real_node *node, const struct daemon_args *made)
{
    (void)unlink(node->log); /* of an earlier life, or none */
    (void)fflush(NULL);      /* what waits to be written is ours alone */
    node->child = fork();
    assert(node->child >= 0);
    if (node->child == 0)
        exit(be_node(node, made));
    for (int i = 0; !find_address(node); i++) {
        assert(i < WAITS_MAX);
        (void)poll(NULL, 0, 10);
    }
}

static void make_home(struct real_node *node)
{
    *node = (struct real_node){.address = "127.0.0.1:0"};
    (void)snprintf(node->home, sizeof(node->home), "/tmp/fengqiao-real-XXXXXX");
    assert(mkdtemp(node->home));
    (void)snprintf(node->dir, sizeof(node->dir), "%s/node", node->home);
    (void)snprintf(node->pin, sizeof(node->pin), "%s/pin", node->home);
    (void)snprintf(node->log, sizeof(node->log), "%s/log", node->home);
    FILE *pin = fopen(node->pin, "w");
    assert(pin);
    (void)fputs(REAL_NODE_PIN "\n", pin);
    assert(fclose(pin) == 0);
}

void real_node_start(struct real_node *node, const char *tier, const char *name)
{
    make_home(node);
    run(node, &(struct daemon_args){.mode = MODE_INIT,
                                    .dir = node->dir,
                                    .tier = tier,
                                    .name = name,
                                    .steward = "陈某",
                                    .pin_file = node->pin});
}

void real_node_join(struct real_node *node, const struct real_node *host,
                    const char *name, const char *code)
{
    make_home(node);
    run(node, &(struct daemon_args){.mode = MODE_JOIN,
                                    .dir = node->dir,
                                    .name = name,
                                    .at = host->address,
                                    .code = code});
}

void real_node_wake(struct real_node *node)
{
    run(node, NULL);
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    assert(folder);
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL)
        (void)unlinkat(dirfd(folder), entry->d_name, 0); /* "." and ".." stay */
    (void)closedir(folder);
    assert(rmdir(path) == 0);
}

void real_node_rest(struct real_node *node)
{
    int status;
    assert(kill(node->child, SIGTERM) == 0);
    assert(waitpid(node->child, &status, 0) == node->child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fprintf(stderr, "the node ended with %x; see %s\n", (unsigned)status, node->log);
    assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void real_node_stop(struct real_node *node)
{
    real_node_rest(node);
    remove_folder(node->dir);
    remove_folder(node->home);
}
