/*
 * web_validity: from when until when a certificate of the page holds. gnutls takes its
 * days as a time_t of the width with which that library was built. On a machine of 32
 * bits that may be another one than ours, so that this file alone is compiled with the
 * compiler's own (FENGQIAO_LIBRARY_TIME in cmake/flags.cmake).
 */
#ifndef FENGQIAO_NODE_IO_WEB_VALIDITY_H
#define FENGQIAO_NODE_IO_WEB_VALIDITY_H

#include <stdint.h>

#include <gnutls/x509.h>

/* Both in seconds since 1970; an end that the library's time_t does not hold becomes the
 * end of 2037. gnutls's code: 0 when it went well. */
int web_validity_set(gnutls_x509_crt_t cert, uint64_t from, uint64_t until);

#endif
