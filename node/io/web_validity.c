#include "node/io/web_validity.h"

#include <time.h>

#define END_OF_2037 2145916799 /* 2037-12-31 23:59:59: the last year of 31 bits */

static time_t time_of(uint64_t seconds)
{
    return sizeof(time_t) == 4 && seconds > END_OF_2037 ? (time_t)END_OF_2037
                                                        : (time_t)seconds;
}

int web_validity_set(gnutls_x509_crt_t cert, uint64_t from, uint64_t until)
{
    int rc = gnutls_x509_crt_set_activation_time(cert, time_of(from));
    return rc == 0 ? gnutls_x509_crt_set_expiration_time(cert, time_of(until)) : rc;
}
