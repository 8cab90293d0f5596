/*
 * address: "host:port" in text, and back. A host with colons stands in brackets:
 * "[::1]:7700".
 */
#ifndef FENGQIAO_NODE_IO_ADDRESS_H
#define FENGQIAO_NODE_IO_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* A name of the DNS has at most 253 bytes; longer ones are refused before libuv sees them
 * (CVE-2024-24806). */
#define ADDRESS_HOST_SIZE 254
#define ADDRESS_PORT_SIZE 6
#define ADDRESS_TEXT_SIZE (ADDRESS_HOST_SIZE + ADDRESS_PORT_SIZE + 3)

struct address {
    char host[ADDRESS_HOST_SIZE];
    char port[ADDRESS_PORT_SIZE]; /* 0 to 65535, digits only */
};

/* False: no host, no port, a port above 65535, or longer than a name can be. */
bool address_parse(struct address *address, const char *text);

/* A numeric host needs no resolver. False: it is a name. */
bool address_numeric(const struct address *address, struct sockaddr_storage *out);

/* "127.0.0.1:7700", "[::1]:7700". */
void address_format(char text[static ADDRESS_TEXT_SIZE], const struct sockaddr *from);

#endif
