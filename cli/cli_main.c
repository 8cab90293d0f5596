/* The program: signals, the three streams, and cli_run. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "crypto/sign.h"

/* A stream that is closed would give its number to the next file or socket. */
static bool streams_are_open(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        if (fd == STDOUT_FILENO) {
            fputs("fengqiao: standard output is closed; nothing was done\n", stderr);
            return false;
        }
        if (open("/dev/null", O_RDWR) != fd)
            return false;
    }
    return true;
}

int main(int argc, char *argv[])
{
    if (!streams_are_open())
        return EXIT_FAILED;
    interrupt_install();
    const char *failed;
    if (!sign_selftest(&failed)) {
        fprintf(stderr, "fengqiao: this libsodium judges signatures otherwise: %s\n",
                failed);
        return EXIT_FAILED;
    }
    return cli_run(argc, (const char *const *)argv, stdout, stderr);
}
