#include "tests/unit/io/own_network.h"

#include <stdio.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* linux/ipv6.h, which does not go with netinet/in.h. */
struct request_six {
    struct in6_addr address;
    uint32_t prefix_len;
    int interface;
};

bool own_network_make(void)
{
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    bool is_up = false;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
        int fd = socket(AF_INET, SOCK_DGRAM, 0);
        is_up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
        (void)close(fd); /* nothing was written */
    }
    if (!is_up)
        (void)fprintf(stderr, "skipped: no network of one's own here\n");
    return is_up;
}

bool own_network_add_link_local(void)
{
    struct request_six request = {.prefix_len = 64,
                                  .interface = (int)if_nametoindex("lo")};
    (void)inet_pton(AF_INET6, "fe80::1", &request.address); /* it is one */
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool has_one = fd >= 0 && ioctl(fd, SIOCSIFADDR, &request) == 0;
    if (fd >= 0)
        (void)close(fd); /* nothing was written */
    return has_one;
}
