/*
 * web_identity: the certificate by which browsers know the page under TLS. A node has a
 * certificate authority of its own, D/web-ca.pem (which people install on their phones)
 * and D/web-ca.key (mode 0600); with it a certificate for the addresses of the page is
 * made at each start, and lives in memory alone. Nobody else is asked.
 */
#ifndef FENGQIAO_NODE_IO_WEB_IDENTITY_H
#define FENGQIAO_NODE_IO_WEB_IDENTITY_H

#include <stdint.h>

#include "proto/err.h"

#define WEB_CA_NAME "web-ca.pem"
#define WEB_CA_KEY_NAME "web-ca.key"
#define WEB_FINGERPRINT_SIZE 65 /* SHA-256 of the authority's certificate, and a NUL */

/* PEM, with a NUL behind; the key in secret memory. */
struct web_identity {
    char *chain, *key, *authority;
    char fingerprint[WEB_FINGERPRINT_SIZE];
};

/* host: an address without a port, or NULL; names: as --web-names, with or without ports,
 * or NULL. wall: 0 where it is not known; the certificate then holds for any day. Makes
 * the authority where there is none. DENIED: others may read its key; CORRUPT; IO;
 * NO_MEMORY. */
enum status web_identity_open(struct web_identity *identity, int dir_fd, const char *host,
                              const char *names, uint64_t wall, struct err *err) MUST_USE;
/* Wipes. Accepts a zeroed struct. */
void web_identity_close(struct web_identity *identity);

#endif
