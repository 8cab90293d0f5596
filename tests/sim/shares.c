#include "tests/sim/shares.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static void write_all(int fd, const uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, data, len);
        if (written <= 0)
            _exit(2);
        data += written;
        len -= (size_t)written;
    }
}

static void read_all(int fd, uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, data, len);
        if (got <= 0)
            fail("a share ended early");
        data += got;
        len -= (size_t)got;
    }
}

static pid_t start(unsigned share, unsigned shares, share_fn *fn, const void *context,
                   size_t size, int *out)
{
    int ends[2];
    if (fflush(stdout) != 0 || pipe(ends) != 0)
        fail("pipe");
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child > 0) {
        (void)close(ends[1]); /* the child's */
        *out = ends[0];
        return child;
    }
    (void)close(ends[0]); /* the parent's */
    uint8_t *result = calloc(1, size);
    if (result == NULL)
        _exit(2);
    fn(share, shares, context, result);
    write_all(ends[1], result, size);
    free(result);
    exit(fflush(stdout) == 0 ? 0 : 2);
}

void shares_run(unsigned shares, share_fn *fn, const void *context, void *results,
                size_t size)
{
    assert(shares > 0 && shares <= SHARES_MAX);
    memset(results, 0, shares * size);
    if (shares == 1) {
        fn(0, 1, context, results);
        return;
    }
    pid_t children[SHARES_MAX];
    int outs[SHARES_MAX];
    for (unsigned i = 0; i < shares; i++)
        children[i] = start(i, shares, fn, context, size, &outs[i]);
    for (unsigned i = 0; i < shares; i++) {
        int status;
        read_all(outs[i], (uint8_t *)results + i * size, size);
        (void)close(outs[i]); /* has been read to its end */
        if (waitpid(children[i], &status, 0) != children[i] || status != 0)
            fail("a share failed");
    }
}
